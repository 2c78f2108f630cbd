"""Workbooks in the shapes teams keep, with every value trap in them, whose truth is known because it was dealt out.

Nothing here knows how intake works: a `Book` is written cell by cell, and with every cell it is noted what must become
of it. A value is written as a share of 100 students with its counts beside it, so that no rounding is between the
file and the truth.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

SCHOOLS = (
    "Lincoln High",
    "Hope Academy",
    "Grant Middle School",
    "Eastside High",
    "Mercer Prep",
    "Bayview High",
    "Ash Grove High",
    "Cedar Hill High",
    "Fulton High",
    "Garfield High",
    "Summit Charter",
    "Dover Prep High",
)
WEEKS = tuple(date(2025, 9, 1) + timedelta(weeks=week) for week in range(8))
MONTHS = ("Sep 2025", "Oct 2025", "Nov 2025", "Dec 2025", "Jan 2026", "Feb 2026")
FIRST_OF_MONTH = tuple(date(2025 + (month > 12), (month - 1) % 12 + 1, 1) for month in range(9, 15))
TODAY = date(2026, 3, 13)

SUPPRESSED = ("*", "s", "NS", "--", "<10", "n<10", "N/A", "≤5", "sp", "c", "fewer than 10", "----")
NO_SCHOOL = ("break", "snow", "No school", "Spring break", "vacaciones")
WRONG = ("abc", "9O", "n.b. 90", "~90", "92 (snow on Tuesday)")

Key = tuple[str, str, str, date]
"""School, measure, group ("" for all students), day."""
Value = float | tuple[float, float]
"""A value as it is stored (a share of 1), or numerator and denominator."""


@dataclass
class Made:
    """A file and what must become of it. Cells are (sheet, address). `first_week`, `schools`: what the network knows.

    `asks` is a word of the one question that must be asked; "" where the file must be read without a question.
    """

    name: str
    data: bytes
    kept: dict[Key, Value]
    refused: set[tuple[str, str]]
    suppressed: set[tuple[str, str]]
    left_out: set[tuple[str, str]]
    left_out_rows: set[tuple[str, int]]
    left_out_sheets: set[str] = field(default_factory=set)
    in_left_out_rows: int = 0
    answers: int = 0
    first_week: date | None = None
    asks: str = ""
    choose: dict[str, str] = field(default_factory=dict)


class Book:
    """A workbook under construction, and the truth about it."""

    def __init__(self, mac_dates: bool = False) -> None:
        self.book = openpyxl.Workbook()
        self.book.remove(self.book.active)
        if mac_dates:
            self.book.epoch = CALENDAR_MAC_1904
        self.kept: dict[Key, Value] = {}
        self.refused: set[tuple[str, str]] = set()
        self.suppressed: set[tuple[str, str]] = set()
        self.left_out: set[tuple[str, str]] = set()
        self.left_out_rows: set[tuple[str, int]] = set()
        self.left_out_sheets: set[str] = set()
        self.in_left_out_rows = 0

    def sheet(self, name: str, hidden: bool = False, left_out: bool = False) -> Any:
        made = self.book.create_sheet(name)
        made.sheet_state = "hidden" if hidden else "visible"
        if hidden or left_out:
            self.left_out_sheets.add(name)
        return made

    def write(self, sheet: Any, row: int, values: list[Any], column: int = 1) -> None:
        for place, value in enumerate(values, column):
            if value is not None and value != "":
                sheet.cell(row, place, value)

    def leave_out(self, sheet: Any, row: int, values: list[Any], n_values: int) -> None:
        """A total, an average or a note: the row and its values are left out."""
        self.write(sheet, row, values)
        self.left_out_rows.add((sheet.title, row))
        self.in_left_out_rows += n_values

    def place(self, sheet: Any, row: int, column: int, key: Key, value: Value, written: Any, trap: Any = None) -> None:
        """A value as `written`, or a trap (text, fate) in its stead."""
        sheet.cell(row, column, written if trap is None else trap[0])
        if trap is None:
            self.kept[key] = value
        else:
            self.fate(trap[1]).add((sheet.title, f"{get_column_letter(column)}{row}"))

    def fate(self, name: str) -> set[tuple[str, str]]:
        return {"suppressed": self.suppressed, "refused": self.refused, "left out": self.left_out}[name]

    def done(self, name: str, **more: Any) -> Made:
        out = io.BytesIO()
        self.book.save(out)
        return self._made(name, out.getvalue(), more)

    def done_as_csv(self, name: str, separator: str = ",", encoding: str = "utf-8", **more: Any) -> Made:
        """The first sheet as text; a CSV has no sheet's name."""
        sheet = self.book.worksheets[0]
        out = io.StringIO()
        rows = csv.writer(out, delimiter=separator, lineterminator="\r\n")
        for row in sheet.iter_rows(values_only=True):
            rows.writerow(["" if cell is None else cell for cell in row])
        for cells in (self.refused, self.suppressed, self.left_out):
            renamed = {("", cell) for _, cell in cells}
            cells.clear()
            cells |= renamed
        self.left_out_rows = {("", row) for _, row in self.left_out_rows}
        return self._made(name, out.getvalue().encode(encoding), more)

    def _made(self, name: str, data: bytes, more: dict[str, Any]) -> Made:
        return Made(
            name,
            data,
            self.kept,
            self.refused,
            self.suppressed,
            self.left_out,
            self.left_out_rows,
            self.left_out_sheets,
            self.in_left_out_rows,
            **more,
        )


