"""From rows to points: values, phases, baselines, medians. Everything is done for all series at once.

`rows` are the rows of the given table, grouped by series and in date order. A row *counts* when it has a value and is
not excluded; only rows that count are points of the median and of the rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

RATIO_TOLERANCE = 1e-9
"""Ratios this close, relative to the larger one, are equal: 3/10 and 30/100 must be. Plain values compare exactly."""

WOBBLE_DIVISOR = 0.954
"""The median moving range of independent normal values is 0.954 standard deviations (0.6745 times the root of 2)."""

CELLS_AT_ONCE = 1 << 16
"""How many cells a block of sorted series may have: what a processor holds close by. Bounds time, not results."""


@dataclass(frozen=True)
class Phases:
    """Where each phase lies: arrays with one entry per phase, `last` inclusive."""

    series: Integers
    number: Integers
    first: Integers
    last: Integers

    @property
    def length(self) -> Integers:
        return self.last - self.first + 1

    @cached_property
    def of_row(self) -> NDArray[np.int32]:
        """The phase of each row."""
        return np.repeat(np.arange(len(self), dtype=np.int32), self.length)

    def __len__(self) -> int:
        return len(self.first)


def phases_of(points: pd.DataFrame) -> Phases:
    """Phases begin at a new series and where the label in `phase` changes inside one; missing labels are one label.

    Raises ValueError when `series` isn't ascending.

    >>> found = phases_of(pd.DataFrame({"series": [4, 4, 4, 7], "phase": ["a", "a", "b", "b"]}))
    >>> found.first, found.last, found.number
    (array([0, 2, 3]), array([1, 2, 3]), array([1, 2, 1]))
    """
    series = series_of(points)
    rows = len(series)
    begins = np.ones(rows, dtype=np.bool_)
    begins[1:] = series[1:] != series[:-1]
    refuse_ungrouped(series)
    new_series = begins.copy()
    if "phase" in points:
        label = labels_of(points["phase"])
        begins[1:] |= label[1:] != label[:-1]
    first = np.flatnonzero(begins)
    last = np.append(first[1:], rows)[: len(first)] - 1
    order = np.arange(len(first))
    first_phase = np.maximum.accumulate(np.where(new_series[first], order, 0)) if rows else order
    return Phases(series[first].astype(np.int64), order - first_phase + 1, first, last)


def series_of(points: pd.DataFrame) -> Integers:
    """The number of each row's series, in as few bytes as it was given."""
    series: Integers = points["series"].to_numpy()
    return series if series.dtype.kind == "i" else series.astype(np.int64)


def labels_of(column: "pd.Series[Any]") -> NDArray[Any]:
    """What can be compared row by row: whole numbers and flags as they are, all else (missing too) by number."""
    if column.dtype.kind in "iub" and isinstance(column.dtype, np.dtype):
        return column.to_numpy()
    return pd.factorize(column)[0]


def refuse_ungrouped(series: Integers) -> None:
    """Raises ValueError when `series` isn't ascending."""
    if (series[1:] < series[:-1]).any():
        raise ValueError("`series` must be ascending, with the rows of one series next to each other")


def values_of(points: pd.DataFrame) -> tuple[Floats, Flags]:
    """The value of each row (NaN = missing) and whether it is a ratio.

    A ratio wins over a plain value. A denominator of 0 or less gives no point.

    >>> values_of(pd.DataFrame({"numerator": [3.0, 1.0, np.nan], "denominator": [10.0, 0.0, 5.0]}))
    (array([0.3, nan, nan]), array([ True, False, False]))
    """
    if "numerator" not in points or "denominator" not in points:
        return _plain(points), np.zeros(len(points), dtype=np.bool_)
    numerator, denominator = _floats(points["numerator"]), _floats(points["denominator"])
    is_ratio = np.isfinite(numerator) & np.isfinite(denominator) & (denominator > 0)
    if is_ratio.all():
        return numerator / denominator, is_ratio
    none = np.isfinite(denominator) & (denominator <= 0)
    value = np.where(none, np.nan, _plain(points))
    np.divide(numerator, denominator, out=value, where=is_ratio)
    return value, is_ratio


def _plain(points: pd.DataFrame) -> Floats:
    if "value" not in points:
        return np.full(len(points), np.nan)
    plain = _floats(points["value"])
    return np.where(np.isfinite(plain), plain, np.nan)


