"""Layouts with a twist that schools' spreadsheets have: read as a person would, or asked about."""

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lib.intake import Kept, Recipe, Why, check, open_choices, recognize
from tests.intake.making import KNOWN, checked, csv_of, proposed, xlsx_of

SCHOOLS = ("Lincoln High", "Hope Academy", "Grant Middle School")
WEEKS = [date(2025, 9, 8) + timedelta(weeks=week) for week in range(4)]


def share(school: int, week: int) -> float:
    return 80.5 + school + 3 * week


def grid(*headers: list[Any]) -> list[list[Any]]:
    """Schools down and four columns across."""
    return [*headers, *([name, *(share(place, week) for week in range(4))] for place, name in enumerate(SCHOOLS))]


def in_order(file: Any) -> list[tuple[str, str, float]]:
    found = file.observations.sort_values(["school", "date"])[["school", "date", "file_value"]]
    return [(school, str(day.date()), value) for school, day, value in found.itertuples(index=False)]


TRUTH = sorted(
    (name, str(day), share(place, week)) for place, name in enumerate(SCHOOLS) for week, day in enumerate(WEEKS)
)
SHORT = [f"{day.month}/{day.day}" for day in WEEKS]


@pytest.mark.parametrize("name", ["{day.month}-{day.day}", "Week of {day.month}-{day.day}"])
def test_a_tab_for_each_week_has_no_slash_in_its_name(name: str) -> None:
    sheets = {
        name.format(day=day): [
            ["School", "Attendance %"],
            *([one, share(place, week)] for place, one in enumerate(SCHOOLS)),
        ]
        for week, day in enumerate(WEEKS)
    }
    recipe, file = checked(xlsx_of(sheets), "2025-26.xlsx")
    assert recipe.layout == "one tab per period"
    assert in_order(file) == TRUTH


def test_a_column_without_a_period_beside_those_with_one_is_named() -> None:
    rows = [["School", *SHORT, "Average"], *([*row, 88.5] for row in grid()[:])]
    _, proposal = proposed(xlsx_of({"Attendance rate": rows}), "2025-26.xlsx")
    assert proposal.certain
    assert "“Average” is not used: it names no period, as the others do" in proposal.evidence


@pytest.mark.parametrize(
    "headers",
    [
        [["School", *(f"Week {week}\n{day}" for week, day in enumerate(SHORT, 1))]],
        [["School", *(f"Wk {week} ({day})" for week, day in enumerate(SHORT, 1))]],
        [["School", "Week 1", "Week 2", "Week 3", "Week 4"], ["", *SHORT]],
        [["School", *SHORT], ["", "Week 1", "Week 2", "Week 3", "Week 4"]],
        [["School", "September", "", "", ""], ["", *SHORT]],
        [["School", "September", "", "", ""], ["", 8, 15, 22, 29]],
        [["School", *(f"{day.month}/{day.day}-{day.day + 4}" for day in WEEKS[:3]), "9/29-10/3"]],
    ],
)
def test_a_week_said_twice_is_one_week_and_no_measure(headers: list[list[Any]]) -> None:
    recipe, file = checked(xlsx_of({"Attendance": grid(*headers)}), "Attendance 2025-26.xlsx")
    assert [one.name for one in recipe.measures] == ["Attendance"]
    assert in_order(file) == TRUTH


def test_months_over_numbered_weeks_are_no_measures_and_the_first_week_is_asked() -> None:
    headers = [["School", "September", "", "October", ""], ["", "Wk 1", "Wk 2", "Wk 3", "Wk 4"]]
    workbook, proposal = proposed(xlsx_of({"Attendance": grid(*headers)}), "Attendance 2025-26.xlsx")
    assert [question.where for question in proposal.questions] == ["Weeks"]
    assert proposal.recipe is not None
    answered = proposal.recipe.with_dates(first_week=WEEKS[0])
    assert in_order(check(workbook, answered, KNOWN)) == TRUTH


WEEKS_OF_MONTHS = [
    ([["School", "Sep", "", "Oct", ""], ["", "Wk 1", "Wk 2", "Wk 1", "Wk 2"]]),
    ([["School", "Sep W1", "Sep W2", "Oct W1", "Oct W2"]]),
    ([["School", "Week 1 of September", "Week 2 of September", "Week 1 of October", "Week 2 of October"]]),
]


@pytest.mark.parametrize("headers", WEEKS_OF_MONTHS)
@pytest.mark.parametrize(
    ("way", "days"),
    [
        ("first Monday", ["2025-09-01", "2025-09-08", "2025-10-06", "2025-10-13"]),
        ("first day", ["2025-09-01", "2025-09-08", "2025-09-29", "2025-10-06"]),
    ],
)
def test_weeks_that_begin_anew_each_month_are_asked_about_once(
    headers: list[list[Any]], way: Any, days: list[str]
) -> None:
    workbook, proposal = proposed(xlsx_of({"Attendance": grid(*headers)}), "Attendance 2025-26.xlsx")
    assert [question.where for question in proposal.questions] == ["Weeks"]
    assert proposal.recipe is not None
    assert "month_weeks" in open_choices(workbook, proposal.recipe, KNOWN).dates
    answered = Recipe.from_json(proposal.recipe.with_dates(month_weeks=way).to_json())
    file = check(workbook, answered, KNOWN)
    assert sorted({str(day.date()) for day in file.observations["date"]}) == days


