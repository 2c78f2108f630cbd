"""The log of tests of change as the schools' teams wrote it: what they predicted, saw, learned and decided.

What a team writes is what it saw in a few weeks at its own school. It need not be what is true: two of the teams with
an idle idea report good news.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sample_data.invented import IDEAS, SampleIdea

COLUMNS = (
    "Change idea",
    "Driver",
    "School",
    "Start",
    "End",
    "Stage",
    "Stage since",
    "Prediction",
    "What happened",
    "What was learned",
    "Decision",
)


@dataclass(frozen=True)
class Entry:
    """What one team wrote. `weeks` is how long the test ran, 0: it still runs. An idea that was adopted or adapted was
    tested for WEEKS_OF_TESTING before."""

    stage: str
    happened: str
    learned: str
    decision: str
    weeks: int = 0


TOLD: dict[str, tuple[Entry, ...]] = {
    "Check-in calls": (
        Entry(
            "adopted",
            "Attendance rose in the second week and stayed up.",
            "Calls before 8:30 reach more families.",
            "Adopt. Two counselors share the calls.",
        ),
        Entry(
            "adopted",
            "More students came on Mondays.",
            "With 21 students one call list is enough.",
            "Adopt for the rest of the year.",
        ),
        Entry(
            "adapting",
            "Attendance rose, but calls took 50 minutes a day.",
            "Texting first saves half of the calls.",
            "Adapt: text first, call those who do not answer.",
        ),
        Entry(
            "adopted",
            "Attendance rose by about 5 percentage points.",
            "Students like being missed.",
            "Adopt, and show Garfield High how.",
        ),
        Entry(
            "adopted",
            "The weekly count rose within a month.",
            "Calls in the home language matter most.",
            "Adopt. Ask the district for an interpreter line.",
        ),
        Entry("testing", "First weeks look good.", "", "Go on to winter break and look again."),
        Entry("testing", "Too early to say.", "The list must be ready by 8:15.", "Go on."),
    ),
    "Grading conferences": (
        Entry(
            "adopted",
            "Fewer D or F grades at the next two counts.",
            "Ten minutes with each student is enough.",
            "Adopt in all ninth-grade courses.",
        ),
        Entry(
            "adapting",
            "Some teachers held them, some did not.",
            "It needs a free period.",
            "Adapt: one free period a week.",
        ),
        Entry(
            "adopted", "D or F grades fell in every course.", "Students did not know which work was missing.", "Adopt."
        ),
        Entry("adopted", "The count fell and stayed down.", "Bring the grade book to the talk.", "Adopt."),
        Entry(
            "adopted", "Fewer D grades; F grades fell later.", "Start with the students nearest to passing.", "Adopt."
        ),
        Entry("testing", "The first count is the lowest in two years.", "", "Go on for two more counts."),
    ),
    "Hallway greeters": (
        Entry(
            "adapting",
            "Friendlier mornings. Attendance went up and down as before.",
            "Students ask for it.",
            "Keep it for the mood, not for attendance.",
        ),
        Entry("abandoned", "No change that we can see.", "Staff were missing elsewhere.", "Abandon.", 8),
        Entry("testing", "One very good week.", "", "Go on."),
        Entry("abandoned", "No change.", "Half of our students come by bus at one time.", "Abandon.", 6),
        Entry("testing", "Attendance went down, though not because of this, we think.", "", "Look again in spring."),
        Entry("testing", "Too early to say.", "", "Go on."),
    ),
    "Goal-setting cards": (
        Entry("abandoned", "The cards were lost in bags.", "A card without a talk does little.", "Abandon.", 9),
        Entry("abandoned", "No change at the next two counts.", "", "Abandon.", 10),
        Entry(
            "adapting", "Students liked them.", "Cards on the wall are read more often.", "Adapt: cards on the wall."
        ),
        Entry("abandoned", "No change.", "", "Abandon.", 6),
        Entry("testing", "Not clear.", "", "Go on for two more counts."),
    ),
    "Family text reminders": (
        Entry("adopted", "Two very good weeks.", "Short texts are read.", "Adopt."),
        Entry("abandoned", "Same number of families reached.", "Many numbers were out of date.", "Abandon.", 10),
        Entry("testing", "Up and down.", "Numbers must be checked first.", "Go on."),
        Entry("testing", "No change so far.", "", "Go on."),
        Entry("testing", "Too early to say.", "", "Go on."),
        Entry("testing", "Too early to say.", "", "Go on."),
    ),
    "Extra homework club": (
        Entry("adopted", "The room is full every week.", "Snacks help.", "Adopt."),
        Entry(
            "adapting",
            "Full room, but students say they have more homework.",
            "Teachers set more when there is a club.",
            "Adapt: agree on a limit for homework.",
        ),
        Entry("adopted", "Well liked.", "", "Adopt."),
        Entry("testing", "Students stay until five.", "", "Go on."),
    ),
}

PLANNED = (
    ("Check-in calls", "Kingman High", date(2026, 4, 6), date(2026, 2, 2)),
    ("Check-in calls", "Summit High", date(2026, 4, 20), date(2026, 2, 23)),
    ("Grading conferences", "Vista High", date(2026, 3, 30), date(2026, 2, 9)),
)
"""Tests that a team has planned and not begun: for which day, and on which day they planned it."""

WEEKS_OF_TESTING = {"adapting": 6, "adopted": 8}


def _row(
    idea: SampleIdea, school: str, start: date, entry: Entry, planned_on: date | None = None
) -> tuple[object, ...]:
    end = start + timedelta(weeks=entry.weeks) - timedelta(days=3) if entry.weeks else None
    since = planned_on or end or start + timedelta(weeks=WEEKS_OF_TESTING.get(entry.stage, 0))
    told = (entry.stage, since, idea.prediction, entry.happened, entry.learned, entry.decision)
    return (idea.name, idea.driver, school, start, end, *told)


def rows() -> list[tuple[object, ...]]:
    """The log in the order of the starts, one row per test of change, in the order of COLUMNS."""
    begun = [
        _row(idea, school, start, entry)
        for idea in IDEAS
        for (school, start), entry in zip(idea.starts.items(), TOLD[idea.name], strict=True)
    ]
    ideas = {idea.name: idea for idea in IDEAS}
    planned = [
        _row(ideas[name], school, start, Entry("planned", "", "", ""), on) for name, school, start, on in PLANNED
    ]
    return sorted(begun + planned, key=lambda row: (row[3], row[0], row[2]))