def traps_of(*extra: tuple[Any, str]) -> Iterator[tuple[Any, str]]:
    """Each trap once, in a fixed order."""
    yield from ((mark, "suppressed") for mark in SUPPRESSED)
    yield from ((word, "left out") for word in NO_SCHOOL)
    yield from ((text, "refused") for text in WRONG)
    yield from extra


PERCENT_TRAPS = ((105.7, "refused"), (-3.5, "refused"), (0.93, "refused"), (0, "refused"), ("#DIV/0!", "refused"))


FEW_TRAPS = (("*", "suppressed"), ("snow", "left out"), ("abc", "refused"), (105.7, "refused"))


class Dealer:
    """Deals a trap to every third cell until all are dealt: every trap there is and some `extra`, or `only` these."""

    def __init__(self, *extra: tuple[Any, str], only: tuple[tuple[Any, str], ...] = ()) -> None:
        self.traps = iter(only) if only else traps_of(*extra)
        self.turn = 0

    def next(self) -> tuple[Any, str] | None:
        self.turn += 1
        return next(self.traps, None) if self.turn % 3 == 0 else None

    def rest(self) -> list[tuple[Any, str]]:
        return list(self.traps)


def present(school: str, period: int) -> int:
    """Of 100 students."""
    return 80 + (3 * SCHOOLS.index(school) + 5 * period) % 17


def failing(school: str, period: int) -> int:
    return 12 + (5 * SCHOOLS.index(school) + 3 * period) % 19


def _dealt_out(dealer: Dealer) -> None:
    left = dealer.rest()
    if left:
        raise AssertionError(f"the workbook is too small for its traps: {left}")


def tidy_counts() -> Made:
    """Tidy, numerator and denominator, as CSV: repeated rows, two values for one date, dates that can't be."""
    book, dealer = Book(), Dealer((120, "refused"), (-4, "refused"))
    sheet = book.sheet("data")
    book.write(sheet, 1, ["School", "Week of", "Present", "Enrolled"])
    row = 2
    for week, day in enumerate(WEEKS):
        for school in SCHOOLS:
            book.write(sheet, row, [school, f"{day:%-m/%-d/%Y}", None, 100])
            count = present(school, week)
            book.place(sheet, row, 3, (school, "Attendance", "", day), (count, 100), count, dealer.next())
            row += 1
    _dealt_out(dealer)
    return _with_odd_rows(book, sheet, row).done_as_csv("attendance.csv")


