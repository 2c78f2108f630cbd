"""The door to DuckDB: migrations, the write lock, hardening."""

import threading
from datetime import date

import duckdb
import pytest

from lib.problems import CannotContinue
from lib.store import Database, default_path, definitions, ideas, series
from lib.store import database as database_module
from lib.store.series import Choice


@pytest.fixture
def database():
    opened = Database(":memory:")
    yield opened
    opened.close()


def test_path_comes_from_the_environment_then_the_settings_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "stepback.toml").write_text('database = "from_settings.duckdb"\n')
    monkeypatch.delenv("STEPBACK_DATABASE", raising=False)
    assert default_path().name == "from_settings.duckdb"
    monkeypatch.setenv("STEPBACK_DATABASE", "from_environment.duckdb")
    assert default_path().name == "from_environment.duckdb"


def test_a_file_of_a_newer_stepback_is_refused_with_a_plain_line(tmp_path):
    path = tmp_path / "new.duckdb"
    opened = Database(path)
    with opened.writing() as cursor:
        cursor.execute("insert into migration values (9999, current_timestamp)")
    opened.close()
    with pytest.raises(CannotContinue, match="made by a newer Stepback"):
        Database(path)


def test_a_database_of_the_first_stepback_is_brought_up_to_date_and_keeps_its_rows(tmp_path, monkeypatch):
    path = tmp_path / "old.duckdb"
    every = database_module.migrations()
    monkeypatch.setattr(database_module, "migrations", lambda: {1: every[1]})
    old = Database(path)
    with old.writing() as cursor:
        cursor.execute("insert into network (id, name) values (1, 'Old')")
        cursor.execute("insert into school (id, network, name) values (1, 1, 'Ash')")
        cursor.execute(
            """insert into measure (id, network, name, family, unit, wanted, cadence)
               values (1, 1, 'Attendance', 'process', 'percent', 'up', 'week')"""
        )
        cursor.execute(
            """insert into upload (id, network, file, sha256, who, recipe, sheets, kept, suppressed, refused, left_out,
                                   blank)
               values (1, 1, 'a.csv', '', 'test', '{}', ['a'], 1, 0, 0, 0, 0)"""
        )
        cursor.execute("insert into observation values (1, 1, 0, date '2025-09-01', 1, 2, 0.5, 1, 0, 2, 2)")
        cursor.execute("insert into change_idea (id, network, name) values (1, 1, 'Calls')")
        for stage, end in (("testing", None), ("abandoned", date(2025, 11, 3))):
            cursor.execute(
                "insert into test_of_change values (1, 1, 1, date '2025-09-01', ?, ?, '', '', '', '')", [end, stage]
            )
    old.close()
    monkeypatch.setattr(database_module, "migrations", lambda: every)
    opened = Database(path)
    assert [school.name for school in definitions.schools(opened, 1)] == ["Ash"]
    assert series.points(opened, Choice(1, (1,)))["value"].tolist() == [0.5]
    tested, abandoned = (test.stages for test in ideas.logged(opened, 1))
    assert tested == (("testing", date(2025, 9, 1)),)
    assert abandoned == (("testing", date(2025, 9, 1)), ("abandoned", date(2025, 11, 3)))
    opened.close()


def test_something_else_than_a_database_is_refused_with_a_plain_line(tmp_path):
    path = tmp_path / "letter.duckdb"
    path.write_text("Dear data lead, " * 1000)
    with pytest.raises(CannotContinue, match="isn't a Stepback database"):
        Database(path)


def test_a_failed_transaction_leaves_nothing(database):
    with pytest.raises(duckdb.ConversionException), database.writing() as cursor:
        cursor.execute("insert into network (id, name) values (1, 'Half')")
        cursor.execute("insert into network (id, name) values ('not a number', 'Other half')")
    assert database.rows("select count(*) from network") == [(0,)]


def test_the_version_grows_with_each_write_only(database):
    before = database.version
    database.rows("select 1")
    assert database.version == before
    with database.writing() as cursor:
        cursor.execute("insert into network (id, name) values (1, 'One')")
    assert database.version == before + 1


def test_many_threads_write_and_read_without_losing_a_row(database):
    def write(number):
        for step in range(20):
            with database.writing() as cursor:
                cursor.execute("insert into log (network, who, what) values (?, 'test', ?)", [number, str(step)])
            database.rows("select count(*) from log")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert database.rows("select count(*) from log") == [(160,)]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "copy (select 1) to 'out.csv'",
        "attach 'other.duckdb'",
        "install httpfs",
        "set enable_external_access = true",
        "select * from parameters",
    ],
)
def test_no_way_out_of_the_database(database, sql):
    with pytest.raises(duckdb.Error):
        database.rows(sql, [])
