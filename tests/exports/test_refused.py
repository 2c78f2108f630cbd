"""The workbook that goes back to the school: like the one sent, with each refused cell marked and explained."""

import csv
import io
from datetime import date, datetime

import openpyxl
import pytest

from lib import intake
from lib.exports.refused import LIST, mergeable, refused_workbook
from lib.exports.sheet_names import sheet_names
from lib.intake import Known
from lib.problems import CannotContinue
from tests.hostile_names import NAMES
from tests.intake.other_formats import ods_cell, ods_with

KNOWN = Known(today=date(2026, 6, 1))


def sent(path=None, wrong=True):
    """A week grid with a title, merged header, a date, and two cells that are wrong."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Oct ’25"
    sheet.append(["Coaching visits held, 2025-26"])
    sheet.merge_cells("A1:D1")
    sheet.append([])
    sheet.append(["School", datetime(2025, 9, 8), datetime(2025, 9, 15), datetime(2025, 9, 22)])
    sheet.append(["Birch High", 3, 4, "abc" if wrong else 6])
    sheet.append(["=1+1 High", 5, "snow", -2 if wrong else 2])
    sheet["A5"].data_type = "s"
    for place in range(4):
        sheet.append([f"School {place}", 3, 4, 5])
    notes = book.create_sheet("Instructions")
    notes.append(["Type visits."])
    notes.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def looked_at(data, name="visits.xlsx"):
    workbook = intake.read(data, name)
    recipe = intake.propose(workbook, KNOWN).recipe
    return workbook, recipe, intake.check(workbook, recipe, KNOWN)


def texts(workbook):
    return {sheet.name: [sheet.row(row) for row in range(1, sheet.n_rows + 1)] for sheet in workbook.sheets}


def made(data, name="visits.xlsx"):
    workbook, _, checked = looked_at(data, name)
    return refused_workbook(workbook, checked.refused)


def test_each_refused_cell_is_marked_and_explained():
    book = openpyxl.load_workbook(io.BytesIO(made(sent())))
    sheet = book["Oct ’25"]
    assert [cell.coordinate for row in sheet for cell in row if cell.comment] == ["D4", "D5"]
    assert "“abc” is not a number. Type a number, or clear the cell." in sheet["D4"].comment.text
    assert sheet["D4"].fill.start_color.rgb == "FFFFD7A8"
    assert sheet["C4"].fill.fill_type is None


def test_everything_else_stands_where_it_stood():
    before = texts(intake.read(sent(), "visits.xlsx"))
    after = texts(intake.read(made(sent()), "back.xlsx"))
    listed = after.pop(LIST)
    assert after == before
    assert [row[:2] for row in listed[3:]] == [["Oct ’25", "D4"], ["Oct ’25", "D5"]]


def test_merged_cells_and_hidden_tabs_stay_so():
    book = openpyxl.load_workbook(io.BytesIO(made(sent())))
    assert [str(one) for one in book["Oct ’25"].merged_cells.ranges] == ["A1:D1"]
    assert book["Instructions"].sheet_state == "hidden"


def test_corrected_and_sent_back_it_is_read_without_a_refusal():
    book = openpyxl.load_workbook(io.BytesIO(made(sent())))
    book["Oct ’25"]["D4"], book["Oct ’25"]["D5"] = 6, 2
    out = io.BytesIO()
    book.save(out)
    _, _, back = looked_at(out.getvalue(), "back.xlsx")
    _, _, right = looked_at(sent(wrong=False))
    columns = ["school_name", "date", "value"]
    assert len(back.refused) == 0
    assert back.observations[columns].to_numpy().tolist() == right.observations[columns].to_numpy().tolist()


def test_the_list_leads_to_the_cell_whatever_the_tab_is_called():
    book = openpyxl.load_workbook(io.BytesIO(sent()))
    book["Oct ’25"].title = "Ash's visits"
    out = io.BytesIO()
    book.save(out)
    listed = openpyxl.load_workbook(io.BytesIO(made(out.getvalue())))[LIST]
    assert (listed["B4"].value, listed["B4"].hyperlink.location) == ("D4", "'Ash''s visits'!D4")


def test_a_text_that_is_too_long_for_a_cell_is_cut_and_not_lost():
    data = made(
        b"school,date,visits,note\nAsh,2025-09-01,3,%s\nBirch,2025-09-01,abc,\nElm,2025-09-01,2,\n" % (b"x" * 40_000)
    )
    assert len(openpyxl.load_workbook(io.BytesIO(data)).worksheets[1]["D2"].value) == 32_767


def test_a_day_before_excel_has_days_stays_a_text():
    day = ods_cell(None, 'office:value-type="date" office:date-value="1850-03-01"')
    lines = [["School", "Founded", "2025-09-08", "2025-09-15"], *([f"School {n}", None, 3, 4] for n in range(5))]
    lines[2][3] = "abc"
    rows = ["".join(map(ods_cell, line)) for line in lines]
    rows[1:] = [row.replace("<table:table-cell />", day) for row in rows[1:]]
    data = ods_with("".join(f"<table:table-row>{row}</table:table-row>" for row in rows))
    sheet = openpyxl.load_workbook(io.BytesIO(made(data, "visits.ods"))).worksheets[1]
    assert sheet["B2"].value == "1850-03-01" and sheet["D3"].comment is not None


def test_no_text_of_the_file_becomes_a_formula_or_a_link():
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["school", "date", "visits"])
    writer.writerows([[name, f"2025-09-{place + 1:02}", "abc"] for place, name in enumerate(NAMES)])
    writer.writerows([[f"School {n}", "2025-09-08", n] for n in range(40)])
    data = made(text.getvalue().encode(), "hostile.csv")
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert all(cell.hyperlink.target is None for cell in cells if cell.hyperlink)


def test_a_csv_keeps_codes_as_texts_and_numbers_as_numbers():
    data = made(
        b"school id,school,date,visits\n007,Ash,2025-09-01,3\n012,Birch,2025-09-01,abc\n013,Elm,2025-09-01,2\n", "v.csv"
    )
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[1]
    assert (sheet["A2"].value, sheet["D2"].value, sheet["D3"].value) == ("007", 3, "abc")
    assert sheet["D3"].comment is not None


def test_a_cell_that_is_empty_can_be_refused_too():
    data = made(b"school,date,present,enrolled\nAsh,2025-09-01,3,4\nBirch,2025-09-01,3,\nElm,2025-09-01,3,4\n", "v.csv")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[1]
    assert "no denominator" in sheet["D3"].comment.text
    assert sheet["D3"].fill.start_color.rgb == "FFFFD7A8"


def test_ranges_that_meet_or_leave_the_sheet_are_not_merged():
    sheet = intake.read(sent(), "v.xlsx").sheets[0]
    whole, inside, meets, outside = (0, 0, 0, 3), (3, 0, 4, 1), (4, 1, 4, 2), (0, 0, 1048575, 16383)
    odd = type(sheet)(sheet.name, True, sheet.n_rows, sheet.columns, (outside, whole, inside, meets))
    assert mergeable(odd) == [whole, inside]


def test_several_tables_of_a_tab_stay_in_one_tab():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Visits"
    for title, wrong in (("Visits in North", 9), ("Visits in South", "abc")):
        sheet.append([title])
        sheet.append(["School", "2025-09-01", "2025-09-08", "2025-09-15"])
        for number in range(6):
            sheet.append([f"{title[-5:]} {number} High", number, 4, wrong if number == 2 else 5])
        sheet.append([])
    out = io.BytesIO()
    book.save(out)
    workbook, _, checked = looked_at(out.getvalue())
    assert len(workbook.sheets) == 2
    made_tabs = openpyxl.load_workbook(io.BytesIO(refused_workbook(workbook, checked.refused)))
    assert made_tabs.sheetnames == [LIST, "Visits"]
    back = made_tabs["Visits"]
    assert [[cell.value for cell in row] for row in back][:17] == [[cell.value for cell in row] for row in sheet][:17]
    assert [cell.coordinate for row in back for cell in row if cell.comment] == ["D14"]


def test_a_workbook_too_large_to_mark_is_refused_in_words(monkeypatch):
    monkeypatch.setattr("lib.exports.refused.MOST_CELLS", 10)
    with pytest.raises(CannotContinue, match="too many to mark"):
        made(sent())


@pytest.mark.parametrize(
    "texts", [NAMES, ["x" * 40, "x" * 40, "X" * 40], ["a/b", "a:b", "a b"], ["'", "''", "History"]]
)
def test_any_text_becomes_a_name_that_a_tab_may_have(texts):
    names = sheet_names(texts)
    assert len({name.casefold() for name in names}) == len(texts)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") and name[0] != "'" for name in names)
