"""Limits of control charts, as data and a few kernels: all series, phases and baselines at once.

Formulas as in qicharts2 (XmR with 3/1.128 where others round to 2.66), after Montgomery, Introduction to Statistical
Quality Control, and Laney 2002, Quality Engineering 14:531. A moving range needs two neighbouring points: it never
bridges a missing value; a point that is left out makes its neighbours neighbours.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.analysis.rules import LIMIT_OF_NHS
from lib.analysis.series import (
    Flags,
    Floats,
    Phases,
    baselines_of,
    counting,
    flagged_for_baseline,
    in_median,
    phases_of,
    points_to_freeze,
    values_of,
)

RANGE_OF_TWO = 1.128
"""The mean moving range of independent normal values in standard deviations (d2 for 2). Source: Montgomery, app. VI."""

LARGEST_RANGE = 3.267
"""The upper limit of moving ranges, in mean moving ranges (D4 for 2). Source: as above."""

SIGMAS = 3
"""Limits lie this many standard deviations from the centre. Source: Shewhart 1931."""

Reads = Literal["value", "count", "proportion", "rate"]


@dataclass(frozen=True)
class Rows:
    """What limits are made of; one entry per row. `used`: points in the centre; `excluded`: left out by a person."""

    value: Floats
    numerator: Floats
    denominator: Floats
    used: Flags
    excluded: Flags
    phases: Phases

    @classmethod
    def of_values(cls, value: Floats, used: Flags, excluded: Flags, phases: Phases) -> "Rows":
        none = np.full(len(value), np.nan)
        return cls(value, none, none, used, excluded, phases)

    def over(self, value: Floats) -> Floats:
        """The mean of the used values of each phase, repeated for its rows."""
        return self.repeated(means_of(np.where(self.used, value, np.nan), self.phases))

    def spread(self, value: Floats, screened: bool) -> Floats:
        """The standard deviation that the used neighbours tell, repeated for the rows of each phase."""
        return self.repeated(mean_moving_range(self, value, screened) / RANGE_OF_TWO)

    def repeated(self, of_phase: Floats) -> Floats:
        return np.repeat(of_phase, self.phases.length)


Limits = tuple[Floats, Floats, Floats, Floats]
"""What is plotted, its centre, lower and upper limit; one entry per row."""


def means_of(value: Floats, phases: Phases) -> Floats:
    """The mean of the values of each phase that aren't NaN; NaN where it has none.

    Summed twice, so that the mean of equal values is exactly that value.

    >>> means_of(np.array([0.1] * 10 + [np.nan]), phases_of(pd.DataFrame({"series": [0] * 10 + [1]})))
    array([0.1, nan])
    """
    there = ~np.isnan(value)
    n = sums_of(there.astype(np.float64), phases)
    mean = _divided(sums_of(np.where(there, value, 0.0), phases), n)
    away = np.where(there, value - np.repeat(mean, phases.length), 0.0)
    return mean + _divided(sums_of(away, phases), n)


def sums_of(value: Floats, phases: Phases) -> Floats:
    return np.add.reduceat(value, phases.first) if len(value) else np.zeros(0)


def _divided(a: Floats, b: Floats) -> Floats:
    """a / b, NaN where b isn't positive."""
    return np.divide(a, b, out=np.full(np.shape(a), np.nan), where=b > 0)


def moving_ranges(value: Floats, excluded: Flags, phases: Phases) -> Floats:
    """How far each row lies from the row before it; NaN beside a missing value, at the first row and where left out.

    >>> value = np.array([1.0, 3.0, 9.0, 4.0, np.nan, 5.0])
    >>> moving_ranges(value, value == 9, phases_of(pd.DataFrame({"series": [0] * 6})))
    array([nan,  2., nan,  1., nan, nan])
    """
    ranges = np.full(len(value), np.nan)
    row = np.flatnonzero(~excluded)
    phase, kept = phases.of_row[row], value[row]
    same = phase[1:] == phase[:-1]
    ranges[row[1:]] = np.where(same, np.abs(kept[1:] - kept[:-1]), np.nan)
    return ranges


