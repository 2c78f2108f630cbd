"""From marks and school years to the columns `phase`, `excluded` and `baseline` of `run_charts`, for all series.

A phase begins where a person said so. In a phase without a frozen stretch the newest school year is read against the
median of the one before it: its points are the baseline, if there are enough of them and some lie on either side of
their median; years before that keep lines of their own, as they were. A series within one school year has its own
median.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.analysis.runs import rows_in
from lib.analysis.series import (
    Flags,
    Integers,
    counting,
    medians_of,
    per_phase,
    phases_of,
    sides_of,
    values_of,
)
from lib.analysis.suggesting import FEWEST_TO_FREEZE

ROOM_FOR_DAYS = 1 << 21
"""More than any day's number, so that series and day make one ascending number."""


def with_marks(points: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    """`points` with `phase` (a number that grows where a person began a phase), `excluded` and `baseline`.

    `points`: `series` (ascending), `date` (or `day`, in whole days since 1970; ascending in a series) and perhaps
    `excluded` already. `marks`: `series`, `kind`, `first` and `last` (dates; `last` of a freeze). A phase begins at the
    first point on or after its day, a freeze holds the points from its first day to its last, a point is left out only
    on its own day.
    """
    place = _place(points["series"], points["date"] if "date" in points else points["day"])
    wanted = _place(marks["series"], marks["first"])
    row = np.searchsorted(place, wanted)
    kind, last = marks["kind"].to_numpy(), _place(marks["series"], marks["last"])
    inside = row < len(points)  # what is marked after the last point marks nothing
    row, wanted, kind, last = row[inside], wanted[inside], kind[inside], last[inside]
    found = place[row]
    begins = row[(kind == "phase") & (found // ROOM_FOR_DAYS == wanted // ROOM_FOR_DAYS)]
    excluded = np.zeros(len(points), dtype=np.bool_)
    excluded[row[(kind == "leave out") & (found == wanted)]] = True
    if "excluded" in points:
        excluded |= points["excluded"].to_numpy(dtype=np.bool_)
    first, end = row[kind == "freeze"], np.searchsorted(place, last[kind == "freeze"], side="right")
    baseline = rows_in(first[end > first], end[end > first] - 1, len(points))
    return points.assign(phase=_numbered(begins, len(points)), excluded=excluded, baseline=baseline)


def _numbered(begins: Integers, rows: int) -> NDArray[np.int32]:
    """The number of each row's stretch, 0 before the first of the rows that begin one."""
    ends = np.concatenate([[0], np.unique(begins), [rows]])
    return np.repeat(np.arange(len(ends) - 1, dtype=np.int32), np.diff(ends))


def _place(series: "pd.Series[int]", day: "pd.Series[Any]") -> Integers:
    days = day.to_numpy()
    if days.dtype.kind == "M":
        days = days.astype("datetime64[D]").astype(np.int64)
    place = np.array(series, dtype=np.int64)
    place *= ROOM_FOR_DAYS
    place += np.maximum(days, 0)
    return place


def school_years(dates: "pd.Series[pd.Timestamp]", start: int, by_week: Flags) -> Integers:
    """The school year of each period, named by the calendar year it begins in; `start` is its first month.

    A week belongs to the school year that its last day lies in.

    >>> days = pd.Series(pd.to_datetime(["2025-07-28", "2025-07-28", "2026-03-02"]))
    >>> school_years(days, 8, np.array([True, False, True]))
    array([2025, 2024, 2025])
    """
    days = dates.to_numpy().astype("datetime64[D]") + np.where(by_week, 6, 0)
    months = days.astype("datetime64[M]").astype(np.int64) + 1970 * 12
    return np.asarray((months - (start - 1)) // 12, dtype=np.int64)


def by_school_year(points: pd.DataFrame, year: Integers, new_line: Flags, applies: Flags) -> pd.DataFrame:
    """`points` with phases and baselines by school year added, and `by_year`: whose baseline comes from here.

    `points` as `with_marks` makes them; `year` is ascending in a series. Per row: `new_line`, whether each school year
    has a line of its own; `applies`, whether school years matter at all.
    """
    if points.empty:
        return points.assign(by_year=np.zeros(0, dtype=np.bool_))
    series, phase = points["series"].to_numpy(), points["phase"].to_numpy()
    part, block = _changes(series, phase), _changes(series, phase, year)
    part_of, block_of = np.cumsum(part) - 1, np.cumsum(block) - 1
    first_row = np.flatnonzero(block)
    part_of_block, number = part_of[first_row], np.arange(len(first_row))
    newest = np.zeros(part_of[-1] + 1, dtype=np.int64)
    newest[part_of_block] = number  # of repeated places NumPy keeps the last
    marked = np.bincount(part_of[points["baseline"].to_numpy()], minlength=len(newest)) > 0
    uses = applies[first_row] & ~marked[part_of_block]
    last_year = uses & ~new_line[first_row] & (number == newest[part_of_block] - 1)
    last_year[last_year] = _can_be_baselines(points[last_year[block_of]], block_of[last_year[block_of]])
    reads = np.zeros(len(newest), dtype=np.bool_)
    reads[part_of_block[last_year]] = True
    apart = uses & new_line[first_row] | reads[part_of_block] & (number < newest[part_of_block])
    by_year = last_year[block_of]
    baseline = points["baseline"].to_numpy() | by_year
    return points.assign(phase=np.cumsum(part | block & apart[block_of]), baseline=baseline, by_year=by_year)


def _can_be_baselines(points: pd.DataFrame, block_of: Integers) -> Flags:
    """Which blocks (school years of a phase) have enough points, with some on either side of their median.

    A line that can't split last year (nearly all meetings were held) can't judge this year either.
    """
    blocks = phases_of(points.assign(phase=block_of))
    value, is_ratio = values_of(points)
    counts = counting(points, value)
    median = medians_of(np.where(counts, value, np.nan), blocks)
    side = sides_of(value, is_ratio, counts, median, blocks)
    enough = per_phase(counts, blocks) >= FEWEST_TO_FREEZE
    return enough & (per_phase(side > 0, blocks) > 0) & (per_phase(side < 0, blocks) > 0)


def _changes(*columns: NDArray[np.int64]) -> Flags:
    """Where a row differs from the one before it in any column; the first row does."""
    changes = np.zeros(len(columns[0]), dtype=np.bool_)
    changes[:1] = True
    for column in columns:
        changes[1:] |= column[1:] != column[:-1]
    return changes
