"""The words of each state, from real readings of hand-made series."""

from dataclasses import replace
from datetime import date

import pytest

from lib.analysis import STATES
from lib.wording import Break, IdeaStart, Reading, alt_text, four_facts, question, sentence
from lib.wording.texts import speak
from tests.wording.made import OAK_STREET, made, oak_street, percents, with_measure

LOW_HIGH = [1, 2, 3, 2, 1, 8, 9, 8, 9, 8]
SAW = [40, 60, 42, 61, 39, 63, 45, 59, 41, 62, 38, 64]
COUNT = with_measure(unit="count", goal=None, name="Contacts")


EARLIER_RUN = percents(*[48, 52] * 6, *[55] * 10, 48, *[55] * 7)


SAID = [
    (oak_street(), "shift", "A lasting change: the last 12 points that count are above the middle line of 59 %."),
    (
        made(LOW_HIGH, COUNT),
        "shift",
        "A lasting change: the points cross the middle line only once, and at least 2 are usual; 5 of the newest 5 are "
        "above.",
    ),
    (
        made(EARLIER_RUN, baseline=12),
        "shift",
        "11 in a row were above from 17 Nov 2025 to 26 Jan 2026; 7 of the newest 8 are above.",
    ),
    (
        made(percents(*[48, 52] * 6, *[55] * 10, *[48, 52] * 3), baseline=12),
        "unsettled",
        "From 17 Nov 2025 to 26 Jan 2026 11 points in a row were above; since then both sides.",
    ),
    (made(percents(60, 70, 65)), "too early", "Too early to tell: 2 points that count, run rules need 10."),
    (
        made(percents(*SAW), baseline=12),
        "too early",
        "Too early to tell: 0 points that count since the baseline, run rules need 6.",
    ),
    (
        made([1.0] * 12),
        "can't be split",
        "All 12 points are exactly 100 %, so a middle line can't split them.",
    ),
    (
        made([1.0] * 12 + [0.98, 0.97]),
        "can't be split",
        "More than half of the points are exactly 100 %, so a middle line can't split them.",
    ),
    (made([0.6]), "can't be split", "There is one point, at 60 %; a middle line can't split it."),
    (made([float("nan")] * 3), "can't be split", "There are no points to read yet."),
    (
        made(percents(*SAW[:6], 40, 60, 42, 61, 39, 63, 45, 59, 61, 62, 58, 64, 60, 59), baseline=12),
        "early hint",
        "An early hint: the newest 7 points that count are above the middle line of 51 %.",
    ),
    (made(percents(*SAW, *SAW)), "steady", "Usual ups and downs. A lasting change of about "),
    (
        made(percents(*SAW), with_measure(cumulative=True)),
        "not for run rules",
        "No run rules here: this measure adds up over the year, so each point holds the ones before it. The newest "
        "value is 64 %; the goal is 90 %.",
    ),
    (
        made(percents(*SAW), with_measure(cadence="quarter", goal=None)),
        "not for run rules",
        "No run rules here: with 4 points a year they can't be read. They need a measure taken at least 5 times a "
        "year. The newest value is 64 %.",
    ),
]


@pytest.mark.parametrize(("reading", "state", "said"), SAID)
def test_each_state_says_its_facts(reading: Reading, state: str, said: str) -> None:
    assert reading.newest_phase is not None
    assert reading.newest_phase["state"] == state
    assert said in sentence(reading)


def test_the_table_has_every_state() -> None:
    assert {state for _, state, _ in SAID} == set(STATES)


def test_a_point_outside_the_limits_is_a_signal_and_no_lasting_change() -> None:
    reading = made(percents(*[48, 52] * 6, *[53] * 4, 64, 49, 54, 53), rules="nhs", baseline=12)
    said = "A signal: a point lies outside the limits; 4 of the newest 5 are above."
    assert sentence(reading) == said
    assert four_facts(reading)[1][1].startswith("NHS: longest run 6; more than 6 is a signal; a point lies outside")


def test_the_count_said_is_the_last_number_on_the_chart() -> None:
    """A run that began inside the baseline: 12 dots are numbered, 10 of them after the baseline."""
    values = percents(30, 33, 28, 31, 35, 27, 29, 32, 30, 26, 31, 33, 37, 38, 36, 40, 38, 41, 39, 37, 42, 40)
    reading = made(values, with_measure(wanted="down"), baseline=12)
    assert int(reading.points["place"].iloc[-1]) == 12
    assert "the last 12 points" in sentence(reading)
    assert "12 in this run" in four_facts(reading)[0][1]


def test_dates_are_short_within_one_year() -> None:
    dates = [date(2025, 1, 6 + i) for i in range(24)]
    assert "from 17 Jan to 27 Jan;" in sentence(made(EARLIER_RUN[:24], baseline=12, dates=dates))


def test_no_sentence_says_significant_or_out_of_control() -> None:
    for reading, _, _ in SAID:
        said = " ".join([sentence(reading), alt_text(reading), *(text for _, text in four_facts(reading))]).lower()
        assert not any(word in said for word in ("significant", "out of control", "nan", "{", "none"))


