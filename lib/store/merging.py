"""Two measures or two schools made one, and parted again. No value is lost; where their values clash, it is refused.

What was one's is the other's from then on: values shown and replaced, what uploads name, marks and tests of change. Its
names become other names of the one that stays. All of that is written down, so that it can be parted again.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import duckdb
import pandas as pd

from lib.marks import in_force, replay
from lib.problems import CannotContinue, Problem
from lib.store.database import Database
from lib.store.definitions import next_id
from lib.store.history import EVERY_VALUE, KEY, STANDING
from lib.store.marks import events_in
from lib.store.undo import settle

Kind = Literal["school", "measure"]
TOLD = "stage, stages::text, prediction, result, learned, decision"
TEST = f"idea, start_date, {TOLD}"
NAMED_IN_A_REFUSAL = 3
"""Clashing values that are named; `conflicts` has them all."""


@dataclass(frozen=True)
class Merger:
    """Two that were made one."""

    id: int
    kind: Kind
    gone: str
    stays: str
    at: datetime
    who: str
    n_values: int


def mergers(database: Database, network: int, kind: Kind) -> list[Merger]:
    """Those in force, the newest first; `n_values` were the gone one's, replaced ones too."""
    rows = database.rows(
        """select id, kind, gone_name, stays_name, saved_at, who,
                  (select count(*) from merged_value where merger = merger.id)
           from merger where network = ? and kind = ? and undone_at is null order by id desc""",
        [network, kind],
    )
    return [Merger(*row) for row in rows]


def conflicts(database: Database, kind: Kind, gone: int, stays: int) -> pd.DataFrame:
    """Where both have a value, and the two can't be one: measure, school (names), date, here, there (values).

    Either they differ, or one upload brought both. A value that a person took away is NaN.
    """
    with database.cursor() as cursor:
        return _conflicts(cursor, kind, gone, stays)


def _conflicts(cursor: duckdb.DuckDBPyConnection, kind: Kind, gone: int, stays: int) -> pd.DataFrame:
    rest = ", ".join(name for name in KEY.split(", ") if name != kind)
    other = f"select * from {{}} where {kind} = ${{}}"
    return cursor.execute(
        f"""with pairs as (
            select {rest}, here.value as here, there.value as there
            from ({other.format(STANDING, "stays")}) as here join ({other.format(STANDING, "gone")}) as there
                 using ({rest})
            where here.value is distinct from there.value or here.numerator is distinct from there.numerator
               or here.denominator is distinct from there.denominator
            union
            select {rest}, here.value, there.value
            from ({other.format(EVERY_VALUE, "stays")}) as here join ({other.format(EVERY_VALUE, "gone")}) as there
                 using ({rest}, upload))
        select (select name from measure where id = {"$stays" if kind == "measure" else "pairs.measure"}) as measure,
               (select name from school where id = {"$stays" if kind == "school" else "pairs.school"}) as school,
               date, here, there
        from pairs order by date, measure, school""",
        {"gone": gone, "stays": stays},
    ).df()


