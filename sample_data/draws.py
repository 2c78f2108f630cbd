"""Draws the invented counts. One function per measure, each with random numbers of its own, so that a change to one
leaves the others as they were.

Every frame has the columns school, date (a Monday), numerator, denominator, value; those with student groups also
have category and group ("" for all students). A missing number is NaN.
"""

from collections.abc import Iterator
from datetime import date
from itertools import count

import numpy as np
import pandas as pd

from sample_data.invented import (
    AT_CEILING,
    CATEGORIES,
    DECEMBER_DIP,
    GAP,
    SCHOOLS,
    SEED,
    SNOW,
    YEARS,
    SampleSchool,
    effect,
    every_nth_week,
    has_gap,
    in_session,
    mondays,
    reports,
)

GRADES_EACH = 6
"""Courses in which each ninth grader gets a grade."""

FORGOTTEN = 0.012
"""Share of counts that somebody forgot to send."""

FEW = 10
"""Groups of fewer students than this are marked “*” in the spreadsheet of some schools."""

_streams = {
    name: number
    for number, name in zip(
        count(1), ("attendance", "grades", "on_track", "survey", "advisory", "contacts", "homework"), strict=False
    )
}


def _generator(measure: str) -> np.random.Generator:
    return np.random.default_rng([SEED, _streams[measure]])


def _weekly(rng: np.random.Generator) -> Iterator[tuple[SampleSchool, date]]:
    """The school weeks that a school counts; forgotten ones and stretches without counts are left out."""
    for school in SCHOOLS:
        for year in YEARS:
            for day in mondays(year):
                forgotten = rng.random() < FORGOTTEN
                closed = not in_session(day, school.district) or SNOW.get(school.name) == day
                if reports(school.name, day) and not (forgotten or closed or has_gap(school.name, day)):
                    yield school, day


def _every(weeks: int, rng: np.random.Generator) -> Iterator[tuple[SampleSchool, date]]:
    """As _weekly, for measures taken every so many weeks."""
    for school in SCHOOLS:
        for year in YEARS:
            for day in every_nth_week(year, weeks):
                forgotten = rng.random() < FORGOTTEN
                if reports(school.name, day) and not forgotten:
                    yield school, day


def _bases(rng: np.random.Generator, low: float, high: float) -> dict[str, float]:
    """Each school's own usual level."""
    return {school.name: float(rng.uniform(low, high)) for school in SCHOOLS}


def _enrolled(rng: np.random.Generator, school: SampleSchool) -> int:
    return school.ninth_graders + int(rng.integers(-2, 3))


def _count(rng: np.random.Generator, of: int, share: float, wobble: float) -> int:
    """How many of so many, around a share that itself wobbles a little from one count to the next."""
    return int(rng.binomial(of, np.clip(share + rng.normal(0, wobble), 0.01, 0.995)))


def attendance() -> pd.DataFrame:
    rng = _generator("attendance")
    bases = _bases(rng, 0.80, 0.90)
    rows = []
    for school, day in _weekly(rng):
        days = 5 * _enrolled(rng, school)
        share = bases[school.name] + effect("Weekly attendance", school.name, day) + DECEMBER_DIP.get(day, 0.0)
        rows.append((school.name, day, _count(rng, days, share, 0.012), days, np.nan))
    return _frame(rows)


def advisory() -> pd.DataFrame:
    rng = _generator("advisory")
    bases = _bases(rng, 0.70, 0.88)
    rows = []
    for school, day in _weekly(rng):
        usual = max(8, round(school.ninth_graders / 8))
        planned = usual + int(rng.integers(-2, 3))
        held = _count(rng, planned, bases[school.name], 0.02)
        if school.name == AT_CEILING[0]:
            held = planned - int(rng.random() < 0.08)
        rows.append((school.name, day, held, planned, np.nan))
    return _frame(rows)


def contacts() -> pd.DataFrame:
    rng = _generator("contacts")
    bases = _bases(rng, 0.08, 0.20)
    rows = []
    for school, day in _weekly(rng):
        usual = bases[school.name] * school.ninth_graders
        rows.append((school.name, day, np.nan, np.nan, int(rng.poisson(usual * rng.lognormal(0, 0.16)))))
    return _frame(rows)


