"""A funnel: schools by how many were counted, between limits that narrow as more are counted."""

import json
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from lib.analysis.funnel import LEVELS, limits
from lib.charts.looks import FONT, THEMES, Drawn, Theme, ThemeName, cut, text_width
from lib.charts.run_chart import lookup
from lib.charts.tags import apart
from lib.charts.value_axis import nice_ticks, tick_text, ticks_of
from lib.wording import middle_value, range_text, say, tone_of, value_text
from lib.wording.funnel import OneStretch, alt_text
from lib.wording.texts import kept_by_language, number

WIDTH, HEIGHT = 984, 330
AXIS_ROOM, END_ROOM, AXIS_HEIGHT, EDGE = 50, 150, 48, 5
PLOT_WIDTH, PLOT_HEIGHT = WIDTH - AXIS_ROOM - END_ROOM, HEIGHT - AXIS_HEIGHT
"""Pixels of the chart on a page of the usual width; on others it stretches."""

STEPS = 80
"""Sizes at which the limits are drawn; between them lies a straight piece."""

NARROWEST = 1 / 300
"""Limits begin at this share of the widest size: for smaller ones they hold nearly everything."""

FONT_SIZE, NAME_SIZE = 12, 12
MOST_NAMED = 6
"""So many outside are named beside their dots; the names of more would lie on each other."""

LONGEST_NAME, NAME_GAP = 200, 9
DOT, OUTSIDE, RING = 70, 150, 260
"""Areas in square pixels."""

TOOLTIP = {
    "t_place": "side.tooltip_place",
    "t_value": "tooltip.value",
    "t_counts": "tooltip.counts",
    "t_limits": "funnel.limits",
    "t_periods": "funnel.periods",
}
SHAPES = {"usual": "circle", "up": "triangle-up", "down": "triangle-down"}
AXES = 1
"""The place of the layer that carries the axes."""


def funnel_chart(one: OneStretch, zoomed: bool = False, theme: ThemeName = "light") -> Drawn:
    """The chart; zoomed, its axis holds only the schools and their limits, and says so."""
    across = nice_ticks(0.0, float(one.schools["denominator"].max()))
    curves = _curves(one, across[-1])
    unit, up = one.measure.unit, _ticks(one, zoomed)
    spec: dict[str, Any] = json.loads(_template_text(theme))
    scales = spec["layer"][AXES]["encoding"]
    scales["x"]["scale"]["domain"], scales["y"]["scale"]["domain"] = [0, across[-1]], [up[0], up[-1]]
    counts = lookup([number(tick, 1) for tick in across])
    scales["x"]["axis"] |= {"values": across, "labelExpr": counts, "title": say("funnel.axis")}
    labels = [tick_text(tick, unit, up[1] - up[0]) for tick in up]
    scales["y"]["axis"] |= {"values": up, "tickCount": len(up), "labelExpr": lookup(labels)}
    for line, key in zip(scales["tooltip"], TOOLTIP.values(), strict=True):
        line["title"] = say(key)
    if zoomed:
        spec["title"] = {"text": say("chart.zoomed")}
    parts = [curves, _dots(one), _names(one, across[-1], up), _ends(one, curves, up)]
    return Drawn(spec, pd.concat(parts, ignore_index=True), alt_text(one))


def _ticks(one: OneStretch, zoomed: bool) -> list[float]:
    held = one.schools[["value", "lower_998", "upper_998"]].to_numpy() if zoomed else one.schools["value"].to_numpy()
    return ticks_of([float(value) for value in held.ravel()], one.measure.unit, zoomed)


def _curves(one: OneStretch, widest: float) -> pd.DataFrame:
    """The line of all schools together and both pairs of limits."""
    sizes = np.geomspace(widest * NARROWEST, widest, STEPS)
    found = limits(sizes, one.kind, one.found.centre, one.found.tau2 if one.found.widened else 0.0)
    lines = [_line(sizes, values, f"level_{name.split('_')[1]}", name) for name, values in found.items()]
    ends = np.array([0.0, widest])
    return pd.concat([*lines, _line(ends, np.full(2, one.found.centre), "centre", "centre")], ignore_index=True)


def _line(sizes: np.ndarray, values: np.ndarray, tone: str, name: str) -> pd.DataFrame:
    return pd.DataFrame({"kind": "limit", "x": sizes, "y": values, "tone": tone, "line": name})


