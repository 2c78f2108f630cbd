"""Several networks in one database: made, renamed and deleted, each with its own data."""

import re

import duckdb
import pandas as pd

from lib.problems import CannotContinue, Problem
from lib.store.database import Database
from lib.store.definitions import insert_network

LONGEST_NAME = 80

OF_NO_NETWORK = ("migration", "network", "deleted_network")
"""Tables whose rows are no network's own."""

OWNERS = ("merger", "measure", "upload", "school")
"""A table without a column `network` names one of these in its rows, and they belong to a network.

A merger comes first, since one of its measures or schools is no more.
"""


def sizes(database: Database) -> pd.DataFrame:
    """One row per network in the order they were made: id, name, invented, schools, measures, observations, last."""
    return database.frame(
        """with held as (
               select network, count(*) as observations, max(date) as last
               from observation join measure on measure.id = measure group by 1)
           select id, name, invented,
                  (select count(*) from school where network = network.id and not hidden)::integer as schools,
                  (select count(*) from measure where network = network.id and not hidden)::integer as measures,
                  coalesce(observations, 0)::bigint as observations, last
           from network left join held on held.network = network.id order by id"""
    )


def none_ever(database: Database) -> bool:
    """Whether this database is new: it has no network, and none was ever deleted from it."""
    [(number,)] = database.rows("select (select count(*) from network) + (select count(*) from deleted_network)")
    return bool(number == 0)


def create(database: Database, name: str, who: str) -> int:
    """Add an empty network; returns its number. Raises CannotContinue where the name is missing, too long or taken."""
    with database.writing() as cursor:
        said = _free_name(cursor, name)
        number = insert_network(cursor, said)
        _log(cursor, number, who, f"made the network {said}")
    return number


def rename(database: Database, number: int, name: str, who: str) -> None:
    """Give a network another name. Raises CannotContinue where the name can't be given, or the network is no more."""
    with database.writing() as cursor:
        before, said = _name_of(cursor, number), _free_name(cursor, name, number)
        cursor.execute("update network set name = ? where id = ?", [said, number])
        _log(cursor, number, who, f"renamed the network {before} to {said}")


def delete(database: Database, number: int, typed: str, who: str) -> None:
    """Delete a network with every row that is its own, in all tables; other networks keep all of theirs.

    `typed` must be its name. Raises CannotContinue where it isn't, or the network is no more. Only its number, the
    time and `who` are kept.
    """
    with database.writing() as cursor:
        name = _name_of(cursor, number)
        if one_line(typed) != one_line(name):
            raise CannotContinue(Problem("", f"That is not the name of the network: “{name}”.", "Type it as it is."))
        for sql in deletions(cursor):
            cursor.execute(sql, {"network": number})
        cursor.execute("delete from network where id = ?", [number])
        cursor.execute("insert into deleted_network (id, who) values (?, ?)", [number, who])


def deletions(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    """SQL that deletes a network's rows, one for each table; what is found by its measure or upload comes first.

    Read from the tables that there are, so that a table added later can't be forgotten; a ValueError names one that
    nobody can tell the network of.
    """
    columns = cursor.execute(
        """select table_name, list(column_name) from duckdb_columns()
           where database_name = current_database() and schema_name = current_schema() and not internal group by 1"""
    ).fetchall()
    tables = {table: set(names) for table, names in columns if table not in OF_NO_NETWORK}
    by_owner = [_by_owner(table, names) for table, names in sorted(tables.items()) if "network" not in names]
    return by_owner + [
        f"delete from {table} where network = $network" for table in sorted(tables) if "network" in tables[table]
    ]


def _by_owner(table: str, columns: set[str]) -> str:
    owner = next((name for name in OWNERS if name in columns), None)
    if owner is None:
        raise ValueError(f"the rows of {table} belong to no network")
    return f"delete from {table} where {owner} in (select id from {owner} where network = $network)"


def one_line(text: str) -> str:
    """A name without spaces at its ends or in a row.

    >>> one_line("  North   coast ")
    'North coast'
    """
    return re.sub(r"\s+", " ", text).strip()


def _free_name(cursor: duckdb.DuckDBPyConnection, name: str, number: int = 0) -> str:
    said = one_line(name)
    if not said:
        raise CannotContinue(Problem("", "The network has no name.", "Type one."))
    if len(said) > LONGEST_NAME:
        raise CannotContinue(Problem("", f"The name has {len(said)} letters.", f"Use {LONGEST_NAME} or fewer."))
    taken = cursor.execute("select 1 from network where lower(name) = lower(?) and id <> ?", [said, number]).fetchone()
    if taken:
        raise CannotContinue(Problem("", f"There is a network “{said}” already.", "Choose another name."))
    return said


def _name_of(cursor: duckdb.DuckDBPyConnection, number: int) -> str:
    found = cursor.execute("select name from network where id = ?", [number]).fetchone()
    if found is None:
        raise CannotContinue(Problem("", "This network was deleted.", "Choose another one at the left."))
    return str(found[0])


def _log(cursor: duckdb.DuckDBPyConnection, number: int, who: str, what: str) -> None:
    cursor.execute("insert into log (network, who, what) values (?, ?, ?)", [number, who, what])
