"""The groups page: two student groups of one measure, the gap between them, and every other gap of the measure."""

from collections.abc import Hashable
from dataclasses import replace
from html import escape
from itertools import combinations

import pandas as pd
import streamlit as st

from lib.analysis import RULE_SETS
from lib.charts import Drawn, ThemeName
from lib.charts.gap import gap_chart
from lib.exports.table import value_said
from lib.measures import Group
from lib.screen import choices, data, words
from lib.screen.data import Network
from lib.screen.look import exploring
from lib.screen.look.gaps import GOAL, Asked, chosen, compare
from lib.screen.look.panels import luck
from lib.store import Database, definitions
from lib.store.series import POOLED
from lib.wording import Reading, middle_value, period_label, plain, say, share_text, value_text
from lib.wording.gaps import Gap, gap_sentence, own_lines, small_number_lines, title

NAMES = ("measure", "school", "category", "one", "other", "rules", "first", "last", "zoom")
"""The choices that the page's address holds."""


def real_groups(network: Network) -> dict[int, Group]:
    """The groups but for all students, in the order in which they are defined."""
    return {number: group for number, group in network.groups.items() if not group.is_all}


def measures(network: Network) -> list[int]:
    """The measures that are told by group; every one where none is."""
    opened = data.database()
    told = _by_group(opened, opened.path, opened.version, network.id)
    return [number for number in network.measures if number in told] or list(network.measures)


@st.cache_resource(max_entries=20, show_spinner=False)
def _by_group(_database: Database, path: str, version: int, network: int) -> set[int]:
    return set(definitions.measures_by_group(_database, network))


def choose(network: Network) -> Asked:
    """The row of choices: measure, school, category, the two groups."""
    columns = st.columns([2.2, 2.0, 1.4, 1.9, 1.9, 1.0], vertical_alignment="bottom")
    groups = real_groups(network)
    with columns[0]:
        measure = choices.choose("Measure", "measure", measures(network), lambda m: network.measures[m].label)
    with columns[1]:
        school = choices.choose("School", "school", [POOLED, *network.schools], network.school_label)
    with columns[2]:
        categories = list(dict.fromkeys(group.category for group in groups.values()))
        category = choices.choose("Category", "category", categories, lambda name: name or "Groups")
    own = [number for number, group in groups.items() if group.category == category]
    with columns[3]:
        one = choices.choose("Group", "one", own, lambda number: groups[number].name)
    with columns[4]:
        other = _choose_other(network, measure, [number for number in own if number != one])
    with columns[5], st.popover("More", width="stretch"):
        rules = choices.choose("Rules", "rules", list(RULE_SETS), lambda name: RULE_SETS[name].label)
        choices.choose_dates(network.span)
        choices.put("zoom", choices.get("zoom"))
        st.toggle("Zoom in on the values", key="zoom", persist_state="session")
    return Asked(measure, school, one, other, rules, choices.get("first"), choices.get("last"))


def _choose_other(network: Network, measure: int, groups: list[int]) -> int:
    """The groups of the same category, all students, and the goal of a measure that has one."""
    names = {number: network.groups[number].name for number in groups} | {0: network.groups[0].label}
    if network.measures[measure].goal is not None:
        names[GOAL] = "The goal"
    return int(choices.choose("Compared with", "other", list(names), names.__getitem__))


def nothing_here(network: Network, what: Asked) -> None:
    """No value of both groups in the same period: what to do, and the first measure that has some."""
    words.title("Student groups", "These two have no values in the same periods for this choice.")
    others = (number for number in measures(network) if compare(network, replace(what, measure=number)))
    if (found := next(others, None)) is None:
        st.info("Choose another measure, school or group.")
    else:
        label = f"Look at {network.measures[found].name}"
        st.button(plain(label), type="primary", on_click=choices.put, args=("measure", found))


def headline(one: Gap) -> None:
    """The page's question, then the mark of the gap and what became of it."""
    st.html(f'{words.STYLE}<h1 class="sb-question">{escape(title(one))}</h1>{_marked(one.gap, gap_sentence(one))}')


