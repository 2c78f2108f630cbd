"""The tables of definitions say what is stored, and what a person writes in them."""

from datetime import date

import pandas as pd

from lib.measures import Measure, School
from lib.screen.bring.definition_rows import measure_table, measures_in, school_table, schools_in
from lib.store.edits import MeasureRow, SchoolRow

ATTENDANCE = Measure(
    *(3, "Attendance", "Is it better?", "outcome", "percent", "up", 0.93),
    goal_by=date(2026, 6, 1),
    cadence="week",
    seasonal=True,
    numerator_words="present",
)
HOURS = Measure(4, "Homework hours", unit="hours", wanted="in range", goal_low=1.5, goal_high=3.0, draft=True)
MEASURES = [MeasureRow(ATTENDANCE, ("Attn", "ADA"), 250, "Row 1"), MeasureRow(HOURS, where="Row 2")]
SCHOOLS = [
    SchoolRow(School(1, "Ash", "A1", "Lake", ("city", "big")), ("Ash HS",), ("001",), 7, date(2026, 3, 9), "Row 1"),
    SchoolRow(School(2, "Bay", retired=True), where="Row 2"),
]


def test_what_is_shown_and_not_touched_comes_back_as_it_was():
    assert measures_in(measure_table(MEASURES)) == MEASURES
    assert schools_in(school_table(SCHOOLS)) == SCHOOLS
    assert measures_in(measure_table([])) == []
    assert schools_in(school_table([])) == []


def test_a_goal_in_percent_is_a_number_up_to_100_on_the_page():
    table = measure_table(MEASURES)
    assert table["goal"].tolist()[0] == 93.0
    assert table["goal_high"].tolist()[1] == 3.0
    table.loc[0, "goal"] = 97.5
    assert measures_in(table)[0].measure.goal == 0.975


def test_an_added_line_is_new_and_an_empty_one_is_passed_over():
    table = measure_table(MEASURES)
    added = pd.DataFrame([{"name": "  New   one ", "unit": "count", "cadence": "week"}, {"name": None}])
    both = pd.concat([table, added], ignore_index=True)
    rows = measures_in(both)
    assert [(row.where, row.measure.id, row.measure.name) for row in rows[2:]] == [("Row 3", 0, "New one")]
    assert rows[2].measure.family == ""
    schools = pd.concat([school_table(SCHOOLS), pd.DataFrame([{"name": "Cedar", "tags": ["big", " big "]}])])
    assert schools_in(schools)[2].school == School(0, "Cedar", tags=("big",))
