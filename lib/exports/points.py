"""Every point of many charts as rows for other programs: CSV, Parquet and a workbook, each with its definitions.

What is written comes in parts, so that millions of points never lie in memory at once.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import chain
from typing import IO, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter
from numpy.typing import NDArray
from pyarrow import csv, parquet
from xlsxwriter.utility import xl_col_to_name

from lib.exports.table import harmless
from lib.measures import Measure
from lib.wording import say
from lib.wording.texts import entry

FROM_PEOPLE = ("measure", "school", "code", "group", "file", "sheet")
"""Columns that hold text of strangers."""

SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("measure", "school", "code", "group", "period")),
        ("date", pa.date32()),
        *((name, pa.float64()) for name in ("numerator", "denominator", "value", "median")),
        ("side", pa.string()),
        ("phase", pa.int32()),
        *((name, pa.string()) for name in ("state", "direction")),
        *((name, pa.bool_()) for name in ("signal", "excluded", "baseline")),
        *((name, pa.int32()) for name in ("schools", "values", "upload")),
        *((name, pa.string()) for name in ("file", "sheet", "cell")),
    ]
)
"""The columns in order. What each means stands under `explore.columns` in the word files."""

SIDES = {1.0: "above", 0.0: "on the line", -1.0: "below"}
MOST_IN_WORKBOOK = 200_000
"""Points: 50,000 took 14 seconds of a processor, so more would be minutes, and Excel is slow with them."""

ROOM_FOR_SHEETS = 1 << 16
"""More than the sheets of any file, so that an upload and a sheet make one number."""

MARK_OF_UTF8 = b"\xef\xbb\xbf"
WORKBOOK = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@dataclass(frozen=True)
class Names:
    """What numbers stand for: measures, what schools (0: put together) and groups are called, schools' codes, the
    period of each measure, and the file and sheets of each upload."""

    measures: dict[int, str]
    schools: dict[int, str]
    codes: dict[int, str]
    groups: dict[int, str]
    periods: dict[int, str]
    uploads: dict[int, tuple[str, list[str]]]


@dataclass(frozen=True)
class About:
    """What must be known beside the points. `how`: what was done to the values before they were read."""

    network: str
    made: datetime
    address: str
    rules: str
    source: str
    middle: str
    how: str
    measures: tuple[Measure, ...]


def every_point(points: pd.DataFrame, phases: pd.DataFrame, names: Names) -> pa.Table:
    """Each point that has a value as a row of SCHEMA.

    `points`: as they come out of `Charts.points_of`; `phases`: their phases, with the same numbers of series.
    """
    points = points[points["value"].notna()]
    phase = _phase_of(points, phases)
    measure = points["measure"].to_numpy()
    columns = {
        "measure": _said(measure, names.measures),
        "school": _said(points["school"].to_numpy(), names.schools),
        "code": _said(points["school"].to_numpy(), names.codes),
        "group": _said(points["student_group"].to_numpy(), names.groups),
        "period": _said(measure, names.periods),
        "date": points["date"].to_numpy().astype("datetime64[D]"),
        "side": points["side"].map(SIDES),
        "phase": phase["number"].to_numpy(),
        "state": phase["state"].to_numpy(),
        "direction": phase["direction"].to_numpy(),
        "signal": points["in_signal"],
        "baseline": points["in_baseline"],
        "schools": points["n_schools"],
        "values": points["n_values"],
        **_places(points, names.uploads),
    }
    same = ("numerator", "denominator", "value", "median", "excluded", "upload")
    columns |= {name: points[name] for name in same}
    arrays = [pa.array(columns[one.name], one.type, from_pandas=True) for one in SCHEMA]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def _phase_of(points: pd.DataFrame, phases: pd.DataFrame) -> pd.DataFrame:
    """The phase that each point lies in, with its `number` in its series; both are in order of series and phase."""
    phases = phases.assign(number=phases.groupby("series").cumcount() + 1)
    room = int(phases["phase"].max()) + 1 if len(phases) else 1
    at = phases["series"].to_numpy() * room + phases["phase"].to_numpy()
    return phases.iloc[np.searchsorted(at, points["series"].to_numpy() * room + points["phase"].to_numpy())]


def _said(numbers: NDArray[np.generic], names: dict[int, str]) -> NDArray[np.object_]:
    row, found = pd.factorize(numbers)
    return np.array([names.get(int(number), "") for number in found], dtype=object)[row]


def _places(points: pd.DataFrame, uploads: dict[int, tuple[str, list[str]]]) -> dict[str, NDArray[np.object_]]:
    """File, sheet and cell of the newest value in each point; empty where there is none."""
    upload, sheet, row, col = (points[name].to_numpy(dtype=float) for name in ("upload", "sheet", "row", "col"))
    known = ~np.isnan(upload)
    found = {name: np.full(len(points), "", dtype=object) for name in ("file", "sheet", "cell")}
    place, pairs = pd.factorize(upload[known] * ROOM_FOR_SHEETS + sheet[known])
    numbers = [divmod(int(pair), ROOM_FOR_SHEETS) for pair in pairs]
    found["file"][known] = np.array([uploads[number][0] for number, _ in numbers], dtype=object)[place]
    found["sheet"][known] = np.array([uploads[number][1][at] for number, at in numbers], dtype=object)[place]
    letter, columns = pd.factorize(col[known])
    letters = np.array([xl_col_to_name(int(n) - 1) for n in columns], dtype=object)[letter]
    found["cell"][known] = letters + row[known].astype(int).astype(str).astype(object)
    return found


def columns_said() -> dict[str, str]:
    """What each column means, in order."""
    said = entry("explore.columns")
    return {name: str(said[name]) for name in SCHEMA.names}


def about_said(about: About) -> dict[str, str]:
    """Where the points come from and how they were read."""
    found = {
        "network": about.network,
        "made": f"{about.made:%Y-%m-%d %H:%M}",
        "address": about.address,
        "rules": f"{about.rules} ({about.source})",
        "middle": about.middle,
        "how": about.how,
    }
    return {say(f"explore.about.{name}"): text for name, text in found.items() if text}


def measures_said(about: About) -> list[dict[str, str]]:
    """Each measure's definition, as the network keeps it."""
    return [{one.name: _plain(getattr(measure, one.name)) for one in fields(Measure)} for measure in about.measures]


