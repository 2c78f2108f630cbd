"""What people mark on a chart, each with who, when and why, as an append-only list of events.

The marks in force are a replay of the events; a replay up to a moment gives them as they were then. A set of marks of
one chart is sound when each point is left out once, each phase begins once, and each phase has at most one frozen
stretch, which no phase begins inside of. No event may leave an unsound set, so a redo or an undo can be refused too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Literal

from lib.problems import CannotContinue, Problem

Kind = Literal["freeze", "phase", "leave out", "note"]
What = Literal["made", "undone", "redone"]

KINDS: tuple[Kind, ...] = ("freeze", "phase", "leave out", "note")

CONDITIONS = ("sustained", "cause known", "wanted direction", "expected to last")
"""What a person must agree to for a suggested new middle line. Source: the project's rules, 3."""


@dataclass(frozen=True, order=True)
class Place:
    """The chart that a mark is on; school 0 is the pooled network, group 0 all students."""

    measure: int
    school: int
    group: int


@dataclass(frozen=True)
class ChartMark:
    """One mark. `first` is the day of the point, note or phase, or the first of a freeze, whose last day is `last`.

    `period` is that of the chart whose point is left out or noted on; such a mark is on charts of that period alone.
    It is empty for a note on a date. `name` is of a phase; `agreed` are the CONDITIONS of a suggested middle line.
    """

    kind: Kind
    place: Place
    first: date
    text: str
    last: date | None = None
    period: str = ""
    name: str = ""
    agreed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Event:
    """`mark` is the number of the event that made the mark; only that one holds it. `at` has no time zone."""

    number: int
    mark: int
    what: What
    who: str
    at: datetime
    made: ChartMark | None = None


@dataclass(frozen=True)
class Standing:
    """A mark with who made it and when, whether it is in force, and every event of it, the making first."""

    number: int
    mark: ChartMark
    in_force: bool
    history: tuple[Event, ...]

    @property
    def who(self) -> str:
        return self.history[0].who

    @property
    def at(self) -> datetime:
        return self.history[0].at


def replay(events: Iterable[Event], as_of: datetime | None = None) -> list[Standing]:
    """Every mark that was ever made, in the order of making, as it stands after these events (in their order).

    Events after the moment `as_of` are left away.
    """
    standing: dict[int, Standing] = {}
    for event in events:
        if as_of is not None and event.at > as_of:
            continue
        if event.made is not None:
            standing[event.mark] = Standing(event.mark, event.made, True, (event,))
        else:
            before = standing[event.mark]
            standing[event.mark] = replace(before, in_force=event.what == "redone", history=(*before.history, event))
    return list(standing.values())


def in_force(standing: Iterable[Standing], place: Place | None = None) -> list[Standing]:
    """Those that hold now, of one chart or of all."""
    return [one for one in standing if one.in_force and place in (None, one.mark.place)]


def why_not_make(standing: Sequence[Standing], mark: ChartMark, who: str) -> list[Problem]:
    """What stands in the way of making a mark; empty where nothing does."""
    problems = [*_what_is_missing(mark, who)]
    return problems or _clashes([*_marks(standing, mark.place), mark])


def why_not_undo(standing: Sequence[Standing], number: int, who: str) -> list[Problem]:
    found = _found(standing, number)
    if found is None or not found.in_force:
        return [Problem("", "This mark is undone already.", "Look at the list of marks again.")]
    left = [one.mark for one in in_force(standing, found.mark.place) if one.number != number]
    return _without_name(who) or _clashes(left)


def why_not_redo(standing: Sequence[Standing], number: int, who: str) -> list[Problem]:
    found = _found(standing, number)
    if found is None or found.in_force:
        return [Problem("", "This mark is in force already.", "Look at the list of marks again.")]
    return _without_name(who) or _clashes([*_marks(standing, found.mark.place), found.mark])


def _found(standing: Sequence[Standing], number: int) -> Standing | None:
    return next((one for one in standing if one.number == number), None)


def _marks(standing: Sequence[Standing], place: Place) -> list[ChartMark]:
    return [one.mark for one in in_force(standing, place)]


def _without_name(who: str) -> list[Problem]:
    return [] if who.strip() else [Problem("", "Nobody is named.", "Type your name.")]


def _what_is_missing(mark: ChartMark, who: str) -> list[Problem]:
    problems = _without_name(who)
    if not mark.text.strip():
        said = "The note is empty." if mark.kind == "note" else "A reason is missing."
        problems.append(Problem("", said, "Say in a few words what happened, so that others understand it later."))
    if mark.kind == "freeze" and (mark.last is None or mark.last < mark.first):
        problems.append(Problem("", "The last day lies before the first.", "Choose the days in their order."))
    if mark.agreed and not mark.name.strip():
        problems.append(Problem("", "The new middle line has no name.", "Name it, such as “With check-in calls”."))
    if mark.agreed and set(mark.agreed) != set(CONDITIONS):
        problems.append(_not_all_ticked(mark.agreed))
    return problems


def _not_all_ticked(agreed: Sequence[str]) -> Problem:
    lacking = [condition for condition in CONDITIONS if condition not in agreed]
    return Problem("", f"Not all four conditions are ticked: {', '.join(lacking)}.", "Wait until all of them are met.")


def _clashes(marks: Sequence[ChartMark]) -> list[Problem]:
    """Why these marks of one chart can't hold together."""
    return [*_twice(marks), *_across(marks)] or _two_in_a_phase(marks)


def _twice(marks: Sequence[ChartMark]) -> list[Problem]:
    kinds = {"leave out": "This point is left out already.", "phase": "A phase begins on this day already."}
    seen: set[tuple[str, date, str]] = set()
    for mark in marks:
        key = (mark.kind, mark.first, mark.period if mark.kind == "leave out" else "")
        if mark.kind in kinds and key in seen:
            return [Problem(str(mark.first), kinds[mark.kind], "Undo that mark first, or leave it as it is.")]
        seen.add(key)
    return []


def _across(marks: Sequence[ChartMark]) -> list[Problem]:
    for frozen in (mark for mark in marks if mark.kind == "freeze"):
        for phase in (mark for mark in marks if mark.kind == "phase"):
            if frozen.last is not None and frozen.first < phase.first <= frozen.last:
                what = f"A phase would begin inside the frozen stretch {frozen.first} to {frozen.last}."
                return [Problem(str(phase.first), what, "Undo the other mark first, or choose other days.")]
    return []


def _two_in_a_phase(marks: Sequence[ChartMark]) -> list[Problem]:
    starts = [mark.first for mark in marks if mark.kind == "phase"]
    frozen = sorted((mark for mark in marks if mark.kind == "freeze"), key=lambda mark: mark.first)
    for one, other in pairwise(frozen):
        if not any(one.first < start <= other.first for start in starts):
            what = f"The middle line of this phase would be frozen twice: from {one.first} and from {other.first}."
            return [Problem(str(other.first), what, "Undo one of them first.")]
    return []


def new_middle_line(place: Place, first: date, name: str, text: str, ticked: Iterable[str]) -> ChartMark:
    """The phase that a suggested new middle line becomes. Raises CannotContinue unless all CONDITIONS are ticked."""
    agreed = tuple(condition for condition in CONDITIONS if condition in set(ticked))
    if len(agreed) < len(CONDITIONS):
        raise CannotContinue(_not_all_ticked(agreed))
    return ChartMark("phase", place, first, text, name=name, agreed=agreed)
