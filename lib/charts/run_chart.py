"""The run chart: built once per theme and size with Altair, then only filled for each reading."""

import json
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from lib.analysis import STATES
from lib.charts.looks import FONT, SIZES, THEMES, Size, SizeName, Theme, ThemeName, text_width
from lib.charts.rows import TOOLTIP, Plot, middle_text, rows_of, tags_of
from lib.charts.school_time import axis_labels, calendar_time, school_time
from lib.charts.tags import Tag
from lib.charts.value_axis import tick_text, ticks
from lib.wording import Reading, alt_text, goal_text, rule_set_name, say
from lib.wording.sentences import question, sentence
from lib.wording.states import Mark, mark
from lib.wording.texts import kept_by_language
from lib.wording.values import period_label

ROOM_ABOVE = 14
"""Pixels between the plot and the tags above it; a dot at the top of the axis has its room there."""

TAG_WIDTH = "min(datum.w, (isValid(datum.x2) ? scale('x', datum.x2) - 6 : width + datum.dy) - scale('x', datum.x))"
"""Tags are planned for a page of the usual width; on a narrower one they are cut where the next one begins."""

ROOM_AT_END, EDGE = 10, 4
DASHES = {"solid": [1, 0], "dashed": [7, 4]}
IDEA_DASH = [4, 3]
CROSS = "M-.36,-.36L.36,.36M.36,-.36L-.36,.36"
DOT_TONES = ("usual", "line", "excluded", "unfinished", "toward", "away", "neither")


@dataclass(frozen=True)
class Chart:
    """A chart ready to be shown: `st.vega_lite_chart(chart.data, chart.spec, theme=None)`.

    `alt` is for those who can't see it. A click selects `pick` with the field `point`: the row position of the point
    in `Reading.points`. `title`, `sentence`, `footer` and `mark` are for pictures and slides; on a page they are text.
    """

    spec: dict[str, Any]
    data: pd.DataFrame
    alt: str
    title: str
    sentence: str
    footer: str
    mark: Mark | None
    theme: ThemeName
    size: SizeName


def run_chart(
    reading: Reading,
    theme: ThemeName = "light",
    size: SizeName = "page",
    zoomed: bool = False,
    by_calendar: bool = False,
) -> Chart:
    """The chart of a reading.

    Zoomed, the axis of values holds only what is drawn, and says so. By calendar, breaks are as wide as they are long;
    else a break is a narrow band and each period takes the same room.
    """
    look = SIZES[size]
    found = ticks(reading, zoomed)
    plot, tags = _plan(reading, found, look, by_calendar)
    spec = _template(theme, size)
    _fill(spec, reading, plot, found, zoomed)
    data = rows_of(reading, plot, tags)
    spec["layer"][DOTS]["encoding"]["tooltip"] = _tooltip(data)
    words = (alt_text(reading), question(reading), sentence(reading), _footer(reading), _mark(reading))
    return Chart(spec, data, *words, theme, size)


def _plan(reading: Reading, found: list[float], size: Size, by_calendar: bool) -> tuple[Plot, list[Tag]]:
    """How the pixels are shared out: axis at the left, labels at the right, tags above."""
    axis = max(text_width(text, size.axis_font) for text in _tick_texts(reading, found)) + 12
    end = _room_at_end(reading, size)
    width = size.width - axis - end
    empty = reading.points["value"].isna().to_numpy()
    place = calendar_time if by_calendar else school_time
    time = place(reading.points["date"], empty, reading.breaks, reading.period, width, size)
    tags = tags_of(reading, time, width, width + end, size)
    below = 2.6 * size.axis_font + 8
    height = size.height - _room_above(tags, size) - below
    return Plot(time, found[0], found[-1], width, height, width + end, size), tags


def _room_at_end(reading: Reading, size: Size) -> float:
    goal = goal_text(reading)
    texts = [middle_text(reading), say("chart.goal", value=goal) if goal else ""]
    return max(text_width(text, size.label_font) for text in texts) + 2 * ROOM_AT_END


def _room_above(tags: list[Tag], size: Size) -> float:
    rows = max((tag.row + 1 for tag in tags), default=0)
    return ROOM_ABOVE + rows * size.tag_height


def _tick_texts(reading: Reading, found: list[float]) -> list[str]:
    step = found[1] - found[0]
    return [tick_text(tick, reading.measure.unit, step) for tick in found]