def mean_moving_range(rows: Rows, value: Floats, screened: bool = False) -> Floats:
    """The mean moving range of each phase over its used rows.

    `screened`: ranges at or over their own upper limit are left out, once; where all are 0, none is.
    """
    ranges = moving_ranges(np.where(rows.used, value, np.nan), rows.excluded, rows.phases)
    mean = means_of(ranges, rows.phases)
    if screened:
        large = (ranges >= rows.repeated(LARGEST_RANGE * mean)) & (ranges > 0)
        mean = means_of(np.where(large, np.nan, ranges), rows.phases)
    return mean


def _around(centre: Floats, sigma: Floats, lowest: float = -np.inf, highest: float = np.inf) -> tuple[Floats, Floats]:
    """Limits around a centre, cut at the lowest and highest possible value."""
    return np.maximum(centre - SIGMAS * sigma, lowest), np.minimum(centre + SIGMAS * sigma, highest)


def xmr(rows: Rows, screened: bool) -> Limits:
    centre = rows.over(rows.value)
    return rows.value, centre, *_around(centre, rows.spread(rows.value, screened))


def xmr_of_nhs(rows: Rows, screened: bool) -> Limits:
    centre = rows.over(rows.value)
    to_limit = LIMIT_OF_NHS * rows.repeated(mean_moving_range(rows, rows.value, screened))
    return rows.value, centre, centre - to_limit, centre + to_limit


def moving_range(rows: Rows, screened: bool) -> Limits:
    ranges = moving_ranges(rows.value, rows.excluded, rows.phases)
    centre = rows.repeated(mean_moving_range(rows, rows.value))
    return ranges, centre, np.zeros(len(ranges)), LARGEST_RANGE * centre


def _pooled(rows: Rows) -> Floats:
    """Sum of numerators over sum of denominators: never a mean of percentages."""
    numerator, denominator = (np.where(rows.used, of, 0.0) for of in (rows.numerator, rows.denominator))
    return rows.repeated(_divided(sums_of(numerator, rows.phases), sums_of(denominator, rows.phases)))


def proportion(rows: Rows, screened: bool) -> Limits:
    centre = _pooled(rows)
    sigma = np.sqrt(centre * (1 - centre) / rows.denominator)
    return rows.value, centre, *_around(centre, sigma, 0.0, 1.0)


def rate(rows: Rows, screened: bool) -> Limits:
    centre = _pooled(rows)
    return rows.value, centre, *_around(centre, np.sqrt(centre / rows.denominator), 0.0)


def laney_proportion(rows: Rows, screened: bool) -> Limits:
    centre = _pooled(rows)
    sigma = _laney(rows, centre, np.sqrt(centre * (1 - centre) / rows.denominator), screened)
    return rows.value, centre, *_around(centre, sigma, 0.0, 1.0)


def laney_rate(rows: Rows, screened: bool) -> Limits:
    centre = _pooled(rows)
    sigma = _laney(rows, centre, np.sqrt(centre / rows.denominator), screened)
    return rows.value, centre, *_around(centre, sigma, 0.0)


def _laney(rows: Rows, centre: Floats, sigma: Floats, screened: bool) -> Floats:
    """Sigma times the standard deviation of the z values, as their moving range tells it; 0 stays 0."""
    z = _divided(rows.value - centre, sigma)
    return np.where(sigma == 0, 0.0, sigma * rows.spread(z, screened))


def count(rows: Rows, screened: bool) -> Limits:
    centre = rows.over(rows.value)
    return rows.value, centre, *_around(centre, np.sqrt(centre), 0.0)


@dataclass(frozen=True)
class ControlChart:
    """A kind of control chart; `reads` says which numbers it is for."""

    name: str
    label: str
    reads: Reads
    limits: Callable[[Rows, bool], Limits]

    @property
    def bounds(self) -> str:
        """What its values must be, in words."""
        return {"proportion": "it goes from 0 to 1"}.get(self.reads, "it is never under 0")