def _marked(reading: Reading, said: str, size: int = 22, style: str = "") -> str:
    """A line with the state mark of a reading before it."""
    found, meaning = words.mark_of(reading)
    image = words.mark_image(found, meaning, size)
    return f'<p class="sb-sentence" style="{style}">{image}<span>{escape(said)}</span></p>'


SMALL = "font-size:.85rem; font-weight:400; margin:0; line-height:1.35"


def show(network: Network, one: Gap, what: Asked) -> None:
    """The chart, what each group did, how small the numbers are, and the facts of the gap."""
    opened = data.database()
    drawn = _drawn(one, (opened.path, opened.version, network.key, what), choices.get("zoom"), words.theme())
    st.vega_lite_chart(drawn.data, drawn.spec, key="gap_chart", theme=None, alt=drawn.alt)
    lines = [_marked(reading, line, 16, SMALL) for reading, line in own_lines(one)]
    if small := small_number_lines(one):
        lines.append(f'<p style="{SMALL}">{escape(" ".join(small))}</p>')
    st.html("".join([*lines, '<div style="height:.6rem"></div>', words.facts_html(one.gap)]))


@st.cache_resource(max_entries=100, show_spinner=False)
def _drawn(_one: Gap, key: tuple[Hashable, ...], zoomed: bool, theme: ThemeName) -> Drawn:
    return gap_chart(_one, zoomed, theme)


def more(network: Network, what: Asked, one: Gap) -> None:
    """What opens below: every gap of the measure here, and the numbers of this one."""
    names = {"all": "Every gap of this measure", "numbers": "Numbers behind the chart"}
    with st.container(horizontal=True, vertical_alignment="center"):
        opened = st.segmented_control(
            "More", list(names), format_func=names.__getitem__, label_visibility="collapsed", key="gaps_opened"
        )
        shown = (what.one,) if what.other == GOAL else (what.one, what.other)
        exploring.offer(chosen(network, what, shown), what.rules)
    if opened == "all":
        _every_gap(network, what)
    elif opened == "numbers":
        st.dataframe(_numbers(one), hide_index=True, width="stretch")


def pairs(network: Network) -> list[tuple[int, int]]:
    """Every two groups of one category, in the order in which they are defined."""
    groups = real_groups(network)
    categories = dict.fromkeys(group.category for group in groups.values())
    members = [[number for number, one in groups.items() if one.category == name] for name in categories]
    return [pair for numbers in members for pair in combinations(numbers, 2)]


def _every_gap(network: Network, what: Asked) -> None:
    """All gaps of the measure at this place, and how many of them would show a change by luck."""
    wanted = [replace(what, one=first, other=second) for first, second in pairs(network)]
    found = [one for one in (compare(network, each) for each in wanted) if one is not None]
    if found:
        words.small_lines([luck(pd.DataFrame([one.gap.newest_phase for one in found])), say("gaps.noisier")])
    st.dataframe(pd.DataFrame([_gap_row(one) for one in found]), hide_index=True, width="stretch")


def _gap_row(one: Gap) -> dict[str, str]:
    phase = one.gap.phases.iloc[-1]
    known = phase["chance"] == phase["chance"]
    return {
        "category": one.first.category,
        "gap": f"{one.one_name} minus {one.other_name}",
        "state": words.mark_of(one.gap)[1],
        "what happened": gap_sentence(one),
        "middle line of the gap": middle_value(phase["median"], one.gap.measure.unit),
        "signals by luck alone": share_text(phase["chance"]) if known else "–",
    }


def _numbers(one: Gap) -> pd.DataFrame:
    """One row per point: the period, both groups with their counts, the gap."""
    points = one.gap.points
    table = pd.DataFrame({"period": [period_label(day, one.gap.period, year=True) for day in points["date"]]})
    for name, reading in one.lines:
        own = reading.points.set_index("date").reindex(points["date"])
        counts = zip(own["value"], own["numerator"], own["denominator"], strict=True)
        table[name] = [value_said(one.measure.unit, *row) for row in counts]
    table["gap"] = [value_text(value, one.gap.measure.unit) for value in points["value"]]
    return table.assign(**{"periods in it": points["n_periods"], "fewest in a group": points["fewest"]})
