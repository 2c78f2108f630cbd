"""The funnel draws each school once, limits as the library has them, and no school's text as a field or expression."""

import json
from dataclasses import replace

import numpy as np
import pytest

from lib.analysis.funnel import limits
from lib.charts import THEMES, funnel_chart
from tests.wording.test_funnel import stretch

NASTY = ["B.c[0]", "<img src=x>", "=1+1", "datum.x", "A", "School F"]
COUNTS = (50, 90, 52, 48, 10, 51)


def named(one, names=NASTY):
    return replace(one, found=replace(one.found, schools=one.schools.assign(name=names)))


def dots(chart, kind="dot"):
    return chart.data[chart.data["kind"] == kind]


@pytest.mark.parametrize("theme", list(THEMES))
def test_every_school_is_one_dot_and_no_name_is_in_the_specification(theme):
    one = named(stretch(*COUNTS))
    chart = funnel_chart(one, theme=theme)
    assert dots(chart)["y"].tolist() == pytest.approx([n / 100 for n in COUNTS])
    assert dots(chart)["t_place"].tolist() == NASTY
    assert not any(name in json.dumps(chart.spec) for name in NASTY if len(name) > 1)


def test_outside_is_told_by_shape_and_by_color_of_the_wanted_way():
    found = dots(funnel_chart(stretch(*COUNTS)))
    assert found["shape"].tolist() == ["usual", "up", "usual", "usual", "down", "usual"]
    assert found["tone"].tolist() == ["usual", "toward", "usual", "usual", "away", "usual"]
    one = stretch(*COUNTS)
    found = dots(funnel_chart(replace(one, measure=replace(one.measure, wanted="none"))))
    assert set(found["tone"]) == {"usual", "neither"}


def test_the_curves_are_the_limits_of_the_sizes_and_as_wide_as_the_funnel():
    for widen in ("never", "if needed"):
        one = stretch(30, 50, 70, 90, 45, 65, 85, 55, widen=widen)
        curves = dots(funnel_chart(one), "limit")
        upper = curves[curves["line"] == "upper_998"]
        at = limits(upper["x"].to_numpy(), "proportion", one.found.centre, one.found.tau2 * one.found.widened)
        assert upper["y"].to_numpy() == pytest.approx(at["upper_998"])
        own = np.interp(100, upper["x"], upper["y"])
        assert own == pytest.approx(one.schools["upper_998"].iloc[0], abs=1e-3)


def test_percent_begins_at_0_and_zoom_says_so():
    spec = funnel_chart(stretch(*COUNTS)).spec
    assert spec["layer"][1]["encoding"]["y"]["scale"]["domain"] == [0, 1] and "title" not in spec
    zoomed = funnel_chart(stretch(80, 82, 81, 79, 80), zoomed=True).spec
    assert zoomed["layer"][1]["encoding"]["y"]["scale"]["domain"][0] > 0.5
    assert zoomed["title"]["text"] == "zoomed"


def test_small_schools_have_a_ring():
    assert len(dots(funnel_chart(stretch(*COUNTS, usual=9.0)), "ring")) == 6
    assert dots(funnel_chart(stretch(*COUNTS, usual=10.0)), "ring").empty


def test_few_outside_are_named_beside_their_dots_and_many_are_not():
    assert dots(funnel_chart(stretch(*COUNTS)), "name")["label"].tolist() == ["School B", "School E"]
    many = stretch(*[10, 90] * 8)
    assert many.schools["beyond"].all() and dots(funnel_chart(many), "name").empty
