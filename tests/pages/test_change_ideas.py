"""Change ideas: what was built into the sample network is found and named, and what was not is told as luck."""

import tomllib
from pathlib import Path

import pytest
import streamlit as st

from lib.screen import data
from lib.screen.look import lined_up
from lib.store import ideas

PAGE = "look/change_ideas"
TRUTHS = tomllib.loads(Path("sample_data/truths.toml").read_text(encoding="utf-8"))
IDEAS = {idea["name"]: idea for idea in TRUTHS["ideas"]}
RARE = 0.05


def compared(idea, measure):
    network = data.network(1)
    [number] = [one.id for one in network.measures.values() if one.name == measure]
    return lined_up.compare(network, lined_up.tests(network), idea, number, 0)


def lasting(found, direction):
    schools = found.found.schools
    return int(((schools["state"] == "shift") & (schools["direction"] == direction)).sum())


@pytest.mark.parametrize(("name", "way"), [("Check-in calls", "up"), ("Grading conferences", "down")])
def test_the_ideas_that_work_are_found(person, name, way):
    person.open(PAGE)
    found, n = compared(name, IDEAS[name]["moves"]), len(IDEAS[name]["starts"])
    assert found.found.moved == found.found.compared >= n - 1
    assert lasting(found, way) == n
    assert found.luck < 2 * RARE and found.found.waiting_moved < 0.6 * found.found.waiting


@pytest.mark.parametrize("name", ["Hallway greeters", "Goal-setting cards", "Family text reminders"])
def test_idle_ideas_are_told_as_luck(person, name):
    person.open(PAGE)
    found = compared(name, IDEAS[name]["hoped"])
    assert found.luck >= 2 * RARE and lasting(found, "up") + lasting(found, "down") <= 1


def test_what_an_idea_costs_is_named_among_every_measure(person):
    person.open(PAGE, idea="Extra homework club", measure=1)
    person.app.session_state["idea_opened"] = "measures"
    person.app.run()
    [table] = [element.value for element in person.app.dataframe]
    row = table.set_index("measure").loc["Homework hours"]
    assert row["lasting change since the start"] == "4 of 4 up" and row["family"] == "balancing"
    assert (table.set_index("measure").drop("Homework hours")["lasting change since the start"] != "4 of 4 up").all()


def test_title_sentence_and_chart_say_the_same(person):
    person.open(PAGE, idea="Check-in calls", measure=1)
    text = person.text()
    assert "Check-in calls: schools lined up on their start" in text
    assert "7 of 7 schools moved the wanted way" in text and "Did they start because things were bad?" in text
    assert "on the line before it: 7 of 7 up." in text
    [(spec, rows, alt)] = person.charts()
    assert "7 of 7 schools moved the wanted way" in alt
    started = rows[rows["kind"] == "started"]
    assert started["line"].nunique() == 7 and set(started["t_place"]) >= {"Oak Street High", "Westbrook High"}
    [left, right] = spec["hconcat"]
    assert left["layer"][0]["encoding"]["y"]["scale"] == right["layer"][0]["encoding"]["y"]["scale"]


def test_an_idea_that_is_not_there_falls_back_to_the_first(person):
    assert "schools lined up" in person.open(PAGE, idea="<b>nothing</b>").text()


LOG = "Change idea,School,Start,Stage\nCheck-in calls,{school},2026-02-02,planned\n"


def unmarked(text):
    """Without the backslashes that keep a text from being markdown."""
    return text.replace("\\", "")


@pytest.fixture
def editing(person):
    person.open(PAGE, idea="Check-in calls", measure=1)
    person.app.session_state["idea_opened"] = "edit"
    person.app.run()
    return person


def test_a_log_is_added_to_the_table_and_saved_with_who_and_when(editing):
    before = ideas.logged(data.database(), 1)
    text = unmarked(editing.upload("log.csv", LOG.format(school="Bayview High").encode()).text())
    assert "1 of 1 rows of log.csv are new in the table" in text and ideas.logged(data.database(), 1) == before
    text = unmarked(editing.press("Save").text())
    after = ideas.logged(data.database(), 1)
    assert f"Saved {len(before) + 1} tests of change." in text
    [new] = set(after) - set(before)
    assert (new.idea, new.stage, new.driver) == ("Check-in calls", "planned", "Every day in class")
    assert data.database().rows("select count(*) from log where what like 'Tests of change%'") == [(1,)]


def test_a_row_of_a_file_changes_its_test_and_the_stages_before_are_kept(editing):
    row = "Check-in calls,Oak Street High,2025-09-29,abandoned,2026-03-02"
    log = f"Change idea,School,Start,Stage,Stage since\n{row}\n"
    text = unmarked(editing.upload("log.csv", log.encode()).text())
    assert "0 of 1 rows of log.csv are new in the table, 1 change a row of it." in text
    editing.press("Save")
    oak = next(key for key, one in data.network(1).schools.items() if one.name == "Oak Street High")
    [changed] = [test for test in ideas.logged(data.database(), 1) if (test.idea, test.school_id) == (row[:14], oak)]
    days = [(stage, day.isoformat()) for stage, day in changed.stages]
    assert days == [("testing", "2025-09-29"), ("adopted", "2025-11-24"), ("abandoned", "2026-03-02")]
    assert changed.learned == "Calls before 8:30 reach more families."


