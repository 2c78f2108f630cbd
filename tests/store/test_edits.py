"""Measures and schools are changed in a table: checked by row and column, saved whole, and told in the log."""

from dataclasses import replace

import pytest

from lib.measures import Measure, School
from lib.problems import CannotContinue
from lib.store import definitions, edits
from lib.store.edits import MeasureRow, SchoolRow

ASH = ("A1", "Ash Grove High", "", "2025-09-01", 18, 20, 0.9)
BAY = ("", "Bayview High", "", "2025-09-01", 15, 20, 0.75)
GOOD = Measure(0, "Attendance", unit="percent", wanted="up", cadence="week")


def said(problems):
    return [str(problem) for problem in problems]


def logged(database):
    return [what for (what,) in database.rows("select what from log order by rowid")]


def change_measure(database, network, **changed):
    before = edits.measure_rows(database, network)
    rows = [replace(before[0], measure=replace(before[0].measure, **changed)), *before[1:]]
    return edits.save_measures(database, network, rows, before, "Ann")


def change_school(database, network, number, aliases=None, **changed):
    before = edits.school_rows(database, network)
    rows = [
        replace(row, school=replace(row.school, **changed), aliases=row.aliases if aliases is None else aliases)
        if row.school.id == number
        else row
        for row in before
    ]
    return edits.save_schools(database, network, rows, before, "Ann")


# Checks


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"name": ""}, "Row 1, name: The measure has no name. Type one."),
        ({"name": "x" * 81}, "Row 1, name: It has 81 letters. Use 80 or fewer."),
        ({"cadence": ""}, "Row 1, cadence: It is missing. Choose day, week,"),
        (
            {"family": "other"},
            "Row 1, family: “other” is not one of them. Choose outcome, driver, process or balancing.",
        ),
        ({"goal": 1.5}, "Row 1, goal: 150 is no percentage. Write a number from 0 to 100."),
        ({"goal_low": 0.5}, "Row 1, goal to: A range needs both its ends. Write the other end, or clear both."),
        ({"goal_low": 0.5, "goal_high": 0.5}, "Row 1, goal to: The range ends before it begins. Check both numbers."),
        ({"wanted": "in range"}, "Row 1, goal from: “In range” needs a range. Write from where to where."),
        ({"goal_by": "2026-06-01"}, "Row 1, goal by: There is a date and no goal. Write the goal, or clear the date."),
    ],
)
def test_what_is_wrong_with_a_measure_is_said_by_row_and_column(changed, why):
    [problem] = said(edits.measure_problems([MeasureRow(replace(GOOD, **changed), where="Row 1")], []))
    assert problem.startswith(why)


def test_a_measure_as_it_should_be_has_no_problem():
    rows = [
        MeasureRow(replace(GOOD, goal=1.0)),
        MeasureRow(replace(GOOD, name="B", unit="count", goal=200), where="Row 2"),
    ]
    assert edits.measure_problems(rows, []) == []


def test_a_name_stands_for_one_measure_also_as_another_name():
    rows = [MeasureRow(GOOD, (), 0, "Row 1"), MeasureRow(replace(GOOD, name="Attn"), ("ATTENDANCE",), 0, "Row 2")]
    assert said(edits.measure_problems(rows, [])) == [
        "Row 2, other names: “ATTENDANCE” is row 1 too. Change one of them, or make the two measures one."
    ]


def test_values_in_percent_cannot_become_something_else(database, network, save):
    save([ASH])
    with pytest.raises(CannotContinue, match="Row 1, unit: It has 1 values in percent, which would be wrong in count"):
        change_measure(database, network, unit="count")


def test_two_schools_may_share_a_name_where_codes_tell_them_apart():
    one, other = School(1, "P.S. 253", "A1"), School(2, "P.S. 253", "A2")
    assert edits.school_problems([SchoolRow(one, where="Row 1"), SchoolRow(other, where="Row 2")]) == []
    rows = [SchoolRow(replace(one, code=""), where="Row 1"), SchoolRow(replace(other, code=""), where="Row 2")]
    assert said(edits.school_problems(rows)) == [
        "Row 2, name: “P.S. 253” is row 1 too. Change one of them, or make the two schools one."
    ]
    rows = [SchoolRow(one, where="Row 1"), SchoolRow(other, (), ("A1",), where="Row 2")]
    assert said(edits.school_problems(rows)) == [
        "Row 2, code: “A1” is the code of row 1 too. Change one of them, or make the two schools one."
    ]


