"""Writes the drawn counts down in the shapes in which teams keep them. The same counts always give the same cells."""

import csv
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from sample_data import log
from sample_data.draws import FEW, GRADES_EACH
from sample_data.invented import (
    CALENDAR,
    GAP,
    INVENTED,
    SCHOOLS,
    SNOW,
    YEARS,
    SampleSchool,
    in_session,
    mondays,
    reports,
)

MADE = datetime(2026, 3, 13, 16, 0)
"""Written into every workbook as its date, so that making it again changes nothing."""

HEADER_ROW = 4
"""Where the header of a grid begins, counted from 0; the title lines stand above."""

SUPPRESSED = "*"
MARKED = ("Dover Prep High", "York Street High")
"""The small schools that mark groups of fewer than ten students instead of counting them."""

NOT_ASKED = ("Garfield High", date(2025, 2, 24))
"""A survey that was planned and not held: its cells are blank."""


class Book:
    """A workbook with a fixed date and the few formats the sample uses."""

    def __init__(self, path: Path) -> None:
        self.book = xlsxwriter.Workbook(path)
        self.book.set_properties({"title": path.stem, "comments": INVENTED, "created": MADE})
        self.bold = self.book.add_format({"bold": True})
        self.day = self.book.add_format({"num_format": "d mmm yyyy", "bold": True, "align": "center"})
        self.plain_day = self.book.add_format({"num_format": "d mmm yyyy"})
        self.centered = self.book.add_format({"bold": True, "align": "center"})
        self.tenths = self.book.add_format({"num_format": "0.0"})

    def sheet(self, name: str, *lines: str) -> Worksheet:
        """A sheet with its title lines."""
        made = self.book.add_worksheet(name)
        for row, line in enumerate(lines):
            made.write(row, 0, line, self.bold if row == 0 else None)
        return made

    def close(self) -> None:
        self.book.close()


# Tidy: one row per school, date, measure and group


def _is_marked(row: pd.Series, small: set[tuple[str, date, str, str]]) -> bool:
    return (row["school"], row["date"], row["measure"], row["category"]) in small


def _small_categories(frame: pd.DataFrame) -> set[tuple[str, date, str, str]]:
    """Where one group of a category is too small, the whole category is marked, or subtraction would tell."""
    students = frame["denominator"] / frame["measure"].map({"D or F grades": GRADES_EACH, GAP.measure: 1})
    rows = frame[(students < FEW) & frame["school"].isin(MARKED) & (frame["group"] != "")]
    return set(rows[["school", "date", "measure", "category"]].itertuples(index=False, name=None))


def _tidy_rows(frame: pd.DataFrame) -> Iterable[list[object]]:
    districts = {school.name: school.district for school in SCHOOLS}
    small = _small_categories(frame)
    for _, row in frame.iterrows():
        counts: list[object] = [row["numerator"], row["denominator"]]
        if _is_marked(row, small):
            counts = [SUPPRESSED, SUPPRESSED]
        elif row["measure"] == GAP.measure and (row["school"], row["date"]) == NOT_ASKED:
            counts = ["", ""]
        names = [row["school"], districts[row["school"]], row["date"].isoformat(), row["measure"]]
        yield [*names, row["category"], row["group"], *counts]


def write_tidy(path: Path, grades: pd.DataFrame, survey: pd.DataFrame) -> None:
    frame = pd.concat([grades.assign(measure="D or F grades"), survey.assign(measure=GAP.measure)])
    frame = frame.sort_values(["date", "measure", "school"], kind="stable")
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow([INVENTED])
        rows.writerow(["school", "district", "date", "measure", "category", "group", "numerator", "denominator"])
        rows.writerows(_tidy_rows(frame))


# Grids: schools down, weeks across


def _why_no_count(school: SampleSchool, day: date) -> str:
    """What the team typed where there was no school; "" where a count is simply missing."""
    if SNOW.get(school.name) == day:
        return "snow"
    return "" if in_session(day, school.district) or not reports(school.name, day) else "no school"


def _schools_down(sheet: Worksheet, first_row: int) -> None:
    for row, school in enumerate(SCHOOLS, first_row):
        sheet.write(row, 0, school.name)
        sheet.write(row, 1, school.code)
    sheet.set_column(0, 0, 20)


