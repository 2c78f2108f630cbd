"""Sheets that list people: found by headers and by cells. What can't be counted is refused; names never come in."""

import re

import numpy as np

from lib.intake.binding import Bound
from lib.intake.header import Table
from lib.intake.sheets import Sheet, letters
from lib.intake.vocabulary import ABOVE, SCHOOL_ID, SCHOOL_WORD, STUDENT, WEAK_STUDENT, plain
from lib.problems import CannotContinue, Problem

ROSTER = "This sheet lists students; Stepback keeps no student-level data."
ROSTER_FIX = "Bring in counts for each school and date, or a list with a 1 or 0 for each student and week."
FEWEST_PEOPLE = 6
SHARE_DIFFERENT = 0.5
"""A column of students has (nearly) one text for each row; a column of counts repeats itself."""


def student_columns(sheet: Sheet, table: Table) -> list[int]:
    """Positions of the columns that tell who somebody is, by their header or by what stands in them."""
    headed = [place for place, label in enumerate(table.labels, 1) if _says_student(sheet, table, place, label)]
    if _rows_are_schools(sheet, table):
        return [place for place in headed if not _weak(table.labels[place - 1])]
    found = {*headed, *(place for place in range(1, sheet.n_columns + 1) if _tells_who(sheet, table, place))}
    return sorted(found | _bare_names(sheet, table)) if found else []


def _bare_names(sheet: Sheet, table: Table) -> set[int]:
    """Beside a birth date or the like a column "Name" with another name in each row is a person's, not a school's."""
    named = [place for place, header in enumerate(table.headers, 1) if BARE_NAME.fullmatch(plain(header))]
    return {place for place in named if _one_per_row(sheet, table, place)}


def student_headers(sheet: Sheet, table: Table) -> list[str]:
    """The headers that say the sheet lists people; a column without one is named by its letter."""
    return [
        table.headers[place - 1].split(ABOVE)[-1] or f"column {letters(place)}"
        for place in student_columns(sheet, table)
    ]


def _says_student(sheet: Sheet, table: Table, place: int, label: tuple[str, ...]) -> bool:
    return any(STUDENT.fullmatch(plain(text)) for text in label) and (
        not _weak(label) or _one_per_row(sheet, table, place)
    )


def _weak(label: tuple[str, ...]) -> bool:
    said = [plain(text) for text in label if STUDENT.fullmatch(plain(text))]
    return all(WEAK_STUDENT.fullmatch(text) for text in said)


def _rows_are_schools(sheet: Sheet, table: Table) -> bool:
    """One row for each school, so that an e-mail address or a name in it is the school's."""
    named = [
        place
        for place, header in enumerate(table.headers, 1)
        if SCHOOL_ID.fullmatch(plain(header)) or SCHOOL_WORDED.fullmatch(plain(header))
    ]
    return any(_share_different(sheet, table, place) > 0.9 for place in named)


SCHOOL_WORDED = re.compile(rf"{SCHOOL_WORD}s?(?: ?name)?")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LAST_FIRST = re.compile(r"[A-ZÀ-Ý][\w'’-]+(?: [A-ZÀ-Ý][\w'’-]+)*, [A-ZÀ-Ý][a-zà-ÿ][\w'’-]*(?: [A-ZÀ-Ý][\w'’.-]*)*")
SOCIAL_SECURITY = re.compile(r"\d{3}-\d{2}-\d{4}")
TELLS_WHO = re.compile("|".join(one.pattern for one in (EMAIL, LAST_FIRST, SOCIAL_SECURITY)))
BARE_NAME = re.compile(r"name|nombre")
SHARE_OF_PEOPLE = 0.6


def _tells_who(sheet: Sheet, table: Table, place: int) -> bool:
    """E-mail addresses, names written "Last, First", or social security numbers."""
    counts, words = _words_below(sheet, table, place)
    if len(words) < FEWEST_PEOPLE:
        return False
    people = sum(1 for word in words if TELLS_WHO.fullmatch(word))
    return people >= SHARE_OF_PEOPLE * len(words) and len(words) >= SHARE_DIFFERENT * counts


def _words_below(sheet: Sheet, table: Table, place: int) -> tuple[int, list[str]]:
    """How many cells under the header are filled, and the different texts of them."""
    codes, words = sheet.columns[place - 1].spelled
    codes = codes[table.first_data_row - 1 :]
    filled = codes[codes >= 0]
    return len(filled), [words[code] for code in np.flatnonzero(np.bincount(filled, minlength=1)).tolist()]


def _share_different(sheet: Sheet, table: Table, place: int) -> float:
    filled, words = _words_below(sheet, table, place)
    return len(words) / filled if filled else 0.0


def _one_per_row(sheet: Sheet, table: Table, place: int) -> bool:
    filled, words = _words_below(sheet, table, place)
    return filled >= FEWEST_PEOPLE and len(words) >= SHARE_DIFFERENT * filled


def refuse_rosters(name: str, bound: list[Bound]) -> None:
    """Raises `CannotContinue` where one of the sheets lists students."""
    for one in bound:
        headers = student_headers(one.sheet, one.table)
        if headers:
            raise CannotContinue(roster_problem(one.sheet.name or name, headers))


def roster_problem(where: str, headers: list[str]) -> Problem:
    return Problem(where, f"{ROSTER} (Headers: {', '.join(headers[:3])}.)", ROSTER_FIX)