def test_weeks_of_months_that_leave_no_gap_with_a_fifth_week_are_sure() -> None:
    weeks = [f"Sep Wk {number}" for number in range(1, 6)] + [f"Oct Wk {number}" for number in range(1, 5)]
    rows = [["School", *weeks], *([name, *(80.5 + week for week in range(9))] for name in SCHOOLS)]
    _, file = checked(xlsx_of({"Attendance": rows}), "Attendance 2025-26.xlsx")
    of_lincoln = file.observations.query("school == 'Lincoln High'").sort_values("value")
    assert [day.date() for day in of_lincoln["date"]] == [date(2025, 9, 1) + timedelta(weeks=week) for week in range(9)]


def weeks_across(n_weeks: int, first: int = 0) -> list[list[Any]]:
    """The sheet of one month, which numbers its weeks; `first` counts the weeks before it."""
    rows = [[name, *(80.5 + first + week for week in range(n_weeks))] for name in SCHOOLS]
    return [["School", *(f"Wk {week + 1}" for week in range(n_weeks))], *rows]


def weeks_down(n_weeks: int, first: int = 0, week_word: str = "Week ") -> list[list[Any]]:
    weeks = [(f"{week_word}{week + 1}", 80.5 + first + week) for week in range(n_weeks)]
    return [["School", "Week", "Attendance %"], *([name, *one] for name in SCHOOLS for one in weeks)]


SHEETS_OF_MONTHS = [weeks_across, weeks_down, lambda *which: weeks_down(*which, week_word="")]


@pytest.mark.parametrize("of_month", SHEETS_OF_MONTHS)
@pytest.mark.parametrize("names", [("Sep", "Oct"), ("September 2025", "October 2025")])
@pytest.mark.parametrize(("way", "october"), [("first Monday", date(2025, 10, 6)), ("first day", date(2025, 9, 29))])
def test_tabs_of_months_that_number_their_weeks_are_asked_about_once(
    of_month: Any, names: tuple[str, str], way: Any, october: date
) -> None:
    sheets = {names[0]: of_month(4), names[1]: of_month(4, 4)}
    workbook, proposal = proposed(xlsx_of(sheets), "Attendance 2025-26.xlsx")
    assert [question.where for question in proposal.questions] == ["Weeks"]
    assert proposal.recipe is not None
    assert [one.name for one in proposal.recipe.measures] == ["Attendance"]
    assert "month_weeks" in open_choices(workbook, proposal.recipe, KNOWN).dates
    file = check(workbook, Recipe.from_json(proposal.recipe.with_dates(month_weeks=way).to_json()), KNOWN)
    days = [first + timedelta(weeks=week) for first in (date(2025, 9, 1), october) for week in range(4)]
    assert in_order(file) == [
        (name, str(day), 80.5 + place) for name in sorted(SCHOOLS) for place, day in enumerate(days)
    ]


@pytest.mark.parametrize("of_month", SHEETS_OF_MONTHS)
def test_weeks_in_tabs_of_months_that_leave_no_gap_with_a_fifth_week_are_sure(of_month: Any) -> None:
    _, file = checked(xlsx_of({"Sep": of_month(5), "Oct": of_month(4, 5)}), "Attendance 2025-26.xlsx")
    days = [date(2025, 9, 1) + timedelta(weeks=week) for week in range(9)]
    assert in_order(file) == [
        (name, str(day), 80.5 + place) for name in sorted(SCHOOLS) for place, day in enumerate(days)
    ]


def test_a_week_of_the_year_that_lies_outside_its_month_is_the_months_own() -> None:
    known = replace(KNOWN, first_week=date(2025, 8, 18))
    rows = weeks_across(4)
    workbook, proposal = proposed(xlsx_of({"Oct": rows}), "Attendance 2025-26.xlsx", known)
    assert [question.where for question in proposal.questions] == ["Weeks"]
    assert proposal.recipe is not None
    days = sorted({day.date() for day in check(workbook, proposal.recipe, known).observations["date"]})
    assert days == [date(2025, 10, 6) + timedelta(weeks=week) for week in range(4)]
    kept = proposal.recipe.with_dates(month_weeks="")
    assert not check(workbook, kept, known).counts.kept


@pytest.mark.parametrize("title", ["Updated November 2025", "September 2025"])
@pytest.mark.parametrize("across", [True, False])
def test_weeks_of_the_year_under_a_title_with_a_month_stay_so(title: str, across: bool) -> None:
    rows = weeks_across(12) if across else weeks_down(12)
    sheets = {"Attendance rate": [[title], [], *rows]}
    _, file = checked(xlsx_of(sheets), "2025-26.xlsx", replace(KNOWN, first_week=date(2025, 8, 18)))
    days = sorted({day.date() for day in file.observations["date"]})
    assert days == [date(2025, 8, 18) + timedelta(weeks=week) for week in range(12)]


def school_days(month: int) -> list[date]:
    days = (date(2025, month, day) for day in range(1, monthrange(2025, month)[1] + 1))
    return [day for day in days if day.weekday() < 5]


def daily(month: int, header: Any = lambda day: day.day) -> list[list[Any]]:
    days = school_days(month)
    rows = [[name, *(80.5 + place + day.day / 4 for day in days)] for place, name in enumerate(SCHOOLS)]
    return [["School", *map(header, days)], *rows]


def daily_truth(*months: int) -> list[tuple[str, str, float]]:
    days = [day for month in months for day in school_days(month)]
    return sorted((name, str(day), 80.5 + place + day.day / 4) for place, name in enumerate(SCHOOLS) for day in days)


