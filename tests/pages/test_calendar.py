"""The calendar's page: a file fills the table, problems are said by row and column, saving changes the charts."""

import io
import os
from datetime import date

import openpyxl
import pandas as pd
import pytest

from lib import intake
from lib.problems import CannotContinue
from lib.screen.bring.calendar_rows import from_file, from_table
from lib.store import Database, calendar
from lib.store.calendar import Entry
from tests.intake import locking
from tests.pages.conftest import XLSX

HEADER = "district,kind,name,first,last\n"
GOOD = (
    "District,Kind,Name,First,Last\n"
    ",Term,Fall 2025,2025-08-18,2025-12-19\n"
    "valley,break,Fall break,10/13/2025,10/17/2025\n"
    "\n"
    "all,No count,Testing week,2025-10-20,2025-10-24\n"
    ",no-count,,2025-11-11,\n"
)
BAD = (
    HEADER + "Vally,break,Fall break,2025-10-06,2025-10-10\n,holiday,X,2025-11-01,\n,break,Y,3/4/2026,soon\n,term,T,,\n"
)
DISTRICTS = ["Lakeshore", "Valley"]

READ = [
    Entry("", "term", "Fall 2025", date(2025, 8, 18), date(2025, 12, 19)),
    Entry("Valley", "break", "Fall break", date(2025, 10, 13), date(2025, 10, 17)),
    Entry("", "no-count", "Testing week", date(2025, 10, 20), date(2025, 10, 24)),
    Entry("", "no-count", "", date(2025, 11, 11), date(2025, 11, 11)),
]


def bare(entries):
    return [Entry(one.district, one.kind, one.name, one.first, one.last) for one in entries]


def stored(network=1):
    """What is in the database of the page; it is open in this process."""
    with_path = Database(os.environ["STEPBACK_DATABASE"])
    return calendar.entries(with_path, network)


# Reading rows


def read(text, name="calendar.csv"):
    entries, problems = from_file(intake.read(text.encode(), name), DISTRICTS)
    return bare(entries), [str(problem) for problem in problems]


def test_a_file_is_read_with_its_dates_districts_and_kinds_as_people_write_them():
    assert read(GOOD) == (READ, [])


def test_problems_of_a_file_name_row_and_column():
    _, problems = read(BAD)
    assert problems == [
        "Row 4, first: “3/4/2026” can be two dates. Write dates as 2026-09-14.",
        "Row 4, last: “soon” is not a date. Write dates as 2026-09-14.",
        "Row 5, first: The first day is missing. Write dates as 2026-09-14.",
        "Row 2, district: No school is in a district “Vally”. Did you mean “Valley”?",
        "Row 3, kind: “holiday” is no kind of entry. Write term, break or no-count.",
    ]


def test_rows_are_numbered_as_in_the_file_where_lines_stand_above_and_between():
    _, problems = read("\n" + HEADER + "\n,break,A,2025-10-01,2025-09-01\n")
    assert problems[0].startswith("Row 4, last: It ends on 2025-09-01")


def test_slashes_are_read_by_the_dates_that_decide_them():
    entries, problems = read(HEADER + ",break,A,3/9/2026,3/13/2026\n")
    assert (entries[0].first, problems) == (date(2026, 3, 9), [])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("district,kind,name,first\n,break,A,2025-10-01\n", "no column “last”. Name the columns district, kind, name"),
        ("name,score\nA,1\n", "no column “kind”"),
        (HEADER + ",break,A,2025-10-01,\n" * 1001, "It has 1,001 rows"),
    ],
)
def test_a_file_that_is_no_calendar(text, why):
    with pytest.raises(CannotContinue, match=why):
        read(text)


def test_a_workbook_is_read_by_its_first_sheet(tmp_path):
    frame = pd.DataFrame(
        [[None, "break", "Winter break", pd.Timestamp(2025, 12, 22), pd.Timestamp(2026, 1, 2)]],
        columns=["district", "kind", "name", "first", "last"],
    )
    path = tmp_path / "calendar.xlsx"
    with pd.ExcelWriter(path) as writer:
        frame.to_excel(writer, sheet_name="Days", index=False)
        frame.assign(kind="nonsense").to_excel(writer, sheet_name="Other", index=False)
    entries, problems = from_file(intake.read(path.read_bytes(), path.name), DISTRICTS)
    assert bare(entries) == [Entry("", "break", "Winter break", date(2025, 12, 22), date(2026, 1, 2))]
    assert problems == []


def table(*rows):
    return pd.DataFrame(rows, columns=["district", "kind", "name", "first", "last"])


def test_the_table_of_the_page_is_read_as_it_stands():
    first, last = pd.Timestamp(2025, 10, 6), pd.Timestamp(2025, 10, 10)
    entries, problems = from_table(
        table(
            ["every district", "break", "A", first, last],
            ["Valley", "no-count", None, first, pd.NaT],
            [None, "break", None, pd.NaT, pd.NaT],  # a row that was only begun
            ["Valley", "break", "B", pd.NaT, last],
        ),
        DISTRICTS,
    )
    assert bare(entries) == [
        Entry("", "break", "A", first.date(), last.date()),
        Entry("Valley", "no-count", "", first.date(), first.date()),
    ]
    assert [str(problem) for problem in problems] == [
        "Row 4, first: The first day is missing. Write dates as 2026-09-14."
    ]


