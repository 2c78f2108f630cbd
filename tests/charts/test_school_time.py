"""A period takes one unit, a break only the room of its name; labels never touch."""

from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.charts.looks import SIZES, Size, text_width
from lib.charts.school_time import SchoolTime, axis_labels, school_time
from lib.measures import CADENCES
from lib.wording import Break
from tests.wording.made import weeks

WIDTH = 830


def laid_out(
    dates: list[date], breaks: tuple[Break, ...] = (), period: str = "week", size: Size = SIZES["page"]
) -> SchoolTime:
    days = pd.Series(pd.to_datetime(dates))
    return school_time(days, np.zeros(len(dates), dtype=bool), breaks, period, WIDTH, size)


def test_a_period_takes_one_unit() -> None:
    assert laid_out(weeks(5)).x.tolist() == [0, 1, 2, 3, 4]


def test_a_summer_takes_hardly_more_than_a_week() -> None:
    dates = [*weeks(20, date(2025, 1, 6)), *weeks(20, date(2025, 9, 1))]
    time = laid_out(dates, (Break("summer", date(2025, 6, 1), date(2025, 8, 29)),))
    assert time.x[20] - time.x[19] < 2
    assert [b.name for b, _, _ in time.bands] == ["summer"]


def test_a_band_lies_between_its_neighbors() -> None:
    dates = [*weeks(60, date(2024, 1, 1)), *weeks(60, date(2025, 9, 1))]
    time = laid_out(dates, (Break("summer", date(2025, 6, 1), date(2025, 8, 29)),))
    (_, left, right), *_ = time.bands
    assert time.x[59] < left < right < time.x[60]
    assert (right - left) * time.pixels == pytest.approx(SIZES["page"].band_width)


def test_two_breaks_in_one_gap_lie_side_by_side() -> None:
    dates = [date(2025, 5, 5), date(2025, 9, 1)]
    breaks = (
        Break("exams", date(2025, 6, 1), date(2025, 6, 13)),
        Break("summer", date(2025, 6, 14), date(2025, 8, 29)),
    )
    (_, _, first_end), (_, second_begin, _) = laid_out(dates, breaks).bands
    assert first_end <= second_begin


def test_a_day_off_is_no_band_on_a_weekly_chart() -> None:
    assert laid_out(weeks(10), (Break("holiday", date(2025, 9, 25), date(2025, 9, 25)),)).bands == ()


def test_a_break_before_or_after_the_chart_is_not_drawn() -> None:
    breaks = (Break("before", date(2025, 1, 1), date(2025, 1, 20)), Break("after", date(2026, 7, 1), date(2026, 8, 1)))
    assert laid_out(weeks(10), breaks).bands == ()


def test_empty_weeks_inside_a_break_take_no_room() -> None:
    days = pd.Series(pd.to_datetime(weeks(6)))
    empty = np.array([False, False, True, True, False, False])
    time = school_time(days, empty, (Break("b", date(2025, 9, 15), date(2025, 9, 28)),), "week", WIDTH, SIZES["page"])
    assert time.x[4] - time.x[1] < 2


def test_a_start_lies_before_the_first_point_it_can_have_moved() -> None:
    time = laid_out(weeks(10))
    assert time.place(date(2025, 9, 15)) == 1.5
    assert time.place(date(2025, 9, 16)) == 2.5


def test_three_points_do_not_fill_the_wall() -> None:
    time = laid_out(weeks(3))
    assert time.x[-1] < 0.3 * time.high


@given(st.integers(1, 200), st.sampled_from(sorted(CADENCES)), st.sampled_from(["page", "present"]))
def test_labels_never_touch(n: int, period: str, size_name: str) -> None:
    size = SIZES[size_name]  # type: ignore[index]
    every = {"day": 1, "week": 7, "month": 31, "year": 365}.get(period, 21)
    breaks = (Break("b", date(2025, 10, 6), date(2025, 10, 17)), Break("c", date(2026, 2, 2), date(2026, 2, 13)))
    time = laid_out(weeks(n, every=every), breaks, period, size)
    labels = axis_labels(time, period, size)
    assert labels
    for (at, lines), (after, lines_after) in pairwise(labels):
        half = (text_width(lines[0], size.axis_font) + text_width(lines_after[0], size.axis_font)) / 2
        assert (after - at) * time.pixels > half


def test_the_year_stands_where_it_changes() -> None:
    labels = axis_labels(laid_out(weeks(26)), "week", SIZES["page"])
    assert labels[0][1] == ["1 Sep", "2025"]
    assert [lines for _, lines in labels if len(lines) == 2] == [["1 Sep", "2025"], ["5 Jan", "2026"]]


def test_years_are_said_as_school_years() -> None:
    labels = axis_labels(laid_out([date(2016 + i, 8, 1) for i in range(3)], period="year"), "year", SIZES["page"])
    assert [lines for _, lines in labels] == [["2016–17"], ["2017–18"], ["2018–19"]]


def test_no_point_at_all() -> None:
    time = laid_out([])
    assert axis_labels(time, "week", SIZES["page"]) == []
    assert time.low < time.high
