"""How much was done beside how much differs: which schools have both, who did more and who less. Counted by hand."""

import numpy as np
import pandas as pd

from lib.analysis.aligning import aligned
from lib.analysis.dosing import dosing
from tests.analysis.test_aligning import FLAT, N, days, network, step


def of(differs, moved, done):
    """One school per entry, numbered from 1."""
    schools = range(1, len(differs) + 1)
    outcome = pd.DataFrame({"difference": differs, "moved": moved}, index=schools, dtype=float)
    return dosing(outcome, pd.DataFrame({"after": done}, index=schools, dtype=float))


def test_more_and_less_are_told_from_the_middle_school():
    found = of([0.1, 0.2, 0.0, -0.1, 0.3], [1, 1, 0.5, 0, 1], [0.9, 0.5, 0.7, 0.6, 0.8])
    assert found.enough and found.middle == 0.7
    assert found.more.index.tolist() == [1, 5] and found.less.index.tolist() == [2, 4]


def test_who_did_as_much_as_the_middle_school_did_neither_more_nor_less():
    found = of([0.1, 0.2, 0.3, 0.4], [1, 1, 1, 1], [0.7, 0.7, 0.7, 0.9])
    assert found.more.index.tolist() == [4] and found.less.empty


def test_a_school_without_one_of_the_two_is_not_in_it():
    found = of([0.1, np.nan, 0.2], [1, np.nan, 1], [0.9, 0.8, np.nan])
    assert found.schools.index.tolist() == [1] and not found.enough


def test_done_is_the_median_after_the_start_and_only_of_schools_that_started():
    outcome = aligned(network(step(10), step(12), FLAT), days(10, 12, None), "up").schools
    calls = [None if week == 20 else (0.2 if week < 10 else 0.6 if week < 17 else 0.8) for week in range(N)]
    done = aligned(network(calls, FLAT, FLAT), days(10, 12, None), "up").schools
    found = dosing(outcome, done).schools
    assert found.index.tolist() == [0, 1]
    assert found["done"][0] == 0.6  # weeks 10 to 16 at 0.6 are seven, weeks 17 to 23 without one at 0.8 are six
