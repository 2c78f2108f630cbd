"""The page of student groups as a browser lays it out."""

import pytest

pytestmark = pytest.mark.browser

CHART = "[data-testid=stVegaLiteChart] svg.marks"


@pytest.mark.long
@pytest.mark.parametrize("school", [0, 17])
def test_the_answer_and_the_four_facts_stand_above_the_fold(server, visit, school):
    person = visit(server)
    person.open(f"groups?measure=4&school={school}")
    person.page.locator(CHART).wait_for()
    heads = person.page.locator(".sb-facts dt")
    assert heads.count() == 4
    for place in range(4):
        box = person.page.locator(".sb-facts dd").nth(place).bounding_box()
        assert box["y"] + box["height"] <= 740 and heads.nth(place).bounding_box()["y"] < 680
    chart = person.page.locator(CHART).bounding_box()
    assert chart["x"] + chart["width"] <= 1280 and chart["width"] > 900
    assert person.page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.long
def test_the_facts_of_the_network_are_whole_above_the_fold(server, visit):
    person = visit(server)
    person.open("groups?measure=4&school=0")
    person.page.locator(CHART).wait_for()
    facts = person.page.locator(".sb-facts").bounding_box()
    assert facts["y"] + facts["height"] <= 720


@pytest.mark.long
def test_hovering_says_the_group_its_value_and_at_the_gap_both(server, visit):
    person = visit(server)
    person.open("groups?measure=4&school=0")
    person.page.locator(CHART).wait_for()
    dots = person.page.locator("[data-testid=stVegaLiteChart] g.role-mark.mark-symbol path")
    tip = person.page.locator("#vg-tooltip-element")
    dots.nth(2).hover(force=True)
    tip.wait_for()
    assert "Not English learners" in tip.inner_text()
    dots.last.hover(force=True)
    tip.get_by_text("The gap: English learners minus Not English learners").wait_for()
    assert " % and " in tip.inner_text()


@pytest.mark.long
def test_another_group_is_chosen_and_the_address_keeps_it(server, visit):
    person = visit(server)
    person.open("groups?measure=4&school=0")
    person.choose("Compared with", "All students")
    person.wait_for("All students include English learners")
    assert "other=0" in person.page.url