def _floats(column: "pd.Series[Any]") -> Floats:
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def counting(points: pd.DataFrame, value: Floats) -> Flags:
    """Which rows count: those with a value that aren't excluded."""
    counts = ~np.isnan(value)
    if "excluded" in points:
        counts &= ~points["excluded"].to_numpy(dtype=np.bool_, na_value=False)
    return counts


def per_phase(flags: Flags, phases: Phases) -> Integers:
    """How many rows of each phase are flagged."""
    return phases.length if flags.all() else flagged_in(flags, phases.first, phases.last + 1)


def flagged_in(flags: Flags, first: Integers, after: Integers) -> Integers:
    """How many are flagged in each stretch, from `first` to the place before `after`; stretches ascend.

    >>> flagged_in(np.array([True, False, True]), np.array([0, 1, 2]), np.array([1, 1, 3]))
    array([1, 0, 1])
    """
    if not len(first):
        return np.zeros(0, dtype=np.int64)
    ends = np.column_stack([first, after]).ravel()
    found = np.add.reduceat(np.append(flags, False).view(np.uint8), ends, dtype=np.int32)[::2]
    return np.where(after > first, found, 0).astype(np.int64)


@dataclass(frozen=True)
class Baselines:
    """`first`, `last`, `n_points`: one entry per phase; rows of its baseline, -1 where the phase has its own median.

    `member`: one entry per row, whether it lies in a baseline. A counted baseline holds all rows from the first of its
    phase to its last point, a flagged one only the flagged points.
    """

    first: Integers
    last: Integers
    n_points: Integers
    member: Flags

    @property
    def frozen(self) -> Flags:
        return self.last >= 0


def points_to_freeze(baseline: "int | pd.Series[int] | NDArray[np.int64] | None", phases: Phases) -> Integers:
    """How many points freeze the median of each phase: only first phases have a baseline; 0 = own median.

    Raises ValueError when `baseline` isn't as long as there are series, or is negative.
    """
    is_first = phases.number == 1
    wanted = np.zeros(len(phases), dtype=np.int64)
    if baseline is None:
        return wanted
    given = np.asarray(baseline, dtype=np.int64)
    if given.ndim and len(given) != is_first.sum():
        raise ValueError(f"`baseline` has {len(given)} entries for {is_first.sum()} series")
    if (given < 0).any():
        raise ValueError("`baseline` can't be negative")
    wanted[is_first] = given
    return wanted


def flagged_for_baseline(points: pd.DataFrame, counts: Flags) -> Flags | None:
    """The flagged points that count, or None where none is flagged."""
    if "baseline" not in points:
        return None
    flagged = points["baseline"].to_numpy(dtype=np.bool_, na_value=False) & counts
    return flagged if flagged.any() else None


def baselines_of(wanted: Integers, flagged: Flags | None, counts: Flags, phases: Phases) -> Baselines:
    """The flagged points of each phase; where none is, its first `wanted` points that count, or all if it has fewer.

    A phase with neither has its own median.
    """
    first, last = np.full(len(phases), -1), np.full(len(phases), -1)
    n_points = np.zeros(len(phases), dtype=np.int64)
    member = np.zeros(len(counts), dtype=np.bool_)
    if wanted.any():
        rows = np.flatnonzero(counts)
        begin = np.searchsorted(rows, phases.first)
        n_points = np.minimum(wanted, np.searchsorted(rows, phases.last, side="right") - begin)
        frozen = n_points > 0
        first[frozen], last[frozen] = phases.first[frozen], rows[(begin + n_points - 1)[frozen]]
    if flagged is not None:
        _prefer_flagged(flagged, phases, first, last, n_points)
    if (last >= 0).any():
        row = np.arange(len(counts), dtype=np.int64)
        member = (row >= np.repeat(first, phases.length)) & (row <= np.repeat(last, phases.length))
    if flagged is not None:
        member &= flagged | ~per_row(per_phase(flagged, phases) > 0, phases)
    return Baselines(first, last, n_points, member)


def _prefer_flagged(flagged: Flags, phases: Phases, first: Integers, last: Integers, n_points: Integers) -> None:
    """Puts the flagged points in place of the counted ones, in the phases that have any."""
    rows = np.flatnonzero(flagged)
    begin, end = np.searchsorted(rows, phases.first), np.searchsorted(rows, phases.last, side="right")
    some = end > begin
    first[some], last[some], n_points[some] = rows[begin[some]], rows[end[some] - 1], (end - begin)[some]