def _with_odd_rows(book: Book, sheet: Any, row: int) -> Book:
    """Under the table: the same row twice, two values for one date, a denominator of 0, dates that can't be."""
    same = ("Lincoln High", "Attendance", "", WEEKS[0])
    book.write(sheet, row, ["Lincoln High", "9/1/2025", present("Lincoln High", 0), 100])
    book.left_out.add((sheet.title, f"C{row}"))
    assert same in book.kept
    del book.kept[("Hope Academy", "Attendance", "", WEEKS[0])]
    book.refused.add((sheet.title, "C3"))
    book.write(sheet, row + 1, ["Hope Academy", "9/1/2025", 55, 100])
    book.refused.add((sheet.title, f"C{row + 1}"))
    for place, (cells, bad) in enumerate(ODD_ROWS, row + 2):
        book.write(sheet, place, cells)
        book.refused.add((sheet.title, f"{bad}{place}"))
    return book


ODD_ROWS = (
    (["Grant Middle School", "10/27/2025", 0, 0], "D"),
    (["Grant Middle School", "9/1/2035", 90, 100], "B"),
    (["Grant Middle School", "9/1/2015", 90, 100], "B"),
    (["Grant Middle School", "sometime", 90, 100], "B"),
    (["Grant Middle School", None, 90, 100], "C"),
    ([None, "9/8/2025", 90, 100], "C"),
)


def tidy_decimal_comma() -> Made:
    """Tidy, percent with a decimal comma, semicolons, day first, Spanish headers, a byte order mark."""
    book, dealer = Book(), Dealer(("105,7", "refused"), ("-3,5", "refused"))
    sheet = book.sheet("data")
    book.write(sheet, 1, ["Escuela", "Fecha", "Porcentaje de asistencia"])
    row = 2
    for week, day in enumerate(WEEKS):
        for school in SCHOOLS:
            book.write(sheet, row, [school, f"{day:%d/%m/%Y}"])
            share = present(school, week)
            key = (school, "Porcentaje de asistencia", "", day)
            book.place(sheet, row, 3, key, (share + 0.5) / 100, f"{share},5", dealer.next())
            row += 1
    _dealt_out(dealer)
    return book.done_as_csv("asistencia.csv", separator=";", encoding="utf-8-sig")


def weeks_across() -> Made:
    """Schools down, real dates across; titles above, a total, an average and notes below; more tabs."""
    book, dealer = Book(), Dealer(*PERCENT_TRAPS)
    how = book.sheet("Instructions", left_out=True)
    book.write(how, 1, ["Fill in the week.", "Leave blank what you don't know."])
    sheet = book.sheet("Attendance")
    book.write(sheet, 1, ["Attendance rate 2025-26"])
    book.write(sheet, 2, ["Percent of students present, by week"])
    book.write(sheet, 4, ["School", "Code", *WEEKS])
    for place, school in enumerate(SCHOOLS):
        book.write(sheet, 5 + place, [school, f"S{place:02d}"])
        _week_cells(book, sheet, 5 + place, 3, school, dealer)
    row = 5 + len(SCHOOLS)
    book.leave_out(sheet, row, ["Total", None, *[88.5] * len(WEEKS)], len(WEEKS))
    book.leave_out(sheet, row + 1, ["Average", None, *[88.5] * len(WEEKS)], len(WEEKS))
    book.leave_out(sheet, row + 3, ["Notes"], 0)
    book.leave_out(sheet, row + 4, ["Snow on 8 September"], 0)
    book.leave_out(sheet, row + 5, ["Counted on Fridays"], 0)
    book.write(book.sheet("Lists", left_out=True), 1, ["Lincoln High"])
    book.write(book.sheet("Old", hidden=True), 1, ["School", 2019])
    _dealt_out(dealer)
    return book.done("weekly.xlsx")


def _week_cells(
    book: Book, sheet: Any, row: int, column: int, school: str, dealer: Dealer, name: str = "Attendance rate"
) -> None:
    for week, day in enumerate(WEEKS):
        share = present(school, week) + 0.25
        book.place(sheet, row, column + week, (school, name, "", day), share / 100, share, dealer.next())


