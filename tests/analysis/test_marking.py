"""Marks and school years as columns: all series at once equal a slow walk over each."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.analysis import run_charts
from lib.analysis.marking import by_school_year, school_years, with_marks
from tests.analysis.made import together
from tests.analysis.test_reading import LOADED

MONDAY = date(2023, 8, 7)


def weeks(n: int, first: date = MONDAY, values: list[float] | None = None) -> pd.DataFrame:
    days = pd.to_datetime([first + timedelta(weeks=week) for week in range(n)])
    return pd.DataFrame({"series": 0, "date": days, "value": values or np.arange(n) % 7.0})


def marks(*rows: tuple[int, str, date, date | None]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["series", "kind", "first", "last"])
    return frame.assign(first=pd.to_datetime(frame["first"]), last=pd.to_datetime(frame["last"]))


def by_years(points: pd.DataFrame, new_line: bool = False, applies: bool = True, **given: object) -> pd.DataFrame:
    marked = with_marks(points, given.get("marks", marks()))
    rows = np.ones(len(points), dtype=bool)
    return by_school_year(marked, school_years(points["date"], 8, rows), rows & new_line, rows & applies)


def day(week: int) -> date:
    return MONDAY + timedelta(weeks=week)


MARKS = st.lists(
    st.tuples(
        st.integers(0, 2), st.sampled_from(["phase", "freeze", "leave out"]), st.integers(-9, 310), st.integers(0, 90)
    ),
    max_size=12,
)


@settings(LOADED, max_examples=100)
@given(st.lists(st.integers(1, 40), min_size=3, max_size=3), MARKS)
def test_all_series_at_once_equal_a_slow_walk(lengths: list[int], drawn: list[tuple[int, str, int, int]]) -> None:
    points = together([weeks(n) for n in lengths])
    rows = [
        (series, kind, MONDAY + timedelta(days=at), MONDAY + timedelta(days=at + more) if kind == "freeze" else None)
        for series, kind, at, more in drawn
    ]
    found = with_marks(points, marks(*rows))
    phase, earlier = 0, None
    for row, (series, when) in enumerate(zip(points["series"], points["date"].dt.date, strict=True)):
        mine = [mark for mark in rows if mark[0] == series]
        before = points["date"].dt.date[row - 1] if row and earlier == series else date.min
        phase += any(kind == "phase" and before < first <= when for _, kind, first, _ in mine)
        assert found["phase"][row] == phase
        assert found["excluded"][row] == any(kind == "leave out" and first == when for _, kind, first, _ in mine)
        assert found["baseline"][row] == any(
            kind == "freeze" and first <= when <= last for _, kind, first, last in mine if last
        )
        earlier = series


def test_what_is_excluded_already_stays_so() -> None:
    points = weeks(3).assign(excluded=[False, False, True])
    assert with_marks(points, marks((0, "leave out", day(0), None)))["excluded"].tolist() == [True, False, True]


def test_one_school_year_keeps_its_own_median() -> None:
    found = by_years(weeks(40))
    assert not found["baseline"].any()
    assert found["phase"].nunique() == 1


def test_a_new_school_year_is_read_against_the_median_of_last_year() -> None:
    values = [1.0, 3.0] * 20 + [9.0] * 12 + [9.0] * 8
    found = by_years(weeks(60, values=values))
    last_year = found["date"] < "2024-07-26"
    assert found["baseline"].tolist() == last_year.tolist()
    phases = run_charts(found).phases
    assert phases["median"].tolist() == [found["value"][last_year].median()]
    assert phases["n_after"].tolist() == [(~last_year).sum()]


def test_earlier_years_keep_lines_of_their_own() -> None:
    found = by_years(weeks(130))
    years = school_years(found["date"], 8, np.ones(130, dtype=bool))
    assert run_charts(found).phases["first"].tolist() == [0, int(np.argmax(years == 2024))]
    assert found["date"][found["baseline"]].dt.date.agg(["min", "max"]).tolist() == [day(51), day(102)]


@pytest.mark.parametrize(("n_last_year", "read"), [(7, False), (8, True)])
def test_a_last_year_of_few_points_freezes_nothing(n_last_year: int, read: bool) -> None:
    first = date(2024, 7, 22) - timedelta(weeks=n_last_year - 1)
    assert by_years(weeks(30, first))["baseline"].sum() == (n_last_year if read else 0)


def test_left_out_points_do_not_make_up_the_eight() -> None:
    first = date(2024, 7, 22) - timedelta(weeks=7)
    assert not by_years(weeks(30, first), marks=marks((0, "leave out", first, None)))["by_year"].any()


def test_a_measure_with_a_new_line_each_year_has_a_phase_each_year() -> None:
    found = by_years(weeks(130), new_line=True)
    assert not found["baseline"].any()
    assert len(run_charts(found).phases) == 3


def test_a_frozen_stretch_of_a_person_stays_over_the_years() -> None:
    found = by_years(weeks(130), marks=marks((0, "freeze", day(3), day(14))))
    assert np.flatnonzero(found["baseline"]).tolist() == list(range(3, 15))
    assert found["phase"].nunique() == 1


def test_a_phase_begun_this_year_has_its_own_median() -> None:
    found = by_years(weeks(80), marks=marks((0, "phase", day(60), None)))
    phases = run_charts(found).phases
    assert phases["first"].tolist()[-1] == 60
    assert phases["baseline_last"].tolist()[-1] == -1


def test_where_years_do_not_apply_nothing_changes() -> None:
    points = weeks(130)
    found = by_years(points, applies=False)
    assert not found["baseline"].any()
    assert found["phase"].nunique() == 1


def test_no_points_at_all() -> None:
    assert by_years(weeks(0)).empty


def test_series_do_not_leak_into_each_other() -> None:
    points = together([weeks(80), weeks(80), weeks(20)])
    marked = marks((1, "phase", day(0), None), (1, "freeze", day(0), day(900)), (2, "leave out", day(79), None))
    found = by_years(points, marks=marked)
    assert found.groupby("series")["baseline"].sum().tolist() == [51, 80, 0]
    assert not found["excluded"].any()


def test_a_last_year_that_its_median_cannot_split_freezes_nothing() -> None:
    """Nearly all at the ceiling: both years together can't be split, and that is what must be said."""
    values = [1.0] * 45 + [0.9] * 5 + [1.0] * 30
    found = by_years(weeks(80, values=values))
    assert not found["baseline"].any()
    assert run_charts(found).phases["state"].tolist() == ["can't be split"]
