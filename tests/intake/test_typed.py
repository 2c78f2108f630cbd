"""What is typed is checked by the rules for files, and belongs to the school beside which it was typed."""

from datetime import date

import pandas as pd
import pytest

from lib.intake import Known, check
from lib.intake.typed import TypedRow, typed_workbook, with_schools
from lib.measures import Group, Measure, School

PERCENT = Measure(1, "Attendance", unit="percent")
SCHOOLS = [School(1, "Ash", "A1"), School(2, "Total"), School(3, "Network Academy", "N1", "North")]
KNOWN = Known(measures=(PERCENT,), today=date(2025, 12, 1))
MONDAY = date(2025, 9, 1)
ALL = Group()


def checked(measure, *texts, group=ALL, day=MONDAY):
    rows = [TypedRow(school, day, one) for school, one in zip(SCHOOLS, texts, strict=False)]
    return with_schools(check(*typed_workbook(measure, group, rows), KNOWN), rows)


def test_counts_of_every_school_are_kept_whatever_its_name():
    found = checked(PERCENT, ("18", "20"), ("15", "20"), ("9", "10")).observations
    assert found[["school_code", "school_name", "district"]].to_numpy().tolist() == [
        ["A1", "Ash", ""],
        ["", "Total", ""],
        ["N1", "Network Academy", "North"],
    ]
    assert found["value"].tolist() == [0.9, 0.75, 0.9]
    assert found["date"].unique().tolist() == [pd.Timestamp(MONDAY)]


@pytest.mark.parametrize(
    ("unit", "text", "value"),
    [
        ("percent", "93", 0.93),
        ("percent", "93.5 %", 0.935),
        ("percent", "18/20", 0.9),
        ("count", "7", 7),
        ("rate", "1.25", 1.25),
        ("number", "-3.5", -3.5),
        ("hours", "2.5", 2.5),
        ("minutes", "45", 45),
    ],
)
def test_each_unit_is_read_as_it_is_typed(unit, text, value):
    found = checked(Measure(1, "Some measure", unit=unit), (text,))
    assert found.observations["value"].tolist() == [pytest.approx(value)]
    assert found.measures[0].unit == unit


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (("abc", "20"), "“abc” is not a number"),
        (("21", "20"), "21 of 20 is more than 100 %"),
        (("3", "0"), "The denominator is 0"),
        (("3", ""), "no denominator"),
        (("-1", "20"), "-1 is less than 0"),
    ],
)
def test_the_rules_for_files_refuse_what_is_typed_wrong(texts, said):
    found = checked(PERCENT, texts, ("15", "20"))
    assert found.counts.kept == 1
    assert said in found.refused["reason"].iloc[0]
    assert found.refused["row"].tolist() == [2]


def test_a_future_day_and_more_than_100_percent_are_refused():
    assert "future" in checked(PERCENT, ("18", "20"), day=date(2026, 1, 5)).refused["reason"].iloc[0]
    assert "more than 100 %" in checked(PERCENT, ("105",)).refused["reason"].iloc[0]


def test_marks_are_suppressed_and_words_for_no_school_left_out():
    counts = checked(PERCENT, ("*",), ("snow day",), ("90",)).counts
    assert (counts.kept, counts.suppressed, counts.left_out, counts.refused) == (1, 1, 1, 0)


def test_a_zero_that_is_typed_is_a_zero():
    assert checked(PERCENT, ("0", "20"), ("0", "25"), ("0", "30")).counts.kept == 3
    assert checked(PERCENT, ("0",), ("90",), ("95",)).counts.kept == 3


def test_a_group_keeps_its_category():
    found = checked(PERCENT, ("18", "20"), group=Group(4, "Grade", "9")).observations
    assert found[["category", "group"]].to_numpy().tolist() == [["Grade", "9"]]
    found = checked(PERCENT, ("18", "20"), group=Group(5, "", "English learners")).observations
    assert found[["category", "group"]].to_numpy().tolist() == [["", "English learners"]]
