"""Several networks in one database: each has its own data, whatever is done to the others."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from lib.improvement import TestOfChange
from lib.measures import Measure
from lib.problems import CannotContinue
from lib.store import Database, calendar, definitions, networks, series, undo, uploads
from lib.store.calendar import Entry
from lib.store.series import Choice
from tests.store.conftest import new_upload

MONDAY = date(2025, 9, 1)


def all_rows(database):
    """Every row of every table."""
    tables = [name for (name,) in database.rows("select table_name from duckdb_tables() order by 1")]
    return {table: sorted(map(repr, database.rows(f"select * from {table}"))) for table in tables}


def fill(database, number, school="Ash", value=0.5):
    """Something of everything that a network can hold."""
    row = [("A", school, "9", MONDAY, 1, 2, value), ("A", school, "", MONDAY, 1, 2, value)]
    uploads.save(database, new_upload(number, row))
    uploads.save(database, new_upload(number, [("A", school, "", MONDAY, 2, 2, 1.0)]))
    [one] = definitions.schools(database, number)
    with database.writing() as cursor:
        definitions.save_tests(cursor, number, [TestOfChange("Idea", one.id, MONDAY)])
        cursor.execute("insert into school_alias (network, alias, school) values (?, 'Nick', ?)", [number, one.id])
        [(upload,)] = cursor.execute("select max(id) from upload where network = ?", [number]).fetchall()
        cursor.execute("insert into refused_cell values (?, 's', 'A1', 'x', 'r', 'f')", [upload])
        cursor.execute("insert into left_out_row values (?, 's', 1, 'r')", [upload])
        cursor.execute("insert into measure_alias select ?, 'Att', max(id) from measure", [number])
        cursor.execute(
            """insert into recipe (id, network, name, recipe, proposed, asked, who)
               select coalesce(max(id), 0) + 1, ?, 'week', '{}', '', [], 'test' from recipe""",
            [number],
        )
        cursor.execute(
            """insert into merger (id, network, kind, gone, stays, gone_name, stays_name, before, who)
               select coalesce(max(id), 0) + 1, ?, 'school', 77, 78, 'a', 'b', '{}', 'test' from merger""",
            [number],
        )
        cursor.execute("insert into merged_value select max(id), 77, 77, 0, ?, 77 from merger", [MONDAY])
        [(mark,)] = cursor.execute("select coalesce(max(number), 0) + 1 from mark_event").fetchall()
        cursor.execute(
            "insert into mark_event (number, network, mark, what, who) values (?, ?, ?, 'made', 'x')",
            [mark, number, mark],
        )
    undo.undo(database, number, upload, "test", "test")
    calendar.save(database, number, [Entry("", "break", f"Break of {school}", MONDAY, MONDAY)], "test")
    calendar.save(database, number, [Entry("", "term", f"Term of {school}", MONDAY, MONDAY)], "test")


def test_deleting_takes_every_row_and_leaves_the_others_as_they_were(database):
    first = networks.create(database, "First", "test")
    fill(database, first)
    before = all_rows(database)
    second = networks.create(database, "Second", "test")
    fill(database, second, "Bay")
    grown = {table for table, rows in all_rows(database).items() if len(rows) > len(before[table])}
    every = set(before) - {"migration", "deleted_network"}
    assert grown == every, "fill() must put a row in each table, or this test says nothing about it"
    networks.delete(database, second, "Second", "test")
    after = all_rows(database)
    assert len(after.pop("deleted_network")) == 1
    before.pop("deleted_network")
    assert after == before


def test_a_table_of_which_nobody_knows_the_network_is_noticed(database):
    with database.writing() as cursor:
        cursor.execute("create table stray (text text)")
        with pytest.raises(ValueError, match="stray"):
            networks.deletions(cursor)


def test_the_typed_name_must_be_the_name(database, network):
    for typed in ("", "Test", "test network", "Test networks"):
        with pytest.raises(CannotContinue, match="not the name of the network: “Test network”"):
            networks.delete(database, network, typed, "test")
    assert len(networks.sizes(database)) == 1
    networks.delete(database, network, " Test  network ", "test")
    assert networks.sizes(database).empty


def test_a_number_is_never_used_again(database, network):
    networks.delete(database, network, "Test network", "Ann")
    assert database.rows("select id, who from deleted_network") == [(network, "Ann")]
    assert networks.create(database, "Next", "test") == network + 1
    assert definitions.add_network(database, "After") == network + 2


def test_what_was_deleted_cannot_be_deleted_or_renamed_again(database, network):
    networks.delete(database, network, "Test network", "test")
    with pytest.raises(CannotContinue, match="was deleted"):
        networks.delete(database, network, "Test network", "test")
    with pytest.raises(CannotContinue, match="was deleted"):
        networks.rename(database, network, "Other", "test")


@pytest.mark.parametrize(
    ("name", "why"),
    [("  ", "no name"), ("x" * 81, "81 letters"), ("TEST  Network", "There is a network “TEST Network” already")],
)
def test_names_that_are_missing_too_long_or_taken(database, network, name, why):
    with pytest.raises(CannotContinue, match=why):
        networks.create(database, name, "test")
    other = networks.create(database, "Other", "test")
    with pytest.raises(CannotContinue, match=why):
        networks.rename(database, other, name, "test")
    assert networks.sizes(database)["name"].tolist() == ["Test network", "Other"]


def test_renaming_is_logged_and_may_change_only_capitals(database, network):
    networks.rename(database, network, "TEST network", "Ann")
    assert networks.sizes(database)["name"].tolist() == ["TEST network"]
    assert ("Ann", "renamed the network Test network to TEST network") in database.rows("select who, what from log")


def test_a_new_database_never_had_a_network(database):
    assert networks.none_ever(database)
    number = networks.create(database, "One", "test")
    assert not networks.none_ever(database)
    networks.delete(database, number, "One", "test")
    assert not networks.none_ever(database)


def test_what_each_network_holds(database, network):
    fill(database, network)
    networks.create(database, "Empty", "test")
    held, empty = networks.sizes(database).to_dict("records")
    assert (held["schools"], held["measures"], held["observations"], held["last"]) == (1, 1, 2, MONDAY)
    assert (empty["schools"], empty["measures"], empty["observations"]) == (0, 0, 0)


class SeveralNetworks(RuleBasedStateMachine):
    """Whatever is done in any order: each network shows what was put in it, and nothing else.

    Schools, measures and values are called alike in all of them, as they may be.
    """

    numbers = Bundle("numbers")

    def __init__(self):
        super().__init__()
        self.database = Database(":memory:")
        self.names, self.values, self.breaks = {}, {}, {}

    def teardown(self):
        self.database.close()

    @rule(target=numbers, name=st.integers(0, 10**9))
    def create(self, name):
        taken = f"n{name}" in self.names.values()
        try:
            number = networks.create(self.database, f"n{name}", "test")
        except CannotContinue:
            assert taken
            return 0
        assert not taken and number not in self.values
        self.names[number], self.values[number], self.breaks[number] = f"n{name}", {}, []
        return number

    @rule(
        number=numbers,
        code=st.sampled_from("ABC"),
        measure=st.sampled_from(["Attendance"]),
        week=st.integers(0, 3),
        value=st.integers(0, 100),
    )
    def bring_in(self, number, code, measure, week, value):
        if number not in self.names:
            return
        day = MONDAY + timedelta(weeks=week)
        row = [(code, f"{code} High", "", day, value, 100, value / 100)]
        uploads.save(self.database, new_upload(number, row, measure=Measure(0, measure, unit="percent")))
        self.values[number][f"{code} High", day] = value / 100

    @rule(number=numbers, days=st.lists(st.integers(0, 60), max_size=3, unique=True))
    def set_calendar(self, number, days):
        if number not in self.names:
            return
        entries = [Entry("", "break", f"{number}", MONDAY + timedelta(d), MONDAY + timedelta(d)) for d in sorted(days)]
        calendar.save(self.database, number, entries, "test")
        self.breaks[number] = entries

    @rule(number=numbers, name=st.integers(0, 10**9))
    def rename(self, number, name):
        if number in self.names and f"n{name}" not in self.names.values():
            networks.rename(self.database, number, f"n{name}", "test")
            self.names[number] = f"n{name}"

    @rule(number=consumes(numbers))
    def delete(self, number):
        if number in self.names:
            networks.delete(self.database, number, self.names.pop(number), "test")
            del self.values[number], self.breaks[number]

    @invariant()
    def each_network_shows_its_own(self):
        found = networks.sizes(self.database)
        assert dict(zip(found["id"].tolist(), found["name"].tolist(), strict=True)) == self.names
        for number, expected in self.values.items():
            schools = {school.id: school.name for school in definitions.schools(self.database, number)}
            measures = tuple(measure.id for measure in definitions.measures(self.database, number))
            points = series.points(self.database, Choice(number, measures)).dropna(subset="value")
            shown = {(schools[row.school], row.date.date()): row.value for row in points.itertuples()}
            assert shown == expected
            assert set(schools.values()) == {name for name, _ in expected}
            assert calendar.entries(self.database, number) == self.breaks[number]

    @invariant()
    def nothing_is_left_of_deleted_networks(self):
        kept = sum(len(values) for values in self.values.values())
        assert self.database.rows("select count(*) from observation") == [(kept,)]
        for table in ("school", "measure", "upload", "calendar", "log"):
            rows = self.database.rows(f"select distinct network from {table}")
            assert {number for (number,) in rows} <= set(self.names)


SeveralNetworks.TestCase.settings = settings(
    max_examples=8, stateful_step_count=12, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
test_several_networks = SeveralNetworks.TestCase