def per_row(flags: Flags, phases: Phases) -> Flags:
    """The flag of each row's phase."""
    return np.repeat(flags, phases.length)


def in_median(counts: Flags, baselines: Baselines, phases: Phases) -> Flags:
    """The points that a phase's median is made of: those of its baseline that count, else all that count."""
    if not baselines.frozen.any():
        return counts
    return counts & (baselines.member | ~per_row(baselines.frozen, phases))


def medians_of(value: Floats, phases: Phases, last: Integers | None = None) -> Floats:
    """The median of the values of each phase that aren't NaN, up to row `last`; of an even number (a + b) / 2.

    NaN where a phase has none.
    """
    length = (phases.last if last is None else last) - phases.first + 1
    n = flagged_in(~np.isnan(value), phases.first, phases.first + length)
    at_low, at_high = np.maximum(n - 1, 0) // 2, np.minimum(n // 2, length - 1)
    low, high = np.full(len(phases), np.nan), np.full(len(phases), np.nan)
    for chosen, width in _alike(length):
        block = sliding_window_view(value, width)[phases.first[chosen]]
        block.sort(axis=1)  # NaN go last
        row = np.arange(len(chosen))
        low[chosen], high[chosen] = block[row, at_low[chosen]], block[row, at_high[chosen]]
    return np.where(n % 2 == 1, low, (low + high) / 2)


def _alike(length: Integers) -> Iterator[tuple[Integers, int]]:
    """Phases of the same length together, in blocks of bounded size."""
    order = np.argsort(length, kind="stable")
    width, start = np.unique(length[order], return_index=True)
    for wide, members in zip(width.tolist(), np.split(order, start)[1:], strict=True):
        step = max(CELLS_AT_ONCE // wide, 1)
        for begin in range(0, len(members), step):
            yield members[begin : begin + step], wide


def equal(a: Floats, b: Floats, is_ratio: Flags) -> Flags:
    """Equal exactly, or for ratios within the tolerance.

    >>> equal(np.array([0.1 + 0.2, 0.1 + 0.2]), np.array([0.3, 0.3]), np.array([True, False]))
    array([ True, False])
    """
    same = a == b
    if is_ratio.any():
        near = np.abs(a - b) <= RATIO_TOLERANCE * np.maximum(np.abs(a), np.abs(b))
        same |= is_ratio & near
    return same


def sides_of(value: Floats, is_ratio: Flags, counts: Flags, median: Floats, phases: Phases) -> NDArray[np.int8]:
    """1 above the median, -1 below, 0 on it and where the row doesn't count."""
    middle = np.repeat(median, phases.length)
    away = value - middle
    side = (away > 0).view(np.int8) - (away < 0).view(np.int8)
    side *= counts
    if is_ratio.any():
        farthest = np.nanmax(np.abs(median), initial=0) * (2 * RATIO_TOLERANCE)
        near = np.flatnonzero(np.abs(away, out=away) <= farthest)
        side[near[equal(value[near], middle[near], is_ratio[near])]] = 0
    return side


def wobbles_of(value: Floats, counts: Flags, phases: Phases) -> Floats:
    """Median moving range / 0.954 of each phase: only between neighbouring rows of one phase that both count."""
    movement = np.full(len(value), np.nan)
    if len(value):
        counted = np.where(counts, value, np.nan)
        np.abs(counted[1:] - counted[:-1], out=movement[1:])
        movement[phases.first] = np.nan
    return medians_of(movement, phases) / WOBBLE_DIVISOR


def lag1_of(value: Floats, counts: Flags, median: Floats, phases: Phases) -> Floats:
    """Lag-1 correlation of the differences from the phase's median, over neighbouring rows that both count.

    The sum of products of neighbours over the sum of squares; NaN where all differences are 0.
    """
    if not len(value):
        return np.zeros(0)
    away = np.where(counts, value - np.repeat(median, phases.length), 0.0)
    product = np.zeros(len(value))
    np.multiply(away[1:], away[:-1], out=product[1:])
    product[phases.first] = 0.0
    together = np.add.reduceat(product, phases.first)
    squares = np.add.reduceat(np.square(away, out=away), phases.first)
    lag1 = np.full(len(phases), np.nan)
    return np.divide(together, squares, out=lag1, where=squares > 0)
