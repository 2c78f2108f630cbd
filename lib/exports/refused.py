"""The refused cells of a file as a workbook like the one that was sent: marked, with what is wrong and how to fix it.

It is built anew from the sheets as they were read, whatever the file's format: values and texts stand where they stood,
and nothing in it is a formula, a link elsewhere or a macro.
"""

import io
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_cell_to_rowcol

from lib.exports.sheet_names import sheet_names
from lib.intake import Sheet, Workbook
from lib.intake.kinds import DATE, NUMBER
from lib.intake.sheets import Merged, spell
from lib.problems import CannotContinue, Problem

MOST_CELLS = 200_000
"""Cells of the whole workbook: 450,000 took 26 seconds on a busy computer with two cores."""

MOST_COMMENTS = 5_000
MOST_MERGED = 2_000
WIDEST_COLUMN, LOOKED_AT = 40, 60
LIST = "Notes - what to correct"
"""The tab that lists the cells; by its name it is left out when the workbook is brought in again."""

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
MARKED = {"bg_color": "#FFD7A8", "border": 2, "border_color": "#D55E00", "font_color": "#000000"}
Place = tuple[int, int]
"""Row and column of a cell, from 0."""

INTRODUCTION = "Please correct these cells and send the workbook back. Each of them is marked, with a comment."


def refused_workbook(workbook: Workbook, refused: pd.DataFrame) -> bytes:
    """`refused`: sheet, cell, value, reason, fix. Raises CannotContinue where the file is too large for this."""
    size = sum(sheet.n_rows * sheet.n_columns for sheet in workbook.sheets)
    if size > MOST_CELLS:
        raise CannotContinue(
            Problem(
                workbook.name, f"It has {size:,} cells, too many to mark.", "Send the list of refused cells instead."
            )
        )
    tabs: dict[str, list[Sheet]] = {}
    for sheet in workbook.sheets:
        tabs.setdefault(sheet.base or sheet.name, []).append(sheet)
    names = dict(zip(tabs, sheet_names([LIST, *tabs])[1:], strict=True))
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    _write_list(book, refused, {sheet.name: names[tab] for tab, sheets in tabs.items() for sheet in sheets})
    for tab, sheets in tabs.items():
        _write_tab(book, names[tab], sheets, refused[refused["sheet"].isin([sheet.name for sheet in sheets])])
    book.close()
    return out.getvalue()


def _write_list(book: xlsxwriter.Workbook, refused: pd.DataFrame, names: dict[str, str]) -> None:
    page = book.add_worksheet(LIST)
    bold = book.add_format({"bold": True})
    page.write_string(0, 0, INTRODUCTION)
    for place, (header, width) in enumerate(
        (("Sheet", 22), ("Cell", 8), ("Value", 18), ("What is wrong", 60), ("How to fix it", 60))
    ):
        page.write_string(2, place, header, bold)
        page.set_column(place, place, width)
    columns = refused[["sheet", "cell", "value", "reason", "fix"]]
    for row, (sheet, cell, *said) in enumerate(columns.itertuples(index=False, name=None), start=3):
        page.write_string(row, 0, names[sheet])
        quoted = names[sheet].replace("'", "''")
        page.write_url(row, 1, f"internal:'{quoted}'!{cell}", string=cell)
        for place, text in enumerate(said, start=2):
            page.write_string(row, place, str(text))
    page.freeze_panes(3, 0)


def _write_tab(book: xlsxwriter.Workbook, name: str, sheets: Sequence[Sheet], refused: pd.DataFrame) -> None:
    """One tab of the file; where it held several tables, each of them stands where it stood."""
    page = book.add_worksheet(name)
    if not sheets[0].visible:
        page.hide()
    looks = {"day": book.add_format({"num_format": "yyyy-mm-dd"}), "wrong": book.add_format(MARKED)}
    wrong = {xl_cell_to_rowcol(cell): why for cell, *why in refused[["cell", "reason", "fix"]].itertuples(index=False)}
    for sheet in sheets:
        for top, left, bottom, right in mergeable(sheet):
            page.merge_range(top, left, bottom, right, "")
    for row, place in wrong:
        page.write_blank(row, place, None, looks["wrong"])
    for sheet in sheets:
        _write_cells(page, sheet, set(wrong), looks)
    for (row, place), why in list(wrong.items())[:MOST_COMMENTS]:
        page.write_comment(row, place, " ".join(why), {"author": "Stepback", "x_scale": 1.6})


def _write_cells(page: xlsxwriter.worksheet.Worksheet, sheet: Sheet, wrong: set[Place], looks: dict[str, Any]) -> None:
    for place, cells in enumerate(sheet.columns):
        texts, kinds = cells.texts(0, sheet.n_rows), cells.kinds.tolist()
        if any(texts):
            width = 2 + max(map(len, texts[:LOOKED_AT]), default=0)
            page.set_column(place, place, min(WIDEST_COLUMN, width))
        for row, (text, kind) in enumerate(zip(texts, kinds, strict=True)):
            if text:
                look = looks["wrong"] if (row, place) in wrong else looks["day"] if kind == DATE else None
                _write_cell(page, row, place, text, kind, look, is_typed=cells.kind is not None)


def _write_cell(
    page: xlsxwriter.worksheet.Worksheet, row: int, place: int, text: str, kind: int, look: Any, is_typed: bool
) -> None:
    """A number or a day as such, anything else as text. A CSV has no types: what is spelled as a number is one."""
    if kind == NUMBER or (not is_typed and is_number(text)):
        page.write_number(row, place, float(text), look)
    elif kind == DATE and (moment := _moment(text)):
        page.write_datetime(row, place, moment, look)
    else:
        page.write_string(row, place, text, look)


def is_number(text: str) -> bool:
    """Whether a text is a number and nothing is lost by keeping it as one: codes such as 007 stay texts.

    >>> [is_number(text) for text in ("12", "0.5", "-3", "007", "1e5", "93%", "nan", "1,5")]
    [True, True, True, False, False, False, False, False]
    """
    return re.fullmatch(r"-?\d{1,15}(?:\.\d{1,15})?", text) is not None and spell(float(text)) == text


def _moment(text: str) -> datetime | None:
    """A day that a workbook can hold; Excel has none before 1900."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.year >= 1900 else None


def mergeable(sheet: Sheet) -> list[Merged]:
    """The sheet's merged ranges that lie within it and meet no other."""
    taken: set[tuple[int, int]] = set()
    found = []
    for top, left, bottom, right in sheet.merged[:MOST_MERGED]:
        inside = bottom < sheet.n_rows and right < sheet.n_columns and (bottom > top or right > left)
        cells = (
            {(row, place) for row in range(top, bottom + 1) for place in range(left, right + 1)} if inside else set()
        )
        if cells and not cells & taken:
            taken |= cells
            found.append((top, left, bottom, right))
    return found
