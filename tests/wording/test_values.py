"""Values, differences and dates are said as people say them."""

from datetime import date

import pytest

from lib.measures import CADENCES, UNITS
from lib.wording import decimals_for, difference_text, period_label, say, share_text, value_text
from tests.wording.made import made, percents, with_measure


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.59, "percent", "59 %"),
        (0.0, "percent", "0 %"),
        (-0.001, "percent", "0 %"),
        (1.0, "percent", "100 %"),
        (2.8, "hours", "2.8 h"),
        (3.0, "hours", "3 h"),
        (35.0, "minutes", "35 min"),
        (18.0, "count", "18"),
        (17.5, "count", "17.5"),
        (1234.0, "count", "1,234"),
        (0.126, "number", "0.13"),
        (3.14159, "rate", "3.14"),
        (-4.0, "number", "−4"),
        (float("nan"), "percent", "no value"),
        (None, "count", "no value"),
    ],
)
def test_a_value_has_its_unit(value: float | None, unit: str, said: str) -> None:
    assert value_text(value, unit) == said


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.0912, "percent", "9 percentage points"),
        (0.01, "percent", "1 percentage point"),
        (0.0044, "percent", "0.4 percentage points"),
        (0.0004, "percent", "0.04 percentage points"),
        (1.0, "hours", "1 hour"),
        (0.5, "hours", "0.5 hours"),
        (12.3, "count", "12"),
        (1.4, "number", "1.4"),
    ],
)
def test_two_percentages_differ_by_percentage_points(value: float, unit: str, said: str) -> None:
    assert difference_text(value, unit) == said


def test_every_unit_can_be_said() -> None:
    for unit in UNITS:
        assert value_text(0.5, unit)
        assert difference_text(0.5, unit)


def test_every_cadence_has_its_words() -> None:
    for cadence in CADENCES:
        for key in ("one", "many", "by"):
            assert cadence in __import__("lib.wording.texts", fromlist=["entry"]).entry(f"periods.{key}")
        assert period_label(date(2025, 9, 5), cadence)


def test_percentages_that_lie_close_together_are_said_with_a_decimal() -> None:
    assert decimals_for(made(percents(91.2, 92.4, 93.1))) == 1
    assert decimals_for(made(percents(81.2, 92.4, 93.1))) == 0
    assert decimals_for(made([1, 2, 3], with_measure(unit="count", goal=None))) is None


@pytest.mark.parametrize(
    ("chance", "said"),
    [(0.083, "about 1 in 12"), (0.5, "about 1 in 2"), (0.0011, "about 1 in 910"), (0.0, "fewer than 1 in 1,000")],
)
def test_a_chance_is_said_as_one_in_n(chance: float, said: str) -> None:
    assert share_text(chance) == said


def test_a_field_is_never_read_as_a_template() -> None:
    assert say("alt.ideas", names="{first} {0.__class__}") == "Change ideas: {first} {0.__class__}."
