"""A look into the zip archive of a workbook before any parser sees it, with a counted budget."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape

from lib.intake import binary_workbook, opendocument
from lib.intake.limits import DANGER, LONGEST_ROW, MOST_ROWS, SPLIT, UNREADABLE, Budget, refuse_far_cells
from lib.intake.noticed import Address, Noticed
from lib.intake.refusal import Refusal

MOST_MEMBERS = 5_000
ZIP = b"PK\x03\x04"
CHUNK = 1 << 20


def kind_of(data: bytes) -> str:
    """ "xlsx", "xlsb" or "ods", by the names of the archive's parts."""
    if b"xl/workbook.bin" in data:
        return "xlsb"
    return "xlsx" if b"xl/workbook.xml" in data or b"content.xml" not in data else "ods"


def inspect(data: bytes) -> dict[str, Noticed]:
    """Refuses a dangerous or oversized archive; else what was noticed in each sheet, by the sheet's name.

    Every part is unpacked and counted, whatever it is called: a workbook may call its sheets what it likes.
    """
    members = _members(data)
    paths = _sheet_paths(data, members)
    sheets = {path.lower() for path in paths.values()}
    budget = Budget()
    noticed: dict[str, Noticed] = {}
    open_document: dict[str, Noticed] = {}
    for info in members:
        path = info.filename.lstrip("/")
        chunks = _inflated(data, info, budget)
        if path == "content.xml":
            open_document = opendocument.scan(map(_refuse_entities, chunks), budget)
        elif path.lower() in sheets and path.lower().endswith(".bin"):
            noticed[path.lower()] = binary_workbook.scan(chunks, budget)
        else:
            noticed[path.lower()] = _scan(chunks, path.lower(), path.lower() in sheets, budget)
    return open_document | {name: noticed[path.lower()] for name, path in paths.items() if path.lower() in noticed}


SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^<>]*+>")
"""Nothing here is looked for past the next “<”, and nothing twice: else a made-up part would take minutes."""
WITHOUT_PART = re.compile(rb"""\s\w+:id=(?:""|'')""")


def without_lost_sheets(data: bytes) -> bytes:
    """The same workbook without sheets that have no part, such as macro modules of the nineties, which stop the parser.

    For an archive that was inspected.
    """
    members = _members(data)
    book = _small_part(data, members, "xl/workbook.xml")
    kept = SHEET.sub(lambda tag: b"" if WITHOUT_PART.search(tag[0]) else tag[0], book)
    if kept == book:
        return data
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for info in members:
            lost = info.filename == "xl/workbook.xml"
            target.writestr(info.filename, kept if lost else source.read(info))
    return out.getvalue()


def _members(data: bytes) -> list[zipfile.ZipInfo]:
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError):
        raise Refusal(
            "The workbook is damaged or cut short.", "Ask for it again, or open it in Excel and save it again."
        ) from None
    names = [info.filename.lstrip("/").lower() for info in members]
    if len(names) > MOST_MEMBERS:
        raise Refusal(DANGER.format(what=f"{len(names):,} parts"), UNREADABLE)
    if len(set(names)) < len(names):
        raise Refusal(DANGER.format(what="two parts of one name"), UNREADABLE)
    if any(".." in name.replace("\\", "/").split("/") for name in names):
        raise Refusal(DANGER.format(what="a part that points outside the file"), UNREADABLE)
    if any(info.flag_bits & 1 for info in members):
        raise Refusal("The workbook has a password.", "Save a copy without a password.")
    if not any(name in ("xl/workbook.xml", "xl/workbook.bin", "content.xml") for name in names):
        raise _other_archive(names)
    if _small_part(data, members, "mimetype").startswith(OPEN_TEXT):
        raise Refusal("This is a text document, not a spreadsheet.", COPY_ITS_TABLE)
    return members


OPEN_TEXT = b"application/vnd.oasis.opendocument.text"
COPY_ITS_TABLE = "Copy its table into Excel and save that."
OTHER_ARCHIVES = (
    (r"word/.*", "This is a Word document, not a spreadsheet.", COPY_ITS_TABLE),
    (r"ppt/.*", "This is a PowerPoint presentation, not a spreadsheet.", COPY_ITS_TABLE),
    (r".*\.iwa", "This is a file of Apple Numbers, Pages or Keynote.", "In Numbers choose File, Export To, Excel."),
    (
        r".*\.(?:csv|tsv|xlsx?|xlsm|xlsb|ods)",
        "This zip file has spreadsheets packed in it.",
        "Unpack it and choose one.",
    ),
)
"""Archives by the name of one of their parts, what they are, and what to do."""


