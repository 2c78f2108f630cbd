"""The kernel against a slow reading of one series at a time, and properties that hold for any series."""

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from math import nan
from statistics import median

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.analysis import RULE_SETS, expected_flags, reading, run_charts, summarize
from tests.analysis.made import letters, one, together

LOADED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A loaded machine is slow; that is no failure."""


@dataclass
class Slow:
    """One phase, read with plain loops. `given` holds value (None = missing) and excluded for each row."""

    given: list[tuple[float | None, bool]]
    freeze: int
    rules: str
    runs: list[list[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.counting = [row for row, (value, out) in enumerate(self.given) if value is not None and not out]
        self.baseline = self.frozen_points()
        middle = [self.value(row) for row in self.baseline or self.counting]
        self.median = self.middle_of(middle) if middle else nan
        broken = False
        for row in self.counting:
            if self.value(row) == self.median:
                broken = self.rules == "nhs"
                continue
            if self.runs and self.above(self.runs[-1][-1]) == self.above(row) and not broken:
                self.runs[-1].append(row)
            else:
                self.runs.append([row])
            broken = False
        self.useful = [row for run in self.runs for row in run]
        self.after = [row for row in self.useful if not self.baseline or row > self.baseline[-1]]

    def frozen_points(self) -> list[int]:
        return self.counting[: self.freeze]

    def middle_of(self, values: list[float]) -> float:
        if self.rules == "nhs":
            return float(sum(map(Fraction, values)) / len(values))
        return median(values)

    def value(self, row: int) -> float:
        value = self.given[row][0]
        assert value is not None
        return value

    def above(self, row: int) -> bool:
        return self.value(row) > self.median

    @property
    def limits(self) -> tuple[int, int, int]:
        """Longest run, fewest and most crossings that are ordinary."""
        rules, n = RULE_SETS[self.rules], len(self.useful)
        fewest = rules.fewest_crossings(n) if rules.fewest_crossings else 0
        return rules.longest_run_limit(n), fewest, rules.most_crossings(n) if rules.most_crossings else n

    @property
    def trends(self) -> list[list[int]]:
        if self.rules != "ihi":
            return []
        found = []
        for way in (1, -1):
            values = [self.value(row) for row in self.counting]
            plateau = next((place for place, value in enumerate(values) if value != values[0]), len(values))
            for begin in range(max(plateau - 1, 0), len(self.counting)):
                found.append(self.climb(begin, way))
        return [rows for rows in found if len({self.value(row) for row in rows}) >= 5]

    def climb(self, begin: int, way: int) -> list[int]:
        rows = self.counting[begin : begin + 1]
        for row in self.counting[begin + 1 :]:
            if way * (self.value(row) - self.value(rows[-1])) < 0:
                break
            rows.append(row)
        return rows

    @property
    def crossings(self) -> int:
        return sum(self.above(a) != self.above(b) for a, b in pairwise(self.useful))

    @property
    def flagged_by(self) -> dict[int, str]:
        """Of the NHS rules: what each flagged row is flagged by."""
        beside = [row for row in range(len(self.given)) if not self.given[row][1]]
        used = set(self.baseline or self.counting)
        moves = [abs(self.value(b) - self.value(a)) for a, b in pairwise(beside) if {a, b} <= used]
        sigma = sum(moves) / len(moves) * 2.66 / 3 if moves else nan
        away = {row: abs(self.value(row) - self.median) for row in self.counting}
        said = {row: "shift" for run in self.runs if len(run) >= 7 for row in run}
        for three in zip(self.counting, self.counting[1:], self.counting[2:], strict=False):
            near = [row for row in three if 2 * sigma < away[row] <= 3 * sigma]
            if len(near) >= 2 and any(set(three) <= set(run) for run in self.runs):
                said |= dict.fromkeys(near, "two_of_three")
        for rows in zip(*(self.counting[place:] for place in range(7)), strict=False):
            steps = {np.sign(self.value(b) - self.value(a)) for a, b in pairwise(rows)}
            said |= dict.fromkeys(rows, "trend") if steps in ({1}, {-1}) else {}
        return said | {row: "beyond_limits" for row in self.counting if away[row] > 3 * sigma}

    @property
    def fired(self) -> list[str]:
        if self.rules == "nhs":
            return [name for name in RULE_SETS["nhs"].rules if name in self.flagged_by.values()]
        rules, n_crossings = RULE_SETS[self.rules], self.crossings
        said = []
        if self.useful:
            longest, fewest, most = self.limits
            said += [rules.long] * (max(len(run) for run in self.runs) > longest)
            said += [rules.few] * (n_crossings < fewest)
            said += [rules.many] * (n_crossings > most)
        return said + [rules.trend] * bool(self.trends)

    @property
    def newest_run(self) -> int:
        return len([row for row in self.runs[-1] if row in self.after]) if self.runs else 0

    @property
    def newest_side(self) -> str:
        if not self.after:
            return ""
        window = self.after[-min(8, max(5, len(self.after) // 2)) :]
        up = sum(self.above(row) for row in window) / len(window)
        return "up" if up >= 0.75 else "down" if up <= 0.25 else "mixed"

    @property
    def can_fire(self) -> bool:
        if not self.useful:
            return False
        above = sum(self.above(row) for row in self.useful)
        below = len(self.useful) - above
        if self.rules == "nhs":
            return True
        longest, fewest, _ = self.limits
        if self.baseline:
            return len(self.useful) > longest or fewest > 0
        return max(above, below) > longest or (1 if above and below else 0) < fewest

    @property
    def state(self) -> tuple[str, str]:
        own = not self.baseline
        sides = {self.above(row) for row in self.useful}
        if own and len(sides) < 2:
            return "can't be split", ""
        if (len(self.useful) < 10 if own else len(self.after) < 6) or not self.can_fire:
            return "too early", ""
        if self.fired:
            return ("unsettled", "") if self.newest_side == "mixed" else ("shift", self.newest_side)
        if self.newest_run >= 6:
            return "early hint", "up" if self.above(self.useful[-1]) else "down"
        return "steady", ""

    @property
    def beyond(self) -> list[list[int]]:
        return [run for run in self.runs if len(run) > self.limits[0]]

    @property
    def in_signal(self) -> set[int]:
        if self.rules == "nhs":
            return set(self.flagged_by)
        return {row for rows in (*self.beyond, *self.trends) for row in rows}

    @property
    def wobble(self) -> float:
        neighbours = [(row, row + 1) for row in self.counting if row + 1 in self.counting]
        moves = [abs(self.value(later) - self.value(row)) for row, later in neighbours]
        return median(moves) / 0.954 if moves else nan


ROWS = st.tuples(
    st.one_of(st.none(), st.integers(0, 4).map(float), st.sampled_from([0.1, 2.5, 7.25, -3.0])),
    st.sampled_from([False] * 9 + [True]),
)
SERIES = st.lists(ROWS, min_size=1, max_size=45)
CUTS = st.lists(st.integers(1, 44), max_size=2)
RULES = st.sampled_from(sorted(RULE_SETS))


def table_of(rows: list[tuple[float | None, bool]], phase: list[int] | None = None) -> pd.DataFrame:
    points = one([value for value, _ in rows], excluded=[out for _, out in rows])
    return points.assign(phase=phase) if phase else points


def split(rows: list[tuple[float | None, bool]], phase: list[int]) -> list[list[tuple[float | None, bool]]]:
    parts: list[list[tuple[float | None, bool]]] = []
    for place, row in enumerate(rows):
        if place == 0 or phase[place] != phase[place - 1]:
            parts.append([])
        parts[-1].append(row)
    return parts


@settings(LOADED, max_examples=80)
@given(st.lists(st.tuples(SERIES, st.integers(0, 14), CUTS), min_size=1, max_size=5), RULES)
def test_all_series_at_once_equal_a_slow_reading_of_each(
    drawn: list[tuple[list[tuple[float | None, bool]], int, list[int]]], rules: str
) -> None:
    labels = [[sum(place >= cut for cut in cuts) for place in range(len(rows))] for rows, _, cuts in drawn]
    points = together([table_of(rows, label) for (rows, _, _), label in zip(drawn, labels, strict=True)])
    chart = run_charts(points, rules, baseline=np.array([freeze for _, freeze, _ in drawn]))
    slow = [
        Slow(part, freeze if number == 0 else 0, rules)
        for (rows, freeze, _), label in zip(drawn, labels, strict=True)
        for number, part in enumerate(split(rows, label))
    ]
    assert len(slow) == len(chart.phases)
    for (_, found), expected in zip(chart.phases.iterrows(), slow, strict=True):
        compare(found, chart.points.iloc[found["first"] : found["last"] + 1], expected)


def compare(found: pd.Series, points: pd.DataFrame, slow: Slow) -> None:
    rounding = 1e-14 if slow.rules == "nhs" else 0  # a mean of values on both sides of 0 loses digits
    assert found["median"] == pytest.approx(slow.median, abs=rounding, rel=rounding, nan_ok=True)
    assert (found["n_points"], found["n_useful"]) == (len(slow.counting), len(slow.useful))
    assert found["n_above"] == sum(slow.above(row) for row in slow.useful)
    assert found["fired"] == ";".join(slow.fired)
    assert found["signal"] == bool(slow.fired)
    assert found["longest_run"] == max((len(run) for run in slow.runs), default=0)
    assert found["crossings"] == slow.crossings
    assert (found["newest_run"], found["newest_side"]) == (slow.newest_run, slow.newest_side)
    assert (found["state"], found["direction"]) == slow.state
    assert found["wobble"] == pytest.approx(slow.wobble, nan_ok=True)
    beyond = (slow.beyond[-1][0], slow.beyond[-1][-1]) if slow.useful and slow.beyond else None
    place = (found["run_first"] - found["first"], found["run_last"] - found["first"])
    assert place == beyond if beyond else found["run_first"] == found["run_last"] == -1
    assert set(np.flatnonzero(points["in_signal"])) == (slow.in_signal if slow.useful else set())
    numbered = [(row, number, place) for number, run in enumerate(slow.runs, 1) for place, row in enumerate(run, 1)]
    useful = points["run"].notna().to_numpy()
    runs, places = points["run"][useful], points["place"][useful]
    assert list(zip(np.flatnonzero(useful), runs, places, strict=True)) == sorted(numbered)
    assert points["in_baseline"].sum() == (slow.baseline[-1] + 1 if slow.baseline else 0)


@settings(LOADED, max_examples=40)
@given(SERIES, st.integers(0, 14), RULES)
def test_a_mirror_image_has_mirrored_signals(rows: list[tuple[float | None, bool]], freeze: int, rules: str) -> None:
    mirrored = [(None if value is None else -value, out) for value, out in rows]
    found, image = (run_charts(table_of(these), rules, freeze) for these in (rows, mirrored))
    other = {"up": "down", "down": "up"}
    assert (-image.points["side"]).equals(found.points["side"] + 0.0) or found.points["side"].isna().all()
    assert image.points["in_signal"].equals(found.points["in_signal"])
    assert image.phases["direction"].replace(other).equals(found.phases["direction"])
    assert image.phases["newest_side"].replace(other).equals(found.phases["newest_side"])
    same = ["n_useful", "longest_run", "crossings", "fired", "run_first", "run_last", "state", "needed", "chance"]
    assert image.phases[same].equals(found.phases[same])


@settings(LOADED, max_examples=40)
@given(SERIES, st.integers(0, 14), RULES, st.integers(-20, 20))
def test_scaling_by_a_power_of_two_changes_nothing(
    rows: list[tuple[float | None, bool]], freeze: int, rules: str, power: int
) -> None:
    scaled = [(None if value is None else value * 2.0**power, out) for value, out in rows]
    found, larger = (run_charts(table_of(these), rules, freeze) for these in (rows, scaled))
    in_the_unit = ["median", "wobble", "noticeable"]
    assert larger.phases.drop(columns=in_the_unit).equals(found.phases.drop(columns=in_the_unit))
    for column in in_the_unit:
        assert larger.phases[column].equals(found.phases[column] * 2.0**power)
    assert larger.points.drop(columns=["value", "median"]).equals(found.points.drop(columns=["value", "median"]))


@settings(LOADED, max_examples=40)
@given(SERIES, st.integers(0, 45))
def test_a_point_on_the_median_changes_no_run(rows: list[tuple[float | None, bool]], place: int) -> None:
    found = run_charts(table_of(rows))
    middle = found.phases["median"][0]
    if np.isnan(middle):
        return
    more = run_charts(table_of([*rows[:place], (middle, False), *rows[place:]]))
    same = ["n_useful", "median", "longest_run", "crossings", "fired", "newest_run", "newest_side", "state", "needed"]
    assert more.phases[same].equals(found.phases[same])
    kept = more.points.drop(index=min(place, len(rows))).reset_index(drop=True)
    assert kept[["side", "run", "place", "in_signal"]].equals(found.points[["side", "run", "place", "in_signal"]])


@settings(LOADED, max_examples=20)
@given(st.lists(SERIES, min_size=2, max_size=6), RULES, st.data())
def test_how_series_are_batched_changes_nothing(
    series: list[list[tuple[float | None, bool]]], rules: str, data: st.DataObject
) -> None:
    freeze = data.draw(st.integers(0, 14))
    order = data.draw(st.permutations(range(len(series))))
    at_once = summarize(together([table_of(rows) for rows in series]), rules, freeze)
    reordered = summarize(together([table_of(series[place]) for place in order]), rules, freeze)
    same = [column for column in at_once if column not in ("series", "first", "last") and "_" not in column]
    assert reordered[same].equals(at_once[same].iloc[order].reset_index(drop=True))
    for number, rows in enumerate(series):
        alone = summarize(table_of(rows), rules, freeze)
        assert alone[same].equals(at_once[same].iloc[[number]].reset_index(drop=True))


def test_the_summary_is_the_table_of_phases() -> None:
    points = one(letters("LLH LLH LLH LLH LL HHHHHH"))
    assert summarize(points).equals(run_charts(points).phases)


BRIEF = ["wobble", "lag1", "noticeable"]


@pytest.mark.parametrize("rules", sorted(RULE_SETS))
@pytest.mark.parametrize("rows", [1, 40, 100, 1000])
def test_a_summary_in_batches_is_the_table_of_phases(rules: str, rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Series of 1 to 60 points in two phases, with ties and gaps; some have a baseline, a given line or no rules."""
    random = np.random.default_rng(5)
    lengths = random.integers(1, 60, 30)
    points = pd.DataFrame({"series": np.repeat(np.arange(30) * 3, lengths)})
    points["value"] = random.choice([np.nan, 1, 2, 3, 4, 5, 6], len(points))
    points["phase"] = np.concatenate([np.arange(length) > 40 for length in lengths])
    points["excluded"] = random.random(len(points)) < 0.05
    baseline, reads = random.choice([0, 8, 12], 30), random.random(30) < 0.8
    centre = np.where(random.random(30) < 0.2, 3.5, np.nan)
    whole = run_charts(points, rules, baseline, reads, centre=centre).phases
    monkeypatch.setattr(reading, "ROWS_AT_ONCE", rows)
    assert summarize(points, rules, baseline, reads, centre=centre).equals(whole)
    assert summarize(points, rules, baseline, reads, centre=centre, brief=True).equals(whole.drop(columns=BRIEF))
    assert summarize(points, rules, pd.Series(baseline), reads).equals(
        run_charts(points, rules, baseline, reads).phases
    )


