"""Points as files: every value comes back out of each kind of file, with its definitions and without formulas."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import datetime

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from lib.analysis import run_charts
from lib.exports.points import FORMATS, SCHEMA, About, Names, every_point
from lib.measures import Measure

NASTY = '=HYPERLINK("http://x")'
NAMES = Names(
    measures={1: "Attendance"},
    schools={1: NASTY, 2: "Ash\nGrove"},
    codes={1: "007", 2: ""},
    groups={0: "All students"},
    periods={1: "week"},
    uploads={7: ("=cmd.xlsx", ["Oct", "Nov"])},
)
MEASURE = Measure(1, "Attendance", unit="percent", wanted="up", numerator_words="days present")
MADE = datetime(2026, 2, 3, 4, 5)
ABOUT = About("Net", MADE, "http://x/explore?measures=1", "Anhøj", "Anhøj 2015", "as agreed", "", (MEASURE,))


def read(n=12):
    """Two schools; the second has a missing value, and a second phase."""
    value = np.r_[np.arange(n) / 10, np.arange(n) / 10]
    points = pd.DataFrame(
        {"series": np.repeat([0, 1], n), "value": value, "phase": np.r_[np.zeros(n), np.arange(n) > 5]}
    )
    points["date"] = pd.to_datetime("2025-09-01") + pd.to_timedelta(7 * np.tile(np.arange(n), 2), "D")
    points["excluded"] = False
    found = run_charts(points.astype({"phase": int}))
    table = found.points.assign(
        measure=1, school=found.points["series"] + 1, student_group=0, numerator=np.nan, denominator=np.nan,
        n_schools=1, n_values=1, upload=7.0, sheet=np.tile([0.0, 1.0], n), row=np.arange(2 * n) + 2.0, col=28.0,
    )  # fmt: skip
    table.loc[n + 3, "value"] = np.nan
    table.loc[0, ["upload", "sheet", "row", "col"]] = np.nan
    return every_point(table, found.phases, NAMES)


TABLE = read()


def test_each_point_with_a_value_is_a_row_that_says_where_it_comes_from():
    found = TABLE.to_pandas()
    assert len(found) == 23 and found.columns.tolist() == SCHEMA.names
    assert found.loc[1, ["file", "sheet", "cell", "upload"]].tolist() == ["=cmd.xlsx", "Nov", "AB3", 7]
    assert found.loc[0, ["file", "sheet", "cell"]].tolist() == ["", "", ""] and pd.isna(found.loc[0, "upload"])
    assert found.loc[12, ["school", "code", "group", "period"]].tolist() == ["Ash\nGrove", "", "All students", "week"]


def test_a_point_has_the_state_of_its_own_phase():
    found = TABLE.to_pandas()
    assert found["phase"].tolist() == [1] * 12 + [1] * 5 + [2] * 6
    first = run_charts(pd.DataFrame({"series": 0, "value": np.arange(12) / 10})).phases["state"][0]
    assert set(found.loc[:11, "state"]) == {first} and set(found.loc[12:, "state"]) == {"too early"}
    assert found["side"].tolist()[0] == "below" and found["side"].tolist()[11] == "above"


def halves():
    return [TABLE.slice(0, 10), TABLE.slice(10)]


def test_csv_comes_back_whole_and_no_text_in_it_is_a_formula():
    archive = zipfile.ZipFile(io.BytesIO(FORMATS["csv"].made(halves(), ABOUT)))
    found = pd.read_csv(archive.open("points.csv"), encoding="utf-8-sig", dtype={"code": "str"})
    assert found["value"].tolist() == TABLE["value"].to_pylist()
    assert set(found["school"]) == {"'" + NASTY, "Ash Grove"} and found["file"].dropna().unique().tolist() == [
        "'=cmd.xlsx"
    ]
    assert found["code"].dropna().unique().tolist() == ["007"]
    said = pd.read_csv(archive.open("definitions.csv"), encoding="utf-8-sig").set_index("what")["meaning"]
    assert said["Address of this view"] == ABOUT.address and said["Rules"] == "Anhøj (Anhøj 2015)"
    assert set(SCHEMA.names) <= set(said.index)
    measures = pd.read_csv(archive.open("measures.csv"), encoding="utf-8-sig")
    assert measures.loc[0, ["name", "unit", "numerator_words"]].tolist() == ["Attendance", "percent", "days present"]


def test_no_cell_of_the_csv_files_is_a_formula_whatever_column_it_is_in():
    texts = dict.fromkeys(["measure", "school", "code", "group", "file", "sheet"], NASTY)
    table = pa.Table.from_pandas(TABLE.to_pandas().assign(**texts), SCHEMA, preserve_index=False)
    about = replace(ABOUT, network=NASTY, measures=(replace(MEASURE, name=NASTY),))
    archive = zipfile.ZipFile(io.BytesIO(FORMATS["csv"].made([table], about)))
    files = [io.StringIO(archive.read(name).decode("utf-8-sig")) for name in archive.namelist()]
    cells = [cell for file in files for row in csv.reader(file) for cell in row]
    assert cells.count("'" + NASTY) == len(texts) * len(table) + 2
    assert not [cell for cell in cells if cell.startswith("=")]


def test_parquet_comes_back_whole_with_its_definitions():
    found = parquet.read_table(io.BytesIO(FORMATS["parquet"].made(halves(), ABOUT)))
    assert found.replace_schema_metadata().equals(TABLE)
    said = json.loads(found.schema.metadata[b"stepback"])
    assert said["about"]["Made on"] == "2026-02-03 04:05" and said["measures"][0]["name"] == "Attendance"
    assert list(said["columns"]) == SCHEMA.names


def test_a_workbook_comes_back_whole_and_has_no_formula():
    book = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"].made(halves(), ABOUT)))
    assert book.sheetnames == ["Points", "Definitions", "Measures"]
    rows = list(book["Points"].iter_rows(values_only=True))
    assert list(rows[0]) == SCHEMA.names and len(rows) == 24
    place = {name: number for number, name in enumerate(SCHEMA.names)}
    assert [row[place["value"]] for row in rows[1:]] == pytest.approx(TABLE["value"].to_pylist())
    assert rows[1][place["school"]] == NASTY and rows[1][place["date"]] == datetime(2025, 9, 1)
    assert rows[1][place["signal"]] is TABLE["signal"][0].as_py()
    assert not [cell for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    said = dict(row[:2] for row in book["Definitions"].iter_rows(values_only=True))
    assert said["Network"] == "Net" and said["cell"]
    measures = list(book["Measures"].iter_rows(values_only=True))
    assert dict(zip(*measures, strict=True))["numerator_words"] == "days present"


@pytest.mark.parametrize("kind", list(FORMATS))
def test_no_point_at_all_is_a_file_too(kind):
    empty = pa.Table.from_pylist([], schema=SCHEMA)
    assert FORMATS[kind].made([empty], ABOUT) and FORMATS[kind].made([], ABOUT)
