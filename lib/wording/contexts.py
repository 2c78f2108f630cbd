"""What is said of ideas by context: stages and lasting changes are counted, no cell gets a score."""

from lib.analysis.contexts import Cell
from lib.analysis.states import UNREADABLE
from lib.measures import Measure
from lib.wording.spread import in_stages
from lib.wording.states import Mark, Shape, Tone, tone_of
from lib.wording.texts import counted, entry, say

OUTCOMES = ("toward", "up", "flat", "down", "away", "unread")
"""What a school's measure did since the start, in the order in which it is said."""

TONES: dict[str, Tone] = {"toward": "toward", "away": "away"}


def outcome_of(state: str, direction: str, measure: Measure, after: float) -> str:
    """One of OUTCOMES for the state of the points after the start; `after` is their median.

    >>> one = Measure(1, "D or F grades", wanted="down")
    >>> [outcome_of(*of, one, 0.2) for of in (("shift", "down"), ("shift", "up"), ("steady", ""), ("too early", ""))]
    ['toward', 'away', 'flat', 'unread']
    >>> outcome_of("shift", "up", Measure(2, "Homework"), 3.1)
    'up'
    """
    if not state or state in UNREADABLE:
        return "unread"
    if state != "shift":
        return "flat"
    tone = tone_of(direction, measure, after)
    return direction if tone == "neither" else tone


def outcome_mark(outcome: str, measure: Measure) -> Mark:
    """As the marks of states; in a range both ways can be wanted, and “toward” points up."""
    if outcome in ("flat", "unread"):
        return Mark("dash" if outcome == "flat" else "dots", "filled", "neither")
    falls = ("down", "toward" if measure.wanted == "down" else "away")
    shape: Shape = "triangle down" if outcome in falls else "triangle up"
    return Mark(shape, "filled", TONES.get(outcome, "neither"))


def outcome_name(outcome: str) -> str:
    return str(entry("works.outcome")[outcome])


def possible(measure: Measure) -> list[str]:
    """The outcomes that a measure can have, for the key under the table."""
    ways = ("toward", "away") if measure.wanted in ("up", "down") else ("up", "down")
    ranged = ("toward", "away", *ways) if measure.wanted == "in range" else ways
    return [outcome for outcome in OUTCOMES if outcome in ("flat", "unread", *ranged)]


def cell_text(idea: str, context: str, cell: Cell, measure: Measure) -> str:
    """A cell for those who can't see it."""
    outcomes = ", ".join(f"{cell.outcomes[one]} {outcome_name(one)}" for one in OUTCOMES if one in cell.outcomes)
    schools, stages = counted("schools", len(cell.schools)), in_stages(cell.stages)
    told = {"schools": schools, "stages": stages, "measure": measure.name, "outcomes": outcomes}
    return say("works.cell", idea=idea, context=context, **told)


def questions() -> list[str]:
    """What to ask at a school where a change has held; always the same.

    Source: the Success Analysis protocol of the National School Reform Faculty.
    """
    return list(entry("visits.questions"))
