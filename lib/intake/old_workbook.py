"""A look into an old Excel workbook (xls) before a parser sees it.

Source of the numbers of records: Microsoft, [MS-XLS] 2.3 and 2.4.
"""

import struct
from collections.abc import Iterator

from lib.intake.binary_workbook import ERRORS
from lib.intake.compound import Compound
from lib.intake.limits import UNREADABLE, Budget, refuse_far_cells
from lib.intake.noticed import Noticed
from lib.intake.refusal import Refusal

FORMULA, END, PASSWORD, BOUND_SHEET, MANY_NUMBERS = 0x0006, 0x000A, 0x002F, 0x0085, 0x00BD
TEXT_OF_TABLE, NUMBER, TEXT, BOOLEAN_OR_ERROR, SHORT_NUMBER, RICH_TEXT, BEGIN = (
    0x00FD,
    0x0203,
    0x0204,
    0x0205,
    0x027E,
    0x00D6,
    0x0809,
)
ONE_CELL = {FORMULA, TEXT_OF_TABLE, NUMBER, TEXT, BOOLEAN_OR_ERROR, SHORT_NUMBER, RICH_TEXT}
MODERN = 0x0600
"""Version of the records since Excel 97; sheet names are Unicode from there on."""
IS_ERROR = 0x02


def inspect(data: bytes) -> dict[str, Noticed]:
    """What was noticed in each sheet, by its name. Raises `Refusal` for one that is damaged, too large or locked."""
    container = Compound(data)
    name = next((name for name in ("Workbook", "Book") if name in container), None)
    if name is None:
        raise Refusal("This is not a spreadsheet, but another kind of Office file.", "Choose a CSV or Excel file.")
    stream = container.stream(name)
    budget = Budget()
    return {sheet: _scan(stream, start, budget) for sheet, start in _sheets(stream)}


def _sheets(stream: bytes) -> list[tuple[str, int]]:
    """Name of each sheet and where its records begin."""
    found, version = [], MODERN
    for kind, place, size in _records(stream, 0):
        if kind == PASSWORD:
            raise Refusal("The workbook has a password.", "Save a copy without a password.")
        if kind == BEGIN and size >= 2:
            version = struct.unpack_from("<H", stream, place)[0]
        if kind == BOUND_SHEET and size >= 8:
            start = struct.unpack_from("<I", stream, place)[0]
            found.append((_name(stream[place + 6 : place + size], version), start))
    return found


def _name(raw: bytes, version: int) -> str:
    """A text behind its length in one byte; since Excel 97 another byte says whether two bytes make a letter."""
    if version < MODERN:
        return raw[1 : 1 + raw[0]].decode("cp1252", "replace")
    wide = raw[1] & 1
    return raw[2 : 2 + raw[0] * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """Number, place and size of each record up to the end of its part."""
    place = start
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        if place + 4 + size > len(stream):
            raise Refusal("The workbook is damaged or cut short.", UNREADABLE)
        yield kind, place + 4, size
        if kind == END:
            return
        place += 4 + size


def _scan(stream: bytes, start: int, budget: Budget) -> Noticed:
    """Counts the cells of one sheet and finds its errors."""
    noticed, last_row, last_column = Noticed(), 0, 1
    for kind, place, size in _records(stream, start):
        if kind in ONE_CELL and size >= 6:
            row, column = struct.unpack_from("<HH", stream, place)
            last_row, last_column = max(last_row, row + 1), max(last_column, column + 1)
            budget.spend_cells(1)
            if error := _error(kind, stream[place : place + min(size, 14)]):
                noticed.silent[row + 1, column + 1] = error
        elif kind == MANY_NUMBERS and size >= 6:
            row, first = struct.unpack_from("<HH", stream, place)
            last = struct.unpack_from("<H", stream, place + size - 2)[0]
            last_row, last_column = max(last_row, row + 1), max(last_column, last + 1)
            budget.spend_cells(max(last - first + 1, 1))
    refuse_far_cells(last_row, last_column)
    return noticed


def _error(kind: int, cell: bytes) -> str:
    """The error that a cell shows, or ""."""
    if kind == BOOLEAN_OR_ERROR and len(cell) >= 8 and cell[7]:
        return ERRORS.get(cell[6], "#ERROR")
    if kind == FORMULA and len(cell) >= 14 and cell[12:14] == b"\xff\xff" and cell[6] == IS_ERROR:
        return ERRORS.get(cell[8], "#ERROR")
    return ""