def test_an_unfinished_newest_point_is_said() -> None:
    assert sentence(oak_street(incomplete=True)).endswith("The newest week is not complete yet and is not read.")


@pytest.mark.parametrize(
    ("asked", "place", "group", "said"),
    [
        ("Is it better at {school}?", "Oak", "All students", "Is it better at Oak?"),
        ("Is it better?", "Oak", "All students", "Is it better at Oak?"),
        ("Is it better", "Oak", "All students", "Is it better at Oak?"),
        ("", "Oak", "All students", "How is Weekly attendance at Oak?"),
        ("Is it better at {school}?", "the network (24 schools)", "", "Is it better in the network (24 schools)?"),
        ("Is it better at {school}?", "Oak", "Grade: 9", "Is it better at Oak? (Grade: 9)"),
        ("{school.__class__} {0} at {school}?", "{school} {x}", "", "{school.__class__} {0} at {school} {x}?"),
    ],
)
def test_the_question_has_the_place_in_it(asked: str, place: str, group: str, said: str) -> None:
    assert question(made([0.5], with_measure(question=asked), place=place, group=group)) == said


@pytest.mark.parametrize(
    ("asked", "language", "said"),
    [
        ("Is it better?", "es", "¿Cómo va Weekly attendance en Oak?"),
        ("¿Mejora en {school}?", "es", "¿Mejora en Oak?"),
        ("¿Mejora en {school}?", "en", "How is Weekly attendance at Oak?"),
    ],
)
def test_a_question_in_another_language_gives_way_to_a_plain_one(asked: str, language: str, said: str) -> None:
    speak(language)
    assert question(made([0.5], with_measure(question=asked), place="Oak", group="")) == said


def facts(reading: Reading) -> dict[str, str]:
    return dict(four_facts(reading))


def test_the_four_facts_of_the_look() -> None:
    reading = oak_street()
    found = facts(replace(reading, phases=reading.phases.assign(chance=0.083, noticeable=0.089)))
    assert list(found) == ["Points that count", "Rule", "If nothing had changed", "It could have noticed"]
    assert found["Points that count"] == "23 of 26; 12 in this run; 3 on the line, skipped"
    assert found["Rule"].startswith("Anhøj: longest run 12; more than 8 is a signal")
    assert "this rule would still speak on about 1 in 12 charts this long" in found["If nothing had changed"]
    assert found["It could have noticed"] == "a lasting change of about 9 percentage points"


def test_weeks_that_are_alike_are_said() -> None:
    reading = oak_street()
    assert "Neighboring weeks here are alike" in facts(reading)["If nothing had changed"]
    calm = replace(reading, phases=reading.phases.assign(lag1=0.2))
    assert "Neighboring" not in facts(calm)["If nothing had changed"]


def test_no_chance_is_said_for_seasons_and_days() -> None:
    seasonal = facts(oak_street(measure=with_measure(seasonal=True)))["If nothing had changed"]
    daily = facts(oak_street(measure=with_measure(cadence="day")))["If nothing had changed"]
    for said in (seasonal, daily):
        assert said.startswith("not said")
        assert "1 in" not in said


def test_exclusions_are_counted() -> None:
    said = facts(made(percents(*OAK_STREET), baseline=12, excluded=[4, 5]))["Points that count"]
    assert said.endswith("2 excluded")


def test_facts_where_no_rule_is_read() -> None:
    found = facts(made(percents(*SAW), with_measure(cumulative=True)))
    assert found["Rule"] == found["If nothing had changed"] == found["It could have noticed"] == "no rule is read here"


def test_a_trend_is_said_with_its_dates() -> None:
    dates = [date(2025, 1, 6 + i) for i in range(16)]
    values = percents(50, 60, 49, 61, 50, 62, 48, 59, 40, 44, 44, 48, 52, 58, 51, 61)
    reading = made(values, rules="ihi", dates=dates)
    assert "all points went up from 14 Jan to 19 Jan" in facts(reading)["Rule"]


@pytest.mark.parametrize("rules", ["anhoej", "ihi", "shift8"])
def test_every_rule_set_can_be_said(rules: str) -> None:
    for values in (percents(*OAK_STREET), percents(*SAW, *SAW), percents(*range(40, 60))):
        reading = made(values, rules=rules)
        assert sentence(reading)
        assert all(text for _, text in four_facts(reading))


def test_the_chart_is_told_to_those_who_cannot_see_it() -> None:
    reading = oak_street(
        breaks=(Break("winter break", date(2025, 12, 22), date(2026, 1, 2)),),
        ideas=(IdeaStart("Check-in calls", date(2025, 12, 1)),),
        aggregated="mean of days",
    )
    assert alt_text(reading) == (
        "Run chart of Weekly attendance, Oak Street High, All students, by week. 26 points from 1 Sep 2025 to 23 Feb "
        "2026. A lasting change: the last 12 points that count are above the middle line of 59 %. Middle line 59 %. "
        "It is frozen from 1 Sep 2025 to 17 Nov 2025. Goal 90 %. Newest value 73 %. Values: mean of days. "
        "Breaks: winter break. Change ideas: Check-in calls from 1 Dec 2025."
    )