@pytest.mark.parametrize("n", [2, 4])
def test_what_is_given_for_each_series_must_fit_in_batches_too(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "ROWS_AT_ONCE", 2)
    points = pd.DataFrame({"series": [0, 0, 1, 1, 2, 2], "value": 1.0})
    for wrong in ({"baseline": np.ones(n)}, {"reads_runs": np.ones(n)}, {"centre": np.ones(n)}):
        with pytest.raises(ValueError, match="entries for"):
            summarize(points, **wrong)
    with pytest.raises(ValueError, match="ascending"):
        summarize(points.assign(series=[1, 1, 0, 0, 2, 2]))


def test_nothing_given_is_nothing_found() -> None:
    chart = run_charts(pd.DataFrame({"series": np.zeros(0, dtype=np.int64), "value": np.zeros(0)}), "ihi", 12)
    assert (len(chart.phases), len(chart.points)) == (0, 0)
    assert summarize(chart.points[["series", "value"]]).equals(chart.phases)


def test_the_order_of_the_given_rows_and_columns_is_kept() -> None:
    points = pd.DataFrame({"series": [3, 3, 8], "value": [1.0, 2.0, 5.0], "file": ["a", "b", "c"]}, index=[9, 4, 2])
    chart = run_charts(points)
    assert chart.points["file"].to_list() == ["a", "b", "c"]
    assert chart.points.index.to_list() == [9, 4, 2]
    assert chart.phases["series"].to_list() == [3, 8]


