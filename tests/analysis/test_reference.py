"""Against the peers: every series of the reference, compared exactly. Sources: tests/reference/README.md."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib.analysis import run_charts, summarize
from lib.analysis.rules import SHIFT_OF_PERLA, TREND_OF_PERLA
from lib.analysis.runs import rows_in, trends_of
from lib.analysis.series import counting, phases_of, values_of

REFERENCE = Path(__file__).parents[1] / "reference"
SERIES = pd.read_parquet(REFERENCE / "run_series.parquet")
QICHARTS2 = pd.read_parquet(REFERENCE / "run_qicharts2.parquet")
COMPARED = {
    "median": "cl",
    "n_useful": "n_useful_peer",
    "longest_run": "longest_run_peer",
    "longest_run_limit": "longest_run_max",
    "crossings": "n_crossings",
    "crossings_limit": "n_crossings_min",
    "signal": "runs_signal",
}


def series_of(variant: str, columns: list[str]) -> pd.DataFrame:
    """The series for which the peer has this variant, numbered as run_charts wants them."""
    chosen = SERIES[SERIES["case_id"].isin(QICHARTS2.loc[QICHARTS2["variant"] == variant, "case_id"])]
    numbered = chosen[["case_id", "index", *columns]].reset_index(drop=True)
    return numbered.assign(series=numbered.groupby("case_id").ngroup())


def beside_the_peer(phases: pd.DataFrame, points: pd.DataFrame, variant: str) -> pd.DataFrame:
    """One row per series and phase; the peer has no numbers where no point is useful, except its median."""
    names = points.groupby("series")["case_id"].first()
    peer = QICHARTS2[QICHARTS2["variant"] == variant].rename(columns={"part": "phase"})
    found = phases.assign(case_id=names.loc[phases["series"]].to_numpy())
    both = found.merge(peer, on=["case_id", "phase"], suffixes=("", "_peer"), how="outer", validate="1:1")
    for column in ("longest_run", "crossings"):
        both[column] = both[column].astype("float64").where(both["n_useful"] > 0)
    return both


def differing(both: pd.DataFrame) -> set[str]:
    """The cases in which any compared number differs, missing being equal to missing."""
    different = np.zeros(len(both), dtype=np.bool_)
    for ours, theirs in COMPARED.items():
        a, b = (both[column].to_numpy(dtype=np.float64, na_value=np.nan) for column in (ours, theirs))
        different |= ~((a == b) | (np.isnan(a) & np.isnan(b)))
    return set(both.loc[different, "case_id"])


def test_base_equals_qicharts2_in_all_310_cases() -> None:
    points = series_of("base", ["value"])
    both = beside_the_peer(run_charts(points).phases, points, "base")
    assert len(both) == 310
    assert differing(both) == set()


@pytest.mark.parametrize(("variant", "cases"), [("freeze_12", 244), ("freeze_half", 302)])
def test_a_frozen_baseline_equals_qicharts2(variant: str, cases: int) -> None:
    """The peer's baseline counts rows, with or without a value; ours is asked for the points in those rows."""
    points = series_of(variant, ["value"])
    peer = QICHARTS2[QICHARTS2["variant"] == variant].set_index("case_id")["args"]
    rows = points["case_id"].map(peer.str.removeprefix("freeze=").astype("int64"))
    frozen = points["value"].notna() & (points["index"] <= rows)
    baseline = frozen.groupby(points["series"]).sum().to_numpy()
    both = beside_the_peer(run_charts(points, baseline=baseline).phases, points, variant)
    assert len(both) == cases
    assert differing(both) == set()


def test_a_frozen_baseline_counts_points_and_not_rows() -> None:
    points = series_of("freeze_12", ["value"])
    both = beside_the_peer(run_charts(points, baseline=12).phases, points, "freeze_12")
    missing = set(points.loc[points["value"].isna(), "case_id"])
    assert differing(both) == {"gen_na_011", "gen_na_013", "gen_na_015", "ihi_s6na", "jst_r"}
    assert differing(both) <= missing


