"""Old, binary and OpenDocument workbooks are read like any other, and what a parser passes over in them is seen."""

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from lib.intake import check, propose, read
from lib.problems import CannotContinue
from tests.intake.making import KNOWN, xlsx_of
from tests.intake.other_formats import (
    DIV0,
    Rows,
    brt,
    compound,
    ods_cell,
    ods_of,
    ods_with,
    record,
    xls_of,
    xlsb_of,
    zipped,
)

GRID = [
    ["School", "2025-09-01", "2025-09-08", "2025-09-15"],
    ["Birch High", 90, 91.5, 88],
    ["Peña Middle", 85, DIV0, None],
    [None, None, None, None],
    ["Ash Grove", 70.25, 71, 72],
]
WRITERS: dict[str, Callable[[Rows], bytes]] = {"xls": xls_of, "xlsb": xlsb_of, "ods": ods_of}


@pytest.mark.parametrize("kind", WRITERS)
def test_each_format_gives_the_same_cells(kind: str) -> None:
    workbook = read(WRITERS[kind](GRID), f"grid.{kind}")
    sheet = workbook.sheets[0]
    assert (workbook.kind, sheet.name, sheet.n_rows, sheet.n_columns) == (kind, "Data", 5, 4)
    assert sheet.row(2) == ["Birch High", "90", "91.5", "88"]
    assert sheet.row(3) == ["Peña Middle", "85", "#DIV/0!", ""]
    assert sheet.row(5) == ["Ash Grove", "70.25", "71", "72"]
    assert workbook.notes == ()


@pytest.mark.parametrize("kind", WRITERS)
def test_an_error_is_refused_by_its_cell_and_never_a_number(kind: str) -> None:
    workbook = read(WRITERS[kind](GRID), f"attendance.{kind}")
    proposal = propose(workbook, KNOWN)
    assert proposal.recipe is not None
    checked = check(workbook, proposal.recipe, KNOWN)
    assert checked.refused[["cell", "reason"]].to_numpy().tolist() == [["C3", "The cell shows the error #DIV/0!."]]
    assert checked.counts.kept == 7


@pytest.mark.parametrize("kind", WRITERS)
def test_the_kind_is_told_by_the_bytes_and_not_by_the_name(kind: str) -> None:
    workbook = read(WRITERS[kind](GRID), "file.csv")
    assert workbook.kind == kind
    assert "Excel workbook" in workbook.notes[0]


def test_another_office_file_is_no_spreadsheet() -> None:
    with pytest.raises(CannotContinue, match="another kind of Office file"):
        read(compound("WordDocument", bytes(5000)), "letter.doc")


def test_a_formula_error_of_an_old_workbook_is_seen() -> None:
    formula = struct.pack("<HHH", 1, 0, 0) + bytes([2, 0, 0x2A, 0, 0, 0, 0xFF, 0xFF]) + bytes(8)
    sheet = read(with_formula(xls_of([["School"]]), formula), "grid.xls").sheets[0]
    assert sheet.row(2) == ["#N/A"]


def with_formula(data: bytes, formula: bytes) -> bytes:
    """The workbook with one more record before the end of its last sheet."""
    end = data.rfind(record(0x000A, b""))
    return data[:end] + record(6, formula) + record(0x000A, b"") + data[end + 8 + len(formula) :]


def test_macros_of_the_old_format_are_said_and_never_run() -> None:
    data = xls_of(GRID) + "_VBA_PROJECT".encode("utf-16-le")
    assert read(data, "grid.xls").notes == ("The workbook has macros; they are never run.",)


def test_merged_cells_of_an_ods_are_known() -> None:
    row = ods_cell("Week 1", 'table:number-columns-spanned="2" table:number-rows-spanned="1"')
    table = f"<table:table-row>{ods_cell(None)}{row}<table:covered-table-cell/></table:table-row>"
    assert read(ods_with(table), "grid.ods").sheets[0].merged == ((0, 1, 0, 2),)


