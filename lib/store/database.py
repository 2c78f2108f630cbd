"""The one door to the DuckDB file: opening, migrations, a cursor per call, one writer at a time.

The connection is hardened after field tests of DuckDB 1.5: no files but its own, no extensions, no Python variables
as tables, and a locked configuration, so that no text from a spreadsheet can reach outside even if it became SQL.
"""

import os
import re
import tempfile
import threading
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import platformdirs
import pyarrow as pa

from lib.problems import CannotContinue, Problem

PATH_VARIABLE = "STEPBACK_DATABASE"
SETTINGS_FILE = Path("stepback.toml")
MEMORY_LIMIT = "1GB"
LARGEST_TEMPORARY = "4GB"


def default_path() -> Path:
    """Where the data are kept: STEPBACK_DATABASE, else `database` in stepback.toml, else the user's data folder."""
    if given := os.environ.get(PATH_VARIABLE):
        return Path(given)
    if SETTINGS_FILE.exists() and (given := _settings().get("database")):
        return Path(given)
    return Path(platformdirs.user_data_dir("stepback", appauthor=False)) / "stepback.duckdb"


def _settings() -> dict[str, Any]:
    try:
        return tomllib.loads(SETTINGS_FILE.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        where = str(SETTINGS_FILE)
        raise CannotContinue(Problem(where, f"It can't be read: {error}.", 'Write: database = "..."')) from error


def migrations() -> dict[int, str]:
    """The numbered parts of schema.sql."""
    text = files("lib.store").joinpath("schema.sql").read_text(encoding="utf-8")
    parts = re.split(r"^-- migration (\d+):", text, flags=re.MULTILINE)[1:]
    return {int(number): "--" + sql for number, sql in zip(parts[::2], parts[1::2], strict=True)}


class Database:
    """One DuckDB file. Safe to share between threads: every call takes its own cursor, and writers wait in line.

    `version` grows with every write, so that what was computed from the data can be cached by it.
    """

    def __init__(self, path: Path | str) -> None:
        """Open or make the file at `path` (":memory:" for none).

        Raises CannotContinue where another program holds the file, or a newer Stepback made it.
        """
        self.path = str(path)
        self.version = 0
        self._write_lock = threading.RLock()
        self._connection = _connect(self.path)
        try:
            self._migrate()
            _harden(self._connection)
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        self._connection.close()

    def rows(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
        with self.cursor() as cursor:
            return cursor.execute(sql, parameters).fetchall()

    def table(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> pa.Table:
        """All rows of a query, in columns (the fastest way out of DuckDB 1.5)."""
        with self.cursor() as cursor:
            return cursor.execute(sql, parameters).to_arrow_table()

    def frame(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> pd.DataFrame:
        return self.table(sql, parameters).to_pandas()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor of its own, for several steps that write nothing to keep; close it after use."""
        return self._connection.cursor()

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor inside one transaction: all of it is kept, or none. Writers wait for each other."""
        with self._write_lock, self.cursor() as cursor:
            cursor.begin()
            try:
                yield cursor
            except BaseException:
                cursor.rollback()
                raise
            cursor.commit()
            self.version += 1

    def _migrate(self) -> None:
        self._connection.execute(
            "create table if not exists migration (number integer primary key, saved_at timestamp not null)"
        )
        [(done,)] = self.rows("select coalesce(max(number), 0) from migration")
        known = migrations()
        if done > max(known):
            raise CannotContinue(
                Problem(
                    self.path,
                    f"This database was made by a newer Stepback (its format is {done}, this one knows {max(known)}).",
                    "Start the newer Stepback, or choose another database.",
                )
            )
        for number in range(done + 1, max(known) + 1):
            with self.writing() as cursor:
                cursor.execute(known[number])
                cursor.execute("insert into migration values (?, current_timestamp)", [number])


def _connect(path: str) -> duckdb.DuckDBPyConnection:
    if path != ":memory:":
        _make_folder(Path(path).parent)
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": f"{_temporary_place(path)}.tmp",
        "max_temp_directory_size": LARGEST_TEMPORARY,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
    }
    try:
        return duckdb.connect(path, config=config)
    except duckdb.IOException as error:
        raise CannotContinue(_why_not_open(path, str(error))) from error
    except duckdb.InvalidInputException as error:
        raise CannotContinue(Problem(path, "This file isn't a Stepback database.", "Choose another file.")) from error


def _temporary_place(path: str) -> str:
    """A place of our own: DuckDB may still write there when every other way out is closed."""
    return str(Path(tempfile.gettempdir()) / f"stepback-{os.getpid()}") if path == ":memory:" else path


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotContinue(
            Problem(
                str(folder), f"This folder can't be made ({error.strerror}).", "Choose another place for the database."
            )
        ) from error


def _why_not_open(path: str, said: str) -> Problem:
    if "lock" in said.lower():
        return Problem(
            path,
            "The database is in use by another program, perhaps the Stepback app itself.",
            "Close that program, or bring the file in on the page “A spreadsheet”.",
        )
    if "not a valid DuckDB" in said or "serialization" in said.lower():
        return Problem(path, "This file isn't a Stepback database.", "Choose another file.")
    return Problem(path, "The database can't be opened here.", "Check that the folder exists and can be written to.")


def _harden(connection: duckdb.DuckDBPyConnection) -> None:
    """Close every way out. The order matters: a locked configuration can't be changed again."""
    [(locked,)] = connection.execute("select current_setting('lock_configuration')").fetchall()
    if locked:  # this process has the file open already, and the configuration is shared
        return
    for setting in (
        "python_enable_replacements = false",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"set {setting}")
