"""How the gap between two student groups changed: small groups put together period by period, and which group moved.

Source: the project's rules on small numbers (8), and its definition of a gap chart: both groups reach the smallest
number of students, the gap has a median and rules of its own, and it is told which group moved.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from lib.analysis.groups import LARGEST_POOL
from lib.analysis.series import Flags, Floats, Integers, values_of

FEWEST_STUDENTS = 10
"""Students that a point of either group should hold; with fewer it is marked. Source: the project's rules, 8."""

FEWEST_POINTS = 5
"""Points before and after the change of a gap that its medians need to be told, as the shortest window of a state."""

MOST_OF_CHANGE = 0.75
"""A group that made this share of the gap's change, or more, moved alone; three quarters make a side, too (states)."""

TURNED = 0.5
"""A gap that has changed its side and is at least this large, as a share of what it was, has not closed: it turned."""

Way = Literal["closed", "widened", "turned"]
Mover = Literal["one", "other", "both", "unclear"]


@dataclass(frozen=True)
class Ends:
    """Medians over the same points: those before the change and those after it."""

    before: float
    after: float

    @property
    def difference(self) -> float:
        return self.after - self.before


@dataclass(frozen=True)
class Closing:
    """A lasting change of the gap (`one` minus `other`), and what each group did over the same points."""

    way: Way
    moved: Mover
    gap: Ends
    one: Ends
    other: Ends
    n_before: int
    n_after: int


def put_together(points: pd.DataFrame, year: Integers, fewest: int = FEWEST_STUDENTS) -> pd.DataFrame:
    """Neighboring periods put together until both series have `fewest` in a point; most points stay as they are.

    `points`: series 0 and 1, each in order of date, with `date`, `numerator`, `denominator`, `value`, `excluded`, and
    others that are kept as they are in the first period. `year`: the school year of each row. Up to LARGEST_POOL
    periods of one school year make a point. What is left at the end of a year joins the point before it; at the end of
    the data it is a point that isn't complete. Adds `n_periods` and `unfinished`. Plain values are never put together.
    """
    table = points.assign(year=year)
    sizes = _sizes(table)
    years = table.drop_duplicates("date").set_index("date")["year"].reindex(sizes.index).to_numpy()
    place, unfinished = stretches(sizes.to_numpy(), years, fewest)
    number = pd.Series(place, index=sizes.index)
    table["stretch"] = table["date"].map(number)
    first = table.groupby(["series", "stretch"], as_index=False).first().drop(columns="year")
    summed = table.groupby(["series", "stretch"], as_index=False).agg(
        numerator=("numerator", "sum"),
        denominator=("denominator", "sum"),
        n_periods=("date", "size"),
        left_out=("excluded", "max"),
    )
    several = (summed["n_periods"] > 1).to_numpy()
    for name in ("numerator", "denominator"):
        first.loc[several, name] = summed.loc[several, name]
    first["excluded"] = summed["left_out"].astype(bool)
    value, _ = values_of(first)
    first = first.assign(value=np.where(several, value, first["value"]), n_periods=summed["n_periods"])
    return first.assign(unfinished=first["stretch"] == unfinished).drop(columns="stretch")


def _sizes(table: pd.DataFrame) -> pd.DataFrame:
    """Denominators by date and series, NaN where there is no ratio that counts."""
    value, is_ratio = values_of(table)
    counts = is_ratio & ~np.isnan(value) & ~table["excluded"].to_numpy(dtype=bool)
    size = table["denominator"].where(counts)
    return table.assign(size=size).pivot(index="date", columns="series", values="size").sort_index()


def stretches(sizes: Floats, year: Integers, fewest: int) -> tuple[Integers, int]:
    """Which point each period belongs to, and the number of a newest one that isn't complete (-1: none).

    `sizes`: students by period and group. A period in which a group has none is a point by itself.

    >>> sizes = np.array([[12, 40], [6, 40], [7, 40], [4, 40], [30, 40], [9, 40]])
    >>> stretches(sizes, np.zeros(6, dtype=int), 10)
    (array([0, 1, 1, 2, 2, 3]), 3)
    >>> stretches(sizes, np.array([0, 0, 0, 0, 1, 1]), 10)
    (array([0, 1, 1, 1, 2, 3]), 3)
    """
    found = np.zeros(len(sizes), dtype=np.int64)
    open_rows: list[int] = []
    number, last_full = 0, -1
    for row, size in enumerate(sizes):
        if open_rows and year[row] != year[open_rows[0]]:
            number = _close(found, open_rows, last_full, year, number)
            open_rows = []
        if np.isnan(size).any():
            found[row], number = number, number + 1
            continue
        open_rows.append(row)
        if (sizes[open_rows].sum(axis=0) >= fewest).all() or len(open_rows) == LARGEST_POOL:
            found[open_rows], last_full, number, open_rows = number, row, number + 1, []
    found[open_rows] = number
    return _in_order(found, number if open_rows else -1)


