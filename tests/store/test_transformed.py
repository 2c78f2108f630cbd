"""Series as differences, as what is new in a period, over the same schools, and without days that don't count.

All expected numbers are worked out by hand.
"""

import math
from datetime import date, timedelta

import pytest

from lib.measures import Measure
from lib.store import calendar, definitions, series, uploads
from lib.store.calendar import Entry
from lib.store.series import FEWEST_SCHOOLS_FOR_MEDIAN, Choice
from tests.store.conftest import new_upload

NONE = float("nan")
MONDAYS = [date(2025, 9, 1) + timedelta(weeks=n) for n in range(8)]
VISITS = Measure(0, "Attendance", unit="count", cadence="week", cumulative=True)


def chosen(database, network, **more):
    [measure] = definitions.measures(database, network)
    return Choice(network, (measure.id,), **more)


def values(database, network, **more):
    """(school, day, value) of every point."""
    found = series.points(database, chosen(database, network, **more))
    return [
        (row.school, row.date.date().isoformat()[5:], None if math.isnan(row.value) else round(row.value, 9))
        for row in found.itertuples()
    ]


def plain(school, day, value, group=""):
    return (school, f"{school} High", group, day, NONE, NONE, value)


def set_calendar(database, network, *entries):
    calendar.save(database, network, entries, "test")


# Difference from the median of the network


def eight(first=0.1, n=8):
    """Schools A, B, C, ... at first, first + 0.1, ..."""
    return [plain(chr(65 + i), MONDAYS[0], round(first + i / 10, 9)) for i in range(n)]


def test_relative_is_the_value_minus_the_median_of_schools(database, network, save):
    save(eight())  # 0.1 to 0.8: the median is 0.45
    found = [value for _, _, value in values(database, network, relative=True)]
    assert found == [-0.35, -0.25, -0.15, -0.05, 0.05, 0.15, 0.25, 0.35]


def test_relative_needs_eight_schools(database, network, save):
    save([*eight(n=8), *[(*row[:3], MONDAYS[1], *row[4:]) for row in eight(n=7)]])
    found = values(database, network, relative=True, schools=(1,))
    assert FEWEST_SCHOOLS_FOR_MEDIAN == 8
    assert found == [(1, "09-01", -0.35), (1, "09-08", None)]


def test_relative_compares_with_all_schools_also_when_one_is_chosen(database, network, save):
    save(eight())
    assert values(database, network, relative=True, schools=(8,)) == [(8, "09-01", 0.35)]


def test_relative_of_counts_has_no_numerator_that_would_make_it_a_ratio_again(database, network, save):
    save([(chr(65 + i), chr(65 + i), "", MONDAYS[0], i, 10, i / 10) for i in range(8)])  # the median is 0.35
    found = series.points(database, chosen(database, network, relative=True))
    assert found["value"].round(9).tolist() == [-0.35, -0.25, -0.15, -0.05, 0.05, 0.15, 0.25, 0.35]
    assert found["numerator"].isna().all() and found["denominator"].isna().all()


def test_relative_of_a_pooled_set_of_schools(database, network, save):
    save(eight())
    found = values(database, network, relative=True, pooled=True, schools=(7, 8))  # the median of 0.7 and 0.8
    assert found == [(0, "09-01", 0.3)]


def test_relative_compares_a_group_with_the_same_group(database, network, save):
    save([*eight(), *[(*row[:2], "9", *row[3:6], row[6] / 10) for row in eight()]])
    group = definitions.groups(database, network)[1].id
    assert values(database, network, relative=True, schools=(1,), groups=(group,)) == [(1, "09-01", -0.035)]


def test_a_school_with_a_denominator_of_zero_is_no_eighth_school(database, network, save):
    save([(chr(65 + i), chr(65 + i), "", MONDAYS[0], 0, 10 * (i > 0), 0.0) for i in range(8)])
    assert {value for _, _, value in values(database, network, relative=True)} == {None}


# New in each period


def test_per_period_is_the_difference_to_the_value_before_and_the_first_counts_from_zero(database, network, save):
    save([plain("A", day, total) for day, total in zip(MONDAYS, (5, 7, 7, 12), strict=False)], measure=VISITS)
    found = [value for _, _, value in values(database, network, per_period=True)]
    assert found == [5, 2, 0, 5]


def test_per_period_starts_anew_each_school_year(database, network, save):
    days = [date(2025, 6, 2), date(2025, 6, 9), date(2025, 8, 18), date(2025, 8, 25)]
    save([plain("A", day, total) for day, total in zip(days, (90, 94, 3, 4), strict=True)], measure=VISITS)
    assert [value for _, _, value in values(database, network, per_period=True)] == [90, 4, 3, 1]


