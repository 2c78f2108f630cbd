"""A look into the content of an OpenDocument spreadsheet before a parser sees it: what a short text would unfold to,
and the errors that a parser passes over."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from lib.intake.limits import DANGER, LONGEST_ROW, MOST_COLUMNS, MOST_ROWS, UNREADABLE, Budget, refuse_far_cells
from lib.intake.noticed import Noticed
from lib.intake.refusal import Refusal

LONGEST_SPACE = 1_000
"""Spaces that one `text:s` may stand for; a parser writes them all out."""
ATTRIBUTES = rb"""((?:[^<>"'/]|/(?!>)|"[^"<]*"|'[^'<]*')*+)"""
TAG = re.compile(rb"<(/?)table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])" + ATTRIBUTES + rb"(/?)>")
SPACES = re.compile(rb"""\btext:c=["'](\d{4,})["']""")
PARAGRAPH = re.compile(rb"<text:p[^<>]*+>([^<]*)<")
ERROR_TYPE = re.compile(rb"""\bcalcext:value-type=["']error["']""")


@dataclass
class _Row:
    repeated: int = 1
    cells: int = 0
    column: int = 0
    last_column: int = 0
    silent: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class _Sheet:
    name: str = ""
    row: int = 0
    last_row: int = 0
    last_column: int = 1
    noticed: Noticed = field(default_factory=Noticed)


class Scanner:
    """Takes the content in chunks; `sheets` has what was noticed, by the sheet's name."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.sheets: dict[str, Noticed] = {}
        self._sheet = _Sheet()
        self._row = _Row()
        self._tail = b""

    def take(self, chunk: bytes) -> None:
        window = self._tail + chunk
        _refuse_long_spaces(window)
        end = max(window.rfind(b"</table:table-row>"), window.rfind(b"</table:table>"))
        if end < 0:
            if len(window) > LONGEST_ROW:
                raise Refusal(DANGER.format(what="a row or a cell of many million characters"), UNREADABLE)
            self._tail = window
            return
        end = window.index(b">", end) + 1
        self._scan(window[:end])
        self._tail = window[end:]

    def close(self) -> None:
        self._scan(self._tail)

    def _scan(self, window: bytes) -> None:
        for tag in TAG.finditer(window):
            closing, kind, attributes, empty = tag.groups()
            if kind == b"table":
                self._end_sheet() if closing else self._begin_sheet(attributes)
            elif kind == b"table-row":
                self._end_row() if closing else self._begin_row(attributes, bool(empty))
            elif not closing:
                self._cell(attributes, _inside(window, tag.end(), bool(empty)), kind == b"table-cell")

    def _begin_sheet(self, attributes: bytes) -> None:
        self._sheet = _Sheet(name=_said(attributes, b"table:name"))

    def _end_sheet(self) -> None:
        refuse_far_cells(self._sheet.last_row, self._sheet.last_column)
        self.sheets[self._sheet.name] = self._sheet.noticed

    def _begin_row(self, attributes: bytes, empty: bool) -> None:
        self._row = _Row(repeated=_repeated(attributes, b"table:number-rows-repeated", MOST_ROWS))
        if empty:
            self._end_row()

    def _end_row(self) -> None:
        row, sheet = self._row, self._sheet
        self.budget.spend_unfolded(row.column)
        self.budget.spend_cells(row.cells * row.repeated)
        self.budget.spend_silent(len(row.silent) * row.repeated)
        if row.last_column:
            sheet.last_row = sheet.row + row.repeated
            sheet.last_column = max(sheet.last_column, row.last_column)
        for number in range(sheet.row + 1, sheet.row + row.repeated + 1) if row.silent else ():
            sheet.noticed.silent.update({(number, column): said for column, said in row.silent})
        sheet.row += row.repeated

    def _cell(self, attributes: bytes, inside: bytes, may_hold: bool) -> None:
        row = self._row
        repeated = _repeated(attributes, b"table:number-columns-repeated", MOST_COLUMNS)
        silent = _silent(attributes, inside)
        if may_hold and (silent or b"office:value-type" in attributes or b"<text:p" in inside):
            row.cells += repeated
            row.last_column = row.column + repeated
        if silent:
            row.silent += [(row.column + place, silent) for place in range(1, repeated + 1)]
        self._merge(attributes)
        row.column += repeated

    def _merge(self, attributes: bytes) -> None:
        if b"-spanned=" in attributes:
            rows = _repeated(attributes, b"table:number-rows-spanned", MOST_ROWS)
            columns = _repeated(attributes, b"table:number-columns-spanned", MOST_COLUMNS)
            first_row, first = self._sheet.row, self._row.column
            self._sheet.noticed.merged.append((first_row, first, first_row + rows - 1, first + columns - 1))


def scan(chunks: Iterator[bytes], budget: Budget) -> dict[str, Noticed]:
    """What was noticed in content.xml, by sheet name. Raises `Refusal` where it would unfold to too much."""
    scanner = Scanner(budget)
    for chunk in chunks:
        scanner.take(chunk)
    scanner.close()
    return scanner.sheets


def _inside(window: bytes, start: int, empty: bool) -> bytes:
    """The first of what a cell holds; enough for an error's name."""
    return b"" if empty else window[start : start + 200].split(b"</table:", 1)[0]


def _silent(attributes: bytes, inside: bytes) -> str:
    """The name of an error, or "=" for a formula without a value; else ""."""
    if ERROR_TYPE.search(attributes):
        found = PARAGRAPH.search(inside)
        return unescape(found.group(1).decode("utf-8", "replace")).strip() if found else "#ERROR"
    has_value = b"office:value-type" in attributes or b"<text:p" in inside
    return "=" if b"table:formula" in attributes and not has_value else ""


def _repeated(attributes: bytes, name: bytes, most: int) -> int:
    said = _said(attributes, name) or "1"
    if not said.isdecimal() or int(said[:12]) > most or len(said) > 12:
        raise Refusal(DANGER.format(what=f"rows or cells repeated {said[:20]} times"), UNREADABLE)
    return int(said)


def _said(attributes: bytes, name: bytes) -> str:
    found = re.search(rb"(?:^|\s)" + name + rb"""=(?:"([^"]*)"|'([^']*)')""", attributes)
    return unescape((found.group(1) or found.group(2) or b"").decode("utf-8", "replace")) if found else ""


def _refuse_long_spaces(window: bytes) -> None:
    if any(int(number[:9]) > LONGEST_SPACE for number in SPACES.findall(window)):
        raise Refusal(DANGER.format(what="a cell of many million characters"), UNREADABLE)
