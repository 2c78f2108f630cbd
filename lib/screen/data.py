"""The store as pages see it: one database a process, and what was computed from it, kept until the data change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
import streamlit as st

from lib.analysis import RunCharts, run_charts
from lib.intake.sheets import address
from lib.measures import Group, Measure, School
from lib.sample_network import fill, make_database
from lib.store import Database, default_path, definitions, series
from lib.store.series import POOLED, Choice
from lib.wording import ROW_POSITIONS, Break, IdeaStart, Reading

COMPLETE_SHARE = 0.8
"""A pooled newest period with fewer than this share of the usual schools is not complete.

Source: the project's rules, 1.
"""


@st.cache_resource(show_spinner="Getting the data ready. The first start takes a few seconds.")
def database() -> Database:
    """The one database of this process. An empty one is filled with the sample network."""
    path = default_path()
    if not path.exists():
        make_database(path)
    opened = Database(path)
    if definitions.networks(opened).empty:
        fill(opened)
    return opened


@dataclass(frozen=True)
class Network:
    """What every page needs to know of a network: read together, kept until something is written."""

    id: int
    name: str
    invented: bool
    schools: dict[int, School]
    measures: dict[int, Measure]
    groups: dict[int, Group]
    breaks: tuple[tuple[str, Break], ...]
    ideas: dict[int, tuple[IdeaStart, ...]]
    span: tuple[date, date] | None

    def school_label(self, number: int) -> str:
        """The school's name, with its code where another school has the same name."""
        if number == POOLED:
            return f"The network ({len(self.schools)} schools)"
        school = self.schools[number]
        return f"{school.name} ({school.code})" if school.name in self.shared_names else school.name

    def breaks_of(self, school: int) -> tuple[Break, ...]:
        """The breaks of a school's district; for the pooled network those that all districts have."""
        district = self.schools[school].district if school in self.schools else ""
        return tuple(gap for where, gap in self.breaks if where in ("", district))

    @cached_property
    def shared_names(self) -> set[str]:
        names = pd.Series([school.name for school in self.schools.values()], dtype="str")
        return set(names[names.duplicated()])


@st.cache_resource(max_entries=20, show_spinner=False)
def _network(_database: Database, path: str, version: int, number: int, name: str, invented: bool) -> Network:
    breaks = definitions.breaks(_database, number).itertuples(index=False, name=None)
    return Network(
        id=number,
        name=name,
        invented=invented,
        schools={school.id: school for school in definitions.schools(_database, number)},
        measures={measure.id: measure for measure in definitions.measures(_database, number)},
        groups={group.id: group for group in definitions.groups(_database, number)},
        breaks=tuple((district, Break(called, first, last)) for called, first, last, district in breaks),
        ideas=_ideas_by_school(definitions.idea_starts(_database, number)),
        span=definitions.span(_database, number),
    )


def _ideas_by_school(starts: pd.DataFrame) -> dict[int, tuple[IdeaStart, ...]]:
    """Each school's change ideas, in the order in which they come."""
    ideas: dict[int, tuple[IdeaStart, ...]] = {}
    for school, idea, day in starts.itertuples(index=False, name=None):
        ideas[school] = (*ideas.get(school, ()), IdeaStart(idea, day))
    return ideas


def networks() -> pd.DataFrame:
    return definitions.networks(database())


def network(number: int) -> Network:
    opened = database()
    row = definitions.networks(opened).set_index("id").loc[number]
    return _network(opened, opened.path, opened.version, number, str(row["name"]), bool(row["invented"]))


@dataclass(frozen=True)
class Charts:
    """Every run chart of a choice, computed at once. `keys` has one row per series: measure, school, student_group,
    first and last (row positions in `points`, inclusive)."""

    keys: pd.DataFrame
    points: pd.DataFrame
    result: RunCharts


def charts(choice: Choice, rules: str = "anhoej", baseline: int = 0) -> Charts:
    """The run charts of a choice: one query, one call of the library; kept until the data change."""
    opened = database()
    return _charts(opened, opened.path, opened.version, choice, rules, baseline)


@st.cache_resource(max_entries=200, show_spinner=False)
def _charts(_database: Database, path: str, version: int, choice: Choice, rules: str, baseline: int) -> Charts:
    points = series.points(_database, choice)
    keys = _keys(points)
    points["series"] = np.repeat(np.arange(len(keys)), keys["last"] - keys["first"] + 1)
    points["excluded"] = _incomplete(points, keys) if choice.pooled else False
    measures = {measure.id: measure for measure in definitions.measures(_database, choice.network)}
    periods = {number: choice.period or series.usual_period(measure.cadence) for number, measure in measures.items()}
    reads = np.array([replace(measures[m], cadence=periods[m]).reads_runs for m in keys["measure"]], dtype=bool)
    return Charts(keys, points, run_charts(points, rules=rules, baseline=baseline or None, reads_runs=reads))


