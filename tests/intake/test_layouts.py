"""Spreadsheets in the shapes teams keep, read without a question where nothing is in doubt."""

from datetime import date, datetime

import pandas as pd
import pytest

from lib.intake import Known, check, read, with_header_row, with_layout, with_role
from lib.measures import Measure
from lib.problems import CannotContinue
from tests.intake.making import KNOWN, TODAY, checked, csv_of, proposed, read_here, xlsx_of


def days(checked_file: object) -> list[str]:
    return sorted({str(day.date()) for day in checked_file.observations["date"]})  # type: ignore[attr-defined]


def roles(recipe: object) -> dict[str, str]:
    return {column.header: column.role for column in recipe.columns if column.role != "not used"}  # type: ignore[attr-defined]


TIDY = [["School ID", "School", "Week of", "Present", "Enrolled"]] + [
    [f"{code:03d}", name, f"2025-09-{day:02d}", 80 + code, 100 + day]
    for code, name in ((1, "Lincoln High"), (2, "Douglass High"))
    for day in (1, 8, 15)
]


def test_tidy_with_numerator_and_denominator() -> None:
    recipe, file = checked(csv_of(TIDY), "attendance.csv")
    assert recipe.layout == "tidy"
    assert roles(recipe) == {
        "School ID": "school id",
        "School": "school name",
        "Week of": "date",
        "Present": "numerator",
        "Enrolled": "denominator",
    }
    assert file.counts.kept == 6
    assert file.measures[0].unit == "percent"
    assert file.measures[0].cadence == "week"
    assert file.observations["value"].tolist()[0] == pytest.approx(81 / 101)


def test_the_date_of_the_observation_wins_over_the_date_of_the_file() -> None:
    rows = [["File date", "School", "Attendance date", "Attendance %"]] + [
        ["20250930", name, f"202509{day:02d}", 90 + day / 10]
        for name in ("Lincoln High", "Douglass High")
        for day in range(1, 6)
    ]
    recipe, file = checked(csv_of(rows))
    assert roles(recipe)["Attendance date"] == "date"
    assert "File date" not in roles(recipe)
    assert days(file)[0] == "2025-09-01"


def test_schools_down_and_weeks_across_with_titles_notes_and_total() -> None:
    rows = [
        ["Attendance 2025-26"],
        [],
        ["School", "9/5", "9/12", "9/19"],
        ["Lincoln High", 0.9, 0.91, "snow"],
        ["Douglass High", 0.8, None, 0.85],
        ["Average", 0.85, 0.91, 0.85],
        [],
        ["* snow day"],
    ]
    recipe, file = checked(xlsx_of({"Sheet1": rows}), "weekly.xlsx")
    assert (recipe.layout, recipe.header_row, recipe.dates.school_year) == ("periods across", 3, 2025)
    assert days(file) == ["2025-09-05", "2025-09-12", "2025-09-19"]
    counts = file.counts
    assert (counts.values, counts.kept, counts.left_out, counts.blank) == (8, 4, 4, 1)
    assert file.left_out_rows["row"].tolist() == [6, 8]
    assert file.left_out_cells["cell"].tolist() == ["D4"]
    assert set(file.observations["school_name"]) == {"Lincoln High", "Douglass High"}
    assert file.measures[0].name == "Attendance"


def two_header_rows(merge: bool) -> bytes:
    rows = [
        ["Weekly attendance"],
        ["", "2025-09-01", "", "2025-09-08", ""],
        ["School", "Present", "Enrolled", "Present", "Enrolled"],
        ["Lincoln High", 90, 100, 91, 100],
        ["Douglass High", 70, 80, 71, 80],
        ["Total", 160, 180, 162, 180],
    ]
    return xlsx_of({"Weeks": rows}, {"Weeks": ["B2:C2", "D2:E2"]} if merge else {})


@pytest.mark.parametrize("merge", [True, False])
def test_two_header_rows_week_over_numerator_and_denominator(merge: bool) -> None:
    recipe, file = checked(two_header_rows(merge), "weekly.xlsx")
    assert (recipe.header_row, recipe.header_rows) == (2, 2)
    assert file.counts.kept == 4
    assert file.counts.left_out == 2
    assert file.observations["numerator"].sum() == 322
    assert file.observations["denominator"].sum() == 360
    assert file.observations["col"].tolist() == [2, 2, 4, 4]


