"""From many run charts to panels side by side: which, in which order, under which names."""

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

import numpy as np
import pandas as pd

from lib.analysis import expected_flags
from lib.analysis.states import STATES, UNREADABLE
from lib.charts import Panel, Panels
from lib.measures import Measure
from lib.screen.data import Charts, Network
from lib.store.series import usual_period
from lib.wording import mark, say, state_label, tone_of
from lib.wording.texts import counted, number

WITHOUT_MIDDLE = STATES[0]
"""Where run rules make no sense, a middle line makes none."""

NO_POOLED = pd.DataFrame(
    {
        "line": pd.Series(dtype="int64"),
        "date": pd.Series(dtype="datetime64[us]"),
        "value": pd.Series(dtype="float64"),
        "n_schools": pd.Series(dtype="int64"),
    }
)


@dataclass(frozen=True)
class Shown:
    """One panel before it is drawn: the row of its series in `Charts.keys`, its name on screen, and how it is shown."""

    row: int
    label: str
    mine: bool = False
    opens: bool = True
    line: int = -1


def letters(place: int) -> str:
    """What stands for the name of the school at this place, from 0.

    >>> letters(0), letters(25), letters(26), letters(701), letters(702)
    ('School A', 'School Z', 'School AA', 'School ZZ', 'School AAA')
    """
    said, left = "", place + 1
    while left:
        left, letter = divmod(left - 1, len(ascii_uppercase))
        said = ascii_uppercase[letter] + said
    return say("side.letter", letter=said)


def luck(phases: pd.DataFrame) -> str:
    """How many of these charts (their newest phases) luck alone would flag, beside the number that did.

    >>> phases = pd.DataFrame({"signal": [True, True, False], "state": ["shift", "too early", "steady"]})
    >>> luck(phases.assign(chance=[0.9, 0.9, 0.8]))
    'by luck alone expect about 2 of 3 charts to signal; 1 does'
    """
    readable = ~phases["state"].isin(UNREADABLE)
    if not readable.any():
        return say("luck.none")
    expected, found = expected_flags(phases), int(phases["signal"][readable].sum())
    count = say("luck.fewer") if expected < 0.5 else say("luck.about", n=number(expected))
    return say("luck.said", count=count, of=counted("charts", len(phases)), found=counted("luck.found", found))


def panels_of(
    network: Network,
    charts: Charts,
    shown: Sequence[Shown],
    period: str = "",
    pooled: pd.DataFrame = NO_POOLED,
    **about: object,
) -> Panels:
    """The panels in the order of `shown`. `pooled` and `about` as in `Panels`; `period` "" = each measure's own."""
    rows = np.array([one.row for one in shown], dtype=int)
    keys = charts.keys.iloc[rows]
    phases = charts.newest_phases.iloc[rows].to_dict("records")
    newest = charts.newest_points["value"].to_numpy()[rows]
    measures = [network.measures[number] for number in keys["measure"]]
    panels = []
    for one, measure, phase, value in zip(shown, measures, phases, newest, strict=True):
        found = mark(phase["state"], phase["direction"], measure, phase["median"])
        panels.append(
            Panel(
                label=one.label,
                mark=found,
                said=state_label(phase["state"], phase["direction"], measure.wanted, found.tone),
                unit=measure.unit,
                period=period or usual_period(measure.cadence),
                newest=float(value),
                mine=one.mine,
                opens=one.opens,
                line=one.line,
            )
        )
    points = _points(charts, rows, measures, [phase["state"] for phase in phases])
    return Panels(tuple(panels), points, pooled, **about)  # type: ignore[arg-type]


def _points(charts: Charts, rows: np.ndarray, measures: Sequence[Measure], states: Sequence[str]) -> pd.DataFrame:
    """The points of these series, one after the other, numbered by their panel."""
    columns = ["series", "date", "value", "numerator", "denominator", "median", "phase", "side", "in_signal"]
    points = charts.points_of(rows)[columns].rename(columns={"series": "panel"})
    unread = np.array([state == WITHOUT_MIDDLE for state in states], dtype=bool)[points["panel"].to_numpy()]
    points["median"] = points["median"].where(~unread)
    return points.drop(columns=["side", "in_signal"]).assign(tone=_tones(points, measures, states))


def _tones(points: pd.DataFrame, measures: Sequence[Measure], states: Sequence[str]) -> np.ndarray:
    """Whether a signal's point lies on the wanted side; "" where a point is no signal or no rule is read."""
    tones = np.full(len(points), "", dtype=object)
    readable = np.array([state not in UNREADABLE for state in states])[points["panel"].to_numpy()]
    signal = np.flatnonzero(points["in_signal"].to_numpy(dtype=bool) & readable)
    chosen = points.iloc[signal]
    rows = zip(signal, chosen["panel"], chosen["side"], chosen["median"], strict=True)
    for at, panel, side, median in rows:
        tones[at] = tone_of("up" if side > 0 else "down", measures[panel], float(median))
    return tones