@pytest.mark.parametrize(
    "header",
    [
        lambda day: day.day,
        lambda day: f"{day:%a} {day.day}",
        lambda day: f"{day:%A}\n{day.day}",
        lambda day: f"{day:%d}",
    ],
)
@pytest.mark.parametrize("names", [("Sep", "Oct"), ("September 2025", "October 2025"), ("Oct attendance",)])
def test_days_under_the_month_of_their_tab(header: Any, names: tuple[str, ...]) -> None:
    months = [9, 10] if len(names) == 2 else [10]
    sheets = {name: daily(month, header) for name, month in zip(names, months, strict=True)}
    recipe, file = checked(xlsx_of(sheets), "Attendance 2025-26.xlsx")
    assert [one.name for one in recipe.measures] == ["Attendance"]
    assert in_order(file) == daily_truth(*months)


@pytest.mark.parametrize("title", ["September 2025", "Daily attendance % - September 2025", "Month: September 2025"])
def test_days_under_the_month_of_a_title(title: str) -> None:
    _, file = checked(xlsx_of({"Sheet1": [[title], [], *daily(9)]}), "Daily attendance.xlsx")
    assert in_order(file) == daily_truth(9)


def test_months_of_days_under_each_other_are_read_apart() -> None:
    rows = [["September 2025"], *daily(9), [], ["October 2025"], *daily(10)]
    _, file = checked(xlsx_of({"Attendance %": rows}), "Daily.xlsx")
    assert in_order(file) == daily_truth(9, 10)


@pytest.mark.parametrize("word", ["{:%a}", "{:%A}"])
@pytest.mark.parametrize("row", [0, 1])
def test_a_row_of_weekdays_over_or_under_the_days_says_nothing_more(word: str, row: int) -> None:
    rows = daily(9)
    rows.insert(row, ["", *map(word.format, school_days(9))])
    recipe, file = checked(xlsx_of({"Sep": rows}), "Attendance 2025-26.xlsx")
    assert [one.name for one in recipe.measures] == ["Attendance"]
    assert in_order(file) == daily_truth(9)


def test_letters_of_weekdays_under_the_days_are_no_measures() -> None:
    rows = daily(9)
    rows.insert(1, ["", *("MTWRF"[day.weekday()] for day in school_days(9))])
    _, file = checked(xlsx_of({"Sep": rows}), "Attendance 2025-26.xlsx")
    assert in_order(file) == daily_truth(9)


def test_counts_under_the_days_of_a_month_go_together() -> None:
    days = school_days(9)
    head = [["School", *(text for day in days for text in (day.day, ""))], ["", *["Present", "Enrolled"] * len(days)]]
    rows = [[name, *(count for day in days for count in (100 + day.day, 200))] for name in SCHOOLS]
    _, file = checked(xlsx_of({"Sep": [*head, *rows]}), "Attendance 2025-26.xlsx")
    of_grant = file.observations.query("school == 'Grant Middle School'").sort_values("date")
    assert [(one.date(), n) for one, n in zip(of_grant["date"], of_grant["numerator"], strict=True)] == [
        (day, 100 + day.day) for day in days
    ]


@pytest.mark.parametrize("name", ["Sep", "September 2025"])
def test_a_day_after_the_months_end_is_refused_and_a_total_left_out(name: str) -> None:
    rows = [["School", *range(1, 32), "Total", "Avg"], *([school, *[9] * 30, "", 270, 9] for school in SCHOOLS)]
    rows[2][31] = 7
    recipe, file = checked(xlsx_of({name: rows}), "Tardies 2025-26.xlsx")
    assert [one.name for one in recipe.measures] == ["Tardies"]
    refused = list(zip(file.refused["cell"], file.refused["reason"], strict=True))
    assert refused == [("AF3", f"“{name} | 31” can't be read as a date.")]
    assert (file.counts.kept, file.counts.refused) == (90, 1)


@pytest.mark.parametrize(
    "header",
    [
        ["K", *range(1, 13)],
        [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12],
        [9, 10, 11, 12],
        list(range(1, 21)),
        [*range(12, 0, -1)],
        ["Mon 1", "Mon 2", "Mon 3", "Mon 4"],
        ["Tue 1", "Wed 2", "Fri 3", "Mon 6"],
    ],
)
@pytest.mark.parametrize("name", ["September", "September 2025"])
def test_grades_items_and_weekdays_that_do_not_fit_are_no_days(header: list[Any], name: str) -> None:
    rows = [["School", *header], *([school, *range(40, 40 + len(header))] for school in SCHOOLS)]
    workbook, proposal = proposed(xlsx_of({name: rows}), "Counts.xlsx")
    assert not proposal.certain
    days = check(workbook, proposal.recipe, KNOWN).observations["date"] if proposal.recipe else []
    assert {str(day.date()) for day in days} <= {"2025-09-01"}


def test_weekdays_that_are_another_months_are_no_days() -> None:
    rows = daily(9, lambda day: f"{day:%a} {day.day}")[:3]
    _, proposal = proposed(xlsx_of({"October 2025": rows}), "Attendance.xlsx")
    assert "Dates" in [question.where for question in proposal.questions]


def test_next_months_tabs_of_days_need_no_question() -> None:
    name = "Attendance 2025-26.xlsx"
    _, first = proposed(xlsx_of({"Sep": daily(9)}), name)
    assert first.recipe is not None
    workbook, now = proposed(xlsx_of({"Sep": daily(9), "Oct": daily(10)}), name)
    found = recognize(workbook, now, [Kept("Attendance", first.recipe, first.recipe)], KNOWN)
    assert found is not None
    assert found.proposal.certain
    assert in_order(check(workbook, found.proposal.recipe, KNOWN)) == daily_truth(9, 10)


