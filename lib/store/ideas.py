"""Change ideas as schools try them: where, from when to when, in which stage."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import duckdb
import pandas as pd

from lib.improvement import TestOfChange
from lib.problems import CannotContinue, Problem
from lib.store.database import Database
from lib.store.definitions import save_tests

LOGGED = """select change_idea.name, school, start_date, end_date, stage, prediction, result, learned, decision, driver,
                   stages
            from test_of_change join change_idea on change_idea.id = idea
            where test_of_change.network = ? order by change_idea.name, start_date, school, test_of_change.rowid"""


def tests(database: Database, network: int) -> pd.DataFrame:
    """Every test of change, planned ones too, in order of idea and start: idea (its name), school, start, end (dates,
    NaT where it goes on), stage, prediction, result, learned, decision, stages (dicts of stage and began)."""
    return database.frame(
        """select change_idea.name as idea, school, start_date::timestamp as start, end_date::timestamp as end, stage,
                  prediction, result, learned, decision, stages
           from test_of_change join change_idea on change_idea.id = idea
           where test_of_change.network = ? order by change_idea.name, start_date, school""",
        [network],
    )


def stages(database: Database, network: int) -> pd.DataFrame:
    """Every stage of every test of change, in order of idea, school, the day it began and its test's start: idea (its
    name), school, start, end (of the test, NaT where it goes on), stage, began."""
    return database.frame(
        """with one as (select *, unnest(stages) as told, rowid as line from test_of_change where network = ?)
           select name as idea, school, start_date::timestamp as start, end_date::timestamp as end,
                  told.stage as stage, told.began::timestamp as began
           from one join change_idea on change_idea.id = idea
           order by name, school, began, start_date, line""",
        [network],
    )


def periods(tried: pd.DataFrame) -> pd.DataFrame:
    """From when to when each school has an idea: idea, school, start (of the first test that isn't only planned), end
    (of the last, NaT where one goes on)."""
    begun = tried[(tried["stage"] != "planned") & tried["start"].notna()]
    goes_on = begun["end"].isna().groupby([begun["idea"], begun["school"]]).any()
    found = begun.groupby(["idea", "school"], sort=True).agg(start=("start", "min"), end=("end", "max"))
    return found.assign(end=found["end"].mask(goes_on)).reset_index()


def logged(database: Database, network: int) -> list[TestOfChange]:
    """Every test of change of the network as its log has it, in order of idea and start."""
    return [_test(*row) for row in database.rows(LOGGED, [network])]


def save(
    database: Database, network: int, tests: Sequence[TestOfChange], before: Sequence[TestOfChange], who: str
) -> None:
    """Put the log in place of the old one, which stays among the changes as JSON. All of it, or nothing.

    Raises CannotContinue where the log isn't any more what it was `before`: somebody else has changed it.
    """
    with database.writing() as cursor:
        stored = _logged(cursor, network)
        if stored != list(before):
            what = "Somebody else has changed the log in the meantime."
            raise CannotContinue(Problem("", what, "Reload the page, and make your change again."))
        said = f"Tests of change changed: {len(tests)} in the log, {len(stored)} before"
        cursor.execute(
            "insert into log (network, who, what, before) values (?, ?, ?, ?)",
            [network, who, said, json.dumps([asdict(test) for test in stored], default=str)],
        )
        cursor.execute("delete from test_of_change where network = ?", [network])
        save_tests(cursor, network, list(tests))


def _logged(cursor: duckdb.DuckDBPyConnection, network: int) -> list[TestOfChange]:
    return [_test(*row) for row in cursor.execute(LOGGED, [network]).fetchall()]


def _test(*row: Any) -> TestOfChange:
    *told, stages = row
    return TestOfChange(*(*told, tuple((one["stage"], one["began"]) for one in stages)))
