"""What is said of schools in a funnel: names in order of name, whose level moves, and what the limits allow for."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from lib.analysis import funnel
from lib.measures import Group, Measure
from lib.wording.funnel import OneStretch, alt_text, listed, notes, sentence, title, why_not

MEASURE = Measure(1, "Attendance", unit="percent", wanted="up")


def stretch(*counts, widen="never", usual=50.0, moving=(), left_out=0):
    """One school for each numerator of 100."""
    names = [f"School {chr(65 + i)}" for i in range(len(counts))]
    table = pd.DataFrame({"numerator": counts, "denominator": 100.0, "name": names, "usual": usual, "n_points": 4})
    table["moving"] = [i in moving for i in range(len(counts))]
    found = funnel(table, "proportion", widen)
    return OneStretch(MEASURE, Group(), "week", date(2025, 9, 1), date(2025, 9, 22), found, left_out)


def test_schools_outside_are_named_in_order_of_name_with_their_side():
    said = sentence(stretch(50, 90, 52, 48, 10, 51))
    assert said == (
        "2 of 6 schools lie outside the limits: School B (above), School E (below). "
        "Worth a conversation, not a ranking."
    )
    assert sentence(stretch(50, 52, 48, 51, 49, 85)).startswith("1 of 6 schools lies outside the limits: School F")


def test_nobody_outside_is_said_as_chance_or_as_the_usual_spread():
    assert sentence(stretch(50, 52, 48, 51)) == (
        "All 4 schools lie inside the limits: they differ by no more than chance gives."
    )
    wide = stretch(30, 50, 70, 90, 45, 65, 85, 55, widen="if needed")
    assert wide.found.widened
    assert sentence(wide).endswith("they differ by no more than these schools usually do.")


def test_over_dispersion_is_noted_whether_the_limits_allow_for_it_or_not():
    """phi is a ratio of variances, its root one of distances."""
    counts = (30, 50, 70, 90, 45, 65, 85, 55)
    wide, plain = stretch(*counts, widen="if needed"), stretch(*counts)
    times = f"about {round(wide.found.phi**0.5, 1)} times as wide as chance gives"
    assert any(times in line and "so the limits are wider" in line for line in notes(wide))
    assert any(times in line and "do not allow for it" in line for line in notes(plain))
    assert not any("times as wide" in line for line in notes(stretch(50, 52, 48, 51, 50, 49)))


def test_the_limits_of_equal_schools_cry_wolf_as_often_as_said():
    """20 independent schools at 0.2 %: 1 - 0.998 ** 20 = 3.925 %, 1 in 25.5."""
    assert any("about 1 in 25 such charts" in line for line in notes(stretch(*[50] * 20)))
    wide = stretch(30, 50, 70, 90, 45, 65, 85, 55, widen="if needed")
    assert not any("were alike" in line for line in notes(wide))


def test_of_many_schools_some_lie_outside_by_luck():
    """0.2 % of 1,000 are 2."""
    assert "Of 1,000 schools about 2 would lie outside by luck alone." in notes(stretch(*[50] * 1000))


def test_schools_whose_level_moves_are_counted_and_named():
    said = " ".join(notes(stretch(50, 52, 48, 51, 50, moving=(1, 3))))
    assert "The level moved in this time at 2 schools: School B, School D. Read their charts first" in said
    assert "level moved" not in " ".join(notes(stretch(50, 52, 48, 51, 50)))


def test_small_numbers_left_out_points_and_few_schools_are_said():
    said = " ".join(notes(stretch(50, 52, usual=9.0, left_out=3)))
    assert "With a ring: 2 schools with fewer than 10 in a usual period." in said
    assert "not counted here: 3 points." in said
    assert "With fewer than 5 schools nobody can tell" in said


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"unit": "hours"}, "is no share of a whole"),
        ({"unit": "count"}, "is no share of a whole"),
        ({"cumulative": True}, "adds up over the year"),
        ({"unit": "rate"}, ""),
        ({}, ""),
    ],
)
def test_why_a_measure_has_no_funnel(about, said):
    found = why_not(replace(MEASURE, **about))
    assert (said in found) if said else found == ""


def test_long_lists_of_names_are_cut():
    assert listed(["A", "B", "C", "D"]) == "A, B, C, D"
    assert listed(["A", "B", "C", "D", "E", "F"]) == "A, B, C, D and 2 more"


def test_title_and_alternative_text():
    assert title(MEASURE, Group(2, "grade", "9")).endswith("differ by more than chance? (grade: 9)")
    said = alt_text(stretch(50, 90, 52, 48, 10, 51))
    assert "6 schools by how many were counted, from 100 to 100" in said and "School B (above)" in said
