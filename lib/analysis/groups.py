"""Student groups: the gap between two of them, and small ones put together over neighbouring periods."""

import numpy as np
import pandas as pd

from lib.analysis.series import values_of

LARGEST_POOL = 4
"""Periods that are put together at most, so that a small group can be shown. Source: the project's rules, 8."""


def gap(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """The differences `one` minus `other` as series of their own, with their own median when they are read.

    Both have `series` and `date` and are as `run_charts` takes them. A row for every date of either in a series that
    both have; the value is NaN where one has none. `fewest`: the smaller denominator, so that it can be said how few
    students a difference is made of (NaN for plain values). A gap is noisier than either of its groups.

    >>> one = pd.DataFrame({"series": 0, "date": [1, 2], "numerator": [6, 9], "denominator": [10, 10]})
    >>> gap(one, one.assign(numerator=[3, 9], denominator=[10, 20]))[["value", "fewest"]]
       value  fewest
    0   0.30    10.0
    1   0.45    10.0
    """
    sides = [_values(points) for points in (one, other)]
    both = sides[0].merge(sides[1], on=["series", "date"], how="outer", suffixes=("_one", "_other"))
    shared = np.intersect1d(one["series"], other["series"])
    both = both[both["series"].isin(shared)].sort_values(["series", "date"], ignore_index=True)
    return pd.DataFrame(
        {
            "series": both["series"],
            "date": both["date"],
            "value": both["value_one"] - both["value_other"],
            "fewest": both[["size_one", "size_other"]].min(axis=1, skipna=False),
        }
    )


def _values(points: pd.DataFrame) -> pd.DataFrame:
    value, is_ratio = values_of(points)
    size = points["denominator"].to_numpy(dtype=np.float64) if "denominator" in points else np.full(len(points), np.nan)
    table = points[["series", "date"]].reset_index(drop=True)
    return table.assign(value=value, size=np.where(is_ratio, size, np.nan))


def pool_small(points: pd.DataFrame, fewest: int) -> pd.DataFrame:
    """Neighbouring periods of each series put together, 1, 2, 3 or 4 at a time, so that no stretch is too small.

    Too small is a denominator, a numerator or their difference under `fewest`. `points`: `series`, `date`, `numerator`,
    `denominator`, rows in order. All periods of a series are put together alike, by the smallest number that will do;
    where four won't, the stretches of four that are too small have no value (NaN). One row per stretch: `series`,
    `date` (of its first period), `numerator`, `denominator`, `value`, `n_periods`. A newest stretch that isn't full
    is left out.

    >>> points = pd.DataFrame({"series": 0, "date": range(5), "numerator": [6, 5, 7, 5, 9], "denominator": 18})
    >>> pool_small(points, 10)[["date", "numerator", "denominator", "n_periods"]]
       date  numerator  denominator  n_periods
    0     0       11.0         36.0          2
    1     2       12.0         36.0          2
    """
    pools, left = [], points[["series", "date", "numerator", "denominator"]]
    for size in range(1, LARGEST_POOL + 1):
        pooled = _stretches(left, size)
        small = _too_small(pooled, fewest)
        again = pooled["series"].isin(pooled.loc[small, "series"]) & (size < LARGEST_POOL)
        pooled.loc[small, ["numerator", "denominator"]] = np.nan
        pools.append(pooled[~again])
        left = left[left["series"].isin(pooled.loc[again, "series"])]
    table = pd.concat(pools).sort_values(["series", "date"], ignore_index=True)
    return table.assign(value=table["numerator"] / table["denominator"])


def _stretches(points: pd.DataFrame, size: int) -> pd.DataFrame:
    """Sums of `size` periods in a row; periods without numbers add nothing."""
    place = points.groupby("series").cumcount() // size
    groups = points.assign(place=place, n_periods=1).groupby(["series", "place"], as_index=False)
    summed = groups.agg(
        date=("date", "first"),
        numerator=("numerator", "sum"),
        denominator=("denominator", "sum"),
        n_periods=("n_periods", "sum"),
    )
    full = summed["n_periods"] == size
    return summed[full].drop(columns="place").astype({"numerator": "float64", "denominator": "float64"})


def _too_small(pooled: pd.DataFrame, fewest: int) -> "pd.Series[bool]":
    """Periods in which nobody was counted hide nothing."""
    numerator, denominator = pooled["numerator"], pooled["denominator"]
    return (denominator > 0) & (np.minimum(numerator, denominator - numerator) < fewest)
