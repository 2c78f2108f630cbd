"""The template: filled in as people do and brought in, it asks nothing and every value is the one that was typed."""

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from lib import intake
from lib.exports.template import GUIDE, Wanted, days_off, template_workbook
from lib.intake import Known
from lib.measures import CADENCES, UNITS, Measure, School
from lib.periods import between
from lib.store.calendar import Entry
from tests.hostile_names import NAMES

SCHOOLS = [School(1, "Ash High", "A1", "North"), School(2, "Birch High", "", "South"), School(3, "Cedar Prep", "C1")]
TERMS = [date(2024, 8, 19), date(2025, 1, 6)]
CALENDAR = [
    Entry("", "term", "Fall", date(2024, 8, 19), date(2024, 12, 20)),
    Entry("", "break", "Winter break", date(2024, 12, 23), date(2025, 1, 3)),
    Entry("South", "break", "Fall break", date(2024, 10, 14), date(2024, 10, 18)),
    Entry("", "no-count", "Snow", date(2024, 11, 12), date(2024, 11, 12)),
]
TYPED = {"percent": (93, 87.5, 100), "rate": (0.4, 1.25, 3), "count": (0, 4, 12), "number": (-1.5, 2, 7.25)}
TYPED |= {"hours": (0.5, 1, 2.5), "minutes": (10, 45, 30.5)}


def wanted(measure, by_counts=False, last=date(2025, 5, 30)):
    days = between(measure.cadence, date(2024, 8, 19), last, 8, TERMS)
    return Wanted(measure, tuple(days[:40]), by_counts)


def filled(made, values):
    """The workbook with values typed in: by sheet, schools down from the first row, parts across."""
    book = openpyxl.load_workbook(io.BytesIO(made))
    for sheet, rows in values.items():
        labels = [cell.value for cell in book[sheet][2]]
        first = labels.index("Measure") + 2
        for row, numbers in enumerate(rows, start=4):
            for place, number in enumerate(numbers):
                book[sheet].cell(row, first + place).value = number
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def brought_in(data, measures, schools=SCHOOLS):
    workbook = intake.read(data, "template.xlsx")
    known = Known(measures=tuple(measures), today=date(2026, 1, 1))
    proposal = intake.propose(workbook, known)
    assert proposal.questions == ()
    assert proposal.certain
    return intake.check(workbook, proposal.recipe, known)


@pytest.mark.parametrize("unit", UNITS)
def test_each_unit_is_read_as_it_was_typed(unit):
    measure = Measure(1, f"Some {unit}", unit=unit, cadence="week")
    made = template_workbook("Net", SCHOOLS, [wanted(measure)], CALENDAR)
    checked = brought_in(filled(made, {measure.name: [[number] for number in TYPED[unit]]}), [measure])
    scale = 100 if unit == "percent" else 1
    found = checked.observations
    assert found[["school_name", "value"]].to_numpy().tolist() == [
        [school.name, pytest.approx(number / scale)] for school, number in zip(SCHOOLS, TYPED[unit], strict=True)
    ]
    assert found["date"].dt.date.unique().tolist() == [date(2024, 8, 19)]
    assert checked.measures == (measure,)
    assert (len(checked.refused), len(checked.left_out_rows)) == (0, 0)


@pytest.mark.parametrize("by_counts", [False, True])
@pytest.mark.parametrize("cadence", CADENCES)
def test_each_cadence_has_its_periods_and_all_are_read(cadence, by_counts):
    measure = Measure(1, "On track", unit="percent", cadence=cadence)
    one = wanted(measure, by_counts)
    made = template_workbook("Net", SCHOOLS, [one], CALENDAR)
    numbers = [[n for _ in one.days for n in ((9, 10) if by_counts else (90,))] for _ in SCHOOLS]
    checked = brought_in(filled(made, {"On track": numbers}), [measure])
    found = checked.observations
    assert sorted(found["date"].dt.date.unique().tolist()) == list(one.days)
    assert len(found) == len(SCHOOLS) * len(one.days)
    assert found["value"].unique().tolist() == [0.9]
    assert found["numerator"].notna().all() == by_counts


def test_several_measures_come_in_together_and_empty_sheets_say_nothing():
    measures = [
        Measure(1, "D/F grades", unit="percent", cadence="three weeks"),
        Measure(2, "Homework hours", unit="hours", cadence="week"),
        Measure(3, "Summary of visits", unit="count", cadence="month"),
    ]
    asked = [wanted(one, by_counts=one.unit == "percent") for one in measures]
    made = template_workbook("Net", SCHOOLS, asked, CALENDAR)
    values = {"D F grades": [[3, 20, 4, 20]], "Summary of visits": [[5], [6]]}
    found = brought_in(filled(made, values), measures).observations
    assert sorted(found[["measure", "school_name", "value"]].to_numpy().tolist()) == [
        ["D/F grades", "Ash High", 0.15],
        ["D/F grades", "Ash High", 0.2],
        ["Summary of visits", "Ash High", 5],
        ["Summary of visits", "Birch High", 6],
    ]