def test_two_header_rows_measure_over_weeks() -> None:
    rows = [
        ["", "Attendance %", "", "D/F rate %", ""],
        ["School", "2025-09-01", "2025-09-08", "2025-09-01", "2025-09-08"],
        ["Lincoln High", 90.5, 91, 12, 13.5],
        ["Douglass High", 80, 82.5, 22.5, 21],
    ]
    _recipe, file = checked(xlsx_of({"Weeks": rows}, {"Weeks": ["B1:C1", "D1:E1"]}), "weekly.xlsx")
    assert [one.name for one in file.measures] == ["Attendance", "D/F rate"]
    assert [one.wanted for one in file.measures] == ["up", "down"]
    assert set(file.units.values()) == {"percent"}
    assert file.counts.kept == 8
    assert days(file) == ["2025-09-01", "2025-09-08"]


def tabs() -> dict[str, list[list[object]]]:
    def grid(school: str, shift: int) -> list[list[object]]:
        rows = [
            [day, 90 + shift, 100 + shift]
            for day in (datetime(2025, 9, 1), datetime(2025, 9, 8), datetime(2025, 9, 15))
        ]
        return [[school], ["Week of", "On track", "Ninth graders"], *rows]

    return {
        "Instructions": [["Fill in one tab for each school."]],
        "Lincoln High": grid("Lincoln High", 1),
        "Douglass High": grid("Douglass High", 2),
        "Summary": [["School", "On track"], ["Lincoln High", 3], ["Douglass High", 4]],
    }


def test_one_tab_per_school_dates_down() -> None:
    recipe, file = checked(xlsx_of(tabs()), "on_track.xlsx")
    assert recipe.layout == "one tab per school"
    assert set(file.observations["school"]) == {"Lincoln High", "Douglass High"}
    assert file.counts.kept == 6
    assert {one.sheet for one in file.left_out_sheets} == {"Instructions", "Summary"}
    assert file.measures[0].name not in ("Lincoln High", "Douglass High")


def test_one_tab_per_school_measures_down_and_weeks_across() -> None:
    def grid(shift: int) -> list[list[object]]:
        return [
            ["", "2025-09-01", "2025-09-08", "2025-09-15"],
            ["Attendance %", 90 + shift, 91 + shift, 92.5],
            ["Advisory meetings held", 4, 5 + shift, 3],
        ]

    recipe, file = checked(xlsx_of({"Lincoln High": grid(1), "Douglass High": grid(2)}), "measures.xlsx")
    assert recipe.layout == "one tab per school"
    assert file.counts.kept == 12
    assert file.units == {"Attendance %": "percent", "Advisory meetings held": "count"}


def test_hidden_sheets_are_left_out_and_said() -> None:
    weeks = [["School", "2025-09-01", "2025-09-08"], ["Lincoln High", 0.9, 0.8], ["Douglass High", 0.7, 0.75]]
    _, file = checked(xlsx_of({"Attendance": weeks, "Old": weeks}, hidden=["Old"]), "a.xlsx")
    assert file.counts.kept == 4
    assert [(one.sheet, one.reason) for one in file.left_out_sheets] == [("Old", "a hidden sheet")]


def test_school_years_months_and_years_as_columns() -> None:
    for headers, first in (
        (["2018-19", "2019-20", "2020-21"], "2018-08-01"),
        (["Sep 2025", "Oct 2025", "Nov 2025"], "2025-09-01"),
        (["Jun-22", "Jul-22", "Aug-22"], "2022-06-01"),
        (["2017", "2018", "2019"], "2017-01-01"),
        (["Week of 9/1/2025", "Week of 9/8/2025", "Week of 9/15/2025"], "2025-09-01"),
    ):
        rows = [["School", *headers], ["Lincoln High", 0.9, 0.91, 0.92], ["Douglass High", 0.8, 0.81, 0.82]]
        _, file = checked(csv_of(rows), "attendance.csv")
        assert days(file)[0] == first, headers
        assert file.counts.kept == 6


def test_school_year_start_moves_school_years() -> None:
    rows = [["School", "2018-19", "2019-20"], ["Lincoln High", 0.9, 0.91]]
    _, file = checked(csv_of(rows), "attendance.csv", Known(today=TODAY, school_year_start=9))
    assert days(file)[0] == "2018-09-01"


def test_numbered_weeks_need_the_first_week() -> None:
    rows = [["School", "Wk 1", "Wk 2", "Wk 3"], ["Lincoln High", 0.9, 0.91, 0.92], ["Douglass High", 0.8, 0.81, 0.82]]
    _, proposal = proposed(csv_of(rows), "attendance.csv")
    assert not proposal.certain
    assert "Monday of week 1" in str(proposal.questions[0])
    _, file = checked(csv_of(rows), "attendance.csv", Known(today=TODAY, first_week=date(2025, 9, 1)))
    assert days(file) == ["2025-09-01", "2025-09-08", "2025-09-15"]


