"""The change ideas page: schools lined up on their start, what every measure did, and the tests of change."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.charts import Drawn, ThemeName, lined_up
from lib.screen import choices, data, words
from lib.screen.data import Network
from lib.screen.look import change_idea_editor, dose, exploring
from lib.screen.look.lined_up import Compared, compare
from lib.store import ideas
from lib.store.series import Choice
from lib.wording import day, difference_text, say, state_label, value_text
from lib.wording.lined_up import alt_text, cautions, lasting, luck_text, moved_text, sentence
from lib.wording.spread import stages_text

NAMES = ("idea", "measure", "group", "zoom", "process")
"""The choices that the page's address holds."""

NEAR = pd.Timedelta(weeks=8)
"""Another idea that began so near to this one's start is named beside it."""


def choose(network: Network, tried: pd.DataFrame) -> tuple[str, int, int]:
    """The row of choices: idea, measure, group."""
    columns = st.columns([2.2, 2.2, 1.6, 1.0], vertical_alignment="bottom")
    with columns[0]:
        idea = choices.choose("Change idea", "idea", sorted(tried["idea"].unique()), str)
    with columns[1]:
        measure = choices.choose("Measure", "measure", list(network.measures), lambda m: network.measures[m].name)
    with columns[2]:
        group = choices.choose("Group", "group", list(network.groups), lambda group: network.groups[group].label)
    with columns[3]:
        choices.put("zoom", choices.get("zoom"))
        st.toggle("Zoom in", key="zoom", persist_state="session")
    return idea, measure, group


def show(network: Network, one: Compared, idea: str) -> None:
    """The chart, and the questions to ask before anybody says that it worked."""
    opened = data.database()
    key = (opened.path, opened.version, network.key, idea, one.measure.id, one.group)
    drawn = _drawn(
        key, [network.school_label(number) for number in one.schools], one, choices.get("zoom"), words.theme()
    )
    said = sentence(one.found, one.luck, one.measure)
    alt = alt_text(one.found, one.measure, idea, said)
    st.vega_lite_chart(drawn.data, drawn.spec, key="lined_up", theme=None, alt=alt)
    made = [say("chart.aggregated", how=one.how_made)] if one.how_made else []
    lines = [say("lined_up.lasting", found=lasting(one.found)), f"{say('lined_up.before')} {' '.join(cautions())}"]
    words.small_lines([*made, *lines])


@st.cache_resource(max_entries=100, show_spinner=False, hash_funcs={Compared: lambda one: (one.measure.id, one.group)})
def _drawn(key: tuple[object, ...], names: list[str], one: Compared, zoomed: bool, theme: ThemeName) -> Drawn:
    return lined_up(one.found, names, one.measure, one.period, zoomed, theme)


def more(network: Network, tried: pd.DataFrame, one: Compared, idea: str) -> None:
    """What opens below: school by school, every measure, the tests of change."""
    names = {
        "schools": "School by school",
        "measures": "Every measure",
        "dose": "How much was done",
        "tests": "Tests of change",
        "edit": "Edit",
    }
    with st.container(horizontal=True, vertical_alignment="center"):
        opened = st.segmented_control(
            "More", list(names), format_func=names.__getitem__, label_visibility="collapsed", key="idea_opened"
        )
        exploring.offer(Choice(network.id, (one.measure.id,), groups=(one.group,)), choices.DEFAULTS["rules"])
    if opened == "schools":
        st.dataframe(_schools_table(network, tried, one, idea), hide_index=True, width="stretch")
    elif opened == "measures":
        st.dataframe(_measures_table(network, tried, one, idea), hide_index=True, width="stretch")
        st.text("Look at balancing measures too: an idea can help one thing and cost another.")
    elif opened == "dose":
        dose.show(network, tried, one, idea)
    elif opened == "tests":
        st.dataframe(_tests_table(network, tried, idea), hide_index=True, width="stretch")
    elif opened == "edit":
        change_idea_editor.show(network)


def _schools_table(network: Network, tried: pd.DataFrame, one: Compared, idea: str) -> pd.DataFrame:
    """Per school that started: medians before and after, both counts, the difference, the state after the start."""
    measure, rows = one.measure, []
    others = ideas.periods(tried)
    for number, school in zip(one.schools, one.found.schools.to_dict("records"), strict=True):
        if school["waiting"]:
            continue
        label = state_label(school["state"], school["direction"], measure.wanted) if school["state"] else ""
        rows.append(
            {
                "school": network.school_label(number),
                "started": day(school["start"].date(), year=True),
                "before": value_text(school["before"], measure.unit),
                "after": value_text(school["after"], measure.unit),
                "difference": difference_text(school["difference"], measure.unit) if school["moved"] >= 0 else "–",
                "points before, after": f"{school['n_before']}, {school['n_after']}",
                "after the start, on the line before": label,
                "began near it": ", ".join(_near(others, number, idea, school["start"])),
            }
        )
    return pd.DataFrame(rows)


def _near(others: pd.DataFrame, school: int, idea: str, start: pd.Timestamp) -> list[str]:
    """Other ideas that the school began within NEAR of the start."""
    own = others[(others["school"] == school) & (others["idea"] != idea)]
    return [str(name) for name in own.loc[(own["start"] - start).abs() <= NEAR, "idea"]]


def _measures_table(network: Network, tried: pd.DataFrame, one: Compared, idea: str) -> pd.DataFrame:
    """The same idea on every measure of the network."""
    found = [compare(network, tried, idea, number, one.group) for number in network.measures]
    return pd.DataFrame([_measure_row(other) for other in found if other is not None])


def _measure_row(other: Compared) -> dict[str, str]:
    measure, found = other.measure, other.found
    middle = found.schools["difference"].median()
    return {
        "measure": measure.name,
        "family": measure.family,
        "schools": moved_text(found, measure) if found.compared else "too few points on each side yet",
        "lasting change since the start": lasting(found),
        "median difference": difference_text(middle, measure.unit) if found.compared else "–",
        "as many or more by shuffled starts": luck_text(other.luck) if other.found.compared else "–",
        "waiting schools that moved": f"about {found.waiting_moved:.0f} of {found.waiting}"
        if found.waiting
        else "none waiting",
    }


def _tests_table(network: Network, tried: pd.DataFrame, idea: str) -> pd.DataFrame:
    own = tried[tried["idea"] == idea]
    dates = {name: _days(own[name].tolist()) for name in ("start", "end")}
    texts = ["prediction", "result", "learned", "decision"]
    stages = [stages_text((one["stage"], one["began"]) for one in test) for test in own["stages"]]
    schools = [network.school_label(number) if number in network.schools else "" for number in own["school"]]
    told = {name: own[name].tolist() for name in texts}
    return pd.DataFrame({"school": schools, **dates, "stages": stages, **told})


def _days(found: Sequence[pd.Timestamp]) -> list[str]:
    return [day(when.date(), year=True) if when == when else "" for when in found]


def title(one: Compared | None, idea: str) -> None:
    """The idea, and in one or two sentences what the schools did."""
    said = sentence(one.found, one.luck, one.measure) if one else ""
    words.title(say("lined_up.title", idea=idea), said)
