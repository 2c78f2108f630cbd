"""The chart of spread: what is drawn is what was counted, stages are told apart without color, names are only text."""

import json
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from lib.analysis import run_charts
from lib.analysis.spreading import spread
from lib.charts import THEMES
from lib.charts.spread import LOOKS, PLOT_WIDTH, spread_chart
from lib.improvement import STAGES
from lib.measures import Measure
from lib.wording import Break, Reading
from tests.charts.test_contrast import contrast, luminance

MONDAY = pd.Timestamp("2025-09-01")
MEASURE = Measure(1, "Attendance", unit="percent", wanted="up")
HOSTILE = 'datum["x"] <img src=x> =1+1'


def told(*rows):
    """Rows of school, stage, week since when."""
    frame = pd.DataFrame(rows, columns=["school", "stage", "began"])
    began = MONDAY + pd.to_timedelta(7 * frame["began"], unit="D")
    return frame.assign(began=began, start=began, end=pd.NaT)


def outcome(n=30, breaks=()):
    dates = (MONDAY - pd.Timedelta(weeks=8) + pd.to_timedelta(7 * np.arange(n), unit="D")).astype("datetime64[s]")
    value = np.where(np.arange(n) == 5, np.nan, 0.8 + 0.01 * (np.arange(n) % 3))
    read = run_charts(pd.DataFrame({"series": 0, "date": dates, "value": value}))
    return Reading(MEASURE, "the network", "All students", "week", "anhoej", read.points, read.phases, breaks)


STAGED = told((1, "testing", 0), (2, "planned", 0), (2, "testing", 4), (1, "adopted", 10), (3, "abandoned", 12))
NAMES = {2: "Ash", 1: HOSTILE, 9: "Not in it", 3: "Oak"}


@pytest.fixture
def drawn():
    return spread_chart(spread(STAGED, MONDAY + pd.Timedelta(weeks=20)), NAMES, outcome(), "Attendance")


def test_each_stage_is_a_bar_from_its_first_to_its_last_day_in_the_line_of_its_school(drawn):
    bars = drawn.data[drawn.data["kind"] == "bar"]
    found = sorted(zip(bars["middle"], bars["stage"], bars["x"] / 7 - 8, bars["x2"] / 7 - 8, strict=True))
    assert found == [
        (0.5, "planned", 0, 4),
        (0.5, "testing", 4, 20),
        (1.5, "adopted", 10, 20),
        (1.5, "testing", 0, 10),
        (2.5, "abandoned", 12, 20),
    ]


def test_schools_are_in_the_order_given_and_their_names_are_only_text(drawn):
    names = drawn.data[drawn.data["kind"] == "name"].sort_values("middle")["label"].tolist()
    assert names[0] == "Ash" and names[2] == "Oak" and len(names) == 3
    assert "datum[" not in json.dumps(drawn.spec).replace("datum[round", "") and "<img" not in json.dumps(drawn.spec)


def test_schools_are_counted_one_stage_upon_the_other_and_named_at_the_end(drawn):
    last = drawn.data[(drawn.data["kind"] == "count") & (drawn.data["x"] == 7 * 28)].set_index("stage")
    assert (last["y2"] - last["y"]).to_dict() == {
        "adopted": 1, "adapting": 0, "testing": 1, "planned": 0, "abandoned": 1,
    }  # fmt: skip
    assert last["y2"].max() == 3
    assert set(drawn.data.loc[drawn.data["kind"] == "end", "label"]) == {"✓ 1 adopted", "? 1 testing", "× 1 abandoned"}


def test_the_measure_is_drawn_on_the_same_dates_with_its_gap(drawn):
    line = drawn.data[drawn.data["kind"] == "line"]
    assert len(line) == 28 and line["segment"].nunique() == 2 and line["x"].max() == 7 * 28
    domains = [panel["layer"][0]["encoding"]["x"]["scale"]["domain"] for panel in drawn.spec["vconcat"]]
    assert domains == [[0, 7 * 28]] * 3


def test_percent_is_from_0_to_100_unless_zoomed_and_said():
    found = spread(STAGED, MONDAY + pd.Timedelta(weeks=20))
    whole, zoomed = (spread_chart(found, NAMES, outcome(), "Attendance", zoom).spec["vconcat"][1] for zoom in (0, 1))
    assert whole["layer"][0]["encoding"]["y"]["scale"]["domain"] == [0, 1]
    assert zoomed["layer"][0]["encoding"]["y"]["scale"]["domain"][0] > 0.7
    assert (whole["title"]["text"], zoomed["title"]["text"]) == ("Attendance", "Attendance, zoomed")


def test_the_line_of_the_measure_is_not_drawn_across_a_break():
    monday = (MONDAY + pd.Timedelta(weeks=10)).date()
    gap = Break("Winter break", monday - timedelta(days=5), monday - timedelta(days=1))
    chart = spread_chart(spread(STAGED, MONDAY + pd.Timedelta(weeks=20)), NAMES, outcome(breaks=(gap,)), "Attendance")
    line = chart.data[chart.data["kind"] == "line"]
    first_after = line[line["segment"] == line["segment"].max()]["x"].min()
    assert line["segment"].nunique() == 3 and first_after == 7 * 18


def test_where_no_rule_is_read_there_is_no_middle_line(drawn):
    assert {"middle", "middle end"} <= set(drawn.data["kind"])
    unread = outcome()
    unread.phases["state"] = "not for run rules"
    chart = spread_chart(spread(STAGED, MONDAY + pd.Timedelta(weeks=20)), NAMES, unread, "Attendance")
    assert not set(chart.data["kind"]) & {"middle", "middle end"}


def test_five_hundred_schools_are_low_bars_without_names():
    stages = told(*((school, "testing", school % 20) for school in range(500)))
    names = {school: f"School {school}" for school in range(500)}
    chart = spread_chart(spread(stages, MONDAY + pd.Timedelta(weeks=20)), names, outcome(), "Attendance")
    assert chart.spec["vconcat"][2]["height"] == 2500
    assert not (chart.data["kind"] == "name").any() and set(chart.data.loc[chart.data["kind"] == "bar", "label"]) == {
        ""
    }
    assert chart.spec["vconcat"][2]["width"] == PLOT_WIDTH


@pytest.mark.parametrize("theme", THEMES)
def test_stages_can_be_seen_and_read_and_told_apart_in_grey(theme):
    looks = LOOKS[theme]
    for stage in STAGES:
        assert contrast(looks[stage].text, looks[stage].fill) >= 4.5
        assert contrast(looks[stage].edge, THEMES[theme].background) >= 3
    greys = [luminance(looks[stage].fill) for stage in ("planned", "testing", "adapting", "adopted")]
    assert greys == sorted(greys, reverse=theme == "light")
