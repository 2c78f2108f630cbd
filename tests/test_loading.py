"""What a person says of schools that a file spells almost alike, on its way to the store."""

from lib.intake import Candidate, Near
from lib.loading import with_same_schools
from lib.store.schools import Alias, Same
from tests.store.conftest import new_upload

UPLOAD = new_upload(1, [("", "Oak", "", "2025-09-01", 1, 2, 0.5)])


def answered(*answers):
    """Answers of (name, code) in the file, and the school that it is: (number or 0, name, code)."""
    told = [
        (Near(name, code, "", ()), Candidate(number, other, other_code, "", 1))
        for (name, code), (number, other, other_code) in answers
    ]
    upload = with_same_schools(UPLOAD, told)
    return upload.aliases, upload.same


def test_a_school_of_the_network_is_remembered_by_name_and_code():
    assert answered((("Oak HS", "7"), (3, "Oak High", ""))) == ((Alias("Oak HS", 3), Alias("7", 3, True)), ())


def test_many_spellings_of_one_new_school_become_its_first():
    _, same = answered((("B", ""), (0, "A", "")), (("C", ""), (0, "B", "")), (("C", ""), (0, "A", "")))
    assert same == (Same("", "B", "", "A"), Same("", "C", "", "A"))


def test_the_spelling_with_a_code_stays():
    assert answered((("Oak High", "7"), (0, "Oak HS", ""))) == ((), (Same("", "Oak HS", "7", "Oak High"),))


def test_what_is_said_of_a_spelling_holds_for_the_one_that_stays():
    aliases, _ = answered((("Oak HS", ""), (3, "Oak", "")), (("Oak High", "7"), (0, "Oak HS", "")))
    assert aliases == (Alias("Oak HS", 3), Alias("Oak High", 3), Alias("7", 3, True))
