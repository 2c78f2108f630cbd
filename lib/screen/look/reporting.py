"""Who has reported: which schools have a value in the newest period of each measure."""

from dataclasses import dataclass
from datetime import date
from html import escape

import numpy as np

from lib.measures import CADENCES
from lib.screen.data import Charts, Network
from lib.store.series import usual_period
from lib.wording import day, period_label, say
from lib.wording.texts import entry

NAMED = 6
"""Schools named in a line; the others are counted, and all are named where it opens."""


@dataclass(frozen=True)
class Missing:
    """The newest period in which any school has a value on these measures, and the schools that have none there.

    `of`: schools that have reported these measures at all; one that never did is not waited for.
    """

    period: str
    newest: date
    measures: tuple[int, ...]
    schools: tuple[int, ...]
    of: int


def newest_periods(network: Network, charts: Charts) -> dict[int, date]:
    """The first day of each measure's newest period."""
    newest = charts.newest_points["date"].groupby(charts.keys["measure"]).max()
    return dict(zip(newest.index.tolist(), newest.dt.date.tolist(), strict=True))


def late(network: Network, charts: Charts) -> np.ndarray:
    """Whether each series (a row of `Charts.keys`) has no value in its measure's newest period."""
    dates = charts.newest_points["date"]
    return (dates < dates.groupby(charts.keys["measure"]).transform("max")).to_numpy()


def missing(network: Network, charts: Charts, schools: set[int]) -> list[Missing]:
    """Who has not reported, among these schools; measures with one newest period and cadence are taken together."""
    newest = newest_periods(network, charts)
    keys = charts.keys.assign(late=late(network, charts))
    keys = keys[keys["school"].isin(schools)]
    together: dict[tuple[str, date], list[int]] = {}
    for measure in network.measures:
        if measure in newest:
            period = usual_period(network.measures[measure].cadence)
            together.setdefault((period, newest[measure]), []).append(measure)
    found = []
    for (period, when), measures in together.items():
        rows = keys[keys["measure"].isin(measures)]
        who = set(rows.loc[rows["late"], "school"].tolist())
        ordered = tuple(number for number in network.schools if number in who)
        found.append(Missing(period, when, tuple(measures), ordered, int(rows["school"].nunique())))
    return found


def period_said(period: str, when: date) -> str:
    """A period in a sentence.

    >>> period_said("week", date(2026, 3, 9)), period_said("month", date(2026, 3, 1))
    ('the week of 9 Mar', 'Mar 2026')
    >>> period_said("three weeks", date(2026, 2, 23))
    'the three weeks from 23 Feb'
    """
    weeks = CADENCES[period].weeks
    if weeks == 1:
        return say("board.week_of", day=day(when))
    if weeks:
        return say("board.weeks_of", weeks=entry("periods.one")[period], day=day(when))
    return period_label(when, period)


def sentence(network: Network, one: Missing, named: int = NAMED) -> str:
    """“3 of 24 schools have not reported for the week of 9 Mar: …”."""
    period = period_said(one.period, one.newest)
    if not one.schools:
        return say("board.all_reported", period=period)
    key = "missing_one" if len(one.schools) == 1 else "missing_many"
    names = ", ".join(network.school_label(school) for school in one.schools[:named])
    if len(one.schools) > named:
        names = say("board.more_names", names=names, n=f"{len(one.schools) - named:,}")
    return say(f"board.{key}", n=f"{len(one.schools):,}", of=f"{one.of:,}", period=period, names=names)


def as_html(network: Network, found: list[Missing]) -> str:
    """The first that misses somebody as a line, and all of them with all names where it opens. Texts are escaped."""
    waiting = [one for one in found if one.schools]
    if not waiting:
        return f"<p>{escape('; '.join(sentence(network, one) for one in found))}</p>" if found else ""
    lines = "".join(f"<li>{escape(_in_full(network, one))}</li>" for one in waiting)
    return (
        f"<details><summary>{escape(sentence(network, waiting[0]))}{_more(waiting)}</summary><ul>{lines}</ul></details>"
    )


def _more(waiting: list[Missing]) -> str:
    n = len(waiting) - 1
    return escape(" · " + say("board.more_periods" if n > 1 else "board.one_more_period", n=n)) if n else ""


def _in_full(network: Network, one: Missing) -> str:
    measures = ", ".join(network.measures[number].name for number in one.measures)
    return f"{measures}: {sentence(network, one, named=len(one.schools))}"