def test_the_week_in_which_the_school_year_starts_belongs_to_the_new_one(database, network, save):
    days = [date(2025, 7, 21), date(2025, 7, 28)]  # 1 August 2025 is the Friday of the second
    save([plain("A", day, total) for day, total in zip(days, (90, 3), strict=True)], measure=VISITS)
    assert [value for _, _, value in values(database, network, per_period=True)] == [90, 3]


def test_the_week_in_which_the_calendar_year_begins_goes_on_with_the_school_year(database, network, save):
    days = [date(2025, 12, 22) + timedelta(weeks=n) for n in range(3)]
    save([plain("A", day, total) for day, total in zip(days, (5, 7, 8), strict=True)], measure=VISITS)
    assert [value for _, _, value in values(database, network, per_period=True)] == [5, 2, 1]


def test_after_a_missing_value_nothing_is_said_to_be_new(database, network, save):
    """Between the second and the fourth week lie two weeks: their sum is not what one week brought."""
    save([plain("A", MONDAYS[i], total) for i, total in ((0, 1), (1, 2), (3, 9), (4, 10))], measure=VISITS)
    uploads.save(database, new_upload(network, [plain("B", day, 1) for day in MONDAYS[:5]], measure=VISITS))
    set_calendar(database, network, Entry("", "term", "Fall", MONDAYS[0], MONDAYS[7]))  # no term is a break
    found = values(database, network, per_period=True, schools=(1,))
    assert [value for _, _, value in found] == [1, 1, None, None, 1]


def test_a_school_that_joins_late_is_not_counted_from_zero(database, network, save):
    save(
        [plain("A", day, 1) for day in MONDAYS[:4]] + [plain("B", day, 30 + i) for i, day in enumerate(MONDAYS[1:3])],
        measure=VISITS,
    )
    found = values(database, network, per_period=True, schools=(2,))
    assert [value for _, _, value in found if value is not None] == [1]


def test_a_break_of_the_school_is_no_gap(database, network, save):
    save([plain("A", MONDAYS[i], total) for i, total in ((0, 1), (1, 2), (3, 9))], measure=VISITS)
    uploads.save(database, new_upload(network, [plain("B", day, 1) for day in MONDAYS[:4]], measure=VISITS))
    database.rows("update school set district = 'Valley' where name = 'A High'")
    set_calendar(database, network, Entry("Valley", "break", "Fall break", MONDAYS[2], MONDAYS[2] + timedelta(4)))
    found = values(database, network, per_period=True, schools=(1,))
    assert [value for _, _, value in found] == [1, 1, None, 7]


def test_per_period_with_a_first_date_still_knows_the_value_before(database, network, save):
    save([plain("A", day, total) for day, total in zip(MONDAYS, (5, 7, 8), strict=False)], measure=VISITS)
    assert values(database, network, per_period=True, first=MONDAYS[1]) == [(1, "09-08", 2), (1, "09-15", 1)]


def test_per_period_of_a_percentage_is_a_count_of_its_numerators(database, network, save):
    share = Measure(0, "Attendance", unit="percent", cadence="week", cumulative=True)
    save([("A", "A", "", MONDAYS[i], n, 100, n / 100) for i, n in enumerate((3, 10, 12))], measure=share)
    found = series.points(database, chosen(database, network, per_period=True))
    assert found["value"].tolist() == [3, 7, 2]
    assert found["denominator"].isna().all()


def test_a_total_and_a_part_of_a_whole_are_not_taken_from_each_other(database, network, save):
    save([("A", "A", "", MONDAYS[0], 5, 10, 0.5), plain("A", MONDAYS[1], 7), plain("A", MONDAYS[2], 9)], measure=VISITS)
    assert [value for _, _, value in values(database, network, per_period=True)] == [5, None, 2]


def test_per_period_of_a_percentage_without_counts_is_nothing(database, network, save):
    share = Measure(0, "Attendance", unit="percent", cadence="week", cumulative=True)
    save([plain("A", day, 0.1 * (i + 1)) for i, day in enumerate(MONDAYS[:3])], measure=share)
    assert values(database, network, per_period=True) == []


def test_per_period_leaves_a_measure_that_does_not_add_up_as_it_is(database, network, save):
    save([("A", "A", "", MONDAYS[0], 1, 2, 0.5), ("A", "A", "", MONDAYS[1], 1, 4, 0.25)])
    assert values(database, network, per_period=True) == values(database, network)


