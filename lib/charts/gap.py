"""Two student groups as run charts on one scale, and under them the gap as a run chart of its own, on the same time."""

import json
import math
from dataclasses import replace
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from lib.analysis.closing import FEWEST_STUDENTS
from lib.charts.looks import FONT, SIZES, THEMES, Drawn, Theme, ThemeName, cut, text_width
from lib.charts.rows import TOOLTIP, Plot, middle_text, rows_of
from lib.charts.run_chart import CROSS, DASHES, lookup
from lib.charts.school_time import SchoolTime, axis_labels, school_time
from lib.charts.tags import apart
from lib.charts.value_axis import marks_on_axis, nice_ticks, tick_text, ticks_of
from lib.wording import Reading, bare_text, goal_text, middle_value, say
from lib.wording.gaps import Gap, gap_alt
from lib.wording.texts import kept_by_language

WIDTH = 984
"""Pixels of the chart on a page of the usual width."""

AXIS_ROOM, MOST_END_ROOM, KEY_ROOM, EDGE = 44, 210, 18, 8
"""Pixels: for the axis at the left, for labels at the right at most, of these for a key, and between both."""

HEIGHTS = {"lines": 142, "gap": 84}
"""Heights of the two plots: with the sentence above and the facts below, all is seen on a screen of 720 lines."""

LINES_LOOK = replace(
    SIZES["page"], axis_font=12, label_font=12, number_font=9, dot_radius=3.5, signal_radius=6.5, middle_line=2.0
)
GAP_LOOK = replace(LINES_LOOK, number_font=10, signal_radius=8.0)

LEAST_SPAN = 0.1
"""A gap of next to nothing looks like that: its axis spans at least ten percentage points (else 1 of the unit)."""

MOST_TICKS = 5
"""Ticks of the gap's axis: more labels would lie on each other."""

SHAPES = {"one": "circle", "other": "diamond"}
TOOLTIP_LINES = {"t_group": "side.tooltip_place"} | {
    name: TOOLTIP[name] for name in ("t_when", "t_value", "t_counts", "t_schools", "t_note")
}
RING = 2.1
"""A ring around a dot is so many times as wide."""

Label = tuple[float, str, str]
"""A height on the axis, whose it is (a side, or the goal), and what is said there."""

AXES = 1
"""The place of the layer that carries the axes among those of a plot."""

PANELS = {
    "lines": ("line", "dot", "cross", "middle", "number", "goal", "break name"),
    "gap": ("line", "dot", "cross", "middle", "number", "break"),
}
"""Kinds of rows that are drawn in each plot."""

OF_BOTH = ("goal", "break name")
"""Kinds of rows that both groups have, drawn once."""


def gap_chart(one: Gap, zoomed: bool = False, theme: ThemeName = "light") -> Drawn:
    """The chart; zoomed, the axis of the groups holds only what is drawn, and says so."""
    whole = one.gap
    empty = whole.points["value"].isna().to_numpy()
    width = WIDTH - AXIS_ROOM - _end_room(one)
    time = school_time(whole.points["date"], empty, whole.breaks, whole.period, width, GAP_LOOK)
    axes = {"lines": _line_ticks(one, zoomed), "gap": _gap_ticks(whole)}
    spec: dict[str, Any] = json.loads(_template_text(theme))
    for panel, (name, ticks) in zip(spec["vconcat"], axes.items(), strict=True):
        reading = one.one if name == "lines" else whole
        _fill_axes(panel, time, reading, ticks)
        panel["title"]["text"], panel["width"] = _panel_title(one, name, zoomed), width
    spec["vconcat"][1]["layer"][AXES]["encoding"]["x"]["axis"] |= _time_labels(time, whole)
    rows = _rows(one, time, axes, width)
    for panel, name in zip(spec["vconcat"], axes, strict=True):
        _fill_tooltips(panel, rows[(rows["panel"] == name) & (rows["kind"] == "dot")])
    return Drawn(spec, rows, gap_alt(one))


def _fill_tooltips(panel: dict[str, Any], dots: pd.DataFrame) -> None:
    """Only lines that some point has; titles are fixed."""
    kept = {name: key for name, key in TOOLTIP_LINES.items() if dots[name].notna().any()}
    shown = [{"field": name, "type": "nominal", "title": say(key)} for name, key in kept.items()]
    for layer in panel["layer"]:
        if isinstance(layer["encoding"].get("tooltip"), list):
            layer["encoding"]["tooltip"] = shown


