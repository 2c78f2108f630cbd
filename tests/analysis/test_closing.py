"""Small groups put together period by period, and which group moved when a gap changed."""

import numpy as np
import pandas as pd
import pytest

from lib.analysis import gap, run_charts
from lib.analysis.closing import closing, put_together, stretches


def ratios(of, all_, series, excluded=()):
    dates = pd.date_range("2025-09-01", periods=len(of), freq="7D")
    numerator, denominator = np.array(of, dtype=float), np.array(all_, dtype=float)
    columns = {"numerator": numerator, "denominator": denominator, "value": numerator / denominator}
    out = np.isin(np.arange(len(of)), list(excluded))
    return pd.DataFrame({"series": series, "date": dates, **columns, "excluded": out})


def together(one, other, year=None, fewest=10):
    points = pd.concat([one, other], ignore_index=True)
    years = np.tile(np.zeros(len(one), dtype=int) if year is None else np.array(year), 2)
    found = put_together(points, years, fewest)
    return [found[found["series"] == side].reset_index(drop=True) for side in (0, 1)]


def test_periods_are_put_together_only_where_a_group_is_too_small():
    one, other = together(ratios([6, 3, 4, 10], [12, 6, 5, 20], 0), ratios([20] * 4, [40] * 4, 1))
    assert one["n_periods"].to_list() == other["n_periods"].to_list() == [1, 2, 1]
    assert one["value"].to_list() == pytest.approx([6 / 12, 7 / 11, 10 / 20])
    assert other["denominator"].to_list() == [40, 80, 40]
    assert not one["unfinished"].any()


def test_what_no_four_periods_can_reach_is_kept_as_it_is():
    one, _ = together(ratios([1] * 8, [2] * 8, 0), ratios([20] * 8, [40] * 8, 1))
    assert one["n_periods"].to_list() == [4, 4] and one["denominator"].to_list() == [8, 8]


def test_the_newest_points_that_are_too_few_are_not_complete():
    one, _ = together(ratios([6, 3], [12, 6], 0), ratios([20] * 2, [40] * 2, 1))
    assert one["unfinished"].to_list() == [False, True] and one["denominator"].to_list() == [12, 6]


@pytest.mark.parametrize(
    ("what", "sizes", "year", "wanted", "unfinished"),
    [
        ("large enough", [[10, 10], [99, 10]], [0, 0], [0, 1], -1),
        ("one under it", [[9, 99], [1, 99], [10, 10]], [0, 0, 0], [0, 0, 1], -1),
        ("a year's rest joins the point before it", [[10, 10], [2, 10], [10, 10]], [0, 0, 1], [0, 0, 1], -1),
        ("a year that is all too small", [[2, 10], [2, 10], [10, 10]], [0, 0, 1], [0, 0, 1], -1),
        ("not over a summer", [[10, 10], [10, 10], [2, 10], [10, 10]], [0, 0, 1, 1], [0, 1, 2, 2], -1),
        ("a period without one group", [[5, 10], [np.nan, 10], [5, 10]], [0] * 3, [0, 1, 0], -1),
        ("nothing", np.zeros((0, 2)), [], [], -1),
    ],
)
def test_stretches(what, sizes, year, wanted, unfinished):
    found, newest = stretches(np.array(sizes, dtype=float), np.array(year, dtype=int), 10)
    assert found.tolist() == wanted, what
    assert newest == unfinished, what


def test_points_that_were_left_out_are_put_together_with_nothing():
    one, _ = together(ratios([3, 3, 3, 9], [6, 6, 6, 12], 0, excluded=[1]), ratios([20] * 4, [40] * 4, 1))
    assert one["excluded"].to_list() == [False, True, False] and one["n_periods"].to_list() == [2, 1, 1]


def test_plain_values_are_never_put_together():
    plain = ratios([1, 2, 3], [1, 1, 1], 0).assign(numerator=np.nan, denominator=np.nan)
    one, other = together(plain, plain.assign(series=1))
    assert one["value"].to_list() == other["value"].to_list() == [1, 2, 3]


def read(one, other, baseline=None):
    """The gap of two lists of values, read, with what closing says of it."""
    dates = pd.date_range("2025-09-01", periods=len(one), freq="7D")
    sides = [pd.DataFrame({"series": 0, "date": dates, "value": values}) for values in (one, other)]
    points = gap(*sides).assign(excluded=False)
    chart = run_charts(points, baseline=baseline)
    return closing(chart.points, chart.phases.iloc[-1], np.array(one), np.array(other))


WOBBLE = np.tile([0.0, 0.02, 0.01, 0.03], 6)
HALF = np.repeat([0.0, 1.0], 12)
FLAT = np.full(24, 0.6)


@pytest.mark.parametrize("baseline", [None, 12])
@pytest.mark.parametrize(
    ("one", "other", "way", "moved"),
    [
        (0.4 + WOBBLE + 0.15 * HALF, FLAT, "closed", "one"),
        (0.4 + WOBBLE, FLAT - 0.15 * HALF, "closed", "other"),
        (0.4 + WOBBLE + 0.08 * HALF, FLAT - 0.08 * HALF, "closed", "both"),
        (0.4 + WOBBLE, FLAT + 0.15 * HALF, "widened", "other"),
        (0.4 + WOBBLE + 0.35 * HALF, FLAT, "turned", "one"),
        (0.4 + WOBBLE + 0.25 * HALF, FLAT + 0.05 * HALF, "closed", "one"),
    ],
)
def test_it_is_told_which_group_moved(baseline, one, other, way, moved):
    found = read(one, other, baseline)
    assert (found.way, found.moved) == (way, moved)
    assert (found.n_before, found.n_after) == (12, 12)
    assert found.one.difference - found.other.difference == pytest.approx(found.gap.difference)


def test_a_signal_from_the_first_run_compares_it_with_what_follows():
    """Twelve below in a row, then never more than five above in a row: the run beyond the limit is the first one."""
    steps = np.array([0] * 12 + ([1] * 5 + [0]) * 2 + [1] * 5)
    wobble = np.resize(WOBBLE, len(steps))
    found = read(0.4 + wobble + 0.15 * steps, np.full(len(steps), 0.6))
    assert (found.way, found.moved, found.n_before, found.n_after) == ("closed", "one", 12, 17)


def test_the_medians_are_those_before_and_after_the_change():
    """By hand: of 0.40, 0.42, 0.41, 0.43 three times the median is 0.415, with a step of 0.15 it is 0.565."""
    found = read(0.4 + WOBBLE + 0.15 * HALF, FLAT)
    assert (found.one.before, found.one.after) == pytest.approx((0.415, 0.565))
    assert (found.gap.before, found.gap.after) == pytest.approx((-0.185, -0.035))


@pytest.mark.parametrize(
    ("what", "one", "baseline"),
    [
        ("nothing changed", 0.4 + WOBBLE, None),
        ("too few points", (0.4 + WOBBLE + 0.15 * HALF)[8:16], None),
        ("no point", np.full(24, np.nan), None),
    ],
)
def test_where_the_gap_did_not_change_nobody_moved(what, one, baseline):
    assert read(one, FLAT[: len(one)], baseline) is None, what


def test_mirrored_values_have_the_same_mover():
    one, other = 0.4 + WOBBLE + 0.15 * HALF, FLAT
    first, mirrored, swapped = read(one, other), read(-one, -other), read(other, one)
    assert first.moved == mirrored.moved == "one" and swapped.moved == "other"
    assert first.way == mirrored.way == swapped.way == "closed"
