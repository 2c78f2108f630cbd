"""The network's board: schools by measures, in a table whose cells open their chart."""

from collections.abc import Hashable
from html import escape
from typing import Any

import numpy as np
import streamlit as st

from lib.analysis import expected_flags
from lib.analysis.states import UNREADABLE
from lib.charts import sparkline_svg, state_mark_svg
from lib.measures import Measure
from lib.screen import choices, words
from lib.screen.data import Charts, Network
from lib.wording import Mark, day, mark, state_label, value_text

SCHOOLS_A_PAGE = 60

WANTED_WORDS = {
    "up": "higher is better",
    "down": "lower is better",
    "in range": "best in a range",
    "none": "keep an eye on",
}

LEGEND = (
    (Mark("triangle up", "filled", "toward"), "lasting change, wanted way"),
    (Mark("triangle down", "filled", "away"), "lasting change, other way"),
    (Mark("triangle up", "hollow", "toward"), "early hint"),
    (Mark("dash", "filled", "neither"), "usual ups and downs"),
    (Mark("wave", "filled", "neither"), "unsettled"),
    (Mark("dots", "filled", "neither"), "too early to tell"),
)

CSS = """
.place {overflow-x: auto;}
.board {
  width: 100%; border-collapse: collapse; font-family: var(--st-font); color: var(--st-text-color); font-size: 0.9rem;
}
.board th {
  text-align: left; font-weight: 600; padding: 4px 5px; position: sticky; top: 0;
  background: var(--st-background-color);
}
.board th small {display: block; font-weight: 400; opacity: .75;}
.board tbody tr:nth-child(odd) {background: color-mix(in srgb, var(--st-text-color) 4%, transparent);}
.board tbody th {
  background: none; font-weight: 400; white-space: nowrap; max-width: 240px; overflow: hidden; text-overflow: ellipsis;
}
.board td {padding: 0;}
.board a {
  display: flex; align-items: center; gap: 4px; padding: 5px 5px; color: inherit; text-decoration: none;
  border-radius: 4px;
}
.board a:hover, .board a:focus-visible {outline: 2px solid var(--st-primary-color); outline-offset: -2px;}
.board b {font-weight: 600; min-width: 2.9em; text-align: right; font-variant-numeric: tabular-nums;}
.board svg {flex: none; display: block;}
"""

JS = """
export default function ({ parentElement, data, setTriggerValue }) {
  const place = parentElement.querySelector(".place");
  place.innerHTML = data.table;
  place.onclick = (event) => {
    const link = event.target.closest("a[data-chart]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setTriggerValue("opened", link.dataset.chart);
  };
}
"""

component = st.components.v2.component("board", html="<div class='place'>\n</div>", css=CSS, js=JS)


def summary(network: Network, charts: Charts) -> str:
    """How much is shown, to which date, and how many lasting changes luck alone would give beside the number found."""
    phases = charts.result.phases.groupby("series").tail(1)
    expected = expected_flags(phases)
    found = int(phases["signal"][~phases["state"].isin(UNREADABLE)].sum())
    count = f"{len(network.schools):,} schools · {len(network.measures):,} measures"
    until = f" · data to {day(network.span[1])} {network.span[1].year}" if network.span else ""
    luck = f"by luck alone expect about {expected:,.0f} of {len(phases):,} charts to signal; {found:,} do"
    return f"{count}{until} · {luck}"