def _end_room(one: Gap) -> float:
    """Room for the longest label at the right end; a label that needs more than MOST_END_ROOM is cut."""
    texts = [text for labels in _labels(one) for _, _, text in labels]
    widest = max((text_width(text, LINES_LOOK.label_font) for text in texts), default=0.0)
    return min(widest + KEY_ROOM + EDGE, MOST_END_ROOM)


def _line_ticks(one: Gap, zoomed: bool) -> list[float]:
    held = [value for _, reading in one.lines for value in marks_on_axis(reading)]
    return ticks_of(held, one.measure.unit, zoomed)


def _gap_ticks(reading: Reading) -> list[float]:
    """0, where there is no gap, is always on the axis."""
    held = [*reading.points["value"].dropna().tolist(), *reading.phases["median"].dropna().tolist(), 0.0]
    low, high = min(held), max(held)
    least = LEAST_SPAN if reading.measure.unit == "percentage points" else 1.0
    found = nice_ticks(*((low, high) if high - low >= least else (min(low, -least / 2), max(high, least / 2))))
    while len(found) > MOST_TICKS:
        step = 2 * (found[1] - found[0])
        low, high = math.floor(found[0] / step + 1e-9), math.ceil(found[-1] / step - 1e-9)
        found = [round(step * number, 10) for number in range(low, high + 1)]
    return found


def _fill_axes(panel: dict[str, Any], time: SchoolTime, reading: Reading, ticks: list[float]) -> None:
    scales, step = panel["layer"][AXES]["encoding"], ticks[1] - ticks[0]
    scales["x"]["scale"]["domain"] = [time.low, time.high]
    scales["y"]["scale"]["domain"] = [ticks[0], ticks[-1]]
    labels = [tick_text(tick, reading.measure.unit, step) for tick in ticks]
    # Without a count of its own an axis so low drops every other of its values.
    scales["y"]["axis"] |= {"values": ticks, "tickCount": len(ticks), "labelExpr": lookup(labels)}


def _time_labels(time: SchoolTime, reading: Reading) -> dict[str, Any]:
    labels = axis_labels(time, reading.period, GAP_LOOK)
    return {"values": [at for at, _ in labels], "labelExpr": lookup([lines for _, lines in labels]), "labels": True}


def _panel_title(one: Gap, name: str, zoomed: bool) -> str:
    if name == "gap":
        unit = "_percent" if one.measure.unit == "percent" else ""
        return say(f"gaps.gap_title{unit}", one=one.one_name, other=one.other_name)
    said = say("gaps.lines_title" if one.other else "gaps.line_title", measure=one.measure.label)
    return f"{said}, {say('chart.zoomed')}" if zoomed else said


def _rows(one: Gap, time: SchoolTime, axes: dict[str, list[float]], width: float) -> pd.DataFrame:
    """Everything that is drawn: `panel` says in which plot, `side` whose it is."""
    sides = dict(zip(SHAPES, (reading for _, reading in one.lines), strict=False))
    parts = []
    for side, reading in {**sides, "gap": one.gap}.items():
        name = "gap" if side == "gap" else "lines"
        plot = _plot(time, reading, axes[name], name, width)
        rows = rows_of(reading, plot, [])
        rows = rows[rows["kind"].isin([kind for kind in PANELS[name] if kind not in OF_BOTH or side == "one"])]
        parts.append(_told(pd.concat([rows, _rings(rows, reading)]), one, side).assign(panel=name, side=side))
    breaks = parts[-1][parts[-1]["kind"] == "break"].assign(panel="lines")
    rows = pd.concat([*parts, breaks, _end_rows(one, axes)], ignore_index=True)
    return rows[~_hidden_numbers(rows, axes["lines"])].reset_index(drop=True)


def _hidden_numbers(rows: pd.DataFrame, ticks: list[float]) -> np.ndarray:
    """Numbers of the second group's points that lie under points of the first."""
    above = rows[(rows["side"] == "one") & (rows["kind"] == "dot")].set_index("x")["y"]
    apart_by = (rows["y"] - rows["x"].map(above)).abs() * HEIGHTS["lines"] / (ticks[-1] - ticks[0])
    near = (apart_by < 2 * LINES_LOOK.signal_radius).to_numpy()
    return near & (rows["side"] == "other").to_numpy() & (rows["kind"] == "number").to_numpy()


