"""What a network consists of: its schools, measures, groups, calendar, change ideas. Reading and writing them."""

from dataclasses import asdict, fields
from datetime import date
from typing import Any

import duckdb
import pandas as pd

from lib.improvement import TestOfChange
from lib.measures import Group, Measure, School
from lib.store.database import Database

MEASURE_FIELDS = tuple(field.name for field in fields(Measure))


AUGUST = 8
"""The month in which the school year of a new network starts, as `schema.sql` has it."""


def networks(database: Database) -> pd.DataFrame:
    """One row per network: id, name, invented, school_year_start, in the order they were made."""
    return database.frame("select id, name, invented, school_year_start from network order by id")


def school_year_start(database: Database, network: int) -> int:
    """The month in which the network's school year starts; August for one that is not made yet."""
    rows = database.rows("select school_year_start from network where id = ?", [network])
    return int(rows[0][0]) if rows else AUGUST


def add_network(database: Database, name: str, invented: bool = False) -> int:
    with database.writing() as cursor:
        return insert_network(cursor, name, invented)


def insert_network(cursor: duckdb.DuckDBPyConnection, name: str, invented: bool = False) -> int:
    """Add a network; the number of a deleted one is never given again."""
    number = max(next_id(cursor, "network"), next_id(cursor, "deleted_network"))
    cursor.execute("insert into network (id, name, invented) values (?, ?, ?)", [number, name, invented])
    return number


def schools(database: Database, network: int) -> list[School]:
    """The network's schools, retired ones too, in order of name."""
    rows = database.rows(
        """select id, name, code, district, coalesce(tags, []), retired from school where network = ? and not hidden
           order by name, code""",
        [network],
    )
    return [
        School(number, name, code, district, tuple(tags), retired)
        for number, name, code, district, tags, retired in rows
    ]


def measures(database: Database, network: int) -> list[Measure]:
    """The network's measures, retired ones too, in their order on screen."""
    columns = ", ".join(MEASURE_FIELDS)
    rows = database.rows(
        f"select {columns} from measure where network = ? and not hidden order by place, id", [network]
    )
    return [Measure(**dict(zip(MEASURE_FIELDS, row, strict=True))) for row in rows]


def measure_aliases(database: Database, network: int) -> dict[str, str]:
    """Other names of measures, in lower case, and the names they stand for."""
    return dict(
        database.rows(
            """select lower(alias), name from measure_alias join measure on measure.id = measure
               where measure.network = ?""",
            [network],
        )
    )


def groups(database: Database, network: int) -> list[Group]:
    """The network's student groups; all students first, or last where only groups have values. Grade 9 before 10."""
    rows = database.rows(
        r"""select id, category, name from student_group where network = ? and not hidden
            order by category, coalesce(try_cast(regexp_extract(name, '\d+') as integer), -1), name""",
        [network],
    )
    found = [Group(*row) for row in rows]
    [(tells_of_all,)] = database.rows(
        """select bool_or(student_group = 0) from observation
           where measure in (select id from measure where network = ?)""",
        [network],
    )
    return [*found, Group()] if tells_of_all is False else [Group(), *found]


def measures_by_group(database: Database, network: int) -> list[int]:
    """The measures that have a value for some student group, all students apart."""
    rows = database.rows(
        """select distinct measure from observation join measure on measure.id = measure
           where network = ? and student_group <> 0 order by measure""",
        [network],
    )
    return [number for (number,) in rows]


def breaks(database: Database, network: int) -> pd.DataFrame:
    """The network's breaks: name, first, last (dates), district ('' for all), in date order."""
    return database.frame(
        "select name, first, last, district from calendar where network = ? and kind = 'break' order by first, name",
        [network],
    )


def idea_starts(database: Database, network: int) -> pd.DataFrame:
    """When each school started each change idea: school, idea (its name), start_date; planned tests are left out."""
    return database.frame(
        """select school, name as idea, min(start_date) as start_date
           from test_of_change join change_idea on change_idea.id = idea
           where test_of_change.network = ? and stage <> 'planned' group by all order by start_date, idea""",
        [network],
    )


