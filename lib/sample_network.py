"""The invented network that a first start shows.

It is the spreadsheets of sample_data, brought in by the same road as any upload.
"""

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from lib import idea_log, intake
from lib.improvement import TestOfChange
from lib.loading import as_upload, prepare, read_recipe
from lib.measures import Measure
from lib.problems import CannotContinue
from lib.store import Database, definitions, networks, uploads

FOLDER = Path(__file__).resolve().parent.parent / "sample_data"
NAME = "Ninth-grade on-track (sample)"
WHO = "sample data"
LOG = "tests_of_change.xlsx"
NOT_OBSERVATIONS = ("schools.csv", "calendar.csv", LOG)

TAGS = ["level", "setting", "size"]


def make_database(path: Path, step: Callable[[], None] = lambda: None) -> None:
    """A new database file with the sample network in it; `step` as in `fill`.

    It is made beside its place, so that a half-made one never counts.
    """
    _make(path, lambda database: fill(database, step))


def make_without(path: Path) -> None:
    """A new database file for somebody who doesn't want the sample network; it can be brought in later."""

    def decline(database: Database) -> None:
        networks.delete(database, definitions.add_network(database, NAME, invented=True), NAME, WHO)

    _make(path, decline)


def _make(path: Path, filled: Callable[[Database], object]) -> None:
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    unfinished.unlink(missing_ok=True)
    database = Database(unfinished)
    try:
        filled(database)
    finally:
        database.close()
    unfinished.replace(path)


def steps() -> list[str]:
    """What `fill` does, in order."""
    names = ["schools, measures and calendar", *(path.name for path in spreadsheets()), "tests of change"]
    return [f"The sample network: {name}" for name in names]


def fill(database: Database, step: Callable[[], None] = lambda: None) -> int:
    """Add the sample network; returns its id. All of it, or nothing.

    `step` is called when each of `steps` but the first begins.
    """
    network = definitions.add_network(database, NAME, invented=True)
    try:
        _fill(database, network, step)
    except BaseException:
        networks.delete(database, network, NAME, WHO)
        raise
    return network


def _fill(database: Database, network: int, step: Callable[[], None]) -> None:
    with database.writing() as cursor:
        definitions.save_schools(cursor, network, schools_with_tags())
        for measure in measures():
            definitions.save_measure(cursor, network, measure)
        definitions.save_calendar(
            cursor, network, pd.read_csv(FOLDER / "calendar.csv", dtype="str", keep_default_na=False)
        )
    for path in spreadsheets():
        step()
        recipe = path.with_name("recipes") / f"{path.stem}.json"
        prepared = prepare(
            database, network, path.read_bytes(), path.name, read_recipe(recipe) if recipe.exists() else None
        )
        uploads.save(database, as_upload(network, prepared, WHO))
    step()
    schools = {school.name: school.id for school in definitions.schools(database, network)}
    with database.writing() as cursor:
        definitions.save_tests(cursor, network, tests_of_change(schools))


def schools_with_tags() -> pd.DataFrame:
    """The schools of schools.csv; what it says of level, setting and size are their tags."""
    frame = pd.read_csv(FOLDER / "schools.csv", dtype="str", keep_default_na=False)
    return frame.assign(tags=pd.Series(frame[TAGS].to_numpy().tolist(), index=frame.index))


def measures() -> Iterator[Measure]:
    """The measures of measures.toml, in their order."""
    for row in tomllib.loads((FOLDER / "measures.toml").read_text(encoding="utf-8"))["measures"]:
        yield Measure(0, **{name: value for name, value in row.items() if name in definitions.MEASURE_FIELDS})


def spreadsheets() -> list[Path]:
    """The files that hold observations."""
    found = [*FOLDER.glob("*.csv"), *FOLDER.glob("*.xlsx")]
    return sorted(path for path in found if path.name not in NOT_OBSERVATIONS)


def tests_of_change(schools: dict[str, int]) -> list[TestOfChange]:
    """The rows of the log. Raises CannotContinue where one can't be read."""
    tests, problems = idea_log.from_log(intake.read((FOLDER / LOG).read_bytes(), LOG), schools)
    if problems:
        raise CannotContinue(*problems)
    return tests
