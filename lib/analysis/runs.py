"""Runs of useful points on one side of the median, and trends, for all phases at once.

A point on the median and a missing or excluded row are skipped: they neither add to a run nor break it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.analysis.series import Flags, Floats, Integers, Phases, equal, flagged_in, per_phase


@dataclass(frozen=True)
class Runs:
    """`row`, `side` have one entry per useful point; `start`, `length`, `phase` one per run; the rest one per phase.

    `start` counts useful points; `end` is the number of useful points up to the end of each phase; `newest` is the
    last run of each phase and -1 where it has none.
    """

    row: Integers
    side: NDArray[np.int8]
    start: Integers
    length: Integers
    phase: NDArray[np.int32]
    n_useful: Integers
    end: Integers
    n_runs: Integers
    crossings: Integers
    longest: Integers
    newest: Integers


def runs_of(side: NDArray[np.int8], phases: Phases, breaks: Flags | None = None) -> Runs:
    """Runs of the rows whose side isn't 0; the rows in `breaks` end a run too."""
    useful = side != 0
    row, n_useful = np.flatnonzero(useful), per_phase(useful, phases)
    at, end, some = side[row], np.cumsum(n_useful), n_useful > 0
    begins = np.ones(len(row), dtype=np.bool_)
    begins[1:] = at[1:] != at[:-1]
    begins[(end - n_useful)[some]] = True
    n_runs = flagged_in(begins, end - n_useful, end)
    crossings = np.maximum(n_runs - 1, 0)
    if breaks is not None:
        broken = np.cumsum(breaks)[row]
        begins[1:] |= broken[1:] != broken[:-1]
        n_runs = flagged_in(begins, end - n_useful, end)
    start, newest = np.flatnonzero(begins), np.cumsum(n_runs) - 1
    length = np.diff(start, append=len(row))
    longest = np.zeros(len(phases), dtype=np.int64)
    if some.any():
        longest[some] = np.maximum.reduceat(length, (newest - n_runs + 1)[some])
    phase = np.repeat(np.arange(len(phases), dtype=np.int32), n_runs)
    newest = np.where(some, newest, -1)
    return Runs(row, at, start, length, phase, n_useful, end, n_runs, crossings, longest, newest)


def newest_beyond(runs: Runs, limit: Floats) -> Integers:
    """The newest run of each phase that is longer than the phase's limit, -1 where there is none."""
    beyond = np.flatnonzero(runs.length > limit[runs.phase])
    newest = np.full(len(runs.newest), -1)
    newest[runs.phase[beyond]] = beyond  # of repeated places NumPy keeps the last
    return newest


def above_in_newest(runs: Runs, window: Integers) -> Integers:
    """How many of the newest `window` useful points of each phase lie above the median."""
    return flagged_in(runs.side > 0, runs.end - window, runs.end)


@dataclass(frozen=True)
class Trends:
    """Stretches of points all going up or all going down; one entry per trend, rows inclusive.

    `n_points`, `n_equal`: one entry per phase; its points, and how many of them equal the one before.
    """

    phase: NDArray[np.int32]
    first: Integers
    last: Integers
    n_points: Integers
    n_equal: Integers


def trends_of(
    value: Floats, is_ratio: Flags, counts: Flags, phases: Phases, points: int, ties_break: bool = False
) -> Trends:
    """Trends of at least `points` points; equal neighbours are counted once, missing rows are ignored.

    The points of a plateau at a turning point or inside a trend belong to it; of one that the phase begins with only
    the last does, as in the R package runchart. Two trends can share their turning point. With `ties_break` equal
    neighbours are counted and end a trend.
    """
    row = np.flatnonzero(counts)
    phase, at = phases.of_row[row], value[row]
    begins = np.ones(len(row), dtype=np.bool_)
    begins[1:] = phase[1:] != phase[:-1]
    different = begins.copy()
    different[1:] |= ~equal(at[1:], at[:-1], is_ratio[row][1:])
    kept = np.arange(len(row)) if ties_break else np.flatnonzero(different)
    going = np.zeros(len(kept), dtype=np.int8)
    going[1:] = np.sign(at[kept][1:] - at[kept][:-1])
    going[begins[kept] | ~different[kept]] = 0
    turns = np.ones(len(kept), dtype=np.bool_)
    turns[1:] = going[1:] != going[:-1]
    start = np.flatnonzero(turns)
    steps = np.diff(start, append=len(kept))
    trend = (steps >= points - 1) & (going[start] != 0)
    start, steps = start[trend], steps[trend]
    plateau_end = np.append(kept[1:], len(row)) - 1
    first = np.where(begins[kept[start - 1]], kept[start] - 1, kept[start - 1])
    n_points = per_phase(counts, phases)
    end = np.cumsum(n_points)
    n_equal = n_points - flagged_in(different, end - n_points, end)
    return Trends(phase[kept[start]], row[first], row[plateau_end[start + steps - 1]], n_points, n_equal)


def rows_in(first: Integers, last: Integers, rows: int) -> Flags:
    """Which of `rows` rows lie in one of the stretches from `first` to `last`, inclusive.

    >>> rows_in(np.array([1, 2]), np.array([2, 3]), 5)
    array([False,  True,  True,  True, False])
    """
    if not len(first):
        return np.zeros(rows, dtype=np.bool_)
    change = np.bincount(first, minlength=rows + 1) - np.bincount(last + 1, minlength=rows + 1)
    return np.cumsum(change[:rows]) > 0