def _keys(points: pd.DataFrame) -> pd.DataFrame:
    """Where each series starts and ends; points come in order of their series."""
    columns = points[series.KEY].to_numpy()
    first = (
        np.flatnonzero(np.r_[True, (columns[1:] != columns[:-1]).any(axis=1)])
        if len(points)
        else np.array([], dtype=int)
    )
    keys = points[series.KEY].iloc[first].reset_index(drop=True)
    return keys.assign(first=first, last=np.r_[first[1:], len(points)][: len(first)] - 1)


def _incomplete(points: pd.DataFrame, keys: pd.DataFrame) -> np.ndarray:
    """Marks the newest point of a pooled series where too few of the usual schools are in it yet."""
    marked = np.zeros(len(points), dtype=bool)
    for first, last in zip(keys["first"], keys["last"], strict=True):
        schools = points["n_schools"].to_numpy()[first : last + 1]
        if len(schools) > 1 and schools[-1] < COMPLETE_SHARE * np.median(schools[:-1]):
            marked[last] = True
    return marked


def reading(of: Network, choice: Choice, rules: str, baseline: int, number: int = 0) -> Reading | None:
    """The reading of one series of a choice, with everything that is drawn and said about it.

    None where the choice has no point.
    """
    found = charts(choice, rules, baseline)
    if not len(found.keys):
        return None
    key = found.keys.iloc[number]
    measure = of.measures[int(key["measure"])]
    school = int(key["school"])
    points = found.result.points.iloc[key["first"] : key["last"] + 1].reset_index(drop=True)
    phases = found.result.phases[found.result.phases["series"] == number].copy()
    for column in ROW_POSITIONS:
        phases[column] = np.where(phases[column] >= 0, phases[column] - key["first"], -1)
    period = choice.period or series.usual_period(measure.cadence)
    return Reading(
        measure=measure,
        place="the network" if choice.pooled else of.school_label(school),
        group=of.groups[int(key["student_group"])].label,
        period=period,
        rules=rules,
        points=with_places(points),
        phases=phases.reset_index(drop=True),
        breaks=_breaks_within(of.breaks_of(school), points),
        ideas=() if choice.pooled else _ideas_within(of.ideas.get(school, ()), points),
        aggregated=_how_combined(points, measure, period, choice.pooled),
        incomplete=bool(choice.pooled and points["excluded"].iloc[-1]),
    )


def _breaks_within(breaks: Sequence[Break], points: pd.DataFrame) -> tuple[Break, ...]:
    first, last = points["date"].iloc[0].date(), points["date"].iloc[-1].date()
    return tuple(gap for gap in breaks if gap.last >= first and gap.first <= last)


def _ideas_within(ideas: Sequence[IdeaStart], points: pd.DataFrame) -> tuple[IdeaStart, ...]:
    first, last = points["date"].iloc[0].date(), points["date"].iloc[-1].date()
    return tuple(idea for idea in ideas if first <= idea.date <= last)


def _how_combined(points: pd.DataFrame, measure: Measure, period: str, pooled: bool) -> str:
    """Says so where only values exist and several were put together."""
    if points["denominator"].notna().any() or not (points["n_values"] > 1).any():
        return ""
    if pooled:
        return "median of schools"
    return "mean of days" if measure.cadence == "day" else "mean of values"


def with_places(points: pd.DataFrame) -> pd.DataFrame:
    """Adds where each point comes from: file, sheet, cell, upload; a point of several cells says how many."""
    uploads = [int(number) for number in points["upload"].dropna().unique()]
    names = series.places(database(), uploads)
    rows = points[["upload", "sheet", "row", "col", "n_values"]].itertuples(index=False, name=None)
    said = [_place(names, *row) for row in rows]
    columns = ["file", "sheet", "cell"]
    return points.drop(columns=["sheet"]).assign(
        **{name: [place[i] for place in said] for i, name in enumerate(columns)}
    )


def _place(
    names: dict[int, tuple[str, list[str]]], upload: float, sheet: float, row: float, col: float, n_values: int
) -> tuple[str, str, str]:
    if np.isnan(upload):
        return ("", "", f"{n_values} cells" if n_values > 1 else "")
    file, sheets = names[int(upload)]
    cell = address(int(row), int(col))
    return (file, sheets[int(sheet)], cell if n_values <= 1 else f"{cell} and {n_values - 1} more")
