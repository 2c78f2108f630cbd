"""The plan of the invented network: its schools, its calendar, and the truths that are hidden in its numbers."""

from dataclasses import dataclass
from datetime import date, timedelta

SEED = 20240830
"""Every random number comes from this seed. It was chosen among fourteen for few lucky flags; README.md says so too."""

INVENTED = "Invented numbers for a sample network. No real school, student or family is behind them."

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class SampleSchool:
    name: str
    code: str
    district: str
    setting: str
    ninth_graders: int

    @property
    def size(self) -> str:
        if self.ninth_graders < 60:
            return "small"
        return "large" if self.ninth_graders >= 200 else "medium"


LAKESHORE, VALLEY = "Lakeshore", "Valley"

SCHOOLS = (
    SampleSchool("Ash Grove High", "L01", LAKESHORE, "city", 164),
    SampleSchool("Bayview High", "L02", LAKESHORE, "city", 212),
    SampleSchool("Cedar Hill High", "V01", VALLEY, "town", 138),
    SampleSchool("Dover Prep High", "V02", VALLEY, "rural", 21),
    SampleSchool("Eastside High", "L03", LAKESHORE, "city", 187),
    SampleSchool("Fulton High", "L04", LAKESHORE, "city", 243),
    SampleSchool("Garfield High", "V03", VALLEY, "town", 152),
    SampleSchool("Harbor High", "L05", LAKESHORE, "city", 118),
    SampleSchool("Irving High", "V04", VALLEY, "town", 176),
    SampleSchool("Jefferson High", "L06", LAKESHORE, "city", 268),
    SampleSchool("Kingman High", "V05", VALLEY, "rural", 97),
    SampleSchool("Lakeside High", "L07", LAKESHORE, "suburb", 205),
    SampleSchool("Mercer High", "V06", VALLEY, "town", 144),
    SampleSchool("Northgate High", "L08", LAKESHORE, "suburb", 231),
    SampleSchool("Oak Street High", "L09", LAKESHORE, "city", 156),
    SampleSchool("Prairie View High", "V07", VALLEY, "rural", 84),
    SampleSchool("Quarry Ridge High", "V08", VALLEY, "rural", 112),
    SampleSchool("Riverside High", "L10", LAKESHORE, "suburb", 194),
    SampleSchool("Summit High", "V09", VALLEY, "rural", 76),
    SampleSchool("Tremont High", "L11", LAKESHORE, "city", 171),
    SampleSchool("Union Park High", "V10", VALLEY, "town", 159),
    SampleSchool("Vista High", "V11", VALLEY, "town", 133),
    SampleSchool("Westbrook High", "L12", LAKESHORE, "suburb", 222),
    SampleSchool("York Street High", "V12", VALLEY, "town", 45),
)


# The calendar


@dataclass(frozen=True)
class Stretch:
    """A term or a break, first and last day; without a district it holds for both."""

    kind: str
    name: str
    first: date
    last: date
    district: str = ""


CALENDAR = (
    Stretch("term", "Fall 2024", date(2024, 8, 19), date(2024, 12, 20)),
    Stretch("break", "Fall break", date(2024, 10, 7), date(2024, 10, 11), VALLEY),
    Stretch("break", "Thanksgiving break", date(2024, 11, 25), date(2024, 11, 29)),
    Stretch("break", "Winter break", date(2024, 12, 23), date(2025, 1, 3)),
    Stretch("term", "Spring 2025", date(2025, 1, 6), date(2025, 6, 6)),
    Stretch("break", "Spring break", date(2025, 3, 24), date(2025, 3, 28), LAKESHORE),
    Stretch("break", "Spring break", date(2025, 4, 14), date(2025, 4, 18), VALLEY),
    Stretch("break", "Summer", date(2025, 6, 9), date(2025, 8, 15)),
    Stretch("term", "Fall 2025", date(2025, 8, 18), date(2025, 12, 19)),
    Stretch("break", "Fall break", date(2025, 10, 6), date(2025, 10, 10), VALLEY),
    Stretch("break", "Thanksgiving break", date(2025, 11, 24), date(2025, 11, 28)),
    Stretch("break", "Winter break", date(2025, 12, 22), date(2026, 1, 2)),
    Stretch("term", "Spring 2026", date(2026, 1, 5), date(2026, 6, 5)),
    Stretch("break", "Spring break", date(2026, 3, 23), date(2026, 3, 27), LAKESHORE),
    Stretch("break", "Spring break", date(2026, 4, 13), date(2026, 4, 17), VALLEY),
)

YEARS = {"2024-25": (date(2024, 8, 19), date(2025, 6, 2)), "2025-26": (date(2025, 8, 18), date(2026, 3, 9))}
"""First and last Monday with data in each school year; data end on 13 March 2026."""


def in_session(monday: date, district: str) -> bool:
    breaks = (stretch for stretch in CALENDAR if stretch.kind == "break" and stretch.district in ("", district))
    return not any(stretch.first <= monday <= stretch.last for stretch in breaks)