def test_an_overlap_in_the_table_names_both_rows():
    days = [pd.Timestamp(2025, 10, day) for day in (6, 10, 8, 12)]
    _, problems = from_table(table(["", "break", "A", *days[:2]], ["Valley", "break", "B", *days[2:]]), DISTRICTS)
    assert [str(problem) for problem in problems] == ["Row 2: “B” overlaps “A” (Row 1). Change one of the dates."]


# The page


def unescaped(person):
    """The texts of the page as they look: what is escaped for markdown is shown as it is."""
    return person.text().replace("\\", "")


def test_the_page_says_what_is_in_the_calendar(person):
    text = person.open("bring/calendar").text()
    assert "4 terms, 11 breaks, 0 no-count entries" in text
    assert "Outside every term, which is fine: Winter break (23 Dec 2024), Summer (9 Jun 2025)" in text
    [save] = [button for button in person.app.button if button.label == "Save"]
    assert save.disabled


def test_a_file_fills_the_table_and_is_kept_only_when_saved(person):
    before = person.open("bring/calendar") and stored()
    text = person.upload("calendar.csv", GOOD.encode()).text()
    assert "4 rows are in the table, from calendar.csv" in unescaped(person)
    assert "1 term, 1 break, 2 no-count entries" in text
    assert stored() == before
    text = person.press("Save").text()
    assert "Saved 4 entries" in text
    assert stored() == READ


def test_a_file_with_problems_says_them_and_changes_nothing(person):
    before = person.open("bring/calendar") and stored()
    text = unescaped(person.upload("calendar.csv", BAD.encode()))
    assert "calendar.csv, Row 3, kind: “holiday” is no kind of entry" in text
    assert "4 terms, 11 breaks" in text
    assert stored() == before


def test_a_picture_is_refused_in_words(person):
    text = unescaped(person.open("bring/calendar").upload("calendar.xlsx", b"\x89PNG\r\n" + bytes(50), XLSX))
    assert "This is a picture, not a spreadsheet" in text


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_locked_file_asks_for_its_password_and_forgets_it(person):
    data = workbook(["kind", "name", "first", "last"], ["term", "Fall", "2026-08-17", "2026-12-18"])
    person.open("bring/calendar").upload("calendar.xlsx", locking.agile(data, "Schule 12"), XLSX)
    assert "This workbook has a password." in person.text() and not person.app.error
    [box] = [one for one in person.app.text_input if one.label == "Password"]
    box.set_value("schule 12")
    assert "does not open the workbook" in person.press("Open the workbook").app.error[0].value
    [box] = [one for one in person.app.text_input if one.label == "Password"]
    box.set_value("Schule 12")
    text = person.press("Open the workbook").text()
    assert "1 row is in the table, from calendar.xlsx" in unescaped(person)
    assert "Schule 12" not in repr(person.app.session_state) + text


def links(person):
    return [one.proto.label for one in person.app.get("page_link")]


def test_unsaved_rows_are_said_there_and_on_other_pages_until_they_are_saved(person):
    text = person.open("bring/calendar").upload("calendar.csv", GOOD.encode()).text()
    assert "Not saved yet: 14 rows." in text
    assert "Unsaved rows: Calendar" not in links(person)
    person.app.switch_page("pages/bring/uploads.py").run()
    assert "Unsaved rows: Calendar" in links(person)
    person.app.switch_page("pages/bring/calendar.py").run()
    assert "Not saved yet: 14 rows." in person.text()
    person.press("Save").app.switch_page("pages/bring/uploads.py").run()
    assert "Unsaved rows: Calendar" not in links(person)


def test_what_was_before_can_be_put_back(person):
    before = person.open("bring/calendar") and stored()
    person.upload("calendar.csv", GOOD.encode()).press("Save")
    assert "15 entries; changed by" in person.text()
    person.press("Put in the table").press("Save")
    assert stored() == before


def test_a_saved_break_is_on_the_chart(person):
    person.open("bring/calendar").upload("calendar.csv", GOOD.encode()).press("Save")
    person.app.switch_page("pages/look/run_chart.py").run()
    [(_, data, _)] = person.choose("School", 3).charts()
    assert set(data.loc[data["kind"] == "break name", "label"]) == {"Fall break"}


def test_a_no_count_week_is_on_no_chart(person):
    [(_, data, _)] = person.open("look/run_chart", measure=1, school=1).charts()
    assert "20 Oct" in str(data["t_when"].tolist())
    person.app.switch_page("pages/bring/calendar.py").run()
    person.upload("calendar.csv", GOOD.encode()).press("Save")
    person.app.switch_page("pages/look/run_chart.py").run()
    [(_, data, _)] = person.charts()
    assert "20 Oct" not in str(data["t_when"].tolist())
