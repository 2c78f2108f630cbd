"""Reading run charts: the rules of one rule set over any number of series at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from lib.analysis import runs, states
from lib.analysis.by_chance import chances, noticeable_steps
from lib.analysis.flags import flags_of
from lib.analysis.limits import Rows, left_out, means_of
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
    refuse_ungrouped,
    series_of,
    sides_of,
    values_of,
    wobbles_of,
)

DIRECTIONS = ("", "up", "mixed", "down")
"""At 0, 1, 2 and -1."""

MIXED = 2

ROWS_AT_ONCE = 1 << 20
"""About so many rows are summed up at a time, so that what is made of them stays close to the processor."""

ROW_COLUMNS = (
    "first", "last", "baseline_first", "baseline_last", "run_first", "run_last", "trend_first", "trend_last",
)  # fmt: skip
"""Columns of phases that are positions in the rows given; -1 = none."""

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
    screened: bool = False,
    centre: float | NDArray[np.float64] | None = None,
) -> RunCharts:
    """Read the run charts of all series in `points`, which are grouped by `series` (ascending) and in date order.

    `points` has `series` and `value`, or `numerator` and `denominator`, or all three (then a ratio wins); optionally
    `phase` (a new phase begins where the label changes), `excluded` and `baseline` (the flagged points that count
    freeze the median of their phase). The argument `baseline`: how many points that count freeze the median of the
    first phase of each series where none of its points is flagged, 0 for its own. `reads_runs`: whether run rules may
    be read, one for all or one per series. `screened`: very large moving ranges tell nothing of a set's limits.
    `centre`: a given middle line in place of the points' own, one for all or one per series (NaN: its own); it needs
    no baseline. Raises ValueError when `points` isn't grouped or a length doesn't fit, KeyError for unknown rules.

    >>> five_low_five_high = pd.DataFrame({"series": 1, "value": [1, 2, 3, 2, 1, 8, 9, 8, 9, 8]})
    >>> chart = run_charts(five_low_five_high)
    >>> chart.phases[["median", "crossings", "crossings_limit", "fired", "state", "direction"]]
       median  crossings  crossings_limit          fired  state direction
    0     5.5          1                2  few_crossings  shift        up
    """
    reading = _read(points, RULE_SETS[rules], baseline, screened, centre)
    return RunCharts(_phase_table(reading, reads_runs), _point_table(points, reading), rules)


def summarize(
    points: pd.DataFrame,
    rules: str = "anhoej",
    baseline: "int | pd.Series[int] | NDArray[np.int64] | None" = None,
    reads_runs: bool | NDArray[np.bool_] = True,
    screened: bool = False,
    centre: float | NDArray[np.float64] | None = None,
    brief: bool = False,
) -> pd.DataFrame:
    """`run_charts(...).phases` without the table of points, for many series.

    `brief`: without `wobble`, `lag1` and `noticeable`, which only a chart that is looked at needs.
    """
    tables = []
    for rows, among in _batches(series_of(points)):
        freeze, reads, given = (_of_batch(each, among) for each in (baseline, reads_runs, centre))
        reading = _read(points.iloc[rows], RULE_SETS[rules], freeze, screened, given)
        tables.append(_moved(_phase_table(reading, reads, brief), rows.start))
    return pd.concat(tables, ignore_index=True) if len(tables) > 1 else tables[0]


def _batches(series: Integers) -> Iterator[tuple[slice, slice]]:
    """Whole series, about ROWS_AT_ONCE rows at a time: which rows, and which of the series. One batch at least."""
    if len(series) <= ROWS_AT_ONCE:
        yield slice(0, len(series)), slice(None)
        return
    refuse_ungrouped(series)
    first = np.concatenate([[0], np.flatnonzero(series[1:] != series[:-1]) + 1, [len(series)]])
    cuts = np.unique(np.searchsorted(first, np.arange(0, len(series), ROWS_AT_ONCE)))
    ends = [*cuts[1:].tolist(), len(first) - 1]
    for begin, end in zip(cuts.tolist(), ends, strict=True):
        last = end == len(first) - 1
        yield slice(int(first[begin]), int(first[end])), slice(begin, None if last else end)


def _of_batch(given: Any, among: slice) -> Any:
    """What is given for each series, for some of them; what is given for all as it is."""
    return np.asarray(given)[among] if np.ndim(given) else given


def _moved(phases: pd.DataFrame, by: int) -> pd.DataFrame:
    if by:
        for column in ROW_COLUMNS:
            phases[column] += np.where(phases[column] >= 0, by, 0)
    return phases


@dataclass(frozen=True)
class _Reading:
    """Everything found in the rows before it is put in tables.

    `median` is the middle line: the mean for a set that says so, or a given one (`given`, per phase). `flags`: the
    place in `rules.rules` of the rule that each row is flagged by, -1 for none; only of sets that have limits.
    """

    rules: RuleSet
    phases: Phases
    value: Floats
    counts: Flags
    baselines: Baselines
    given: Flags
    median: Floats
    side: NDArray[np.int8]
    runs: Runs
    trends: Trends | None
    flags: NDArray[np.int8] | None
    longest_run_limit: Floats
    fewest_crossings: Floats
    most_crossings: Floats


def _read(
    points: pd.DataFrame,
    rules: RuleSet,
    baseline: "int | pd.Series[int] | NDArray[np.int64] | None",
    screened: bool,
    given: float | NDArray[np.float64] | None,
) -> _Reading:
    phases = phases_of(points)
    value, is_ratio = values_of(points)
    counts = counting(points, value)
    flagged = flagged_for_baseline(points, counts)
    baselines = baselines_of(points_to_freeze(baseline, phases), flagged, counts, phases)
    members = in_median(counts, baselines, phases)
    wished = np.full(len(phases), np.nan) if given is None else _per_series(given, phases, "centre")
    own = _centre(value if members.all() else np.where(members, value, np.nan), phases, baselines, rules)
    centre = np.where(np.isnan(wished), own, wished)
    side = sides_of(value, is_ratio, counts, centre, phases)
    ties = rules.has_limits
    found = runs.runs_of(side, phases, counts & (side == 0) if ties else None)
    trends = runs.trends_of(value, is_ratio, counts, phases, rules.trend_points, ties) if rules.trend_points else None
    flags = None
    if trends is not None and rules.has_limits:
        rows = Rows.of_values(value, members, left_out(points), phases)
        flags = flags_of(rows, rows.repeated(centre), side, found, trends, screened)
    limits = (rules.longest_run_limit, rules.fewest_crossings, rules.most_crossings)
    longest, fewest, most = (_limit(limit, found.n_useful) for limit in limits)
    line = (~np.isnan(wished), centre, side)
    return _Reading(rules, phases, value, counts, baselines, *line, found, trends, flags, longest, fewest, most)


def _centre(value: Floats, phases: Phases, baselines: Baselines, rules: RuleSet) -> Floats:
    if rules.centre == "mean":
        return means_of(value, phases)
    return medians_of(value, phases, np.where(baselines.frozen, baselines.last, phases.last))


def _phase_table(reading: _Reading, reads_runs: bool | NDArray[np.bool_], brief: bool = False) -> pd.DataFrame:
    bits = _fired(reading)
    facts = _facts(reading, bits, reads_runs)
    columns = (
        _place_columns(reading),
        _count_columns(reading, facts),
        _signal_columns(reading, bits),
        _state_columns(reading, facts),
        _chance_columns(reading, facts, brief),
    )
    return pd.DataFrame({name: column for part in columns for name, column in part.items()}, copy=False)


def _facts(reading: _Reading, bits: NDArray[np.int64], reads_runs: bool | NDArray[np.bool_]) -> states.Facts:
    phases, found, baselines = reading.phases, reading.runs, reading.baselines
    n_after, frozen = found.n_useful.copy(), np.flatnonzero(baselines.frozen)
    n_after[frozen] = found.end[frozen] - np.searchsorted(found.row, baselines.last[frozen] + 1)
    newest_run = np.where(found.newest >= 0, np.append(found.length, 0)[found.newest], 0)
    window = states.newest_window(n_after)
    return states.Facts(
        reads_runs=_per_series(reads_runs, phases, "reads_runs").astype(np.bool_),
        frozen=baselines.frozen | reading.given,
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
        has_limits=reading.rules.has_limits,
    )


_Columns = dict[str, NDArray[Any] | ExtensionArray]


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
        "fired": _named(_names(reading.rules), bits),
        "run_first": run_first,
        "run_last": run_last,
        "trend_first": trend_first,
        "trend_last": trend_last,
    }


def _state_columns(reading: _Reading, facts: states.Facts) -> _Columns:
    state = states.states_of(facts)
    side = np.where((facts.side == 0) & (facts.window > 0), MIXED, facts.side)
    return {
        "newest_run": facts.newest_run,
        "newest_window": facts.window,
        "newest_above": facts.window_above,
        "newest_below": facts.window - facts.window_above,
        "newest_side": _named(DIRECTIONS, side),
        "state": _named(states.STATES, state),
        "direction": _named(DIRECTIONS, states.directions_of(state, facts)),
        "needed": states.needed_of(state, facts, reading.rules),
    }


def _chance_columns(reading: _Reading, facts: states.Facts, brief: bool) -> _Columns:
    larger_side = np.maximum(facts.n_above, facts.n_below)
    unknown = reading.given | _has_others(reading, facts)
    frozen = (np.where(unknown, UNKNOWN_BASELINE, reading.baselines.n_points), facts.n_after)
    trending = (reading.trends.n_points, reading.trends.n_equal) if reading.trends else None
    chance = chances(reading.rules, facts.n_useful, larger_side, *frozen, trending)
    if brief:
        return {"chance": chance}
    wobble = wobbles_of(reading.value, reading.counts, reading.phases)
    return {
        "wobble": wobble,
        "lag1": lag1_of(reading.value, reading.counts, reading.median, reading.phases),
        "chance": chance,
        "noticeable": noticeable_steps(reading.rules, facts.n_useful, *frozen) * wobble,
    }


def _has_others(reading: _Reading, facts: states.Facts) -> Flags:
    """Phases with useful points that are neither in the baseline nor after it; no table tells their chance."""
    if not reading.baselines.frozen.any():
        return reading.baselines.frozen
    useful = np.zeros(len(reading.value), dtype=np.bool_)
    useful[reading.runs.row] = True
    in_baseline = per_phase(useful & reading.baselines.member, reading.phases)
    return reading.baselines.frozen & (in_baseline + facts.n_after < facts.n_useful)


def _nullable(limit: Floats) -> pd.arrays.IntegerArray:
    missing = np.isnan(limit)
    return pd.arrays.IntegerArray(np.where(missing, 0, limit).astype(np.int64), missing)


def _per_series(given: Any, phases: Phases, name: str) -> NDArray[Any]:
    """What is given for all series or for each one, for each phase."""
    of_series, each = np.cumsum(phases.number == 1) - 1, np.asarray(given)
    if each.ndim and len(each) != (phases.number == 1).sum():
        raise ValueError(f"`{name}` has {len(each)} entries for {(phases.number == 1).sum()} series")
    return each[of_series] if each.ndim else np.full(len(phases), each)


def _newest_up(found: Runs) -> Flags:
    last = np.maximum(found.end - 1, 0)
    return np.append(found.side > 0, False)[np.minimum(last, len(found.side))]


def _limit(limit: LimitOfLength | None, n_useful: Integers) -> Floats:
    return by_length(limit, n_useful) if limit else np.full(len(n_useful), np.nan)


def _fired(reading: _Reading) -> NDArray[np.int64]:
    """Which rules fired, one bit each in the order of `RuleSet.rules`. Comparisons with no limit (NaN) are false."""
    verdicts = _verdicts(reading) if reading.flags is None else _verdicts_on_points(reading.flags, reading)
    bits = np.zeros(len(reading.phases), dtype=np.int64)
    for bit, verdict in enumerate(verdicts):
        bits |= verdict.astype(np.int64) << bit
    return bits


def _verdicts(reading: _Reading) -> list[Flags]:
    rules, found = reading.rules, reading.runs
    verdicts = [found.longest > reading.longest_run_limit]
    if rules.fewest_crossings:
        verdicts.append(found.crossings < reading.fewest_crossings)
    if rules.most_crossings:
        verdicts.append(found.crossings > reading.most_crossings)
    if reading.trends is not None:
        verdicts.append(np.bincount(reading.trends.phase, minlength=len(reading.phases)) > 0)
    return verdicts


def _verdicts_on_points(flags: NDArray[np.int8], reading: _Reading) -> list[Flags]:
    return [per_phase(flags == rule, reading.phases) > 0 for rule in range(len(reading.rules.rules))]


def _names(rules: RuleSet) -> list[str]:
    """What `fired` says for each combination of bits."""
    combinations = range(1 << len(rules.rules))
    return [";".join(name for bit, name in enumerate(rules.rules) if bits >> bit & 1) for bits in combinations]


def _named(names: Sequence[str], places: NDArray[Any]) -> ExtensionArray:
    """A column of names by their places; -1 is the last."""
    return _words(tuple(names)).take(places)


@cache
def _words(names: tuple[str, ...]) -> ExtensionArray:
    return pd.array(list(names), dtype="str")


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
    table = points.assign(
        value=reading.value,
        phase=np.repeat(phases.number, phases.length),
        median=np.repeat(reading.median, phases.length),
        side=np.where(counts, reading.side.astype(np.float64), np.nan),
        run=_sparse(run, found.row, len(points)),
        place=_sparse(place, found.row, len(points)),
        in_signal=_in_signal(reading),
        in_baseline=reading.baselines.member,
    )
    if reading.flags is not None:
        table["fired"] = _named([*reading.rules.rules, ""], reading.flags)
    return table


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
    """Useful points of the runs beyond the limit and the points of trends; for a set with limits its flagged points."""
    if reading.flags is not None:
        return reading.flags >= 0
    found, rows = reading.runs, len(reading.value)
    beyond = found.length > reading.longest_run_limit[found.phase]
    signal = np.zeros(rows, dtype=np.bool_)
    signal[found.row[np.repeat(beyond, found.length)]] = True
    if reading.trends is not None:
        signal |= runs.rows_in(reading.trends.first, reading.trends.last, rows) & reading.counts
    return signal
