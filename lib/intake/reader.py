"""The door for a stranger's file: bytes in, a `Workbook` out, whatever the file tries.

Parsers can be made to use any amount of memory and can abort their whole process, so reading happens in a child
process with limits; this side only looks at the first bytes and takes Arrow tables back.
"""

import hashlib
import json
import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lib.intake import archive, compound
from lib.intake.sheets import Cells, Sheet, Workbook
from lib.intake.tables import tables_apart
from lib.problems import CannotContinue, PasswordNeeded, Problem

MOST_BYTES = 40_000_000
"""Bytes of one file: the largest year of daily data of 1,600 schools takes 20 MB as CSV. The server holds an upload
nearly twice, and one file may cost it less than 100 MB."""
MEMORY_BYTES = 1 << 30
CPU_SECONDS = 20
WALL_SECONDS = 30
"""A CPU limit alone took 49 seconds of wall time on a busy machine, so the wall limit is the real one."""
LOOK_SECONDS = 0.2
"""How often it is asked whether the person still waits."""
OTHER_KINDS = {
    b"%PDF": "a PDF file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"RIFF": "a picture or a recording",
    b"\x1f\x8b": "a compressed file",
    b"Rar!": "a compressed file",
    b"7z\xbc\xaf": "a compressed file",
    b"PAR1": "a Parquet file",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"{\\rtf": "a text document",
}
EXCEL_ENDINGS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


Wanted = Callable[[], bool]
"""Whether the person still waits."""


def read(data: bytes, name: str, password: str = "", wanted: Wanted | None = None) -> Workbook:
    """Reads a CSV, TSV, Excel or OpenDocument file. Raises `CannotContinue` with one plain line for anything else.

    The kind is told by the first bytes, never by the name. A workbook with a password raises `PasswordNeeded` without
    the right `password`, which is not kept anywhere. `wanted` is asked while the file is read.
    """
    if len(data) > MOST_BYTES:
        raise _refused(name, f"The file is over {MOST_BYTES // 1_000_000} MB.", "Split it into several files.")
    if not data:
        raise _refused(name, "The file is empty.", "Choose a file with a header row and rows below it.")
    head, body = _ask_child(data, kind_of(data, name), name, password, wanted)
    return workbook_from(head, _tables(head, body), data, name)


def workbook_from(head: dict[str, Any], tables: list[pa.Table], data: bytes, name: str) -> Workbook:
    """The workbook of what the child has read."""
    sheets = [_sheet(about, table) for about, table in zip(head["sheets"], tables, strict=True)]
    texts = (
        [cells.text.dictionary for sheet in sheets for cells in sheet.columns] if head["kind"] in EXCEL_KINDS else []
    )
    return Workbook(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        kind=head["kind"],
        sheets=tuple(table for sheet in sheets for table in tables_apart(sheet)),
        encoding=head.get("encoding", ""),
        separator=head.get("separator", ""),
        decimal=head.get("decimal") or _decimal_of(texts),
        bom=head.get("bom", False),
        notes=tuple(_notes_on_hidden(head["sheets"]) + _notes(name, head["kind"], head.get("macros", False))),
    )


def kind_of(data: bytes, name: str) -> str:
    """ "xlsx", "xls", "xlsb", "ods" or "text", by the first bytes. Raises `CannotContinue` for other kinds of file.

    A new workbook with a password lies in the old container, so it is "xls" until it is opened.
    """
    start = data[:64].lstrip()
    for magic, what in OTHER_KINDS.items():
        if start.startswith(magic):
            raise _refused(name, f"This is {what}, not a spreadsheet.", "Choose a CSV or Excel file.")
    if data.startswith(compound.MAGIC):
        return "xls"
    return archive.kind_of(data) if data.startswith(archive.ZIP) else "text"


def _decimal_of(texts: list[pa.StringArray]) -> str:
    """ "," where texts of an Excel workbook are written with a decimal comma and none with a point.

    Three digits behind a comma may be thousands: one such text leaves the point.
    """
    found = [pc.sum(pc.match_substring_regex(words, pattern)).as_py() or 0 for words in texts for pattern in DECIMALS]
    commas, others = sum(found[::2]), sum(found[1::2])
    return "," if commas and not others else "."


DECIMALS = (r"^\s*[-+]?\d+,\d{1,2}\s*%?\s*$", r"^\s*[-+]?(?:\d+\.\d+|\d{1,3}(?:,\d{3})+(?:\.\d+)?)\s*%?\s*$")
"""Texts with a decimal comma, and texts with a point or with thousands."""
EXCEL_KINDS = ("xlsx", "xlsb", "xls", "ods")


def _notes_on_hidden(sheets: list[dict[str, Any]]) -> list[str]:
    """Teams hide old weeks: they are read like all others, and it is said."""
    said = []
    for sheet in sheets:
        rows, columns = sheet.get("hidden", (0, 0)) if sheet["visible"] else (0, 0)
        parts = [f"{number:,} hidden {what}" for number, what in ((rows, "rows"), (columns, "columns")) if number]
        if parts:
            said.append(f"Sheet “{sheet['name']}” has {' and '.join(parts)}; they are read like the others.")
    return said


