"""Charts side by side: which, in which order, under which names, with what behind them. Never in order of value."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import streamlit as st

from lib.analysis.pooling import pooled
from lib.charts import MOST_PANELS, Panels
from lib.screen import data
from lib.screen.data import Charts, Network
from lib.screen.look.asked import Asked
from lib.screen.look.panels import NO_POOLED, Shown, letters, luck, panels_of
from lib.store import Database
from lib.store.series import POOLED, Choice
from lib.store.shuffles import shuffled
from lib.wording import range_text, say
from lib.wording.texts import counted, number

A_PAGE = 200
"""Thumbnails on a page."""


@dataclass(frozen=True)
class Side:
    """What is shown: panels, where each of them opens, the sentence under the title, and how many pages there are.

    `opens`: measure, school and group of each panel; never sent to the browser.
    """

    panels: Panels
    opens: tuple[tuple[int, int, int], ...]
    said: str
    pages: int
    charts: int


def side(network: Network, what: Asked) -> Side | None:
    """What is shown, None where nothing has a value; kept until the data or the choices change."""
    opened = data.database()
    return _side(opened, opened.path, opened.version, network, what)


@st.cache_resource(max_entries=100, show_spinner=False, hash_funcs={Network: lambda network: network.key})
def _side(_database: Database, path: str, version: int, network: Network, what: Asked) -> Side | None:
    charts = data.charts(_choice(network, what), what.rules)
    if not len(charts.keys):
        return None
    shown = {"school": _schools, "group": _groups, "measure": _measures}[what.by](network, charts, what)
    if not shown:
        return None
    a_page = _a_page(len(shown), what)
    pages = -(-len(shown) // a_page)
    page = min(max(what.page, 1), pages)
    on_page = shown[(page - 1) * a_page : page * a_page]
    behind, lines, on_page = _behind(network, charts, what, on_page)
    panels = panels_of(
        network,
        charts,
        on_page,
        period=what.period,
        pooled=behind,
        lines=lines,
        what=_what(network, what),
        zoomed=what.zoom,
        held=_held(charts) if what.by != "measure" else (),
        one_scale=what.by != "measure",
        counts_shown=not what.hides,
        seen=_seen(what, charts),
    )
    keys = charts.keys[["measure", "school", "student_group"]].to_numpy().tolist()
    opens = tuple((int(m), int(s), int(g)) for m, s, g in (keys[one.row] for one in on_page))
    return Side(panels, opens, _sentence(network, charts, what, shown, panels), pages, len(shown))


def _held(charts: Charts) -> tuple[float, ...]:
    """The ends of what one scale must hold: of all series, so that it is the same on every page and in every order."""
    columns = (charts.points["value"], charts.phases["median"])
    ends = [end for column in columns for end in (column.min(), column.max())]
    return tuple(float(end) for end in ends if end == end)


def _a_page(n: int, what: Asked) -> int:
    return A_PAGE if n > MOST_PANELS or what.view == "pictures" else MOST_PANELS


def _choice(network: Network, what: Asked) -> Choice:
    """All series that the page can show for what is asked: one query for every page, order and district."""
    place = () if what.by == "school" or what.school == POOLED else (what.school,)
    return Choice(
        network=network.id,
        measures=tuple(network.measures) if what.by == "measure" else (what.measure,),
        schools=place,
        groups=() if what.by == "group" else (what.group,),
        period=what.period,
        first=what.first,
        last=what.last,
        pooled=what.by != "school" and what.school == POOLED,
    )


def data_of(network: Network, what: Asked) -> Choice:
    """The series that the panels are made of, for the page Explore."""
    choice = _choice(network, what)
    return replace(choice, schools=_of_district(network, what.district)) if what.district else choice


def _seen(what: Asked, charts: Charts) -> tuple[np.datetime64, np.datetime64] | None:
    """The days shown; all where fewer than two of them have a value."""
    if what.seen is None:
        return None
    first, last = np.datetime64(what.seen[0]), np.datetime64(what.seen[1])
    dates = charts.points["date"]
    return (first, last) if dates[dates.between(pd.Timestamp(first), pd.Timestamp(last))].nunique() > 1 else None


def _schools(network: Network, charts: Charts, what: Asked) -> list[Shown]:
    """Schools of the district in the chosen order; letters belong to the meeting's order of all schools, so that
    School A stays School A on every measure."""
    row_of = {int(school): row for row, school in enumerate(charts.keys["school"])}
    ordered = in_order(network, charts, what)
    label = {school: letters(place) for place, school in enumerate(ordered)}
    shown = []
    for school in ordered:
        if school not in row_of or what.district not in ("", network.schools[school].district):
            continue
        mine = school == what.mine
        named = what.names == "shown" or (what.names == "mine" and mine)
        text = network.school_label(school) if named else label[school]
        shown.append(Shown(row_of[school], text, mine, opens=named))
    return shown


def in_order(network: Network, charts: Charts, what: Asked) -> list[int]:
    """All schools in the chosen order: by name, by size (the newest denominator, largest first), or at random.

    Never by value.
    """
    by_name = list(network.schools)
    if what.order == "random":
        return shuffled(data.database(), network.id, by_name, what.seed)
    if what.order == "size":
        sizes = charts.newest_points["denominator"].fillna(-1).tolist()
        size = dict(zip(charts.keys["school"].tolist(), sizes, strict=True))
        return sorted(by_name, key=lambda school: -size.get(school, -1))
    return by_name


def _groups(network: Network, charts: Charts, what: Asked) -> list[Shown]:
    order = {number: place for place, number in enumerate(network.groups)}
    rows = sorted(enumerate(charts.keys["student_group"].tolist()), key=lambda one: order[one[1]])
    return [Shown(row, network.groups[group].label) for row, group in rows]


def _measures(network: Network, charts: Charts, what: Asked) -> list[Shown]:
    order = {number: place for place, number in enumerate(network.measures)}
    rows = sorted(enumerate(charts.keys["measure"].tolist()), key=lambda one: order[one[1]])
    return [Shown(row, network.measures[measure].label) for row, measure in rows]


def _behind(
    network: Network, charts: Charts, what: Asked, shown: list[Shown]
) -> tuple[pd.DataFrame, tuple[str, ...], list[Shown]]:
    """The faint lines, what each is called, and the panels that know their line."""
    if what.by == "group":
        return _all_students(network, charts, what, shown)
    if what.line == "none" and what.by == "school":
        return NO_POOLED, (), shown
    if what.by == "measure":
        if what.school == POOLED:
            return NO_POOLED, (), shown
        choice = replace(_choice(network, what), schools=(), pooled=True)
        lines = _pooled_lines([choice], what.rules)
        measures = charts.keys["measure"].tolist()
        number = {int(m): i for i, m in enumerate(lines["measure"].drop_duplicates())}
        lines["line"] = [number[m] for m in lines["measure"]]
        name = say("side.together_network")
        return lines, (name,) * len(number), [replace(one, line=number.get(measures[one.row], -1)) for one in shown]
    return _pooled_schools(network, charts, what, shown)


def _all_students(
    network: Network, charts: Charts, what: Asked, shown: list[Shown]
) -> tuple[pd.DataFrame, tuple[str, ...], list[Shown]]:
    """Behind each group lies all students of the same place."""
    groups = charts.keys["student_group"].tolist()
    if 0 not in groups:
        return NO_POOLED, (), shown
    key = charts.keys.iloc[groups.index(0)]
    rows = charts.points.iloc[key["first"] : key["last"] + 1]
    lines = rows[["date", "value", "n_schools"]].assign(line=0)
    return lines, (say("side.together_all"),), [replace(one, line=0 if groups[one.row] else -1) for one in shown]


def _pooled_schools(
    network: Network, charts: Charts, what: Asked, shown: list[Shown]
) -> tuple[pd.DataFrame, tuple[str, ...], list[Shown]]:
    """The network behind all schools, or behind each school its own district."""
    if what.line == "network":
        choice = replace(_choice(network, what), pooled=True, constant=what.same)
        lines = _pooled_lines([choice], what.rules)
        return lines, (say("side.together_network"),), [replace(one, line=0) for one in shown]
    schools = charts.keys["school"].tolist()
    districts = sorted({network.schools[schools[one.row]].district for one in shown} - {""})
    number = {name: i for i, name in enumerate(districts)}
    line_of = {school.id: number.get(school.district, -1) for school in network.schools.values()}
    behind = [replace(one, line=line_of[schools[one.row]]) for one in shown]
    if not what.same:
        points = charts.points
        return pooled(points, points["school"].map(line_of).fillna(-1).astype("int64")), tuple(districts), behind
    base = replace(_choice(network, what), pooled=True, constant=True)
    wanted = [replace(base, schools=_of_district(network, name)) for name in districts]
    return _pooled_lines(wanted, what.rules, range(len(wanted))), tuple(districts), behind


def _of_district(network: Network, name: str) -> tuple[int, ...]:
    return tuple(number for number, school in network.schools.items() if school.district == name)


def _pooled_lines(wanted: Sequence[Choice], rules: str, numbers: Sequence[int] = (0,)) -> pd.DataFrame:
    """The pooled points of each choice; a newest period that isn't complete is left out of the line."""
    parts = [NO_POOLED.assign(measure=0)] if not wanted else []
    for one, choice in zip(numbers, wanted, strict=True):
        found = data.charts(choice, rules)
        points = found.points[~found.points["excluded"].to_numpy(dtype=bool)]
        parts.append(points[["measure", "date", "value", "n_schools"]].assign(line=one))
    return pd.concat(parts, ignore_index=True)


