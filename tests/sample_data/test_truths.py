"""What is built into the sample is there in its spreadsheets, and nothing else of that size is."""

from datetime import date, datetime

import openpyxl
import pandas as pd
import pytest

import sample_data
from lib.analysis import run_charts
from sample_data.invented import INVENTED, SCHOOLS

FEWEST_POINTS = 8
"""Points before and after a start that a comparison needs. Source: the project's rules, 7."""


def charts(measure: pd.DataFrame) -> pd.DataFrame:
    """The newest phase of every school's chart, by school."""
    codes, schools = pd.factorize(measure["school"])
    result = run_charts(pd.DataFrame({"series": codes, "value": measure["value"].to_numpy()}))
    return result.phases.assign(school=schools).set_index("school")


def differences(measure: pd.DataFrame, starts: dict[str, date]) -> dict[str, float]:
    """Median after the start minus median before it."""
    return {
        school: after["value"].median() - before["value"].median()
        for school, start in starts.items()
        for before, after in [halves(measure[measure["school"] == school], start)]
    }


def halves(rows: pd.DataFrame, start: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    is_after = rows["date"] >= pd.Timestamp(start)
    return rows[~is_after], rows[is_after]


def test_six_ideas_two_real_three_idle_one_with_a_side_effect(truths):
    kinds = [
        ("real" if idea["moves"] == idea["hoped"] else "side" if idea["moves"] else "idle") for idea in truths["ideas"]
    ]
    assert sorted(kinds) == ["idle", "idle", "idle", "real", "real", "side"]


def test_real_ideas_move_every_school_about_as_far_as_they_should(truths, series):
    for idea in truths["ideas"]:
        if idea["moves"]:
            for school, difference in differences(series[idea["moves"]], idea["starts"]).items():
                assert difference * (1 if idea["effect"] > 0 else -1) > abs(idea["effect"]) / 2, (idea["name"], school)


def test_idle_ideas_move_their_measure_by_chance_only(truths, series):
    for idea in truths["ideas"]:
        if idea["moves"] != idea["hoped"]:
            measure = series[idea["hoped"]]
            steps = pd.Series(differences(measure, idea["starts"])) / charts(measure)["wobble"]
            assert abs(steps.dropna().median()) < 0.5, idea["name"]


def test_schools_that_had_not_started_did_not_move(truths, series):
    for idea in truths["ideas"]:
        if idea["moves"]:
            start = sorted(idea["starts"].values())[len(idea["starts"]) // 2]
            waiting = [school.name for school in SCHOOLS if school.name not in idea["starts"]]
            waiting.remove(truths["schools"]["joined_late"]["school"])
            steps = pd.Series(differences(series[idea["moves"]], dict.fromkeys(waiting, start)))
            assert abs(steps.median()) < abs(idea["effect"]) / 4, idea["name"]


def test_enough_points_stand_before_and_after_each_start(truths, series):
    for idea in truths["ideas"]:
        if idea["moves"]:
            for school, start in idea["starts"].items():
                rows = series[idea["moves"]]
                before, after = halves(rows[rows["school"] == school], start)
                assert min(len(before), len(after)) >= FEWEST_POINTS, (idea["name"], school)


def test_the_default_rule_finds_most_of_what_is_there_and_little_else(truths, series):
    """The README says 16 of 17, and 3 where nothing was built in."""
    built_in = {(idea["moves"], school) for idea in truths["ideas"] if idea["moves"] for school in idea["starts"]}
    phases = {name: charts(rows) for name, rows in series.items()}
    found = {(name, school) for name, table in phases.items() for school in table.index[table["signal"]]}
    assert sum(len(table) for table in phases.values()) == 168
    assert (len(found & built_in), len(built_in), len(found - built_in)) == (16, 17, 3)
    right_way = {
        (name, school): table.loc[school, "direction"] for name, table in phases.items() for school in table.index
    }
    for idea in truths["ideas"]:
        for school in idea["starts"]:
            if (idea["moves"], school) in found:
                assert right_way[idea["moves"], school] == ("up" if idea["effect"] > 0 else "down")


def test_neighboring_weeks_are_not_alike(series):
    for name, rows in series.items():
        if rows.groupby("school").size().median() > 30:
            assert charts(rows)["lag1"].median() < 0.2, name


def test_the_gap_closes_because_one_group_moved(truths, tidy):
    gap = truths["gap"]
    rows = tidy[(tidy["measure"] == gap["measure"]) & (tidy["category"] == gap["category"])].dropna(
        subset=["numerator"]
    )
    counts = rows.groupby(["group", rows["date"] >= pd.Timestamp(gap["first"])])[["numerator", "denominator"]].sum()
    shares = (counts["numerator"] / counts["denominator"]).unstack()
    moved = shares[True] - shares[False]
    assert moved[gap["moved"]] == pytest.approx(gap["effect"], abs=0.02)
    assert abs(moved[gap["stayed"]]) < 0.015
    before, after = shares.loc[gap["stayed"]] - shares.loc[gap["moved"]]
    assert before > 0.12
    assert after < 0.04


def test_other_gaps_stay(truths, tidy):
    rows = tidy[tidy["category"].isin(["Support plan", "Lunch"])].dropna(subset=["numerator"])
    late = rows["date"] >= pd.Timestamp(truths["gap"]["first"])
    counts = rows.groupby(["measure", "category", late, "group"])[["numerator", "denominator"]].sum()
    shares = (counts["numerator"] / counts["denominator"]).unstack()
    gaps = shares.apply(lambda row: row.dropna().diff().iloc[-1], axis=1).unstack()
    assert ((gaps[True] - gaps[False]).abs() < 0.04).all()


def test_groups_of_a_category_add_up_to_all_students(tidy):
    keys = ["school", "date", "measure"]
    everyone = tidy[tidy["group"] == ""].set_index(keys)[["numerator", "denominator"]]
    for category, rows in tidy[tidy["group"] != ""].groupby("category"):
        shown = rows.groupby(keys)["numerator"].transform("count") == 2
        added = rows[shown].groupby(keys)[["numerator", "denominator"]].sum()
        assert len(added) > 800, category
        pd.testing.assert_frame_equal(added, everyone.loc[added.index])


def test_a_category_is_marked_as_a_whole_so_that_subtraction_tells_nothing(tidy):
    shown = tidy[tidy["group"] != ""].groupby(["school", "date", "measure", "category"])["numerator"].count()
    assert set(shown) == {0, 2}


def test_no_numerator_is_larger_than_its_denominator(tidy, attendance, advisory, by_school):
    for rows in (tidy, attendance, advisory, by_school):
        counted = rows.dropna(subset=["numerator"])
        assert (counted["numerator"] <= counted["denominator"]).all()
        assert (counted["numerator"] >= 0).all()
        assert (counted["denominator"] > 0).all()


def test_some_groups_are_small_and_some_are_marked(tidy):
    survey = tidy[(tidy["measure"] == "Know what to do when stuck") & (tidy["group"] != "")]
    assert (survey["denominator"] < 10).sum() > 20
    marked = survey[survey["denominator"].isna()]
    assert set(marked["school"]) == {"Dover Prep High", "York Street High", "Garfield High"}


def test_one_school_is_at_its_ceiling_for_months(truths, series):
    special = truths["schools"]["at_ceiling"]
    phases = charts(series[special["measure"]])
    assert list(phases.index[phases["state"] == "can't be split"]) == [special["school"]]
    rows = series[special["measure"]].query("school == @special['school']")
    assert (rows["value"] == 1).mean() > 0.8


def test_one_school_joined_late_and_one_went_silent(truths, series):
    joined, silent = truths["schools"]["joined_late"], truths["schools"]["went_silent"]
    for rows in series.values():
        assert rows.loc[rows["school"] == joined["school"], "date"].min() >= pd.Timestamp(joined["first"])
        assert rows.loc[rows["school"] == silent["school"], "date"].max() <= pd.Timestamp(silent["last"])
    weekly = series["Weekly attendance"]
    newest = weekly.groupby("school")["date"].max()
    assert (newest >= pd.Timestamp(2026, 3, 2)).sum() == 23
    assert weekly["date"].max() == pd.Timestamp(2026, 3, 9)


def test_the_log_holds_every_test_with_its_start(truths):
    sheet = openpyxl.load_workbook(sample_data.FOLDER / sample_data.TESTS_OF_CHANGE).worksheets[0]
    rows = list(sheet.iter_rows(min_row=6, max_col=7, values_only=True))
    begun = {(row[0], row[2]): row[3].date() for row in rows if row[5] != "planned"}
    assert begun == {(idea["name"], school): day for idea in truths["ideas"] for school, day in idea["starts"].items()}
    assert {row[5] for row in rows} == {"planned", "testing", "adapting", "adopted", "abandoned"}
    assert all((row[4] is not None) == (row[5] == "abandoned") for row in rows)
    assert all(row[4] is None or row[4] > row[3] for row in rows)
    assert all((row[6] < row[3]) == (row[5] == "planned") and row[6] < datetime(2026, 3, 13) for row in rows)


def test_the_readme_tells_every_truth(truths):
    text = " ".join((sample_data.FOLDER / "README.md").read_text(encoding="utf-8").split())
    special = truths["schools"]
    assert INVENTED.split(".")[0].split()[0].lower() in text.lower()
    for idea in truths["ideas"]:
        size = f"{abs(idea['effect']):.1f}" if idea["moves"] == "Homework hours" else f"{abs(idea['effect']):.0%}"[:-1]
        assert f"| {idea['name']} | {idea['hoped']} |" in text
        assert not idea["moves"] or f"{size} " in text
        assert f"| {len(idea['starts'])}, from" in text
    for name in (special["small"], *(special[kind]["school"] for kind in ("at_ceiling", "joined_late", "went_silent"))):
        assert name in text