def test_day_or_month_first_is_decided_by_evidence_or_asked() -> None:
    def weekly(texts: list[str]) -> bytes:
        return csv_of([["School", "Date", "Attendance rate"]] + [["Lincoln High", text, 0.9] for text in texts])

    _, file = checked(weekly(["9/1/2025", "9/8/2025", "9/29/2025"]))
    assert days(file)[0] == "2025-09-01"
    _, file = checked(weekly(["1/9/2025", "8/9/2025", "29/9/2025"]))
    assert days(file)[0] == "2025-09-01"
    _, proposal = proposed(weekly(["1/2/2025", "3/4/2025"]))
    assert "day or the month first" in str(proposal.questions[0])


def test_a_file_of_one_period_takes_it_from_its_title() -> None:
    rows = [
        ["2016-17 chronic absence by school"],
        ["School", "Absent", "Enrolled"],
        ["Lincoln High", 12, 100],
        ["Douglass High", 9, 80],
    ]
    recipe, file = checked(csv_of(rows), "absence.csv")
    assert recipe.dates.fixed == date(2016, 8, 1)
    assert file.counts.kept == 2


@pytest.mark.parametrize(
    ("title", "day"), [("Counts (as of October 15, 2019)", date(2019, 10, 15)), ("Spring 2025 tests", date(2025, 1, 1))]
)
def test_a_day_or_term_in_a_title_is_proposed_and_asked(title: str, day: date) -> None:
    rows = [[title], ["School", "Students tested"], ["Lincoln High", 40], ["Douglass High", 35]]
    _, proposal = proposed(csv_of(rows), "counts.csv")
    assert proposal.recipe is not None and proposal.recipe.dates.fixed == day
    assert [question.where for question in proposal.questions] == ["Dates"]


def test_a_rate_is_recognized_by_its_counts() -> None:
    counts = [(12, 100), (9, 80), (33, 120), (5, 61), (17, 90), (8, 77)]
    rows = [["School", "School year", "Students flagged", "Fall membership", "Share flagged", "Buses"]] + [
        [f"School {place}", "2024-25", one, of, round(one / of, 4), place] for place, (one, of) in enumerate(counts)
    ]
    recipe, file = checked(csv_of(rows), "flags.csv")
    assert roles(recipe)["Students flagged"] == "numerator"
    assert roles(recipe)["Fall membership"] == "denominator"
    assert roles(recipe)["Share flagged"] == "value"
    assert "Buses" not in roles(recipe)
    assert file.counts.values == 6


def test_a_category_column_beside_its_group_column() -> None:
    rows = [["School ID", "School", "Group", "Grade", "2023", "2024"]]
    for code in ("101", "102"):
        rows += [
            [code, f"School {code}", "All (Excludes Pre-K)", "", "90.1", "91"],
            [code, f"School {code}", "Grade", "9", "88", "89.5"],
        ]
    _, file = checked(csv_of(rows), "attendance.csv")
    found = file.observations[["category", "group"]].drop_duplicates().to_numpy().tolist()
    assert found == [["", ""], ["Grade", "9"]]


def test_one_group_column_with_all_students_in_it_has_no_totals() -> None:
    rows = [["School", "Date", "Grade", "Attendance rate"]] + [
        ["Lincoln High", f"2025-09-0{day}", grade, 0.9] for day in (1, 8) for grade in ("9", "10", "All", "Total")[:3]
    ]
    _, file = checked(csv_of(rows))
    assert file.counts.kept == 6
    assert set(zip(file.observations["category"], file.observations["group"], strict=True)) == {
        ("", ""),
        ("Grade", "9"),
        ("Grade", "10"),
    }


def test_a_column_that_tells_rows_apart_becomes_a_group() -> None:
    rows = [["Location", "Score", "TimeFrame", "Data"]] + [
        [f"{place} School District", subject, year, 0.5]
        for place in ("Adams", "Boulder", "Cortez")
        for subject in ("Math", "Reading")
        for year in (2013, 2014)
    ]
    recipe, file = checked(csv_of(rows), "scores.csv")
    assert roles(recipe)["Score"] == "group"
    assert file.counts.kept == 12


