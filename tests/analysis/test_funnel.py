"""Funnels against FunnelPlotR, by simulation, and edges."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib.analysis import funnel
from lib.analysis.funnel import LARGE, gamma_quantile, over_one_stretch

LIMITS = pd.read_parquet(Path(__file__).parents[1] / "reference" / "funnelplotr_limits.parquet")
KINDS = {"PR": "proportion", "RC": "ratio", "SR_SHMI": "rate"}
CALLS = [(data, method) for data, method in sorted(set(zip(LIMITS["dataset"], LIMITS["method"], strict=True)))]
COMPARED = [
    (side + level, peer + level) for side, peer in (("lower_", "ll"), ("upper_", "ul")) for level in ("95", "998")
]


@pytest.mark.parametrize("widened", [False, True])
@pytest.mark.parametrize(("data", "method"), [call for call in CALLS if call[1] in KINDS])
def test_limits_equal_those_of_funnelplotr(data: str, method: str, widened: bool) -> None:
    """A standardised ratio has a centre of 1. Where its tau2 is 0 the peer's wide limits are the plain ones too."""
    peer = LIMITS[(LIMITS["dataset"] == data) & (LIMITS["method"] == method)]
    centre = 1.0 if method.startswith("SR") else None
    counts = peer[["numerator", "denominator"]]
    found = funnel(counts, KINDS[method], "always" if widened else "never", centre)  # type: ignore[arg-type]
    assert found.centre == pytest.approx(peer["target"].iloc[0], rel=1e-12)
    assert found.phi == pytest.approx(peer["phi"].iloc[0], rel=1e-9)
    assert found.tau2 == pytest.approx(peer["tau2"].iloc[0], rel=1e-9)
    assert found.schools["z"].to_numpy() == pytest.approx(peer["zscore"].to_numpy(), rel=1e-9)
    for ours, theirs in COMPARED:
        theirs = f"od{theirs}" if widened else theirs
        assert found.schools[ours].to_numpy() == pytest.approx(peer[theirs].to_numpy(), rel=1e-9), theirs


def test_the_one_method_that_is_not_offered() -> None:
    """SR_CQC adds variances on a root scale and takes the sum as that of the ratio; the others cover its use."""
    assert {method for _, method in CALLS} - set(KINDS) == {"SR_CQC"}


def twenty_equal_schools(networks: int, seed: int, off: float = 0.0) -> list[pd.DataFrame]:
    random = np.random.default_rng(seed)
    size = random.integers(60, 400, (networks, 20))
    size[:, 0] = 200
    chance = np.full((networks, 20), 0.8)
    chance[:, 0] += off
    return [
        pd.DataFrame({"numerator": of, "denominator": all_})
        for of, all_ in zip(random.binomial(size, chance), size, strict=True)
    ]


def test_of_a_few_equal_networks_few_have_a_school_outside_and_a_school_far_off_is_found() -> None:
    """As the two long tests below, on so few networks that luck has more room."""
    outside = [funnel(network).schools["beyond"].any() for network in twenty_equal_schools(100, 3)]
    assert np.mean(outside) <= 0.12
    found = [funnel(network).schools["beyond"].iloc[0] for network in twenty_equal_schools(100, 4, off=-0.15)]
    assert np.mean(found) >= 0.8


@pytest.mark.long
def test_equal_schools_are_seldom_outside() -> None:
    """Of 1,000 networks of 20 equal schools at most 6 % have one outside. Source: the project's rules, 6."""
    outside = [funnel(network).schools["beyond"].any() for network in twenty_equal_schools(1000, 1)]
    assert np.mean(outside) <= 0.06


@pytest.mark.long
def test_a_school_far_off_is_outside() -> None:
    """15 percentage points off 80 % with 200 students: at least 90 %. Source: as above. Nearer 50 % it is seldomer."""
    outside = [funnel(network).schools["beyond"].iloc[0] for network in twenty_equal_schools(1000, 2, off=-0.15)]
    assert np.mean(outside) >= 0.9


def test_limits_are_widened_where_schools_vary_more_than_chance_and_it_is_said() -> None:
    few, all_ = [30, 50, 70, 90, 45, 65, 85, 55], [100] * 8
    found = funnel(pd.DataFrame({"numerator": few, "denominator": all_}))
    assert found.widened
    assert found.phi > 2
    narrow = funnel(pd.DataFrame({"numerator": few, "denominator": all_}), widen="never")
    assert narrow.schools["beyond"].sum() > found.schools["beyond"].sum() == 0
    four = funnel(pd.DataFrame({"numerator": few[:4], "denominator": all_[:4]}))
    assert not four.widened


