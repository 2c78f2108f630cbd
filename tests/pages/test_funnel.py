"""The funnel: the stretch is usual until chosen, who is outside is named, and measures without counts say why."""

from datetime import date

import pytest
import streamlit as st

from lib.screen import data
from lib.screen.look import funnel as page
from lib.store.series import Choice

PAGE = "look/funnel"


def dates(person):
    return {box.label: box.value for box in person.app.date_input}


def test_the_school_at_the_ceiling_is_named_and_the_stretch_is_this_school_year(person):
    person.open(PAGE, measure=5)
    text = person.text()
    assert "Advisory meetings held: which schools differ by more than chance?" in text
    assert "1 of 24 schools lies outside the limits: Harbor High (above)." in text
    assert dates(person)["From"] == date(2025, 8, 18)
    [(_, rows, alt)] = person.charts()
    assert rows["kind"].eq("dot").sum() == 24 and "Harbor High (above)" in alt


def test_a_measure_with_few_periods_this_year_takes_the_newest_twelve(person):
    person.open(PAGE, measure=2)
    network = data.network(1)
    points = data.charts(Choice(1, (2,))).points
    days = sorted(set(points["date"].dt.date))
    assert page.usual_stretch(network, network.measures[2], 0)[0] == days[-12]
    assert dates(person)["From"] == days[-12]


def test_counts_are_pooled_over_the_chosen_stretch(person):
    person.open(PAGE, measure=1, stretch_first="2025-09-01", stretch_last="2025-09-30")
    points = data.charts(Choice(1, (1,), first=date(2025, 9, 1), last=date(2025, 9, 30))).points
    own = points[points["school"] == 3]
    [(_, rows, _)] = person.charts()
    names = rows.loc[rows["kind"] == "dot"].set_index("t_place")
    place = data.network(1).school_label(3)
    assert names.loc[place, "x"] == own["denominator"].sum()
    assert names.loc[place, "y"] == pytest.approx(own["numerator"].sum() / own["denominator"].sum())


def test_schools_that_tried_something_in_the_stretch_are_to_be_read_first(person):
    text = person.open(PAGE, measure=1).text()
    assert "The level moved in this time at 4 schools: Fulton High, Garfield High," in text
    text = person.open(PAGE, measure=1, stretch_first="2026-01-12", stretch_last="2026-03-09").text()
    assert "The level moved" not in text


def test_without_widening_the_note_says_that_too_many_are_named(person):
    text = person.open(PAGE, measure=1, widen=0).text()
    assert "do not allow for it, so they name too many" in text
    assert "so the limits are wider" in person.open(PAGE, measure=1, widen=1).text()


def test_a_measure_without_counts_says_why_and_leads_to_one_with(person):
    person.open(PAGE, measure=7)
    assert "Homework hours is no share of a whole" in person.text() and not person.charts()
    assert "Weekly attendance: which schools" in person.press("Look at Weekly attendance").text()


def test_more_counted_than_there_was_is_no_part_of_a_whole(person):
    person.open(PAGE, measure=1)
    data.database().rows("update observation set numerator = 2 * denominator where measure = 1 and school = 3")
    person.app.session_state["rules"] = "ihi"
    person.app.run()
    assert (
        f"no part of a whole here: more was counted than there was to count at {data.network(1).school_label(3)}"
        in (person.text())
    )


def test_days_the_wrong_way_round_are_told(person):
    person.open(PAGE, measure=1, stretch_first="2026-02-02", stretch_last="2025-10-01")
    assert "The first day lies after the last one." in person.text()


def test_school_by_school_in_order_of_name(person):
    person.open(PAGE, measure=5)
    person.app.session_state["funnel_opened"] = "schools"
    person.app.run()
    [table] = [element.value for element in person.app.dataframe]
    assert table["school"].tolist() == sorted(table["school"])
    assert table.set_index("school").loc["Harbor High", "outside"] == "above"
    assert table.loc[table["outside"] != "", "school"].tolist() == ["Harbor High"]


def test_a_chosen_school_opens_its_run_chart(person):
    person.open(PAGE, measure=5)
    [box] = [one for one in person.app.selectbox if one.label == "Open the run chart of"]
    assert list(box.options) == sorted(box.options) and len(box.options) == 24
    box.set_value(7).run()
    assert f"at {data.network(1).school_label(8)}?" in person.text()


def test_a_rate_has_its_funnel_and_one_of_zeros_says_so(person):
    person.open(PAGE, measure=5)
    data.database().rows("update measure set unit = 'rate' where id = 5")
    data.database().rows("update observation set numerator = numerator * 3 where measure = 5")
    st.cache_resource.clear()
    text = person.open(PAGE, measure=5).text()
    assert "1 of 24 schools lies outside the limits: Harbor High (above)." in text
    [(_, rows, _)] = person.charts()
    assert rows["kind"].eq("dot").sum() == 24 and rows.loc[rows["kind"] == "limit", "y"].notna().all()
    data.database().rows("update observation set numerator = 0, value = 0 where measure = 5")
    st.cache_resource.clear()
    assert "Advisory meetings held is 0 at every school in this time" in person.open(PAGE, measure=5).text()
