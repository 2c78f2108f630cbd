"""What was decided for one workbook is remembered, and the next one of its kind is read without a question."""

from dataclasses import replace
from datetime import date

import pytest

from lib import intake, loading
from lib.intake import Recipe
from lib.problems import CannotContinue
from lib.store import Database, definitions, edits, recipes, uploads
from tests.intake.making import csv_of, read_here, xlsx_of

SCHOOLS = ["Ash Grove High", "Bayview High", "Cedar Hill High"]
WEEKS = [date(2025, 9, 1), date(2025, 9, 8), date(2025, 9, 15), date(2025, 9, 22), date(2025, 9, 29)]


@pytest.fixture
def database():
    opened = Database(":memory:")
    definitions.add_network(opened, "Test network")
    yield opened
    opened.close()


def grid(n_weeks, scale=1.0, title="Score of the week", without=()):
    """Schools down, weeks across; without a word that says the unit."""
    weeks = [week for week in range(n_weeks) if week not in without]
    rows = [[title], [], ["School", *(WEEKS[week].strftime("%m/%d/%Y") for week in weeks)]]
    rows += [[name, *(scale * (80 + row + week) for week in weeks)] for row, name in enumerate(SCHOOLS)]
    return xlsx_of({"Grid": rows})


def suggest(database, data, name):
    workbook = read_here(data, name)
    return workbook, loading.suggest(database, 1, workbook, loading.known(database, 1))


def decided(database, data, name, change=lambda recipe: recipe):
    """Brings a file in with what a person changes; returns what was found before and the difference."""
    workbook, suggestion = suggest(database, data, name)
    recipe = change(suggestion.proposal.recipe)
    checked = intake.check(workbook, recipe, loading.known(database, 1))
    prepared = loading.Prepared(workbook, recipe, checked, suggestion)
    upload = loading.as_upload(1, prepared, "Ann")
    difference = uploads.difference(database, upload)
    loading.save(database, upload, prepared)
    return suggestion, difference


def as_percent(recipe):
    return recipe.with_measure(recipe.measures[0].name, "Weekly attendance", "percent")


def test_next_week_there_is_one_more_column_and_no_question(database):
    first, _ = decided(database, grid(2), "week 36.xlsx", as_percent)
    assert first.recognized is None
    second, difference = decided(database, grid(3), "week 37.xlsx")
    assert second.recognized is not None
    assert second.proposal.questions == ()
    assert second.recognized.kept.name == "Week"
    assert (difference.new, difference.changed, difference.unchanged, difference.vanished) == (3, 0, 6, 0)
    assert difference.new_measures == ()
    assert [measure.name for measure in definitions.measures(database, 1)] == ["Weekly attendance"]
    assert database.rows("select max(value) from observation") == [(0.84,)]
    assert len(recipes.recipes(database, 1)) == 1


def test_a_column_that_is_gone_is_told_as_vanished(database):
    decided(database, grid(3), "week.xlsx", as_percent)
    again, difference = decided(database, grid(3, without=[1]), "week.xlsx")
    assert again.proposal.questions == ()
    assert (difference.new, difference.changed, difference.unchanged, difference.vanished) == (0, 0, 6, 3)


def test_the_command_line_reads_it_as_last_time_too(database):
    decided(database, grid(2), "week 36.xlsx", as_percent)
    prepared = loading.prepare(database, 1, grid(3), "week 37.xlsx")
    assert prepared.recipe.unit_of("Weekly attendance") == "percent"


def test_another_measure_in_the_same_shape_is_another_kind(database):
    decided(database, grid(2), "week 36.xlsx", as_percent)
    _, suggestion = suggest(database, grid(2, title="Detentions"), "detentions.xlsx")
    assert suggestion.recognized is None


def test_a_file_in_fractions_that_was_in_percent_is_asked_about(database):
    decided(database, grid(2, title="Attendance rate"), "attendance.xlsx")
    _, suggestion = suggest(database, grid(3, 0.01, "Attendance rate"), "attendance.xlsx")
    assert suggestion.recognized is not None
    assert [str(one) for one in suggestion.proposal.questions] == [
        "Measure “Attendance rate”: It was read as percent last time, and looks like fraction in this file. "
        "Choose how it is written."
    ]


def rows_of(order, *more):
    header = ["School", "Date", "Present", "Enrolled", *more]
    body = [[name, "2025-09-08", 80, 100, *[3] * len(more)] for name in SCHOOLS]
    return csv_of([[row[place] for place in order] for row in [header, *body]])


def test_columns_may_move_and_a_new_one_is_as_it_would_be_proposed(database):
    decided(
        database,
        rows_of([0, 1, 2, 3]),
        "counts.csv",
        lambda recipe: recipe.with_measure(recipe.measures[0].name, "On time"),
    )
    _, moved = suggest(database, rows_of([3, 1, 2, 0]), "counts.csv")
    assert moved.recognized is not None
    assert {one.name for one in moved.proposal.recipe.measures} == {"On time"}
    _, more = suggest(database, rows_of([0, 1, 2, 3, 4], "Homework hours"), "counts.csv")
    assert more.recognized is not None
    assert [one.name for one in more.proposal.recipe.measures] == ["On time", "Homework hours"]
    assert more.proposal.recipe.columns[4].role == "value"


def test_what_a_person_left_out_stays_out(database):
    decided(
        database,
        rows_of([0, 1, 2, 3, 4], "Homework hours"),
        "counts.csv",
        lambda recipe: recipe.with_column(5, "not used"),
    )
    _, again = suggest(database, rows_of([0, 1, 2, 3, 4], "Homework hours"), "counts.csv")
    assert again.recognized is not None
    assert again.proposal.recipe.columns[4].role == "not used"


