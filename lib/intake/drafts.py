"""Measures as a file suggests them: what the network knows already, else drafts to be confirmed."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from lib.intake.known import Known
from lib.intake.recipe import Recipe, UnitInFile
from lib.intake.vocabulary import DOWN, UP, plain
from lib.measures import Measure, Unit, Wanted

UNIT_OF_FILE: dict[UnitInFile, Unit] = {
    "percent": "percent",
    "fraction": "percent",
    "rate": "rate",
    "count": "count",
    "number": "number",
    "hours": "hours",
    "minutes": "minutes",
}
LONGEST_GAPS = (
    (4, "day"),
    (10, "week"),
    (17, "two weeks"),
    (27, "three weeks"),
    (44, "month"),
    (100, "quarter"),
    (200, "term"),
)
"""Usual days between two dates, up to which a measure is taken so often; 35 days and nothing else are five weeks."""


def draft_measures(observations: pd.DataFrame, recipe: Recipe, known: Known) -> tuple[Measure, ...]:
    """The measures of a file, in the order they first appear."""
    dates = observations.groupby("measure", sort=False)["date"].unique()
    return tuple(_measure(str(name), days, recipe, known) for name, days in dates.items())


def _measure(name: str, days: "np.ndarray", recipe: Recipe, known: Known) -> Measure:
    found = known.measure(name)
    if found:
        return found
    unit = UNIT_OF_FILE[recipe.unit_of(name) or "number"]
    cadence = recipe.dates.cadence or guess_cadence(days)
    draft = Measure(id=0, name=name, unit=unit, wanted=guess_wanted(name), cadence=cadence, draft=True)
    return replace(draft, **_words_of_parts(name, recipe))


def _words_of_parts(name: str, recipe: Recipe) -> dict[str, Any]:
    said = {}
    for role in ("numerator", "denominator"):
        headers = [column.header for column in recipe.columns_as(role) if column.measure == name]
        if headers:
            said[f"{role}_words"] = headers[0].split(" | ")[-1].strip(" *")
    return said


def guess_wanted(name: str) -> Wanted:
    """
    >>> guess_wanted("Chronically absent"), guess_wanted("Attendance"), guess_wanted("Homework hours")
    ('down', 'up', 'none')
    """
    words = plain(name)
    if DOWN.fullmatch(words):
        return "down"
    return "up" if UP.fullmatch(words) else "none"


def guess_cadence(days: "np.ndarray") -> str:
    """How often a measure is taken, by the commonest distance of its dates.

    >>> guess_cadence(np.array(["2025-09-01", "2025-09-08", "2025-09-15"], dtype="datetime64[D]"))
    'week'
    """
    ordered = np.sort(np.asarray(days).astype("datetime64[D]"))
    gaps = np.diff(ordered).astype(int)
    if not len(gaps):
        return "year"
    gap = float(np.median(gaps))
    if 33 <= gap <= 37 and (gaps % 7 == 0).mean() > 0.5:
        return "five weeks"
    return next((name for longest, name in LONGEST_GAPS if gap <= longest), "year")
