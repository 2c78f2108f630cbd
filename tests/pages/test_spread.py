"""Spread: the page counts the stages of the sample network's log, and draws the measure on the same dates."""

import tomllib
from pathlib import Path

import pytest

from lib.screen import data

PAGE = "look/spread"
IDEAS = tomllib.loads(Path("sample_data/truths.toml").read_text(encoding="utf-8"))["ideas"]


@pytest.mark.parametrize("idea", IDEAS, ids=lambda idea: idea["name"])
def test_every_school_of_the_log_is_counted_and_drawn(person, idea):
    text = person.open(PAGE, idea=idea["name"], measure=1).text()
    assert f"How far has {idea['name']} spread?" in text and f"{len(idea['starts'])} of 24 schools have begun: " in text
    [(_, rows, alt)] = person.charts()
    begun = rows[(rows["kind"] == "bar") & (rows["stage"] != "planned")]
    assert set(begun["t_place"]) == set(idea["starts"]) and f"{len(idea['starts'])} of 24 schools" in alt


def test_the_stages_are_said_and_listed(person):
    text = person.open(PAGE, idea="Check-in calls", measure=1).text()
    assert "4 adopted, 1 adapting, 2 testing. 2 more have planned it. No school began in the last 8 weeks." in text
    [(spec, _, _)] = person.charts()
    assert "on the same dates: lasting change up, wanted way" in spec["vconcat"][1]["title"]["text"]
    [table] = [element.value for element in person.app.dataframe]
    assert table.to_dict("records")[:2] == [
        {"school": "Dover Prep High", "stage": "testing", "from": "29 Sep 2025", "to": "23 Nov 2025"},
        {"school": "Dover Prep High", "stage": "adopted", "from": "24 Nov 2025", "to": ""},
    ]


def test_a_network_without_change_ideas_says_where_they_come_from(person):
    person.open(PAGE)
    data.database().rows("delete from test_of_change")
    data.st.cache_resource.clear()
    assert "No change idea yet" in person.open(PAGE).text()
    assert "beside a measure on the same dates" in person.start_own("Empty").open(PAGE).text()
