"""A run that lies across a break says so; what the calendar changes is said."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lib.wording import Break, Reading
from lib.wording.spans import SHORTEST_BREAK, no_count_text, spans_text, transformed_text
from tests.wording.made import made, oak_street, percents, weeks, with_measure

SAID = "This run spans {}; check that nothing else changed."
OAK_WEEKS = weeks(26)
RUN_FIRST, RUN_LAST = OAK_WEEKS[13], OAK_WEEKS[25]
"""Oak Street: of the last 13 points 12 are above, and one is on the line."""


def a_break(first: date, days: int = 5, name: str = "Winter break") -> Break:
    return Break(name, first, first + timedelta(days - 1))


def week_after(day: date) -> date:
    return day + timedelta(weeks=1)


@pytest.mark.parametrize(
    ("first", "days", "spans"),
    [
        (week_after(RUN_FIRST), 5, True),
        (RUN_FIRST + timedelta(1), 5, True),
        (RUN_FIRST, 5, False),  # the run begins with the break
        (RUN_LAST - timedelta(5), 5, True),
        (RUN_LAST - timedelta(4), 5, False),  # its last day is the day of the last point
        (RUN_FIRST - timedelta(weeks=3), 5, False),
        (RUN_LAST + timedelta(weeks=3), 5, False),
        (week_after(RUN_FIRST), 2, False),  # a long weekend is no break on a weekly chart
        (week_after(RUN_FIRST), 3, True),
    ],
)
def test_a_run_spans_a_break_that_it_has_points_before_and_after(first: date, days: int, spans: bool) -> None:
    reading = oak_street(breaks=(a_break(first, days),))
    assert spans_text(reading) == (SAID.format("Winter break") if spans else "")


def test_several_breaks_are_listed_in_order_of_date() -> None:
    days = [week_after(RUN_FIRST) + timedelta(weeks=n) for n in range(4)]
    breaks = tuple(a_break(day, name=f"B{n}") for n, day in enumerate(days))
    assert spans_text(oak_street(breaks=breaks[1::-1])) == SAID.format("B0 and B1")
    assert spans_text(oak_street(breaks=breaks[:3])) == SAID.format("B0, B1 and B2")
    assert spans_text(oak_street(breaks=breaks)) == SAID.format("4 breaks, the newest one B3")


def hint() -> Reading:
    """Six points above at the end, after a saw."""
    saw = [40, 60, 42, 61, 39, 63, 45, 59, 41, 62, 38, 64, 39, 61, 62, 60, 64, 63, 65]
    return made(percents(*saw), baseline=12)


def test_an_early_hint_speaks_of_its_run() -> None:
    reading = hint()
    assert reading.newest_phase is not None and reading.newest_phase["state"] == "early hint"
    inside, before = a_break(weeks(19)[16]), a_break(weeks(19)[3])
    assert spans_text(replace(reading, breaks=(before, inside))) == SAID.format("Winter break")
    assert spans_text(replace(reading, breaks=(before,))) == ""


def test_a_short_run_says_nothing() -> None:
    reading = made(percents(*[40, 60, 42, 61, 39, 63, 45, 59, 41, 62, 38, 64] * 2))
    assert reading.newest_phase is not None and reading.newest_phase["state"] == "steady"
    assert spans_text(replace(reading, breaks=tuple(a_break(day) for day in weeks(24)))) == ""


def test_an_older_signal_is_spoken_of_and_not_the_short_run_after_it() -> None:
    values = percents(*[48, 52] * 6, *[55] * 10, *[48, 52] * 3)
    reading = made(values, baseline=12)
    inside, after = a_break(weeks(28)[15], name="Inside"), a_break(weeks(28)[25], name="After")
    assert spans_text(replace(reading, breaks=(inside, after))) == SAID.format("Inside")


@pytest.mark.parametrize(
    "reading",
    [made([1.0] * 12), made(percents(60, 70, 65)), made(percents(*range(20, 40)), with_measure(cumulative=True))],
    ids=["can't be split", "too early", "cumulative"],
)
def test_where_no_rule_is_read_no_run_is_spoken_of(reading: Reading) -> None:
    assert spans_text(replace(reading, breaks=tuple(a_break(day) for day in weeks(20)))) == ""


def test_no_points_at_all() -> None:
    assert spans_text(replace(made([float("nan")] * 3), breaks=(a_break(weeks(2)[1]),))) == ""


def test_a_break_inside_a_quarter_says_nothing() -> None:
    reading = replace(oak_street(breaks=(a_break(week_after(RUN_FIRST), 30),)), period="quarter")
    assert "quarter" not in SHORTEST_BREAK and spans_text(reading) == ""


def test_a_name_is_never_read_as_a_template() -> None:
    reading = oak_street(breaks=(a_break(week_after(RUN_FIRST), name="{names} {0}"),))
    assert spans_text(reading) == SAID.format("{names} {0}")


def test_what_is_left_out_and_changed_is_said() -> None:
    assert no_count_text(2) == "2 values on no-count days are left out."
    assert transformed_text("week") == ""
    assert transformed_text("month", True, True) == "new in each month, how far above or below the other schools"
