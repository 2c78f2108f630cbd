"""Where a change has held: charts whose newest points that count are all on one side, long enough to be worth a visit.

Source: the project's notes on comparing fairly: a signal the wanted way, held for 8 points or more, balancing measures
not worse. It is a reason to ask how, not a prize.
"""

import pandas as pd

HELD = 8
"""Points that count in a row, the newest among them. Source: the project's notes on bright spots."""


def held(phases: pd.DataFrame) -> "pd.Series[bool]":
    """Whether a lasting change has held in the newest phase of each chart (rows of `RunCharts.phases`).

    >>> phases = pd.DataFrame({"state": ["shift", "shift", "steady"], "newest_run": [8, 7, 9]})
    >>> held(phases).tolist()
    [True, False, False]
    """
    return (phases["state"] == "shift") & (phases["newest_run"] >= HELD)


def held_since(points: pd.DataFrame, phases: pd.DataFrame) -> "pd.Series[pd.Timestamp]":
    """The date of the first point of each newest run: `points` of the charts as `RunCharts.points`, numbered by
    `series` from 0 in the order of `phases`."""
    counted = points[points["side"].abs() == 1]
    from_end = counted.groupby("series").cumcount(ascending=False) + 1
    first = counted[from_end == counted["series"].map(dict(enumerate(phases["newest_run"])))]
    return first.set_index("series")["date"]
