"""Rows as a store keeps them, upload after upload, put in the order in which series are read."""

from math import prod

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.analysis.series import Integers

SHORT = 1 << 31
"""Whole numbers under this take half the room, and half the time."""


def arranged(keys: tuple[Integers, ...], day: Integers, columns: dict[str, NDArray[np.float64]]) -> pd.DataFrame:
    """`series`, `day` and the columns, in order of series and day; no row is moved where all are in order already.

    `keys`: the numbers, from 0 up, that tell series apart, such as measure, school and student group; `series` is one
    number made of them, in their order (see `keys_of`). `day`: days as whole numbers.

    >>> school, day = np.array([2, 1, 1]), np.array([8, 8, 1])
    >>> arranged((school,), day, {"value": np.array([0.3, 0.2, 0.1])})
       series  day  value
    0       1    1    0.1
    1       1    8    0.2
    2       2    8    0.3
    """
    series = _together(keys)
    order, series, day = in_order(series, day)
    if order is not None:
        columns = {name: column[order] for name, column in columns.items()}
    return pd.DataFrame({"series": series, "day": day, **columns}, copy=False)


def _together(keys: tuple[Integers, ...]) -> Integers:
    sizes = [int(key.max(initial=0)) + 1 for key in keys]
    series: Integers = keys[0].astype(np.int32 if prod(sizes) < SHORT else np.int64)
    for key, size in zip(keys[1:], sizes[1:], strict=True):
        series *= size
        series += key.astype(series.dtype, copy=False)
    return series


def keys_of(series: Integers, keys: tuple[Integers, ...]) -> tuple[Integers, ...]:
    """The keys of these numbers of series, `keys` being those that the numbers were made of.

    >>> keys = np.array([1, 1, 3]), np.array([0, 7, 2])
    >>> keys_of(np.array([15, 26]), keys)
    (array([1, 3]), array([7, 2]))
    """
    found: list[Integers] = []
    for key in keys[:0:-1]:
        series, own = np.divmod(series, int(key.max(initial=0)) + 1)
        found.append(own)
    return (series, *found[::-1])


def in_order(series: Integers, day: Integers) -> tuple[Integers | None, Integers, Integers]:
    """The rows in order of series and day, equal ones as they came (None where all are in it); series, day so ordered.

    A stable order by series is enough where later days were stored later; else the days are sorted too.
    """
    if _ascending(series, day):
        return None, series, day
    order = _by_series(series)
    ordered = series[order], day[order]
    if not _ascending(*ordered):
        order = np.lexsort((day, series)).astype(np.int64)
        ordered = series[order], day[order]
    return order, *ordered


def _by_series(series: Integers) -> Integers:
    """Stable. Each upload is stored in order, so that NumPy only merges them; it compares short numbers faster."""
    is_short = series.dtype == np.int64 and series.min() >= -SHORT and series.max() < SHORT
    order: Integers = np.argsort(series.astype(np.int32) if is_short else series, kind="stable")
    return order


def _ascending(series: Integers, day: Integers) -> bool:
    if (series[1:] < series[:-1]).any():
        return False
    return not ((day[1:] < day[:-1]) & (series[1:] == series[:-1])).any()
