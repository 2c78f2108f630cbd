"""Two schools or measures made one and parted: nothing is lost, what clashes is refused, the way back is the same."""

from dataclasses import replace
from datetime import date

import hypothesis.strategies as some
import pytest
from hypothesis import given, settings

from lib.improvement import TestOfChange
from lib.marks import ChartMark, Place
from lib.measures import Measure
from lib.problems import CannotContinue
from lib.store import Database, definitions, edits, ideas, marks, merging, schools, undo, uploads
from lib.store.schools import Alias
from tests.store.conftest import new_upload

MONDAY = date(2025, 9, 1)
TABLES = (
    "observation",
    "replaced",
    "named",
    "school",
    "measure",
    "school_alias",
    "measure_alias",
    "mark_event",
    "test_of_change",
)


def row(code, name, day, present, group=""):
    return (code, name, group, f"2025-09-{day:02}", present, 20, present / 20)


ASH, BAY = ("A1", "Ash Grove High"), ("", "Ashgrove")


@pytest.fixture
def two(database, network, save):
    """Ash (school 1) from 1 Sep, Bay (school 2) before and after, one value of which was replaced."""
    save([row(*ASH, 1, 18), row(*ASH, 8, 17), row(*BAY, 15, 10)])
    save([row(*BAY, 15, 11), row(*BAY, 22, 12)])
    return database


def state(database):
    return {table: sorted(database.rows(f"select * from {table}"), key=repr) for table in TABLES}


def shown(database):
    return database.rows("select school, date::text, numerator, upload from observation order by 1, 2")


def test_a_value_that_a_person_took_away_clashes_with_one_that_stands(two, network, save):
    save([], emptied=[(*BAY, "", "2025-09-15", None, None, None)])
    save([row(*ASH, 15, 10)])
    with pytest.raises(CannotContinue, match=r"Both have a value: .* and one that was taken away"):
        merging.merge(two, network, "school", 2, 1, "Ann")


def test_what_was_taken_away_stays_so_when_two_are_made_one_and_parted(two, network, save):
    save([], emptied=[(*BAY, "", "2025-09-15", None, None, None)])
    before = state(two)
    merger = merging.merge(two, network, "school", 2, 1, "Ann")
    assert [day for _, day, *_ in shown(two)] == ["2025-09-01", "2025-09-08", "2025-09-22"]
    merging.part(two, network, merger, "Ann")
    assert state(two) == before


def test_all_values_of_one_are_the_others(two, network):
    merging.merge(two, network, "school", 2, 1, "Ann")
    assert [school.name for school in definitions.schools(two, network)] == ["Ash Grove High"]
    assert shown(two) == [
        (1, "2025-09-01", 18, 1),
        (1, "2025-09-08", 17, 1),
        (1, "2025-09-15", 11, 2),
        (1, "2025-09-22", 12, 2),
    ]
    assert two.rows("select school, numerator, upload, replaced_by from replaced") == [(1, 10, 1, 2)]
    assert two.rows("select what from log order by rowid desc limit 1") == [
        ("made the school “Ashgrove” one with “Ash Grove High”",)
    ]


def test_files_go_on_to_use_the_old_name(two, network, save):
    merging.merge(two, network, "school", 2, 1, "Ann")
    save([row(*BAY, 29, 13)])
    assert two.rows("select school from observation where date = '2025-09-29'") == [(1,)]
    assert edits.school_rows(two, network)[0].aliases == ("Ashgrove",)


def test_parted_again_everything_is_as_it_was(two, network):
    with two.writing() as cursor:
        schools.remember(cursor, network, [Alias("Ash G.", 2), Alias("B9", 2, is_code=True), Alias("AGH", 1)])
        definitions.save_tests(cursor, network, [TestOfChange("Idea", 2, MONDAY), TestOfChange("Idea", 1, MONDAY)])
    marks.make(two, network, ChartMark("note", Place(1, 2, 0), MONDAY, "A note"), "Ann")
    before = state(two)
    number = merging.merge(two, network, "school", 2, 1, "Ann")
    assert state(two) != before
    assert [(one.gone, one.stays, one.who, one.n_values) for one in merging.mergers(two, network, "school")] == [
        ("Ashgrove", "Ash Grove High", "Ann", 3)
    ]
    merging.part(two, network, number, "Bo")
    assert state(two) == before
    assert merging.mergers(two, network, "school") == []
    with pytest.raises(CannotContinue, match="parted already"):
        merging.part(two, network, number, "Bo")


