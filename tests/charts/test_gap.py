"""The chart of a gap draws both lines and the gap once, on one time, and names no field after data."""

import json

import numpy as np
import pytest

from lib.charts import THEMES
from lib.charts.gap import gap_chart
from lib.measures import Group
from tests.wording.made import percents
from tests.wording.test_gaps import HIGH, LOW, pair


def drawn(chart, panel, side, kind="dot"):
    data = chart.data
    return data[(data["panel"] == panel) & (data["side"] == side) & (data["kind"] == kind)]


@pytest.mark.parametrize("theme", list(THEMES))
def test_every_value_is_drawn_once(theme):
    chart = gap_chart(pair(), theme=theme)
    for panel, side, values in (
        ("lines", "one", LOW),
        ("lines", "other", HIGH),
        ("gap", "gap", np.array(LOW) - np.array(HIGH)),
    ):
        assert sorted(drawn(chart, panel, side)["y"]) == pytest.approx(sorted(percents(*values)))


def test_both_lines_have_one_scale_and_the_gap_the_same_time():
    chart = gap_chart(pair(), zoomed=True)
    upper, lower = chart.spec["vconcat"]
    axes = [panel["layer"][1]["encoding"] for panel in (upper, lower)]
    assert axes[0]["x"]["scale"]["domain"] == axes[1]["x"]["scale"]["domain"]
    assert sum("axis" in layer["encoding"].get("y", {}) for layer in upper["layer"]) == 1
    low, high = axes[0]["y"]["scale"]["domain"]
    assert low <= 0.47 and high >= 0.66 and "zoomed" in upper["title"]["text"]
    assert drawn(chart, "lines", "one")["x"].tolist() == drawn(chart, "gap", "gap")["x"].tolist()


def test_every_tick_has_its_own_label():
    """Labels are looked up by place: an axis that drops some would put the others at wrong values."""
    for panel in gap_chart(pair([20, 90] * 10, [90, 20] * 10)).spec["vconcat"]:
        axis = panel["layer"][1]["encoding"]["y"]["axis"]
        assert axis["tickCount"] == len(axis["values"]) <= 5 and axis["labelOverlap"] is False
        assert json.loads(axis["labelExpr"].partition("[round")[0]).__len__() == len(axis["values"])


def test_no_gap_is_always_on_the_axis():
    for one, other in ((LOW, HIGH), (HIGH, LOW)):
        chart = gap_chart(pair(one, other))
        low, high = chart.spec["vconcat"][1]["layer"][1]["encoding"]["y"]["scale"]["domain"]
        assert low <= 0 <= high
        assert "No gap" in set(drawn(chart, "gap", "goal", "end")["label"])


def test_points_of_fewer_than_ten_have_a_ring():
    assert len(drawn(gap_chart(pair(denominator=9.0)), "gap", "gap", "ring")) == len(LOW)
    assert drawn(gap_chart(pair(denominator=10.0)), "gap", "gap", "ring").empty


def test_against_the_goal_there_is_one_line():
    chart = gap_chart(pair(second=None))
    assert drawn(chart, "lines", "other").empty and "Goal 90 %" in set(chart.data["label"].dropna())


def test_a_hostile_name_stays_data():
    one = pair(second=Group(2, "Language", "<img src=x onerror=alert(1)> datum.constructor"))
    chart = gap_chart(one)
    layers = [json.dumps(panel["layer"]) for panel in chart.spec["vconcat"]]
    assert not any("onerror" in layer or "constructor" in layer for layer in layers)
    assert "onerror" in chart.alt


def test_a_long_name_is_cut_and_never_its_value():
    chart = gap_chart(pair(second=Group(2, "Plan", "Students whose plan has a very long name indeed")))
    [label] = drawn(chart, "lines", "other", "end")["label"]
    assert "…" in label and label.endswith(": 64.5 %")


UP_LATE = [48, 50, 47, 49] * 3 + [84, 85, 86, 84] * 3
STEADY = [64, 66, 63, 65] * 6


def numbers(chart, side):
    return drawn(chart, "lines", side, "number")["label"].tolist()


def test_signals_of_both_lines_are_numbered():
    falls = [30, 31, 29, 32] * 3 + [10, 11, 9, 12] * 3
    chart = gap_chart(pair(UP_LATE, falls))
    assert numbers(chart, "one")[-1] == numbers(chart, "other")[-1] == "12"
    assert numbers(gap_chart(pair(STEADY, STEADY)), "one") == []


def test_a_number_under_a_point_of_the_first_group_is_not_drawn():
    near = [value - 4 for value in UP_LATE]
    chart = gap_chart(pair(UP_LATE, near))
    assert numbers(chart, "one") and numbers(chart, "other") == []
    assert len(drawn(chart, "lines", "other")) == len(near)


def test_the_plots_take_the_width_that_labels_leave():
    short, long = (gap_chart(pair(second=Group(2, "Plan", name))) for name in ("None at all", "W" * 60))
    widths = [[panel["width"] for panel in chart.spec["vconcat"]] for chart in (short, long)]
    assert widths[0][0] == widths[0][1] > widths[1][0] == pytest.approx(984 - 44 - 210, abs=12)


def test_a_number_tells_what_its_dot_tells_and_no_line_is_empty():
    chart = gap_chart(pair(UP_LATE, STEADY))
    lower = chart.spec["vconcat"][1]
    tips = [layer["encoding"]["tooltip"] for layer in lower["layer"] if "tooltip" in layer["encoding"]]
    assert len(tips) == 2 and tips[0] == tips[1] and "t_counts" not in [tip["field"] for tip in tips[0]]
    dots, numbered = (drawn(chart, "gap", "gap", kind).set_index("x") for kind in ("dot", "number"))
    assert len(numbered) and numbered["t_value"].tolist() == dots.loc[numbered.index, "t_value"].tolist()
    assert chart.spec["config"]["mark"]["tooltip"] is None