def _dots(one: OneStretch) -> pd.DataFrame:
    """A dot for each school; outside the limits a triangle the way it lies, with a ring where few were counted."""
    schools, unit = one.schools, one.measure.unit
    ways = np.where(schools["beyond"], np.where(one.above, "up", "down"), "usual")
    tones = [_tone(one, way) for way in ways.tolist()]
    values = [value_text(value, unit, 1) for value in schools["value"]]
    counts = zip(schools["numerator"], schools["denominator"], strict=True)
    held = zip(schools["lower_998"], schools["upper_998"], strict=True)
    said = [
        say("funnel.point", name=name, value=value, standing=_standing(way))
        for name, value, way in zip(schools["name"], values, ways.tolist(), strict=True)
    ]
    dots = pd.DataFrame(
        {
            "kind": "dot",
            "x": schools["denominator"].to_numpy(dtype=float),
            "y": schools["value"].to_numpy(dtype=float),
            "point": np.arange(len(schools)),
            "shape": ways,
            "tone": tones,
            "size": np.where(ways == "usual", DOT, OUTSIDE),
            "said": said,
            "t_place": schools["name"].to_numpy(),
            "t_value": values,
            "t_counts": [say("chart.of", numerator=number(n), denominator=number(of)) for n, of in counts],
            "t_limits": [range_text(low, high, unit) for low, high in held],
            "t_periods": schools["n_points"].astype(str).to_numpy(),
        }
    )
    return pd.concat([dots, dots[one.small.to_numpy()].assign(kind="ring", size=RING)])


def _tone(one: OneStretch, way: str) -> str:
    return "usual" if way == "usual" else tone_of(way, one.measure, one.found.centre)


def _standing(way: str) -> str:
    return say("funnel.standing_inside") if way == "usual" else say("funnel.standing_outside", way=say(f"way.{way}"))


def _names(one: OneStretch, widest: float, up: list[float]) -> pd.DataFrame:
    """The names of schools outside, beside their dots: at the left where there is no room at the right."""
    outside = one.schools[one.schools["beyond"]]
    if len(outside) > MOST_NAMED:
        return pd.DataFrame()
    places = _apart(outside["value"].tolist(), up, 1.2 * NAME_SIZE)
    rows = []
    for name, size, at in zip(outside["name"], outside["denominator"], places, strict=True):
        label = cut(name, NAME_SIZE, LONGEST_NAME)
        pixel = PLOT_WIDTH * size / widest
        left = pixel + NAME_GAP + text_width(label, NAME_SIZE) > PLOT_WIDTH
        rows.append({"kind": "name", "x": size, "y": at, "label": label, "left": int(left)})
    return pd.DataFrame(rows)


def _apart(values: list[float], up: list[float], distance: float) -> list[float]:
    """Heights on the axis of values, moved so that labels don't touch."""
    room = up[-1] - up[0]
    pixels = [PLOT_HEIGHT * (up[-1] - min(max(value, up[0]), up[-1])) / room for value in values]
    return [up[-1] - room * at / PLOT_HEIGHT for at in apart(pixels, distance, 0.0, PLOT_HEIGHT)]


def _ends(one: OneStretch, curves: pd.DataFrame, up: list[float]) -> pd.DataFrame:
    """What each line is, at its right end."""
    last = curves.drop_duplicates("line", keep="last")
    together = say("funnel.together", value=middle_value(one.found.centre, one.measure.unit))
    texts = {"centre": together} | {f"level_{level}": say(f"funnel.level_{level}") for level in LEVELS}
    places = _apart(last["y"].tolist(), up, 1.2 * FONT_SIZE)
    labels = [cut(texts[tone], FONT_SIZE, END_ROOM - 14) for tone in last["tone"]]
    return pd.DataFrame({"kind": "end", "y": places, "label": labels, "tone": last["tone"].to_numpy()})