CONTROL_CHARTS: dict[str, ControlChart] = {
    chart.name: chart
    for chart in (
        ControlChart("xmr", "XmR", "value", xmr),
        ControlChart("nhs", "XmR of the NHS rules", "value", xmr_of_nhs),
        ControlChart("mr", "Moving range", "value", moving_range),
        ControlChart("p", "P", "proportion", proportion),
        ControlChart("pp", "P′ (Laney)", "proportion", laney_proportion),
        ControlChart("u", "U", "rate", rate),
        ControlChart("up", "U′ (Laney)", "rate", laney_rate),
        ControlChart("c", "C", "count", count),
    )
}


def control_limits(
    points: pd.DataFrame,
    chart: str = "xmr",
    baseline: "int | pd.Series[int] | NDArray[np.int64] | None" = None,
    screened: bool = False,
) -> pd.DataFrame:
    """Centre and limits for every row of `points`, which are as `run_charts` takes them; `baseline` too.

    Adds `plotted` (the value; the moving range on an mr chart), `centre`, `lower`, `upper` and `beyond` (strictly
    outside; points that were left out are judged too, but tell nothing of the limits). NaN where there is no point or
    nothing to tell them by. `screened`: moving ranges over their own upper limit are left out (not on an mr chart).
    Raises KeyError for an unknown chart, ValueError for numbers that the chart can't be made of.

    >>> points = pd.DataFrame({"series": 0, "value": [4.0, 6.0, 4.0, 6.0, 25.0]})
    >>> control_limits(points, "xmr", baseline=4)[["centre", "lower", "upper", "beyond"]].round(3).tail(2)
       centre  lower   upper  beyond
    3     5.0 -0.319  10.319   False
    4     5.0 -0.319  10.319    True
    """
    kind = CONTROL_CHARTS[chart]
    rows = _rows_of(points, kind, baseline)
    if not len(points):
        plotted = centre = lower = upper = np.zeros(0)
    else:
        plotted, centre, lower, upper = kind.limits(rows, screened)
    beyond = (plotted > upper) | (plotted < lower)
    return points.assign(plotted=plotted, centre=centre, lower=lower, upper=upper, beyond=beyond)


def _rows_of(
    points: pd.DataFrame, chart: ControlChart, baseline: "int | pd.Series[int] | NDArray[np.int64] | None"
) -> Rows:
    phases = phases_of(points)
    value, is_ratio = values_of(points)
    none = np.full(len(points), np.nan)
    numerator = denominator = none
    if chart.reads in ("proportion", "rate"):
        value = np.where(is_ratio, value, np.nan)
        numerator, denominator = (
            np.where(is_ratio, points[name].to_numpy(dtype=np.float64, na_value=np.nan), np.nan)
            for name in ("numerator", "denominator")
        )
    _refuse_impossible(value, chart)
    counts = counting(points, value)
    baselines = baselines_of(points_to_freeze(baseline, phases), flagged_for_baseline(points, counts), counts, phases)
    used = in_median(counts, baselines, phases)
    return Rows(value, numerator, denominator, used, left_out(points), phases)


def left_out(points: pd.DataFrame) -> Flags:
    """The rows that a person left out, with or without a value."""
    if "excluded" not in points:
        return np.zeros(len(points), dtype=np.bool_)
    return points["excluded"].to_numpy(dtype=np.bool_, na_value=False)


def impossible(value: Floats, chart: ControlChart) -> Flags:
    """Values that the chart can't have: counts and rates under 0, proportions outside 0 to 1."""
    if chart.reads == "value":
        return np.zeros(len(value), dtype=np.bool_)
    return (value < 0) | ((value > 1) & (chart.reads == "proportion"))


def _refuse_impossible(value: Floats, chart: ControlChart) -> None:
    wrong = int(impossible(value, chart).sum())
    if wrong:
        raise ValueError(f"{wrong} rows can't be {chart.reads}s")
