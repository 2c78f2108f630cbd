"""How often a rule set speaks when nothing changed, and how large a step it would have noticed.

Own median: n useful points, every order of those above and below equally likely; halves floor(n/2) and ceil(n/2) unless
ties with the median left unequal numbers on its sides. Long runs and crossings are counted exactly. Trends and limits
depend on the values themselves: sets that have them are simulated once for normal values. Of trends it is also known
how rarely they speak where neighbours are equal, from normal values that are rounded. Frozen baseline: b baseline
points, then k useful points, independent normal values, simulated once; neighbours that are alike, too. The figures are
saw-toothed in the number of points, so nothing is interpolated: outside the tables there is no figure (NaN).

`python -m lib.analysis.make_tables` makes the tables; they name their seed.
"""

from functools import cache
from math import comb
from pathlib import Path

import numpy as np
import pandas as pd

from lib.analysis.rules import RULE_SETS, RuleSet, runs_limits
from lib.analysis.series import Floats, Integers
from lib.analysis.states import UNREADABLE

TABLES = Path(__file__).parent / "tables"

EQUAL_STEP = 0.05
EQUAL_PLACES = range(1, 7)
"""Shares of neighbouring points that are equal, in steps, for which it is kept how often trends stay away."""

LONGEST_COUNTED = 1000
"""Useful points up to which arrangements are counted; no chart is longer, and counting grows with the square."""


