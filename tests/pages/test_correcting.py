"""What a person corrects in how a file is read, and what of it is kept."""

import os
import re
from datetime import date

import streamlit as st

from lib.store import Database
from tests.intake.making import xlsx_of
from tests.pages.conftest import XLSX

SURVEY = "\n".join(
    ["Timestamp,School,I belong here"]
    + [f"2025-09-0{1 + n % 5} 09:00:00,Birch High,{('Strongly agree', 'Agree', 'Disagree')[n % 3]}" for n in range(30)]
).encode()


def kept(*columns):
    """These columns of what the newest upload brought, by school and date."""
    database = Database(os.environ["STEPBACK_DATABASE"])
    rows = database.rows(
        f"""select {", ".join(columns)} from observation join school on school.id = school
            where upload = (select max(id) from upload) order by school.name, date"""
    )
    database.close()
    return rows


def boxes(person):
    kinds = ("selectbox", "multiselect", "text_input", "checkbox", "number_input", "date_input")
    return {box.label: box for kind in kinds for box in getattr(person.app, kind)}


def set_box(person, label, value):
    boxes(person)[label].set_value(value).run()
    assert not person.app.exception
    return person


def save(person):
    return person.press(next(one.label for one in person.app.button if one.label.startswith("Save ")))


def bring(person, name, *lines):
    return person.open("bring/spreadsheet").upload(name, "\n".join(lines).encode())


def test_a_plain_file_has_no_box_that_does_not_matter(person):
    bring(person, "visits.csv", "School,Date,Visits", "Ash Grove High,2025-09-01,3", "Ash Grove High,2025-09-08,4")
    always = {"Layout", "Header row", "Rows of headers", "Measure", "In the file as"}
    elsewhere = {
        "Name of the network",
        "Language of charts",
        "What is it? Like a file's name, it can name the measure.",
    }
    assert set(boxes(person)) - elsewhere == always


def test_the_answers_that_count_are_chosen_among_those_in_the_file(person):
    person.open("bring/spreadsheet").upload("survey.csv", SURVEY)
    assert boxes(person)["Favorable answers"].options == ["Agree", "Disagree", "Strongly agree"]
    set_box(person, "Favorable answers", ["Strongly agree"])
    set_box(person, "Answers are counted", "week")
    save(person)
    assert kept("date::text", "numerator", "denominator") == [("2025-09-01", 10, 30)]


def test_a_name_that_reads_like_a_total_can_be_a_school(person):
    bring(person, "visits.csv", "School,9/8/2025,9/15/2025", "Ash Grove High,3,4", "All schools,5,6")
    assert "2 kept + 0 suppressed + 0 refused + 2 left out" in person.text()
    set_box(person, "Totals, not schools", [])
    assert "4 kept + 0 suppressed + 0 refused + 0 left out" in person.text()
    set_box(person, "Totals, not schools", ["All schools"])
    assert "2 kept + 0 suppressed + 0 refused + 2 left out" in person.text()


def test_the_school_of_a_file_that_says_none_is_typed(person):
    bring(person, "weekly.csv", "Week of,Visits", "2025-09-08,3", "2025-09-15,4", "2025-09-22,7")
    assert any("No column says the school" in one.value for one in person.app.warning)
    set_box(person, "School", "Ash Grove High")
    assert not any("No column says the school" in one.value for one in person.app.warning)
    save(person)
    assert kept("school.name", "date::text", "observation.value")[0] == ("Ash Grove High", "2025-09-08", 3)


def test_a_blank_mark_is_the_other_one_where_a_person_says_so(person):
    marks = [f"1{n:04d},Birch High,{'P' if n % 3 else ''},{'P' if n % 2 else ''}" for n in range(12)]
    bring(person, "roster.csv", "Student ID,School,2025-09-01,2025-09-02", *marks)
    save(set_box(person, "A blank cell is", "counted"))
    assert kept("date::text", "numerator", "denominator") == [("2025-09-01", 8, 12), ("2025-09-02", 6, 12)]


