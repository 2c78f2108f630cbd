"""What dates that stand together, in a column or a header, say of one another."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from lib.intake.date_words import MONTH, MONTHS, MOST_WEEKS, NUMBERED_WEEK, TWO_DIGIT_YEARS
from lib.intake.vocabulary import ABOVE


class Alike(NamedTuple):
    """What texts that stand together say of one another; see `alike`."""

    school_years: bool = False
    """2011-12 and 201112 are a school year and no December."""
    months: bool = False
    """ "Sep 25" is September 2025 and no day."""
    semesters: bool = False
    """ "Sem 1" is a semester and no week (semana)."""
    weeks_of_months: bool = False
    """Each month numbers its own weeks."""
    weeks_of_year: bool = False
    """The numbers of weeks go on from month to month."""
    winter_first: bool = False
    """ "Winter 2026" is the winter in which 2026 begins."""


ALONE = Alike()
SCHOOL_YEARS = Alike(school_years=True)


def alike(texts: Sequence[str]) -> Alike:
    """What the texts of one column or header say of one another.

    >>> alike(["2010-11", "2011-12"]).school_years, alike(["2011-11", "2011-12"]).school_years
    (True, False)
    """
    return _alike(tuple(texts))


@lru_cache(maxsize=200)
def _alike(texts: tuple[str, ...]) -> Alike:
    low = [" ".join(text.lower().split()) for text in texts]
    return Alike(
        school_years=_are_school_years(low),
        months=_are_months(low),
        semesters=all(number in ("1", "2") for number in _all_found(r"sem\.? ?(\d+)", low)),
        weeks_of_months=_begin_anew(_weeks_under_months(low)),
        weeks_of_year=_go_on(_weeks_under_months(low)),
        winter_first=_begins_in_winter(low),
    )


def _all_found(pattern: str, texts: list[str]) -> list[str]:
    return [found.group(1) for text in texts if (found := re.fullmatch(pattern, text))]


def _are_school_years(texts: list[str]) -> bool:
    """Whether every text that could be a school year or a month (2011-12, 201112) fits a school year."""
    found = [re.fullmatch(r"(\d{4})[-/]?(\d{2})", text) for text in texts]
    pairs = [(int(one.group(1)), int(one.group(2))) for one in found if one]
    return bool(pairs) and all(rest == (year + 1) % 100 for year, rest in pairs)


def _are_months(texts: list[str]) -> bool:
    """Whether texts such as "Sep 25" go from month to month, with a number that only a new year changes.

    >>> _are_months(["nov 25", "dec 25", "jan 26"]), _are_months(["nov 25", "dec 2", "dec 9"])
    (True, False)
    """
    found = [one for text in texts if (one := re.fullmatch(MONTH + r" (\d{2})", text))]
    months = sorted({12 * int(one.group(2)) + MONTHS[one.group(1)] for one in found})
    years = {int(one.group(2)) for one in found}
    steady = all(two == one + 1 for one, two in pairwise(months))
    return len(months) > 2 and steady and years <= set(TWO_DIGIT_YEARS) and len(years) < len(months)


Weeks = set[tuple[str, int]]
"""Months and the numbers of weeks under them."""


def _weeks_under_months(texts: list[str]) -> Weeks:
    parts = [text.partition(ABOVE) for text in texts]
    return {(month, int(found[1])) for month, _, week in parts if (found := NUMBERED_WEEK.fullmatch(week))}


def _begin_anew(weeks: Weeks) -> bool:
    """Whether a numbered week comes again under another month."""
    numbers = {number for _, number in weeks}
    return len(weeks) > len(numbers) and max(numbers) <= MOST_WEEKS


def _go_on(weeks: Weeks) -> bool:
    return len({month for month, _ in weeks}) > 1 and not _begin_anew(weeks)


def _begins_in_winter(texts: list[str]) -> bool:
    """Whether a winter has the number of the year after the fall before it."""
    falls, winters = ({int(year) for year in _all_found(rf"{name} (\d{{4}})", texts)} for name in ("fall", "winter"))
    return bool(winters) and winters <= {year + 1 for year in falls} and not winters <= falls