def row_of(cells: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


def test_repeated_cells_and_blank_ends_of_an_ods_are_as_a_person_sees_them() -> None:
    three = ods_cell(2, 'table:number-columns-repeated="3"')
    far = '<table:table-cell table:number-columns-repeated="16384"/>'
    table = row_of(ods_cell("School") + three) + row_of(ods_cell("A"), 2) + row_of(far, 1_048_573)
    sheet = read(ods_with(table), "grid.ods").sheets[0]
    assert (sheet.n_rows, sheet.row(1), sheet.row(3)[0]) == (3, ["School", "2", "2", "2"], "A")


def test_a_formula_without_a_value_in_an_ods_is_seen() -> None:
    table = row_of(ods_cell("A") + ods_cell(None, 'table:formula="of:=1"'))
    assert read(ods_with(table), "grid.ods").sheets[0].row(1) == ["A", "="]


VALUE = ods_cell(2)
FAR = '<table:table-cell table:number-columns-repeated="16383"/>'
SPACES = '<text:p>a<text:s text:c="99999999"/></text:p>'
HOSTILE_TABLES = [
    (row_of(ods_cell(2, 'table:number-columns-repeated="16384"'), 1_048_576), "cells"),
    (row_of(VALUE, 4_000_000_000), "repeated 4000000000"),
    (row_of(VALUE, -1), "repeated -1"),
    (row_of("", 1_048_575) + row_of(FAR + VALUE), "far away"),
    (row_of('<table:table-cell table:number-columns-repeated="39"/>' + VALUE, 900_000), "row 900,000, column 40"),
    (row_of(VALUE + FAR) * 31_000, "blank up to the last column"),
    (row_of(f'<table:table-cell office:value-type="string">{SPACES}</table:table-cell>'), "of many million characters"),
    (f"<table:table-row><table:table-cell>{'<text:p>x</text:p>' * 600_000}", "a row or a cell of many million"),
]


@pytest.mark.parametrize(("table", "said"), HOSTILE_TABLES, ids=[said for _, said in HOSTILE_TABLES])
def test_an_ods_that_would_unfold_to_too_much_is_refused(table: str, said: str) -> None:
    with pytest.raises(CannotContinue, match=said):
        read(ods_with(table), "bomb.ods")


def test_entities_in_an_ods_are_refused() -> None:
    data = io.BytesIO(ods_of(GRID))
    content = zipfile.ZipFile(data).read("content.xml").replace(b"?>", b'?><!DOCTYPE x [<!ENTITY e "e">]>', 1)
    with pytest.raises(CannotContinue, match="entities"):
        read(zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}), "x.ods")


@pytest.mark.parametrize("length", [100, 600, 1500, 4000])
def test_a_truncated_old_workbook_is_refused_plainly(length: int) -> None:
    with pytest.raises(CannotContinue, match="damaged"):
        read(xls_of(GRID)[:length], "grid.xls")


def test_sectors_that_run_in_a_circle_are_refused() -> None:
    data = bytearray(xls_of(GRID))
    data[512 + 4 : 512 + 8] = struct.pack("<I", 1)
    with pytest.raises(CannotContinue, match="damaged or cut short"):
        read(bytes(data), "grid.xls")


def test_a_far_cell_of_a_binary_workbook_is_refused() -> None:
    far = brt(0, struct.pack("<IIHHBI", 1_048_575, 0, 300, 0, 0, 0)) + brt(5, struct.pack("<IId", 16_383, 0, 1.0))
    with zipfile.ZipFile(io.BytesIO(xlsb_of(GRID))) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    parts["xl/worksheets/sheet1.bin"] = parts["xl/worksheets/sheet1.bin"].replace(brt(146, b""), far + brt(146, b""))
    with pytest.raises(CannotContinue, match="far away"):
        read(zipped(parts), "bomb.xlsb")


def test_a_sheet_under_another_name_is_looked_into_all_the_same() -> None:
    """A workbook may call the part of a sheet what it likes."""
    with zipfile.ZipFile(io.BytesIO(xlsx_of({"Data": [["School", 1]]}))) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = parts.pop("xl/worksheets/sheet1.xml")
    parts["xl/other.dat"] = sheet.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"/></row></sheetData>')
    parts["xl/other.dat"] = parts["xl/other.dat"].replace(b'"XFD1048576"/>', b'"XFD1048576"><v>1</v></c>')
    links = parts["xl/_rels/workbook.xml.rels"].replace(b"worksheets/sheet1.xml", b"other.dat")
    parts["xl/_rels/workbook.xml.rels"] = links
    with pytest.raises(CannotContinue, match="far away"):
        read(zipped(parts), "bomb.xlsx")


def test_more_columns_than_can_be_looked_at_are_refused_by_their_number() -> None:
    header = "School," + ",".join(f"w{n}" for n in range(2_000))
    row = "A," + ",".join("1" for _ in range(2_000))
    with pytest.raises(CannotContinue, match="2,001 filled columns; up to 2,000"):
        read(f"{header}\n{row}\n".encode(), "wide.csv")


def test_blank_columns_do_not_count_as_many() -> None:
    assert read(f"School,Rate{',' * 5_000}\nA,1\n".encode(), "wide.csv").sheets[0].row(2)[:2] == ["A", "1"]


def test_a_hundred_thousand_columns_are_refused() -> None:
    with pytest.raises(CannotContinue, match="100,001 cells"):
        read(b"a" + b",1" * 100_000 + b"\n", "wide.csv")


def test_many_merged_ranges_are_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx_of({"Data": [["School", 1]]}))) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    ranges = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in range(1, 60_000))
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(
        b"</sheetData>", b"</sheetData><mergeCells>" + ranges + b"</mergeCells>"
    )
    with pytest.raises(CannotContinue, match="merged"):
        read(zipped(parts), "merged.xlsx")
