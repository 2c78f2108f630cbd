"""Change ideas: what was built into the sample network is found and named, and what was not is told as luck."""

import tomllib
from pathlib import Path

import pytest

from lib.screen import change_ideas, data

PAGE = "look/change_ideas"
TRUTHS = tomllib.loads(Path("sample_data/truths.toml").read_text(encoding="utf-8"))
IDEAS = {idea["name"]: idea for idea in TRUTHS["ideas"]}
RARE = 0.05


def compared(idea, measure):
    network = data.network(1)
    [number] = [one.id for one in network.measures.values() if one.name == measure]
    return change_ideas.compare(network, change_ideas.tests(network), idea, number, 0)


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
    assert "Check-in calls: schools lined up on the week they started" in text
    assert "7 of 7 schools moved the wanted way" in text and "Did they start because things were bad?" in text
    [(spec, rows, alt)] = person.charts()
    assert "7 of 7 schools moved the wanted way" in alt
    started = rows[rows["kind"] == "started"]
    assert started["line"].nunique() == 7 and set(started.loc[started["x"] == 0, "t_when"]) >= {"29 Sep 2025"}
    [left, right] = spec["hconcat"]
    assert left["layer"][0]["encoding"]["y"]["scale"] == right["layer"][0]["encoding"]["y"]["scale"]


def test_an_idea_that_is_not_there_falls_back_to_the_first(person):
    assert "schools lined up" in person.open(PAGE, idea="<b>nothing</b>").text()
