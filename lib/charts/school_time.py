"""Time as schools live it: each period takes one unit, a break only the room of its name. Or as the calendar has it:
every day takes the same room, and breaks are as wide as they are long. And the labels under both.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.charts.looks import Size, text_width
from lib.wording import Break, period_label
from lib.wording.spans import SHORTEST_BREAK
from lib.wording.texts import entry
from lib.wording.values import MONTHS_PERIODS

LONGEST_DAYS = {
    "day": 4,
    "week": 7,
    "two weeks": 14,
    "three weeks": 21,
    "five weeks": 35,
    "month": 31,
    "quarter": 92,
    "term": 153,
    "year": 366,
}
"""Days from one point to the next, at most, where no break lies between."""

_DAYS_OF_UNIT = LONGEST_DAYS | {"day": 1}
"""Days of a unit on an axis on which every day takes the same room."""

LABEL_STEPS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 300, 400, 500, 1000)
FEWEST_PERIODS = 9
"""A chart with fewer leaves room for those to come, so that three points don't fill a wall."""

LABEL_GAP = 14
DOT_ROOM = 4


@dataclass(frozen=True)
class SchoolTime:
    """`x`: the place of each point in periods; `bands`: break, left and right end; `low`, `high`: ends of the axis.

    `pixels` = how many pixels a period takes on a plot as wide as planned.
    """

    dates: NDArray[np.datetime64]
    x: NDArray[np.float64]
    bands: tuple[tuple[Break, float, float], ...]
    low: float
    high: float
    pixels: float

    def place(self, when: date) -> float:
        """Where a day lies: halfway before the first point on or after it, and never off the axis."""
        row = int(np.searchsorted(self.dates, np.datetime64(when)))
        place = self.x[row] if row < len(self.x) else self.x[-1] + 1.0
        return float(min(max(place - 0.5, self.low), self.high))

    def holds(self, when: date, period: str) -> bool:
        """Whether a day lies on the axis, or no more than a period off its ends."""
        if not len(self.dates):
            return False
        day, days = np.datetime64(when), np.timedelta64(LONGEST_DAYS[period], "D")
        return bool(self.dates[0] - days < day < self.dates[-1] + days)


@dataclass(frozen=True)
class CalendarTime(SchoolTime):
    """Time in which every day takes the same room; `days` = how many make a unit of `x`."""

    days: float

    def place(self, when: date) -> float:
        """Where a day lies, never off the axis."""
        return float(min(max(_since(self.dates[0], when) / self.days, self.low), self.high))


def school_time(
    dates: pd.Series, empty: NDArray[np.bool_], breaks: tuple[Break, ...], period: str, width: float, size: Size
) -> SchoolTime:
    """Places for `dates` (ascending) on a plot `width` pixels wide; `empty` rows inside a break take no room."""
    days = dates.to_numpy().astype("datetime64[D]")
    shown = [b for b in sorted(breaks, key=lambda b: b.first) if _is_shown(b, days, period)]
    step = np.ones(len(days))
    step[:1] = 0
    for b in shown:
        step[empty & (days >= np.datetime64(b.first)) & (days <= np.datetime64(b.last))] = 0
    before = [_row_after(b, days) for b in shown]
    pixels = _pixels_per_period(step, before, width, size)
    room = (size.band_width + 2 * (size.dot_radius + DOT_ROOM)) / pixels
    for row in set(before):
        step[row] = max(step[row], 1.0 + max(room * before.count(row) - 1.0, 0.0))
    x = np.cumsum(step)
    pad = size.side_pad / pixels
    bands = _bands(shown, before, x, size.band_width / pixels)
    return SchoolTime(days, x, bands, -pad, max(float(x[-1]) if len(x) else 0.0, FEWEST_PERIODS) + pad, pixels)


