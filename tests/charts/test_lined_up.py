"""The chart of a change idea draws the lines of the result, names no field after data, and counts schools below."""

import json

import numpy as np
import pandas as pd
import pytest

from lib.analysis.aligning import aligned
from lib.charts import THEMES, lined_up
from lib.measures import Measure

MEASURE = Measure(1, "Attendance", unit="percent", wanted="up")
MONDAY = np.datetime64("2025-09-01")


def found(wanted_step=0.2):
    weeks = np.arange(24)
    starts = [10, 12, 14, None, None]
    rows = [
        pd.DataFrame(
            {
                "series": number,
                "date": (MONDAY + 7 * weeks).astype("datetime64[s]"),
                "value": 0.5 + 0.01 * (weeks % 2) + (wanted_step if start else 0) * (weeks >= (start or 99)),
            }
        )
        for number, start in enumerate(starts)
    ]
    return aligned(pd.concat(rows), [None if s is None else MONDAY + 7 * s for s in starts], "up")


NAMES = ["A", "B.c[0]", "<img src=x>", "D", "=1+1"]


@pytest.mark.parametrize("theme", list(THEMES))
def test_every_value_is_drawn_once_on_its_side(theme):
    one = found()
    chart = lined_up(one, NAMES, MEASURE, "week", theme=theme)
    own = chart.data[chart.data["kind"].isin(["started", "waiting"])]
    assert sorted(own["y"]) == pytest.approx(sorted(one.lines["value"]))
    assert own.loc[own["kind"] == "waiting", "line"].unique().tolist() == [3, 4]
    assert not any(name in json.dumps(chart.spec) for name in ("B.c[0]", "<img", "=1+1"))


def test_the_bold_line_is_blue_where_most_moved_toward_and_orange_where_away():
    for step, tone in ((0.2, "toward"), (-0.2, "away")):
        spec = lined_up(found(step), NAMES, MEASURE, "week").spec
        assert spec["hconcat"][0]["layer"][1]["mark"]["color"] == getattr(THEMES["light"], tone)


def test_schools_are_counted_under_the_axis():
    axis = lined_up(found(), NAMES, MEASURE, "week").spec["hconcat"][0]["layer"][0]["encoding"]["x"]["axis"]
    assert '["0", "3"]' in axis["labelExpr"] and r'["\u221210", "3"]' in axis["labelExpr"]


def test_hovering_over_a_line_tells_its_school_and_no_single_point():
    """A browser tells the first point of a line wherever it is hovered."""
    chart = lined_up(found(), NAMES, MEASURE, "week")
    tips = [panel["layer"][0]["encoding"]["tooltip"]["field"] for panel in chart.spec["hconcat"]]
    assert tips == ["t_place", "t_place"]
    own = chart.data[chart.data["kind"] == "started"]
    assert own.groupby("line")["t_place"].unique().map(list).tolist() == [[NAMES[0]], [NAMES[1]], [NAMES[2]]]