@kept_by_language
def _template_text(theme: ThemeName) -> str:
    """The frame of the chart as JSON."""
    colors = THEMES[theme]
    layers = [_limits(colors), _points(colors), _rings(colors), _names_beside(colors), _end_labels(colors)]
    chart = alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)
    spec = chart.resolve_scale(color="independent", fill="independent", shape="independent").to_dict()
    for layer in spec["layer"]:
        layer.pop("data", None)
    axis = {"labelColor": colors.faint_text, "titleColor": colors.faint_text, "labelFontSize": FONT_SIZE}
    config = {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "axis": axis | {"titleFontSize": FONT_SIZE, "domain": False, "ticks": False, "titleFontWeight": "normal"},
        "title": {"color": colors.faint_text, "fontSize": FONT_SIZE, "anchor": "start", "fontWeight": 400},
        "mark": {"aria": False, "tooltip": None},
    }
    fit = {"type": "fit", "contains": "padding"}
    padding = dict.fromkeys(("left", "top", "right", "bottom"), EDGE)
    kept = {name: spec[name] for name in ("layer", "params", "resolve", "width", "height")}
    kept["layer"][AXES]["name"] = kept["params"][0]["views"][0] = "schools"
    return json.dumps(kept | {"config": config, "autosize": fit, "padding": padding})


def _of(kind: str) -> alt.Chart:
    return alt.Chart(alt.NamedData("rows")).transform_filter(f"datum.kind == '{kind}'")


X, Y = alt.X("x:Q"), alt.Y("y:Q")


def _scale(meaning: dict[str, Any]) -> alt.Scale:
    return alt.Scale(domain=list(meaning), range=list(meaning.values()))


def _limits(colors: Theme) -> alt.Chart:
    tones = {"level_998": colors.dot, "level_95": colors.earlier, "centre": colors.middle}
    widths = {"level_998": 1.8, "level_95": 1.0, "centre": 2.2}
    dashes = {"level_998": [1, 0], "level_95": [4, 4], "centre": [1, 0]}
    line = _of("limit").mark_line(clip=True)
    return line.encode(
        x=X,
        y=Y,
        detail="line:N",
        color=alt.Color("tone:N", scale=_scale(tones), legend=None),
        strokeWidth=alt.StrokeWidth("tone:N", scale=_scale(widths), legend=None),
        strokeDash=alt.StrokeDash("tone:N", scale=_scale(dashes), legend=None),
    )


def _points(colors: Theme) -> alt.Chart:
    """The schools; they carry the axes, the tooltip and the click."""
    fills = {"usual": colors.dot} | {tone: getattr(colors, tone) for tone in ("toward", "away", "neither")}
    scale = alt.Scale(domain=[0, 1], nice=False, zero=False)
    along = alt.Axis(grid=False, titlePadding=6, labelOverlap=False)
    up = alt.Axis(grid=True, gridColor=colors.grid, title=None, labelPadding=6, labelOverlap=False, minExtent=AXIS_ROOM)
    return (
        _of("dot")
        .mark_point(aria=True, opacity=1, strokeWidth=1.2, stroke=colors.background, cursor="pointer")
        .encode(
            x=alt.X("x:Q", scale=scale, axis=along),
            y=alt.Y("y:Q", scale=scale, axis=up),
            size=alt.Size("size:Q", scale=None, legend=None),
            shape=alt.Shape("shape:N", scale=_scale(SHAPES), legend=None),
            fill=alt.Fill("tone:N", scale=_scale(fills), legend=None),
            description="said:N",
            tooltip=[alt.Tooltip(f"{name}:N") for name in TOOLTIP],
        )
        .add_params(alt.selection_point(name="pick", fields=["point"], on="click", clear="dblclick"))
    )


def _rings(colors: Theme) -> alt.Chart:
    ring = _of("ring").mark_point(shape="circle", stroke=colors.dot, strokeWidth=1, opacity=1)
    return ring.encode(x=X, y=Y, size=alt.Size("size:Q", scale=None, legend=None))


def _names_beside(colors: Theme) -> alt.Chart:
    text = _of("name").mark_text(
        align=alt.ExprRef("datum.left ? 'right' : 'left'"),
        dx=alt.ExprRef(f"datum.left ? -{NAME_GAP} : {NAME_GAP}"),
        baseline="middle",
        fontSize=NAME_SIZE,
        fontWeight=600,
        color=colors.text,
    )
    return text.encode(x=X, y=Y, text="label:N")


def _end_labels(colors: Theme) -> alt.Chart:
    text = _of("end").mark_text(align="left", baseline="middle", dx=8, fontSize=FONT_SIZE)
    tones = {"level_998": colors.text, "level_95": colors.faint_text, "centre": colors.text}
    tone = alt.Color("tone:N", scale=_scale(tones), legend=None)
    return text.encode(x=alt.value("width"), y=Y, text="label:N", color=tone)