def choose_schools(network: Network) -> list[int]:
    """The row of choices: search, district, page. Returns the schools to show, by name; never by value."""
    districts = sorted({school.district for school in network.schools.values()} - {""})
    columns = st.columns([2, 2, 1.2], vertical_alignment="bottom")
    with columns[0]:
        choices.put("search", choices.get("search"))
        sought = st.text_input("Find a school", key="search", persist_state="session").strip().lower()
    with columns[1]:
        district = choices.choose("District", "district", ["", *districts], lambda name: name or "All districts")
    shown = [
        number
        for number, school in network.schools.items()
        if sought in network.school_label(number).lower() and district in ("", school.district)
    ]
    pages = max(1, -(-len(shown) // SCHOOLS_A_PAGE))
    if pages == 1:
        return shown
    with columns[2]:
        page = choices.choose("Page", "page", list(range(1, pages + 1)), lambda number: f"{number} of {pages}")
    return shown[(page - 1) * SCHOOLS_A_PAGE : page * SCHOOLS_A_PAGE]


def legend() -> None:
    """What each mark means."""
    parts = (f"<span>{words.mark_image(found, said, 16)} {escape(said)}</span>" for found, said in LEGEND)
    st.html(f'<div style="display:flex; flex-wrap:wrap; gap:.3rem 1.4rem; font-size:.85rem">{"".join(parts)}</div>')


def show(network: Network, charts: Charts, schools: list[int]) -> None:
    """Draw the table for these schools; a click or Enter on a cell opens its chart."""
    opened = component(
        data={"table": table_html(network, charts, schools)}, key="board", on_opened_change=lambda: None
    ).opened
    if opened:
        measure, school = (int(part) for part in opened.split("-"))
        choices.put("measure", measure)
        choices.put("school", school)
        st.switch_page("pages/look/run_chart.py", query_params=choices.in_address(("measure", "school")))


def sparkline_width(measures: int) -> int:
    """So wide that seven measures fit beside the schools' names on a screen of 1280 pixels.

    >>> sparkline_width(1), sparkline_width(7), sparkline_width(40)
    (160, 44, 40)
    """
    return max(40, min(160, 820 // measures - 73))


def table_html(network: Network, charts: Charts, schools: list[int]) -> str:
    """The table. Every text from data is escaped; values come from the same result as the run charts."""
    cells = _cells(network, charts, set(schools))
    shown = list(network.measures.values())
    head = "".join(f"<th>{escape(one.name)}<small>{escape(WANTED_WORDS[one.wanted])}</small></th>" for one in shown)
    rows = "".join(
        f"<tr><th>{escape(network.school_label(school))}</th>"
        + "".join(f"<td>{cells.get((measure.id, school), '')}</td>" for measure in shown)
        + "</tr>"
        for school in schools
    )
    return f'<table class="board"><thead><tr><th>School</th>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _cells(network: Network, charts: Charts, schools: set[int]) -> dict[tuple[int, int], str]:
    """The cell of each measure and school that has a chart."""
    newest = charts.result.phases.groupby("series").tail(1).set_index("series").to_dict("index")
    values = charts.result.points["value"].to_numpy()
    keys = charts.keys[["measure", "school", "first", "last"]].to_numpy().tolist()
    return {
        (measure, school): _cell(network, network.measures[measure], school, newest[number], values[first : last + 1])
        for number, (measure, school, first, last) in enumerate(keys)
        if school in schools
    }


def _cell(network: Network, measure: Measure, school: int, phase: dict[Hashable, Any], values: np.ndarray) -> str:
    found = mark(phase["state"], phase["direction"], measure, phase["median"])
    said = state_label(phase["state"], phase["direction"], measure.wanted, found.tone)
    known = values[~np.isnan(values)]
    newest = value_text(float(known[-1]), measure.unit) if len(known) else "–"
    about = f"{network.school_label(school)}, {measure.name}: {said}, {newest}"
    address = f"run_chart?network={network.id}&amp;measure={measure.id}&amp;school={school}"
    width = sparkline_width(len(network.measures))
    line = sparkline_svg(values, float(phase["median"]), theme=words.theme(), width=width, height=24)
    return (
        f'<a href="{address}" data-chart="{measure.id}-{school}" title="{escape(said)}" aria-label="{escape(about)}">'
        f"{state_mark_svg(found, theme=words.theme(), size=16)}{line}<b>{escape(newest)}</b></a>"
    )
