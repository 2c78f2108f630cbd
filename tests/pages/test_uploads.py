"""The uploads page: what came in and what it changed; an upload that is undone changes every chart, and comes back."""

import pytest

WEEKS = "\n".join(
    ["school,date,present,enrolled", *(f"Birch High,2025-09-{day:02},{80 + day % 5},100" for day in (1, 8))]
)
LATER = (
    WEEKS.replace("2025-09-08,83", "2025-09-08,90") + "\nBirch High,2025-09-15,abc,100\nBirch High,2025-09-22,95,100"
)


@pytest.fixture
def own(person):
    """A network of one's own with two uploads."""
    person.start_own("Own network")
    for name, text in (("attendance.csv", WEEKS), ("attendance.tsv", LATER)):
        person.app.switch_page("pages/bring/spreadsheet.py").run()
        person.upload(name, text.encode())
        person.press(next(button.label for button in person.app.button if button.label.startswith("Save ")))
    person.app.switch_page("pages/bring/uploads.py").run()
    assert not person.app.exception
    return person


def table(person, column):
    return next(frame.value for frame in person.app.dataframe if column in frame.value)


def fill(person, **texts):
    for box in person.app.text_input:
        if box.label in texts:
            box.set_value(texts[box.label])


def test_each_upload_is_listed_with_file_who_and_counts(own):
    listed = table(own, "file")
    assert listed["file"].tolist() == ["attendance.tsv", "attendance.csv"]
    assert listed["kept"].tolist() == [3, 2]
    assert "2 uploads. The newest: attendance.tsv" in own.text()
    assert "4 values</strong> = 3 kept + 0 suppressed + 1 refused + 0 left out" in own.text()
    assert "1 new, 1 changed, 1 unchanged; 0 stored before" in own.text()


def test_what_changed_is_shown_by_school_period_and_cell(own):
    changed = table(own, "before")
    assert changed[["school", "period", "before", "here", "cell"]].to_numpy().tolist() == [
        ["Birch High", "8 Sep 2025", "83 % (83 of 100)", "90 % (90 of 100)", "C3"]
    ]


def test_undo_says_what_it_does_and_redo_brings_it_back(own):
    assert "Goes back to what was stored before: 1 value. Goes away: 1 value." in own.text()
    fill(own, Reason="the wrong week")
    own.press("Undo this upload")
    assert table(own, "file")["state"].tolist() == ["undone", ""]
    assert "the wrong week" in own.text()
    fill(own, Reason="it was right")
    own.press("Redo this upload")
    assert "state" not in table(own, "file")


def test_without_a_reason_nothing_is_undone(own):
    own.press("Undo this upload")
    assert "A reason is missing" in own.text()
    assert "state" not in table(own, "file")


def test_the_address_opens_one_upload(person):
    text = person.open("bring/uploads", upload=1).text()
    assert "<strong>" in text
    assert table(person, "file")["upload"].max() >= 1


def test_an_empty_network_says_what_the_page_will_show(person):
    person.start_own("Empty network")
    person.app.switch_page("pages/bring/uploads.py").run()
    assert "Each file that comes in is listed here" in person.text()


def test_the_file_of_an_upload_is_asked_for_to_mark_its_refused_cells(own):
    own.app.session_state["upload_opened"] = "refused"
    own.app.run()
    assert table(own, "reason")["cell"].tolist() == ["C4"]
    own.upload("attendance.csv", WEEKS.encode())
    assert "It is not the file of upload" in own.text()
    own.upload("attendance.tsv", LATER.encode())
    assert any(one.label.startswith("Workbook to send back") for one in own.app.get("download_button"))
