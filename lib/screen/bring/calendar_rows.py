"""Rows that a person wrote, in a table or a file, as entries of the calendar; what can't be read is said by its row."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

import pandas as pd

from lib.intake import Workbook
from lib.intake.dates import Dates, find_order, read_period
from lib.problems import CannotContinue, Problem
from lib.store.calendar import COLUMNS, EVERY_DISTRICT, Entry, problems

MOST_ENTRIES = 1000
"""Rows of one file: fifty districts with twenty entries each."""

NEEDED = ("kind", "name", "first", "last")
"""Columns that a file must have; without a district an entry is every district's."""

EVERYWHERE = ("", "all", "all districts", "every district")
DATE_FIX = "Write dates as 2026-09-14."

Row = tuple[str, dict[str, str]]
"""Where the row stands, and its text in each of COLUMNS."""

Found = tuple[list[Entry], list[Problem]]


def from_table(frame: pd.DataFrame, districts: Sequence[str]) -> Found:
    """The entries of the table on the page, and everything that must be mended before they can be saved."""
    rows = [
        (f"Row {number}", {name: _text(row[name]) for name in COLUMNS})
        for number, row in enumerate(frame[COLUMNS].to_dict("records"), start=1)
    ]
    return _read(rows, districts, "")


def _text(value: object) -> str:
    if isinstance(value, date) and not pd.isna(value):
        return value.isoformat()[:10]
    return "" if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]


def from_file(workbook: Workbook, districts: Sequence[str]) -> Found:
    """The entries of a file's first sheet. Raises CannotContinue where it isn't a calendar at all."""
    sheet = workbook.sheets[0]
    cells = sheet.preview(1, sheet.n_rows).to_numpy().tolist()
    header = next((number for number, row in enumerate(cells) if any(row)), None)
    if header is None:
        raise CannotContinue(Problem(workbook.name, "Its first sheet is empty.", f"Name the columns {_said()}."))
    names = [text.strip().lower() for text in cells[header]]
    if missing := [name for name in NEEDED if name not in names]:
        what = f"Its first row has no column “{missing[0]}”."
        raise CannotContinue(Problem(workbook.name, what, f"Name the columns {_said()}."))
    filled = [(number, row) for number, row in enumerate(cells[header + 1 :], start=header + 2) if any(row)]
    if len(filled) > MOST_ENTRIES:
        raise CannotContinue(
            Problem(workbook.name, f"It has {len(filled):,} rows.", f"A calendar has {MOST_ENTRIES:,} at most.")
        )
    rows = [(f"Row {number}", dict(zip(names, row, strict=True))) for number, row in filled]
    order, _ = find_order([row[name] for _, row in rows for name in ("first", "last")], date.today())
    return _read(rows, districts, order)


def _said() -> str:
    return ", ".join(COLUMNS)


def _read(rows: Sequence[Row], districts: Sequence[str], order: str) -> Found:
    """Rows that can be read become entries and are checked together; the others are said."""
    entries: list[Entry] = []
    unread: list[Problem] = []
    for where, row in rows:
        if any(row.get(name, "").strip() for name in ("name", "first", "last")):
            found = list(_problems_of_dates(where, row, order))
            unread += found
            entries += [] if found else [_entry(where, row, districts, order)]
    return entries, [*unread, *problems(entries, districts)]


def _problems_of_dates(where: str, row: dict[str, str], order: str) -> Iterator[Problem]:
    for name in ("first", "last"):
        text = row[name].strip()
        if not text and name == "first":
            yield Problem(f"{where}, {name}", "The first day is missing.", DATE_FIX)
        elif text and _day(text, order) is None:
            period = read_period(text, Dates(order=order))
            what = "can be two dates" if period and period.needs == "order" else "is not a date"
            yield Problem(f"{where}, {name}", f"“{text}” {what}.", DATE_FIX)


def _day(text: str, order: str) -> date | None:
    period = read_period(text, Dates(order=order))
    return period.first if period and period.kind == "day" else None


def _entry(where: str, row: dict[str, str], districts: Sequence[str], order: str) -> Entry:
    first = _day(row["first"], order)
    if first is None:
        raise ValueError("only rows whose dates can be read are entries")
    return Entry(
        district=_district(row.get("district", ""), districts),
        kind=_kind(row["kind"]),
        name=" ".join(row["name"].split()),
        first=first,
        last=_day(row["last"], order) or first,
        where=where,
    )


def _kind(text: str) -> str:
    """
    >>> _kind(" No count "), _kind("Break"), _kind("no-count day"), _kind("Holiday")
    ('no-count', 'break', 'no-count', 'holiday')
    """
    said = re.sub(r"[\s_-]+", "-", text.strip().lower())
    return re.sub(r"-?days?$", "", said) if said.startswith("no-count") else said.replace("-", " ")


def _district(text: str, districts: Sequence[str]) -> str:
    """The district as the schools have it, whatever its capitals; an unknown one stays as it is written."""
    said = " ".join(text.split())
    if said.lower() in EVERYWHERE:
        return EVERY_DISTRICT
    return next((name for name in districts if name.lower() == said.lower()), said)
