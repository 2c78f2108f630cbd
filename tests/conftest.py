"""What holds for every test."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from lib.wording.texts import speak

settings.register_profile("any machine", deadline=None)  # how long an example takes says how busy the machine is
settings.load_profile("any machine")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A test that speaks another language leaves none of it to the next."""
    yield
    speak("en")
