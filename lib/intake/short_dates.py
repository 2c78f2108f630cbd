"""Headers that say a date in short: a day or week whose month the sheet's name or a title says, or 9-8 for 9/8."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import groupby, pairwise

from lib.intake.date_words import MONTH, MONTHS, WEEKDAY, WEEKDAYS
from lib.intake.dates import DASHED_DAY, Dates, are_weeks_of_month, number_of_week, read_period, split_period
from lib.intake.sheets import Sheet
from lib.intake.vocabulary import says_value

FEWEST_DAYS = 10
FEWEST_WITH_WEEKDAY = 3
HIGHEST_GRADE = 12
SHORTEST_MONTH = 28
LONGEST_BREAK = 21
"""Days from one week to the next, over a vacation."""
DAY = re.compile(
    rf"(?:(?P<before>{WEEKDAY}),? ?)?(?P<day>0?[1-9]|[12]\d|3[01])(?:,? ?\(?(?P<after>{WEEKDAY})\)?)?", re.IGNORECASE
)
ANY_WEEKDAY = re.compile(rf"{WEEKDAY}|m|tu?|w|r|th|f|sa?|su", re.IGNORECASE)
MONTH_WORD = re.compile(rf"\b{MONTH}(?!\w)", re.IGNORECASE)
OTHER_DAY = re.compile(r"\b(?:as of|updated|revised|printed|through|since|until|due)\b", re.IGNORECASE)
"""Words of a title whose month is not that of the values."""
MONTH_FIRST, MONTH_LAST = (
    re.compile(text, re.IGNORECASE) for text in (rf"{MONTH}[ :–-]+(\D+)", rf"(\D+?)[ :–-]+{MONTH}")
)


def month_of_measure(part: str) -> tuple[str, str] | None:
    """A month beside words of a measure; alone it may be a name.

    >>> month_of_measure("Sep %"), month_of_measure("Attendance Oct"), month_of_measure("June Jordan School")
    (('Sep', '%'), ('Oct', 'Attendance'), None)
    """
    if found := MONTH_FIRST.fullmatch(part):
        month, rest = found[1], found[2]
    elif found := MONTH_LAST.fullmatch(part):
        month, rest = found[2], found[1]
    else:
        return None
    return (month, rest.strip()) if says_value(rest) else None


def month_of(sheet: Sheet, header_row: int) -> str:
    """The month that the sheet's name or a line above its header says, with its year if one says it.

    "" where none does, or where they say different ones.
    """
    above = [text for row in range(1, header_row) for text in sheet.row(row) if text]
    said = [month for text in (sheet.says, *above) if (month := month_in(text))]
    numbers = {MONTHS[found[1].lower()] for month in said for found in MONTH_WORD.finditer(month)}
    with_year = [month for month in said if (period := read_period(month)) and period.first]
    years = {read_period(month) for month in with_year}
    return (with_year or said)[0] if len(numbers) == 1 and len(years) <= 1 else ""


def month_in(text: str) -> str:
    """The one month that a name or a title says.

    >>> month_in("Sep"), month_in("Daily attendance, September 2025"), month_in("Attendance Oct")
    ('Sep', 'September 2025', 'Oct')
    >>> month_in("Sep-Oct 2025"), month_in("As of October 2025"), month_in("October 15, 2025"), month_in("2025-26")
    ('', '', '', '')
    """
    bare = re.sub(r"^(?:month|mes) ?[:–-] ?", "", " ".join(text.split()).strip(" :"), flags=re.IGNORECASE)
    if len(MONTH_WORD.findall(bare)) != 1 or OTHER_DAY.search(bare):
        return ""
    said = bare if read_period(bare) else (split_period(bare) or month_of_measure(bare) or ("",))[0]
    period = read_period(said)
    return said if period and period.kind == "month" else ""


def in_full(rows: Sequence[Sequence[str]], month: str) -> list[list[str]]:
    """The rows of a header, with the sheet's month over bare days and numbered weeks, and 9/8 for 9-8.

    >>> in_full([["School", "Wk 1", "Wk 2"]], "Sep")
    [['', 'Sep', 'Sep'], ['School', 'Wk 1', 'Wk 2']]
    """
    full = [_with_slashes(row) for row in rows]
    if not month:
        return full
    days = {place for row in full for place in days_in(row, month)}
    short = days | _lone_weeks(full)
    full = [_bare_days(row, days) for row in full]
    return [[month if place in short else "" for place in range(len(full[0]))], *full] if short else full


def _bare_days(row: Sequence[str], days: set[int]) -> list[str]:
    """The row with the days' numbers alone; the days of the week beside them or in a row of their own say no more."""
    found = {place: DAY.fullmatch(row[place]) for place in days}
    texts = {place: day["day"] if day else row[place] for place, day in found.items()}
    if all(ANY_WEEKDAY.fullmatch(row[place]) for place in days):
        texts = dict.fromkeys(days, "")
    return [texts.get(place, text) for place, text in enumerate(row)]


