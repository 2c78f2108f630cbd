"""How much of a change idea was done against how much a measure differs: a dot per school, and no line through them."""

import json
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from lib.analysis.dosing import Dosing
from lib.charts.looks import FONT, THEMES, Drawn, Theme, ThemeName, cut, text_width
from lib.charts.run_chart import lookup
from lib.charts.value_axis import nice_ticks, tick_text, ticks_of
from lib.measures import Measure
from lib.wording import difference_text, say, tone_of, value_text
from lib.wording.dose import axis, value_axis
from lib.wording.texts import kept_by_language

WIDTH, HEIGHT = 860, 280
FONT_SIZE, GAP, MOST_NAMES, LONGEST_NAME = 12, 9, 25, 180
"""With more schools than MOST_NAMES no names are drawn: they would lie on each other. Hovering tells them."""

LINE = 1.1 * FONT_SIZE

TOOLTIP = {"t_place": "side.tooltip_place", "t_done": "dose.done", "t_difference": "dose.differs"}
SHAPES = {"up": "triangle-up", "down": "triangle-down", "": "circle"}
"""As the marks of states: the shape tells which way, the color whether it is wanted."""


def dose_chart(
    found: Dosing,
    names: dict[int, str],
    process: Measure,
    measure: Measure,
    zoomed: bool = False,
    theme: ThemeName = "light",
) -> Drawn:
    """The chart; `names` of the schools by id. No difference, 0, is always on the axis that goes up."""
    unit = "percentage points" if measure.unit == "percent" else measure.unit
    across = ticks_of(found.schools["done"].tolist(), process.unit, zoomed)
    up = nice_ticks(min(found.schools["difference"].min(), 0.0), max(found.schools["difference"].max(), 0.0))
    spec: dict[str, Any] = json.loads(_template_text(theme))
    scales = spec["layer"][0]["encoding"]
    along = f"{axis(process)}, {say('chart.zoomed')}" if zoomed else axis(process)
    for side, ticks, of, said in (("x", across, process.unit, along), ("y", up, unit, value_axis(measure))):
        labels = [tick_text(tick, of, ticks[1] - ticks[0]) for tick in ticks]
        scales[side]["scale"]["domain"] = [ticks[0], ticks[-1]]
        scales[side]["axis"] |= {"values": ticks, "tickCount": len(ticks), "labelExpr": lookup(labels), "title": said}
    told = found.schools.reset_index(names="school").to_dict("records")
    rows = [_dot(one, names[one["school"]], process, measure) for one in told]
    return Drawn(spec, pd.DataFrame([*rows, *_names(rows, across, up)]))


def _dot(one: dict[Any, Any], name: str, process: Measure, measure: Measure) -> dict[str, Any]:
    difference = float(one["difference"])
    way = "up" if difference > 0 else "down" if difference < 0 else ""
    return {
        "kind": "dot",
        "x": float(one["done"]),
        "y": difference,
        "way": way,
        "tone": tone_of(way, measure) if measure.wanted in ("up", "down") else "neither",
        "t_place": name,
        "t_done": value_text(one["done"], process.unit),
        "t_difference": difference_text(difference, measure.unit),
    }


def _names(dots: list[dict[str, Any]], across: list[float], up: list[float]) -> list[dict[str, Any]]:
    """A name beside each dot, where it lies on no other name and no dot."""
    if len(dots) > MOST_NAMES:
        return []
    at = [
        (WIDTH * (dot["x"] - across[0]) / (across[-1] - across[0]), HEIGHT * (up[-1] - dot["y"]) / (up[-1] - up[0]))
        for dot in dots
    ]
    taken = [Box(x - GAP / 2, x + GAP / 2, y) for x, y in at]
    rows = []
    for dot, (x, y) in zip(dots, at, strict=True):
        label = cut(dot["t_place"], FONT_SIZE, LONGEST_NAME)
        box = _room(x, y, text_width(label, FONT_SIZE), taken)
        taken.append(box)
        left = box.left < x
        rows.append({"kind": "name", "px": box.right if left else box.left, "py": box.y, "left": left, "label": label})
    return rows


