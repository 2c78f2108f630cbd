"""Periods as people write them, one row each; what can't be known is said."""

from dataclasses import replace
from datetime import date

import pytest

from lib.intake.dates import Dates, find_order, find_school_year, read_period, split_period
from lib.intake.dates_together import alike

FALL = Dates(order="month first", school_year=2025, first_week=date(2025, 9, 1))


@pytest.mark.parametrize(
    ("text", "kind", "first"),
    [
        ("2025-09-05", "day", "2025-09-05"),
        ("2025-09-05 00:00:00", "day", "2025-09-05"),
        ("20150909", "day", "2015-09-09"),
        ("45536", "day", "2024-09-01"),
        ("9/12/2025", "day", "2025-09-12"),
        ("9/12/25", "day", "2025-09-12"),
        ("9/5", "day", "2025-09-05"),
        ("1/9", "day", "2026-01-09"),
        ("7/31", "day", "2026-07-31"),
        ("8/1", "day", "2025-08-01"),
        ("Sep 5", "day", "2025-09-05"),
        ("5-Jan", "day", "2026-01-05"),
        ("Friday, September 5, 2025", "day", "2025-09-05"),
        ("5 de septiembre de 2025", "day", "2025-09-05"),
        ("Week of 9/12", "week", "2025-09-12"),
        ("Wk 3", "week", "2025-09-15"),
        ("Week 1", "week", "2025-09-01"),
        ("2025-W37", "week", "2025-09-08"),
        ("W/E 9/12", "week", "2025-09-08"),
        ("Week of 9-8", "week", "2025-09-08"),
        ("Mon 9/8", "day", "2025-09-08"),
        ("9/8/25 (Mon)", "day", "2025-09-08"),
        ("9/8–12", "week", "2025-09-08"),
        ("8-12 Sep", "week", "2025-09-08"),
        ("29 Sep-3 Oct", "week", "2025-09-29"),
        ("del 8 al 12 de septiembre", "week", "2025-09-08"),
        ("September | 8", "day", "2025-09-08"),
        ("Week ending 9/12/2025", "week", "2025-09-08"),
        ("Sep 2025", "month", "2025-09-01"),
        ("Sept", "month", "2025-09-01"),
        ("Jun-22", "month", "2022-06-01"),
        ("Jan-2024", "month", "2024-01-01"),
        ("Sep/2025", "month", "2025-09-01"),
        ("enero 2026", "month", "2026-01-01"),
        ("Mayo", "month", "2026-05-01"),
        ("2025-09", "month", "2025-09-01"),
        ("202509", "month", "2025-09-01"),
        ("09/2025", "month", "2025-09-01"),
        ("Q1 2025", "quarter", "2025-01-01"),
        ("Q3", "quarter", "2026-01-01"),
        ("SY 2024-25 Q3", "quarter", "2025-01-01"),
        ("Q1 25-26", "quarter", "2025-08-01"),
        ("2nd Nine Weeks", "quarter", "2025-10-01"),
        ("MOY", "term", "2026-01-01"),
        ("Fall 2025", "term", "2025-08-01"),
        ("Spring 2026", "term", "2026-01-01"),
        ("2018-19", "school year", "2018-08-01"),
        ("2018-2019", "school year", "2018-08-01"),
        ("SY 2018/19", "school year", "2018-08-01"),
        ("SY1819", "school year", "2018-08-01"),
        ("24-25", "school year", "2024-08-01"),
        ("'24-'25", "school year", "2024-08-01"),
        ("202526", "school year", "2025-08-01"),
        ("2017", "year", "2017-01-01"),
        ("2018 *", "year", "2018-01-01"),
    ],
)
def test_periods_are_read(text: str, kind: str, first: str) -> None:
    period = read_period(text, FALL)
    assert period is not None
    assert (period.kind, str(period.first)) == (kind, first)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "change_pct",
        "0.9",
        "93.5",
        "13/13/2025",
        "2025-02-30",
        "18/22",
        "0/5",
        "School",
        "12345678",
        "1/2/3/4",
        "week",
        "Q5",
        "9-10",
        "24/25",
        "Mon 3",
    ],
)
def test_other_texts_are_no_periods(text: str) -> None:
    assert read_period(text, FALL) is None


@pytest.mark.parametrize(
    ("text", "needs"), [("9/5", "order"), ("9/25", "year"), ("Wk 3", "first week"), ("Sep", "year"), ("Q2", "year")]
)
def test_what_is_missing_is_said(text: str, needs: str) -> None:
    period = read_period(text)
    assert period is not None
    assert (period.first, period.needs) == (None, needs)


@pytest.mark.parametrize(
    ("texts", "firsts"),
    [
        (["Nov 25", "Dec 25", "Jan 26"], ["2025-11-01", "2025-12-01", "2026-01-01"]),
        (["Nov 25", "Dec 2", "Dec 9"], ["2025-11-25", "2025-12-02", "2025-12-09"]),
        (["Sem 1", "Sem 2"], ["2025-08-01", "2026-01-01"]),
        (["Sem 1", "Sem 2", "Sem 3"], ["2025-09-01", "2025-09-08", "2025-09-15"]),
        (["Fall 2024", "Winter 2025"], ["2024-08-01", "2024-12-01"]),
        (["Fall 2025", "Winter 2025"], ["2025-08-01", "2025-12-01"]),
        (["Sep | Wk 1", "Oct | Wk 1"], ["2025-09-01", "2025-10-06"]),
        (["Sep | Wk 1", "Oct | Wk 6"], ["2025-09-01", "2025-10-06"]),
    ],
)
def test_what_a_period_is_may_be_said_by_those_beside_it(texts: list[str], firsts: list[str]) -> None:
    dates = replace(FALL, month_weeks="first Monday")
    periods = [read_period(text, dates, alike(texts)) for text in texts]
    assert [str(period.first) for period in periods if period] == firsts


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["9/30/2025", "10/1/2025"], "month first"),
        (["30/9/2025", "1/10/2025"], "day first"),
        (["30/9/2025", "9/30/2025"], ""),
        (["1/2/2025", "3/1/2025"], ""),
        (["03-01-2022", "10-01-2022", "07-02-2022"], "day first"),
        (["2/12/2025", "3/12/2025"], "month first"),
        (["9/8 (Mon)", "9/15 (Mon)"], "month first"),
        (["SY 24-25", "9/15"], "month first"),
    ],
)
def test_the_order_of_day_and_month_needs_evidence(texts: list[str], order: str) -> None:
    assert find_order(texts, date(2025, 3, 20))[0] == order


def test_a_title_says_one_school_year_or_none() -> None:
    assert find_school_year("Weekly attendance, SY 2025-26") == 2025
    assert find_school_year("2016-2017_ChronicAbsenteeism") == 2016
    assert find_school_year("From 2016-17 to 2018-19") is None
    assert find_school_year("Phone 555-2016") is None


def test_a_period_inside_a_header_is_parted_from_the_rest() -> None:
    assert split_period("Week 3 present") == ("Week 3", "present")
    assert split_period("attendance_2019-20") == ("2019-20", "attendance")
    assert split_period("from 2018 to 2019") is None