def _notes(sheet: Worksheet, row: int, *lines: str) -> None:
    for place, line in enumerate(("Notes", *lines)):
        sheet.write(row + place, 0, line)


def _of_year(frame: pd.DataFrame, year: str) -> dict[tuple[str, date], pd.Series]:
    first, last = YEARS[year]
    rows = frame[(frame["date"] >= first) & (frame["date"] <= last)]
    return {(row["school"], row["date"]): row for _, row in rows.iterrows()}


def write_attendance(path: Path, attendance: pd.DataFrame, year: str) -> None:
    """Two header rows (the week over present and enrolled), a total row and notes."""
    book, counts = Book(path), _of_year(attendance, year)
    sheet = book.sheet(
        f"Attendance {year}",
        f"Weekly attendance {year}",
        INVENTED,
        "Ninth graders: student-days present and student-days enrolled; each week is named by its Monday.",
    )
    first_row = HEADER_ROW + 2
    sheet.write_row(HEADER_ROW + 1, 0, ["School", "Code"], book.bold)
    _schools_down(sheet, first_row)
    for place, day in enumerate(mondays(year)):
        column = 2 + 2 * place
        sheet.merge_range(HEADER_ROW, column, HEADER_ROW, column + 1, "", book.day)
        sheet.write_datetime(HEADER_ROW, column, datetime.combine(day, datetime.min.time()), book.day)
        sheet.write_row(HEADER_ROW + 1, column, ["Present", "Enrolled"], book.centered)
        _attendance_week(sheet, first_row, column, counts, day)
    _notes(
        sheet,
        first_row + len(SCHOOLS) + 2,
        "“no school” = the district had a break, “snow” = closed all week.",
        "A blank cell = the school did not send its count.",
    )
    sheet.freeze_panes(first_row, 2)
    book.close()


def _attendance_week(
    sheet: Worksheet, first_row: int, column: int, counts: dict[tuple[str, date], pd.Series], day: date
) -> None:
    totals = [0, 0]
    for row, school in enumerate(SCHOOLS, first_row):
        found = counts.get((school.name, day))
        if found is None:
            if why := _why_no_count(school, day):
                sheet.write_row(row, column, [why, why])
            continue
        pair = [int(found["numerator"]), int(found["denominator"])]
        sheet.write_row(row, column, pair)
        totals = [total + part for total, part in zip(totals, pair, strict=True)]
    last = first_row + len(SCHOOLS)
    sheet.write(last, 0, "Total")
    sheet.write_row(last, column, totals)


def _write_grid(
    path: Path,
    frame: pd.DataFrame,
    year: str,
    titles: tuple[str, str],
    said: Callable[[pd.Series], object],
    notes: tuple[str, ...],
) -> None:
    """One header row; `said` turns a count into what stands in the cell."""
    book, counts = Book(path), _of_year(frame, year)
    sheet = book.sheet(year, f"{titles[0]} {year}", INVENTED, titles[1])
    sheet.write_row(HEADER_ROW, 0, ["School", "Code"], book.bold)
    _schools_down(sheet, HEADER_ROW + 1)
    for column, day in enumerate(mondays(year), 2):
        sheet.write_datetime(HEADER_ROW, column, datetime.combine(day, datetime.min.time()), book.day)
        for row, school in enumerate(SCHOOLS, HEADER_ROW + 1):
            found = counts.get((school.name, day))
            sheet.write(row, column, _why_no_count(school, day) if found is None else said(found))
    sheet.set_column(2, 1 + len(mondays(year)), 11)
    _notes(sheet, HEADER_ROW + len(SCHOOLS) + 3, *notes)
    sheet.freeze_panes(HEADER_ROW + 1, 2)
    book.close()


def write_advisory(path: Path, advisory: pd.DataFrame, year: str) -> None:
    """Each cell is text: “18/22” is 18 meetings held of 22 planned."""
    _write_grid(
        path,
        advisory,
        year,
        ("Advisory meetings held", "Meetings held / meetings planned; each week is named by its Monday."),
        lambda row: f"{row['numerator']:.0f}/{row['denominator']:.0f}",
        ("18/22 means 18 meetings held of 22 planned.",),
    )


