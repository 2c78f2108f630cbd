"""A workbook to fill in: one sheet per measure, its schools down, its periods across; it is read without a question.

Headers are locked (without a password), schools are chosen from a list, weeks that don't count are shaded.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import xlsxwriter

from lib.exports.sheet_names import sheet_names
from lib.intake.template import CODE, GUIDE, HEADER_ROW, LISTS, MEASURE, PART_WORDS, SCHOOL
from lib.measures import CADENCES, Measure, School
from lib.periods import SATURDAY
from lib.store.calendar import EVERY_DISTRICT, Entry
from lib.wording import period_label

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
TOP, BELOW = HEADER_ROW - 1, HEADER_ROW
"""Rows of the two headers, from 0."""

FIRST_ROW = BELOW + 1
IRREGULAR = ("quarter", "term", "year")
"""Cadences whose periods are too long for a break to hold one."""

LIMITS = {"percent": (0, 100), "rate": (0, None), "count": (0, None), "hours": (0, None), "minutes": (0, None)}
UNIT_WORDS = {"percent": "in percent: 93 for 93 %", "hours": "in hours", "minutes": "in minutes"}
GUIDE_LINES = (
    "There is a sheet for each measure. Type one value for each school and period.",
    "Leave a cell empty where nothing was collected; 0 means that it was counted and was 0.",
    "Where a number is too small to show, type * or n<10; it is kept as suppressed.",
    "Gray cells are breaks and days that don't count; leave them empty.",
    "Please don't change the headers. A school that isn't yours can be left empty or its row deleted.",
    "When you are done, send the workbook back as it is. It is read without a question.",
)


@dataclass(frozen=True)
class Wanted:
    """A measure with the days that stand for its periods; `by_counts`: numerator and denominator, else the value."""

    measure: Measure
    days: tuple[date, ...]
    by_counts: bool

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(PART_WORDS[part] for part in (("numerator", "denominator") if self.by_counts else ("value",)))


def template_workbook(
    network: str, schools: Sequence[School], wanted: Sequence[Wanted], calendar: Sequence[Entry]
) -> bytes:
    """The workbook's bytes; `calendar` are the breaks and no-count days, of any district."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    names = sheet_names([GUIDE, LISTS, *(one.measure.name for one in wanted)])[2:]
    _write_guide(book, network, wanted, names)
    looks = _looks(book)
    for one, name in zip(wanted, names, strict=True):
        _write_measure(book, name, schools, one, calendar, looks)
    lists = book.add_worksheet(LISTS)
    for row, school in enumerate(schools):
        lists.write_string(row, 0, school.name)
    lists.hide()
    book.close()
    return out.getvalue()


def _looks(book: xlsxwriter.Workbook) -> dict[str, Any]:
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "header": book.add_format({"bold": True, "bg_color": "#E8EDF2", "border": 1, "align": "center"}),
        "day": book.add_format(
            {"bold": True, "bg_color": "#E8EDF2", "border": 1, "align": "center", "num_format": "d mmm yyyy"}
        ),
        "open": book.add_format({"locked": False}),
        "off": book.add_format({"locked": False, "bg_color": "#C4CBD2", "pattern": 1}),
    }


def _write_guide(book: xlsxwriter.Workbook, network: str, wanted: Sequence[Wanted], names: Sequence[str]) -> None:
    page = book.add_worksheet(GUIDE)
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 80)
    page.write_string(0, 0, network, book.add_format({"bold": True, "font_size": 14}))
    for row, line in enumerate(GUIDE_LINES, start=2):
        page.write_string(row, 0, line)
    start = len(GUIDE_LINES) + 3
    for row, (one, name) in enumerate(zip(wanted, names, strict=True), start=start):
        page.write_string(row, 0, name, book.add_format({"bold": True}))
        page.write_string(row, 1, what_to_type(one))
    page.protect("")


def what_to_type(one: Wanted) -> str:
    """What belongs in a sheet.

    >>> what_to_type(Wanted(Measure(1, "Sleep", unit="hours", cadence="week"), (), by_counts=False))
    'Every week: the value, in hours.'
    """
    measure = one.measure
    if one.by_counts:
        said = f"numerator ({measure.numerator_words or 'those counted'}) and denominator"
        return f"Every {measure.cadence}: {said} ({measure.denominator_words or 'all'})."
    unit = UNIT_WORDS.get(measure.unit, "")
    return f"Every {measure.cadence}: the value{f', {unit}' if unit else ''}."