def on_track() -> pd.DataFrame:
    rng = _generator("on_track")
    bases = _bases(rng, 0.66, 0.86)
    rows = []
    for school, day in _every(5, rng):
        students = _enrolled(rng, school)
        share = np.clip(bases[school.name] + rng.normal(0, 0.022), 0, 1)
        rows.append((school.name, day, round(students * share), students, np.nan))
    return _frame(rows)


def homework() -> pd.DataFrame:
    rng = _generator("homework")
    bases = _bases(rng, 4.2, 6.2)
    rows = []
    for school, day in _every(3, rng):
        hours = bases[school.name] + effect("Homework hours", school.name, day) + rng.normal(0, 0.24)
        rows.append((school.name, day, np.nan, np.nan, round(float(hours), 1)))
    return _frame(rows)


def _shares(rng: np.random.Generator) -> dict[tuple[str, str], float]:
    """The share of each category's first group in each school."""
    ranges = {"Language": (0.08, 0.22), "Support plan": (0.10, 0.18), "Lunch": (0.30, 0.75)}
    return {
        (school.name, category): float(rng.uniform(*ranges[category])) for school in SCHOOLS for category in CATEGORIES
    }


def _split(rng: np.random.Generator, hits: int, of: int, first: int, odds: float) -> tuple[int, int]:
    """Divides hits among a first group and the rest, neither getting more hits than it has members."""
    weight = first * odds / (first * odds + (of - first))
    low, high = max(0, hits - (of - first)), min(hits, first)
    ours = int(np.clip(rng.binomial(hits, weight), low, high))
    return ours, hits - ours


def _with_groups(
    rng: np.random.Generator,
    students: int,
    each: int,
    shares: dict[str, float],
    language: tuple[float, float],
    odds: dict[str, float],
    wobble: float,
) -> list[tuple[str, str, int, int]]:
    """Category, group, numerator and denominator of all students and of every group; the groups of a category add up.

    `language` gives the two language groups' shares; the other categories divide the same hits by their `odds`.
    """
    shake = rng.normal(0, wobble)
    learners = max(2, round(students * shares["Language"])) * each
    everyone = students * each
    sizes = (learners, everyone - learners)
    hits = [_count(rng, size, share + shake, 0.004) for size, share in zip(sizes, language, strict=True)]
    rows = [("", "", sum(hits), everyone)]
    rows += [("Language", *row) for row in zip(CATEGORIES["Language"], hits, sizes, strict=True)]
    for category in ("Support plan", "Lunch"):
        first = max(2, round(students * shares[category])) * each
        divided = _split(rng, sum(hits), everyone, first, odds[category])
        rows += [(category, *row) for row in zip(CATEGORIES[category], divided, (first, everyone - first), strict=True)]
    return rows


def grades() -> pd.DataFrame:
    """D or F grades among all grades given, by student group."""
    rng = _generator("grades")
    bases, shares = _bases(rng, 0.20, 0.30), _shares(rng)
    rows = []
    for school, day in _every(3, rng):
        share = bases[school.name] + effect("D or F grades", school.name, day)
        ours = {category: shares[school.name, category] for category in CATEGORIES}
        odds = {"Support plan": 1.25, "Lunch": 1.2}
        counts = _with_groups(rng, _enrolled(rng, school), GRADES_EACH, ours, (share + 0.05, share), odds, 0.012)
        rows += [(school.name, day, *row) for row in counts]
    return _group_frame(rows)


def survey() -> pd.DataFrame:
    """Students who agree with “I know what to do when I'm stuck”, among those who answered, by student group."""
    rng = _generator("survey")
    bases, shares = _bases(rng, 0.58, 0.74), _shares(rng)
    rows = []
    for school, day in _every(3, rng):
        answered = round(_enrolled(rng, school) * float(rng.uniform(0.76, 0.93)))
        share = bases[school.name]
        learners = share - 0.18 + (GAP.effect if day >= GAP.first else 0.0)
        ours = {category: shares[school.name, category] for category in CATEGORIES}
        counts = _with_groups(rng, answered, 1, ours, (learners, share), {"Support plan": 0.85, "Lunch": 0.95}, 0.01)
        rows += [(school.name, day, *row) for row in counts]
    return _group_frame(rows)


def _frame(rows: list[tuple]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["school", "date", "numerator", "denominator", "value"])


def _group_frame(rows: list[tuple]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["school", "date", "category", "group", "numerator", "denominator"])
