"""The state of charts, each worked out by hand from the table of states.

L is 1, H is 2, M is 1.5, so the median of as many L as H is 1.5; a dot is a missing value.
"""

import numpy as np
import pandas as pd
import pytest

from lib.analysis import run_charts
from lib.measures import Measure
from tests.analysis.made import letters, one

ALTERNATING_12 = "LHLHLHLHLHLH"
FIVE_LOW_FIVE_HIGH = [1, 2, 3, 2, 1, 8, 9, 8, 9, 8]
EARLY_HINT = "LLH LLH LLH LLH LL HHHHHH"  # 10 L, 10 H; 9 crossings (at least 6), longest 6 (at most 7)


@pytest.mark.parametrize(
    ("what", "values", "state", "direction", "needed"),
    [
        ("no values at all", letters("..."), "can't be split", "", 0),
        ("one point is its own median", [4], "can't be split", "", 0),
        ("two points", [1, 2], "too early", "", 8),
        ("all on the median", [5] * 20, "can't be split", "", 0),
        ("at 100 % more than half of the time", [1] * 14 + [0.9, 0.95, 0.8, 0.97, 0.9, 0.85], "can't be split", "", 0),
        ("at 0 % more than half of the time", [0] * 14 + [0.1, 0.2, 0.1, 0.3, 0.2, 0.1], "can't be split", "", 0),
        # 10 useful, 1 crossing where 2 are the fewest; window 5, all on one side.
        ("five low then five high", FIVE_LOW_FIVE_HIGH, "shift", "up", 0),
        ("five high then five low", [-value for value in FIVE_LOW_FIVE_HIGH], "shift", "down", 0),
        ("ten alternating points are enough", letters("LHLHLHLHLH"), "steady", "", 0),
        # 4 below, 2 on the median, 5 above: 9 useful.
        ("nine useful points are one too few", [*letters("LHLHLHLHH"), 1.5, 1.5], "too early", "", 1),
        # The 7th of 13 sorted values is 5: 3 below, 4 above.
        ("13 points with 6 on the median", [5, 1, 5, 9, 5, 2, 5, 8, 5, 9, 5, 3, 7], "too early", "", 3),
        ("24 alternating points", letters(ALTERNATING_12 * 2), "steady", "", 0),
        # 40 useful: 20 H, 20 L, longest 8 is ordinary; 10 > 8 fired; newest 8: 4 of each.
        ("a run of 10 long ago", letters("H" * 10 + "LLLH" * 5 + "LHLHLHLHLH"), "unsettled", "", 0),
        # 24 useful, longest 8 is ordinary; 10 fired; newest 8: 6 of 8 below are exactly three quarters.
        ("a run of 10, since then mostly below", letters("H" * 10 + "LLLLLL" + "HLLLHLLL"), "shift", "down", 0),
        ("a run of 10 low, since then mostly above", letters("L" * 10 + "HHHHHH" + "LHHHLHHH"), "shift", "up", 0),
        # 22 useful (limit 7): fired; newest 8 hold 3 H, so 5 of 8 below are too few.
        ("five of the newest eight are no side", letters("H" * 8 + "LLLLLL" + "HLLHLLHL"), "unsettled", "", 0),
        ("six in a row at the end", letters(EARLY_HINT), "early hint", "up", 0),
        ("six low in a row at the end", [3 - value for value in letters(EARLY_HINT)], "early hint", "down", 0),
        ("five in a row at the end", letters("HLL HLL HLL HLL HLL HHHHH"), "steady", "", 0),
        ("a missing point in the newest run", letters("LLH LLH LLH LLH LL HHH.HHH"), "early hint", "up", 0),
        ("a point on the median in the newest run", letters("LLH LLH LLH LLH LL HHHMHHH"), "early hint", "up", 0),
        ("missing points at the end", letters(EARLY_HINT + "..."), "early hint", "up", 0),
        ("six in a row, but not the newest", letters("HHHHHH LLH LLH LLH LLH LL"), "steady", "", 0),
    ],
)
def test_state_with_its_own_median(what: str, values: list[float], state: str, direction: str, needed: int) -> None:
    found = run_charts(one(values)).phases.iloc[0]
    assert (found["state"], found["direction"], found["needed"]) == (state, direction, needed), what


