"""Explore: the numbers are those of the charts, a link opens the same view, and every row leads to its cell."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
import streamlit as st

from lib.exports.points import FORMATS
from lib.screen import choices, data
from lib.screen.look import explore, exploring
from lib.screen.look.exploring import Asked
from lib.store.series import Choice
from tests.pages.conftest import Person

PAGE = "look/explore"


def table(person):
    [found] = [element.value for element in person.app.dataframe]
    return found


def everything(what):
    """All points of what is asked, as the downloads have them."""
    network = data.network(1)
    one = explore.found(network, what)
    made = explore.tables(data.database(), network, one, explore.agreed_in(what), lambda: None)
    return pd.concat([part.to_pandas() for part in made], ignore_index=True)


def test_it_begins_with_the_measure_looked_at_at_all_schools(person):
    person.open(PAGE, measure=2)
    assert dict(person.app.query_params)["measures"] == "2"
    assert "values of 1 measure at 24 schools." in person.text()
    assert set(table(person)["measure"]) == {"D or F grades"}


def test_the_table_has_the_numbers_of_the_run_chart(person):
    person.open(PAGE, measures=1, schools=3)
    found, reading = table(person), data.reading(data.network(1), Choice(1, (1,), (3,)), "anhoej", 0)
    points = reading.points[reading.points["value"].notna()]
    assert len(found) == len(points)
    for name in ("numerator", "denominator", "value", "median"):
        assert found[name].tolist() == points[name].tolist()
    assert found["cell"].tolist() == points["cell"].tolist() and found["file"].tolist() == points["file"].tolist()
    assert found["state"].iloc[-1] == reading.newest_phase["state"]
    assert found["signal"].tolist() == points["in_signal"].tolist()


def test_the_table_is_cut_and_the_download_is_not(person):
    person.open(PAGE, measures="1,2")
    assert len(table(person)) == explore.MOST_ROWS
    assert "The table shows the first 1,000 points; a download has them all." in person.text()
    whole = everything(Asked(Choice(1, (1, 2), places=True), "anhoej", 0))
    held = data.database().rows(
        "select count(*) from observation where measure in (1, 2) and student_group = 0 and date is not null"
    )
    assert len(whole) == held[0][0] > explore.MOST_ROWS
    assert (whole["file"] != "").all()
    assert "The table shows every point." in person.open(PAGE, measures=1, schools="1,2").text()


def test_more_schools_than_are_read_at_first_are_never_called_all(person, monkeypatch):
    monkeypatch.setattr(explore, "MOST_PANELS", 3)
    person.open(PAGE, measures=3)
    assert "The table shows the first" in person.text() and table(person)["school"].nunique() == 3


def test_a_retired_school_is_not_counted_and_one_without_values_hides_no_other(person, monkeypatch):
    person.open(PAGE, measures=3)
    before = explore.found(data.network(1), Asked(Choice(1, (3,), places=True), "anhoej", 0))
    data.database().rows("update school set retired = true where id = 1")
    st.cache_resource.clear()
    after = explore.found(data.network(1), Asked(Choice(1, (3,), places=True), "anhoej", 0))
    [(own,)] = data.database().rows(
        "select count(*) from observation where measure = 3 and student_group = 0 and school = 1"
    )
    assert before.n_values - after.n_values == own > 0
    assert len(everything(after.what)) == after.n_values
    data.database().rows("delete from observation where school in (2, 3)")
    st.cache_resource.clear()
    monkeypatch.setattr(explore, "MOST_PANELS", 2)
    found = explore.found(data.network(1), Asked(Choice(1, (3,), places=True), "anhoej", 0))
    assert len(found.points) and found.points["school"].nunique() == 2 and not found.all_points


def test_a_link_opens_exactly_this_view(person):
    asked = {
        "measures": "1,2", "schools": "3,5", "groups": "all", "period": "month", "rules": "ihi", "middle": "-1",
        "first": "2025-01-06", "last": "2025-12-15", "zoom": "1",
    }  # fmt: skip
    person.open(PAGE, **asked)
    address = dict(person.app.query_params)
    assert {name: address[name] for name in asked if name not in ("period", "network")} == {
        name: text for name, text in asked.items() if name != "period"
    }
    again = Person().open(PAGE, **address)
    assert table(again).equals(table(person)) and again.text() == person.text()


def test_what_does_not_exist_is_left_out_of_a_link(person):
    person.open(PAGE, measures="1,999,x")
    person.open(PAGE, measures="1,999", schools="3,777", groups="0,88")
    assert table(person)["school"].nunique() == 1 and "1 measure at 1 school." in person.text()


def test_as_seen_today_everything_of_today_is_seen(person):
    now = table(person.open(PAGE, measures=1, schools=3))
    assert table(person.open(PAGE, measures=1, schools=3, as_of=date.today())).equals(now)


def test_schools_put_together_and_differences(person):
    person.open(PAGE, measures=1, pooled=1)
    assert table(person)["school"].unique().tolist() == ["the network"] and table(person)["schools"].max() == 24
    assert "24 schools put together" in person.text()
    assert table(person)["schools"].nunique() > 1
    assert table(person.open(PAGE, measures=1, pooled=1, same=1))["schools"].nunique() == 1
    put_together = table(person)["value"].tolist()
    assert table(person.open(PAGE, measures=1, pooled=1, same=1, relative=1))["value"].tolist() == put_together
    person.open(PAGE, measures=1, pooled=0, same=0, relative=1, schools=3)
    reading = data.reading(data.network(1), Choice(1, (1,), (3,), relative=True), "anhoej", 0)
    assert table(person)["value"].tolist() == reading.points["value"].dropna().tolist()


def test_only_periods_of_every_chosen_measure_are_offered(person):
    def offered(measures):
        person.open(PAGE, measures=measures)
        return next(box for box in person.app.selectbox if box.label == "Period").options

    assert "week" in offered(1) and "three weeks" in offered(2)
    assert {"week", "month"} & set(offered("1,2")) == {"month"}


def test_small_charts_of_the_same_points(person):
    person.open(PAGE, measures=1, shown="lines")
    [(_, rows, alt)] = person.charts()
    assert rows["kind"].eq("panel").sum() == 24 and "all on one scale" in alt
    person.open(PAGE, measures="1,7", schools="1,2,3,4,5,6", shown="lines")
    [(_, rows, alt)] = person.charts()
    assert rows["kind"].eq("panel").sum() == explore.MOST_OF_UNITS and "one scale for each unit" in alt
    assert "The first 8 charts are shown." in person.text()
    labels = rows.loc[rows["kind"] == "panel", "label"].tolist()
    assert labels[:2] == ["Ash Grove High · Weekly attendance", "Ash Grove High · Homework hours"]


def test_a_marked_row_says_its_upload_and_cell(person):
    person.open(PAGE, measures=1, schools=3)
    network = data.network(1)
    what = Asked(Choice(1, (1,), (3,), places=True), "anhoej", 0)
    one = explore.found(network, what)
    row = one.points.iloc[4]
    said = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(explore.uploads, "say_origin", lambda *told: said.append(told))
        explore._say_origin(network, one, 4)
    [(text, upload, place, day)] = said
    assert f"From {row['file']}, sheet {row['sheet']}, cell {row['cell']}, upload {upload}." in text
    assert (place.measure, place.school, place.group, day) == (1, 3, 0, row["date"])


def test_nothing_and_days_the_wrong_way_round_are_told(person):
    assert "No values for this choice." in person.open(PAGE, measures=1, groups=1, schools=3).text()
    person.open(PAGE, measures=1, groups="all", schools="all", first="2026-01-05", last="2025-01-06")
    assert "The first day lies after the last one." in person.text()


def test_many_values_are_made_step_by_step_and_then_saved(person, monkeypatch):
    monkeypatch.setattr(explore, "AT_ONCE", 10)
    person.open(PAGE, measures="1,2").press("CSV")
    [saved] = [one for one in person.app.get("download_button") if one.proto.label.startswith("Save points.zip")]
    asked, _, kind, made = person.app.session_state["made_file"]
    assert kind is FORMATS["csv"] and saved
    archive = zipfile.ZipFile(io.BytesIO(made))
    found = pd.read_csv(archive.open("points.csv"), encoding="utf-8-sig")
    assert len(found) == len(everything(asked))
    said = archive.read("definitions.csv").decode()
    assert "explore?network=1&measures=1%2C2" in said and "Anhøj" in said
    person.choose("Rules", "ihi")
    assert not [one for one in person.app.get("download_button") if one.proto.label.startswith("Save")]


def test_a_file_that_was_made_is_forgotten_when_the_data_have_changed(person, monkeypatch):
    monkeypatch.setattr(explore, "AT_ONCE", 10)
    person.open(PAGE, measures=1, schools=3).press("CSV")
    assert [one for one in person.app.get("download_button") if one.proto.label.startswith("Save")]
    with data.database().writing() as cursor:
        cursor.execute("delete from observation where school = 3 and date < '2025-01-01'")
    person.app.run()
    assert not [one for one in person.app.get("download_button") if one.proto.label.startswith("Save")]


def test_a_file_speaks_the_language_of_the_tab(person, monkeypatch):
    monkeypatch.setattr(explore, "AT_ONCE", 10)
    person.open(PAGE, measures=2, language="es").press("CSV")
    archive = zipfile.ZipFile(io.BytesIO(person.app.session_state["made_file"][3]))
    assert "Dirección de esta vista" in archive.read("definitions.csv").decode()


def test_a_small_chart_opens_without_a_mouse(person):
    person.open(PAGE, measures=1, shown="lines")
    [box] = [one for one in person.app.selectbox if one.label == "Open the run chart of"]
    box.set_value(4).run()
    assert f"at {box.options[4]}?" in person.text()


def test_a_workbook_of_too_many_points_is_not_offered(person, monkeypatch):
    monkeypatch.setattr(explore, "FORMATS", {"xlsx": replace(FORMATS["xlsx"], most=100)})
    person.open(PAGE, measures=1)
    [button] = [one for one in person.app.button if one.label == "XLSX"]
    assert button.disabled and "100 points at most" in button.help


CHARTS = [
    ("look/run_chart", {"measure": 2, "school": 3, "rules": "ihi", "middle": 12, "first": "2025-01-06"}),
    ("look/run_chart", {"measure": 1, "school": 0, "together": "district Lakeshore", "same": 1, "period": "month"}),
    ("look/side_by_side", {"measure": 3, "district": "Lakeshore"}),
    ("look/groups", {"measure": 4, "category": "Language"}),
    ("look/change_ideas", {"measure": 1}),
    ("look/funnel", {"measure": 5}),
    ("look/network", {"family": "outcome"}),
]


@pytest.mark.parametrize(("page", "address"), CHARTS)
def test_every_chart_leads_to_its_data(person, page, address):
    person.open(page, **address)
    measures = {"look/network": None}.get(page, [address["measure"]] if "measure" in address else None)
    [button] = [one for one in person.app.button if one.label == "The data of this chart"]
    button.click().run()
    assert not person.app.exception
    state = person.app.session_state
    assert measures in (None, state["measures"])
    assert "The data behind the charts" in person.text()
    if "rules" in address:
        assert (state["rules"], state["middle"], state["first"]) == ("ihi", 12, date(2025, 1, 6))
        assert set(table(person)["school"]) == {data.network(1).school_label(3)}
    if "together" in address:
        assert state["pooled"] and state["same"] and len(state["schools"]) > 1
        assert set(table(person)["period"]) == {"month"}


def test_what_is_new_on_a_chart_is_new_in_its_data(person):
    person.open("look/network")
    data.database().rows("update measure set cumulative = true where id = 2")
    st.cache_resource.clear()
    person.open("look/run_chart", measure=2, school=3, per_period=1).press("The data of this chart")
    reading = data.reading(data.network(1), Choice(1, (2,), (3,), per_period=True), "anhoej", 0)
    assert table(person)["value"].tolist() == reading.points["value"].dropna().tolist()


def test_hidden_names_have_no_way_to_their_data(person):
    person.open("look/side_by_side", measure=1, names="hidden")
    assert not [one for one in person.app.button if one.label == "The data of this chart"]


def test_an_empty_list_is_all_in_an_address(person):
    person.open(PAGE, measures=1, groups="all")
    assert person.app.session_state["groups"] == [] and dict(person.app.query_params)["groups"] == "all"
    assert "groups" not in dict(person.open(PAGE, groups=0).app.query_params)
    assert choices.READERS["groups"]("3,4") == [3, 4]
    st.cache_resource.clear()
    assert set(exploring.NAMES) <= set(choices.READERS)
