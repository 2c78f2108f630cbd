"""What is said of how much schools did and how much they differ: two counts, and that they explain nothing."""

from lib.analysis.aligning import FEWEST_POINTS, FEWEST_SCHOOLS
from lib.analysis.dosing import Dosing
from lib.measures import Measure
from lib.wording.texts import counted, number, say
from lib.wording.values import middle_value


def sentence(found: Dosing, process: Measure, measure: Measure) -> str:
    """How many of the schools that did more, and of those that did less, moved; or what is missing for that."""
    if not found.enough:
        return say("dose.few", n=len(found.schools), fewest=FEWEST_SCHOOLS, points=FEWEST_POINTS)
    if found.more.empty and found.less.empty:
        return say("dose.alike", value=middle_value(found.middle, process.unit))
    more, less = (_moved(part["moved"].eq(1).sum(), len(part), measure) for part in (found.more, found.less))
    return say("dose.said", middle=middle_value(found.middle, process.unit), process=process.name, more=more, less=less)


def _moved(k: int, n: int, measure: Measure) -> str:
    if not n:
        return say("dose.nobody")
    key = "moved" if measure.wanted in ("up", "down") else "rose"
    return say(f"dose.{key}", k=number(k), schools=counted("schools", n))


def axis(process: Measure) -> str:
    return say("dose.axis", process=process.name)


def value_axis(measure: Measure) -> str:
    return say("dose.value_axis_percent" if measure.unit == "percent" else "dose.value_axis", measure=measure.name)


def alt_text(found: Dosing, process: Measure, measure: Measure) -> str:
    """The chart for those who can't see it."""
    schools, said = counted("schools", len(found.schools)), sentence(found, process, measure)
    return say("dose.alt", schools=schools, process=process.name, measure=measure.name, said=said)
