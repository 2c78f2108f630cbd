"""The rows of a run chart: one flat table, each row one thing to draw, told apart by `kind`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.analysis.states import STATES, UNREADABLE
from lib.charts.looks import Size, cut
from lib.charts.school_time import SchoolTime
from lib.charts.tags import Tag, apart, place_tags
from lib.charts.value_axis import FAINT
from lib.wording import IdeaStart, Note, Reading, day, goal_text, middle_value, say, tone_of, value_text
from lib.wording.values import names_of, range_text

TOOLTIP = {
    "t_when": "tooltip.when",
    "t_value": "tooltip.value",
    "t_counts": "tooltip.counts",
    "t_last_year": "tooltip.last_year",
    "t_limits": "tooltip.limits",
    "t_schools": "tooltip.schools",
    "t_file": "tooltip.file",
    "t_cell": "tooltip.cell",
    "t_upload": "tooltip.upload",
    "t_note": "tooltip.note",
}
"""Column of a tooltip's line, and the key of its fixed title. None comes from data: one called `image` is fetched."""

COLUMNS = (
    "kind",
    "x",
    "x2",
    "y",
    "y2",
    "segment",
    "tone",
    "dash",
    "size",
    "label",
    "row",
    "w",
    "dy",
    "point",
    "said",
    *TOOLTIP,
)
TEXTS = ("kind", "tone", "dash", "label", "said", *TOOLTIP)

WITHOUT_MIDDLE = STATES[0]
"""Where run rules make no sense, a middle line makes none."""

NONE_SAID = "–"

DIRECTIONS = {1: "up", -1: "down", 0: ""}

EVERY = (1, 5, 10, 20, 50)
"""How many numbers of a signal are kept when dots would touch: all, every fifth, ..."""

CROSSED = 1.4
"""An excluded point is so much larger than others: its cross needs the room."""

SMALLEST_DOT = 2.0
TOUCHING = 0.95
"""Dots with a number may come this close, as a share of their width."""

NUMBER_ROOM = 1.7
"""A number's dot is this many times as wide as half its font."""

NOTE_GAP = 6
"""Pixels between a point and the flag of the note on it, and between a flag on a day and the foot of the plot."""


@dataclass(frozen=True)
class Plot:
    """What a run chart is laid out on: school time along, a value axis up, and the room that is planned in pixels."""

    time: SchoolTime
    low: float
    high: float
    width: float
    height: float
    right: float
    size: Size

    def from_top(self, value: float) -> float:
        return self.height * (self.high - value) / (self.high - self.low)

    def pixel(self, x: float) -> float:
        return self.width * (x - self.time.low) / (self.time.high - self.time.low)


Row = dict[str, Any]


def rows_of(reading: Reading, plot: Plot, tags: list[Tag]) -> pd.DataFrame:
    """All rows of the chart with the columns COLUMNS; what a row doesn't need is missing."""
    points = _Points(reading)
    rows = [*_break_rows(points, plot), *_goal_rows(reading), *_middle_rows(reading, plot)]
    rows += [*_idea_rows(reading, plot, tags), *_label_rows(reading, plot)]
    rows += [*_line_rows(points, plot), *_point_rows(reading, points, plot), *_faint_rows(reading, plot)]
    rows += [*_start_rows(reading, points, plot), *_note_rows(reading, points, plot)]
    table = {
        name: np.array([row.get(name) for row in rows], dtype=object if name in TEXTS else float) for name in COLUMNS
    }
    return pd.DataFrame(table)


