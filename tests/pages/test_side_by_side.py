"""Side by side: one scale, own middle lines, an order that is never one of value, and names that stay hidden."""

import json
import re
from datetime import date

import numpy as np
import pytest
import streamlit as st

from lib.analysis.pooling import pooled
from lib.screen import choices, data
from lib.screen.look import comparing
from lib.screen.look.asked import NAMES, Asked
from lib.store import series
from lib.store.series import Choice
from tests.pages.conftest import Person

PAGE = "look/side_by_side"


def frame(person):
    [(_, rows, _)] = person.charts()
    return rows


def names(person):
    rows = frame(person)
    return rows.loc[rows["kind"] == "panel", "label"].tolist()


def everything_sent(person):
    """All text of the page, its address, its charts and components, without the sidebar."""
    sent = [json.dumps(dict(person.app.query_params)), *(str(element.proto) for element in everything(person.app.main))]
    for spec, rows, alt in person.charts():
        sent += [json.dumps(spec), rows.to_csv(), alt]
    return "\n".join(sent)


def everything(block):
    for element in block.children.values():
        if hasattr(element, "children"):
            yield from everything(element)
        elif element.type != "vega_lite_chart":
            yield element


def schools():
    return [school.name for school in data.network(1).schools.values()]


def pictures(person):
    [component] = [one for one in person.app.get("bidi_component") if one.proto.component_name == "thumbnails"]
    return json.loads(component.proto.json)["panels"]


def test_every_school_has_a_panel_in_order_of_name(person):
    assert names(person.open(PAGE, measure=1)) == sorted(schools())


def test_from_and_to_are_chosen_here_too(person):
    person.open(PAGE, measure=1)
    [start] = [one for one in person.app.date_input if one.label == "From"]
    start.set_value(date(2026, 1, 5)).run()
    [(_, _, alt)] = person.charts()
    assert "from 5 Jan 2026 to 9 Mar 2026" in alt


def test_a_faint_line_says_that_its_newest_period_is_not_drawn(person, monkeypatch):
    assert "too few have reported" not in person.open(PAGE, measure=1).text()
    monkeypatch.setattr(data, "COMPLETE_SHARE", 1.05)
    st.cache_resource.clear()
    assert "not drawn where too few have reported yet" in person.open(PAGE, measure=1).text()


@pytest.mark.parametrize("view", ["", "pictures"])
@pytest.mark.parametrize(
    "address", [{}, {"line": "district"}, {"order": "size"}, {"mine": 3, "school": 3}, {"zoom": 1}]
)
def test_hidden_names_are_nowhere_in_what_is_sent(person, address, view):
    person.open(PAGE, measure=1, names="hidden", view=view, **address)
    sent = everything_sent(person)
    assert "School A" in sent and "School X" in sent
    assert [name for name in schools() if name in sent] == []
    assert "school=" not in sent and '"school"' not in json.dumps(dict(person.app.query_params))
    assert "mine" not in person.app.query_params


def test_hidden_schools_send_no_counts_and_open_nothing(person):
    person.open(PAGE, measure=1, names="hidden")
    assert frame(person)["t_counts"].isna().all()
    person = Person().open(PAGE, measure=1, names="hidden", view="pictures")
    assert "<a " not in pictures(person) and "href" not in pictures(person).replace('use href="#line-', "")


def test_hidden_names_come_in_an_order_that_is_neither_of_name_nor_of_size(person):
    person.open(PAGE, measure=1, names="hidden", order="name")
    network = data.network(1)
    what = _asked(names="hidden")
    shown = comparing.side(network, what)
    order = [school for _, school, _ in shown.opens]
    assert sorted(order) == sorted(network.schools) and order != list(network.schools)
    assert not any(box.label == "Order" for box in person.app.selectbox)


def _asked(**about):
    order = {"order": "random"} if about.get("names", "shown") != "shown" else {}
    return Asked(**{"measure": 1, "seed": 5} | about | order)


def test_letters_stay_with_their_school_on_every_measure(person):
    person.open(PAGE)
    network = data.network(1)
    letters = []
    for measure in (1, 2):
        shown = comparing.side(network, _asked(names="hidden", measure=measure))
        letters.append({key[1]: panel.label for key, panel in zip(shown.opens, shown.panels.panels, strict=True)})
    assert letters[0] == letters[1]


def test_another_seed_is_another_order_and_the_same_seed_the_same(person):
    person.open(PAGE)
    network = data.network(1)
    orders = [
        [key[1] for key in comparing.side(network, _asked(order="random", seed=seed)).opens] for seed in (5, 6, 5)
    ]
    assert orders[0] == orders[2] != orders[1]


def test_shuffling_again_changes_the_order_and_keeps_it_in_the_address(person):
    person.open(PAGE, order="random", seed=5)
    before = names(person)
    person.press("Shuffle")
    assert names(person) != before and sorted(names(person)) == sorted(before)
    assert dict(person.app.query_params)["seed"] != ["5"]


def test_only_mine_is_named(person):
    person.open(PAGE, measure=1, names="mine", mine=3)
    assert [name for name in names(person) if not name.startswith("School ")] == ["Cedar Hill High"]
    rows = frame(person)
    assert rows.loc[rows["mine"] == 1, "label"].tolist() == ["Cedar Hill High"]
    spoken = rows["t_place"].dropna().unique()
    assert [name for name in schools() if name in spoken] == ["Cedar Hill High"]


