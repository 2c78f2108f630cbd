"""Small multiples as one interactive chart: one flat table, panels laid out by their own places.

The chart stretches with the page: across, a panel is one unit wide; down, places are pixels. A facet does not stretch,
and draws slower.
"""

import json
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.charts.looks import FONT, THEMES, Drawn, Theme, ThemeName
from lib.charts.panels import Panels, longest_gap, pieces
from lib.charts.school_time import LONGEST_DAYS
from lib.charts.value_axis import tick_text
from lib.wording import period_label, say, value_text
from lib.wording.states import Shape
from lib.wording.texts import counted, kept_by_language, number

MOST_PANELS = 30
"""More are drawn as thumbnails. Source: measured, an interactive chart of 200 panels takes seconds to paint."""

WIDTH = 984
"""Pixels of the chart on a page of the usual width; on others it stretches."""

HEIGHTS = {1: 330, 2: 220, 3: 165, 4: 124, 5: 102}
"""Height of a row of panels, by the number of rows: all rows fit on a screen of 720 lines."""

COLUMNS = {4: 4, 8: 4, 15: 5, MOST_PANELS: 6}
"""Panels in a row, by how many there are at most."""

NAME_HEIGHT, FOOT, TIME_HEIGHT = 24, 10, 20
AXIS_ROOM, END_ROOM, SIDE = 44, 50, 8
"""Pixels: for the axis of values at the left, for the newest value at the right, and inside each panel."""

FONT_SIZE, NAME_SIZE = 12, 13
NARROW = 160
"""A line of fewer pixels has its ends named by month and year; both days would lie on each other."""

LARGEST_DOT, SMALLEST_DOT = 36.0, 6.0
"""Area of a signal's dot in square pixels; the denser the points, the smaller."""

MARK_PATHS: dict[Shape, str] = {
    "triangle up": "M0,-.75L.9,.75L-.9,.75Z",
    "triangle down": "M0,.75L.9,-.75L-.9,-.75Z",
    "dash": "M-.7,0L.7,0",
    "dots": "M-.8,0L-.78,0M0,0L.02,0M.8,0L.82,0",
    "wave": "M-.9,0C-.6,-.8,-.3,-.8,0,0S.6,.8,.9,0",
    "square": "M-.7,-.7L.7,-.7L.7,.7L-.7,.7Z",
    "equals": "M-.7,-.3L.7,-.3M-.7,.3L.7,.3",
}
"""The shapes of `thumbnails.SHAPES` around 0, as Vega reads them."""

TONES = ("toward", "away", "neither")
TOOLTIP = {
    "t_place": "side.tooltip_place",
    "t_when": "tooltip.when",
    "t_value": "tooltip.value",
    "t_counts": "tooltip.counts",
    "t_middle": "side.tooltip_middle",
    "t_pooled": "side.tooltip_pooled",
}
TEXTS = ("kind", "label", "tone", "shape", "fill", "said", *TOOLTIP)
FIELDS = (*TEXTS, "panel", "x", "x2", "y", "y2", "piece", "mine", "right", "thick", "size")


@dataclass(frozen=True)
class Layout:
    """Where panels lie. Across in panels, down in pixels from the top; `left` and `right` bound the line in a panel."""

    columns: int
    rows: int
    height: int
    left: float
    right: float
    axis_room: float

    @property
    def whole_height(self) -> int:
        return self.rows * self.height + TIME_HEIGHT


