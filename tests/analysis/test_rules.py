"""Limits against print and peers, and rule tables with one edge per row."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib.analysis import RULE_SETS, run_charts
from lib.analysis.rules import fewest_crossings_anhoej, longest_run_anhoej, runs_limits
from tests.analysis.made import letters, one

REFERENCE = Path(__file__).parents[1] / "reference"


def test_anhoej_limits_equal_those_of_qicharts2() -> None:
    table = pd.read_csv(REFERENCE / "anhoej_limits.csv")
    assert [longest_run_anhoej(n) for n in table["n_useful"]] == table["longest_run_max"].to_list()
    assert [fewest_crossings_anhoej(n) for n in table["n_useful"]] == table["n_crossings_min"].to_list()


def test_runs_limits_equal_exact_ones_and_the_printed_critical_values() -> None:
    table = pd.read_csv(REFERENCE / "ihi_runs_limits.csv").set_index("n_useful")
    for n, row in table.iterrows():
        assert runs_limits(n) == (row["exact05two_lower"], row["exact05two_upper"])
    printed = table.dropna(subset="crit_table_reject_le")
    assert len(printed) == 11
    for n, row in printed.iterrows():
        assert runs_limits(n) == (row["crit_table_reject_le"] + 1, row["crit_table_reject_ge"] - 1)


@pytest.mark.parametrize(
    ("what", "rules", "series", "fired"),
    [
        # 20 useful points: longest run 7 and 6 crossings are the last ordinary values.
        ("a run exactly at the limit", "anhoej", "HHHHHHH LLH LLH LLHL LLL", ""),
        # 22 useful points: 7 is the limit here too, and 7 crossings are the fewest.
        ("a run one over the limit", "anhoej", "HHHHHHHH LLL H LLL H LLL H LL", "long_run"),
        ("crossings exactly at the limit", "anhoej", "HHHHH LLL HH LLL HH LLLL H", ""),
        ("crossings one under the limit", "anhoej", "HHHHH LLL HH LLL HHH LLLL", "few_crossings"),
        ("both", "anhoej", "HHHHHHHHHH LLLLLLLLLL", "long_run;few_crossings"),
        ("a tie inside adds nothing", "anhoej", "HHHMHHHH LLH LLH LLHL LLL", ""),
        ("a tie inside breaks nothing", "anhoej", "HHHMHHHHH LLL H LLL H LLL H LL", "long_run"),
        ("a missing point breaks nothing", "anhoej", "HHH.HHHHH LLL H LLL H LLL H LL", "long_run"),
        ("none", "anhoej", "....", ""),
        ("one point", "anhoej", "H", ""),
        ("all on the median", "anhoej", "M" * 24, ""),
        # 14 useful points: 4 to 12 runs are ordinary.
        ("five in a row are no shift", "ihi", "HHHHH LL HH L LLLL", ""),
        ("six in a row are a shift", "ihi", "HHHHHH LL H L LLLL", "shift"),
        ("three runs are too few", "ihi", "HHHH LLLLLLL HHH", "shift;few_runs"),
        ("four runs are ordinary", "ihi", "HHHH LLLL HHH LLL", ""),
        ("twelve runs are ordinary", "ihi", "HLHLHLHLHLHHLL", ""),
        ("thirteen runs are too many", "ihi", "HLHLHLHLHLHLLH", "many_runs"),
        ("seven in a row are no shift of eight", "shift8", "HHHHHHH LLL HLLLLL", ""),
        ("eight in a row are a shift of eight", "shift8", "HHHHHHHH LLL LLLLL", "shift"),
    ],
)
def test_what_fires(what: str, rules: str, series: str, fired: str) -> None:
    assert run_charts(one(letters(series)), rules).phases["fired"].to_list() == [fired], what


@pytest.mark.parametrize(
    ("what", "values", "in_trend"),
    [
        ("four going up", [1, 2, 3, 4], []),
        ("five going up", [1, 2, 3, 4, 5], [0, 1, 2, 3, 4]),
        ("five going down", [5, 4, 3, 2, 1], [0, 1, 2, 3, 4]),
        ("equal neighbours count once: four", [1, 2, 2, 3, 3, 4], []),
        ("equal neighbours count once: five", [1, 2, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5]),
        ("of a plateau at the start only its last point", [1, 1, 1, 2, 3, 4, 5], [2, 3, 4, 5, 6]),
        ("a plateau at a turning point", [5, 1, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6]),
        ("a missing point is ignored", [1, 2, np.nan, 3, 4, 5], [0, 1, 3, 4, 5]),
        ("the turning point is in both", [1, 2, 3, 4, 5, 4, 3, 2, 1], list(range(9))),
        ("points before a trend are not in it", [9, 1, 2, 3, 4, 5, 0], [1, 2, 3, 4, 5]),
        ("all equal", [3, 3, 3, 3, 3, 3], []),
    ],
)
def test_trends_of_the_ihi_rules(what: str, values: list[float], in_trend: list[int]) -> None:
    chart = run_charts(one(values), "ihi")
    assert np.flatnonzero(chart.points["in_signal"]).tolist() == in_trend, what
    assert ("trend" in chart.phases["fired"][0]) == bool(in_trend), what
    newest = (-1, -1) if not in_trend else (in_trend[0] if what != "the turning point is in both" else 4, in_trend[-1])
    assert (chart.phases["trend_first"][0], chart.phases["trend_last"][0]) == newest, what


@pytest.mark.parametrize(
    ("what", "values", "fired"),
    [
        # The mean of the eight baseline points is 5, their moving range 2: limits 5 ± 5.32, near from 5 ± 3.55.
        ("beyond the limit", [10.4], "b"),
        ("inside the limit", [10.3], "."),
        ("six going one way", [1, 2, 3, 4, 5.5, 7], "......"),
        ("seven one way", [1, 2, 3, 4, 5.5, 6, 7], "ttttttt"),
        ("an equal neighbour breaks a trend", [1, 2, 3, 3, 4, 5.5, 6, 7], "........"),
        ("a missing point is skipped", [1, 2, 3, np.nan, 4, 5.5, 6, 7], "ttt.tttt"),
        ("two of three near a limit", [9, 6, 9], "2.2"),
        ("two of three, but not all on one side", [9, 4, 9], "..."),
        ("a point beyond the limit is no near point", [9, 11, 6], ".b."),
        ("seven on one side", [6, 7, 6, 7, 6, 7, 6], "sssssss"),
        ("six on one side", [6, 7, 6, 7, 6, 7, 4], "......."),
        ("a point on the mean breaks a run", [6, 7, 6, 7, 5, 6, 7, 6], "........"),
        ("the first that applies wins", [6, 7, 6, 7, 6, 7, 11], "ssssssb"),
    ],
)
def test_the_rules_that_flag_single_points(what: str, values: list[float], fired: str) -> None:
    letters_of = {"": ".", "beyond_limits": "b", "trend": "t", "two_of_three": "2", "shift": "s"}
    chart = run_charts(one([6, 4, 6, 4, 6, 4, 6, 4, *values]), "nhs", baseline=8)
    said = "".join(letters_of[name] for name in chart.points["fired"])
    assert said == "." * 8 + fired, what


def test_a_trend_does_not_cross_into_a_new_phase() -> None:
    chart = run_charts(one([1, 2, 3, 4, 5, 6, 7, 8], phase=list("aaaabbbb")), "ihi")
    assert chart.phases["fired"].to_list() == ["", ""]


def test_each_rule_set_says_what_it_is_and_where_it_is_from() -> None:
    assert list(RULE_SETS) == ["anhoej", "ihi", "shift8", "nhs"]
    assert RULE_SETS["anhoej"].label == "Anhøj"
    assert RULE_SETS["ihi"].rules == ("shift", "few_runs", "many_runs", "trend")
    assert RULE_SETS["nhs"].rules == ("beyond_limits", "trend", "two_of_three", "shift")
    assert all(rules.source for rules in RULE_SETS.values())