@pytest.mark.parametrize(
    ("what", "baseline", "values", "state", "direction", "needed"),
    [
        ("12 baseline points and none after", 12, letters(ALTERNATING_12), "too early", "", 6),
        ("a baseline longer than the series", 30, letters(ALTERNATING_12), "too early", "", 6),
        ("five after the baseline are one too few", 12, letters(ALTERNATING_12 + "HHHHH"), "too early", "", 1),
        # The newest run is 7 long (limit 7 at 18), but only 6 of it lie after the baseline.
        ("six high after the baseline", 12, letters(ALTERNATING_12 + "HHHHHH"), "early hint", "up", 0),
        ("five of the newest run after the baseline", 12, letters(ALTERNATING_12 + "LHHHHH"), "steady", "", 0),
        # 19 useful, limit 7, a run of 8.
        ("seven high after the baseline", 12, letters(ALTERNATING_12 + "HHHHHHH"), "shift", "up", 0),
        # 18 useful: longest 6, 7 crossings where 5 are the fewest.
        ("a step inside the baseline, then both sides", 12, letters("LLLLLLHHHHHH LHLHLH"), "steady", "", 0),
        # 25 useful, limit 8, run of 12; 13 after, so the window is 6: 4 of 6 are too few.
        ("a lasting change that ended", 12, letters(ALTERNATING_12 + "H" * 11 + "LL"), "unsettled", "", 0),
        # 12 after, window 6: 5 of 6.
        ("one low after many high", 12, letters(ALTERNATING_12 + "H" * 11 + "L"), "shift", "up", 0),
        ("all on a frozen median", 6, [5] * 14, "too early", "", 6),
        # Frozen at 100 %: 8 useful, all below, limit 6. With its own median it can't be split.
        (
            "a frozen 100 % line, then lower",
            12,
            [1] * 12 + [0.9, 0.8, 0.9, 0.7, 0.8, 0.9, 0.8, 0.7],
            "shift",
            "down",
            0,
        ),
        ("a baseline of points that are all missing", 12, letters("......"), "can't be split", "", 0),
        # The median of the first 12 values is 1.5: the missing row is not one of them.
        ("a missing row in the baseline", 12, letters("L.HLHLHLHLHLH HHHHHH"), "early hint", "up", 0),
    ],
)
def test_state_with_a_frozen_baseline(
    what: str, baseline: int, values: list[float], state: str, direction: str, needed: int
) -> None:
    found = run_charts(one(values), baseline=baseline).phases.iloc[0]
    assert (found["state"], found["direction"], found["needed"]) == (state, direction, needed), what


@pytest.mark.parametrize(
    ("what", "rules", "values", "state", "direction", "needed"),
    [
        # 7 above and 7 below: no run of 8 is possible.
        ("14 points can't hold a shift of eight", "shift8", letters(ALTERNATING_12 + "LH"), "too early", "", 2),
        ("16 points can", "shift8", letters(ALTERNATING_12 + "LHLH"), "steady", "", 0),
        ("eight low then eight high", "shift8", letters("LLLLLLLLHHHHHHHH"), "shift", "up", 0),
        ("six low then six high", "ihi", letters("LLLLLLHHHHHH"), "shift", "up", 0),
        # 12 runs where 10 are the most; newest 6: 3 of each.
        ("to and fro", "ihi", letters(ALTERNATING_12), "unsettled", "", 0),
        # Median 5; 9 runs of 4 to 10; 1, 4, 6, 7, 10 go up; newest 6: 4 above, 2 below.
        ("a trend alone", "ihi", [2, 8, 3, 9, 1, 4, 6, 7, 10, 2.5, 8.5, 3.5], "unsettled", "", 0),
    ],
)
def test_state_by_other_rules(
    what: str, rules: str, values: list[float], state: str, direction: str, needed: int
) -> None:
    found = run_charts(one(values), rules).phases.iloc[0]
    assert (found["state"], found["direction"], found["needed"]) == (state, direction, needed), what


