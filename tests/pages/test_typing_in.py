"""Typing in: checked as a file is, saved as an upload; a value that is stored changes only with a reason."""

from datetime import datetime

import pytest
import streamlit as st

from lib.store import Database, changes

FRIDAYS = "\n".join(
    [
        "school,date,attendance present,attendance enrolled",
        *(f"{school} High,2025-09-{day:02},{80 + day % 5},100" for day in (5, 12) for school in ("Ash", "Birch")),
    ]
)


class Grid:
    """What a person types in the grid: new texts by school and column."""

    def __init__(self):
        self.typed = {}

    def __call__(self, frame, **options):
        edited = frame.copy()
        for (school, column), text in self.typed.items():
            if column in edited:
                edited.loc[edited["School"] == school, column] = text
        self.shown = frame
        return edited


@pytest.fixture
def grid(monkeypatch):
    made = Grid()
    monkeypatch.setattr(st, "data_editor", made)
    return made


def stored(person):
    """Every observation that stands, and the newest upload."""
    path = person.path
    database = Database(path)
    rows = database.rows(
        """select school.name, date::text, numerator, denominator, round(observation.value, 4) from observation
           join school on school.id = school join measure on measure.id = measure
           join network on network.id = measure.network where not invented order by 1, 2"""
    )
    [(number,)] = database.rows("select max(id) from upload")
    newest = changes.about(database, number)
    database.close()
    return rows, newest


@pytest.fixture
def own(person, tmp_path):
    """A network of one's own, with a measure whose weeks stand on Fridays."""
    person.path = tmp_path / "own.duckdb"
    person.start_own("Own network").upload("attendance.csv", FRIDAYS.encode()).press("Save 4 values")
    return person


def type_in(person, grid, typed, **more):
    grid.typed = typed
    person.app.switch_page("pages/bring/typing_in.py").run()
    assert not person.app.exception
    for box in person.app.text_input:
        if box.label.startswith("Why") and "reason" in more:
            box.set_value(more["reason"])
    return person


def said(person):
    """The page's words without the marks that keep them from being read as markdown."""
    return person.text().replace("\\", "")


def button(person):
    return next(one for one in person.app.button if one.label.startswith("Save"))


def test_the_page_shows_what_is_stored_in_the_newest_period(own, grid):
    type_in(own, grid, {})
    assert grid.shown.to_numpy().tolist() == [
        ["Ash High", "82", "100", "82 % (82 of 100)"],
        ["Birch High", "82", "100", "82 % (82 of 100)"],
    ]
    assert "2 of 2 schools have a value" in own.text()
    assert button(own).disabled


def test_what_is_typed_for_a_new_week_is_saved_as_an_upload(own, grid):
    grid.typed = {("Ash High", "Numerator"): "90", ("Ash High", "Denominator"): "100"}
    own.app.query_params["on"] = "2025-09-17"
    own.app.switch_page("pages/bring/typing_in.py").run()
    own.choose("Period", next(p for p in _periods(own) if str(p) == "2025-09-15"))
    button(own).click().run()
    rows, newest = stored(own)
    assert ("Ash High", "2025-09-15", 90.0, 100.0, 0.9) in rows and len(rows) == 5
    assert (newest.file, newest.kept, newest.who != "") == ("typed in", 1, True)
    assert "Saved 1 value as upload" in own.text()


def _periods(person):
    box = next(box for box in person.app.selectbox if box.label == "Period")
    return [person.app.session_state["on"], *(_as_day(text) for text in box.options)]


def _as_day(text):
    return datetime.strptime(text, "%d %b %Y").date()


def test_a_stored_value_keeps_its_day_and_changes_only_with_a_reason(own, grid):
    type_in(own, grid, {("Birch High", "Numerator"): "85"})
    button(own).click().run()
    assert "would change without a reason" in own.text()
    assert len(stored(own)[0]) == 4
    type_in(own, grid, {("Birch High", "Numerator"): "85"}, reason="counted again")
    button(own).click().run()
    rows, newest = stored(own)
    assert ("Birch High", "2025-09-12", 85.0, 100.0, 0.85) in rows and len(rows) == 4
    assert newest.reason == "counted again"


def test_what_is_wrong_is_said_by_its_school_and_nothing_is_saved(own, grid):
    type_in(own, grid, {("Ash High", "Numerator"): "abc", ("Birch High", "Numerator"): "85"})
    assert "Ash High: “abc” is not a number." in said(own)
    assert button(own).disabled
    type_in(own, grid, {("Ash High", "Numerator"): "101"})
    assert "101 of 100 is more than 100" in said(own)


def test_a_share_typed_as_a_fraction_is_asked_about(own, grid):
    type_in(own, grid, {("Ash High", "Value"): "0.93"})
    own.choose("Type", "value")
    assert "Type 93 for a share of 0.93" in said(own)
    assert button(own).disabled


CLEARED = {("Ash High", "Numerator"): None, ("Ash High", "Denominator"): ""}


def test_a_cleared_value_is_taken_away_with_a_reason_and_comes_back_when_that_is_undone(own, grid):
    type_in(own, grid, CLEARED)
    assert "1 value that is stored would be taken away: Ash High." in said(own)
    own.press("Take 1 value away")
    assert "would change without a reason" in own.text() and len(stored(own)[0]) == 4
    type_in(own, grid, CLEARED, reason="nobody was counted that week").press("Take 1 value away")
    rows, newest = stored(own)
    assert [(name, day) for name, day, *_ in rows] == [
        ("Ash High", "2025-09-05"),
        ("Birch High", "2025-09-05"),
        ("Birch High", "2025-09-12"),
    ]
    assert newest.reason == "nobody was counted that week"
    assert "took 1 value away" in own.text()
    grid.typed = {}
    own.app.switch_page("pages/bring/uploads.py").run()
    assert "Taken away: 1." in own.text()
    next(box for box in own.app.text_input if box.label == "Reason").set_value("it was counted")
    own.press("Undo this upload")
    assert len(stored(own)[0]) == 4


def test_one_value_is_typed_and_another_taken_away_in_one_upload(own, grid):
    typed = {**CLEARED, ("Birch High", "Numerator"): "85"}
    type_in(own, grid, typed, reason="counted again").press("Save 1 value")
    rows, _ = stored(own)
    assert ("Birch High", "2025-09-12", 85.0, 100.0, 0.85) in rows and len(rows) == 3


def test_a_value_of_which_one_cell_is_cleared_is_asked_about(own, grid):
    type_in(own, grid, {("Ash High", "Numerator"): ""})
    assert "Ash High: there is no numerator. Type it, or clear both cells." in said(own)
    assert button(own).disabled
    type_in(own, grid, {("Ash High", "Denominator"): ""})
    assert "Ash High: There is a numerator but no denominator." in said(own)
    assert button(own).disabled


def test_an_empty_network_says_what_the_page_is_for(person, grid):
    person.start_own("Empty network")
    person.app.switch_page("pages/bring/typing_in.py").run()
    assert "one row for each school" in person.text()


def test_a_link_to_a_day_opens_its_period_and_school(person, grid):
    person.open("bring/typing_in", measure=1, on="2024-11-13", only=3)
    assert "Weekly attendance, 11 Nov 2024" in person.text()
    assert len(grid.shown) == 1


def test_the_template_of_the_network_is_offered(person, grid):
    person.open("bring/typing_in")
    assert [one.label for one in person.app.get("download_button")] == ["Get the workbook"]
    measures = next(box for box in person.app.multiselect if box.label == "Measures")
    assert len(measures.value) == 7
    measures.set_value([]).run()
    assert not person.app.exception
    assert "Choose a measure" in person.text()
