"""Student groups across: grades, genders and programs as columns are groups of one measure, not a measure each."""

from dataclasses import replace
from typing import Any

import pytest

from lib.intake import Kept, Recipe, check, recognize
from tests.intake.making import KNOWN, checked, proposed, xlsx_of

SCHOOLS = ("Lincoln High", "Hope Academy", "Grant Middle School")
WEEKS = ("9/15/2025", "9/22/2025")


def share(school: int, column: int) -> float:
    return 70.5 + 3 * school + 2 * column


def tidy(*headers: str) -> list[list[Any]]:
    """One row for each school and week, and these columns of values."""
    cells = [
        [name, week, *(share(place, column) for column in range(len(headers)))]
        for week in WEEKS
        for place, name in enumerate(SCHOOLS)
    ]
    return [["School", "Week of", *headers], *cells]


def said(file: Any) -> list[tuple[str, str, str, float]]:
    """Measure, category, group and value of the first school in the first week."""
    rows = file.observations.query("school == 'Lincoln High'")
    rows = rows[rows["date"] == "2025-09-15"]
    return list(rows[["measure", "category", "group", "file_value"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("headers", "category"),
    [
        (("Grade 9", "Grade 10"), "Grade"),
        (("Gr. 9", "Gr. 10"), "Grade"),
        (("G09", "G10"), "Grade"),
        (("9th", "10th"), "Grade"),
        (("9th graders", "10th graders"), "Grade"),
        (("Kindergarten", "1st"), "Grade"),
        (("Grado 9", "Grado 10"), "Grade"),
        (("Female", "Male"), "Gender"),
        (("Black or African American", "Two or more races"), "Race and ethnicity"),
        (("ELL", "SWD"), "Student group"),
        (("Economically disadvantaged", "Not economically disadvantaged"), "Student group"),
    ],
)
def test_groups_are_known_by_their_names(headers: tuple[str, ...], category: str) -> None:
    recipe, file = checked(xlsx_of({"Data": tidy(*headers, "All students")}), "Attendance rate.xlsx")
    assert [one.name for one in recipe.measures] == ["Attendance rate"]
    assert said(file) == [
        ("Attendance rate", category, headers[0], 70.5),
        ("Attendance rate", category, headers[1], 72.5),
        ("Attendance rate", "", "", 74.5),
    ]


def test_several_measures_by_grade() -> None:
    headers = (
        "Attendance % Grade 9",
        "Attendance % Grade 10",
        "Attendance % (all)",
        "Grade 9 D/F rate",
        "Grade 10 D/F rate",
    )
    _, file = checked(xlsx_of({"Data": tidy(*headers)}))
    assert [one[:3] for one in said(file)] == [
        ("Attendance", "Grade", "Grade 9"),
        ("Attendance", "Grade", "Grade 10"),
        ("Attendance", "", ""),
        ("D/F rate", "Grade", "Grade 9"),
        ("D/F rate", "Grade", "Grade 10"),
    ]


@pytest.mark.parametrize(
    "headers",
    [
        [["", "Grade 9", "", "Grade 10", ""], ["School", *WEEKS, *WEEKS]],
        [["", WEEKS[0], "", WEEKS[1], ""], ["School", *["Grade 9", "Grade 10"] * 2]],
    ],
)
def test_grades_over_weeks_and_weeks_over_grades(headers: list[list[str]]) -> None:
    rows = [*headers, *([name, *(share(place, column) for column in range(4))] for place, name in enumerate(SCHOOLS))]
    _, file = checked(xlsx_of({"Attendance rate": rows}))
    place = headers[0].index("Grade 9") if "Grade 9" in headers[0] else headers[1].index("Grade 9")
    assert ("Attendance rate", "Grade", "Grade 9", share(0, place - 1)) in said(file)
    assert sorted(group for _, _, group, _ in said(file)) == ["Grade 10", "Grade 9"]


def test_a_pair_of_counts_for_each_grade_has_its_own_denominator_or_none() -> None:
    upper = ["", "", "Grade 9", "", "Grade 10", ""]
    rows = [upper, ["School", "Week of", "Present", "Enrolled", "Present", "Enrolled"]]
    rows += [[name, WEEKS[0], 80 + place, 100, 50 + place, 60] for place, name in enumerate(SCHOOLS)]
    _, file = checked(xlsx_of({"Attendance": rows}))
    pairs = file.observations[["group", "numerator", "denominator"]].drop_duplicates("group")
    assert list(pairs.itertuples(index=False, name=None)) == [("Grade 9", 80, 100), ("Grade 10", 50, 60)]


def test_shares_that_make_a_hundred_are_how_many_belong_and_no_value_of_the_groups() -> None:
    rows = [["School", "Year", "% Female", "% Male"]]
    rows += [[name, "2024-25", 48.5 + place, 51.5 - place] for place, name in enumerate(SCHOOLS)]
    _, file = checked(xlsx_of({"Data": rows}))
    assert sorted(set(file.observations["measure"])) == ["Female", "Male"]
    assert set(file.observations["group"]) == {""}


@pytest.mark.parametrize(
    "headers", [("1st", "2nd"), ("Grade 9", "Tardies"), ("White Plains visits", "Black River visits")]
)
def test_other_columns_are_no_groups(headers: tuple[str, ...]) -> None:
    _, proposal = proposed(xlsx_of({"Data": tidy(*headers)}), "Attendance rate.xlsx")
    assert not any(column.group for column in proposal.recipe.columns)  # type: ignore[union-attr]


def test_beside_a_column_of_groups_columns_are_measures() -> None:
    rows = [["School", "Grade", "Week of", "Female %", "Male %"]]
    rows += [[name, grade, WEEKS[0], 80.5, 70.5 + place] for place, name in enumerate(SCHOOLS) for grade in (9, 10)]
    recipe, file = checked(xlsx_of({"Data": rows}))
    assert [one.name for one in recipe.measures] == ["Female", "Male"]
    assert set(file.observations["group"]) == {"9", "10"}


def test_a_measure_that_nothing_names_is_asked_about() -> None:
    _, proposal = proposed(xlsx_of({"Sheet1": tidy("Grade 9", "Grade 10")}), "data.xlsx")
    assert "Values" in [question.where for question in proposal.questions]


def test_a_recipe_keeps_its_groups_and_a_new_grade_joins_them() -> None:
    first = xlsx_of({"Data": tidy("Grade 9", "Grade 10")})
    workbook, proposal = proposed(first, "Attendance rate.xlsx")
    assert proposal.recipe is not None
    recipe = Recipe.from_json(proposal.recipe.to_json())
    assert recipe == proposal.recipe
    later, now = proposed(xlsx_of({"Data": tidy("Grade 9", "Grade 10", "Grade 11")}), "Attendance rate.xlsx")
    found = recognize(later, now, [Kept("Attendance", recipe, proposal.recipe)], KNOWN)
    assert found is not None
    assert found.proposal.certain
    groups = [group for _, _, group, _ in said(check(later, found.proposal.recipe, KNOWN))]  # type: ignore[arg-type]
    assert groups == ["Grade 9", "Grade 10", "Grade 11"]
    renamed = recipe.with_group(3, "Ninth").with_group(4, "")
    assert [one[1:3] for one in said(check(workbook, renamed, KNOWN))] == [("Grade", "Ninth"), ("", "")]


def test_marks_and_texts_among_groups_are_named() -> None:
    rows = tidy("Grade 9", "Grade 10")
    rows[1][2], rows[2][3] = "*", "abc"
    _, file = checked(xlsx_of({"Data": rows}), "Attendance rate.xlsx")
    assert (file.counts.kept, file.suppressed["cell"].tolist(), file.refused["cell"].tolist()) == (10, ["C2"], ["D3"])
    assert replace(file.counts, kept=12, suppressed=0, refused=0).values == 12


def tabs(*names: str) -> bytes:
    """A tab for each of these, schools down and weeks across."""
    headers = ["School", *WEEKS]
    return xlsx_of(
        {
            name: [
                headers,
                *([school, share(place, tab), share(place, tab + 1)] for place, school in enumerate(SCHOOLS)),
            ]
            for tab, name in enumerate(names)
        }
    )


def test_a_tab_for_each_grade_is_a_group_and_never_a_measure() -> None:
    recipe, file = checked(tabs("Grade 9", "Grade 10", "All students"), "Attendance rate.xlsx")
    assert recipe.layout == "one tab per group"
    assert said(file) == [
        ("Attendance rate", "Grade", "Grade 9", 70.5),
        ("Attendance rate", "Grade", "Grade 10", 72.5),
        ("Attendance rate", "", "", 74.5),
    ]


def test_a_new_tab_of_another_name_is_a_group_and_never_all_students() -> None:
    recipe, _ = checked(tabs("Grade 9", "Grade 10"), "Attendance rate.xlsx")
    later, _ = proposed(tabs("Grade 9", "Newcomers"), "Attendance rate.xlsx")
    assert [one[1:3] for one in said(check(later, recipe, KNOWN))] == [("Grade", "Grade 9"), ("", "Newcomers")]
