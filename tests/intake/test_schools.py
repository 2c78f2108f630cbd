"""Schools that are spelled almost alike are found, and other ones are left apart."""

import random

import pandas as pd
import pytest

from lib.intake import schools
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
        ("Zebr High", "Zebra High"),
        ("Zeba High", "Zebra High"),
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
        ("Roosevelt School 115", "Roosevelt School 116"),
        ("Albury High School", "Albury Public School"),
        ("Armstrong G", "Armstrong L"),
        ("Washington High", "Wellington High"),
        ("Oak Park High", "Oak Ridge High"),
        ("Birch High", "Beech High"),
        ("Hope High", "Pope High"),
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
    assert near(new("Lincolnn High"), known(("Lincoln High", "", ["Lincolns High"]))) == [1]


def test_the_likeliest_comes_first():
    assert near(new("Jonson High"), known(("Johnstone High", ""), ("Johnson High", ""))) == [2]
    assert near(new("Hurley"), known(("Burley", ""), ("Hurley High", ""))) == [2, 1]


def test_without_schools_there_is_nothing_to_ask():
    assert near_schools(new("A"), known()) == ()
    assert near_schools(new("A").iloc[:0], known(("A", ""))) == ()


def newcomers(*schools):
    return pd.DataFrame([(code, name, "") for name, code in schools], columns=["code", "name", "district"])


def asked(*schools):
    """Each new school that is asked about, and the ones before it in the file that it may be."""
    found = near_schools(newcomers(*schools), known())
    return {one.name: [candidate.name for candidate in one.candidates] for one in found}


def test_new_schools_of_one_file_are_compared_with_each_other():
    found = asked(("Lincoln HS", ""), ("Hope Academy", ""), ("Lincoln High School", ""), ("Lincon High School", ""))
    assert found == {
        "Lincoln High School": ["Lincoln HS"],
        "Lincon High School": ["Lincoln HS", "Lincoln High School"],
    }
    assert asked(("East High", ""), ("West High", ""), ("P.S. 253", ""), ("P.S. 254", "")) == {}


def test_a_list_of_thousands_is_compared_with_itself_and_what_is_known(monkeypatch):
    letters, chance = "abcdefghijklmnop", random.Random(4)
    names = ["".join(chance.choices(letters, k=14)).title() for _ in range(3_000)]
    monkeypatch.setattr(schools, "AT_ONCE", 100_000)
    written = newcomers(*((name, "") for name in names), (names[7] + "x", ""), (names[2_900][1:], ""))
    assert [(one.name, one.candidates[0].name) for one in near_schools(written, known())] == [
        (names[7] + "x", names[7]),
        (names[2_900][1:], names[2_900]),
    ]
    monkeypatch.setattr(schools, "MOST_COMPARED", 3_000)
    assert near_schools(written, known()) == (), "a longer list isn't compared with itself"
    [found] = near_schools(written, known(("Lincoln", ""), (names[0][:-1] + "é", "")))
    assert (found.name, found.candidates[0].school) == (names[0], 2)


def test_what_a_file_calls_one_school_already_is_not_asked_about():
    assert asked(("P.S. 253", "A1"), ("PS 253", "A1"), ("LINCOLN HIGH", ""), ("Lincoln High", "")) == {}
    assert asked(("Ash", "A1"), ("Ash", "A2")) == {}, "two codes are two schools"
    assert asked(("Ash", "A1"), ("Ash", "")) == {"Ash": ["Ash"]}


def test_a_school_of_the_network_comes_before_one_of_the_file():
    [_, found] = near_schools(newcomers(("Lincon High", ""), ("Lincoln HS", "")), known(("Lincoln High", "")))
    assert [(one.school, one.name) for one in found.candidates] == [(1, "Lincoln High"), (0, "Lincon High")]
