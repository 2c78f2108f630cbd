"""A run chart as a picture: exactly the chart of the screen, with its question, its sentence and a footer."""

import json
import re
from functools import cache
from html import escape
from typing import Any, Literal

import vl_convert

from lib.charts.looks import SIZES, THEMES, Size, SizeName, Theme, ThemeName, cut, text_width
from lib.charts.run_chart import Chart, run_chart
from lib.charts.thumbnails import mark_shape
from lib.wording import Reading

Format = Literal["png", "svg"]

PICTURE_FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""A font that comes with vl-convert, so that a picture looks the same on every machine and nothing is fetched."""

SCALE = 2.0
"""Pixels of a PNG for each of the page's."""

MARGIN = 24
MOST_TITLE_LINES = 2
TITLE_LINE, SENTENCE_LINE, FOOTER_LINE = 1.3, 1.4, 1.5
"""Heights of lines as shares of the font size."""


def picture(
    reading: Reading,
    format: Format = "png",
    theme: ThemeName = "light",
    size: SizeName = "page",
    zoomed: bool = False,
    by_calendar: bool = False,
    scale: float = SCALE,
) -> bytes:
    """The chart of a reading as PNG or SVG (UTF-8). Needs no network."""
    return picture_of(run_chart(reading, theme, size, zoomed, by_calendar), format, scale)


def picture_of(chart: Chart, format: Format = "png", scale: float = SCALE) -> bytes:
    """A chart that was drawn, as PNG or SVG (UTF-8). Needs no network."""
    svg = _framed(chart)
    return svg.encode() if format == "svg" else vl_convert.svg_to_png(svg, scale=scale)


def chart_svg(chart: Chart) -> str:
    """The chart alone, as SVG; no address is ever loaded."""
    spec = chart.spec | {
        "data": {"values": _values(chart)},
        "config": _with_font(chart.spec["config"]),
    }
    return vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])


def _values(chart: Chart) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(chart.data.to_json(orient="records"))
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


def _with_font(config: dict[str, Any]) -> dict[str, Any]:
    fonts = {"font": PICTURE_FONT, "text": {"font": PICTURE_FONT}}
    return config | fonts | {"axis": config["axis"] | {"labelFont": PICTURE_FONT, "titleFont": PICTURE_FONT}}


def _framed(chart: Chart) -> str:
    """Question, mark and sentence above the chart, the footer below it."""
    size, colors = SIZES[chart.size], THEMES[chart.theme]
    head, top = _head(chart, size, colors)
    foot = size.axis_font * 0.95
    height = top + size.height + FOOTER_LINE * foot + MARGIN / 2
    width = size.width + 2 * MARGIN
    footer = _text(MARGIN, top + size.height + foot, chart.footer, foot, colors.faint_text)
    inside = _placed(chart_svg(chart), MARGIN, top)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}" role="img">'
        f"<title>{_clean(chart.title)}</title><desc>{_clean(chart.alt)}</desc>"
        f'<rect width="100%" height="100%" fill="{colors.background}"/>{head}{inside}{footer}</svg>'
    )


def _head(chart: Chart, size: Size, colors: Theme) -> tuple[str, float]:
    """The question and the sentence with its mark, and how far down they reach."""
    font, said = size.axis_font * 1.7, size.axis_font * 1.25
    y, parts = MARGIN / 2, []
    for line in _lines(chart.title, font, size.width):
        y += TITLE_LINE * font
        parts.append(_text(MARGIN, y - 0.25 * font, line, font, colors.text, 700))
    y += 0.2 * said
    indent = 1.6 * said if chart.mark else 0.0
    if chart.mark:
        place = f'x="{MARGIN}" y="{y + 0.2 * said:.1f}" width="{1.15 * said:.1f}" height="{1.15 * said:.1f}"'
        parts.append(f'<svg {place} viewBox="0 0 20 20">{mark_shape(chart.mark, colors)}</svg>')
    for line in _lines(chart.sentence, said, size.width - indent):
        y += SENTENCE_LINE * said
        parts.append(_text(MARGIN + indent, y - 0.3 * said, line, said, colors.text, 600))
    return "".join(parts), y + 0.6 * said


def _lines(text: str, font: float, widest: float) -> list[str]:
    """A text in at most two lines; the second one is cut where it is too long."""
    lines: list[str] = []
    for word in text.replace(" %", "\u00a0%").split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, font) <= widest:
            lines[-1] = longer
        else:
            lines.append(word)
    kept = [*lines[: MOST_TITLE_LINES - 1], " ".join(lines[MOST_TITLE_LINES - 1 :])]
    return [cut(line, font, widest) for line in kept if line]


def _text(x: float, y: float, text: str, font: float, color: str, weight: int = 400) -> str:
    look = f'font-family="{PICTURE_FONT}" font-size="{font:g}" font-weight="{weight}" fill="{color}"'
    return f'<text x="{x:g}" y="{y:.1f}" {look}>{_clean(text)}</text>'


@cache
def _no_xml() -> re.Pattern[str]:
    return re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _clean(text: str) -> str:
    """Text for XML: escaped, without the characters XML can't hold."""
    return escape(_no_xml().sub("", text))


def _placed(svg: str, x: float, y: float) -> str:
    """An SVG put inside another at a place."""
    return svg.replace("<svg ", f'<svg x="{x:g}" y="{y:g}" ', 1)
