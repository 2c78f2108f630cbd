"""A baseline of flagged points in any phase, against a slow reading of each phase."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.analysis import RULE_SETS, run_charts
from tests.analysis.made import letters, one, together
from tests.analysis.test_reading import CUTS, LOADED, SERIES, Slow, split, table_of


@dataclass
class SlowFlagged(Slow):
    """One phase whose flagged points freeze its median, or else the first `freeze`."""

    flags: list[bool] = field(default_factory=list)

    def frozen_points(self) -> list[int]:
        return [row for row in self.counting if self.flags[row]] or super().frozen_points()


FLAGS = st.lists(st.booleans(), min_size=45, max_size=45) | st.tuples(st.integers(0, 44), st.integers(1, 20)).map(
    lambda drawn: [drawn[0] <= row < drawn[0] + drawn[1] for row in range(45)]
)


@settings(LOADED, max_examples=80)
@given(
    st.lists(st.tuples(SERIES, FLAGS, st.integers(0, 14), CUTS), min_size=1, max_size=5),
    st.sampled_from(sorted(RULE_SETS)),
)
def test_all_series_at_once_equal_a_slow_reading_of_each(drawn: list, rules: str) -> None:
    tables, slow = [], []
    for rows, flags, freeze, cuts in drawn:
        label = [sum(place >= cut for cut in cuts) for place in range(len(rows))]
        tables.append(table_of(rows, label).assign(baseline=flags[: len(rows)]))
        begin = 0
        for number, part in enumerate(split(rows, label)):
            own = flags[begin : begin + len(part)]
            slow.append(SlowFlagged(part, freeze if number == 0 else 0, rules, flags=own))
            begin += len(part)
    chart = run_charts(together(tables), rules, baseline=np.array([freeze for _, _, freeze, _ in drawn]))
    assert len(slow) == len(chart.phases)
    for (_, found), expected in zip(chart.phases.iterrows(), slow, strict=True):
        compare(found, chart.points.iloc[found["first"] : found["last"] + 1], expected)


def compare(found: pd.Series, points: pd.DataFrame, slow: SlowFlagged) -> None:
    assert found["median"] == pytest.approx(slow.median, abs=0, rel=1e-15 if slow.rules == "nhs" else 0, nan_ok=True)
    assert found["n_useful"] == len(slow.useful)
    assert found["n_after"] == len(slow.after)
    assert found["fired"] == ";".join(slow.fired)
    assert (found["newest_run"], found["newest_side"]) == (slow.newest_run, slow.newest_side)
    assert (found["state"], found["direction"]) == slow.state
    assert set(np.flatnonzero(points["in_signal"])) == (slow.in_signal if slow.useful else set())
    ends = (slow.baseline[0], slow.baseline[-1]) if slow.baseline else (-1 - found["first"], -1 - found["first"])
    assert found["baseline_last"] - found["first"] == ends[1]
    assert set(np.flatnonzero(points["in_baseline"])) >= set(slow.baseline)
    if any(slow.flags[row] for row in slow.counting):
        assert found["baseline_first"] - found["first"] == ends[0]
        assert set(np.flatnonzero(points["in_baseline"])) == set(slow.baseline)


def test_flagging_the_first_points_is_freezing_them() -> None:
    values = [1, 2, 3, 2, 1, 3, *[4] * 8]
    flagged = run_charts(one(values).assign(baseline=np.arange(14) < 6))
    counted = run_charts(one(values), baseline=6)
    assert flagged.phases.equals(counted.phases)
    assert flagged.points.drop(columns="baseline").equals(counted.points)


def test_flags_freeze_a_later_phase_and_the_number_the_first() -> None:
    points = one([1, 3, 9, 5, 7, 5, 9]).assign(
        phase=[0, 0, 0, 1, 1, 1, 1], baseline=[False] * 3 + [True] * 2 + [False] * 2
    )
    assert run_charts(points, baseline=2).phases["median"].tolist() == [2, 6]


def test_excluded_and_missing_points_freeze_nothing() -> None:
    points = one([1, np.nan, 100, 3, 9]).assign(
        excluded=[False, False, True, False, False], baseline=[True] * 4 + [False]
    )
    found = run_charts(points).phases.iloc[0]
    assert (found["median"], found["baseline_last"]) == (2, 3)
    only = one([1, 2, np.nan]).assign(baseline=[False, False, True])
    assert run_charts(only).phases["baseline_last"].tolist() == [-1]


def test_points_before_a_baseline_are_judged_but_no_table_tells_their_chance() -> None:
    points = one(letters("HHHHHHHHHHHH LHLHLHLH LLLLLL"))
    inside = np.zeros(26, dtype=bool)
    inside[12:20] = True
    found = run_charts(points.assign(baseline=inside)).phases.iloc[0]
    assert (found["n_useful"], found["n_after"], found["longest_run"]) == (26, 6, 12)
    assert np.isnan(found["chance"]) and np.isnan(found["noticeable"])
    only = run_charts(points[12:].assign(baseline=inside[12:])).phases.iloc[0]
    assert only["chance"] > 0
