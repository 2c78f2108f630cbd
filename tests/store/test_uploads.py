"""An upload is saved whole, knows its cells, and keeps what it replaces."""

from dataclasses import replace

import duckdb
import pandas as pd
import pytest

from lib.measures import Measure
from lib.problems import CannotContinue
from lib.store import definitions, schools, uploads
from lib.store.schools import Alias, Same
from tests.store.conftest import new_upload

ASH = ("A1", "Ash Grove High", "", "2025-09-01", 18, 20, 0.9)
BAY = ("B1", "Bayview High", "", "2025-09-01", 15, 20, 0.75)


def stored(database):
    return database.rows("select school, date::text, value, upload from observation order by school, date")


def test_each_observation_knows_upload_sheet_and_cell(database, save):
    number = save([ASH, BAY])
    rows = database.rows("select upload, sheet, row, col from observation order by row")
    assert rows == [(number, 0, 2, 4), (number, 0, 3, 4)]


def test_what_is_replaced_is_kept_and_the_newest_word_is_shown(database, save):
    first = save([ASH, BAY])
    second = save([("A1", "Ash Grove High", "", "2025-09-01", 19, 20, 0.95)])
    assert stored(database) == [(1, "2025-09-01", 0.95, second), (2, "2025-09-01", 0.75, first)]
    assert database.rows("select school, value, upload, replaced_by from replaced") == [(1, 0.9, first, second)]


def test_an_upload_that_fails_changes_nothing(database, network):
    bad = new_upload(network, [ASH, BAY])
    bad.observations["value"] = [0.9, None]
    with pytest.raises(duckdb.ConstraintException):
        uploads.save(database, bad)
    assert database.rows(
        "select (select count(*) from observation), (select count(*) from school), (select count(*) from upload)"
    ) == [(0, 0, 0)]


def test_schools_with_one_name_stay_two_when_codes_say_so(database, network, save):
    save([("A1", "P.S. 253", "", "2025-09-01", 1, 2, 0.5), ("A2", "P.S. 253", "", "2025-09-01", 1, 4, 0.25)])
    assert [school.code for school in definitions.schools(database, network)] == ["A1", "A2"]
    assert len(stored(database)) == 2


def test_a_school_spelt_two_ways_under_one_code_is_one_school(database, network, save):
    save([("A1", "P.S. 253", "", "2025-09-01", 1, 2, 0.5), ("A1", "PS 253", "", "2025-09-08", 1, 4, 0.25)])
    assert len(definitions.schools(database, network)) == 1


def test_a_school_without_code_is_found_by_its_name_whatever_the_case(database, network, save):
    save([ASH])
    save([("", "ASH GROVE HIGH", "", "2025-09-08", 1, 2, 0.5)])
    assert len(definitions.schools(database, network)) == 1


def test_a_name_that_two_schools_share_is_nobodys(database, network, save):
    save([("A1", "P.S. 253", "", "2025-09-01", 1, 2, 0.5), ("A2", "P.S. 253", "", "2025-09-01", 1, 4, 0.25)])
    save([("", "P.S. 253", "", "2025-09-08", 1, 2, 0.5)])
    assert len(definitions.schools(database, network)) == 3
    assert stored(database)[-1][0] == 3
    save([("", "P.S. 253", "", "2025-09-15", 1, 2, 0.5)])
    assert len(definitions.schools(database, network)) == 3
    assert [row[0] for row in stored(database)] == [1, 2, 3, 3]


def test_two_spellings_of_a_file_that_a_person_called_one_are_one_new_school_from_then_on(database, network, save):
    rows = [("", "Lincoln HS", "", "2025-09-01", 1, 2, 0.5), ("", "Lincoln High School", "", "2025-09-08", 1, 4, 0.25)]
    told = replace(new_upload(network, rows), same=(Same("", "Lincoln High School", "", "Lincoln HS"),))
    assert uploads.difference(database, told).new_schools == ("Lincoln HS",)
    uploads.save(database, told)
    assert stored(database) == [(1, "2025-09-01", 0.5, 1), (1, "2025-09-08", 0.25, 1)]
    save([("", "LINCOLN HIGH SCHOOL", "", "2025-09-15", 1, 2, 0.5)])
    assert len(definitions.schools(database, network)) == 1


def test_two_spellings_called_one_that_have_two_values_for_one_day_are_refused(database, network):
    rows = [("", "Lincoln HS", "", "2025-09-01", 1, 2, 0.5), ("L2", "Lincoln High", "", "2025-09-01", 1, 4, 0.25)]
    told = replace(new_upload(network, rows), same=(Same("", "Lincoln HS", "L2", "Lincoln High"),))
    with pytest.raises(CannotContinue, match=r"rows 2 and 3.*2025-09-01"):
        uploads.save(database, told)


def test_a_code_is_learned_by_the_school_that_had_none(database, network, save):
    save([("", "Ash", "", "2025-09-01", 1, 2, 0.5)])
    save([("A1", "Ash", "", "2025-09-08", 1, 2, 0.5)])
    assert [(school.code, school.name) for school in definitions.schools(database, network)] == [("A1", "Ash")]


def test_two_codes_of_one_name_never_share_a_school(database, network, save):
    save([("", "Ash", "", "2025-09-01", 1, 2, 0.5)])
    save([("A1", "Ash", "", "2025-09-08", 1, 2, 0.5), ("A2", "Ash", "", "2025-09-08", 1, 4, 0.25)])
    assert [school.code for school in definitions.schools(database, network)] == ["", "A1", "A2"]
    assert len(stored(database)) == 3


