"""The word files: the same keys and fields in every language, and English that a grade-8 reader can read."""

import re
from string import Formatter
from typing import Any

import pytest

from lib.wording.texts import LANGUAGES, kept_by_language, say, speak, texts

OTHERS = tuple(language for language in LANGUAGES if language != "en")
READ_ALOUD = (
    "sentence",
    "fact_chance",
    "marks",
    "spans",
    "no_count",
    "lined_up",
    "funnel",
    "spread",
    "dose",
    "works",
    "visits",
)
"""Tables that hold whole sentences."""

HARDEST_GRADE = 8


def leaves(table: dict[str, Any], at: str = "") -> dict[str, list[str]]:
    """Every text by its dotted key, lists as lists, one text as a list of one."""
    found: dict[str, list[str]] = {}
    for key, value in table.items():
        place = f"{at}.{key}" if at else key
        found |= (
            leaves(value, place) if isinstance(value, dict) else {place: [value] if isinstance(value, str) else value}
        )
    return found


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", OTHERS)
def test_each_language_has_the_same_keys(language: str) -> None:
    english, other = leaves(texts("en")), leaves(texts(language))
    assert sorted(english) == sorted(other)
    assert {key: len(said) for key, said in english.items()} == {key: len(said) for key, said in other.items()}


@pytest.mark.parametrize("language", OTHERS)
def test_each_text_has_the_same_fields(language: str) -> None:
    other = leaves(texts(language))
    for key, said in leaves(texts("en")).items():
        for ours, theirs in zip(said, other[key], strict=True):
            assert fields(ours) == fields(theirs), key


def syllables(word: str) -> int:
    """Groups of vowels, without a silent e at the end.

    A rough count, as readability formulas take it.
    """
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = word.lower().endswith("e") and not word.lower().endswith("le") and groups > 1
    return max(groups - silent, 1)


def grade(text: str) -> float:
    """Flesch-Kincaid grade level (Kincaid and others 1975); a colon or semicolon ends a thought as a stop does."""
    sentences = [part for part in re.split(r"[.:;?!]+", text) if part.strip()]
    words = re.findall(r"[A-Za-z0-9']+", text)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_the_grade_of_a_known_text() -> None:
    assert grade("The cat sat on the mat.") < 1
    assert grade("Statistical methodologies necessitate considerable mathematical sophistication.") > 15


@pytest.mark.parametrize("table", READ_ALOUD)
def test_english_sentences_read_at_grade_eight_or_lower(table: str) -> None:
    """Fields are read as a number would be."""
    said = [
        text for texts_ in leaves(texts("en")[table]).values() for text in texts_ if text.rstrip().endswith((".", "?"))
    ]
    assert said
    hard = {text: round(grade(re.sub(r"\{\w+\}", "9", text)), 1) for text in said}
    assert {text: level for text, level in hard.items() if level > HARDEST_GRADE} == {}


def test_what_is_kept_is_kept_apart_for_each_language() -> None:
    @kept_by_language
    def made(way: str) -> str:
        return say(f"way.{way}")

    assert made("up") == "above"
    speak("es")
    assert made("up") == "por encima"
    speak("en")
    assert made("up") == "above"
