"""Rows in the order of their series and days, however they were stored."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.analysis.arranging import arranged, in_order, keys_of
from tests.analysis.test_reading import LOADED

ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 40)), unique=True, max_size=40)


@settings(LOADED, max_examples=60)
@given(rows=ROWS)
def test_the_order_is_that_of_series_and_days(rows: list[tuple[int, int, int]]) -> None:
    measure, school, day = (np.array([row[place] for row in rows], dtype=np.int64) for place in range(3))
    found = arranged((measure, school), day, {"value": np.arange(len(rows), dtype=np.float64)})
    expected = sorted(range(len(rows)), key=lambda row: rows[row])
    assert found["value"].to_list() == expected
    again = keys_of(found["series"].to_numpy(), (measure, school))
    assert [tuple(row) for row in np.column_stack([*again, found["day"]]).tolist()] == sorted(rows)


@pytest.mark.parametrize(
    ("what", "series", "day", "order"),
    [
        ("in order", [1, 1, 2], [1, 8, 1], None),
        ("two uploads after each other", [1, 2, 1, 2], [1, 1, 8, 8], [0, 2, 1, 3]),
        ("an earlier week brought in later", [1, 2, 1, 2], [8, 8, 1, 1], [2, 0, 3, 1]),
        ("one day twice", [2, 1, 1], [1, 8, 8], [1, 2, 0]),
        ("nothing", [], [], None),
    ],
)
def test_rows_move_only_where_they_must(what: str, series: list[int], day: list[int], order: list[int] | None) -> None:
    found, *ordered = in_order(np.array(series, dtype=np.int64), np.array(day, dtype=np.int64))
    assert (None if found is None else found.tolist()) == order, what
    assert list(zip(*ordered, strict=True)) == sorted(zip(series, day, strict=True)), what
