"""Bringing in a spreadsheet: shown before it is saved, every refused cell by its address, nothing wrong gets in."""

import io
import os
from pathlib import Path

import openpyxl

from lib.screen.bring import new_schools
from lib.store import Database
from tests.intake import locking

TIDY = "\n".join(
    [
        "school,date,present,enrolled",
        *(f"Birch High,2025-09-{day:02},{80 + day % 5},100" for day in (1, 8, 15, 22)),
        "Birch High,2025-09-29,abc,100",
        "TOTAL,2025-09-29,333,400",
    ]
).encode()


def grid() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Oct"
    sheet.append(["Coaching visits held, 2025-26"])
    sheet.append([])
    sheet.append(["School", "9/8/2025", "9/15/2025", "9/22/2025"])
    sheet.append(["Birch High", 3, 4, "abc"])
    sheet.append(["Cedar High", 5, "snow", 2])
    sheet.append(["Total", 8, 4, 2])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def counts(path: str) -> list[tuple[int, ...]]:
    database = Database(path)
    found = database.rows("select kept, suppressed, refused, left_out from upload order by id desc limit 1")
    database.close()
    return found


def test_what_will_be_kept_is_shown_before_anything_is_saved(person):
    text = person.open("bring/spreadsheet").upload("week.csv", TIDY).text()
    assert "<strong>6 values</strong> = 4 kept + 0 suppressed + 1 refused + 1 left out" in text


def test_a_refused_cell_is_named_with_its_address(person):
    person.open("bring/spreadsheet").upload("week.csv", TIDY)
    refused = next(table.value for table in person.app.dataframe if "reason" in table.value and "fix" in table.value)
    assert refused["cell"].tolist() == ["C6"]
    assert "abc" in refused["value"].tolist()


def test_a_file_of_another_kind_is_refused_in_plain_words_and_a_name_never_matters(person):
    person.open("bring/spreadsheet").upload("week.json", b'[{"school": "Birch High", "rate": 0.9}]')
    assert "This is a JSON file, not a spreadsheet. Choose a CSV or Excel file." in person.text().replace("\\", "")
    assert "4 kept" in person.upload("week.dat", TIDY).text()


def test_saving_says_how_much_and_the_chart_is_there(person):
    person.open("bring/spreadsheet").upload("week.csv", TIDY).press("Save 4 values")
    assert "Saved 4 values" in person.text()
    person.app.switch_page("pages/look/run_chart.py").run()
    assert any("Birch High" in str(option) for box in person.app.selectbox for option in box.options)


def test_what_was_guessed_of_a_new_measure_is_said_before_it_is_saved(person):
    text = person.open("bring/spreadsheet").upload("visits.xlsx", grid(), "application/vnd.ms-excel").text()
    assert "Drafts, to be confirmed under Definitions. Coaching visits held: count, wanted none, by week." in text


def test_a_week_grid_is_read_with_its_title_total_and_snow_day(person):
    text = person.open("bring/spreadsheet").upload("visits.xlsx", grid(), "application/vnd.ms-excel").text()
    assert "<strong>9 values</strong> = 4 kept + 0 suppressed + 1 refused + 4 left out" in text


def test_what_is_no_spreadsheet_is_refused_in_words(person):
    text = person.open("bring/spreadsheet").upload("holiday.csv", b"\x89PNG\r\n\x1a\n" + bytes(200)).text()
    assert "holiday" in text


def test_a_locked_workbook_asks_for_its_password_and_forgets_it(person):
    person.open("bring/spreadsheet").upload("visits.xlsx", locking.agile(grid(), "Schule 12"), "application/zip")
    assert "This workbook has a password." in person.text() and not person.app.error
    person.app.text_input[0].set_value("schule 12")
    person.press("Open the workbook")
    assert "does not open the workbook" in person.app.error[0].value
    person.app.text_input[0].set_value("Schule 12")
    person.press("Open the workbook").press("Save 4 values")
    assert "Saved 4 values" in person.text() and not person.app.error
    assert "Schule 12" not in repr(person.app.session_state) + person.text()
    database = Path(os.environ["STEPBACK_DATABASE"])
    assert not any(b"Schule 12" in path.read_bytes() for path in database.parent.glob("own.duckdb*"))


def test_names_from_the_file_are_shown_as_text(person):
    hostile = TIDY.replace(b"Birch High", b"<img src=x onerror=alert(1)> ![x](http://e.test/i.png)")
    person.open("bring/spreadsheet").upload("week.csv", hostile)
    html = "".join(element.proto.body for element in person.app.get("html"))
    assert "<img src=x" not in html
    assert "&lt;img src=x" in html
    assert not any("![x]" in element.value for element in person.app.markdown)


