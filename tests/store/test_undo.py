"""Undo, redo, typing and re-upload in any order: what is stored is what a plain replay of the rest would store."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache

import duckdb
import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lib.improvement import TestOfChange
from lib.measures import Measure
from lib.problems import CannotContinue
from lib.store import Database, definitions, series, undo, uploads
from lib.store.series import Choice
from tests.store.conftest import new_upload

ASH = ("A1", "Ash Grove High", "", "2025-09-01", 18, 20, 0.9)
ASH_LATER = ("A1", "Ash Grove High", "", "2025-09-01", 19, 20, 0.95)
BAY = ("B1", "Bayview High", "9", "2025-09-01", 15, 20, 0.75)

SCHOOLS = st.sampled_from([("A1", "Ash"), ("B1", "Bay"), ("C1", "Cedar")])
CELL = st.tuples(SCHOOLS, st.sampled_from(["", "9"]), st.sampled_from(["2025-09-01", "2025-09-08"]), st.integers(0, 4))
CELLS = st.lists(CELL, min_size=1, max_size=5, unique_by=lambda cell: cell[:3]).map(tuple)
FILE = st.tuples(st.sampled_from(["Attendance", "Visits"]), CELLS)
MEASURES = {
    "Attendance": Measure(0, "Attendance", unit="percent", cadence="week", draft=True),
    "Visits": Measure(0, "Visits", unit="rate", cadence="week", draft=True),
}


@lru_cache(maxsize=500)  # making the tables takes a fifth of the time of saving them
def as_upload(network, file, reason=""):
    """The upload of a file; a cell without a number is one that a person empties."""
    measure, cells = file
    rows = [(*cell[0], *cell[1:], 4, cell[3] / 4) for cell in cells if cell[3] is not None]
    emptied = [(*cell[0], *cell[1:], None, None) for cell in cells if cell[3] is None]
    made = new_upload(network, rows, measure=MEASURES[measure], emptied=emptied)
    for frame in (made.observations, made.emptied):
        if frame is not None:
            frame["measure"] = measure
    return replace(made, reason=reason) if reason else made


def words(database, network, table="observation"):
    """What is shown, in names that are the same in every database."""
    return set(
        database.rows(
            f"""select measure.name, school.code, coalesce(student_group.name, ''), date::text, numerator,
                       denominator, value from {table} join measure on measure.id = measure
                join school on school.id = school left join student_group on student_group.id = student_group
                where measure.network = ?""",
            [network],
        )
    )


def known(database, network):
    """The schools, measures and groups that pages show."""
    return (
        {school.code for school in definitions.schools(database, network)},
        {measure.name for measure in definitions.measures(database, network)},
        {group.name for group in definitions.groups(database, network)},
    )


class Office(RuleBasedStateMachine):
    """A data lead brings files in, types, undoes and redoes; beside it, a list of files and whether each stands."""

    def __init__(self):
        super().__init__()
        self.database = Database(":memory:")
        self.network = definitions.add_network(self.database, "Office")
        other = definitions.add_network(self.database, "Another")
        uploads.save(self.database, as_upload(other, ("Attendance", ((("A1", "Ash"), "", "2025-09-01", 1),))))
        self.files = {}
        self.standing = {}

    def teardown(self):
        self.as_of_now_is_what_is_shown()
        self.as_a_replay_in_a_new_database()
        self.database.close()

    @rule(file=FILE)
    def bring_in(self, file):
        number = uploads.save(self.database, as_upload(self.network, file))
        self.files[number], self.standing[number] = file, True

    @rule(measure=st.sampled_from(["Attendance", "Visits"]), cell=CELL)
    def type_one(self, measure, cell):
        number = uploads.save(self.database, as_upload(self.network, (measure, (cell,)), "a slip"))
        self.files[number], self.standing[number] = (measure, (cell,)), True

    @rule(measure=st.sampled_from(["Attendance", "Visits"]), cell=CELL, other=CELL)
    def empty_one(self, measure, cell, other):
        """A person empties one value, whether there is one or not, and types another."""
        cells = ((*cell[:3], None), *([other] if other[:3] != cell[:3] else []))
        number = uploads.save(self.database, as_upload(self.network, (measure, cells), "never counted"))
        self.files[number], self.standing[number] = (measure, cells), True

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def bring_in_again(self, data):
        self.bring_in(self.files[data.draw(st.sampled_from(sorted(self.files)))])

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def turn(self, data):
        number = data.draw(st.sampled_from(sorted(self.files)))
        done, refused = (undo.undo, undo.redo) if self.standing[number] else (undo.redo, undo.undo)
        with pytest.raises(CannotContinue, match="already"):
            refused(self.database, self.network, number, "Ana", "wrong file")
        before, said = words(self.database, self.network), undo.effect(self.database, number)
        done(self.database, self.network, number, "Ana", "wrong file")
        after = words(self.database, self.network)
        assert said.gone - said.new == len(before) - len(after)
        assert said.changed == len({row[:4] for row in before - after} & {row[:4] for row in after - before})
        self.standing[number] = not self.standing[number]

    def replayed(self):
        shown = {}
        for number in sorted(self.files):
            measure, cells = self.files[number]
            for (code, _), group, day, present in cells if self.standing[number] else []:
                shown[measure, code, group, day] = present
        return {(*key, float(said), 4.0, said / 4) for key, said in shown.items() if said is not None}

    @invariant()
    def what_is_shown_is_a_plain_replay(self):
        assert words(self.database, self.network) == self.replayed()

    @invariant()
    def every_value_is_kept_once(self):
        [(held,)] = self.database.rows(
            """select (select count(*) from observation) + (select count(*) from replaced)
                   - (select count(*) from observation join measure on measure.id = measure where network <> ?)""",
            [self.network],
        )
        assert held == sum(len(cells) for _, cells in self.files.values())

    def as_of_now_is_what_is_shown(self):
        measures = tuple(measure.id for measure in definitions.measures(self.database, self.network))
        now = Choice(self.network, measures, groups=())
        later = Choice(self.network, measures, groups=(), as_of=datetime.now() + timedelta(days=1))
        shown, then = (series.points(self.database, choice)["value"].tolist() for choice in (now, later))
        assert shown == pytest.approx(then, nan_ok=True)

    def as_a_replay_in_a_new_database(self):
        plain = Database(":memory:")
        network = definitions.add_network(plain, "Replay")
        for number in sorted(self.files):
            if self.standing[number]:
                uploads.save(plain, as_upload(network, self.files[number]))
        assert words(self.database, self.network) == words(plain, network)
        assert known(self.database, self.network) == known(plain, network)
        plain.close()


HURRIED = settings(max_examples=6, stateful_step_count=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TestOffice = Office.TestCase
TestOffice.settings = HURRIED


@pytest.mark.long
@pytest.mark.parametrize("part", range(6))
def test_a_long_time_at_the_office(part):
    """300 examples of 40 steps, in parts of a written seed that several processes can share."""
    office = seed(part)(type("LongOffice", (Office,), {}))
    run_state_machine_as_test(office, settings=settings(HURRIED, max_examples=50, stateful_step_count=40))


def stored(database):
    return database.rows("select school, date::text, value, upload from observation order by school, date")


def test_an_undone_upload_gives_back_what_it_replaced_and_takes_what_was_new(database, network, save):
    first, second = save([ASH]), save([ASH_LATER, BAY])
    undo.undo(database, network, second, "Ana", "the wrong week")
    assert stored(database) == [(1, "2025-09-01", 0.9, first)]
    undo.redo(database, network, second, "Ben", "it was right")
    assert stored(database) == [(1, "2025-09-01", 0.95, second), (2, "2025-09-01", 0.75, second)]


def test_what_a_later_upload_said_stays(database, network, save):
    first, second, third = save([ASH]), save([ASH_LATER]), save([("A1", "Ash", "", "2025-09-01", 10, 20, 0.5)])
    undo.undo(database, network, second, "Ana", "x")
    assert stored(database) == [(1, "2025-09-01", 0.5, third)]
    undo.undo(database, network, third, "Ana", "x")
    assert stored(database) == [(1, "2025-09-01", 0.9, first)]


EMPTIED = ("A1", "Ash Grove High", "", "2025-09-01", None, None, None)


def test_an_emptied_value_is_gone_until_that_is_undone_and_a_later_file_brings_it_again(database, network, save):
    first = save([ASH])
    second = save([BAY], emptied=[EMPTIED])
    assert stored(database) == [(2, "2025-09-01", 0.75, second)]
    assert undo.effect(database, second) == undo.Effect(changed=0, new=1, gone=1, elsewhere=0)
    undo.undo(database, network, second, "Ana", "it was counted after all")
    assert stored(database) == [(1, "2025-09-01", 0.9, first)]
    assert undo.effect(database, second) == undo.Effect(changed=0, new=1, gone=1, elsewhere=0)
    undo.redo(database, network, second, "Ana", "no")
    third = save([ASH_LATER])
    assert stored(database)[0] == (1, "2025-09-01", 0.95, third)
    undo.undo(database, network, third, "Ana", "x")
    assert stored(database) == [(2, "2025-09-01", 0.75, second)]


def test_a_file_with_a_value_that_is_none_is_still_a_mistake_and_empties_nothing(database, network, save):
    save([ASH])
    with pytest.raises(duckdb.ConstraintException):
        save([("A1", "Ash Grove High", "", "2025-09-01", 18, 20, None)])
    assert len(stored(database)) == 1


def test_as_of_the_day_before_an_emptied_value_is_still_there(database, network, save):
    save([ASH])
    second = save([], emptied=[EMPTIED])
    with database.writing() as cursor:
        cursor.execute("update upload set saved_at = saved_at - interval 2 day where id < ?", [second])
    measure, now = definitions.measures(database, network)[0].id, datetime.now()
    seen = [
        series.points(database, Choice(network, (measure,), as_of=now + timedelta(days=days)))["value"].tolist()
        for days in (-1, 1)
    ]
    assert seen == [[0.9], []]


def test_who_when_and_why_are_kept(database, network, save):
    number = save([ASH])
    undo.undo(database, network, number, " Ana ", " the wrong week ")
    undo.redo(database, network, number, "Ben", "no, right")
    found = [(one.upload, one.what, one.who, one.reason) for one in undo.events(database, network)]
    assert found == [(number, "undone", "Ana", "the wrong week"), (number, "redone", "Ben", "no, right")]
    assert database.rows("select who, what from log order by rowid")[-2:] == [
        ("Ana", f"upload {number} undone: the wrong week"),
        ("Ben", f"upload {number} redone: no, right"),
    ]


@pytest.mark.parametrize(("who", "reason", "said"), [("", "x", "Nobody is named"), ("Ana", " ", "reason is missing")])
def test_nobody_undoes_without_a_name_and_a_reason(database, network, save, who, reason, said):
    number = save([ASH])
    with pytest.raises(CannotContinue, match=said):
        undo.undo(database, network, number, who, reason)
    assert len(stored(database)) == 1


def test_an_upload_of_another_network_is_out_of_reach(database, network, save):
    number, other = save([ASH]), definitions.add_network(database, "Another")
    with pytest.raises(CannotContinue, match="isn't there"):
        undo.undo(database, other, number, "Ana", "x")


def test_what_only_an_undone_upload_named_is_not_shown_until_another_names_it(database, network):
    number = uploads.save(database, as_upload(network, ("Visits", ((("A1", "Ash"), "9", "2025-09-01", 1),))))
    undo.undo(database, network, number, "Ana", "another network's file")
    assert known(database, network) == (set(), set(), {""})
    uploads.save(database, as_upload(network, ("Visits", ((("A1", "Ash"), "", "2025-09-08", 1),))))
    assert known(database, network) == ({"A1"}, {"Visits"}, {""})
    assert database.rows("select count(*) from school") == [(1,)]


def test_a_group_of_which_values_are_only_taken_away_is_not_shown(database, network):
    day = (("A1", "Ash"), "9", "2025-09-01")
    number = uploads.save(database, as_upload(network, ("Visits", ((*day, 1), (("A1", "Ash"), "", "2025-09-01", 1)))))
    uploads.save(database, as_upload(network, ("Visits", ((*day, None), (("A1", "Ash"), "", "2025-09-08", 1)))))
    assert known(database, network) == ({"A1"}, {"Visits"}, {"", "9"})
    undo.undo(database, network, number, "Ana", "another network's file")
    assert known(database, network) == ({"A1"}, {"Visits"}, {""})


def test_what_people_worked_on_stays_when_the_upload_that_brought_it_is_undone(database, network):
    number = uploads.save(database, as_upload(network, ("Visits", ((("A1", "Ash"), "", "2025-09-01", 1),))))
    with database.writing() as cursor:
        cursor.execute("update measure set draft = false")
        cursor.execute("update school set tags = ['large']")
    undo.undo(database, network, number, "Ana", "x")
    assert known(database, network) == ({"A1"}, {"Visits"}, {""})


def test_a_school_in_which_an_idea_is_tested_stays_when_the_upload_that_brought_it_is_undone(database, network, save):
    number = save([ASH, BAY])
    with database.writing() as cursor:
        definitions.save_tests(cursor, network, [TestOfChange("Check-in calls", 1, date(2025, 9, 1))])
    undo.undo(database, network, number, "Ana", "x")
    assert known(database, network)[0] == {"A1"}


def test_a_measure_that_came_in_anew_with_another_unit_keeps_the_old_values_out(database, network):
    number = uploads.save(database, as_upload(network, ("Visits", ((("A1", "Ash"), "", "2025-09-01", 1),))))
    undo.undo(database, network, number, "Ana", "read as a rate by mistake")
    again = as_upload(network, ("Visits", ((("A1", "Ash"), "", "2025-09-01", 1),)))
    uploads.save(database, replace(again, measures=(Measure(0, "Visits", unit="count", draft=True),)))
    assert definitions.measures(database, network)[0].unit == "count"
    with pytest.raises(CannotContinue, match="was in rate in this upload, and is in count now"):
        undo.redo(database, network, number, "Ana", "x")


def test_as_of_a_moment_an_upload_is_what_it_was_then(database, network, save):
    first, second = save([ASH]), save([ASH_LATER])
    undo.undo(database, network, second, "Ana", "x")
    undo.redo(database, network, second, "Ana", "x")
    start = datetime(2026, 1, 1)
    with database.writing() as cursor:
        for number, day in ((first, 0), (second, 2)):
            cursor.execute("update upload set saved_at = ? where id = ?", [start + timedelta(days=day), number])
        for number, day in ((1, 4), (2, 6)):
            cursor.execute(
                "update upload_event set saved_at = ? where number = ?", [start + timedelta(days=day), number]
            )
    measure = definitions.measures(database, network)[0].id
    seen = [
        series.points(database, Choice(network, (measure,), as_of=start + timedelta(days=day)))["value"].tolist()
        for day in (1, 3, 5, 7)
    ]
    assert seen == [[0.9], [0.95], [0.9], [0.95]]