@pytest.mark.parametrize(
    "total",
    [
        "TOTAL",
        "STATE TOTALS",
        "Grand Total",
        "Average",
        "All schools",
        "CITYWIDE TOTAL FOR TODAY",
        "Network",
        "District average",
        "State Average 2024",
        "Gwinnett County total",
        "Average of 12 schools",
        "Total Elementary",
        "Statewide",
        "Total general",
        "Promedio del distrito",
        "Total de escuelas",
        "Campus average",
        "Total all schools",
        "Avg.",
    ],
)
def test_total_rows_never_become_schools(total: str) -> None:
    rows = [["School", "2023", "2024"], ["Lincoln High", 3, 4], ["Douglass High", 5, 6], [total, 8, 10]]
    _, file = checked(csv_of(rows), "incidents.csv")
    assert set(file.schools["school"]) == {"Lincoln High", "Douglass High"}
    assert file.counts.left_out == 2
    assert total in file.left_out_rows["reason"][0]


LIKE_TOTALS = ["Total Prep", "Average Street", "All Saints", "District 9 High", "Citywide Academy", "Lincoln total"]


def counts_at(*names: str, codes: bool = False) -> bytes:
    rows = [["School ID", "School", "2023", "2024"][not codes :]]
    rows += [[f"05M{place:03d}", name, "3", "4"][not codes :] for place, name in enumerate(names, 1)]
    return csv_of(rows)


@pytest.mark.parametrize("name", [*LIKE_TOTALS, "Network"])
def test_a_known_school_is_a_school_whatever_it_is_called(name: str) -> None:
    schools = pd.DataFrame({"id": [1, 2], "code": ["", ""], "name": [name, "Hope"], "aliases": [[], ["Grand Total"]]})
    _, file = checked(counts_at("Lincoln High", name, "Grand Total"), "incidents.csv", Known(schools, today=TODAY))
    assert set(file.schools["school"]) == {"Lincoln High", name, "Grand Total"}
    assert file.counts.kept == 6


@pytest.mark.parametrize("name", LIKE_TOTALS)
def test_a_school_with_a_code_like_the_others_is_a_school(name: str) -> None:
    _, file = checked(counts_at("Lincoln High", name, codes=True), "incidents.csv")
    assert set(file.schools["school_name"]) == {"Lincoln High", name}
    assert file.counts.kept == 4


@pytest.mark.parametrize("name", LIKE_TOTALS)
def test_an_unknown_name_with_a_word_of_a_total_in_it_is_kept_and_asked_about(name: str) -> None:
    workbook, proposal = proposed(counts_at("Lincoln High", "Douglass High", name), "incidents.csv")
    in_doubt = name not in ("All Saints", "District 9 High")
    asked = [f"These may be schools or totals: “{name}”."] * in_doubt
    assert [question.what for question in proposal.questions] == asked
    assert check(workbook, proposal.recipe, KNOWN).counts.kept == 6


@pytest.mark.parametrize("code", ["TOTAL", "0000", "999999"])
def test_a_code_of_zeros_nines_or_another_shape_makes_no_school(code: str) -> None:
    rows = [["School ID", "School", "2023", "2024"], ["0012", "Lincoln High", 3, 4], ["0013", "Hope High", 5, 6]]
    _, proposal = proposed(csv_of([*rows, [code, "Lincoln total", 8, 10]]), "incidents.csv")
    assert [question.what for question in proposal.questions] == ["These may be schools or totals: “Lincoln total”."]


def test_a_known_school_without_its_code_or_called_as_a_state_is_a_school() -> None:
    schools = pd.DataFrame({"id": [1, 2], "code": ["", ""], "name": ["Upper Valley", "Washington"]})
    rows = [["school_code", "school_name", "2023", "2024"]] + [
        [1000 + place, f"District {place}", 90.5, 91] for place in range(200)
    ]
    rows += [["", "Upper Valley", 90.5, 91], ["", "Washington", 90.5, 91]]
    _, file = checked(csv_of(rows), "attendance.csv", Known(schools, today=TODAY))
    assert len(file.schools) == 202


def test_a_tab_called_after_an_average_of_something_is_a_measure_and_a_tab_of_totals_is_left_out() -> None:
    grid = [["School", "2025-09-01", "2025-09-08"], ["Lincoln High", "90.5%", "91.5%"], ["Hope High", "81.5%", "82%"]]
    sheets = {"Average daily attendance": grid, "Passing rate": grid, "Total": grid}
    _, file = checked(xlsx_of(sheets), "measures.xlsx")
    assert [one.name for one in file.measures] == ["Average daily attendance", "Passing rate"]
    assert [one.sheet for one in file.left_out_sheets] == ["Total"]


