"""The funnel page: every school over one stretch of time, between limits, and the way to each one's run chart."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from lib import periods
from lib.analysis import RULE_SETS, funnel
from lib.analysis.funnel import over_one_stretch
from lib.charts import Drawn, ThemeName, funnel_chart
from lib.exports.table import value_said
from lib.measures import Measure
from lib.screen import choices, data, words
from lib.screen.data import Charts, Network
from lib.screen.look import exploring, opening
from lib.store import Database, series
from lib.store.series import Choice, usual_period
from lib.wording import plain, range_text, say
from lib.wording.funnel import KINDS, OneStretch, not_a_part, notes, sentence, title, why_not

NAMES = ("measure", "group", "rules", "stretch_first", "stretch_last", "widen", "zoom")
"""The choices that the page's address holds."""

USUAL_PERIODS = 12
"""Periods of a stretch, where the school year has fewer so far. Source: 12 points make trial limits (NHS England)."""


@dataclass(frozen=True)
class Asked:
    """What the page is asked for; `first` to `last` is the stretch."""

    measure: int
    group: int
    first: date
    last: date
    rules: str = "anhoej"
    widen: bool = True


def choose(network: Network) -> Asked:
    """The row of choices: measure, group, the stretch, and whether limits may be widened."""
    columns = st.columns([2.2, 1.7, 1.3, 1.3, 1.9, 1.0], vertical_alignment="bottom")
    with columns[0]:
        measure = choices.choose("Measure", "measure", list(network.measures), lambda m: network.measures[m].label)
    with columns[1]:
        group = choices.choose("Group", "group", list(network.groups), lambda group: network.groups[group].label)
    usual, span = usual_stretch(network, network.measures[measure], group), span_of(network)
    with columns[2]:
        first = _choose_day("From", "stretch_first", usual[0], span)
    with columns[3]:
        last = _choose_day("To", "stretch_last", usual[1], span)
    with columns[4]:
        _toggle("Allow for wider spread", "widen")
    with columns[5], st.popover("More", width="stretch"):
        rules = choices.choose("Rules", "rules", list(RULE_SETS), lambda name: RULE_SETS[name].label)
        _toggle("Zoom in on the values", "zoom")
    return Asked(measure, group, first, last, rules, choices.get("widen"))


def _toggle(label: str, name: str) -> None:
    choices.put(name, choices.get(name))
    st.toggle(label, key=name, persist_state="session")


def _choose_day(label: str, name: str, usual: date, span: tuple[date, date]) -> date:
    """A day of the stretch; where none is chosen, or none of this network's, the usual one."""
    chosen = choices.get(name)
    choices.put(name, chosen if chosen and span[0] <= chosen <= span[1] else usual)
    st.date_input(label, min_value=span[0], max_value=span[1], key=name, format="YYYY-MM-DD", persist_state="session")
    return choices.get(name) or usual


def usual_stretch(network: Network, measure: Measure, group: int) -> tuple[date, date]:
    """The newest school year, or the newest USUAL_PERIODS periods where it has fewer so far."""
    span = span_of(network)
    start, cadence = data.school_year_start(network.id), usual_period(measure.cadence)
    held = _days(*_opened(), measure.id, group)
    days = sorted({periods.first_day(day, cadence, start) for day in held})
    if not days:
        return span
    in_year = [day for day in days if day >= periods.school_year_start(held[-1], start)]
    first = in_year[0] if len(in_year) >= USUAL_PERIODS else days[-min(USUAL_PERIODS, len(days))]
    return max(first, span[0]), span[1]


def _opened() -> tuple[Database, str, int]:
    """The database, and what a result that was kept is found by."""
    opened = data.database()
    return opened, opened.path, opened.version


@st.cache_resource(max_entries=200, show_spinner=False)
def _days(_database: Database, path: str, version: int, measure: int, group: int) -> list[date]:
    return series.days(_database, measure, group)


def span_of(network: Network) -> tuple[date, date]:
    return network.span or (date.today(), date.today())


def compare(network: Network, what: Asked) -> OneStretch | str:
    """The schools in their funnel, or why there is none; kept until the data change."""
    return _compare(*_opened(), network, what)


@st.cache_resource(max_entries=200, show_spinner=False, hash_funcs={Network: lambda network: network.key})
def _compare(_database: Database, path: str, version: int, network: Network, what: Asked) -> OneStretch | str:
    measure = network.measures[what.measure]
    if why := why_not(measure):
        return why
    if what.first > what.last:
        return say("funnel.dates")
    charts = data.charts(_choice(network, what), what.rules, data.OWN_MEDIAN)
    schools = _schools(network, charts)
    if schools.empty:
        return say("funnel.no_counts" if len(charts.keys) else "funnel.no_values", measure=measure.label)
    if KINDS[measure.unit] == "proportion" and (over := schools["numerator"] > schools["denominator"]).any():
        return not_a_part(measure, schools.loc[over, "name"].tolist())
    if KINDS[measure.unit] == "rate" and not schools["numerator"].any():
        return say("funnel.nothing_counted", measure=measure.label)
    return _in_a_funnel(network, what, charts, schools)


