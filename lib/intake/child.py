"""Runs in a process of its own: bytes of a stranger's file in, Arrow tables out.

The parent (`reader.py`) starts this file as a script with limits on memory and time, so that whatever a file does
to a parser happens here. Standard input: four bytes with the length of a password, the password, the file. Standard
output: eight bytes with the length of a JSON head, the head, then one Arrow stream per sheet in the order of the head.
"""

import datetime
import gc
import io
import json
import struct
import sys
import types
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # the room's own __init__ would bring in pandas, half a second that the child has no use for
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    room = types.ModuleType("lib.intake")
    room.__path__ = [str(Path(__file__).resolve().parent)]
    sys.modules["lib.intake"] = room

import pyarrow as pa
import pyarrow.compute as pc

from lib.intake import archive, delimited, old_workbook
from lib.intake.kinds import BLANK, BOOLEAN, DATE, ERROR, NO_VALUE, NUMBER, TEXT
from lib.intake.limits import MOST_CELLS, MOST_COLUMNS, MOST_FILLED_COLUMNS, MOST_ROWS, SPLIT
from lib.intake.noticed import Address, Noticed
from lib.intake.refusal import Locked, Refusal

ROWS_A_BATCH = 20_000
CELLS_A_BATCH = 1_000_000
ALIGNED = 8
"""The length of the head is a multiple of this, so that numbers behind it can be used where they lie."""
ROWS_A_LOOK = 100
"""Rows taken at a time. The first are a batch of their own, so that headers don't mix types into what is below them."""
KIND_OF_TYPE: dict[type, int] = {
    str: TEXT,
    float: NUMBER,
    int: NUMBER,
    bool: BOOLEAN,
    datetime.date: DATE,
    datetime.datetime: DATE,
    datetime.time: DATE,
    datetime.timedelta: DATE,
}
MACROS = (b"vbaProject.bin", "_VBA_PROJECT".encode("utf-16-le"), b"Basic/script-lc.xml")
"""What a workbook with macros holds: xlsm and xlsb, xls, ods."""
Head = dict[str, Any]


def read_delimited(data: bytes) -> tuple[Head, list[pa.Table]]:
    understood = delimited.understand(data)
    columns = _Columns(typed=False)
    columns.add_all(delimited.rows_of(understood))
    sheet = {"name": "", "visible": True, "merged": [], "rows": columns.n_rows}
    head = {
        "kind": "tsv" if understood.separator == "\t" else "csv",
        "encoding": understood.encoding,
        "bom": understood.bom,
        "separator": understood.separator,
        "decimal": understood.decimal,
        "sheets": [sheet],
    }
    return head, [columns.table()]


def read_excel(data: bytes, kind: str) -> tuple[Head, list[pa.Table]]:
    import python_calamine as calamine

    noticed = old_workbook.inspect(data) if kind == "xls" else archive.inspect(data)
    try:
        readable = archive.without_lost_sheets(data) if kind == "xlsx" else data
        book = calamine.load_workbook(io.BytesIO(readable))
        read = [
            _read_sheet(book, about, noticed.get(about.name, Noticed()))
            for about in book.sheets_metadata
            if _is_grid(about)
        ]
    except calamine.PasswordError:
        raise Refusal("The workbook has a password.", "Save a copy without a password.") from None
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise Refusal(
            f"The workbook is damaged or not complete ({error}).", "Open it in Excel and save it again."
        ) from None
    macros = any(sign in data for sign in MACROS)
    return {"kind": kind, "macros": macros, "sheets": [head for head, _ in read]}, [table for _, table in read]


def _is_grid(about: Any) -> bool:
    return str(about.typ).endswith("WorkSheet")


def _read_sheet(book: Any, about: Any, noticed: Noticed) -> tuple[Head, pa.Table]:
    sheet = book.get_sheet_by_name(about.name)
    columns = _Columns(typed=True, first_column=sheet.start[1] if sheet.start else 0)
    columns.add_all(sheet.iter_rows())
    columns.mark(noticed.silent)
    merged = noticed.merged or [(*start, *end) for start, end in sheet.merged_cell_ranges or []]
    visible = str(about.visible).endswith(".Visible")
    table = columns.table()
    width = sum(1 for name in table.column_names if name.endswith("t"))
    hidden = [max(0, min(last, width) - first + 1) for first, last in noticed.hidden_columns]
    head = {"name": about.name, "visible": visible, "merged": merged, "rows": columns.n_rows}
    return head | {"hidden": [noticed.hidden_rows, sum(hidden)]}, table