def _plot(time: SchoolTime, reading: Reading, ticks: list[float], name: str, width: float) -> Plot:
    """A group has rows for its own dates only."""
    rows = np.searchsorted(time.dates, reading.points["date"].to_numpy().astype("datetime64[D]"))
    own = replace(time, dates=time.dates[rows], x=time.x[rows])
    look = GAP_LOOK if name == "gap" else LINES_LOOK
    return Plot(own, ticks[0], ticks[-1], width, HEIGHTS[name], WIDTH, look)


def _rings(rows: pd.DataFrame, reading: Reading) -> pd.DataFrame:
    """A ring around each dot of fewer students than a point should hold."""
    points = reading.points
    sizes = points["fewest" if "fewest" in points else "denominator"].to_numpy(dtype=float)
    dots = rows[rows["kind"] == "dot"]
    small = dots[sizes[dots["point"].to_numpy(dtype=int)] < FEWEST_STUDENTS]
    return small.assign(kind="ring", size=small["size"] * RING)


def _told(rows: pd.DataFrame, one: Gap, side: str) -> pd.DataFrame:
    """Tooltips name the group; those of the gap say both groups' values. A number tells what its dot tells."""
    names = {"one": one.one_name, "other": one.other_name}
    name = names.get(side) or say("gaps.gap_title", **names)
    rows = rows.assign(t_group=rows["kind"].map({"dot": name})).reset_index(drop=True)
    numbers, lines = rows["kind"] == "number", list(TOOLTIP_LINES)
    told = rows[rows["kind"] == "dot"].set_index("x")[lines]
    rows.loc[numbers, lines] = told.reindex(rows.loc[numbers, "x"]).to_numpy()
    return rows


def _end_rows(one: Gap, axes: dict[str, list[float]]) -> pd.DataFrame:
    """Labels at the right end, moved apart where they would touch."""
    upper, lower = _labels(one)
    return pd.DataFrame([*_apart("lines", upper, axes["lines"]), *_apart("gap", lower, axes["gap"])])


def _labels(one: Gap) -> tuple[list[Label], list[Label]]:
    """Where each label belongs, whose it is, and its text: each group's middle line and the goal; the gap's."""
    upper: list[Label] = []
    lower: list[Label] = [(0.0, "goal", say("gaps.no_gap"))]
    for side, (name, reading) in zip(SHAPES, one.lines, strict=False):
        upper += [(at, side, _named(name, text)) for at, text in _middle_label(reading)]
    upper += [(at, "goal", say("chart.goal", value=goal_text(one.one))) for at in _goal_at(one)]
    lower += [(at, "gap", say("chart.middle", value=text)) for at, text in _middle_label(one.gap)]
    return upper, lower


def _middle_label(reading: Reading) -> list[tuple[float, str]]:
    phase = reading.newest_phase
    if phase is None or not middle_text(reading):
        return []
    return [(float(phase["median"]), _of_axis(phase["median"], reading.measure.unit))]


def _of_axis(value: float, unit: str) -> str:
    """The title of the gap's plot says its unit."""
    return bare_text(value, unit) if unit == "percentage points" else middle_value(value, unit)


def _named(name: str, value: str) -> str:
    """A long name is cut, never the value behind it."""
    font = LINES_LOOK.label_font
    return f"{cut(name, font, MOST_END_ROOM - KEY_ROOM - EDGE - text_width(f': {value}', font))}: {value}"


def _goal_at(one: Gap) -> list[float]:
    return [] if one.measure.goal is None else [one.measure.goal]


def _apart(panel: str, labels: list[Label], ticks: list[float]) -> list[dict[str, Any]]:
    height = HEIGHTS[panel]
    wanted = [height * (ticks[-1] - at) / (ticks[-1] - ticks[0]) for at, _, _ in labels]
    moved = apart(wanted, 1.25 * LINES_LOOK.label_font, 0.0, height)
    rows: list[dict[str, Any]] = []
    for (_, side, text), to in zip(labels, moved, strict=True):
        label = cut(text, LINES_LOOK.label_font, MOST_END_ROOM - KEY_ROOM - EDGE)
        at = ticks[-1] - (ticks[-1] - ticks[0]) * to / height
        rows.append({"kind": "end", "panel": panel, "side": side, "y": at, "label": label})
    return rows