def test_marks_and_slips_are_told_by_their_cells():
    measure = Measure(1, "Attendance", unit="percent", cadence="week")
    made = template_workbook("Net", SCHOOLS, [wanted(measure)], CALENDAR)
    checked = brought_in(filled(made, {"Attendance": [["*", 93], [101, 90], ["snow day", 0]]}), [measure])
    assert (checked.counts.kept, checked.counts.suppressed, checked.counts.left_out) == (3, 1, 1)
    assert checked.refused[["sheet", "cell"]].to_numpy().tolist() == [["Attendance", "C5"]]


def test_percents_that_are_all_small_are_asked_about():
    measure = Measure(1, "Attendance", unit="percent", cadence="week")
    made = filled(
        template_workbook("Net", SCHOOLS, [wanted(measure)], CALENDAR), {"Attendance": [[0.93], [0.9], [0.88]]}
    )
    proposal = intake.propose(intake.read(made, "t.xlsx"), Known(measures=(measure,), today=date(2026, 1, 1)))
    assert not proposal.certain
    assert "All its values are 1 or less" in str(proposal.questions[0])


def test_two_schools_of_one_name_are_told_apart_by_their_codes():
    schools = [School(1, "P.S. 253", "A1"), School(2, "P.S. 253", "A2")]
    measure = Measure(1, "Visits", unit="count", cadence="week")
    made = template_workbook("Net", schools, [wanted(measure)], CALENDAR)
    found = brought_in(filled(made, {"Visits": [[3], [4]]}), [measure]).observations
    assert found[["school_code", "value"]].to_numpy().tolist() == [["A1", 3], ["A2", 4]]


def test_headers_are_locked_values_are_open_and_schools_come_from_a_list():
    measure = Measure(1, "Attendance", unit="percent", cadence="week")
    book = openpyxl.load_workbook(io.BytesIO(template_workbook("Net", SCHOOLS, [wanted(measure)], CALENDAR)))
    sheet = book["Attendance"]
    assert sheet.protection.sheet and not sheet.protection.password
    assert sheet["C2"].protection.locked and sheet["C3"].protection.locked and sheet["B4"].protection.locked
    assert not sheet["A4"].protection.locked
    assert not sheet.column_dimensions["C"].protection.locked
    assert sheet.freeze_panes == "B4"
    kinds = {str(rule.sqref): (rule.type, rule.formula1) for rule in sheet.data_validations.dataValidation}
    assert kinds["A4:A6"] == ("list", "Lists!$A$1:$A$3")
    assert [cell.value for cell in book["Lists"]["A"]] == [school.name for school in SCHOOLS]
    assert book.sheetnames[0] == GUIDE


def test_weeks_that_do_not_count_are_gray_for_the_schools_that_are_off():
    measure = Measure(1, "Attendance", unit="percent", cadence="week")
    one = wanted(measure)
    sheet = openpyxl.load_workbook(io.BytesIO(template_workbook("Net", SCHOOLS, [one], CALENDAR)))["Attendance"]
    gray = {
        (sheet.cell(row, 1).value, one.days[place].isoformat())
        for row in range(4, 7)
        for place in range(len(one.days))
        if sheet.cell(row, place + 3).fill.fill_type
    }
    winter = {(school.name, day) for school in SCHOOLS for day in ("2024-12-23", "2024-12-30")}
    assert gray == winter | {("Birch High", "2024-10-14")}
    assert date(2024, 11, 12) in days_off(CALENDAR, "North")


def test_hostile_names_are_texts_and_come_back_as_they_were():
    schools = [School(place, " ".join(name.split()), f"c{place}") for place, name in enumerate(NAMES, start=1)]
    schools = [one for one in schools if one.name and not one.name.startswith("'")]
    measures = [
        Measure(1, "=1+1", unit="count", cadence="month"),
        Measure(2, "a[0]*b?", unit="count", cadence="month"),
    ]
    made = template_workbook("=cmd()", schools, [wanted(one) for one in measures], CALENDAR)
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert {cell.data_type for sheet in book for row in sheet for cell in row if cell.value is not None} <= {
        "s",
        "n",
        "d",
    }
    found = brought_in(filled(made, {"=1+1": [[7]] * len(schools)}), measures).observations
    assert set(found["measure"]) == {"=1+1"}
    assert len(found) == len(schools)


def test_a_template_of_measures_that_are_not_known_is_read_as_any_other_file():
    measure = Measure(1, "Attendance", unit="percent", cadence="week")
    made = filled(template_workbook("Net", SCHOOLS, [wanted(measure)], CALENDAR), {"Attendance": [[93], [90], [88]]})
    known = Known(measures=(replace(measure, name="Another"),), today=date(2026, 1, 1))
    proposal = intake.propose(intake.read(made, "t.xlsx"), known)
    assert "template" not in " ".join(proposal.evidence)