def test_unsaved_tests_of_change_are_said_and_are_still_there_after_a_look_elsewhere(editing):
    editing.upload("log.csv", LOG.format(school="Bayview High").encode())
    assert "Not saved yet: 1 row." in editing.text()
    editing.app.switch_page("pages/bring/uploads.py").run()
    assert "Unsaved rows: Change ideas" in [one.proto.label for one in editing.app.get("page_link")]
    editing.app.switch_page("pages/look/change_ideas.py").run()
    editing.app.session_state["idea_opened"] = "edit"
    editing.app.run()
    assert "Not saved yet: 1 row." in editing.text()


def test_stages_that_a_file_tells_between_those_kept_are_added(editing):
    row = "Check-in calls,Oak Street High,2025-09-29"
    log = f"Change idea,School,Start,Stage,Stage since\n{row},adapting,2025-11-03\n{row},adopted,2025-12-01\n"
    assert "1 change a row of it." in unmarked(editing.upload("log.csv", log.encode()).text())
    editing.press("Save")
    oak = next(key for key, one in data.network(1).schools.items() if one.name == "Oak Street High")
    [changed] = [t for t in ideas.logged(data.database(), 1) if (t.idea, t.school_id) == ("Check-in calls", oak)]
    days = [(stage, day.isoformat()) for stage, day in changed.stages]
    assert days == [("testing", "2025-09-29"), ("adapting", "2025-11-03"), ("adopted", "2025-12-01")]


def test_a_file_that_says_what_is_known_changes_nothing(editing):
    log = "Change idea,School,Start,Stage\nCheck-in calls,Oak Street High,2025-09-29,adopted\n"
    assert "0 of 1 rows of log.csv are new in the table, 0 change" in unmarked(
        editing.upload("log.csv", log.encode()).text()
    )
    assert next(button for button in editing.app.button if button.label == "Save").disabled


def test_a_log_with_a_mistake_is_refused_with_its_cell_and_adds_nothing(editing):
    text = unmarked(editing.upload("log.csv", LOG.format(school="Nowhere High").encode()).text())
    assert "log.csv, cell B2: " in text and "There is no school “Nowhere High”." in text
    assert next(button for button in editing.app.button if button.label == "Save").disabled


def test_the_sample_keeps_the_drivers_of_its_log(person):
    person.open(PAGE)
    drivers = {test.idea: test.driver for test in ideas.logged(data.database(), 1)}
    assert drivers == {name: idea["driver"] for name, idea in IDEAS.items()}


def test_the_tests_of_an_idea_tell_their_stages(person):
    person.open(PAGE, idea="Hallway greeters", measure=1)
    person.app.session_state["idea_opened"] = "tests"
    person.app.run()
    [table] = [element.value for element in person.app.dataframe]
    told = table.set_index("school")["stages"]
    assert told["Jefferson High"] == "testing from 29 Sep 2025, abandoned from 21 Nov 2025"
    assert told["Bayview High"] == "testing from 15 Sep 2025, adapting from 27 Oct 2025"


def test_an_idea_that_a_school_began_at_about_the_same_time_is_named(person):
    person.open(PAGE, idea="Hallway greeters", measure=1)
    person.app.session_state["idea_opened"] = "schools"
    person.app.run()
    [table] = [element.value for element in person.app.dataframe]
    near = table.set_index("school")["began near it"]
    assert near["Bayview High"] == "Family text reminders"  # 15 September and 13 October
    assert near["Jefferson High"] == ""  # 29 September and 3 March before


def test_how_much_was_done_stands_beside_what_moved(person):
    person.open(PAGE, idea="Check-in calls", measure=1)
    person.app.session_state["idea_opened"] = "dose"
    person.app.run()
    text = person.text()
    assert "Of those above it, 3 of 3 schools moved the wanted way; of those below it, 3 of 3 schools" in text
    assert "a question to ask them, not an answer" in text
    [_, (_, rows, alt)] = person.charts()
    assert set(rows.loc[rows["kind"] == "dot", "t_place"]) == set(IDEAS["Check-in calls"]["starts"])
    assert "A dot for each of 7 schools" in alt
    assert "Of those" in person.choose("Process measure", 6).text()


def test_a_network_without_change_ideas_can_be_given_some(person):
    person.open(PAGE)
    data.database().rows("delete from test_of_change")
    data.st.cache_resource.clear()
    text = person.open(PAGE).text()
    assert "No change idea yet" in text and "Nothing changes before you save." in text
    person.upload("log.csv", LOG.format(school="Bayview High").encode()).press("Save")
    assert "schools lined up" in person.open(PAGE).text()


def test_a_measure_that_adds_up_is_lined_up_by_what_is_new(person):
    number = next(key for key, one in data.network(1).measures.items() if one.name == "Family contacts")
    said, before = person.open(PAGE, measure=number).text(), drawn(person)
    data.database().rows("update measure set cumulative = true where id = ?", [number])
    st.cache_resource.clear()
    assert "Each point: new in each week" in person.open(PAGE, measure=number).text()
    assert "Each point" not in said and not drawn(person).equals(before)


def drawn(person):
    [(_, rows, _)] = person.charts()
    return rows["y"].reset_index(drop=True)
