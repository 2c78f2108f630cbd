"""A new school year: the calendar is copied on, and what had no value is listed; nothing is retired by itself."""

from datetime import date

from lib.store import edits, school_year
from lib.store.calendar import Entry

ENTRIES = [
    Entry("", "term", "Fall 2024", date(2024, 8, 19), date(2024, 12, 20)),
    Entry("", "term", "Fall 2025", date(2025, 8, 18), date(2025, 12, 19)),
    Entry("Valley", "break", "Fall break", date(2025, 10, 13), date(2025, 10, 17)),
    Entry("", "no-count", "Storm", date(2025, 10, 20), date(2025, 10, 20)),
    Entry("", "term", "Spring 2026", date(2026, 1, 5), date(2026, 5, 29)),
]


def test_the_newest_year_is_copied_to_the_same_days_of_the_week():
    found = school_year.copied(ENTRIES, 8)
    assert found == [
        Entry("", "term", "Fall 2026", date(2026, 8, 17), date(2026, 12, 18)),
        Entry("Valley", "break", "Fall break", date(2026, 10, 12), date(2026, 10, 16)),
        Entry("", "term", "Spring 2027", date(2027, 1, 4), date(2027, 5, 28)),
    ]
    assert {one.first.weekday() for one in found} == {0}
    assert school_year.copied([], 8) == []


def test_what_has_no_value_since_a_day_is_listed_and_stays(database, network, save):
    save([("A1", "Ash", "", "2025-09-01", 1, 2, 0.5), ("B1", "Bay", "", "2024-09-02", 1, 2, 0.5)])
    since = date(2025, 8, 1)
    assert school_year.schools_without_values(database, network, since) == [2]
    assert school_year.measures_without_values(database, network, since) == []
    assert school_year.measures_without_values(database, network, date(2026, 8, 1)) == [1]
    assert not any(row.school.retired for row in edits.school_rows(database, network))