def test_a_tab_called_as_a_known_school_is_read() -> None:
    schools = pd.DataFrame({"id": [1, 2], "code": ["", ""], "name": ["Key Academy", "Total Prep"]})
    sheets = {name: [["Week of", "Attendance %"], ["2025-09-01", 90.5]] for name in ("Key Academy", "Total Prep")}
    _, file = checked(xlsx_of(sheets), "tabs.xlsx", Known(schools, today=TODAY))
    assert set(file.schools["school"]) == {"Key Academy", "Total Prep"}


def test_a_name_without_a_code_where_all_others_have_one_is_no_school() -> None:
    rows = [["school_code", "school_name", "2023", "2024"]] + [
        [1000 + place, f"Public School {place}", 90.5, 91] for place in range(60)
    ]
    rows += [["", "Upper Valley", 90.5, 91]]
    _, file = checked(csv_of(rows), "attendance.csv")
    assert len(file.schools) == 60
    assert "no code" in file.left_out_rows["reason"][0]


def test_one_name_in_two_districts_stays_two_schools_and_two_names_of_one_code_stay_one() -> None:
    rows = [
        ["District", "School", "2023", "2024"],
        ["North", "Eastside School", 1, 2],
        ["South", "Eastside School", 3, 4],
    ]
    _, file = checked(csv_of(rows), "incidents.csv")
    assert len(file.schools) == 2
    rows = [
        ["DBN", "School name", "Date", "Pct"],
        ["01M015", "P.S. 015", "2025-09-01", "90"],
        ["01M015", "PS 15", "2025-09-02", "91.5"],
    ]
    _, file = checked(csv_of(rows), "attendance.csv")
    assert file.schools["school"].tolist() == ["01M015"]


@pytest.mark.parametrize(
    "headers",
    [["Student ID", "Score"], ["Last name", "First name", "Present"], ["DOB", "Absences"], ["Student name", "Days"]],
)
def test_a_list_of_students_is_refused(headers: list[str]) -> None:
    rows = [headers] + [[f"x{row}"] * (len(headers) - 1) + [row] for row in range(10)]
    workbook = read_here(csv_of(rows))
    with pytest.raises(CannotContinue, match="lists students"):
        proposed(csv_of(rows))
    with pytest.raises(CannotContinue, match="lists students"):
        recipe = with_header_row(None, workbook, KNOWN, 1).recipe
        check(workbook, recipe, KNOWN)  # type: ignore[arg-type]


def roster(*marks: str) -> bytes:
    days = ["2025-09-01", "2025-09-02"]
    rows = [[f"1{place:04d}", "Lincoln High", 9, mark, "P"] for place, mark in enumerate(marks * 7)]
    return csv_of([["Student ID", "School", "Grade", *days], *rows])


def test_a_name_in_each_row_of_people_is_never_a_school() -> None:
    """A bare “Name” heads schools elsewhere; beside birth dates it is a person's."""
    people = ["Ana Ruiz", "Ben Ode", "Cy Vance", "Di Lund", "Ed Marsh", "Flo Hale", "Gus Orr"]
    rows = [
        [name, f"2010-03-{10 + place}", "2025-09-01", "Y" if place % 2 else "N"] for place, name in enumerate(people)
    ]
    workbook, proposal = proposed(csv_of([["Name", "Date of birth", "Week", "On track"], *rows]), "ninth grade.csv")
    assert proposal.recipe is not None
    assert [question.where for question in proposal.questions] == ["School"]
    assert proposal.recipe.columns[0].role == "not used"
    assert "Ana" not in str(check(workbook, proposal.recipe, KNOWN).schools.to_numpy())


def test_a_list_with_one_kind_of_mark_and_blanks_is_asked_about() -> None:
    _, proposal = proposed(roster("P", ""), "roster.csv")
    assert [question.where for question in proposal.questions] == ["Measure “Present”"]
    assert "Its only mark is “P”" in proposal.questions[0].what
    assert proposed(roster("P", "A"), "roster.csv")[1].certain
    assert proposed(roster("P", "A", ""), "roster.csv")[1].certain


def test_a_grid_of_marks_only_says_so() -> None:
    rows = [["School", "2025-09-01", "2025-09-08"], ["Lincoln High", "X", ""], ["Douglass High", "X", "X"]]
    _, proposal = proposed(csv_of(rows), "meetings held.csv")
    assert proposal.recipe is None
    assert "marks such as “X” and no numbers" in str(proposal.questions[0])


def test_counts_of_students_are_no_list_of_students() -> None:
    rows = [
        ["School", "School year", "Number of students"],
        ["Lincoln High", "2023-24", 400],
        ["Douglass High", "2023-24", 420],
    ]
    _, file = checked(csv_of(rows))
    assert file.counts.kept == 2


