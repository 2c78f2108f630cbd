"""Marks on charts as they are kept: only ever added to, one transaction for each thing a person does."""

from collections.abc import Callable, Sequence

import duckdb

from lib.marks import (
    ChartMark,
    Event,
    Place,
    Standing,
    What,
    replay,
    why_not_make,
    why_not_redo,
    why_not_undo,
)
from lib.problems import CannotContinue, Problem
from lib.store.database import Database

COLUMNS = """number, mark, what, who, saved_at, measure, school, student_group, kind, first, last, period, name, text,
    agreed"""


def events(database: Database, network: int) -> list[Event]:
    """Everything that people of the network did to marks, in the order in which it happened."""
    with database.cursor() as cursor:
        return events_in(cursor, network)


def make(database: Database, network: int, mark: ChartMark, who: str) -> int:
    """Make a mark; returns its number. Raises CannotContinue where it can't be: a second leaving out of one point."""

    def write(cursor: duckdb.DuckDBPyConnection, standing: Sequence[Standing]) -> int:
        _stop_at(why_not_make(standing, mark, who))
        number = _add(cursor, network, "made", who, None)
        place = mark.place
        values = [place.measure, place.school, place.group, mark.kind, mark.first, mark.last, mark.period]
        cursor.execute(
            """update mark_event set measure = ?, school = ?, student_group = ?, kind = ?, first = ?, last = ?,
                   period = ?, name = ?, text = ?, agreed = ? where number = ?""",
            [*values, mark.name.strip(), mark.text.strip(), list(mark.agreed), number],
        )
        _log(cursor, network, who, f"made mark {number}, {mark.kind}, {mark.first}: {mark.text.strip()}")
        return number

    return _in_one_transaction(database, network, write)


def undo(database: Database, network: int, number: int, who: str) -> None:
    """Undo a mark. Raises CannotContinue where it is undone already, or what is left would clash."""
    _again(database, network, "undone", number, who)


def redo(database: Database, network: int, number: int, who: str) -> None:
    """Put an undone mark in force again. Raises CannotContinue where it is, or would clash with another."""
    _again(database, network, "redone", number, who)


def _again(database: Database, network: int, what: What, number: int, who: str) -> None:
    def write(cursor: duckdb.DuckDBPyConnection, standing: Sequence[Standing]) -> int:
        if all(one.number != number for one in standing):
            raise CannotContinue(Problem("", "This mark isn't there.", "Look at the list of marks again."))
        _stop_at((why_not_undo if what == "undone" else why_not_redo)(standing, number, who))
        _log(cursor, network, who, f"mark {number} {what}")
        return _add(cursor, network, what, who, number)

    _in_one_transaction(database, network, write)


def _in_one_transaction(
    database: Database, network: int, write: Callable[[duckdb.DuckDBPyConnection, Sequence[Standing]], int]
) -> int:
    """The marks are read where they are written, so that two people can't leave out one point at the same time."""
    with database.writing() as cursor:
        return write(cursor, replay(events_in(cursor, network)))


def _stop_at(problems: list[Problem]) -> None:
    if problems:
        raise CannotContinue(*problems)


def events_in(cursor: duckdb.DuckDBPyConnection, network: int) -> list[Event]:
    rows = cursor.execute(f"select {COLUMNS} from mark_event where network = ? order by number", [network]).fetchall()
    return [_event(*row) for row in rows]


def _event(number: int, mark: int, what: What, who: str, at: object, *made: object) -> Event:
    return Event(number, mark, what, who, at, _mark(*made) if what == "made" else None)  # type: ignore[arg-type]


def _mark(measure, school, group, kind, first, last, period, name, text, agreed) -> ChartMark:  # type: ignore[no-untyped-def]
    return ChartMark(kind, Place(measure, school, group), first, text, last, period, name, tuple(agreed))


def _add(cursor: duckdb.DuckDBPyConnection, network: int, what: What, who: str, mark: int | None) -> int:
    number = int(cursor.execute("select coalesce(max(number), 0) + 1 from mark_event").fetchall()[0][0])
    cursor.execute(
        "insert into mark_event (number, network, mark, what, who) values (?, ?, ?, ?, ?)",
        [number, network, number if mark is None else mark, what, who.strip()],
    )
    return number


def _log(cursor: duckdb.DuckDBPyConnection, network: int, who: str, what: str) -> None:
    cursor.execute("insert into log (network, who, what) values (?, ?, ?)", [network, who.strip(), what])
