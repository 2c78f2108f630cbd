"""The NHS rules against NHSRplotthedots over every series of the reference."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib.analysis import control_limits, run_charts

REFERENCE = Path(__file__).parents[1] / "reference"
SERIES = pd.read_parquet(REFERENCE / "run_series.parquet")
LINES = pd.read_parquet(REFERENCE / "nhsr_lines.parquet")
NAMES = {".": "", "b": "beyond_limits", "t": "trend", "2": "two_of_three", "s": "shift"}
BASELINE = 12
"""Rows in the baseline of the variant fix_12."""


def peer_rows(variant: str) -> pd.DataFrame:
    """One row per point, in order of case and index."""
    chosen = LINES[LINES["variant"] == variant].sort_values(["case_id", "first"])
    each = chosen.assign(fired=chosen["flags"].map(list)).explode("fired", ignore_index=True)
    index = each.groupby("case_id").cumcount() + 1
    return each.assign(index=index, fired=each["fired"].map(NAMES))


def both(variant: str) -> pd.DataFrame:
    """Ours beside the peer's; a baseline of theirs counts rows, ours the points in them."""
    peer = peer_rows(variant)
    points = peer[["case_id", "index", "rebase_group"]].merge(SERIES[["case_id", "index", "value"]], validate="1:1")
    points = points.rename(columns={"rebase_group": "phase"}).assign(series=points.groupby("case_id").ngroup())
    frozen = points["value"].notna() & (points["index"] <= BASELINE) & (variant == "fix_12")
    baseline = frozen.groupby(points["series"]).sum().to_numpy()
    screened = bool(peer["screen_outliers"].iloc[0])
    chart = run_charts(points, "nhs", baseline, screened=screened)
    limits = control_limits(points, "nhs", baseline, screened)
    found = chart.points.assign(lower=limits["lower"], upper=limits["upper"], centre=limits["centre"])
    return found.merge(peer, on=["case_id", "index"], suffixes=("", "_peer"), validate="1:1")


def same(ours: pd.Series, theirs: pd.Series) -> np.ndarray:
    a, b = (column.to_numpy(dtype=np.float64) for column in (ours, theirs))
    return (np.abs(a - b) <= 1e-9 * np.maximum(np.abs(a), np.abs(b)) + 1e-15) | (np.isnan(a) & np.isnan(b))


@pytest.mark.parametrize(
    ("variant", "cases"), [("base", 289), ("noscreen", 289), ("fix_12", 213), ("rebase_half", 277)]
)
def test_limits_and_flags_equal_those_of_nhsrplotthedots(variant: str, cases: int) -> None:
    """Two deliberate differences, and no other.

    Where screening drops every moving range (all are 0) the peer has no limits, ours equal the mean. A missing value
    breaks the peer's runs and trends, while here it is no point.
    """
    paired = both(variant)
    assert paired["case_id"].nunique() == cases
    assert same(paired["median"], paired["mean"]).all()
    assert same(paired["centre"], paired["mean"]).all()
    no_limits = paired["upl"].isna() & paired["upper"].notna()
    assert (paired["upper"] == paired["lower"])[no_limits].all()
    assert variant != "noscreen" or not no_limits.any()
    for ours, theirs in (("lower", "lpl"), ("upper", "upl")):
        assert (same(paired[ours], paired[theirs]) | no_limits).all()
    gaps = paired.groupby("case_id")["value"].transform(lambda values: values.isna().any())
    different = paired["fired"] != paired["fired_peer"]
    assert not (different & ~gaps).any()
    assert set(paired.loc[different, "case_id"]) <= {"gen_na_013", "ihi_s6na", "jst_b", "rcx_r9na"}


def test_all_four_rules_are_compared() -> None:
    letters = set("".join(LINES["flags"]))
    assert letters == set(NAMES)
