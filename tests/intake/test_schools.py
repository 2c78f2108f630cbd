"""Schools that are spelled almost alike are found, and other ones are left apart."""

import pandas as pd
import pytest

from lib.intake.schools import near_schools


def known(*rows):
    """Rows of (name, code) or (name, code, aliases); ids count from 1."""
    full = [(number, code, name, "", list(*aliases)) for number, (name, code, *aliases) in enumerate(rows, 1)]
    return pd.DataFrame(full, columns=["id", "code", "name", "district", "aliases"])


def new(name, code=""):
    return pd.DataFrame([(code, name, "")], columns=["code", "name", "district"])


def near(newcomer, schools):
    return [one.school for found in near_schools(newcomer, schools) for one in found.candidates]


@pytest.mark.parametrize(
    ("written", "known_as"),
    [
        ("Lincoln HS", "Lincoln High School"),
        ("Lincon High", "Lincoln High"),
        ("Lincoln", "Lincoln High"),
        ("LINCOLN H.S.", "Lincoln High"),
        ("Bay View", "Bayview High"),
        ("PS 253", "P.S. 253"),
        ("Pena Middle School", "Peña MS"),
        ("Maple Street School", "Maple St School"),
        ("St. Mary’s", "Saint Mary's High"),
    ],
)
def test_a_slip_or_a_short_form_is_found(written, known_as):
    assert near(new(written), known((known_as, ""))) == [1]


@pytest.mark.parametrize(
    ("written", "known_as"),
    [
        ("East High", "West High"),
        ("North Lincoln High", "South Lincoln High"),
        ("Lincoln Middle", "Lincoln High"),
        ("Lincoln Junior High", "Lincoln High"),
        ("P.S. 253", "P.S. 254"),
        ("Albury High School", "Albury Public School"),
        ("Armstrong G", "Armstrong L"),
        ("Washington High", "Wellington High"),
        ("Oak Park High", "Oak Ridge High"),
        ("Birch High", "Beech High"),
    ],
)
def test_another_school_of_like_name_is_left_apart(written, known_as):
    assert near(new(written), known((known_as, ""))) == []


def test_two_codes_decide_whatever_the_names():
    assert near(new("P.S. 253", "A2"), known(("P.S. 253", "A1"))) == []
    assert near(new("Other name", "7"), known(("P.S. 253", "007"))) == [1]


def test_a_name_that_two_schools_share_is_asked_about():
    assert near(new("P.S. 253"), known(("P.S. 253", "A1"), ("P.S. 253", "A2"))) == [1, 2]


def test_an_alias_counts_as_a_name_and_a_school_is_named_once():
    schools = known(("Lincoln High", "", ["Abe Lincoln"]), ("Douglass High", ""))
    [found] = near_schools(new("Abe Lincon"), schools)
    assert [(one.school, one.name) for one in found.candidates] == [(1, "Lincoln High")]


def test_the_likeliest_comes_first():
    assert near(new("Jonson High"), known(("Johnstone High", ""), ("Johnson High", ""))) == [2]
    assert near(new("Hurley"), known(("Burley", ""), ("Hurley High", ""))) == [2, 1]


def test_without_schools_there_is_nothing_to_ask():
    assert near_schools(new("A"), known()) == ()
    assert near_schools(new("A").iloc[:0], known(("A", ""))) == ()
