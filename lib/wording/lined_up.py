"""What is said of schools lined up on the start of a change idea. Never that the idea caused anything."""

from lib.analysis.aligning import FEWEST_POINTS, Aligned
from lib.measures import Measure
from lib.wording.texts import counted, entry, number, say

RARE = 0.05
"""Under this share of deals, what was seen is more than a shared drift or season usually gives."""

ALIKE = 0.5
"""From this share of waiting schools on, they are said to have moved too."""


def cautions() -> list[str]:
    """What to ask before anybody says that an idea worked; always the same. Source: the project's rules, 7."""
    return list(entry("lined_up.cautions"))


def moved_text(found: Aligned, measure: Measure) -> str:
    """“7 of 8 schools moved the wanted way”, or what is missing for that."""
    if not found.compared:
        return say("lined_up.none_compared", n=FEWEST_POINTS)
    key = "moved" if measure.wanted in ("up", "down") else "rose"
    equal = int((found.schools["moved"] == 0.5).sum())
    said = say(f"lined_up.{key}", k=number(found.moved - 0.5 * equal), schools=counted("schools", found.compared))
    return said + (say("lined_up.equal", n=equal) if equal else "")


def lasting(found: Aligned) -> str:
    """How many schools that started show a lasting change after it, on the line frozen before, and which way."""
    read = found.schools[found.schools["state"] != ""]
    if read.empty:
        return "–"
    shifts = read.loc[read["state"] == "shift", "direction"]
    counts = {way: int((shifts == way).sum()) for way in ("up", "down")}
    ways = [say(f"lined_up.lasting_{way}", n=n, of=len(read)) for way, n in counts.items() if n]
    return ", ".join(ways) or say("lined_up.lasting_none", of=len(read))


def luck_text(luck: float) -> str:
    """How often shuffled starts give as much.

    >>> luck_text(0.031), luck_text(0.0004), luck_text(0.012)
    ('3 times in 100', 'fewer than 1 time in 100', '1 time in 100')
    """
    n = round(100 * luck)
    if luck < 0.005:
        return say("lined_up.never")
    return counted("lined_up.times", n)


def sentence(found: Aligned, luck: float, measure: Measure) -> str:
    """Schools that moved, what shuffled starts give, and what waiting schools did: one to three sentences."""
    moved = moved_text(found, measure)
    if not found.compared:
        return moved + "."
    if found.compared == 1:
        return f"{moved}. {say('lined_up.one_school')}"
    said = say("lined_up.luck", moved=moved, times=luck_text(luck)) if luck == luck else f"{moved}."
    return f"{said} {_waiting(found, luck)}"


def _waiting(found: Aligned, luck: float) -> str:
    if not found.waiting:
        return say("lined_up.nobody_waiting")
    k, schools = number(round(found.waiting_moved)), counted("schools", found.waiting)
    said = say("lined_up.waiting", schools=schools, k=k)
    moved_too = found.waiting_moved >= ALIKE * found.waiting and not luck < RARE
    return f"{said} {say('lined_up.moved_too')}" if moved_too else said


def alt_text(found: Aligned, measure: Measure, idea: str, said: str) -> str:
    """The chart for those who can't see it."""
    started = counted("schools", int((~found.schools["waiting"]).sum()))
    waiting = counted("schools", found.waiting)
    return say("lined_up.alt", idea=idea, measure=measure.name, started=started, waiting=waiting, said=said)