@pytest.mark.parametrize("pattern", ["{day.month}-{day.day}", "{day.day}-{day.month}"])
def test_days_with_a_dash_that_follow_by_weeks_are_dates(pattern: str) -> None:
    rows = [[*row, 88.5] for row in grid(["School", *(pattern.format(day=day) for day in WEEKS)])]
    rows[0][-1] = "Average"
    _, file = checked(xlsx_of({"Attendance %": rows}), "2025-26.xlsx")
    assert in_order(file) == TRUTH


def test_weeks_with_a_dash_go_on_after_a_break_and_a_new_year() -> None:
    _, file = checked(xlsx_of({"Attendance %": grid(["School", "12-8", "12-15", "1-5", "1-12"])}), "2025-26.xlsx")
    days = sorted({str(day.date()) for day in file.observations["date"]})
    assert days == ["2025-12-08", "2025-12-15", "2026-01-05", "2026-01-12"]


@pytest.mark.parametrize(
    "header",
    [["6-8", "9-12"], ["9-8"], ["1-5", "1-12"], ["9-22", "9-15", "9-8"], ["9-8", "9-10", "9-15"], ["9-8", "13-15"]],
)
def test_grades_and_other_spans_with_a_dash_are_no_dates(header: list[str]) -> None:
    rows = [["School", *header], *([name, *range(40, 40 + len(header))] for name in SCHOOLS)]
    _, proposal = proposed(xlsx_of({"Attendance %": rows}), "2025-26.xlsx")
    assert not proposal.certain
    assert proposal.recipe is not None
    assert not any(column.period for column in proposal.recipe.columns)


@pytest.mark.parametrize("header", ["Week", "Wk #", "School week"])
def test_the_number_of_a_week_is_a_date_and_no_measure(header: str) -> None:
    rows = [["School", header, "Attendance %"]]
    rows += [[name, week + 1, share(place, week)] for place, name in enumerate(SCHOOLS) for week in range(4)]
    recipe, file = checked(xlsx_of({"Data": rows}), known=replace(KNOWN, first_week=WEEKS[0]))
    assert [one.name for one in recipe.measures] == ["Attendance"]
    assert in_order(file) == TRUTH


def test_a_date_in_the_first_of_its_rows_is_that_of_the_blank_ones_below_when_a_person_says_so() -> None:
    rows = [["Week of", "School", "Attendance %"]] + [
        [day if place == 0 else None, name, share(place, week)]
        for week, day in enumerate(WEEKS)
        for place, name in enumerate(SCHOOLS)
    ]
    recipe, file = checked(xlsx_of({"Data": rows}))
    assert (file.counts.kept, file.counts.refused, file.refused_for) == (4, 8, {Why.NO_DATE})
    told = Recipe.from_json(replace(recipe, blank_dates="as above").to_json())
    assert in_order(check(proposed(xlsx_of({"Data": rows}))[0], told, KNOWN)) == TRUTH


def test_a_date_written_in_many_ways_is_one_column_of_dates() -> None:
    ways = ["9/8/2025", "Mon 9/15/25", date(2025, 9, 22), "Week of 9/29", "sometime"]
    rows = [["School", "Date", "Attendance %"]]
    rows += [[name, way, share(place, week)] for place, name in enumerate(SCHOOLS) for week, way in enumerate(ways)]
    _, file = checked(xlsx_of({"Data": rows}), "Attendance 2025-26.xlsx")
    assert in_order(file) == TRUTH
    assert set(file.refused["value"]) == {"sometime"}


def test_a_month_beside_the_words_of_a_measure_is_its_period() -> None:
    months = ["Sep", "Oct", "Nov"]
    headers = ["School", "Enrollment", *(f"{month} {sign}" for month in months for sign in "#%")]
    rows = [headers] + [
        [
            name,
            400 + place,
            *(sign for month in range(3) for sign in (40 + 5 * month, (40 + 5 * month) / (4 + place / 100))),
        ]
        for place, name in enumerate((*SCHOOLS, "Eastside High"))
    ]
    recipe, file = checked(xlsx_of({"Chronic absence": rows}), "2025-26.xlsx")
    assert [one.name for one in recipe.measures] == ["Chronic absence"]
    of_lincoln = file.observations.query("school == 'Lincoln High'")[["date", "numerator", "denominator"]]
    assert [tuple(row) for row in of_lincoln.astype({"date": "str"}).itertuples(index=False)] == [
        ("2025-09-01", 40, 400),
        ("2025-10-01", 45, 400),
        ("2025-11-01", 50, 400),
    ]


def test_blank_columns_between_pairs_are_no_measure() -> None:
    upper = ["", *(cell for day in SHORT for cell in (day, "", ""))]
    rows = [upper, ["School", *["Present", "Enrolled", ""] * 4]] + [
        [name, *(cell for week in range(4) for cell in (80 + place + week, 100, ""))]
        for place, name in enumerate(SCHOOLS)
    ]
    _, file = checked(xlsx_of({"Attendance": rows}), "2025-26.xlsx")
    assert (file.counts.kept, file.counts.refused) == (12, 0)
    assert set(file.observations["denominator"]) == {100}


@pytest.mark.parametrize("title", ["Attendance", "Belonging"])
@pytest.mark.parametrize(
    ("cells", "kept", "refused"),
    [
        (["93%", 0.91, 0.88, 0.95], [0.93, 0.91, 0.88, 0.95], 0),
        (["93%", "91%", "88%", 0.95], [0.93, 0.91, 0.88], 1),
    ],
)
def test_a_percent_sign_here_and_there_never_makes_other_shares_a_hundredth(
    title: str, cells: list[Any], kept: list[float], refused: int
) -> None:
    """Cells formatted as percent are fractions of 1; a text with a sign beside them is not."""
    rows = [["School", *SHORT], *([name, *cells] for name in SCHOOLS)]
    workbook, proposal = proposed(xlsx_of({title: rows}), "2025-26.xlsx")
    assert proposal.certain
    file = check(workbook, proposal.recipe, KNOWN)  # type: ignore[arg-type]
    assert sorted(file.observations["value"]) == pytest.approx(sorted(3 * kept))
    assert file.counts.refused == 3 * refused


