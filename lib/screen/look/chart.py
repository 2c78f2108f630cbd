"""The parts of a run chart's page: choosing it, drawing it, and what opens below it."""

from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import datetime, time

import streamlit as st

from lib.analysis import CONTROL_CHARTS, RULE_SETS
from lib.charts import Chart, SizeName, ThemeName, run_chart
from lib.exports.picture import picture
from lib.exports.table import BESIDE, points_csv, points_table
from lib.marks import Place
from lib.measures import CADENCES
from lib.screen import choices, data, words
from lib.screen.bring import uploads
from lib.screen.data import Network
from lib.screen.look import exploring, marks
from lib.store import series
from lib.store.series import POOLED, Choice, usual_period
from lib.wording import Reading, day, plain, say, sentence
from lib.wording.spans import no_count_text, spans_text
from lib.wording.texts import counted, in_this_language

NAMES = (
    *("measure", "school", "group", "period", "rules", "middle", "first", "last", "as_of"),
    *("relative", "per_period", "axis", "zoom", "together", "same", "limits"),
)
"""The choices that a chart's address holds."""

FROZEN = (0, data.OWN_MEDIAN, 8, 10, 12, 16)
"""Offered lengths of a frozen baseline; 0 is what was agreed: marks and school years. 12 is advised (the rules, 3)."""

NUMBERS = (
    *("period", "said", "numerator", "denominator", "middle", "side", "signal"),
    *BESIDE.values(),
    *("excluded", "note"),
)
"""Columns of the table of numbers, as far as the chart has them."""

MOST_NAMED = 6
"""Groups that a line names."""

COARSER = ("day", "week", "two weeks", "three weeks", "five weeks", "month")
"""Periods in order; a chart shows a measure by its cadence or coarser."""


def nothing_yet(what: str) -> None:
    """A page of a network that holds no values yet: what it will show, and the one thing to do now."""
    words.title("Nothing to show yet", what)
    st.page_link("pages/bring/spreadsheet.py", label="Bring in a spreadsheet")


def no_values(network: Network, choice: Choice) -> None:
    """A choice without values: of which groups there are some."""
    held = series.held(data.database(), replace(choice, groups=tuple(network.groups)))["student_group"].tolist()
    groups = [group.label for number, group in network.groups.items() if number in held]
    there = f"There are values of {', '.join(groups[:MOST_NAMED])}" if groups else "There are none of any group"
    more = f" and {len(groups) - MOST_NAMED:,} more groups" if len(groups) > MOST_NAMED else ""
    words.title(network.measures[choice.measures[0]].label, f"No values for this choice. {there}{more}.")


def places(network: Network) -> dict[int, str]:
    """The pooled network, then every school."""
    return {number: network.school_label(number) for number in (POOLED, *network.schools)}


def choose_chart(network: Network) -> tuple[Choice, str, int]:
    """The row of choices at the top; returns which series, which rules, and how many points freeze the middle line."""
    columns = st.columns([2.3, 2.3, 1.7, 1.4, 1.1, 1.3], vertical_alignment="bottom")
    with columns[0]:
        measure = choices.choose("Measure", "measure", list(network.measures), lambda m: network.measures[m].label)
    with columns[1]:
        labels = places(network)
        choices.choose("School", "school", list(labels), labels.__getitem__)
    with columns[2]:
        choices.choose("Group", "group", list(network.groups), lambda group: network.groups[group].label)
    with columns[3]:
        choices.choose("Rules", "rules", list(RULE_SETS), lambda name: RULE_SETS[name].label)
    with columns[4], st.popover("More"):
        _choose_more(network, measure)
    with columns[5]:
        if st.button("Present", type="primary", shortcut="P", width="stretch"):
            st.switch_page("pages/look/present.py", query_params=choices.in_address(NAMES))
    return chosen(network)


