"""What a person may still say of a workbook, shown only where it matters, and what saying it does."""

from dataclasses import replace

import pandas as pd

from lib.intake import Known, OpenChoices, Recipe, Workbook, check, open_choices, with_layout, with_role, with_totals
from tests.intake.making import KNOWN, TODAY, csv_of, proposed


def recipe_of(data: bytes, name: str = "file.csv", known: Known = KNOWN) -> tuple[Workbook, Recipe]:
    workbook, proposal = proposed(data, name, known)
    assert proposal.recipe is not None
    return workbook, proposal.recipe


TIDY = csv_of([["School", "Date", "Visits"], *([name, f"2025-09-0{day}", day] for name in "AB" for day in (1, 8))])


def test_a_plain_table_leaves_nothing_open() -> None:
    assert open_choices(*recipe_of(TIDY), KNOWN) == OpenChoices()


def test_a_file_without_schools_and_dates_asks_for_both() -> None:
    rows = [["Grade", "Attendance"], ["9", "91%"], ["10", "92%"]]
    workbook, recipe = recipe_of(csv_of(rows), "attendance 2024-25.csv")
    found = open_choices(workbook, recipe, KNOWN)
    assert (found.school, found.one_date, found.title_year) == (True, True, 2024)


def test_a_name_that_reads_like_a_total_is_a_school_where_a_person_says_so_and_the_other_way_round() -> None:
    rows = [["School", "2023", "2024"], ["Ash High", 3, 4], ["All schools", 5, 6], ["Total Prep", 7, 8]]
    workbook, recipe = recipe_of(csv_of(rows), "incidents.csv")
    assert open_choices(workbook, recipe, KNOWN).totals == {"All schools": True, "Total Prep": False}
    told = replace(recipe, totals=("Total Prep",), not_totals=("All schools",))
    file = check(workbook, told, KNOWN)
    assert set(file.schools["school"]) == {"Ash High", "All schools"}
    assert file.left_out_rows["reason"].tolist() == ["a total, as you said: “Total Prep”"]
    assert open_choices(workbook, told, KNOWN).totals == {"All schools": False, "Total Prep": True}


def test_what_a_person_says_of_totals_can_be_taken_back() -> None:
    rows = [["School", "2023", "2024"], ["Ash High", 3, 4], ["All schools", 5, 6], ["Total Prep", 7, 8]]
    workbook, recipe = recipe_of(csv_of(rows), "incidents.csv")
    now = {"All schools": True, "Total Prep": False}
    told = with_totals(recipe, now, ["Total Prep"])
    assert (told.totals, told.not_totals) == (("Total Prep",), ("All schools",))
    assert with_totals(told, open_choices(workbook, told, KNOWN).totals, ["All schools"]) == recipe


def test_a_school_that_the_network_has_is_never_asked_about() -> None:
    schools = pd.DataFrame({"id": [1], "code": [""], "name": ["Total Prep"]})
    rows = [["School", "2023", "2024"], ["Ash High", 3, 4], ["Total Prep", 7, 8]]
    known = Known(schools, today=TODAY)
    assert open_choices(*recipe_of(csv_of(rows), "incidents.csv", known), known).totals == {}


def test_only_the_settings_with_which_a_date_is_another_day_matter() -> None:
    rows = [["School", "Fall 2024", "Spring 2025"], ["Ash High", "91%", "92%"], ["Birch High", "93%", "94%"]]
    workbook, recipe = recipe_of(csv_of(rows), "attendance.csv")
    assert open_choices(workbook, recipe, KNOWN).dates == {"school_year_start"}
    first = check(workbook, recipe.with_dates(school_year_start=9), KNOWN).observations["date"].min()
    assert str(first.date()) == "2024-09-01"
    rows = [["School", "9/8", "9/15", "Wk 3"], ["Ash High", 3, 4, 5], ["Birch High", 5, 6, 7]]
    found = open_choices(*recipe_of(csv_of(rows), "visits 2024-25.csv"), KNOWN)
    assert found.dates == {"order", "school_year", "first_week"}


def survey(*answers: str) -> bytes:
    rows = [["School", "Date", "How was the lesson?"]]
    return csv_of(rows + [["Ash High", "2025-09-01", answers[n % len(answers)]] for n in range(30)])


def told(data: bytes) -> tuple[Workbook, Recipe]:
    """A survey in whose words nothing is recognized, after a person chose its layout and its column of answers."""
    workbook, proposal = proposed(data, "exit ticket.csv")
    recipe = with_layout(proposal.recipe, workbook, KNOWN, "one row per answer").recipe
    assert recipe is not None
    return workbook, with_role(recipe, workbook, 3, "answer")