def _fill(spec: dict[str, Any], reading: Reading, plot: Plot, found: list[float], zoomed: bool) -> None:
    """Puts into a fresh template what depends on the reading: domains, labels, room."""
    labels = axis_labels(plot.time, reading.period, plot.size)
    scales = spec["layer"][DOTS]["encoding"]
    scales["x"]["scale"]["domain"] = [plot.time.low, plot.time.high]
    scales["x"]["axis"] |= {"values": [at for at, _ in labels], "labelExpr": lookup([lines for _, lines in labels])}
    scales["x"]["axis"]["title"] = say("chart.aggregated", how=reading.aggregated) if reading.aggregated else None
    scales["y"]["scale"]["domain"] = [plot.low, plot.high]
    scales["y"]["axis"] |= {"values": found, "labelExpr": lookup(_tick_texts(reading, found))}
    scales["y"]["axis"]["title"] = say("chart.zoomed") if zoomed else None


def lookup(labels: list[Any]) -> str:
    """A Vega expression that gives the label of the tick with this index; the labels are our own dates and numbers."""
    count = max(len(labels) - 1, 1)
    return f"{json.dumps(labels)}[round(datum.index * {count})]"


def _tooltip(data: pd.DataFrame) -> list[dict[str, str]]:
    """Only lines that some point has; titles are fixed."""
    shown = [name for name in TOOLTIP if data[name].notna().any()]
    return [{"field": name, "type": "nominal", "title": say(TOOLTIP[name])} for name in shown]


def _footer(reading: Reading) -> str:
    dates = reading.points.loc[reading.points["value"].notna(), "date"]
    last = period_label(dates.iloc[-1].date(), reading.period, year=True) if len(dates) else "–"
    read = reading.newest_phase is not None and reading.newest_phase["state"] != STATES[0]
    key, rules = "footer" if read else "footer_none", rule_set_name(reading.rules)
    said = say(f"chart.{key}", rules=rules, measure=reading.measure.label, last=last)
    return f"{said} · {say('chart.aggregated', how=reading.aggregated)}" if reading.aggregated else said


def _mark(reading: Reading) -> Mark | None:
    phase = reading.newest_phase
    if phase is None:
        return None
    return mark(str(phase["state"]), str(phase["direction"]), reading.measure, phase["median"])


def _template(theme: ThemeName, size: SizeName) -> dict[str, Any]:
    """A fresh copy of the chart's frame."""
    spec: dict[str, Any] = json.loads(_template_text(theme, size))
    return spec


@kept_by_language
def _template_text(theme: ThemeName, size: SizeName) -> str:
    colors, look = THEMES[theme], SIZES[size]
    layers = _layers(colors, look)
    chart = alt.layer(*layers).properties(width=look.width, height=look.height)
    chart = chart.resolve_scale(color="independent", fill="independent", stroke="independent", strokeDash="independent")
    spec = chart.to_dict()
    layout = {"autosize": {"type": "fit", "contains": "padding"}, "config": _config(colors, look)}
    padding = dict.fromkeys(("left", "top", "right", "bottom"), EDGE)
    kept = {name: spec[name] for name in ("layer", "params", "resolve", "width", "height")}
    for one in kept["layer"]:
        del one["data"]
    kept["layer"][DOTS]["name"] = kept["params"][0]["views"][0] = "dots"
    return json.dumps(kept | layout | {"padding": padding})


def _config(colors: Theme, size: Size) -> dict[str, Any]:
    axis = {"labelColor": colors.faint_text, "labelFontSize": size.axis_font, "domain": False, "ticks": False}
    return {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "axis": axis
        | {"titleColor": colors.faint_text, "titleFontSize": size.axis_font, "labelFont": FONT, "titleFont": FONT},
        "text": {"font": FONT},
        "mark": {"aria": False},
    }


def _layers(colors: Theme, size: Size) -> list[alt.Chart]:
    under = [_goal_bands(colors), _break_bands(colors), _break_names(colors, size)]
    lines = [_goals(colors, size), _middles(colors, size), _idea_lines(colors, size), _data_line(colors, size)]
    over = [_dots(colors, size), _crosses(colors), _numbers(colors, size)]
    above = [_tag_boxes(colors, size), _tag_texts(colors, size), _end_labels(colors, size)]
    marks = [_start_lines(colors), _start_names(colors, size), _note_flags(colors), _note_numbers(colors, size)]
    marks.append(_faint_lines(colors, size))
    return [*under, *lines, *over, *above, *marks]


DOTS = 7
"""The place of the dots among the layers: they carry the axes, the tooltip and the click."""