def layout(n: int, one_scale: bool = True) -> Layout:
    """The layout of n panels. Panels with one scale share the axis at the left of a row.

    >>> [(layout(n).columns, layout(n).rows) for n in (1, 3, 7, 12, 30)]
    [(1, 1), (3, 1), (4, 2), (5, 3), (6, 5)]
    """
    columns = min(n, next(wide for most, wide in COLUMNS.items() if n <= most))
    rows = -(-n // columns)
    panel = (WIDTH - (AXIS_ROOM if one_scale else 0)) / columns
    left = SIDE if one_scale else AXIS_ROOM
    return Layout(
        columns, rows, HEIGHTS[rows], left / panel, 1 - END_ROOM / panel, AXIS_ROOM / panel if one_scale else 0.0
    )


def period_of(panels: Panels, low: float, high: float) -> tuple[np.datetime64, np.datetime64] | None:
    """First and last day inside a brush from `low` to `high` across; None where fewer than two days are in it."""
    plan = layout(len(panels.panels), panels.one_scale)
    column = np.floor((low + high) / 2)
    ends = [(end - column - plan.left) / (plan.right - plan.left) for end in sorted((low, high))]
    inside = panels.days[(panels.places >= ends[0]) & (panels.places <= ends[1])]
    return (inside[0], inside[-1]) if len(inside) > 1 else None


def small_multiples(panels: Panels, theme: ThemeName = "light") -> Drawn:
    """All panels as one chart; at most MOST_PANELS."""
    plan = layout(len(panels.panels), panels.one_scale)
    spec: dict[str, Any] = json.loads(_template_text(theme))
    spec["height"] = plan.whole_height
    scales = spec["layer"][0]["encoding"]
    scales["x"]["scale"]["domain"] = [-plan.axis_room, plan.columns]
    scales["y"]["scale"]["domain"] = [0, plan.whole_height]
    data = _rows(panels, plan)
    for one in spec["layer"]:
        if isinstance(one["encoding"].get("tooltip"), list):
            one["encoding"]["tooltip"] = _tooltip(data)
    return Drawn(spec, data, panels.alt)


def _tooltip(data: pd.DataFrame) -> list[dict[str, str]]:
    """Only lines that some point has; titles are fixed."""
    shown = [name for name in TOOLTIP if data[name].notna().any()]
    return [{"field": name, "type": "nominal", "title": say(TOOLTIP[name])} for name in shown]


def _rows(panels: Panels, plan: Layout) -> pd.DataFrame:
    place = _Place(panels, plan)
    parts = [_panel_rows(panels, place), _tick_rows(panels, place), _pooled_rows(panels, place)]
    parts += [_middle_rows(panels, place), *_point_rows(panels, place), _time_rows(panels, place)]
    rows = pd.concat(parts, ignore_index=True).reindex(columns=list(FIELDS))
    for name in FIELDS:
        rows[name] = rows[name].astype(object).where(rows[name].notna(), None) if name in TEXTS else rows[name]
    return rows


class _Place:
    """Where values of panels lie on the chart."""

    def __init__(self, panels: Panels, plan: Layout) -> None:
        self.panels, self.plan = panels, plan
        number = np.arange(len(panels.panels))
        self.column, self.top = number % plan.columns, number // plan.columns * plan.height

    def x(self, panel: NDArray[np.int64], along: NDArray[np.float64]) -> NDArray[np.float64]:
        """`along` the axis of time from 0 to 1."""
        return self.column[panel] + self.plan.left + along * (self.plan.right - self.plan.left)

    def y(self, panel: NDArray[np.int64], value: NDArray[np.float64]) -> NDArray[np.float64]:
        drawn = self.plan.height - NAME_HEIGHT - FOOT
        return self.top[panel] + NAME_HEIGHT + (1 - self.panels.up(panel, value)) * drawn


def _panel_rows(panels: Panels, place: _Place) -> pd.DataFrame:
    """The ground of each panel, with its name and mark."""
    marks = [panel.mark for panel in panels.panels]
    gap = 3 / WIDTH * place.plan.columns
    return pd.DataFrame(
        {
            "kind": "panel",
            "panel": np.arange(len(marks)),
            "x": place.column + gap,
            "x2": place.column + 1 - gap,
            "y": place.top + 2.0,
            "y2": place.top + place.plan.height - 2.0,
            "label": [panel.label for panel in panels.panels],
            "said": [panel.description for panel in panels.panels],
            "shape": [mark.shape for mark in marks],
            "tone": [mark.tone for mark in marks],
            "fill": [mark.tone if mark.fill == "filled" and "triangle" in mark.shape else "none" for mark in marks],
            "thick": [3.4 if mark.shape == "dots" else 1.8 for mark in marks],
            "mine": [float(panel.mine) for panel in panels.panels],
        }
    )


def _tick_rows(panels: Panels, place: _Place) -> pd.DataFrame:
    """Faint lines at the ends and the middle of each scale; in words at the left of a row, or of each panel where
    scales differ."""
    rows: list[dict[str, Any]] = []
    for i, panel in enumerate(panels.panels):
        ticks = panels.axes[panel.unit]
        kept = [ticks[0], ticks[len(ticks) // 2], ticks[-1]] if len(ticks) % 2 else [ticks[0], ticks[-1]]
        here = np.full(len(kept), i)
        heights = place.y(here, np.array(kept))
        left, right = place.x(here[:1], np.array([0.0, 1.0]))
        labeled = not panels.one_scale or place.column[i] == 0
        for tick, y in zip(kept, heights, strict=True):
            rows.append({"kind": "tick", "panel": i, "x": left, "x2": right, "y": y})
            if labeled:
                label = tick_text(tick, panel.unit, ticks[1] - ticks[0])
                rows.append({"kind": "value", "panel": i, "x": left, "y": y, "label": label})
    return pd.DataFrame(rows)


def _pooled_rows(panels: Panels, place: _Place) -> pd.DataFrame:
    """The faint line behind each panel."""
    pooled = panels.pooled.assign(along=panels.across(panels.pooled["date"]))
    of_panel = pd.DataFrame({"line": [one.line for one in panels.panels], "panel": range(len(panels.panels))})
    rows = of_panel.merge(pooled, on="line").sort_values(["panel", "date"], kind="stable")
    panel, value = rows["panel"].to_numpy(), rows["value"].to_numpy(dtype=float)
    along = rows["along"].to_numpy()
    drawn = pd.DataFrame({"kind": "pooled", "panel": panel})
    drawn["x"], drawn["y"] = place.x(panel, along), place.y(panel, value)
    drawn["piece"] = pieces(panel, _days(rows), value, _longest(panels, panel))
    return drawn[~np.isnan(value) & ~np.isnan(along)]


def _middle_rows(panels: Panels, place: _Place) -> pd.DataFrame:
    """Each panel's own middle line, one piece for each phase."""
    points = panels.points[["panel", "phase", "median"]].assign(along=panels.across(panels.points["date"]))
    shown = points[points["along"].notna() & points["median"].notna()]
    lines = shown.groupby(["panel", "phase"], sort=False).agg(
        first=("along", "first"), last=("along", "last"), median=("median", "last")
    )
    panel = lines.index.get_level_values("panel").to_numpy()
    drawn = pd.DataFrame({"kind": "middle", "panel": panel})
    drawn["x"], drawn["x2"] = place.x(panel, lines["first"].to_numpy()), place.x(panel, lines["last"].to_numpy())
    drawn["y"] = place.y(panel, lines["median"].to_numpy())
    return drawn


def _point_rows(panels: Panels, place: _Place) -> list[pd.DataFrame]:
    """The points with their tooltips, and the newest of each panel with its value."""
    points = panels.points.assign(along=panels.across(panels.points["date"]))
    panel, value = points["panel"].to_numpy(), points["value"].to_numpy(dtype=float)
    rows = pd.DataFrame({"kind": "point", "panel": panel, "tone": points["tone"].to_numpy()})
    rows["x"], rows["y"] = place.x(panel, points["along"].to_numpy()), place.y(panel, value)
    rows["piece"] = pieces(panel, _days(points), value, _longest(panels, panel))
    shown = ~np.isnan(value) & points["along"].notna().to_numpy()
    rows = rows[shown].reset_index(drop=True)
    apart = (place.plan.right - place.plan.left) * WIDTH / place.plan.columns / max(len(panels.days), 1)
    rows["size"] = min(max(apart * apart, SMALLEST_DOT), LARGEST_DOT)
    rows = rows.assign(**_tooltips(panels, points[shown]))
    newest = rows.drop_duplicates("panel", keep="last")[["panel", "x", "y", "t_value"]]
    end = newest.rename(columns={"t_value": "label"}).assign(kind="end")
    return [rows, end]


def _days(rows: pd.DataFrame) -> NDArray[np.datetime64]:
    return rows["date"].to_numpy().astype("datetime64[D]")


def _longest(panels: Panels, panel: NDArray[np.int64]) -> NDArray[np.int64]:
    """The days from one point to the next, at most, of each row's panel."""
    return np.array([longest_gap(one.period) for one in panels.panels])[panel]


def _tooltips(panels: Panels, points: pd.DataFrame) -> dict[str, list[str | None]]:
    """What hovering says, from the same rows that are drawn."""
    rows = points[["panel", "date", "value", "median"]].itertuples(index=False, name=None)
    behind = _behind(panels)
    year = panels.days[-1].item().year
    said: dict[str, list[str | None]] = {name: [] for name in TOOLTIP}
    for i, date, value, median in rows:
        panel = panels.panels[i]
        said["t_place"].append(panel.label)
        said["t_when"].append(period_label(date.date(), panel.period, date.year != year))
        said["t_value"].append(value_text(value, panel.unit))
        said["t_middle"].append(None if median != median else value_text(median, panel.unit))
        said["t_pooled"].append(behind.get((panel.line, date, panel.unit)))
    said["t_counts"] = counts_said(points) if panels.counts_shown else [None] * len(points)
    return said


def _behind(panels: Panels) -> dict[tuple[int, pd.Timestamp, str], str]:
    """What each pooled point says: its line, value and number of schools."""
    units = {panel.line: panel.unit for panel in panels.panels}
    rows = panels.pooled[["line", "date", "value", "n_schools"]].itertuples(index=False, name=None)
    return {
        (line, date, units[line]): f"{panels.lines[line]} "
        + say("side.pooled_point", value=value_text(value, units[line]), schools=counted("schools", int(n)))
        for line, date, value, n in rows
        if line in units and value == value
    }


def counts_said(points: pd.DataFrame) -> list[str | None]:
    """“18 of 25” for each row with both counts, else None."""
    pairs = zip(points["numerator"].tolist(), points["denominator"].tolist(), strict=True)
    return [None if n != n or d != d else say("chart.of", numerator=_count(n), denominator=_count(d)) for n, d in pairs]


def _count(value: float) -> str:
    return number(value, 0 if value == int(value) else 1)


def _time_rows(panels: Panels, place: _Place) -> pd.DataFrame:
    """First and last period under the lowest panel of each column."""
    n, plan = len(panels.panels), place.plan
    finest = min((panel.period for panel in panels.panels), key=lambda period: LONGEST_DAYS[period])
    narrow = (plan.right - plan.left) * WIDTH / plan.columns < NARROW
    labels = [
        period_label(panels.days[at].item(), "month" if narrow and LONGEST_DAYS[finest] < 31 else finest, year=True)
        for at in (0, -1)[: len(panels.days)]
    ]
    rows = []
    for column in range(min(plan.columns, n)):
        lowest = max(i for i in range(column, n, plan.columns))
        ends = place.x(np.array([lowest, lowest]), np.array([0.0, 1.0]))
        for right, (x, label) in enumerate(zip(ends, labels, strict=False)):
            y = place.top[lowest] + plan.height + TIME_HEIGHT / 2 - 2
            rows.append({"kind": "time", "panel": lowest, "x": x, "y": y, "label": label, "right": float(right)})
    return pd.DataFrame(rows)


@kept_by_language
def _template_text(theme: ThemeName) -> str:
    """The chart's frame as JSON; only height and domains are filled in for each use."""
    colors = THEMES[theme]
    chart = alt.layer(*_layers(colors)).properties(width=WIDTH, height=100)
    chart = chart.resolve_scale(color="independent", fill="independent", stroke="independent", shape="independent")
    spec = chart.to_dict()
    kept = {name: spec[name] for name in ("layer", "params", "resolve", "width", "height")}
    for one in kept["layer"]:
        del one["data"]
    kept["layer"][0]["name"] = "panels"
    for param in kept["params"]:
        param["views"] = ["panels"]
    frame = {"autosize": {"type": "fit", "contains": "padding"}, "config": _config(colors)}
    return json.dumps(kept | frame | {"padding": dict.fromkeys(("left", "top", "right", "bottom"), 2)})


def _config(colors: Theme) -> dict[str, Any]:
    return {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "text": {"font": FONT, "fontSize": FONT_SIZE, "color": colors.faint_text, "baseline": "middle"},
        "mark": {"aria": False, "tooltip": None},
    }


def _layers(colors: Theme) -> list[alt.Chart]:
    under = [_grounds(colors), _ticks(colors), _pooled(colors), _middles(colors), _lines(colors)]
    texts = [_names(colors), _marks(colors), _values(colors), _times(), _end_texts(colors)]
    return [*under, *texts, _end_dots(colors), _points(colors)]


def _layer(kind: str) -> alt.Chart:
    return alt.Chart(alt.NamedData("panels")).transform_filter(f"datum.kind == '{kind}'")


X, X2, Y, Y2 = alt.X("x:Q"), alt.X2("x2"), alt.Y("y:Q"), alt.Y2("y2")


def _scale(meaning: dict[str, Any]) -> alt.Scale:
    return alt.Scale(domain=list(meaning), range=list(meaning.values()))


def _grounds(colors: Theme) -> alt.Chart:
    """The ground of each panel; it carries both selections. My own is tinted and framed."""
    ground = _layer("panel").mark_rect(cornerRadius=4, aria=True, cursor="pointer", strokeWidth=1.5)
    pick = alt.selection_point(name="pick", fields=["panel"], on="click", clear="dblclick")
    brush = alt.selection_interval(name="brush", encodings=["x", "y"], zoom=False, translate=False)
    mine = alt.datum.mine == 1
    return ground.encode(
        x=alt.X("x:Q", scale=alt.Scale(nice=False, zero=False), axis=None),
        x2=X2,
        y=alt.Y("y:Q", scale=alt.Scale(nice=False, zero=False, reverse=True), axis=None),
        y2=Y2,
        fill=alt.condition(mine, alt.value(colors.goal_band), alt.value("transparent")),
        stroke=alt.condition(mine, alt.value(colors.middle), alt.value("transparent")),
        description="said:N",
        tooltip=alt.Tooltip("said:N"),
    ).add_params(pick, brush)


def _ticks(colors: Theme) -> alt.Chart:
    return _layer("tick").mark_rule(color=colors.grid, strokeWidth=1).encode(x=X, x2=X2, y=Y)


def _pooled(colors: Theme) -> alt.Chart:
    line = _layer("pooled").mark_line(strokeWidth=2, color=colors.line, strokeJoin="round")
    return line.encode(x=X, y=Y, detail="piece:Q", order="x:Q")


def _middles(colors: Theme) -> alt.Chart:
    return _layer("middle").mark_rule(color=colors.middle, strokeWidth=1.25).encode(x=X, x2=X2, y=Y)


def _lines(colors: Theme) -> alt.Chart:
    line = _layer("point").mark_line(strokeWidth=1.4, color=colors.dot, strokeJoin="round")
    return line.encode(x=X, y=Y, detail="piece:Q", order="x:Q")


def _names(colors: Theme) -> alt.Chart:
    """A name is cut where its panel ends, on pages of any width."""
    text = _layer("panel").mark_text(
        align="left",
        fontSize=NAME_SIZE,
        fontWeight=alt.ExprRef("datum.mine ? 700 : 600"),
        color=colors.text,
        limit=alt.ExprRef("scale('x', 1) - scale('x', 0) - 34"),
    )
    return text.encode(x=_beside("datum.x", 24), y=_beside("datum.y", 12, "y"), text="label:N")


def _beside(place: str, pixels: float, axis: str = "x") -> Any:
    return alt.value(alt.ExprRef(f"scale('{axis}', {place}) + {pixels}"))


def _marks(colors: Theme) -> alt.Chart:
    tones = {tone: getattr(colors, tone) for tone in TONES}
    mark = _layer("panel").mark_point(size=110, opacity=1, strokeCap="round", strokeJoin="round")
    return mark.encode(
        x=_beside("datum.x", 12),
        y=_beside("datum.y", 12, "y"),
        shape=alt.Shape("shape:N", scale=_scale({str(shape): path for shape, path in MARK_PATHS.items()}), legend=None),
        stroke=alt.Stroke("tone:N", scale=_scale(tones), legend=None),
        fill=alt.Fill("fill:N", scale=_scale(tones | {"none": "transparent"}), legend=None),
        strokeWidth=alt.StrokeWidth("thick:Q", scale=None, legend=None),
    )


def _values(colors: Theme) -> alt.Chart:
    text = _layer("value").mark_text(align="right", color=colors.faint_text)
    return text.encode(x=_beside("datum.x", -6), y=Y, text="label:N")


def _times() -> alt.Chart:
    text = _layer("time").mark_text(align=alt.ExprRef("datum.right ? 'right' : 'left'"))
    return text.encode(x=X, y=Y, text="label:N")


def _end_texts(colors: Theme) -> alt.Chart:
    text = _layer("end").mark_text(align="left", fontWeight=600, color=colors.text, fontSize=NAME_SIZE)
    return text.encode(x=_beside("datum.x", 7), y=Y, text="label:N")


def _end_dots(colors: Theme) -> alt.Chart:
    dot = _layer("end").mark_point(shape="circle", size=26, fill=colors.text, stroke=None, opacity=1)
    return dot.encode(x=X, y=Y)


def _points(colors: Theme) -> alt.Chart:
    """The points: seen where they are part of a signal, else only felt by hovering."""
    tones = {tone: getattr(colors, tone) for tone in TONES} | {"": "transparent"}
    dot = _layer("point").mark_point(shape="circle", stroke="transparent", strokeWidth=6, opacity=1, cursor="pointer")
    return dot.encode(
        x=X,
        y=Y,
        fill=alt.Fill("tone:N", scale=_scale(tones), legend=None),
        size=alt.Size("size:Q", scale=None, legend=None),
        tooltip=[alt.Tooltip("t_value:N")],
    )
