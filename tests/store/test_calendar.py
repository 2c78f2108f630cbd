"""The calendar: what can't be saved is said by its row, and what was before is never lost."""

import json
from datetime import date

import pytest

from lib.store import calendar, definitions
from lib.store.calendar import Entry

DISTRICTS = ["Lakeshore", "Valley"]


def entry(first, last, kind="break", district="", name="Fall break", where="Row 1"):
    return Entry(district, kind, name, date.fromisoformat(first), date.fromisoformat(last), where)


def said(*entries, districts=DISTRICTS):
    return [str(problem) for problem in calendar.problems(entries, districts)]


def test_a_good_calendar_has_no_problem():
    assert (
        said(
            entry("2025-08-18", "2025-12-19", "term", name="Fall"),
            entry("2025-10-06", "2025-10-10", district="Valley"),
            entry("2025-11-11", "2025-11-11", "no-count", name=""),
        )
        == []
    )


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (entry("2025-10-10", "2025-10-09"), "Row 1, last: It ends on 2025-10-09, before it begins on 2025-10-10."),
        (
            entry("2025-10-10", "2025-10-10", kind="holiday"),
            "Row 1, kind: “holiday” is no kind of entry. Write term, break or no-count.",
        ),
        (entry("2025-10-10", "2025-10-10", name=""), "Row 1, name: The break has no name."),
        (
            entry("2025-10-10", "2025-10-10", district="Vally"),
            "Row 1, district: No school is in a district “Vally”. Did you mean “Valley”?",
        ),
        (
            entry("2025-10-10", "2025-10-10", district="X"),
            "Row 1, district: No school is in a district “X”. Leave it empty for every district.",
        ),
    ],
)
def test_each_problem_says_its_row_and_column(wrong, what):
    [problem] = said(wrong)
    assert problem.startswith(what)


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (entry("2025-10-06", "2025-10-10"), entry("2025-10-10", "2025-10-12"), True),  # the last day is in both
        (entry("2025-10-06", "2025-10-10"), entry("2025-10-11", "2025-10-12"), False),
        (entry("2025-10-06", "2025-10-10", district="Valley"), entry("2025-10-06", "2025-10-10"), True),
        (
            entry("2025-10-06", "2025-10-10", district="Valley"),
            entry("2025-10-06", "2025-10-10", district="Lakeshore"),
            False,
        ),
        (entry("2025-10-06", "2025-10-10", "term"), entry("2025-10-06", "2025-10-10"), False),
        (entry("2025-10-06", "2025-10-10", "term"), entry("2025-10-10", "2025-11-10", "term"), True),
    ],
    ids=["touching", "next day", "a district and every district", "two districts", "a break in a term", "two terms"],
)
def test_entries_of_one_kind_overlap_where_a_school_is_in_both(one, other, overlap):
    for pair in ((one, other), (other, one)):
        assert any("overlaps" in problem for problem in said(*pair)) == overlap


def test_a_slip_of_the_year_is_noticed():
    assert said(entry("2025-01-01", "2026-02-04")) == []  # 400 days, both ends counted
    [problem] = said(entry("2025-01-01", "2026-02-05"))
    assert problem.endswith("is more than 400 days. Check the year.")


def test_an_overlap_names_both_rows():
    found = said(entry("2025-10-06", "2025-10-10"), entry("2025-10-08", "2025-10-12", name="Pause", where="Row 2"))
    assert found == ["Row 2: “Pause” overlaps “Fall break” (Row 1). Change one of the dates."]


def test_what_lies_outside_every_term_is_found():
    fall = entry("2025-08-18", "2025-12-19", "term", district="Valley", name="Fall")
    inside, outside = (
        entry("2025-10-06", "2025-10-10", district="Valley"),
        entry("2026-06-08", "2026-08-14", name="Summer"),
    )
    other = entry("2025-10-06", "2025-10-10", district="Lakeshore")
    assert calendar.outside_terms([fall, inside, outside, other]) == [outside, other]


def test_one_day_in_a_term_is_in_it():
    fall = entry("2025-08-18", "2025-12-19", "term", name="Fall")
    into, out_of = entry("2025-08-11", "2025-08-18", name="Into"), entry("2025-12-19", "2026-01-02", name="Out of")
    assert calendar.outside_terms([fall, into, out_of]) == []
    before = entry("2025-08-11", "2025-08-17", name="Before")
    assert calendar.outside_terms([fall, before]) == [before]


def bare(entries):
    return [Entry(one.district, one.kind, one.name, one.first, one.last) for one in entries]


def test_saving_puts_the_new_in_place_of_the_old_and_the_old_in_the_log(database, network):
    old = bare([entry("2025-10-06", "2025-10-10", district="Valley", name="Pause “for” all, 'really'")])
    new = bare([entry("2025-08-18", "2025-12-19", "term"), entry("2025-11-11", "2025-11-11", "no-count", name="")])
    calendar.save(database, network, old, "Ann")
    calendar.save(database, network, new, "Bob")
    assert calendar.entries(database, network) == new
    [before] = calendar.earlier(database, network)
    assert (list(before.entries), before.who) == (old, "Bob")
    [(what, text)] = database.rows("select what, before from log where who = 'Bob'")
    assert what == "changed the calendar: 2 entries"
    assert json.loads(text)[0]["first"] == "2025-10-06"


def test_earlier_calendars_come_newest_first_and_are_this_networks_own(database, network):
    other = definitions.add_network(database, "Other")
    for number in (6, 7, 8):
        calendar.save(database, network, [entry(f"2025-10-0{number}", "2025-10-10")], "Ann")
    calendar.save(database, other, [entry("2020-10-01", "2020-10-10")], "Ann")
    calendar.save(database, other, [], "Ann")
    assert [one.entries[0].first.day for one in calendar.earlier(database, network)] == [7, 6]
    assert [one.entries[0].first.year for one in calendar.earlier(database, other)] == [2020]
    assert len(calendar.entries(database, network)) == 1


def test_an_empty_calendar_can_be_saved(database, network):
    calendar.save(database, network, [entry("2025-10-06", "2025-10-10")], "Ann")
    calendar.save(database, network, [], "Ann")
    assert calendar.entries(database, network) == []


def test_a_failed_save_changes_nothing(database, network):
    good = bare([entry("2025-10-06", "2025-10-10")])
    calendar.save(database, network, good, "Ann")
    bad = Entry("", "break", None, date(2025, 1, 1), date(2025, 1, 2))
    with pytest.raises(Exception, match="NOT NULL"):
        calendar.save(database, network, [bad], "Bob")
    assert calendar.entries(database, network) == good
    assert database.rows("select count(*) from log where who = 'Bob'") == [(0,)]


def test_districts_are_those_of_the_networks_schools(database, network, save):
    save([("A", "A", "", "2025-09-01", 1, 2, 0.5), ("B", "B", "", "2025-09-01", 1, 2, 0.5)])
    database.rows("update school set district = 'Valley' where code = 'A'")
    assert calendar.districts(database, network) == ["Valley"]
    assert calendar.districts(database, definitions.add_network(database, "Other")) == []
