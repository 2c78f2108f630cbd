"""A dot per school where its two numbers are; shape and color of a difference; names that lie on nothing."""

import json
from itertools import combinations

import pytest

from lib.charts.dose import HEIGHT, LINE, MOST_NAMES, WIDTH, dose_chart
from lib.charts.looks import THEMES, text_width
from lib.measures import Measure
from tests.analysis.test_dosing import of

CALLS = Measure(1, "Calls made", unit="percent")
UP = Measure(2, "Attendance", unit="percent", wanted="up")
FOUND = of([0.05, -0.02, 0.0], [1, 0, 0.5], [0.7, 0.5, 0.9])
HOSTILE = "datum['x'] <img src=x>"
NAMES = {1: "Ash", 2: HOSTILE, 3: "Oak"}


@pytest.mark.parametrize("theme", THEMES)
def test_each_school_is_a_dot_where_its_numbers_are(theme):
    chart = dose_chart(FOUND, NAMES, CALLS, UP, theme=theme)
    dots = chart.data[chart.data["kind"] == "dot"]
    assert sorted(zip(dots["x"], dots["y"], dots["way"], dots["tone"], strict=True)) == [
        (0.5, -0.02, "down", "away"),
        (0.7, 0.05, "up", "toward"),
        (0.9, 0.0, "", "neither"),
    ]
    assert HOSTILE not in json.dumps(chart.spec) and HOSTILE in set(chart.data["label"])


def test_no_measure_without_a_wanted_way_is_blue_or_orange():
    chart = dose_chart(FOUND, NAMES, CALLS, Measure(3, "Homework", unit="hours"))
    assert set(chart.data.loc[chart.data["kind"] == "dot", "tone"]) == {"neither"}


def test_percentages_are_from_0_to_100_unless_zoomed_and_no_difference_is_always_seen():
    whole, zoomed = (dose_chart(FOUND, NAMES, CALLS, UP, zoom).spec["layer"][0]["encoding"] for zoom in (False, True))
    assert whole["x"]["scale"]["domain"] == [0, 1] and "zoomed" not in whole["x"]["axis"]["title"]
    assert zoomed["x"]["scale"]["domain"][0] > 0.3 and zoomed["x"]["axis"]["title"].endswith(", zoomed")
    all_up = dose_chart(of([0.1, 0.2, 0.3], [1, 1, 1], [0.5, 0.6, 0.7]), NAMES, CALLS, UP)
    assert all_up.spec["layer"][0]["encoding"]["y"]["scale"]["domain"][0] == 0


def test_names_lie_on_no_other_name_and_inside_the_plot():
    n = 20
    found = of([0.05 + 0.001 * (school % 3) for school in range(n)], [1] * n, [0.7 + 0.002 * s for s in range(n)])
    names = {school: f"School number {school}" for school in range(1, n + 1)}
    rows = dose_chart(found, names, CALLS, UP).data
    boxes = []
    for one in rows[rows["kind"] == "name"].to_dict("records"):
        wide = text_width(one["label"], 12)
        boxes.append((one["px"] - wide if one["left"] else one["px"], wide, one["py"]))
    assert len(boxes) == n
    assert all(left >= 0 and left + wide <= WIDTH and 0 <= y <= HEIGHT for left, wide, y in boxes)
    for (a, wide_a, y_a), (b, wide_b, y_b) in combinations(boxes, 2):
        assert a >= b + wide_b or b >= a + wide_a or abs(y_a - y_b) >= LINE - 1e-9


def test_many_schools_are_dots_without_names():
    n = MOST_NAMES + 1
    found = of([0.1] * n, [1] * n, [0.5 + 0.01 * school for school in range(n)])
    assert set(dose_chart(found, {s: str(s) for s in range(1, n + 1)}, CALLS, UP).data["kind"]) == {"dot"}