# Saving


def test_what_is_changed_is_stored_and_told_in_words(database, network, save):
    save([ASH, BAY])
    change_measure(database, network, goal=0.93, wanted="up", draft=False, new_line_each_year=True)
    change_school(database, network, 2, tags=("city", "small"), district="Lake")
    [measure] = definitions.measures(database, network)
    assert (measure.goal, measure.wanted, measure.new_line_each_year) == (0.93, "up", True)
    assert definitions.schools(database, network)[1] == School(2, "Bayview High", "", "Lake", ("city", "small"))
    assert logged(database)[-2:] == [
        "changed the measure “Attendance”: wanted none → up; goal none → 93 %; new line each year no → yes",
        "changed the school “Bayview High”: district none → Lake; tags none → city, small",
    ]
    assert edits.log(database, network)["who"].tolist() == ["Ann", "Ann", "test"]


def test_a_school_that_is_renamed_or_gets_another_code_is_found_by_the_old_ones(database, network, save):
    save([ASH, BAY])
    change_school(database, network, 1, name="Ash Grove Academy", code="A-001")
    save([("A1", "Ash Grove High", "", "2025-09-08", 1, 2, 0.5), ("", "Ash Grove High", "", "2025-09-15", 1, 2, 0.5)])
    assert len(definitions.schools(database, network)) == 2
    change_school(database, network, 1, name="Ash Grove High", code="A1")
    assert edits.school_rows(database, network)[0].key == (
        School(1, "Ash Grove High", "A1"),
        ("Ash Grove Academy",),
        ("A-001",),
    )


def test_a_code_that_another_school_takes_over_is_no_alias_of_the_first(database, network, save):
    save([ASH, BAY])
    before = edits.school_rows(database, network)
    rows = [
        replace(before[0], school=replace(before[0].school, code="A2")),
        replace(before[1], school=replace(before[1].school, code="A1")),
    ]
    edits.save_schools(database, network, rows, before, "Ann")
    save([("A1", "Whatever", "", "2025-09-08", 1, 2, 0.5)])
    assert database.rows("select school from observation where date = '2025-09-08'") == [(2,)]


def test_a_new_row_is_a_new_measure_and_a_new_school(database, network):
    assert edits.save_measures(database, network, [MeasureRow(GOOD, ("Attn",))], [], "Ann") == 1
    assert edits.save_schools(database, network, [SchoolRow(School(0, "Ash", "A1", tags=("big",)))], [], "Ann") == 1
    assert edits.measure_rows(database, network)[0].key == (replace(GOOD, id=1), ("Attn",))
    assert edits.school_rows(database, network)[0].school == School(1, "Ash", "A1", tags=("big",))


def test_nothing_is_saved_where_one_row_is_wrong_or_somebody_was_quicker(database, network, save):
    save([ASH, BAY])
    before = edits.school_rows(database, network)
    rows = [replace(before[0], school=replace(before[0].school, name="New")), replace(before[1], school=School(2, ""))]
    with pytest.raises(CannotContinue, match="Row 2, name"):
        edits.save_schools(database, network, rows, before, "Ann")
    change_school(database, network, 2, name="Bay")
    with pytest.raises(CannotContinue, match="Somebody changed these definitions meanwhile"):
        edits.save_schools(database, network, [rows[0], before[1]], before, "Bo")
    assert [school.name for school in definitions.schools(database, network)] == ["Ash Grove High", "Bay"]


def test_what_is_retired_keeps_its_values_and_still_takes_new_ones(database, network, save):
    save([ASH, BAY])
    change_school(database, network, 2, retired=True)
    save([("", "Bayview High", "", "2025-09-08", 16, 20, 0.8)])
    assert [(row.school.retired, row.n_values) for row in edits.school_rows(database, network)] == [
        (False, 1),
        (True, 2),
    ]