def save_measure(cursor: duckdb.DuckDBPyConnection, network: int, measure: Measure) -> int:
    """Add the measure, or set the definition of the one with its name; returns its id."""
    row: dict[str, Any] = asdict(measure)
    found = cursor.execute(
        "select id from measure where network = ? and lower(name) = lower(?)", [network, measure.name]
    ).fetchone()
    if found:
        row["id"] = found[0]
        settings = ", ".join(f"{name} = ${name}" for name in MEASURE_FIELDS if name != "id")
        cursor.execute(f"update measure set {settings} where id = $id", row)
        return int(found[0])
    row |= {"id": next_id(cursor, "measure"), "network": network}
    names = [*MEASURE_FIELDS, "network"]
    cursor.execute(
        f"insert into measure ({', '.join(names)}, place) values ({', '.join('$' + name for name in names)}, $id)", row
    )
    return int(row["id"])


def save_schools(cursor: duckdb.DuckDBPyConnection, network: int, schools: pd.DataFrame) -> None:
    """Add schools: columns name, code, district, tags (a list of texts)."""
    first = next_id(cursor, "school")
    for number, school in enumerate(schools.itertuples(index=False), start=first):
        cursor.execute(
            "insert into school (id, network, code, name, district, tags) values (?, ?, ?, ?, ?, ?)",
            [number, network, school.code, school.name, school.district, school.tags],
        )


def first_weeks(database: Database, network: int) -> list[date]:
    """The first day of each school year in the calendar: the first term that starts in it."""
    rows = database.rows(
        """select min(first) from calendar join network on network.id = calendar.network
           where network = ? and kind = 'term'
           group by year(first) - (month(first) < school_year_start)::int order by 1""",
        [network],
    )
    return [day for (day,) in rows]


def save_calendar(cursor: duckdb.DuckDBPyConnection, network: int, calendar: pd.DataFrame) -> None:
    """Put the network's calendar in place of the old one.

    Columns: district ('' for all), kind ('term', 'break' or 'no-count'), name, first, last.
    """
    cursor.execute("delete from calendar where network = ?", [network])
    cursor.register("calendar_rows", calendar)
    cursor.execute(
        """insert into calendar
           select ?, coalesce(district, ''), kind, name, first::date, last::date from calendar_rows""",
        [network],
    )
    cursor.unregister("calendar_rows")


def save_tests(cursor: duckdb.DuckDBPyConnection, network: int, tests: list[TestOfChange]) -> None:
    """Add tests of change; change ideas not known by name are made, and a driver that is told is kept with its idea."""
    for test in tests:
        values = [
            test.school_id,
            test.start,
            test.end,
            test.stage,
            test.prediction,
            test.result,
            test.learned,
            test.decision,
            [{"stage": stage, "began": began} for stage, began in test.stages],
        ]
        cursor.execute(
            "insert into test_of_change values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [network, _idea(cursor, network, test.idea, test.driver), *values],
        )


def _idea(cursor: duckdb.DuckDBPyConnection, network: int, name: str, driver: str) -> int:
    found = cursor.execute("select id from change_idea where network = ? and name = ?", [network, name]).fetchone()
    number = int(found[0]) if found else next_id(cursor, "change_idea")
    if not found:
        cursor.execute("insert into change_idea (id, network, name) values (?, ?, ?)", [number, network, name])
    if driver:
        cursor.execute("update change_idea set driver = ? where id = ?", [driver, number])
    return number


def next_id(cursor: duckdb.DuckDBPyConnection, table: str) -> int:
    """The next free id of one of our tables. Called under the write lock only, so two writers never get the same."""
    return int(cursor.execute(f"select coalesce(max(id), 0) + 1 from {table}").fetchall()[0][0])


def span(database: Database, network: int) -> tuple[date, date] | None:
    """First and last date with an observation, or None where there are none."""
    [(first, last)] = database.rows(
        "select min(date), max(date) from observation join measure on measure.id = measure where network = ?", [network]
    )
    return None if first is None else (first, last)
