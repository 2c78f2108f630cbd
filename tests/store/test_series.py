"""Observations as points: sums of numerators over sums of denominators, gaps, periods, pooled lines."""

import math
from datetime import date, datetime

import pytest

from lib.measures import Measure
from lib.store import definitions, series
from lib.store.series import Choice

NONE = float("nan")


def values(database, network, **more):
    measure = definitions.measures(database, network)[0]
    found = series.points(database, Choice(network, (measure.id,), **more))
    return [
        (row.school, row.date.date().isoformat(), None if math.isnan(row.value) else row.value)
        for row in found.itertuples()
    ]


def test_days_are_read_by_week_as_sums_never_as_a_mean_of_percentages(database, network, save):
    save(
        [("A", "Ash", "", "2025-09-01", 1, 1, 1.0), ("A", "Ash", "", "2025-09-03", 0, 9, 0.0)],
        measure=Measure(0, "Attendance", unit="percent", cadence="day"),
    )
    assert values(database, network) == [(1, "2025-09-01", 0.1)]


def test_where_only_values_exist_a_week_is_their_mean(database, network, save):
    save(
        [("A", "Ash", "", "2025-09-01", NONE, NONE, 0.9), ("A", "Ash", "", "2025-09-03", NONE, NONE, 0.8)],
        measure=Measure(0, "Attendance", unit="percent", cadence="day"),
    )
    assert values(database, network) == [(1, "2025-09-01", pytest.approx(0.85))]


def test_a_period_that_others_have_and_a_school_has_not_is_a_gap(database, network, save):
    save(
        [
            ("A", "Ash", "", "2025-09-01", 1, 2, 0.5),
            ("A", "Ash", "", "2025-09-15", 1, 2, 0.5),
            ("B", "Bay", "", "2025-09-08", 1, 4, 0.25),
        ]
    )
    assert values(database, network, schools=(1,)) == [
        (1, "2025-09-01", 0.5),
        (1, "2025-09-08", None),
        (1, "2025-09-15", 0.5),
    ]


def test_where_one_school_has_a_percentage_only_the_pooled_point_is_the_median_of_schools(database, network, save):
    save(
        [
            ("A", "Ash", "", "2025-09-01", 18, 20, 0.9),
            ("B", "Bay", "", "2025-09-01", NONE, NONE, 0.6),
            ("C", "Cedar", "", "2025-09-01", NONE, NONE, 0.5),
        ]
    )
    assert values(database, network, pooled=True) == [(0, "2025-09-01", 0.6)]


def test_pooled_schools_of_a_share_that_adds_up_have_their_newest_counts(database, network, save):
    save(
        [
            ("A", "Ash", "", "2025-09-01", 5, 20, 0.25),
            ("A", "Ash", "", "2025-09-15", 10, 20, 0.5),
            ("B", "Bay", "", "2025-09-08", 2, 5, 0.4),
        ],
        measure=Measure(0, "Attendance", unit="percent", cadence="month", cumulative=True),
    )
    assert values(database, network, pooled=True) == [(0, "2025-09-01", 12 / 25)]


def test_pooled_is_sum_over_sum_and_says_how_many_schools(database, network, save):
    save([("A", "Ash", "", "2025-09-01", 1, 2, 0.5), ("B", "Bay", "", "2025-09-01", 8, 8, 1.0)])
    assert values(database, network, pooled=True) == [(0, "2025-09-01", 0.9)]
    measure = definitions.measures(database, network)[0]
    assert series.points(database, Choice(network, (measure.id,), pooled=True))["n_schools"].tolist() == [2]


def test_pooled_values_without_counts_are_the_median_of_schools(database, network, save):
    save([(name, name, "", "2025-09-01", NONE, NONE, value) for name, value in (("A", 0.2), ("B", 0.5), ("C", 0.9))])
    assert values(database, network, pooled=True) == [(0, "2025-09-01", 0.5)]


def test_a_denominator_of_zero_gives_no_point(database, network, save):
    save([("A", "Ash", "", "2025-09-01", 0, 0, 0.0)])
    assert values(database, network) == [(1, "2025-09-01", None)]


def test_a_value_with_a_denominator_but_no_numerator_is_read_as_a_value(database, network, save):
    save([("A", "Ash", "", "2025-09-01", NONE, 10, 0.9), ("A", "Ash", "", "2025-09-08", NONE, 10, 0.8)])
    assert [value for _, _, value in values(database, network)] == [0.9, 0.8]


def test_groups_are_series_of_their_own(database, network, save):
    save([("A", "Ash", "", "2025-09-01", 1, 2, 0.5), ("A", "Ash", "9", "2025-09-01", 1, 4, 0.25)])
    assert values(database, network) == [(1, "2025-09-01", 0.5)]
    group = definitions.groups(database, network)[1]
    assert values(database, network, groups=(group.id,)) == [(1, "2025-09-01", 0.25)]
    assert len(values(database, network, groups=())) == 2


def test_dates_between(database, network, save):
    save([("A", "Ash", "", f"2025-09-{day:02}", 1, 2, 0.5) for day in (1, 8, 15)])
    assert values(database, network, first=date(2025, 9, 2), last=date(2025, 9, 8)) == [(1, "2025-09-08", 0.5)]


def test_three_weeks_are_counted_from_the_school_year_and_never_straddle_two(database, network, save):
    save([("A", "Ash", "", day, 1, 2, 0.5) for day in ("2025-07-28", "2025-08-04", "2025-08-11", "2025-08-18")])
    found = [day for _, day, _ in values(database, network, period="three weeks")]
    # 1 Aug 2025 is a Friday, its Monday 28 Jul; the school year before starts on Monday 29 Jul 2024, and 17 times
    # 21 days later is 21 Jul 2025.
    assert found == ["2025-07-21", "2025-07-28", "2025-08-18"]


def test_every_point_has_the_cell_of_its_newest_value_where_it_is_asked_for(database, network, save):
    save([("A", "Ash", "", "2025-09-01", 1, 2, 0.5), ("B", "Bay", "", "2025-09-01", 1, 4, 0.25)])
    measure = definitions.measures(database, network)[0].id
    assert series.points(database, Choice(network, (measure,)))["row"].isna().all()
    found = series.points(database, Choice(network, (measure,), places=True))
    assert found[["upload", "row", "col"]].values.tolist() == [[1, 2, 4], [1, 3, 4]]


def test_how_many_values_each_measure_and_group_has(database, network, save):
    days = ("2025-09-01", "2025-09-08")
    save([("A", "Ash", group, day, 1, 2, 0.5) for group in ("", "9") for day in days])
    save([("B", "Bay", "", "2025-09-08", 1, 4, 0.25)])
    measure, grade = definitions.measures(database, network)[0].id, definitions.groups(database, network)[1].id

    def held(**more):
        found = series.held(database, Choice(network, (measure,), **more))
        return list(found.itertuples(index=False, name=None))

    assert held(groups=()) == [(measure, 0, 3), (measure, grade, 2)]
    assert held(schools=(1,)) == [(measure, 0, 2)]
    assert held(first=date(2025, 9, 2)) == [(measure, 0, 2)]
    assert held(groups=(99,)) == []
    assert held(as_of=datetime(1999, 1, 1)) == []
