"""Charts side by side as values: what each panel shows, on which scale of values and of time.

Names are already hidden here where they are to be hidden, so nothing that is drawn from this can give one away.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.charts.school_time import LONGEST_DAYS
from lib.charts.value_axis import ticks_of
from lib.wording import Mark, period_label, say, value_text

GAP = 1.6
"""A time in which nobody has a value takes as much room as this many usual periods."""

NO_LINE = -1

LONG_PERIOD = 21
"""Days. Periods as long as this or longer may lie twice their length apart: a short break inside one is no gap."""


def longest_gap(period: str) -> int:
    """The days from one point of a line to the next, at most.

    >>> longest_gap("week"), longest_gap("three weeks")
    (7, 42)
    """
    days = LONGEST_DAYS[period]
    return days if days < LONG_PERIOD else 2 * days


@dataclass(frozen=True)
class Panel:
    """One small chart. `line`: which of `Panels.pooled` lies faint behind it, -1 = none. `opens`: a click shows the
    run chart; never where its name is hidden."""

    label: str
    mark: Mark
    said: str
    unit: str
    period: str
    newest: float = float("nan")
    mine: bool = False
    opens: bool = True
    line: int = NO_LINE

    @property
    def newest_text(self) -> str:
        return say("side.no_value") if self.newest != self.newest else value_text(self.newest, self.unit)

    @property
    def description(self) -> str:
        return say("side.panel", name=self.label, state=self.said, value=self.newest_text)


@dataclass(frozen=True)
class Panels:
    """Panels in the order shown.

    `points`: one row per panel (its place in `panels`, ascending) and period in date order: `panel`, `date`, `value`
    (NaN = a gap), `numerator`, `denominator`, `median`, `phase`, `tone` (of a signal's point, else ""). `pooled`:
    `line`, `date`, `value`, `n_schools`. `lines`: what each pooled line is called. `seen`: first and last day shown,
    None = all. `one_scale`: panels of one measure; else there is a scale for each unit. `held`: what one scale holds
    beyond what is drawn, so that it is the same on the next page.
    """

    panels: tuple[Panel, ...]
    points: pd.DataFrame
    pooled: pd.DataFrame
    lines: tuple[str, ...] = ()
    what: str = ""
    zoomed: bool = False
    one_scale: bool = True
    counts_shown: bool = True
    seen: tuple[np.datetime64, np.datetime64] | None = None
    held: tuple[float, ...] = ()

    @cached_property
    def days(self) -> NDArray[np.datetime64]:
        """Every day on the axis of time, ascending."""
        days = np.unique(self.points["date"].to_numpy().astype("datetime64[D]"))
        return days if self.seen is None else days[(days >= self.seen[0]) & (days <= self.seen[1])]

    @cached_property
    def places(self) -> NDArray[np.float64]:
        """Where each of `days` lies, 0 to 1. A time without values for anybody, such as a summer, is made short."""
        if len(self.days) < 2:
            return np.full(len(self.days), 0.5)
        steps = np.diff(self.days).astype("int64").astype(float)
        usual = steps <= min(longest_gap(panel.period) for panel in self.panels)
        steps[~usual] = np.minimum(steps[~usual], GAP * (np.median(steps[usual]) if usual.any() else steps.min()))
        place = np.r_[0.0, np.cumsum(steps)]
        return place / place[-1]

    def across(self, dates: pd.Series) -> NDArray[np.float64]:
        """The place of each date, NaN where it isn't shown."""
        days = dates.to_numpy().astype("datetime64[D]")
        if not len(self.days):
            return np.full(len(days), np.nan)
        row = np.minimum(np.searchsorted(self.days, days), len(self.days) - 1)
        return np.where(self.days[row] == days, self.places[row], np.nan)

    @cached_property
    def axes(self) -> dict[str, list[float]]:
        """The ticks of each unit, from all panels that have it; the first and last are the ends of the scale."""
        units = np.array([panel.unit for panel in self.panels], dtype=object)
        of_point = units[self.points["panel"].to_numpy()]
        lines = np.array([panel.line for panel in self.panels])
        ticks = {}
        for unit in dict.fromkeys(units.tolist()):
            own = self.points[of_point == unit]
            behind = self.pooled["value"][self.pooled["line"].isin(lines[units == unit])]
            held = np.concatenate([own["value"], own["median"], behind, self.held]).astype(float)
            ticks[unit] = ticks_of(held[~np.isnan(held)].tolist(), unit, self.zoomed)
        return ticks

    def up(self, panel: NDArray[np.int64], value: NDArray[np.float64]) -> NDArray[np.float64]:
        """How high each value lies on its panel's scale, 0 to 1."""
        low = np.array([self.axes[one.unit][0] for one in self.panels])[panel]
        high = np.array([self.axes[one.unit][-1] for one in self.panels])[panel]
        return (value - low) / (high - low)

    @cached_property
    def alt(self) -> str:
        """What the whole shows, for those who can't see it."""
        unit, ticks = next(iter(self.axes.items()))
        low, high = (value_text(tick, unit) for tick in (ticks[0], ticks[-1]))
        scale = say("side.alt_one_scale", low=low, high=high) if self.one_scale else say("side.alt_scales")
        periods = [panel.period for panel in self.panels]
        states = Counter(panel.said for panel in self.panels)
        first, last = (period_label(self.days[i].item(), periods[0], year=True) for i in (0, -1))
        return say(
            "side.alt",
            n=len(self.panels),
            what=self.what,
            by=say(f"periods.by.{periods[0]}") if len(set(periods)) == 1 else "",
            first=first,
            last=last,
            scale=scale,
            states="; ".join(say("side.alt_state", n=n, state=said) for said, n in states.items()),
        )


def pieces(
    line: NDArray[np.int64], days: NDArray[np.datetime64], value: NDArray[np.float64], longest: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The number of the unbroken piece that each row's point lies in. A piece ends where a line does, at a row without
    value, and where more than `longest` days (one number per row) lie between.

    >>> weeks = np.array(["2026-01-05", "2026-01-12", "2026-01-26", "2026-01-05"], dtype="datetime64[D]")
    >>> pieces(np.array([0, 0, 0, 1]), weeks, np.array([1.0, 2.0, 3.0, 4.0]), np.full(4, 7)).tolist()
    [0, 0, 1, 2]
    """
    missing = np.isnan(value)
    new = line[1:] != line[:-1]
    new |= missing[1:] | missing[:-1]
    new |= np.diff(days).astype("int64") > longest[1:]
    return np.r_[0, np.cumsum(new)][: len(line)]
