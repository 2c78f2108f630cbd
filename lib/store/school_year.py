"""A new school year: last year's calendar copied on as a draft, and what had no value in a year."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from lib.store.calendar import Entry
from lib.store.database import Database

WEEKS = timedelta(weeks=52)
"""A year on, to the same day of the week."""


def year_of(day: date, start: int) -> int:
    """The calendar year in which the day's school year began; `start` is its first month.

    >>> year_of(date(2026, 3, 9), 8), year_of(date(2026, 8, 1), 8)
    (2025, 2026)
    """
    return day.year - (day.month < start)


def newest_year(entries: Sequence[Entry], start: int) -> int | None:
    """The last school year that the calendar has a term of."""
    return max((year_of(one.first, start) for one in entries if one.kind == "term"), default=None)


def copied(entries: Sequence[Entry], start: int) -> list[Entry]:
    """Terms and breaks of the newest school year, 52 weeks later; years in their names are a year later too.

    Days that don't count are not copied: they have reasons of their own.
    """
    year = newest_year(entries, start)
    last = [one for one in entries if year_of(one.first, start) == year and one.kind != "no-count"]
    return [
        replace(one, name=_next_name(one.name), first=one.first + WEEKS, last=one.last + WEEKS, where="")
        for one in last
    ]


def _next_name(name: str) -> str:
    """
    >>> _next_name("Fall 2025"), _next_name("Spring 2025-26"), _next_name("Winter break")
    ('Fall 2026', 'Spring 2026-27', 'Winter break')
    """
    text = re.sub(r"\b20\d\d\b", lambda found: str(int(found[0]) + 1), name)
    return re.sub(r"(?<=\b20\d\d[-–/])\d\d\b", lambda found: f"{(int(found[0]) + 1) % 100:02d}", text)


def schools_without_values(database: Database, network: int, since: date) -> list[int]:
    """Schools that aren't retired and have no value from a day on, in order of name."""
    return _without_values(database, "school", network, since)


def measures_without_values(database: Database, network: int, since: date) -> list[int]:
    """Measures that aren't retired and have no value from a day on, in order of name."""
    return _without_values(database, "measure", network, since)


def _without_values(database: Database, table: str, network: int, since: date) -> list[int]:
    rows = database.rows(
        f"""select id from {table} where network = ? and not retired and not hidden and id not in (
                select distinct {table} from observation where date >= ?) order by name""",
        [network, since],
    )
    return [number for (number,) in rows]
