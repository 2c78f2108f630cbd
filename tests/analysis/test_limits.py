"""Limits of control charts: against qicharts2 over every series of the reference, and edges by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.analysis import CONTROL_CHARTS, control_limits
from tests.analysis.made import one, together
from tests.analysis.test_reading import LOADED

REFERENCE = Path(__file__).parents[1] / "reference"
SERIES = pd.read_parquet(REFERENCE / "run_series.parquet")
LINES = pd.read_parquet(REFERENCE / "control_lines.parquet")
POINTS = pd.read_parquet(REFERENCE / "control_points.parquet")
OURS = {"i": "xmr", "mr": "mr", "c": "c", "p": "p", "pp": "pp", "u": "u", "up": "up"}
CALL = ["chart", "variant", "screened_mr"]
CALLS = sorted({tuple(row) for table in (LINES, POINTS) for row in table[CALL].itertuples(index=False)})


def numbers(args: str, name: str) -> list[int]:
    """The numbers that an argument of the peer's call holds."""
    given = dict(part.split("=") for part in args.split(";") if part)
    return [int(number) for number in given.get(name, "").split("|") if number]


def lines_of_each_row(call: tuple[str, str, bool]) -> pd.DataFrame:
    """The peer's centre, limits and signals, one row per point."""
    table = POINTS if call[0] in ("p", "pp", "u", "up") else LINES
    chosen = table[(table[CALL] == list(call)).all(axis=1)]
    if table is POINTS:
        return chosen
    index = [range(first, last + 1) for first, last in zip(chosen["first"], chosen["last"], strict=True)]
    rows = chosen.assign(index=index).explode("index")
    signals = rows["signals"].str.split("|")
    return rows.assign(
        sigma_signal=[str(at) in all_of for at, all_of in zip(rows["index"], signals, strict=True)],
        index=rows["index"].astype("int64"),
    )


def asked_alike(call: tuple[str, str, bool]) -> tuple[pd.DataFrame, np.ndarray]:
    """The series as the peer had them, numbered, with its phases and exclusions; and the baseline of each.

    The peer's baseline counts rows; ours counts points, so it is asked for the points in those rows.
    """
    peer = lines_of_each_row(call)
    args = peer.groupby("case_id")["args"].first().fillna("")
    points = SERIES[SERIES["case_id"].isin(args.index)].sort_values(["case_id", "index"]).reset_index(drop=True)
    points["series"] = points.groupby("case_id").ngroup()
    given = [(args[case], at) for case, at in zip(points["case_id"], points["index"], strict=True)]
    points["phase"] = [sum(at > end for end in numbers(said, "part")) for said, at in given]
    points["excluded"] = [at in numbers(said, "exclude") for said, at in given]
    if call[1] == "num":
        points["value"] = points["numerator"]
    if call[0] in ("i", "mr", "c") and call[1] != "rate":
        points = points.drop(columns=["numerator", "denominator"])
    frozen = np.array([at <= (numbers(said, "freeze") or [0])[0] for said, at in given])
    is_ratio = points["numerator"].notna() & (points["denominator"] > 0) if "numerator" in points else None
    there = points["value"].notna() if is_ratio is None else is_ratio
    return points, (there & frozen & ~points["excluded"]).groupby(points["series"]).sum().to_numpy()


def both(call: tuple[str, str, bool]) -> pd.DataFrame:
    points, baseline = asked_alike(call)
    found = control_limits(points, OURS[call[0]], baseline, screened=call[2])
    peer = lines_of_each_row(call)
    paired = found.merge(peer, on=["case_id", "index"], suffixes=("", "_peer"), validate="1:1")
    assert len(paired) == len(peer) == len(points)
    return paired


def same(ours: pd.Series, theirs: pd.Series) -> np.ndarray:
    a, b = (column.to_numpy(dtype=np.float64) for column in (ours, theirs))
    near = np.abs(a - b) <= 1e-9 * np.maximum(np.abs(a), np.abs(b)) + 1e-15
    return near | (np.isnan(a) & np.isnan(b))


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call[0]}-{call[1]}-{'screened' if call[2] else 'all'}")
def test_limits_equal_those_of_qicharts2(call: tuple[str, str, bool]) -> None:
    """Where the peer has none because nothing varies, ours equal the centre: the one difference, and a deliberate one.

    That is: every moving range is 0 and the peer drops them all, or every proportion is 0 or 1 (z = 0/0).
    """
    paired = both(call)
    nothing_varies = paired["ucl"].isna() & paired["upper"].notna()
    assert same(paired["upper"], paired["centre"])[nothing_varies].all()
    assert same(paired["lower"], paired["centre"])[nothing_varies].all()
    assert not nothing_varies.any() or call[0] in ("i", "pp", "up")
    assert not nothing_varies.any() or call[2] or call[0] == "pp"
    assert same(paired["centre"], paired["cl"]).all()
    for ours, theirs in (("lower", "lcl"), ("upper", "ucl")):
        assert (same(paired[ours], paired[theirs]) | nothing_varies).all()
    assert (paired["beyond"].eq(paired["sigma_signal"]) | nothing_varies).all()


def test_how_much_is_compared() -> None:
    assert len(CALLS) == 35
    assert sum(len(lines_of_each_row(call)) for call in CALLS) > 90_000


def test_a_baseline_counts_points_and_not_rows() -> None:
    """Where rows are missing in it, qicharts2's freeze=4 would take 3 points. Ours takes the fourth one too."""
    points = one([1, np.nan, 2, 3, 6, 50])
    assert control_limits(points, "xmr", baseline=4)["centre"].to_list() == [3] * 6


