"""Columns of counts that are a part and its whole, and a table of many measures: read, asked about, corrected."""

import pytest

from lib.intake import (
    Recipe,
    as_counts,
    as_share,
    check,
    measures_left,
    perhaps_share,
    with_measures,
    with_role,
)
from tests.intake.making import KNOWN, checked, csv_of, proposed

WEEKS = [f"2025-09-{day:02d}" for day in (1, 8, 15, 22, 29)]
VISITS, CALLS = (30, 41, 35, 38, 44), (12, 20, 9, 31, 27)


def two_counts(part: str, whole: str) -> bytes:
    rows = [["Lincoln High", day, of, n] for day, of, n in zip(WEEKS, VISITS, CALLS, strict=True)]
    return csv_of([["School", "Week", whole, part], *rows])


def roles(recipe: Recipe) -> dict[str, str]:
    return {column.header: column.role for column in recipe.columns if column.holds_values}


@pytest.mark.parametrize(("part", "whole"), [("calls_returned", "TOTAL_CALLS"), ("Served on time", "Orders")])
def test_two_counts_of_which_one_header_tells_the_part_or_the_whole_are_one_share_and_asked(
    part: str, whole: str
) -> None:
    workbook, proposal = proposed(two_counts(part, whole), "phone log.csv")
    assert proposal.recipe is not None
    assert roles(proposal.recipe) == {whole: "denominator", part: "numerator"}
    [question] = proposal.questions
    assert question.where == "Values" and "never more than" in question.what
    kept = check(workbook, proposal.recipe, KNOWN).observations
    assert kept["value"].tolist() == [n / of for n, of in zip(CALLS, VISITS, strict=True)]
    counts = as_counts(proposal.recipe)
    assert roles(counts) == {whole: "value", part: "value"}
    assert check(workbook, counts, KNOWN).counts.kept == 10


def test_two_counts_that_say_nothing_stay_two_and_may_be_told_to_be_a_share() -> None:
    recipe, _ = checked(two_counts("Infections", "Risk days"), "ward.csv")
    workbook, _ = proposed(two_counts("Infections", "Risk days"), "ward.csv")
    pair = perhaps_share(recipe, workbook)
    assert pair is not None and [one.header for one in pair] == ["Infections", "Risk days"]
    share = as_share(recipe, *pair)
    assert check(workbook, share, KNOWN).observations["denominator"].tolist() == list(VISITS)
    assert share.unit_of("Infections") == "fraction"
    assert as_counts(share) == recipe


def test_a_count_that_is_once_above_the_other_is_no_part_of_it() -> None:
    data = two_counts("calls_returned", "TOTAL_CALLS").replace(b"30,12", b"11,12")
    recipe, _ = checked(data, "phone log.csv")
    assert set(roles(recipe).values()) == {"value"}
    assert perhaps_share(recipe, proposed(data)[0]) is None


@pytest.mark.parametrize("order", [1, -1])
def test_a_part_that_is_the_whole_of_another_share_leaves_no_measure_without_a_name(order: int) -> None:
    """Tested of enrolled, and passed of tested, from left to right or from right to left."""
    rows = [["School", "Week", "Enrolled", "Tested", "% tested", "Passed", "% passed"]]
    for place, (day, tested, passed) in enumerate(zip(WEEKS, VISITS, CALLS, strict=True)):
        enrolled = 60 + place
        shares = [round(100 * tested / enrolled, 1), round(100 * passed / tested, 1)]
        rows.append(["Lincoln High", day, enrolled, tested, shares[0], passed, shares[1]])  # type: ignore[list-item]
    recipe, file = checked(csv_of([row[::order] for row in rows]), "tests.csv")
    assert {one.name for one in recipe.measures} == {"Tested", "Passed"}
    assert roles(recipe) == {
        "Enrolled": "denominator",
        "Tested": "denominator",
        "% tested": "value",
        "Passed": "numerator",
        "% passed": "value",
    }
    of_tested = file.observations[file.observations["measure"] == "Passed"]
    assert of_tested["denominator"].tolist() == list(VISITS)
    assert of_tested["numerator"].tolist() == list(CALLS)


def many_measures(n: int) -> bytes:
    rows = [["Lincoln High", day, *(100 * place + n for place in range(n))] for day in WEEKS]
    return csv_of([["School", "Week", *(f"Club {place} members" for place in range(n))], *rows])


def test_of_many_measures_some_are_chosen_and_all_come_back() -> None:
    workbook, proposal = proposed(many_measures(14), "clubs.csv")
    assert [question.where for question in proposal.questions] == ["Values"]
    whole = proposal.recipe
    assert whole is not None and measures_left(whole, whole) == ()
    two = with_measures(whole, whole, ["Club 3 members", "Club 9 members"])
    assert measures_left(two, whole) == ("Club 3 members", "Club 9 members")
    assert check(workbook, two, KNOWN).counts.kept == 10
    assert [one.unit for one in two.measures] == ["count", "count"]
    assert with_measures(two, whole, []) == whole


def test_choosing_measures_keeps_what_was_corrected_by_hand() -> None:
    workbook, proposal = proposed(many_measures(14), "clubs.csv")
    whole = proposal.recipe
    assert whole is not None
    renamed = whole.with_measure("Club 3 members", "Chess", "number")
    without_week = with_role(renamed, workbook, 2, "not used")
    left = with_measures(without_week, whole, ["Club 3 members"])
    assert [(one.name, one.unit) for one in left.measures] == [("Chess", "number")]
    assert not left.columns_as("date")


def test_a_percent_sign_behind_a_number_is_no_unit() -> None:
    rows = [["School", "Week", "In class 80% or more of the day", "% in class"]]
    rows += [["Lincoln High", day, n, 80.5 + n / 10] for day, n in zip(WEEKS, VISITS, strict=True)]  # type: ignore[list-item]
    recipe, _ = checked(csv_of(rows), "placement.csv")
    assert [one.unit for one in recipe.measures] == ["count", "percent"]
