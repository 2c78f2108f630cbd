"""The gap between two student groups, read from the store: both lines, small groups put together, and the gap."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
import streamlit as st

from lib.analysis import gap, run_charts
from lib.analysis.closing import Closing, closing, put_together
from lib.analysis.marking import by_school_year, school_years
from lib.measures import CADENCES, Group, Measure
from lib.screen import data
from lib.screen.data import Network
from lib.store import Database
from lib.store.series import POOLED, Choice
from lib.wording import Reading, say, value_text
from lib.wording.gaps import Gap

GOAL = -1
"""Instead of a second group: the goal of the measure."""


@dataclass(frozen=True)
class Asked:
    """What the page is asked for; `school` 0 is the pooled network, `other` a group, 0 all students or GOAL."""

    measure: int
    school: int
    one: int
    other: int
    rules: str = "anhoej"
    first: date | None = None
    last: date | None = None


def compare(network: Network, what: Asked) -> Gap | None:
    """None where one of the two has no value, or never both in one period; kept until the data change."""
    opened = data.database()
    return _compare(opened, opened.path, opened.version, network, what)


@st.cache_resource(max_entries=200, show_spinner=False, hash_funcs={Network: lambda network: network.key})
def _compare(_database: Database, path: str, version: int, network: Network, what: Asked) -> Gap | None:
    wanted = (what.one,) if what.other == GOAL else (what.one, what.other)
    choice = chosen(network, what, wanted)
    rows = data.charts(choice, what.rules).keys["student_group"].tolist()
    if not set(wanted) <= set(rows):
        return None
    found = [data.reading(network, choice, what.rules, 0, number=rows.index(group)) for group in wanted]
    readings = _together(network, [one for one in found if one is not None])
    one, other = readings[0], readings[1] if len(readings) > 1 else None
    second = network.groups[what.other] if other else None
    return _gap(network, one, other, network.groups[what.one], second)


def chosen(network: Network, what: Asked, groups: tuple[int, ...]) -> Choice:
    return Choice(
        network=network.id,
        measures=(what.measure,),
        schools=(what.school,) if what.school else (),
        groups=tuple(sorted(groups)),
        first=what.first,
        last=what.last,
        pooled=what.school == POOLED,
    )


def _together(network: Network, readings: list[Reading]) -> list[Reading]:
    """The readings with neighboring periods put together where a group is small; where none is, as they were."""
    points = pd.concat([one.points.assign(series=side) for side, one in enumerate(readings)], ignore_index=True)
    whole = put_together(points, _years(network, points["date"], readings[0].period))
    if (whole["n_periods"] == 1).all():
        return [replace(one, points=one.points.assign(n_periods=1)) for one in readings]
    parts = [whole[whole["series"] == side].reset_index(drop=True) for side in range(len(readings))]
    return [_read_again(network, one, part) for one, part in zip(readings, parts, strict=True)]


def _years(network: Network, dates: "pd.Series[pd.Timestamp]", period: str) -> np.ndarray:
    by_week = np.full(len(dates), CADENCES[period].weeks > 0)
    return school_years(dates, data.school_year_start(network.id), by_week)


def _read_again(network: Network, reading: Reading, points: pd.DataFrame) -> Reading:
    """The rules on points of several periods. Marks on single points of the group's own chart don't fit them."""
    incomplete = bool(len(points) and points["unfinished"].iloc[-1])
    excluded = points["excluded"] | points["unfinished"]
    kept = points.assign(series=0, excluded=excluded, why=[_why(n) for n in points["n_periods"]])
    return _read(network, replace(reading, incomplete=reading.incomplete or incomplete), kept)


def _why(n_periods: int) -> str:
    return say("gaps.periods", n=n_periods) if n_periods > 1 else ""


def _read(network: Network, reading: Reading, points: pd.DataFrame) -> Reading:
    """The reading with these points, phases and baselines by school year alone."""
    measure, n = reading.measure, len(points)
    reads = replace(measure, cadence=reading.period).reads_runs
    bare = points.assign(phase=0, baseline=False).drop(columns="by_year", errors="ignore")
    year = _years(network, bare["date"], reading.period)
    whole = by_school_year(bare, year, np.full(n, measure.new_line_each_year), np.full(n, reads))
    result = run_charts(whole, reading.rules, reads_runs=reads)
    newest = result.points["phase"] == result.points["phase"].max()
    return replace(
        reading,
        points=result.points,
        phases=result.phases,
        notes=(),
        starts=(),
        by_school_year=bool(whole.loc[newest.to_numpy(), "by_year"].any()),
    )


def _gap(network: Network, one: Reading, other: Reading | None, first: Group, second: Group | None) -> Gap | None:
    points = _gap_points(one, other)
    if points["value"].notna().sum() == 0:
        return None
    measure = gap_measure(one.measure, to_goal=other is None)
    incomplete = one.incomplete or (other is not None and other.incomplete)
    whole = replace(one, measure=measure, incomplete=incomplete, aggregated="", ideas=())
    read = _read(network, whole, points)
    values = [_values(side, read.points) for side in (one, other)]
    found = None if read.newest_phase is None else closing(read.points, read.newest_phase, *values)
    if found and other and closed_the_wrong_way(found, one.measure):
        read = replace(read, measure=replace(measure, wanted="none"))
    return Gap(one, other, read, found, first, second)


def gap_measure(measure: Measure, to_goal: bool = False) -> Measure:
    """The measure as its gap is read: wanted toward 0, or as the measure itself where the gap is to its goal."""
    unit = "percentage points" if measure.unit == "percent" else measure.unit
    bare = replace(measure, unit=unit, goal=None, goal_low=None, goal_high=None, goal_by=None)
    if to_goal or measure.wanted not in ("up", "down") or not measure.reads_runs:
        return replace(bare, wanted=measure.wanted if to_goal else "none")
    return replace(bare, wanted="in range", goal_low=0.0, goal_high=0.0)


def closed_the_wrong_way(found: Closing, measure: Measure) -> bool:
    """A gap that closed because a group got worse is nothing to be blue about."""
    moves = {"one": found.one.difference, "other": found.other.difference}
    way = moves.get(found.moved, 0.0) * (1 if measure.wanted == "up" else -1)
    return found.way == "closed" and way < 0


def _gap_points(one: Reading, other: Reading | None) -> pd.DataFrame:
    """The gap by date, with what is said of both groups at it."""
    columns = ["date", "numerator", "denominator", "value", "excluded", "n_periods", "n_schools"]
    first = one.points[columns].assign(series=0)
    second = first.assign(numerator=np.nan, denominator=np.nan, value=one.measure.goal)
    if other is not None:
        second = other.points[columns].assign(series=0)
    found = gap(first, second)
    sides = [side.drop_duplicates("date").set_index("date").reindex(found["date"]) for side in (first, second)]
    excluded = [side["excluded"].fillna(False).to_numpy(dtype=bool) for side in sides]
    n_periods = np.fmax(*(side["n_periods"].to_numpy(dtype=float) for side in sides))
    found["fewest"] = found["fewest"] if other is not None else sides[0]["denominator"].to_numpy()
    return found.assign(
        numerator=np.nan,
        denominator=np.nan,
        excluded=excluded[0] | excluded[1],
        n_periods=n_periods.astype(int),
        n_schools=sides[0]["n_schools"].to_numpy(),
        why=[_both(a, b, one.measure.unit) for a, b in zip(*(side["value"] for side in sides), strict=True)],
    )


def _both(one: float, other: float, unit: str) -> str:
    return say("gaps.both", one=value_text(one, unit, 1), other=value_text(other, unit, 1))


def _values(side: Reading | None, points: pd.DataFrame) -> np.ndarray:
    """A group's values in the rows of the gap; of the goal, which doesn't move, zeros."""
    if side is None:
        return np.zeros(len(points))
    own = side.points.drop_duplicates("date").set_index("date")["value"]
    return own.reindex(points["date"]).to_numpy(dtype=float)
