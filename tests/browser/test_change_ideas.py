"""Change ideas in a real browser: a stage is changed in the table, and a cell of what works where opens its schools."""

from datetime import date

import pytest

from lib.wording import day

pytestmark = pytest.mark.browser

STAGE_OF_THE_FIRST_ROW = {"x": 574, "y": 53}
"""A place in the table; its cells are drawn on a canvas, where nothing can be found by its text."""


def choose_stage(person, stage):
    table = person.page.get_by_test_id("stDataFrame").first
    table.locator("canvas").first.wait_for(timeout=60_000)
    box = person.page.locator("#portal input")
    for _ in range(6):  # a table that is just being drawn anew takes no click
        table.dblclick(position=STAGE_OF_THE_FIRST_ROW)
        person.page.wait_for_timeout(2_000)
        if box.count():
            break
    box.first.press_sequentially(stage, delay=30, timeout=60_000)
    person.page.keyboard.press("Enter")


@pytest.mark.long
def test_a_stage_changed_in_the_table_begins_today_and_those_before_it_are_kept(fresh_server, visit):
    person = visit(fresh_server)
    person.open("change_ideas?idea=Check-in calls&measure=1")
    person.page.get_by_role("radio", name="Edit").click()
    person.wait_for("37 tests of change. Nothing changes before you save.")
    choose_stage(person, "abandoned")
    person.page.get_by_role("button", name="Save", exact=True).click()
    person.wait_for("Saved 37 tests of change.")
    person.open("spread?idea=Check-in calls&measure=1")
    assert "7 of 24 schools have begun: 3 adopted, 1 adapting, 2 testing, 1 abandoned." in person.text()
    person.open("what_works?idea=Check-in calls&where=rural&context=tags&measure=1")
    stages = "testing from 29 Sep 2025, adopted from 24 Nov 2025, abandoned from"
    person.wait_for(f"{stages} {day(date.today(), year=True)}")


@pytest.mark.long
def test_a_cell_opens_its_schools_and_a_school_its_chart_with_the_keyboard(server, visit):
    person = visit(server)
    person.open("what_works?measure=1&context=districts")
    cell = person.page.get_by_role("link", name="Check-in calls, Valley: 3 schools.")
    cell.focus()
    person.page.keyboard.press("Enter")
    person.wait_for("Check-in calls, Valley: 3 schools")
    assert "where=Valley" in person.page.url and "idea=Check-in" in person.page.url
    school = person.page.get_by_role("link", name="Garfield High: lasting change, wanted way")
    school.focus()
    person.page.keyboard.press("Enter")
    person.wait_for("attendance getting better at Garfield High?")