def write_contacts(path: Path, contacts: pd.DataFrame, year: str) -> None:
    _write_grid(
        path,
        contacts,
        year,
        ("Family contacts", "Number of families reached by call, text or visit; each week is named by its Monday."),
        lambda row: int(row["value"]),
        ("A family that was reached twice in a week counts once.",),
    )


# One tab per school


def write_by_school(path: Path, on_track: pd.DataFrame, homework: pd.DataFrame) -> None:
    """A tab of instructions, a tab with a summary, then a tab for each school."""
    book = Book(path)
    book.sheet(
        "Instructions",
        "Interim on-track and homework hours, by school",
        INVENTED,
        "1. Go to your school's tab. 2. Fill in the row of the week. 3. Leave cells blank that you don't know.",
        "On track: no F in a core course and enough credits to move up. Counted every five weeks.",
        "Homework hours: what students say, mean per student and week. Asked every three weeks.",
    )
    _summary(book, on_track)
    for school in SCHOOLS:
        _school_tab(book, school, on_track, homework)
    book.close()


def _summary(book: Book, on_track: pd.DataFrame) -> None:
    sheet = book.sheet("Summary", "Newest interim on-track count of each school", INVENTED)
    sheet.write_row(HEADER_ROW, 0, ["School", "Week of", "On track", "Ninth graders"], book.bold)
    newest = {row["school"]: row for _, row in on_track.sort_values("date").iterrows()}
    for place, school in enumerate(SCHOOLS, HEADER_ROW + 1):
        found = newest[school.name]
        sheet.write(place, 0, school.name)
        sheet.write_datetime(place, 1, datetime.combine(found["date"], datetime.min.time()), book.plain_day)
        sheet.write_row(place, 2, [int(found["numerator"]), int(found["denominator"])])


def _school_tab(book: Book, school: SampleSchool, on_track: pd.DataFrame, homework: pd.DataFrame) -> None:
    sheet = book.sheet(school.name, school.name, INVENTED)
    sheet.merge_range(HEADER_ROW - 1, 1, HEADER_ROW - 1, 2, "Interim on-track", book.centered)
    sheet.write(HEADER_ROW - 1, 3, "Homework hours", book.centered)
    sheet.write_row(HEADER_ROW, 0, ["Week of", "On track", "Ninth graders", "Hours per student"], book.bold)
    sheet.set_column(0, 3, 16)
    counts = {row["date"]: row for _, row in on_track[on_track["school"] == school.name].iterrows()}
    hours = {row["date"]: row for _, row in homework[homework["school"] == school.name].iterrows()}
    for place, day in enumerate(sorted(counts.keys() | hours.keys()), HEADER_ROW + 1):
        sheet.write_datetime(place, 0, datetime.combine(day, datetime.min.time()), book.plain_day)
        if day in counts:
            sheet.write_row(place, 1, [int(counts[day]["numerator"]), int(counts[day]["denominator"])])
        if day in hours:
            sheet.write_number(place, 3, hours[day]["value"], book.tenths)


# The log, the calendar, the schools


def write_log(path: Path) -> None:
    book = Book(path)
    sheet = book.sheet("Tests of change", "Log of tests of change", INVENTED)
    sheet.write_row(HEADER_ROW, 0, log.COLUMNS, book.bold)
    for place, row in enumerate(log.rows(), HEADER_ROW + 1):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(place, column, datetime.combine(cell, datetime.min.time()), book.plain_day)
            elif cell:
                sheet.write(place, column, cell)
    sheet.set_column(0, 10, 22)
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    book.close()


def _write_csv(path: Path, header: tuple[str, ...], lines: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(header)
        rows.writerows(lines)


def write_calendar(path: Path) -> None:
    """Columns district ("" for both), kind (term, break), name, first and last day."""
    lines = ((stretch.district, stretch.kind, stretch.name, stretch.first, stretch.last) for stretch in CALENDAR)
    _write_csv(path, ("district", "kind", "name", "first", "last"), lines)


def write_schools(path: Path) -> None:
    lines = (
        (school.name, school.code, school.district, "high school", school.setting, school.size, school.ninth_graders)
        for school in SCHOOLS
    )
    _write_csv(path, ("name", "code", "district", "level", "setting", "size", "ninth_graders"), lines)