def test_a_survey_with_words_of_its_own_is_counted_once_a_person_says_what_is_favorable() -> None:
    workbook, recipe = told(survey("Got it", "Lost", "Kind of"))
    found = open_choices(workbook, recipe, KNOWN)
    assert found.counted_by
    [(name, answers)] = found.answers.items()
    assert answers == ("Got it", "Kind of", "Lost")
    assert check(workbook, recipe, KNOWN).counts.kept == 0
    file = check(workbook, recipe.with_favorable(name, ("Got it",), answers), KNOWN)
    assert file.observations[["numerator", "denominator"]].to_numpy().tolist() == [[10, 30]]


def test_names_of_students_are_never_offered_as_answers() -> None:
    rows = [["Student name", "School", "2025-09-01"]]
    rows += [[("Ana Ruiz", "Ben Oak", "Cleo Ash")[n % 3], "Hope High", n % 2] for n in range(18)]
    workbook, recipe = recipe_of(csv_of(rows), "roster.csv")
    recipe = with_role(recipe, workbook, 1, "answer", "Who")
    assert "Ana" not in str(open_choices(workbook, recipe, KNOWN).answers)


def test_an_answer_that_is_new_is_refused_where_a_person_chose_otherwise_than_the_scale() -> None:
    _, recipe = told(survey("Strongly agree", "Agree", "Disagree"))
    [measure] = recipe.measures
    assert measure.favorable == ("Agree", "Strongly agree")
    new, _ = proposed(survey("Strongly agree", "Somewhat agree"), "exit ticket.csv")
    strict = recipe.with_favorable(measure.name, ("Strongly agree",), (*measure.favorable, *measure.others))
    assert check(new, recipe, KNOWN).counts.refused == 0
    assert check(new, strict, KNOWN).counts.refused == 15


def test_what_one_person_wrote_is_never_offered_as_an_answer() -> None:
    data = survey("Got it", "Lost").replace(b"Lost", b"ask Ana", 1)
    workbook, recipe = told(data)
    assert "Ana" not in str(open_choices(workbook, recipe, KNOWN).answers)


def test_a_list_with_crosses_asks_what_they_mean() -> None:
    rows = [[f"1{n:04d}", "Hope High", "X" if n % 3 else ""] for n in range(9)]
    workbook, proposal = proposed(csv_of([["Student ID", "School", "2025-09-01"], *rows]), "roster.csv")
    assert "Its only mark is “X”" in proposal.questions[0].what
    told = replace(proposal.recipe.with_favorable("Present", (), ("X",)), blanks="counted")  # type: ignore[union-attr]
    [absent] = check(workbook, told, KNOWN).observations[["numerator", "denominator"]].to_numpy().tolist()
    assert absent == [3, 9], "six crosses for absent students"


def test_a_blank_is_the_mark_that_is_not_written_on_days_on_which_the_school_has_one() -> None:
    days = ["2025-09-01", "2025-09-08", "2025-09-15"]
    rows = [[f"1{n:04d}", "Hope High", "P" if n % 3 else "", "", ""] for n in range(9)]
    rows += [[f"2{n:04d}", "Cedar High", "", "P" if n % 2 else "", ""] for n in range(9)]
    workbook, proposal = proposed(csv_of([["Student ID", "School", *days], *rows]), "roster.csv")
    assert open_choices(workbook, proposal.recipe, KNOWN).blanks  # type: ignore[arg-type]
    file = check(workbook, replace(proposal.recipe, blanks="counted"), KNOWN)  # type: ignore[type-var]
    found = file.observations.assign(date=file.observations["date"].dt.strftime("%m-%d"))
    assert found[["school", "date", "numerator", "denominator"]].to_numpy().tolist() == [
        ["Hope High", "09-01", 6, 9],
        ["Cedar High", "09-08", 4, 9],
    ]
    assert (file.counts.values, file.counts.blank) == (18, 18)


def test_a_blank_count_is_0_where_a_person_says_so_in_weeks_that_were_collected() -> None:
    rows = [["School", "9/1/2025", "9/8/2025", "9/15/2025"], ["Ash High", 3, "", ""], ["Birch High", 2, 12, ""]]
    workbook, proposal = proposed(csv_of([["Suspensions"], *rows]), "suspensions.csv")
    recipe = proposal.recipe
    assert recipe is not None and recipe.measures[0].unit == "count"
    assert open_choices(workbook, recipe, KNOWN).blanks
    assert check(workbook, recipe, KNOWN).counts.kept == 3
    file = check(workbook, replace(recipe, blanks="counted"), KNOWN)
    assert sorted(file.observations["value"]) == [0, 2, 3, 12]
    assert (file.counts.values, file.counts.blank) == (4, 2)