def _notes(name: str, kind: str, has_macros: bool) -> list[str]:
    if kind in EXCEL_KINDS and has_macros:
        return ["The workbook has macros; they are never run."]
    named_excel = name.lower().endswith(EXCEL_ENDINGS)
    if kind in ("csv", "tsv") and named_excel:
        return ["The name says Excel, but the file is plain text; it is read as CSV."]
    if kind in EXCEL_KINDS and not named_excel:
        return ["The name doesn't say Excel, but the file is an Excel workbook; it is read as one."]
    return []


def _ask_child(
    data: bytes, kind: str, name: str, password: str, wanted: Wanted | None
) -> tuple[dict[str, Any], memoryview]:
    child = Path(__file__).with_name("child.py")
    process = subprocess.Popen(
        [sys.executable, "-I", str(child), kind, str(MEMORY_BYTES), str(CPU_SECONDS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(),
        start_new_session=os.name == "posix",
    )
    try:
        _hand_over(process, password.encode("utf-8", "replace"))
        with _ended_when_not(wanted, process):
            out, said = process.communicate(data, timeout=WALL_SECONDS)
    except subprocess.TimeoutExpired:
        raise _refused(
            name, f"Reading it took over {WALL_SECONDS} seconds.", "Split it, or save it again from Excel."
        ) from None
    finally:
        _end(process)
    if wanted and not wanted():
        raise _refused(name, "Reading it was cancelled.", "Choose the file again.")
    if process.returncode != 0:
        raise _ended_early(process.returncode, said, name)
    length = struct.unpack("<Q", out[:8])[0]
    head = json.loads(out[8 : 8 + length])
    if head.get("locked"):
        raise PasswordNeeded(Problem(name, head["what"], head["fix"]))
    if "what" in head:
        raise _refused(name, head["what"], head["fix"])
    return head, memoryview(out)[8 + length :]


@contextmanager
def _ended_when_not(wanted: Wanted | None, process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Meanwhile it is asked again and again whether the person still waits; if not, the child is ended."""
    finished = threading.Event()

    def look(wanted: Wanted) -> None:
        while not finished.wait(LOOK_SECONDS):
            if not wanted():
                process.kill()

    watcher = threading.Thread(target=look, args=(wanted,), daemon=True) if wanted else None
    if watcher:
        watcher.start()
    try:
        yield
    finally:
        finished.set()
        if watcher:
            watcher.join()


def _hand_over(process: "subprocess.Popen[bytes]", password: bytes) -> None:
    """The password goes before the file, where no list of processes shows it."""
    if process.stdin is not None:
        process.stdin.write(struct.pack("<I", len(password)) + password)


def _ended_early(code: int, said: bytes, name: str) -> Exception:
    """A child that a limit ended, or that ran out of memory, met too large a file; anything else is a bug."""
    if code < 0 or b"MemoryError" in said or b"ArrowMemory" in said or b"PanicException" in said:
        return _refused(
            name,
            "Reading it needs more memory or time than a file may take, or it is damaged.",
            "Save it again from Excel, or split it.",
        )
    return RuntimeError(f"the reading process failed: {said[-2000:].decode('utf-8', 'replace')}")


def _environment() -> dict[str, str]:
    """Nothing of ours, but what Windows itself needs to start a process."""
    return {key: os.environ[key] for key in ("SYSTEMROOT",) if key in os.environ}


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ends the child and whatever it may have started."""
    if process.poll() is None:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.communicate()


def _tables(head: dict[str, Any], body: memoryview) -> list[pa.Table]:
    streams = pa.BufferReader(pa.py_buffer(body))
    return [pa.ipc.open_stream(streams).read_all() for _ in head["sheets"]]


def _sheet(about: dict[str, Any], table: pa.Table) -> Sheet:
    """Merged ranges without any text, outside the filled cells, say nothing and are dropped."""
    columns, n_rows = tuple(_columns(table)), about["rows"]
    merged = tuple((a, b, c, d) for a, b, c, d in about["merged"] if a < n_rows and b < len(columns))
    return Sheet(about["name"], about["visible"], n_rows, columns, merged)


def _columns(table: pa.Table) -> list[Cells]:
    arrays = {name: _in_one(column) for name, column in zip(table.column_names, table.columns, strict=True)}
    names = [name[:-1] for name in arrays if name.endswith("t")]
    return [Cells(arrays[f"{name}t"], arrays.get(f"{name}n"), arrays.get(f"{name}k")) for name in names]


def _in_one(column: pa.ChunkedArray) -> pa.Array:
    """Not copied where it is in one already."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _refused(name: str, what: str, fix: str) -> CannotContinue:
    return CannotContinue(Problem(name, what, fix))