class _Points:
    """The columns of a reading's points as arrays. Where no rule is read, no point is a signal.

    `number`: the place of a signal's point in its run beyond the limit, else in the newest trend, else NaN.
    `direction`: 1 up, -1 down, 0 where a point is no signal or its trend is an older one.
    """

    def __init__(self, reading: Reading) -> None:
        points = reading.points
        self.value = points["value"].to_numpy(dtype=float)
        self.side = points["side"].to_numpy(dtype=float, na_value=np.nan)
        self.median = points["median"].to_numpy(dtype=float, na_value=np.nan)
        self.signal = points["in_signal"].to_numpy(dtype=bool, copy=True)
        self.excluded = points["excluded"].to_numpy(dtype=bool)
        self.shown = np.flatnonzero(~np.isnan(self.value))
        self.on_line = self.side == 0
        self.number = np.full(len(points), np.nan)
        self.direction = np.zeros(len(points))
        self._run, self._place = (points[name].to_numpy(dtype=float, na_value=np.nan) for name in ("run", "place"))
        limits = reading.phases["longest_run_limit"].to_numpy(dtype=float, na_value=np.inf).tolist()
        columns = (reading.phases[name].tolist() for name in ("first", "last", "state", "trend_first", "trend_last"))
        for limit, first, last, state, *trend in zip(limits, *columns, strict=True):
            self.on_line[first : last + 1] &= state != WITHOUT_MIDDLE
            self.signal[first : last + 1] &= state not in UNREADABLE
            if state not in UNREADABLE:
                self._number_trend(*trend)
                self._number_runs(first, last, limit)

    def _number_runs(self, first: int, last: int, limit: float) -> None:
        rows = np.arange(first, last + 1)
        rows = rows[self.signal[rows] & ~np.isnan(self._run[rows])]
        length = dict(zip(*np.unique(self._run[rows], return_counts=True), strict=True))
        beyond = rows[[length[run] > limit for run in self._run[rows]]] if len(rows) else rows
        self.number[beyond], self.direction[beyond] = self._place[beyond], self.side[beyond]

    def _number_trend(self, first: int, last: int) -> None:
        """Equal neighbors count once."""
        if first < 0:
            return
        rows = np.arange(first, last + 1)
        rows = rows[self.signal[rows]]
        self.number[rows] = 1 + np.cumsum(np.diff(self.value[rows], prepend=self.value[rows[0]]) != 0)
        self.direction[rows] = np.sign(self.value[last] - self.value[first])

    def __len__(self) -> int:
        return len(self.value)


def _break_rows(points: _Points, plot: Plot) -> list[Row]:
    rows: list[Row] = []
    for b, left, right in plot.time.bands:
        after = int(np.searchsorted(plot.time.x, right))
        low = _is_low(points, after, plot)
        label = cut(b.name, plot.size.break_font, 0.55 * plot.height)
        rows.append({"kind": "break", "x": left, "x2": right})
        rows.append({"kind": "break name", "x": (left + right) / 2, "label": label, "row": float(low)})
    return rows


def _goal_rows(reading: Reading) -> list[Row]:
    measure = reading.measure
    if measure.wanted == "in range" and measure.goal_low is not None and measure.goal_high is not None:
        return [{"kind": "goal band", "y": measure.goal_low, "y2": measure.goal_high}]
    return [] if measure.goal is None else [{"kind": "goal", "y": measure.goal}]


def _middle_rows(reading: Reading, plot: Plot) -> list[Row]:
    rows: list[Row] = []
    names = ("median", "first", "last", "baseline_first", "baseline_last", "state")
    columns = (reading.phases[name].tolist() for name in names)
    newest = len(reading.phases) - 1
    rows += _ghost_rows(reading, plot)
    for i, (median, first, last, frozen_from, frozen_to, state) in enumerate(zip(*columns, strict=True)):
        if np.isnan(median) or state == WITHOUT_MIDDLE:
            continue
        end = plot.time.high if i == newest else _after(plot.time, last)
        begin = max(plot.time.x[first] - 0.5, plot.time.low)
        same = {"kind": "middle", "y": median, "tone": "middle" if i == newest else "earlier"}
        solid_from, solid_to = begin, end
        if frozen_to >= 0:
            solid_from = max(plot.time.x[frozen_from] - 0.5, begin) if frozen_from > first else begin
            solid_to = min(_after(plot.time, frozen_to), end)
        parts = ((begin, solid_from, "dashed"), (solid_from, solid_to, "solid"), (solid_to, end, "dashed"))
        rows += [same | {"x": left, "x2": right, "dash": dash} for left, right, dash in parts if left < right]
    return rows


def _ghost_rows(reading: Reading, plot: Plot) -> list[Row]:
    """Where a person began a phase, the line before goes on as a ghost, so that the step can be seen."""
    begun = {start.row for start in reading.starts}
    lines = list(reading.phases[["median", "first", "last", "state"]].itertuples(index=False, name=None))
    rows: list[Row] = []
    for (median, _, _, state), (_, first, last, _) in pairwise(lines):
        if first in begun and not np.isnan(median) and state != WITHOUT_MIDDLE:
            end = plot.time.high if last == lines[-1][2] else _after(plot.time, last)
            begin = max(plot.time.x[first] - 0.5, plot.time.low)
            rows.append({"kind": "middle", "y": median, "tone": "earlier", "dash": "dashed", "x": begin, "x2": end})
    return rows


