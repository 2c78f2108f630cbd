"""Rules that flag single points against limits, as NHSRplotthedots does: the first that applies to a point wins.

Missing values and points left out are skipped, as everywhere here; a point on the mean breaks a run.
"""

import numpy as np
from numpy.typing import NDArray

from lib.analysis.limits import Rows, mean_moving_range
from lib.analysis.rules import LIMIT_OF_NHS, NEAR_OF_NHS, NEAR_OF_THREE, SHIFT_OF_NHS
from lib.analysis.runs import Runs, Trends, rows_in
from lib.analysis.series import Flags, Floats, Phases

TOO_FAR, IN_TREND, NEAR, IN_RUN, NONE = 0, 1, 2, 3, -1
"""Places in `RuleSet.rules` of a set with limits."""


def flags_of(
    rows: Rows, centre: Floats, side: NDArray[np.int8], runs: Runs, trends: Trends, screened: bool
) -> NDArray[np.int8]:
    """For each row the rule that flags it. `side`: 1 above the centre, -1 below, 0 on it or not counting."""
    counts = ~np.isnan(rows.value) & ~rows.excluded
    value = np.where(counts, rows.value, np.nan)
    range_ = rows.repeated(mean_moving_range(rows, rows.value, screened))
    beyond = _outside(value, centre, LIMIT_OF_NHS * range_)
    near = _outside(value, centre, NEAR_OF_NHS * range_) & ~beyond
    tests = {
        TOO_FAR: beyond,
        IN_TREND: rows_in(trends.first, trends.last, len(value)) & counts,
        NEAR: two_of_three(near, side, counts, rows.phases),
        IN_RUN: _in_long_run(runs, len(value)),
    }
    return np.select(list(tests.values()), list(tests), default=NONE).astype(np.int8)


def _outside(value: Floats, centre: Floats, distance: Floats) -> Flags:
    return (value > centre + distance) | (value < centre - distance)


def two_of_three(is_near: Flags, side: NDArray[np.int8], counts: Flags, phases: Phases) -> Flags:
    """The near points of three in a row that are all on one side, where two or all three are near."""
    row = np.flatnonzero(counts)
    near, at, phase = is_near[row], side[row], phases.of_row[row]
    flagged = np.zeros(len(side), dtype=np.bool_)
    if len(row) < 3:
        return flagged
    together = (at[2:] == at[1:-1]) & (at[1:-1] == at[:-2]) & (at[2:] != 0) & (phase[2:] == phase[:-2])
    fires = together & (near[2:].astype(np.int8) + near[1:-1] + near[:-2] >= NEAR_OF_THREE)
    for place in range(3):
        flagged[row[place : len(row) - 2 + place][fires]] = True
    flagged[row[~near]] = False
    return flagged


def _in_long_run(runs: Runs, length: int) -> Flags:
    flagged = np.zeros(length, dtype=np.bool_)
    flagged[runs.row[np.repeat(runs.length >= SHIFT_OF_NHS, runs.length)]] = True
    return flagged