def test_two_names_that_turn_out_to_be_one_school_are_refused_and_nothing_is_kept(database, network, save):
    save([ASH])
    before = stored(database)
    with pytest.raises(CannotContinue, match=r"rows 2 and 3.*Ash Grove High.*2025-09-08"):
        save([("A1", "Ash Grove", "", "2025-09-08", 1, 2, 0.5), ("", "Ash Grove High", "", "2025-09-08", 1, 4, 0.25)])
    assert stored(database) == before


def test_a_school_without_a_value_is_known_all_the_same(database, network):
    upload = new_upload(network, [ASH])
    named = pd.DataFrame({"school_code": ["Z9"], "school_name": ["Zion High"], "district": ["North"]})
    uploads.save(database, replace(upload, schools=pd.concat([upload.schools, named])))
    assert [school.name for school in definitions.schools(database, network)] == ["Ash Grove High", "Zion High"]


def test_a_school_is_found_by_an_alias(database, network, save):
    save([ASH])
    with database.writing() as cursor:
        schools.remember(cursor, network, [Alias("Ash Gr.", 1)])
    save([("", "Ash Gr.", "", "2025-09-08", 1, 2, 0.5)])
    assert len(definitions.schools(database, network)) == 1


def test_an_alias_never_makes_one_of_two_schools_with_codes(database, network, save):
    save([ASH])
    with database.writing() as cursor:
        schools.remember(cursor, network, [Alias("Ash Gr.", 1)])
    save([("Z9", "Ash Gr.", "", "2025-09-08", 1, 2, 0.5)])
    assert [school.code for school in definitions.schools(database, network)] == ["Z9", "A1"]


def test_what_a_person_says_of_a_school_counts_at_once_and_is_remembered(database, network, save):
    save([ASH])
    upload = new_upload(network, [("9", "Ash Grve", "", "2025-09-08", 1, 2, 0.5)])
    assert uploads.newcomers(database, upload).values.tolist() == [["9", "Ash Grve", ""]]
    told = replace(upload, aliases=(Alias("Ash Grve", 1), Alias("9", 1, is_code=True)))
    assert uploads.newcomers(database, told).empty
    uploads.save(database, told)
    save([("9", "", "", "2025-09-15", 1, 2, 0.5), ("9", "Ash Grve", "", "2025-09-22", 1, 2, 0.5)])
    assert len(definitions.schools(database, network)) == 1
    uploads.save(database, told)
    assert database.rows("select alias, is_code from school_alias order by 2") == [("Ash Grve", False), ("9", True)]


def test_difference_before_anything_is_written(database, network, save):
    later = ("B1", "Bayview High", "", "2025-09-22", 16, 20, 0.8)  # after all dates of the next file
    save([ASH, BAY, ("B1", "Bayview High", "", "2025-09-08", 16, 20, 0.8), later])
    next_week = new_upload(
        network,
        [
            ASH,
            ("B1", "Bayview High", "", "2025-09-01", 14, 20, 0.7),
            ("B1", "Bayview High", "", "2025-09-15", 17, 20, 0.85),
            ("C1", "Cedar Hill High", "", "2025-09-01", 1, 2, 0.5),
        ],
    )
    before = database.version
    found = uploads.difference(database, next_week)
    assert (found.new, found.changed, found.unchanged, found.vanished) == (2, 1, 1, 1)
    assert found.new_schools == ("Cedar Hill High",)
    assert found.new_measures == ()
    assert database.version == before


def test_new_student_groups_are_said_once_in_the_order_of_the_file(database, network, save):
    save([ASH, ("A1", "Ash Grove High", "9", "2025-09-01", 4, 5, 0.8)])
    upload = new_upload(
        network, [("A1", "Ash Grove High", group, "2025-09-08", 4, 5, 0.8) for group in ("12", "9", "10", "")]
    )
    assert uploads.difference(database, upload).new_groups == ("Grade: 12", "Grade: 10")


def test_the_difference_agrees_with_what_saving_does(database, network, save):
    save([ASH, BAY])
    upload = new_upload(network, [ASH, ("C1", "Cedar Hill High", "", "2025-09-01", 1, 2, 0.5)])
    found = uploads.difference(database, upload)
    uploads.save(database, upload)
    assert database.rows("select count(*) from observation") == [(2 + found.new,)]
    assert database.rows("select count(*) from replaced") == [(found.changed + found.unchanged,)]


def test_what_was_replaced_names_the_upload_that_is_shown_instead(database, save):
    for present in (1, 2, 3):
        save([("A", "Ash", "", "2025-09-01", present, 10, present / 10)])
    assert database.rows("select upload, replaced_by from replaced order by upload") == [(1, 3), (2, 3)]


def test_nobody_of_more_students_is_a_change(database, network, save):
    save([("A1", "Ash Grove High", "", "2025-09-01", 0, 10, 0.0)])
    found = uploads.difference(database, new_upload(network, [("A1", "Ash Grove High", "", "2025-09-01", 0, 20, 0.0)]))
    assert (found.changed, found.unchanged) == (1, 0)


def test_a_measure_in_other_letters_is_the_same_one(database, network, save):
    save([ASH])
    save([BAY], measure=Measure(0, "ATTENDANCE", unit="percent", cadence="week"))
    assert [measure.name for measure in definitions.measures(database, network)] == ["Attendance"]