def _start_rows(reading: Reading, points: "_Points", plot: Plot) -> list[Row]:
    """Where a person began a phase: a thin line with its name upright beside it, where the points leave room."""
    rows: list[Row] = []
    for start in reading.starts:
        x = max(plot.time.x[start.row] - 0.5, plot.time.low)
        label = cut(start.name, plot.size.break_font, 0.55 * plot.height)
        rows.append({"kind": "start", "x": x, "label": label, "row": float(_is_low(points, start.row, plot))})
    return rows


def _is_low(points: "_Points", row: int, plot: Plot) -> bool:
    """Whether the points near a row lie in the lower half of the plot."""
    near = points.value[max(row - 3, 0) : row + 3]
    return bool(np.isfinite(near).any() and np.nanmean(near) < (plot.low + plot.high) / 2)


def _note_rows(reading: Reading, points: "_Points", plot: Plot) -> list[Row]:
    """A numbered flag for each note: over (or under) its point, or at the foot of the plot on its day.

    Flags on one point or day stand side by side.
    """
    side = plot.size.number_font + 5
    taken: dict[tuple[int, date | None], int] = {}
    rows: list[Row] = []
    for note in reading.notes:
        place = (note.row, None if note.row >= 0 else note.date)
        taken[place] = taken.get(place, -1) + 1
        x, y = _flag_place(note, points, plot, side)
        x += taken[place] * (side + 2) * (plot.time.high - plot.time.low) / plot.width
        about = {"t_when": day(note.date, year=True), "t_note": note.text, "said": note.text}
        rows.append({"kind": "note", "x": x, "y": y, "label": str(note.number), "size": side**2} | about)
    return rows


def _flag_place(note: Note, points: "_Points", plot: Plot, side: float) -> tuple[float, float]:
    per_pixel = (plot.high - plot.low) / plot.height
    if note.row < 0 or np.isnan(points.value[note.row]):
        return plot.time.place(note.date), plot.low + (NOTE_GAP + side / 2) * per_pixel
    lift = (plot.size.signal_radius + NOTE_GAP + side / 2) * per_pixel
    value = float(points.value[note.row])
    fits = value + lift + side / 2 * per_pixel < plot.high
    return float(plot.time.x[note.row]), value + lift if fits else value - lift


def _after(time: SchoolTime, row: int) -> float:
    return float(min(time.x[row] + 0.5, time.high))


def ideas_shown(reading: Reading, time: SchoolTime) -> list[IdeaStart]:
    """The starts that lie on the chart, in order of time."""
    return sorted((i for i in reading.ideas if time.holds(i.date, reading.period)), key=lambda i: i.date)


def tags_of(reading: Reading, time: SchoolTime, width: float, right: float, size: Size) -> list[Tag]:
    """The tags of the starts on the chart; `width` of the plot and `right` in pixels from its left end."""
    ideas = ideas_shown(reading, time)
    share = width / (time.high - time.low)
    return place_tags([i.name for i in ideas], [(time.place(i.date) - time.low) * share for i in ideas], right, size)


def _idea_rows(reading: Reading, plot: Plot, tags: list[Tag]) -> list[Row]:
    rows: list[Row] = []
    share = (plot.time.high - plot.time.low) / plot.width
    lines = {tag.x: tag.row for tag in tags}
    for idea in ideas_shown(reading, plot.time):
        x = plot.time.place(idea.date)
        row = next((lines[at] for at in lines if abs(at - plot.pixel(x)) < 1e-6), 0)
        rows.append({"kind": "idea", "x": x, "row": row})
    return rows + [_tag_row(tag, tags, plot, share) for tag in tags]


def _tag_row(tag: Tag, tags: list[Tag], plot: Plot, share: float) -> Row:
    """A tag with `x2`, where the next one begins that it must not reach; `dy` is the room beyond the plot."""
    place = {"x": plot.time.low + tag.x * share, "row": tag.row, "w": tag.width, "dy": plot.right - plot.width}
    ahead = [other.x for other in tags if other.x > tag.x and other.row >= tag.row]
    if ahead:
        place["x2"] = plot.time.low + min(ahead) * share
    return {"kind": "tag", "label": tag.text} | place