def scores(n_weeks):
    days = ["9/8/2025", "9/15/2025", "9/22/2025"][:n_weeks]
    rows = [["School", *days], ["Ash Grove High", *[80, 81, 82][:n_weeks]], ["Bayview High", *[70, 71, 72][:n_weeks]]]
    return "\n".join(",".join(map(str, row)) for row in rows).encode()


def test_the_next_workbook_of_a_kind_is_read_as_last_time(person):
    person.open("bring/spreadsheet").upload("score wk 36.csv", scores(2))
    person.choose("In the file as", "percent").press("Save 4 values")
    person.upload("score wk 37.csv", scores(3))
    text = person.text()
    assert "Read as last time: Score wk." in text
    assert "2 new, 0 changed, 4 unchanged, 0 not in this file" in text
    assert "New measures" not in text
    assert not person.app.warning[1:], "nothing is asked"
    person.press("Read it anew")
    assert "Read anew. Last time it was read as Score wk." in person.text()
    person.press("Read as last time")
    assert next(box.value for box in person.app.selectbox if box.label == "In the file as") == "percent"


def attendance_of(*names):
    return "\n".join(["school,date,present,enrolled", *(f"{name},2026-03-16,80,100" for name in names)]).encode()


def schools_of(path):
    database = Database(path)
    found = database.rows("select name from school order by id")
    database.close()
    return [name for (name,) in found]


def test_a_school_that_is_spelled_almost_alike_is_asked_about_and_the_answer_is_remembered(person):
    path = os.environ["STEPBACK_DATABASE"]
    person.open("bring/spreadsheet").upload("week.csv", attendance_of("Ash Grve HS", "Zebra Bay High"))
    assert "1 of the new schools is written almost like one you have" in person.text()
    [save] = [button for button in person.app.button if button.label == "Save 2 values"]
    assert save.disabled
    person.choose("“Ash Grve HS” is", 1)
    assert "New schools (1): Zebra Bay High" in person.text()
    person.press("Save 2 values")
    assert schools_of(path)[-1] == "Zebra Bay High"
    person.upload("week.csv", attendance_of("Ash Grve HS"))
    assert "written almost like" not in person.text()
    assert "New schools" not in person.text()


def test_new_schools_of_one_file_that_are_spelled_almost_alike_are_asked_about(person):
    path = os.environ["STEPBACK_DATABASE"]
    weeks = [f"{name},2026-03-{day:02},80,100" for name, day in (("Zebra HS", 2), ("Zebra High School", 9))]
    person.open("bring/spreadsheet").upload("week.csv", "\n".join(["school,date,present,enrolled", *weeks]).encode())
    assert "1 of the new schools is written almost like another one in this file" in person.text()
    [save] = [button for button in person.app.button if button.label == "Save 2 values"]
    assert save.disabled
    person.choose("“Zebra High School” is", 1)
    assert "New schools (1): Zebra HS" in person.text()
    person.press("Save 2 values")
    assert schools_of(path)[-1] == "Zebra HS" and "Zebra High School" not in schools_of(path)
    person.upload("week.csv", attendance_of("Zebra High School"))
    assert "written almost like" not in person.text() and "New schools" not in person.text()


def test_of_very_many_like_names_the_likeliest_are_asked_about_and_it_is_said(person, monkeypatch):
    monkeypatch.setattr(new_schools, "MOST_ASKED", 1)
    person.open("bring/spreadsheet").upload("week.csv", attendance_of("Ash Grve HS", "Bay View High"))
    text = person.text()
    assert "2 of the new schools are written almost like one you have" in text
    assert "The 1 likeliest are asked about; the others come in as new." in text
    person.choose("“Bay View High” is", 1)
    assert "New schools (1): Ash Grve HS" in person.text()


def test_all_may_be_called_new_at_once(person):
    person.open("bring/spreadsheet").upload("week.csv", attendance_of("Ash Grve HS", "Bayvew High"))
    person.press("All of these are new schools").press("Save 2 values")
    assert schools_of(os.environ["STEPBACK_DATABASE"])[-2:] == ["Ash Grve HS", "Bayvew High"]


def test_pasted_cells_go_the_road_of_a_file(person):
    person.open("bring/spreadsheet")
    person.app.text_area[0].set_value(TIDY.decode().replace(",", "\t"))
    box = next(box for box in person.app.text_input if box.label.startswith("What is it"))
    box.set_value("Birch 9/12")
    person.press("Read these cells")
    assert "<strong>6 values</strong> = 4 kept + 0 suppressed + 1 refused + 1 left out" in person.text()
    person.press("Save 4 values")
    assert "Saved 4 values from Birch 9 12" in person.text().replace("\\", "")
    assert person.app.text_area[0].value == ""