def merge(database: Database, network: int, kind: Kind, gone: int, stays: int, who: str) -> int:
    """Make two one: `gone` becomes `stays`; returns the merger's number. All of it, or nothing.

    Raises CannotContinue where one of them isn't there, values or marks clash, or two measures have different units.
    """
    with database.writing() as cursor:
        rows = {number: _row(cursor, network, kind, number) for number in (gone, stays)}
        _stop_at([*_why_not(cursor, network, kind, rows, gone, stays)])
        number = next_id(cursor, "merger")
        before = {"row": rows[gone], **_what_points_to(cursor, network, kind, gone, stays)}
        cursor.execute(
            """insert into merger (id, network, kind, gone, stays, gone_name, stays_name, before, who)
               values (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            [
                *(number, network, kind, gone, stays, rows[gone]["name"], rows[stays]["name"]),
                *(json.dumps(before, default=str), who),
            ],
        )
        cursor.execute(
            f"insert into merged_value select ?, {KEY}, upload from {EVERY_VALUE} where {kind} = ?", [number, gone]
        )
        _hand_over(cursor, kind, gone, stays)
        cursor.execute(f"delete from {kind} where id = ?", [gone])
        _keep_names(cursor, network, kind, before, stays)
        _log(cursor, network, who, f"made the {kind} “{rows[gone]['name']}” one with “{rows[stays]['name']}”")
    return number


def part(database: Database, network: int, merger: int, who: str) -> None:
    """Undo a merger: what was the gone one's is its own again; what came in under its name since then stays.

    Raises CannotContinue where it is undone already, or a later change stands in the way.
    """
    with database.writing() as cursor:
        found = cursor.execute(
            "select kind, gone, stays, before from merger where id = ? and network = ? and undone_at is null",
            [merger, network],
        ).fetchone()
        if found is None:
            raise CannotContinue(Problem("", "These two are parted already.", "Look at the list again."))
        kind, gone, stays, before = found[0], int(found[1]), int(found[2]), json.loads(found[3])
        _stop_at([*_why_not_part(cursor, network, merger, kind, stays, before["row"]["name"])])
        number = _put_back(cursor, kind, gone, before["row"])
        _hand_back(cursor, merger, kind, number, stays, before)
        cursor.execute("delete from merged_value where merger = ?", [merger])
        cursor.execute("update merger set undone_at = current_timestamp, undone_by = ? where id = ?", [who, merger])
        _log(cursor, network, who, f"parted the {kind} “{before['row']['name']}” from the one it was made one with")


def _row(cursor: duckdb.DuckDBPyConnection, network: int, kind: Kind, number: int) -> dict[str, Any]:
    found = cursor.execute(f"select * from {kind} where id = ? and network = ?", [number, network])
    names = [column[0] for column in found.description]
    row = found.fetchone()
    if row is None:
        raise CannotContinue(Problem("", f"This {kind} isn't there any more.", "Load the page again."))
    return dict(zip(names, row, strict=True))


def _stop_at(problems: list[Problem]) -> None:
    if problems:
        raise CannotContinue(*problems)


def _why_not(
    cursor: duckdb.DuckDBPyConnection, network: int, kind: Kind, rows: dict[int, dict[str, Any]], gone: int, stays: int
) -> Iterator[Problem]:
    if gone == stays:
        yield Problem("", f"It is one {kind} already.", "Choose another one.")
        return
    if kind == "measure" and rows[gone]["unit"] != rows[stays]["unit"]:
        what = f"“{rows[gone]['name']}” is in {rows[gone]['unit']}, “{rows[stays]['name']}” in {rows[stays]['unit']}."
        yield Problem("", what, "Only measures in one unit can be made one.")
    clashes = _conflicts(cursor, kind, gone, stays)
    for one in clashes.head(NAMED_IN_A_REFUSAL).itertuples(index=False):
        yield Problem(
            f"{one.measure}, {one.school}, {one.date:%Y-%m-%d}",
            f"Both have a value: {_said(one.here)} and {_said(one.there)}.",
            "Undo the upload that is wrong, or correct its file.",
        )
    if len(clashes) > NAMED_IN_A_REFUSAL:
        yield Problem("", f"And {len(clashes) - NAMED_IN_A_REFUSAL:,} more values clash.")
    yield from _clashing_marks(cursor, network, kind, gone, stays)


def _said(value: Any) -> str:
    return "one that was taken away" if pd.isna(value) else f"{value:g}"


def _clashing_marks(
    cursor: duckdb.DuckDBPyConnection, network: int, kind: Kind, gone: int, stays: int
) -> Iterator[Problem]:
    """Marks of two charts could contradict each other on one."""
    places = [one.mark.place for one in in_force(replay(events_in(cursor, network)))]
    charts = {
        number: {
            (place.group, place.school if kind == "measure" else place.measure)
            for place in places
            if getattr(place, kind) == number
        }
        for number in (gone, stays)
    }
    if charts[gone] & charts[stays]:
        yield Problem("", "Both have marks on the same chart.", "Undo the marks of one of them first.")


def _what_points_to(
    cursor: duckdb.DuckDBPyConnection, network: int, kind: Kind, gone: int, stays: int
) -> dict[str, Any]:
    """What has to be handed back when the two are parted: as JSON."""

    def rows(sql: str, *values: Any) -> list[list[Any]]:
        return [list(row) for row in cursor.execute(sql, list(values)).fetchall()]

    is_code = "is_code" if kind == "school" else "false"
    named = "select upload, unit from named where what = ? and id = ?"
    return {
        "aliases": rows(f"select alias, {is_code} from {kind}_alias where {kind} = ?", gone),
        "aliases_of_the_other": rows(f"select alias, {is_code} from {kind}_alias where {kind} = ?", stays),
        "named": rows(named, kind, gone),
        "named_the_other": [upload for upload, _ in rows(named, kind, stays)],
        "marks": [
            one for (one,) in rows(f"select number from mark_event where network = ? and {kind} = ?", network, gone)
        ],
        "tests": rows(f"select {TEST} from test_of_change where school = ?", gone) if kind == "school" else [],
    }


def _hand_over(cursor: duckdb.DuckDBPyConnection, kind: Kind, gone: int, stays: int) -> None:
    for table in ("observation", "replaced", "mark_event", *(["test_of_change"] if kind == "school" else [])):
        cursor.execute(f"update {table} set {kind} = ? where {kind} = ?", [stays, gone])
    cursor.execute(
        """insert into named select upload, what, ?, unit from named as gone where what = ? and id = ? and not exists (
               select 1 from named where upload = gone.upload and what = gone.what and id = ?)""",
        [stays, kind, gone, stays],
    )
    cursor.execute("delete from named where what = ? and id = ?", [kind, gone])
    settle(cursor, f"{kind} = $stays", {"stays": stays})


def _keep_names(
    cursor: duckdb.DuckDBPyConnection, network: int, kind: Kind, before: dict[str, Any], stays: int
) -> None:
    """Files go on to use the names and codes of the one that is gone."""
    cursor.execute(f"delete from {kind}_alias where {kind} = ?", [before["row"]["id"]])
    names = [(before["row"]["name"], False), *((text, is_code) for text, is_code in before["aliases"])]
    names += [(before["row"]["code"], True)] if kind == "school" and before["row"]["code"] else []
    of_the_other = {(text.casefold(), is_code) for text, is_code in before["aliases_of_the_other"]}
    for text, is_code in dict.fromkeys(names):
        if (text.casefold(), is_code) not in of_the_other:
            _add_alias(cursor, network, kind, stays, text, is_code)


def _add_alias(
    cursor: duckdb.DuckDBPyConnection, network: int, kind: Kind, number: int, text: str, is_code: bool
) -> None:
    columns, values = f"network, alias, {kind}", [network, text, number]
    if kind == "school":
        columns, values = f"{columns}, is_code", [*values, is_code]
    cursor.execute(f"insert into {kind}_alias ({columns}) values ({', '.join('?' * len(values))})", values)


def _why_not_part(
    cursor: duckdb.DuckDBPyConnection, network: int, merger: int, kind: Kind, stays: int, name: str
) -> Iterator[Problem]:
    """The one that stayed must be there still, and the name of the other free; values must still bear their names."""
    later = cursor.execute(
        """select gone_name, stays_name from merger
           where network = ? and id > ? and undone_at is null and (kind <> ? or gone = ?) order by id desc""",
        [network, merger, kind, stays],
    ).fetchone()
    if later is not None:
        yield Problem("", f"“{later[0]}” was made one with “{later[1]}” after that.", "Part these first.")
    if cursor.execute(f"select 1 from {kind} where network = ? and lower(name) = lower(?)", [network, name]).fetchone():
        yield Problem("", f"There is a {kind} “{name}” again.", "Give that one another name first.")


def _put_back(cursor: duckdb.DuckDBPyConnection, kind: Kind, gone: int, row: dict[str, Any]) -> int:
    """The row as it was; with a new number where another one has got the old one meanwhile."""
    taken = cursor.execute(f"select 1 from {kind} where id = ?", [gone]).fetchone() is not None
    whole = row | {"id": next_id(cursor, kind) if taken else gone}
    cursor.execute(f"update merged_value set {kind} = ? where {kind} = ?", [whole["id"], gone])
    cursor.execute(
        f"insert into {kind} ({', '.join(whole)}) values ({', '.join('?' * len(whole))})", list(whole.values())
    )
    return int(whole["id"])


def _hand_back(
    cursor: duckdb.DuckDBPyConnection, merger: int, kind: Kind, number: int, stays: int, before: dict[str, Any]
) -> None:
    rest = [name for name in (*KEY.split(", "), "upload") if name != kind]
    same = " and ".join(f"{{table}}.{name} = merged_value.{name}" for name in rest)
    for table in ("observation", "replaced"):
        cursor.execute(
            f"""update {table} set {kind} = ? from merged_value
                where merger = ? and {table}.{kind} = ? and {same.format(table=table)}""",
            [number, merger, stays],
        )
    settle(cursor, f"{kind} in ($gone, $stays)", {"gone": number, "stays": stays})
    for upload, unit in before["named"]:
        cursor.execute("insert into named values (?, ?, ?, ?)", [upload, kind, number, unit])
        if upload not in before["named_the_other"]:
            cursor.execute("delete from named where upload = ? and what = ? and id = ?", [upload, kind, stays])
    for mark in before["marks"]:
        cursor.execute(f"update mark_event set {kind} = ? where number = ?", [number, mark])
    for idea, start, *told in before["tests"]:
        cursor.execute(
            f"""update test_of_change set school = $number where rowid = (
                    select rowid from test_of_change where school = $stays and idea = $idea and start_date = $start
                    order by [{TOLD}] = $told desc, rowid limit 1)""",
            {"number": number, "stays": stays, "idea": idea, "start": start, "told": told},
        )
    _names_back(cursor, kind, number, stays, before)


def _names_back(cursor: duckdb.DuckDBPyConnection, kind: Kind, number: int, stays: int, before: dict[str, Any]) -> None:
    network = int(before["row"]["network"])
    kept = {text.casefold() for text, _ in before["aliases_of_the_other"]}
    given = [before["row"]["name"], before["row"].get("code", ""), *(text for text, _ in before["aliases"])]
    for text in given:
        if text.casefold() not in kept:
            cursor.execute(f"delete from {kind}_alias where {kind} = ? and lower(alias) = lower(?)", [stays, text])
    for text, is_code in before["aliases"]:
        _add_alias(cursor, network, kind, number, text, is_code)


def _log(cursor: duckdb.DuckDBPyConnection, network: int, who: str, what: str) -> None:
    cursor.execute("insert into log (network, who, what) values (?, ?, ?)", [network, who, what])