def test_order_by_size_is_by_the_newest_denominator_and_no_order_is_by_value(person):
    person.open(PAGE)
    network = data.network(1)
    shown = comparing.side(network, _asked(order="size"))
    newest = shown.panels.points.groupby("panel").tail(1)
    assert newest["denominator"].is_monotonic_decreasing
    assert not newest["value"].is_monotonic_decreasing and not newest["value"].is_monotonic_increasing
    [order] = [box for box in person.app.selectbox if box.label == "Order"]
    assert order.options == ["Name", "Size", "Random"]


def test_each_panel_has_the_median_of_its_own_school(person):
    person.open(PAGE)
    network = data.network(1)
    for order in ("name", "size", "random"):
        shown = comparing.side(network, _asked(order=order))
        for number, (measure, school, group) in enumerate(shown.opens):
            reading = data.reading(network, Choice(1, (measure,), (school,), (group,)), "anhoej", 0)
            own = shown.panels.points[shown.panels.points["panel"] == number]
            np.testing.assert_allclose(own["value"], reading.points["value"])
            np.testing.assert_allclose(own["median"], reading.points["median"].astype(float))


def test_by_group_and_by_measure(person):
    person.open(PAGE, by="group", school=5, measure=2)
    assert names(person)[0] == "All students" and len(names(person)) == 7
    assert "faint line: all students" in person.text()
    person.choose("Side by side", "measure")
    assert names(person) == [measure.name for measure in data.network(1).measures.values()]
    assert "a scale for each unit" in person.text()


def test_the_faint_line_says_how_many_schools_are_in_it(person):
    text = person.open(PAGE, measure=1).text()
    assert re.search(r"faint line: the network \(\d+ to 24 schools\)", text)
    text = Person().open(PAGE, measure=1, same=1).text()
    assert re.search(r"faint line: the network \(\d+ schools throughout\)", text)


def test_districts_pooled_at_once_equal_the_store(person):
    """One pass over all districts gives what the store's SQL gives for each."""
    person.open(PAGE)
    network, opened = data.network(1), data.database()
    charts = data.charts(Choice(1, (1,)))
    points = charts.points
    for number, district in enumerate(("Lakeshore", "Valley")):
        of = tuple(school.id for school in network.schools.values() if school.district == district)
        here = pooled(points, points["school"].map(lambda school, of=of: 0 if school in of else -1))
        there = series.points(opened, Choice(1, (1,), of, pooled=True))
        both = here.merge(there, on="date", suffixes=("", "_store"))
        assert len(here) >= len(there) - 1 and len(both) == len(here), number
        np.testing.assert_allclose(both["value"], both["value_store"])
        assert both["n_schools"].tolist() == both["n_schools_store"].tolist()


def test_more_than_a_screen_is_drawn_as_pictures_on_pages(person, monkeypatch):
    monkeypatch.setattr(comparing, "MOST_PANELS", 5)
    monkeypatch.setattr(comparing, "A_PAGE", 10)
    person.open(PAGE, measure=1)
    st.cache_resource.clear()
    network = data.network(1)
    shown = comparing.side(network, _asked())
    assert shown.pages == 3 and len(shown.opens) == 10
    scales = {tuple(comparing.side(network, _asked(page=page, zoom=True)).panels.axes["percent"]) for page in (1, 2, 3)}
    assert len(scales) == 1


def test_pictures_are_links_for_the_keyboard_and_say_what_they_show(person):
    html = pictures(person.open(PAGE, measure=1, view="pictures"))
    assert html.count('<a class="panel') == 24
    assert re.search(r'aria-label="Ash Grove High: [^"]+, newest \d+ %"', html)


def test_a_period_seen_changes_neither_middle_lines_nor_marks(person):
    person.open(PAGE, measure=1)
    before = frame(person)
    person = Person().open(PAGE, measure=1, seen_first="2025-09-01", seen_last="2025-12-15")
    after = frame(person)
    assert len(after) < len(before)
    for kind, column in (("panel", "said"), ("middle", "y")):
        middles = before[before["kind"] == kind].groupby("panel")[column].last()
        assert after[after["kind"] == kind].groupby("panel")[column].last().equals(middles)


def test_choices_survive_a_change_of_page(person):
    person.open(PAGE, order="random", seed=5, mine=3, measure=2)
    before = names(person)
    person.app.switch_page("pages/help/how_charts_are_read.py").run()
    person.app.switch_page(f"pages/{PAGE}.py").run()
    assert names(person) == before


@pytest.mark.parametrize(
    "address", [{"by": "value"}, {"order": "value"}, {"names": "x"}, {"line": "x"}, {"mine": 999}, {"side_page": 99}]
)
def test_a_link_to_what_is_not_there_still_opens(person, address):
    assert len(names(person.open(PAGE, measure=1, **address))) == 24


def test_every_choice_of_the_page_can_be_read_from_an_address():
    assert set(NAMES) <= set(choices.READERS)


def test_a_group_or_district_without_values_says_so(person):
    person.open(PAGE, measure=6, group=1)
    assert person.charts() == []
    assert "No values of Family contacts" in "".join(one.value for one in person.app.info)


def test_a_panel_opens_by_its_name_without_a_mouse(person):
    person.open("look/side_by_side", measure=2)
    person.choose("Open the run chart of", 2)
    assert "at Cedar Hill High?" in person.text()


def test_a_school_whose_name_is_hidden_is_not_offered(person):
    person.open("look/side_by_side", measure=2, names="hidden")
    assert "Open the run chart of" not in [box.label for box in person.app.selectbox]