def _label_rows(reading: Reading, plot: Plot) -> list[Row]:
    """Labels at the right end: the middle line's and the goal's, moved apart where they would touch."""
    labels: list[tuple[float, str, str]] = []
    phase, goal = reading.newest_phase, _goal_rows(reading)
    if goal:
        at = (goal[0]["y"] + goal[0].get("y2", goal[0]["y"])) / 2
        labels.append((at, say("chart.goal", value=goal_text(reading)), "goal"))
    if phase is not None and middle_text(reading):
        labels.append((phase["median"], middle_text(reading), "middle"))
    wanted = [plot.from_top(at) for at, _, _ in labels]
    moved = apart(wanted, 1.2 * plot.size.label_font, 0.0, plot.height)
    texts = zip(labels, wanted, moved, strict=True)
    return [
        {"kind": "end", "y": at, "label": text, "tone": tone, "dy": to - was} for (at, text, tone), was, to in texts
    ]


def middle_text(reading: Reading) -> str:
    """The label of the newest middle line."""
    phase = reading.newest_phase
    if phase is None or np.isnan(phase["median"]) or phase["state"] == WITHOUT_MIDDLE:
        return ""
    key = "marks.last_year" if reading.by_school_year and phase["baseline_last"] >= 0 else "chart.middle"
    return say(key, value=middle_value(phase["median"], reading.measure.unit))


def _line_rows(points: _Points, plot: Plot) -> list[Row]:
    """The data line; a new segment begins after a gap and after a break."""
    new = np.isnan(points.value)
    for _, left, _right in plot.time.bands:
        new[np.searchsorted(plot.time.x, left)] = True
    segment = np.cumsum(new).tolist()
    value, x = points.value.tolist(), plot.time.x.tolist()
    return [{"kind": "line", "x": x[i], "y": value[i], "segment": segment[i]} for i in points.shown.tolist()]


def _faint_rows(reading: Reading, plot: Plot) -> list[Row]:
    """Lines to compare with: the same time last year, which begins anew with each year, and control limits."""
    points, rows = reading.points, []
    for name in FAINT:
        if name in points:
            value = points[name].to_numpy(dtype=float)
            begins = np.diff(value, prepend=value[:1]) < 0 if name == "last_year" else _phase_begins(points)
            segment = np.cumsum(np.isnan(value) | begins).tolist()
            shown = np.flatnonzero(~np.isnan(value)).tolist()
            rows += [
                {"kind": "faint", "x": plot.time.x[i], "y": value[i], "segment": segment[i], "label": name}
                for i in shown
            ]
    return rows


def _phase_begins(points: pd.DataFrame) -> NDArray[np.bool_]:
    return np.asarray(points["phase"].ne(points["phase"].shift()), dtype=bool)


def _point_rows(reading: Reading, points: _Points, plot: Plot) -> list[Row]:
    """Dots, then crosses and numbers over them; dots with a number come last, so that no other covers them."""
    tones = _tones(reading, points)
    numbered = ~np.isnan(points.number) & _numbers_kept(points, plot)
    texts = _tooltips(reading, points)
    dots: list[Row] = []
    over: list[Row] = []
    radius, number_radius = _dot_radius(plot), _number_radius(plot)
    for i in points.shown[np.argsort(numbered[points.shown], kind="stable")].tolist():
        at = {"x": plot.time.x[i], "y": points.value[i], "tone": tones[i], "point": i}
        lines = {name: text[i] for name, text in texts.items()}
        said = say("chart.point", when=lines["t_when"], value=lines["t_value"])
        crossed = tones[i] == "excluded"
        size = (2 * (number_radius if numbered[i] else radius * (CROSSED if crossed else 1.0))) ** 2
        dots.append(at | lines | {"kind": "dot", "size": size, "said": said})
        if crossed:
            over.append(at | {"kind": "cross", "size": size})
        elif numbered[i]:
            over.append(at | {"kind": "number", "label": str(int(points.number[i]))})
    return dots + over


def _tones(reading: Reading, points: _Points) -> list[str]:
    """What each dot is: usual, on the line, excluded, unfinished, or a signal that is toward, away or neither."""
    tones = np.where(points.on_line, "line", "usual").tolist()
    for i in np.flatnonzero(points.signal & ((points.side != 0) | (points.direction != 0))).tolist():
        tones[i] = tone_of(DIRECTIONS[int(points.direction[i])], reading.measure, points.median[i])
    for i in np.flatnonzero(points.excluded).tolist():
        tones[i] = "excluded"
    if reading.incomplete and tones:
        tones[-1] = "unfinished"
    return tones


def _dot_radius(plot: Plot) -> float:
    return max(min(plot.size.dot_radius, 0.42 * plot.time.pixels), SMALLEST_DOT * plot.size.dot_radius / 4.5)


