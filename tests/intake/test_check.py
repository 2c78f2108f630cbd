"""Every kind of cell: what is kept, suppressed, refused or left out, with its address and its reason."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.intake import Checked, Known, check, propose
from lib.measures import Measure
from tests.intake.making import KNOWN, TODAY, checked, csv_of, proposed, read_here, with_sheet_xml, xlsx_of

HEADER = ["School", "2025-09-01", "2025-09-08", "2025-09-15", "2025-09-22"]
STEADY = [["Douglass High", "91.5", "92.5", "93.5", "94.5"], ["Franklin High", "81.5", "82.5", "83.5", "84.5"]]


def weekly(*cells: str) -> Checked:
    """A grid of attendance in percent whose first school has these cells."""
    return checked(csv_of([HEADER, ["Lincoln High", *cells], *STEADY]), "attendance.csv")[1]


def adds_up(file: Checked) -> bool:
    one = file.counts
    listed = len(file.observations), len(file.suppressed_cells), len(file.refused)
    return one.values == one.kept + one.suppressed + one.refused + one.left_out and listed == (
        one.kept,
        one.suppressed,
        one.refused,
    )


@pytest.mark.parametrize(
    "mark",
    [*"* ** s S NS -- – <10 n<10 N/A na ≤5 <5% >95% sp c LNE n.a. NA . DS".split(), "too few students", "no data"],
)
def test_suppression_marks_are_suppressed_and_never_zero(mark: str) -> None:
    file = weekly("90.5", mark, "91.5", "92.5")
    assert file.counts.suppressed == 1
    assert file.suppressed_cells.iloc[0].tolist() == ["", "C2", mark]
    assert (file.observations["value"] > 0).all()
    assert adds_up(file)


@pytest.mark.parametrize(
    "word",
    ["break", "Spring break", "snow", "Snow day", "no school", "HOLIDAY", "closed", "Thanksgiving", "vacaciones"],
)
def test_words_for_no_school_are_left_out(word: str) -> None:
    file = weekly("90.5", word, "91.5", "92.5")
    assert (file.counts.left_out, file.counts.kept) == (1, 11)
    assert file.left_out_cells.iloc[0]["cell"] == "C2"
    assert adds_up(file)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("abc", "“abc” is not a number."),
        ("9O.5", "“9O.5” is not a number."),
        ("105.7", "105.7 is more than 100 %."),
        ("-3.5", "-3.5 is less than 0."),
        ("#DIV/0!", "The cell shows the error #DIV/0!."),
        ("#N/A", "The cell shows the error #N/A."),
    ],
)
def test_wrong_cells_are_refused_by_address_and_stop_nothing(cell: str, said: str) -> None:
    file = weekly("90.5", cell, "91.5", "92.5")
    refused = file.refused.iloc[0]
    assert (refused["cell"], refused["value"], refused["reason"]) == ("C2", cell, said)
    assert refused["fix"]
    assert (file.counts.kept, file.counts.refused) == (11, 1)
    assert adds_up(file)


@pytest.mark.parametrize(
    ("first", "second", "kept", "refused"),
    [
        (["90", "91", "92.5", "93"], ["abc", "80.5", "81", "82"], 7, ["B3"]),
        (["90", "n/a?", "92.5", "93"], ["abc", "80.5", "x?", "82"], 5, ["B3", "C2", "D3"]),
        (["90", "n/a?", "abc", "93"], ["91", "80.5", "x?", "82"], 5, ["C2", "D2", "D3"]),
    ],
)
def test_a_week_with_as_many_texts_as_numbers_stays_a_week(
    first: list[str], second: list[str], kept: int, refused: list[str]
) -> None:
    rows = [HEADER, ["Lincoln High", *first], ["Douglass High", *second]]
    _, file = checked(csv_of(rows), "attendance.csv")
    assert (file.counts.kept, file.refused["cell"].tolist()) == (kept, refused)
    assert adds_up(file)


def test_texts_under_the_second_header_of_each_week_are_no_values() -> None:
    rows = [
        ["", "2025-09-01", "", "2025-09-08", ""],
        ["School", "Present", "Remarks", "Present", "Remarks"],
        ["Lincoln High", 90, "late bus", 91, "2"],
        ["Douglass High", 80, "3", 82, "none seen"],
    ]
    recipe, file = checked(xlsx_of({"Weeks": rows}, {"Weeks": ["B1:C1", "D1:E1"]}), "counts.xlsx")
    assert [column.position for column in recipe.columns if column.holds_values] == [2, 4]
    assert file.counts.kept == 4


def test_a_column_of_values_is_known_by_its_header_where_half_of_it_is_wrong() -> None:
    rows = [
        ["School", "Week", "Attendance %", "D/F rate"],
        ["Lincoln High", "2025-09-01", "90.5", "abc"],
        ["Douglass High", "2025-09-01", "88.5", "12.5"],
    ]
    _, file = checked(csv_of(rows))
    assert file.refused["cell"].tolist() == ["D2"]
    assert file.counts.kept == 3


def test_a_column_half_of_numbers_is_asked_about_where_its_header_says_nothing() -> None:
    rows = [
        ["School", "Week", "Attendance %", "Widgets"],
        ["Lincoln High", "2025-09-01", "90.5", "abc"],
        ["Douglass High", "2025-09-01", "88.5", "12.5"],
    ]
    _, proposal = proposed(csv_of(rows))
    assert [question.where for question in proposal.questions] == ["Column “Widgets”"]


@pytest.mark.parametrize("cell", ["85*", "85.5 *", "85†", "85 (a)", "85[1]", "85²", "*85", "~85", "85?", "85% *"])
def test_a_number_with_a_mark_is_refused_and_told_from_other_texts(cell: str) -> None:
    file = weekly("90.5", cell, "91.5", "92.5")
    refused = file.refused.iloc[0]
    assert (refused["cell"], refused["reason"]) == ("C2", f"“{cell}” is a number with a mark beside it.")
    assert "Take the mark away" in refused["fix"]
    assert file.counts.kept == 11


def test_a_grid_whose_numbers_nearly_all_have_marks_is_still_one_of_values() -> None:
    rows = [["School", "2024*", "2025"], ["Lincoln High", "90.5", "91*"], ["Douglass High", "90.1*", "80.5*"]]
    _, file = checked(csv_of(rows), "attendance.csv")
    assert (file.counts.kept, file.refused["cell"].tolist()) == (1, ["B3", "C2", "C3"])


THREE = ("Lincoln High", "Hope High", "Grant High")


@pytest.mark.parametrize(
    ("headers", "cells", "roles"),
    [
        (["Attendance %", "Suspension %"], ["90.5", "*"], ["value", "value"]),
        (["Attendance %", "D/F grades"], ["90.5", "n<10"], ["value", "value"]),
        (["Attendance %", "Suspension %"], ["90.5", "-"], ["value", "value"]),
        (["Present", "Enrolled"], ["*", "100"], ["numerator", "denominator"]),
        (["Absent", "Enrolled", "Absence rate"], ["*", "100", "*"], ["numerator", "denominator", "value"]),
    ],
)
def test_a_column_of_nothing_but_marks_is_suppressed_beside_values(
    headers: list[str], cells: list[str], roles: list[str]
) -> None:
    rows = [["School", "Date", *headers], *([name, "2025-09-01", *cells] for name in THREE)]
    recipe, file = checked(csv_of(rows), "week.csv")
    assert [column.role for column in recipe.columns[2:]] == roles
    assert file.counts.suppressed == 3
    assert set(file.observations["value"]) <= {0.905}


@pytest.mark.parametrize(("header", "mark"), [("Comments", "*"), ("Coach", "-"), ("Coach", "n/a")])
def test_a_column_of_marks_that_is_no_measure_is_left_out_and_said(header: str, mark: str) -> None:
    rows = [["School", "Date", "Attendance %", header], *([name, "2025-09-01", "90.5%", mark] for name in THREE)]
    _, proposal = proposed(csv_of(rows), "week.csv")
    assert proposal.recipe is not None and proposal.recipe.columns[3].role == "not used"
    assert f"“{header}” is not used: it holds only marks such as “{mark}”" in proposal.evidence


def test_weeks_of_nothing_but_marks_are_weeks_beside_one_with_numbers() -> None:
    rows = [["School", "9/1/2025", "9/8/2025", "9/15/2025"], *([name, "91%", "*", "s"] for name in THREE)]
    recipe, file = checked(csv_of(rows), "attendance.csv")
    assert recipe.layout == "periods across"
    assert (file.counts.kept, file.counts.suppressed) == (3, 6)


def test_blank_cells_are_counted_apart() -> None:
    file = weekly("90.5", "", " ", "92.5")
    assert (file.counts.values, file.counts.blank) == (10, 2)


@pytest.mark.parametrize(
    ("cells", "unit", "value"),
    [
        (["93.5", "90", "88", "91"], "percent", 0.935),
        (["0.935", "0.9", "0.88", "0.91"], "fraction", 0.935),
        (["93.5%", "90%", "88 %", "91%"], "percent", 0.935),
        (["1", "0.9", "0.88", "0.91"], "fraction", 1.0),
    ],
)
def test_percent_and_fraction_are_told_apart(cells: list[str], unit: str, value: float) -> None:
    _, file = checked(csv_of([HEADER, ["Lincoln High", *cells], ["Douglass High", *cells]]), "attendance.csv")
    assert file.units == {"Attendance": unit}
    assert file.measures[0].unit == "percent"
    assert file.observations["value"][0] == pytest.approx(value)
    assert file.observations["file_value"][0] == float(cells[0].rstrip(" %"))


def test_93_in_a_column_of_fractions_is_refused_with_its_fix() -> None:
    rows = [["Lincoln High", "0.93", "93", "0.91", "0.9"]] + [
        [f"School {n}", "0.9", "0.91", "0.92", "0.93"] for n in range(30)
    ]
    _, file = checked(csv_of([HEADER, *rows]), "attendance.csv")
    assert file.refused["cell"].tolist() == ["C2"]
    assert "percent" in file.refused["fix"][0]


def test_an_unsure_unit_is_asked() -> None:
    _, proposal = proposed(csv_of([HEADER, *STEADY]), "week.csv")
    assert not proposal.certain
    assert "unit isn't sure" in str(proposal.questions[0])


def test_thousands_separators_and_decimal_commas() -> None:
    _, file = checked(csv_of([["School", "2023", "2024"], ["Lincoln High", "1,234", "2,000"]]), "contacts.csv")
    assert file.observations["value"].tolist() == [1234, 2000]
    _, file = checked(csv_of([["School", "2023", "2024"], ["Lincoln High", "93,5", "88,25"]], ";"), "attendance.csv")
    assert file.observations["file_value"].tolist() == [93.5, 88.25]


def test_fractions_as_text_are_numerator_and_denominator() -> None:
    _, file = checked(
        csv_of(
            [
                HEADER,
                ["Lincoln High", "18/22", "20/20", "0/5", "3/0"],
                ["Douglass High", "9/12", "8 of 12", "*", "13/12"],
            ]
        ),
        "on_track.csv",
    )
    found = file.observations[["numerator", "denominator"]].to_numpy().tolist()
    assert [18, 22] in found
    assert [8, 12] in found
    reasons = dict(zip(file.refused["cell"], file.refused["reason"], strict=True))
    assert reasons == {"E2": "The denominator is 0.", "E3": "13 of 12 is more than 100 %."}
    assert adds_up(file)


PARTS = ["School", "Week of", "Numerator", "Denominator", "Percent"]


def parts(*cells: object) -> Checked:
    good = [["Douglass High", f"2025-09-{day:02d}", 8 + day % 3, 20, (8 + day % 3) * 5] for day in range(1, 13)]
    return checked(csv_of([PARTS, ["Lincoln High", "2025-09-01", *cells], *good]), "on_track.csv")[1]


@pytest.mark.parametrize(
    ("cells", "cell", "said"),
    [
        ((30, 20, 150), "E2", "30 of 20 is more than 100 %."),
        ((30, 20, ""), "E2", "30 of 20 is more than 100 %."),
        ((-1, 20, 5), "C2", "-1 is less than 0."),
        ((0, 0, 0), "D2", "The denominator is 0."),
        ((5, "", ""), "D2", "There is a numerator but no denominator."),
        ((5, "many", 25), "D2", "“many” is not a number."),
    ],
)
def test_the_cell_that_is_wrong_is_named(cells: tuple[object, ...], cell: str, said: str) -> None:
    file = parts(*cells)
    assert (file.refused["cell"].tolist(), file.refused["reason"].tolist()) == ([cell], [said])
    assert adds_up(file)


def test_a_place_with_three_cells_is_counted_once() -> None:
    file = parts("*", 20, "")
    assert (file.counts.values, file.counts.suppressed) == (13, 1)
    assert parts("", 20, "").counts.blank == 1
    assert parts("", "", 45).observations["value"][0] == pytest.approx(0.45)


def test_dates_that_are_wrong_missing_or_in_the_future() -> None:
    rows = [["School", "Date", "Attendance rate"]] + [
        ["Lincoln High", f"2025-09-{day:02d}", 0.9] for day in range(1, 29)
    ]
    rows += [
        ["Lincoln High", "soon", 0.9],
        ["Lincoln High", "", 0.9],
        ["Lincoln High", "2026-12-01", 0.9],
        ["", "2025-09-01", 0.9],
    ]
    _, file = checked(csv_of(rows))
    assert file.refused[["cell", "value"]].to_numpy().tolist() == [
        ["B30", "soon"],
        ["C31", "0.9"],
        ["B32", "2026-12-01"],
        ["C33", "0.9"],
    ]
    assert file.refused["reason"].tolist() == [
        "“soon” can't be read as a date.",
        "The row has no date.",
        "“2026-12-01” lies in the future.",
        "The row says no school.",
    ]
    assert adds_up(file)


def test_two_values_for_one_school_and_date_are_both_refused_and_a_repeated_row_is_kept_once() -> None:
    rows = [["School", "Date", "Attendance rate"]] + [
        ["Lincoln High", f"2025-09-{day:02d}", 0.9] for day in range(1, 29)
    ]
    rows += [["Douglass High", f"2025-09-{day:02d}", 0.8] for day in range(1, 29)]
    rows += [["Lincoln High", "2025-09-01", 0.7], ["Douglass High", "2025-09-02", 0.8]]
    workbook = read_here(csv_of(rows))
    file = check(workbook, proposed(csv_of(rows))[1].recipe, KNOWN)  # type: ignore[arg-type]
    assert file.refused["cell"].tolist() == ["C2", "C58"]
    assert "C58" in file.refused["reason"][0]
    assert file.left_out_cells["cell"].tolist() == ["C59"]
    assert (file.counts.values, file.counts.kept) == (58, 55)
    assert adds_up(file)


def test_error_cells_and_formulas_of_excel_are_refused_by_address() -> None:
    def change(xml: bytes) -> bytes:
        xml = xml.replace(b'<c r="B2" t="n"><v>1</v></c>', b'<c r="B2" t="e"><v>#REF!</v></c>')
        return xml.replace(b'<c r="C2" t="n"><v>2</v></c>', b'<c r="C2"><f>B2+1</f></c>')

    workbook = read_here(with_sheet_xml(change))
    recipe = propose(read_here(with_sheet_xml(lambda xml: xml)), KNOWN).recipe
    file = check(workbook, recipe, KNOWN)  # type: ignore[arg-type]
    assert dict(zip(file.refused["cell"], file.refused["reason"], strict=True)) == {
        "B2": "The cell shows the error #REF!.",
        "C2": "The cell is a formula without a value.",
    }


def test_a_date_among_numbers_is_refused() -> None:
    rows = [
        ["School", "2023", "2024"],
        ["Lincoln High", 0.9, date(2025, 9, 12)],
        ["Douglass High", 0.8, 0.85],
        ["Hope High", 0.7, 0.75],
    ]
    _, file = checked(xlsx_of({"Data": rows}), "attendance.xlsx")
    assert file.refused["cell"].tolist() == ["C2"]
    assert "9/12" in file.refused["fix"][0]


def test_known_measures_are_met_by_name() -> None:
    mine = Measure(7, "ATTENDANCE", unit="percent", wanted="up", cadence="week")
    known = Known(measures=[mine], today=TODAY)
    _, file = checked(csv_of([HEADER, *STEADY]), "attendance.csv", known)
    assert file.measures == (mine,)
    assert checked(csv_of([HEADER, *STEADY]), "attendance.csv")[1].measures[0].draft


def test_what_is_counted_is_said_in_the_words_of_the_header() -> None:
    rows = [["", "", "Attendance", "Attendance"], ["School", "Date", "Days present *", "Days enrolled *"]]
    _, file = checked(csv_of([*rows, ["Lincoln High", "2025-09-01", 90, 100], ["Ash High", "2025-09-01", 80, 100]]))
    [measure] = file.measures
    assert (measure.numerator_words, measure.denominator_words) == ("Days present", "Days enrolled")


@pytest.mark.parametrize(
    ("days", "cadence"),
    [
        (1, "day"),
        (7, "week"),
        (14, "two weeks"),
        (17, "two weeks"),
        (18, "three weeks"),
        (21, "three weeks"),
        (34, "month"),
        (35, "five weeks"),
        (30, "month"),
        (91, "quarter"),
        (120, "term"),
        (365, "year"),
    ],
)
def test_the_cadence_is_guessed_from_the_dates(days: int, cadence: str) -> None:
    dates = pd.date_range("2020-01-06", periods=5, freq=f"{days}D").strftime("%Y-%m-%d")
    _, file = checked(csv_of([["School", "Date", "Attendance rate"]] + [["Lincoln High", day, 0.9] for day in dates]))
    assert file.measures[0].cadence == cadence


CELLS = st.sampled_from(
    [
        "",
        " ",
        "93.5",
        "0",
        "100",
        "100.1",
        "-1",
        "*",
        "NS",
        "snow",
        "abc",
        "#DIV/0!",
        "18/22",
        "3/0",
        "9/12",
        "n<10",
        "93%",
        "1,234",
        "2025-09-01",
        "x" * 70,
    ]
)
SCHOOLS = st.sampled_from(["", "Lincoln High", "Douglass High", "Franklin High", "TOTAL", "Average", "* a note"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(SCHOOLS, CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=12))
def test_every_filled_cell_is_counted_once(rows: list[tuple[str, ...]]) -> None:
    """In any grid: values = kept + suppressed + refused + left out, and values = filled cells."""
    whole = [HEADER, *STEADY, *[list(row) for row in rows]]
    workbook = read_here(csv_of(whole))
    proposal = propose(read_here(csv_of([HEADER, *STEADY])), KNOWN)
    file = check(workbook, proposal.recipe, KNOWN)  # type: ignore[arg-type]
    assert adds_up(file)
    filled = sum(1 for row in whole[1:] for cell in row[1:] if cell.strip())
    assert file.counts.values == filled
    assert not set(file.observations["school"]) & {"TOTAL", "Average", ""}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(SCHOOLS, st.sampled_from(["2025-09-01", "2025-09-08", "", "never", "2031-01-01"]), CELLS, CELLS),
        min_size=1,
        max_size=15,
    )
)
def test_every_place_of_a_tidy_table_is_counted_once(rows: list[tuple[str, ...]]) -> None:
    header = ["School", "Date", "Numerator", "Denominator"]
    good = [["Hope High", f"2025-09-{day:02d}", "9", "10"] for day in range(1, 9)]
    recipe = propose(read_here(csv_of([header, *good])), KNOWN).recipe
    file = check(read_here(csv_of([header, *good, *[list(row) for row in rows]])), recipe, KNOWN)  # type: ignore[arg-type]
    assert adds_up(file)
    assert file.counts.values == len(good) + sum(1 for row in rows if row[2].strip())


def test_a_week_that_stands_twice_is_no_silent_choice() -> None:
    header = ["School", "2025-09-01", "2025-09-08", "2025-09-08"]
    rows = [["Lincoln High", 0.9, 0.8, 0.7], ["Douglass High", 0.9, 0.8, 0.8]]
    file = check(
        read_here(csv_of([header, *rows])), proposed(csv_of([header, *rows]), "attendance.csv")[1].recipe, KNOWN
    )  # type: ignore[arg-type]
    assert file.counts.values == 6
    assert file.refused["cell"].tolist() == ["C2", "D2"]
    assert file.left_out_cells["cell"].tolist() == ["D3"]


def percents(*odd: object) -> Checked:
    rows = [[f"School {n}", *[88.5 + (n + week) % 7 for week in range(4)]] for n in range(12)]
    rows[0][1 : 1 + len(odd)] = odd
    return checked(csv_of([HEADER, *rows]), "attendance.csv")[1]


def test_a_zero_far_from_all_others_may_mean_not_collected() -> None:
    file = percents(0)
    assert file.refused[["cell", "reason"]].to_numpy().tolist() == [
        ["B2", "0 where no other value is below 88.5: it may mean “not collected”."]
    ]
    workbook, proposal = proposed(csv_of([["School", "2023", "2024"], ["A", 300, 310], *[["B", 0, 290]] * 1]), "n.csv")
    assert check(workbook, proposal.recipe, KNOWN).counts.refused == 0  # type: ignore[arg-type]


def test_zeros_are_counts_where_a_person_says_so() -> None:
    rows = [[f"School {n}", *[88.5 + (n + week) % 7 for week in range(4)]] for n in range(12)]
    rows[0][1] = 0
    workbook, proposal = proposed(csv_of([HEADER, *rows]), "attendance.csv")
    assert proposal.recipe is not None
    assert check(workbook, replace(proposal.recipe, zeros="counted"), KNOWN).counts.refused == 0


def test_zeros_near_other_small_values_are_counts() -> None:
    rows = [["School", "2021", "2022", "2023"]] + [[f"School {n}", n % 4, n % 3, 5] for n in range(12)]
    assert checked(csv_of(rows), "incidents.csv")[1].counts.refused == 0


def test_a_fraction_among_percents_is_refused() -> None:
    file = percents(0.93)
    assert file.refused["cell"].tolist() == ["B2"]
    assert "fraction of 1" in file.refused["reason"][0]


def test_one_slip_below_zero_changes_no_unit() -> None:
    rows = [[f"School {n}", *[0.885 + (n + week) % 7 / 100 for week in range(4)]] for n in range(12)]
    rows[0][1] = -0.2
    _, file = checked(csv_of([HEADER, *rows]), "attendance.csv")
    assert file.units == {"Attendance": "fraction"}
    assert file.refused["cell"].tolist() == ["B2"]


def test_a_year_typed_wrongly_stands_apart() -> None:
    rows = [["School", "Date", "Attendance rate"]] + [
        ["Lincoln High", f"2025-09-{day:02d}", 0.9] for day in range(1, 29)
    ]
    file = checked(csv_of([*rows, ["Lincoln High", "2015-09-29", 0.9], ["Hope High", "2024-10-01", 0.9]]))[1]
    assert file.refused[["cell", "value"]].to_numpy().tolist() == [["B30", "2015-09-29"]]
    assert "more than a year away" in file.refused["reason"][0]
