"""Rule sets for run charts, as data. n is always the number of useful points (points not on the median).

Limits hold the last ordinary value: a signal lies beyond them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import comb, log2
from typing import Literal

import numpy as np
from numpy.typing import NDArray

LimitOfLength = Callable[[int], int]

CROSSINGS_QUANTILE = (1, 20)
"""Too few crossings: below the 5 % quantile. Source: Anhøj & Olesen 2014, PLoS ONE 9:e113825."""

RUNS_TAIL = (1, 40)
"""Each tail of the two-sided 5 % limits for the number of runs. Source: Perla, Provost & Murray 2011."""

SHIFT_OF_PERLA = 6
"""Points in a row that make a shift. Source: Perla, Provost & Murray 2011, BMJ Quality & Safety 20:46."""

TREND_OF_PERLA = 5
"""Points all going up or all going down that make a trend. Source: as above."""

SHIFT_OF_EIGHT = 8
"""Points in a row that make a shift. Source: Balestracci, Data Sanity; the R package autospc."""


SHIFT_OF_NHS, TREND_OF_NHS = 7, 7
"""Points in a row on one side, and points all going one way. Source: NHS England, Making Data Count."""

LIMIT_OF_NHS, NEAR_OF_NHS = 2.66, 2 * (2.66 / 3)
"""Mean moving ranges from the mean to a limit (3/1.128, rounded) and to where a point is near it. Source: as above."""

NEAR_OF_THREE = 2
"""So many of three points in a row near a limit are a signal, if all three are on one side. Source: as above."""


def longest_run_anhoej(n: int) -> int:
    """The longest run that is still ordinary among n useful points, n >= 1: round(log2 n) + 3.

    log2 n is never halfway between two integers, so the kind of rounding can't matter.

    >>> [longest_run_anhoej(n) for n in (1, 2, 10, 11, 12, 22, 23, 24)]
    [3, 4, 6, 6, 7, 7, 8, 8]
    """
    return round(log2(n)) + 3


@cache
def fewest_crossings_anhoej(n: int) -> int:
    """The fewest crossings that are still ordinary among n useful points: the 5 % quantile of Binomial(n - 1, 1/2).

    Counted in integers; equals R's `qbinom(0.05, n - 1, 0.5)`.

    >>> [fewest_crossings_anhoej(n) for n in (1, 5, 6, 10, 12, 20, 24, 36)]
    [0, 0, 1, 2, 3, 6, 8, 13]
    """
    places = max(n - 1, 0)
    part, whole = CROSSINGS_QUANTILE
    ways, below = 1, 0
    for crossings in range(places + 1):
        below += ways
        if whole * below >= part << places:
            return crossings
        ways = ways * (places - crossings) // (crossings + 1)
    raise AssertionError("a distribution function ends at 1")


def ways_to_have_runs(above: int, below: int, runs: int) -> int:
    """In how many orders `above` points and `below` points make exactly `runs` runs (Wald & Wolfowitz 1940).

    >>> [ways_to_have_runs(2, 2, runs) for runs in range(6)]
    [0, 0, 2, 2, 2, 0]
    >>> ways_to_have_runs(3, 0, 1)
    1
    """
    if above == 0 or below == 0:
        return int(runs == min(above + below, 1))
    if runs < 2:
        return 0
    fewer, more = runs // 2, (runs + 1) // 2
    ways = comb(above - 1, more - 1) * comb(below - 1, fewer - 1)
    return ways + comb(above - 1, fewer - 1) * comb(below - 1, more - 1)


@cache
def runs_limits(n: int) -> tuple[int, int]:
    """The fewest and the most runs that are ordinary when n useful points fall in halves floor(n/2), ceil(n/2).

    Fewest = the smallest r with P(R <= r) > 2.5 %, most = the largest r with P(R >= r) > 2.5 %.

    >>> runs_limits(10), runs_limits(16), runs_limits(24), runs_limits(1)
    ((3, 9), (5, 13), (8, 18), (1, 1))
    """
    below, above = n // 2, n - n // 2
    part, whole = RUNS_TAIL
    enough = part * comb(n, below)
    return (
        _first_beyond(range(1, n + 1), above, below, whole, enough),
        _first_beyond(range(n, 0, -1), above, below, whole, enough),
    )


def _first_beyond(order: range, above: int, below: int, whole: int, enough: int) -> int:
    ways = 0
    for runs in order:
        ways += ways_to_have_runs(above, below, runs)
        if whole * ways > enough:
            return runs
    raise AssertionError("a distribution function ends at 1")


def fewest_crossings_perla(n: int) -> int:
    """One less than the fewest ordinary runs.

    >>> fewest_crossings_perla(10)
    2
    """
    return runs_limits(n)[0] - 1


def most_crossings_perla(n: int) -> int:
    """One less than the most ordinary runs.

    >>> most_crossings_perla(10)
    8
    """
    return runs_limits(n)[1] - 1


@dataclass(frozen=True)
class RuleSet:
    """Rules that are read together. `long`, `few`, `many`, `trend`, `beyond` and `near` name them in `fired`.

    Each limit is a function of the number of useful points (at least 1), or None where the set has no such rule.
    `centre`: what the middle line is. A set that judges by limits (`beyond`) flags each point by the first of its rules
    that applies, and a tie (on the line, or with the point before) breaks its runs and trends.
    """

    name: str
    label: str
    source: str
    longest_run_limit: LimitOfLength
    long: str
    fewest_crossings: LimitOfLength | None = None
    few: str = ""
    most_crossings: LimitOfLength | None = None
    many: str = ""
    trend_points: int = 0
    trend: str = ""
    centre: Literal["median", "mean"] = "median"
    beyond: str = ""
    near: str = ""

    @property
    def rules(self) -> tuple[str, ...]:
        """The names that can stand in `fired`, in that order; for limits the first that applies to a point wins."""
        runs = (self.long, self.few, self.many, self.trend)
        names = (self.beyond, self.trend, self.near, self.long) if self.beyond else runs
        return tuple(name for name in names if name)

    @property
    def has_limits(self) -> bool:
        return bool(self.beyond)


RULE_SETS: dict[str, RuleSet] = {
    rule_set.name: rule_set
    for rule_set in (
        RuleSet(
            "anhoej",
            "Anhøj",
            "Anhøj & Olesen 2014, PLoS ONE 9:e113825; Anhøj 2015, PLoS ONE 10:e0121349",
            longest_run_anhoej,
            "long_run",
            fewest_crossings_anhoej,
            "few_crossings",
        ),
        RuleSet(
            "ihi",
            "IHI",
            "Perla, Provost & Murray 2011, BMJ Quality & Safety 20:46; limits for the number of runs computed",
            lambda n: SHIFT_OF_PERLA - 1,
            "shift",
            fewest_crossings_perla,
            "few_runs",
            most_crossings_perla,
            "many_runs",
            TREND_OF_PERLA,
            "trend",
        ),
        RuleSet(
            "shift8",
            "Shift of 8",
            "Balestracci, Data Sanity; autospc",
            lambda n: SHIFT_OF_EIGHT - 1,
            "shift",
        ),
        RuleSet(
            "nhs",
            "NHS",
            "NHS England, Making Data Count; the R package NHSRplotthedots",
            lambda n: SHIFT_OF_NHS - 1,
            "shift",
            trend_points=TREND_OF_NHS,
            trend="trend",
            centre="mean",
            beyond="beyond_limits",
            near="two_of_three",
        ),
    )
}


def by_length(limit: Callable[[int], float], lengths: NDArray[np.int64], none: float = np.nan) -> NDArray[np.float64]:
    """`limit(n)` for every n in `lengths`, asked once per different n; `none` where n is 0.

    >>> by_length(longest_run_anhoej, np.array([10, 0, 12, 10]))
    array([ 6., nan,  7.,  6.])
    """
    table = np.full(int(lengths.max(initial=0)) + 1, none)
    for n in np.flatnonzero(np.bincount(lengths)):
        if n:
            table[n] = limit(int(n))
    return table[lengths]