@kept_by_language
def _template_text(theme: ThemeName) -> str:
    """The frame of the chart as JSON."""
    colors = THEMES[theme]
    panels = [_lines_panel(colors), _gap_panel(colors)]
    spec = alt.vconcat(*panels, spacing=8, bounds="flush").to_dict()
    for panel in spec["vconcat"]:
        panel.pop("data", None)
        for layer in panel["layer"]:
            layer.pop("data", None)
    axis = {"labelColor": colors.faint_text, "labelFontSize": LINES_LOOK.axis_font, "labelFont": FONT}
    config = {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "axis": axis | {"domain": False, "ticks": False, "minExtent": AXIS_ROOM},
        "title": {
            "color": colors.text,
            "fontSize": 13,
            "fontWeight": 600,
            "anchor": "start",
            "offset": 6,
        },
        "text": {"font": FONT},
        "mark": {"aria": False, "tooltip": None},
    }
    kept = {"vconcat": spec["vconcat"], "bounds": "flush", "spacing": 30}
    padding = {"left": 0, "top": 4, "right": 0, "bottom": 0}
    return json.dumps(kept | {"config": config, "autosize": {"type": "pad"}, "padding": padding})


def _lines_panel(colors: Theme) -> alt.LayerChart | alt.FacetChart:
    under = [_bands(colors, "lines"), _axes(colors, "lines"), _band_names(colors), _goal(colors)]
    lines = [_line(colors, side) for side in ("other", "one")]
    sides = ("other", "one")
    dots = [draw(colors, side) for side in sides for draw in (_ring, _dots, _numbers)]
    keys = [_keys(colors, side) for side in SHAPES]
    return _panel([*under, *lines, *dots, _crosses(colors, "lines"), *keys, _ends(colors, "lines")], "lines")


def _gap_panel(colors: Theme) -> alt.LayerChart | alt.FacetChart:
    zero = alt.Chart(alt.NamedData("rows")).transform_aggregate(n="count()").transform_calculate(zero="0")
    rule = zero.mark_rule(strokeDash=[1.5, 4], strokeWidth=1.5, color=colors.goal).encode(y="zero:Q")
    layers = [_bands(colors, "gap"), _axes(colors, "gap"), rule, _line(colors, "gap")]
    over = [_ring(colors, "gap"), _dots(colors, "gap"), _crosses(colors, "gap"), _numbers(colors, "gap")]
    return _panel([*layers, *over, _ends(colors, "gap")], "gap")


def _panel(layers: list[alt.Chart], name: str) -> alt.LayerChart | alt.FacetChart:
    panel = alt.layer(*layers).properties(width=WIDTH, height=HEIGHTS[name], title=alt.TitleParams(" "))
    return panel.resolve_scale(color="independent", fill="independent", stroke="independent", strokeDash="independent")


def _of(panel: str, kind: str, side: str = "") -> alt.Chart:
    of_side = f" && datum.side == '{side}'" if side else ""
    chosen = f"datum.panel == '{panel}' && datum.kind == '{kind}'{of_side}"
    return alt.Chart(alt.NamedData("rows")).transform_filter(chosen)


def _panel_of(side: str) -> str:
    return "gap" if side == "gap" else "lines"


X, X2, Y = alt.X("x:Q"), alt.X2("x2"), alt.Y("y:Q")


def _axes(colors: Theme, panel: str) -> alt.Chart:
    """Draws the middle lines and carries the axes. Labels are looked up by place, so none may be dropped."""
    along = alt.Axis(grid=False, title=None, minExtent=0, labelLineHeight=15, labels=False, labelOverlap=False)
    up = alt.Axis(grid=True, gridColor=colors.grid, title=None, labelPadding=6, labelOverlap=False)
    scale = alt.Scale(domain=[0, 1], nice=False, zero=False)
    return _middles(colors, panel).encode(x=alt.X("x:Q", scale=scale, axis=along), y=alt.Y("y:Q", scale=scale, axis=up))


def _bands(colors: Theme, panel: str) -> alt.Chart:
    band = _of(panel, "break").mark_rect(color=colors.band)
    return band.encode(x=X, x2=X2, y=alt.value(0), y2=alt.value(HEIGHTS[panel]))


def _band_names(colors: Theme) -> alt.Chart:
    """At the foot of the upper plot, or at its head where the points near it lie low."""
    text = _of("lines", "break name").mark_text(
        angle=270,
        baseline="middle",
        align=alt.ExprRef("datum.row ? 'right' : 'left'"),
        fontSize=LINES_LOOK.break_font,
        color=colors.faint_text,
    )
    foot = HEIGHTS["lines"] - 4
    return text.encode(x=X, y=alt.value(alt.ExprRef(f"datum.row ? 4 : {foot}")), text="label:N")


