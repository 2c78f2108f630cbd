"""The automatic medians of runcharter: against its own results, for every setting of the reference."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.analysis import rebase_runs
from tests.analysis.made import letters, one, together
from tests.analysis.test_reading import LOADED

REFERENCE = Path(__file__).parents[1] / "reference"
SERIES = pd.read_parquet(REFERENCE / "run_series.parquet")
LINES = pd.read_parquet(REFERENCE / "runcharter_lines.parquet")
WARDS = pd.read_csv(REFERENCE / "runcharter_wards.csv")
REPHASED = pd.read_parquet(REFERENCE / "ihi_rephased.parquet")
SETTINGS = sorted({tuple(row) for row in LINES[["med_rows", "runlength", "direction"]].itertuples(index=False)})


def numbered(cases: "pd.Series[str]") -> pd.DataFrame:
    points = SERIES[SERIES["case_id"].isin(cases)].sort_values(["case_id", "index"], ignore_index=True)
    return points[["case_id", "index", "value"]].assign(series=points.groupby("case_id").ngroup())


def with_places(lines: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """The case of each line, and its rows as the indices that the peer has."""
    index, case = points["index"].to_numpy(), points["case_id"].to_numpy()
    places = {name: index[lines[name]] for name in ("first", "last", "until")}
    return lines.assign(case_id=case[lines["first"]], **places)


@pytest.mark.parametrize(("baseline", "run", "direction"), SETTINGS)
def test_lines_equal_those_of_runcharter(baseline: int, run: int, direction: str) -> None:
    chosen = (LINES["med_rows"] == baseline) & (LINES["runlength"] == run) & (LINES["direction"] == direction)
    peer = LINES[chosen].sort_values(["case_id", "phase"], ignore_index=True)
    points = numbered(peer["case_id"])
    found = with_places(rebase_runs(points, baseline, run, direction), points)  # type: ignore[arg-type]
    ours = found[["case_id", "line", "median", "first", "last", "until"]]
    theirs = peer[["case_id", "phase", "median", "start_index", "end_index", "extend_to_index"]]
    assert len(peer) > 80
    assert ours.to_numpy().tolist() == theirs.to_numpy().tolist() or _equal_but_for_missing(ours, theirs)


def _equal_but_for_missing(ours: pd.DataFrame, theirs: pd.DataFrame) -> bool:
    """Equal, with missing medians (no value in the baseline) equal to missing ones."""
    return bool(ours.set_axis(theirs.columns, axis=1).astype(theirs.dtypes).equals(theirs))


@pytest.mark.parametrize("direction", ["both", "above", "below"])
@pytest.mark.parametrize(("baseline", "run"), [(9, 6), (9, 9), (13, 6), (13, 9)])
def test_several_wards_at_once_equal_runcharter(baseline: int, run: int, direction: str) -> None:
    """Monthly from January 2014; all wards end in the same month, so the end of a line is not in question."""
    points = numbered(SERIES.loc[SERIES["case_id"].str.startswith("pkg_signals_Ward"), "case_id"])
    found = with_places(rebase_runs(points, baseline, run, direction), points)  # type: ignore[arg-type]
    month = pd.date_range("2014-01-01", periods=points["index"].max(), freq="MS").strftime("%Y-%m-%d").to_numpy()
    ours = {
        (case.removeprefix("pkg_signals_"), median, month[first - 1], month[last - 1], month[until - 1])
        for case, median, first, last, until in found[["case_id", "median", "first", "last", "until"]].to_numpy()
    }
    chosen = WARDS[(WARDS["med_rows"] == baseline) & (WARDS["runlength"] == run) & (WARDS["direction"] == direction)]
    columns = ["grp", "median", "start_date", "end_date", "extend_to"]
    assert ours == set(chosen[columns].itertuples(index=False, name=None))
    assert len(ours) == len(chosen)


@pytest.mark.parametrize("trigger", [6, 9])
def test_rephasing_equals_that_of_runchart(trigger: int) -> None:
    peer = REPHASED[REPHASED["trigger"] == trigger].sort_values(["case_id", "phase"], ignore_index=True)
    points = numbered(peer["case_id"]).dropna(subset="value").reset_index(drop=True)
    found = with_places(rebase_runs(points, trigger - 1, trigger, made_of=trigger - 1), points)
    theirs = peer[["case_id", "phase", "start_index", "median", "base_end_index"]]
    assert found[["case_id", "line", "first", "median", "last"]].to_numpy().tolist() == theirs.to_numpy().tolist()
    assert len(peer) > 400


def test_a_run_inside_the_baseline_counts_for_nothing() -> None:
    lines = rebase_runs(one(letters("LLLLHHHH LLL HHH LLL HHH")), baseline=8, run=4)
    assert lines["line"].to_list() == [1]


def test_a_point_on_the_median_is_skipped_and_is_in_no_median() -> None:
    lines = rebase_runs(one([1, 3, 1, 3, 5, 2, 7, np.nan, 8]), baseline=4, run=3)
    assert lines[["median", "first", "last"]].to_numpy().tolist() == [[2, 0, 3], [7, 4, 8]]


def test_too_short_a_series() -> None:
    points = together([one([1, 2, 3]), one([1, 2, 3, 4]), one([1, 2, 3, 4] + [9] * 3)])
    lines = rebase_runs(points, baseline=4, run=3)
    assert lines["series"].to_list() == [1, 2, 2]
    assert rebase_runs(points.head(0)).empty


VALUES = st.lists(st.one_of(st.none(), st.integers(0, 3).map(float)), min_size=1, max_size=30)


@settings(LOADED, max_examples=40)
@given(st.lists(VALUES, min_size=1, max_size=6), st.integers(1, 9), st.integers(2, 5))
def test_how_series_are_batched_changes_nothing(series: list[list[float | None]], baseline: int, run: int) -> None:
    at_once = rebase_runs(together([one(values) for values in series]), baseline, run)
    start = np.cumsum([0, *(len(values) for values in series)])
    for number, values in enumerate(series):
        alone = rebase_runs(one(values), baseline, run)
        found = at_once[at_once["series"] == number].reset_index(drop=True)
        found[["first", "last", "until"]] -= start[number]
        assert found.drop(columns="series").equals(alone.drop(columns="series"))
