"""Makes the tables of chance and of noticeable steps: `python -m lib.analysis.make_tables [FOLDER]`, some minutes.

Points are independent standard normal values. Arrays hold one row per point and one column per simulated series, so
that a walk along the points handles all series at once. Every table row has its own random stream, keyed by the seed.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lib.analysis.by_chance import EQUAL_PLACES, EQUAL_STEP, TABLES
from lib.analysis.rules import (
    LIMIT_OF_NHS,
    NEAR_OF_NHS,
    NEAR_OF_THREE,
    RULE_SETS,
    SHIFT_OF_NHS,
    TREND_OF_NHS,
    RuleSet,
    by_length,
)

SEED = 20241124
OWN_LENGTHS = range(10, 161)
BASELINES = range(6, 43)
AFTER = range(6, 105)
CHANCE_SERIES = 200_000
STEP_SERIES = 50_000
ALIKE_SERIES = 100_000
SERIES_AT_ONCE = 10_000
LAG1 = (0.2, 0.4)
"""Lag-1 correlations for which chances are kept, beside 0."""

ALIKE_LENGTHS = range(10, 105)
ALIKE_BASELINES = (8, 10, 12, 16, 20)
ALIKE_AFTER = range(6, 53)
STEPS = np.round(np.arange(0, 6.001, 0.05), 2).astype(np.float32)
NOTICED = 0.8

Values = NDArray[np.float32]
Counts = NDArray[np.uint8]
Verdicts = NDArray[np.bool_]


@dataclass
class Walk:
    """Runs, crossings and trends of many series, point by point. `side` is 1, 0 (on the median) or -1."""

    series: int
    run: Counts = field(init=False)
    longest: Counts = field(init=False)
    crossings: Counts = field(init=False)
    climb: Counts = field(init=False)
    longest_climb: Counts = field(init=False)
    n_useful: int = 0

    def __post_init__(self) -> None:
        for name in ("run", "longest", "crossings", "climb", "longest_climb"):
            setattr(self, name, np.zeros(self.series, dtype=np.uint8))
        self.side = np.zeros(self.series, dtype=np.int8)
        self.going = np.zeros(self.series, dtype=np.int8)

    def side_is(self, side: NDArray[np.int8]) -> None:
        """The next point's side; series in which it is 0 stay as they are."""
        useful = side != 0
        crosses = useful & (side != self.side)
        self.crossings += crosses & (self.side != 0)
        self.run[crosses] = 0
        self.run += useful
        self.longest = np.maximum(self.longest, self.run)
        self.side = np.where(useful, side, self.side)

    def goes(self, way: NDArray[np.int8]) -> None:
        """The next step's way, 1 or -1; 0 to an equal neighbour, counted once. `longest_climb` counts points."""
        steps = way != 0
        self.climb[steps & (way != self.going)] = 1
        self.climb += steps
        self.longest_climb = np.maximum(self.longest_climb, self.climb)
        self.going = np.where(steps, way, self.going)

    def fired(self, rules: RuleSet, n_useful: int) -> Verdicts:
        fired = self.fired_by_runs(rules, np.full(len(self.run), n_useful))
        return fired | self.trends(rules) if rules.trend_points else fired

    def fired_by_runs(self, rules: RuleSet, n_useful: NDArray[np.int64]) -> Verdicts:
        fired = self.longest > by_length(rules.longest_run_limit, n_useful)
        if rules.fewest_crossings:
            fired |= self.crossings < by_length(rules.fewest_crossings, n_useful)
        if rules.most_crossings:
            fired |= self.crossings > by_length(rules.most_crossings, n_useful)
        return fired

    def trends(self, rules: RuleSet) -> Verdicts:
        return self.longest_climb >= rules.trend_points


def walk_along(values: Values, median: Values, on_median: Verdicts | None) -> Iterator[Walk]:
    """The walk after each point; `on_median` flags the points (rows by series) that don't count."""
    walk = Walk(values.shape[1])
    for point, value in enumerate(values):
        side = np.where(value > median, np.int8(1), np.int8(-1))
        if on_median is not None and point < len(on_median):
            side[on_median[point]] = 0
        walk.side_is(side)
        if point:
            walk.goes(np.sign(value - values[point - 1]).astype(np.int8))
        yield walk


def fired_by_limits(values: Values, baseline: int) -> Verdicts:
    """Whether the NHS rules have fired up to each point; the first `baseline` points tell mean and moving range."""
    mean = values[:baseline].mean(axis=0)
    moving_range = np.abs(np.diff(values[:baseline], axis=0)).mean(axis=0)
    away = np.abs(values - mean)
    side = np.where(values > mean, np.int8(1), np.int8(-1))
    beyond = away > LIMIT_OF_NHS * moving_range
    near = (away > NEAR_OF_NHS * moving_range) & ~beyond
    going = np.where(np.diff(values, axis=0) > 0, np.int8(1), np.int8(-1))
    fired = beyond
    fired[2:] |= (np.abs(_in_a_row(side, 3)) == 3) & (_in_a_row(near.astype(np.int8), 3) >= NEAR_OF_THREE)
    fired[SHIFT_OF_NHS - 1 :] |= np.abs(_in_a_row(side, SHIFT_OF_NHS)) == SHIFT_OF_NHS
    fired[TREND_OF_NHS - 1 :] |= np.abs(_in_a_row(going, TREND_OF_NHS - 1)) == TREND_OF_NHS - 1
    return np.logical_or.accumulate(fired, axis=0)