def _other_archive(names: list[str]) -> Refusal:
    for pattern, what, fix in OTHER_ARCHIVES:
        if any(re.fullmatch(pattern, name) for name in names):
            return Refusal(what, fix)
    return Refusal("This zip file is not a spreadsheet.", "Choose a CSV or Excel file.")


@dataclass
class _Part:
    """What was noticed in one part so far."""

    prefix: bytes = b""
    rows: int = 0
    last_row: int = 0
    last_column: int = 26
    silent: dict[Address, str] = field(default_factory=dict)
    hidden_rows: int = 0
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


def _inflated(data: bytes, info: zipfile.ZipInfo, budget: Budget) -> Iterator[bytes]:
    """The part's bytes in chunks; the size the archive declares is ignored, what comes out is counted."""
    start = info.header_offset
    if data[start : start + 4] != b"PK\x03\x04" or len(data) < start + 30:
        raise Refusal("The workbook is damaged.", UNREADABLE)
    name_length, extra_length = struct.unpack("<HH", data[start + 26 : start + 30])
    start += 30 + name_length + extra_length
    packed = memoryview(data)[start : start + info.compress_size]
    if info.compress_type == zipfile.ZIP_STORED:
        yield from _stored(packed, budget)
    elif info.compress_type == zipfile.ZIP_DEFLATED:
        yield from _deflated(packed, budget)
    else:
        raise Refusal(DANGER.format(what="an unusual kind of compression"), UNREADABLE)


def _stored(packed: memoryview, budget: Budget) -> Iterator[bytes]:
    for place in range(0, len(packed), CHUNK):
        chunk = bytes(packed[place : place + CHUNK])
        budget.spend_bytes(len(chunk))
        yield chunk


def _deflated(packed: memoryview, budget: Budget) -> Iterator[bytes]:
    machine = zlib.decompressobj(-15)
    left: bytes | memoryview = packed
    try:
        while len(left) and not machine.eof:
            chunk = machine.decompress(left, CHUNK)
            left = machine.unconsumed_tail
            budget.spend_bytes(len(chunk))
            yield chunk
    except zlib.error:
        raise Refusal("The workbook is damaged.", UNREADABLE) from None


def _scan(chunks: Iterator[bytes], name: str, is_sheet: bool, budget: Budget) -> Noticed:
    part, tail, first = _Part(), b"", True
    in_sheet = is_sheet or ("/worksheets/" in f"/{name}" and name.endswith(".xml"))
    is_xml = in_sheet or name.endswith((".xml", ".rels"))
    in_strings = name.endswith("sharedstrings.xml")
    for chunk in chunks:
        if first and is_xml:
            _refuse_odd_start(chunk)
            part.prefix = _prefix(chunk)
            first = False
        window = tail + chunk
        if is_xml:
            _refuse_entities(window)
        if in_sheet:
            budget.spend_merged(chunk.count(b"<" + part.prefix + b"mergeCell "))
        if in_strings:
            budget.spend_strings(chunk.count(b"<" + part.prefix + b"si>"))
        tail = _scan_rows(window, part, budget) if in_sheet else window[-16:]
    if in_sheet and tail:
        _scan_window(tail, part, budget)
        refuse_far_cells(max(part.last_row, part.rows), part.last_column, part.rows)
    return Noticed(part.silent, hidden_rows=part.hidden_rows, hidden_columns=part.hidden_columns)


