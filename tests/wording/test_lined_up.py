"""What is said of a change idea is counted, and never says that the idea caused it."""

import numpy as np
import pandas as pd
import pytest

from lib.analysis.aligning import Aligned
from lib.measures import Measure
from lib.wording.lined_up import cautions, lasting, sentence

UP = Measure(1, "Attendance", wanted="up")


def found(moved, waiting):
    """`moved` of the schools that started, `waiting` of those that had not."""
    n, m = len(moved), len(waiting)
    schools = pd.DataFrame(
        {
            "waiting": [False] * n + [True] * m,
            "moved": [*moved, *[np.nan] * m],
            "waiting_moved": [*[np.nan] * n, *waiting],
            "state": ["shift"] * n + [""] * m,
            "direction": ["up"] * n + [""] * m,
        }
    )
    return Aligned(pd.DataFrame(), pd.DataFrame(), schools)


@pytest.mark.parametrize(
    ("moved", "waiting", "luck", "said"),
    [
        (
            [1, 1, 0],
            [0, 0, 1],
            0.2,
            "2 of 3 schools moved the wanted way; with the start dates shuffled among the schools",
        ),
        ([1, 1, 0], [0, 0, 1], 0.2, "that many or more came up 20 times in 100. Of 3 schools still waiting, about 1"),
        ([1, 1, 1], [1, 1, 0], 0.4, "Schools that had not started moved too."),
        ([1, 0.5], [], 0.3, "1 of 2 schools moved the wanted way (1 did not move at all)"),
        ([1, 1], [], 0.004, "fewer than 1 time in 100. No school was still waiting"),
        ([1], [0], 0.1, "One school shows whether it changed, not why"),
        ([], [0], float("nan"), "No school has 8 points on each side of its start yet"),
    ],
)
def test_sentences(moved, waiting, luck, said):
    assert said in sentence(found(moved, waiting), luck, UP)


def test_rare_moves_are_not_called_alike():
    assert "moved too" not in sentence(found([1, 1, 1], [1, 1, 0]), 0.01, UP)


def test_a_measure_without_a_wanted_way_goes_up():
    assert "2 of 2 schools went up" in sentence(found([1, 1], [0]), 0.2, Measure(1, "Homework", wanted="none"))


def test_lasting_changes_are_counted_by_way():
    assert lasting(found([1, 1], [])) == "2 of 2 up"


def test_nothing_says_caused():
    texts = [sentence(found([1, 1], [0]), luck, UP) for luck in (0.001, 0.5)] + cautions()
    assert not any("cause" in text.replace("because", "") for text in texts)
