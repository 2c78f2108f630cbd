"""The table and the CSV hold what was drawn, and nothing that a spreadsheet program would run."""

import csv
import io
from dataclasses import replace

import pytest

from lib.exports.table import points_csv, points_table
from lib.wording import Reading
from tests.wording.made import OAK_STREET, made, percents


def with_origin(reading: Reading, **changed: str) -> Reading:
    origin = {"file": "week.csv", "sheet": "Data", "cell": "C4", "upload": 7.0, "n_schools": 1, "n_values": 1} | changed
    return replace(reading, points=reading.points.assign(**origin))


def rows(reading: Reading) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(points_csv(reading).decode("utf-8-sig"))))


def test_the_table_has_a_row_for_each_point_with_the_numbers_that_were_drawn() -> None:
    reading = with_origin(made(percents(*OAK_STREET), denominator=100, baseline=12))
    table = points_table(reading)
    assert table["value"].tolist() == reading.points["value"].tolist()
    assert table["said"].iloc[0] == "56 % (56 of 100)"
    assert table["place"].dropna().iloc[-1] == 12
    assert set(table["middle"]) == {0.59}
    assert table["from"].iloc[0] == "From week.csv, sheet Data, cell C4, upload 7."


def test_every_row_of_the_csv_names_measure_school_group_and_rules() -> None:
    found = rows(with_origin(made(percents(*OAK_STREET))))
    assert len(found) == len(OAK_STREET)
    said = {(row["measure"], row["school"], row["group"], row["rules"]) for row in found}
    assert said == {("Weekly attendance", "Oak Street High", "All students", "anhoej")}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r\n@", " +"])
def test_no_text_is_a_formula(start: str) -> None:
    name = f"{start}HYPERLINK(1)"
    for row in rows(with_origin(made(percents(50, 60), place=name), file=name, sheet=name)):
        for text in (row["school"], row["file"], row["sheet"]):
            assert text.startswith("'")


def test_a_missing_value_is_an_empty_cell() -> None:
    reading = with_origin(made([0.5, float("nan"), 0.7]))
    assert [row["value"] for row in rows(reading)] == ["0.5", "", "0.7"]
    assert points_table(reading)["said"].tolist() == ["50 %", "no value", "70 %"]