def short_dates_across() -> Made:
    """ "9/1" without a year, the school year in the title, fractions of 1."""
    book, dealer = Book(), Dealer((1.13, "refused"), (-0.2, "refused"), (93, "refused"), ("#N/A", "refused"))
    sheet = book.sheet("Sheet1")
    book.write(sheet, 1, ["Attendance rate, SY 2025-26"])
    book.write(sheet, 3, ["School", *(f"{day:%-m/%-d}" for day in WEEKS)])
    for place, school in enumerate(SCHOOLS, 4):
        book.write(sheet, place, [school])
        for week, day in enumerate(WEEKS):
            share = present(school, week) / 100
            key = (school, "Attendance rate", "", day)
            book.place(sheet, place, 2 + week, key, share, share, dealer.next())
    _dealt_out(dealer)
    return book.done("shared.xlsx")


def numbered_weeks() -> Made:
    """Week 1, Week 2 ... with the first week known; percent signs as text; a number without one."""
    book, dealer = Book(), Dealer(("112%", "refused"), (0.95, "refused"))
    sheet = book.sheet("Sheet1")
    book.write(sheet, 1, ["School", *(f"Wk {week}" for week in range(1, len(WEEKS) + 1))])
    for place, school in enumerate(SCHOOLS, 2):
        book.write(sheet, place, [school])
        for week, day in enumerate(WEEKS):
            share = present(school, week)
            key = (school, "Attendance", "", day)
            book.place(sheet, place, 2 + week, key, share / 100, f"{share}%", dealer.next())
    _dealt_out(dealer)
    return book.done("attendance.xlsx", first_week=WEEKS[0])


def week_over_counts() -> Made:
    """Two header rows: the week, merged, over present and enrolled; a formula without a value, error cells."""
    book, dealer = Book(), Dealer((130, "refused"), ("=B4+1", "refused"), ("#REF!", "refused"))
    sheet = book.sheet("Weeks")
    book.write(sheet, 1, ["Weekly attendance"])
    book.write(sheet, 3, ["School"])
    for week, day in enumerate(WEEKS):
        book.write(sheet, 2, [day], 2 + 2 * week)
        sheet.merge_cells(start_row=2, end_row=2, start_column=2 + 2 * week, end_column=3 + 2 * week)
        book.write(sheet, 3, ["Present", "Enrolled"], 2 + 2 * week)
    for row, school in enumerate(SCHOOLS, 4):
        book.write(sheet, row, [school])
        for week, day in enumerate(WEEKS):
            sheet.cell(row, 3 + 2 * week, 100)
            count, key = present(school, week), (school, "Weekly attendance", "", day)
            book.place(sheet, row, 2 + 2 * week, key, (count, 100), count, dealer.next())
    row = 4 + len(SCHOOLS)
    book.leave_out(sheet, row, ["TOTAL", *[500, 600] * len(WEEKS)], len(WEEKS))
    _dealt_out(dealer)
    return book.done("weekly.xlsx")


def measure_over_weeks() -> Made:
    """Two header rows: the measure, merged, over its weeks."""
    book, dealer = Book(), Dealer((105.7, "refused"), (-1, "refused"))
    sheet = book.sheet("Weeks")
    book.write(sheet, 2, ["School"])
    for number, (name, count) in enumerate((("Attendance %", present), ("D/F rate %", failing))):
        first = 2 + number * len(WEEKS)
        book.write(sheet, 1, [name], first)
        sheet.merge_cells(start_row=1, end_row=1, start_column=first, end_column=first + len(WEEKS) - 1)
        book.write(sheet, 2, list(WEEKS), first)
        for row, school in enumerate(SCHOOLS, 3):
            book.write(sheet, row, [school])
            for week, day in enumerate(WEEKS):
                share = count(school, week) + 0.5
                key = (school, name.removesuffix(" %"), "", day)
                book.place(sheet, row, first + week, key, share / 100, share, dealer.next())
    _dealt_out(dealer)
    return book.done("measures.xlsx")


