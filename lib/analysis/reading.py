"""Reading run charts: the rules of one rule set over any number of series at once."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.analysis import runs, states
from lib.analysis.by_chance import chances, noticeable_steps
from lib.analysis.rules import RULE_SETS, LimitOfLength, RuleSet, by_length
from lib.analysis.runs import Runs, Trends
from lib.analysis.series import (
    Baselines,
    Flags,
    Floats,
    Integers,
    Phases,
    baselines_of,
    counting,
    flagged_for_baseline,
    in_median,
    lag1_of,
    medians_of,
    per_phase,
    phases_of,
    points_to_freeze,
    sides_of,
    values_of,
    wobbles_of,
)

DIRECTIONS = np.array(["", "up", "down"], dtype=object)
"""At 0, 1 and -1."""

UNKNOWN_BASELINE = 1 << 20
"""A number of baseline points that no table of chances holds."""


@dataclass(frozen=True)
class RunCharts:
    """What the rules say: `phases` has one row per series and phase, `points` one per row that was given."""

    phases: pd.DataFrame
    points: pd.DataFrame
    rules: str


def run_charts(
    points: pd.DataFrame,
    rules: str = "anhoej",
    baseline: "int | pd.Series[int] | NDArray[np.int64] | None" = None,
    reads_runs: bool | NDArray[np.bool_] = True,
) -> RunCharts:
    """Read the run charts of all series in `points`, which are grouped by `series` (ascending) and in date order.

    `points` has `series` and `value`, or `numerator` and `denominator`, or all three (then a ratio wins); optionally
    `phase` (a new phase begins where the label changes), `excluded` and `baseline` (the flagged points that count
    freeze the median of their phase). The argument `baseline`: how many points that count freeze the median of the
    first phase of each series where none of its points is flagged, 0 for its own. `reads_runs`: whether run rules may
    be read, one for all or one per series. Raises ValueError when `points` isn't grouped or a length doesn't fit,
    KeyError for unknown rules.

    >>> five_low_five_high = pd.DataFrame({"series": 1, "value": [1, 2, 3, 2, 1, 8, 9, 8, 9, 8]})
    >>> chart = run_charts(five_low_five_high)
    >>> chart.phases[["median", "crossings", "crossings_limit", "fired", "state", "direction"]]
       median  crossings  crossings_limit          fired  state direction
    0     5.5          1                2  few_crossings  shift        up
    """
    reading = _read(points, RULE_SETS[rules], baseline)
    return RunCharts(_phase_table(reading, reads_runs), _point_table(points, reading), rules)


def summarize(
    points: pd.DataFrame,
    rules: str = "anhoej",
    baseline: "int | pd.Series[int] | NDArray[np.int64] | None" = None,
    reads_runs: bool | NDArray[np.bool_] = True,
) -> pd.DataFrame:
    """`run_charts(...).phases` without the table of points, for many series."""
    return _phase_table(_read(points, RULE_SETS[rules], baseline), reads_runs)


@dataclass(frozen=True)
class _Reading:
    """Everything found in the rows before it is put in tables."""

    rules: RuleSet
    phases: Phases
    value: Floats
    counts: Flags
    baselines: Baselines
    median: Floats
    side: NDArray[np.int8]
    runs: Runs
    trends: Trends | None
    longest_run_limit: Floats
    fewest_crossings: Floats
    most_crossings: Floats


def _read(
    points: pd.DataFrame, rules: RuleSet, baseline: "int | pd.Series[int] | NDArray[np.int64] | None"
) -> _Reading:
    phases = phases_of(points)
    value, is_ratio = values_of(points)
    counts = counting(points, value)
    flagged = flagged_for_baseline(points, counts)
    baselines = baselines_of(points_to_freeze(baseline, phases), flagged, counts, phases)
    median_until = np.where(baselines.frozen, baselines.last, phases.last)
    members = in_median(counts, baselines, phases)
    median = medians_of(value if members.all() else np.where(members, value, np.nan), phases, median_until)
    side = sides_of(value, is_ratio, counts, median, phases)
    found = runs.runs_of(side, phases)
    trends = runs.trends_of(value, is_ratio, counts, phases, rules.trend_points) if rules.trend_points else None
    limits = (rules.longest_run_limit, rules.fewest_crossings, rules.most_crossings)
    longest, fewest, most = (_limit(limit, found.n_useful) for limit in limits)
    return _Reading(rules, phases, value, counts, baselines, median, side, found, trends, longest, fewest, most)


def _phase_table(reading: _Reading, reads_runs: bool | NDArray[np.bool_]) -> pd.DataFrame:
    bits = _fired(reading)
    facts = _facts(reading, bits, reads_runs)
    columns = (
        _place_columns(reading),
        _count_columns(reading, facts),
        _signal_columns(reading, bits),
        _state_columns(reading, facts),
        _chance_columns(reading, facts),
    )
    return pd.DataFrame({name: column for part in columns for name, column in part.items()})


def _facts(reading: _Reading, bits: NDArray[np.int64], reads_runs: bool | NDArray[np.bool_]) -> states.Facts:
    phases, found, baselines = reading.phases, reading.runs, reading.baselines
    begin = np.where(baselines.frozen, baselines.last + 1, phases.first)
    n_after = found.end - np.searchsorted(found.row, begin)
    newest_run = np.where(found.newest >= 0, np.append(found.length, 0)[found.newest], 0)
    window = states.newest_window(n_after)
    return states.Facts(
        reads_runs=_per_series(reads_runs, phases),
        frozen=baselines.frozen,
        fired=bits > 0,
        n_useful=found.n_useful,
        n_above=runs.above_in_newest(found, found.n_useful),
        n_after=n_after,
        longest_run_limit=reading.longest_run_limit,
        crossings_limit=reading.fewest_crossings,
        newest_run=np.minimum(newest_run, n_after),
        newest_run_up=_newest_up(found),
        window=window,
        window_above=runs.above_in_newest(found, window),
    )


_Columns = dict[str, NDArray[Any] | pd.arrays.IntegerArray]


def _place_columns(reading: _Reading) -> _Columns:
    phases = reading.phases
    return {
        "series": phases.series,
        "phase": phases.number,
        "first": phases.first,
        "last": phases.last,
        "n_points": per_phase(reading.counts, phases),
        "n_useful": reading.runs.n_useful,
        "median": reading.median,
        "baseline_first": reading.baselines.first,
        "baseline_last": reading.baselines.last,
    }


def _count_columns(reading: _Reading, facts: states.Facts) -> _Columns:
    return {
        "n_after": facts.n_after,
        "n_above": facts.n_above,
        "n_below": facts.n_below,
        "longest_run": reading.runs.longest,
        "longest_run_limit": _nullable(reading.longest_run_limit),
        "crossings": reading.runs.crossings,
        "crossings_limit": _nullable(reading.fewest_crossings),
        "most_crossings_limit": _nullable(reading.most_crossings),
    }


def _signal_columns(reading: _Reading, bits: NDArray[np.int64]) -> _Columns:
    run_first, run_last = _newest_run_beyond(reading)
    trend_first, trend_last = _newest_trend(reading)
    return {
        "signal": bits > 0,
        "fired": _names(reading.rules)[bits],
        "run_first": run_first,
        "run_last": run_last,
        "trend_first": trend_first,
        "trend_last": trend_last,
    }


def _state_columns(reading: _Reading, facts: states.Facts) -> _Columns:
    state = states.states_of(facts)
    side = DIRECTIONS[facts.side]
    side[(facts.side == 0) & (facts.window > 0)] = "mixed"
    return {
        "newest_run": facts.newest_run,
        "newest_window": facts.window,
        "newest_above": facts.window_above,
        "newest_below": facts.window - facts.window_above,
        "newest_side": side,
        "state": np.array(states.STATES, dtype=object)[state],
        "direction": DIRECTIONS[states.directions_of(state, facts)],
        "needed": states.needed_of(state, facts, reading.rules),
    }


def _chance_columns(reading: _Reading, facts: states.Facts) -> _Columns:
    wobble = wobbles_of(reading.value, reading.counts, reading.phases)
    larger_side = np.maximum(facts.n_above, facts.n_below)
    frozen = (np.where(_has_others(reading, facts), UNKNOWN_BASELINE, reading.baselines.n_points), facts.n_after)
    return {
        "wobble": wobble,
        "lag1": lag1_of(reading.value, reading.counts, reading.median, reading.phases),
        "chance": chances(reading.rules, facts.n_useful, larger_side, *frozen),
        "noticeable": noticeable_steps(reading.rules, facts.n_useful, *frozen) * wobble,
    }


def _has_others(reading: _Reading, facts: states.Facts) -> Flags:
    """Phases with useful points that are neither in the baseline nor after it; no table tells their chance."""
    useful = np.zeros(len(reading.value), dtype=np.bool_)
    useful[reading.runs.row] = True
    in_baseline = per_phase(useful & reading.baselines.member, reading.phases)
    return reading.baselines.frozen & (in_baseline + facts.n_after < facts.n_useful)


def _nullable(limit: Floats) -> pd.arrays.IntegerArray:
    missing = np.isnan(limit)
    return pd.arrays.IntegerArray(np.where(missing, 0, limit).astype(np.int64), missing)


def _per_series(flags: bool | NDArray[np.bool_], phases: Phases) -> Flags:
    of_series = np.cumsum(phases.number == 1) - 1
    given = np.asarray(flags, dtype=np.bool_)
    if given.ndim and len(given) != (phases.number == 1).sum():
        raise ValueError(f"`reads_runs` has {len(given)} entries for {(phases.number == 1).sum()} series")
    return given[of_series] if given.ndim else np.full(len(phases), bool(given))


def _newest_up(found: Runs) -> Flags:
    last = np.maximum(found.end - 1, 0)
    return np.append(found.side > 0, False)[np.minimum(last, len(found.side))]


def _limit(limit: LimitOfLength | None, n_useful: Integers) -> Floats:
    return by_length(limit, n_useful) if limit else np.full(len(n_useful), np.nan)


def _fired(reading: _Reading) -> NDArray[np.int64]:
    """Which rules fired, one bit each in the order of `RuleSet.rules`. Comparisons with no limit (NaN) are false."""
    rules, found = reading.rules, reading.runs
    verdicts = [found.longest > reading.longest_run_limit]
    if rules.fewest_crossings:
        verdicts.append(found.crossings < reading.fewest_crossings)
    if rules.most_crossings:
        verdicts.append(found.crossings > reading.most_crossings)
    if reading.trends is not None:
        verdicts.append(np.bincount(reading.trends.phase, minlength=len(reading.phases)) > 0)
    bits = np.zeros(len(reading.phases), dtype=np.int64)
    for bit, verdict in enumerate(verdicts):
        bits |= verdict.astype(np.int64) << bit
    return bits


def _names(rules: RuleSet) -> NDArray[np.object_]:
    """What `fired` says for each combination of bits."""
    combinations = range(1 << len(rules.rules))
    said = [";".join(name for bit, name in enumerate(rules.rules) if bits >> bit & 1) for bits in combinations]
    return np.array(said, dtype=object)


def _run_rows(found: Runs, which: Integers) -> tuple[Integers, Integers]:
    """Rows of the first and last point of these runs."""
    start = found.start[which]
    return found.row[start], found.row[start + found.length[which] - 1]


def _newest_run_beyond(reading: _Reading) -> tuple[Integers, Integers]:
    first, last = np.full(len(reading.phases), -1), np.full(len(reading.phases), -1)
    newest = runs.newest_beyond(reading.runs, reading.longest_run_limit)
    some = newest >= 0
    first[some], last[some] = _run_rows(reading.runs, newest[some])
    return first, last


def _newest_trend(reading: _Reading) -> tuple[Integers, Integers]:
    first, last = np.full(len(reading.phases), -1), np.full(len(reading.phases), -1)
    if reading.trends is not None:
        first[reading.trends.phase] = reading.trends.first  # of repeated places NumPy keeps the last
        last[reading.trends.phase] = reading.trends.last
    return first, last


def _point_table(points: pd.DataFrame, reading: _Reading) -> pd.DataFrame:
    phases, found, counts = reading.phases, reading.runs, reading.counts
    run, place = _run_and_place(reading)
    return points.assign(
        value=reading.value,
        phase=np.repeat(phases.number, phases.length),
        median=np.repeat(reading.median, phases.length),
        side=np.where(counts, reading.side.astype(np.float64), np.nan),
        run=_sparse(run, found.row, len(points)),
        place=_sparse(place, found.row, len(points)),
        in_signal=_in_signal(reading),
        in_baseline=reading.baselines.member,
    )


def _run_and_place(reading: _Reading) -> tuple[Integers, Integers]:
    """For each useful point the number of its run in its phase and its place in the run, both from 1."""
    found = reading.runs
    first_run = np.cumsum(found.n_runs) - found.n_runs
    number = np.arange(len(found.length)) - first_run[found.phase] + 1
    place = np.arange(len(found.row)) - np.repeat(found.start, found.length) + 1
    return np.repeat(number, found.length), place


def _sparse(given: Integers, rows: Integers, length: int) -> pd.arrays.IntegerArray:
    whole, missing = np.zeros(length, dtype=np.int64), np.ones(length, dtype=np.bool_)
    whole[rows], missing[rows] = given, False
    return pd.arrays.IntegerArray(whole, missing)


def _in_signal(reading: _Reading) -> Flags:
    """Useful points of the runs beyond the limit, and the points of trends."""
    found, rows = reading.runs, len(reading.value)
    beyond = found.length > reading.longest_run_limit[found.phase]
    signal = np.zeros(rows, dtype=np.bool_)
    signal[found.row[np.repeat(beyond, found.length)]] = True
    if reading.trends is not None:
        signal |= runs.rows_in(reading.trends.first, reading.trends.last, rows) & reading.counts
    return signal
