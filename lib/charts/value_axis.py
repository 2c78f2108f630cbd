"""The axis of values: where it begins and ends, and its ticks."""

import math
from collections.abc import Sequence

import numpy as np

from lib.wording import Reading, bare_text, value_text

MOST_STEPS = 5
NICE = (1.0, 2.0, 2.5, 5.0, 10.0)
ZOOM_MARGIN = 0.08

FAINT = ("last_year", "lower", "upper")
"""Columns of a reading's points that are drawn as faint lines where they are there."""


def marks_on_axis(reading: Reading) -> list[float]:
    """Every value the axis must hold: points, middle lines, goal or band."""
    measure = reading.measure
    goals = [measure.goal, measure.goal_low, measure.goal_high] if measure.wanted == "in range" else [measure.goal]
    values = [*reading.points["value"], *reading.phases["median"], *(goal for goal in goals if goal is not None)]
    for name in FAINT:
        values += [*reading.points[name]] if name in reading.points else []
    return [float(value) for value in values if not math.isnan(value)]


def ticks(reading: Reading, zoomed: bool) -> list[float]:
    """The ticks of a run chart's axis; see `ticks_of`."""
    return ticks_of(marks_on_axis(reading), reading.measure.unit, zoomed)


def ticks_of(held: Sequence[float], unit: str, zoomed: bool) -> list[float]:
    """Ascending ticks of an axis that holds these values; the first and the last are its ends.
    Percent 0 to 100 %, others from 0, unless zoomed; values below 0 or above 100 % make the axis longer.
    """
    percent = unit == "percent"
    low, high = min(held, default=0.0), max(held, default=1.0)
    if zoomed and held:
        return _zoomed(low, high, percent)
    if percent and low >= 0 and high <= 1:
        return [0, 0.25, 0.5, 0.75, 1]
    return nice_ticks(min(low, 0.0), max(high, 1.0 if percent else 0.0))


def _zoomed(low: float, high: float, percent: bool) -> list[float]:
    margin = ZOOM_MARGIN * (high - low) or 0.05 * abs(high) or 0.5
    bottom, top = low - margin, high + margin
    found = nice_ticks(max(bottom, 0.0) if low >= 0 else bottom, min(top, 1.0) if percent and high <= 1 else top)
    return [tick for tick in found if not percent or high > 1 or tick <= 1.0]


def nice_ticks(low: float, high: float) -> list[float]:
    """Round ticks that hold low and high, in at most five steps or so.

    >>> nice_ticks(0, 18), nice_ticks(0, 2.8), nice_ticks(0, 0)[-1]
    ([0.0, 5.0, 10.0, 15.0, 20.0], [0.0, 1.0, 2.0, 3.0], 1.0)
    """
    if high <= low:
        high = low + 1.0
    rough = (high - low) / MOST_STEPS
    size = 10.0 ** math.floor(math.log10(rough))
    step = size * next(nice for nice in NICE if nice * size >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(float(i * step), 10) for i in np.arange(first, last + 1)]


def tick_text(tick: float, unit: str, step: float) -> str:
    """A tick in the measure's unit, with no more decimals than the step needs.

    >>> tick_text(0.5, "hours", 0.25), tick_text(2, "hours", 1.0), tick_text(0.025, "percent", 0.025)
    ('0.5 h', '2 h', '2.5 %')
    """
    size = 100 * step if unit in ("percent", "percentage points") else step
    decimals = next((n for n in (0, 1) if abs(10**n * size - round(10**n * size)) < 1e-9), 2)
    return bare_text(tick, unit, decimals) if unit == "percentage points" else value_text(tick, unit, decimals)