def _lone_weeks(rows: Sequence[Sequence[str]]) -> set[int]:
    """Places of numbered weeks that could be a month's, where no other row of the header says a period of them."""
    periods = [{text for text in label if text and read_period(text)} for label in zip(*rows, strict=True)]
    weeks = {place: min(said) for place, said in enumerate(periods) if len(said) == 1 and number_of_week(min(said))}
    return set(weeks) if are_weeks_of_month(list(weeks.values())) else set()


def days_in(row: Sequence[str], month: str = "") -> set[int]:
    """Places of the numbers of days, which rise from left to right.

    Grades, items and counts rise too: the days of the week stand beside days, or weekends are missing among many, or
    they go on to the month's end.

    >>> len(days_in(["School", *map(str, range(1, 31))])), len(days_in([*map(str, range(1, 13))]))
    (30, 0)
    """
    found = {place: day for place, text in enumerate(row) if (day := DAY.fullmatch(text))}
    days = [int(day) for day, _ in groupby(one["day"] for one in found.values())]
    beside = [both for place in found if (both := weekday_and_day(row[place]))]
    rising = all(one < two for one, two in pairwise(days))
    return set(found) if rising and (_fit(beside, month) if beside else _are_school_days(days)) else set()


def weekday_and_day(text: str) -> tuple[str, int] | None:
    """
    >>> weekday_and_day("Mon 8"), weekday_and_day("8 (Mon)"), weekday_and_day("8")
    (('mon', 8), ('mon', 8), None)
    """
    found = DAY.fullmatch(text)
    word = (found["before"] or found["after"]) if found else None
    return (word[:3].lower(), int(found["day"])) if found and word else None


def _are_school_days(days: Sequence[int]) -> bool:
    has_gaps = len(days) >= FEWEST_DAYS and days[-1] - days[0] >= len(days)
    return (has_gaps and days[-1] > HIGHEST_GRADE) or len(days) >= SHORTEST_MONTH


def _fit(beside: Sequence[tuple[str, int]], month: str) -> bool:
    """Whether numbers and days of the week go together, in that month's year if it is said."""
    ahead = {(WEEKDAYS.index(word) - day) % 7 for word, day in beside}
    period = read_period(month)
    in_year = {(period.first.weekday() - 1) % 7} if period and period.first else ahead
    return len(beside) >= FEWEST_WITH_WEEKDAY and len(ahead) == 1 and ahead == in_year


def _with_slashes(row: Sequence[str]) -> list[str]:
    """The row with 9/8 for 9-8, where such texts follow one another by weeks; grades 6-8 and 9-12 don't.

    >>> _with_slashes(["School", "9-8", "9-15"]), _with_slashes(["School", "6-8", "9-12"])
    (['School', '9/8', '9/15'], ['School', '6-8', '9-12'])
    """
    texts = [text for text, _ in groupby(text for text in row if DASHED_DAY.fullmatch(text))]
    pairs = [(int(one), int(two)) for one, _, two in (text.partition("-") for text in texts)]
    weekly = any(_are_weekly(one, start) for one in (pairs, [pair[::-1] for pair in pairs]) for start in YEARS)
    return [DASHED_DAY.sub(r"\1/\2", text) if weekly else text for text in row]


YEARS = 2023, 2025
"""School years with and without a 29 February."""


def _are_weekly(pairs: Sequence[tuple[int, int]], start: int) -> bool:
    """Whether months and days go on by weeks, one of the days being no grade."""
    try:
        days = [date(start + (month < Dates.school_year_start), month, day) for month, day in pairs]
    except ValueError:
        return False
    steps = [(two - one).days for one, two in pairwise(days)]
    surely_a_day = any(day > HIGHEST_GRADE for _, day in pairs)
    return surely_a_day and bool(steps) and all(step in range(7, LONGEST_BREAK + 1, 7) for step in steps)
