"""The network's board: schools by measures, in a table whose cells open their chart."""

from collections.abc import Hashable
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from lib.charts import ThemeName, sparkline_svg, state_mark_svg
from lib.charts.small_multiples import counts_said
from lib.measures import FAMILIES, Measure
from lib.screen import choices, data, words
from lib.screen.data import Charts, Network
from lib.screen.look import opening, reporting
from lib.screen.look.panels import WITHOUT_MIDDLE, luck
from lib.store import Database
from lib.store.series import Choice, usual_period
from lib.wording import Mark, day, mark, period_label, say, state_label, value_text
from lib.wording.texts import counted, spoken

NAMES = ("group", "search", "district", "tag", "family", "state", "page")
"""The choices that the page's address holds; the group only where the board asks for it."""

SCHOOLS_A_PAGE = 60

LEGEND = (
    (Mark("triangle up", "filled", "toward"), "toward"),
    (Mark("triangle down", "filled", "away"), "away"),
    (Mark("triangle up", "hollow", "toward"), "early_hint"),
    (Mark("dash", "filled", "neither"), "steady"),
    (Mark("wave", "filled", "neither"), "unsettled"),
    (Mark("dots", "filled", "neither"), "too_early"),
)

STATES = {
    "": "All states",
    "toward": "Lasting change, wanted way",
    "away": "Lasting change, other way",
    "shift": "Lasting change, any",
    "early hint": "Early hint",
    "unsettled": "Unsettled",
    "steady": "Usual ups and downs",
    "too early": "Too early to tell",
    "can't be split": "Can't be split",
    "late": "Not reported yet",
}
"""What a school can be found by: it has at least one chart like this."""

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
.board b {font-weight: 600; min-width: 2.9em; text-align: right; font-variant-numeric: tabular-nums; line-height: 1.05;}
.board b small {display: block; font-weight: 400; font-size: .7rem; white-space: nowrap;}
.board .late b {font-weight: 400; font-style: italic;}
.board .other {opacity: .35;}
.board svg {flex: none; display: block;}
"""

JS = """
const left = {};
export default function ({ parentElement, data, setTriggerValue }) {
  const place = parentElement.querySelector(".place");
  const main = document.querySelector('[data-testid="stMain"]');
  if (place.dataset.shown !== data.name || place.innerHTML === "") {
    place.innerHTML = data.table;
    place.dataset.shown = data.name;
  }
  if (left.name === data.name) {
    const top = left.top, link = place.querySelector(`a[data-chart="${left.chart}"]`);
    requestAnimationFrame(() => {
      if (main) main.scrollTop = top;
      if (link) link.focus({ preventScroll: true });
    });
    left.name = null;
  }
  place.onclick = (event) => {
    const link = event.target.closest("a[data-chart]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    Object.assign(left, { name: data.name, chart: link.dataset.chart, top: main ? main.scrollTop : 0 });
    setTriggerValue("opened", link.dataset.chart);
  };
}
"""
"""A table is written once for each name; coming back from a chart, the page stands where it was left."""

component = st.components.v2.component("board", html="<div class='place'>\n</div>", css=CSS, js=JS)


@dataclass(frozen=True)
class Chosen:
    """What the board shows: measures of the family; schools found by name and district, and of these the ones on
    the page that have a chart in the state. `group`: all students, where any value is of them."""

    group: int
    measures: tuple[int, ...]
    found: tuple[int, ...]
    schools: tuple[int, ...]
    state: str


def asks_for_group(network: Network) -> bool:
    """The board is of all students; of a group only where no value is of all students."""
    return network.usual_group != 0


def group_of(network: Network) -> int:
    chosen = choices.get("group")
    return chosen if asks_for_group(network) and chosen in network.groups else network.usual_group


def charts(network: Network, group: int | None = None) -> Charts:
    """Every chart of the network for a group, without one the usual: one query for all filters and pages."""
    group = network.usual_group if group is None else group
    return data.charts(Choice(network.id, tuple(network.measures), groups=(group,)))


def data_of(network: Network, chosen: Chosen) -> Choice:
    """The series that the board shows, for the page Explore."""
    schools = () if len(chosen.found) == len(network.schools) else chosen.found
    return Choice(network.id, chosen.measures, schools, (chosen.group,))


def summary(network: Network, found: Charts, chosen: Chosen) -> str:
    """How much is shown, to which date, and how many lasting changes luck alone would give beside the number found.

    Luck is counted over all charts of the filters by name, district and family: a filter by state would choose among
    what luck gave.
    """
    among = found.keys["measure"].isin(chosen.measures) & found.keys["school"].isin(chosen.found)
    phases = found.newest_phases[among.to_numpy()]
    parts = [counted("schools", len(chosen.found)), counted("measures", len(chosen.measures))]
    if network.span:
        parts.append(say("board.until", day=day(network.span[1], year=True)))
    return " · ".join([*parts, luck(phases)])


def choose(network: Network, found: Charts) -> Chosen:
    """The row of choices: group where only groups have values, search, district, tag, family, state, page.

    Schools are in order of name; never of value.
    """
    districts = sorted({school.district for school in network.schools.values()} - {""})
    families = [name for name in FAMILIES if any(one.family == name for one in network.measures.values())]
    tags = sorted({tag for school in network.schools.values() for tag in school.tags})
    asks = asks_for_group(network)
    widths = [*([1.5] if asks else []), 1.8, *([1.5] if districts else []), *([1.4] if tags else []), 1.4, 1.8, 1.0]
    columns = iter(st.columns(widths, vertical_alignment="bottom"))
    if asks:
        with next(columns):
            choices.choose("Group", "group", list(network.groups), lambda group: network.groups[group].label)
    with next(columns):
        choices.put("search", choices.get("search"))
        sought = st.text_input("Find a school", key="search", persist_state="session").strip().lower()
    district = ""
    if districts:
        with next(columns):
            district = choices.choose("District", "district", ["", *districts], lambda name: name or "All districts")
    tag = ""
    if tags:
        with next(columns):
            tag = choices.choose("Tag", "tag", ["", *tags], lambda name: name or "All tags")
    with next(columns):
        family = choices.choose("Family", "family", ["", *families], lambda name: name.capitalize() or "All families")
    with next(columns):
        state = choices.choose("State", "state", list(STATES), STATES.__getitem__)
    measures = tuple(number for number, one in network.measures.items() if family in ("", one.family))
    schools = tuple(
        number
        for number, school in network.schools.items()
        if sought in network.school_label(number).lower()
        and district in ("", school.district)
        and (not tag or tag in school.tags)
    )
    shown = _with_state(network, found, measures, schools, state)
    with next(columns):
        return Chosen(group_of(network), measures, schools, _on_page(shown), state)


def _on_page(schools: tuple[int, ...]) -> tuple[int, ...]:
    pages = max(1, -(-len(schools) // SCHOOLS_A_PAGE))
    if pages == 1:
        return schools
    page = choices.choose("Page", "page", list(range(1, pages + 1)), lambda number: f"{number} of {pages}")
    return schools[(page - 1) * SCHOOLS_A_PAGE : page * SCHOOLS_A_PAGE]


def _with_state(
    network: Network, found: Charts, measures: tuple[int, ...], schools: tuple[int, ...], state: str
) -> tuple[int, ...]:
    """The schools with at least one chart in the state, in the order given."""
    if not state:
        return schools
    matches = matching(network, found, state) & found.keys["measure"].isin(measures).to_numpy()
    having = set(found.keys["school"].to_numpy()[matches].tolist())
    return tuple(school for school in schools if school in having)


def matching(network: Network, found: Charts, state: str) -> np.ndarray:
    """Whether each chart (a row of `Charts.keys`) is in a state of STATES."""
    if state == "late":
        return reporting.late(network, found)
    phases = found.newest_phases
    if state not in ("toward", "away"):
        return (phases["state"] == state).to_numpy()
    lasting = np.flatnonzero(phases["state"] == "shift")
    kept = np.zeros(len(phases), dtype=bool)
    rows = phases.iloc[lasting][["state", "direction", "median"]].itertuples(index=False, name=None)
    for at, measure, (name, direction, median) in zip(lasting, found.keys["measure"].iloc[lasting], rows, strict=True):
        kept[at] = mark(name, direction, network.measures[measure], median).tone == state
    return kept


def legend() -> None:
    """What each mark means."""
    said = [(found, say(f"legend.{name}")) for found, name in LEGEND]
    parts = (f"<span>{words.mark_image(found, text, 16)} {escape(text)}</span>" for found, text in said)
    st.html(f'<div style="display:flex; flex-wrap:wrap; gap:.3rem 1.4rem; font-size:.85rem">{"".join(parts)}</div>')


def who_is_missing(network: Network, found: Charts, chosen: Chosen) -> None:
    """Who has not reported this period, among the schools found."""
    waiting = reporting.missing(network, found, set(chosen.found))
    waiting = [one for one in waiting if set(one.measures) & set(chosen.measures)]
    st.html(f'<div style="font-size:.9rem">{reporting.as_html(network, waiting)}</div>')


def show(network: Network, found: Charts, chosen: Chosen) -> None:
    """Draw the table; a click or Enter on a cell opens its chart."""
    if not chosen.schools:
        st.info("No school like this. Change the name, the district, the family or the state.")
        return
    opened = data.database()
    table = _table(opened, opened.path, opened.version, network, chosen, words.theme())
    name = f"{network.id}-{spoken()}-{opened.version}-{hash(chosen)}-{words.theme()}"
    picked = component(data={"table": table, "name": name}, key="board", on_opened_change=lambda: None).opened
    if picked:
        measure, school = (int(part) for part in picked.split("-"))
        opening.run_chart(measure, school, choices.get("group") or network.usual_group)


@st.cache_resource(max_entries=200, show_spinner=False, hash_funcs={Network: lambda network: network.key})
def _table(_database: Database, path: str, version: int, network: Network, chosen: Chosen, theme: ThemeName) -> str:
    return table_html(network, charts(network, chosen.group), chosen, theme)


def sparkline_width(measures: int) -> int:
    """So wide that seven measures fit beside the schools' names on a screen of 1280 pixels.

    >>> sparkline_width(1), sparkline_width(7), sparkline_width(40)
    (160, 44, 40)
    """
    return max(40, min(160, 820 // measures - 73))


def table_html(network: Network, found: Charts, chosen: Chosen, theme: ThemeName) -> str:
    """The table. Every text from data is escaped; values come from the same result as the run charts."""
    cells = _cells(network, found, chosen, theme)
    shown = [network.measures[number] for number in chosen.measures]
    head = "".join(f"<th>{escape(one.label)}<small>{escape(say('wanted.' + one.wanted))}</small></th>" for one in shown)
    rows = "".join(
        f"<tr><th>{escape(network.school_label(school))}</th>"
        + "".join(f"<td>{cells.get((measure.id, school), '')}</td>" for measure in shown)
        + "</tr>"
        for school in chosen.schools
    )
    head = f"<th>{escape(say('board.school'))}</th>{head}"
    return f'<table class="board"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _cells(network: Network, found: Charts, chosen: Chosen, theme: ThemeName) -> dict[tuple[int, int], str]:
    """The cell of each measure and school on the page that has a chart."""
    among = found.keys["measure"].isin(chosen.measures) & found.keys["school"].isin(chosen.schools)
    rows = np.flatnonzero(among.to_numpy())
    phases = found.newest_phases.iloc[rows].to_dict("records")
    newest = found.newest_points.iloc[rows]
    newest = newest.assign(
        counts=pd.Series(counts_said(newest), index=newest.index, dtype="object"),
        late=reporting.late(network, found)[rows],
    )
    fits = matching(network, found, chosen.state)[rows] if chosen.state else np.ones(len(rows), dtype=bool)
    periods = reporting.newest_periods(network, found)
    values = found.points["value"].to_numpy()
    keys = found.keys[["measure", "school", "first", "last"]].iloc[rows].to_numpy().tolist()
    cells = {}
    for (measure, school, first, last), phase, point, fit in zip(
        keys, phases, newest.to_dict("records"), fits, strict=True
    ):
        about = _About(network, network.measures[measure], school, chosen.group, phase, point, periods[measure])
        cells[measure, school] = _cell(about, values[first : last + 1], bool(fit), theme, len(chosen.measures))
    return cells


@dataclass(frozen=True)
class _About:
    """One cell in facts: its newest phase, its newest point (date, value, counts, late), and the measure's newest
    period."""

    network: Network
    measure: Measure
    school: int
    group: int
    phase: dict[Hashable, Any]
    point: dict[Hashable, Any]
    newest: Any

    @property
    def mark(self) -> Mark:
        return mark(self.phase["state"], self.phase["direction"], self.measure, self.phase["median"])

    @property
    def median(self) -> float:
        return float("nan") if self.phase["state"] == WITHOUT_MIDDLE else float(self.phase["median"])

    @property
    def value(self) -> str:
        return value_text(float(self.point["value"]), self.measure.unit)

    @property
    def said(self) -> str:
        """The state, the newest value with its counts, and that the newest period has none."""
        state = state_label(self.phase["state"], self.phase["direction"], self.measure.wanted, self.mark.tone)
        value = f"{self.value} ({self.point['counts']})" if self.point["counts"] else self.value
        return ", ".join([state, value, *([self.late] if self.late else [])])

    @property
    def late(self) -> str:
        if not self.point["late"]:
            return ""
        period = reporting.period_said(usual_period(self.measure.cadence), self.newest)
        return say("board.late", period=period, day=self.from_day)

    @property
    def from_day(self) -> str:
        when: pd.Timestamp = self.point["date"]
        return period_label(when.date(), usual_period(self.measure.cadence), when.year != self.newest.year)


def _cell(about: _About, values: np.ndarray, fits: bool, theme: ThemeName, measures: int) -> str:
    label = f"{about.network.school_label(about.school)}, {about.measure.label}: {about.said}"
    address = f"run_chart?network={about.network.id}&amp;measure={about.measure.id}&amp;school={about.school}"
    address += f"&amp;group={about.group}" if about.group else ""
    line = sparkline_svg(values, about.median, theme=theme, width=sparkline_width(measures), height=24)
    when = f"<small>{escape(about.from_day)}</small>" if about.late else ""
    kinds = " ".join([*(["late"] if about.late else []), *([] if fits else ["other"])])
    return (
        f'<a class="{kinds}" href="{address}" data-chart="{about.measure.id}-{about.school}" '
        f'title="{escape(about.said)}" aria-label="{escape(label)}">'
        f"{state_mark_svg(about.mark, theme=theme, size=16)}{line}<b>{escape(about.value)}{when}</b></a>"
    )
