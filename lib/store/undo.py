"""Uploads undone and redone: what is stored is then what a replay of all the others would have stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import duckdb

from lib.problems import CannotContinue, Problem
from lib.store.database import Database
from lib.store.history import EVERY_VALUE, KEY
from lib.store.uploads import COLUMNS, hide_what_nobody_names

What = Literal["undone", "redone"]


@dataclass(frozen=True)
class Effect:
    """What undoing or redoing an upload would do to what is shown, in observations.

    `changed` have another value then, `new` had none before, `gone` have none after; `elsewhere` a later upload says.
    """

    changed: int
    new: int
    gone: int
    elsewhere: int


@dataclass(frozen=True)
class Event:
    """One undoing or redoing."""

    number: int
    upload: int
    what: What
    at: datetime
    who: str
    reason: str


def undo(database: Database, network: int, upload: int, who: str, reason: str) -> None:
    """Take an upload's values away; what it replaced is shown again, what later uploads said stays.

    Raises CannotContinue where it is undone already, or nobody is named, or no reason is given.
    """
    _turn(database, network, upload, "undone", who, reason)


def redo(database: Database, network: int, upload: int, who: str, reason: str) -> None:
    """Put an undone upload in force again, at its old place in the order.

    Raises CannotContinue as `undo` does, and where one of its measures has another unit now.
    """
    _turn(database, network, upload, "redone", who, reason)


def events(database: Database, network: int) -> list[Event]:
    """Everything that was undone and redone in a network, in order."""
    rows = database.rows(
        "select number, upload, what, saved_at, who, reason from upload_event where network = ? order by number",
        [network],
    )
    return [Event(*row) for row in rows]


def effect(database: Database, upload: int) -> Effect:
    """What undoing the upload would do, or redoing it where it is undone; writes nothing."""
    [(changed, new, gone, elsewhere)] = database.rows(
        f"""with {_words("upload = $upload")},
            standing as (select * from words where not undone or upload = $upload),
            others as (select * from words where not undone and upload <> $upload),
            with_it as (select {KEY}, max(upload) as newest, arg_max(said, upload) as said from standing group by all),
            without as (select {KEY}, arg_max(said, upload) as said from others group by all),
            sides as (
                select newest, with_it.said as here, without.said as there, with_it.said.value is not null as is_here,
                       without.said.value is not null as is_there, if(is_undone, is_here, is_there) as is_after,
                       if(is_undone, is_there, is_here) as is_before
                from with_it left join without using ({KEY})
                cross join (select undone as is_undone from upload where id = $upload))
            select count(*) filter (newest = $upload and is_here and is_there and here <> there),
                   count(*) filter (newest = $upload and is_after and not is_before),
                   count(*) filter (newest = $upload and is_before and not is_after),
                   count(*) filter (newest <> $upload)
            from sides""",
        {"upload": upload},
    )
    return Effect(changed, new, gone, elsewhere)


def _words(which: str) -> str:
    """SQL steps: `words`, every value of the observations that some values speak of; `which` chooses these values."""
    return f"""
        touched as (select distinct {KEY} from {EVERY_VALUE} where {which}),
        words as (
            select every.*, undone, struct_pack(value, numerator, denominator) as said
            from {EVERY_VALUE} as every semi join touched using ({KEY}) join upload on upload.id = every.upload)"""


def _turn(database: Database, network: int, upload: int, what: What, who: str, reason: str) -> None:
    with database.writing() as cursor:
        _stop_at_problems(cursor, network, upload, what, who, reason)
        number = int(cursor.execute("select coalesce(max(number), 0) + 1 from upload_event").fetchall()[0][0])
        cursor.execute(
            "insert into upload_event (number, network, upload, what, who, reason) values (?, ?, ?, ?, ?, ?)",
            [number, network, upload, what, who.strip(), reason.strip()],
        )
        cursor.execute("update upload set undone = ? where id = ?", [what == "undone", upload])
        settle(cursor, "upload = $upload", {"upload": upload})
        hide_what_nobody_names(cursor, network)
        cursor.execute(
            "insert into log (network, who, what) values (?, ?, ?)",
            [network, who.strip(), f"upload {upload} {what}: {reason.strip()}"],
        )


def settle(cursor: duckdb.DuckDBPyConnection, which: str, parameters: dict[str, int]) -> None:
    """Show the newest standing value of each observation that `which` values speak of; keep the others beside.

    Where the newest word is that a person took the value away, nothing is shown.
    """
    cursor.execute(
        f"""create or replace temp table settled as
        with {_words(which)},
        shown as (select {KEY}, max(upload) as newest from words where not undone group by all)
        select words.* exclude (undone, said), coalesce(newest, 0) as newest
        from words left join shown using ({KEY})""",
        parameters,
    )
    same = " and ".join(f"{{table}}.{name} = settled.{name}" for name in KEY.split(", "))
    for table in ("observation", "replaced"):
        cursor.execute(f"delete from {table} using settled where {same.format(table=table)}")
    is_shown = "upload = newest and value is not null"
    cursor.execute(f"insert into observation select {COLUMNS} from settled where {is_shown} order by {KEY}")
    cursor.execute(f"insert into replaced select {COLUMNS}, newest from settled where not ({is_shown})")
    cursor.execute("drop table temp.settled")


def _stop_at_problems(
    cursor: duckdb.DuckDBPyConnection, network: int, upload: int, what: What, who: str, reason: str
) -> None:
    found = cursor.execute("select undone from upload where id = ? and network = ?", [upload, network]).fetchone()
    if found is None:
        raise CannotContinue(Problem("", "This upload isn't there.", "Look at the list of uploads again."))
    if found[0] == (what == "undone"):
        said = "undone already" if found[0] else "in force already"
        raise CannotContinue(Problem("", f"Upload {upload} is {said}.", "Look at the list of uploads again."))
    problems = [Problem("", "Nobody is named.", "Type your name.")] if not who.strip() else []
    problems += [Problem("", "A reason is missing.", "Say why.")] if not reason.strip() else []
    if what == "redone":
        problems += _other_units(cursor, upload)
    if problems:
        raise CannotContinue(*problems)


def _other_units(cursor: duckdb.DuckDBPyConnection, upload: int) -> list[Problem]:
    """A measure may have come in anew with another unit meanwhile; the old values would be wrong in it."""
    rows = cursor.execute(
        """select measure.name, named.unit, measure.unit from named join measure on measure.id = named.id
           where upload = ? and what = 'measure' and named.unit <> measure.unit order by 1""",
        [upload],
    ).fetchall()
    return [
        Problem(f"“{name}”", f"It was in {then} in this upload, and is in {now} now.", "Bring the file in again.")
        for name, then, now in rows
    ]