def _choose_more(network: Network, measure: int) -> None:
    usual = usual_period(network.measures[measure].cadence)
    choices.choose(
        "Period", "period", ["", *_periods(network.measures[measure].cadence)], lambda p: p or f"usual ({usual})"
    )
    choices.choose("Middle line", "middle", list(FROZEN), _say_middle)
    if choices.get("school") == POOLED:
        _choose_together(network)
    choices.choose_dates(network.span)
    choices.put("as_of", choices.get("as_of"))
    st.date_input(
        "As we saw it on", value=None, max_value="today", key="as_of", format="YYYY-MM-DD", persist_state="session"
    )
    limits = ["", *data.charts_with_limits(network.measures[measure])]
    choices.choose("Control limits", "limits", limits, lambda name: CONTROL_CHARTS[name].label if name else "none")
    choices.choose("Time axis", "axis", ["", "calendar"], AXIS_WORDS.__getitem__)
    if _may_be_relative(network, measure):
        _toggle("Difference from the network median", "relative")
    if network.measures[measure].cumulative:
        _toggle("New in each period", "per_period")
    _toggle("Zoom in on the values", "zoom")


def _choose_together(network: Network) -> None:
    """Which schools the pooled line is made of."""
    if network.sets:
        labels = {name: network.together_label(schools).removeprefix("the ") for name, schools in network.sets.items()}
        choices.choose("Put together", "together", ["", *labels], lambda name: labels.get(name, "all schools"))
    _toggle("Same schools throughout", "same")


AXIS_WORDS = {"": "school time: breaks take no room", "calendar": "calendar: breaks as long as they are"}

FEWEST_SCHOOLS_TO_DIFFER = 8
"""Schools that a network needs before a school is read against its median. Source: the project's rules on breaks."""


def _may_be_relative(network: Network, measure: int) -> bool:
    return network.measures[measure].seasonal and len(network.schools) >= FEWEST_SCHOOLS_TO_DIFFER


def _toggle(label: str, name: str) -> None:
    choices.put(name, choices.get(name))
    st.toggle(label, key=name, persist_state="session")


def _periods(cadence: str) -> list[str]:
    """The measure's own cadence and coarser ones."""
    if cadence not in COARSER:
        return []
    return [
        name
        for name in COARSER[COARSER.index(cadence) :]
        if CADENCES[name].weeks % max(CADENCES[cadence].weeks, 1) == 0
    ]


def _say_middle(points: int) -> str:
    if points == data.OWN_MEDIAN:
        return "Median of all points"
    return f"Frozen on the first {points} points" if points else "As agreed: marks and school years"


def chosen(network: Network) -> tuple[Choice, str, int]:
    """The chart that the tab's choices name; what doesn't exist here falls back to the first."""
    measure = choices.get("measure") if choices.get("measure") in network.measures else next(iter(network.measures))
    school = choices.get("school") if choices.get("school") in network.schools else POOLED
    group = choices.get("group") if choices.get("group") in network.groups else network.usual_group
    choice = Choice(
        network=network.id,
        measures=(measure,),
        schools=(school,) if school else network.sets.get(choices.get("together"), ()),
        groups=(group,),
        period=choices.get("period") if choices.get("period") in _periods(network.measures[measure].cadence) else "",
        first=choices.get("first"),
        last=choices.get("last"),
        pooled=school == POOLED,
        constant=school == POOLED and bool(choices.get("same")),
        relative=bool(school and choices.get("relative") and _may_be_relative(network, measure)),
        per_period=bool(choices.get("per_period") and network.measures[measure].cumulative),
        as_of=datetime.combine(choices.get("as_of"), time.max) if choices.get("as_of") else None,
    )
    rules = choices.get("rules") if choices.get("rules") in RULE_SETS else choices.DEFAULTS["rules"]
    return choice, rules, choices.get("middle") if choices.get("middle") in FROZEN else 0


def draw(
    reading: Reading, network: Network, choice: Choice, rules: str, baseline: int, size: SizeName = "page"
) -> None:
    """The chart of a choice's reading; a click on a point says where it comes from."""
    opened = data.database()
    key = (opened.path, opened.version, network.key, choice, rules, baseline, choices.get("limits"))
    drawn = _drawn(reading, key, words.theme(), size, choices.get("zoom"), choices.get("axis") == "calendar")
    picked = st.vega_lite_chart(
        drawn.data,
        drawn.spec,
        key=f"chart_{size}",
        on_select="rerun",
        selection_mode="pick",
        theme=None,
        alt=drawn.alt,
    )
    points = picked["selection"].get("pick") or []
    if points and size == "page":
        marks.point_was_clicked(reading, int(points[0]["point"]))
        _say_origin(reading, int(points[0]["point"]))


