"""Small spreadsheets for the tests, as bytes, and a way to read them without a process of their own."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any

import openpyxl

from lib.intake import Checked, Known, Proposal, Recipe, Workbook, check, propose
from lib.intake.child import answer
from lib.intake.reader import workbook_from

TODAY = date(2026, 3, 13)
KNOWN = Known(today=TODAY)
Rows = Sequence[Sequence[Any]]


def csv_of(rows: Rows, separator: str = ",", encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_of(sheets: dict[str, Rows], merged: dict[str, list[str]] | None = None, hidden: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for cells in (merged or {}).get(name, []):
            sheet.merge_cells(cells)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_here(data: bytes, name: str = "file.csv") -> Workbook:
    """Reads in this process, which is quick; only for files made by the tests."""
    head, tables = answer(data, "xlsx" if data.startswith(b"PK") else "text")
    return workbook_from(head, tables, data, name)


def proposed(data: bytes, name: str = "file.csv", known: Known = KNOWN) -> tuple[Workbook, Proposal]:
    workbook = read_here(data, name)
    return workbook, propose(workbook, known)


def checked(data: bytes, name: str = "file.csv", known: Known = KNOWN) -> tuple[Recipe, Checked]:
    """Proposes, insists that nothing is in doubt, and checks."""
    workbook, proposal = proposed(data, name, known)
    assert proposal.recipe is not None, proposal.questions
    assert proposal.certain, [str(question) for question in proposal.questions]
    return proposal.recipe, check(workbook, proposal.recipe, known)


def with_sheet_xml(change: Any) -> bytes:
    """A small workbook whose first sheet's XML is what `change` makes of it."""
    source = zipfile.ZipFile(io.BytesIO(xlsx_of({"Data": [["School", "2024", "2025"], ["Lincoln High", 1, 2]]})))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            text = source.read(name)
            target.writestr(name, change(text) if name == "xl/worksheets/sheet1.xml" else text)
    return out.getvalue()
