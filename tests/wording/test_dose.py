"""What is said of how much was done: two counts, never that one made the other."""

import pytest

from lib.measures import Measure
from lib.wording.dose import sentence
from lib.wording.texts import say
from tests.analysis.test_dosing import of

CALLS, UP = Measure(1, "Calls made", unit="percent"), Measure(2, "Attendance", unit="percent", wanted="up")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            of([0.1, 0.2, 0.0, -0.1, 0.3], [1, 1, 0.5, 0, 1], [0.9, 0.5, 0.7, 0.6, 0.8]),
            "The middle school is at 70 % of Calls made. Of those above it, 2 of 2 schools moved the wanted way; "
            "of those below it, 1 of 2 schools moved the wanted way.",
        ),
        (of([0.1] * 3, [1] * 3, [0.7, 0.7, 0.9]), "Of those above it, 1 of 1 school moved the wanted way; of those"),
        (of([0.1] * 3, [1] * 3, [0.7, 0.7, 0.9]), "of those below it, there are none."),
        (of([0.1] * 3, [1] * 3, [0.7] * 3), "All of them are at 70 %, so nothing can be compared."),
        (of([0.1] * 2, [1] * 2, [0.7, 0.8]), "2 schools have 8 points on each side of the start"),
    ],
)
def test_sentences(found, said):
    assert said in sentence(found, CALLS, UP)


def test_a_measure_without_a_wanted_way_goes_up():
    found = of([0.1] * 3, [1] * 3, [0.7, 0.8, 0.9])
    assert "1 of 1 school went up" in sentence(found, CALLS, Measure(3, "Homework"))


def test_what_it_does_not_show_is_said():
    assert "a question to ask them, not an answer" in say("dose.caution")