@pytest.mark.parametrize("chart", CONTROL_CHARTS)
@pytest.mark.parametrize("screened", [False, True])
def test_a_constant_series_has_limits_at_its_mean(chart: str, screened: bool) -> None:
    points = pd.DataFrame({"series": 0, "value": 0.1, "numerator": [0.0] * 20, "denominator": 30.0})
    points = points.drop(columns=["numerator", "denominator"]) if chart in ("xmr", "mr", "c") else points
    found = control_limits(points if chart != "c" else points.assign(value=0.0), chart, screened=screened)
    assert (found["lower"] == found["centre"]).all()
    assert (found["upper"] == found["centre"]).all()
    assert not found["beyond"].any()


def test_a_point_exactly_on_the_limit_is_not_beyond_it() -> None:
    """Counts of 4 on average: limits 4 ± 6, cut at 0."""
    found = control_limits(one([4, 4, 4, 4, 10, 10.001, 0]), "c", baseline=4)
    assert found["upper"].to_list() == [10] * 7
    assert found["lower"].to_list() == [0] * 7
    assert found["beyond"].to_list() == [False] * 5 + [True, False]


def test_a_moving_range_bridges_no_gap() -> None:
    """Moves: 1, then a gap, then 2. Bridged, the mean would be (1 + 8 + 2) / 3."""
    found = control_limits(one([1, 2, np.nan, 10, 12]), "mr")
    assert found["plotted"].fillna(-1).to_list() == [-1, 1, -1, -1, 2]
    assert found["centre"].to_list() == [1.5] * 5


def test_neighbours_of_a_point_left_out_are_neighbours() -> None:
    found = control_limits(one([1, 99, 2, 4], excluded=[False, True, False, False]), "mr")
    assert found["plotted"].fillna(-1).to_list() == [-1, -1, 1, 2]


def test_a_point_left_out_is_judged_but_tells_nothing() -> None:
    found = control_limits(one([4, 6, 4, 6, 99], excluded=[False] * 4 + [True]), "xmr")
    assert found["centre"].to_list() == [5] * 5
    assert found["beyond"].to_list() == [False] * 4 + [True]


def test_a_centre_is_a_ratio_of_sums() -> None:
    """1 of 2 and 90 of 100: 91/102, never the mean of 50 % and 90 %."""
    points = pd.DataFrame({"series": 0, "numerator": [1.0, 90.0], "denominator": [2.0, 100.0]})
    for chart in ("p", "pp", "u", "up"):
        assert control_limits(points, chart)["centre"].to_list() == pytest.approx([91 / 102] * 2)


def test_a_baseline_knows_nothing_of_later_points() -> None:
    points = one([4, 6, 4, 6, 5, 7, 9, 30])
    early = control_limits(points.head(4), "xmr")
    found = control_limits(points, "xmr", baseline=4)
    for column in ("centre", "lower", "upper"):
        assert set(found[column]) == set(early[column])


def test_a_baseline_may_be_flagged_in_the_middle() -> None:
    """Of the flagged 4, 6, missing, 8 only 4 and 6 are neighbours."""
    flagged = [False, True, True, True, True, False]
    found = control_limits(one([90, 4, 6, np.nan, 8, 50], baseline=flagged), "xmr")
    assert found["centre"].to_list() == [6] * 6
    assert found["upper"].to_list() == pytest.approx([6 + 3 * 2 / 1.128] * 6)


@pytest.mark.parametrize(
    ("chart", "numerator", "denominator"), [("p", 5, 4), ("p", -1, 4), ("pp", 5, 4), ("u", -1, 4), ("up", -1, 4)]
)
def test_impossible_ratios_are_refused(chart: str, numerator: float, denominator: float) -> None:
    points = pd.DataFrame({"series": 0, "numerator": [numerator], "denominator": [denominator]})
    with pytest.raises(ValueError, match="1 rows can't be"):
        control_limits(points, chart)


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="1 rows can't be counts"):
        control_limits(one([3, -1]), "c")


@pytest.mark.parametrize("chart", CONTROL_CHARTS)
def test_nothing_given_is_nothing_found(chart: str) -> None:
    points = pd.DataFrame({name: np.zeros(0) for name in ("value", "numerator", "denominator")})
    found = control_limits(points.assign(series=np.zeros(0, dtype=np.int64)), chart)
    assert found[["plotted", "centre", "lower", "upper"]].empty


VALUES = st.lists(st.one_of(st.none(), st.integers(0, 40).map(float)), min_size=1, max_size=30)
ADDED = ["plotted", "centre", "lower", "upper", "beyond"]


@settings(LOADED, max_examples=40)
@given(st.lists(VALUES, min_size=2, max_size=5), st.integers(0, 9), st.booleans(), st.sampled_from(["xmr", "mr", "c"]))
def test_how_series_are_batched_changes_nothing(
    series: list[list[float | None]], baseline: int, screened: bool, chart: str
) -> None:
    at_once = control_limits(together([one(values) for values in series]), chart, baseline, screened)
    alone = [control_limits(one(values), chart, baseline, screened) for values in series]
    assert at_once[ADDED].equals(pd.concat(alone, ignore_index=True)[ADDED])


@settings(LOADED, max_examples=40)
@given(VALUES, st.integers(0, 9), st.booleans())
def test_a_mirror_image_has_mirrored_limits(values: list[float | None], baseline: int, screened: bool) -> None:
    found = control_limits(one(values), "xmr", baseline, screened)
    image = control_limits(-one(values), "xmr", baseline, screened)
    assert (-image["lower"]).equals(found["upper"])
    assert image["beyond"].equals(found["beyond"])
