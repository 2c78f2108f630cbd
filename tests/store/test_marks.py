"""Marks in force are a plain replay of what people did; what would clash is refused in words."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lib.marks import CONDITIONS, ChartMark, Event, Place, Standing, new_middle_line, replay
from lib.marks import in_force as in_force_now
from lib.problems import CannotContinue
from lib.store import Database, definitions, marks

PLACES = [Place(1, 1, 0), Place(1, 0, 0), Place(2, 1, 5)]
MONDAY = date(2025, 9, 1)


def day(week: int) -> date:
    return MONDAY + timedelta(weeks=week)


def mark(kind: str, week: int = 0, last: int | None = None, place: Place = PLACES[0], **more: str) -> ChartMark:
    period = "week" if kind == "leave out" else ""
    text = more.pop("text", "snow week")
    return ChartMark(kind, place, day(week), text, None if last is None else day(last), **{"period": period} | more)


class Team(RuleBasedStateMachine):
    """People mark three charts; the model beside the store is a dictionary and plain loops over pairs of marks."""

    def __init__(self) -> None:
        super().__init__()
        self.database = Database(":memory:")
        self.network = definitions.add_network(self.database, "Team")
        self.other = definitions.add_network(self.database, "Another")
        self.model: dict[int, tuple[ChartMark, bool]] = {}
        self.snapshots: list[tuple[datetime, dict[int, tuple[ChartMark, bool]]]] = []

    def teardown(self) -> None:
        self.database.close()

    @initialize()
    def another_network_has_marks_too(self) -> None:
        marks.make(self.database, self.other, mark("note"), "Ana")

    def sound(self, held: list[ChartMark]) -> bool:
        return all(self.fit(a, b, held) for i, a in enumerate(held) for b in held[i + 1 :] if a.place == b.place)

    def fit(self, a: ChartMark, b: ChartMark, held: list[ChartMark]) -> bool:
        if {a.kind, b.kind} == {"freeze", "phase"}:
            frozen, phase = (a, b) if a.kind == "freeze" else (b, a)
            return not frozen.first < phase.first <= (frozen.last or date.max)
        if a.kind == b.kind == "freeze":
            early, late = sorted((a.first, b.first))
            starts = [one.first for one in held if one.kind == "phase" and one.place == a.place]
            return any(early < start <= late for start in starts)
        return a.kind != b.kind or a.kind == "note" or a.first != b.first

    def held(self, without: int = 0) -> list[ChartMark]:
        return [one for number, (one, there) in self.model.items() if there and number != without]

    def try_to(self, allowed: bool, what: object, *given: object) -> int | None:
        if allowed:
            done: int | None = what(self.database, self.network, *given, "Ana")  # type: ignore[operator]
            return done
        with pytest.raises(CannotContinue):
            what(self.database, self.network, *given, "Ana")  # type: ignore[operator]
        return None

    @rule(
        kind=st.sampled_from(["freeze", "phase", "leave out", "note"]),
        week=st.integers(0, 8),
        more=st.integers(-1, 6),
        place=st.sampled_from(PLACES),
    )
    def make(self, kind: str, week: int, more: int, place: Place) -> None:
        made = mark(kind, week, week + more if kind == "freeze" else None, place)
        allowed = self.sound([*self.held(), made]) and (kind != "freeze" or more >= 0)
        number = self.try_to(allowed, marks.make, made)
        if number is not None:
            self.model[number] = (made, True)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.model)))
        made, there = self.model[number]
        if self.try_to(there and self.sound(self.held(without=number)), marks.undo, number) is None and not there:
            return
        if there and self.sound(self.held(without=number)):
            self.model[number] = (made, False)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def redo(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.model)))
        made, there = self.model[number]
        allowed = not there and self.sound([*self.held(), made])
        self.try_to(allowed, marks.redo, number)
        if allowed:
            self.model[number] = (made, True)

    @rule()
    def look(self) -> None:
        [(now,)] = self.database.rows("select coalesce(max(saved_at), '2000-01-01'::timestamp) from mark_event")
        self.snapshots.append((now, dict(self.model)))

    @invariant()
    def the_store_holds_a_plain_replay(self) -> None:
        found = replay(marks.events(self.database, self.network))
        assert {one.number: (one.mark, one.in_force) for one in found} == self.model

    @invariant()
    def an_earlier_look_is_seen_again(self) -> None:
        for moment, then in self.snapshots[-2:]:
            found = replay(marks.events(self.database, self.network), as_of=moment)
            assert {one.number: (one.mark, one.in_force) for one in found} == then

    @invariant()
    def every_change_is_in_the_log(self) -> None:
        [(events,)] = self.database.rows("select count(*) from mark_event")
        [(lines,)] = self.database.rows("select count(*) from log where what like '%mark%'")
        assert events == lines


SETTINGS = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=15, stateful_step_count=20)
TestTeam = Team.TestCase
TestTeam.settings = SETTINGS


class LongTeam(Team):
    pass


TestLongTeam = pytest.mark.long(LongTeam.TestCase)
TestLongTeam.settings = settings(SETTINGS, max_examples=200, stateful_step_count=60)


def standing(*made: ChartMark) -> list[Standing]:
    return [
        Standing(i, one, True, (Event(i, i, "made", "Ana", datetime(2025, 9, 1), one),))
        for i, one in enumerate(made, 1)
    ]


@pytest.mark.parametrize(
    ("there", "new", "said"),
    [
        ([mark("leave out", 3)], mark("leave out", 3), "left out already"),
        ([mark("phase", 3)], mark("phase", 3), "begins on this day already"),
        ([mark("freeze", 0, 5)], mark("phase", 3), "inside the frozen stretch"),
        ([mark("freeze", 0, 5)], mark("phase", 5), "inside the frozen stretch"),
        ([mark("phase", 3)], mark("freeze", 0, 5), "inside the frozen stretch"),
        ([mark("freeze", 0, 5)], mark("freeze", 4, 9), "frozen twice"),
        ([mark("freeze", 0, 5)], mark("freeze", 7, 9), "frozen twice"),
        ([mark("freeze", 0, 5), mark("phase", 12)], mark("freeze", 7, 9), "frozen twice"),
        ([], mark("leave out", text="  "), "A reason is missing"),
        ([], mark("note", text=""), "The note is empty"),
        ([], mark("freeze", 5, 3), "before the first"),
    ],
)
def test_what_clashes_is_refused_in_words(database, network, there, new, said) -> None:
    for one in there:
        marks.make(database, network, one, "Ana")
    with pytest.raises(CannotContinue, match=said):
        marks.make(database, network, new, "Ana")
    assert len(marks.events(database, network)) == len(there)


@pytest.mark.parametrize(
    ("there", "new"),
    [
        ([mark("leave out", 3)], mark("leave out", 4)),
        ([mark("leave out", 3)], mark("leave out", 3, period="month")),
        ([mark("leave out", 3)], mark("leave out", 3, place=PLACES[1])),
        ([mark("note", 3)], mark("note", 3)),
        ([mark("freeze", 0, 5)], mark("phase", 0)),
        ([mark("freeze", 0, 5)], mark("phase", 6)),
        ([mark("freeze", 0, 5), mark("phase", 6)], mark("freeze", 6, 9)),
    ],
)
def test_what_fits_is_made(database, network, there, new) -> None:
    for one in [*there, new]:
        marks.make(database, network, one, "Ana")
    assert [one.mark for one in in_force_now(replay(marks.events(database, network)))] == [*there, new]


def test_nobody_marks_without_a_name(database, network) -> None:
    with pytest.raises(CannotContinue, match="Nobody is named"):
        marks.make(database, network, mark("note"), " ")


def test_undoing_a_phase_that_parts_two_frozen_stretches_is_refused(database, network) -> None:
    marks.make(database, network, mark("freeze", 0, 3), "Ana")
    phase = marks.make(database, network, mark("phase", 5), "Ana")
    late = marks.make(database, network, mark("freeze", 5, 8), "Ana")
    with pytest.raises(CannotContinue, match="frozen twice"):
        marks.undo(database, network, phase, "Ben")
    marks.undo(database, network, late, "Ben")
    marks.undo(database, network, phase, "Ben")
    with pytest.raises(CannotContinue, match="frozen twice"):
        marks.redo(database, network, late, "Ben")


def test_a_mark_keeps_who_made_and_who_undid_it(database, network) -> None:
    number = marks.make(database, network, mark("leave out", text="snow week"), " Ana ")
    marks.undo(database, network, number, "Ben")
    with pytest.raises(CannotContinue, match="undone already"):
        marks.undo(database, network, number, "Ben")
    marks.redo(database, network, number, "Cleo")
    with pytest.raises(CannotContinue, match="in force already"):
        marks.redo(database, network, number, "Ben")
    [one] = replay(marks.events(database, network))
    assert [(event.what, event.who) for event in one.history] == [
        ("made", "Ana"),
        ("undone", "Ben"),
        ("redone", "Cleo"),
    ]
    assert (one.who, one.mark.text, one.in_force) == ("Ana", "snow week", True)


def test_a_mark_of_another_network_is_out_of_reach(database, network) -> None:
    other = definitions.add_network(database, "Another")
    number = marks.make(database, other, mark("note"), "Ana")
    with pytest.raises(CannotContinue, match="isn't there"):
        marks.undo(database, network, number, "Ben")


@pytest.mark.parametrize("lacking", CONDITIONS)
def test_a_suggested_line_needs_all_four_ticks(lacking: str) -> None:
    ticked = [condition for condition in CONDITIONS if condition != lacking]
    with pytest.raises(CannotContinue, match=lacking):
        new_middle_line(PLACES[0], MONDAY, "With calls", "It lasts", ticked)


def test_a_suggested_line_needs_a_name_and_a_reason(database, network) -> None:
    for name, text, said in (("", "It lasts", "has no name"), ("With calls", "", "A reason is missing")):
        with pytest.raises(CannotContinue, match=said):
            marks.make(database, network, new_middle_line(PLACES[0], MONDAY, name, text, CONDITIONS), "Ana")
    marks.make(database, network, new_middle_line(PLACES[0], MONDAY, "With calls", "It lasts", CONDITIONS), "Ana")
    [one] = replay(marks.events(database, network))
    assert (one.mark.name, one.mark.agreed) == ("With calls", CONDITIONS)


def test_what_is_written_is_kept_as_text(database, network) -> None:
    hostile = "'); drop table mark_event; -- <b>=1+1</b>"
    marks.make(database, network, mark("note", text=hostile), hostile)
    [one] = replay(marks.events(database, network))
    assert (one.mark.text, one.who) == (hostile, hostile)