def test_a_share_among_counts_is_refused_and_not_divided() -> None:
    rows = [["School", *SHORT], *([name, 4, 12, 9, "12/3"] for name in SCHOOLS)]
    _, file = checked(xlsx_of({"Incidents": rows}), "2025-26.xlsx")
    assert (file.counts.kept, set(file.refused["value"])) == (9, {"12/3"})


def test_shares_of_two_scales_are_asked_about_and_the_fewer_refused() -> None:
    rows = [["School", *SHORT], *([name, 0.81, 0.84, 0.87, 0.9] for name in SCHOOLS), ["Eastside High", 81, 84, 87, 90]]
    workbook, proposal = proposed(xlsx_of({"Attendance": rows}), "2025-26.xlsx")
    assert [question.where for question in proposal.questions] == ["Measure “Attendance”"]
    file = check(workbook, proposal.recipe, KNOWN)  # type: ignore[arg-type]
    assert set(file.observations["value"]) == {0.81, 0.84, 0.87, 0.9}
    assert set(file.refused["row"]) == {5}


def test_numbers_over_100_among_shares_are_asked_about_and_refused() -> None:
    rows = [["School", *SHORT], *([name, 93.5, 91.5, 88, 950] for name in SCHOOLS)]
    workbook, proposal = proposed(xlsx_of({"Attendance rate": rows}), "2025-26.xlsx")
    assert [question.where for question in proposal.questions] == ["Measure “Attendance rate”"]
    file = check(workbook, proposal.recipe, KNOWN)  # type: ignore[arg-type]
    assert (file.counts.kept, set(file.refused["value"])) == (9, {"950"})


def test_columns_that_say_nothing_under_a_title_of_a_share_are_no_counts_unasked() -> None:
    rows = [
        ["Attendance rate"],
        ["School", "P1", "P2"],
        *([name, 81 + place, 90] for place, name in enumerate(SCHOOLS)),
    ]
    _, proposal = proposed(xlsx_of({"Data": rows}), "2025-26.xlsx")
    assert [question.where for question in proposal.questions] == ["Measure “P1”", "Measure “P2”"]
    assert {one.unit for one in proposal.recipe.measures} == {"percent"}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "name", ["Goal", "District target", "Goal (95%)", "Meta", "Difference", "Change from last week", "# of schools"]
)
def test_a_row_of_goals_or_comparisons_is_no_school(name: str) -> None:
    rows = [["School", *SHORT], *grid()[0:], [name, 95, 95, 95, 95]]
    _, file = checked(xlsx_of({"Attendance rate": rows}), "2025-26.xlsx")
    assert in_order(file) == TRUTH
    assert file.left_out_rows["row"].tolist() == [5]


def test_a_school_with_such_a_word_in_its_name_stays_one() -> None:
    names = ["Aim High Academy", "Range View School", "Change Maker Prep", "Goals for Life Charter"]
    rows = [["School", *SHORT], *([name, 80, 85, 90, 95] for name in names)]
    _, file = checked(xlsx_of({"Attendance rate": rows}), "2025-26.xlsx")
    assert file.counts.kept == 16


def test_a_column_of_goals_is_not_brought_in() -> None:
    rows = [["School", "Date", "Attendance %", "Goal"]]
    rows += [
        [name, day, share(place, week), 95] for place, name in enumerate(SCHOOLS) for week, day in enumerate(WEEKS)
    ]
    _, proposal = proposed(xlsx_of({"Data": rows}))
    assert [one.name for one in proposal.recipe.measures] == ["Attendance"]  # type: ignore[union-attr]
    assert "“Goal” is not used: it holds goals" in proposal.evidence


def test_tables_side_by_side_with_titles_are_a_measure_each() -> None:
    rows = [["Attendance rate", "", "", "", "D/F rate"], ["School", *WEEKS[:2], "", "School", *WEEKS[:2]]]
    rows += [
        [name, share(place, 0), share(place, 1), "", name, share(place, 2) - 60, share(place, 3) - 60]
        for place, name in enumerate(SCHOOLS)
    ]
    _, file = checked(xlsx_of({"Both": rows}), "both.xlsx")
    assert file.counts.kept == 12 and file.counts.refused == 0
    kept = file.observations.set_index(["measure", "school", "date"])["file_value"]
    assert kept["Attendance rate", "Hope Academy", "2025-09-15"] == share(1, 1)
    assert kept["D/F rate", "Hope Academy", "2025-09-15"] == share(1, 3) - 60


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Lincoln High - Scorecard 2025-26.xlsx", ""),
        ("report.xlsx", "Lincoln High 2025-26"),
        ("report 2025-26.xlsx", "Lincoln High"),
    ],
)
def test_the_school_of_a_file_is_named_without_the_year_or_the_kind_of_report(name: str, title: str) -> None:
    rows = [
        *([[title]] if title else []),
        ["Measure", "Sep", "Oct"],
        ["Attendance %", 91.5, 92],
        ["D/F rate %", 12, 11],
    ]
    _, file = checked(xlsx_of({"Sheet1": rows}), name)
    assert set(file.observations["school"]) == {"Lincoln High"}
    assert str(file.observations["date"].min().date()) == "2025-09-01"


