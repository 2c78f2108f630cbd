"""Panels side by side: one scale, each its own middle line, and nothing of a name but what is to be shown."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lib.charts import Panel, Panels, panel_svgs, period_of, small_multiples
from lib.charts.panels import pieces
from lib.charts.small_multiples import COLUMNS, FIELDS, MOST_PANELS, TOOLTIP, layout
from lib.wording import Mark

HOSTILE = ["![x](http://e.test/i.png)", "a.b", "x[0]", "datum.kind", "مدرسة", "<img src=http://e.test/i.png>", "'\"\\"]
DASH = Mark("dash", "filled", "neither")


def weeks(n: int, first: str = "2025-09-01") -> pd.DatetimeIndex:
    return pd.date_range(first, periods=n, freq="7D").as_unit("us")


def rows(panel: int, values: list[float], **more: object) -> pd.DataFrame:
    """The points of one panel; the median is that of its values."""
    value = np.array(values, dtype=float)
    frame = pd.DataFrame({"panel": panel, "date": weeks(len(value)), "value": value})
    frame = frame.assign(numerator=value * 25, denominator=25.0, median=np.nanmedian(value), phase=1, tone="")
    return frame.assign(**more)


def panels(*series: list[float], labels: list[str] | None = None, **about: object) -> Panels:
    labels = labels or [f"Name {i}" for i in range(len(series))]
    pooled = pd.DataFrame({"line": 0, "date": weeks(len(series[0])), "value": 0.5, "n_schools": len(series)})
    shown = tuple(
        Panel(label, DASH, "usual ups and downs", "percent", "week", newest=values[-1], line=0)
        for label, values in zip(labels, series, strict=True)
    )
    points = pd.concat([rows(i, values) for i, values in enumerate(series)], ignore_index=True)
    return Panels(shown, points, pooled, lines=("The network",), what="Attendance", **about)  # type: ignore[arg-type]


HIGH, LOW = [0.90, 0.92, 0.94, 0.96], [0.20, 0.22, 0.24, 0.26]


def drawn(found: Panels, kind: str) -> pd.DataFrame:
    data = small_multiples(found).data
    return data[data["kind"] == kind].reset_index(drop=True)


def test_all_panels_have_one_scale() -> None:
    """Equal values lie equally far from the top of their panels."""
    points = drawn(panels([0.3, 0.6, 0.9], [0.9, 0.3, 0.6], [0.6, 0.9, 0.3]), "point")
    by_value = points.assign(value=points["t_value"], y=points["y"].round(6)).groupby("value")["y"].nunique()
    assert by_value.tolist() == [1, 1, 1]


def test_panels_in_lower_rows_have_the_same_scale() -> None:
    found = panels(*[[0.2, 0.8]] * 7)
    plan = layout(7)
    points = drawn(found, "point")
    inside = points["y"] - points["panel"] // plan.columns * plan.height
    assert inside.round(6).groupby(points["t_value"]).nunique().tolist() == [1, 1]


def test_each_panel_has_its_own_middle_line() -> None:
    found = panels(HIGH, LOW)
    middles = drawn(found, "middle").set_index("panel")["y"]
    points = drawn(found, "point")
    for panel, y in middles.items():
        own = points.loc[points["panel"] == panel, "y"]
        assert y == pytest.approx(own.median())


def test_the_middle_line_has_a_piece_for_each_phase() -> None:
    found = panels([0.2, 0.2, 0.6, 0.6])
    points = found.points.assign(phase=[1, 1, 2, 2], median=[0.2, 0.2, 0.6, 0.6])
    assert len(drawn(replace(found, points=points), "middle")) == 2


def test_percent_is_drawn_from_0_to_100_unless_zoomed() -> None:
    assert panels(HIGH, LOW).axes["percent"][0] == 0 and panels(HIGH, LOW).axes["percent"][-1] == 1
    assert panels(HIGH, HIGH, zoomed=True).axes["percent"][0] > 0


def test_the_scale_is_the_same_on_the_next_page() -> None:
    first, second = (panels(values, zoomed=True, held=(0.2, 0.96)).axes for values in (HIGH, LOW))
    assert first == second


def test_units_have_their_own_scale_and_every_panel_its_own_axis() -> None:
    found = panels(HIGH, [4.0, 5.0, 6.0, 7.0], one_scale=False)
    found = replace(found, panels=(found.panels[0], replace(found.panels[1], unit="hours", line=-1)))
    assert found.axes["percent"][-1] == 1 and found.axes["hours"][-1] >= 7
    assert set(drawn(found, "value")["panel"]) == {0, 1}


def test_one_axis_says_what_one_axis_can_say() -> None:
    found = panels(*[HIGH] * 7)
    assert set(drawn(found, "value")["panel"]) == {0, 4}
    assert set(drawn(found, "time")["panel"]) == {3, 4, 5, 6}


def test_the_newest_value_stands_at_the_end_of_the_line() -> None:
    ends = drawn(panels(HIGH, LOW), "end")
    assert ends["label"].tolist() == ["96 %", "26 %"]
    points = drawn(panels(HIGH, LOW), "point")
    assert ends["x"].tolist() == points.groupby("panel")["x"].max().tolist()


def test_a_gap_breaks_the_line() -> None:
    points = drawn(panels([0.5, 0.6, float("nan"), 0.7, 0.8]), "point")
    assert len(points) == 4 and points["piece"].nunique() == 2


def test_a_summer_breaks_the_line_and_takes_little_room() -> None:
    found = panels([0.5, 0.6, 0.7, 0.8])
    dates = pd.to_datetime(["2025-06-02", "2025-06-09", "2025-09-01", "2025-09-08"]).as_unit("us")
    found = replace(found, points=found.points.assign(date=dates))
    assert drawn(found, "point")["piece"].nunique() == 2
    steps = np.diff(found.places)
    assert steps[1] < 2 * steps[0]


def test_pieces_of_different_lines_are_never_joined() -> None:
    line, days = np.array([0, 1]), np.array(["2026-01-05", "2026-01-12"], dtype="datetime64[D]")
    assert pieces(line, days, np.ones(2), np.full(2, 7)).tolist() == [0, 1]


def test_the_tooltip_says_school_value_counts_middle_and_what_lies_behind() -> None:
    point = drawn(panels(HIGH, LOW), "point").iloc[1]
    assert [point[name] for name in TOOLTIP] == [
        "Name 0", "8 Sep", "92 %", "23 of 25", "93 %", "The network 50 % (2 schools)",
    ]  # fmt: skip


def test_without_counts_no_count_is_sent() -> None:
    assert drawn(panels(HIGH, counts_shown=False), "point")["t_counts"].isna().all()


def test_a_period_cuts_every_panel_alike() -> None:
    found = panels(HIGH, LOW, seen=(np.datetime64("2025-09-08"), np.datetime64("2025-09-15")))
    points = drawn(found, "point")
    assert points.groupby("panel").size().tolist() == [2, 2]
    assert found.axes == panels(HIGH, LOW).axes


@pytest.mark.parametrize("panel", [0, 4, 6])
def test_a_brush_is_the_period_under_it(panel: int) -> None:
    found = panels(*[HIGH] * 7)
    points = drawn(found, "point")
    own = points[points["panel"] == panel]["x"].to_numpy()
    brushed = period_of(found, own[1] - 0.001, own[2] + 0.001)
    assert brushed == (np.datetime64("2025-09-08"), np.datetime64("2025-09-15"))
    assert period_of(found, own[1] - 0.001, own[1] + 0.001) is None


def test_my_school_is_marked() -> None:
    found = panels(HIGH, LOW)
    found = replace(found, panels=(found.panels[0], replace(found.panels[1], mine=True)))
    assert drawn(found, "panel")["mine"].tolist() == [0, 1]
    assert found.panels[1].label in drawn(found, "panel")["said"][1]


def test_names_are_data_never_fields_or_code() -> None:
    chart = small_multiples(panels(*[HIGH] * len(HOSTILE), labels=HOSTILE))
    spec = json.dumps(chart.spec)
    assert not any(name in spec for name in HOSTILE if name != "datum.kind")
    assert set(chart.data.columns) == set(FIELDS)
    panel = chart.data[chart.data["kind"] == "panel"]
    assert panel["label"].tolist() == HOSTILE


@pytest.mark.parametrize("n", [1, 2, 3, 4, 8, 15, MOST_PANELS])
def test_every_panel_lies_on_the_chart_and_none_on_another(n: int) -> None:
    ground = drawn(panels(*[HIGH] * n), "panel")
    plan = layout(n)
    assert (ground["x2"] <= plan.columns).all() and (ground["y2"] <= plan.rows * plan.height).all()
    assert len({(x, y) for x, y in zip(ground["x"].round(3), ground["y"].round(3), strict=True)}) == n
    assert plan.columns <= max(COLUMNS.values())


def test_the_frame_is_built_once_for_a_theme_and_not_changed_by_use() -> None:
    before = small_multiples(panels(HIGH)).spec
    small_multiples(panels(*[LOW] * 30))
    assert small_multiples(panels(HIGH)).spec == before
    assert small_multiples(panels(HIGH), "dark").spec != before


def test_the_alternative_text_counts_states() -> None:
    alt = panels(HIGH, LOW).alt
    assert "2 panels of Attendance" in alt and "2 usual ups and downs" in alt and "0 % to 100 %" in alt


def test_pictures_lie_on_one_scale_and_share_the_line_behind() -> None:
    shared, svgs = panel_svgs(panels(HIGH, HIGH, LOW))
    assert svgs[0] == svgs[1] != svgs[2]
    assert shared.count("<path") == 1 and all(svg.count("<use") == 1 for svg in svgs)


def test_a_picture_has_a_new_piece_after_a_gap() -> None:
    _, [svg] = panel_svgs(panels([0.5, 0.6, float("nan"), 0.7, 0.8]))
    path = svg.split('<path d="')[2].split('"')[0]
    assert path.count("M") == 2