def test_rates_have_the_exact_limits_of_a_count() -> None:
    """An expected count of 10: a Poisson of 5.491160 or less, of 18.390356 or more at 2.5 % (chi-square / 2).

    Source: the table of exact Poisson limits for an observed 10, Garwood 1936, Biometrika 28:437 gives 4.795 and
    18.390; the lower limit here is the quantile of 10 itself.
    """
    counts = pd.DataFrame({"numerator": [10.0, 10.0, 0.0], "denominator": [100.0, 100.0, np.nan]})
    found = funnel(counts, "rate", "never").schools
    assert 100 * found["upper_95"][0] == pytest.approx(18.390356, abs=1e-5)
    assert np.isnan(found["upper_95"][2])
    assert not found["beyond"].any()


def test_many_counts_have_limits_too() -> None:
    """At an expected million the normal limits are right to a few counts."""
    counts = pd.DataFrame({"numerator": [1e6] * 2, "denominator": [1e6] * 2})
    found = funnel(counts, "rate", "never").schools
    assert 1e6 * found["upper_95"][0] == pytest.approx(1e6 + 1960, abs=3)
    assert 1e6 * found["lower_998"][0] == pytest.approx(1e6 - 3090, abs=5)


def test_quantiles_go_on_where_their_refining_ends() -> None:
    """A standard deviation is the root of the count; on either side of LARGE they differ by less than 1e-4 of it."""
    for share in (0.001, 0.025, 0.975, 0.999):
        below, above = gamma_quantile(share, np.array([LARGE * (1 - 1e-9), LARGE]))
        assert above - below == pytest.approx(LARGE * 1e-9, abs=1e-4 * np.sqrt(LARGE))


@pytest.mark.parametrize("kind", ["proportion", "rate", "ratio"])
def test_a_school_without_students_has_no_limits(kind: str) -> None:
    counts = pd.DataFrame({"numerator": [3.0, 0.0, np.nan], "denominator": [9.0, 0.0, 5.0]}, index=[7, 8, 9])
    found = funnel(counts, kind)  # type: ignore[arg-type]
    assert found.schools.index.to_list() == [7, 8, 9]
    assert found.schools["upper_998"].isna().to_list() == [False, True, True]
    assert found.centre == pytest.approx(1 / 3)


@pytest.mark.parametrize("kind", ["proportion", "rate", "ratio"])
def test_no_schools(kind: str) -> None:
    found = funnel(pd.DataFrame({"numerator": np.zeros(0), "denominator": np.zeros(0)}), kind)  # type: ignore[arg-type]
    assert found.schools.empty
    assert np.isnan(found.centre)


def test_impossible_proportions_are_refused() -> None:
    with pytest.raises(ValueError, match="can't be a proportion"):
        funnel(pd.DataFrame({"numerator": [5], "denominator": [4]}))


def test_all_equal_to_one() -> None:
    found = funnel(pd.DataFrame({"numerator": [10.0] * 6, "denominator": [10.0] * 6}))
    assert (found.schools["upper_998"] == 1).all()
    assert not found.schools["beyond"].any()


@pytest.mark.parametrize("kind", ["rate", "ratio"])
def test_nothing_counted_anywhere_has_no_limits(kind: str) -> None:
    counts = pd.DataFrame({"numerator": [0.0, 0.0], "denominator": [10.0, 20.0]})
    with pytest.raises(ValueError, match="nothing was counted"):
        funnel(counts, kind)  # type: ignore[arg-type]
    assert not funnel(counts).schools["beyond"].any()


def test_a_count_of_zero_is_placed_as_a_half() -> None:
    schools = pd.DataFrame({"numerator": [0, 10, 10, 10, 10], "denominator": [100] * 5})  # 8 expected in each
    assert funnel(schools, "rate").schools["z"][0] == pytest.approx(np.log(0.5 / 8) * np.sqrt(8))


def test_a_stretch_has_its_usual_size_and_nothing_of_what_was_left_out() -> None:
    points = pd.DataFrame({"series": 0, "numerator": [5.0, 6.0, 20.0, 9.0], "denominator": [10.0, 12.0, 50.0, 90.0]})
    [found] = over_one_stretch(points.assign(excluded=[False, False, False, True])).to_dict("records")
    assert found == {"series": 0, "numerator": 31, "denominator": 72, "usual": 12, "n_points": 3}
