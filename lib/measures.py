"""The nouns of measuring: schools, measures, student groups, and how often a measure is taken."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Family = Literal["outcome", "driver", "process", "balancing"]
Unit = Literal["percent", "rate", "count", "number", "hours", "minutes", "percentage points"]
Wanted = Literal["up", "down", "in range", "none"]

FAMILIES: tuple[Family, ...] = ("outcome", "driver", "process", "balancing")
UNITS: tuple[Unit, ...] = ("percent", "rate", "count", "number", "hours", "minutes")
WANTED: tuple[Wanted, ...] = ("up", "down", "in range", "none")


@dataclass(frozen=True)
class Cadence:
    """How often a measure is taken. `per_year` counts school years (about 36 weeks), not calendar years."""

    name: str
    per_year: int
    weeks: int = 0


CADENCES: dict[str, Cadence] = {
    cadence.name: cadence
    for cadence in (
        Cadence("day", 180),
        Cadence("week", 36, 1),
        Cadence("two weeks", 18, 2),
        Cadence("three weeks", 12, 3),
        Cadence("five weeks", 7, 5),
        Cadence("month", 9),
        Cadence("quarter", 4),
        Cadence("term", 3),
        Cadence("year", 1),
    )
}

COMPLETE_SHARE = 0.8
"""A pooled newest period with fewer than this share of the usual schools is not complete.

Source: the project's rules on points.
"""

FEWEST_A_YEAR_FOR_RUN_RULES = 5
"""A measure taken less often than this is shown without run rules.

Source: the project's rules, after the advice to show quarterly measures as dots, goal and words.
"""


@dataclass(frozen=True)
class Group:
    """A student group: a category ("grade") and a name ("9"). The empty group is all students."""

    id: int = 0
    category: str = ""
    name: str = ""

    @property
    def is_all(self) -> bool:
        return self.name == ""

    @property
    def label(self) -> str:
        """
        >>> Group(1, "Grade", "9").label, Group(2, "Grade", "Grade 9").label, Group().label
        ('Grade: 9', 'Grade 9', 'All students')
        """
        if self.is_all:
            return "All students"
        says_category = self.name.casefold().startswith(self.category.casefold())
        return self.name if says_category else f"{self.category}: {self.name}"


@dataclass(frozen=True)
class School:
    id: int
    name: str
    code: str = ""
    district: str = ""
    tags: tuple[str, ...] = ()
    retired: bool = False


@dataclass(frozen=True)
class Measure:
    """A practical measure. Percent values and goals are fractions 0 to 1; all others are in `unit`.

    `new_line_each_year`: each school year has a middle line of its own, instead of being read against last year's.
    `draft`: unit, wanted direction and cadence were guessed from a file, and nobody has confirmed them.
    `retired`: offered nowhere any more; its values stay.
    """

    id: int
    name: str
    question: str = ""
    family: Family = "driver"
    unit: Unit = "number"
    wanted: Wanted = "none"
    goal: float | None = None
    goal_low: float | None = None
    goal_high: float | None = None
    goal_by: date | None = None
    cadence: str = "week"
    cumulative: bool = False
    seasonal: bool = False
    new_line_each_year: bool = False
    numerator_words: str = ""
    denominator_words: str = ""
    draft: bool = False
    retired: bool = False

    @property
    def label(self) -> str:
        """The name; that it is a draft is said wherever it is shown.

        >>> Measure(1, "Tardies", draft=True).label
        'Tardies (draft)'
        """
        return f"{self.name} (draft)" if self.draft else self.name

    @property
    def reads_runs(self) -> bool:
        """Whether run rules may be read: not cumulative and taken at least five times a year."""
        return not self.cumulative and CADENCES[self.cadence].per_year >= FEWEST_A_YEAR_FOR_RUN_RULES
