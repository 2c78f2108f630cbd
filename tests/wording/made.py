"""Readings made by hand for tests of words and charts, read by the real rules."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from lib.analysis import run_charts
from lib.measures import CADENCES, Measure
from lib.wording import Reading

ATTENDANCE = Measure(
    1, "Weekly attendance", "Is weekly attendance getting better at {school}?", unit="percent", wanted="up", goal=0.9
)

OAK_STREET = [56, 61, 58, 57, 52, 57, 65, 61, 64, 59, 62, 59, 55, 63, 68, 74, 72, 66, 59, 70, 73, 71, 74, 69, 75, 73]
"""The numbers of the run chart that the look is drawn after: median of the first 12 is 59, then 12 above in a row."""


def weeks(n: int, first: date = date(2025, 9, 1), every: int = 7) -> list[date]:
    return [first + timedelta(days=every * i) for i in range(n)]


def made(
    values: Sequence[float],
    measure: Measure = ATTENDANCE,
    *,
    dates: Sequence[date] | None = None,
    baseline: int | None = None,
    rules: str = "anhoej",
    phase: Sequence[object] | None = None,
    excluded: Sequence[int] = (),
    denominator: float | None = None,
    **about: Any,
) -> Reading:
    """A reading of plain values (percent as fractions), or of counts out of `denominator`."""
    points = pd.DataFrame({"series": np.zeros(len(values), dtype=np.int64)})
    points["date"] = pd.to_datetime(list(dates) if dates is not None else weeks(len(values)))
    points["value"] = np.array(values, dtype=float)
    points["denominator"] = float("nan") if denominator is None else denominator
    points["numerator"] = points["value"] * points["denominator"]
    points["excluded"] = np.isin(np.arange(len(values)), list(excluded))
    if phase is not None:
        points["phase"] = list(phase)
    period = about.pop("period", measure.cadence)
    reads = measure.reads_runs and CADENCES[period].per_year >= 5
    result = run_charts(points, rules=rules, baseline=baseline, reads_runs=reads)
    about = {"place": "Oak Street High", "group": "All students"} | about
    return Reading(
        measure, about.pop("place"), about.pop("group"), period, rules, result.points, result.phases, **about
    )


def percents(*values: float) -> list[float]:
    return [value / 100 for value in values]


def oak_street(measure: Measure = ATTENDANCE, **about: Any) -> Reading:
    return made(percents(*OAK_STREET), measure, baseline=12, **about)


def with_measure(**changes: Any) -> Measure:
    return replace(ATTENDANCE, **changes)
