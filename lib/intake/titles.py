"""What is said about a table as a whole: title lines above it, the sheet's name, the file's name."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import PurePath

from lib.intake.dates import Dates, find_school_year, read_period, split_period
from lib.intake.header import LAST_HEADER_ROW, Table
from lib.intake.sheets import Sheet, Workbook
from lib.intake.vocabulary import GENERIC_SHEET, plain, readable

LONGEST_TITLE = 150
LONGEST_SCHOOL = 70
SCHOOLISH = re.compile(
    r".*\b(?:school|elementary|elem|middle|high|academy|charter|prep|hs|ms|es|ps|k-?8|campus|college|escuela|magnet)\b.*",
    re.IGNORECASE,
)
NO_SCHOOL_NAME = re.compile(
    r".*\b(?:schools|by school|per school|each school|school ?year|all|high schoolers?|weekly|monthly|daily|report|data"
    r"|attendance|absen\w+|score ?cards?|snapshot|summary|profile"
    r"|grades?|survey|measures?|tracker|tracking|counts?|rates?|students?|meetings?|log|dashboard"
    r"|high school (?:attendance|grades)|please|fill|enter|network|district|semester|quarter|results?)\b.*"
    r"|.*[?!:;=].*|.*\.",
    re.IGNORECASE,
)
"""Words of titles that name something else, and marks of a sentence."""
SAYS_SCHOOL = re.compile(
    r"\s*(?:name of (?:the )?school|school(?: name)?|campus|site|building|escuela|plantel)\s*[:=–—-]\s*(.*)",
    re.IGNORECASE,
)
BARE_LABEL = re.compile(r"(?:school(?: name)?|campus|escuela|plantel) ?:?", re.IGNORECASE)
BETWEEN = re.compile(r"\s+[-–—|]+\s+|\s*[,;()\[\]]\s*|_-_|__+")


def title_lines(sheet: Sheet, table: Table) -> list[str]:
    """The texts above the header, top first."""
    above = [text for row in _rows_above(table) for text in sheet.row(row) if text]
    return [text for text in above if len(text) <= LONGEST_TITLE and text.strip("# ")]


def _rows_above(table: Table) -> range:
    return range(max(1, table.header_row - LAST_HEADER_ROW), table.header_row)


def titles_of(workbook: Workbook, sheet: Sheet, table: Table, one_tab_each: bool = False) -> list[str]:
    """Title lines, the sheet's name, the file's name.

    With one tab per school the lines that name the school are none of these.
    """
    titles = [*title_lines(sheet, table), sheet.base or sheet.name, stem(workbook.name)]
    return [text for text in titles if not (one_tab_each and sheet.says.casefold() in text.casefold())]


def stem(name: str) -> str:
    return PurePath(name).stem


def year_in(titles: Sequence[str]) -> tuple[int, str] | None:
    """The school year that a title says, by its first year, and that title."""
    return next(((year, text) for text in titles if (year := find_school_year(text)) is not None), None)


def period_in(titles: Sequence[str]) -> tuple[date, str] | None:
    """The first day, month or term that a title says with its year, and how it says it; a year alone is none.

    9/8/2025 is 8 September here, since a person is asked about it.

    >>> period_in(["Enrollment", "As of October 15, 2019"]), period_in(["Enrollment 2019"])
    ((datetime.date(2019, 10, 15), 'October 15, 2019'), None)
    """
    for title in titles:
        text, _ = split_period(title) or ("", "")
        period = read_period(text)
        if period and period.needs == "order":
            period = read_period(text, Dates(order="month first"))
        if period and period.first and period.kind != "year":
            return period.first, text
    return None


def school_in_titles(sheet: Sheet, table: Table, known: Iterable[str]) -> str:
    """The school that a title cell names: after "School:", or a known name, or what reads like one; "" if none does."""
    rows = [[text for text in sheet.row(row) if text] for row in _rows_above(table)]
    for cells in rows:
        for place, text in enumerate(cells):
            said = SAYS_SCHOOL.fullmatch(text if BARE_LABEL.fullmatch(text) is None else f"{text.rstrip(': ')}:")
            if said and (name := said.group(1) or (cells[place + 1] if place + 1 < len(cells) else "")):
                return name
    return _named([_without_period(text) for cells in rows for text in cells], known)


def names_school(text: str, sheet: Sheet, table: Table, known: Iterable[str]) -> bool:
    """Whether a title line is the one that names the school."""
    return school_in_titles(sheet, table, known).casefold() in text.casefold()


def school_in_file_name(name: str, known: Iterable[str]) -> str:
    """The school that a file is called after, "" if that isn't plain.

    >>> school_in_file_name("Lincoln High - scores 2025-26.xlsx", ()), school_in_file_name("attendance.csv", ())
    ('Lincoln High', '')
    """
    return _named([*_pieces(stem(name)), " ".join(stem(name).replace("_", " ").split())], known)


def _pieces(name: str) -> list[str]:
    found = []
    for piece in BETWEEN.split(name):
        found.append(_without_period(" ".join(piece.replace("_", " ").split())))
    return found


def _without_period(text: str) -> str:
    """
    >>> _without_period("Lincoln High 2025-26"), _without_period("Lincoln High")
    ('Lincoln High', 'Lincoln High')
    """
    period = split_period(text)
    return period[1] if period and not read_period(text) else text


def _named(texts: Sequence[str], known: Iterable[str]) -> str:
    """The first text that is a known name, else the first that holds one, else the first that reads like a school."""
    names = {name.casefold(): name for name in known if len(name) > 2}
    met = [text for text in texts if text.casefold() in names]
    if met:
        return names[met[0].casefold()]
    held = {name for text in texts for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text.casefold())}
    longest = max(held, key=len, default="")
    if longest and all(name in longest for name in held):
        return names[longest]
    return next((text for text in texts if reads_like_school(text)), "")


def reads_like_school(text: str) -> bool:
    return (
        len(text) <= LONGEST_SCHOOL
        and SCHOOLISH.fullmatch(text) is not None
        and not NO_SCHOOL_NAME.fullmatch(text)
        and len(text.split()) >= 2
    )


def name_of_file_or_sheet(workbook: Workbook, sheet: Sheet) -> str:
    """What a school may be called for now, where nothing says it."""
    return readable(stem(workbook.name)) if GENERIC_SHEET.fullmatch(plain(sheet.says)) else sheet.says
