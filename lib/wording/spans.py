"""What the calendar says about a chart: runs that lie across a break, values of days that don't count, differences."""

import pandas as pd

from lib.analysis.states import EARLY_HINT_RUN, UNREADABLE
from lib.wording.reading import Break, Reading
from lib.wording.texts import entry, number, say

SHORTEST_BREAK = {"day": 1, "week": 3, "two weeks": 5, "three weeks": 5, "five weeks": 5, "month": 21}
"""Days a break must have to be drawn and spoken of, by period; breaks inside longer periods say nothing about them."""

MOST_NAMED = 3


def spans_text(reading: Reading) -> str:
    """That the run of the chart lies across breaks, or nothing.

    The run is the newest one beyond the limit, else the newest one where it is long enough for an early hint. It has
    points before and after each break that is named.
    """
    ends = _run(reading)
    names = [] if ends is None else [b.name for b in _breaks_between(reading, *ends)]
    if not names:
        return ""
    if len(names) > MOST_NAMED:
        return say("spans.many", n=number(len(names)), newest=names[-1])
    return say("spans.named", names=_listed(names))


def _run(reading: Reading) -> tuple[int, int] | None:
    """Row positions of the first and last point of the run that is spoken of."""
    phase = reading.newest_phase
    if phase is None or phase["state"] in UNREADABLE:
        return None
    if phase["run_first"] >= 0:
        return int(phase["run_first"]), int(phase["run_last"])
    return _newest_run(reading, phase)


def _newest_run(reading: Reading, phase: pd.Series) -> tuple[int, int] | None:
    first, last = int(phase["first"]), int(phase["last"])
    run = reading.points["run"].iloc[first : last + 1].to_numpy(dtype=float, na_value=float("nan"))
    rows = [first + place for place, mine in enumerate(run == pd.Series(run).max()) if mine]
    return (rows[0], rows[-1]) if len(rows) >= EARLY_HINT_RUN else None


def _breaks_between(reading: Reading, first: int, last: int) -> list[Break]:
    """Breaks that end before the run does and begin after it did, in order of date."""
    begin, end = (reading.points["date"].iloc[row].date() for row in (first, last))
    fewest = SHORTEST_BREAK.get(reading.period)
    return [
        b
        for b in sorted(reading.breaks, key=lambda b: b.first)
        if fewest is not None and (b.last - b.first).days + 1 >= fewest and begin < b.first and b.last < end
    ]


def _listed(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return say("spans.listed", most=", ".join(names[:-1]), last=names[-1])


def no_count_text(n: int) -> str:
    """How many values are in no point because their days don't count, or nothing.

    >>> no_count_text(0), no_count_text(1), no_count_text(1200)
    ('', '1 value on a no-count day is left out.', '1,200 values on no-count days are left out.')
    """
    if n == 0:
        return ""
    return say("no_count.one" if n == 1 else "no_count.many", n=number(n))


def transformed_text(period: str, relative: bool = False, per_period: bool = False) -> str:
    """What the points of a changed series are, for the words under its axis; nothing for a series as it is.

    >>> transformed_text("week", per_period=True)
    'new in each week'
    >>> transformed_text("week", relative=True)
    'how far above or below the other schools'
    """
    said = [say("transformed.per_period", period=entry("periods.one")[period])] if per_period else []
    return ", ".join([*said, *([say("transformed.relative")] if relative else [])])
