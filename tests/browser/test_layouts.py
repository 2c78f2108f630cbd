"""Workbooks in the shapes that schools keep, in the browser: chosen and saved in one click; a week later too."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest

pytestmark = pytest.mark.browser

SCHOOLS = ("Quarry Hill Academy", "Tall Pines Middle School", "Zephyr Bay High")
MEASURES = ("Attendance rate", "D-F rate")
WEEKS = [date(2025, 9, 8) + timedelta(weeks=week) for week in range(5)]
MONTHS = ("Sep 2025", "Oct 2025", "Nov 2025", "Dec 2025", "Jan 2026")
TERMS = ("Q1 2023-24", "Q2 2023-24", "Q3 2023-24", "Q4 2023-24", "Q1 2024-25")


@dataclass
class Made:
    """A workbook and what becomes of its values; the first of them is a slip, the second is withheld."""

    name: str
    book: openpyxl.Workbook = field(default_factory=openpyxl.Workbook)
    values: int = 0
    left_out: int = 0

    def share(self) -> Any:
        """The next value."""
        self.values += 1
        return {1: "abc", 2: "*"}.get(self.values, 60.5 + self.values % 30)

    def shares(self, n: int) -> list[Any]:
        return [self.share() for _ in range(n)]

    def total(self, sheet: Any, n: int) -> None:
        sheet.append(["Total", *[80.5] * n])
        self.values, self.left_out = self.values + n, self.left_out + n

    def data(self) -> bytes:
        file = io.BytesIO()
        self.book.save(file)
        return file.getvalue()

    @property
    def kept(self) -> int:
        return self.values - self.left_out - 2

    @property
    def counts(self) -> str:
        return f"{self.values} values = {self.kept} kept + 1 suppressed + 1 refused + {self.left_out} left out"


def one_tab_per_school(n: int) -> Made:
    made = Made("weekly tabs.xlsx")
    made.book.remove(made.book.active)
    for school in SCHOOLS:
        sheet = made.book.create_sheet(school)
        sheet.append(["Measure", *WEEKS[:n]])
        for measure in MEASURES:
            sheet.append([measure, *made.shares(n)])
    return made


def three_header_rows(n: int) -> Made:
    """Year over measure over week."""
    made = Made("grid.xlsx")
    sheet = made.book.active
    sheet.append(["", *["2025-26"] * 2 * n])
    sheet.append(["", *(measure for measure in MEASURES for _ in range(n))])
    sheet.append(["School", *[f"{day.month}/{day.day}" for day in WEEKS[:n]] * 2])
    for school in SCHOOLS:
        sheet.append([school, *made.shares(2 * n)])
    made.total(sheet, 2 * n)
    return made


def tables_on_one_sheet(n: int) -> Made:
    made = Made("tables.xlsx")
    for measure in MEASURES:
        made.book.active.append([measure])
        made.book.active.append(["School", *WEEKS[:n]])
        for school in SCHOOLS:
            made.book.active.append([school, *made.shares(n)])
        made.book.active.append([])
    return made


def measures_down(n: int) -> Made:
    """One school, named above its months."""
    made = Made("monthly report.xlsx")
    made.book.active.append([SCHOOLS[0]])
    made.book.active.append(["Measure", *MONTHS[:n]])
    for measure in MEASURES:
        made.book.active.append([measure, *made.shares(n)])
    return made


def terms_across(n: int) -> Made:
    made = Made("on track by term.xlsx")
    made.book.active.append(["On track rate by school"])
    made.book.active.append(["School", *TERMS[:n]])
    for school in SCHOOLS:
        made.book.active.append([school, *made.shares(n)])
    made.total(made.book.active, n)
    return made


def survey(n: int) -> Made:
    """A row for each answer; 12 of them in each school and week make one value."""
    made = Made("Belonging survey (Responses).xlsx")
    made.book.active.append(["Timestamp", "Email Address", "Which school do you attend?", "I belong at my school"])
    answers = ("Strongly agree", "Agree", "Disagree")
    for week in WEEKS[:n]:
        for place in range(12 * len(SCHOOLS)):
            school, answer = SCHOOLS[place % len(SCHOOLS)], answers[place % 4 % 3]
            moment = f"{week.month}/{week.day}/{week.year} 9:{place:02}:00"
            made.book.active.append([moment, f"student{place}@school.example", school, answer])
    return made


def counts_on_the_page(person: Any) -> str:
    said = " ".join(person.page.locator("p:has(strong)").first.inner_text().split())
    return said.split(". ")[0]


def save(person: Any, made: Made) -> None:
    person.page.get_by_role("button", name=f"Save {made.kept} values").click()
    person.wait_for(f"Saved {made.kept} values")


def choose_file(person: Any, made: Made) -> None:
    person.page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": made.name, "mimeType": "application/octet-stream", "buffer": made.data()}
    )
    person.page.get_by_role("button", name=re.compile(r"Save [\d,]+ values")).wait_for(timeout=60_000)
    person.settle()


def warnings(person: Any) -> list[str]:
    alerts = person.page.get_by_test_id("stMain").get_by_test_id("stAlert").all_inner_texts()
    return [text for text in alerts if "This is the sample network" not in text and "Saved" not in text]


SHAPES = (measures_down, one_tab_per_school, tables_on_one_sheet, terms_across)
LONGER = [pytest.param(shape, marks=pytest.mark.long) for shape in SHAPES]


@pytest.mark.parametrize("shape", [three_header_rows, *LONGER])
def test_a_workbook_is_saved_in_one_click_and_so_is_the_next_with_one_more_column(
    server: Any, visit: Any, shape: Callable[[int], Made]
) -> None:
    person = visit(server)
    person.open("spreadsheet")
    made, grown = shape(4), shape(5)
    choose_file(person, made)
    assert warnings(person) == []
    assert counts_on_the_page(person) == made.counts
    save(person, made)
    choose_file(person, grown)
    assert "Read as last time" in person.text()
    assert warnings(person) == []
    assert counts_on_the_page(person) == grown.counts


@pytest.mark.long
def test_a_survey_is_saved_in_one_click_and_so_is_the_next_with_one_more_week(server: Any, visit: Any) -> None:
    person = visit(server)
    person.open("spreadsheet")
    for weeks, first_words in ((3, "New measures (1)"), (4, "Read as last time")):
        choose_file(person, survey(weeks))
        assert warnings(person) == []
        assert first_words in person.text()
        assert "student1@" not in person.text()
        n, values = 36 * weeks, 3 * weeks
        made = f"{n} answers = {n} kept (they make {values} values) + 0 suppressed + 0 refused + 0 left out"
        assert counts_on_the_page(person) == made
        person.page.get_by_role("button", name=f"Save {values} values").click()
        person.wait_for(f"Saved {values} values")
