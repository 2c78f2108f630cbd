"""Changes to measures and schools, made in a table: checked as a whole, saved as a whole, each told in the log."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, TypeVar

import duckdb
import pandas as pd

from lib.measures import CADENCES, FAMILIES, UNITS, WANTED, Measure, School
from lib.problems import CannotContinue, Problem
from lib.store.database import Database
from lib.store.definitions import MEASURE_FIELDS, measures, next_id, schools

LONGEST_NAME = 80
WORDS: dict[str, tuple[str, ...]] = {
    "family": FAMILIES,
    "unit": UNITS,
    "wanted": WANTED,
    "cadence": tuple(CADENCES),
}


@dataclass(frozen=True)
class MeasureRow:
    """One line of the table of measures; a measure with id 0 is new. `where` says in which row a person wrote it."""

    measure: Measure
    aliases: tuple[str, ...] = ()
    n_values: int = 0
    where: str = ""

    @property
    def key(self) -> tuple[Measure, tuple[str, ...]]:
        """What a person can change."""
        return self.measure, self.aliases


@dataclass(frozen=True)
class SchoolRow:
    """One line of the table of schools; a school with id 0 is new. `last` is the newest date with a value."""

    school: School
    aliases: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    n_values: int = 0
    last: date | None = None
    where: str = ""

    @property
    def key(self) -> tuple[School, tuple[str, ...], tuple[str, ...]]:
        return self.school, self.aliases, self.codes


Row = TypeVar("Row", MeasureRow, SchoolRow)


def measure_rows(database: Database, network: int) -> list[MeasureRow]:
    """Every measure with its other names and its number of values, in the order on screen.

    The values of all networks are counted and then chosen from: three times as fast as choosing them row by row.
    """
    aliases = _texts(
        database, "select measure, list(alias order by alias) from measure_alias where network = ? group by 1", network
    )
    counts = dict(
        database.rows(
            """with held as (select measure, count(*) as n from observation group by 1)
               select measure, n from held where measure in (select id from measure where network = ?)""",
            [network],
        )
    )
    return [
        MeasureRow(one, aliases.get(one.id, ()), counts.get(one.id, 0), f"Row {number}")
        for number, one in enumerate(measures(database, network), 1)
    ]


def school_rows(database: Database, network: int) -> list[SchoolRow]:
    """Every school with its other names and codes, its number of values and its newest date, in order of name.

    Counted as in `measure_rows`.
    """
    sql = """select school, list(alias order by alias) from school_alias
             where network = ? and {} group by 1"""
    aliases = _texts(database, sql.format("not is_code"), network)
    codes = _texts(database, sql.format("is_code"), network)
    held = {
        school: (n, last)
        for school, n, last in database.rows(
            """with held as (select school, count(*) as n, max(date) as newest from observation group by 1)
               select school, n, newest from held where school in (select id from school where network = ?)""",
            [network],
        )
    }
    return [
        SchoolRow(one, aliases.get(one.id, ()), codes.get(one.id, ()), n, last, f"Row {number}")
        for number, one in enumerate(schools(database, network), 1)
        for n, last in [held.get(one.id, (0, None))]
    ]


def _texts(database: Database, sql: str, network: int) -> dict[int, tuple[str, ...]]:
    return {number: tuple(texts) for number, texts in database.rows(sql, [network])}


# What can't be saved


def measure_problems(rows: Sequence[MeasureRow], before: Sequence[MeasureRow]) -> list[Problem]:
    """What can't be saved, by row and column; `before` is what is stored."""
    stored = {row.measure.id: row for row in before}
    said = [problem for row in rows for problem in _problems_of_measure(row, stored.get(row.measure.id))]
    return said + list(_clashing_names([(row.where, row.measure.name, row.aliases) for row in rows], "measure"))


def _problems_of_measure(row: MeasureRow, before: MeasureRow | None) -> Iterator[Problem]:
    one = row.measure
    yield from _problems_of_name(row.where, one.name, "measure")
    for column, words in WORDS.items():
        if getattr(one, column) not in words:
            what = f"“{getattr(one, column)}” is not one of them." if getattr(one, column) else "It is missing."
            yield Problem(f"{row.where}, {column}", what, f"Choose {', '.join(words[:-1])} or {words[-1]}.")
    yield from _problems_of_goal(row.where, one)
    if before and before.n_values and (before.measure.unit == "percent") != (one.unit == "percent"):
        what = f"It has {before.n_values:,} values in {before.measure.unit}, which would be wrong in {one.unit}."
        yield Problem(f"{row.where}, unit", what, "Undo their upload and bring the file in with the right unit.")