class _Columns:
    """Rows in, columns of Arrow arrays out, a batch at a time so that memory stays small."""

    def __init__(self, typed: bool, first_column: int = 0) -> None:
        self.typed = typed
        self.first_column = first_column
        self.n_rows = 0
        self.width = 0
        self.batches: list[tuple[int, list[tuple[Any, Any, Any]]]] = []
        self.marks: dict[int, dict[int, str]] = {}

    def add_all(self, rows: Iterable[Sequence[Any]]) -> None:
        rows = iter(rows)
        batch: list[Sequence[Any]] = []
        cells = 0
        while chunk := list(islice(rows, ROWS_A_LOOK)):
            self._refuse_wide(max(map(len, chunk)))
            batch += chunk
            cells += sum(map(len, chunk))
            if len(batch) >= ROWS_A_BATCH or cells > CELLS_A_BATCH or not self.batches:
                self._close(batch)
                batch, cells = [], 0
        if batch:
            self._close(batch)

    def _refuse_wide(self, width: int) -> None:
        if width + self.first_column > MOST_COLUMNS:
            raise Refusal(f"A row has {width:,} cells; a sheet can have {MOST_COLUMNS:,}.", "Check the separator.")

    def _close(self, batch: list[Sequence[Any]]) -> None:
        widths = set(map(len, batch))
        width = max(widths)
        filler: Any = ""
        even = batch if len(widths) == 1 else [[*row, *([filler] * (width - len(row)))] for row in batch]
        self.n_rows += len(batch)
        self.width = max(self.width, width)
        if self.n_rows > MOST_ROWS:
            raise Refusal(f"The sheet has more than {MOST_ROWS:,} rows.", SPLIT)
        if self.n_rows * self.width > MOST_CELLS * 4:
            raise Refusal("The sheet has too many cells.", SPLIT)
        make = _typed_arrays if self.typed else _text_arrays
        self.batches.append((len(batch), [make(column) for column in zip(*even, strict=True)]))

    def mark(self, silent: dict[Address, str]) -> None:
        """What is said of cells that the parser passes over, by column and row."""
        for (row, column), said in silent.items():
            self.marks.setdefault(column, {})[row - 1] = said
            self.n_rows = max(self.n_rows, row)

    def table(self) -> pa.Table:
        self._refuse_many_columns()
        width = max([self.first_column + len(columns) for _, columns in self.batches] + [*self.marks] + [0])
        arrays: dict[str, pa.Array] = {}
        for position in range(width):
            text, number, kind = self._column(position)
            arrays[f"{position}t"] = text
            if number is not None and number.null_count < len(number):
                arrays[f"{position}n"] = number
            if kind is not None:
                arrays[f"{position}k"] = kind
        return pa.table(arrays)

    def _refuse_many_columns(self) -> None:
        filled = {
            place
            for _, columns in self.batches
            for place, (text, number, _) in enumerate(columns)
            if text.null_count < len(text) or (number is not None and number.null_count < len(number))
        }
        if len(filled) > MOST_FILLED_COLUMNS:
            raise Refusal(
                f"A sheet has {len(filled):,} filled columns; up to {MOST_FILLED_COLUMNS:,} can be read.",
                "Write one row for each value, or split it into several files.",
            )

    def _column(self, position: int) -> tuple[pa.Array, Any, Any]:
        place = position - self.first_column
        texts, numbers, kinds = [], [], []
        for n_rows, columns in self.batches:
            inside = 0 <= place < len(columns)
            text, number, kind = columns[place] if inside else _blank_arrays(n_rows)
            texts.append(text)
            numbers.append(number if number is not None else pa.nulls(n_rows, pa.float64()))
            kinds.append(kind if kind is not None else _repeated(BLANK, n_rows))
        beyond = self.n_rows - sum(n_rows for n_rows, _ in self.batches)
        if beyond:
            text, number, kind = _blank_arrays(beyond)
            texts, numbers, kinds = [*texts, text], [*numbers, number], [*kinds, kind]
        text = pa.chunked_array(texts, pa.string()).combine_chunks()
        if not self.typed:
            return _encoded(text), None, None
        number = pa.chunked_array(numbers, pa.float64()).combine_chunks()
        kind = pa.chunked_array(kinds, pa.uint8()).combine_chunks()
        return self._marked(position, text, number, kind)

    def _marked(self, position: int, text: pa.Array, number: pa.Array, kind: pa.Array) -> tuple[pa.Array, Any, Any]:
        mine = self.marks.get(position + 1)
        if mine:
            texts, numbers, kinds = text.to_pylist(), number.to_pylist(), kind.to_pylist()
            for row, said in mine.items():
                texts[row], numbers[row] = said, None
                kinds[row] = NO_VALUE if said.startswith("=") else ERROR
            text, number, kind = (
                pa.array(texts, pa.string()),
                pa.array(numbers, pa.float64()),
                pa.array(kinds, pa.uint8()),
            )
        return _encoded(text), number, kind


