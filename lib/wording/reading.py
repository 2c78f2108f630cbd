"""One run chart as a value: what is drawn, said, listed and exported all comes from it."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from lib.measures import Measure

ROW_POSITIONS = (
    "first",
    "last",
    "baseline_first",
    "baseline_last",
    "run_first",
    "run_last",
    "trend_first",
    "trend_last",
)
"""Columns of `Reading.phases` that are row positions in `Reading.points`; -1 = none. Who cuts one series out of many
must move them all."""


@dataclass(frozen=True)
class Break:
    """A time without school; both days belong to it."""

    name: str
    first: date
    last: date


@dataclass(frozen=True)
class IdeaStart:
    """The day a change idea started at the place of the chart."""

    name: str
    date: date


@dataclass(frozen=True)
class Note:
    """What a person wrote on a chart, with its number there. On the point of `row`, or on a day alone (row -1)."""

    number: int
    date: date
    row: int
    text: str
    who: str


@dataclass(frozen=True)
class PhaseStart:
    """A phase that a person began: at the point of `row`, with a name and the reason."""

    row: int
    name: str
    text: str
    who: str


@dataclass(frozen=True)
class Reading:
    """One run chart, read.

    `points`: one row per period in order: `date` (datetime64), `numerator`, `denominator`, `value` (NaN = a gap),
    `phase`, `median`, `side`, `run`, `place`, `in_signal`, `in_baseline`, `excluded`; optional `n_schools`, `file`,
    `sheet`, `cell`, `upload`, `why` (why a person left the point out, or wrote on it), `last_year` (the value at the
    same time last year, of a measure that adds up), `lower`, `upper` and `beyond` (control limits). `phases`: the rows
    of `RunCharts.phases` of this series, with ROW_POSITIONS counted in `points`. `by_school_year`: the newest phase is
    read against the median of the school year before. `as_of`: the day as of which data and marks are shown.
    """

    measure: Measure
    place: str
    group: str
    period: str
    rules: str
    points: pd.DataFrame
    phases: pd.DataFrame
    breaks: tuple[Break, ...] = ()
    ideas: tuple[IdeaStart, ...] = ()
    aggregated: str = ""
    incomplete: bool = False
    notes: tuple[Note, ...] = ()
    starts: tuple[PhaseStart, ...] = ()
    by_school_year: bool = False
    as_of: date | None = None

    @cached_property
    def newest_phase(self) -> pd.Series | None:
        """The row of the newest phase, or None where there is no point at all."""
        return None if self.phases.empty else self.phases.iloc[-1]