def test_attendance_is_known_in_spanish() -> None:
    rows = [
        ["Escuela", "septiembre 2025", "octubre 2025"],
        ["Escuela Juárez", 91.5, 90],
        ["Primaria Hidalgo", 88, 89.5],
    ]
    recipe, file = checked(csv_of(rows), "asistencia.csv")
    assert [(one.name, one.unit) for one in recipe.measures] == [("Asistencia", "percent")]
    assert file.measures[0].wanted == "up"


def turned(*rows_below: list[Any], names: tuple[str, ...] = SCHOOLS, first: str = "Week of") -> list[list[Any]]:
    """Weeks down and schools across."""
    weeks = [[day, *(share(place, week) for place in range(len(names)))] for week, day in enumerate(WEEKS)]
    return [[first, *names], *weeks, *rows_below]


def test_schools_across_and_weeks_down() -> None:
    rows = [
        [*row, total] for row, total in zip(turned(["Average", 85, 86, 87]), ["Network", *range(80, 85)], strict=True)
    ]
    recipe, file = checked(xlsx_of({"Sheet1": rows}), "Attendance rate.xlsx")
    assert [(one.header, one.school, one.role) for one in recipe.columns[1:]] == [
        *((name, name, "value") for name in SCHOOLS),
        ("Network", "", "not used"),
    ]
    assert [one.name for one in recipe.measures] == ["Attendance rate"]
    assert in_order(file) == TRUTH
    assert file.left_out_rows["row"].tolist() == [6]
    assert sorted(file.schools["school_name"]) == sorted(SCHOOLS)


def test_schools_across_over_two_counts_and_as_a_tab_for_each_measure() -> None:
    pairs = [["Week", *(name for name in SCHOOLS for _ in "ab")], ["", *["Present", "Enrolled"] * 3]]
    pairs += [[day, *(n for place in range(3) for n in (80 + place + week, 100))] for week, day in enumerate(WEEKS)]
    _, file = checked(xlsx_of({"Attendance": pairs}), "weekly.xlsx")
    assert file.counts.kept == 12
    assert file.observations.query("school == 'Hope Academy'")["numerator"].tolist() == [81, 82, 83, 84]
    tabs = {"Attendance rate": turned(), "D-F rate": turned()}
    recipe, file = checked(xlsx_of(tabs), "both.xlsx")
    assert recipe.layout == "one tab per measure"
    assert file.counts.kept == 24 and set(file.observations["measure"]) == set(tabs)


def test_schools_across_below_their_counts() -> None:
    rows = [["Week", *(name for name in ("Present", "Enrolled") for _ in SCHOOLS)], ["", *SCHOOLS, *SCHOOLS]]
    rows += [[day, *(80 + place + week for place in range(3)), 100, 100, 100] for week, day in enumerate(WEEKS)]
    _, file = checked(xlsx_of({"Attendance": rows}), "weekly.xlsx")
    assert file.observations.query("school == 'Hope Academy'")["numerator"].tolist() == [81, 82, 83, 84]
    assert set(file.observations["school"]) == set(SCHOOLS) and file.counts.kept == 12


def test_a_period_beside_schools_across_is_no_school() -> None:
    rows = turned(names=("Lincoln High", "Hope Academy", "2024-25"))
    _, proposal = proposed(xlsx_of({"Sheet1": rows}), "Attendance rate.xlsx")
    assert proposal.recipe is not None
    assert [one.school for one in proposal.recipe.columns] == ["", "Lincoln High", "Hope Academy", ""]


def test_schools_across_with_a_measure_in_each_row_keep_their_cells() -> None:
    rows = [["Week", "Measure", *SCHOOLS]] + [
        [day, measure, *("abc" if (week, place) == (1, 2) else share(place, week) for place in range(3))]
        for week, day in enumerate(WEEKS)
        for measure in ("Attendance rate", "D/F rate")
    ]
    _, file = checked(xlsx_of({"Sheet1": rows}), "scores.xlsx")
    assert file.refused["cell"].tolist() == ["E4", "E5"]
    assert file.counts.kept == 22


def test_a_name_among_schools_across_is_asked_about_and_a_measure_there_is_none() -> None:
    rows = turned(names=("Lincoln High", "Riverside", "Hope Academy", "Enrollment"))
    _, proposal = proposed(xlsx_of({"Sheet1": rows}), "Attendance rate.xlsx")
    assert [question.where for question in proposal.questions] == ["Schools"]
    assert "“Riverside”" in proposal.questions[0].what and "Enrollment" not in proposal.questions[0].what
    assert proposal.recipe is not None
    assert [one.school for one in proposal.recipe.columns] == ["", "Lincoln High", "Riverside", "Hope Academy", ""]


def test_measures_across_are_no_schools() -> None:
    rows = turned(names=("Attendance rate", "High school credits", "D/F rate"))
    _, proposal = proposed(xlsx_of({"Sheet1": rows}), "Lincoln High.xlsx")
    assert proposal.recipe is not None
    assert not any(one.school for one in proposal.recipe.columns)


def test_a_recipe_of_schools_across_takes_a_new_week_and_a_new_school_along() -> None:
    data = xlsx_of({"Sheet1": turned()})
    recipe, _ = checked(data, "Attendance rate.xlsx")
    assert Recipe.from_json(recipe.to_json()) == recipe
    workbook, now = proposed(
        xlsx_of({"Sheet1": turned(["2025-10-06", 90, 91, 92, 93], names=(*SCHOOLS, "Zephyr Bay High"))}),
        "Attendance rate.xlsx",
    )
    found = recognize(workbook, now, [Kept("Attendance", recipe, recipe)], KNOWN)
    assert found is not None and found.proposal.certain
    assert found.proposal.recipe is not None
    assert check(workbook, found.proposal.recipe, KNOWN).counts.kept == 20


