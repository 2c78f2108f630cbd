"""The network at a glance: who is there, who has not reported, found against luck, and never in order of value."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest

from lib.screen import data
from lib.screen.look import board, reporting

SAMPLE_DATA = Path(__file__).resolve().parents[2] / "sample_data"
CELL = re.compile(r'data-chart="(\d+)-(\d+)" title="([^"]*)" aria-label="([^"]*)"')


def table(person):
    [component] = [one for one in person.app.get("bidi_component") if one.proto.component_name == "board"]
    return json.loads(component.proto.json)["table"]


def schools(person):
    return re.findall(r"<tr><th>([^<]*)</th><td>", table(person))


def test_who_has_not_reported_is_said_and_marked(person):
    person.open("look/network")
    assert "2 of 24 schools have not reported for the week of 9 Mar: Tremont High, Westbrook High" in person.text()
    late = [label for _, _, _, label in CELL.findall(table(person)) if "no value for" in label]
    assert any(
        label.startswith("Tremont High, Weekly attendance") and "the newest is from 12 Jan" in label for label in late
    )
    assert table(person).count('class="late"') == len(late)


def test_a_school_that_reports_next_week_makes_the_others_late(person):
    """The newest period is that of the measure, not of the school."""
    person.open("look/network")
    network = data.network(1)
    charts = board.charts(network)
    newest = reporting.newest_periods(network, charts)
    for measure, day in newest.items():
        dates = charts.points.loc[charts.points["measure"] == measure, "date"]
        assert dates.max().date() == day


def test_cells_say_state_value_and_counts(person):
    person.open("look/network")
    labels = {(m, s): label for m, s, _, label in CELL.findall(table(person))}
    assert re.match(
        r"Ash Grove High, D or F grades: lasting change down, wanted way, 13 % \(\d+ of \d+\)", labels["2", "1"]
    )
    assert len(labels) == 24 * 7


def test_luck_stands_beside_what_was_found(person):
    person.open("look/network")
    found = re.search(r"expect about (\d+) of (\d+) charts to signal; (\d+) do", person.text())
    network = data.network(1)
    phases = board.charts(network).newest_phases
    readable = ~phases["state"].isin(["not for run rules", "can't be split", "too early"])
    assert found and int(found[2]) == len(phases)
    assert int(found[3]) == int((phases["signal"] & readable).sum())
    assert int(found[1]) == round(phases["chance"][readable].sum())


def test_rows_are_in_order_of_name_whatever_the_filter(person):
    person.open("look/network")
    assert schools(person) == sorted(schools(person)) and len(schools(person)) == 24
    person.choose("State", "toward")
    assert schools(person) == sorted(schools(person)) and 0 < len(schools(person)) < 24


def test_nothing_offers_an_order_by_value(person):
    person.open("look/network")
    assert not any("order" in box.label.lower() or "sort" in box.label.lower() for box in person.app.selectbox)
    assert not person.app.dataframe


def test_filters_by_district_family_and_name(person):
    person.open("look/network")
    person.choose("District", "Valley")
    of_district = {school.name for school in data.network(1).schools.values() if school.district == "Valley"}
    assert set(schools(person)) == of_district
    person.choose("Family", "outcome")
    assert "Interim on-track" in table(person) and "Weekly attendance" not in table(person)
    person.app.text_input[0].set_value("cedar").run()
    assert schools(person) == ["Cedar Hill High"]
    assert "1 school · 1 measure" in person.text()


def test_a_filter_by_state_shows_schools_with_such_a_chart_and_fades_the_others(person):
    person.open("look/network").choose("State", "away")
    rows = table(person).split("<tr>")[2:]
    assert rows and all("lasting change" in row and "other way" in row for row in rows)
    for cell in re.findall(r'<a class="([^"]*)"[^>]*title="([^"]*)"', table(person)):
        assert ("other" in cell[0].split()) == ("other way" not in cell[1] or not cell[1].startswith("lasting"))


def test_those_who_are_late_can_be_found(person):
    person.open("look/network").choose("State", "late")
    assert "Tremont High" in schools(person) and "Eastside High" not in schools(person)


def test_choices_stay_when_the_page_changes(person):
    person.open("look/network").choose("State", "toward")
    before = table(person)
    person.app.switch_page("pages/help/how_charts_are_read.py").run()
    person.app.switch_page("pages/look/network.py").run()
    assert table(person) == before


@pytest.mark.parametrize(
    "address", [{"state": "nonsense"}, {"family": "nonsense"}, {"district": "Mars"}, {"search": ""}]
)
def test_a_link_to_what_is_not_there_still_opens(person, address):
    assert len(schools(person.open("look/network", **address))) == 24


def test_only_the_page_shown_is_drawn(person, monkeypatch):
    monkeypatch.setattr(board, "SCHOOLS_A_PAGE", 10)
    person.open("look/network")
    first = schools(person)
    assert len(first) == 10 and len(CELL.findall(table(person))) == 70
    person.choose("Page", 3)
    assert len(schools(person)) == 4 and not set(schools(person)) & set(first)


def test_values_are_those_of_the_run_charts(person):
    person.open("look/network")
    charts = board.charts(data.network(1))
    newest = charts.newest_points["value"].to_numpy()
    assert not np.isnan(newest).any()
    labels = {(int(m), int(s)): label for m, s, _, label in CELL.findall(table(person))}
    keys = zip(charts.keys["measure"], charts.keys["school"], newest, strict=True)
    for measure, school, value in keys:
        if measure == 1:
            assert f"{100 * value:.0f} %" in labels[measure, school]


def test_schools_are_found_by_tag(person):
    person.open("look/network", tag="rural")
    with (SAMPLE_DATA / "schools.csv").open(encoding="utf-8") as file:
        rural = {row["name"] for row in csv.DictReader(file) if "rural" in row.values()}
    assert set(schools(person)) == rural
    assert 0 < len(rural) < 24


BY_GRADE = """School,Week of,Grade,Present,Enrolled
Oak High,2025-09-08,9,90,100
Oak High,2025-09-08,10,84,100
Elm High,2025-09-08,9,93,100
Elm High,2025-09-15,10,88,100
"""


def test_where_only_groups_have_values_the_board_and_the_charts_are_of_a_group(person):
    person.start_own("By grade").upload("grades.csv", BY_GRADE.encode()).press("Save 4 values")
    person.open("look/network")
    said = [label for _, _, _, label in CELL.findall(table(person))]
    assert [label.split(",")[0] for label in said] == ["Elm High", "Oak High"]
    assert any("90 % (90 of 100)" in label for label in said), "of grade 9, the first group"
    tenth = next(number for number, group in data.network(2).groups.items() if group.name == "10")
    person.choose("Group", tenth)
    assert any("84 % (84 of 100)" in label for _, _, _, label in CELL.findall(table(person)))
    assert all(f"group={tenth}" in link for link in re.findall('run_chart[^"]*', table(person)))


def test_a_group_without_values_is_told_which_groups_have_some(person):
    person.start_own("By grade").upload("grades.csv", BY_GRADE.encode()).press("Save 4 values")
    person.open("look/run_chart", group=0)
    assert "No values for this choice. There are values of Grade: 9, Grade: 10." in person.text()


def test_explore_begins_with_a_group_that_has_values(person):
    person.start_own("By grade").upload("grades.csv", BY_GRADE.encode()).press("Save 4 values")
    person.open("look/explore")
    assert "2 values of 1 measure at 2 schools" in person.text()