def incidents(*counted):
    """Counts, students and the rate per 100 that a school's system prints beside them."""
    students = [40 + n for n in range(len(counted))]
    rows = [
        f"Birch High,2025-09-{n - 39:02},{one},{n},{100 * one / n:.1f}"
        for one, n in zip(counted, students, strict=True)
    ]
    return ["School,Date,Incidents,Students,Incident rate", *rows]


def test_what_is_mostly_more_than_all_is_a_rate_at_one_click(person):
    bring(person, "incidents.csv", *incidents(50, 61, 47, 55, 70, 64))
    assert "incidents.csv, cell E2: 50 of 40 is more than 100" in "".join(
        error.value for error in person.app.error
    ).replace("\\", "")
    save(person.press("“Incident rate” is a rate, not a percent"))
    assert kept("numerator", "denominator", "observation.value")[0] == (50, 40, 1.25)


def test_what_is_mostly_more_than_all_is_a_count_at_one_click(person):
    bring(person, "incidents.csv", *incidents(50, 61, 47, 55, 70, 30))
    save(person.press("“Incident rate” is a count, not a percent"))
    assert kept("numerator", "denominator", "observation.value")[0] == (None, None, 50)


def test_one_slip_over_100_is_refused_and_no_unit_is_offered(person):
    bring(person, "incidents.csv", *incidents(31, 22, 35, 26, 37, 49))
    assert "5 kept + 0 suppressed + 1 refused" in person.text()
    assert not any("not a percent" in button.label for button in person.app.button)


def test_a_year_that_is_typed_counts_more_than_the_title(person):
    lines = ["Visits held 2024-25,,", "School,9/8,9/15", "Ash Grove High,3,4", "Bayview High,5,6"]
    bring(person, "visits.csv", *lines)
    save(set_box(person, "School year starts in (autumn)", 2023))
    assert kept("date::text")[0] == ("2023-09-08",)


def test_only_the_sheets_that_a_person_chooses_are_read(person):
    weeks = ["School", "2025-09-08", "2025-09-15"]
    tabs = {
        "North": [weeks, ["Ash High", 3, 4], ["Elm High", 1, 2]],
        "South": [weeks, ["Bay High", 5, 6], ["Oak High", 7, 8]],
    }
    person.open("bring/spreadsheet").upload("visits.xlsx", xlsx_of(tabs), XLSX)
    assert "8 kept" in person.text()
    save(set_box(person, "Sheets", ["South"]))
    assert kept("school.name", "observation.value") == [
        ("Bay High", 5),
        ("Bay High", 6),
        ("Oak High", 7),
        ("Oak High", 8),
    ]


def test_below_another_header_row_the_rows_of_headers_are_counted_anew(person):
    lines = [",Ash High,Ash High,Bay High,Bay High", "Week,Present,Enrolled,Present,Enrolled"]
    bring(person, "weekly.csv", *lines, *(f"2025-09-{day:02},80,100,70,100" for day in (1, 8, 15)))
    assert (boxes(person)["Header row"].value, boxes(person)["Rows of headers"].value) == (1, 2)
    set_box(person, "Header row", 2)
    assert (boxes(person)["Header row"].value, boxes(person)["Rows of headers"].value) == (2, 1)


def test_a_day_that_is_typed_counts_more_than_the_title(person):
    bring(person, "attendance 2024-25.csv", "School,Attendance", "Ash Grove High,91%", "Bayview High,92%")
    save(set_box(person, "All values are of", date(2025, 3, 10)))
    assert kept("date::text") == [("2025-03-10",)] * 2


def test_the_year_of_the_title_is_taken_back_by_its_tick(person):
    bring(person, "visits.csv", "Visits held 2024-25,,", "School,9/8,9/15", "Ash Grove High,3,4", "Bayview High,5,6")
    set_box(person, "School year starts in (autumn)", 2023)
    assert not boxes(person)["Each file’s title says its school year"].value
    set_box(person, "Each file’s title says its school year", True)
    assert boxes(person)["School year starts in (autumn)"].value == 2024