def _number_radius(plot: Plot) -> float:
    fits = plot.size.signal_radius
    return float(min(fits, max(0.5 * plot.time.pixels, _least_number_radius(plot.size))))


def _least_number_radius(size: Size) -> float:
    return NUMBER_ROOM * size.number_font / 2 - 1


def _numbers_kept(points: _Points, plot: Plot) -> NDArray[np.bool_]:
    """Which numbers fit: all, or of each run the last, the first and every fifth (tenth, ...)."""
    width = 2 * _least_number_radius(plot.size) * TOUCHING
    every = next((n for n in EVERY if n * plot.time.pixels >= width), EVERY[-1])
    if every == 1:
        return np.ones(len(points), dtype=np.bool_)
    rows = np.flatnonzero(~np.isnan(points.number))
    place = points.number[rows]
    last = np.diff(place, append=0.0) <= 0
    kept = np.zeros(len(points), dtype=np.bool_)
    taken: list[float] = []
    for chosen in (last, place == 1, place % every == 0):
        for row in rows[chosen].tolist():
            pixel = plot.time.x[row] * plot.time.pixels
            if all(abs(pixel - other) >= width for other in taken):
                kept[row] = True
                taken.append(pixel)
    return kept


def _tooltips(reading: Reading, points: _Points) -> dict[str, Sequence[str | None]]:
    """The lines of each point's tooltip, as text."""
    table, unit = reading.points, reading.measure.unit
    found: dict[str, Sequence[str | None]] = {
        "t_when": names_of(reading),
        "t_value": [value_text(value, unit, 1) for value in points.value.tolist()],
        "t_counts": _counts(reading),
        "t_note": _notes(reading, points),
    }
    for name, column in (("t_schools", "n_schools"), ("t_file", "file"), ("t_upload", "upload")):
        if column in table:
            found[name] = [_text(given) for given in table[column].tolist()]
    if "last_year" in table:
        found["t_last_year"] = [None if v != v else value_text(v, unit, 1) for v in table["last_year"].tolist()]
    if "lower" in table:
        ends = zip(table["lower"].tolist(), table["upper"].tolist(), strict=True)
        found["t_limits"] = [None if low != low else range_text(low, high, unit) for low, high in ends]
    if "cell" in table:
        sheets = table["sheet"].tolist() if "sheet" in table else [None] * len(table)
        found["t_cell"] = [_cell(_text(s), _text(c)) for s, c in zip(sheets, table["cell"].tolist(), strict=True)]
    return {name: _none_said(texts) for name, texts in found.items()}


def _none_said(texts: Sequence[str | None]) -> Sequence[str | None]:
    """A line that only some points have says “–” at the others; the chart would write “null” there."""
    return [text or NONE_SAID for text in texts] if any(texts) else texts


def _text(given: object) -> str | None:
    """What is given as text, whole numbers without ".0"; None where nothing is given."""
    if given is None or given is pd.NA or given == "" or given != given:
        return None
    return f"{given:.10g}" if isinstance(given, float) else str(given)


def _counts(reading: Reading) -> list[str | None]:
    points = reading.points
    if reading.measure.unit not in ("percent", "rate") or "denominator" not in points:
        return [None] * len(points)
    both = [points[name].to_numpy(dtype=float, na_value=np.nan).tolist() for name in ("numerator", "denominator")]
    return [None if n != n or d != d else _out_of(n, d) for n, d in zip(*both, strict=True)]


def _out_of(numerator: float, denominator: float) -> str:
    return say("chart.of", numerator=f"{numerator:,.10g}", denominator=f"{denominator:,.10g}")


def _cell(sheet: str | None, cell: str | None) -> str | None:
    if cell is None:
        return None
    return say("chart.only_cell", cell=cell) if sheet is None else say("chart.cell", sheet=sheet, cell=cell)


def _notes(reading: Reading, points: _Points) -> list[str | None]:
    unfinished = len(points) - 1 if reading.incomplete else -1
    own = [say("chart.unfinished") if i == unfinished else _note(points, i) for i in range(len(points))]
    why = reading.points["why"].tolist() if "why" in reading.points else [""] * len(points)
    return [" ".join(part for part in (said, reason) if part) or None for said, reason in zip(own, why, strict=True)]


def _note(points: _Points, i: int) -> str | None:
    if points.excluded[i]:
        return say("chart.excluded")
    if not np.isnan(points.number[i]):
        return say("chart.signal_point", place=int(points.number[i]))
    return say("chart.on_line") if points.on_line[i] else None
