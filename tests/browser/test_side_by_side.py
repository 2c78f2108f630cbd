"""Side by side and the board as a hand and a keyboard meet them."""

import pytest

pytestmark = pytest.mark.browser

PANEL = "[data-testid=stVegaLiteChart] path[aria-label]"


def open_page(person, path="side_by_side?measure=1"):
    person.open(path)
    person.page.locator(PANEL).first.wait_for()


@pytest.mark.long
def test_hovering_says_which_school_and_which_value(server, visit):
    person = visit(server)
    open_page(person)
    points = person.page.locator("[data-testid=stVegaLiteChart] g.role-mark.mark-symbol").last.locator("path")
    points.nth(10).hover(force=True)  # its neighbors are as large as the finger
    tip = person.page.locator("#vg-tooltip-element")
    tip.get_by_text("Middle line").wait_for()
    said = tip.inner_text()
    assert "Ash Grove High" in said and " of " in said and "The network" in said


def test_a_click_opens_the_run_chart_and_back_keeps_everything(server, visit):
    person = visit(server)
    open_page(person, "side_by_side?measure=1&order=size&zoom=1")
    panel = person.page.locator(PANEL).nth(2)
    school = panel.get_attribute("aria-label").split(":")[0]
    box = panel.bounding_box()
    person.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] - 6)
    person.wait_for(f"at {school}?")
    person.page.go_back()
    person.wait_for("school by school")
    assert person.page.locator(PANEL).nth(2).get_attribute("aria-label").startswith(school)
    assert "order=size" in person.page.url and "zoom=1" in person.page.url


@pytest.mark.long
def test_a_click_on_a_hidden_school_opens_nothing(server, visit):
    person = visit(server)
    open_page(person, "side_by_side?measure=1&names=hidden&seed=3")
    box = person.page.locator(PANEL).nth(2).bounding_box()
    person.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] - 6)
    person.page.wait_for_timeout(800)
    person.settle()
    assert "school by school" in person.title()
    assert "Cedar Hill" not in person.page.content()


def test_a_brush_shows_a_period_of_all_panels(server, visit):
    person = visit(server)
    open_page(person)
    box = person.page.locator(PANEL).nth(2).bounding_box()
    mouse = person.page.mouse
    mouse.move(box["x"] + 30, box["y"] + 70)
    mouse.down()
    mouse.move(box["x"] + 50, box["y"] + 90, steps=4)
    mouse.move(box["x"] + 80, box["y"] + 100, steps=4)
    mouse.up()
    person.wait_for("Show all periods")
    assert "seen_first=" in person.page.url
    person.page.get_by_role("button", name="Show all periods").click()
    person.page.get_by_role("button", name="Show all periods").wait_for(state="detached")
    assert "seen_first" not in person.page.url


def test_pictures_by_keyboard(server, visit):
    person = visit(server)
    person.open("side_by_side?measure=1&view=pictures")
    link = person.page.locator("a[data-panel]").nth(3)
    link.focus()
    person.page.keyboard.press("Enter")
    person.wait_for("at Dover Prep High?")


@pytest.mark.long
def test_the_board_is_as_it_was_left(server, visit):
    person = visit(server)
    person.open("?district=Lakeshore")
    main = "document.querySelector('[data-testid=stMain]')"
    link = person.page.locator("a[data-chart]").nth(60)
    link.focus()
    person.page.wait_for_timeout(200)
    top, chart = person.page.evaluate(f"{main}.scrollTop"), link.get_attribute("data-chart")
    person.page.keyboard.press("Enter")
    person.page.get_by_role("button", name="Present").wait_for()
    person.settle()
    person.page.go_back()
    person.wait_for("Network at a glance")
    person.page.locator(f'a[data-chart="{chart}"]').wait_for()
    person.page.wait_for_timeout(300)
    assert "district=Lakeshore" in person.page.url
    assert person.page.evaluate(f"{main}.scrollTop") == top
    assert person.page.evaluate(f"{main}.ownerDocument.activeElement !== document.body")
