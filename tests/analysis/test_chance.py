"""How often a rule set speaks when nothing changed: against the published check values, by counting, by simulation.

Check values (%): the project's rules, computed apart from this code.
"""

from itertools import combinations, groupby

import numpy as np
import pandas as pd
import pytest

from lib.analysis import (
    RULE_SETS,
    chance,
    chance_after_baseline,
    noticeable_step,
    noticeable_step_after_baseline,
    summarize,
)
from lib.analysis.by_chance import TABLES, chance_of_runs, chance_of_runs_limits
from lib.analysis.make_tables import LAG1, chance_own, chances_alike, noticeable_own, quiet_trends
from lib.analysis.rules import runs_limits


@pytest.mark.parametrize(
    ("n", "shift_of_6", "anhoej", "limits_of_runs", "ihi", "nhs", "shift8"),
    [(12, 1.3, 1.3, 2.6, 13.4, 4.7, 0.0), (24, 15.7, 3.1, 1.9, 37.1, 15.4, 1.7), (36, 30.2, 4.3, 2.7, 56.2, 25.9, 5.2)],
)
def test_check_values_of_an_own_median(
    n: int, shift_of_6: float, anhoej: float, limits_of_runs: float, ihi: float, nhs: float, shift8: float
) -> None:
    assert 100 * chance_of_runs(n, longest=5) == pytest.approx(shift_of_6, abs=0.06)
    assert 100 * chance("anhoej", n) == pytest.approx(anhoej, abs=0.06)
    assert 100 * chance_of_runs_limits(n) == pytest.approx(limits_of_runs, abs=0.06)
    assert 100 * chance("shift8", n) == pytest.approx(shift8, abs=0.06)
    assert 100 * chance("ihi", n) == pytest.approx(ihi, abs=0.3)
    assert 100 * chance("nhs", n) == pytest.approx(nhs, abs=0.3)


def test_check_value_of_a_frozen_baseline() -> None:
    assert 100 * chance_after_baseline("anhoej", 10, 12) == pytest.approx(11.2, abs=0.3)


