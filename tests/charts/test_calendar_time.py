"""On the calendar's axis every day takes the same room, and a break is as wide as it is long."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.charts.looks import SIZES, text_width
from lib.charts.school_time import CalendarTime, axis_labels, calendar_time
from lib.measures import CADENCES
from lib.wording import Break
from tests.wording.made import weeks

WIDTH = 830
SUMMER = Break("Summer", date(2025, 6, 7), date(2025, 8, 31))
"""From the Saturday after the 20th week below to the Sunday before the 21st point: 86 days."""
TWO_YEARS = [*weeks(20, date(2025, 1, 20)), *weeks(20, date(2025, 9, 1))]


def laid_out(dates: list[date], breaks: tuple[Break, ...] = (), period: str = "week") -> CalendarTime:
    days = pd.Series(pd.to_datetime(dates))
    return calendar_time(days, np.zeros(len(dates), dtype=bool), breaks, period, WIDTH, SIZES["page"])


def test_a_week_takes_one_unit_and_a_gap_its_own_length() -> None:
    time = laid_out([date(2025, 9, 1), date(2025, 9, 8), date(2025, 9, 22)])
    assert time.x.tolist() == [0, 1, 3]


def test_a_summer_takes_its_thirteen_weeks() -> None:
    time = laid_out(TWO_YEARS, (SUMMER,))
    assert time.x[20] - time.x[19] == 13
    [(found, left, right)] = time.bands
    assert found is SUMMER
    assert (right - left) * time.days == 86
    assert time.x[19] < left
    assert right == pytest.approx(time.x[20])  # it ends where the first day after it begins


def test_a_band_begins_on_its_first_day_and_holds_its_last() -> None:
    time = laid_out(weeks(10), (Break("b", date(2025, 9, 15), date(2025, 9, 19)),))
    [(_, left, right)] = time.bands
    assert left == 2
    assert right == pytest.approx(2 + 5 / 7)


def test_empty_weeks_keep_their_room() -> None:
    days = pd.Series(pd.to_datetime(weeks(6)))
    empty = np.array([False, False, True, True, False, False])
    b = Break("b", date(2025, 9, 15), date(2025, 9, 28))
    time = calendar_time(days, empty, (b,), "week", WIDTH, SIZES["page"])
    assert time.x.tolist() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("day", "place"), [(date(2025, 9, 1), 0), (date(2025, 9, 11), 10 / 7), (date(2020, 1, 1), None)]
)
def test_a_start_lies_on_its_day_and_never_off_the_axis(day: date, place: float | None) -> None:
    time = laid_out(weeks(10))
    assert time.place(day) == pytest.approx(time.low if place is None else place)
    assert time.place(date(2030, 1, 1)) == time.high


def test_days_and_months_are_proportional_too() -> None:
    assert laid_out([date(2025, 9, 5), date(2025, 9, 8)], period="day").x.tolist() == [0, 3]
    months = [date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)]
    assert laid_out(months, period="month").x.tolist() == pytest.approx([0, 1, 59 / 31])


def test_a_long_weekend_is_no_band_on_a_weekly_chart() -> None:
    assert laid_out(weeks(10), (Break("b", date(2025, 9, 20), date(2025, 9, 21)),)).bands == ()


def test_a_break_off_the_chart_is_no_band() -> None:
    breaks = (Break("before", date(2025, 1, 1), date(2025, 1, 20)), Break("after", date(2026, 7, 1), date(2026, 8, 1)))
    assert laid_out(weeks(10), breaks).bands == ()


def test_the_plot_is_as_wide_as_planned() -> None:
    time = laid_out(TWO_YEARS, (SUMMER,))
    assert (time.high - time.low) * time.pixels == pytest.approx(WIDTH)


def test_three_points_do_not_fill_the_wall() -> None:
    time = laid_out(weeks(3))
    assert time.x[-1] < 0.3 * time.high


def test_no_point_at_all() -> None:
    time = laid_out([], (SUMMER,))
    assert (time.bands, axis_labels(time, "week", SIZES["page"])) == ((), [])
    assert time.low < time.high
    assert not time.holds(date(2025, 9, 1), "week")


@given(st.lists(st.integers(1, 60), min_size=1, max_size=120), st.sampled_from(sorted(CADENCES)))
def test_labels_never_touch_and_order_stays(gaps: list[int], period: str) -> None:
    days = [date(2020, 1, 6) + timedelta(days=int(total)) for total in np.cumsum(gaps)]
    time = laid_out(days, (SUMMER,), period)
    assert (np.diff(time.x) > 0).all()
    assert time.low < time.x[0] and time.x[-1] < time.high
    labels = axis_labels(time, period, SIZES["page"])
    for (at, lines), (after, lines_after) in pairwise(labels):
        half = (text_width(lines[0], SIZES["page"].axis_font) + text_width(lines_after[0], SIZES["page"].axis_font)) / 2
        assert (after - at) * time.pixels > half