def _refuse_odd_start(chunk: bytes) -> None:
    if chunk[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in chunk[:64]:
        raise Refusal(DANGER.format(what="a part in an unusual encoding"), UNREADABLE)


def _prefix(chunk: bytes) -> bytes:
    """Some programs write `<x:row>` for `<row>`."""
    found = re.search(rb"<(\w+:)?(?:worksheet|sst)\b", chunk[:4096])
    return (found.group(1) or b"") if found else b""


def _refuse_entities(window: bytes) -> bytes:
    if b"!" in window and (b"<!DOCTYPE" in window or b"<!ENTITY" in window):  # one letter is found faster
        raise Refusal(DANGER.format(what="XML entities"), UNREADABLE)
    return window


def _scan_rows(window: bytes, part: _Part, budget: Budget) -> bytes:
    """Scans the whole rows of the window; what is left of the last row comes back."""
    closing = b"</" + part.prefix + b"row>"
    end = window.rfind(closing) + len(closing)
    if end < len(closing):
        end = window.rfind(b"/>") if b"<" + part.prefix + b"c" not in window else 0
    end = max(end, 0)
    if len(window) - end > LONGEST_ROW:
        raise Refusal(DANGER.format(what="a row or a cell of many million characters"), UNREADABLE)
    _scan_window(window[:end], part, budget)
    return window[end:]


def _scan_window(window: bytes, part: _Part, budget: Budget) -> None:
    opening = b"<" + part.prefix
    silent_before = len(part.silent)
    _find_silent(window, part)
    budget.spend_silent(len(part.silent) - silent_before)
    _find_far(window, part)
    if b"hidden=" in window:
        _count_hidden(window, part)
    part.rows += window.count(opening + b"row ") + window.count(opening + b"row>")
    if part.rows > MOST_ROWS:
        raise Refusal(f"A sheet has more than {MOST_ROWS:,} rows.", SPLIT)
    budget.spend_cells(window.count(opening + b"c"))  # and the few columns that are described


FAR_CELL = rb"""(?:([A-Z]{2,4})(\d+)|[A-Z](\d{7,}))["'][^<>]{0,200}+(?<!/)>"""
FAR = re.compile(rb' r="' + FAR_CELL)
FAR_IN_UNUSUAL_WRITING = re.compile(rb"""\br=["']""" + FAR_CELL)
UNUSUAL_WRITING = {b"'": b" r='", b"\n": b"\nr=", b"\t": b"\tr="}
"""By its rarest letter, which is found faster than the whole."""


def _find_far(window: bytes, part: _Part) -> None:
    """The farthest cell with content, so that one far cell can't ask for a huge rectangle.

    Cells in columns A to Z and rows under a million are passed over: their rectangle is small enough.
    """
    unusual = any(letter in window and writing in window for letter, writing in UNUSUAL_WRITING.items())
    for columns, row, far_row in (FAR_IN_UNUSUAL_WRITING if unusual else FAR).findall(window):
        part.last_row = max(part.last_row, int(row or far_row))
        if columns:
            part.last_column = max(part.last_column, _column_number(columns))


IS_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
COLUMN_RANGE = re.compile(rb"""\b(min|max)=["'](\d{1,5})["']""")


def _count_hidden(window: bytes, part: _Part) -> None:
    """Hidden rows that hold cells, and ranges of hidden columns."""
    prefix = re.escape(part.prefix)
    rows = re.findall(rb"<" + prefix + rb"row\b[^<>]*+(?<!/)>", window)
    part.hidden_rows += sum(1 for tag in rows if IS_HIDDEN.search(tag))
    for tag in re.findall(rb"<" + prefix + rb"col\b[^<>]*+>", window):
        said = {name: int(number) for name, number in COLUMN_RANGE.findall(tag)}
        if IS_HIDDEN.search(tag) and len(said) == 2:
            part.hidden_columns.append((said[b"min"], said[b"max"]))


def _column_number(columns: bytes) -> int:
    number = 0
    for letter in columns:
        number = number * 26 + letter - 64
    return number


def _find_silent(window: bytes, part: _Part) -> None:
    if b't="e"' in window or (b"'" in window and b"t='e'" in window):
        cells = list(_error_cells(part.prefix).finditer(window))
        said = (unescape(cell.group(1).decode("utf-8", "replace")) for cell in cells)
        part.silent.update(zip(_addresses(window, [cell.start() for cell in cells], part), said, strict=True))
    if b"<" + part.prefix + b"f" in window:
        part.silent.update(dict.fromkeys(_addresses(window, _without_value(window, part.prefix), part), "="))


def _error_cells(prefix: bytes) -> re.Pattern[bytes]:
    p = re.escape(prefix)
    tag = rb"<" + p + rb"""c\b(?=[^<>]*\bt=["']e["'])[^<>]*+>"""
    formula = rb"<" + p + rb"f\b[^<>]*+>(?:[^<]*+</" + p + rb"f>)?"
    return re.compile(tag + rb"(?:\s*+" + formula + rb")?\s*+<" + p + rb"v>([^<]*)<")


def _without_value(window: bytes, prefix: bytes) -> Iterator[int]:
    """Where the cells begin that hold a formula and no value."""
    p, before = re.escape(prefix), 0
    formula = rb"(?:</" + p + rb"f>|<" + p + rb"f\b[^<>]*+(?<=/)>)"
    blank = rb"(?:\s*+(?:<" + p + rb"v\s*+/>|<" + p + rb"v>\s*+</" + p + rb"v>))?"
    for found in re.finditer(formula + blank + rb"\s*+</" + p + rb"c>", window):
        start = _last(window, b"<" + prefix + b"c", before, found.start())
        if start >= 0 and not _is_empty_text(window[start : found.end()]):
            yield start
        before = found.end()


def _last(window: bytes, tag: bytes, start: int, end: int) -> int:
    """Where the last such tag begins, -1 where there is none."""
    return max(window.rfind(tag + b" ", start, end), window.rfind(tag + b">", start, end))


def _how_many(window: bytes, tag: bytes, start: int, end: int) -> int:
    return window.count(tag + b" ", start, end) + window.count(tag + b">", start, end)


def _is_empty_text(cell: bytes) -> bool:
    """A formula whose kept value is the empty text, as in =IF(A1>0,B1,"")."""
    return (
        re.search(rb"""\bt=["']str["']""", cell[: cell.find(b">")]) is not None
        and re.search(rb"<(?:\w+:)?v\b", cell) is not None
    )


ADDRESS = re.compile(rb"""\br=["']([A-Z]+)(\d+)["']""")
ROW_NUMBER = re.compile(rb"""\br=["'](\d+)["']""")


def _addresses(window: bytes, starts: Iterable[int], part: _Part) -> Iterator[Address]:
    """Row and column of the cells whose tags begin at `starts`, in order; counted where they carry no address."""
    row_tag, cell_tag = b"<" + part.prefix + b"row", b"<" + part.prefix + b"c"
    counted_to, row, column = 0, part.rows, 0
    for start in starts:
        if said := ADDRESS.search(window, start, window.find(b">", start)):
            yield int(said.group(2)), _column_number(said.group(1))
            continue
        row_start = _last(window, row_tag, counted_to, start)
        if row_start >= 0:
            number = ROW_NUMBER.search(window, row_start, window.find(b">", row_start))
            row = int(number.group(1)) if number else row + _how_many(window, row_tag, counted_to, start)
            counted_to, column = row_start, 0
        column += _how_many(window, cell_tag, counted_to, start)
        counted_to = start
        yield row, column + 1


def _sheet_paths(data: bytes, members: list[zipfile.ZipInfo]) -> dict[str, str]:
    """Name of each sheet of an Excel workbook, and the path of its part."""
    binary = _small_part(data, members, "xl/workbook.bin")
    if binary:
        links = dict(_links(_small_part(data, members, "xl/_rels/workbook.bin.rels").decode("utf-8", "replace")))
        sheets = binary_workbook.sheets(binary)
    else:
        links = dict(_links(_small_part(data, members, "xl/_rels/workbook.xml.rels").decode("utf-8", "replace")))
        sheets = _sheets(_small_part(data, members, "xl/workbook.xml").decode("utf-8", "replace"))
    return {name: links[link] for name, link in sheets if link in links}


def _sheets(book: str) -> Iterator[tuple[str, str]]:
    for tag in re.findall(r"<(?:\w+:)?sheet\s[^<>]*+>", book):
        name, link = (
            re.search(r"""\bname=(?:"([^"]*)"|'([^']*)')""", tag),
            re.search(r"""\b\w+:id=["']([^"']*)["']""", tag),
        )
        if name and link:
            yield unescape(name.group(1) or name.group(2) or ""), link.group(1)


def _links(text: str) -> Iterator[tuple[str, str]]:
    for tag in re.findall(r"<(?:\w+:)?Relationship\s[^<>]*+>", text):
        link, target = re.search(r"""\bId=["']([^"']*)["']""", tag), re.search(r"""\bTarget=["']([^"']*)["']""", tag)
        if link and target:
            path = unescape(target.group(1))
            yield link.group(1), path.lstrip("/") if path.startswith("/") else f"xl/{path}"


def _small_part(data: bytes, members: list[zipfile.ZipInfo], path: str) -> bytes:
    for info in members:
        if info.filename.lstrip("/") == path:
            return b"".join(_inflated(data, info, Budget(bytes_left=20_000_000)))
    return b""