def _write_measure(
    book: xlsxwriter.Workbook,
    name: str,
    schools: Sequence[School],
    one: Wanted,
    calendar: Sequence[Entry],
    looks: dict[str, Any],
) -> None:
    page = book.add_worksheet(name)
    with_codes = len({school.name.casefold() for school in schools}) < len(schools)
    labels = [CODE, SCHOOL, MEASURE] if with_codes else [SCHOOL, MEASURE]
    page.write_string(0, 0, f"{one.measure.name}. {what_to_type(one)}", looks["title"])
    for place, label in enumerate(labels):
        page.merge_range(TOP, place, BELOW, place, label, looks["header"])
        page.set_column(place, place, 30 if label == SCHOOL else 20)
    for row, school in enumerate(schools, start=FIRST_ROW):
        texts = {CODE: school.code, SCHOOL: school.name, MEASURE: one.measure.name}
        for place, label in enumerate(labels):
            page.write_string(row, place, texts[label], None if with_codes or label != SCHOOL else looks["open"])
    first, width = len(labels), len(one.parts)
    page.set_column(first, first + width * len(one.days) - 1, 13 if width == 1 else 11, looks["open"])
    for number, day in enumerate(one.days):
        _write_period(page, first + number * width, one, day, looks)
    _shade(page, first, schools, one, calendar, looks["off"])
    _limit(page, first, schools, one, with_codes)
    page.freeze_panes(FIRST_ROW, labels.index(SCHOOL) + 1)
    page.protect("", {"format_columns": True, "format_rows": True, "delete_rows": True, "select_locked_cells": True})


def _write_period(page: Any, place: int, one: Wanted, day: date, looks: dict[str, Any]) -> None:
    """The day over its parts; quarters, terms and years are days too, so that they are read as they were written."""
    moment = datetime(day.year, day.month, day.day)
    if len(one.parts) > 1:
        page.merge_range(TOP, place, TOP, place + len(one.parts) - 1, "", looks["day"])
    page.write_datetime(TOP, place, moment, looks["day"])
    page.write_comment(TOP, place, f"{one.measure.cadence}: {period_label(day, one.measure.cadence, year=True)}")
    for number, part in enumerate(one.parts):
        page.write_string(BELOW, place + number, part, looks["header"])


def _shade(page: Any, first: int, schools: Sequence[School], one: Wanted, calendar: Sequence[Entry], look: Any) -> None:
    """Gray where a school's calendar leaves no day of the period that counts."""
    off = {district: days_off(calendar, district) for district in {school.district for school in schools}}
    for number in range(len(one.days)):
        inside = _school_days(one, number)
        for row, school in enumerate(schools, start=FIRST_ROW):
            if inside and inside <= off[school.district]:
                for part in range(len(one.parts)):
                    page.write_blank(row, first + number * len(one.parts) + part, None, look)


def days_off(calendar: Sequence[Entry], district: str) -> set[date]:
    """The days on which the schools of a district don't count: breaks and no-count days, its own and everybody's."""
    return {
        entry.first + timedelta(days=n)
        for entry in calendar
        if entry.kind != "term" and entry.district in (EVERY_DISTRICT, district)
        for n in range((entry.last - entry.first).days + 1)
    }


def _school_days(one: Wanted, number: int) -> set[date]:
    """The weekdays of a period, up to the next one; none where a break can't hold it."""
    cadence, start = one.measure.cadence, one.days[number]
    is_last = number + 1 == len(one.days)
    if cadence in IRREGULAR or (is_last and cadence == "month"):
        return set()
    end = start + timedelta(weeks=CADENCES[cadence].weeks) if is_last else one.days[number + 1]
    length = 1 if cadence == "day" else (end - start).days
    days = (start + timedelta(days=n) for n in range(length))
    return {day for day in days if day.weekday() < SATURDAY}


def _limit(page: Any, first: int, schools: Sequence[School], one: Wanted, with_codes: bool) -> None:
    """A list to choose the school from, and a warning, not a wall, at a number that can't be: marks can be typed."""
    last_row = FIRST_ROW + len(schools) - 1
    if not with_codes:
        source = f"={LISTS}!$A$1:$A${len(schools)}"
        page.data_validation(FIRST_ROW, 0, last_row, 0, {"validate": "list", "source": source})
    low, high = LIMITS.get(one.measure.unit, (None, None))
    if one.by_counts:
        low, high = 0, None
    if low is None:
        return
    limits: dict[str, Any] = {"criteria": ">=", "value": low}
    if high is not None:
        limits = {"criteria": "between", "minimum": low, "maximum": high}
    last = first + len(one.days) * len(one.parts) - 1
    said = {"error_title": "Is this right?", "error_message": what_to_type(one)[:255], "error_type": "warning"}
    page.data_validation(
        FIRST_ROW, first, last_row, last, {"validate": "decimal", "ignore_blank": True, **limits, **said}
    )
