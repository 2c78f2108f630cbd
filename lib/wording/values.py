"""Values and dates as people say them."""

import math
from collections.abc import Sequence
from datetime import date

import numpy as np

from lib.wording.reading import Reading
from lib.wording.texts import entry, number, say

NARROW_PERCENT_RANGE = 0.10
"""Percentages that all lie within this range are said with one decimal; else whole, as a class of 25 allows no more."""

MONTHS_PERIODS = ("month", "quarter", "term")


UNITS_SAID = ("percent", "percentage points", "hours", "minutes")

IN_HUNDREDTHS = ("percent", "percentage points")
"""Units whose values are fractions of 1 and are said as hundredths."""
"""Units that stand behind the number; others are in the measure's name."""

DECIMALS_OF_MIDDLE = {"percent": 1, "percentage points": 1, "hours": 2}


def decimals_for(reading: Reading) -> int | None:
    """How many decimals the values of a chart are said with; None = as the unit has use for."""
    if reading.measure.unit != "percent":
        return None
    values = reading.points["value"].to_numpy(dtype=float)
    values = values[~np.isnan(values)]
    return int(len(values) > 0 and np.ptp(values) < NARROW_PERCENT_RANGE)


def value_text(value: float | None, unit: str, decimals: int | None = None) -> str:
    """A value with its unit; percent values are fractions 0 to 1. `decimals` at most, else those of the unit.

    >>> value_text(0.59, "percent"), value_text(0.9234, "percent", 1), value_text(2.8, "hours"), value_text(18, "count")
    ('59 %', '92.3 %', '2.8 h', '18')
    >>> value_text(float("nan"), "percent")
    'no value'
    """
    if value is None or math.isnan(value):
        return say("value.none")
    said = _bare(value, unit, decimals)
    return say(f"value.{unit}", n=said) if unit in UNITS_SAID else said


def range_text(low: float, high: float, unit: str) -> str:
    """Two values with their unit said once.

    >>> range_text(1.5, 2.5, "hours"), range_text(0.02, 0.05, "percent")
    ('1.5 to 2.5 h', '2 to 5 %')
    """
    decimals = DECIMALS_OF_MIDDLE.get(unit)
    return say("value.range", low=_bare(low, unit, decimals), high=value_text(high, unit, decimals))


def middle_value(value: float, unit: str) -> str:
    """The value of a middle line, exact enough to see on which side a point lies.

    >>> middle_value(0.305, "percent"), middle_value(2.95, "hours"), middle_value(0.59, "percent")
    ('30.5 %', '2.95 h', '59 %')
    """
    return value_text(value, unit, DECIMALS_OF_MIDDLE.get(unit))


def bare_text(value: float, unit: str, decimals: int | None = None) -> str:
    """A value without its unit, for an axis that says the unit once.

    >>> bare_text(-0.05, "percentage points", 0), bare_text(0.5, "percent", 0)
    ('−5', '50')
    """
    return _bare(value, unit, decimals)


def _bare(value: float, unit: str, decimals: int | None) -> str:
    size = 100 * value if unit in IN_HUNDREDTHS else value
    return number(size, _decimals(value, unit) if decimals is None else decimals)


def _decimals(value: float, unit: str) -> int:
    if unit == "percent":
        return 0
    if unit == "percentage points":
        return 1
    if unit in ("hours", "minutes", "count"):
        return 1 if abs(value) < 100 else 0
    return 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0


def difference_text(value: float, unit: str) -> str:
    """A difference of two values, in two figures. Two percentages differ by percentage points.

    >>> difference_text(0.0912, "percent"), difference_text(0.01, "percent"), difference_text(0.5, "hours")
    ('9 percentage points', '1 percentage point', '0.5 hours')
    """
    size = 100 * value if unit in IN_HUNDREDTHS else value
    said = number(size, 1 if abs(size) < 2 else 0) if abs(size) >= 0.1 else f"{size:.2g}"
    one = said == "1"
    if unit in IN_HUNDREDTHS:
        return say("difference.percentage_point" if one else "difference.percentage_points", n=said)
    if unit in ("hours", "minutes"):
        return say(f"difference.{unit[:-1] if one else unit}", n=said)
    return said


def day(when: date, year: bool = False) -> str:
    """A day as people say it.

    >>> day(date(2025, 9, 5)), day(date(2025, 9, 5), year=True)
    ('5 Sep', '5 Sep 2025')
    """
    return say("date.day_year" if year else "date.day", day=when.day, month=_month(when), year=when.year)


def _month(when: date) -> str:
    return str(entry("date.months")[when.month - 1])


def period_label(when: date, period: str, year: bool = False) -> str:
    """The name of the period that begins on `when`; `year` adds the year to days.

    A year that begins in January is a calendar year, any other is a school year.

    >>> period_label(date(2025, 9, 5), "week"), period_label(date(2025, 9, 1), "month")
    ('5 Sep', 'Sep 2025')
    >>> [period_label(day, "year") for day in (date(2016, 8, 1), date(2016, 1, 1), date(1999, 8, 1))]
    ['2016–17', '2016', '1999–00']
    """
    if period == "year":
        return str(when.year) if when.month == 1 else _school_year(when.year)
    if period in MONTHS_PERIODS:
        return say("date.month", month=_month(when), year=when.year)
    return day(when, year)


def _school_year(first: int) -> str:
    return say("date.school_year", year=first, next=f"{(first + 1) % 100:02d}")


def when(reading: Reading, row: int) -> str:
    """The name of a point's period; with its year where that is not the year of the newest point."""
    return names_of(reading, [row])[0]


def span(reading: Reading, first: int, last: int) -> tuple[str, str]:
    """The names of two points' periods; both with their year where one of them needs it."""
    days = _days(reading)
    year = len({days[first].year, days[last].year, days[-1].year}) > 1
    return period_label(days[first], reading.period, year), period_label(days[last], reading.period, year)


def names_of(reading: Reading, rows: Sequence[int] | None = None) -> list[str]:
    """The names of the periods of these rows, or of all; see `when`."""
    days = _days(reading)
    chosen = days if rows is None else [days[row] for row in rows]
    return [period_label(day, reading.period, day.year != days[-1].year) for day in chosen]


def _days(reading: Reading) -> list[date]:
    days: list[date] = reading.points["date"].to_numpy().astype("datetime64[D]").tolist()
    return days
