"""Every color is seen on what lies under it, in both themes: text 4.5:1, marks 3:1 (WCAG 2.2, 1.4.3 and 1.4.11)."""

import tomllib
from pathlib import Path

import pytest

from lib.charts.looks import THEMES, Theme, ThemeName

TEXT, MARK = 4.5, 3.0

TEXTS = [
    ("text", "background"),
    ("faint_text", "background"),
    ("faint_text", "band"),
    ("faint_text", "goal_band"),
    ("middle", "background"),
    ("idea_text", "tag"),
    ("on_toward", "toward"),
    ("on_away", "away"),
    ("on_neither", "neither"),
]
MARKS = ["line", "dot", "middle", "earlier", "goal", "idea", "toward", "away", "neither"]


def luminance(color: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_and_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "under"), TEXTS)
def test_text_can_be_read(theme: ThemeName, text: str, under: str) -> None:
    assert ratio(THEMES[theme], text, under) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("mark", MARKS)
def test_marks_can_be_seen(theme: ThemeName, mark: str) -> None:
    assert ratio(THEMES[theme], mark, "background") >= MARK


def ratio(colors: Theme, above: str, under: str) -> float:
    return contrast(getattr(colors, above), getattr(colors, under))


def test_signals_keep_the_colors_of_okabe_and_ito() -> None:
    assert (THEMES["light"].toward, THEMES["light"].away) == ("#0072b2", "#d55e00")
    assert (THEMES["dark"].toward, THEMES["dark"].away) == ("#56b4e9", "#e69f00")


@pytest.mark.parametrize("theme", THEMES)
def test_an_earlier_middle_line_is_fainter_than_the_newest(theme: ThemeName) -> None:
    colors = THEMES[theme]
    assert ratio(colors, "earlier", "background") < ratio(colors, "middle", "background")


def test_charts_know_the_background_of_the_page() -> None:
    config = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    for name, colors in THEMES.items():
        assert config["theme"][name]["backgroundColor"].lower() == colors.background