@st.cache_resource(max_entries=200, show_spinner=False)
def _drawn(
    _reading: Reading, key: tuple[Hashable, ...], theme: ThemeName, size: SizeName, zoomed: bool, by_calendar: bool
) -> Chart:
    """The chart of the reading that the key names."""
    return run_chart(_reading, theme, size, zoomed, by_calendar)


def notes(reading: Reading, choice: Choice) -> list[str]:
    """What to know of the chart before it is read: breaks in its run, values left out, as of when, the notes on it."""
    said = [text for text in (spans_text(reading), no_count_text(data.values_left_out(choice))) if text]
    said += (
        [say("chart.last_year")] if "last_year" in reading.points and reading.points["last_year"].notna().any() else []
    )
    if "beyond" in reading.points:
        beyond = counted("points_outside", int(reading.points["beyond"].sum()))
        said.append(say("chart.limits", name=CONTROL_CHARTS[choices.get("limits")].label, beyond=beyond))
    said += [say("marks.as_of", when=day(reading.as_of, year=True))] if reading.as_of else []
    for note in reading.notes:
        when = day(note.date, year=True)
        said.append(say("marks.listed", number=note.number, when=when, text=note.text, who=note.who))
    return said


def _say_origin(reading: Reading, number: int) -> None:
    if number < len(reading.points):
        row = points_table(reading).iloc[number]
        said = f"{row['period']}: {row['said']}. {row['from']}"
        if row["file"]:
            key = reading.points.iloc[number]
            place = Place(int(key["measure"]), int(key["school"]), int(key["student_group"]))
            uploads.say_origin(said, int(row["upload"]), place, row["date"])
        else:
            st.text(said)


def more(network: Network, choice: Choice, reading: Reading, baseline: int) -> None:
    """What opens below the chart: other rules, the numbers, where each point comes from; and the downloads."""
    names = {
        "rules": "What would other rules say?",
        "numbers": "Numbers behind the chart",
        "origin": "Where each point comes from",
        "marks": "Marks",
    }
    left, right = st.columns([2.25, 1], vertical_alignment="bottom")
    with left:
        opened = st.segmented_control(
            "More", list(names), format_func=names.__getitem__, label_visibility="collapsed", key="opened"
        )
    with right, st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        exploring.offer(choice, reading.rules, baseline)
        _downloads(network, choice, reading, baseline)
    if opened == "rules":
        _other_rules(network, choice, baseline)
    elif opened == "marks":
        marks.show(choice, reading)
    elif opened:
        table = points_table(reading)
        columns = NUMBERS if opened == "numbers" else ["period", "said", "file", "sheet", "cell", "upload"]
        st.dataframe(table[[name for name in columns if name in table]], hide_index=True, width="stretch")


def _downloads(network: Network, choice: Choice, reading: Reading, baseline: int) -> None:
    """The page doesn't run again for a download: a run forgets what it would make on demand, the picture."""
    opened = data.database()
    table = _csv(
        (opened.path, opened.version, network.key, choice, reading.rules, baseline, choices.get("limits")), reading
    )
    st.download_button("CSV", table, file_name="run_chart.csv", mime="text/csv", on_click="ignore")
    st.download_button("PNG", _picture(reading), file_name="run_chart.png", mime="image/png", on_click="ignore")


@st.cache_resource(max_entries=50, show_spinner=False)
def _csv(key: tuple[Hashable, ...], _reading: Reading) -> bytes:
    return points_csv(_reading)


def _picture(reading: Reading) -> Callable[[], bytes]:
    zoomed, by_calendar = choices.get("zoom"), choices.get("axis") == "calendar"
    return in_this_language(lambda: picture(reading, zoomed=zoomed, by_calendar=by_calendar))


def _other_rules(network: Network, choice: Choice, baseline: int) -> None:
    for name, rule_set in RULE_SETS.items():
        other = data.reading(network, choice, name, baseline)
        if other is not None:
            st.markdown(f"**{plain(rule_set.label)}**: {plain(sentence(other))}")