def _problems_of_goal(where: str, one: Measure) -> Iterator[Problem]:
    goals = {"goal": one.goal, "goal from": one.goal_low, "goal to": one.goal_high}
    for column, goal in goals.items():
        if goal is not None and one.unit == "percent" and not 0 <= goal <= 1:
            yield Problem(f"{where}, {column}", f"{goal * 100:g} is no percentage.", "Write a number from 0 to 100.")
    if (one.goal_low is None) != (one.goal_high is None):
        column = "goal from" if one.goal_low is None else "goal to"
        yield Problem(f"{where}, {column}", "A range needs both its ends.", "Write the other end, or clear both.")
    elif one.goal_low is not None and one.goal_high is not None and one.goal_low >= one.goal_high:
        yield Problem(f"{where}, goal to", "The range ends before it begins.", "Check both numbers.")
    if one.wanted == "in range" and one.goal_low is None:
        yield Problem(f"{where}, goal from", "“In range” needs a range.", "Write from where to where.")
    if one.goal_by is not None and one.goal is None and one.goal_low is None:
        yield Problem(f"{where}, goal by", "There is a date and no goal.", "Write the goal, or clear the date.")


def school_problems(rows: Sequence[SchoolRow]) -> list[Problem]:
    """What can't be saved, by row and column."""
    said = [problem for row in rows for problem in _problems_of_name(row.where, row.school.name, "school")]
    said += _clashing_codes(rows)
    names = [(row.where, _told_apart(row), row.aliases) for row in rows]
    return said + list(_clashing_names(names, "school"))


def _told_apart(row: SchoolRow) -> str:
    """Two schools may have one name where their codes say that they are two."""
    return f"{row.school.name}\n{row.school.code}" if row.school.code else row.school.name


