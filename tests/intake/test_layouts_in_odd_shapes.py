"""Layouts with a twist that schools' spreadsheets have: read as a person would, or asked about."""

from datetime import date, timedelta
from typing import Any

import pytest

from lib.intake import check
from tests.intake.making import KNOWN, checked, csv_of, proposed, xlsx_of

SCHOOLS = ("Lincoln High", "Hope Academy", "Grant Middle School")
WEEKS = [date(2025, 9, 8) + timedelta(weeks=week) for week in range(4)]


def share(school: int, week: int) -> float:
    return 80.5 + school + 3 * week


def grid(*headers: list[Any]) -> list[list[Any]]:
    """Schools down and four columns across."""
    return [*headers, *([name, *(share(place, week) for week in range(4))] for place, name in enumerate(SCHOOLS))]


def in_order(file: Any) -> list[tuple[str, str, float]]:
    found = file.observations.sort_values(["school", "date"])[["school", "date", "file_value"]]
    return [(school, str(day.date()), value) for school, day, value in found.itertuples(index=False)]


TRUTH = sorted(
    (name, str(day), share(place, week)) for place, name in enumerate(SCHOOLS) for week, day in enumerate(WEEKS)
)
SHORT = [f"{day.month}/{day.day}" for day in WEEKS]


@pytest.mark.parametrize(
    "headers",
    [
        [["School", *(f"Week {week}\n{day}" for week, day in enumerate(SHORT, 1))]],
        [["School", *(f"Wk {week} ({day})" for week, day in enumerate(SHORT, 1))]],
        [["School", "Week 1", "Week 2", "Week 3", "Week 4"], ["", *SHORT]],
        [["School", *SHORT], ["", "Week 1", "Week 2", "Week 3", "Week 4"]],
        [["School", "September", "", "", ""], ["", *SHORT]],
    ],
)
def test_a_week_said_twice_is_one_week_and_no_measure(headers: list[list[Any]]) -> None:
    recipe, file = checked(xlsx_of({"Attendance": grid(*headers)}), "Attendance 2025-26.xlsx")
    assert [one.name for one in recipe.measures] == ["Attendance"]
    assert in_order(file) == TRUTH


def test_months_over_numbered_weeks_are_no_measures_and_the_first_week_is_asked() -> None:
    headers = [["School", "September", "", "October", ""], ["", "Wk 1", "Wk 2", "Wk 3", "Wk 4"]]
    workbook, proposal = proposed(xlsx_of({"Attendance": grid(*headers)}), "Attendance 2025-26.xlsx")
    assert [question.where for question in proposal.questions] == ["Weeks"]
    assert proposal.recipe is not None
    answered = proposal.recipe.with_dates(first_week=WEEKS[0])
    assert in_order(check(workbook, answered, KNOWN)) == TRUTH


def test_tables_side_by_side_with_titles_are_a_measure_each() -> None:
    rows = [["Attendance rate", "", "", "", "D/F rate"], ["School", *WEEKS[:2], "", "School", *WEEKS[:2]]]
    rows += [
        [name, share(place, 0), share(place, 1), "", name, share(place, 2) - 60, share(place, 3) - 60]
        for place, name in enumerate(SCHOOLS)
    ]
    _, file = checked(xlsx_of({"Both": rows}), "both.xlsx")
    assert file.counts.kept == 12 and file.counts.refused == 0
    kept = file.observations.set_index(["measure", "school", "date"])["file_value"]
    assert kept["Attendance rate", "Hope Academy", "2025-09-15"] == share(1, 1)
    assert kept["D/F rate", "Hope Academy", "2025-09-15"] == share(1, 3) - 60


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Lincoln High - Scorecard 2025-26.xlsx", ""),
        ("report.xlsx", "Lincoln High 2025-26"),
        ("report 2025-26.xlsx", "Lincoln High"),
    ],
)
def test_the_school_of_a_file_is_named_without_the_year_or_the_kind_of_report(name: str, title: str) -> None:
    rows = [
        *([[title]] if title else []),
        ["Measure", "Sep", "Oct"],
        ["Attendance %", 91.5, 92],
        ["D/F rate %", 12, 11],
    ]
    _, file = checked(xlsx_of({"Sheet1": rows}), name)
    assert set(file.observations["school"]) == {"Lincoln High"}
    assert str(file.observations["date"].min().date()) == "2025-09-01"


def test_attendance_is_known_in_spanish() -> None:
    rows = [
        ["Escuela", "septiembre 2025", "octubre 2025"],
        ["Escuela Juárez", 91.5, 90],
        ["Primaria Hidalgo", 88, 89.5],
    ]
    recipe, file = checked(csv_of(rows), "asistencia.csv")
    assert [(one.name, one.unit) for one in recipe.measures] == [("Asistencia", "percent")]
    assert file.measures[0].wanted == "up"