@dataclass(frozen=True)
class Box:
    """A line of text on the plot, in pixels."""

    left: float
    right: float
    y: float

    def lies_on(self, other: "Box") -> bool:
        return self.left < other.right and other.left < self.right and abs(self.y - other.y) < LINE

    @property
    def is_inside(self) -> bool:
        return self.left >= 0 and self.right <= WIDTH and 0 <= self.y <= HEIGHT


def _room(x: float, y: float, wide: float, taken: list[Box]) -> Box:
    """The nearest free place beside the dot: right or left of it, then a line lower or higher, and so on."""
    lower = [LINE * lines * way for lines in range(MOST_NAMES) for way in (1, -1)]
    places = [Box(left, left + wide, y + by) for by in lower for left in (x + GAP, x - GAP - wide)]
    free = (box for box in places if box.is_inside and not any(box.lies_on(other) for other in taken))
    return next(free, places[0])


@kept_by_language
def _template_text(theme: ThemeName) -> str:
    """The frame of the chart as JSON."""
    colors = THEMES[theme]
    layers = [_dots(colors), _zero(colors), _labels(colors, False), _labels(colors, True)]
    spec = alt.layer(*layers).properties(width=WIDTH, height=HEIGHT).to_dict()
    for layer in spec["layer"]:
        layer.pop("data", None)
    axes = {"labelColor": colors.faint_text, "titleColor": colors.faint_text, "labelFont": FONT, "titleFont": FONT}
    look = {"labelFontSize": FONT_SIZE, "titleFontSize": FONT_SIZE, "titleFontWeight": "normal", "labelOverlap": False}
    config = {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "axis": axes | look | {"domain": False, "ticks": False, "gridColor": colors.grid},
        "text": {"font": FONT},
        "mark": {"aria": False},
    }
    kept = {name: spec[name] for name in ("layer", "width", "height")}
    return json.dumps(kept | {"config": config, "autosize": {"type": "pad"}})


def _of(kind: str) -> alt.Chart:
    return alt.Chart(alt.NamedData("rows")).transform_filter(f"datum.kind == '{kind}'")


def _dots(colors: Theme) -> alt.Chart:
    tones = alt.Scale(domain=["toward", "away", "neither"], range=[colors.toward, colors.away, colors.neither])
    shapes = alt.Scale(domain=list(SHAPES), range=list(SHAPES.values()))
    scale = alt.Scale(domain=[0, 1], nice=False, zero=False)
    above = alt.Axis(titleAngle=0, titleAlign="left", titleAnchor="end", titleX=0, titleY=-14)
    hover = [alt.Tooltip(f"{name}:N", title=say(key)) for name, key in TOOLTIP.items()]
    return (
        _of("dot")
        .mark_point(size=90, opacity=1, strokeWidth=1)
        .encode(
            x=alt.X("x:Q", scale=scale, axis=alt.Axis(titlePadding=8)),
            y=alt.Y("y:Q", scale=scale, axis=above),
            fill=alt.Fill("tone:N", scale=tones, legend=None),
            stroke=alt.value(colors.background),
            shape=alt.Shape("way:N", scale=shapes, legend=None),
            tooltip=hover,
        )
    )


def _zero(colors: Theme) -> alt.Chart:
    one = alt.Chart(alt.NamedData("rows")).transform_aggregate(n="count()").transform_calculate(zero="0")
    return one.mark_rule(color=colors.middle, strokeWidth=1.5).encode(y="zero:Q")


def _labels(colors: Theme, left: bool) -> alt.Chart:
    chosen = _of("name").transform_filter(f"datum.left == {str(left).lower()}")
    text = chosen.mark_text(align="right" if left else "left", baseline="middle", fontSize=FONT_SIZE)
    at = {name: alt.value(alt.ExprRef(f"datum.p{name}")) for name in ("x", "y")}
    return text.encode(**at, text="label:N", color=alt.value(colors.text))
