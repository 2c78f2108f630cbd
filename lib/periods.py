"""The periods of a measure as days: in which one a day lies, and which there are between two days."""

from collections.abc import Iterable
from datetime import date, timedelta

from lib.measures import CADENCES

SCHOOL_QUARTERS = (0, 2, 5, 7)
"""Months after the start of the school year in which a quarter begins, in a year of four nine-week quarters."""

SATURDAY = 5


def first_day(day: date, cadence: str, year_start: int) -> date:
    """The first day of the period of a cadence that a day lies in; `year_start` is the school year's first month.

    Weeks start on Monday; two, three and five weeks are counted from the Monday of the week in which the school year
    starts. Quarters, terms and years have no fixed first day, so each day is its own.

    >>> first_day(date(2025, 9, 5), "week", 8), first_day(date(2025, 9, 5), "month", 8)
    (datetime.date(2025, 9, 1), datetime.date(2025, 9, 1))
    >>> first_day(date(2025, 9, 5), "two weeks", 8), first_day(date(2025, 9, 5), "term", 8)
    (datetime.date(2025, 8, 25), datetime.date(2025, 9, 5))
    """
    weeks = CADENCES[cadence].weeks
    if cadence == "month":
        return day.replace(day=1)
    if not weeks:
        return day
    start = _monday(school_year_start(day, year_start)) if weeks > 1 else _monday(day)
    return start + timedelta(days=(day - start).days // (7 * weeks) * 7 * weeks)


def school_year_start(day: date, year_start: int) -> date:
    """The first day of the school year that a day lies in.

    >>> school_year_start(date(2026, 3, 1), 8)
    datetime.date(2025, 8, 1)
    """
    return date(day.year - (day.month < year_start), year_start, 1)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def between(cadence: str, first: date, last: date, year_start: int, terms: Iterable[date] = ()) -> list[date]:
    """A day in each period that has a day between these two: its first one, but none before its school year begins.

    `terms` are the first days of the terms.

    >>> [str(day) for day in between("week", date(2025, 9, 3), date(2025, 9, 15), 8)]
    ['2025-09-01', '2025-09-08', '2025-09-15']
    >>> [str(day) for day in between("quarter", date(2025, 8, 18), date(2026, 7, 31), 8)]
    ['2025-08-01', '2025-10-01', '2026-01-01', '2026-03-01']
    """
    if cadence in ("quarter", "term", "year"):
        starts = sorted(set(terms)) if cadence == "term" else _parts_of_years(cadence, first, last, year_start)
        return [day for day in starts if day <= last and not any(day < later <= first for later in starts)]
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    if cadence == "day":
        return [day for day in days if day.weekday() < SATURDAY]
    if CADENCES[cadence].weeks <= 1:
        return sorted({first_day(day, cadence, year_start) for day in days})
    return sorted({max(first_day(day, cadence, year_start), school_year_start(day, year_start)) for day in days})


def _parts_of_years(cadence: str, first: date, last: date, year_start: int) -> list[date]:
    found = []
    for year in range(first.year - 1, last.year + 1):
        for months in SCHOOL_QUARTERS if cadence == "quarter" else (0,):
            later, month = divmod(year_start - 1 + months, 12)
            found.append(date(year + later, month + 1, 1))
    return found
