"""Typing in the real grid: a stored value is corrected with a reason, and undone on the uploads page."""

import pytest

pytestmark = pytest.mark.browser

CELLS = "[data-testid=stDataFrame] canvas"
NUMERATOR_X, FIRST_ROW_Y = 330, 53
"""Where the first row's numerator is drawn, from the grid's upper left corner."""


def type_in_first_row(person, text):
    box = person.page.locator(CELLS).first.bounding_box()
    person.page.mouse.dblclick(box["x"] + NUMERATOR_X, box["y"] + FIRST_ROW_Y)
    person.page.keyboard.press("Control+A")
    person.page.keyboard.type(text, delay=30)
    person.page.keyboard.press("Enter")


def test_a_value_is_typed_saved_seen_and_undone(server, visit):
    person = visit(server)
    person.open("typing_in?measure=1&on=2024-11-13&only=1")
    assert person.title() == "Weekly attendance, 11 Nov 2024"
    type_in_first_row(person, "9000")
    person.wait_for("is more than 100 %")
    type_in_first_row(person, "700")
    person.page.get_by_label("Why 1 stored value should change").fill("counted again")
    person.page.keyboard.press("Tab")
    person.page.get_by_role("button", name="Save 1 value").click()
    person.wait_for("Saved 1 value as upload 9.")
    person.page.get_by_role("link", name="Uploads").click()
    person.wait_for("Reason: counted again")
    person.page.get_by_role("button", name="Undo this upload").click()
    person.page.get_by_label("Reason", exact=True).fill("the first count was right")
    person.page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
    person.wait_for("Undone by")
    assert "the first count was right" in person.text()


@pytest.mark.long
def test_a_value_is_taken_away_by_clearing_its_cells(server, visit):
    person = visit(server)
    person.open("typing_in?measure=1&on=2024-11-20&only=1")
    box = person.page.locator(CELLS).first.bounding_box()
    person.page.mouse.click(box["x"] + NUMERATOR_X, box["y"] + FIRST_ROW_Y)
    person.page.keyboard.press("Shift+ArrowRight")
    person.page.keyboard.press("Delete")
    person.wait_for("1 value that is stored would be taken away: Ash Grove High.")
    person.page.get_by_label("Why 1 stored value should go").fill("a school trip")
    person.page.keyboard.press("Tab")
    person.page.get_by_role("button", name="Take 1 value away").click()
    person.wait_for("took 1 value away")
    person.wait_for("0 of 1 schools have a value")
