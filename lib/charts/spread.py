"""How far a change idea has spread: schools by stage, a measure on the same dates, and each school's stages.

Every stage has a mark and a word beside its color, and a lightness of its own, so that it is told apart in grey too.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from lib.analysis.spreading import DAY, WEEK, Spread
from lib.charts.looks import FONT, THEMES, Drawn, Theme, ThemeName, cut, text_width
from lib.charts.rows import middle_text
from lib.charts.run_chart import lookup
from lib.charts.tags import apart
from lib.charts.value_axis import nice_ticks, tick_text, ticks_of
from lib.improvement import STAGES
from lib.wording import Reading, day, middle_value, period_label, say
from lib.wording.spread import in_stage, stage_mark, stage_name
from lib.wording.texts import entry, kept_by_language, number

WIDTH, NAME_ROOM, END_ROOM = 984, 150, 130
PLOT_WIDTH = WIDTH - NAME_ROOM - END_ROOM
COUNTS_HEIGHT, OUTCOME_HEIGHT = 76, 76
BAR_HEIGHT, LEAST_BAR, MOST_ROOM = 19, 5, 180
"""Pixels of a school's bar: fewer where there are many schools, so that about MOST_ROOM is enough, never too few."""

FONT_SIZE, NAMED_FROM = 12, 12
"""Bars of fewer pixels than NAMED_FROM have no name beside them and no word in them; hovering tells both."""

BEFORE = 8 * WEEK
"""So much is shown before the first school's first stage."""

MONTH_ROOM = 58
STACKED = ("adopted", "adapting", "testing", "planned", "abandoned")
"""From the foot up."""


@dataclass(frozen=True)
class StageLook:
    fill: str
    edge: str
    text: str


LOOKS: dict[ThemeName, dict[str, StageLook]] = {
    "light": {
        "planned": StageLook("#ffffff", "#8549a0", "#1f2933"),
        "testing": StageLook("#eadcf0", "#8549a0", "#1f2933"),
        "adapting": StageLook("#c49bd3", "#8549a0", "#1f2933"),
        "adopted": StageLook("#75398f", "#75398f", "#ffffff"),
        "abandoned": StageLook("#e6eaee", "#7d8894", "#1f2933"),
    },
    "dark": {
        "planned": StageLook("#14191f", "#b98acb", "#e8edf2"),
        "testing": StageLook("#3a2a45", "#b98acb", "#e8edf2"),
        "adapting": StageLook("#6f4a82", "#b98acb", "#ffffff"),
        "adopted": StageLook("#d9b8e6", "#d9b8e6", "#14100c"),
        "abandoned": StageLook("#29313b", "#7d8894", "#e8edf2"),
    },
}
"""The purple of change ideas, the farther the stronger; grey where the idea was abandoned."""

TOOLTIP = {"t_place": "side.tooltip_place", "t_stage": "spread.stage", "t_from": "spread.from", "t_to": "spread.to"}
AXES = 0
"""The place of the layer that carries a panel's axes."""


