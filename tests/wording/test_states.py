"""What happened is kept apart from whether it is wanted, in marks and in words."""

import pytest

from lib.analysis import STATES
from lib.wording import Mark, mark, state_label, tone
from tests.wording.made import with_measure

DIRECTIONS = {"shift": ("up", "down"), "early hint": ("up", "down")}


@pytest.mark.parametrize(
    ("direction", "wanted", "expected"),
    [
        ("up", "up", "toward"),
        ("down", "up", "away"),
        ("up", "down", "away"),
        ("down", "down", "toward"),
        ("up", "none", "neither"),
        ("down", "none", "neither"),
        ("", "up", "neither"),
        ("", "in range", "neither"),
    ],
)
def test_wanted_decides_whether_a_direction_is_good(direction: str, wanted: str, expected: str) -> None:
    assert tone(direction, wanted) == expected


@pytest.mark.parametrize(
    ("direction", "median", "expected"),
    [
        ("up", 2.0, "toward"),
        ("down", 2.0, "away"),
        ("up", 6.0, "away"),
        ("down", 6.0, "toward"),
        ("up", 4.0, "neither"),
        ("up", 3.0, "neither"),
        ("down", 5.0, "neither"),
    ],
)
def test_in_range_it_is_the_side_of_the_band_that_decides(direction: str, median: float, expected: str) -> None:
    assert tone(direction, "in range", median, 3.0, 5.0) == expected


def test_every_state_has_a_mark_of_its_own() -> None:
    up = with_measure(wanted="up")
    marks = [mark(state, direction, up) for state in STATES for direction in DIRECTIONS.get(state, ("",))]
    assert len(set(marks)) == len(marks)


def test_marks_differ_without_color() -> None:
    up = with_measure(wanted="up")
    marks = [mark(state, direction, up) for state in STATES for direction in DIRECTIONS.get(state, ("",))]
    assert len({(m.shape, m.fill) for m in marks}) == len(marks)


def test_marks_are_those_of_the_look() -> None:
    up, none = with_measure(wanted="up"), with_measure(wanted="none")
    assert mark("shift", "up", up) == Mark("triangle up", "filled", "toward")
    assert mark("shift", "down", up) == Mark("triangle down", "filled", "away")
    assert mark("early hint", "up", up) == Mark("triangle up", "hollow", "toward")
    assert mark("shift", "down", none) == Mark("triangle down", "filled", "neither")
    assert mark("steady", "", up) == Mark("dash", "filled", "neither")
    assert mark("not for run rules", "", up) == Mark("square", "hollow", "neither")


def test_labels() -> None:
    assert state_label("shift", "up", "up") == "lasting change up, wanted way"
    assert state_label("shift", "up", "down") == "lasting change up, other way"
    assert state_label("early hint", "down", "none") == "early hint down"
    assert state_label("shift", "up", "in range", "away") == "lasting change up, other way"
    assert [state_label(state, "", "up") for state in STATES if state not in DIRECTIONS] == [
        "no run rules",
        "can't be split",
        "too early to tell",
        "not settled",
        "usual ups and downs",
    ]
