"""What is said of the gap between two student groups: how large it is, whether it changed, and which group moved.

Never that anybody caused it. Groups keep the order in which they were chosen, whoever is ahead.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from lib.analysis.closing import FEWEST_STUDENTS, Closing, Ends
from lib.measures import Group, Measure
from lib.wording.reading import Reading
from lib.wording.sentences import sentence
from lib.wording.states import mark, state_label
from lib.wording.texts import counted, say
from lib.wording.values import bare_text, difference_text, middle_value, period_label

WORTH_SAYING = 0.01
"""From one percentage point on it is said how much one student is."""

SMALL_CHANGE = 0.03
"""Percentages that differ by less than this are said in tenths of a percentage point."""

SHORTEST_NAME = 4
"""Letters of a group's name that says enough by itself; “Yes” and “9” do not."""


@dataclass(frozen=True)
class Gap:
    """Two groups of one measure at one place, and the gap `one` minus `other`, each read as a run chart.

    `other` is None where the gap is to the goal. `gap.points` has a row for each date of either. Points have
    `n_periods`, and in `gap.points` `fewest` is the smaller denominator (NaN for plain values).
    """

    one: Reading
    other: Reading | None
    gap: Reading
    closing: Closing | None
    first: Group
    second: Group | None

    @property
    def measure(self) -> Measure:
        return self.one.measure

    @property
    def one_name(self) -> str:
        return name_of(self.first)

    @property
    def other_name(self) -> str:
        return say("gaps.goal") if self.second is None else name_of(self.second)

    @property
    def to_all(self) -> bool:
        return self.second is not None and self.second.is_all

    @cached_property
    def lines(self) -> list[tuple[str, Reading]]:
        """Name and reading of the groups that have a line; the name as it stands by itself."""
        other = [] if self.other is None or self.second is None else [(_alone(self.second), self.other)]
        return [(_alone(self.first), self.one), *other]


def name_of(group: Group) -> str:
    """A group in a sentence: its name, with the category where the name alone says little.

    >>> name_of(Group(1, "Language", "English learners")), name_of(Group(2, "grade", "9")), name_of(Group())
    ('English learners', 'grade: 9', 'all students')
    """
    if group.is_all:
        return say("gaps.all")
    return group.name if len(group.name) >= SHORTEST_NAME else group.label


def _alone(group: Group) -> str:
    return group.label if group.is_all else name_of(group)


def title(one: Gap) -> str:
    """The page's question."""
    key = "gaps.title" if one.measure.wanted in ("up", "down") else "gaps.title_any"
    in_or_at = "in" if one.one.place.lower().startswith("the ") else "at"
    place = say(f"gaps.{in_or_at}", place=one.one.place)
    return say(key, measure=one.measure.label, place=place)


def gap_sentence(one: Gap) -> str:
    """How large the gap is and what its own run chart says; where it changed, which group moved."""
    phase = one.gap.newest_phase
    if phase is None or not phase["n_points"]:
        return say("sentence.no_points")
    if one.closing:
        return _changed(one, one.closing)
    return f"{_level(one, phase['median'])} {_state(one, phase)}"


def _state(one: Gap, phase: "pd.Series[Any]") -> str:
    """The state of the gap's chart; what a steady one could have noticed is among its facts."""
    if phase["state"] == "steady" and not one.gap.incomplete:
        return say("gaps.no_change")
    if phase["state"] != "early hint":
        return sentence(one.gap)
    closes = (phase["direction"] == "up") == (phase["median"] < 0)
    key = "gaps.hint_closed" if closes else "gaps.hint_widened"
    return say(key, n=int(phase["newest_run"]), way=say(f"way.{phase['direction']}"))


def _level(one: Gap, median: float) -> str:
    """Who is above whom; nothing where there is no middle line."""
    size = _size(median, one.measure.unit)
    names = {"one": one.one_name, "other": one.other_name}
    if _bare(median, one.measure.unit) == "0":
        return say("gaps.level", **names)
    return say("gaps.below" if median < 0 else "gaps.above", size=size, **names)


def _changed(one: Gap, found: Closing) -> str:
    """The ends of a gap that turned round keep their signs."""
    turned = found.way == "turned"
    before, after = (value if turned else abs(value) for value in (found.gap.before, found.gap.after))
    fine = abs(before - after) < SMALL_CHANGE
    about = {
        "way": say(f"gaps.{found.way}"),
        "before": _bare(before, one.measure.unit, fine),
        "after": _signed(after, one.measure.unit, fine),
    }
    if one.other is None:
        return say("gaps.because_goal", mover=one.one_name, **_step(found.one, one.measure.unit), **about)
    if found.moved == "both":
        moves = ((one.one_name, found.one), (one.other_name, found.other))
        said = [_moved(name, ends, one.measure.unit) for name, ends in moves]
        return say("gaps.because_both", one=said[0], other=said[1], **about)
    if found.moved == "unclear":
        return f"{say('gaps.lasting', before=about['before'], after=about['after'])} {sentence(one.gap)}"
    first = found.moved == "one"
    ends = found.one if first else found.other
    others = (say("gaps.all") if one.to_all else say("gaps.others")) if first else one.one_name
    mover = one.one_name if first else one.other_name
    against = say("gaps.others_fell" if ends.difference > 0 else "gaps.others_rose")
    return say(
        "gaps.because_one", mover=mover, others=others, against=against, **_step(ends, one.measure.unit), **about
    )