def test_a_school_in_the_first_of_its_rows_is_that_of_the_blank_ones_below_when_a_person_says_so() -> None:
    measures = ("Attendance rate", "D/F rate")
    rows = [["School", "Measure", *SHORT]] + [
        [name if measure == measures[0] else "", measure, *(share(place, week) for week in range(4))]
        for place, name in enumerate((*SCHOOLS, "Total"))
        for measure in measures
    ]
    data = xlsx_of({"Sheet1": rows})
    workbook, proposal = proposed(data, "Scorecard 2025-26.xlsx")
    assert proposal.recipe is not None
    as_it_stands = check(workbook, proposal.recipe, KNOWN)
    assert (as_it_stands.counts.kept, as_it_stands.counts.refused) == (12, 16)
    assert Why.NO_SCHOOL in as_it_stands.refused_for
    told = replace(proposal.recipe, blank_schools="as above")
    assert Recipe.from_json(told.to_json()) == told
    file = check(workbook, told, KNOWN)
    assert (file.counts.kept, file.counts.refused, file.counts.left_out) == (24, 0, 8)
    of_hope = file.observations.query("school == 'Hope Academy'")
    assert of_hope["measure"].value_counts().to_dict() == dict.fromkeys(measures, 4)


def test_a_table_by_week_over_one_by_quarter_is_never_one_measure() -> None:
    quarters = [["School", "Q1", "Q2"], *([name, 10.5 + place, 12.5] for place, name in enumerate(SCHOOLS))]
    weeks = grid(["School", *SHORT])
    named = [["Attendance rate"], *weeks, [], ["D/F rate"], *quarters]
    recipe, file = checked(xlsx_of({"Data": named}), "Data 2025-26.xlsx")
    assert recipe.layout == "one tab per measure"
    by_measure = file.observations.groupby("measure")["file_value"].agg(["count", "max"])
    assert by_measure.loc["Attendance rate"].tolist() == [12, share(2, 3)]
    assert by_measure.loc["D/F rate"].tolist() == [6, 12.5]
    unnamed = [["Weekly"], *weeks, [], ["Quarterly"], *quarters]
    _, proposal = proposed(xlsx_of({"Data": unnamed}), "Data 2025-26.xlsx")
    assert "Sheets" in [question.where for question in proposal.questions]


def test_pieces_of_one_table_stay_one() -> None:
    """North and south, by the same weeks."""
    pieces = {"North attendance": grid(["School", *WEEKS])[:3], "South attendance": [["School", *WEEKS], *grid()[2:]]}
    recipe, file = checked(xlsx_of(pieces), "attendance rate.xlsx")
    assert recipe.layout == "periods across"
    assert in_order(file) == TRUTH


def test_a_form_that_asks_how_many_holds_counts_and_no_scale() -> None:
    rows = [["Timestamp", "School name", "How many calls were made this week?", "How many families were reached?"]]
    rows += [
        [f"{day.month}/{day.day}/2025 9:00:00", name, 10 + place + week, 5 + week]
        for week, day in enumerate(WEEKS)
        for place, name in enumerate(SCHOOLS)
    ]
    recipe, file = checked(xlsx_of({"Form Responses 1": rows}), "check in.xlsx")
    assert recipe.layout == "tidy"
    assert {one.unit for one in recipe.measures} == {"count"}
    assert file.counts.kept == 24


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        (["93,5", "91,25", "88,0", "95"], [93.5, 91.25, 88, 95]),
        ([93.5, "91,25", 88, 95], [93.5, 91.25, 88, 95]),
        ([93.5, "91,25", "88.0", 95], [93.5, 88, 95]),
        ([93.5, "91,250", 88, 95], [93.5, 88, 95]),
    ],
)
def test_a_decimal_comma_in_a_workbook_is_read_where_nothing_speaks_against_it(
    cells: list[Any], kept: list[float]
) -> None:
    """ "91,250" is more than ninety thousand percent, and no 91.25."""
    rows = [["School", *SHORT], *([name, *cells] for name in SCHOOLS)]
    workbook, proposal = proposed(xlsx_of({"Attendance rate": rows}), "2025-26.xlsx")
    file = check(workbook, proposal.recipe, KNOWN)  # type: ignore[arg-type]
    assert sorted(file.observations["file_value"]) == sorted(3 * kept)
    assert file.counts.refused == 3 * (4 - len(kept))


@pytest.mark.parametrize(
    ("years", "parts", "days"),
    [
        (("2024-25", "2025-26"), ("Q1", "Q2"), ["2024-08-01", "2024-10-01", "2025-08-01", "2025-10-01"]),
        ((2024, 2025), ("September", "October"), ["2024-09-01", "2024-10-01", "2025-09-01", "2025-10-01"]),
        (("SY24-25", "SY25-26"), ("Feb", "Mar"), ["2025-02-01", "2025-03-01", "2026-02-01", "2026-03-01"]),
    ],
)
def test_a_year_in_one_column_and_its_part_in_another_are_the_date(
    years: tuple[Any, Any], parts: tuple[str, str], days: list[str]
) -> None:
    rows = [["School", "School Year", "Part of year (month or quarter)", "Attendance %"]]
    rows += [
        [name, year, part, share(place, week)]
        for place, name in enumerate(SCHOOLS)
        for week, (year, part) in enumerate((year, part) for year in years for part in parts)
    ]
    _, file = checked(xlsx_of({"Data": rows}))
    assert in_order(file) == [
        (name, day, share(SCHOOLS.index(name), week)) for name in sorted(SCHOOLS) for week, day in enumerate(days)
    ]


