"""When a new middle line is offered, and when a chart asks “What changed?” instead. Never made here, only offered."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.analysis.states import UNREADABLE

FEWEST_IN_A_ROW = 9
"""Useful points in a row on the wanted side that suggest a new middle line. Source: the project's rules, 3."""

FEWEST_FOR_A_YEARS_LINE = 12
"""Useful points of a new school year at which a line of its own is offered. Source: the project's rules, 3."""

FEWEST_TO_FREEZE, ADVISED_TO_FREEZE = 8, 12
"""Points with a value that a frozen middle line should have at least, and is advised to. Source: as above."""


@dataclass(frozen=True)
class Suggestion:
    """`wanted`: a new middle line may be made, from the row `first`; else the question is what changed there.

    `n`: useful points in a row from there on, `last` the row of the newest of them.
    """

    wanted: bool
    first: int
    last: int
    n: int


def suggested_line(points: pd.DataFrame, phase: "pd.Series[Any]", way: int) -> Suggestion | None:
    """What the newest phase of one chart suggests; `way` is the wanted side: 1 up, -1 down, 0 none.

    `points` are those of one series, `phase` its newest row of `RunCharts.phases` with its row positions counted in
    `points`. A run is meant when it is the newest and has 9 useful points or more, or when the rules fired and the
    newest side is its side; then it is the newest run beyond the limit on that side, else the newest run there. None
    where no rule is read, where the run is the whole phase, and for measures without a wanted side.

    >>> points = pd.DataFrame({"side": [-1.0, 1.0, -1.0] + 9 * [1.0]})
    >>> phase = pd.Series({"first": 0, "last": 11, "baseline_last": 2, "state": "early hint", "direction": "up",
    ...                    "run_first": -1, "newest_run": 9})
    >>> suggested_line(points, phase, way=1)
    Suggestion(wanted=True, first=3, last=11, n=9)
    >>> suggested_line(points, phase, way=-1)
    Suggestion(wanted=False, first=3, last=11, n=9)
    """
    if way == 0 or phase["state"] in UNREADABLE:
        return None
    first, last, after = (int(phase[name]) for name in ("first", "last", "baseline_last"))
    side = points["side"].to_numpy(dtype=np.float64, na_value=np.nan)[: last + 1]
    useful = np.flatnonzero(np.abs(side) > 0)
    useful = useful[useful >= first]
    going = _side_that_lasts(side, useful, phase)
    run = _run_on(side, useful, going, int(phase["run_first"])) if going else useful[:0]
    run = run[run > after]
    if not len(run) or run[0] <= useful[0]:
        return None
    return Suggestion(going == way, int(run[0]), int(run[-1]), len(run))


def _side_that_lasts(side: np.ndarray, useful: np.ndarray, phase: "pd.Series[Any]") -> int:
    if phase["state"] == "shift":
        return 1 if phase["direction"] == "up" else -1
    return int(side[useful[-1]]) if int(phase["newest_run"]) >= FEWEST_IN_A_ROW else 0


def _run_on(side: np.ndarray, useful: np.ndarray, going: int, beyond: int) -> np.ndarray:
    """Rows of the run beyond the limit where it is on this side, else of the newest run on it."""
    on_side = side[useful] == going
    at = int(np.searchsorted(useful, beyond)) if beyond >= 0 and side[beyond] == going else -1
    if at < 0:
        end = int(np.flatnonzero(on_side)[-1])
        others = np.flatnonzero(~on_side[:end])
        return useful[(others[-1] + 1 if len(others) else 0) : end + 1]
    others = np.flatnonzero(~on_side[at:])
    return useful[at : at + others[0]] if len(others) else useful[at:]