def _close(found: Integers, rows: list[int], last_full: int, year: Integers, number: int) -> int:
    """The rest of a finished year joins the point before it in the same year, or is a point by itself."""
    if last_full >= 0 and year[last_full] == year[rows[0]]:
        found[rows] = found[last_full]
        return number
    found[rows] = number
    return number + 1


def _in_order(found: Integers, unfinished: int) -> tuple[Integers, int]:
    """Points numbered by their first period."""
    codes, names = pd.factorize(found)
    newest = np.flatnonzero(names == unfinished)
    return codes.astype(np.int64), int(newest[0]) if len(newest) else -1


def closing(points: pd.DataFrame, phase: "pd.Series[Any]", one: Floats, other: Floats) -> Closing | None:
    """What changed, or None where the gap shows no lasting change or too few points lie on either side of it.

    `points`: the rows of the gap, read by `run_charts`; `phase` its newest one; `one` and `other`: the values of the
    groups in the same rows. Where the middle line is frozen the points after the baseline are compared with it, else
    the run that gave the signal with what lies before it (or after, where it is the first).
    """
    if phase["state"] != "shift":
        return None
    counts = points["value"].notna().to_numpy() & ~points["excluded"].to_numpy(dtype=bool)
    before, after = (rows & counts for rows in _sides(points, phase))
    if min(before.sum(), after.sum()) < FEWEST_POINTS:
        return None
    value = points["value"].to_numpy(dtype=np.float64)
    gap, first, second = (_ends(values, before, after) for values in (value, one, other))
    return Closing(way_of(gap), mover_of(gap, first, second), gap, first, second, int(before.sum()), int(after.sum()))


def _ends(values: Floats, before: Flags, after: Flags) -> Ends:
    return Ends(float(np.median(values[before])), float(np.median(values[after])))


def _sides(points: pd.DataFrame, phase: "pd.Series[Any]") -> tuple[Flags, Flags]:
    row = np.arange(len(points))
    inside = (row >= phase["first"]) & (row <= phase["last"])
    if phase["baseline_last"] >= 0:
        begins = (row >= phase["baseline_first"]) & (row <= phase["baseline_last"])
        return inside & begins, inside & (row > phase["baseline_last"])
    first, last = _run(points, phase)
    begin = first if _useful(points, inside & (row < first)) >= FEWEST_POINTS else last + 1
    return inside & (row < begin), inside & (row >= begin)


def _run(points: pd.DataFrame, phase: "pd.Series[Any]") -> tuple[int, int]:
    """First and last row of the run that gave the signal; of the longest one where few crossings did."""
    if phase["run_first"] >= 0:
        return int(phase["run_first"]), int(phase["run_last"])
    run = points["run"].iloc[int(phase["first"]) : int(phase["last"]) + 1].reset_index(drop=True)
    rows = np.flatnonzero((run == run.value_counts().sort_index().idxmax()).to_numpy(dtype=bool, na_value=False))
    return int(phase["first"]) + int(rows[0]), int(phase["first"]) + int(rows[-1])


def _useful(points: pd.DataFrame, rows: Flags) -> int:
    return int((points["side"].fillna(0).to_numpy(dtype=np.float64)[rows] != 0).sum())


def way_of(gap: Ends) -> Way:
    """
    >>> way_of(Ends(-0.16, -0.02)), way_of(Ends(-0.05, -0.12)), way_of(Ends(-0.06, 0.05)), way_of(Ends(-0.06, 0.01))
    ('closed', 'widened', 'turned', 'closed')
    """
    if gap.before * gap.after < 0 and abs(gap.after) >= TURNED * abs(gap.before):
        return "turned"
    return "closed" if abs(gap.after) < abs(gap.before) else "widened"


def mover_of(gap: Ends, one: Ends, other: Ends) -> Mover:
    """Who made most of the change of the gap; unclear where the medians of the groups don't add up to it.

    >>> gap = Ends(-0.16, -0.02)
    >>> mover_of(gap, Ends(0.48, 0.63), Ends(0.64, 0.65)), mover_of(gap, Ends(0.48, 0.48), Ends(0.64, 0.50))
    ('one', 'other')
    >>> mover_of(gap, Ends(0.48, 0.55), Ends(0.64, 0.57)), mover_of(gap, Ends(0.48, 0.48), Ends(0.64, 0.65))
    ('both', 'unclear')
    """
    total = one.difference - other.difference
    if total * gap.difference <= 0:
        return "unclear"
    share = one.difference / total
    if share >= MOST_OF_CHANGE:
        return "one"
    return "other" if share <= 1 - MOST_OF_CHANGE else "both"
