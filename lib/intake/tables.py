"""Several tables in one sheet, under each other or side by side: each becomes a sheet of its own, cells in place."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pyarrow as pa

from lib.intake.dates import FIRST_YEAR, LAST_YEAR
from lib.intake.header import FEWEST_CELLS, LAST_HEADER_ROW, Table, find_table, look
from lib.intake.sheets import Cells, Merged, Sheet
from lib.intake.short_dates import days_in
from lib.intake.vocabulary import plain

MOST_CELLS = 300_000
"""A larger sheet is one table: nobody keeps so much in several."""
MOST_TITLES = 4
"""Rows over a header that may be its titles and upper header rows."""
SAME_HEADER = 0.8


def tables_apart(sheet: Sheet) -> list[Sheet]:
    """The sheet itself, or one sheet for each of its tables, with every cell where it stood and the others blank."""
    table = find_table(sheet) if 0 < sheet.n_rows * sheet.n_columns <= MOST_CELLS else None
    if table is None:
        return [sheet]
    filled = np.column_stack([cells.is_filled for cells in sheet.columns])
    pieces = _beside(sheet, table, filled) or _below(sheet, table, filled)
    return [_piece(sheet, place, *bounds) for place, bounds in enumerate(pieces, 1)] if len(pieces) > 1 else [sheet]


Bounds = tuple[int, int, int, int]
"""First row, last row, first column, last column, from 0, the last ones not included."""


def _below(sheet: Sheet, table: Table, filled: "np.ndarray") -> list[Bounds]:
    """Tables under each other: each begins with a row of labels where the columns above hold numbers."""
    last_header = table.first_data_row - 2
    rows = [list(row) for row in zip(*map(_texts, sheet.columns), strict=True)]
    heads = [last_header]
    of_days = _rows_of_days(rows, last_header)
    for row in sorted({*_rows_of_labels(sheet, last_header + 1), *of_days}):
        if row in of_days or _is_head(rows, row, heads[-1]):
            heads.append(row)
    starts = [0, *(_with_titles(rows, head, before) for before, head in pairwise(heads))]
    ends = [*starts[1:], sheet.n_rows]
    return [(start, end, 0, sheet.n_columns) for start, end in zip(starts, ends, strict=True)]


def _texts(cells: Cells) -> list[str]:
    codes, words = cells.spelled
    texts: list[str] = np.array([*words, ""], dtype=object)[codes].tolist()
    return texts


def _rows_of_labels(sheet: Sheet, first: int) -> list[int]:
    """The rows from the given one on, but the last, without a typed number that can be no year or day."""
    numbers = np.column_stack([cells.numbers[first:-1] for cells in sheet.columns])
    whole = numbers == np.round(numbers)
    periods = (numbers >= FIRST_YEAR) & (numbers <= LAST_YEAR) | (numbers >= 1e7) & (numbers < 1e8)
    is_number = ~np.isnan(numbers) & ~(whole & periods)
    return [int(row) + first for row in np.flatnonzero(~is_number.any(axis=1))]


def _rows_of_days(rows: list[list[str]], header: int) -> set[int]:
    """The rows below that have the numbers of days beside the header's first label, if the header has days too."""
    if not days_in(rows[header]):
        return set()
    first = rows[header][0]
    return {row for row in range(header + 1, len(rows)) if rows[row][0] == first and days_in(rows[row])}


def _is_head(rows: list[list[str]], row: int, before: int) -> bool:
    labels = [place for place, text in enumerate(rows[row]) if text]
    if len(labels) < FEWEST_CELLS or row < before + 2:
        return False
    looks = {place: look(rows[row][place]) for place in labels}
    if "n" in looks.values() or "m" in looks.values():
        return False
    same = sum(1 for place in labels if plain(rows[row][place]) == plain(rows[before][place]))
    if same >= SAME_HEADER * max(len(labels), sum(1 for text in rows[before] if text)):
        return True
    numbers_below = [place for place in labels if _kinds(rows[row + 1 : row + 6], place) == {"n"}]
    return len(numbers_below) >= FEWEST_CELLS and _stands_apart(rows, row, before)


def _kinds(rows: list[list[str]], place: int) -> set[str]:
    """What a column looks like up to the next blank row, marks apart."""
    found: set[str] = set()
    for cells in rows:
        if not any(cells):
            break
        found |= {look(cells[place])} if cells[place] else set()
    return found - {"m"}


def _stands_apart(rows: list[list[str]], row: int, before: int) -> bool:
    """Whether a blank row parts the header and its titles from what is above."""
    above = range(row - 1, max(before, row - 1 - MOST_TITLES), -1)
    return any(not any(rows[place]) for place in above)


def _with_titles(rows: list[list[str]], head: int, before: int) -> int:
    """The first of the rows right over a header that belong to it: titles, and headers above it."""
    start = head
    while start - 1 > before and head - start < MOST_TITLES and _is_over(rows[start - 1]):
        start -= 1
    return start


def _is_over(cells: list[str]) -> bool:
    kinds = [look(text) for text in cells if text]
    return bool(kinds) and "n" not in kinds


def _beside(sheet: Sheet, table: Table, filled: "np.ndarray") -> list[Bounds]:
    """Tables side by side: a blank column between them, and the key column's header again after it."""
    first = table.header_row - 1
    used = np.flatnonzero(filled[first:].any(axis=0))
    if not len(used):
        return []
    headers = [plain(text) for text in sheet.row(table.first_data_row - 1)]
    starts = [int(used[0])]
    for one, two in pairwise(used.tolist()):
        if two > one + 1 and headers[two] and headers[two] == headers[starts[0]] and headers[two + 1 : two + 2] != [""]:
            starts.append(two)
    if len(starts) == 1:
        return []
    ends = [*starts[1:], sheet.n_columns]
    starts[0] = 0
    return [(0, sheet.n_rows, start, end) for start, end in zip(starts, ends, strict=True)]


def _piece(sheet: Sheet, number: int, top: int, bottom: int, left: int, right: int) -> Sheet:
    here = np.zeros(sheet.n_rows, bool)
    here[top:bottom] = True
    piece = replace(
        sheet,
        columns=tuple(_only(cells, here & (left <= place < right)) for place, cells in enumerate(sheet.columns)),
        base=sheet.name,
        merged=tuple(one for one in sheet.merged if _inside(one, top, bottom, left, right)),
    )
    label = _title_of(piece) or f"Table {number}"
    return replace(piece, label=label, name=f"{sheet.name}, table {number}" if sheet.name else f"table {number}")


def _inside(merged: Merged, top: int, bottom: int, left: int, right: int) -> bool:
    return top <= merged[0] < bottom and left <= merged[1] < right


def _only(cells: Cells, here: "np.ndarray") -> Cells:
    """The column with every cell blank that is not here."""
    texts = [text if kept else None for text, kept in zip(cells.text.to_pylist(), here.tolist(), strict=True)]
    return Cells(
        text=pa.array(texts, pa.string()).dictionary_encode(),
        number=None if cells.number is None else pa.array(np.where(here, cells.numbers, np.nan), from_pandas=True),
        kind=None if cells.kind is None else pa.array(np.where(here, cells.kinds, 0).astype(np.uint8)),
    )


def _title_of(piece: Sheet) -> str:
    """The line right over the header, if it is the only text in its row."""
    table = find_table(piece)
    for row in range(table.header_row - 1, max(table.header_row - LAST_HEADER_ROW, 0), -1) if table else ():
        texts = [text for text in piece.row(row) if text]
        if len(texts) == 1:
            return texts[0]
        if texts:
            return ""
    return ""