def edit_column(monkeypatch, header, **cells):
    """A person who writes this into the row of a column, in the table of columns."""

    def edited(frame, **_):
        return frame.assign(**{name: frame[name].mask(frame["Header"] == header, text) for name, text in cells.items()})

    monkeypatch.setattr(st, "data_editor", edited)


def test_a_column_is_what_a_person_says(person, monkeypatch):
    edit_column(monkeypatch, "Calls", Is="not used")
    bring(person, "visits.csv", "School,Date,Visits,Calls", "Ash High,2025-09-01,3,30", "Ash High,2025-09-08,4,40")
    save(person)
    assert kept("date::text", "observation.value") == [("2025-09-01", 3), ("2025-09-08", 4)]


def test_a_column_is_of_the_period_that_a_person_says(person, monkeypatch):
    edit_column(monkeypatch, "9/15/2025", Period="9/22/2025")
    save(bring(person, "visits.csv", "School,9/8/2025,9/15/2025", "Ash High,3,4", "Bay High,5,6"))
    assert kept("date::text", "observation.value")[:2] == [("2025-09-08", 3), ("2025-09-22", 4)]


def test_a_file_in_which_no_table_is_found_is_read_in_the_layout_that_is_chosen(person):
    bring(person, "exit ticket.csv", "School,Date,Lesson", *["Birch High,2025-09-01,Got it"] * 9)
    assert boxes(person)["Layout"].value is None
    set_box(person, "Layout", "one row per answer")
    assert boxes(person)["Layout"].value == "one row per answer"
    assert any("Choose the column of the values" in one.value for one in person.app.warning)


def asked(person):
    return [
        re.split(r"\W", one.value)[0] for one in person.app.warning if not one.value.startswith("This is the sample")
    ]


def test_of_two_questions_about_dates_each_goes_when_it_is_answered(person):
    bring(person, "visits.csv", "School,9/5,10/6,11/7", "Ash Grove High,3,4,5", "Bayview High,2,3,4")
    assert asked(person) == ["Dates", "Dates"]
    set_box(person, "School year starts in (autumn)", 2024)
    assert asked(person) == ["Dates"]
    set_box(person, "Dates like 9/12", "day first")
    assert asked(person) == []


def test_what_is_taken_for_now_is_right_with_one_click(person):
    bring(person, "visits.csv", "School,9/5,10/6,11/7", "Ash Grove High,3,4,5", "Bayview High,2,3,4")
    person.press("That is right").press("That is right")
    assert asked(person) == []
    save(person)
    assert {day[5:] for (day,) in kept("date::text")} == {"09-05", "10-06", "11-07"}


def test_where_week_1_of_a_month_begins_is_asked_once(person):
    bring(person, "visits 2025-26.csv", "School,Sep W1,Sep W2,Oct W1,Oct W2", "Ash Grove High,3,4,5,6")
    assert asked(person) == ["Weeks"]
    set_box(person, "Week 1 of a month begins", "first day")
    assert asked(person) == []
    save(person)
    assert [day for (day,) in kept("date::text")] == ["2025-09-01", "2025-09-08", "2025-09-29", "2025-10-06"]


def test_a_date_in_the_first_of_its_rows_is_taken_for_all_with_one_click(person):
    rows = ["2025-09-08,Ash Grove High,3", ",Bayview High,4", "2025-09-15,Ash Grove High,5", ",Bayview High,6"]
    bring(person, "visits.csv", "Week of,School,Visits", *rows)
    person.press("A blank date cell means the date above it")
    assert "4 kept + 0 suppressed + 0 refused + 0 left out" in person.text()


def test_grades_across_come_in_as_student_groups(person):
    bring(person, "Attendance rate.csv", "School,Week of,Grade 9,Grade 10", "Ash Grove High,2025-09-08,91.5,88.5")
    assert asked(person) == []
    save(person)
    database = Database(os.environ["STEPBACK_DATABASE"])
    groups = database.rows("select category, name from student_group where category = 'Grade' order by name")
    database.close()
    assert groups == [("Grade", "Grade 10"), ("Grade", "Grade 9")]