@pytest.mark.parametrize("headers", [[["", "Week of 9/15", "", "", ""], ["School", "Mon", "Tue", "Wed", "Thu"]]])
def test_a_day_of_the_week_under_its_week_is_that_day(headers: list[list[Any]]) -> None:
    _, file = checked(xlsx_of({"Attendance rate": grid(*headers)}), "2025-26.xlsx")
    assert sorted({str(day.date()) for day in file.observations["date"]}) == [f"2025-09-{day}" for day in range(15, 19)]


def test_a_day_of_the_week_over_its_date_says_nothing_more() -> None:
    headers = [["", "Mon", "Tue", "Wed", "Thu"], ["School", "9/15", "9/16", "9/17", "9/18"]]
    recipe, _ = checked(xlsx_of({"Attendance rate": grid(*headers)}), "2025-26.xlsx")
    assert [one.name for one in recipe.measures] == ["Attendance rate"]


@pytest.mark.parametrize(
    ("header", "day"),
    [("Q1 2025-26 # D/F", "2025-08-01"), ("SY 2025-26 Q2 # D/F", "2025-10-01"), ("Sep 2025", "2025-09-01")],
)
def test_the_period_in_the_one_column_of_values_is_their_date(header: str, day: str) -> None:
    rows = [["School", header], *([name, 12 + place] for place, name in enumerate(SCHOOLS))]
    _, file = checked(xlsx_of({"Failing grades": rows}), "counts.xlsx")
    assert {str(one.date()) for one in file.observations["date"]} == {day}


def test_a_total_or_an_average_below_says_nothing_of_the_unit() -> None:
    rows = [["School", *SHORT], *([name, place, 1, 2, 8] for place, name in enumerate(SCHOOLS)), ["Avg", 1.5, 1, 2, 8]]
    recipe, file = checked(xlsx_of({"Suspensions": rows}), "2025-26.xlsx")
    assert recipe.unit_of("Suspensions") == "count"
    assert file.counts.kept == 12


def test_totals_of_a_month_beside_its_weeks_are_no_measure() -> None:
    rows = [["School", "9/8", "9/15", "Sept Total", "10/6", "Oct Total"]]
    rows += [[name, 3, 4, 7, 5 + place, 5 + place] for place, name in enumerate(SCHOOLS)]
    recipe, file = checked(xlsx_of({"Tardies": rows}), "2025-26.xlsx")
    assert ([one.name for one in recipe.measures], file.counts.kept) == (["Tardies"], 9)


def test_the_grades_that_a_school_has_are_no_group_of_its_students() -> None:
    rows = [["School", "Grades", *SHORT]]
    rows += [
        [name, ("9-12", "K-5", "6-8")[place], *(share(place, week) for week in range(4))]
        for place, name in enumerate(SCHOOLS)
    ]
    _, file = checked(xlsx_of({"Attendance rate": rows}), "2025-26.xlsx")
    assert set(file.observations["group"]) == {""}
    assert in_order(file) == TRUTH


def test_several_rows_of_a_school_across_are_told_apart_by_their_course() -> None:
    rows = [["School", "Course", "Q1 2025-26", "Q2 2025-26"]]
    rows += [
        [name, course, 10 + place, 12] for place, name in enumerate(SCHOOLS) for course in ("Algebra 1", "English 9")
    ]
    _, file = checked(xlsx_of({"Failing grades": rows}), "counts.xlsx")
    assert (file.counts.kept, set(file.observations["group"])) == (12, {"Algebra 1", "English 9"})


STUDENTS = ["Garcia, Maria", "Smith, John", "Nguyen, Anh", "Brown, Keisha", "Lopez, Juan", "Lee, Min"]
MARKS = ["PPAPT", "PPPPP", "APPPA", "PPPPP", "PTPPP", "AAPPP"]


@pytest.mark.parametrize("school", [[], ["Oak High"]])
@pytest.mark.parametrize("days", [["9/8/2025", "9/9/2025", "9/10/2025"], ["Mon 9/8", "Tue 9/9", "Wed 9/10"]])
def test_marks_under_days_in_a_list_of_students_are_counted_and_no_student_is_taken_for_a_school(days, school) -> None:
    header = ["Student Name", "Student ID", *["School"] * len(school), *days]
    rows = [[name, 100200 + n, *school, *MARKS[n][:3]] for n, name in enumerate(STUDENTS)]
    _, proposal = proposed(xlsx_of({"Roster": [["Homeroom 12, fall 2025"], [], header, *rows]}), "roster.xlsx")
    assert (proposal.recipe.layout, proposal.recipe.header_row) == ("one row per student", 3)
    assert not any(name in str(proposal) + proposal.recipe.to_json() for name in STUDENTS)


def test_marks_under_days_are_counted_day_by_day() -> None:
    header = ["Student Name", "School", *(f"9/{day}/2025" for day in range(15, 20))]
    rows = [[name, "Oak High", *MARKS[n]] for n, name in enumerate(STUDENTS)]
    _, file = checked(xlsx_of({"Roster": [header, *rows]}), "roster.xlsx")
    found = file.observations.sort_values("date")
    present = [sum(mark[day] in "PT" for mark in MARKS) for day in range(5)]
    assert found["school_name"].astype(str).unique().tolist() == ["Oak High"]
    assert found["denominator"].tolist() == [6] * 5
    assert found["numerator"].tolist() == present, "who is late is present"
