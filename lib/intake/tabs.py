"""What the sheets of one grid are to each other: schools, periods, measures, or one table in pieces."""

import re
from collections.abc import Sequence
from typing import Literal

import pandas as pd

from lib.intake.binding import rest_of
from lib.intake.dates import DASHED_DAY, Dates, find_school_year, read_period
from lib.intake.evidence import Seen
from lib.intake.group_names import group_in, means_everybody
from lib.intake.known import Known
from lib.intake.recipe import Role
from lib.intake.titles import SCHOOLISH
from lib.intake.vocabulary import COUNT, DOWN, PERCENT, UP, plain

Tabs = Literal["", "school", "period", "measure", "group"]
KEYS: tuple[Role, ...] = ("school id", "school name", "district", "date", "measure", "category", "group")
SHARE_SHARED = 0.02
"""Of the rows, by school, date and group: so many stand in two sheets before the sheets' names must tell them apart."""
SHARE_OF_SCHOOLS_SHARED = 0.5
BARE_NUMBER = re.compile(r"\d{1,3}")


def by_names(names: Sequence[str], known: Known) -> Tabs:
    """What the sheets' names say, "" where they say nothing.

    >>> by_names(["Sep 2025", "Oct 2025"], Known()), by_names(["Attendance", "D/F rate"], Known())
    ('period', 'measure')
    >>> by_names(["Lincoln High", "Hope Academy"], Known()), by_names(["Data"], Known())
    ('school', '')
    >>> by_names(["9-8", "9-15"], Known()), by_names(["Grade 9", "Grade 10", "All"], Known())
    ('period', 'group')
    """
    if names and (all(is_period(name) for name in names) or _are_days(names)):
        return "period"
    if len(names) > 1 and all(means_everybody(name) or is_group(name) for name in names):
        return "group"
    words = known.school_words()
    schools = sum(1 for name in names if name.casefold() in words or SCHOOLISH.fullmatch(name))
    if schools >= 0.5 * max(len(names), 1):
        return "school"
    return "measure" if len(names) > 1 and all(is_measure(name, known) for name in names) else ""


def is_group(name: str) -> bool:
    """Whether a name is a student group's and nothing else."""
    found = group_in(name)
    return found is not None and not found[2]


def _are_days(names: Sequence[str]) -> bool:
    """ "9-8" and "9-15": a tab's name can't have a slash. Grades, such as "6-8", are never over 12."""
    pairs = [found for name in names if (found := DASHED_DAY.fullmatch(name.strip()))]
    numbers = [sorted((int(pair[1]), int(pair[2]))) for pair in pairs]
    return len(pairs) == len(names) and all(low <= 12 for low, _ in numbers) and any(high > 12 for _, high in numbers)


def is_period(name: str) -> bool:
    period, rest = rest_of(name, Dates())
    return bool(period) and len(plain(rest).split()) <= 2 and not BARE_NUMBER.fullmatch(name)


def is_measure(text: str, known: Known) -> bool:
    """Whether a text reads like the name of a measure.

    >>> is_measure("Attendance %", Known()), is_measure("Lincoln", Known())
    (True, False)
    """
    words = plain(text)
    return known.measure(text) is not None or any(one.fullmatch(words) for one in (PERCENT, COUNT, UP, DOWN))


def say_years(names: Sequence[str]) -> bool:
    """Whether each sheet is of a school year of its own."""
    years = [find_school_year(name) for name in names]
    return len(names) > 1 and None not in years and len(set(years)) == len(years)


Looked = tuple[list[Seen], list[Seen], dict[int, Role]]
"""Of one sheet: all columns, those under a period, roles by position."""


def differ_in_periods(sheets: Sequence[Looked]) -> bool:
    """Whether weeks stand across in one sheet and quarters in another, so that they are not one table in pieces."""
    kinds = [{_kind_of_period(one.period_and_rest[0]) for one in across} for _, across, _ in sheets]
    return len({frozenset(kind) for kind in kinds if kind}) > 1


def _kind_of_period(text: str) -> str:
    period = read_period(text)
    return "" if period is None else "day" if period.kind == "week" else period.kind


def are_measures_of_schools(names: Sequence[str], sheets: Sequence[Looked]) -> bool:
    """Whether sheets that are called differently, periods apart, tell of the same schools."""
    different = {plain(rest_of(name, Dates())[1]) for name in names}
    schools = [_schools_in(seen, roles) for seen, _, roles in sheets]
    shared = len(set.intersection(*schools))
    return len(different) > 1 and shared >= SHARE_OF_SCHOOLS_SHARED * min(len(one) for one in schools)


def _schools_in(seen: list[Seen], roles: dict[int, Role]) -> set[str]:
    keys = [one for one in seen if roles.get(one.position) in ("school id", "school name")]
    return {word for one in keys[:1] for word in one.words}


def are_rivals(sheets: Sequence[Looked]) -> bool:
    """Whether the same school, date and group stand in several sheets."""
    frames = [_keys(*one) for one in sheets]
    keys = pd.concat([frame.assign(sheet=place) for place, frame in enumerate(frames)])
    columns = [name for name in keys.columns if name != "sheet"]
    if not columns or keys.empty:
        return False
    different = keys.drop_duplicates()
    return float(different.duplicated(columns).sum()) > SHARE_SHARED * len(different)


def _keys(seen: list[Seen], across: list[Seen], roles: dict[int, Role]) -> pd.DataFrame:
    """One row per row of the sheet and period over it, with what tells it from others."""
    keys = [(roles[one.position], one) for one in seen if roles.get(one.position) in KEYS]
    said = [role for role, _ in keys]
    rows = pd.DataFrame({f"{role} {said[:place].count(role)}": _texts(one) for place, (role, one) in enumerate(keys)})
    periods = pd.DataFrame({"period": [one.header for one in across if one.n_filled] or [""]})
    return rows.drop_duplicates().merge(periods, how="cross")


def _texts(one: Seen) -> list[str]:
    words = one.cells.spelled[1]
    return [words[code] if code >= 0 else "" for code in one.codes.tolist()]
