"""Rows as a store keeps them, upload after upload, put in the order in which series are read."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.analysis.series import Integers


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
    order = in_order(series, day)
    if order is not None:
        series, day = series[order], day[order]
        columns = {name: column[order] for name, column in columns.items()}
    return pd.DataFrame({"series": series, "day": day, **columns}, copy=False)


def _together(keys: tuple[Integers, ...]) -> Integers:
    series = keys[0].astype(np.int64)
    for key in keys[1:]:
        series *= int(key.max(initial=0)) + 1
        series += key
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


def in_order(series: Integers, day: Integers) -> Integers | None:
    """The rows in order of series and day, equal ones as they came; None where all are in it.

    A stable order by series is enough where later days were stored later; else the days are sorted too.
    """
    if _ascending(series, day):
        return None
    order = _by_series(series)
    if _ascending(series[order], day[order]):
        return order
    return np.lexsort((day, series)).astype(np.int64)


def _by_series(series: Integers) -> Integers:
    """Stable. Each upload is stored in order, so that NumPy only merges them; it compares short numbers faster."""
    above = series - series.min()
    order: Integers = np.argsort(above.astype(np.uint32) if above.max() < 1 << 32 else above, kind="stable")
    return order


def _ascending(series: Integers, day: Integers) -> bool:
    if (series[1:] < series[:-1]).any():
        return False
    return not ((day[1:] < day[:-1]) & (series[1:] == series[:-1])).any()
