"""Schools lined up on the start of a change idea, and beside them schools still waiting over the same dates."""

import json
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from lib.analysis.aligning import Aligned
from lib.charts.looks import FONT, THEMES, Drawn, Theme, ThemeName
from lib.charts.run_chart import lookup
from lib.charts.value_axis import tick_text, ticks_of
from lib.measures import Measure
from lib.wording import period_label, say
from lib.wording.texts import entry, kept_by_language

WIDTH, HEIGHT = 440, 270
BEFORE = 26
"""Periods before the start that are drawn, at most: older ones say little about the start."""

TICKS = 6
"""Labels along an axis, about."""

SIDES = ("started", "waiting")
BOLD = 1
"""The place of the bold line among a panel's layers."""


def lined_up(
    found: Aligned, names: list[str], measure: Measure, period: str, zoomed: bool = False, theme: ThemeName = "light"
) -> Drawn:
    """The chart; `names` are of the schools in the order of `Aligned.schools`. Lines without a name are just lines."""
    lines = found.lines[found.lines["relative"] >= -BEFORE]
    middle = found.middle[(found.middle["relative"] >= -BEFORE) & found.middle["value"].notna()]
    held = [float(value) for value in lines["value"]]
    ticks = ticks_of(held, measure.unit, zoomed)
    spec: dict[str, Any] = json.loads(_template_text(theme))
    for panel, side in zip(spec["hconcat"], SIDES, strict=True):
        _fill(panel, side, lines, found.middle, ticks, measure, period)
    spec["hconcat"][0]["layer"][BOLD]["mark"]["color"] = getattr(THEMES[theme], _tone(found, measure))
    return Drawn(spec, _rows(lines, middle, names))


def _tone(found: Aligned, measure: Measure) -> str:
    """Whether most schools moved toward the goal, away from it, or neither."""
    if measure.wanted not in ("up", "down") or 2 * found.moved == found.compared:
        return "neither"
    return "toward" if 2 * found.moved > found.compared else "away"