@dataclass(frozen=True)
class _Time:
    """Days since the first day that is shown."""

    first: pd.Timestamp
    until: pd.Timestamp

    @property
    def days(self) -> int:
        return int((self.until - self.first) // DAY)

    def place(self, when: pd.Timestamp) -> float:
        return float((when - self.first) / DAY)

    def pixels(self, days: float) -> float:
        return days * PLOT_WIDTH / max(self.days, 1)


def spread_chart(
    found: Spread,
    names: dict[int, str],
    outcome: Reading,
    outcome_title: str,
    zoomed: bool = False,
    theme: ThemeName = "light",
) -> Drawn:
    """The chart; `names` of schools by id, in the order in which they are listed. `found` has at least one stretch."""
    time = _Time(found.stretches["first"].min() - BEFORE, found.until)
    schools = [school for school in names if school in set(found.stretches["school"])]
    height = max(min(BAR_HEIGHT, MOST_ROOM // len(schools)), LEAST_BAR)
    counts, values = _count_ticks(found), _value_ticks(outcome, time, zoomed)
    spec: dict[str, Any] = json.loads(_template_text(theme))
    beside = f"{outcome_title}, {say('chart.zoomed')}" if zoomed else outcome_title
    titles = (say("spread.counts"), beside, say("spread.each_of"))
    for panel, text in zip(spec["vconcat"], titles, strict=True):
        panel["title"]["text"] = cut(text, 13, WIDTH - NAME_ROOM)
        panel["layer"][AXES]["encoding"]["x"]["scale"]["domain"] = [0, time.days]
    _fill_up(spec["vconcat"][0], counts, [number(tick) for tick in counts])
    step = values[1] - values[0]
    _fill_up(spec["vconcat"][1], values, [tick_text(tick, outcome.measure.unit, step) for tick in values])
    _fill_schools(spec["vconcat"][2], len(schools), height, time)
    rows = [
        *_count_rows(found, time, counts),
        *_outcome_rows(outcome, time),
        *_bars(found, names, schools, height, time),
    ]
    return Drawn(spec, pd.DataFrame(rows))


def _count_ticks(found: Spread) -> list[float]:
    most = int(found.counts[list(STAGES)].sum(axis=1).max())
    return [tick for tick in nice_ticks(0, most) if tick == int(tick)]


def _value_ticks(outcome: Reading, time: _Time, zoomed: bool) -> list[float]:
    points = outcome.points[outcome.points["date"] >= time.first]
    held = [float(value) for value in [*points["value"], *points["median"]] if value == value]
    return ticks_of(held, outcome.measure.unit, zoomed)


def _fill_up(panel: dict[str, Any], ticks: list[float], labels: list[str]) -> None:
    scales = panel["layer"][AXES]["encoding"]
    scales["y"]["scale"]["domain"] = [ticks[0], ticks[-1]]
    scales["y"]["axis"] |= {"values": ticks, "tickCount": len(ticks), "labelExpr": lookup(labels)}


def _fill_schools(panel: dict[str, Any], n_schools: int, height: float, time: _Time) -> None:
    """The axis of the schools has no labels: their names are text from the data, and are drawn as such."""
    panel["height"] = height * n_schools
    scales = panel["layer"][AXES]["encoding"]
    scales["y"]["scale"]["domain"] = [n_schools, 0]
    months = _months(time)
    names = [
        period_label(when, "month") if first else str(entry("date.months")[when.month - 1]) for when, first in months
    ]
    at = [time.place(pd.Timestamp(when)) for when, _ in months]
    scales["x"]["axis"] |= {"values": at, "labelExpr": lookup(names), "labels": True}


def _months(time: _Time) -> list[tuple[date, bool]]:
    """The first days of months with room for their names, and whether the year is told there: at the first of each."""
    every = pd.date_range(time.first, time.until, freq="MS", normalize=True)
    step = next(step for step in (1, 2, 3, 6, 12, 24, 60) if time.pixels(30 * step) >= MONTH_ROOM)
    shown = [when for when in every if (when.month - 1) % step == 0 and when.year % max(step // 12, 1) == 0]
    years = [when.year for when in shown]
    return [(when.date(), place == 0 or when.year != years[place - 1]) for place, when in enumerate(shown)]


def _count_rows(found: Spread, time: _Time, ticks: list[float]) -> list[dict[str, Any]]:
    """A band per stage, one upon the other, and at the right end how many schools are in it now."""
    rows: list[dict[str, Any]] = []
    below = found.counts[list(STAGES)].mul(0).sum(axis=1)
    ends: list[tuple[float, str]] = []
    for stage in STACKED:
        above = below + found.counts[stage]
        places = zip(found.counts["day"], below, above, strict=True)
        rows += [
            {"kind": "count", "stage": stage, "x": time.place(when), "y": float(low), "y2": float(high)}
            for when, low, high in places
        ]
        if found.now[stage]:
            ends.append(((float(below.iloc[-1]) + float(above.iloc[-1])) / 2, stage))
        below = above
    return rows + _end_rows(found, ends, ticks[-1])


def _end_rows(found: Spread, ends: list[tuple[float, str]], top: float) -> list[dict[str, Any]]:
    wanted = [COUNTS_HEIGHT * (1 - at / top) for at, _ in ends]
    moved = apart(wanted, 1.2 * FONT_SIZE, 0.0, COUNTS_HEIGHT)
    return [
        {
            "kind": "end",
            "y": top * (1 - to / COUNTS_HEIGHT),
            "label": f"{stage_mark(stage)} {in_stage(stage, found.now[stage])}",
        }
        for (_, stage), to in zip(ends, moved, strict=True)
    ]


def _outcome_rows(outcome: Reading, time: _Time) -> list[dict[str, Any]]:
    """The measure's line, broken at gaps and breaks."""
    points = outcome.points[(outcome.points["date"] >= time.first) & (outcome.points["date"] <= time.until)]
    new = points["value"].isna().to_numpy(copy=True)
    days = points["date"].to_numpy().astype("datetime64[D]")
    after_breaks = np.searchsorted(days, np.array([gap.first for gap in outcome.breaks], dtype="datetime64[D]"))
    new[after_breaks[after_breaks < len(new)]] = True
    known = points.assign(segment=new.cumsum()).dropna(subset="value")
    line = [_point(point, outcome, time) for point in known.to_dict("records")]
    return [*line, *_middle_rows(outcome, points, time)]


def _point(point: dict[Any, Any], outcome: Reading, time: _Time) -> dict[str, Any]:
    return {
        "kind": "line",
        "x": time.place(point["date"]),
        "y": float(point["value"]),
        "segment": int(point["segment"]),
        "t_from": period_label(point["date"].date(), outcome.period, year=True),
        "t_value": middle_value(point["value"], outcome.measure.unit),
    }


def _middle_rows(outcome: Reading, points: pd.DataFrame, time: _Time) -> list[dict[str, Any]]:
    """The middle line of each phase, and the newest one's label; none where no rule is read."""
    known = points.dropna(subset="median")
    if known.empty or not (label := middle_text(outcome)):
        return []
    ends = known.groupby("phase").agg(first=("date", "min"), last=("date", "max"), y=("median", "first"))
    middles = [
        {"kind": "middle", "x": time.place(one["first"]), "x2": time.place(one["last"]), "y": float(one["y"])}
        for one in ends.to_dict("records")
    ]
    return [*middles, {"kind": "middle end", "y": middles[-1]["y"], "label": label}]


def _bars(found: Spread, names: dict[int, str], schools: list[int], height: float, time: _Time) -> list[dict[str, Any]]:
    """A bar for each stretch, one line per school, with the stage's word where there is room for it."""
    line = {school: place for place, school in enumerate(schools)}
    shown = found.stretches[found.stretches["school"].isin(schools)].to_dict("records")
    bars = [_bar(one, line[one["school"]], names[one["school"]], height, time) for one in shown]
    return [*bars, *(_name(names[school], place) for school, place in line.items() if height >= NAMED_FROM)]


def _name(name: str, line: int) -> dict[str, Any]:
    return {"kind": "name", "middle": line + 0.5, "label": cut(name, FONT_SIZE, NAME_ROOM - 12)}


def _bar(one: dict[Any, Any], line: int, name: str, height: float, time: _Time) -> dict[str, Any]:
    goes_on = pd.isna(one["last"])
    first, last = time.place(one["first"]), time.place(time.until if goes_on else one["last"] + DAY)
    stage = one["stage"]
    return {
        "kind": "bar",
        "stage": stage,
        "x": first,
        "x2": max(last, first + 1),
        "y": line + 0.12,
        "y2": line + 0.88,
        "middle": line + 0.5,
        "label": _bar_label(stage, time.pixels(last - first)) if height >= NAMED_FROM else "",
        "t_place": name,
        "t_stage": stage_name(stage),
        "t_from": day(one["first"].date(), year=True),
        "t_to": "–" if goes_on else day(one["last"].date(), year=True),
    }


def _bar_label(stage: str, room: float) -> str:
    said = f"{stage_mark(stage)} {stage_name(stage)}"
    if text_width(said, FONT_SIZE) + 8 <= room:
        return said
    return stage_mark(stage) if text_width(stage_mark(stage), FONT_SIZE) + 4 <= room else ""


@kept_by_language
def _template_text(theme: ThemeName) -> str:
    """The frame of the chart as JSON."""
    colors = THEMES[theme]
    panels = [_counts_panel(colors, theme), _outcome_panel(colors), _schools_panel(colors, theme)]
    spec = alt.vconcat(*panels).to_dict()
    for panel in spec["vconcat"]:
        panel.pop("data", None)
        for layer in panel["layer"]:
            layer.pop("data", None)
    axis = {"labelColor": colors.faint_text, "labelFontSize": FONT_SIZE, "labelFont": FONT, "labelOverlap": False}
    config = {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "axis": axis | {"domain": False, "ticks": False, "title": None},
        "axisY": {"minExtent": NAME_ROOM, "labelLimit": NAME_ROOM, "labelPadding": 6},
        "title": {
            "color": colors.text,
            "fontSize": 13,
            "fontWeight": 600,
            "anchor": "start",
            "offset": 6,
            "font": FONT,
        },
        "text": {"font": FONT},
        "mark": {"aria": False},
    }
    kept = {"vconcat": spec["vconcat"], "bounds": "flush", "spacing": 36}
    return json.dumps(kept | {"config": config, "autosize": {"type": "pad"}})


def _of(kind: str) -> alt.Chart:
    return alt.Chart(alt.NamedData("rows")).transform_filter(f"datum.kind == '{kind}'")


def _axes(colors: Theme, values: bool = True) -> dict[str, Any]:
    """Labels are looked up by their place, so none may be dropped."""
    along = alt.Axis(grid=False, labels=False, labelPadding=6)
    up = alt.Axis(grid=values, labels=values, gridColor=colors.grid)
    scale = alt.Scale(domain=[0, 1], nice=False, zero=False)
    return {"x": alt.X("x:Q", scale=scale, axis=along), "y": alt.Y("y:Q", scale=scale, axis=up)}


def _by_stage(theme: ThemeName, of: str) -> alt.Scale:
    return alt.Scale(domain=list(STAGES), range=[getattr(LOOKS[theme][stage], of) for stage in STAGES])


def _stage_colors(theme: ThemeName) -> dict[str, Any]:
    return {
        "fill": alt.Fill("stage:N", scale=_by_stage(theme, "fill"), legend=None),
        "stroke": alt.Stroke("stage:N", scale=_by_stage(theme, "edge"), legend=None),
    }


def _panel(layers: list[alt.Chart], height: int) -> alt.LayerChart | alt.FacetChart:
    panel = alt.layer(*layers).properties(width=PLOT_WIDTH, height=height, title=alt.TitleParams(" "))
    return panel.resolve_scale(fill="independent", stroke="independent", color="independent")


def _counts_panel(colors: Theme, theme: ThemeName) -> alt.LayerChart | alt.FacetChart:
    bands = _of("count").mark_area(interpolate="step-before", strokeWidth=1, line=False)
    drawn = bands.encode(**_axes(colors), y2="y2:Q", detail="stage:N", **_stage_colors(theme))
    return _panel([drawn, _ends(colors, "end")], COUNTS_HEIGHT)


def _ends(colors: Theme, kind: str) -> alt.Chart:
    text = _of(kind).mark_text(align="left", baseline="middle", dx=8, fontSize=FONT_SIZE, fontWeight=600)
    return text.encode(x=alt.value(PLOT_WIDTH), y="y:Q", text="label:N", color=alt.value(colors.text))


def _outcome_panel(colors: Theme) -> alt.LayerChart | alt.FacetChart:
    hover = [
        alt.Tooltip("t_from:N", title=say("tooltip.when")),
        alt.Tooltip("t_value:N", title=say("tooltip.value")),
    ]
    line = _of("line").mark_line(color=colors.line, strokeWidth=1.5, point={"color": colors.dot, "size": 14})
    drawn = line.encode(**_axes(colors), detail="segment:N", order="x:Q", tooltip=hover)
    middle = _of("middle").mark_rule(color=colors.middle, strokeWidth=2).encode(x="x:Q", x2="x2:Q", y="y:Q")
    return _panel([drawn, middle, _ends(colors, "middle end")], OUTCOME_HEIGHT)


def _schools_panel(colors: Theme, theme: ThemeName) -> alt.LayerChart | alt.FacetChart:
    hover = [alt.Tooltip(f"{name}:N", title=say(key)) for name, key in TOOLTIP.items()]
    bars = _of("bar").mark_rect(strokeWidth=1, cornerRadius=2)
    drawn = bars.encode(**_axes(colors, values=False), x2="x2:Q", y2="y2:Q", tooltip=hover, **_stage_colors(theme))
    words = _of("bar").mark_text(align="left", baseline="middle", dx=4, fontSize=FONT_SIZE)
    said = words.encode(
        x="x:Q",
        y="middle:Q",
        text="label:N",
        color=alt.Color("stage:N", scale=_by_stage(theme, "text"), legend=None),
    )
    names = _of("name").mark_text(align="right", baseline="middle", dx=-6, fontSize=FONT_SIZE)
    named = names.encode(x=alt.value(0), y="middle:Q", text="label:N", color=alt.value(colors.faint_text))
    return _panel([drawn, said, named], BAR_HEIGHT)