def test_tests_that_differ_only_in_the_days_of_their_stages_go_back_to_their_schools(two, network):
    days = {1: date(2025, 10, 6), 2: date(2025, 11, 3)}
    tests = [
        TestOfChange("Idea", one, MONDAY, stage="adopted", stages=(("adopted", day),)) for one, day in days.items()
    ]
    with two.writing() as cursor:
        definitions.save_tests(cursor, network, tests)
    number = merging.merge(two, network, "school", 2, 1, "Ann")
    merging.part(two, network, number, "Ann")
    assert {test.school_id: test.stages[-1] for test in ideas.logged(two, network)} == {
        one: ("adopted", day) for one, day in days.items()
    }


def test_values_that_clash_are_named_and_nothing_is_changed(two, network, save):
    save([row(*BAY, 1, 5), row(*BAY, 8, 17)])
    before = state(two)
    with pytest.raises(
        CannotContinue, match=r"Attendance, Ash Grove High, 2025-09-01: Both have a value: 0\.9 and 0\.25"
    ):
        merging.merge(two, network, "school", 2, 1, "Ann")
    assert state(two) == before
    assert len(merging.conflicts(two, "school", 2, 1)) == 1


def test_equal_values_are_no_clash_and_both_are_kept(two, network, save):
    save([row(*BAY, 8, 17)])
    number = merging.merge(two, network, "school", 2, 1, "Ann")
    assert (1, "2025-09-08", 17, 3) in shown(two)
    assert (1, 17, 1, 3) in two.rows("select school, numerator, upload, replaced_by from replaced")
    merging.part(two, network, number, "Ann")
    assert {(1, "2025-09-08", 17, 1), (2, "2025-09-08", 17, 3)} <= set(shown(two))


def test_one_upload_with_both_is_a_clash_even_where_they_are_equal(two, network, save):
    save([row(*ASH, 29, 10), row(*BAY, 29, 10)])
    with pytest.raises(CannotContinue, match=r"2025-09-29: Both have a value: 0\.5 and 0\.5"):
        merging.merge(two, network, "school", 2, 1, "Ann")


def test_what_came_in_meanwhile_stays_where_it_was_put(two, network, save):
    number = merging.merge(two, network, "school", 2, 1, "Ann")
    save([row(*BAY, 22, 19), row(*BAY, 29, 13)])
    merging.part(two, network, number, "Ann")
    assert shown(two)[-2:] == [(2, "2025-09-15", 11, 2), (2, "2025-09-22", 12, 2)]
    assert {(1, "2025-09-22", 19, 3), (1, "2025-09-29", 13, 3)} <= set(shown(two))


def test_marks_of_one_chart_are_not_mixed(two, network):
    for school in (1, 2):
        marks.make(two, network, ChartMark("note", Place(1, school, 0), MONDAY, "A note"), "Ann")
    with pytest.raises(CannotContinue, match="Both have marks on the same chart"):
        merging.merge(two, network, "school", 2, 1, "Ann")
    marks.undo(two, network, 2, "Ann")
    merging.merge(two, network, "school", 2, 1, "Ann")


