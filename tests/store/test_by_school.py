"""A school's points are the same whatever the order of the rows, and those that a plain reading of the rows gives."""

from collections import defaultdict
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from lib.store import by_school

MONDAY = date(2025, 9, 1)
NONE = float("nan")

rows = st.lists(
    st.tuples(
        st.integers(1, 2),
        st.integers(1, 3),
        st.integers(0, 1),
        st.integers(0, 30),
        st.one_of(st.none(), st.tuples(st.integers(0, 5), st.integers(0, 5))),
        st.integers(1, 9).map(float),
    ),
    max_size=40,
    unique_by=lambda row: row[:4],
)


def table(found):
    dates = [MONDAY + timedelta(days=day) for *_, day, _, _ in found]
    return pa.table(
        {
            "measure": pa.array([row[0] for row in found], pa.int32()),
            "school": pa.array([row[1] for row in found], pa.int32()),
            "student_group": pa.array([row[2] for row in found], pa.int32()),
            "date": pa.array(dates, pa.date32()),
            "numerator": pa.array([row[4] and float(row[4][0]) for row in found], pa.float64()),
            "denominator": pa.array([row[4] and float(row[4][1]) for row in found], pa.float64()),
            "value": pa.array([row[5] for row in found], pa.float64()),
            "period": pa.array([day - timedelta(days=day.weekday()) for day in dates], pa.date32()),
        }
    )


def plainly(found, newest):
    """Row by row: {(measure, school, group, period): (value, rows)}, and every period of each measure."""
    held, periods = defaultdict(list), defaultdict(set)
    for measure, school, group, day, counts, value in sorted(found, key=lambda row: row[3]):
        held[measure, school, group, day // 7].append((counts, value))
        periods[measure].add(day // 7)
    values = {}
    for place, cells in held.items():
        kept = cells[-1:] if place[0] in newest else cells
        if all(counts for counts, _ in kept):
            numerator, denominator = (sum(counts[i] for counts, _ in kept) for i in (0, 1))
            values[place] = (numerator / denominator if denominator else None, len(cells))
        else:
            values[place] = (sum(value for _, value in kept) / len(kept), len(cells))
    return values, periods


@given(rows, st.sampled_from([[], [1]]))
def test_points_are_those_of_a_plain_reading(found, newest):
    points = by_school.points(table(found), None, newest)
    values, periods = plainly(found, newest)
    expected = []
    for series in sorted({place[:3] for place in values}):
        own = [place[3] for place in values if place[:3] == series]
        for period in sorted(one for one in periods[series[0]] if min(own) <= one <= max(own)):
            expected.append((*series, period, *values.get((*series, period), (None, 0))))
    weeks = (points["date"].to_numpy().astype("datetime64[D]") - np.datetime64(MONDAY)).astype(int) // 7
    shown = zip(
        *(points[name].tolist() for name in ("measure", "school", "student_group")),
        weeks.tolist(),
        [None if np.isnan(value) else value for value in points["value"]],
        points["n_values"].tolist(),
        strict=True,
    )
    assert [tuple(map(_rounded, row)) for row in shown] == [tuple(map(_rounded, row)) for row in expected]


def _rounded(number):
    return number if number is None else round(number, 9)


def test_periods_of_the_network_leave_gaps_and_nothing_before_the_first_or_after_the_last():
    found = table([(1, 1, 0, 7, None, 0.5), (1, 1, 0, 21, None, 0.7)])
    weeks = [MONDAY + timedelta(weeks=week) for week in range(6)]
    periods = pa.table({"measure": pa.array([1] * 6, pa.int32()), "period": pa.array(weeks, pa.date32())})
    points = by_school.points(found, periods, [])
    assert points["date"].dt.date.tolist() == weeks[1:4]
    assert points["n_values"].tolist() == [1, 0, 1]
