"""How kinds of spreadsheets are read: kept under a name, found again, renamed, deleted."""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from lib.problems import CannotContinue, Problem
from lib.store.database import Database
from lib.store.definitions import next_id

LONGEST_NAME = 80


@dataclass(frozen=True)
class NewRecipe:
    """`recipe` and `proposed` are JSON texts; `proposed` is what was proposed before corrections, '' for nothing.

    `asked` is where that proposal had questions.
    """

    name: str
    recipe: str
    proposed: str
    asked: tuple[str, ...]
    who: str


@dataclass(frozen=True)
class StoredRecipe(NewRecipe):
    id: int
    saved_at: datetime
    used_at: datetime


def recipes(database: Database, network: int) -> list[StoredRecipe]:
    """The network's recipes, the newest used first."""
    rows = database.rows(
        """select name, recipe::text, proposed, asked, who, id, saved_at, used_at from recipe
           where network = ? order by used_at desc, id desc""",
        [network],
    )
    return [
        StoredRecipe(name, recipe, proposed, tuple(asked), who, *rest)
        for name, recipe, proposed, asked, who, *rest in rows
    ]


def keep(database: Database, network: int, kept: NewRecipe, number: int = 0) -> int:
    """Put it in place of recipe `number`, whose name stays, or add it under a name that is free; returns its number."""
    with database.writing() as cursor:
        before = cursor.execute("select recipe::text from recipe where id = ?", [number]).fetchone()
        values = [kept.recipe, kept.proposed, list(kept.asked)]
        if before is not None:
            cursor.execute(
                "update recipe set recipe = ?, proposed = ?, asked = ?, used_at = current_timestamp where id = ?",
                [*values, number],
            )
            return number
        number, name = next_id(cursor, "recipe"), _free_name(cursor, network, kept.name)
        cursor.execute(
            "insert into recipe (recipe, proposed, asked, id, network, name, who) values (?, ?, ?, ?, ?, ?, ?)",
            [*values, number, network, name, kept.who],
        )
        _log(cursor, network, kept.who, f"kept the recipe “{name}”")
    return number


def rename(database: Database, network: int, number: int, name: str, who: str) -> None:
    """Raises CannotContinue where the name is missing, too long or taken, or the recipe is no more."""
    said = " ".join(name.split())
    with database.writing() as cursor:
        before = _name_of(cursor, network, number)
        if not said or len(said) > LONGEST_NAME:
            raise CannotContinue(Problem("", "A recipe's name has 1 to 80 letters.", "Type another one."))
        if said != _free_name(cursor, network, said, number):
            raise CannotContinue(Problem("", f"There is a recipe “{said}” already.", "Choose another name."))
        cursor.execute("update recipe set name = ? where id = ?", [said, number])
        _log(cursor, network, who, f"renamed the recipe “{before}” to “{said}”")


def delete(database: Database, network: int, number: int, who: str) -> None:
    """Forget a recipe; what was read by it stays. Raises CannotContinue where it is no more."""
    with database.writing() as cursor:
        name = _name_of(cursor, network, number)
        cursor.execute("delete from recipe where id = ?", [number])
        _log(cursor, network, who, f"deleted the recipe “{name}”")


def _free_name(cursor: duckdb.DuckDBPyConnection, network: int, name: str, number: int = 0) -> str:
    rows = cursor.execute("select lower(name) from recipe where network = ? and id <> ?", [network, number]).fetchall()
    taken, said = {one for (one,) in rows}, name[:LONGEST_NAME]
    tries = (said if turn == 1 else f"{said} {turn}" for turn in range(1, len(taken) + 2))
    return next(one for one in tries if one.lower() not in taken)


def _name_of(cursor: duckdb.DuckDBPyConnection, network: int, number: int) -> str:
    found = cursor.execute("select name from recipe where id = ? and network = ?", [number, network]).fetchone()
    if found is None:
        raise CannotContinue(Problem("", "This recipe isn't there any more.", "Look at the list again."))
    return str(found[0])


def _log(cursor: duckdb.DuckDBPyConnection, network: int, who: str, what: str) -> None:
    cursor.execute("insert into log (network, who, what) values (?, ?, ?)", [network, who, what])