def _encoded(text: pa.Array) -> pa.Array:
    return text.dictionary_encode()


def _blank_arrays(n_rows: int) -> tuple[pa.Array, pa.Array, pa.Array]:
    return pa.nulls(n_rows, pa.string()), pa.nulls(n_rows, pa.float64()), _repeated(BLANK, n_rows)


def _text_arrays(cells: Sequence[str]) -> tuple[pa.Array, None, None]:
    text = pa.array(cells, pa.string())
    blank = pc.equal(pc.utf8_trim_whitespace(text), "")
    return pc.if_else(blank, pa.scalar(None, pa.string()), text), None, None


def _typed_arrays(cells: Sequence[Any]) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Columns of one type, the usual case, are made at one stroke."""
    types = set(map(type, cells))
    if types == {float}:
        return pa.nulls(len(cells), pa.string()), pa.array(cells, pa.float64()), _repeated(NUMBER, len(cells))
    if types == {str}:
        text, _, _ = _text_arrays(cells)
        return text, pa.nulls(len(cells), pa.float64()), pc.if_else(text.is_null(), BLANK, TEXT).cast(pa.uint8())
    return _mixed_arrays(cells)


def _mixed_arrays(cells: Sequence[Any]) -> tuple[pa.Array, pa.Array, pa.Array]:
    kinds = [KIND_OF_TYPE[cell.__class__] for cell in cells]
    pairs = list(zip(cells, kinds, strict=True))
    numbers = pa.array([cell if kind == NUMBER else None for cell, kind in pairs], pa.float64())
    texts = [_text_of(cell, kind) for cell, kind in pairs]
    seen = [BLANK if kind != NUMBER and text is None else kind for text, kind in zip(texts, kinds, strict=True)]
    return pa.array(texts, pa.string()), numbers, pa.array(seen, pa.uint8())


def _repeated(kind: int, n_rows: int) -> pa.Array:
    return pa.repeat(pa.scalar(kind, pa.uint8()), n_rows)


def _text_of(cell: Any, kind: int) -> str | None:
    if kind == TEXT:
        return cell if cell and not cell.isspace() else None
    if kind == NUMBER:
        return None
    if kind == BOOLEAN:
        return "TRUE" if cell else "FALSE"
    return _date_text(cell)


def _date_text(cell: Any) -> str:
    """ISO text; a midnight is the day itself."""
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    return str(cell.isoformat(" ") if isinstance(cell, datetime.datetime) else cell)


def answer(data: bytes, kind: str, password: str = "") -> tuple[Head, list[pa.Table]]:
    if kind == "text":
        return read_delimited(data)
    if kind == "xls":
        data = _without_password(data, password)
        kind = archive.kind_of(data) if data.startswith(archive.ZIP) else kind
    return read_excel(data, kind)


def _without_password(data: bytes, password: str) -> bytes:
    from lib.intake import protected

    return protected.opened(data, password)


def write(head: Head, tables: list[pa.Table], out: Any) -> None:
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % ALIGNED)
    out.write(struct.pack("<Q", len(text)) + text)
    for table in tables:
        with pa.ipc.new_stream(out, table.schema) as writer:
            writer.write_table(table)
    out.flush()


def limit_itself(memory_bytes: int, cpu_seconds: int) -> None:
    """Limits of this process, before a byte of the file is looked at; on Windows the parent's clock stands alone."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _said_first(stream: Any) -> str:
    return str(stream.read(struct.unpack("<I", stream.read(4))[0]), "utf-8")


def main() -> None:
    """Arguments: kind of file, bytes of memory, seconds of CPU."""
    limit_itself(int(sys.argv[2]), int(sys.argv[3]))
    gc.disable()  # looking for cycles among millions of cells takes a third of the time, and this process ends soon
    try:
        password = _said_first(sys.stdin.buffer)
        head, tables = answer(sys.stdin.buffer.read(), sys.argv[1], password)
    except Refusal as refusal:
        head, tables = {"what": refusal.what, "fix": refusal.fix, "locked": isinstance(refusal, Locked)}, []
    write(head, tables, sys.stdout.buffer)


if __name__ == "__main__":
    main()