def _rows(lines: pd.DataFrame, middle: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """A line tells its school; of its points a browser would only ever tell the first one."""
    own = pd.DataFrame(
        {
            "kind": np.where(lines["waiting"], "waiting", "started"),
            "x": lines["relative"].to_numpy(dtype=float),
            "y": lines["value"].to_numpy(dtype=float),
            "line": lines["series"].to_numpy(),
            "t_place": np.array(names, dtype=object)[lines["series"]],
        }
    )
    bold = pd.DataFrame(
        {
            "kind": np.where(middle["waiting"], "waiting middle", "started middle"),
            "x": middle["relative"].to_numpy(dtype=float),
            "y": middle["value"].to_numpy(dtype=float),
            "line": -1,
        }
    )
    return pd.concat([own, bold], ignore_index=True)


def _fill(
    panel: dict[str, Any],
    side: str,
    lines: pd.DataFrame,
    middle: pd.DataFrame,
    ticks: list[float],
    measure: Measure,
    period: str,
) -> None:
    """Puts into a panel what depends on the data: domains and labels."""
    shown = lines[lines["waiting"] == (side == "waiting")]
    low, high = (lines["relative"].min(), lines["relative"].max()) if len(lines) else (-1, 1)
    scales = panel["layer"][0]["encoding"]
    at = _places(int(low), int(high))
    labels = _dates(shown, at, period) if side == "waiting" else _counts(middle, at)
    scales["x"]["scale"]["domain"] = [int(low), int(high)]
    scales["x"]["axis"] |= {"values": at, "labelExpr": lookup(labels)}
    step = ticks[1] - ticks[0]
    scales["y"]["scale"]["domain"] = [ticks[0], ticks[-1]]
    scales["y"]["axis"] |= {
        "values": ticks,
        "labelExpr": lookup([tick_text(tick, measure.unit, step) for tick in ticks]),
    }
    panel["title"]["text"] = say("lined_up.started" if side == "started" else "lined_up.still_waiting")
    if side == "started":
        scales["x"]["axis"]["title"] = say("lined_up.axis", periods=_many(period))
        panel["layer"][-1]["encoding"]["text"]["value"] = say("lined_up.start")


def _many(period: str) -> str:
    return str(entry("periods.many").get(period, period)).format(n="").strip()


def _places(low: int, high: int) -> list[int]:
    """Labeled periods: 0 among them, in round steps.

    >>> _places(-12, 14), _places(0, 1)
    ([-10, -5, 0, 5, 10], [0, 1])
    """
    room = max(high - low, 1)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, room) if room / step <= TICKS)
    return list(range(-(-low // step) * step, high + 1, step))


def _counts(middle: pd.DataFrame, at: list[int]) -> list[list[str]]:
    """The period, and under it how many schools have a value there."""
    own = middle[~middle["waiting"]].set_index("relative")["n_schools"]
    return [[f"{number:+d}".replace("-", "−") if number else "0", str(int(own.get(number, 0)))] for number in at]


def _dates(shown: pd.DataFrame, at: list[int], period: str) -> list[list[str]]:
    """The date of each labeled period, empty where no waiting school has a value."""
    dates = shown.drop_duplicates("relative").set_index("relative")["date"]
    return [[period_label(dates[number].date(), period)] if number in dates.index else [""] for number in at]


@kept_by_language
def _template_text(theme: ThemeName) -> str:
    """The frame of the chart as JSON: two panels that differ in their colors and in the line at the start."""
    colors = THEMES[theme]
    panels = [_panel(colors, side) for side in SIDES]
    spec = alt.hconcat(*panels, spacing=26).to_dict()
    kept = {"hconcat": spec["hconcat"]}
    for panel in kept["hconcat"]:
        panel.pop("data", None)
        for layer in panel["layer"]:
            layer.pop("data", None)
    axis = {"labelColor": colors.faint_text, "titleColor": colors.faint_text, "labelFontSize": 12, "titleFontSize": 12}
    config = {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "axis": axis | {"domain": False, "ticks": False, "titleFontWeight": "normal", "labelFont": FONT},
        "title": {"color": colors.text, "fontSize": 14, "anchor": "start", "font": FONT},
        "mark": {"aria": False, "tooltip": None},
    }
    return json.dumps(kept | {"config": config, "autosize": {"type": "pad"}})


def _panel(colors: Theme, side: str) -> alt.LayerChart | alt.FacetChart:
    start = [_start_line(colors), _start_text(colors)] if side == "started" else []
    layers = [_lines(colors, side), _bold(colors, side), *start]
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT, title=alt.TitleParams(" "))


def _of(kind: str) -> alt.Chart:
    return alt.Chart(alt.NamedData("lines")).transform_filter(f"datum.kind == '{kind}'")


def _lines(colors: Theme, side: str) -> alt.Chart:
    along = alt.Axis(grid=False, labelLineHeight=16, title=None)
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=along)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=alt.Axis(gridColor=colors.grid, title=None))
    return (
        _of(side)
        .mark_line(color=colors.line, opacity=0.55, strokeWidth=1.2)
        .encode(x=x, y=y, detail="line:N", tooltip=alt.Tooltip("t_place:N", title=say("side.tooltip_place")))
    )


def _bold(colors: Theme, side: str) -> alt.Chart:
    return _of(f"{side} middle").mark_line(color=colors.middle, strokeWidth=3.5).encode(x="x:Q", y="y:Q")


def _start_line(colors: Theme) -> alt.Chart:
    rule = alt.Chart(alt.NamedData("lines")).transform_aggregate(n="count()").transform_calculate(zero="0")
    return rule.mark_rule(color=colors.idea, strokeDash=[4, 3], strokeWidth=1.6).encode(x="zero:Q")


def _start_text(colors: Theme) -> alt.Chart:
    text = alt.Chart(alt.NamedData("lines")).transform_aggregate(n="count()").transform_calculate(zero="0")
    marked = text.mark_text(align="left", baseline="top", dx=6, dy=2, color=colors.idea_text, fontWeight="bold")
    return marked.encode(x="zero:Q", y=alt.value(0), text=alt.value(" "))
