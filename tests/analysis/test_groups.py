"""Gaps between two groups, and small groups put together."""

import numpy as np
import pandas as pd
import pytest

from lib.analysis import gap, pool_small, run_charts


def ratios(of: list[float], all_: list[float], series: int = 0, first: int = 0) -> pd.DataFrame:
    dates = pd.date_range("2025-09-01", periods=first + len(of), freq="7D")[first:]
    return pd.DataFrame({"series": series, "date": dates, "numerator": of, "denominator": all_})


def test_a_gap_is_the_difference_of_ratios_and_says_how_few_students_it_is_made_of() -> None:
    found = gap(ratios([8, 9, 6], [10, 10, 10]), ratios([10, 12, np.nan], [20, 30, np.nan]))
    assert found["value"].fillna(-9).to_list() == pytest.approx([0.3, 0.5, -9])
    assert found["fewest"].fillna(-9).to_list() == [10, 10, -9]


def test_a_gap_needs_both_groups_and_dates_are_those_of_either() -> None:
    one = pd.concat([ratios([1, 2], [4, 4], series=3), ratios([1, 1], [4, 4], series=5)])
    other = ratios([2, 2, 2], [4, 4, 4], series=5, first=1)
    found = gap(one, other)
    assert found["series"].to_list() == [5] * 4
    assert found["value"].fillna(-9).to_list() == [-9, -0.25, -9, -9]


def test_a_gap_has_a_median_of_its_own() -> None:
    """The median of the differences is 0.4, the difference of the medians 0.2."""
    one, other = ratios([6, 7, 9], [10] * 3), ratios([1, 6, 5], [10] * 3)
    assert run_charts(gap(one, other)).phases["median"][0] == pytest.approx(0.4)
    assert run_charts(one).phases["median"][0] - run_charts(other).phases["median"][0] == pytest.approx(0.2)


def test_a_gap_of_plain_values() -> None:
    one = pd.DataFrame({"series": 0, "date": [1, 2], "value": [5.0, 7.0]})
    found = gap(one, one.assign(value=[4.0, 9.0]))
    assert found["value"].to_list() == [1, -2]
    assert found["fewest"].isna().all()


@pytest.mark.parametrize(
    ("what", "of", "all_", "periods", "values"),
    [
        ("large enough", [10, 12], [20, 24], 1, [0.5, 0.5]),
        ("too few of them", [9, 12, 11, 13], [40, 40, 40, 40], 2, [21 / 80, 24 / 80]),
        ("too few of the others", [31, 28, 29, 27], [40, 40, 40, 40], 2, [59 / 80, 56 / 80]),
        ("three at a time", [4, 4, 4, 4, 4, 4], [20] * 6, 3, [0.2, 0.2]),
        ("not even four", [1, 1, 1, 1, 9, 9, 9, 9], [20] * 8, 4, [np.nan, 36 / 80]),
        ("a week without students", [20, 0, 20, 20], [40, 0, 40, 40], 1, [0.5, np.nan, 0.5, 0.5]),
    ],
)
def test_small_groups_are_put_together(
    what: str, of: list[float], all_: list[float], periods: int, values: list[float]
) -> None:
    found = pool_small(ratios(of, all_), 10)
    assert set(found["n_periods"]) == {periods}, what
    assert found["value"].to_list() == pytest.approx(values, nan_ok=True), what
    assert found["date"].to_list() == ratios(of, all_)["date"].to_list()[::periods][: len(values)], what


def test_each_series_is_put_together_as_it_needs() -> None:
    points = pd.concat([ratios([20] * 4, [40] * 4, series=1), ratios([5] * 4, [40] * 4, series=2)], ignore_index=True)
    found = pool_small(points, 10)
    assert found.groupby("series").size().to_dict() == {1: 4, 2: 2}


def test_a_newest_stretch_that_is_not_full_is_left_out() -> None:
    assert pool_small(ratios([5] * 5, [40] * 5), 10)["numerator"].to_list() == [10, 10]


def test_no_points() -> None:
    assert pool_small(ratios([], []), 10).empty
