"""The nouns of improving: change ideas and the tests of change that schools run."""

from dataclasses import dataclass
from datetime import date

STAGES = ("planned", "testing", "adapting", "adopted", "abandoned")
"""Stages of a test of change, in the order in which they come."""

History = tuple[tuple[str, date], ...]
"""Stages with the day on which each began, in the order of the days."""


@dataclass(frozen=True)
class ChangeIdea:
    id: int
    name: str
    driver: str = ""


@dataclass(frozen=True)
class TestOfChange:
    """One school trying one change idea (what the field also calls a PDSA). `driver` is its idea's; empty: not told.

    `stages` always ends with `stage`; see `history`.
    """

    __test__ = False

    idea: str
    school_id: int
    start: date
    end: date | None = None
    stage: str = "testing"
    prediction: str = ""
    result: str = ""
    learned: str = ""
    decision: str = ""
    driver: str = ""
    stages: History = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "stages", history(self))


def history(test: TestOfChange) -> History:
    """The stages that were told, made whole: no stage but “planned” begins before the test, which is being tested until
    another stage is told. A stage without a day counts from the start of the test, “abandoned” from its end.

    >>> one = TestOfChange("Calls", 1, date(2025, 9, 1), stage="adopted", stages=(("adopted", date(2025, 11, 3)),))
    >>> [f"{stage} {began:%d %b}" for stage, began in one.stages]
    ['testing 01 Sep', 'adopted 03 Nov']
    """
    told = [(stage, began if stage == "planned" else max(began, test.start)) for stage, began in test.stages]
    if not told or told[-1][0] != test.stage:
        since = test.end if test.stage == "abandoned" and test.end else test.start
        told.append((test.stage, max([since, *(began for _, began in told)])))
    begun = [began for stage, began in told if stage != "planned"]
    if begun and min(begun) > test.start:
        told.append(("testing", test.start))
    found: History = ()
    for stage, began in sorted(told, key=lambda one: one[1]):
        found = with_stage(found, stage, began)
    return found


def with_stage(stages: History, stage: str, began: date) -> History:
    """The stages up to the day, and from then on this one: it takes the place of those that began then or later.

    >>> tested = (("testing", date(2025, 9, 1)), ("adopted", date(2025, 11, 3)))
    >>> with_stage(tested, "abandoned", date(2025, 10, 1))[-1], with_stage(tested, "testing", date(2025, 11, 3))
    (('abandoned', datetime.date(2025, 10, 1)), (('testing', datetime.date(2025, 9, 1)),))
    """
    earlier = tuple(one for one in stages if one[1] < began)
    return earlier if earlier and earlier[-1][0] == stage else (*earlier, (stage, began))


def told_again(stages: History, stage: str, since: date | None, today: date) -> History:
    """The history after somebody told the stage and the day since when (None or the old day: not told).

    Another stage without a day of its own begins today; the same stage with another day is a correction.

    >>> tested, today = (("testing", date(2025, 9, 1)),), date(2025, 12, 1)
    >>> told_again(tested, "adopted", date(2025, 9, 1), today)[-1]
    ('adopted', datetime.date(2025, 12, 1))
    >>> told_again(tested, "testing", date(2025, 9, 8), today)
    (('testing', datetime.date(2025, 9, 8)),)
    """
    if not stages:
        return ((stage, since),) if since else ()
    last, began = stages[-1]
    if stage == last:
        return with_stage(stages[:-1], stage, since or began)
    return with_stage(stages, stage, since if since and since != began else max(today, began))