def pieces(points: int, parts: int, longest: int) -> int:
    """In how many ways `points` points in a row can be cut into `parts` runs of 1 to `longest` points.

    >>> pieces(5, 2, 5), pieces(5, 2, 3), pieces(5, 2, 2), pieces(0, 0, 3)
    (4, 2, 0, 1)
    """
    if parts == 0:
        return int(points == 0)
    ways = 0
    for too_long in range(min(parts, max(points - parts, 0) // longest) + 1):
        left = points - too_long * longest - 1
        ways += (-1) ** too_long * comb(parts, too_long) * (comb(left, parts - 1) if left >= 0 else 0)
    return ways


def quiet_orders(above: int, below: int, longest: int, fewest_runs: int, most_runs: int) -> int:
    """In how many orders of points above and below no run is over `longest` and the number of runs is inside.

    >>> quiet_orders(2, 2, 4, 1, 4), quiet_orders(2, 2, 1, 1, 4), quiet_orders(3, 0, 3, 1, 3)
    (6, 2, 1)
    """
    most_parts = max(above, below) + 1
    above_in = [pieces(above, parts, longest) for parts in range(most_parts + 1)]
    below_in = [pieces(below, parts, longest) for parts in range(most_parts + 1)]
    ways = 0
    for runs in range(max(fewest_runs, 1), min(most_runs, above + below) + 1):
        fewer, more = runs // 2, (runs + 1) // 2
        if more <= most_parts:
            ways += above_in[more] * below_in[fewer] + above_in[fewer] * below_in[more]
    return ways


@cache
def chance_of_runs(
    n: int,
    longest: int | None = None,
    fewest_runs: int | None = None,
    most_runs: int | None = None,
    larger_side: int = 0,
) -> float:
    """Chance that some run is over `longest`, or the number of runs is under `fewest_runs` or over `most_runs`.

    `larger_side`: how many of the n points lie on the side with more of them; 0 for halves.

    >>> round(100 * chance_of_runs(12, longest=5), 1)
    1.3
    >>> chance_of_runs(3, longest=2, larger_side=3)
    1.0
    """
    more = larger_side or n - n // 2
    limits = (n if longest is None else longest, fewest_runs or 0, n if most_runs is None else most_runs)
    orders = comb(n, more)
    return (orders - quiet_orders(more, n - more, *limits)) / orders


@cache
def chance(
    rules: str, n: int, larger_side: int = 0, lag1: float = 0, points: int = 0, equal_neighbours: float = 0
) -> float:
    """Chance that the rule set fires on a chart of `n` useful points with its own median when nothing changed.

    `larger_side`: how many of them lie on the side with more, where ties with the median left the sides unequal; 0 for
    halves. Unequal sides make long runs and few crossings more frequent. `lag1`: how alike neighbouring points are, by
    their lag-1 correlation: 0, 0.2 or 0.4. Trends are made of all `points` (0 for n), those on the median too, and are
    rarer the larger the share of equal neighbours. NaN where it isn't known. Raises KeyError for an unknown rule set.

    >>> [round(100 * chance("anhoej", n), 1) for n in (12, 24, 36)]
    [1.3, 3.1, 4.3]
    >>> [round(100 * chance("shift8", n), 1) for n in (12, 24, 36)]
    [0.0, 1.7, 5.2]
    >>> [round(100 * chance("anhoej", 24, side), 1) for side in (12, 14, 16)]
    [3.1, 4.7, 12.3]
    >>> [round(100 * chance("ihi", 12, points=points)) for points in (12, 13)]
    [13, 15]
    >>> [round(100 * chance("anhoej", 24, lag1=lag1)) for lag1 in (0, 0.2, 0.4)]
    [3, 10, 24]
    """
    rule_set = RULE_SETS[rules]
    if lag1:
        return float(_at(_alike_table(rules, lag1), 0, n))
    if rule_set.has_limits:
        return float(_at(_own_table("chance_own", rules), n))
    if not 1 <= n <= LONGEST_COUNTED:
        return float("nan")
    quiet = 1 - _chance_counted(rule_set, n, larger_side)
    if rule_set.trend_points:
        quiet *= float(_quiet_trends(rules, max(n, points), equal_neighbours))
    return 1 - quiet


def _quiet_trends(rules: str, points: Integers | int, equal_neighbours: Floats | float) -> Floats:
    """Of the charts quiet otherwise, the share in which no trend speaks; on a line between two shares of the table."""
    place = np.minimum(np.asarray(equal_neighbours) / EQUAL_STEP, EQUAL_PLACES[-1])
    fewer = place.astype(np.int64)
    more = np.minimum(fewer + 1, EQUAL_PLACES[-1])
    at_fewer, at_more = (_at(_quiet_table(rules), points, shares) for shares in (fewer, more))
    return np.asarray(at_fewer + (place - fewer) * (at_more - at_fewer))


def _chance_counted(rules: RuleSet, n: int, larger_side: int = 0) -> float:
    """The chance that the set's long runs and crossings alone fire."""
    few = rules.fewest_crossings(n) + 1 if rules.fewest_crossings else None
    most = rules.most_crossings(n) + 1 if rules.most_crossings else None
    return chance_of_runs(n, rules.longest_run_limit(n), few, most, larger_side)


def chance_of_runs_limits(n: int) -> float:
    """Chance that the number of runs alone is outside its exact limits.

    >>> [round(100 * chance_of_runs_limits(n), 1) for n in (12, 24, 36)]
    [2.6, 1.9, 2.7]
    """
    fewest, most = runs_limits(n)
    return chance_of_runs(n, fewest_runs=fewest, most_runs=most)


def chance_after_baseline(rules: str, baseline: int, after: int, lag1: float = 0) -> float:
    """Chance that the rule set fires on `baseline` points that freeze the median and `after` useful points.

    `lag1` as in `chance`. NaN outside the tables: baseline 6 to 42 and after 6 to 104; where neighbours are alike
    baseline 8, 10, 12, 16 or 20 and after 6 to 52.
    """
    if lag1:
        return float(_at(_alike_table(rules, lag1), baseline, after))
    return float(_at(_frozen_table("chance_frozen", rules), baseline, after))


def noticeable_step(rules: str, n: int) -> float:
    """The smallest lasting step, in wobbles, starting halfway through, that fires 4 times of 5; NaN if over 6."""
    return float(_at(_own_table("noticeable_own", rules), n))


def noticeable_step_after_baseline(rules: str, baseline: int, after: int) -> float:
    """The smallest lasting step, in wobbles, right after the baseline, that fires 4 times of 5; NaN if over 6."""
    return float(_at(_frozen_table("noticeable_frozen", rules), baseline, after))


def chances(
    rules: RuleSet,
    n_useful: Integers,
    larger_side: Integers,
    baseline: Integers,
    n_after: Integers,
    trending: tuple[Integers, Integers] | None = None,
) -> Floats:
    """Chance for each phase; `baseline` is the number of baseline points, 0 for an own median.

    `trending`: for a set that reads trends, the points that they are made of, and how many equal the one before.
    """
    frozen = _at(_frozen_table("chance_frozen", rules.name), baseline, n_after)
    if rules.has_limits:
        return np.where(baseline > 0, frozen, _at(_own_table("chance_own", rules.name), n_useful))
    counted = (baseline == 0) & (n_useful >= 1) & (n_useful <= LONGEST_COUNTED)
    room = int(larger_side.max(initial=0)) + 1
    pairs, which = np.unique(n_useful[counted] * room + larger_side[counted], return_inverse=True)
    quiet = np.full(len(n_useful), np.nan)
    quiet[counted] = np.array([1 - _chance_counted(rules, *divmod(both, room)) for both in pairs.tolist()])[which]
    if trending:
        points, equal = trending
        quiet *= _quiet_trends(rules.name, points, equal / np.maximum(points - 1, 1))
    return np.where(baseline > 0, frozen, 1 - quiet)


def noticeable_steps(rules: RuleSet, n_useful: Integers, baseline: Integers, n_after: Integers) -> Floats:
    """The noticeable step of each phase in wobbles; arguments as in `chances`."""
    own = _at(_own_table("noticeable_own", rules.name), n_useful)
    frozen = _at(_frozen_table("noticeable_frozen", rules.name), baseline, n_after)
    return np.where(baseline > 0, frozen, own)


def expected_flags(phases: pd.DataFrame) -> float:
    """How many of these charts would be flagged by luck alone: the sum of chances of the charts that can be read.

    `phases` are rows of `RunCharts.phases`; charts whose chance isn't known add nothing.
    """
    readable = ~phases["state"].isin(UNREADABLE)
    return float(phases.loc[readable, "chance"].sum())


def _at(table: Floats, *places: Integers | int) -> Floats:
    """The table at these places, NaN outside."""
    inside = np.ones(np.broadcast_shapes(*(np.shape(place) for place in places)), dtype=np.bool_)
    for place, size in zip(places, table.shape, strict=True):
        inside &= (np.asarray(place) >= 0) & (np.asarray(place) < size)
    found = table[tuple(np.where(inside, place, 0) for place in places)]
    return np.where(inside, found, np.nan)


@cache
def _own_table(name: str, rules: str) -> Floats:
    rows = _table(name)
    table = np.full(int(rows["n"].max()) + 1, np.nan)
    if rules in rows:
        table[rows["n"].to_numpy()] = rows[rules].to_numpy()
    return table


@cache
def _frozen_table(name: str, rules: str) -> Floats:
    rows = _table(name)
    table = np.full((int(rows["baseline"].max()) + 1, int(rows["after"].max()) + 1), np.nan)
    table[rows["baseline"].to_numpy(), rows["after"].to_numpy()] = rows[rules].to_numpy()
    return table


@cache
def _quiet_table(rules: str) -> Floats:
    """Points by shares of equal neighbours; without any it follows from the chance of all rules and the counted one."""
    rows, own = _table("quiet_trends"), _own_table("chance_own", rules)
    table = np.full((len(own), len(EQUAL_PLACES) + 1), np.nan)
    table[rows["n"].to_numpy(), rows["equal"].to_numpy()] = rows[rules].to_numpy()
    known = np.flatnonzero(~np.isnan(own))
    by_runs = np.array([_chance_counted(RULE_SETS[rules], n) for n in known.tolist()])
    table[known, 0] = (1 - own[known]) / (1 - by_runs)
    return table


@cache
def _alike_table(rules: str, lag1: float) -> Floats:
    """Own medians stand at a baseline of 0."""
    rows = _table("chance_alike")
    rows = rows[rows["lag1"] == lag1]
    baseline, n = rows["baseline"].to_numpy(), rows["points"].to_numpy()
    table = np.full((baseline.max(initial=0) + 1, n.max(initial=0) + 1), np.nan)
    table[baseline, n] = rows[rules].to_numpy()
    return table


def _table(name: str) -> pd.DataFrame:
    return pd.read_csv(TABLES / f"{name}.csv", comment="#")