def without_year(month):
    return csv_of([["School", f"{month}/8", f"{month}/15"], *([name, 0.9, 0.8] for name in SCHOOLS)])


def test_a_school_year_that_was_said_is_not_taken_for_another_file(database):
    decided(database, without_year(9), "attendance.csv", lambda recipe: recipe.with_dates(school_year=2020))
    _, again = suggest(database, without_year(10), "attendance.csv")
    assert [str(one) for one in again.proposal.questions] == [
        "Dates: They don't say the year. Say the school year (last time 2020-21)."
    ]


def test_the_first_of_several_that_fit_is_the_one_used_last(database):
    decided(database, grid(2), "week 36.xlsx", as_percent)
    [kept] = recipes.recipes(database, 1)
    again = recipes.NewRecipe(kept.name, kept.recipe, kept.proposed, kept.asked, "Bo")
    number = recipes.keep(database, 1, again)
    assert [one.name for one in recipes.recipes(database, 1)] == ["Week 2", "Week"]
    _, suggestion = suggest(database, grid(3), "week 37.xlsx")
    assert suggestion.recognized.kept.id == number


def test_recipes_are_renamed_deleted_and_their_json_is_a_recipe_file(database):
    decided(database, grid(2), "week 36.xlsx", as_percent)
    [kept] = recipes.recipes(database, 1)
    assert Recipe.from_json(kept.recipe).to_json() == kept.recipe
    recipes.rename(database, 1, kept.id, "  Weekly   grid ", "Ann")
    assert [one.name for one in recipes.recipes(database, 1)] == ["Weekly grid"]
    for name, why in (("", "1 to 80"), ("x" * 81, "1 to 80")):
        with pytest.raises(CannotContinue, match=why):
            recipes.rename(database, 1, kept.id, name, "Ann")
    recipes.keep(database, 1, recipes.NewRecipe("Other", "{}", "", (), "Ann"))
    with pytest.raises(CannotContinue, match="There is a recipe “Other” already"):
        recipes.rename(database, 1, kept.id, "Other", "Ann")
    recipes.delete(database, 1, kept.id, "Ann")
    with pytest.raises(CannotContinue, match="isn't there"):
        recipes.delete(database, 1, kept.id, "Ann")
    said = [what for (what,) in database.rows("select what from log order by rowid")]
    assert said[-3:] == [
        "renamed the recipe “Week” to “Weekly grid”",
        "kept the recipe “Other”",
        "deleted the recipe “Weekly grid”",
    ]


def test_a_measure_is_found_by_its_other_name(database):
    decided(database, grid(2), "week 36.xlsx", as_percent)
    before = edits.measure_rows(database, 1)
    rows = [replace(before[0], measure=replace(before[0].measure, name="Attendance"))]
    edits.save_measures(database, 1, rows, before, "Ann")
    _, difference = decided(database, grid(3), "week 37.xlsx")
    assert (difference.new, difference.unchanged, difference.new_measures) == (3, 6, ())
    assert [one.name for one in definitions.measures(database, 1)] == ["Attendance"]


def test_values_that_are_no_percentages_never_get_into_a_measure_in_percent(database):
    decided(database, grid(2), "week 36.xlsx", as_percent)
    workbook, suggestion = suggest(database, grid(2, title="Weekly attendance"), "other.xlsx")
    recipe = suggestion.proposal.recipe.with_measure("Weekly attendance", unit="count")
    prepared = loading.Prepared(workbook, recipe, intake.check(workbook, recipe, loading.known(database, 1)))
    with pytest.raises(CannotContinue, match="It is in percent here, and this file is read as count"):
        loading.as_upload(1, prepared, "Ann")


def tabs(*names):
    grid = [["School", "2025-09-01", "2025-09-08"], *([name, 0.9, 0.8] for name in SCHOOLS)]
    return xlsx_of(dict.fromkeys(names, grid))


def test_a_new_tab_is_a_new_measure_in_its_own_unit(database):
    first, _ = decided(database, tabs("Attendance rate", "On-track rate"), "measures.xlsx")
    assert first.proposal.recipe.layout == "one tab per measure"
    again, difference = decided(database, tabs("Attendance rate", "On-track rate", "Passing rate"), "measures.xlsx")
    assert again.recognized is not None
    assert again.proposal.recipe.unit_of("Passing rate") == "fraction"
    assert (difference.new, difference.unchanged, difference.new_measures) == (6, 12, ("Passing rate",))


def survey(n):
    answers = ["Agree", "Disagree", "Strongly agree"]
    rows = [[f"9/{8 + k % 5}/2025 10:0{k % 10}:00", SCHOOLS[k % 3], answers[k % 3]] for k in range(n)]
    return csv_of([["Timestamp", "School", "I know what to do when I am stuck"], *rows])


def test_the_next_survey_is_read_as_the_last_one(database):
    first, _ = decided(database, survey(60), "survey.csv")
    assert first.proposal.recipe.counts_people
    again, _ = decided(database, survey(90), "survey.csv")
    assert again.recognized is not None
    assert again.proposal.questions == ()


def test_months_are_read_by_the_school_year_of_the_network(database):
    assert loading.known(database, 1).school_year_start == 8
    database.rows("update network set school_year_start = 2 where id = 1")
    assert loading.known(database, 1).school_year_start == 2
