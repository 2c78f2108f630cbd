"""Which school was in which stage when, and how many in each: counted by hand on a calendar of Mondays."""

import pandas as pd
import pytest

from lib.analysis.spreading import spread, stretches
from lib.improvement import STAGES

MONDAY = pd.Timestamp("2025-09-01")


def week(number):
    return MONDAY + pd.Timedelta(weeks=number)


def told(*rows):
    """Rows of school, week of the test's start, week of its end (None: goes on), stage, week since when."""
    frame = pd.DataFrame(rows, columns=["school", "start", "end", "stage", "began"])
    for name in ("start", "end", "began"):
        frame[name] = pd.to_datetime([None if pd.isna(number) else week(number) for number in frame[name]])
    return frame


def said(found):
    """School, stage, and the weeks from and to; a stage that lasts to the day before week 3 has 3 as its end."""
    one = pd.Timedelta(days=1)
    ends = [None if pd.isna(day) else (day + one - MONDAY).days / 7 for day in found["last"]]
    firsts = [(day - MONDAY).days // 7 for day in found["first"]]
    return list(zip(found["school"], found["stage"], firsts, ends, strict=True))


def test_a_stage_lasts_until_the_next_one():
    rows = told((1, 2, None, "planned", 0), (1, 2, None, "testing", 2), (1, 2, None, "adopted", 8))
    assert said(stretches(rows, week(20))) == [(1, "planned", 0, 2), (1, "testing", 2, 8), (1, "adopted", 8, None)]


def test_of_two_stages_that_began_on_one_day_the_later_one_counts():
    rows = told((1, 0, None, "testing", 3), (1, 0, None, "adopted", 3))
    assert said(stretches(rows, week(20))) == [(1, "adopted", 3, None)]


def test_a_test_that_ended_without_a_word_is_over_and_an_abandoned_one_stays_abandoned():
    rows = told((1, 0, 3, "testing", 0), (2, 0, 3, "testing", 0), (2, 0, 3, "abandoned", 3))
    found = spread(rows, week(20))
    assert said(found.stretches)[0][2:] == (0, 3 + 1 / 7)  # the day of the end belongs to the test
    assert said(found.stretches)[1:] == [(2, "testing", 0, 3), (2, "abandoned", 3, None)]
    assert (len(found.began), found.ended, found.now["abandoned"]) == (2, 1, 1)


@pytest.mark.parametrize("since", [0, 3, 5])
def test_what_was_adopted_stays_after_its_test_has_ended(since):
    rows = told((1, 0, 3, "testing", 0), (1, 0, 3, "adopted", since))
    found = spread(rows, week(20))
    assert said(found.stretches)[-1] == (1, "adopted", since, None)
    assert (found.ended, found.now["adopted"]) == (0, 1)


def test_another_test_after_the_end_goes_on():
    rows = told((1, 0, 3, "testing", 0), (1, 0, 3, "adapting", 5))
    assert said(stretches(rows, week(20)))[-1] == (1, "adapting", 5, None)


def test_several_tests_of_a_school_follow_each_other_with_the_gap_between_them():
    rows = told((1, 0, 3, "testing", 0), (1, 6, None, "adapting", 6))
    assert [one[1:3] for one in said(stretches(rows, week(20)))] == [("testing", 0), ("adapting", 6)]
    counts = spread(rows, week(8)).counts
    assert (counts["testing"] + counts["adapting"]).tolist() == [1, 1, 1, 1, 0, 0, 1, 1, 1]


def test_who_has_begun_goes_on_while_planning_the_next_test():
    rows = told((1, 0, None, "testing", 0), (1, 9, None, "planned", 4))
    assert said(stretches(rows, week(8))) == [(1, "testing", 0, None)]


def test_what_lies_after_the_last_day_is_not_in_it():
    rows = told((1, 0, 30, "testing", 0), (1, 0, None, "adopted", 9), (2, 9, None, "testing", 9))
    assert said(stretches(rows, week(8))) == [(1, "testing", 0, None)]


def test_schools_are_counted_week_by_week():
    rows = told((1, 0, None, "testing", 0), (1, 0, None, "adopted", 2), (2, 1, None, "testing", 1))
    counts = spread(rows, week(3)).counts
    assert counts["day"].tolist() == [week(number) for number in range(4)]
    assert counts[["testing", "adopted"]].to_numpy().tolist() == [[1, 0], [2, 0], [1, 1], [1, 1]]


def test_new_is_what_began_in_the_last_eight_weeks():
    rows = told(*((school, start, None, "testing", start) for school, start in enumerate((0, 11, 12, 13, 20))))
    assert spread(rows, week(20)).new == 2  # weeks 13 and 20; week 12 is eight weeks before


@pytest.mark.parametrize("rows", [told(), told((1, 30, None, "planned", 30))])
def test_an_idea_that_nobody_has_begun(rows):
    found = spread(rows, week(8))
    assert found.now == dict.fromkeys(STAGES, 0) and found.began.empty and (found.new, found.ended) == (0, 0)