def test_a_person_corrects_header_row_layout_and_roles() -> None:
    rows = [["Report", "2024"], ["School", "Rate"], ["Lincoln High", "0.9"], ["Douglass High", "0.8"]]
    workbook, _ = proposed(csv_of(rows), "a.csv")
    proposal = with_header_row(None, workbook, KNOWN, 2)
    assert proposal.recipe is not None
    assert proposal.recipe.header_row == 2
    corrected = proposal.recipe.with_dates(fixed=date(2024, 9, 1))
    assert check(workbook, corrected, KNOWN).counts.kept == 2
    unused = corrected.with_column(2, "not used")
    again = with_role(unused, workbook, 2, "value", "Attendance")
    assert again.unit_of("Attendance") == "fraction"
    assert check(workbook, again, KNOWN).observations["measure"].tolist() == ["Attendance"] * 2
    with pytest.raises(CannotContinue, match="below row 9"):
        with_header_row(None, workbook, KNOWN, 9)


def test_another_layout_is_proposed_again() -> None:
    workbook, proposal = proposed(xlsx_of(tabs()), "on_track.xlsx")
    assert proposal.recipe is not None
    assert with_layout(proposal.recipe, workbook, KNOWN, "one tab per school").recipe.layout == "one tab per school"  # type: ignore[union-attr]
    rows = [["School", "2023"], ["Lincoln High", 3], ["Douglass High", 4]]
    workbook, proposal = proposed(csv_of(rows), "incidents.csv")
    across = with_layout(proposal.recipe, workbook, KNOWN, "periods across").recipe  # type: ignore[arg-type]
    assert across is not None
    assert check(workbook, across, KNOWN).counts.kept == 2


def test_a_file_with_only_a_header_says_so() -> None:
    _, proposal = proposed(b"School,Date,Rate\n")
    assert proposal.recipe is None
    assert "no rows" in str(proposal.questions[0])


def test_the_whole_road_in_the_child_process() -> None:
    workbook = read(two_header_rows(True), "weekly.xlsx")
    _, proposal = proposed(two_header_rows(True), "weekly.xlsx")
    assert proposal.recipe is not None
    assert check(workbook, proposal.recipe, KNOWN).counts.kept == 4


def test_measures_that_share_one_denominator() -> None:
    counts = [(12, 30, 100), (9, 40, 80), (33, 21, 120), (5, 33, 61), (17, 52, 90), (8, 44, 77)]
    rows = [["School", "Year", "Number tested", "# Low", "% Low", "# High", "% High"]] + [
        [f"School {place}", 2024, of, low, round(100 * low / of, 2), high, round(100 * high / of, 2)]
        for place, (low, high, of) in enumerate(counts)
    ]
    recipe, file = checked(csv_of(rows), "levels.csv")
    assert roles(recipe)["Number tested"] == "denominator"
    assert file.counts.kept == 12
    assert file.observations.groupby("measure")["denominator"].sum().tolist() == [528, 528]


def test_two_columns_of_groups_that_cross_are_no_category_and_name() -> None:
    rows = [["School", "Year", "Grade", "Category", "Rate"]] + [
        ["Lincoln High", 2024, grade, category, 0.5]
        for grade in ("9", "10", "All Grades")
        for category in ("All Students", "English learners")
    ]
    _, file = checked(csv_of(rows), "rates.csv")
    assert file.counts.kept == 6
    found = set(zip(file.observations["category"], file.observations["group"], strict=True))
    assert {
        ("", ""),
        ("Grade", "9"),
        ("Category", "English learners"),
        ("Grade and Category", "9, English learners"),
    } <= found


def test_districts_are_the_units_where_there_are_no_schools() -> None:
    rows = [["County", "District", "Year", "Dropout rate"], ["Adams", 1, 2024, 0.1], ["Adams", 2, 2024, 0.2]]
    _, file = checked(csv_of(rows), "dropouts.csv")
    assert file.schools["school"].tolist() == ["1", "2"]
    assert file.schools["school_name"].tolist() == ["1", "2"]


def test_the_state_beside_its_districts_is_no_unit() -> None:
    names = ["Colorado", "Adams School District 14", "Boulder Valley School District", "Cherry Creek School District"]
    rows = [["Location", "Year", "Dropout rate"]] + [[name, 2024, 0.1] for name in names]
    _, file = checked(csv_of(rows), "dropouts.csv")
    assert "Colorado" not in set(file.schools["school"])
    assert len(file.schools) == 3