def _what(network: Network, what: Asked) -> str:
    place = network.school_label(what.school)
    measure, group = network.measures[what.measure].label, network.groups[what.group].label
    if what.by == "group":
        return f"{measure}, {place}"
    return f"{place}, {group}" if what.by == "measure" else f"{measure}, {group}"


def _sentence(network: Network, charts: Charts, what: Asked, shown: Sequence[Shown], panels: Panels) -> str:
    """How many charts, on which scale, what the faint line is, and luck beside what was found."""
    phases = charts.newest_phases.iloc[[one.row for one in shown]]
    count = say(f"side.by.{what.by}", n=number(len(shown)))
    parts = (count, _scale_said(what, panels), _line_said(network, charts, what, panels), luck(phases))
    return " · ".join(part for part in parts if part)


def _scale_said(what: Asked, panels: Panels) -> str:
    if what.by == "measure":
        return say("side.scale.units")
    unit, ticks = next(iter(panels.axes.items()))
    return say(f"side.scale.{'zoomed' if what.zoom else 'one'}", range=range_text(ticks[0], ticks[-1], unit))


def _line_said(network: Network, charts: Charts, what: Asked, panels: Panels) -> str:
    if panels.pooled.empty:
        no_school = what.same and what.by == "school" and what.line != "none"
        return say("side.line.none") if no_school else ""
    if what.by == "group":
        return say("side.line.groups")
    counts = panels.pooled.loc[panels.pooled["value"].notna(), "n_schools"]
    low, high = int(counts.min()), int(counts.max())
    schools = (
        counted("schools", high) if low == high else say("value.range", low=number(low), high=counted("schools", high))
    )
    name = "district" if what.by == "school" and what.line == "district" else "network"
    same = say("side.line.same") if what.same and what.by == "school" else ""
    newest = panels.pooled.loc[panels.pooled["value"].notna(), "date"].max()
    short = newest < charts.newest_points["date"].max()
    left_out = say("side.line.short") if short and what.by == "school" else ""
    return say(f"side.line.{name}", schools=schools, same=same, short=left_out)


def title(network: Network, what: Asked) -> str:
    measure, place = network.measures[what.measure].label, network.school_label(what.school)
    return say(f"side.title.{what.by}", measure=measure, place=place)
