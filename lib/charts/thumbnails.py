"""State marks and sparklines as small SVG texts, cheap enough for a board of thousands.

They go into `<img>` addresses or into a page's own SVG. The one text, a title, is escaped.
"""

from collections.abc import Sequence
from functools import lru_cache
from html import escape

import numpy as np
from numpy.typing import NDArray

from lib.charts.looks import THEMES, Theme, ThemeName
from lib.charts.panels import Panels, longest_gap, pieces
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


PANEL_WIDTH, PANEL_HEIGHT = 150, 44
"""A thumbnail's line, on which it is drawn; the page may stretch it."""


def panel_svgs(panels: Panels, theme: ThemeName = "light") -> tuple[str, list[str]]:
    """Each panel's lines as an SVG on the common scale, and what they share: it must stand once on the page.

    Drawn on PANEL_WIDTH by PANEL_HEIGHT; a faint line behind several panels is written once and used by each.
    """
    colors = THEMES[theme]
    shared, used = _shared_lines(panels, colors)
    lines, newest = _own_lines(panels)
    middles = _own_middles(panels, colors)
    head = (
        f'<svg {NS} viewBox="0 0 {TENTHS * PANEL_WIDTH} {TENTHS * PANEL_HEIGHT}" preserveAspectRatio="none" '
        'aria-hidden="true">'
    )
    svgs = []
    for i, panel in enumerate(panels.panels):
        behind = f'<use href="#{used[panel.line, panel.unit]}"/>' if (panel.line, panel.unit) in used else ""
        own = f'<path d="{lines[i]}" {_pen(colors.dot, 14)}/>' if i in lines else ""
        dot = f'<path d="M{newest[i]}h0" {_pen(colors.text, 52)}/>' if i in newest else ""
        svgs.append(f"{head}{behind}{middles.get(i, '')}{own}{dot}</svg>")
    return shared, svgs


def _pen(color: str, width: int) -> str:
    return (
        f'fill="none" stroke="{color}" stroke-width="{width / TENTHS:g}" stroke-linejoin="round" '
        'stroke-linecap="round" vector-effect="non-scaling-stroke"'
    )


def _at(along: NDArray[np.float64], up: NDArray[np.float64]) -> tuple[list[int], list[int]]:
    """Places in tenths of a pixel, of points whose place is known."""
    x = TENTHS * (EDGE + along * (PANEL_WIDTH - 2 * EDGE))
    y = TENTHS * (EDGE + (1 - up) * (PANEL_HEIGHT - 2 * EDGE))
    return np.rint(x).astype(int).tolist(), np.rint(y).astype(int).tolist()


def _written(line: list[int], piece: list[int], x: list[int], y: list[int]) -> dict[int, str]:
    """The path of each line: M where a new piece begins, and a point alone as its round ends."""
    paths: dict[int, list[str]] = {}
    before: tuple[int, int] | None = None
    for number, part, at, down in zip(line, piece, x, y, strict=True):
        new = (number, part) != before
        paths.setdefault(number, []).append(f"M{at} {down}L{at} {down}" if new else f"{at} {down}")
        before = (number, part)
    return {number: " ".join(parts) for number, parts in paths.items()}


def _own_lines(panels: Panels) -> tuple[dict[int, str], dict[int, str]]:
    """The path of each panel, and the place of its newest point."""
    points = panels.points
    panel, value = points["panel"].to_numpy(), points["value"].to_numpy(dtype=float)
    days, along = points["date"].to_numpy().astype("datetime64[D]"), panels.across(points["date"])
    longest = np.array([longest_gap(one.period) for one in panels.panels])[panel]
    piece = pieces(panel, days, value, longest)
    shown = ~np.isnan(value) & ~np.isnan(along)
    x, y = _at(along[shown], panels.up(panel[shown], value[shown]))
    of = panel[shown].tolist()
    newest = {number: f"{at} {down}" for number, at, down in zip(of, x, y, strict=True)}
    return _written(of, piece[shown].tolist(), x, y), newest


def _own_middles(panels: Panels, colors: Theme) -> dict[int, str]:
    """Each panel's own middle lines, one for each phase."""
    points = panels.points[["panel", "phase", "median"]].assign(along=panels.across(panels.points["date"]))
    shown = points[points["along"].notna() & points["median"].notna()]
    ends = shown.groupby(["panel", "phase"], sort=False).agg(
        first=("along", "first"), last=("along", "last"), median=("median", "last")
    )
    panel = ends.index.get_level_values("panel").to_numpy()
    up = panels.up(panel, ends["median"].to_numpy())
    left, y = _at(ends["first"].to_numpy(), up)
    right, _ = _at(ends["last"].to_numpy(), up)
    drawn: dict[int, str] = {}
    for number, begin, end, down in zip(panel.tolist(), left, right, y, strict=True):
        drawn[number] = drawn.get(number, "") + f'<path d="M{begin} {down}H{end}" {_pen(colors.middle, 10)}/>'
    return drawn


def _shared_lines(panels: Panels, colors: Theme) -> tuple[str, dict[tuple[int, str], str]]:
    """The faint lines behind the panels as definitions, and the name of each by its line and unit."""
    pooled = panels.pooled[panels.pooled["value"].notna()].assign(along=panels.across(panels.pooled["date"]))
    pooled = pooled[pooled["along"].notna()]
    first = {(panel.line, panel.unit): i for i, panel in reversed(list(enumerate(panels.panels)))}
    parts: list[str] = []
    used: dict[tuple[int, str], str] = {}
    for (line, unit), panel in first.items():
        rows = pooled[pooled["line"] == line]
        if rows.empty:
            continue
        of, value = np.full(len(rows), panel), rows["value"].to_numpy(dtype=float)
        days = rows["date"].to_numpy().astype("datetime64[D]")
        longest = np.full(len(rows), longest_gap(panels.panels[panel].period))
        x, y = _at(rows["along"].to_numpy(), panels.up(of, value))
        [path] = _written(of.tolist(), pieces(of, days, value, longest).tolist(), x, y).values()
        used[line, unit] = f"line-{len(used)}"
        parts.append(f'<path id="{used[line, unit]}" d="{path}" {_pen(colors.line, 18)}/>')
    head = f'<svg {NS} width="0" height="0" style="position:absolute" aria-hidden="true">'
    return f"{head}<defs>{''.join(parts)}</defs></svg>", used
