"""The state of a chart: what may be said about its newest phase. Happened (direction) is apart from wanted.

The first state that applies wins; the order is the order of `STATES`.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lib.analysis.rules import RuleSet
from lib.analysis.series import Flags, Floats, Integers

State = Literal["not for run rules", "can't be split", "too early", "shift", "unsettled", "early hint", "steady"]

STATES: tuple[State, ...] = (
    "not for run rules",
    "can't be split",
    "too early",
    "shift",
    "unsettled",
    "early hint",
    "steady",
)
UNREADABLE: tuple[State, ...] = STATES[:3]
"""States in which no run rule is read."""

FEWEST_USEFUL = 10
"""Useful points that run rules need on a chart with its own median. Source: the project's states."""

FEWEST_AFTER_BASELINE = 6
"""Useful points after a frozen baseline that run rules need. Source: the project's states."""

EARLY_HINT_RUN = 6
"""Useful points in the newest run that make an early hint. Source: the project's states."""

SHORTEST_WINDOW, LONGEST_WINDOW = 5, 8
"""The newest side is read from half of the useful points, but from no fewer and no more than these."""

MOST_OF_WINDOW = (3, 4)
"""At least three quarters of the window on one side make it the newest side."""


@dataclass(frozen=True)
class Facts:
    """What the state depends on; one entry per phase. `n_after` equals `n_useful` where the median is its own."""

    reads_runs: Flags
    frozen: Flags
    fired: Flags
    n_useful: Integers
    n_above: Integers
    n_after: Integers
    longest_run_limit: Floats
    crossings_limit: Floats
    newest_run: Integers
    newest_run_up: Flags
    window: Integers
    window_above: Integers
    has_limits: bool = False

    @property
    def n_below(self) -> Integers:
        return self.n_useful - self.n_above

    @property
    def side(self) -> NDArray[np.int8]:
        """The newest side: 1 up, -1 down, 0 mixed or none."""
        return newest_side(self.window_above, self.window)


def newest_window(n_after: Integers) -> Integers:
    """How many of the newest useful points tell the newest side; never more than there are.

    >>> newest_window(np.array([0, 4, 9, 10, 13, 16, 40]))
    array([0, 4, 5, 5, 6, 8, 8])
    """
    return np.minimum(np.clip(n_after // 2, SHORTEST_WINDOW, LONGEST_WINDOW), n_after)


def newest_side(above: Integers, window: Integers) -> NDArray[np.int8]:
    """1 up, -1 down, 0 mixed (or none).

    >>> newest_side(np.array([6, 5, 2, 4, 0]), np.array([8, 8, 8, 5, 0]))
    array([ 1,  0, -1,  1,  0], dtype=int8)
    """
    part, whole = MOST_OF_WINDOW
    up = (whole * above >= part * window) & (window > 0)
    down = (whole * (window - above) >= part * window) & (window > 0)
    return up.astype(np.int8) - down.astype(np.int8)


def can_fire(facts: Facts) -> Flags:
    """Whether a long run or few crossings are possible with these numbers above and below, or a point beyond limits.

    With its own median a chart crosses at least once; against a frozen one all points can lie on one side. Many runs
    and trends need no test of their own: where they are possible at 10 useful points, few crossings are too.
    """
    longest = np.where(facts.frozen, facts.n_useful, np.maximum(facts.n_above, facts.n_below))
    split = ~facts.frozen & (facts.n_above > 0) & (facts.n_below > 0)
    return (longest > facts.longest_run_limit) | (split < facts.crossings_limit) | facts.has_limits


def states_of(facts: Facts) -> NDArray[np.int64]:
    """Places in STATES."""
    one_sided = (facts.n_above == 0) | (facts.n_below == 0)
    enough = np.where(facts.frozen, facts.n_after >= FEWEST_AFTER_BASELINE, facts.n_useful >= FEWEST_USEFUL)
    tests = [
        ~facts.reads_runs,
        ~facts.frozen & one_sided,
        ~enough | ~can_fire(facts),
        facts.fired & (facts.side != 0),
        facts.fired,
        facts.newest_run >= EARLY_HINT_RUN,
    ]
    return np.select(tests, list(range(len(tests))), default=len(tests)).astype(np.int64)


def directions_of(state: NDArray[np.int64], facts: Facts) -> NDArray[np.int8]:
    """1 up, -1 down, 0 none: the newest side of a shift, the side of the newest run of an early hint."""
    newest = np.where(facts.newest_run_up, 1, -1)
    shift, hint = state == STATES.index("shift"), state == STATES.index("early hint")
    return np.select([shift, hint], [facts.side, newest], default=0).astype(np.int8)


def fewest_that_can_fire(rules: RuleSet, frozen: bool) -> int:
    """The fewest useful points at which a rule can fire: own median with equal halves, frozen with all on one side.

    >>> from lib.analysis.rules import RULE_SETS
    >>> [fewest_that_can_fire(RULE_SETS["shift8"], frozen) for frozen in (False, True)]
    [16, 8]
    """
    n = 1
    while not rules.has_limits and not _can_fire_at(rules, n, n if frozen else n // 2, 0 if frozen else 1):
        n += 1
    return n


def _can_fire_at(rules: RuleSet, n: int, longest: int, crossings: int) -> bool:
    few = rules.fewest_crossings is not None and crossings < rules.fewest_crossings(n)
    return longest > rules.longest_run_limit(n) or few


def needed_of(state: NDArray[np.int64], facts: Facts, rules: RuleSet) -> Integers:
    """How many more useful points a chart that is too early needs before its rules can be read; 0 for all others."""
    own = np.maximum(FEWEST_USEFUL, fewest_that_can_fire(rules, frozen=False)) - facts.n_useful
    after = np.maximum(FEWEST_AFTER_BASELINE - facts.n_after, fewest_that_can_fire(rules, frozen=True) - facts.n_useful)
    missing = np.maximum(np.where(facts.frozen, after, own), 1)
    return np.where(state == STATES.index("too early"), missing, 0)
