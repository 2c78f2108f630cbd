"""A tab can read its charts in Spanish while another reads them in English."""

import json

from tests.pages.conftest import Person


def spanish(page: str, **address: object) -> Person:
    return Person().open(page, language="es", **address)


def test_a_run_chart_speaks_spanish_and_the_tab_beside_it_english(person: Person) -> None:
    here = spanish("look/run_chart", school=3)
    there = person.open("look/run_chart", school=3)
    assert "¿Cómo va Weekly attendance en Cedar Hill High?" in here.text()
    assert "Puntos que cuentan" in here.text() and "Points that count" in there.text()
    assert "Points that count" not in here.text() and "Puntos que cuentan" not in there.text()
    (spec, table, alt), (_, _, english) = here.charts()[0], there.charts()[0]
    assert "Gráfica de" in alt and "Run chart of" in english
    assert '"Cuándo"' in json.dumps(spec, ensure_ascii=False)
    assert table.isin(["Meta 95 %"]).to_numpy().any()


def test_the_language_is_chosen_on_the_page_and_stays_in_the_address(person: Person) -> None:
    person.open("look/run_chart").choose("Language of charts", "es")
    assert person.app.query_params["language"] == "es"
    assert "Puntos que cuentan" in person.text()
    person.choose("Language of charts", "en")
    assert "language" not in person.app.query_params
    assert "Points that count" in person.text()


def test_a_language_that_is_not_there_is_english(person: Person) -> None:
    assert "Points that count" in person.open("look/run_chart", language="xx").text()


def test_every_page_of_charts_has_its_sentence_in_spanish(person: Person) -> None:
    said = {
        "look/network": "cambio duradero, como se desea",
        "look/side_by_side": "una sola escala",
        "look/present": "La red",
        "look/groups": "La brecha",
        "look/change_ideas": "antes de decir",
    }
    for page, words in said.items():
        assert words.lower() in spanish(page, measure=4).text().lower(), page
