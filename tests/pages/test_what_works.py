"""What works where: the built-in truths stand in the cells, each opens its schools, and visits are where it held."""

import json
import re
import tomllib
from html import unescape
from pathlib import Path

import pytest

from lib.screen import data

PAGE = "look/what_works"
TRUTHS = tomllib.loads(Path("sample_data/truths.toml").read_text(encoding="utf-8"))
IDEAS = {idea["name"]: idea for idea in TRUTHS["ideas"]}
WANTED = "lasting change, wanted way"


def table(person, key):
    found = [
        json.loads(one.proto.json) for one in person.app.get("bidi_component") if one.proto.component_name == "cells"
    ]
    return next(one["table"] for one in found if one["name"].startswith(f"{key}-"))


def cells(person):
    """What each cell says, by idea and context."""
    said = [unescape(text) for text in re.findall(r'aria-label="([^"]*)"', table(person, "cells"))]
    return {text.split(":")[0]: text for text in said}


def measure(name):
    return next(number for number, one in data.network(1).measures.items() if one.name == name)


@pytest.mark.parametrize("name", ["Check-in calls", "Grading conferences"])
def test_the_ideas_that_work_stand_in_the_table_with_all_their_schools(person, name):
    person.open(PAGE, measure={"Check-in calls": 1, "Grading conferences": 2}[name], context="districts")
    n = len(IDEAS[name]["starts"])
    assert data.network(1).measures[1].name == IDEAS["Check-in calls"]["moves"]
    assert f"{n} schools. " in cells(person)[f"{name}, All schools"]
    assert f"since the start: {n} {WANTED}." in cells(person)[f"{name}, All schools"]


@pytest.mark.parametrize("name", ["Hallway greeters", "Goal-setting cards", "Family text reminders"])
def test_idle_ideas_show_no_lasting_change_of_what_they_hoped_for(person, name):
    person.open(PAGE, measure=1)
    person.choose("Measure", measure(IDEAS[name]["hoped"]))
    assert WANTED not in cells(person)[f"{name}, All schools"]


def test_the_idea_that_costs_homework_hours_is_seen(person):
    person.open(PAGE, measure=1)
    person.choose("Measure", measure("Homework hours"))
    assert "since the start: 4 lasting change up." in cells(person)["Extra homework club, All schools"]


def test_luck_stands_beside_what_was_found(person):
    assert re.search(r"by luck alone expect about \d of 3\d charts to signal; \d+ do", person.open(PAGE).text())


def test_schools_are_counted_by_tag_by_district_and_by_size(person):
    person.open(PAGE, measure=1, context="tags")
    schools = data.network(1).schools.values()
    city = [one.name for one in schools if "city" in one.tags and one.name in IDEAS["Check-in calls"]["starts"]]
    assert f": {len(city)} schools." in cells(person)["Check-in calls, city"]
    assert not any("high school" in key for key in cells(person))  # all are
    person.choose("Kinds of schools", "districts")
    n_valley = sum(one.district == "Valley" and one.name in IDEAS["Check-in calls"]["starts"] for one in schools)
    assert f": {n_valley} schools." in cells(person)["Check-in calls, Valley"]
    person.choose("Kinds of schools", "sizes")
    assert "Check-in calls, Smallest third: 1 school." in cells(person)["Check-in calls, Smallest third"] + " "


def test_a_cell_opens_its_schools_with_what_they_learned(person):
    text = person.open(PAGE, measure=1, context="districts", idea="Check-in calls", where="Valley").text()
    assert "Check-in calls, Valley: 3 schools" in text
    behind = unescape(table(person, "behind"))
    assert re.findall(r"<tr><th>([^<]*)</th><td>", behind) == ["Dover Prep High", "Garfield High", "Irving High"]
    assert "With 21 students one call list is enough." in behind and "Adopt for the rest of the year." in behind
    assert "testing from 29 Sep 2025, adopted from 24 Nov 2025" in behind and 'href="run_chart?network=1' in behind
    person.press("Open this idea with all its tests")
    assert "Check-in calls: schools lined up" in person.text()
    assert any("stages" in element.value for element in person.app.dataframe)


def test_names_of_ideas_tags_and_schools_are_only_text(person):
    person.open(PAGE)
    data.database().rows("update change_idea set name = '<img src=x onerror=alert(1)>' where name = 'Check-in calls'")
    data.database().rows("update school set tags = ['\" onmouseover=alert(1)'], name = '<b>' || name where id = 4")
    data.st.cache_resource.clear()
    person.open(PAGE, context="tags", idea="<img src=x onerror=alert(1)>", where='" onmouseover=alert(1)')
    for found in (table(person, "cells"), table(person, "behind")):
        assert "<img" not in found and '" onmouseover' not in found and "<b>Dover" not in found


def test_visits_are_where_a_wanted_change_has_held_and_no_balancing_measure_changed(person):
    text = person.open(PAGE, asks="visits", measure=1).text()
    named = re.findall(r"<tr><th>([^<]*)</th><td>", table(person, "visits"))
    assert named == sorted(named) and f"At {len(named)} schools a wanted change has held for 8 or more" in text
    assert set(named) < set(IDEAS["Check-in calls"]["starts"])
    too = text.split("a balancing measure changed: ")[1]
    assert "Fulton High (Homework hours: lasting change up)" in too
    assert set(named) | set(re.findall(r"(\w[\w ]*) \(Homework", too)) == set(IDEAS["Check-in calls"]["starts"])
    assert "by luck alone expect" in text and "What would another school need to try it?" in text


def test_a_measure_without_a_wanted_way_is_no_reason_for_a_visit(person):
    person.open(PAGE, asks="visits", measure=1)
    assert "This measure has no wanted direction" in person.choose("Measure", measure("Homework hours")).text()


def test_a_network_without_change_ideas_says_where_they_come_from(person):
    person.open(PAGE)
    data.database().rows("delete from test_of_change")
    data.st.cache_resource.clear()
    assert "No change idea yet" in person.open(PAGE).text()
    assert "Weekly attendance: which schools are worth a visit?" in person.open(PAGE, asks="visits").text()
