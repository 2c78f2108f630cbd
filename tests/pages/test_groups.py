"""Student groups: the gap that was built into the sample network is found and the group that moved is named."""

import tomllib
from pathlib import Path

import pytest
import streamlit as st

from lib.analysis.closing import Closing, Ends
from lib.measures import Measure
from lib.screen import data
from lib.screen.look import gaps, groups
from lib.store.series import POOLED

PAGE = "look/groups"
TRUTH = tomllib.loads(Path("sample_data/truths.toml").read_text(encoding="utf-8"))["gap"]
MEASURE = 4
SAID = f"because {TRUTH['moved']} rose 15, not because the others fell."


def number(name):
    return next(key for key, group in data.network(1).groups.items() if group.name == name)


def compared(first, second, school=POOLED, measure=MEASURE):
    return gaps.compare(data.network(1), gaps.Asked(measure, school, first, second))


@pytest.fixture
def opened(person):
    return person.open(PAGE, measure=MEASURE, school=0, category=TRUTH["category"])


def test_the_gap_that_closed_is_found_and_the_group_that_moved_is_named(opened):
    assert data.network(1).measures[MEASURE].name == TRUTH["measure"]
    text = opened.text()
    assert "Know what to do when stuck: is the gap closing in the network?" in text and SAID in text
    assert "lasting change up, wanted way" in text and "If nothing had changed" in text
    [(_, rows, alt)] = opened.charts()
    assert SAID in alt and set(rows.loc[rows["kind"] == "number", "tone"]) == {"toward"}


def test_the_change_is_as_large_as_it_was_made(opened):
    found = compared(number(TRUTH["moved"]), number(TRUTH["stayed"])).closing
    assert (found.way, found.moved) == ("closed", "one")
    assert found.one.difference == pytest.approx(TRUTH["effect"], abs=0.02)
    assert found.other.difference == pytest.approx(0, abs=0.01)


def test_the_order_of_groups_changes_who_is_named_first_and_nothing_else(opened):
    swapped = compared(number(TRUTH["stayed"]), number(TRUTH["moved"])).closing
    assert (swapped.way, swapped.moved) == ("closed", "other")


def test_every_other_gap_of_the_measure_is_told_as_luck(opened):
    network = data.network(1)
    rest = [pair for pair in groups.pairs(network) if pair[0] != number(TRUTH["moved"])]
    assert len(rest) == 2 and all(compared(*pair).closing is None for pair in rest)
    opened.app.session_state["gaps_opened"] = "all"
    opened.app.run()
    assert "by luck alone expect fewer than 1 of 3 charts to signal; 1 does" in opened.text()
    [table] = [element.value for element in opened.app.dataframe]
    assert table["gap"].tolist()[0] == "English learners minus Not English learners"
    assert table["state"].tolist() == ["lasting change up, wanted way", *["usual ups and downs"] * 2]
    assert table["signals by luck alone"].str.startswith("about 1 in ").all()


def test_groups_stand_as_they_are_defined_and_never_by_value(opened):
    boxes = {box.label: list(box.options) for box in opened.app.selectbox}
    assert boxes["Group"] == ["English learners", "Not English learners"]
    assert boxes["Compared with"] == ["Not English learners", "All students", "The goal"]


def test_a_small_school_has_periods_put_together_and_says_so(opened):
    school = next(key for key, one in data.network(1).schools.items() if one.name == "Quarry Ridge High")
    text = opened.choose("School", school).text()
    assert "neighboring periods are put together, so that both groups have 10 or more" in text
    found = compared(1, 2, school)
    read = ~found.gap.points["excluded"].to_numpy(dtype=bool)
    assert (found.gap.points.loc[read, "fewest"] >= 10).all() and found.gap.points["n_periods"].max() > 1
    network = data.network(1)
    whole = data.reading(network, gaps.chosen(network, gaps.Asked(MEASURE, school, 1, 2), (1, 2)), "anhoej", 0)
    assert found.one.points["numerator"].sum() == whole.points["numerator"].sum()


def test_against_the_goal_and_all_students(opened):
    assert "English learners rose 15." in opened.choose("Compared with", gaps.GOAL).text()
    assert "All students include English learners" in opened.choose("Compared with", 0).text()


def test_the_numbers_behind_the_chart_hold_both_groups(opened):
    opened.app.session_state["gaps_opened"] = "numbers"
    opened.app.run()
    [table] = [element.value for element in opened.app.dataframe]
    assert table.columns.tolist()[:4] == ["period", "English learners", "Not English learners", "gap"]
    assert len(table) == 20 and table["English learners"].iloc[0].startswith("46 % (")


def test_a_place_without_these_groups_says_what_to_do(opened):
    dover = next(key for key, one in data.network(1).schools.items() if one.name == "Dover Prep High")
    assert "Choose another measure, school or group." in opened.choose("School", dover).text()


def test_a_network_without_groups_says_where_they_come_from(person):
    person.start_own("Empty")
    assert "whether the gap between them is closing" in person.open(PAGE).text()
    person.app.session_state["network"] = 1
    data.database().rows("update student_group set hidden = true")
    st.cache_resource.clear()
    assert "No student group yet" in person.open(PAGE).text()


def test_a_gap_that_closed_because_a_group_got_worse_is_not_blue():
    up = Measure(1, "Attendance", unit="percent", wanted="up")
    worse = Closing("closed", "other", Ends(-0.2, 0.0), Ends(0.4, 0.4), Ends(0.6, 0.4), 12, 8)
    assert gaps.closed_the_wrong_way(worse, up)
    assert not gaps.closed_the_wrong_way(worse, Measure(1, "Absences", unit="percent", wanted="down"))
    assert gaps.gap_measure(up).wanted == "in range" and gaps.gap_measure(up, to_goal=True).wanted == "up"


def test_only_measures_told_by_group_are_offered(person):
    person.open(PAGE, measure=1)
    assert "is the gap closing in the network?" in person.text()
    offered = next(box for box in person.app.selectbox if box.label == "Measure").options
    assert "Weekly attendance" not in offered and "Know what to do when stuck" in offered