def calendar_time(
    dates: pd.Series, empty: NDArray[np.bool_], breaks: tuple[Break, ...], period: str, width: float, size: Size
) -> CalendarTime:
    """Places for `dates` (ascending) on a plot `width` pixels wide: a point lies on the first day of its period.

    A unit is the days that the period has at most, so that points without a gap are no more than one apart. `empty`
    rows keep their room. A break is a band from its first day to the end of its last.
    """
    days = dates.to_numpy().astype("datetime64[D]")
    unit = float(_DAYS_OF_UNIT[period])
    x = (days - days[0]).astype(np.float64) / unit if len(days) else np.zeros(0)
    long = max(float(x[-1]) if len(x) else 0.0, FEWEST_PERIODS)
    pixels = max((width - 2 * size.side_pad) / long, 1.0)
    pad = size.side_pad / pixels
    shown = [b for b in sorted(breaks, key=lambda b: b.first) if _is_shown(b, days, period)]
    bands = tuple((b, _since(days[0], b.first) / unit, (_since(days[0], b.last) + 1) / unit) for b in shown)
    return CalendarTime(days, x, bands, -pad, long + pad, pixels, unit)


def _since(first: np.datetime64, when: date) -> float:
    return float((np.datetime64(when) - first) / np.timedelta64(1, "D"))


def _is_shown(b: Break, days: NDArray[np.datetime64], period: str) -> bool:
    if period not in SHORTEST_BREAK or (b.last - b.first).days + 1 < SHORTEST_BREAK[period]:
        return False
    return 0 < _row_after(b, days) < len(days)


def _row_after(b: Break, days: NDArray[np.datetime64]) -> int:
    """The first point after the break began, or after it ended where points lie inside it."""
    return int(np.searchsorted(days, np.datetime64(b.last), side="right"))


def _pixels_per_period(step: NDArray[np.float64], before: list[int], width: float, size: Size) -> float:
    """Pixels of one period: what is left of the width when breaks have taken what they need beyond one period."""
    free = width - 2 * size.side_pad
    periods = max(step.sum(), FEWEST_PERIODS)
    pixels = free / periods
    room = size.band_width + 2 * (size.dot_radius + DOT_ROOM)
    for _ in range(4):
        extra = sum(max(room * before.count(row) - pixels, 0.0) for row in set(before))
        pixels = max((free - extra) / periods, 1.0)
    return pixels


def _bands(
    shown: list[Break], before: list[int], x: NDArray[np.float64], width: float
) -> tuple[tuple[Break, float, float], ...]:
    bands = []
    for i, (b, row) in enumerate(zip(shown, before, strict=True)):
        share = (before[:i].count(row) + 0.5) / before.count(row)
        middle = x[row - 1] + share * (x[row] - x[row - 1])
        bands.append((b, float(middle - width / 2), float(middle + width / 2)))
    return tuple(bands)


def axis_labels(time: SchoolTime, period: str, size: Size) -> list[tuple[float, list[str]]]:
    """(place, lines) of the labels under the axis; the year stands under the first and wherever it changes."""
    rows = [row for row in range(len(time.x)) if row == 0 or time.x[row] > time.x[row - 1]]
    if not rows:
        return []
    dates = [pd.Timestamp(time.dates[row]).date() for row in rows]
    names = [_short(day, period) for day in dates]
    need = max(text_width(name, size.axis_font) for name in names) + LABEL_GAP
    for every in LABEL_STEPS:
        kept = range(0, len(rows), every)
        places = [time.x[rows[i]] * time.pixels for i in kept]
        if all(b - a >= need for a, b in pairwise(places)):
            break
    labels, year = [], None
    for i in kept:
        lines = [names[i]]
        if period != "year" and dates[i].year != year:
            lines.append(str(dates[i].year))
        year = dates[i].year
        labels.append((float(time.x[rows[i]]), lines))
    return labels


def _short(day: date, period: str) -> str:
    return str(entry("date.months")[day.month - 1]) if period in MONTHS_PERIODS else period_label(day, period)
