"""The automatic new medians of the R packages runcharter and runchart, for analysts who compare with them.

Stepback itself never starts a new middle line; a person does. Sources: github.com/johnmackintosh/runcharter 0.2,
github.com/jsphdms/runchart 0.2.
"""

from typing import Literal

import numpy as np
import pandas as pd

from lib.analysis.runs import runs_of
from lib.analysis.series import Floats, Integers, Phases, counting, medians_of, phases_of, sides_of, values_of

BASELINE_ROWS, RUN = 13, 9
"""Rows of the first baseline, and useful points in a row that begin a new one. Source: runcharter's defaults."""

Direction = Literal["both", "above", "below"]
SIDES = {"both": (-1, 1), "above": (1,), "below": (-1,)}


def rebase_runs(
    points: pd.DataFrame,
    baseline: int = BASELINE_ROWS,
    run: int = RUN,
    direction: Direction = "both",
    made_of: int | None = None,
) -> pd.DataFrame:
    """Every median of every series: one row per `series` and `line`, with `median`, `first`, `last` and `until`.

    `points` as `run_charts` takes them. The first median is that of the first `baseline` rows, with or without a value.
    Where `run` useful points after it lie in a row on the side asked for, the next median is theirs alone (or that of
    the first `made_of` of them); counting starts anew after the last of these, and so on. `first` and `last`: rows that
    the median is made of; `until`: the first row of the next line, else the last row of the series. A series with fewer
    rows than a baseline has no row here. runchart rephases with a baseline of 8, a run of 9 and `made_of` 8, over rows
    that have a value. Raises KeyError for an unknown direction.

    >>> points = pd.DataFrame({"series": 0, "value": [1, 3] * 2 + [5, 6, 2, 7, 8, 9]})
    >>> rebase_runs(points, baseline=4, run=4)
       series  line  median  first  last  until
    0       0     1     2.0      0     3      4
    1       0     2     6.5      4     8      9
    """
    sides = SIDES[direction]
    phases = phases_of(points)
    plain, is_ratio = values_of(points)
    value = np.where(counting(points, plain), plain, np.nan)
    enough = phases.length >= baseline
    last = phases.first + baseline - 1
    median = medians_of(value, phases, np.minimum(last, phases.last))
    lines = [_line(np.flatnonzero(enough), 1, median, phases.first, last)]
    going = enough & (phases.length >= baseline + run)
    while going.any():
        side = sides_of(value, is_ratio, ~np.isnan(value), median, phases)
        side[(np.arange(len(value)) <= np.repeat(last, phases.length)) | ~np.repeat(going, phases.length)] = 0
        found, rows = _first_runs(side, phases, run, sides)
        rows = rows[:, :made_of]
        median[found], last[found] = np.median(value[rows], axis=1), rows[:, -1]
        going = np.isin(np.arange(len(phases)), found)
        first = np.zeros(len(phases), dtype=np.int64)
        first[found] = rows[:, 0]
        lines.append(_line(found, len(lines) + 1, median, first, last))
    return _in_order(pd.concat(lines), phases)


def _first_runs(side: np.ndarray, phases: Phases, run: int, sides: tuple[int, ...]) -> tuple[Integers, Integers]:
    """The phases that have a run long enough on a side asked for, and the rows of its first `run` points."""
    runs = runs_of(side, phases)
    long = np.flatnonzero((runs.length >= run) & np.isin(runs.side[runs.start], sides))
    found, at = np.unique(runs.phase[long], return_index=True)
    return found.astype(np.int64), runs.row[runs.start[long[at]][:, None] + np.arange(run)]


def _line(phase: Integers, number: int, median: Floats, first: Integers, last: Integers) -> pd.DataFrame:
    return pd.DataFrame(
        {"phase": phase, "line": number, "median": median[phase], "first": first[phase], "last": last[phase]}
    )


def _in_order(lines: pd.DataFrame, phases: Phases) -> pd.DataFrame:
    table = lines.sort_values(["phase", "line"], ignore_index=True)
    phase = table["phase"].to_numpy()
    until = np.append(table["first"].to_numpy()[1:], 0)
    newest = np.append(phase[1:] != phase[:-1], True)[: len(phase)]
    table["until"] = np.where(newest, phases.last[phase], until[: len(phase)])
    table.insert(0, "series", phases.series[phase])
    return table.drop(columns="phase")
