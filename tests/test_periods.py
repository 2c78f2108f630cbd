"""Periods in Python are those that charts are made of."""

from datetime import date, timedelta

import pytest

from lib.measures import CADENCES
from lib.periods import between, first_day
from lib.store import Database
from lib.store.series import period_sql


@pytest.mark.parametrize("start", [7, 8, 9])
@pytest.mark.parametrize("cadence", CADENCES)
def test_a_day_lies_in_the_period_that_the_charts_put_it_in(cadence, start):
    database = Database(":memory:")
    days = [date(2024, 7, 1) + timedelta(days=n) for n in range(0, 800, 3)]
    rows = database.rows(
        f"select date, {period_sql(cadence, start)} from (select unnest(?::date[]) as date) order by date", [days]
    )
    database.close()
    assert [first for _, first in rows] == [first_day(day, cadence, start) for day, _ in rows]


@pytest.mark.parametrize("cadence", CADENCES)
def test_each_period_between_two_days_has_one_day(cadence):
    first, last = date(2025, 8, 18), date(2026, 6, 5)
    found = between(cadence, first, last, 8, [first, date(2026, 1, 5)])
    assert found == sorted(found) and found
    assert len({first_day(day, cadence, 8) for day in found}) == len(found)
    if CADENCES[cadence].weeks or cadence == "month":
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        assert {first_day(day, cadence, 8) for day in found} == {first_day(day, cadence, 8) for day in days}


def test_no_period_of_weeks_begins_in_the_school_year_before():
    assert between("five weeks", date(2025, 8, 1), date(2025, 9, 30), 8)[0] == date(2025, 8, 1)
    assert first_day(date(2025, 8, 1), "five weeks", 8) == date(2025, 7, 28)


def test_weekends_are_no_school_days():
    assert [day.day for day in between("day", date(2025, 9, 5), date(2025, 9, 9), 8)] == [5, 8, 9]


def test_terms_are_the_calendars():
    assert between("term", date(2025, 9, 1), date(2026, 6, 5), 8, [date(2025, 8, 18), date(2026, 1, 5)]) == [
        date(2025, 8, 18),
        date(2026, 1, 5),
    ]