def mondays(year: str) -> list[date]:
    """The Mondays of the weeks in which at least one district has school."""
    first, last = YEARS[year]
    every = [first + i * WEEK for i in range((last - first).days // 7 + 1)]
    return [day for day in every if in_session(day, LAKESHORE) or in_session(day, VALLEY)]


def every_nth_week(year: str, n: int) -> list[date]:
    """Every nth of the weeks in which both districts have school."""
    shared = [day for day in mondays(year) if in_session(day, LAKESHORE) and in_session(day, VALLEY)]
    return shared[n - 1 :: n]


# The truths


@dataclass(frozen=True)
class SampleIdea:
    """A change idea, the measure it was hoped to move, what it really does to which measure, and who started when."""

    name: str
    driver: str
    hoped: str
    moves: str
    effect: float
    prediction: str
    starts: dict[str, date]


IDEAS = (
    SampleIdea(
        "Check-in calls",
        "Every day in class",
        "Weekly attendance",
        "Weekly attendance",
        0.05,
        "Attendance rises by 3 percentage points within six weeks.",
        {
            "Oak Street High": date(2025, 9, 29),
            "Dover Prep High": date(2025, 9, 29),
            "Fulton High": date(2025, 10, 13),
            "Irving High": date(2025, 10, 13),
            "Lakeside High": date(2025, 10, 27),
            "Garfield High": date(2025, 11, 10),
            "Westbrook High": date(2025, 11, 17),
        },
    ),
    SampleIdea(
        "Grading conferences",
        "Grades that help learning",
        "D or F grades",
        "D or F grades",
        -0.07,
        "One in four D or F grades becomes a C or better.",
        {
            "Ash Grove High": date(2025, 3, 3),
            "Cedar Hill High": date(2025, 3, 3),
            "Irving High": date(2025, 4, 7),
            "Northgate High": date(2025, 4, 28),
            "Union Park High": date(2025, 4, 28),
            "Riverside High": date(2025, 8, 25),
        },
    ),
    SampleIdea(
        "Hallway greeters",
        "Every day in class",
        "Weekly attendance",
        "",
        0.0,
        "Attendance rises by 2 percentage points by winter break.",
        {
            "Bayview High": date(2025, 9, 15),
            "Jefferson High": date(2025, 9, 29),
            "Mercer High": date(2025, 10, 13),
            "Prairie View High": date(2025, 10, 27),
            "Vista High": date(2025, 11, 3),
            "Harbor High": date(2025, 11, 17),
        },
    ),
    SampleIdea(
        "Goal-setting cards",
        "Grades that help learning",
        "D or F grades",
        "",
        0.0,
        "Fewer D or F grades at the next two counts.",
        {
            "Eastside High": date(2025, 3, 3),
            "Kingman High": date(2025, 3, 31),
            "Lakeside High": date(2025, 4, 28),
            "Vista High": date(2025, 4, 28),
            "Westbrook High": date(2025, 8, 25),
        },
    ),
    SampleIdea(
        "Family text reminders",
        "Families as partners",
        "Family contacts",
        "",
        0.0,
        "A quarter more families reached each week.",
        {
            "Ash Grove High": date(2025, 1, 27),
            "Jefferson High": date(2025, 3, 3),
            "Summit High": date(2025, 9, 8),
            "Bayview High": date(2025, 10, 13),
            "Northgate High": date(2025, 11, 3),
            "York Street High": date(2025, 12, 1),
        },
    ),
    SampleIdea(
        "Extra homework club",
        "Grades that help learning",
        "Interim on-track",
        "Homework hours",
        0.8,
        "Five more ninth graders on track at the next count.",
        {
            "Bayview High": date(2025, 3, 31),
            "Mercer High": date(2025, 4, 7),
            "Fulton High": date(2025, 4, 28),
            "Prairie View High": date(2025, 8, 25),
        },
    ),
)
"""Six change ideas: two that last, three that do nothing, one that adds homework hours and nothing else."""


@dataclass(frozen=True)
class ClosingGap:
    """A gap that closes because one group moved and the other did not."""

    measure: str
    category: str
    group: str
    other: str
    first: date
    effect: float


GAP = ClosingGap(
    "Know what to do when stuck", "Language", "English learners", "Not English learners", date(2025, 8, 18), 0.16
)

AT_CEILING = ("Harbor High", "Advisory meetings held")
JOINED_LATE = ("Quarry Ridge High", date(2025, 8, 18))
WENT_SILENT = ("Tremont High", date(2026, 1, 12))
"""The last week that Tremont High reported."""
SMALL = "Dover Prep High"
GAPS = {
    "Eastside High": (date(2025, 2, 3), date(2025, 2, 21)),
    "Mercer High": (date(2025, 10, 13), date(2025, 10, 24)),
    "Kingman High": (date(2024, 11, 4), date(2024, 11, 15)),
}
"""Stretches in which a school sent no weekly counts."""
SNOW = {"Summit High": date(2026, 1, 26), "Prairie View High": date(2026, 1, 26)}
"""Weeks without a day of school in one place only."""

DECEMBER_DIP = {
    date(2024, 12, 9): -0.008,
    date(2024, 12, 16): -0.02,
    date(2025, 12, 8): -0.008,
    date(2025, 12, 15): -0.02,
}
"""What every school's attendance loses in the weeks before winter break."""

CATEGORIES = {
    "Language": ("English learners", "Not English learners"),
    "Support plan": ("Students with disabilities", "Students without disabilities"),
    "Lunch": ("Free or reduced lunch", "Full-price lunch"),
}


def effect(measure: str, school: str, day: date) -> float:
    """What the change ideas of a school add to a measure on a day."""
    return sum(
        idea.effect
        for idea in IDEAS
        if idea.moves == measure and (start := idea.starts.get(school)) is not None and day >= start
    )


def reports(school: str, day: date) -> bool:
    """Whether a school is in the network and still sends its counts on a day."""
    joined = school != JOINED_LATE[0] or day >= JOINED_LATE[1]
    return joined and (school != WENT_SILENT[0] or day <= WENT_SILENT[1])


def has_gap(school: str, day: date) -> bool:
    first, last = GAPS.get(school, (date.max, date.min))
    return first <= day <= last