def _layer(kind: str) -> alt.Chart:
    return alt.Chart(alt.NamedData("points")).transform_filter(f"datum.kind == '{kind}'")


X, X2, Y, Y2 = alt.X("x:Q"), alt.X2("x2"), alt.Y("y:Q"), alt.Y2("y2")


def _break_bands(colors: Theme) -> alt.Chart:
    return _layer("break").mark_rect(color=colors.band).encode(x=X, x2=X2, y=alt.value(0), y2=alt.value("height"))


def _goal_bands(colors: Theme) -> alt.Chart:
    band = _layer("goal band").mark_rect(color=colors.goal_band)
    return band.encode(x=alt.value(0), x2=alt.value("width"), y=Y, y2=Y2)


def _break_names(colors: Theme, size: Size) -> alt.Chart:
    """Upright inside the band: at its foot, or at its head where the points near it lie low."""
    text = _layer("break name").mark_text(
        angle=270,
        baseline="middle",
        align=alt.ExprRef("datum.row ? 'right' : 'left'"),
        fontSize=size.break_font,
        color=colors.faint_text,
    )
    return text.encode(x=X, y=alt.value(alt.ExprRef("datum.row ? 6 : height - 6")), text="label:N")


def _goals(colors: Theme, size: Size) -> alt.Chart:
    width = 0.75 * size.middle_line
    rule = _layer("goal").mark_rule(strokeDash=[width, 2.5 * width], strokeWidth=width, color=colors.goal)
    return rule.encode(y=Y)


def _middles(colors: Theme, size: Size) -> alt.Chart:
    return (
        _layer("middle")
        .mark_rule(strokeWidth=size.middle_line)
        .encode(
            x=X,
            x2=X2,
            y=Y,
            color=_by_tone({"middle": colors.middle, "earlier": colors.earlier}),
            strokeDash=alt.StrokeDash("dash:N", scale=_scale(DASHES), legend=None),
        )
    )


def _scale(meaning: dict[str, Any]) -> alt.Scale:
    return alt.Scale(domain=list(meaning), range=list(meaning.values()))


def _by_tone(meaning: dict[str, str]) -> alt.Color:
    return alt.Color("tone:N", scale=_scale(meaning), legend=None)


def _idea_lines(colors: Theme, size: Size) -> alt.Chart:
    rule = _layer("idea").mark_rule(strokeDash=IDEA_DASH, strokeWidth=0.75 * size.middle_line, color=colors.idea)
    top = alt.ExprRef(f"-{ROOM_ABOVE - 2} - datum.row * {size.tag_height}")
    return rule.encode(x=X, y=alt.value(top), y2=alt.value("height"))


def _tag_boxes(colors: Theme, size: Size) -> alt.Chart:
    """A box of `w` pixels to the right of the idea's line."""
    end = alt.ExprRef(f"scale('x', datum.x) + {TAG_WIDTH}")
    top, bottom = _tag_place(size, size.tag_height - 3), _tag_place(size, 0)
    box = _layer("tag").mark_rect(color=colors.tag, cornerRadius=2)
    return box.encode(x=X, x2=alt.value(end), y=alt.value(top), y2=alt.value(bottom))


def _tag_place(size: Size, above: float) -> alt.ExprRef:
    return alt.ExprRef(f"-{ROOM_ABOVE - 2 + above} - datum.row * {size.tag_height}")


def _tag_texts(colors: Theme, size: Size) -> alt.Chart:
    text = _layer("tag").mark_text(
        align="left",
        baseline="middle",
        dx=8,
        fontSize=size.tag_font,
        fontWeight=600,
        color=colors.idea_text,
        limit=alt.ExprRef(f"{TAG_WIDTH} - 12"),
    )
    return text.encode(x=X, y=alt.value(_tag_place(size, (size.tag_height - 3) / 2)), text="label:N")


def _data_line(colors: Theme, size: Size) -> alt.Chart:
    line = _layer("line").mark_line(strokeWidth=size.data_line, color=colors.line, strokeJoin="round")
    return line.encode(x=X, y=Y, detail="segment:N", order="x:Q")


def _faint_lines(colors: Theme, size: Size) -> alt.Chart:
    line = _layer("faint").mark_line(strokeWidth=size.data_line, color=colors.earlier, strokeDash=DASHES["dashed"])
    return line.encode(x=X, y=Y, detail=["label:N", "segment:N"], order="x:Q")


