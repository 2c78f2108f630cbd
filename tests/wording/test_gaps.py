"""What is said of a gap: who is where, which group moved and which didn't, and how small the numbers are."""

from dataclasses import replace

import numpy as np
import pytest

from lib.analysis.closing import Closing, Ends
from lib.measures import Group
from lib.wording.gaps import Gap, gap_alt, gap_sentence, own_lines, small_number_lines, title
from tests.wording.made import ATTENDANCE, made, percents

EL, NOT_EL, ALL = Group(1, "Language", "English learners"), Group(2, "Language", "Not English learners"), Group()
GAP = replace(ATTENDANCE, unit="percentage points", wanted="in range", goal=None, goal_low=0.0, goal_high=0.0)
LOW, HIGH = [48, 50, 47, 49] * 5, [64, 65, 64, 66] * 5


def pair(one=LOW, other=HIGH, closing=None, second=NOT_EL, n_periods=1, denominator=100.0, measure=ATTENDANCE):
    first = made(percents(*one), measure, denominator=denominator, place="the network")
    line = made(percents(*other), measure, denominator=300.0, place="the network") if second else None
    whole = made(percents(*(np.array(one) - np.array(other))), GAP, place="the network")
    points = whole.points.assign(n_periods=n_periods, fewest=denominator)
    return Gap(first, line, replace(whole, points=points), closing, EL, second)


def moved(gap, one, other, way="closed", who="one"):
    return Closing(way, who, Ends(*gap), Ends(*one), Ends(*other), 12, 8)


UP = moved((-0.17, -0.02), (0.48, 0.63), (0.645, 0.65))


@pytest.mark.parametrize(
    ("closing", "said"),
    [
        (
            UP,
            "The gap closed from 17 to 2 percentage points because English learners rose 15, not because the others "
            "fell.",
        ),
        (
            moved((-0.17, -0.02), (0.48, 0.48), (0.65, 0.50), who="other"),
            "The gap closed from 17 to 2 percentage points because Not English learners fell 15, not because "
            "English learners rose.",
        ),
        (
            moved((-0.17, -0.02), (0.48, 0.56), (0.65, 0.58), who="both"),
            "The gap closed from 17 to 2 percentage points because both moved: English learners rose 8, "
            "Not English learners fell 7.",
        ),
        (
            moved((-0.05, -0.12), (0.60, 0.53), (0.65, 0.65), way="widened"),
            "The gap widened from 5 to 12 percentage points because English learners fell 7, not because the others "
            "rose.",
        ),
        (
            moved((-0.06, 0.05), (0.59, 0.70), (0.65, 0.65), way="turned"),
            "The gap turned round from −6 to 5 percentage points because English learners rose 11, not because the "
            "others fell.",
        ),
        (
            moved((0.062, 0.046), (0.30, 0.27), (0.24, 0.23)),
            "The gap closed from 6.2 to 4.6 percentage points because English learners fell 3, not because the others "
            "rose.",
        ),
    ],
)
def test_the_group_that_moved_is_named(closing, said):
    assert gap_sentence(pair(closing=closing)) == said


def test_against_all_students_and_against_the_goal():
    assert gap_sentence(pair(closing=UP, second=ALL)).endswith("rose 15, not because all students fell.")
    to_goal = gap_sentence(pair(closing=moved((-0.32, -0.17), (0.48, 0.63), (0, 0)), second=None))
    assert to_goal == "The gap closed from 32 to 17 percentage points: English learners rose 15."


def test_without_a_change_it_is_told_who_is_below_whom():
    assert gap_sentence(pair()) == (
        "The gap is 16 percentage points, with English learners below Not English learners. "
        "No lasting change of the gap: usual ups and downs."
    )
    assert "with English learners above Not English learners" in gap_sentence(pair(HIGH, LOW))
    assert "There is no gap: English learners and Not English learners are level." in gap_sentence(pair(LOW, LOW))


@pytest.mark.parametrize(
    ("newest", "said"),
    [([60] * 6, "An early hint that it closes: the newest 6 points"), ([40] * 6, "hint that it widens: the newest 6")],
)
def test_a_hint_says_whether_the_gap_closes(newest, said):
    assert said in gap_sentence(pair([48, 50, 47, 49] * 4 + newest, [64] * 22))


def test_few_points_are_too_early():
    assert "Too early to tell: 4 points that count" in gap_sentence(pair(LOW[:4], HIGH[:4]))


def test_nobody_is_said_to_have_caused_anything():
    said = [gap_sentence(pair(closing=UP)), gap_alt(pair(closing=UP)), *small_number_lines(pair())]
    assert not any("cause" in line.replace("because", "") for line in said)


def test_each_group_has_a_line_with_its_medians_and_its_own_state():
    lines = [line for _, line in own_lines(pair(closing=UP))]
    assert lines[0].startswith("English learners: from 48 % to 63 % (12 points before, 8 after).")
    assert lines[1].endswith("On a chart of their own: usual ups and downs.")
    assert [line.split(":")[0] for _, line in own_lines(pair(second=ALL))] == ["English learners", "All students"]


def test_small_numbers_are_told():
    said = " ".join(small_number_lines(pair(n_periods=2, denominator=9.0)))
    assert "In 20 points neighboring periods are put together, so that both groups have 10 or more" in said
    assert "In 20 points, with a ring around, a group has fewer than 10." in said
    assert "one more or one fewer is 11 percentage points" in said
    assert small_number_lines(pair(denominator=1000.0)) == []
    assert "All students include English learners" in " ".join(small_number_lines(pair(second=ALL)))


def test_the_title_asks_for_a_closing_gap_only_where_a_direction_is_wanted():
    assert title(pair()) == "Weekly attendance: is the gap closing in the network?"
    assert "is the gap changing" in title(pair(measure=replace(ATTENDANCE, wanted="none")))