def _clashing_codes(rows: Sequence[SchoolRow]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for row in rows:
        for code in (row.school.code, *row.codes):
            if code and first.setdefault(code, row.where) != row.where:
                yield Problem(
                    f"{row.where}, code",
                    f"“{code}” is the code of {first[code].lower()} too.",
                    "Change one of them, or make the two schools one.",
                )


def _problems_of_name(where: str, name: str, noun: str) -> Iterator[Problem]:
    if not name:
        yield Problem(f"{where}, name", f"The {noun} has no name.", "Type one.")
    elif len(name) > LONGEST_NAME:
        yield Problem(f"{where}, name", f"It has {len(name)} letters.", f"Use {LONGEST_NAME} or fewer.")


def _clashing_names(rows: Sequence[tuple[str, str, tuple[str, ...]]], noun: str) -> Iterator[Problem]:
    """Rows of where, name, other names: each text may stand for one only."""
    first: dict[str, str] = {}
    for column, texts in (
        ("name", [(where, (name,)) for where, name, _ in rows]),
        ("other names", [(w, a) for w, _, a in rows]),
    ):
        for where, said in texts:
            for text in said:
                if text and first.setdefault(text.casefold(), where) != where:
                    yield Problem(
                        f"{where}, {column}",
                        f"“{text.split(chr(10))[0]}” is {first[text.casefold()].lower()} too.",
                        f"Change one of them, or make the two {noun}s one.",
                    )


# Saving


def save_measures(
    database: Database, network: int, rows: Sequence[MeasureRow], before: Sequence[MeasureRow], who: str
) -> int:
    """Save what is not as in `before`, all of it or nothing; returns how many measures changed.

    A measure that is renamed is still found by its old name. Raises CannotContinue for `measure_problems`, and where
    somebody else changed the table since `before` was read.
    """
    with database.writing() as cursor:
        _stop_at(measure_problems(rows, before))
        changed = _changed(rows, before, measure_rows(database, network))
        taken = {row.measure.name.casefold() for row in rows}
        for row, was in changed:
            _save_measure(cursor, network, row, was, taken, who)
    return len(changed)


def _save_measure(
    cursor: duckdb.DuckDBPyConnection,
    network: int,
    row: MeasureRow,
    before: MeasureRow | None,
    taken: set[str],
    who: str,
) -> None:
    one = row.measure
    number = one.id or next_id(cursor, "measure")
    values = asdict(one) | {"id": number}
    if before is None:
        names = [*MEASURE_FIELDS, "network", "place"]
        cursor.execute(
            f"insert into measure ({', '.join(names)}) values ({', '.join('$' + name for name in names)})",
            values | {"network": network, "place": number},
        )
        _log(cursor, network, who, f"made the measure “{one.name}”")
    else:
        settings = ", ".join(f"{name} = ${name}" for name in MEASURE_FIELDS if name != "id")
        cursor.execute(f"update measure set {settings} where id = $id", values)
        said = [*_differences(before.measure, one, _measure_said), *_other_names(before.aliases, row.aliases)]
        _log(cursor, network, who, f"changed the measure “{before.measure.name}”: {'; '.join(said)}", before.measure)
    aliases = _with_old_name(row.aliases, one.name, before.measure.name if before else "", taken)
    cursor.execute("delete from measure_alias where measure = ?", [number])
    for alias in aliases:
        cursor.execute("insert into measure_alias values (?, ?, ?)", [network, alias, number])


def save_schools(
    database: Database, network: int, rows: Sequence[SchoolRow], before: Sequence[SchoolRow], who: str
) -> int:
    """Save what is not as in `before`, all of it or nothing; returns how many schools changed.

    Raises CannotContinue as `save_measures` does.
    """
    with database.writing() as cursor:
        _stop_at(school_problems(rows))
        changed = _changed(rows, before, school_rows(database, network))
        taken = {text.casefold() for row in rows for text in (row.school.name, row.school.code)}
        for row, was in changed:
            _save_school(cursor, network, row, was, taken, who)
    return len(changed)


def _save_school(
    cursor: duckdb.DuckDBPyConnection,
    network: int,
    row: SchoolRow,
    before: SchoolRow | None,
    taken: set[str],
    who: str,
) -> None:
    one = row.school
    number = one.id or next_id(cursor, "school")
    values = [one.code, one.name, one.district, list(one.tags), one.retired, number]
    if before is None:
        cursor.execute(
            "insert into school (code, name, district, tags, retired, id, network) values (?, ?, ?, ?, ?, ?, ?)",
            [*values, network],
        )
        _log(cursor, network, who, f"made the school “{one.name}”")
    else:
        cursor.execute("update school set code = ?, name = ?, district = ?, tags = ?, retired = ? where id = ?", values)
        said = [*_differences(before.school, one, _plainly), *_other_names(before.aliases, row.aliases)]
        _log(cursor, network, who, f"changed the school “{before.school.name}”: {'; '.join(said)}", before.school)
    cursor.execute("delete from school_alias where school = ?", [number])
    names = _with_old_name(row.aliases, one.name, before.school.name if before else "", taken)
    codes = _with_old_name(row.codes, one.code, before.school.code if before else "", taken)
    for texts, is_code in ((names, False), (codes, True)):
        for text in texts:
            cursor.execute(
                "insert into school_alias (network, alias, school, is_code) values (?, ?, ?, ?)",
                [network, text, number, is_code],
            )


def _with_old_name(aliases: Sequence[str], name: str, old: str, taken: set[str]) -> list[str]:
    """The other names, and the one that was given up, unless another one has it now; files may still use it."""
    texts = [*aliases, *([old] if old and old.casefold() not in taken else [])]
    return list({text.casefold(): text for text in texts if text.casefold() != name.casefold()}.values())


def _stop_at(problems: list[Problem]) -> None:
    if problems:
        raise CannotContinue(*problems)


def _changed(rows: Sequence[Row], before: Sequence[Row], now: Sequence[Row]) -> list[tuple[Row, Row | None]]:
    """The rows that are not as before, each with what it was. Raises CannotContinue where the store isn't either."""
    if [row.key for row in before] != [row.key for row in now]:
        what = "Somebody changed these definitions meanwhile, so yours are not saved."
        raise CannotContinue(Problem("", what, "Load the page again and make your changes anew."))
    stored = {row.key[0].id: row for row in before}
    found = [(row, stored.get(row.key[0].id)) for row in rows]
    return [(row, was) for row, was in found if was is None or row.key != was.key]


# Telling


def _differences(old: Any, new: Any, say: Callable[[str, Any, Any], str]) -> Iterator[str]:
    for field in fields(old):
        was, now = getattr(old, field.name), getattr(new, field.name)
        if was != now:
            name = field.name.replace("_", " ")
            yield f"{name} {say(field.name, was, old)} → {say(field.name, now, new)}"


def _measure_said(name: str, value: Any, measure: Measure) -> str:
    if name in ("goal", "goal_low", "goal_high") and value is not None and measure.unit == "percent":
        return f"{value * 100:g} %"
    return _plainly(name, value, measure)


def _plainly(name: str, value: Any, of: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return "none" if value in (None, "") else str(value)


def _other_names(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    if set(old) != set(new):
        yield f"other names {', '.join(old) or 'none'} → {', '.join(new) or 'none'}"


def _log(cursor: duckdb.DuckDBPyConnection, network: int, who: str, what: str, before: Any = None) -> None:
    cursor.execute(
        "insert into log (network, who, what, before) values (?, ?, ?, ?)",
        [network, who, what, None if before is None else json.dumps(asdict(before), default=str)],
    )


def log(database: Database, network: int, most: int = 1000) -> pd.DataFrame:
    """Every change of the network, the newest first: saved_at, who, what."""
    return database.frame(
        "select saved_at, who, what from log where network = ? order by saved_at desc, rowid desc limit ?",
        [network, most],
    )
