"""Thumbnails are well-formed, safe, and draw what they are given."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from lib.analysis import STATES
from lib.charts import THEMES, sparkline_svg, state_mark_svg
from lib.charts.looks import ThemeName
from lib.wording import Mark, mark
from tests.wording.made import with_measure

NAN = float("nan")


def path_of(svg: str) -> str:
    return re.findall(r'<path d="([^"]*)" fill="none"', svg)[-1]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("state", STATES)
def test_every_mark_is_well_formed(theme: ThemeName, state: str) -> None:
    for direction in ("up", "down"):
        svg = state_mark_svg(mark(state, direction, with_measure()), theme, title='<b> & "x"')
        root = ElementTree.fromstring(svg)
        assert root[0].text == '<b> & "x"'
        assert "{" not in svg


def test_a_filled_triangle_has_its_color_and_a_hollow_one_has_none() -> None:
    assert 'fill="#0072b2"' in state_mark_svg(Mark("triangle up", "filled", "toward"))
    hollow = state_mark_svg(Mark("triangle up", "hollow", "toward"))
    assert 'fill="none"' in hollow
    assert 'stroke="#0072b2"' in hollow
    assert "#d55e00" in state_mark_svg(Mark("triangle down", "filled", "away"))


def test_a_higher_value_is_drawn_higher() -> None:
    places = [int(n) for n in re.findall(r"\d+", path_of(sparkline_svg([1, 3, 2], 2.0, width=100, height=28)))]
    assert places[0::2] == [40, 500, 960]
    assert places[3] < places[5] < places[1]


def test_a_gap_breaks_the_line_and_a_lone_point_is_drawn() -> None:
    assert path_of(sparkline_svg([1, 2, NAN, 3, NAN, 1, 1], 2.0)).count("M") == 3
    assert "h0" in path_of(sparkline_svg([1, NAN, 2], 1.0))


def test_lines_with_one_domain_are_drawn_alike() -> None:
    one = sparkline_svg([0.2, 0.4], 0.3, domain=(0, 1))
    more = sparkline_svg([0.2, 0.4, 0.9], 0.3, domain=(0, 1))
    assert path_of(one).split()[1] == path_of(more).split()[1]


def test_a_short_series_ends_early() -> None:
    assert 'cx="500"' in sparkline_svg([1, 2, 3], 2.0, slots=5)


@pytest.mark.parametrize("values", [[], [NAN], [1.0], [1.0, 1.0], [NAN, 2.0, NAN]])
def test_few_or_equal_values_are_no_trouble(values: list[float]) -> None:
    svg = sparkline_svg(values, NAN if not values else 1.0)
    ElementTree.fromstring(svg)
    assert "nan" not in svg


def test_arrays_are_taken_as_they_are() -> None:
    values = np.linspace(0, 1, 36)
    assert sparkline_svg(values, 0.5) == sparkline_svg(values.tolist(), 0.5)
