"""What is said of spread is counted, one and many, and never that more schools made the difference."""

import pandas as pd
import pytest

from lib.analysis.spreading import spread
from lib.wording.spread import sentence
from tests.analysis.test_spreading import told, week

TWO_TESTING = [(1, 0, None, "testing", 0), (2, 0, None, "testing", 0)]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "None of 24 schools has begun yet."),
        ([(1, 30, None, "planned", 3)], "None of 24 schools has begun yet. 1 more has planned it."),
        (TWO_TESTING, "2 of 24 schools have begun: 2 testing. No school began in the last 8 weeks."),
        (
            [*TWO_TESTING, (2, 0, None, "adopted", 9), (3, 15, None, "testing", 15), (4, 0, 9, "testing", 0)],
            "4 of 24 schools have begun: 1 adopted, 2 testing, 1 over. 1 school began in the last 8 weeks.",
        ),
        (
            [(1, 1, 4, "abandoned", 4), (2, 18, None, "testing", 18), (3, 19, None, "testing", 19)],
            "3 of 24 schools have begun: 2 testing, 1 abandoned. 2 schools began in the last 8 weeks.",
        ),
    ],
)
def test_sentences(rows, said):
    assert sentence(spread(told(*rows), week(20)), 24) == said


def test_one_school_has_begun():
    assert sentence(spread(told(TWO_TESTING[0]), pd.Timestamp(week(2))), 1).startswith("1 of 1 school has begun")