def test_a_unit_in_doubt_is_settled_by_the_measure_the_network_has() -> None:
    rows = [["School", "2025-09-01", "2025-09-08"], ["Lincoln High", 90.5, 91], ["Douglass High", 80, 82.5]]
    _, proposal = proposed(csv_of(rows), "belonging.csv")
    assert not proposal.certain
    known = Known(today=TODAY, measures=[Measure(1, "Belonging", unit="percent")])
    assert checked(csv_of(rows), "belonging.csv", known)[1].measures[0].id == 1


def test_a_school_merged_over_its_rows_counts_for_all_of_them() -> None:
    rows = [["School", "Date", "Attendance rate"]]
    for school in ("Lincoln High", "Douglass High"):
        rows += [[school, "2025-09-01", 0.9], [None, "2025-09-08", 0.8], [None, "2025-09-15", 0.7]]
    _, file = checked(xlsx_of({"Data": rows}, {"Data": ["A2:A4", "A5:A7"]}), "attendance.xlsx")
    assert file.observations["school"].tolist() == ["Lincoln High"] * 3 + ["Douglass High"] * 3


def test_merged_cells_without_text_beyond_the_table_say_nothing() -> None:
    rows = [["School", "2024-25", "2025-26"], ["Lincoln High", 90.5, 91], ["Douglass High", 88.5, 89]]
    for cells in ("F1:H1", "F2:F3", "A30:B40"):
        _, proposal = proposed(xlsx_of({"Attendance": rows}, merged={"Attendance": [cells]}), "attendance.xlsx")
        assert proposal.recipe is not None
        assert proposal.recipe.layout == "periods across"


def test_a_school_that_is_missing_in_a_row_is_never_guessed() -> None:
    rows = [["School", "Date", "Attendance rate"], ["Lincoln High", "2025-09-01", 0.9], ["", "2025-09-08", 0.8]]
    _, file = checked(csv_of(rows))
    assert file.refused["reason"].tolist() == ["The row says no school."]


def test_percent_and_number_rows_in_one_column_are_asked() -> None:
    rows = [["Location", "TimeFrame", "DataFormat", "Data"]] + [
        [f"{place} School District", year, form, value]
        for place in ("Adams", "Boulder", "Cortez")
        for year in (2013, 2014)
        for form, value in (("Percent", 0.25), ("Number", 412))
    ]
    _, proposal = proposed(csv_of(rows), "poverty.csv")
    assert not proposal.certain
    assert "different units" in str(proposal.questions[0])


def test_a_known_measure_is_met_in_a_title() -> None:
    mine = Measure(7, "Weekly attendance", unit="percent", wanted="up", cadence="week")
    rows = [
        ["Weekly attendance 2024-25, ninth grade"],
        ["School", "2024-09-02", "2024-09-09"],
        ["Lincoln High", 0.9, 0.8],
    ]
    _, file = checked(csv_of(rows), "grid.csv", Known(measures=[mine], today=TODAY))
    assert file.measures == (mine,)


def test_every_note_under_the_table_is_left_out() -> None:
    rows = [
        ["School", "2023", "2024"],
        ["Lincoln High", 3, 4],
        ["Douglass High", 5, 6],
        ["* counted by hand"],
        ["Snow days"],
        ["Grade 9"],
    ]
    _, file = checked(csv_of(rows), "incidents.csv")
    assert file.left_out_rows["row"].tolist() == [4, 5, 6]
    assert set(file.schools["school"]) == {"Lincoln High", "Douglass High"}


def test_the_nearest_pair_of_counts_is_the_one_behind_a_rate() -> None:
    """Present and possible sessions both give the absence rate within rounding; only one of them is its denominator."""
    rows = [["School", "School year", "Absent", "Attended", "Possible", "Absence %"]]
    for place in range(20):
        possible, absent = 1000 + 13 * place, 40 + place % 7
        rows.append([f"School {place}", "2024-25", absent, possible - absent, possible, 100 * absent / possible])
    recipe, _ = checked(csv_of(rows), "absence.csv")
    assert roles(recipe)["Possible"] == "denominator"
    assert roles(recipe)["Absent"] == "numerator"


def test_a_share_beside_its_counts_takes_its_unit_from_them() -> None:
    """All rates lie under 1 here, and they are percents: 4 of 1,000 are written 0.4."""
    rows = [["School", "School year", "Exclusions", "Enrolled", "Rate"]]
    rows += [
        [f"School {place}", "2024-25", 2 + place % 5, 900 + 20 * place, 100 * (2 + place % 5) / (900 + 20 * place)]
        for place in range(12)
    ]
    _, file = checked(csv_of(rows), "exclusions.csv")
    assert set(file.units.values()) == {"percent"}
    assert file.counts.refused == 0


