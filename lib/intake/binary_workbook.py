"""A look into the parts of a binary workbook (xlsb) before a parser sees them.

Source of the numbers of records: Microsoft, [MS-XLSB] 2.3 and 2.4.
"""

import struct
from collections.abc import Iterator

from lib.intake.limits import DANGER, LONGEST_ROW, UNREADABLE, Budget, refuse_far_cells
from lib.intake.noticed import Noticed
from lib.intake.refusal import Refusal

ROW, BLANK_CELL, ERROR_CELL, LAST_CELL, ERROR_FORMULA, BUNDLE_SHEET = 0, 1, 3, 11, 11, 156
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""[MS-XLSB] 2.5.97.2 and [MS-XLS] 2.5.10 (BErr)."""

Record = tuple[int, memoryview]


def sheets(book: bytes) -> Iterator[tuple[str, str]]:
    """Name of each sheet and the id of the link to its part."""
    for kind, record in _records(iter([book])):
        if kind == BUNDLE_SHEET and len(record) >= 12:
            link, place = _text(record, 8)
            yield _text(record, place)[0], link


def _text(record: memoryview, place: int) -> tuple[str, int]:
    """A text behind its length, and where it ends."""
    if len(record) < place + 4:
        raise _damaged()
    end = place + 4 + 2 * struct.unpack_from("<I", record, place)[0]
    if end > len(record):
        raise _damaged()
    return bytes(record[place + 4 : end]).decode("utf-16-le", "replace"), end


def scan(chunks: Iterator[bytes], budget: Budget) -> Noticed:
    """Counts the cells of one sheet and finds its errors."""
    noticed, row, last_row, last_column = Noticed(), 0, 0, 1
    for kind, record in _records(chunks):
        if kind == ROW and len(record) >= 4:
            row = struct.unpack_from("<I", record)[0] + 1
        elif BLANK_CELL < kind <= LAST_CELL and len(record) >= 9:
            column = struct.unpack_from("<I", record)[0] + 1
            last_row, last_column = max(last_row, row), max(last_column, column)
            budget.spend_cells(1)
            if kind in (ERROR_CELL, ERROR_FORMULA):
                budget.spend_silent(1)
                noticed.silent[row, column] = ERRORS.get(record[8], "#ERROR")
    refuse_far_cells(last_row, last_column)
    return noticed


def _records(chunks: Iterator[bytes]) -> Iterator[Record]:
    """Each record: its number, and what it holds."""
    tail = b""
    for chunk in chunks:
        window = tail + chunk
        view, place = memoryview(window), 0
        while (head := _head(window, place)) and head[2] <= len(window):
            kind, start, place = head
            yield kind, view[start:place]
        tail = window[place:]
        if len(tail) > LONGEST_ROW:
            raise Refusal(DANGER.format(what="a record of many million bytes"), UNREADABLE)
    if tail:
        raise _damaged()


def _head(window: bytes, place: int) -> tuple[int, int, int] | None:
    """Number of the record that begins here, where its contents begin and end; None where the window ends before."""
    end = len(window)
    if place >= end:
        return None
    kind = window[place]
    place += 1
    if kind & 0x80:
        if place >= end:
            return None
        kind, place = (kind & 0x7F) | (window[place] & 0x7F) << 7, place + 1
    size = 0
    for number, byte in enumerate(window[place : place + 4]):
        size |= (byte & 0x7F) << 7 * number
        if not byte & 0x80:
            start = place + number + 1
            return kind, start, start + size
    if place + 4 <= end:
        raise _damaged()
    return None


def _damaged() -> Refusal:
    return Refusal("The workbook is damaged or cut short.", UNREADABLE)
