"""A run chart draws the reading's numbers, nothing else, and nothing of a stranger's text is ever code or a name."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lib.charts import SIZES, THEMES, Chart, run_chart
from lib.charts.rows import COLUMNS, TOOLTIP
from lib.charts.run_chart import DOTS
from lib.measures import CADENCES
from lib.wording import Break, IdeaStart, Reading
from tests.wording.made import made, oak_street, percents, weeks, with_measure

HOSTILE = ["![x](http://e.test/i.png)", "a.b", "x[0]", "datum.kind", "مدرسة", "<img src=http://e.test/i.png>", "'\"\\"]


def rows(chart: Chart, kind: str) -> pd.DataFrame:
    return chart.data[chart.data["kind"] == kind].reset_index(drop=True)


def layer(chart: Chart, kind: str) -> dict[str, Any]:
    return next(one for one in chart.spec["layer"] if one["transform"][0]["filter"] == f"datum.kind == '{kind}'")


def with_origin(reading: Reading, text: str) -> Reading:
    points = reading.points.assign(file=text, sheet=text, cell="C14", upload=text, n_schools=3)
    return replace(reading, points=points)


def test_the_dots_are_the_readings_values() -> None:
    reading = oak_street()
    dots = rows(run_chart(reading), "dot").sort_values("point")
    assert dots["y"].tolist() == reading.points["value"].tolist()
    assert dots["point"].tolist() == list(range(26))


def test_signal_points_carry_their_number() -> None:
    reading = oak_street()
    numbers = rows(run_chart(reading), "number").sort_values("point")
    signal = reading.points[reading.points["in_signal"]]
    assert numbers["label"].tolist() == [str(place) for place in signal["place"]]
    assert numbers["point"].tolist() == signal.index.tolist()


def test_what_each_dot_is() -> None:
    dots = rows(run_chart(oak_street(excluded=[3])), "dot").set_index("point")["tone"]
    assert dots[0] == "usual"
    assert dots[9] == dots[18] == "line"
    assert dots[3] == "excluded"
    assert (dots[[13, 25]] == "toward").all()


@pytest.mark.parametrize(("wanted", "tone"), [("up", "toward"), ("down", "away"), ("none", "neither")])
def test_color_says_whether_it_is_wanted(wanted: str, tone: str) -> None:
    numbers = rows(run_chart(oak_street(with_measure(wanted=wanted))), "number")
    assert set(numbers["tone"]) == {tone}


def test_a_signal_below_is_down() -> None:
    below = made(percents(*[50, 54] * 6, *[40] * 12), baseline=12)
    assert set(rows(run_chart(below), "number")["tone"]) == {"away"}
    wanted = made(percents(*[50, 54] * 6, *[40] * 12), with_measure(wanted="down"), baseline=12)
    assert set(rows(run_chart(wanted), "number")["tone"]) == {"toward"}


def test_a_trend_is_numbered_along_its_way_and_colored_by_it() -> None:
    """Rising from below: the first points lie under the middle line, and the trend still goes up."""
    reading = made(percents(50, 60, 49, 61, 50, 62, 48, 59, 40, 44, 44, 48, 52, 58, 51, 61), rules="ihi")
    numbers = rows(run_chart(reading), "number").sort_values("point")
    assert numbers["label"].tolist() == ["1", "2", "2", "3", "4", "5"]
    assert set(numbers["tone"]) == {"toward"}


def test_the_middle_line_is_solid_over_its_baseline_and_dashed_after() -> None:
    solid, dashed = rows(run_chart(oak_street()), "middle").itertuples()
    assert (solid.dash, dashed.dash) == ("solid", "dashed")
    assert solid.y == dashed.y == 0.59
    assert solid.x2 == dashed.x == 11.5


def test_an_own_middle_line_is_solid_all_along() -> None:
    assert rows(run_chart(made(percents(*range(40, 60)))), "middle")["dash"].tolist() == ["solid"]


def test_each_phase_has_its_line_and_earlier_ones_are_fainter() -> None:
    reading = made(percents(*[50, 54] * 8, *[70, 74] * 8), phase=["a"] * 16 + ["b"] * 16)
    found = rows(run_chart(reading), "middle")
    assert found["tone"].tolist() == ["earlier", "middle"]
    assert found["y"].tolist() == pytest.approx([0.52, 0.72])


def test_labels_at_the_end_say_words_and_numbers() -> None:
    assert rows(run_chart(oak_street()), "end")["label"].tolist() == ["Goal 90 %", "Middle 59 %"]


def test_labels_near_each_other_are_moved_apart() -> None:
    ends = rows(run_chart(made(percents(*[87, 91] * 8))), "end")
    assert ends["dy"].abs().max() > 0
    assert ends["label"].tolist() == ["Goal 90 %", "Middle 89 %"]
    assert ends["dy"][0] < ends["dy"][1]


def test_a_goal_in_a_range_is_a_band() -> None:
    measure = with_measure(unit="hours", wanted="in range", goal=None, goal_low=1.5, goal_high=2.5)
    chart = run_chart(made([2.8, 3.1, 2.2], measure))
    band = rows(chart, "goal band").iloc[0]
    assert (band["y"], band["y2"]) == (1.5, 2.5)
    assert "Goal 1.5 to 2.5 h" in rows(chart, "end")["label"].tolist()


def test_the_line_is_broken_at_gaps_and_breaks() -> None:
    values = [0.5, 0.6, float("nan"), 0.7, 0.6, 0.5]
    dates = [*weeks(5), date(2025, 10, 27)]
    line = rows(
        run_chart(made(values, dates=dates, breaks=(Break("b", date(2025, 10, 6), date(2025, 10, 24)),))), "line"
    )
    assert line.groupby("segment")["y"].apply(list).tolist() == [[0.5, 0.6], [0.7, 0.6], [0.5]]


def test_where_no_rule_is_read_nothing_is_a_signal() -> None:
    for reading in (oak_street(with_measure(cumulative=True)), made([1.0] * 9 + [0.9] * 4), made(percents(50, 60))):
        assert rows(run_chart(reading), "number").empty
    assert rows(run_chart(oak_street(with_measure(cumulative=True))), "middle").empty


def test_a_percent_axis_is_0_to_100_and_a_zoomed_one_says_so() -> None:
    reading = made(percents(*[87, 91] * 8))
    whole, zoomed = (run_chart(reading, zoomed=z).spec["layer"][DOTS]["encoding"]["y"] for z in (False, True))
    assert whole["scale"]["domain"] == [0, 1]
    assert whole["axis"]["title"] is None
    assert zoomed["axis"]["title"] == "zoomed"
    assert zoomed["scale"]["domain"][0] > 0.5


@pytest.mark.parametrize(
    ("values", "low", "high"), [([3, 7, 5], 0, 8), ([-3, 4], -4, 4), ([0, 0], 0, 1), ([120, 300], 0, 300)]
)
def test_other_axes_begin_at_0_and_end_at_a_round_number(values: list[float], low: float, high: float) -> None:
    chart = run_chart(made(values, with_measure(unit="count", goal=None)))
    found = chart.spec["layer"][DOTS]["encoding"]["y"]["scale"]["domain"]
    assert found[0] <= low
    assert found[1] >= high
    assert found[0] == 0 or min(values) < 0


def test_more_than_100_percent_is_not_cut() -> None:
    assert run_chart(made([0.9, 1.1])).spec["layer"][DOTS]["encoding"]["y"]["scale"]["domain"][1] > 1.1


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_stranger_is_in_the_spec(text: str) -> None:
    """Names travel as data; the spec holds fixed names, our own dates and numbers only."""
    reading = oak_street(
        with_measure(name=text, question=text),
        place=text,
        group=text,
        breaks=(Break(text, date(2025, 11, 3), date(2025, 11, 9)),),
        ideas=(IdeaStart(text, date(2025, 12, 1)),),
    )
    chart = run_chart(with_origin(reading, text))
    assert json.dumps(text)[1:-1] not in json.dumps(chart.spec).replace("datum.kind == ", "")
    assert tuple(chart.data.columns) == COLUMNS


def test_tooltip_titles_are_fixed() -> None:
    chart = run_chart(with_origin(oak_street(), "image"))
    found = layer(chart, "dot")["encoding"]["tooltip"]
    assert {one["field"] for one in found} <= set(TOOLTIP)
    titles = [one["title"] for one in found]
    assert titles == ["When", "Value", "Schools in it", "File", "Cell", "Upload", "Note"]
    assert not {"image"} & {title.lower() for title in titles}


def test_a_tooltip_says_where_a_point_comes_from() -> None:
    reading = made(percents(72, 60), denominator=25)
    dot = rows(run_chart(with_origin(reading, "a.xlsx")), "dot").iloc[0]
    assert dot["t_counts"] == "18 of 25"
    assert dot["t_file"] == "a.xlsx"
    assert dot["t_cell"] == "a.xlsx, cell C14"
    assert dot["t_value"] == "72 %"


def test_a_click_gives_a_whole_number_never_a_date() -> None:
    chart = run_chart(oak_street())
    params = chart.spec["params"]
    assert [one["name"] for one in params] == ["pick"]
    assert params[0]["select"]["fields"] == ["point"]
    assert not any("datetime" in str(kind) for kind in chart.data.dtypes)


def test_a_chart_changes_no_other_chart() -> None:
    first = run_chart(oak_street())
    before = json.dumps(first.spec)
    run_chart(made([3, 4, 9], with_measure(unit="count")), zoomed=True)
    assert json.dumps(first.spec) == before


def test_padding_is_a_dict_and_nothing_is_fetched() -> None:
    spec = run_chart(oak_street()).spec
    assert isinstance(spec["padding"], dict)
    assert "url" not in json.dumps(spec)


@pytest.mark.parametrize("n", [*range(1, 12), 26, 67, 110, 200])
def test_numbers_in_dots_do_not_touch(n: int) -> None:
    values = np.r_[np.full(n, 0.5) + 0.01 * (-1.0) ** np.arange(n), np.full(n, 0.8)]
    for size in SIZES:
        chart = run_chart(made(values, baseline=n), size=size)
        numbers = rows(chart, "number").sort_values("x")
        low, high = chart.spec["layer"][DOTS]["encoding"]["x"]["scale"]["domain"]
        pixels = numbers["x"].diff().dropna() * 0.8 * SIZES[size].width / (high - low)
        assert pixels.min() >= SIZES[size].number_font or len(numbers) < 2


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_and_size_is_drawn(size: Any, theme: Any) -> None:
    chart = run_chart(oak_street(), theme, size)
    assert (chart.spec["width"], chart.spec["height"]) == (SIZES[size].width, SIZES[size].height)
    assert THEMES[theme].toward in json.dumps(chart.spec)


def test_what_is_on_the_wall_can_be_read_from_the_back() -> None:
    wall = SIZES["present"]
    assert min(wall.axis_font, wall.label_font, wall.tag_font, wall.break_font) >= 18
    assert wall.data_line >= 3
    assert wall.dot_radius >= 9


def test_on_a_narrower_page_a_tag_ends_where_the_next_one_begins() -> None:
    ideas = (IdeaStart("Peer tutoring", date(2025, 9, 15)), IdeaStart("Homework club", date(2025, 12, 15)))
    first, second = rows(run_chart(oak_street(ideas=ideas)), "tag").itertuples()
    assert first.row == second.row
    assert first.x2 == pytest.approx(second.x)
    assert np.isnan(second.x2)


def test_a_reading_with_any_cadence_is_drawn() -> None:
    for cadence in CADENCES:
        assert len(rows(run_chart(oak_street(with_measure(cadence=cadence))), "dot")) == 26


def test_combined_values_say_how() -> None:
    chart = run_chart(oak_street(aggregated="mean of days"))
    assert chart.spec["layer"][DOTS]["encoding"]["x"]["axis"]["title"] == "Each point: mean of days"
    assert "mean of days" in chart.footer


def test_no_points_and_no_values_are_no_trouble() -> None:
    assert rows(run_chart(made([])), "dot").empty
    assert rows(run_chart(made([float("nan")] * 4)), "dot").empty


def test_the_spec_was_read_and_accepted() -> None:
    """`golden_spec.json` was read by a person; after a change on purpose, read it again and replace it."""
    chart = run_chart(
        oak_street(
            breaks=(Break("winter break", date(2025, 11, 10), date(2025, 11, 14)),),
            ideas=(IdeaStart("Check-in calls start", date(2025, 12, 1)),),
        )
    )
    golden = json.loads(Path(__file__).with_name("golden_spec.json").read_text(encoding="utf-8"))
    assert json.loads(json.dumps(chart.spec)) == golden
