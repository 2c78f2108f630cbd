"""Sheets that list students are refused: no student-level data comes in."""

from lib.intake.binding import Bound
from lib.intake.header import Table
from lib.intake.sheets import Sheet
from lib.intake.vocabulary import STUDENT, WEAK_STUDENT, plain
from lib.problems import CannotContinue, Problem

ROSTER = "This sheet lists students; Stepback keeps no student-level data."
ROSTER_FIX = "Bring in counts for each school and date instead."
SHARE_DIFFERENT = 0.5
"""A column of students has (nearly) one text for each row; a column of counts repeats itself."""


def student_headers(sheet: Sheet, table: Table) -> list[str]:
    """The headers that say the sheet lists students."""
    found = []
    for place, label in enumerate(table.labels):
        for text in label:
            if STUDENT.fullmatch(plain(text)) and (
                not WEAK_STUDENT.fullmatch(plain(text)) or _one_per_row(sheet, table, place)
            ):
                found.append(text)
                break
    return found


def _one_per_row(sheet: Sheet, table: Table, place: int) -> bool:
    codes = sheet.columns[place].spelled[0][table.first_data_row - 1 :]
    filled = codes[codes >= 0]
    return len(filled) > 5 and len(set(filled.tolist())) >= SHARE_DIFFERENT * len(filled)


def refuse_rosters(name: str, bound: list[Bound]) -> None:
    """Raises `CannotContinue` where one of the sheets lists students."""
    for one in bound:
        headers = student_headers(one.sheet, one.table)
        if headers:
            raise CannotContinue(roster_problem(one.sheet.name or name, headers))


def roster_problem(where: str, headers: list[str]) -> Problem:
    return Problem(where, f"{ROSTER} (Headers: {', '.join(headers[:3])}.)", ROSTER_FIX)
