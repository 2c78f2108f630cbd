"""Observations as they were stored at a moment: the newest upload's word that is not after it."""

from datetime import datetime, timedelta

import pytest

from lib.store import definitions, series
from lib.store.series import Choice

START = datetime(2026, 1, 1, 12)


@pytest.fixture
def saved_at(database, save):
    """Saves rows as if so many days after START."""

    def later(days, rows):
        number = save(rows)
        with database.writing() as cursor:
            cursor.execute("update upload set saved_at = ? where id = ?", [START + timedelta(days=days), number])

    return later


def values(database, network, days):
    measure = definitions.measures(database, network)[0]
    as_of = None if days is None else START + timedelta(days=days)
    found = series.points(database, Choice(network, (measure.id,), schools=(1,), as_of=as_of))
    return found["value"].round(3).tolist(), found["upload"].tolist()


def week(day, value):
    return ("A", "Ash", "", f"2025-09-{day:02}", 100 * value, 100, value)


def test_each_moment_has_the_word_of_its_newest_upload(database, network, saved_at):
    saved_at(0, [week(1, 0.1), week(8, 0.2)])
    saved_at(2, [week(8, 0.3), week(15, 0.4)])
    saved_at(4, [week(8, 0.5)])
    assert values(database, network, -1) == ([], [])
    assert values(database, network, 0) == ([0.1, 0.2], [1, 1])
    assert values(database, network, 1.9) == ([0.1, 0.2], [1, 1])
    assert values(database, network, 2) == ([0.1, 0.3, 0.4], [1, 2, 2])
    assert values(database, network, 5) == ([0.1, 0.5, 0.4], [1, 3, 2])
    assert values(database, network, 5) == values(database, network, None)


def test_the_same_file_brought_in_twice_is_one_value(database, network, saved_at):
    saved_at(0, [week(1, 0.1)])
    saved_at(1, [week(1, 0.1)])
    assert values(database, network, 0) == ([0.1], [1])
    assert values(database, network, 1) == ([0.1], [2])


def test_pooled_lines_and_dates_work_as_of_a_moment_too(database, network, saved_at):
    saved_at(0, [week(1, 0.1), ("B", "Bay", "", "2025-09-01", 1, 1, 1.0)])
    saved_at(1, [week(1, 0.9)])
    measure = definitions.measures(database, network)[0]
    pooled = Choice(network, (measure.id,), pooled=True, last=datetime(2025, 9, 5).date(), as_of=START)
    assert series.points(database, pooled)["value"].tolist() == [pytest.approx(11 / 101)]