def test_pooled_per_period_is_taken_school_by_school(database, network, save):
    """A school that is missing once would otherwise make the sum fall."""
    rows = [plain("A", day, 10 * (i + 1)) for i, day in enumerate(MONDAYS[:3])]
    save([*rows, plain("B", MONDAYS[0], 4), plain("B", MONDAYS[2], 8)], measure=VISITS)
    found = series.points(database, chosen(database, network, per_period=True, pooled=True))
    assert found["value"].tolist() == [7, 10, 10]
    assert found["n_schools"].tolist() == [2, 1, 1]


def test_a_longer_period_of_a_cumulative_measure_has_its_newest_value(database, network, save):
    save([plain("A", day, total) for day, total in zip(MONDAYS, (5, 7, 8, 12, 20), strict=False)], measure=VISITS)
    assert [value for _, _, value in values(database, network, period="month")] == [20]  # 29 September is the fifth
    counts = [("A", "A High", "", day, n, 100, n / 100) for day, n in zip(MONDAYS, (5, 7), strict=False)]
    uploads.save(database, new_upload(network, counts, measure=VISITS))
    found = series.points(database, chosen(database, network, period="month", last=MONDAYS[1]))
    assert (found["numerator"].tolist(), found["denominator"].tolist()) == ([7], [100])


def test_relative_and_per_period_together(database, network, save):
    rows = [plain(chr(65 + i), day, total) for i in range(8) for day, total in ((MONDAYS[0], 1), (MONDAYS[1], 1 + i))]
    save(rows, measure=VISITS)  # new in the second week: 0 to 7, the median is 3.5
    found = values(database, network, relative=True, per_period=True, schools=(8,))
    assert found == [(8, "09-01", 0), (8, "09-08", 3.5)]


def test_what_a_measure_becomes():
    choice = Choice(1, (1,), relative=True, per_period=True)
    share = Measure(1, "m", unit="percent", wanted="up", goal=0.9, cumulative=True, seasonal=True)
    shown = series.as_shown(share, choice)
    assert (shown.unit, shown.goal, shown.cumulative, shown.seasonal, shown.wanted) == (
        "count",
        None,
        False,
        False,
        "up",
    )
    assert shown.reads_runs
    assert series.as_shown(share, Choice(1, (1,))) == share
    band = Measure(1, "m", wanted="in range", goal_low=1, goal_high=2)
    assert series.as_shown(band, Choice(1, (1,), per_period=True)) == band
    assert series.as_shown(band, choice).wanted == "none"


# Last year


def test_last_year_stands_on_the_same_mondays(database, network, save):
    save([plain("A", day, i) for i, day in enumerate((date(2024, 9, 2), date(2024, 9, 9), date(2025, 9, 1)))])
    found = series.last_year(database, chosen(database, network, first=MONDAYS[0], last=MONDAYS[1]))
    assert list(zip(found["date"].dt.date, found["value"], strict=True)) == [(MONDAYS[0], 0), (MONDAYS[1], 1)]


def test_last_year_by_month_is_moved_by_a_year(database, network, save):
    save([plain("A", date(2024, 9, 2), 3)])
    found = series.last_year(database, chosen(database, network, period="month"))
    assert found["date"].dt.date.tolist() == [date(2025, 9, 1)]


# The same schools throughout


def test_constant_pools_only_schools_with_a_value_in_every_period(database, network, save):
    rows = [
        plain(school, day, value)
        for day in MONDAYS[:3]
        for school, value in zip("ABCDE", (1, 2, 3, 4, 99), strict=True)
    ]
    save([row for row in rows if row[:1] + row[3:4] != ("E", MONDAYS[1])])
    found = series.points(database, chosen(database, network, pooled=True, constant=True))
    assert found["n_schools"].tolist() == [4, 4, 4]
    assert found["value"].tolist() == [2.5, 2.5, 2.5]
    usual = series.points(database, chosen(database, network, pooled=True))
    assert usual["n_schools"].tolist() == [5, 4, 5]


def test_constant_does_not_show_a_period_in_which_many_schools_are_away(database, network, save):
    rows = [plain(school, day, 1) for day in MONDAYS[:4] for school in "ABCDE"]
    save([row for row in rows if not (row[3] == MONDAYS[1] and row[0] in "DE")])
    found = series.points(database, chosen(database, network, pooled=True, constant=True))
    assert found["date"].dt.date.tolist() == [MONDAYS[0], MONDAYS[2], MONDAYS[3]]
    assert found["n_schools"].tolist() == [5, 5, 5]


def test_constant_among_chosen_schools_minds_only_these(database, network, save):
    rows = [plain(school, day, 1) for day in MONDAYS[:4] for school in "AB"]
    save([*rows, plain("C", MONDAYS[0], 1)])
    found = series.points(database, chosen(database, network, pooled=True, constant=True, schools=(1, 2)))
    assert found["n_schools"].tolist() == [2] * 4


