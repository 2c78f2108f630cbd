"""Schools lined up on their starts: week 0, medians on each side, waiting schools, and what shuffled starts give.

The expected numbers are counted by hand from the series written here.
"""

import numpy as np
import pandas as pd
import pytest

from lib.analysis.aligning import after_starts, aligned, by_luck

MONDAY = np.datetime64("2025-09-01")
N = 24


def days(*weeks):
    return [None if week is None else MONDAY + np.timedelta64(7 * week, "D") for week in weeks]


def network(*series):
    """Series of N weekly values each; None = no value."""
    parts = [
        pd.DataFrame(
            {
                "series": number,
                "date": (MONDAY + 7 * np.arange(len(values))).astype("datetime64[s]"),
                "value": np.array(values, dtype=float),
            }
        )
        for number, values in enumerate(series)
    ]
    return pd.concat(parts, ignore_index=True)


def step(at, low=0.5, high=0.7):
    """Alternates by 0.02 around two levels, so that either half has a median of its own: low, high."""
    return [(low if week < at else high) + (0.02 if week % 2 else -0.02) for week in range(N)]


FLAT = step(N)


def test_staggered_starts_have_their_own_week_0():
    found = aligned(network(step(10), step(12), FLAT), days(10, 12, None), "up")
    at_zero = found.lines[(found.lines["relative"] == 0) & ~found.lines["waiting"]]
    assert at_zero["date"].tolist() == [pd.Timestamp(day) for day in days(10, 12)]
    waiting = found.lines[found.lines["waiting"] & (found.lines["relative"] == 0)]
    assert waiting["date"].tolist() == [pd.Timestamp(day) for day in days(11)]  # the middle of 10 and 12


def test_medians_and_counts_on_both_sides():
    schools = aligned(network(step(10), FLAT), days(10, None), "up").schools
    own = schools.iloc[0]
    assert (own["n_before"], own["n_after"]) == (10, 14)
    assert own["before"] == pytest.approx(0.5) and own["after"] == pytest.approx(0.7)
    assert own["difference"] == pytest.approx(0.2)
    assert (own["state"], own["direction"], own["signal"]) == ("shift", "up", True)
    assert np.isnan(schools.iloc[1]["difference"])


def test_the_first_period_at_or_after_the_start_is_week_0():
    thursday = days(10)[0] - np.timedelta64(4, "D")
    schools = aligned(network(step(10), FLAT), [thursday, None], "up").schools
    assert (schools["n_before"][0], schools["n_after"][0]) == (10, 14)


def test_gaps_count_neither_before_nor_after_and_keep_the_weeks():
    values = [None if week in (3, 4, 15) else value for week, value in enumerate(step(11))]
    found = aligned(network(values, FLAT), days(11, None), "up")
    assert (found.schools["n_before"][0], found.schools["n_after"][0]) == (9, 12)
    assert found.lines.loc[found.lines["series"] == 0, "relative"].tolist() == [
        week - 11 for week in range(N) if week not in (3, 4, 15)
    ]


def test_seven_points_on_a_side_are_too_few_to_compare():
    schools = aligned(network(step(7), step(8), FLAT), days(7, 8, None), "up").schools
    assert np.isnan(schools["moved"][0]) and schools["moved"][1] == 1
    schools = aligned(network(step(17), step(16), FLAT), days(17, 16, None), "up").schools
    assert np.isnan(schools["moved"][0]) and schools["moved"][1] == 1


@pytest.mark.parametrize(("wanted", "moved"), [("up", 1.0), ("down", 0.0), ("none", np.nan), ("in range", np.nan)])
def test_moved_is_the_wanted_way(wanted, moved):
    found = aligned(network(step(12), FLAT), days(12, None), wanted).schools["moved"][0]
    assert found == moved or (np.isnan(found) and np.isnan(moved))


def test_no_difference_counts_half():
    assert aligned(network(FLAT, FLAT), days(12, None), "up").moved == 0.5


def test_one_school_alone_is_compared_and_says_nothing_of_luck():
    points = network(step(12))
    found = aligned(points, days(12), "up")
    assert (found.moved, found.compared, found.waiting) == (1, 1, 0)
    assert by_luck(points, days(12), "up") == 1


def test_shuffled_starts_that_compare_nobody_speak_for_luck():
    points = network(step(12), [0.5] * 4 + [None] * 20)  # the second has too few points, whenever it starts
    assert by_luck(points, days(12, None), "up") == 1


def test_a_start_before_the_first_point_has_no_week_0():
    found = aligned(network(step(0), FLAT), days(-3, None), "up")
    assert found.lines["series"].unique().tolist() == [1]
    assert found.compared == 0