def test_series_that_are_not_grouped_are_a_bug() -> None:
    with pytest.raises(ValueError, match="ascending"):
        run_charts(pd.DataFrame({"series": [1, 0, 1], "value": [1.0, 2.0, 3.0]}))


@pytest.mark.parametrize("baseline", [np.array([1, 2, 3]), np.array([-1])])
def test_baselines_that_do_not_fit_are_a_bug(baseline: np.ndarray) -> None:
    with pytest.raises(ValueError, match="baseline"):
        run_charts(one([1, 2]), baseline=baseline)


def test_a_ratio_wins_over_a_value_and_a_value_stands_in_for_a_ratio() -> None:
    points = pd.DataFrame(
        {
            "series": 0,
            "value": [0.9, 0.8, 0.7, 0.6],
            "numerator": [1.0, np.nan, np.nan, 0.0],
            "denominator": [2.0, 10.0, np.nan, 0.0],
        }
    )
    assert run_charts(points).points["value"].fillna(-1).to_list() == [0.5, 0.8, 0.7, -1]


def test_ratios_are_compared_with_a_tolerance_and_values_exactly() -> None:
    values = [0.1 + 0.2, 0.3, 0.1, 0.5, 0.3]
    assert run_charts(one(values)).phases["n_useful"][0] == 3
    points = pd.DataFrame({"series": 0, "numerator": values, "denominator": 1.0})
    assert run_charts(points).phases["n_useful"][0] == 2


