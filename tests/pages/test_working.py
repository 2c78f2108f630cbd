"""Long work shows its steps and can be cancelled; what is cancelled leaves nothing half done."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib import sample_network
from lib.intake import read
from lib.problems import CannotContinue
from lib.screen.working import Cancelled, Progress
from lib.store import Database, networks, uploads
from tests.store.conftest import new_upload

WEEK = [("A1", "Ash", "", "2025-09-01", 1, 2, 0.5)]


class Enough(Exception):
    """Stands for the person's click."""


def after(n):
    """A step that raises at its n-th call."""
    calls = []

    def step():
        calls.append(1)
        if len(calls) == n:
            raise Enough

    return step


def everything(database):
    tables = ("network", "school", "measure", "upload", "observation", "replaced", "log", "named")
    return {table: database.rows(f"select * from {table}") for table in tables}


@pytest.mark.parametrize("n", range(1, len(uploads.STEPS)))
def test_saving_that_is_cancelled_at_any_step_changes_nothing(n):
    database = Database(":memory:")
    networks.create(database, "Test", "test")
    before = everything(database)
    with pytest.raises(Enough):
        uploads.save(database, new_upload(1, WEEK), after(n))
    assert everything(database) == before
    uploads.save(database, new_upload(1, WEEK), after(len(uploads.STEPS)))
    assert len(everything(database)["observation"]) == 1
    database.close()


def test_the_sample_network_that_is_cancelled_is_not_there(tmp_path):
    path = tmp_path / "new.duckdb"
    with pytest.raises(Enough):
        sample_network.make_database(path, after(2))
    assert not path.exists()
    sample_network.make_without(path)
    database = Database(path)
    assert networks.sizes(database).empty
    assert not networks.none_ever(database)
    with pytest.raises(Enough):
        sample_network.fill(database, after(3))
    assert networks.sizes(database).empty
    assert database.rows("select count(*) from observation") == [(0,)]
    database.close()


@pytest.mark.long
def test_as_many_steps_are_told_as_are_done(tmp_path, sample):
    told = []
    sample_network.make_database(tmp_path / "new.duckdb", lambda: told.append(1))
    assert len(told) == len(sample_network.steps()) - 1


def test_reading_that_is_cancelled_ends_the_child():
    rows = "\n".join(f"School {n},2025-09-01,{n}" for n in range(400_000))
    with pytest.raises(CannotContinue, match="Reading it was cancelled"):
        read(f"school,date,value\n{rows}".encode(), "large.csv", "", lambda: False)


def test_a_step_after_the_click_is_the_last():
    progress = Progress(0)
    progress.step()
    assert progress.at == 1
    progress.stopped.set()
    with pytest.raises(Cancelled):
        progress.step()


def page():
    import time

    import streamlit as st

    from lib.screen import working

    def work(progress):
        time.sleep(0.8)  # work that goes on while the page looks for its progress
        progress.step()
        return 42

    st.text(
        f"answer {working.run(['First', 'Second'], work, on_cancel=lambda: None, done=lambda n: st.text(f'got {n}'))}"
    )


def test_the_page_gets_the_answer_and_the_button_is_gone():
    app = AppTest.from_function(page, default_timeout=20).run()
    assert [text.value for text in app.text] == ["got 42", "answer 42"]
    assert not app.button


def failing_page():
    from lib.problems import CannotContinue, Problem
    from lib.screen import words, working

    def work(progress):
        raise CannotContinue(Problem("A1", "It is wrong."))

    with words.problems_in_words():
        working.run(["First"], work, on_cancel=lambda: None)


def test_a_problem_of_the_work_is_said_on_the_page():
    app = AppTest.from_function(failing_page, default_timeout=20).run()
    assert [error.value.replace("\\", "") for error in app.error] == ["A1: It is wrong."]


@pytest.mark.long
def test_a_first_start_without_a_database_fills_it(tmp_path: Path, monkeypatch, person):
    path = tmp_path / "first" / "own.duckdb"
    monkeypatch.setenv("STEPBACK_DATABASE", str(path))
    assert "24 schools have" in person.open("look/network").text()
    assert path.exists()
