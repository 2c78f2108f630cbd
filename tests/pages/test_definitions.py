"""The page of definitions: its sections, recipes, two made one, a new school year; a draft says that it is one."""

import os
from dataclasses import replace

from lib.store import Database, definitions, edits
from tests.pages.test_network import table
from tests.pages.test_spreadsheet import scores

TWO_SPELLINGS = b"school,date,present,enrolled\nAsh Grv,2026-03-16,80,100\nAsh Grv,2026-03-23,81,100\n"


def stored():
    """The database of the page; it is open in this process."""
    return Database(os.environ["STEPBACK_DATABASE"])


def section(person, name):
    return choose_section(person.open("bring/definitions"), name)


def choose_section(person, name):
    group = next(
        one
        for one in person.app.get("button_group")
        if "measures" in str(one.options) or "Measures" in str(one.options)
    )
    group.set_value([name] if isinstance(group.value, list) else name)
    person.app.run()
    assert not person.app.exception
    return person


def test_the_page_opens_with_the_measures_and_nothing_to_save(person):
    text = person.open("bring/definitions").text()
    assert "7 measures. All is saved." in text
    [save] = [button for button in person.app.button if button.label == "Save"]
    assert save.disabled


def at_the_address_before(person, first, second):
    """The address of the first section stands again though the second was chosen."""
    section(person, first)
    before = dict(person.app.query_params)
    choose_section(person, second)
    person.app.query_params.clear()
    person.app.query_params.update(before)


def test_a_section_chosen_before_the_browser_has_the_address_of_the_last_one_is_shown(person):
    at_the_address_before(person, "schools", "changes")
    assert "measures. All is saved" in choose_section(person, "measures").text()
    assert "section" not in person.app.query_params


def test_going_back_to_an_address_is_still_going_back(person):
    at_the_address_before(person, "schools", "changes")
    person.app.run()
    assert "24 schools. All is saved." in person.text()


def test_every_section_opens(person):
    assert "24 schools. All is saved." in section(person, "schools").text()
    assert "No recipes yet" in section(person, "recipes").text()
    assert "A new school year begins by itself" in section(person, "year").text()
    section(person, "changes")
    [log] = [table.value for table in person.app.dataframe]
    assert any("as upload 1" in what for what in log["what"])


def test_recipes_are_listed_renamed_and_deleted(person):
    person.open("bring/spreadsheet").upload("score wk 36.csv", scores(2)).choose("In the file as", "percent")
    person.press("Save 4 values")
    assert "Score wk" in section(person, "recipes").text()
    next(box for box in person.app.text_input if box.label == "New name").set_value("Weekly scores")
    person.press("Rename")
    assert "Weekly scores" in person.text()
    person.press("Delete this recipe")
    assert "No recipes yet" in person.text()


def test_a_new_measure_is_a_draft_and_says_so_until_it_is_confirmed(person):
    person.open("bring/spreadsheet").upload("score wk 36.csv", scores(2)).press("Save 4 values")
    database = stored()
    [draft] = [row for row in edits.measure_rows(database, 1) if row.measure.draft]
    assert "1 to confirm" in section(person, "measures").text()
    person.app.switch_page("pages/look/run_chart.py").run()
    person.choose("Measure", draft.measure.id)
    assert f"{draft.measure.name} (draft)" in person.text().replace("\\", "")
    person.app.switch_page("pages/look/network.py").run()
    assert f"{draft.measure.name} (draft)" in table(person)


def test_two_schools_are_made_one_and_parted(person):
    person.open("bring/spreadsheet").upload("week.csv", TWO_SPELLINGS)
    person.press("Save 2 values")
    database = stored()
    new = next(school.id for school in definitions.schools(database, 1) if school.name == "Ash Grv")
    section(person, "schools").choose("This school", new).choose("is the same as", 1)
    assert "2 values become values of Ash Grove High (L01)" in person.text()
    person.press("Make them one")
    assert "The two schools are one now" in person.text()
    assert len(definitions.schools(database, 1)) == 24
    person.press("Part them")
    assert len(definitions.schools(database, 1)) == 25


def test_values_that_clash_are_shown_and_there_is_no_button(person):
    section(person, "schools").choose("This school", 2).choose("is the same as", 1)
    assert "values clash, so they can't be one" in person.text()
    assert all(button.label != "Make them one" for button in person.app.button)


def test_a_new_school_year_is_a_draft_in_the_calendar(person):
    section(person, "year").press("Copy them to 2026-27")
    text = person.text()
    assert "A draft of 2026\\-27 is in the table" in text
    assert "6 terms" in text
    [save] = [button for button in person.app.button if button.label == "Save"]
    assert not save.disabled


def test_a_retired_school_is_offered_nowhere_and_its_values_stay(person):
    database = stored()
    before = edits.school_rows(database, 1)
    rows = [replace(row, school=replace(row.school, retired=True)) if row.school.id == 2 else row for row in before]
    edits.save_schools(database, 1, rows, before, "Ann")
    for page in ("look/run_chart", "look/side_by_side", "look/network"):
        person.open(page)
        assert all("Bayview" not in str(option) for box in person.app.selectbox for option in box.options)
        assert "Bayview" not in person.text()
    assert "Ash Grove" in table(person) and "Bayview" not in table(person)
    assert database.rows("select count(*) > 100 from observation where school = 2") == [(True,)]