def _choice(network: Network, what: Asked) -> Choice:
    return Choice(network.id, (what.measure,), groups=(what.group,), first=what.first, last=what.last)


def _schools(network: Network, charts: Charts) -> pd.DataFrame:
    """Each school's counts, its name and whether its level moves, in order of name; retired ones are not shown."""
    summed = over_one_stretch(charts.points)
    school = charts.keys["school"].to_numpy()[summed["series"]]
    summed = summed.assign(school=school, moving=_moving(charts)[summed["series"]])
    order = {number: place for place, number in enumerate(network.schools)}
    shown = summed[summed["school"].isin(order)]
    shown = shown.sort_values("school", key=lambda numbers: numbers.map(order), ignore_index=True)
    return shown.assign(name=[network.school_label(number) for number in shown["school"]])


def _moving(charts: Charts) -> np.ndarray:
    """Whether a series has a lasting change within the stretch, or a phase that a person began in it."""
    changed = charts.phases["signal"].to_numpy(dtype=bool) & charts.phases["state"].isin(("shift", "unsettled"))
    several = charts.phases["series"].duplicated(keep=False)
    moving = np.zeros(len(charts.keys), dtype=bool)
    moving[charts.phases.loc[changed | several, "series"]] = True
    return moving


def _in_a_funnel(network: Network, what: Asked, charts: Charts, schools: pd.DataFrame) -> OneStretch:
    measure, points = network.measures[what.measure], charts.points
    dates = points.loc[points["denominator"] > 0, "date"]
    return OneStretch(
        measure=measure,
        group=network.groups[what.group],
        period=usual_period(measure.cadence),
        first=dates.min().date(),
        last=dates.max().date(),
        found=funnel(schools, KINDS[measure.unit], "if needed" if what.widen else "never"),
        left_out=int(points["excluded"].sum()),
        widen=what.widen,
    )


def headline(network: Network, what: Asked, one: OneStretch | str) -> None:
    """The page's question and its answer."""
    asked = title(network.measures[what.measure], network.groups[what.group])
    said = one if isinstance(one, str) else sentence(one)
    st.html(
        f'{words.STYLE}<h1 class="sb-question">{escape(asked)}</h1>'
        f'<p class="sb-sentence"><span>{escape(said)}</span></p>'
    )


def no_funnel(network: Network) -> None:
    """What to do where the measure has none: the first measure that has one."""
    found = next((one for one in network.measures.values() if not why_not(one)), None)
    if found:
        label = say("funnel.look_at", measure=found.name)
        st.button(plain(label), on_click=choices.put, args=("measure", found.id))


def show(network: Network, one: OneStretch, what: Asked) -> None:
    """The chart, and what to know before anybody speaks to a school; a click opens the run chart."""
    opened = data.database()
    drawn = _drawn(one, (opened.path, opened.version, network.key, what), choices.get("zoom"), words.theme())
    picked = st.vega_lite_chart(
        drawn.data, drawn.spec, key="funnel", on_select="rerun", selection_mode="pick", theme=None, alt=drawn.alt
    )
    words.small_lines(notes(one))
    if points := picked["selection"].get("pick"):
        _open(one, what, int(points[0]["point"]))


@st.cache_resource(max_entries=100, show_spinner=False)
def _drawn(_one: OneStretch, key: tuple[Hashable, ...], zoomed: bool, theme: ThemeName) -> Drawn:
    return funnel_chart(_one, zoomed, theme)


def _open(one: OneStretch, what: Asked, row: int) -> None:
    if 0 <= row < len(one.schools):
        opening.ask(what.measure, int(one.schools["school"].iloc[row]), what.group)


def more(network: Network, one: OneStretch, what: Asked) -> None:
    """School by school in order of name; a marked row opens its run chart."""
    names = {"schools": "School by school"}
    with st.container(horizontal=True, vertical_alignment="center"):
        opened = st.segmented_control(
            "More", list(names), format_func=names.__getitem__, label_visibility="collapsed", key="funnel_opened"
        )
        exploring.offer(_choice(network, what), what.rules, data.OWN_MEDIAN)
    if (row := opening.choose(one.schools["name"].tolist())) is not None:
        _open(one, what, row)
    if opened != "schools":
        return
    picked = st.dataframe(
        table(one), hide_index=True, width="stretch", on_select="rerun", selection_mode="single-row", key="funnel_rows"
    )
    if rows := picked["selection"]["rows"]:
        _open(one, what, rows[0])


def table(one: OneStretch) -> pd.DataFrame:
    """One row per school, in order of name."""
    unit, schools = one.measure.unit, one.schools
    counts = zip(schools["value"], schools["numerator"], schools["denominator"], strict=True)
    held = zip(schools["lower_998"], schools["upper_998"], strict=True)
    ways = np.where(schools["beyond"], np.where(one.above, "above", "below"), "")
    return pd.DataFrame(
        {
            "school": schools["name"],
            "value": [value_said(unit, *row) for row in counts],
            "99.8 % limits": [range_text(low, high, unit) for low, high in held],
            "outside": ways,
            "level": ["moving" if moving else "" for moving in schools["moving"]],
            "periods": schools["n_points"],
            "in a usual period": schools["usual"],
        }
    )
