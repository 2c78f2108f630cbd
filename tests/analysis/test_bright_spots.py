"""A change has held where the newest eight points that count are on one side of a chart with a lasting change."""

import numpy as np
import pandas as pd
import pytest

from lib.analysis import run_charts
from lib.analysis.bright_spots import held, held_since

MONDAY = np.datetime64("2025-09-01")
LOW, HIGH = [1.0, 2, 1, 2, 1, 2, 1, 2, 1, 2], [8.0, 9, 8, 9, 8, 9, 8, 9]


def read(*series):
    parts = [
        pd.DataFrame(
            {"series": n, "value": values, "date": (MONDAY + 7 * np.arange(len(values))).astype("datetime64[s]")}
        )
        for n, values in enumerate(series)
    ]
    points = pd.concat(parts, ignore_index=True)
    return run_charts(points.assign(baseline=points.groupby("series").cumcount() < 10))


@pytest.mark.parametrize(
    ("after", "is_held"),
    [
        (HIGH, True),
        (HIGH[:7], False),
        ([*HIGH, 1.0], False),  # the newest point is on the other side: it has not held
        ([*HIGH[:4], np.nan, *HIGH[4:]], True),  # a gap neither adds nor breaks
        ([*HIGH[:4], 1.5, *HIGH[4:]], True),  # a point on the middle line, too
    ],
)
def test_eight_points_that_count_on_one_side(after, is_held):
    assert held(read([*LOW, *after]).phases).tolist() == [is_held]


def test_it_has_held_since_the_first_point_of_the_newest_run():
    result = read([*LOW, *HIGH], [*LOW, 9, 8, 1, *HIGH[:3], np.nan, 1.5, *HIGH[3:]])
    since = held_since(result.points.assign(date=_dates(result.points)), result.phases)
    assert since.tolist() == [pd.Timestamp(MONDAY + 7 * week) for week in (10, 13)]


def _dates(points):
    weeks = points.groupby("series").cumcount().to_numpy()
    return (MONDAY + 7 * weeks).astype("datetime64[s]")
