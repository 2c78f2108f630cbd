"""Periods as people write them: days, weeks, months, terms, school years; what is missing is said, not guessed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, get_args

from lib.intake.date_words import (
    BESIDE_DAY,
    MONTH,
    MONTH_NAMES,
    MONTHS,
    MOST_WEEKS,
    NUMBERED_WEEK,
    PARTS_OF_YEAR,
    SCHOOL_QUARTERS,
    SEASONS,
    TWO_DIGIT_YEARS,
    WEEKDAY,
    WEEKDAY_BEFORE,
    WEEKDAYS,
)
from lib.intake.dates_together import ALONE, SCHOOL_YEARS, Alike
from lib.intake.vocabulary import ABOVE, plain

FIRST_YEAR, LAST_YEAR = 1950, 2100
FIRST_SERIAL, LAST_SERIAL = 32_874, 54_789
"""Excel day numbers of 1990-01-01 and 2050-01-01."""
EXCEL_DAY_ZERO = date(1899, 12, 30)

MonthWeeks = Literal["", "first Monday", "first day"]
MONTH_WEEKS: tuple[MonthWeeks, ...] = get_args(MonthWeeks)
"""Week 1 of a month begins on its first Monday, or is the week of its first day of school."""


@dataclass(frozen=True)
class Dates:
    """How the dates of a file are read.

    `order` is "day first", "month first" or "" where it makes no difference. `school_year` is the autumn's year (2025
    for 2025-26) that dates without a year belong to; `first_week` is the Monday of week 1; `fixed` is the date of a
    file that holds one period only. With `year_in_title` each file's own title says its school year again.
    `month_weeks`: which week is the first of a month, where each month numbers its own weeks.
    """

    order: str = ""
    school_year_start: int = 8
    school_year: int | None = None
    first_week: date | None = None
    fixed: date | None = None
    cadence: str = ""
    year_in_title: bool = False
    month_weeks: MonthWeeks = ""

    def of_year(self, year: int) -> "Dates":
        """The same for a file of another school year."""
        fixed = date(year, self.school_year_start, 1) if self.fixed else None
        return replace(self, school_year=None if self.fixed else year, fixed=fixed)


@dataclass(frozen=True)
class Period:
    """`first` is the first day, None while something is missing: `needs` is one of NEEDS, or NO_SUCH_DAY."""

    kind: str
    first: date | None
    needs: str = ""


NEEDS = ("order", "year", "first week", "month weeks")
NO_SUCH_DAY = "no such day"
"""As 31 under September; nothing that a person says makes it one."""


def read_period(text: str, dates: Dates = Dates(), among: Alike = ALONE) -> Period | None:
    """The period that a text names, or None; `among`: what the texts beside it say of it.

    >>> read_period("2018-19").first, read_period("Sep 2025").first, read_period("20150909").first
    (datetime.date(2018, 8, 1), datetime.date(2025, 9, 1), datetime.date(2015, 9, 9))
    >>> read_period("9/5", Dates(order="month first", school_year=2025)).first
    datetime.date(2025, 9, 5)
    >>> read_period("Wk 3").needs, read_period("change_pct") is None
    ('first week', True)
    """
    bare = BESIDE_DAY.sub("", " ".join(text.strip().rstrip("*†‡").split()).lower())
    return _read_period(bare, dates, among)


NUMBERED_BY_HEADER = re.compile(
    r"(?:school )?(week|wk|semana|quarter|qtr|term|trimester|trimestre|semester|semestre|marking period|mp)"
    r"(?: (?:no|number|num|#))?"
)


def told_by_header(text: str, header: str) -> str:
    """The number of a week or a term with the word for it, which stands in the header; any other text as it is.

    >>> told_by_header("3", "Week #"), told_by_header("3", "Score"), told_by_header("9/8", "Week")
    ('week 3', '3', '9/8')
    """
    if not re.fullmatch(r"\d{1,2}", text):
        return text
    found = NUMBERED_BY_HEADER.fullmatch(plain(header.split(ABOVE)[-1]))
    return f"{found.group(1)} {text}" if found else text


def told_by_sheet(texts: Sequence[str], header: str, month: str) -> list[str]:
    """The dates of a column, told by its header; numbered weeks also with the month of their sheet.

    >>> told_by_sheet(["Wk 3", "9/8"], "Week", "Sep"), told_by_sheet(["3", "7"], "Week", "Sep")
    (['Sep | Wk 3', '9/8'], ['week 3', 'week 7'])
    """
    told = [told_by_header(text, header) for text in texts]
    of_month = month and are_weeks_of_month(told)
    return [f"{month}{ABOVE}{text}" if of_month and number_of_week(text) else text for text in told]


def number_of_week(text: str) -> int:
    """The number of a numbered week, 0 for any other text."""
    found = NUMBERED_WEEK.fullmatch(" ".join(text.lower().split()))
    return int(found.group(1)) if found else 0


def are_weeks_of_month(texts: Sequence[str]) -> bool:
    """Whether no numbered week among these is beyond those of a month."""
    return all(number_of_week(text) <= MOST_WEEKS for text in texts)


@lru_cache(maxsize=50_000)
def _read_period(text: str, dates: Dates, among: Alike) -> Period | None:
    if not text or len(text) > 40:
        return None
    if ABOVE in text:
        longer, _, shorter = text.partition(ABOVE)
        inside = _in_month(longer, shorter, dates, among) or _in_week(longer, shorter, dates, among)
        return inside or _within(longer, shorter, dates)
    readers = (
        *(_whole_numbers, _iso, _numeric, _school_year, _with_month_name, _week_of_month, _week, _part_of_year),
        *(_from_to, _beside_school_year),
    )
    for reader in readers:
        period = reader(text, dates, among)
        if period:
            return period
    return None


def _within(longer: str, shorter: str, dates: Dates) -> Period | None:
    """A month, term or day in a year that is said beside it.

    >>> read_period("2024-25 | Sep").first, read_period("2024 | Mar").first, read_period("2024-25 | Q3").first
    (datetime.date(2024, 9, 1), datetime.date(2024, 3, 1), datetime.date(2025, 1, 1))
    """
    year = _read_period(longer, dates, SCHOOL_YEARS)
    if year is None or year.first is None or year.kind not in ("year", "school year"):
        return None
    if year.kind == "school year":
        return _read_period(shorter, replace(dates, school_year=year.first.year), ALONE)
    inside = _read_period(shorter, replace(dates, school_year=None), ALONE)
    if inside is not None and inside.first is not None:
        return inside
    parts = (f"{shorter} {year.first.year}", f"{shorter}/{year.first.year}")
    return next((found for part in parts if (found := _read_period(part, dates, ALONE)) and found.first), inside)


def _in_week(longer: str, shorter: str, dates: Dates, among: Alike) -> Period | None:
    """The day of the week under the week.

    >>> _in_week("week of 9/8/2025", "wed", Dates(order="month first"), ALONE).first
    datetime.date(2025, 9, 10)
    """
    week = _read_period(longer, dates, among) if re.fullmatch(WEEKDAY, shorter) else None
    if week is None or week.kind != "week":
        return None
    later = WEEKDAYS.index(shorter[:3])
    first = week.first and week.first - timedelta(days=week.first.weekday()) + timedelta(days=later)
    return Period("day", first, week.needs)


def _in_month(longer: str, shorter: str, dates: Dates, among: Alike) -> Period | None:
    """The number of a day under its month; a numbered week under one, which is the year's or the month's own.

    >>> _in_month("sep 2025", "8", Dates(), ALONE).first, _in_month("sep", "wk 3", Dates(), ALONE).needs
    (datetime.date(2025, 9, 8), 'first week')
    """
    week, month = NUMBERED_WEEK.fullmatch(shorter), _read_period(longer, dates, ALONE)
    if month is None or month.kind != "month" or not (week or re.fullmatch(r"\d{1,2}", shorter)):
        return None
    running = _read_period(shorter, dates, among) if week else None
    of_month = among.weeks_of_months or (dates.month_weeks and not among.weeks_of_year)
    if running and not (of_month or _is_far(running, longer, dates)):
        return running
    named = re.match(MONTH, longer)
    name = named.group(1) if named else MONTH_NAMES[month.first.month - 1][0] if month.first else ""
    if month.first:
        dates = replace(dates, school_year=month.first.year - (month.first.month < dates.school_year_start))
    inside = _read_period(f"{name} {shorter}", dates, among)
    return inside or Period("week" if week else "day", None, NO_SUCH_DAY)


def _is_far(week: Period, month: str, dates: Dates) -> bool:
    """Whether a numbered week of the year lies outside its month, so that it must be a week of the month."""
    if week.first is None:
        return False
    year = week.first.year - (week.first.month < dates.school_year_start)
    said = _read_period(month, replace(dates, school_year=year), ALONE)
    first = said.first if said else None
    return first is not None and not -FAR <= (week.first - first).days <= 30 + FAR


FAR = 10
"""Days outside a month at which a week may still stand under it."""


def _whole_numbers(text: str, dates: Dates, among: Alike) -> Period | None:
    if not text.isdecimal():
        return None
    number = int(text)
    if len(text) == 8:
        return _day(number // 10_000, number // 100 % 100, number % 100)
    if len(text) == 6:
        year, rest = divmod(number, 100)
        if rest == (year + 1) % 100 and (among.school_years or rest > 12):
            return _year_of_school(year, dates)
        return _month(year, rest)
    if len(text) == 5 and FIRST_SERIAL <= number <= LAST_SERIAL:
        return Period("day", EXCEL_DAY_ZERO + timedelta(days=number))
    if len(text) == 4 and FIRST_YEAR <= number <= LAST_YEAR:
        return Period("year", date(number, 1, 1))
    return None


def _iso(text: str, dates: Dates, among: Alike) -> Period | None:
    found = re.fullmatch(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ t]\d.*)?", text)
    if found:
        return _day(int(found.group(1)), int(found.group(3)), int(found.group(4)))
    found = re.fullmatch(r"(\d{4})-?w(\d{1,2})", text)
    if found and 1 <= int(found.group(2)) <= 52:
        return Period("week", date.fromisocalendar(int(found.group(1)), int(found.group(2)), 1))
    found = re.fullmatch(r"(\d{4})[-/](\d{2})", text)
    if found and not (among.school_years or int(found.group(2)) > 12):
        return _month(int(found.group(1)), int(found.group(2)))
    found = re.fullmatch(r"(\d{1,2})[-/](\d{4})", text)
    return _month(int(found.group(2)), int(found.group(1))) if found else None


def _numeric(text: str, dates: Dates, among: Alike) -> Period | None:
    found = re.fullmatch(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?: \d.*)?", text)
    if found:
        return _ordered(int(found.group(1)), int(found.group(3)), _full_year(found.group(4)), dates)
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})", text)
    return _ordered(int(found.group(1)), int(found.group(2)), None, dates) if found else None


def _ordered(one: int, two: int, year: int | None, dates: Dates) -> Period | None:
    if dates.order == "" and 1 <= one <= 12 and 1 <= two <= 12 and one != two:
        return Period("day", None, "order")
    day_first = dates.order == "day first" or (dates.order == "" and one > 12)
    day, month = (one, two) if day_first else (two, one)
    return _day_in_school_year(month, day, dates) if year is None else _day(year, month, day)


def _school_year(text: str, dates: Dates, among: Alike) -> Period | None:
    found = re.fullmatch(r"(?:sy|ay|school year|academic year|year)?:? ?(\d{4}) ?[-–—/_] ?(?:20)?(\d{2})", text)
    if found and int(found.group(2)) == (int(found.group(1)) + 1) % 100:
        return _year_of_school(int(found.group(1)), dates)
    found = re.fullmatch(
        r"(?:sy|ay|school year) ?'?(\d{2}) ?[-–—/_]? ?'?(\d{2})|['’]?(\d{2}) ?[-–—] ?['’]?(\d{2})", text
    )
    start, end = (found.group(1) or found.group(3), found.group(2) or found.group(4)) if found else ("0", "0")
    if int(end) == (int(start) + 1) % 100 and (text.startswith(("s", "a")) or int(start) in TWO_DIGIT_YEARS):
        return _year_of_school(2000 + int(start), dates)
    return None


def _with_month_name(text: str, dates: Dates, among: Alike) -> Period | None:
    found = re.fullmatch(MONTH + r"(?:[ ,]*(?:de |of )?| ?[-–/] ?)(\d{4})|" + MONTH + r" ?[-'’] ?(\d{2})", text)
    if found and (found.group(2) or int(found.group(4)) in TWO_DIGIT_YEARS):
        return _month(_full_year(found.group(2) or found.group(4)), MONTHS[found.group(1) or found.group(3)])
    found = re.fullmatch(MONTH + r" (\d{2})", text) if among.months else None
    if found:
        return _month(_full_year(found.group(2)), MONTHS[found.group(1)])
    found = re.fullmatch(r"(\d{4})[ -/]" + MONTH, text)
    if found:
        return _month(int(found.group(1)), MONTHS[found.group(2)])
    found = re.fullmatch(
        WEEKDAY_BEFORE + r"(\d{1,2})(?:st|nd|rd|th)?[ .-]+(?:de |of )?" + MONTH + r"(?:[ ,.-]+(?:de )?(\d{4}|\d{2}))?",
        text,
    )
    if found:
        return _named_day(found.group(2), found.group(1), found.group(3), dates)
    found = re.fullmatch(WEEKDAY_BEFORE + MONTH + r"[ .-]+(\d{1,2})(?:st|nd|rd|th)?(?:[ ,]+(\d{4}))?", text)
    if found:
        return _named_day(found.group(1), found.group(2), found.group(3), dates)
    found = re.fullmatch(MONTH, text)
    if found:
        day = _day_in_school_year(MONTHS[found.group(1)], 1, dates)
        return replace(day, kind="month") if day else None
    return None


def _named_day(month: str, day: str, year: str | None, dates: Dates) -> Period | None:
    if year is None:
        return _day_in_school_year(MONTHS[month], int(day), dates)
    return _day(_full_year(year), MONTHS[month], int(day))


def _week_of_month(text: str, dates: Dates, among: Alike) -> Period | None:
    """ "Sep W1", "Week 2 of October", "3rd week of Nov"."""
    week = r"(?:week|wk|w|semana|sem)\.? ?#?"
    found = re.fullmatch(
        rf"(?P<m>{MONTH})[ ,–—-]* ?{week}(?P<n>[1-6])|{week}(?P<k>[1-6]),?[ (–—-]+(?:of |de )?(?P<l>{MONTH})\)?"
        rf"|(?P<o>[1-6])(?:st|nd|rd|th|a|ª|ra|da)? (?:week|semana) (?:of|in|de) (?P<p>{MONTH})",
        text,
    )
    if not found:
        return None
    name, number = found["m"] or found["l"] or found["p"], found["n"] or found["k"] or found["o"]
    month = _read_period(name, dates, ALONE)
    if month is None or month.first is None or not dates.month_weeks:
        return Period("week", None, "year" if month and month.first is None else "month weeks")
    monday = first_week_of(month.first, dates.month_weeks) + timedelta(weeks=int(number) - 1)
    return Period("week", monday)


def first_week_of(month: date, way: MonthWeeks) -> date:
    """The Monday of a month's week 1; `month` is its first day.

    >>> first_week_of(date(2025, 10, 1), "first Monday"), first_week_of(date(2025, 10, 1), "first day")
    (datetime.date(2025, 10, 6), datetime.date(2025, 9, 29))
    """
    after = (-month.weekday()) % 7
    return month + timedelta(days=after - 7 if way == "first day" and after > 2 else after)


def _week(text: str, dates: Dates, among: Alike) -> Period | None:
    if among.semesters and re.fullmatch(r"sem\.? ?[12]", text):
        return None
    found = re.fullmatch(r"(?:week|wk|w|semana|sem)\.? ?#?(?:no\.? ?)?(\d{1,2})(?:(?: ?[:(–—-] ?| )(\D?.+?)\)?)?", text)
    if found:
        return _numbered_week(int(found.group(1)), found.group(2), dates)
    found = re.fullmatch(
        r"(?:(?:week|wk|semana)\.? ?(of|beginning|starting|commencing|ending|del?)?|(w/?[bce])\.?):? ?(.+)", text
    )
    inner = _read_period(DASHED_DAY.sub(r"\1/\2", BESIDE_DAY.sub("", found.group(3))), dates, among) if found else None
    if found is None or inner is None or inner.kind not in ("day", "week"):
        return None
    if (found.group(1) == "ending" or (found.group(2) or "").endswith("e")) and inner.first:
        return Period("week", inner.first - timedelta(days=inner.first.weekday()))
    return replace(inner, kind="week")


DASHED_DAY = re.compile(r"^(\d{1,2})-(\d{1,2})$")
"""As in "Week of 9-8"; alone it may be grades 6-8."""


def _numbered_week(number: int, beside: str | None, dates: Dates) -> Period | None:
    """ "Week 3", or "Week 3 (9/15)", where the date beside it is what counts."""
    if beside:
        inner = _read_period(beside, dates, ALONE)
        return replace(inner, kind="week") if inner and inner.kind in ("day", "week") else None
    if not 1 <= number <= 60:
        return None
    if dates.first_week is None:
        return Period("week", None, "first week")
    return Period("week", dates.first_week + timedelta(weeks=number - 1))


def _from_to(text: str, dates: Dates, among: Alike) -> Period | None:
    """Up to two weeks from a first to a last day: "9/8-9/12", "Sep 8 - Sep 12", "Sep 8-12"."""
    day = r"\D*\d{1,2}(?:[/.]\d{1,2}(?:[/.]\d{2,4})?| (?:de )?[a-z]{3,}\.?)?"
    found = re.fullmatch(rf"(?:del )?({day}) ?(?:-|–|—|to|al?) ?(\D*\d{{1,2}}\D*.*)", text)
    if not found:
        return None
    one, two = _with_month(found.group(1).strip(), found.group(2).strip())
    first = _read_period(one, dates, ALONE)
    if first is None or first.kind != "day":
        return None
    last = _read_period(two, dates, ALONE)
    if last is None or last.kind != "day":
        return None
    if first.first and last.first and not 0 <= (last.first - first.first).days <= 14:
        return None
    return replace(first, kind="week")


def _with_month(one: str, two: str) -> tuple[str, str]:
    """A first and a last day, of which one may leave the month to the other.

    >>> _with_month("8", "12 sep"), _with_month("sep 8", "12"), _with_month("9/8", "12")
    (('8 sep', '12 sep'), ('sep 8', 'sep 12'), ('9/8', '9/12'))
    """
    before, after = re.match(r"[a-zñ.]+ ?|\d{1,2}/(?=\d{1,2}$)", one), re.search(r"(?<=\d) (?:de )?[a-zñ].*$", two)
    if one.isdecimal() and after:
        return one + after.group(), two
    return one, f"{before.group()}{two}" if before and two.isdecimal() else two


def _beside_school_year(text: str, dates: Dates, among: Alike) -> Period | None:
    """ "Q1 2024-25" or "2024-25 Fall"."""
    years = r"(?:sy ?)?['’]?\d{2}(?:\d{2})? ?[-–—/] ?['’]?\d{2,4}"
    found = re.fullmatch(rf"({years}),? (.+)|(.+?),? ({years})", text)
    if not found:
        return None
    longer, shorter = found.group(1) or found.group(4), found.group(2) or found.group(3)
    year = _school_year(longer, dates, SCHOOL_YEARS)
    return _within(longer, shorter, dates) if year and not _school_year(shorter, dates, SCHOOL_YEARS) else None


def _part_of_year(text: str, dates: Dates, among: Alike) -> Period | None:
    found = re.fullmatch(r"(?:q|quarter|qtr) ?([1-4])(?: ?[-/,]? ?(\d{4}))?|(\d{4}) ?[-/]? ?q([1-4])", text)
    if found:
        number, year = int(found.group(1) or found.group(4)), found.group(2) or found.group(3)
        if year:
            return Period("quarter", date(int(year), 3 * number - 2, 1))
        return _after_start("quarter", SCHOOL_QUARTERS[number - 1], dates)
    return _season(text, dates, among) or _numbered_part(text, dates)


def _season(text: str, dates: Dates, among: Alike) -> Period | None:
    found = re.fullmatch(r"(" + "|".join(SEASONS) + r")(?: (?:term|semester))?(?: ?[,'’-]? ?(\d{4}|\d{2}))?", text)
    if not found:
        return None
    later = SEASONS[found.group(1)]
    if not found.group(2):
        return _after_start("term", later, dates)
    of_last_year = dates.school_year_start + later > 12 or (found.group(1) == "winter" and among.winter_first)
    autumn = _full_year(found.group(2)) - of_last_year
    return _after_start("term", later, replace(dates, school_year=autumn))


def _numbered_part(text: str, dates: Dates) -> Period | None:
    """ "Semester 1", "2nd trimester", "Term 3", "MP4": when such a part of the school year begins."""
    names = "|".join(PARTS_OF_YEAR)
    found = re.fullmatch(rf"({names}) ?#?([1-6])|([1-6])(?:st|nd|rd|th|er|o|º)? ({names})", text)
    if not found:
        return None
    kind, months = PARTS_OF_YEAR[found.group(1) or found.group(4)]
    number = int(found.group(2) or found.group(3))
    return _after_start(kind, months[number - 1], dates) if number <= len(months) else None


def _after_start(kind: str, months: int, dates: Dates) -> Period:
    if dates.school_year is None:
        return Period(kind, None, "year")
    later, month = divmod(dates.school_year_start - 1 + months, 12)
    return Period(kind, date(dates.school_year + later, month + 1, 1))


def _day_in_school_year(month: int, day: int, dates: Dates) -> Period | None:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    if dates.school_year is None:
        return Period("day", None, "year")
    return _day(dates.school_year + (month < dates.school_year_start), month, day)


def _day(year: int, month: int, day: int) -> Period | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return Period("day", date(year, month, day))
    except ValueError:
        return None


def _month(year: int, month: int) -> Period | None:
    day = _day(year, month, 1)
    return replace(day, kind="month") if day else None


def are_years(texts: Sequence[str]) -> bool:
    """Whether (nearly) all of these are years or school years."""
    periods = [read_period(text, among=SCHOOL_YEARS) for text in texts]
    return sum(1 for one in periods if one and one.kind in ("year", "school year")) >= SHARE_OF_YEARS * max(
        len(texts), 1
    )


SHARE_OF_YEARS = 0.9


def _year_of_school(year: int, dates: Dates) -> Period | None:
    day = _day(year, dates.school_year_start, 1)
    return replace(day, kind="school year") if day else None


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def find_order(texts: list[str], today: date) -> tuple[str, str]:
    """Day first or month first for a column, with the evidence; ("", "") where nothing decides.

    >>> find_order(["9/5/2025", "9/12/2025", "9/19/2025"], date(2026, 1, 1))[0]
    'month first'
    """
    bare = (BESIDE_DAY.sub("", text.strip()) for text in texts)
    ends = [end for text in bare for end in re.split(r" ?(?:-|–|—|to) ?(?=\d{1,2}/)|(?<=/\d\d)[–—-].*", text) if end]
    found = [
        re.fullmatch(r"(?:.*[^\d/.-])?(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?: \d.*)?\)?", end) for end in ends
    ]
    pairs = {(int(one.group(1)), int(one.group(3)), one.group(4) or "") for one in found if one}
    pairs = {pair for pair in pairs if min(pair[:2]) <= 12}
    firsts, seconds = [p for p in pairs if p[0] > 12], [p for p in pairs if p[1] > 12]
    if firsts and not seconds:
        return "day first", f"{firsts[0][0]} can't be a month"
    if seconds and not firsts:
        return "month first", f"{seconds[0][1]} can't be a month"
    return ("", "") if firsts or not pairs else _order_by_spacing(pairs, today)


def _order_by_spacing(pairs: set[tuple[int, int, str]], today: date) -> tuple[str, str]:
    """Neither number is over 12: one order may give one weekday throughout, or no date in the future."""
    days = {}
    for order in ("day first", "month first"):
        periods = [
            _ordered(one, two, _full_year(year or str(today.year)), Dates(order=order)) for one, two, year in pairs
        ]
        days[order] = sorted(period.first for period in periods if period and period.first)
    if len(pairs) >= 3:
        steady = [order for order, found in days.items() if len({day.weekday() for day in found}) == 1]
        if len(steady) == 1:
            return steady[0], "all dates then fall on one day of the week"
    if all(year for _, _, year in pairs):
        past = [order for order, found in days.items() if found and found[-1] <= today]
        if len(past) == 1:
            return past[0], "else some dates would lie in the future"
    return "", ""


IN_TEXT = re.compile(
    r"(?<![\d.])(\d{4}) ?[-–—/_] ?(\d{4}|\d{2})(?![\d.])|\bSY ?'?(\d{2})[-–—/_]?'?(\d{2})(?![\d–/-])", re.IGNORECASE
)


def find_school_year(text: str) -> int | None:
    """The one school year a title or a file name says, by its first year.

    >>> find_school_year("2016-17 Students with Chronic Absenteeism"), find_school_year("attendance_2011-2022.csv")
    (2016, None)
    """
    years = set()
    for first, second, short, next_short in IN_TEXT.findall(text.replace("_", "-") if " " not in text else text):
        start, end = (int(first), int(second[-2:])) if first else (2000 + int(short), int(next_short))
        if (
            end == (start + 1) % 100
            and FIRST_YEAR <= start <= LAST_YEAR
            and (len(second) != 4 or int(second) == start + 1)
        ):
            years.add(start)
    return years.pop() if len(years) == 1 else None


PART_INSIDE = r"(?:q[1-4]|(?:semester|trimester|term|quarter|marking period|mp) ?[1-6]|fall|winter|spring)"
YEARS_INSIDE = r"(?:sy ?)?\d{4} ?[-–—/] ?\d{2}(?:\d{2})?"
PERIOD_INSIDE = re.compile(
    "(?P<p>"
    + "|".join(
        (
            rf"\b{PART_INSIDE}[ ,]+{YEARS_INSIDE}\b|\b{YEARS_INSIDE}[ ,]+{PART_INSIDE}\b",
            r"(?:sy )?\b\d{4} ?[-–—/] ?\d{2}(?:\d{2})?\b",
            r"\bsy ?'?\d{2} ?[-–—/] ?'?\d{2}\b",
            r"\b(?:week|wk) ?#?\d{1,2}\b",
            r"\bweek of \d{1,2}/\d{1,2}(?:/\d{2,4})?\b",
            r"\b" + MONTH + r" \d{1,2},? \d{4}\b",
            r"\b\d{1,2} " + MONTH + r" \d{4}\b",
            r"\b" + MONTH + r"[ -]?'?\d{2,4}\b",
            r"\b(?:fall|autumn|winter|spring|summer) \d{4}\b",
            r"\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b",
            r"\bq[1-4](?: \d{4})?\b",
            r"\b(?:semester|trimester|term|quarter|marking period|mp) ?[1-6]\b",
            r"\b[1-4](?:st|nd|rd|th) (?:semester|trimester|term|quarter|marking period)\b",
            r"\b(?:" + "|".join(name for names in MONTH_NAMES for name in names if len(name) > 3) + r") \d{1,2}\b",
            r"\b(?:19|20)\d{2}\b",
        )
    )
    + ")",
    re.IGNORECASE,
)


def split_period(text: str, dates: Dates = Dates()) -> tuple[str, str] | None:
    """A period inside a header and the rest of it.

    >>> split_period("2020-2021 attendance rate"), split_period("Enrollment (as of October 15, 2019)")
    (('2020-2021', 'attendance rate'), ('October 15, 2019', 'Enrollment (as of'))
    """
    found = [one for one in PERIOD_INSIDE.finditer(text.replace("_", " ")) if read_period(one.group("p"), dates)]
    if len(found) != 1:
        return None
    plain = text.replace("_", " ")
    rest = plain[: found[0].start()] + " " + plain[found[0].end() :]
    return found[0].group("p"), " ".join(rest.split()).strip(" -–—:,()")
