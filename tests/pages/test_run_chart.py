"""The run chart's page: question, state and sentence, chart, facts and table say one thing."""

import io
import json

import pandas as pd
import pytest

from lib.analysis import CONTROL_CHARTS, control_limits
from lib.exports.table import points_csv
from lib.screen import data
from lib.screen.data import database, network
from lib.store.series import Choice


def test_question_state_and_facts_are_said(person):
    text = person.open("look/run_chart", measure=2, school=1).text()
    assert "Are fewer grades a D or an F at Ash Grove High?" in text
    assert "lasting change down, wanted way" in text
    assert "Points that count" in text and "If nothing had changed" in text


def test_the_chart_says_in_words_what_it_shows(person):
    [(_, _, alt)] = person.open("look/run_chart", measure=2, school=1).charts()
    assert alt.startswith("Run chart of D or F grades, Ash Grove High, All students")


def test_a_school_whose_points_cannot_be_split_says_so(person):
    text = person.open("look/run_chart", measure=5, school=8).text()
    assert "points are exactly 100 %, so a middle line can&#x27;t split them" in text


def test_the_pooled_network_says_how_many_schools_are_in_a_point(person):
    [(_, data, _)] = person.open("look/run_chart", measure=1, school=0).charts()
    assert {"23", "24"} <= set(data["t_schools"])


def test_a_district_is_pooled_by_itself_and_has_its_own_breaks(person):
    person.open("look/run_chart", measure=1, school=0, together="district Valley")
    [(_, data, _)] = person.charts()
    n_schools = len([school for school in network(1).schools.values() if school.district == "Valley"])
    assert f"in the {n_schools} schools of Valley?" in person.text()
    assert data["t_schools"].dropna().astype(int).max() == n_schools
    assert "Fall break" in set(data["label"])


def test_the_same_schools_throughout_are_in_every_point(person):
    [(spec, data, _)] = person.open("look/run_chart", measure=1, school=0, same="1").charts()
    [n_schools] = set(data["t_schools"].dropna())
    assert f"the same {n_schools} schools throughout" in json.dumps(spec)


def test_a_frozen_middle_line_is_dashed_after_its_baseline(person):
    [(_, data, _)] = person.open("look/run_chart", measure=1, school=1, middle=12).charts()
    assert set(data.loc[data["kind"] == "middle", "dash"]) == {"solid", "dashed"}


def test_choices_stay_when_the_page_changes(person):
    person.open("look/run_chart", measure=2, school=3)
    person.app.switch_page("pages/help/how_charts_are_read.py").run()
    person.app.switch_page("pages/look/run_chart.py").run()
    assert "at Cedar Hill High?" in person.text()


@pytest.mark.parametrize("address", [{"measure": 999}, {"school": "x"}, {"period": "fortnight"}, {"first": "nonsense"}])
def test_a_link_to_what_is_not_there_still_opens(person, address):
    assert person.open("look/run_chart", **address).charts()


def test_breaks_of_the_other_district_are_not_drawn(person):
    [(_, lakeshore, _)] = person.open("look/run_chart", measure=1, school=1).charts()
    [(_, valley, _)] = person.choose("School", 3).charts()
    assert "Fall break" not in set(lakeshore["label"])
    assert "Fall break" in set(valley["label"])


@pytest.fixture
def seasonal(person):
    opened = database()
    opened.rows("update measure set seasonal = true where id = 1")
    opened.rows("update measure set cumulative = true where id = 2")
    return person


def turned(person, label):
    next(switch for switch in person.app.toggle if switch.label == label).set_value(True).run()
    assert not person.app.exception
    return person


def test_a_seasonal_measure_can_be_read_against_the_network(seasonal):
    [(_, shown, _)] = turned(
        seasonal.open("look/run_chart", measure=1, school=15), "Difference from the network median"
    ).charts()
    assert "percentage points" in seasonal.text()
    assert abs(shown.loc[shown["kind"] == "dot", "y"]).median() < 0.2


def test_a_cumulative_measure_is_read_by_what_is_new(seasonal):
    seasonal.open("look/run_chart", measure=2, school=15)
    assert "No run rules here" in seasonal.text()
    assert "No run rules here" not in turned(seasonal, "New in each period").text()


def test_a_cumulative_measure_has_the_same_time_last_year_beside_it(seasonal):
    [(_, shown, _)] = seasonal.open("look/run_chart", measure=2, school=15).charts()
    assert "Dashed: the same time last year." in seasonal.text()
    dots = shown[shown["kind"] == "dot"].set_index("x")["y"]
    earlier = shown[shown["kind"] == "faint"]
    assert len(earlier) and set(earlier["y"].round(9)) <= set(dots.round(9))
    assert (
        shown.loc[~shown["t_last_year"].isin(["–", None]) & shown["t_last_year"].notna(), "x"].min() > dots.index.min()
    )
    assert "Dashed" not in turned(seasonal, "New in each period").text()


@pytest.mark.parametrize("chart", ["xmr", "p", "pp"])
def test_control_limits_are_drawn_where_they_are_wanted_and_are_those_of_the_library(person, chart):
    person.open("look/run_chart", measure=1, school=15, limits=chart)
    [(_, shown, _)] = person.charts()
    points = data.reading(network(1), Choice(1, (1,), (15,)), "anhoej", 0).points
    expected = control_limits(points.assign(series=0, baseline=points["in_baseline"]), chart)
    drawn = shown[shown["kind"] == "faint"]
    for name in ("lower", "upper"):
        assert drawn.loc[drawn["label"] == name, "y"].tolist() == pytest.approx(expected[name].dropna().tolist())
    assert f"control limits of the {CONTROL_CHARTS[chart].label} chart" in person.text()
    person.app.session_state["opened"] = "numbers"
    person.app.run()
    [table] = [element.value for element in person.app.dataframe]
    assert table["upper limit"].tolist() == pytest.approx(expected["upper"].tolist(), nan_ok=True)
    reading = data.reading(network(1), Choice(1, (1,), (15,)), "anhoej", 0, chart)
    csv = pd.read_csv(io.BytesIO(points_csv(reading)))
    assert csv["lower limit"].tolist() == pytest.approx(expected["lower"].tolist(), nan_ok=True)
    assert csv["beyond the limits"].tolist() == expected["beyond"].tolist()


def test_limits_of_proportions_are_not_offered_for_counts(person):
    person.open("look/run_chart", measure=6, school=15, limits="p")
    assert "control limits" not in person.text()


def test_a_measure_that_is_neither_offers_neither(person):
    person.open("look/run_chart", measure=1, school=15)
    assert {"Difference from the network median", "New in each period"}.isdisjoint(s.label for s in person.app.toggle)


def test_the_calendar_axis_gives_breaks_their_length(person):
    [(_, school_time, _)] = person.open("look/run_chart", measure=1, school=15).charts()
    [(_, calendar, _)] = person.choose("Time axis", "calendar").charts()
    assert calendar["x"].max() > school_time["x"].max()
