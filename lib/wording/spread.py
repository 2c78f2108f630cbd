"""What is said of how far a change idea has spread, and of the stages that schools went through."""

from collections.abc import Iterable
from datetime import date

from lib.analysis.spreading import RECENT, WEEK, Spread
from lib.measures import Measure
from lib.wording.texts import counted, entry, number, say
from lib.wording.values import day

OVER = "over"
"""In place of a stage: the test is over, and nobody said what came of it."""

FARTHEST_FIRST = ("adopted", "adapting", "testing", "abandoned", OVER)


def stage_name(stage: str) -> str:
    return str(entry("stages.name")[stage])


def stage_mark(stage: str) -> str:
    """The sign of a stage, seen where its word has no room."""
    return str(entry("stages.mark")[stage])


def stage_marks(now: dict[str, int]) -> list[str]:
    """How many are in each stage, by its mark, the farthest first.

    >>> stage_marks({"testing": 2, "adopted": 4})
    ['✓ 4', '? 2']
    """
    return [f"{stage_mark(stage)} {number(now[stage])}" for stage in FARTHEST_FIRST if now.get(stage)]


def stage_key(stages: Iterable[str]) -> list[str]:
    """What the marks of these stages mean."""
    shown = set(stages)
    return [f"{stage_mark(stage)} {stage_name(stage)}" for stage in FARTHEST_FIRST if stage in shown]


def stages_text(stages: Iterable[tuple[str, date]]) -> str:
    """The stages of a test with the days on which they began.

    >>> stages_text([("testing", date(2025, 9, 1)), ("adopted", date(2025, 11, 3))])
    'testing from 1 Sep 2025, adopted from 3 Nov 2025'
    """
    return ", ".join(say("stages.one", stage=stage_name(stage), day=day(began, year=True)) for stage, began in stages)


def in_stages(now: dict[str, int]) -> str:
    """How many are in each stage, the farthest first.

    >>> in_stages({"testing": 2, "adopted": 4}), in_stages({"over": 1})
    ('4 adopted, 2 testing', '1 over')
    """
    return ", ".join(in_stage(stage, now[stage]) for stage in FARTHEST_FIRST if now.get(stage))


def in_stage(stage: str, n: int) -> str:
    return say("stages.listed", n=number(n), stage=stage_name(stage))


def title(idea: str) -> str:
    return say("spread.title", idea=idea)


def sentence(found: Spread, n_schools: int) -> str:
    """How many have begun and in which stages they are, how many plan to, and how many began lately."""
    begun, schools = len(found.began), counted("schools", n_schools)
    said = say("spread.nobody", schools=schools)
    if begun:
        key = f"spread.begun.{'one' if begun == 1 else 'many'}"
        said = say(key, k=number(begun), schools=schools, stages=in_stages({**found.now, OVER: found.ended}))
    planned = found.now["planned"]
    parts = [said, counted("spread.planned", planned)] if planned else [said]
    return " ".join([*parts, *([_new(found.new)] if begun else [])])


def _new(n: int) -> str:
    weeks = RECENT // WEEK
    return say(f"spread.new.{'none' if n == 0 else 'one' if n == 1 else 'many'}", n=number(n), weeks=weeks)


def ready() -> list[str]:
    """What to ask before an idea goes to more schools; always the same.

    Source: the five questions on readiness to spread of the East London NHS Foundation Trust.
    """
    return list(entry("spread.ready"))


def outcome_title(measure: Measure, place: str, state: str) -> str:
    return say("spread.outcome", measure=measure.label, place=place, state=state)


def alt_text(idea: str, said: str, outcome: str) -> str:
    """The chart for those who can't see it."""
    return say("spread.alt", idea=idea, said=said, outcome=outcome)