def test_measures_are_made_one_by_their_values_too(database, network, save):
    save([row(*ASH, 1, 18)])
    other = new_upload(network, [row(*ASH, 8, 17)], measure=Measure(0, "Attn", unit="percent", cadence="week"))
    uploads.save(database, replace(other, observations=other.observations.assign(measure="Attn")))
    number = merging.merge(database, network, "measure", 2, 1, "Ann")
    assert database.rows("select measure, date::text from observation order by 2") == [
        (1, "2025-09-01"),
        (1, "2025-09-08"),
    ]
    assert definitions.measure_aliases(database, network) == {"attn": "Attendance"}
    merging.part(database, network, number, "Ann")
    assert [measure.name for measure in definitions.measures(database, network)] == ["Attendance", "Attn"]
    before = edits.measure_rows(database, network)
    rows = [before[0], replace(before[1], measure=replace(before[1].measure, unit="count"), n_values=0)]
    edits.save_measures(database, network, rows, [before[0], replace(before[1], n_values=0)], "Ann")
    with pytest.raises(CannotContinue, match="“Attn” is in count, “Attendance” in percent"):
        merging.merge(database, network, "measure", 2, 1, "Ann")


def test_what_cannot_be_parted_says_why(two, network, save):
    save([row("C1", "Cedar", 1, 9, "9")])
    first = merging.merge(two, network, "school", 2, 1, "Ann")
    second = merging.merge(two, network, "school", 1, 3, "Ann")
    with pytest.raises(CannotContinue, match="“Ash Grove High” was made one with “Cedar” after that"):
        merging.part(two, network, first, "Ann")
    merging.part(two, network, second, "Ann")
    edits.save_schools(
        two,
        network,
        [
            replace(one, school=replace(one.school, name="Ashgrove"), aliases=())
            if one.school.id == 3
            else replace(one, aliases=())
            for one in edits.school_rows(two, network)
        ],
        edits.school_rows(two, network),
        "Ann",
    )
    with pytest.raises(CannotContinue, match="There is a school “Ashgrove” again"):
        merging.part(two, network, first, "Ann")


def test_a_number_that_was_given_away_meanwhile_is_not_taken_back(two, network, save):
    number = merging.merge(two, network, "school", 2, 1, "Ann")
    save([row("C1", "Cedar", 1, 9)])
    assert [school.id for school in definitions.schools(two, network)] == [1, 2]
    merging.part(two, network, number, "Ann")
    assert sorted((school.id, school.name) for school in definitions.schools(two, network)) == [
        (1, "Ash Grove High"),
        (2, "Cedar"),
        (3, "Ashgrove"),
    ]
    assert [school for school, *_ in shown(two)] == [1, 1, 2, 3, 3]


def test_one_cannot_be_made_one_with_itself_or_with_nothing(two, network):
    with pytest.raises(CannotContinue, match="It is one school already"):
        merging.merge(two, network, "school", 1, 1, "Ann")
    with pytest.raises(CannotContinue, match="This school isn't there any more"):
        merging.merge(two, network, "school", 9, 1, "Ann")


STEPS = some.lists(
    some.one_of(
        some.tuples(some.just("save"), some.sampled_from([ASH, BAY]), some.integers(1, 4), some.integers(0, 2)),
        some.tuples(some.sampled_from(["undo", "redo"]), some.integers(1, 6)),
    ),
    max_size=6,
)


def play(database, steps):
    for step in steps:
        try:
            if step[0] == "save":
                _, school, day, present = step
                uploads.save(database, new_upload(1, [row(*school, day, present)]))
            else:
                getattr(undo, step[0])(database, 1, step[1], "Ann", "why")
        except CannotContinue:
            continue


@settings(max_examples=15, deadline=None)
@given(before=STEPS, between=STEPS.map(lambda steps: [step for step in steps if step[0] != "save"]))
def test_undo_and_redo_between_merging_and_parting_are_as_without_them(before, between):
    """Whatever happens to uploads meanwhile, the values are those of a network in which nobody merged anything."""
    found = []
    for merges in (True, False):
        database = Database(":memory:")
        definitions.add_network(database, "Test")
        uploads.save(database, new_upload(1, [row(*ASH, 25, 1), row(*BAY, 26, 1)]))
        play(database, before)
        number = None
        if merges:
            try:
                number = merging.merge(database, 1, "school", 2, 1, "Ann")
            except CannotContinue:
                database.close()
                return
        play(database, between)
        if number:
            merging.part(database, 1, number, "Ann")
        found.append({table: sorted(database.rows(f"select * from {table}"), key=repr) for table in TABLES[:3]})
        database.close()
    assert found[0] == found[1]
