"""Marking a chart: each mark changes chart, sentence, table, CSV and alternative text together, and can be undone."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest

from lib.charts import run_chart
from lib.exports.table import points_csv, points_table
from lib.marks import CONDITIONS, ChartMark, Place, new_middle_line
from lib.screen import data
from lib.screen.look.marks import freeze_offers, wanted_way
from lib.store import marks
from lib.store.series import Choice
from lib.wording import Reading, alt_text, sentence

ATTENDANCE, OAK_STREET = 1, 15
HERE = Place(ATTENDANCE, OAK_STREET, 0)
SNOW = date(2025, 10, 6)
CALLS = date(2025, 9, 29)


@pytest.fixture
def opened(person):
    """The store that the page uses; `person` has set its place."""
    return data.database()


def read(place: Place = HERE, baseline: int = 0, **more: object) -> Reading:
    of = data.network(1)
    choice = Choice(
        1, (place.measure,), (place.school,) if place.school else (), (place.group,), pooled=not place.school
    )
    found = data.reading(of, Choice(**{**choice.__dict__, **more}), "anhoej", baseline)
    assert found is not None
    return found


def leave_out(day: date = SNOW, place: Place = HERE, text: str = "snow week") -> ChartMark:
    return ChartMark("leave out", place, day, text, period="week")


def everything(reading: Reading) -> dict[str, object]:
    """What each part shows of one reading."""
    drawn = run_chart(reading)
    return {
        "chart": drawn.data.drop(columns=["t_file", "t_cell", "t_upload"]).to_csv(),
        "alt": alt_text(reading),
        "table": points_table(reading).to_csv(),
        "csv": points_csv(reading),
    }


MARKS = {
    "leave out": leave_out(),
    "freeze": ChartMark("freeze", HERE, date(2024, 8, 19), "before the calls", last=date(2024, 12, 16)),
    "phase": ChartMark("phase", HERE, CALLS, "the calls began", name="With calls"),
    "note": ChartMark("note", HERE, SNOW, "=HYPERLINK(snow)", period="week"),
}


@pytest.mark.parametrize("kind", MARKS)
def test_each_mark_changes_everything_that_is_shown_and_undoing_it_changes_it_back(opened, kind) -> None:
    before = everything(read())
    number = marks.make(opened, 1, MARKS[kind], "Ana")
    after = everything(read())
    assert [part for part in before if before[part] == after[part]] == []
    marks.undo(opened, 1, number, "Ben")
    assert everything(read()) == before
    marks.redo(opened, 1, number, "Ben")
    assert everything(read()) == after


def test_the_numbers_of_table_csv_and_chart_agree_under_marks(opened) -> None:
    marks.make(opened, 1, MARKS["phase"], "Ana")
    marks.make(opened, 1, leave_out(), "Ana")
    reading = read()
    rows = list(csv.DictReader(io.StringIO(points_csv(reading).decode("utf-8-sig"))))
    table, dots = points_table(reading), run_chart(reading).data.query("kind == 'dot'").set_index("point")
    [out] = table.index[table["excluded"]].tolist()
    assert table["date"][out] == SNOW
    assert dots["tone"][out] == "excluded"
    assert rows[out]["excluded"] == "True"
    assert table["note"][out] in dots["t_note"][out]
    assert rows[out]["note"] == table["note"][out]
    assert "snow week (Ana" in table["note"][out]
    assert [float(row["middle"]) for row in rows] == pytest.approx(table["middle"].tolist())
    assert {row["phase"] for row in rows} == {"1", "2"}


def test_a_phase_has_its_own_median_from_its_first_point_and_the_old_line_is_a_ghost(opened) -> None:
    old = read().phases["median"].iloc[-1]
    assert "last 24 points" in sentence(read())
    marks.make(opened, 1, MARKS["phase"], "Ana")
    reading = read()
    first = reading.points.loc[reading.phases["first"].iloc[-1], "date"].date()
    assert first == CALLS
    assert sentence(reading).startswith("Usual ups and downs")
    lines = run_chart(reading).data.query("kind == 'middle'")
    ghost = lines[(lines["tone"] == "earlier") & (lines["dash"] == "dashed")]
    assert ghost.loc[ghost["x2"] == lines["x2"].max(), "y"].tolist() == [reading.phases["median"].iloc[0]]
    assert reading.phases["median"].iloc[-1] > old
    assert "With calls" in set(run_chart(reading).data["label"].dropna())
    assert not reading.by_school_year


def test_a_freeze_holds_for_all_later_points_and_the_years_do_not_matter(opened) -> None:
    frozen = MARKS["freeze"]
    marks.make(opened, 1, frozen, "Ana")
    reading = read()
    inside = reading.points["date"].dt.date.between(frozen.first, frozen.last)
    assert reading.phases["median"].tolist() == [reading.points["value"][inside].median()]
    assert not reading.by_school_year
    lines = run_chart(reading).data.query("kind == 'middle'")
    assert lines["dash"].tolist() == ["solid", "dashed"]


def test_the_board_and_the_chart_say_the_same(opened) -> None:
    marks.make(opened, 1, MARKS["phase"], "Ana")
    marks.make(opened, 1, leave_out(), "Ana")
    whole = data.charts(Choice(1, tuple(data.network(1).measures)))
    is_here = (whole.keys["measure"] == ATTENDANCE) & (whole.keys["school"] == OAK_STREET)
    phases = whole.phases
    on_board = phases[phases["series"].isin(whole.keys.index[is_here])].iloc[-1]
    alone = read().phases.iloc[-1]
    same = ["median", "n_points", "n_useful", "state", "fired", "longest_run", "phase"]
    assert on_board[same].tolist() == alone[same].tolist()


def test_marks_are_on_their_own_chart_only(opened) -> None:
    others = [Place(ATTENDANCE, 1, 0), Place(ATTENDANCE, 0, 0), Place(2, OAK_STREET, 0)]
    before = [everything(read(place)) for place in others]
    for one in MARKS.values():
        if one.kind != "phase":
            marks.make(opened, 1, one, "Ana")
    assert [everything(read(place)) for place in others] == before


def test_the_networks_own_line_can_be_marked(opened) -> None:
    pooled = Place(ATTENDANCE, 0, 0)
    marks.make(opened, 1, leave_out(place=pooled), "Ana")
    assert read(pooled).points["excluded"].sum() == 1
    some = data.reading(data.network(1), Choice(1, (ATTENDANCE,), (1, 2, 3), pooled=True), "anhoej", 0)
    assert some is not None and not some.points["excluded"].any()


def test_a_week_left_out_is_no_month_left_out(opened) -> None:
    marks.make(opened, 1, leave_out(date(2025, 12, 1)), "Ana")
    assert read().points["excluded"].sum() == 1
    assert not read(period="month").points["excluded"].any()


def test_as_it_was_seen_has_the_marks_and_the_data_of_then(opened) -> None:
    [(then,)] = opened.rows("select max(saved_at) from upload")
    before = everything(read())
    marks.make(opened, 1, leave_out(), "Ana")
    as_then = read(as_of=then)
    assert "As it was seen on" in alt_text(as_then)
    assert points_table(as_then).to_csv() == before["table"]
    assert read(as_of=datetime.now() + timedelta(days=2)).points["excluded"].sum() == 1
    assert data.reading(data.network(1), Choice(1, (1,), (15,), as_of=datetime(2020, 1, 1)), "anhoej", 0) is None


def test_last_year_is_what_this_year_is_read_against(opened) -> None:
    reading = read()
    last_year = reading.points["date"] < "2025-08-01"
    assert reading.by_school_year
    assert reading.phases["median"].tolist() == [reading.points["value"][last_year].median()]
    assert reading.points["in_baseline"].tolist() == (last_year & reading.points["value"].notna()).tolist()
    ends = run_chart(reading).data.query("kind == 'end'")["label"].tolist()
    assert any(label.startswith("Last year") for label in ends)
    assert "last school year" in alt_text(reading)


def test_a_chart_of_one_school_year_keeps_its_own_median(opened) -> None:
    reading = read(first=date(2025, 8, 1))
    assert not reading.by_school_year
    assert reading.phases["median"].tolist() == [reading.points["value"].median()]


def test_a_measure_can_have_a_new_line_each_school_year(opened) -> None:
    with opened.writing() as cursor:
        cursor.execute("update measure set new_line_each_year = true where id = 1")
    reading = read()
    assert len(reading.phases) == 2
    assert reading.phases["baseline_last"].tolist() == [-1, -1]


def test_the_median_of_all_points_is_still_one_choice_away(opened) -> None:
    marks.make(opened, 1, MARKS["freeze"], "Ana")
    reading = read(baseline=data.OWN_MEDIAN)
    assert reading.phases["median"].tolist() == [reading.points["value"].median()]


def test_freezing_is_offered_at_the_start_of_an_idea_with_eight_points_before_it(opened) -> None:
    first, last = freeze_offers(read())["At the start of Check-in calls"]
    assert (first, last < CALLS) == (date(2024, 8, 19), True)
    assert freeze_offers(read(first=date(2025, 9, 1))) == {}


def test_which_side_is_wanted(opened) -> None:
    assert wanted_way(read()) == 1
    assert wanted_way(read(Place(2, OAK_STREET, 0))) == -1
    assert wanted_way(read(Place(7, OAK_STREET, 0))) in (-1, 0, 1)


def test_notes_are_numbered_on_the_chart_in_the_order_of_their_days(opened) -> None:
    marks.make(opened, 1, ChartMark("note", HERE, date(2026, 1, 14), "new schedule"), "Ben")
    marks.make(opened, 1, MARKS["note"], "Ana")
    reading = read()
    flags = run_chart(reading).data.query("kind == 'note'")
    assert flags["label"].tolist() == ["1", "2"]
    assert flags["t_note"].tolist() == ["=HYPERLINK(snow)", "new schedule"]
    assert "14 Jan 2026: new schedule" in alt_text(reading)
    assert any("new schedule" in row["note"] for row in points_table(reading).to_dict("records"))
    assert b",=HYPERLINK" not in points_csv(reading)


# on the page


def marking(person, **address):
    person.open("look/run_chart", measure=ATTENDANCE, school=OAK_STREET, **address)
    person.app.get("button_group")[0].set_value("marks").run()
    assert not person.app.exception
    return person


def write(person, label, text):
    next(field for field in person.app.text_input if field.label == label).set_value(text)
    return person


def test_a_point_is_left_out_undone_and_redone_on_the_page(person) -> None:
    marking(person).choose("Mark this chart", "leave out").choose("Point", SNOW)
    write(write(person, "Your name", "Ana"), "Reason", "snow week").press("Leave a point out")
    assert "6 Oct 2025 left out: snow week" in person.text()
    assert "Ana, " in person.text()
    assert "excluded" in set(person.charts()[0][1]["tone"].dropna())
    person.press("Undo")
    assert "undone by Ana" in person.text()
    assert "excluded" not in set(person.charts()[0][1]["tone"].dropna())
    person.press("Redo")
    assert "excluded" in set(person.charts()[0][1]["tone"].dropna())
    [events] = [frame.value for frame in person.app.dataframe]
    assert events["what"].tolist() == ["made", "undone", "redone"]


def test_a_mark_without_a_reason_is_refused_in_words(person) -> None:
    marking(person).choose("Mark this chart", "leave out")
    person.press("Leave a point out")
    assert "A reason is missing" in person.text()
    assert "Nothing is marked on this chart yet" in person.text()


def test_a_note_is_listed_under_the_chart(person) -> None:
    marking(person)
    write(person, "Note", "<b>snow</b> & *ice*").press("Write a note")
    assert "&lt;b&gt;snow&lt;/b&gt; &amp; *ice*" in person.text()
    assert "1 · " in person.text()


def test_a_new_middle_line_needs_all_ticks(person) -> None:
    marking(person)
    write(person, "Name of the new line", "With calls")
    next(field for field in person.app.text_input if field.key.startswith("new_line_reason")).set_value("It lasts")
    person.press("Start the new middle line")
    assert "Not all four conditions are ticked" in person.text()
    for box in person.app.checkbox:
        box.check()
    person.press("Start the new middle line")
    assert "“With calls”: a phase begins on" in person.text()
    assert "A lasting change: the last 24" not in person.text()


def test_a_shift_the_other_way_asks_what_changed(person) -> None:
    """At Dover Prep High more grades are a D or an F, and fewer are wanted."""
    person.open("look/run_chart", measure=2, school=4)
    assert "lasting change up, other way" in person.text()
    person.app.get("button_group")[0].set_value("marks").run()
    labels = [box.label for box in person.app.get("expander")]
    assert any(label.startswith("What changed around") for label in labels)
    assert not any("new middle line" in label for label in labels)


def test_as_seen_on_another_day_nothing_can_be_marked(person) -> None:
    marking(person, as_of=date.today().isoformat())
    assert "To mark something, empty" in person.text()
    assert "As it was seen on" in person.text()


def test_a_frozen_stretch_is_offered_at_the_start_of_the_idea(person) -> None:
    marking(person).choose("Mark this chart", "freeze")
    write(person, "Reason", "before the calls").press("Freeze the middle line")
    assert "Middle line frozen from 19 Aug 2024" in person.text()
    assert "Last year" not in set(person.charts()[0][1]["label"].dropna())


def test_a_suggested_line_is_a_phase_with_its_name(opened) -> None:
    line = new_middle_line(HERE, CALLS, "With calls", "It lasts", CONDITIONS)
    marks.make(opened, 1, line, "Ana")
    assert read().starts[0].name == "With calls"


def test_present_shows_the_notes_numbered_as_under_the_chart(person, opened) -> None:
    marks.make(opened, 1, MARKS["note"], "Ana")
    said = "1 · 6 Oct 2025: =HYPERLINK(snow) (Ana)"
    assert said in person.open("look/run_chart", measure=ATTENDANCE, school=OAK_STREET).text()
    assert said in person.open("look/present").text()
