"""What a cell says is counted; shape tells which way, color whether it is wanted; nothing says caused."""

import pytest

from lib.analysis.contexts import Cell
from lib.measures import Measure
from lib.wording.contexts import OUTCOMES, cell_text, outcome_mark, outcome_of, possible
from lib.wording.texts import texts

UP, DOWN = Measure(1, "Attendance", wanted="up"), Measure(2, "D or F grades", wanted="down")
NONE, RANGE = Measure(3, "Homework"), Measure(4, "Sleep", wanted="in range", goal_low=8, goal_high=10)


def test_a_cell_in_words():
    cell = Cell((1, 2, 3), {"testing": 1, "adopted": 2}, {"flat": 1, "toward": 2})
    assert cell_text("Calls", "city", cell, UP) == (
        "Calls, city: 3 schools. Stages: 2 adopted, 1 testing. "
        "Attendance since the start: 2 lasting change, wanted way, 1 no lasting change."
    )


@pytest.mark.parametrize(
    ("state", "direction", "measure", "after", "outcome"),
    [
        ("shift", "up", UP, 0.9, "toward"),
        ("shift", "down", UP, 0.7, "away"),
        ("shift", "down", DOWN, 0.1, "toward"),
        ("shift", "up", NONE, 3.0, "up"),
        ("shift", "up", RANGE, 7.0, "toward"),
        ("shift", "up", RANGE, 11.0, "away"),
        ("early hint", "up", UP, 0.9, "flat"),
        ("unsettled", "", UP, 0.9, "flat"),
        ("too early", "", UP, float("nan"), "unread"),
        ("", "", UP, float("nan"), "unread"),
    ],
)
def test_what_a_measure_did_since_the_start(state, direction, measure, after, outcome):
    assert outcome_of(state, direction, measure, after) == outcome
    assert outcome in possible(measure)


@pytest.mark.parametrize(
    ("outcome", "measure", "shape", "tone"),
    [
        ("toward", UP, "triangle up", "toward"),
        ("away", UP, "triangle down", "away"),
        ("toward", DOWN, "triangle down", "toward"),
        ("away", DOWN, "triangle up", "away"),
        ("up", NONE, "triangle up", "neither"),
        ("down", NONE, "triangle down", "neither"),
        ("flat", UP, "dash", "neither"),
        ("unread", UP, "dots", "neither"),
    ],
)
def test_marks(outcome, measure, shape, tone):
    found = outcome_mark(outcome, measure)
    assert (found.shape, found.tone) == (shape, tone) and outcome in OUTCOMES


@pytest.mark.parametrize("table", ["works", "visits", "dose", "spread"])
def test_nothing_says_caused(table):
    assert "caus" not in str(texts("en")[table]).replace("because", "") and "caus" not in str(texts("es")[table])
