"""State marks and sparklines as small SVG texts, cheap enough for a board of thousands.

They go into `<img>` addresses or into a page's own SVG. The one text, a title, is escaped.
"""

from collections.abc import Sequence
from functools import lru_cache
from html import escape

import numpy as np
from numpy.typing import NDArray

from lib.charts.looks import THEMES, Theme, ThemeName
from lib.wording.states import Mark, Shape

SHAPES: dict[Shape, str] = {
    "triangle up": '<path d="M10 3.5 18 16.5H2Z" {paint}/>',
    "triangle down": '<path d="M10 16.5 2 3.5H18Z" {paint}/>',
    "dash": '<path d="M4 10H16" {line}/>',
    "dots": '<path d="M4 10h0M10 10h0M16 10h0" stroke="{color}" stroke-width="3.8" stroke-linecap="round"/>',
    "wave": '<path d="M2 10C4.5 3.5 7.5 3.5 10 10S15.5 16.5 18 10" {line}/>',
    "square": '<path d="M4 4H16V16H4Z" {hollow}/>',
    "equals": '<path d="M4 7.5H16M4 12.5H16" {line}/>',
}
"""Drawn on 20 by 20. Shape tells the direction, fill how sure, color whether it is wanted."""

PAINTS = {
    "filled": 'fill="{color}" stroke="{color}" stroke-width="1.4" stroke-linejoin="round"',
    "hollow": 'fill="none" stroke="{color}" stroke-width="2.2" stroke-linejoin="round"',
    "line": 'fill="none" stroke="{color}" stroke-width="2.4" stroke-linecap="round"',
}

NS = 'xmlns="http://www.w3.org/2000/svg"'
TENTHS = 10
"""Places are whole tenths of a pixel: short texts, quickly written."""

EDGE = 4.0
"""Room around a sparkline for its dot and its stroke, in pixels."""


def mark_shape(mark: Mark, colors: Theme) -> str:
    """The inside of a mark's SVG, on 20 by 20."""
    color = getattr(colors, mark.tone)
    paints = {name: paint.format(color=color) for name, paint in PAINTS.items()}
    return SHAPES[mark.shape].format(paint=paints[mark.fill], color=color, **{k: paints[k] for k in ("line", "hollow")})


def state_mark_svg(mark: Mark, theme: ThemeName = "light", size: float = 20, title: str = "") -> str:
    """A state mark; `title` says it to those who can't see it.

    >>> state_mark_svg(Mark("dash", "filled", "neither"), title="<b>")[83:137]
    'role="img"><title>&lt;b&gt;</title><path d="M4 10H16" '
    """
    said = f'role="img"><title>{escape(title)}</title>' if title else 'aria-hidden="true">'
    shape = mark_shape(mark, THEMES[theme])
    return f'<svg {NS} width="{size:g}" height="{size:g}" viewBox="0 0 20 20" {said}{shape}</svg>'


def sparkline_svg(
    values: Sequence[float] | NDArray[np.float64],
    median: float,
    theme: ThemeName = "light",
    width: float = 100,
    height: float = 28,
    domain: tuple[float, float] | None = None,
    slots: int | None = None,
) -> str:
    """A line with its middle line and a dot at its newest point. NaN = a gap.

    `domain`: the values at bottom and top, the same for lines that are compared; else the line's own. `slots`: how
    many points fill the width, so that a short series ends early on the same scale of time.
    """
    colors = THEMES[theme]
    head = (
        f'<svg {NS} width="{width:g}" height="{height:g}" viewBox="0 0 {TENTHS * width:g} {TENTHS * height:g}" '
        'aria-hidden="true">'
    )
    given = np.asarray(values, dtype=float).tolist()
    known = [value for value in given if value == value]
    if not known:
        return f"{head}</svg>"
    low, high = domain or (min(known), max(known))
    if domain is None and median == median:
        low, high = min(low, median), max(high, median)
    down, up = _scale(low, high, height)
    across = _across(max(slots or 0, len(given)), width)
    return f"{head}{_middle(median, down, up, width, colors)}{_path(given, across, down, up, colors)}</svg>"


def _scale(low: float, high: float, height: float) -> tuple[float, float]:
    """(down, up): a value lies at down - up * value, in tenths of a pixel from the top."""
    if high <= low:
        return TENTHS * height / 2, 0.0
    up = TENTHS * (height - 2 * EDGE) / (high - low)
    return TENTHS * (height - EDGE) + low * up, up


@lru_cache(maxsize=256)
def _across(slots: int, width: float) -> tuple[int, ...]:
    """Where each point lies, in tenths of a pixel from the left."""
    step = (width - 2 * EDGE) / max(slots - 1, 1)
    return tuple(round(TENTHS * (EDGE + i * step)) for i in range(slots))


def _middle(median: float, down: float, up: float, width: float, colors: Theme) -> str:
    if median != median:
        return ""
    left, right, y = round(TENTHS * EDGE), round(TENTHS * (width - EDGE)), round(down - up * median)
    return f'<path d="M{left} {y}H{right}" stroke="{colors.line}" stroke-width="10"/>'


def _path(given: list[float], across: tuple[int, ...], down: float, up: float, colors: Theme) -> str:
    """The line, a new piece after each gap, and the newest point. A point alone is drawn by its round ends."""
    pieces: list[list[str]] = [[]]
    for x, value in zip(across, given, strict=False):
        if value == value:
            pieces[-1].append(f"{x} {int(down - up * value + 0.5)}")
        elif pieces[-1]:
            pieces.append([])
    drawn = [piece for piece in pieces if piece]
    line = "".join(f"M{' '.join(piece)}" if len(piece) > 1 else f"M{piece[0]}h0" for piece in drawn)
    x_newest, y_newest = drawn[-1][-1].split()
    return (
        f'<path d="{line}" fill="none" stroke="{colors.dot}" stroke-width="14" stroke-linejoin="round" '
        f'stroke-linecap="round"/><circle cx="{x_newest}" cy="{y_newest}" r="26" fill="{colors.text}"/>'
    )
