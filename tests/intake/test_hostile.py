"""Files made to harm: each ends in one plain line within seconds, and this process neither grows nor dies."""

import io
import time
import tomllib
import zipfile
from pathlib import Path

import pytest

from lib.intake import MOST_BYTES, read
from lib.intake.sheets import letters
from lib.problems import CannotContinue
from tests.intake.making import read_here, with_sheet_xml, xlsx_of

SLOWEST_SECONDS = 10  # usually under two; the machine may be busy


def bomb_in_a_row() -> bytes:
    return _bomb("xl/worksheets/sheet1.xml", b'<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>')


def bomb_in_the_styles() -> bytes:
    return _bomb("xl/styles.xml", b"<styleSheet>")


def _bomb(part: str, start: bytes) -> bytes:
    """A workbook with a part that unpacks to half a gigabyte of spaces."""
    source = zipfile.ZipFile(io.BytesIO(xlsx_of({"Data": [["School", 1]]})))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name != part:
                target.writestr(name, source.read(name))
        with target.open(part, "w") as member:
            member.write(start)
            for _ in range(32):
                member.write(b" " * (1 << 24))
    return out.getvalue()


def many_rows() -> bytes:
    return _with_rows(b"<row><c><v>1</v></c></row>" * 1_100_000)


def errors_without_addresses() -> bytes:
    return _with_rows((b"<row>" + b'<c t="e"><v>#REF!</v></c>' * 1_000 + b"</row>") * 501)


def formulas_never_closed() -> bytes:
    return _with_rows(b'<row><c r="A9"><f>' + b"<f " * 2_000_000 + b"</f></c></row>")


def spaces_after_a_formula() -> bytes:
    return _with_rows(b'<row r="9"><c r="A9"><f>1</f>' + b" " * 7_000_000 + b"</row>")


def errors_never_closed() -> bytes:
    return _with_rows(b'<row r="9"><c' + b' t="e"' * 1_000_000 + b"</row>")


def _with_rows(rows: bytes) -> bytes:
    return with_sheet_xml(lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"))


def far_cell() -> bytes:
    return _with_rows(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def entity_file() -> bytes:
    start = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    return with_sheet_xml(lambda xml: start + xml.replace(b"Lincoln High", b"&e;"))


def one_name_twice() -> bytes:
    data = io.BytesIO(xlsx_of({"Data": [["School", 1]]}))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(data, "a") as book:
        book.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    return data.getvalue()


def outside_path() -> bytes:
    data = io.BytesIO(xlsx_of({"Data": [["School", 1]]}))
    with zipfile.ZipFile(data, "a") as book:
        book.writestr("../outside.xml", "<x/>")
    return data.getvalue()


def truncated() -> bytes:
    whole = xlsx_of({"Data": [["School", 1]]})
    return whole[: len(whole) * 6 // 10]


def damaged_inside() -> bytes:
    whole = bytearray(xlsx_of({"Data": [["School", 1]] * 400}))
    whole[len(whole) // 3 : len(whole) // 3 + 60] = b"\xff" * 60
    return bytes(whole)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (bomb_in_a_row, "million characters"),
        (bomb_in_the_styles, "Unpacked"),
        (many_rows, "1,048,576 rows"),
        (far_cell, "far away"),
        (errors_without_addresses, "500,000 error cells"),
        (formulas_never_closed, "damaged"),
        (spaces_after_a_formula, "damaged"),
        (errors_never_closed, "damaged"),
        (entity_file, "entities"),
        (one_name_twice, "two parts of one name"),
        (outside_path, "outside the file"),
        (truncated, "damaged"),
        (damaged_inside, "damaged"),
    ],
)
def test_a_hostile_workbook_is_refused_quickly(make: object, said: str) -> None:
    data = make()  # type: ignore[operator]
    start = time.monotonic()
    with pytest.raises(CannotContinue, match=said):
        read(data, "hostile.xlsx")
    assert time.monotonic() - start < SLOWEST_SECONDS


def test_a_sheet_full_of_errors_is_read_within_seconds() -> None:
    row = b"".join(b'<c t="e" r="%s9"><v>#REF!</v></c>' % letters(place).encode() for place in range(1, 1_001))
    rows = b"".join(b"<row>" + row.replace(b"9", b"%d" % number) + b"</row>" for number in range(9, 309))
    start = time.process_time()
    sheet = read_here(_with_rows(rows), "file.xlsx").sheets[0]
    assert time.process_time() - start < SLOWEST_SECONDS
    assert (sheet.n_rows, sheet.row(308)[999]) == (308, "#REF!")


def test_errors_without_addresses_stand_where_they_are_counted() -> None:
    cells = [b"<c><v>1</v></c>", b'<c t="e"><v>#REF!</v></c>', b"<c><f>A1</f></c>", b"<c><f>A1</f><v>2</v></c>"]
    rows = b"".join(b"<row>" + b"".join(cells[-shift:] + cells[:-shift]) + b"</row>" for shift in range(4))
    sheet = read_here(_with_rows(rows), "file.xlsx").sheets[0]
    assert [sheet.row(number) for number in (3, 4)] == [["1", "#REF!", "=", "2"], ["2", "1", "#REF!", "="]]


def test_a_lying_dimension_asks_for_nothing() -> None:
    data = with_sheet_xml(lambda xml: xml.replace(b'<dimension ref="A1:C2"', b'<dimension ref="A1:XFD1048576"'))
    sheet = read(data, "file.xlsx").sheets[0]
    assert (sheet.n_rows, sheet.n_columns) == (2, 3)


def test_a_file_over_forty_megabytes_is_refused_unread() -> None:
    with pytest.raises(CannotContinue, match=r"The file is over 40 MB\. Split it"):
        read(b"School,Rate\n" + bytes(MOST_BYTES), "year.csv")


def test_the_server_takes_no_larger_upload_than_the_reader() -> None:
    config = tomllib.loads((Path(__file__).parents[2] / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert config["server"]["maxUploadSize"] * 1_000_000 == MOST_BYTES  # the browser counts in millions


def test_a_child_that_runs_out_of_memory_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.intake.reader.MEMORY_BYTES", 150 << 20)
    wide = b"a,b\n" + b'"' + b"x" * 100_000 + b'",1\n'
    with pytest.raises(CannotContinue, match="memory"):
        read(wide * 390, "file.csv")


def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.intake.reader.WALL_SECONDS", 0.05)
    with pytest.raises(CannotContinue, match="seconds"):
        read(b"School,Rate\nA,1\n", "file.csv")