def test_a_given_centre_equals_qicharts2() -> None:
    points = series_of("cl_mean", ["value"])
    peer = QICHARTS2[QICHARTS2["variant"] == "cl_mean"].set_index("case_id")["args"]
    given = peer.str.removeprefix("cl=").replace("NaN", "nan").astype("float64")
    names = points.groupby("series")["case_id"].first()
    both = beside_the_peer(run_charts(points, centre=given.loc[names].to_numpy()).phases, points, "cl_mean")
    assert len(both) == 310
    assert differing(both) == set()


@pytest.mark.parametrize(("variant", "phases"), [("part_half", 604), ("part_thirds", 849)])
def test_phases_equal_qicharts2(variant: str, phases: int) -> None:
    points = series_of(variant, ["value"])
    peer = QICHARTS2[QICHARTS2["variant"] == variant]
    ends = peer.groupby("case_id")["args"].first().str.removeprefix("part=").str.split("|")
    points["phase"] = [
        sum(index > int(end) for end in ends[case])
        for case, index in zip(points["case_id"], points["index"], strict=True)
    ]
    both = beside_the_peer(run_charts(points).phases, points, variant)
    assert len(both) == phases
    assert differing(both) == set()


def test_exclusions_equal_qicharts2() -> None:
    points = series_of("exclude_2_5", ["value"])
    points["excluded"] = points["index"].isin([2, 5])
    both = beside_the_peer(run_charts(points).phases, points, "exclude_2_5")
    assert len(both) == 298
    assert differing(both) == set()


def test_ratios_equal_qicharts2() -> None:
    points = series_of("rate", ["numerator", "denominator"])
    both = beside_the_peer(run_charts(points).phases, points, "rate")
    assert len(both) == 68
    assert differing(both) == set()


def test_shifts_trends_and_runs_of_the_ihi_rules_equal_those_of_runchart() -> None:
    points = series_of("base", ["value"])
    names = points.groupby("series")["case_id"].first()
    peer = pd.read_csv(REFERENCE / "run_ihi.csv").set_index("case_id").loc[names]
    phases = summarize(points, "ihi")
    fired = phases["fired"].str.split(";")
    shift = np.array(["shift" in names for names in fired])
    trend = np.array(["trend" in names for names in fired])
    assert (phases["n_useful"].to_numpy() == peer["n_useful"].to_numpy()).all()
    assert (shift == peer["shift_any"].eq(True).to_numpy()).all()
    assert (trend == (peer["n_trends"] > 0).to_numpy()).all()
    some = phases["n_useful"].to_numpy() > 0
    assert (phases["crossings"].to_numpy() + 1 == peer["n_runs"].to_numpy())[some].all()


IHI_POINTS = pd.read_parquet(REFERENCE / "ihi_points.parquet")


def places_of(points: pd.DataFrame) -> set[tuple[str, int]]:
    return set(points[["case_id", "index"]].itertuples(index=False, name=None))


def test_points_of_shifts_equal_those_of_runchart() -> None:
    """The peer lists the points on the median inside a shift too; here they are skipped, so they aren't compared."""
    points = run_charts(series_of("base", ["value"]), "ihi").points
    length = points.groupby(["series", "run"])["place"].transform("max")
    on_median = places_of(points[points["side"] == 0])
    theirs = places_of(IHI_POINTS[IHI_POINTS["rule"] == "shift"])
    assert places_of(points[(length >= SHIFT_OF_PERLA).fillna(False)]) == theirs - on_median
    assert len(theirs) == 2484


def test_points_of_trends_equal_those_of_runchart() -> None:
    points = series_of("base", ["value"])
    phases = phases_of(points)
    value, is_ratio = values_of(points)
    counts = counting(points, value)
    trends = trends_of(value, is_ratio, counts, phases, TREND_OF_PERLA)
    ours = points[rows_in(trends.first, trends.last, len(points)) & counts]
    theirs = places_of(IHI_POINTS[IHI_POINTS["rule"] == "trend"])
    assert places_of(ours) == theirs
    assert len(theirs) == 1383
