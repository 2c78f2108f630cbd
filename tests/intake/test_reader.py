"""What comes out of bytes: encodings, separators, kinds of file, cells that Excel says nothing of."""

import io
import json
import struct
import zipfile

import openpyxl
import pytest

from lib.intake import read
from lib.intake.child import write
from lib.problems import CannotContinue
from tests.intake.making import csv_of, read_here, with_sheet_xml, xlsx_of

ROWS = [["Escuela", "Tasa"], ["José Martí", "93.5"], ["Peña", "88.1"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_letters_survive_every_encoding(encoding: str) -> None:
    workbook = read_here(csv_of(ROWS, encoding=encoding))
    assert workbook.sheets[0].row(2) == ["José Martí", "93.5"]
    assert workbook.bom == (encoding in ("utf-8-sig", "utf-16"))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator: str) -> None:
    workbook = read_here(csv_of(ROWS, separator))
    assert workbook.separator == separator
    assert workbook.sheets[0].row(3) == ["Peña", "88.1"]


@pytest.mark.parametrize(
    ("text", "separator", "decimal"),
    [
        ("week;rate\n1;1,5\n2;2,25\n", ";", ","),
        ("week;rate\n1;1.5\n2;2.25\n", ";", "."),
        ("week,rate\n1,1.5\n2,2.25\n", ",", "."),
        ('week,rate\n1,"1,5"\n2,"2,2"\n3,"3,1"\n', ",", ","),
        ('week,count\n1,"1,500"\n2,"2,200"\n3,"3,100"\n', ",", "."),
    ],
)
def test_the_decimal_comma_is_found(text: str, separator: str, decimal: str) -> None:
    workbook = read_here(text.encode())
    assert (workbook.separator, workbook.decimal) == (separator, decimal)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_makes_rows(newline: str) -> None:
    sheet = read_here(newline.join(["School,Rate", "A,1", "", 'B,"2', '2"', "C,3"]).encode()).sheets[0]
    assert [sheet.row(row)[0] for row in range(1, 6)] == ["School", "A", "", "B", "C"]


@pytest.mark.parametrize("name", ["A", "AB", "ABC"])
def test_columns_of_numbers_begin_where_a_processor_can_use_them(name: str) -> None:
    out = io.BytesIO()
    write({"name": name}, [], out)
    [length] = struct.unpack("<Q", out.getvalue()[:8])
    assert length % 8 == 0
    assert json.loads(out.getvalue()[8 : 8 + length])["name"] == name


def test_ragged_rows_keep_their_cells_in_place() -> None:
    sheet = read_here(b"School,Rate,Note\nA\nB,2,x,y\n").sheets[0]
    assert sheet.row(2) == ["A", "", "", ""]
    assert sheet.row(3) == ["B", "2", "x", "y"]


def packed(*names: str, text: str = "<x/>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"  \n \n", "empty"),
        (b"School,Rate\nA,1\x002\n", "NUL"),
        (b'School,Rate\nA,"1\nB,2\n', "never closed"),
        (b"%PDF-1.7 and so on", "PDF"),
        (b'[{"school": "A"}]', "JSON"),
        (b"<html><body><table>", "web page"),
        (b"\x01\x02\x03\x04\x05\x06\x07\x08" * 20, "not a spreadsheet"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\n%PDF-1.4 and so on", "PDF"),
        (b'{"url": "https://docs.google.com/open?id=1", "doc_id": "1"}', "link to a Google sheet"),
        (b"[InternetShortcut]\r\nURL=https://docs.google.com/spreadsheets/d/1\r\n", "link to a Google sheet"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html>", "saved web page"),
        (packed("[Content_Types].xml", "word/document.xml"), "Word document"),
        (packed("[Content_Types].xml", "ppt/presentation.xml"), "PowerPoint"),
        (packed("Index/Document.iwa", "Metadata/Properties.plist"), "Numbers"),
        (packed("October/attendance.csv"), "packed in it"),
        (packed("pictures/one.jpg"), "zip file"),
        (packed("mimetype", "content.xml", text="application/vnd.oasis.opendocument.text"), "text document"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_plainly(data: bytes, said: str) -> None:
    with pytest.raises(CannotContinue, match=said) as refusal:
        read(data, "file.csv")
    assert refusal.value.problems[0].fix


def test_the_kind_is_told_by_the_bytes_and_said() -> None:
    excel = read(xlsx_of({"Data": ROWS}), "file.csv")
    assert excel.kind == "xlsx"
    assert "Excel workbook" in excel.notes[0]
    text = read(csv_of(ROWS), "file.xlsx")
    assert text.kind == "csv"
    assert "plain text" in text.notes[0]
    assert excel.sheets[0].row(2) == text.sheets[0].row(2)


def test_excel_cells_keep_their_addresses_below_blank_rows_and_columns() -> None:
    sheet = read_here(xlsx_of({"Data": [[], [], [None, None, "School", 12.5]]})).sheets[0]
    assert sheet.row(3) == ["", "", "School", "12.5"]
    assert sheet.preview(3, 3)["D"].tolist() == ["12.5"]


def test_hidden_sheets_are_flagged() -> None:
    workbook = read_here(xlsx_of({"Data": ROWS, "Old": ROWS}, hidden=["Old"]))
    assert [sheet.visible for sheet in workbook.sheets] == [True, False]


def test_error_cells_and_formulas_without_a_value_are_seen() -> None:
    def change(xml: bytes) -> bytes:
        xml = xml.replace(b'<c r="B2" t="n"><v>1</v></c>', b'<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>')
        return xml.replace(b'<c r="C2" t="n"><v>2</v></c>', b'<c r="C2"><f>B2+1</f></c>')

    sheet = read_here(with_sheet_xml(change)).sheets[0]
    assert sheet.row(2) == ["Lincoln High", "#DIV/0!", "="]
    assert [bool(cells.is_wrong[1]) for cells in sheet.columns] == [False, True, True]


def test_a_formula_that_gives_an_empty_text_is_a_blank_cell() -> None:
    def change(xml: bytes) -> bytes:
        return xml.replace(b'<c r="C2" t="n"><v>2</v></c>', b'<c r="C2" t="str"><f>""</f><v></v></c>')

    assert read_here(with_sheet_xml(change)).sheets[0].row(2) == ["Lincoln High", "1", ""]


def test_a_sep_line_names_the_separator_and_is_no_row() -> None:
    workbook = read_here(b"sep=;\r\nSchool;Rate\r\nA;1,5\r\n")
    assert workbook.separator == ";"
    assert workbook.sheets[0].row(1) == ["School", "Rate"]


def test_macros_are_said_and_never_run() -> None:
    data = io.BytesIO(xlsx_of({"Data": ROWS}))
    with zipfile.ZipFile(data, "a") as book:
        book.writestr("xl/vbaProject.bin", b"Sub Auto_Open()")
    assert read(data.getvalue(), "file.xlsm").notes == ("The workbook has macros; they are never run.",)


def test_hidden_rows_and_columns_are_read_and_said() -> None:
    book = openpyxl.Workbook()
    for row in (["School", "2024-09-02", "2024-09-09"], ["Lincoln High", 0.9, 0.8], ["Hope High", 0.7, 0.6]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["B"].hidden = True
    out = io.BytesIO()
    book.save(out)
    workbook = read(out.getvalue(), "attendance.xlsx")
    assert workbook.notes == ("Sheet “Sheet” has 1 hidden rows and 1 hidden columns; they are read like the others.",)
    assert workbook.sheets[0].row(3) == ["Hope High", "0.7", "0.6"]


def test_a_sheet_that_has_no_part_stops_nothing() -> None:
    """Macro modules of old workbooks are listed as sheets and have no part of their own."""
    data = xlsx_of({"Data": [["School", "2024", "2025"], ["Lincoln High", 1, 2]]})
    source, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/workbook.xml":
                text = text.replace(
                    b"</sheets>", b'<sheet name="Module1" sheetId="9" state="veryHidden" r:id=""/></sheets>'
                )
            target.writestr(name, text)
    assert [sheet.name for sheet in read(out.getvalue(), "old.xlsx").sheets] == ["Data"]


def test_a_preview_beyond_the_last_row_is_empty() -> None:
    sheet = read(b"School,Rate\nA,1\n", "file.csv").sheets[0]
    assert sheet.preview(21, 40).empty
    assert sheet.preview(2, 40).index.tolist() == [2]
