"""The parts of a run chart's page: choosing it, drawing it, and what opens below it."""

from datetime import date

import streamlit as st

from lib.analysis import RULE_SETS
from lib.charts import SizeName, run_chart
from lib.exports.picture import picture
from lib.exports.table import points_csv, points_table
from lib.measures import CADENCES
from lib.screen import choices, data, words
from lib.screen.data import Network
from lib.store.series import POOLED, Choice, usual_period
from lib.wording import Reading, plain, sentence

NAMES = ("measure", "school", "group", "period", "rules", "middle", "first", "last", "zoom")
"""The choices that a chart's address holds."""

FROZEN = (0, 8, 10, 12, 16)
"""Offered lengths of a frozen baseline; 0 is the median of all points. 12 is advised (the project's rules, 3)."""

COARSER = ("day", "week", "two weeks", "three weeks", "five weeks", "month")
"""Periods in order; a chart shows a measure by its cadence or coarser."""


def nothing_yet(what: str) -> None:
    """A page of a network that holds no values yet: what it will show, and the one thing to do now."""
    words.title("Nothing to show yet", what)
    st.page_link("pages/bring/spreadsheet.py", label="Bring in a spreadsheet")


def places(network: Network) -> dict[int, str]:
    """The pooled network, then every school."""
    return {number: network.school_label(number) for number in (POOLED, *network.schools)}


def choose_chart(network: Network) -> tuple[Choice, str, int]:
    """The row of choices at the top; returns which series, which rules, and how many points freeze the middle line."""
    columns = st.columns([2.3, 2.3, 1.7, 1.4, 1.1, 1.3], vertical_alignment="bottom")
    with columns[0]:
        measure = choices.choose("Measure", "measure", list(network.measures), lambda m: network.measures[m].name)
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
    first, last = network.span or (date.today(), date.today())
    for label, name in (("From", "first"), ("To", "last")):
        if choices.get(name) is not None and not first <= choices.get(name) <= last:
            choices.put(name, None)
        st.date_input(
            label, value=None, min_value=first, max_value=last, key=name, format="YYYY-MM-DD", persist_state="session"
        )
    choices.put("zoom", choices.get("zoom"))
    st.toggle("Zoom in on the values", key="zoom", persist_state="session")


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
    return f"Frozen on the first {points} points" if points else "Median of all points"


def chosen(network: Network) -> tuple[Choice, str, int]:
    """The chart that the tab's choices name; what doesn't exist here falls back to the first."""
    measure = choices.get("measure") if choices.get("measure") in network.measures else next(iter(network.measures))
    school = choices.get("school") if choices.get("school") in network.schools else POOLED
    group = choices.get("group") if choices.get("group") in network.groups else 0
    choice = Choice(
        network=network.id,
        measures=(measure,),
        schools=(school,) if school else (),
        groups=(group,),
        period=choices.get("period") if choices.get("period") in _periods(network.measures[measure].cadence) else "",
        first=choices.get("first"),
        last=choices.get("last"),
        pooled=school == POOLED,
    )
    rules = choices.get("rules") if choices.get("rules") in RULE_SETS else choices.DEFAULTS["rules"]
    return choice, rules, choices.get("middle") if choices.get("middle") in FROZEN else 0


def draw(reading: Reading, size: SizeName = "page") -> None:
    """The chart; a click on a point says where it comes from."""
    drawn = run_chart(reading, theme=words.theme(), size=size, zoomed=choices.get("zoom"))
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
        _say_origin(reading, int(points[0]["point"]))


def _say_origin(reading: Reading, number: int) -> None:
    if number < len(reading.points):
        row = points_table(reading).iloc[number]
        st.text(f"{row['period']}: {row['said']}. {row['from']}")


def more(network: Network, choice: Choice, reading: Reading, baseline: int) -> None:
    """What opens below the chart: other rules, the numbers, where each point comes from; and the downloads."""
    names = {
        "rules": "What would other rules say?",
        "numbers": "Numbers behind the chart",
        "origin": "Where each point comes from",
    }
    left, right = st.columns([3, 1.3], vertical_alignment="bottom")
    with left:
        opened = st.segmented_control("More", list(names), format_func=names.__getitem__, label_visibility="collapsed")
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        st.download_button("CSV", lambda: points_csv(reading), file_name="run_chart.csv", mime="text/csv")
        st.download_button(
            "PNG", lambda: picture(reading, zoomed=choices.get("zoom")), file_name="run_chart.png", mime="image/png"
        )
    if opened == "rules":
        _other_rules(network, choice, baseline)
    elif opened:
        columns = (
            ["period", "said", "numerator", "denominator", "middle", "side", "signal"]
            if opened == "numbers"
            else ["period", "said", "file", "sheet", "cell", "upload"]
        )
        st.dataframe(points_table(reading)[columns], hide_index=True, width="stretch")


def _other_rules(network: Network, choice: Choice, baseline: int) -> None:
    for name, rule_set in RULE_SETS.items():
        other = data.reading(network, choice, name, baseline)
        if other is not None:
            st.markdown(f"**{plain(rule_set.label)}**: {plain(sentence(other))}")