@pytest.mark.parametrize("header", ["E-mail", "Contact", "Who"])
def test_people_are_known_by_their_cells(header: str) -> None:
    for cell in ("kid{}@school.example", "Garcia{}, Ana", "123-45-60{}"):
        rows = [[header, "Score"]] + [[cell.format(chr(97 + n) if "," in cell else n + 10), n] for n in range(12)]
        with pytest.raises(CannotContinue, match="lists students") as refusal:
            proposed(csv_of(rows))
        assert "Ana" not in str(refusal.value)
        assert "kid" not in str(refusal.value)


def test_an_address_in_each_row_of_schools_is_no_list_of_people() -> None:
    rows = [["School", "E-mail", "2023", "2024"]] + [
        [f"School {n}", f"office{n}@school.example", 90.5, 91] for n in range(12)
    ]
    _, file = checked(csv_of(rows), "attendance.csv")
    assert file.counts.kept == 24


def test_a_survey_tells_no_text_of_a_person() -> None:
    question = "My teachers notice when I need help"
    rows = [["Timestamp", "School", "Grade", question]] + [
        [f"2025-09-{1 + n % 5:02d} 09:{n:02d}:00", "Lincoln High", 9 + n % 2, "Agree" if n % 3 else "Disagree"]
        for n in range(40)
    ]
    rows[5][3], rows[6][0] = "Ana hates me", "at noon"
    recipe, file = checked(csv_of(rows), "survey.csv")
    assert recipe.layout == "one row per answer"
    assert recipe.measures[0].favorable == ("Agree",)
    assert file.refused["cell"].tolist() == ["D6", "A7"]
    assert set(file.refused["value"]) == {"(not shown)"}
    assert "Ana" not in str(file.refused.to_dict())
    assert "noon" not in str(file.refused.to_dict())
    everyone = file.observations[file.observations["group"] == ""]
    assert everyone["denominator"].sum() == 38
    by_grade = file.observations[file.observations["category"] == "Grade"]
    assert by_grade["denominator"].sum() == 38
    assert set(by_grade["group"]) == {"9", "10"}


def test_a_statement_that_may_be_bad_to_agree_with_is_asked() -> None:
    rows = [["Timestamp", "School", "I feel lonely at school"]] + [
        [f"2025-09-{1 + n % 5:02d} 09:{n:02d}:00", "Lincoln High", "Agree" if n % 3 else "Disagree"] for n in range(40)
    ]
    _, proposal = proposed(csv_of(rows), "survey.csv")
    assert "no good sign" in str(proposal.questions[0])


def test_a_recipe_takes_the_school_and_the_year_from_each_file() -> None:
    def book(school: str, year: str) -> bytes:
        rows = [[f"School: {school}"], [f"Attendance rate {year}"], ["Week of", "Attendance rate"]]
        return xlsx_of({"Sheet1": [*rows, ["9/8", 0.9], ["9/15", 0.8], ["9/22", 0.85]]})

    recipe, first = checked(book("Lincoln High", "2024-25"), "a.xlsx")
    assert (recipe.school_in, set(first.observations["school"])) == ("title", {"Lincoln High"})
    again = check(read_here(book("Hope Academy", "2025-26")), recipe, KNOWN)
    assert set(again.observations["school"]) == {"Hope Academy"}
    assert days(again)[0] == "2025-09-08"
    with pytest.raises(CannotContinue, match="No title line names a school"):
        check(read_here(book("", "2025-26")), recipe, KNOWN)


def test_sheets_that_repeat_schools_and_dates_are_asked_about() -> None:
    grid = [["School", "2025-09-01", "2025-09-08"], ["Lincoln High", 0.9, 0.8], ["Hope High", 0.7, 0.8]]
    _, proposal = proposed(xlsx_of({"Blue": grid, "Green": grid}), "attendance.xlsx")
    assert "same schools and dates" in str(proposal.questions[0])


def test_a_header_that_is_repeated_is_no_row_of_data() -> None:
    header = ["School", "9/1/2025", "9/8/2025", "9/15/2025"]
    rows = [header, ["Lincoln High", 90.5, 91, 92], ["Hope High", 80.5, 81, 82], header, ["Grant High", 70.5, 71, 72]]
    _, file = checked(xlsx_of({"Sheet1": rows}), "attendance.xlsx")
    assert (file.counts.kept, file.counts.refused) == (9, 0)
    assert set(file.observations["school"]) == {"Lincoln High", "Hope High", "Grant High"}
    assert file.observations["row"].max() == 5