def three_header_rows() -> Made:
    """The measure over the month over numerator and denominator."""
    book, dealer = Book(), Dealer((101, "refused"))
    sheet = book.sheet("Months")
    book.write(sheet, 3, ["School"])
    width = 2 * len(MONTHS)
    for number, (name, count) in enumerate((("Attendance", present), ("D/F grades", failing))):
        first = 2 + number * width
        book.write(sheet, 1, [name], first)
        sheet.merge_cells(start_row=1, end_row=1, start_column=first, end_column=first + width - 1)
        for place, (month, day) in enumerate(zip(MONTHS, FIRST_OF_MONTH, strict=True)):
            column = first + 2 * place
            book.write(sheet, 2, [month], column)
            sheet.merge_cells(start_row=2, end_row=2, start_column=column, end_column=column + 1)
            book.write(sheet, 3, ["Num", "Den"], column)
            for row, school in enumerate(SCHOOLS, 4):
                book.write(sheet, row, [school])
                sheet.cell(row, column + 1, 100)
                key = (school, name, "", day)
                book.place(sheet, row, column, key, (count(school, place), 100), count(school, place), dealer.next())
    _dealt_out(dealer)
    return book.done("months.xlsx")


def tab_per_school() -> Made:
    """A tab for each school, dates down; instructions, a summary and drop-downs beside."""
    book, dealer = Book(), Dealer((140, "refused"), (-1, "refused"))
    book.write(book.sheet("Instructions", left_out=True), 1, ["Fill in the tab of your school."])
    for school in SCHOOLS:
        sheet = book.sheet(school)
        book.write(sheet, 1, [school])
        book.write(sheet, 3, ["Week of", "On track", "Ninth graders"])
        for week, day in enumerate(WEEKS):
            book.write(sheet, 4 + week, [day, None, 100])
            key = (school, "On track", "", day)
            book.place(sheet, 4 + week, 2, key, (present(school, week), 100), present(school, week), dealer.next())
    summary = book.sheet("Summary", left_out=True)
    book.write(summary, 1, ["School", "On track"])
    book.write(summary, 2, ["Lincoln High", 88])
    book.write(book.sheet("Dropdowns", left_out=True), 1, ["Lincoln High"])
    _dealt_out(dealer)
    return book.done("on track.xlsx")


def tab_per_school_two_header_rows() -> Made:
    """A tab for each school, two measures named by merged cells over their columns."""
    book, dealer = Book(), Dealer((140, "refused"))
    for school in SCHOOLS:
        sheet = book.sheet(school)
        book.write(sheet, 1, [school])
        book.write(sheet, 3, ["Interim on-track"], 2)
        sheet.merge_cells("B3:C3")
        book.write(sheet, 3, ["Homework hours"], 4)
        book.write(sheet, 4, ["Week of", "On track", "Ninth graders", "Hours per student"])
        for week, day in enumerate(WEEKS):
            book.write(sheet, 5 + week, [day, None, 100])
            count, hours = present(school, week), 2 + week / 4
            key = (school, "Interim on-track", "", day)
            book.place(sheet, 5 + week, 2, key, (count, 100), count, dealer.next())
            book.place(sheet, 5 + week, 4, (school, "Homework hours", "", day), hours, hours)
    _dealt_out(dealer)
    return book.done("by school.xlsx")


def measures_down_school_in_title() -> Made:
    """One school: measures down, months across, the school named in a cell above."""
    book = _measures_down("School:", "Hope Academy")
    return book.done("our measures.xlsx")


def measures_down_school_in_file_name() -> Made:
    """The same with the school in the file's name only."""
    book = _measures_down("", "Hope Academy")
    return book.done("Hope Academy - measures 2025-26.xlsx")


def _measures_down(label: str, school: str) -> Book:
    book, dealer = Book(), Dealer(only=FEW_TRAPS)
    sheet = book.sheet("Sheet1")
    book.write(sheet, 1, [label, school if label else ""])
    book.write(sheet, 3, ["", *MONTHS])
    for row, (name, count) in enumerate((("Attendance rate", present), ("D/F rate", failing)), 4):
        book.write(sheet, row, [name])
        for place, day in enumerate(FIRST_OF_MONTH):
            share = count(school, place) + 0.5
            book.place(sheet, row, 2 + place, (school, name, "", day), share / 100, share, dealer.next())
    book.write(sheet, 6, ["Advisory meetings held"])
    for place, day in enumerate(FIRST_OF_MONTH):
        book.place(sheet, 6, 2 + place, (school, "Advisory meetings held", "", day), 3.0 + place, 3 + place)
    _dealt_out(dealer)
    return book