def test_a_school_with_nobody_enrolled_is_not_counted_as_a_school(database, network, save):
    save([("A", "Ash", "", MONDAYS[0], 1, 2, 0.5), ("B", "Bay", "", MONDAYS[0], 0, 0, 0.0)])
    found = series.points(database, chosen(database, network, pooled=True))
    assert (found["value"].tolist(), found["n_schools"].tolist()) == ([0.5], [1])


# Days that don't count


DAILY = Measure(0, "Attendance", unit="percent", cadence="day")


def test_values_of_no_count_days_are_in_no_point(database, network, save):
    days = [date(2025, 9, 1), date(2025, 9, 2), date(2025, 9, 3)]
    save([("A", "Ash", "", day, n, 10, n / 10) for day, n in zip(days, (9, 1, 7), strict=True)], measure=DAILY)
    set_calendar(database, network, Entry("", "no-count", "Snow", days[1], days[1]))
    assert values(database, network) == [(1, "09-01", 0.8)]  # 16 of 20
    assert values(database, network, pooled=True) == [(0, "09-01", 0.8)]
    for pooled, school in ((False, 1), (True, 0)):
        found = series.left_out(database, chosen(database, network, pooled=pooled))
        assert found.values.tolist() == [[1, school, 0, 1]]


def test_no_count_days_of_one_district_leave_the_others_alone(database, network, save):
    save([(name, name, "", "2025-09-01", 1, 2, 0.5) for name in "AB"], measure=DAILY)
    database.rows("update school set district = 'Valley' where code = 'A'")
    set_calendar(database, network, Entry("Valley", "no-count", "Snow", MONDAYS[0], MONDAYS[0]))
    assert values(database, network) == [(2, "09-01", 0.5)]
    assert series.left_out(database, chosen(database, network))["school"].tolist() == [1]


def test_no_count_days_of_another_network_leave_this_one_alone(database, network, save):
    save([("A", "A", "", "2025-09-01", 1, 2, 0.5)], measure=DAILY)
    other = definitions.add_network(database, "Other")
    set_calendar(database, other, Entry("", "no-count", "Snow", MONDAYS[0], MONDAYS[0]))
    assert len(values(database, network)) == 1


@pytest.mark.parametrize(
    ("first", "days", "kept"),
    [(0, 1, True), (0, 4, True), (0, 5, False), (1, 5, True), (-3, 12, False)],
    ids=["a day of the week", "four days", "Monday to Friday", "from Tuesday on", "longer than the week"],
)
def test_a_value_of_a_week_is_left_out_only_where_no_school_day_of_it_counts(
    database, network, save, first, days, kept
):
    save([("A", "A", "", MONDAYS[0], 1, 2, 0.5)])
    begin = MONDAYS[0] + timedelta(first)
    set_calendar(database, network, Entry("", "no-count", "Tests", begin, begin + timedelta(days - 1)))
    assert bool(values(database, network)) == kept
    assert len(series.left_out(database, chosen(database, network))) == (not kept)


@pytest.mark.parametrize(("first", "kept"), [(0, False), (1, True)], ids=["Monday to Friday", "Tuesday to Friday"])
def test_a_value_of_a_week_may_lie_on_any_day_of_it(database, network, save, first, kept):
    save([("A", "A", "", date(2025, 9, 3), 1, 2, 0.5)])
    days = (MONDAYS[0] + timedelta(first), MONDAYS[0] + timedelta(4))
    set_calendar(database, network, Entry("", "no-count", "Tests", *days))
    assert bool(values(database, network)) == kept


def test_a_month_always_has_days_that_count(database, network, save):
    save([plain("A", date(2025, 9, 1), 1)], measure=Measure(0, "Attendance", cadence="month"))
    set_calendar(database, network, Entry("", "no-count", "Fire", date(2025, 8, 1), date(2025, 12, 1)))
    assert len(values(database, network)) == 1


def test_terms_and_breaks_leave_values_in(database, network, save):
    save([("A", "A", "", MONDAYS[0], 1, 2, 0.5)], measure=DAILY)
    set_calendar(database, network, *(Entry("", kind, "x", MONDAYS[0], MONDAYS[1]) for kind in ("term", "break")))
    assert len(values(database, network)) == 1


def test_measures_of_another_network_have_no_points_here(database, network, save):
    save([("A", "A", "", MONDAYS[0], 1, 2, 0.5)])
    other = definitions.add_network(database, "Other")
    [measure] = definitions.measures(database, network)
    for more in ({}, {"pooled": True}, {"per_period": True, "relative": True}, {"pooled": True, "constant": True}):
        assert series.points(database, Choice(other, (measure.id,), **more)).empty
    assert series.left_out(database, Choice(other, (measure.id,))).empty
