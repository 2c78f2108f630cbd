"""What holds for every test."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from lib.sample_network import make_database
from lib.wording.texts import speak

settings.register_profile("any machine", deadline=None)  # how long an example takes says how busy the machine is
settings.load_profile("any machine")

LONGEST_WAIT = 120
"""Seconds that one process of tests waits for the sample network that another makes."""


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A test that speaks another language leaves none of it to the next."""
    yield
    speak("en")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The sample network, made once for all processes of a run by the first; a test that writes copies it."""
    folder = tmp_path_factory.getbasetemp()
    path = (folder if worker_id == "master" else folder.parent) / "sample.duckdb"
    try:
        path.with_suffix(".begun").touch(exist_ok=False)
    except FileExistsError:
        wait_for(path)
    else:
        make_database(path)
    return path


def wait_for(path: Path) -> None:
    last = time.monotonic() + LONGEST_WAIT
    while not path.exists():
        if time.monotonic() > last:
            pytest.fail("The other process of tests could not make the sample network.")
        time.sleep(0.1)  # a file of another process is waited for, and nothing tells when it is there