@pytest.mark.parametrize("n", [2, 3, 9, 10, 11, 12, 13])
def test_counting_equals_trying_every_order(n: int) -> None:
    orders = [[place in above for place in range(n)] for above in combinations(range(n), n - n // 2)]
    runs = [[len(list(run)) for _, run in groupby(order)] for order in orders]
    rules = RULE_SETS["anhoej"]
    longest, fewest = rules.longest_run_limit(n), rules.fewest_crossings(n) if rules.fewest_crossings else 0
    fires = sum(max(lengths) > longest or len(lengths) - 1 < fewest for lengths in runs)
    assert chance("anhoej", n) == pytest.approx(fires / len(orders), rel=1e-12)
    few, many = runs_limits(n)
    fires = sum(not few <= len(lengths) <= many for lengths in runs)
    assert chance_of_runs_limits(n) == pytest.approx(fires / len(orders), rel=1e-12)
    fires = sum(max(lengths) >= 8 for lengths in runs)
    assert chance("shift8", n) == pytest.approx(fires / len(orders), rel=1e-12)


def simulated(n: int, step: float, start: int, series: int = 20_000) -> pd.DataFrame:
    """Independent normal series of `n` points that step up at point `start`; a stream apart from the tables' own."""
    values = np.random.default_rng([7, n, start]).standard_normal((series, n))
    values[:, start:] += step
    return pd.DataFrame({"series": np.repeat(np.arange(series), n), "value": values.ravel()})


@pytest.mark.parametrize("rules", RULE_SETS)
@pytest.mark.parametrize("n", [10, 24, 40])
def test_the_own_median_as_the_kernel_meets_it(rules: str, n: int) -> None:
    """20,000 series: three standard errors are 1.1 %; a step is known to 0.05 wobbles."""
    assert summarize(simulated(n, 0, n // 2), rules)["signal"].mean() == pytest.approx(chance(rules, n), abs=0.011)
    step = noticeable_step(rules, n)
    if rules == "shift8" and n == 10:
        assert np.isnan(step), "ten points can't hold a shift of eight"
    else:
        assert summarize(simulated(n, step + 0.05, n // 2), rules)["signal"].mean() > 0.79
        assert summarize(simulated(n, step - 0.1, n // 2), rules)["signal"].mean() < 0.81


@pytest.mark.parametrize("rules", RULE_SETS)
@pytest.mark.parametrize(("baseline", "after"), [(6, 6), (9, 12), (12, 24), (24, 40), (36, 24)])
def test_the_frozen_baseline_as_the_kernel_meets_it(rules: str, baseline: int, after: int) -> None:
    quiet = summarize(simulated(baseline + after, 0, baseline), rules, baseline)
    assert quiet["signal"].mean() == pytest.approx(chance_after_baseline(rules, baseline, after), abs=0.011)
    step = noticeable_step_after_baseline(rules, baseline, after)
    if np.isnan(step):
        loud = summarize(simulated(baseline + after, 6, baseline), rules, baseline)
        assert quiet["signal"].mean() > 0.79 or loud["signal"].mean() < 0.81
    else:
        more = summarize(simulated(baseline + after, step + 0.05, baseline), rules, baseline)
        less = summarize(simulated(baseline + after, step - 0.1, baseline), rules, baseline)
        assert more["signal"].mean() > 0.79
        assert less["signal"].mean() < 0.81


@pytest.mark.parametrize("rules", RULE_SETS)
@pytest.mark.parametrize("lag1", LAG1)
def test_neighbours_alike_as_the_kernel_meets_them(rules: str, lag1: float) -> None:
    values = np.random.default_rng(11).standard_normal((20_000, 32))
    for point in range(1, 32):
        values[:, point] = lag1 * values[:, point - 1] + np.sqrt(1 - lag1**2) * values[:, point]
    points = pd.DataFrame({"series": np.repeat(np.arange(20_000), 32), "value": values.ravel()})
    assert summarize(points, rules)["signal"].mean() == pytest.approx(chance(rules, 32, lag1=lag1), abs=0.012)
    frozen = summarize(points, rules, baseline=12)["signal"].mean()
    assert frozen == pytest.approx(chance_after_baseline(rules, 12, 20, lag1=lag1), abs=0.012)


def test_neighbours_alike_outside_the_table() -> None:
    assert np.isnan(chance("anhoej", 24, lag1=0.3))
    assert np.isnan(chance("anhoej", 9, lag1=0.2))
    assert np.isnan(chance_after_baseline("anhoej", 9, 20, lag1=0.2))
    assert chance("anhoej", 24, lag1=0.4) > chance("anhoej", 24, lag1=0.2) > chance("anhoej", 24)


def test_the_program_makes_the_tables() -> None:
    """Four rows, with the seed and the number of series that the tables name."""
    assert np.round(chance_own(12, [RULE_SETS["ihi"]]), 4).tolist() == pytest.approx([chance("ihi", 12)], rel=1e-12)
    at_a_tenth = pd.read_csv(TABLES / "quiet_trends.csv", comment="#").set_index(["n", "equal"])["ihi"][11, 2]
    assert quiet_trends(11, 2, [RULE_SETS["ihi"]]) == [at_a_tenth]
    alike = next(chances_alike(0, list(RULE_SETS.values())))
    assert alike == [LAG1[0], 0, 10, *(chance(rules, 10, lag1=LAG1[0]) for rules in RULE_SETS)]
    steps = [noticeable_step(rules, 11) for rules in RULE_SETS]
    assert np.round(noticeable_own(11, list(RULE_SETS.values())), 2) == pytest.approx(steps, abs=0, nan_ok=True)


def test_the_kernel_looks_up_the_same_figures() -> None:
    own = summarize(simulated(24, 0, 12, series=1), "anhoej").iloc[0]
    frozen = summarize(simulated(24, 0, 12, series=1), "ihi", baseline=12).iloc[0]
    assert own["chance"] == chance("anhoej", 24)
    assert own["noticeable"] == pytest.approx(noticeable_step("anhoej", 24) * own["wobble"])
    assert frozen["chance"] == chance_after_baseline("ihi", 12, 12)


def test_figures_are_not_made_up_outside_the_tables() -> None:
    assert np.isnan(chance("ihi", 9))
    assert np.isnan(chance("ihi", 161))
    assert np.isnan(chance("anhoej", 0))
    assert np.isnan(chance("anhoej", 1001))
    assert 0 < chance("anhoej", 400) < 0.1
    assert np.isnan(chance_after_baseline("anhoej", 5, 20))
    assert np.isnan(chance_after_baseline("anhoej", 43, 20))
    assert np.isnan(chance_after_baseline("anhoej", 12, 5))
    assert np.isnan(chance_after_baseline("anhoej", 12, 105))
    assert np.isnan(noticeable_step("anhoej", 161))
    assert np.isnan(noticeable_step("anhoej", -3))


def test_an_unknown_rule_set_is_a_bug() -> None:
    with pytest.raises(KeyError):
        chance("anhøj", 24)


@pytest.mark.parametrize("rules", RULE_SETS)
@pytest.mark.parametrize("n", [11, 13, 15, 25, 51])
def test_of_an_odd_number_of_points_one_lies_on_the_median(rules: str, n: int) -> None:
    """It doesn't count for runs, yet it does for trends. 60,000 series: three standard errors are 0.6 %."""
    phases = summarize(simulated(n, 0, n // 2, series=60_000), rules)
    assert phases["signal"].mean() == pytest.approx(phases["chance"].mean(), abs=0.0075)


@pytest.mark.parametrize("rules", ["anhoej", "shift8", "ihi"])
@pytest.mark.parametrize("students", [8, 20])
def test_ties_with_the_median_raise_the_chance_and_it_says_so(rules: str, students: int) -> None:
    """Small classes near 80 %: many points on the median, unequal sides. The said chance is right on average.

    Trends are known from normal values that are rounded, so their part is known to about 2 %.
    """
    length, series = 40, 4000
    drawn = np.random.default_rng(20261124).binomial(students, 0.8, (series, length)).ravel()
    points = pd.DataFrame(
        {"series": np.repeat(np.arange(series), length), "numerator": drawn, "denominator": float(students)}
    )
    phases = summarize(points, rules=rules)
    off = 0.02 if RULE_SETS[rules].trend_points else 0.01
    assert phases["signal"].mean() == pytest.approx(phases["chance"].mean(), abs=off)
    if not RULE_SETS[rules].trend_points:
        assert phases["chance"].mean() > chance(rules, length) + 0.01


def test_equal_neighbours_keep_trends_away() -> None:
    shares = [chance("ihi", 24, equal_neighbours=share) for share in (0, 0.05, 0.1, 0.2, 0.3)]
    assert shares == sorted(shares, reverse=True)
    counted = 1 - (1 - chance_of_runs(24, 5)) * (1 - chance_of_runs_limits(24))
    assert chance("ihi", 24, equal_neighbours=0.3) == pytest.approx(counted, abs=0.02), "runs alone"
    assert chance("anhoej", 24, equal_neighbours=0.3) == chance("anhoej", 24)
