"""Small workbooks in the other formats, written byte by byte for the tests.

Sources: [MS-CFB], [MS-XLS] and [MS-XLSB] of Microsoft, OpenDocument 1.3 part 3. A cell is a text, a number, None, or a
`Wrong` with the code of its error.
"""

import io
import struct
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

SECTOR = 512
END_OF_CHAIN, FREE, FAT_SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


@dataclass(frozen=True)
class Wrong:
    code: int
    name: str


DIV0 = Wrong(7, "#DIV/0!")
Cell = str | float | Wrong | None
Rows = Sequence[Sequence[Cell]]


def zipped(parts: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else None)
    return out.getvalue()


def ods_with(table: str, manifest: str = "") -> bytes:
    """A sheet “Data” with these rows, as XML."""
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces} xmlns:calcext="urn:calcext"><office:body>'
        f'<office:spreadsheet><table:table table:name="Data">{table}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    listed = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/>{manifest}</manifest:manifest>'
    )
    return zipped({"mimetype": ODS_TYPE, "META-INF/manifest.xml": listed, "content.xml": content})


def ods_of(rows: Rows) -> bytes:
    return ods_with("".join(f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in rows))


def ods_cell(cell: Cell, more: str = "") -> str:
    if cell is None:
        return f"<table:table-cell {more}/>"
    if isinstance(cell, Wrong):
        more += ' table:formula="of:=1/0" office:value-type="float" office:value="0" calcext:value-type="error"'
        return f"<table:table-cell {more}><text:p>{cell.name}</text:p></table:table-cell>"
    kind = 'office:value-type="string"'
    if isinstance(cell, int | float):
        kind = f'office:value-type="float" office:value="{cell}"'
    return f"<table:table-cell {more} {kind}><text:p>{escape(str(cell))}</text:p></table:table-cell>"


def xls_of(rows: Rows, name: str = "Data") -> bytes:
    book = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
    end = record(0x000A, b"")
    title = name.encode("latin-1")
    start = len(book) + 4 + 8 + len(title) + len(end)
    book += record(0x0085, struct.pack("<IBBBB", start, 0, 0, len(title), 0) + title) + end
    return compound(
        "Workbook", book + record(0x0809, struct.pack("<HHHHII", 0x0600, 16, 0, 0, 0, 0)) + cells(rows) + end
    )


def cells(rows: Rows) -> bytes:
    return b"".join(
        xls_cell(row, column, cell)
        for row, line in enumerate(rows)
        for column, cell in enumerate(line)
        if cell is not None
    )


def xls_cell(row: int, column: int, cell: Cell) -> bytes:
    head = struct.pack("<HHH", row, column, 0)
    if isinstance(cell, Wrong):
        return record(0x0205, head + bytes([cell.code, 1]))
    if isinstance(cell, str):
        text = cell.encode("utf-16-le")
        return record(0x0204, head + struct.pack("<HB", len(cell), 1) + text)
    return record(0x0203, head + struct.pack("<d", cell))


def record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def compound(name: str, stream: bytes) -> bytes:
    return container({name: stream})


def container(streams: dict[str, bytes]) -> bytes:
    """Up to three streams in the old container: header, table of sectors, directory, streams of 4,096 bytes or more."""
    padded = {name: stream.ljust(4096, b"\0") for name, stream in streams.items()}
    table, directory, body = [FAT_SECTOR, END_OF_CHAIN], entry("Root Entry", 5, END_OF_CHAIN, 0, child=1), b""
    for number, (name, stream) in enumerate(padded.items(), 2):
        directory += entry(name, 2, len(table), len(stream), after=number if number <= len(padded) else FREE)
        table += [*range(len(table) + 1, len(table) + -(-len(stream) // SECTOR)), END_OF_CHAIN]
        body += stream + bytes(-len(stream) % SECTOR)
    table += [FREE] * (SECTOR // 4 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END_OF_CHAIN, 0, END_OF_CHAIN, 0)
    header += struct.pack("<109I", 0, *[FREE] * 108)
    return header + struct.pack("<128I", *table) + directory.ljust(SECTOR, b"\0") + body


def entry(name: str, kind: int, first: int, size: int, child: int = FREE, after: int = FREE) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    return head + struct.pack("<III", FREE, after, child) + bytes(36) + struct.pack("<IQ", first, size)


def xlsb_of(rows: Rows) -> bytes:
    book = brt(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Data")) + brt(144, b"") + brt(132, b"")
    last = max(len(row) for row in rows) - 1
    sheet = brt(148, struct.pack("<IIII", 0, len(rows) - 1, 0, last)) + brt(145, b"")
    sheet += b"".join(part for row, line in enumerate(rows) for part in xlsb_row(row, line)) + brt(146, b"")
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.bin"/></Relationships>'
    )
    return zipped({"xl/workbook.bin": book, "xl/_rels/workbook.bin.rels": links, "xl/worksheets/sheet1.bin": sheet})


def xlsb_row(row: int, line: Sequence[Cell]) -> Iterator[bytes]:
    yield brt(0, struct.pack("<IIHHBI", row, 0, 300, 0, 0, 0))
    for column, cell in enumerate(line):
        head = struct.pack("<II", column, 0)
        if isinstance(cell, Wrong):
            yield brt(3, head + bytes([cell.code]))
        elif isinstance(cell, str):
            yield brt(6, head + wide(cell))
        elif cell is not None:
            yield brt(5, head + struct.pack("<d", cell))


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def brt(kind: int, data: bytes) -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(data), b""
    while True:
        size, low = size >> 7, size & 0x7F
        length += bytes([low | (0x80 if size else 0)])
        if not size:
            return head + length + data