@pytest.mark.parametrize(
    ("what", "measure", "state"),
    [
        ("quarterly", Measure(1, "Suspensions", cadence="quarter"), "not for run rules"),
        ("once a term", Measure(1, "Grades", cadence="term"), "not for run rules"),
        ("cumulative", Measure(1, "Absences so far", cumulative=True), "not for run rules"),
        ("every five weeks", Measure(1, "On track", cadence="five weeks"), "shift"),
        ("wanted direction none", Measure(1, "Homework hours", wanted="none"), "shift"),
        ("wanted direction down", Measure(1, "D and F grades", wanted="down"), "shift"),
    ],
)
def test_state_depends_on_the_measure_only_by_whether_runs_are_read(what: str, measure: Measure, state: str) -> None:
    found = run_charts(one(FIVE_LOW_FIVE_HIGH), reads_runs=measure.reads_runs).phases.iloc[0]
    assert found["state"] == state, what
    assert found["signal"], "the raw signal stands beside the state"
    assert found["direction"] == ("up" if state == "shift" else "")


def test_whether_runs_are_read_can_differ_by_series() -> None:
    points = pd.concat([one(FIVE_LOW_FIVE_HIGH), one(FIVE_LOW_FIVE_HIGH).assign(series=7)], ignore_index=True)
    assert run_charts(points, reads_runs=np.array([True, False])).phases["state"].to_list() == [
        "shift",
        "not for run rules",
    ]


def test_each_phase_has_its_own_state() -> None:
    points = one([*FIVE_LOW_FIVE_HIGH, 4, 5], phase=["before"] * 10 + ["after"] * 2)
    assert run_charts(points).phases["state"].to_list() == ["shift", "too early"]


def test_only_the_first_phase_has_a_baseline() -> None:
    points = one([*letters(ALTERNATING_12), *FIVE_LOW_FIVE_HIGH], phase=[1] * 12 + [2] * 10)
    phases = run_charts(points, baseline=12).phases
    assert phases["state"].to_list() == ["too early", "shift"]
    assert phases["baseline_last"].to_list() == [11, -1]
    assert phases["n_after"].to_list() == [0, 10]


def test_an_excluded_point_is_out_of_the_median_and_the_rules() -> None:
    """Without the last one the median is 3, which one point lies on: 4 below, 4 above."""
    found = run_charts(one(FIVE_LOW_FIVE_HIGH, excluded=[False] * 9 + [True])).phases.iloc[0]
    assert (found["median"], found["n_useful"], found["state"], found["needed"]) == (3, 8, "too early", 2)


def test_an_excluded_point_does_not_break_a_run() -> None:
    points = one(letters("LLH LLH LLH LLH LL HHHLHHH"), excluded=[False] * 17 + [True] + [False] * 3)
    assert run_charts(points).phases["state"][0] == "early hint"


def test_equal_ratios_are_equal() -> None:
    points = pd.DataFrame({"series": 0, "numerator": [3.0, 30, 300] * 5, "denominator": [10.0, 100, 1000] * 5})
    assert run_charts(points).phases["state"].to_list() == ["can't be split"]


def test_a_denominator_of_zero_gives_no_point() -> None:
    points = pd.DataFrame({"series": 0, "numerator": [0.0] * 12, "denominator": [0.0] * 12})
    found = run_charts(points).phases.iloc[0]
    assert (found["n_points"], found["state"]) == (0, "can't be split")


def test_a_signal_can_be_true_while_the_state_is_too_early() -> None:
    """8 useful points against a frozen line, all above: over the limit of 6, but only 4 lie after the baseline."""
    found = run_charts(one([1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]), baseline=9).phases.iloc[0]
    assert (found["n_useful"], found["signal"], found["state"], found["needed"]) == (8, True, "too early", 2)
