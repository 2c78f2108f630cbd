"""Several networks as a person meets them: made, named, opened, deleted by name, and the first start again."""

from datetime import date

import pytest

from lib.screen.bring.networks import holds

SAMPLE = "Ninth-grade on-track (sample)"


def names(person):
    """The names on the page of networks."""
    return [
        element.proto.body.split("<strong>")[1].split("<")[0]
        for element in person.app.get("html")
        if "<strong>" in element.proto.body
    ]


def type_in(person, label, text, place=0):
    [box for box in person.app.text_input if box.label == label][place].set_value(text)
    return person


def make(person, name):
    person.open("bring/networks")
    return type_in(person, "Name of a new network", name).press("Make a network")


def delete(person, number, typed):
    """Each network's row has a box of its own; `number` counts the rows from 0."""
    type_in(person, "Type its name to delete it", typed, number)
    [button for button in person.app.button if button.label == "Delete this network"][number].click().run()
    assert not person.app.exception
    return person


def test_what_the_sample_holds_is_said(person):
    text = person.open("bring/networks").text()
    assert "24 schools · 7 measures · 11,178 values to 9 Mar 2026 · all invented" in text


def test_a_new_network_is_opened_empty_and_the_sample_stays(person):
    make(person, "North coast")
    assert "Bring in a spreadsheet" in person.text()
    assert "Sample network" not in person.text()
    person.app.switch_page("pages/look/network.py").run()
    assert "Nothing to show yet" in person.text()
    assert "2 of 24 schools have not reported for the week of 9 Mar" in person.choose("Network", 1).text()


def test_a_name_that_is_taken_is_refused_in_words(person):
    make(person, SAMPLE.upper())
    assert "There is a network" in person.text() and "already" in person.text()
    assert names(person) == [SAMPLE]


def test_renaming(person):
    person.open("bring/networks")
    type_in(person, "New name", "Our <b>first</b> network").press("Rename")
    assert names(person) == ["Our &lt;b&gt;first&lt;/b&gt; network"]
    assert "has a new name" in person.text()


def test_opening_another_network(person):
    make(person, "North coast")
    person.app.switch_page("pages/bring/networks.py").run()
    assert names(person) == [SAMPLE, "North coast"]
    person.press("Open")
    assert person.app.selectbox(key="network").value == 1
    assert "Network at a glance" in person.text()


def test_deleting_needs_the_name(person):
    make(person, "North coast")
    person.app.switch_page("pages/bring/networks.py").run()
    delete(person, 1, "north")
    assert "not the name of the network" in person.text()
    delete(person, 1, "North coast")
    assert names(person) == [SAMPLE]
    assert "“North coast” is deleted" in person.text()
    assert "24 schools" in person.text()


@pytest.mark.long
def test_the_sample_can_be_deleted_and_brought_back(person):
    make(person, "North coast")
    person.app.switch_page("pages/bring/networks.py").run()
    delete(person, 0, SAMPLE)
    assert names(person) == ["North coast"]
    person.press("Bring the sample network back")
    assert "Network at a glance" in person.text()
    assert person.app.selectbox(key="network").value == 3
    person.app.switch_page("pages/bring/networks.py").run()
    assert names(person) == ["North coast", SAMPLE]
    assert "Bring the sample network back" not in [button.label for button in person.app.button]


def test_without_any_network_there_is_the_first_choice_on_every_page(person):
    delete(person.open("bring/networks"), 0, SAMPLE)
    assert "No network here yet" in person.text()
    for page in ("look/network", "look/run_chart", "bring/calendar", "bring/networks"):
        person.app.switch_page(f"pages/{page}.py").run()
        assert not person.app.exception
        assert "No network here yet" in person.text()
    type_in(person, "Name of your network", "North coast").press("Start my own network")
    assert "Bring in a spreadsheet" in person.text()
    person.app.switch_page("pages/bring/networks.py").run()
    assert names(person) == ["North coast"]


@pytest.mark.long
def test_without_any_network_the_sample_comes_again(person):
    delete(person.open("bring/networks"), 0, SAMPLE).press("Show me the sample network")
    assert "24 schools" in person.text()


def test_a_link_to_a_deleted_network_opens_the_first_one_and_says_so(person):
    person.app.query_params["network"], person.app.query_params["search"] = "99", "zzz"
    person.app.run()
    text = person.text()
    assert "The network of this address is not here any more" in text
    assert "24 schools" in text
    assert person.app.session_state["network"] == 1
    assert person.app.session_state["search"] == ""


def test_a_link_to_a_network_that_is_here_says_nothing(person):
    assert "not here any more" not in person.open("look/network", network=1).text()


def test_what_is_held_is_said_in_words():
    row = {"invented": False, "schools": 2, "measures": 1, "observations": 1234, "last": date(2026, 3, 9)}
    assert holds(row) == "2 schools · 1 measure · 1,234 values to 9 Mar 2026"