def _in_a_row(each: NDArray[np.int8], length: int) -> NDArray[np.int16]:
    """Sums of `length` points in a row."""
    before = np.zeros((len(each) + 1, each.shape[1]), dtype=np.int16)
    np.cumsum(each, axis=0, out=before[1:])
    return before[length:] - before[:-length]


def own_fired(values: Values, sets: list[RuleSet]) -> NDArray[np.float64]:
    """How often each rule set fires with an own median that has floor(n/2) points below and ceil(n/2) above it."""
    n = len(values)
    first_above = np.partition(values.T, n // 2, axis=1)[:, n // 2]
    *_, walk = walk_along(values, np.nextafter(first_above, np.float32(-np.inf)), None)
    return np.array(
        [(fired_by_limits(values, n)[-1] if rules.has_limits else walk.fired(rules, n)).mean() for rules in sets]
    )


def frozen_fired(values: Values, baseline: int, step: np.float32, sets: list[RuleSet]) -> NDArray[np.float64]:
    """How often each rule set has fired at each length in AFTER (rule sets by lengths), `step` after the baseline."""
    start = values[:baseline]
    median = np.median(start, axis=0)
    on_median = start == median if baseline % 2 else None
    moved = np.concatenate([start, values[baseline:] + step])
    fired = np.zeros((len(sets), len(AFTER)))
    by_limits = fired_by_limits(moved, baseline).mean(axis=1) if any(rules.has_limits for rules in sets) else []
    for point, walk in enumerate(walk_along(moved, median, on_median)):
        after = point + 1 - baseline
        if after in AFTER:
            useful = baseline - baseline % 2 + after
            fired[:, after - AFTER.start] = [
                by_limits[point] if rules.has_limits else walk.fired(rules, useful).mean() for rules in sets
            ]
    return fired


def simulated(points: int, series: int, *key: int, lag1: float = 0) -> Iterator[Values]:
    """Blocks of series; each point is `lag1` times the one before it and something new, with a variance of 1."""
    random = np.random.default_rng([SEED, *key])
    for _ in range(series // SERIES_AT_ONCE):
        values = random.standard_normal((points, SERIES_AT_ONCE), dtype=np.float32)
        for point in range(1, points if lag1 else 0):
            values[point] = lag1 * values[point - 1] + np.sqrt(1 - lag1**2) * values[point]
        yield values


def chance_own(n: int, sets: list[RuleSet]) -> NDArray[np.float64]:
    often: NDArray[np.float64]
    often = np.mean([own_fired(values, sets) for values in simulated(n, CHANCE_SERIES, 1, n)], axis=0)
    return often


def quiet_trends(n: int, place: int, sets: list[RuleSet]) -> list[float]:
    """Of the charts in which no long run and no number of crossings speaks, the share without a trend, for each set.

    The values are rounded to steps, which begin anywhere, so that the share of equal neighbours is that at `place`:
    neighbours differ by a normal value with a variance of 2.
    """
    width = np.float32(2 * np.sqrt(np.pi) * EQUAL_STEP * place)
    quiet, without = np.zeros(len(sets)), np.zeros(len(sets))
    for exact in simulated(n, STEP_SERIES, 7, place, n):
        values = np.round(exact / width + np.linspace(0, 1, SERIES_AT_ONCE, endpoint=False, dtype=np.float32))
        median = np.median(values, axis=0)
        on_median = values == median
        *_, walk = walk_along(values, median, on_median)
        for at, rules in enumerate(sets):
            kept = ~walk.fired_by_runs(rules, n - on_median.sum(axis=0))
            quiet[at] += kept.sum()
            without[at] += (kept & ~walk.trends(rules)).sum()
    return [*np.round(without / quiet, 4)]


def chances_alike(place: int, sets: list[RuleSet]) -> Iterator[list[float]]:
    """Rows of the table for neighbours alike: lag-1 correlation, baseline points (0: own line), points, chances."""
    lag1 = LAG1[place]
    for n in ALIKE_LENGTHS:
        blocks = simulated(n, ALIKE_SERIES, 5, place, n, lag1=lag1)
        own: NDArray[np.float64] = np.mean([own_fired(values, sets) for values in blocks], axis=0)
        yield [lag1, 0, n, *np.round(own, 4)]
    for baseline in ALIKE_BASELINES:
        blocks = simulated(baseline + ALIKE_AFTER[-1], ALIKE_SERIES, 6, place, baseline, lag1=lag1)
        often: NDArray[np.float64]
        often = np.mean([frozen_fired(values, baseline, np.float32(0), sets) for values in blocks], axis=0)
        for after in ALIKE_AFTER:
            yield [lag1, baseline, after, *np.round(often[:, AFTER.index(after)], 4)]


def noticeable_own(n: int, sets: list[RuleSet]) -> list[float]:
    """The smallest noticed step for each rule set; NaN where even no step is, or none is."""
    blocks = list(simulated(n, STEP_SERIES, 2, n))

    @cache
    def noticed(place: int) -> NDArray[np.bool_]:
        later = (np.arange(n) >= n // 2)[:, None] * STEPS[place]
        often: NDArray[np.float64] = np.mean([own_fired(values + later, sets) for values in blocks], axis=0)
        return often >= NOTICED

    return [smallest_noticed(noticed, at) for at in range(len(sets))]


def smallest_noticed(noticed: Callable[[int], NDArray[np.bool_]], at: int) -> float:
    """Found by halving the places of STEPS, since larger steps are noticed more often; `at` is the rule set's place."""
    too_small, enough = 0, len(STEPS) - 1
    if noticed(too_small)[at] or not noticed(enough)[at]:
        return float("nan")
    while enough - too_small > 1:
        middle = (too_small + enough) // 2
        too_small, enough = (too_small, middle) if noticed(middle)[at] else (middle, enough)
    return float(STEPS[enough])


def chance_frozen(baseline: int, sets: list[RuleSet]) -> NDArray[np.float64]:
    blocks = simulated(baseline + AFTER[-1], CHANCE_SERIES, 3, baseline)
    often: NDArray[np.float64]
    often = np.mean([frozen_fired(values, baseline, np.float32(0), sets) for values in blocks], axis=0)
    return often


def noticeable_frozen(baseline: int, sets: list[RuleSet]) -> NDArray[np.float64]:
    """The smallest noticed step for each rule set and length; NaN where even no step is, or none is."""
    blocks = list(simulated(baseline + AFTER[-1], STEP_SERIES, 4, baseline))
    smallest = np.full((len(sets), len(AFTER)), -1.0)
    for step in STEPS:
        points = baseline + AFTER[np.flatnonzero((smallest < 0).any(axis=0))[-1]]
        noticed = np.mean([frozen_fired(values[:points], baseline, step, sets) for values in blocks], axis=0) >= NOTICED
        smallest[noticed & (smallest < 0)] = step
        if (smallest >= 0).all():
            break
    return np.where(smallest > 0, smallest, np.nan)


INDEPENDENT, ALIKE = "independent normal values", "normal values whose neighbours are alike"
ROUNDED = f"independent normal values, rounded so that equal x {EQUAL_STEP} of the neighbours are equal"


def write(
    folder: Path, name: str, series: int, columns: list[str], rows: list[list[float]], values: str = INDEPENDENT
) -> None:
    made = f"# Made by python -m lib.analysis.make_tables: seed {SEED}, {series} series a row, {values}"
    lines = [made, ",".join(columns), *(",".join("" if cell != cell else f"{cell:g}" for cell in row) for row in rows)]
    (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="ascii")


def frozen_rows(tables: dict[int, NDArray[np.float64]], digits: int) -> list[list[float]]:
    return [
        [baseline, after, *np.round(table[:, place], digits)]
        for baseline, table in tables.items()
        for place, after in enumerate(AFTER)
    ]


def main(folder: Path) -> None:
    sets = list(RULE_SETS.values())
    names = list(RULE_SETS)
    folder.mkdir(exist_ok=True)
    trending = [rules for rules in sets if rules.trend_points]
    rows = [[n, *np.round(chance_own(n, trending), 4)] for n in OWN_LENGTHS]
    write(folder, "chance_own", CHANCE_SERIES, ["n", *(rules.name for rules in trending)], rows)
    by_runs = [rules for rules in trending if not rules.has_limits]
    rows = [[n, place, *quiet_trends(n, place, by_runs)] for n in OWN_LENGTHS for place in EQUAL_PLACES]
    write(folder, "quiet_trends", STEP_SERIES, ["n", "equal", *(rules.name for rules in by_runs)], rows, ROUNDED)
    rows = [[n, *np.round(noticeable_own(n, sets), 2)] for n in OWN_LENGTHS]
    write(folder, "noticeable_own", STEP_SERIES, ["n", *names], rows)
    chances = {baseline: chance_frozen(baseline, sets) for baseline in BASELINES}
    write(folder, "chance_frozen", CHANCE_SERIES, ["baseline", "after", *names], frozen_rows(chances, 4))
    rows = [row for place in range(len(LAG1)) for row in chances_alike(place, sets)]
    write(folder, "chance_alike", ALIKE_SERIES, ["lag1", "baseline", "points", *names], rows, ALIKE)
    steps = {baseline: noticeable_frozen(baseline, sets) for baseline in BASELINES}
    write(folder, "noticeable_frozen", STEP_SERIES, ["baseline", "after", *names], frozen_rows(steps, 2))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else TABLES)