def _goal(colors: Theme) -> alt.Chart:
    return _of("lines", "goal").mark_rule(strokeDash=[1.5, 4], strokeWidth=1.5, color=colors.goal).encode(y=Y)


def _middles(colors: Theme, panel: str) -> alt.Chart:
    tones = {"middle": colors.middle, "earlier": colors.earlier}
    return (
        _of(panel, "middle")
        .mark_rule(strokeWidth=LINES_LOOK.middle_line)
        .encode(
            x=X,
            x2=X2,
            y=Y,
            color=alt.Color("tone:N", scale=_scale(tones), legend=None),
            strokeDash=alt.StrokeDash("dash:N", scale=_scale(DASHES), legend=None),
        )
    )


def _scale(meaning: dict[str, Any]) -> alt.Scale:
    return alt.Scale(domain=list(meaning), range=list(meaning.values()))


def _line(colors: Theme, side: str) -> alt.Chart:
    color = colors.line if side == "other" else colors.dot
    line = _of(_panel_of(side), "line", side).mark_line(strokeWidth=1.5, color=color, strokeJoin="round")
    return line.encode(x=X, y=Y, detail="segment:N", order="x:Q")


def _ring(colors: Theme, side: str) -> alt.Chart:
    ring = _of(_panel_of(side), "ring", side).mark_point(shape="circle", stroke=colors.dot, strokeWidth=1, opacity=1)
    return ring.encode(x=X, y=Y, size=alt.Size("size:Q", scale=None, legend=None))


def _dots(colors: Theme, side: str) -> alt.Chart:
    signals = {tone: getattr(colors, tone) for tone in ("toward", "away", "neither")}
    hollow = dict.fromkeys(("line", "excluded", "unfinished"), colors.background)
    usual = colors.line if side == "other" else colors.dot
    stroke = {"usual": usual} | dict.fromkeys(hollow, usual) | signals
    return (
        _of(_panel_of(side), "dot", side)
        .mark_point(shape=SHAPES.get(side, "circle"), opacity=1, strokeWidth=1.5)
        .encode(
            x=X,
            y=Y,
            size=alt.Size("size:Q", scale=None, legend=None),
            fill=alt.Fill("tone:N", scale=_scale({"usual": usual} | hollow | signals), legend=None),
            stroke=alt.Stroke("tone:N", scale=_scale(stroke), legend=None),
            tooltip=[alt.Tooltip("t_group:N")],
        )
    )


def _crosses(colors: Theme, panel: str) -> alt.Chart:
    mark = _of(panel, "cross").mark_point(shape=CROSS, strokeWidth=1.5, stroke=colors.dot, fill=None, opacity=1)
    return mark.encode(x=X, y=Y, size=alt.Size("size:Q", scale=None, legend=None))


def _numbers(colors: Theme, side: str) -> alt.Chart:
    look = GAP_LOOK if side == "gap" else LINES_LOOK
    numbers = _of(_panel_of(side), "number", side)
    text = numbers.mark_text(fontSize=look.number_font, fontWeight=700, baseline="middle", dy=0.5)
    meaning = {"toward": colors.on_toward, "away": colors.on_away, "neither": colors.on_neither}
    color = alt.Color("tone:N", scale=_scale(meaning), legend=None)
    return text.encode(x=X, y=Y, text="label:N", color=color, tooltip=[alt.Tooltip("t_group:N")])


def _keys(colors: Theme, side: str) -> alt.Chart:
    """The shape of a group's points beside its label."""
    color = colors.line if side == "other" else colors.dot
    key = _of("lines", "end", side).mark_point(
        shape=SHAPES[side], fill=color, stroke=color, opacity=1, size=50, xOffset=10
    )
    return key.encode(x=alt.value("width"), y=Y)


def _ends(colors: Theme, panel: str) -> alt.Chart:
    text = _of(panel, "end").mark_text(
        align="left", baseline="middle", dx=KEY_ROOM, fontSize=LINES_LOOK.label_font, fontWeight=600
    )
    meaning = {"one": colors.middle, "other": colors.middle, "gap": colors.middle, "goal": colors.text}
    return text.encode(
        x=alt.value("width"),
        y=Y,
        text="label:N",
        color=alt.Color("side:N", scale=_scale(meaning), legend=None),
    )