def _plain(value: object) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def without_formulas(table: pa.Table) -> pa.Table:
    """The table with texts that no spreadsheet program runs."""
    for name in FROM_PEOPLE:
        coded = pc.dictionary_encode(table[name].combine_chunks())
        kept = pa.array([harmless(text) for text in coded.dictionary.to_pylist()], pa.string())
        table = table.set_column(table.schema.get_field_index(name), name, kept.take(coded.indices))
    return table


def write_csv(tables: Iterable[pa.Table], about: About, out: IO[bytes]) -> None:
    """A ZIP file of points.csv, definitions.csv and measures.csv, in UTF-8 with a mark, as Excel reads it."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("points.csv", "w", force_zip64=True) as file:
            file.write(MARK_OF_UTF8)
            with csv.CSVWriter(file, SCHEMA) as writer:
                for table in tables:
                    writer.write_table(without_formulas(table))
        pairs = {**about_said(about), **columns_said()}
        definitions = pd.DataFrame({"what": list(pairs), "meaning": list(pairs.values())})
        for name, frame in (("definitions", definitions), ("measures", pd.DataFrame(measures_said(about)))):
            archive.writestr(f"{name}.csv", frame.map(harmless).to_csv(index=False).encode("utf-8-sig"))


def write_parquet(tables: Iterable[pa.Table], about: About, out: IO[bytes]) -> None:
    """One Parquet file; the definitions are in its metadata as JSON, under “stepback”."""
    said = {"about": about_said(about), "columns": columns_said(), "measures": measures_said(about)}
    schema = SCHEMA.with_metadata({"stepback": json.dumps(said, ensure_ascii=False)})
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for table in tables:
            writer.write_table(table.cast(schema))


def write_workbook(tables: Iterable[pa.Table], about: About, out: IO[bytes]) -> None:
    """A workbook of points, definitions and measures; nothing in it is a formula."""
    book = xlsxwriter.Workbook(out, WORKBOOK)
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    _write_rows(book.add_worksheet("Points"), [SCHEMA.names], chain.from_iterable(map(_rows, tables)), bold, day)
    pairs = [["", ""], *columns_said().items()]
    _write_rows(book.add_worksheet("Definitions"), [], iter([*about_said(about).items(), *pairs]), bold, day)
    measures = [list(one.values()) for one in measures_said(about)]
    header = [[one.name for one in fields(Measure)]]
    _write_rows(book.add_worksheet("Measures"), header, iter(measures), bold, day)
    book.close()


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in table.columns), strict=True)


def _write_rows(page: Any, headers: list[list[str]], rows: Iterator[Any], bold: Any, day: Any) -> None:
    """Row by row, as a workbook that is kept out of memory wants it. Empty cells are not written."""
    for row, names in enumerate(headers):
        page.write_row(row, 0, names, bold)
    page.freeze_panes(len(headers), 0)
    for row, values in enumerate(rows, start=len(headers)):
        for column, value in enumerate(values):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                page.write_string(row, column, value)
            elif isinstance(value, bool):
                page.write_boolean(row, column, value)
            elif isinstance(value, date):
                page.write_datetime(row, column, value, day)
            else:
                page.write_number(row, column, value)


@dataclass(frozen=True)
class Format:
    """How points are written: the name of the file, its kind, and how many points it can hold (0: any number)."""

    label: str
    file: str
    mime: str
    write: Callable[[Iterable[pa.Table], About, IO[bytes]], None]
    most: int = 0

    def made(self, tables: Iterable[pa.Table], about: About) -> bytes:
        """The whole file, for few points."""
        out = io.BytesIO()
        self.write(tables, about, out)
        return out.getvalue()


FORMATS = {
    "csv": Format("CSV", "points.zip", "application/zip", write_csv),
    "parquet": Format("Parquet", "points.parquet", "application/vnd.apache.parquet", write_parquet),
    "xlsx": Format(
        "XLSX",
        "points.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        write_workbook,
        MOST_IN_WORKBOOK,
    ),
}