def _dots(colors: Theme, size: Size) -> alt.Chart:
    filled = {tone: getattr(colors, tone) for tone in ("toward", "away", "neither")}
    hollow = dict.fromkeys(("line", "excluded", "unfinished"), colors.background)
    fill = {"usual": colors.dot} | hollow | filled
    stroke = {"usual": colors.dot} | dict.fromkeys(hollow, colors.dot) | filled
    return (
        _layer("dot")
        .mark_point(shape="circle", aria=True, opacity=1, strokeWidth=size.data_line, cursor="pointer")
        .encode(
            x=alt.X("x:Q", scale=alt.Scale(nice=False, zero=False), axis=_time_axis(size)),
            y=alt.Y("y:Q", scale=alt.Scale(nice=False, zero=False), axis=_value_axis(colors, size)),
            size=alt.Size("size:Q", scale=None, legend=None),
            fill=alt.Fill("tone:N", scale=_scale(fill), legend=None),
            stroke=alt.Stroke("tone:N", scale=_scale(stroke), legend=None),
            description="said:N",
        )
        .add_params(alt.selection_point(name="pick", fields=["point"], on="click", clear="dblclick"))
    )


def _time_axis(size: Size) -> alt.Axis:
    return alt.Axis(
        title=None,
        titleAnchor="start",
        titlePadding=6,
        titleFontWeight=400,
        grid=False,
        labelPadding=0.6 * size.axis_font,
        labelOverlap="greedy",
        labelLineHeight=1.25 * size.axis_font,
    )


def _value_axis(colors: Theme, size: Size) -> alt.Axis:
    return alt.Axis(
        title=None,
        titleAngle=0,
        titleAlign="right",
        titleAnchor="end",
        titleX=-8,
        titleY=-size.axis_font - 2,
        grid=True,
        gridColor=colors.grid,
        labelPadding=8,
    )


def _crosses(colors: Theme) -> alt.Chart:
    mark = _layer("cross").mark_point(shape=CROSS, strokeWidth=1.5, stroke=colors.dot, fill=None, opacity=1)
    return mark.encode(x=X, y=Y, size=alt.Size("size:Q", scale=None, legend=None))


def _numbers(colors: Theme, size: Size) -> alt.Chart:
    text = _layer("number").mark_text(fontSize=size.number_font, fontWeight=700, baseline="middle", dy=0.5)
    meaning = {"toward": colors.on_toward, "away": colors.on_away, "neither": colors.on_neither}
    return text.encode(x=X, y=Y, text="label:N", color=_by_tone(meaning))


def _start_lines(colors: Theme) -> alt.Chart:
    rule = _layer("start").mark_rule(strokeWidth=1, color=colors.earlier)
    return rule.encode(x=X, y=alt.value(0), y2=alt.value("height"))


def _start_names(colors: Theme, size: Size) -> alt.Chart:
    text = _layer("start").mark_text(
        angle=270,
        baseline="top",
        align=alt.ExprRef("datum.row ? 'right' : 'left'"),
        dy=3,
        fontSize=size.break_font,
        fontWeight=600,
        color=colors.faint_text,
    )
    return text.encode(x=X, y=alt.value(alt.ExprRef("datum.row ? 6 : height - 6")), text="label:N")


def _note_flags(colors: Theme) -> alt.Chart:
    """A square, as no point is one; hovering says who wrote what."""
    flag = _layer("note").mark_point(
        shape="square", fill=colors.tag, stroke=colors.idea, strokeWidth=1.5, opacity=1, aria=True
    )
    lines = [alt.Tooltip("t_when:N", title=say("tooltip.when")), alt.Tooltip("t_note:N", title=say("tooltip.note"))]
    return flag.encode(x=X, y=Y, size=alt.Size("size:Q", scale=None, legend=None), tooltip=lines, description="said:N")


def _note_numbers(colors: Theme, size: Size) -> alt.Chart:
    text = _layer("note").mark_text(fontSize=size.number_font, fontWeight=700, color=colors.idea_text, dy=0.5)
    return text.encode(x=X, y=Y, text="label:N")


def _end_labels(colors: Theme, size: Size) -> alt.Chart:
    text = _layer("end").mark_text(
        align="left",
        baseline="middle",
        dx=8,
        dy=alt.ExprRef("datum.dy"),
        fontSize=size.label_font,
        fontWeight=600,
    )
    meaning = {"middle": colors.middle, "goal": colors.text}
    return text.encode(x=alt.value("width"), y=Y, text="label:N", color=_by_tone(meaning))
