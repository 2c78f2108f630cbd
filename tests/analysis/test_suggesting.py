"""A new middle line is offered for a lasting change the wanted way only, from the first point of its run."""

import numpy as np
import pytest

from lib.analysis import Suggestion, run_charts, suggested_line
from tests.analysis.made import letters, one

UP, DOWN, NONE = 1, -1, 0
STEADY = "LHLHLHLHLHLH"


def suggested(text: str, way: int, freeze: int = 12, rules: str = "anhoej", **columns: object) -> Suggestion | None:
    chart = run_charts(one(letters(text), **columns), rules, baseline=freeze)
    return suggested_line(chart.points, chart.phases.iloc[-1], way)


@pytest.mark.parametrize(
    ("text", "way", "expected"),
    [
        (STEADY + 9 * "H", UP, (True, 12, 9)),
        (STEADY + 6 * "H", UP, None),
        (STEADY + 9 * "H", DOWN, (False, 12, 9)),
        (STEADY + 9 * "L", DOWN, (True, 12, 9)),
        (STEADY + 9 * "H", NONE, None),
        (STEADY, UP, None),
        (STEADY + "HHHHMHHHHH", UP, (True, 12, 9)),
        (STEADY + "LLL" + 9 * "H", UP, (True, 15, 9)),
        (STEADY + 12 * "H" + "LH", UP, (True, 12, 12)),
        (STEADY + 12 * "H" + 9 * "LH", UP, None),
    ],
    ids=[
        "nine in a row",
        "six",
        "the other way",
        "down is wanted",
        "no wanted side",
        "steady",
        "a point on the line counts for nothing",
        "the run begins later",
        "the run has ended but the newest side is its side",
        "the run has ended and the newest are mixed",
    ],
)
def test_when_a_line_is_suggested(text: str, way: int, expected: tuple[bool, int, int] | None) -> None:
    found = suggested(text, way)
    assert (found and (found.wanted, found.first, found.n)) == expected


def test_eight_in_a_row_are_enough_where_the_rule_set_fires() -> None:
    assert suggested(STEADY + 8 * "H", UP, rules="shift8") == Suggestion(True, 12, 19, 8)


def test_a_run_that_begins_in_the_baseline_suggests_a_line_after_it() -> None:
    found = suggested("LLHLHLLHLHHH" + 9 * "H", UP)
    assert found == Suggestion(True, 12, 20, 9)


def test_points_of_a_baseline_are_no_part_of_nine() -> None:
    assert suggested("LLHLHLLHLHHH" + 3 * "H", UP, rules="anhoej") is None


def test_with_its_own_median_the_second_half_suggests_it() -> None:
    assert suggested(12 * "L" + 12 * "H", UP, freeze=0) == Suggestion(True, 12, 23, 12)


def test_a_few_crossings_without_a_long_run_start_at_the_newest_run_on_the_side() -> None:
    found = suggested("LLLLLHHLLLLL HHHHHLLHHHHH".replace(" ", ""), UP, freeze=0)
    assert found == Suggestion(True, 19, 23, 5)


def test_too_early_suggests_nothing() -> None:
    assert suggested("LLLLHHHH", UP, freeze=0) is None


def test_left_out_points_are_no_points_of_the_run() -> None:
    out = np.zeros(22, dtype=bool)
    out[15] = True
    found = suggested(STEADY + "HHHLHHHHHH", UP, excluded=out)
    assert found == Suggestion(True, 12, 21, 9)
