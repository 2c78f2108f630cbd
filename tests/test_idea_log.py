"""A log of tests of change: what can be read is read, what can't is named by its place, nothing is guessed."""

from datetime import date

import pytest

from lib import idea_log, intake
from lib.improvement import TestOfChange
from lib.problems import CannotContinue

SCHOOLS = {"Oak Street High": 1, "Ash Grove High": 2}
HEADER = "Notes,Change idea,Driver,School,Start,End,Stage,Prediction,What happened,What was learned,Decision"


def read(*rows, header=HEADER):
    text = "\n".join(["Our log", "", header, *rows])
    return idea_log.from_log(intake.read(text.encode(), "log.csv"), SCHOOLS)


def test_a_row_is_read_with_every_word_of_it():
    tests, problems = read(
        "x,Check-in calls,Every day,oak street  high,2025-09-29,2025-11-03,Adapting,Up 3,Up 2,Short,Go on"
    )
    assert problems == []
    start, end = date(2025, 9, 29), date(2025, 11, 3)
    assert tests == [
        TestOfChange("Check-in calls", 1, start, end, "adapting", "Up 3", "Up 2", "Short", "Go on", "Every day")
    ]


def test_a_short_log_is_enough_and_its_stage_is_testing():
    tests, problems = read("Ash Grove High,9/29/2025,Calls", header="School,Start,CHANGE IDEA")
    assert problems == [] and tests == [TestOfChange("Calls", 2, date(2025, 9, 29))]


@pytest.mark.parametrize(
    ("row", "where", "what"),
    [
        (",Calls,,Oak Stret High,2025-09-29,,,,,,", "cell D4", "There is no school “Oak Stret High”."),
        (",Calls,,,2025-09-29,,,,,,", "cell D4", "The school is missing."),
        (",,Every day,Oak Street High,2025-09-29,,,,,,", "cell B4", "The change idea is missing."),
        (",Calls,,Oak Street High,,,,,,,", "cell E4", "The start is missing."),
        (",Calls,,Oak Street High,soon,,,,,,", "cell E4", "“soon” is not a date."),
        (",Calls,,Oak Street High,05/09/2025,,,,,,", "cell E4", "“05/09/2025” can be two dates."),
        (",Calls,,Oak Street High,2025-09-29,2025-09-01,,,,,", "cell F4", "The end lies before the start."),
        (",Calls,,Oak Street High,2025-09-29,,great,,,,", "cell G4", "“great” is no stage."),
        (f",{'x' * 2001},,Oak Street High,2025-09-29,,,,,,", "cell B4", "It has more than 2,000 letters."),
    ],
)
def test_what_cannot_be_read_is_named_by_its_cell(row, where, what):
    tests, [problem] = read(row)
    assert tests == [] and problem.where.endswith(where) and problem.what == what and problem.fix


def test_a_near_school_is_offered_and_never_taken():
    _, [problem] = read(",Calls,,Oak Stret High,2025-09-29,,,,,,")
    assert problem.fix == "Did you mean “Oak Street High”?"


def test_one_test_twice_and_two_drivers_of_one_idea_are_told():
    row = ",Calls,{},Oak Street High,2025-09-29,,,,,,"
    tests, [problem] = read(row.format("A"), row.format("A"))
    assert len(tests) == 1 and problem.where.endswith("cell B5") and "stand at" in problem.what
    _, [problem] = read(row.format("A"), ",calls,B,Ash Grove High,2025-09-29,,,,,,")
    assert problem.where.endswith("cell C5") and "another driver" in problem.what


def test_one_idea_has_one_spelling():
    tests, _ = read(",Calls,,Oak Street High,2025-09-29,,,,,,", ",CALLS,,Ash Grove High,2025-09-29,,,,,,")
    assert {test.idea for test in tests} == {"Calls"}


SINCE = "Change idea,School,Start,Stage,Stage since"
ROW = "Calls,Oak Street High,2025-09-01,{}"


def test_a_stage_since_a_day_was_tested_before():
    [test], problems = read(ROW.format("Adopted,2025-11-03"), header=SINCE)
    assert problems == [] and test.stages == (("testing", date(2025, 9, 1)), ("adopted", date(2025, 11, 3)))


def test_rows_of_one_test_are_its_stages():
    rows = [ROW.format(told) for told in ("Planned,2025-08-20", "Adopted,2025-11-03", "Adapting,2025-10-06")]
    [test], problems = read(*rows, header=SINCE)
    assert problems == [] and test.stage == "adopted"
    assert [stage for stage, _ in test.stages] == ["planned", "testing", "adapting", "adopted"]


def test_a_stage_before_the_start_is_no_stage_of_the_test():
    tests, [problem] = read(ROW.format("Adopted,2025-08-20"), header=SINCE)
    assert tests == [] and problem.where.endswith("cell E4") and "began before the start" in problem.what
    [planned], _ = read(ROW.format("planned,2025-08-20"), header=SINCE)
    assert planned.stages == (("planned", date(2025, 8, 20)),)


TESTED = (("testing", date(2025, 9, 1)), ("adapting", date(2025, 10, 6)))


@pytest.mark.parametrize(
    ("stage", "since", "stages"),
    [
        ("adapting", "2025-10-06", TESTED),
        ("adapting", "2025-10-13", (TESTED[0], ("adapting", date(2025, 10, 13)))),
        ("adopted", "2025-10-06", (*TESTED, ("adopted", date.today()))),
        ("adopted", "2025-11-03", (*TESTED, ("adopted", date(2025, 11, 3)))),
        ("testing", "2025-09-01", TESTED[:1]),
        ("abandoned", "2025-10-01", (TESTED[0], ("abandoned", date(2025, 10, 1)))),
    ],
)
def test_a_change_of_stage_adds_to_the_stages_kept(stage, since, stages):
    texts = {"idea": "Calls", "school": "Oak Street High", "start": "2025-09-01", "stage": stage, "since": since}
    [test], problems = idea_log.checked([idea_log.Row(texts, {}, TESTED)], SCHOOLS)
    assert problems == [] and test.stages == stages


def test_a_corrected_start_takes_the_stage_that_began_with_it_along():
    texts = {"idea": "Calls", "school": "Oak Street High", "stage": "testing", "since": "2025-09-01"}
    for start in ("2025-08-25", "2025-09-08"):
        [test], problems = idea_log.checked([idea_log.Row({**texts, "start": start}, {}, TESTED[:1])], SCHOOLS)
        assert problems == [] and test.stages == (("testing", date.fromisoformat(start)),)


def test_a_file_without_a_log_says_how_its_header_looks():
    with pytest.raises(CannotContinue) as refused:
        idea_log.from_log(intake.read(b"School,Rate\nA,1\n", "a.csv"), SCHOOLS)
    assert "Change idea, Driver, School, Start" in str(refused.value)