def tables_under_each_other() -> Made:
    """A table for each measure, one under the other in one sheet."""
    book, dealer = Book(), Dealer((105.7, "refused"), (-1, "refused"))
    sheet, row = book.sheet("Data"), 1
    for name, count in (("Attendance %", present), ("D/F rate %", failing)):
        book.write(sheet, row, [name])
        book.write(sheet, row + 1, ["School", *WEEKS])
        for place, school in enumerate(SCHOOLS, row + 2):
            book.write(sheet, place, [school])
            for week, day in enumerate(WEEKS):
                share, key = count(school, week) + 0.5, (school, name.removesuffix(" %"), "", day)
                book.place(sheet, place, 2 + week, key, share / 100, share, dealer.next())
        row += len(SCHOOLS) + 3
    _dealt_out(dealer)
    return book.done("two tables.xlsx")


def tables_side_by_side() -> Made:
    """A table for each school, side by side in one sheet."""
    book, dealer = Book(), Dealer((140, "refused"))
    sheet = book.sheet("Data")
    for number, school in enumerate(SCHOOLS):
        first = 1 + 4 * number
        book.write(sheet, 1, [school], first)
        book.write(sheet, 2, ["Week of", "Present", "Enrolled"], first)
        for week, day in enumerate(WEEKS):
            book.write(sheet, 3 + week, [day, None, 100], first)
            count, key = present(school, week), (school, "Attendance", "", day)
            book.place(sheet, 3 + week, first + 1, key, (count, 100), count, dealer.next())
    _dealt_out(dealer)
    return book.done("attendance.xlsx")


def quarters_across() -> Made:
    """Q1 to Q4 across under two school years."""
    book, dealer = Book(), Dealer((105.7, "refused"))
    sheet = book.sheet("Quarters")
    book.write(sheet, 1, ["D/F rate %"])
    book.write(sheet, 3, ["School"])
    begins = {1: (8, 0), 2: (10, 0), 3: (1, 1), 4: (3, 1)}
    for number, year in enumerate((2023, 2024)):
        first = 2 + 4 * number
        book.write(sheet, 2, [f"{year}-{(year + 1) % 100}"], first)
        sheet.merge_cells(start_row=2, end_row=2, start_column=first, end_column=first + 3)
        for quarter, (month, later) in begins.items():
            book.write(sheet, 3, [f"Q{quarter}"], first + quarter - 1)
            for row, school in enumerate(SCHOOLS, 4):
                book.write(sheet, row, [school])
                share = failing(school, quarter + 4 * number) + 0.5
                key = (school, "D/F rate", "", date(year + later, month, 1))
                book.place(sheet, row, first + quarter - 1, key, share / 100, share, dealer.next())
    _dealt_out(dealer)
    return book.done("quarters.xlsx")


def school_years_across() -> Made:
    """School years across, groups down; all students and totals."""
    book, dealer = Book(), Dealer((105.7, "refused"))
    sheet = book.sheet("Years")
    years = tuple(range(2017, 2025))
    book.write(sheet, 1, ["School ID", "School", "Student group", *(f"{year}-{(year + 1) % 100}" for year in years)])
    row = 2
    for number, school in enumerate(SCHOOLS):
        for group in ("All students", "English learners"):
            book.write(sheet, row, [f"{number:04d}", school, group])
            for place, year in enumerate(years):
                share = failing(school, place + 3 * (group != "All students")) + 0.5
                name = "" if group == "All students" else group
                key = (school, "Chronic absence", name, date(year, 8, 1))
                book.place(sheet, row, 4 + place, key, share / 100, share, dealer.next())
            row += 1
    book.leave_out(sheet, row, ["", "District total", "All students", *[20.5] * len(years)], len(years))
    _dealt_out(dealer)
    return book.done("chronic absence.xlsx")


LIKERT = ("Strongly agree", "Agree", "Neutral", "Disagree", "Strongly disagree")


