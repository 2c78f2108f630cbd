"""The sample's spreadsheets go through intake like any upload: nothing is refused and every count arrives."""

import tomllib
from dataclasses import fields
from datetime import date

import pandas as pd
import pytest

import sample_data
from lib.intake import Checked, Known, Recipe, check, propose, read
from lib.measures import Measure
from sample_data.invented import mondays


@pytest.fixture(scope="module")
def known() -> Known:
    schools = pd.read_csv(sample_data.FOLDER / sample_data.SCHOOLS)
    written = tomllib.loads((sample_data.FOLDER / sample_data.MEASURES).read_text(encoding="utf-8"))["measures"]
    names = {field.name for field in fields(Measure)}
    measures = [Measure(0, **{key: value for key, value in one.items() if key in names}) for one in written]
    return Known(schools.assign(id=range(1, 25))[["id", "code", "name"]], measures, today=date(2026, 3, 16))


@pytest.fixture(scope="module")
def checked(known) -> dict[str, Checked]:
    """Every spreadsheet read by its recipe, or by the proposal, which then must be certain."""
    made = {}
    for name in sample_data.SPREADSHEETS:
        path = sample_data.FOLDER / name
        workbook = read(path.read_bytes(), name)
        recipe = path.parent / "recipes" / f"{path.stem}.json"
        if recipe.exists():
            chosen = Recipe.from_json(recipe.read_text(encoding="utf-8"))
        else:
            proposal = propose(workbook, known)
            assert proposal.certain, name
            chosen = proposal.recipe
        made[name] = check(workbook, chosen, known)
    return made


def test_nothing_is_refused_and_every_cell_is_counted(checked):
    for name, file in checked.items():
        counts = file.counts
        assert counts.refused == 0, name
        assert counts.values == counts.kept + counts.suppressed + counts.refused + counts.left_out, name


def test_only_defined_measures_come_in(checked, known):
    """A file's word for a measure is the network's own, so no draft is made."""
    found = {name for file in checked.values() for name in file.observations["measure"].unique()}
    assert found == {measure.name for measure in known.measures}


def test_every_count_arrives_as_it_stands_in_the_file(checked, series):
    kept = pd.concat([file.observations for file in checked.values()])
    everyone = kept[kept["group"] == ""]
    for name, rows in series.items():
        arrived = everyone[everyone["measure"] == name].set_index(["school_name", "date"])["value"].sort_index()
        expected = rows.set_index(["school", "date"])["value"].sort_index()
        assert len(arrived) == len(expected), name
        assert arrived.to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-12), name
        assert list(arrived.index) == list(expected.index), name


def test_groups_arrive_and_marks_are_suppressed(checked, tidy):
    file = checked["grades_and_survey.csv"]
    assert file.counts.kept == tidy["numerator"].notna().sum()
    assert file.counts.suppressed == (tidy["numerator"].isna() & (tidy["school"] != "Garfield High")).sum()
    assert file.counts.blank == (tidy["numerator"].isna() & (tidy["school"] == "Garfield High")).sum()


def test_total_rows_and_weeks_without_school_are_left_out_with_their_reason(checked):
    file = checked["weekly_attendance_2025-26.xlsx"]
    assert set(file.left_out_cells["value"]) == {"no school", "snow"}
    assert 31 in set(file.left_out_rows["row"])
    assert file.counts.left_out == len(file.left_out_cells) + len(mondays("2025-26"))


def test_the_tabs_are_read_without_their_recipe_too(checked, known):
    name = "on_track_and_homework.xlsx"
    workbook = read((sample_data.FOLDER / name).read_bytes(), name)
    proposal = propose(workbook, known)
    assert proposal.certain
    again = check(workbook, proposal.recipe, known)
    assert again.observations.equals(checked[name].observations)
