"""A table of definitions edited by hand, and long work cancelled by its button."""

import pytest

from tests.browser.conftest import Server

pytestmark = pytest.mark.browser

GOAL_OF_THE_FIRST_MEASURE = {"x": 590, "y": 52}
"""A place in the table; its cells are drawn on a canvas, where nothing can be found by its text."""


def write_goal(person, text):
    table = person.page.get_by_test_id("stDataFrame").first
    table.locator("canvas").first.wait_for(timeout=60_000)
    box = person.page.locator("#portal input")
    for _ in range(6):  # a table that is just being drawn anew takes no click
        table.dblclick(position=GOAL_OF_THE_FIRST_MEASURE)
        person.page.wait_for_timeout(2_000)
        if box.count():
            break
    box.fill(text, timeout=60_000)
    box.press("Enter")


def section(person, name):
    person.page.get_by_role("radio", name=name).click()


def test_a_goal_is_written_mended_saved_and_on_the_chart(fresh_server, visit):
    person = visit(fresh_server)
    person.open("definitions")
    write_goal(person, "150")
    person.wait_for("Row 1, goal: 150 is no percentage. Write a number from 0 to 100.")
    assert person.page.get_by_role("button", name="Save", exact=True).is_disabled()
    section(person, "Changes")
    person.page.get_by_role("button", name="Save", exact=True).wait_for(state="hidden", timeout=60_000)
    section(person, "Measures")
    person.wait_for("1 changed, not saved yet")
    write_goal(person, "97")
    person.page.get_by_text("is no percentage").wait_for(state="hidden", timeout=60_000)
    person.page.get_by_role("button", name="Save", exact=True).click()
    person.wait_for("Saved: 1 measure changed")
    person.open("run_chart?measure=1&school=1")
    person.page.get_by_text("Goal 97 %").first.wait_for(timeout=60_000)


@pytest.fixture
def empty_server(tmp_path):
    """A server that makes its database at the first visit."""
    server = Server(tmp_path / "new.duckdb")
    yield server
    server.stop()


def cancel(person):
    person.page.get_by_role("button", name="Cancel").click(timeout=60_000)


@pytest.mark.long
def test_the_first_start_and_the_reading_of_a_file_can_be_cancelled(empty_server, visit, tmp_path):
    person = visit(empty_server)
    person.page.goto(person.address)
    person.page.get_by_text("The sample network").first.wait_for(timeout=60_000)
    cancel(person)
    person.wait_for("No network here yet")
    person.page.get_by_role("textbox").fill("My network")
    person.page.get_by_role("button", name="Start my own network").click()
    person.wait_for("Bring in a spreadsheet")
    path = tmp_path / "large.csv"
    rows = (f"School {n % 800},{2000 + n % 20}-{1 + n % 12:02}-{1 + n % 28:02},{n % 90},100" for n in range(900_000))
    path.write_text("school,date,present,enrolled\n" + "\n".join(rows), encoding="utf-8")
    person.upload(path)
    person.page.get_by_text("Reading the file, step 1").wait_for(timeout=60_000)
    cancel(person)
    person.wait_for("Cancelled. Nothing was saved.")
    assert person.errors == []