def survey() -> Made:
    """One row per answer: time stamps, Likert words, e-mail addresses and a comment that must not come in."""
    book = Book()
    sheet = book.sheet("Form Responses 1")
    question = "I know what to do when I'm stuck"
    book.write(sheet, 1, ["Timestamp", "Email Address", "What school do you attend?", question, "Comments"])
    sums: dict[Key, list[int]] = {}
    answers = 0
    for person in range(240):
        school, week = SCHOOLS[person % 3], WEEKS[person % 2 * 4]
        moment = datetime.combine(week, datetime.min.time()) + timedelta(days=person % 4, hours=9, minutes=person % 60)
        answer = LIKERT[(person * 7 + person // 11) % 5]
        row = person + 2
        book.write(sheet, row, [moment, f"student{person}@school.example", school, answer, f"Comment {person}"])
        if person in (30, 60):
            sheet.cell(row, 4, "Prefer not to answer" if person == 30 else "purple")
            (book.left_out if person == 30 else book.refused).add((sheet.title, f"D{row}"))
            continue
        answers += 1
        counted = sums.setdefault((school, question, "", week), [0, 0])
        counted[0] += answer in ("Strongly agree", "Agree")
        counted[1] += 1
    book.kept = {key: (float(agree), float(of)) for key, (agree, of) in sums.items()}
    return book.done("Student survey (Responses).xlsx", answers=answers)


def roster() -> Made:
    """One row per student, a 1 or 0 for each week: counts by school, and no name."""
    book = Book()
    sheet = book.sheet("Roster")
    book.write(sheet, 1, ["Student ID", "Student name", "Date of birth", "School", *WEEKS])
    sums: dict[Key, list[int]] = {}
    answers = 0
    for student in range(90):
        school, row = SCHOOLS[student % 3], student + 2
        born = date(2010, 1 + student % 12, 1 + student % 28)
        book.write(sheet, row, [70000 + student, f"Garcia, Ana {student}", born, school])
        for week, day in enumerate(WEEKS):
            if (student + week) % 13 == 0:
                continue
            if student == 5 and week == 2:
                sheet.cell(row, 5 + week, "Ana moved")
                book.refused.add((sheet.title, f"G{row}"))
                continue
            mark = int((student * 5 + week * 3) % 7 > 1)
            sheet.cell(row, 5 + week, mark)
            counted = sums.setdefault((school, "Attendance", "", day), [0, 0])
            counted[0] += mark
            counted[1] += 1
            answers += 1
    book.kept = {key: (float(there), float(of)) for key, (there, of) in sums.items()}
    return book.done("attendance.xlsx", answers=answers)


def tab_per_month() -> Made:
    """A tab for each month; schools down, two counts across."""
    book, dealer = Book(), Dealer((140, "refused"))
    for place, (month, day) in enumerate(zip(MONTHS, FIRST_OF_MONTH, strict=True)):
        sheet = book.sheet(month)
        book.write(sheet, 1, ["School", "Present", "Enrolled"])
        for row, school in enumerate(SCHOOLS, 2):
            book.write(sheet, row, [school, None, 100])
            count, key = present(school, place), (school, "Attendance", "", day)
            book.place(sheet, row, 2, key, (count, 100), count, dealer.next())
        book.leave_out(sheet, 2 + len(SCHOOLS), ["Total", 500, 600], 1)
    _dealt_out(dealer)
    return book.done("attendance.xlsx")


def tab_per_measure() -> Made:
    """A tab for each measure; schools down, weeks across."""
    book, dealer = Book(), Dealer((105.7, "refused"))
    for name, count in (("Attendance rate", present), ("D-F rate", failing)):
        sheet = book.sheet(name)
        book.write(sheet, 1, ["School", *WEEKS])
        for row, school in enumerate(SCHOOLS, 2):
            book.write(sheet, row, [school])
            for week, day in enumerate(WEEKS):
                share = count(school, week) + 0.5
                book.place(sheet, row, 2 + week, (school, name, "", day), share / 100, share, dealer.next())
    _dealt_out(dealer)
    return book.done("network.xlsx")


def fractions_as_text() -> Made:
    """ "18/22" in a cell; Excel made dates of two of them, which must be offered back."""
    book = _fractions()
    return book.done("advisory meetings held.xlsx", asks="date among fractions")


def fractions_chosen() -> Made:
    """The same after a person said that the dates were month/day."""
    book = _fractions()
    book.refused -= {("Sheet1", "C3"), ("Sheet1", "D4")}
    book.kept[("Hope Academy", "Advisory meetings held", "", WEEKS[1])] = (9.0, 12.0)
    book.kept[("Grant Middle School", "Advisory meetings held", "", WEEKS[2])] = (10.0, 15.0)
    return book.done("advisory meetings held.xlsx", asks="date among fractions", choose={"fractions": "month/day"})


def _fractions() -> Book:
    book, dealer = Book(), Dealer(("3/0", "refused"), ("13/12", "refused"))
    sheet = book.sheet("Sheet1")
    book.write(sheet, 1, ["School", *WEEKS])
    for row, school in enumerate(SCHOOLS, 2):
        book.write(sheet, row, [school])
        for week, day in enumerate(WEEKS):
            key = (school, "Advisory meetings held", "", day)
            held, planned = 10 + week, 20
            trap = None if (row, week) in ((3, 1), (4, 2)) else dealer.next()
            book.place(sheet, row, 2 + week, key, (held, planned), f"{held}/{planned}", trap)
    for row, column, school, day in ((3, 3, "Hope Academy", WEEKS[1]), (4, 4, "Grant Middle School", WEEKS[2])):
        sheet.cell(row, column, date(2025, 9, 12) if row == 3 else date(2025, 10, 15))
        book.kept.pop((school, "Advisory meetings held", "", day))
        book.refused.add(("Sheet1", f"{get_column_letter(column)}{row}"))
    _dealt_out(dealer)
    return book


def years_down_months_across() -> Made:
    """One school; school years down, months across."""
    book, dealer = Book(), Dealer(only=FEW_TRAPS)
    sheet = book.sheet("Sheet1")
    months = {"Sep": (9, 0), "Oct": (10, 0), "Nov": (11, 0), "Jan": (1, 1), "Feb": (2, 1), "Mar": (3, 1)}
    book.write(sheet, 1, ["Lincoln High"])
    book.write(sheet, 2, ["Attendance rate by month"])
    book.write(sheet, 4, ["School year", *months])
    for row, year in enumerate(range(2016, 2025), 5):
        book.write(sheet, row, [f"{year}-{(year + 1) % 100}"])
        for place, (month, later) in enumerate(months.values()):
            share = present("Lincoln High", row + place) + 0.5
            key = ("Lincoln High", "Attendance rate", "", date(year + later, month, 1))
            book.place(sheet, row, 2 + place, key, share / 100, share, dealer.next())
    _dealt_out(dealer)
    return book.done("months.xlsx")


def mac_dates() -> Made:
    """Dates of the 1904 system, a measure column, groups."""
    book, dealer = Book(mac_dates=True), Dealer(only=FEW_TRAPS[:3])
    sheet = book.sheet("Data")
    book.write(sheet, 1, ["School", "Date", "Measure", "Grade", "Numerator", "Denominator"])
    row = 2
    for week, day in enumerate(WEEKS[:4]):
        for school in SCHOOLS[:4]:
            for name, group, count in (("Attendance", "All", present), ("Attendance", "9", failing)):
                book.write(sheet, row, [school, day, name, group, None, 100])
                key = (school, name, "" if group == "All" else group, day)
                book.place(sheet, row, 5, key, (count(school, week), 100), count(school, week), dealer.next())
                row += 1
    _dealt_out(dealer)
    return book.done("tidy.xlsx")


ALL: tuple[Callable[[], Made], ...] = (
    tidy_counts,
    tidy_decimal_comma,
    weeks_across,
    short_dates_across,
    numbered_weeks,
    week_over_counts,
    measure_over_weeks,
    three_header_rows,
    tab_per_school,
    tab_per_school_two_header_rows,
    measures_down_school_in_title,
    measures_down_school_in_file_name,
    tables_under_each_other,
    tables_side_by_side,
    quarters_across,
    school_years_across,
    survey,
    roster,
    tab_per_month,
    tab_per_measure,
    fractions_as_text,
    fractions_chosen,
    years_down_months_across,
    mac_dates,
)