def _moved(name: str, ends: Ends, unit: str) -> str:
    return say("gaps.one_moved", name=name, **_step(ends, unit))


def _step(ends: Ends, unit: str) -> dict[str, str]:
    """The unit is said before."""
    verb = "rose" if ends.difference > 0 else "fell"
    return {"verb": say(f"gaps.{verb}"), "size": _bare(abs(ends.difference), unit)}


def _size(value: float, unit: str) -> str:
    return difference_text(abs(value), unit)


def _bare(value: float, unit: str, fine: bool = False) -> str:
    """A size without its unit, in the figures of `difference_text`, or in tenths of a percentage point."""
    if unit != "percent":
        return bare_text(value, unit)
    return bare_text(value, "percentage points", 1 if fine or abs(100 * value) < 2 else 0)


def _signed(value: float, unit: str, fine: bool) -> str:
    """A whole number of percentage points, or the unit's own figures; a sign only where it is negative."""
    if unit != "percent":
        return ("−" if value < 0 else "") + _size(value, unit)
    said = _bare(value, unit, fine)
    return say("difference.percentage_point" if said == "1" else "difference.percentage_points", n=said)


def own_lines(one: Gap) -> list[tuple[Reading, str]]:
    """For each group what its middle line did over the same points, and the state of a chart of its own."""
    ends = (one.closing.one, one.closing.other) if one.closing else (None, None)
    pairs = zip(one.lines, ends, strict=False)
    return [(reading, _own_line(name, reading, found, one.closing)) for (name, reading), found in pairs]


def _own_line(name: str, reading: Reading, ends: Ends | None, closing: Closing | None) -> str:
    phase, unit = reading.newest_phase, reading.measure.unit
    if phase is None:
        return name
    if ends and closing:
        before, after = middle_value(ends.before, unit), middle_value(ends.after, unit)
        counts = {"n_before": closing.n_before, "n_after": closing.n_after}
        said = say("gaps.line_moved", name=name, before=before, after=after, **counts)
    else:
        said = say("gaps.line", name=name, median=middle_value(phase["median"], unit))
    tone = mark(phase["state"], phase["direction"], reading.measure, phase["median"]).tone
    return say(
        "gaps.own_state", line=said, state=state_label(phase["state"], phase["direction"], reading.measure.wanted, tone)
    )


def small_number_lines(one: Gap) -> list[str]:
    """Periods put together, points with few students, how much one student is, and what the comparison holds."""
    points = one.gap.points
    together, few = int((points["n_periods"] > 1).sum()), int((points["fewest"] < FEWEST_STUDENTS).sum())
    said = [_counted("gaps.together", together)] if together else []
    said += [_counted("gaps.few", few)] if few else []
    said += [say("gaps.one_is", size=size)] if (size := _one_student(points, one.measure)) else []
    return said + ([say("gaps.includes", one=one.one_name)] if one.to_all else [])


def _counted(key: str, n: int) -> str:
    return say(key, points=counted("gaps.times", n), fewest=FEWEST_STUDENTS)


def _one_student(points: pd.DataFrame, measure: Measure) -> str:
    usual = points["fewest"].median()
    if measure.unit != "percent" or not usual > 0 or 1 / usual < WORTH_SAYING:
        return ""
    return difference_text(round(1 / usual, 2), "percent")


def gap_alt(one: Gap) -> str:
    """Both charts for those who can't see them."""
    points, phase = one.gap.points, one.gap.newest_phase
    dates = points.loc[points["value"].notna(), "date"]
    if dates.empty or phase is None:
        return gap_sentence(one)
    ends = {
        name: period_label(dates.iloc[at].date(), one.gap.period, year=True)
        for name, at in (("first", 0), ("last", -1))
    }
    return say(
        "gaps.alt",
        measure=one.measure.name,
        place=one.one.place,
        points=counted("points", len(dates)),
        lines=" ".join(line for _, line in own_lines(one)),
        one=one.one_name,
        other=one.other_name,
        median=middle_value(phase["median"], one.gap.measure.unit),
        said=gap_sentence(one),
        **ends,
    )
