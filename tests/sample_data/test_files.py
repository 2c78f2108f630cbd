"""The committed files are what the program makes, and each says that it is invented."""

import csv
import tomllib
from dataclasses import fields
from itertools import pairwise

import openpyxl
import pandas as pd
import pytest

import sample_data
from lib.measures import CADENCES, FAMILIES, UNITS, WANTED, Measure
from sample_data.invented import INVENTED, SCHOOLS, YEARS, mondays
from sample_data.make import make

TEXTS = ("grades_and_survey.csv", "calendar.csv", "schools.csv", "truths.toml")
WORKBOOKS = tuple(name for name in (*sample_data.SPREADSHEETS, sample_data.TESTS_OF_CHANGE) if name.endswith(".xlsx"))
MOST_BYTES = 1_500_000


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    make(folder)
    return folder


@pytest.mark.parametrize("name", TEXTS)
def test_texts_are_what_the_program_makes(made, name):
    assert (made / name).read_bytes() == (sample_data.FOLDER / name).read_bytes()


@pytest.mark.parametrize("name", WORKBOOKS)
def test_workbooks_are_what_the_program_makes(made, name):
    """Cell for cell; the bytes may differ, because not every computer compresses alike."""
    ours, theirs = openpyxl.load_workbook(made / name), openpyxl.load_workbook(sample_data.FOLDER / name)
    assert ours.sheetnames == theirs.sheetnames
    for sheet in ours.sheetnames:
        assert list(ours[sheet].values) == list(theirs[sheet].values), sheet


def test_the_program_makes_every_file_that_is_named(made):
    named = {*sample_data.SPREADSHEETS, *TEXTS, sample_data.TESTS_OF_CHANGE, sample_data.CALENDAR, sample_data.SCHOOLS}
    assert {path.name for path in made.iterdir()} == named


@pytest.mark.parametrize("name", WORKBOOKS)
def test_every_sheet_says_that_it_is_invented(name):
    book = openpyxl.load_workbook(sample_data.FOLDER / name)
    for sheet in book:
        assert sheet["A2"].value == INVENTED, sheet.title


def test_the_other_files_say_that_they_are_invented():
    assert (sample_data.FOLDER / "grades_and_survey.csv").read_text(encoding="utf-8").startswith(f'"{INVENTED}"')
    for name in ("README.md", sample_data.MEASURES, sample_data.TRUTHS):
        assert "invented" in (sample_data.FOLDER / name).read_text(encoding="utf-8").lower()


def test_the_files_are_small():
    folder = sample_data.FOLDER
    assert sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) < MOST_BYTES


def test_measures_are_complete_and_known_to_the_library():
    measures = tomllib.loads((sample_data.FOLDER / sample_data.MEASURES).read_text(encoding="utf-8"))["measures"]
    known = {field.name for field in fields(Measure)} | {"driver", "minutes_it_costs"}
    assert len(measures) == 7
    for measure in measures:
        assert set(measure) <= known
        assert "{school}" in measure["question"]
        assert measure["cadence"] in CADENCES
        assert measure["wanted"] in WANTED
        assert measure["unit"] in UNITS
    assert {measure["family"] for measure in measures} == set(FAMILIES)


def test_schools_are_twenty_four_in_two_districts():
    schools = pd.read_csv(sample_data.FOLDER / sample_data.SCHOOLS)
    assert len(schools) == 24
    assert schools["name"].is_unique
    assert schools["code"].is_unique
    assert set(schools["district"]) == {"Lakeshore", "Valley"}


def test_the_calendar_has_no_overlapping_breaks_in_a_district():
    with (sample_data.FOLDER / sample_data.CALENDAR).open(encoding="utf-8") as file:
        breaks = [row for row in csv.DictReader(file) if row["kind"] == "break"]
    for district in ("Lakeshore", "Valley"):
        own = sorted((row["first"], row["last"]) for row in breaks if row["district"] in ("", district))
        assert all(last < following for (_, last), (following, _) in pairwise(own))


def test_grids_have_a_column_for_every_week_of_school():
    for year in YEARS:
        sheet = openpyxl.load_workbook(sample_data.FOLDER / f"family_contacts_{year}.xlsx").worksheets[0]
        dates = [cell.value.date() for cell in sheet[5][2:]]
        assert dates == mondays(year)


def test_the_total_row_adds_up():
    for year in YEARS:
        path = sample_data.FOLDER / f"weekly_attendance_{year}.xlsx"
        raw = pd.read_excel(path, header=None, engine="openpyxl")
        total = raw.index[raw[0] == "Total"][0]
        numbers = raw.iloc[6:total, 2:].apply(pd.to_numeric, errors="coerce")
        assert (numbers.sum() == raw.iloc[total, 2:].astype("float")).all()


def test_there_is_a_tab_for_every_school():
    book = openpyxl.load_workbook(sample_data.FOLDER / "on_track_and_homework.xlsx", read_only=True)
    assert book.sheetnames == ["Instructions", "Summary", *(school.name for school in SCHOOLS)]
    book.close()


def test_weeks_without_school_are_words_and_not_numbers():
    sheet = openpyxl.load_workbook(sample_data.FOLDER / "weekly_attendance_2025-26.xlsx").worksheets[0]
    words = {cell for row in sheet.iter_rows(min_row=7, max_row=30, min_col=3, values_only=True) for cell in row}
    assert {word for word in words if isinstance(word, str)} == {"no school", "snow"}