def test_the_median_of_an_even_number_is_the_middle_of_two() -> None:
    assert run_charts(one([4, 1, 9, 2])).phases["median"].to_list() == [3]


def test_wobble_bridges_no_gap_and_no_excluded_point() -> None:
    """Moves: 1, then a gap, 2, then an excluded point, 3."""
    points = one([1, 2, np.nan, 5, 7, 100, 4, 1], excluded=[False] * 5 + [True] + [False] * 2)
    assert run_charts(points).phases["wobble"][0] == pytest.approx(2 / 0.954)


def test_lag1_of_alternating_and_of_lasting_differences() -> None:
    """Around 1.5 all differences are a half: 9 products of a quarter over 10 squares, with either sign."""
    points = together([one(letters("LHLHLHLHLH")), one(letters("LLLLLHHHHH")), one([3, 3, 3])])
    lag1 = run_charts(points).phases["lag1"]
    assert lag1[0] == pytest.approx(-0.9)
    assert lag1[1] == pytest.approx((8 - 1) / 10)
    assert np.isnan(lag1[2])


def test_expected_flags_add_up_the_charts_that_can_be_read() -> None:
    points = together([one(letters("LH" * 12)), one(letters("LH" * 12)), one([1, 2]), one([5] * 20)])
    phases = run_charts(points).phases
    assert expected_flags(phases) == pytest.approx(2 * phases["chance"][0])
    assert expected_flags(phases) == pytest.approx(2 * 0.031, abs=0.001)


def test_noticeable_is_in_the_unit_of_the_measure() -> None:
    phases = run_charts(together([one(letters("LH" * 12)), one([10 * value for value in letters("LH" * 12)])])).phases
    assert 1 < phases["noticeable"][0] / phases["wobble"][0] < 2.5
    assert phases["noticeable"][1] == pytest.approx(10 * phases["noticeable"][0])


def test_the_newest_run_beyond_the_limit_is_the_one_that_is_named() -> None:
    """24 useful points, limit 8: ten high from row 0, nine low from row 10, the rest short."""
    found = run_charts(one(letters("HHHHHHHHHH LLLLLLLLL HLLLH"))).phases.iloc[0]
    assert (found["n_useful"], found["longest_run"], found["longest_run_limit"]) == (24, 10, 8)
    assert (found["run_first"], found["run_last"]) == (10, 18)
