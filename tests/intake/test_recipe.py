"""A recipe survives being written down, and reads next week's workbook although columns have moved."""

import re
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from lib.intake import LAYOUTS, ROLES, UNITS_IN_FILE, Column, Dates, MeasureInFile, Recipe, check
from lib.intake.recipe import BLANKS, ORDERS, SCHOOL_IN, ZEROS
from lib.intake.values import FRACTION_ORDERS
from lib.problems import CannotContinue
from tests.intake.making import KNOWN, checked, csv_of, proposed, read_here, xlsx_of

RECIPE = Recipe(
    layout="periods across",
    header_row=3,
    header_rows=2,
    columns=(
        Column(1, "School", "school name"),
        Column(2, "2025-09-01 | Present", "numerator", "Attendance", "2025-09-01"),
        Column(3, "2025-09-01 | Enrolled", "denominator", "Attendance", "2025-09-01"),
    ),
    measures=(MeasureInFile("Attendance", "fraction"),),
    sheets=("Week grid",),
    dates=Dates(
        order="month first", school_year_start=9, school_year=2025, first_week=date(2025, 9, 1), cadence="week"
    ),
    decimal=",",
    school="Peña",
)


def test_json_brings_back_the_same_recipe() -> None:
    text = RECIPE.to_json()
    assert Recipe.from_json(text) == RECIPE
    assert '{"position": 1, "header": "School", "role": "school name"}' in text
    assert "Peña" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("header_row", "header_rwo"), "Did you mean “header_row”"),
        (('"role": "school name"', '"role": "school nam"'), "Did you mean “school name”"),
        (('"position": 1', '"positon": 1'), "Did you mean “position”"),
        (('"layout": "periods across"', '"layout": "period across"'), "Did you mean “periods across”"),
        (('"unit": "fraction"', '"unit": "fractions"'), "Did you mean “fraction”"),
        (('"school_year": 2025', '"school_yeer": 2025'), "Did you mean “school_year”"),
        (('"first_week": "2025-09-01"', '"first_week": "1 Sep"'), "a date like"),
        (('"header_rows": 2', '"header_rows": 0'), "whole number"),
        (('"columns": [', '"columns": {'), "is not JSON"),
    ],
)
def test_mistakes_in_json_are_named(change: tuple[str, str], said: str) -> None:
    text = RECIPE.to_json().replace(change[0], change[1], 1)
    with pytest.raises(CannotContinue, match=said):
        Recipe.from_json(text)


def rows(order: list[int], header_at: int = 1) -> list[list[object]]:
    header = ["School ID", "School", "Date", "Attendance rate"]
    body = [[100 + place, f"School {place}", f"2025-09-{day:02d}", 0.9] for place in range(3) for day in (1, 8)]
    table = [[row[place] for place in order] for row in [header, *body]]
    return [["A title line"]] * (header_at - 1) + table


def test_columns_are_met_by_header_wherever_they_stand() -> None:
    recipe, before = checked(csv_of(rows([0, 1, 2, 3])))
    after = check(read_here(csv_of(rows([3, 2, 0, 1]))), recipe, KNOWN)
    columns = ["school", "school_name", "date", "value"]
    assert before.observations[columns].equals(after.observations[columns])
    assert after.observations["col"].tolist() == [1] * 6


def test_the_header_may_move_down() -> None:
    recipe, before = checked(csv_of(rows([0, 1, 2, 3])))
    after = check(read_here(csv_of(rows([0, 1, 2, 3], header_at=4))), recipe, KNOWN)
    assert after.counts == before.counts
    assert after.observations["row"].tolist() == [row + 3 for row in before.observations["row"]]


def test_a_missing_header_is_named() -> None:
    recipe, _ = checked(csv_of(rows([0, 1, 2, 3])))
    other = csv_of([["School ID", "School", "Dates", "Attendance rate"], ["100", "A", "2025-09-01", "0.9"]])
    with pytest.raises(CannotContinue, match=r"“Date”.*Did you mean “Dates”"):
        check(read_here(other), recipe, KNOWN)


def weeks(number: int) -> bytes:
    days = ["2025-09-01", "2025-09-08", "2025-09-15", "2025-09-22", "2025-09-29"][:number]
    return csv_of([["School", *days], ["Lincoln High", *["0.9"] * number], ["Douglass High", *["0.8"] * number]])


def test_next_weeks_column_is_read_without_a_question() -> None:
    recipe, _ = checked(weeks(3), "attendance.csv")
    assert check(read_here(weeks(5)), recipe, KNOWN).counts.kept == 10
    assert check(read_here(weeks(2)), recipe, KNOWN).counts.kept == 4


def test_a_new_tab_is_a_new_school() -> None:
    def book(*names: str) -> bytes:
        grid = [["Week of", "Attendance rate"], ["2025-09-01", 0.9], ["2025-09-08", 0.8]]
        return xlsx_of(dict.fromkeys(names, grid))

    recipe, _ = checked(book("Lincoln High", "Douglass High"), "attendance.xlsx")
    again = check(read_here(book("Lincoln High", "Douglass High", "Franklin High")), recipe, KNOWN)
    assert set(again.observations["school"]) == {"Lincoln High", "Douglass High", "Franklin High"}


def test_a_persons_choices_are_new_recipes() -> None:
    _, proposal = proposed(weeks(3), "attendance.csv")
    recipe = proposal.recipe
    assert recipe is not None
    renamed = recipe.with_measure("Attendance", "Weekly attendance", "percent")
    assert renamed.unit_of("weekly attendance") == "percent"
    assert {column.measure for column in renamed.columns if column.holds_values} == {"Weekly attendance"}
    assert recipe.unit_of("Weekly attendance") is None
    assert recipe.with_column(4, "not used").columns[3].role == "not used"
    assert recipe.with_dates(order="day first").dates.order == "day first"


GUIDE = (Path(__file__).parents[2] / "docs" / "recipes.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("example", re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL))
def test_the_examples_in_the_guide_are_recipes(example: str) -> None:
    recipe = Recipe.from_json(example)
    assert Recipe.from_json(recipe.to_json()) == recipe


def test_the_guide_names_every_field_and_word() -> None:
    named = {one.name for thing in (Recipe, Dates, MeasureInFile, Column) for one in fields(thing)}
    for word in (*named, *LAYOUTS, *ROLES, *UNITS_IN_FILE, *FRACTION_ORDERS, *SCHOOL_IN, *ZEROS, *BLANKS, *ORDERS):
        assert word in GUIDE


def test_rare_choices_are_written_down_and_read_again() -> None:
    measure = MeasureInFile("Belonging", "fraction", ("Agree",), ("Disagree",))
    dates = Dates(year_in_title=True)
    recipe = replace(
        RECIPE,
        school="",
        school_in="title",
        fractions="month/day",
        zeros="counted",
        blanks="counted",
        totals=("Total Prep",),
        not_totals=("All Schools Academy",),
        measures=(measure,),
        dates=dates,
    )
    assert Recipe.from_json(recipe.to_json()) == recipe
    with pytest.raises(CannotContinue, match="Did you mean “title”"):
        Recipe.from_json(recipe.to_json().replace('"title"', '"titel"'))