def test_the_refused_cells_are_offered_as_a_workbook(person):
    person.open("bring/spreadsheet").upload("week.csv", TIDY)
    assert any(one.label.startswith("Workbook to send back") for one in person.app.get("download_button"))


def test_a_zero_that_may_mean_not_collected_comes_in_when_a_person_says_so(person):
    weeks = [f"Birch High,2025-09-{day:02},{0 if day == 15 else 88 + day % 7}.5%" for day in range(1, 25)]
    weeks[14] = "Birch High,2025-09-15,0%"
    data = "\n".join(["school,date,attendance", *weeks]).encode()
    person.open("bring/spreadsheet").upload("week.csv", data)
    assert "23 kept" in person.text()
    assert "24 kept" in person.press("These zeros are counts: keep them").text()


def test_of_a_table_of_many_numbers_one_measure_is_chosen(person):
    clubs = [f"Club {letter} members" for letter in "ABCDEFGHIJKLMN"]
    rows = [["school", "week", *clubs], *(["Birch High", f"2025-09-{day:02}", *range(10, 24)] for day in (1, 8))]
    data = "\n".join(",".join(map(str, row)) for row in rows).encode()
    person.open("bring/spreadsheet").upload("clubs.csv", data)
    assert "14 columns hold numbers" in person.text()
    [measures] = [box for box in person.app.multiselect if box.label == "Measures to bring in"]
    measures.set_value(["Club C members"]).run()
    assert "<strong>2 values</strong> = 2 kept" in person.text()
    assert "14 columns hold numbers" not in person.text(), "what is answered is no longer asked"
    person.press("Save 2 values")
    assert "Saved 2 values" in person.text()


def test_two_counts_are_read_as_one_share_or_as_two_counts_by_a_click(person):
    rows = [f"Birch High,2025-09-{day:02},{20 + day},{day}" for day in (1, 8, 15, 22, 29)]
    data = "\n".join(["school,week,total calls,calls returned", *rows]).encode()
    person.open("bring/spreadsheet").upload("phone log.csv", data)
    assert "is never more than “Total calls”" in person.text()
    person.press("Read as two counts, not as one share: “calls returned” of “total calls”")
    assert "<strong>10 values</strong> = 10 kept" in person.text()
    assert "is never more than" not in person.text()
    person.press("Read as one share: “calls returned” of “total calls”").press("Save 5 values")
    assert "Saved 5 values" in person.text()


def test_a_file_of_which_nothing_can_be_kept_yet_is_shown_with_its_question(person):
    data = b"school,calls\nBirch High,5\nCedar High,6\n"
    person.open("bring/spreadsheet").upload("calls.csv", data)
    assert "No column and no title says the date" in person.text()
    assert any("sb-sheet" in element.proto.body for element in person.app.get("html"))
    assert not any(one.label.startswith("Workbook to send back") for one in person.app.get("download_button"))


def test_a_blank_school_is_the_one_above_at_a_click(person):
    rows = ["Birch High,2025-09-01,80,100", ",2025-09-08,81,100", "Cedar High,2025-09-01,70,90", ",2025-09-08,71,90"]
    data = "\n".join(["school,week,present,enrolled", *rows]).encode()
    person.open("bring/spreadsheet").upload("week.csv", data)
    assert "2 kept + 0 suppressed + 2 refused" in person.text()
    person.press("A blank school cell means the school above it").press("Save 4 values")
    assert "Saved 4 values" in person.text()


def test_a_survey_is_shown_and_kept_as_counts_only(person):
    rows = ["Timestamp,Email Address,School,I belong here"]
    rows += [
        f"2025-09-0{1 + n % 5} 09:00:00,kid{n}@school.example,Birch High,{'Agree' if n % 3 else 'Disagree'}"
        for n in range(30)
    ]
    rows[4] = rows[4].replace("Agree", "ask Ana").replace("Disagree", "ask Ana")
    person.open("bring/spreadsheet").upload("survey.csv", "\n".join(rows).encode())
    text = person.text()
    assert "<strong>30 answers</strong> = 29 kept (they make 1 values)" in text
    assert "kid" not in text
    person.press("Save 1 values")
    database = Database(os.environ["STEPBACK_DATABASE"])
    stored = str([database.rows(f"select * from {table}") for table in ("refused_cell", "observation", "upload")])
    database.close()
    assert "Ana" not in stored
    assert "kid" not in stored