def test_a_school_that_stopped_counts_to_its_end():
    back = [value if week < 20 else 0.5 for week, value in enumerate(step(10))]
    found = aligned(network(back, FLAT), days(10, None), "up", days(19, None))
    assert found.schools["n_after"][0] == 10
    assert found.lines.loc[found.lines["series"] == 0, "relative"].max() == 9


def test_what_came_after_the_end_is_no_part_of_the_state():
    schools = aligned(network(step(14), FLAT), days(8, None), "up", days(13, None)).schools
    assert (schools["state"][0], schools["signal"][0]) == ("steady", False)


def test_schools_that_start_later_wait_until_they_do():
    # The third starts in week 22: over the first's weeks 10 to 21 it had not started, and did not move.
    found = aligned(network(step(10), FLAT, step(22)), days(10, None, 22), "up")
    assert found.waiting == 2
    assert found.schools["waiting_moved"].tolist()[1:] == [0.5, 0.5]


def test_waiting_schools_that_moved_alike_are_counted():
    found = aligned(network(step(10), step(10), FLAT), days(10, None, None), "up")
    assert (found.waiting, found.waiting_moved) == (2, 1.5)


def test_a_start_that_two_schools_share_counts_twice_for_those_that_wait():
    # The last one moved over week 8 (0.5, then 0.75), in which two schools started, and not over week 16 (0.7, 0.6).
    waits = [0.5] * 8 + [0.9] * 8 + [0.6] * 8
    found = aligned(network(step(8), step(8), step(16), waits), days(8, 8, 16, None), "up")
    assert found.schools["waiting_moved"].tolist()[3] == pytest.approx(2 / 3)


def test_the_bold_line_needs_three_schools_and_says_how_many():
    found = aligned(network(step(10), step(12), step(14), FLAT), days(10, 12, 14, None), "up").middle
    own = found[~found["waiting"]].set_index("relative")
    assert own["n_schools"][-10] == 3 and own["value"][0] == pytest.approx(0.68)
    assert own["n_schools"][-12] == 2 and np.isnan(own["value"][-12])


def test_left_out_points_are_neither_before_nor_after():
    points = network(step(10), FLAT)
    points["excluded"] = (points["series"] == 0) & (points["date"] == pd.Timestamp(days(12)[0]))
    assert aligned(points, days(10, None), "up").schools["n_after"][0] == 13


def test_two_ideas_at_once_are_read_on_the_same_points():
    # The school began one idea in week 10 and another in week 12; from week 10 on it is at 0.7.
    points = network(step(10), step(10))
    read = after_starts(points, days(10, 12))
    assert read[["n_before", "n_after"]].to_numpy().tolist() == [[10, 14], [12, 12]]
    assert read["before"].tolist() == pytest.approx([0.5, 0.52])  # ten of the twelve before the second lie low
    assert read["after"].tolist() == pytest.approx([0.7, 0.7])
    assert read["direction"].tolist() == ["up", "up"] and (read["chance"] > 0).all()


def test_schools_that_started_are_read_as_beside_those_that_did_not():
    ends = days(20, None, None)
    whole = aligned(network(step(10), step(14), FLAT), days(10, 14, None), "up", ends).schools
    alone = after_starts(network(step(10), step(14)), days(10, 14), ends[:2])
    same = ["n_before", "n_after", "before", "after", "difference", "state", "direction", "signal"]
    pd.testing.assert_frame_equal(alone[same], whole.loc[:1, same], check_dtype=False)


def test_lengths_must_fit():
    with pytest.raises(ValueError, match="1 starts and 2 ends for 2 series"):
        aligned(network(FLAT, FLAT), days(1), "up", days(1, 2))


def many(chance, n_schools, n_started, effect):
    """Schools with a drift and a season that all share; some start in different weeks, and then move by `effect`
    wobbles."""
    weeks = np.arange(40)
    shared = 0.1 * np.cumsum(chance.normal(0, 1, 40)) + np.sin(weeks / 6)
    starts = chance.choice(np.arange(12, 28), n_started)
    values = shared + chance.normal(0, 1, (n_schools, 40))
    for school, start in enumerate(starts):
        values[school, start:] += effect
    return network(*values), days(*starts.tolist(), *[None] * (n_schools - n_started))


def found_in(networks, effect, seed):
    chance = np.random.default_rng(seed)
    return np.mean([by_luck(*many(chance, 24, 8, effect), "up") < 0.05 for _ in range(networks)])


def test_a_drift_that_all_share_is_no_find_and_a_step_of_two_wobbles_is():
    assert found_in(20, 0.0, 5) <= 0.15
    assert found_in(20, 2.0, 6) >= 0.8


@pytest.mark.long
def test_idle_ideas_are_found_in_at_most_7_of_100_networks_and_true_ones_in_80():
    assert found_in(500, 0.0, 1) <= 0.07
    assert found_in(500, 2.0, 2) >= 0.80
