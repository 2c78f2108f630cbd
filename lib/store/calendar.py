"""The school calendar: terms, breaks and days that don't count, checked as a whole and changed as a whole."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

import duckdb
import pandas as pd

from lib.problems import Problem
from lib.store.database import Database
from lib.store.definitions import save_calendar

KINDS = ("term", "break", "no-count")
COLUMNS = ["district", "kind", "name", "first", "last"]
EVERY_DISTRICT = ""
LONGEST_DAYS = 400
"""Days of one entry: a year with some slack; more is a slip of the year."""

CHANGED = "changed the calendar"
"""How the log's lines on it begin."""


@dataclass(frozen=True)
class Entry:
    """One line of the calendar; both days belong to it. `where` says in which row a person wrote it."""

    district: str
    kind: str
    name: str
    first: date
    last: date
    where: str = ""

    def meets(self, other: "Entry") -> bool:
        """Whether a day of a school is in both: the districts are the same, or one of them is every district."""
        return (
            self.first <= other.last
            and other.first <= self.last
            and (self.district == other.district or EVERY_DISTRICT in (self.district, other.district))
        )

    @property
    def called(self) -> str:
        return self.name or self.kind


def entries(database: Database, network: int) -> list[Entry]:
    """The network's calendar in order of date."""
    with database.cursor() as cursor:
        return [Entry(**row) for row in _rows(cursor, network)]


def districts(database: Database, network: int) -> list[str]:
    """The districts that schools of the network have, by name."""
    rows = database.rows(
        "select distinct district from school where network = ? and district <> '' order by 1", [network]
    )
    return [name for (name,) in rows]


def problems(found: Sequence[Entry], districts: Sequence[str]) -> list[Problem]:
    """What can't be saved: unknown kinds and districts, names that are missing, dates out of order, overlaps.

    Entries of one kind overlap where a day of a school would be in both.
    """
    said = [problem for entry in found for problem in _problems_of(entry, districts)]
    return said + [problem for kind in KINDS for problem in _overlaps([entry for entry in found if entry.kind == kind])]


def _problems_of(entry: Entry, districts: Sequence[str]) -> Iterator[Problem]:
    if entry.kind not in KINDS:
        fix = f"Write {', '.join(KINDS[:-1])} or {KINDS[-1]}."
        yield Problem(f"{entry.where}, kind", f"“{entry.kind}” is no kind of entry.", fix)
    elif not entry.name and entry.kind != "no-count":
        yield Problem(f"{entry.where}, name", f"The {entry.kind} has no name.", "Give it the name that charts show.")
    if entry.last < entry.first:
        what = f"It ends on {entry.last}, before it begins on {entry.first}."
        yield Problem(f"{entry.where}, last", what, "Check both dates.")
    if (entry.last - entry.first).days >= LONGEST_DAYS:
        what = f"From {entry.first} to {entry.last} is more than {LONGEST_DAYS} days."
        yield Problem(f"{entry.where}, last", what, "Check the year.")
    if entry.district not in (EVERY_DISTRICT, *districts):
        what = f"No school is in a district “{entry.district}”."
        yield Problem(f"{entry.where}, district", what, _nearest(entry.district, districts))


def _nearest(district: str, districts: Sequence[str]) -> str:
    near = get_close_matches(district, districts, n=1)
    return f"Did you mean “{near[0]}”?" if near else "Leave it empty for every district."


def _overlaps(alike: list[Entry]) -> Iterator[Problem]:
    """Each entry with the first one before it that it meets."""
    ordered = sorted(alike, key=lambda entry: (entry.first, entry.last))
    for place, entry in enumerate(ordered):
        other = next((one for one in ordered[:place] if one.meets(entry)), None)
        if other:
            where = f" ({other.where})" if other.where else ""
            yield Problem(
                entry.where, f"“{entry.called}” overlaps “{other.called}”{where}.", "Change one of the dates."
            )


def outside_terms(found: Sequence[Entry]) -> list[Entry]:
    """Breaks and no-count days of which no day is in a term. That is fine, but may be a mistake in the year."""
    terms = [entry for entry in found if entry.kind == "term"]
    return [entry for entry in found if entry.kind != "term" and not any(term.meets(entry) for term in terms)]


def save(database: Database, network: int, found: Sequence[Entry], who: str) -> None:
    """Put the calendar in place of the old one, which stays in the log as JSON. All of it, or nothing.

    The entries must have no `problems`.
    """
    with database.writing() as cursor:
        cursor.execute(
            "insert into log (network, who, what, before) values (?, ?, ?, ?)",
            [network, who, said_in_log(len(found)), json.dumps(_rows(cursor, network), default=str)],
        )
        save_calendar(cursor, network, pd.DataFrame([_row(entry) for entry in found], columns=COLUMNS))


def said_in_log(n: int) -> str:
    return f"{CHANGED}: {n} {'entry' if n == 1 else 'entries'}"


def _row(entry: Entry) -> list[object]:
    return [getattr(entry, name) for name in COLUMNS]


@dataclass(frozen=True)
class Earlier:
    """A calendar that a later one took the place of: until when it stood, and who changed it."""

    until: datetime
    who: str
    entries: tuple[Entry, ...]


def earlier(database: Database, network: int) -> list[Earlier]:
    """Calendars from the log, newest first; empty ones are left out."""
    rows = database.rows(
        "select saved_at, who, before from log where network = ? and before is not null and what like ? "
        "order by rowid desc",
        [network, f"{CHANGED}:%"],
    )
    found = [Earlier(at, who, tuple(_entry(row) for row in json.loads(before))) for at, who, before in rows]
    return [one for one in found if one.entries]


def _entry(row: dict[str, str]) -> Entry:
    first, last = (date.fromisoformat(row[name]) for name in ("first", "last"))
    return Entry(row["district"], row["kind"], row["name"], first, last)


def _rows(cursor: duckdb.DuckDBPyConnection, network: int) -> list[dict[str, Any]]:
    rows = cursor.execute(
        f"select {', '.join(COLUMNS)} from calendar where network = ? order by first, last desc, district, name",
        [network],
    ).fetchall()
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]
