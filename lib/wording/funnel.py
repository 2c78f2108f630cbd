"""What is said of schools in a funnel: who lies outside, what the limits allow for, and whose charts to read first.

Schools are named in the order of the table, which is that of their names; nobody is best or last.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from lib.analysis.closing import FEWEST_STUDENTS
from lib.analysis.funnel import FEWEST_SCHOOLS, LEVELS, NOTEWORTHY_PHI, Funnel, Kind
from lib.measures import Group, Measure
from lib.wording.sentences import share_text
from lib.wording.texts import counted, number, say
from lib.wording.values import middle_value, period_label

MOST_NAMES = 4
"""Names in one sentence; the table has them all."""

KINDS: dict[str, Kind] = {"percent": "proportion", "rate": "rate"}
"""Units that a funnel can be made of, and what each is to it."""


@dataclass(frozen=True)
class OneStretch:
    """Schools over one stretch of time. `found.schools` has a row each, with `school`, `name`, `usual` (denominator of
    a usual period), `n_points` and `moving`: whether the level moved within the stretch.

    `first`, `last`: the first days of the first and last period. `left_out`: points that people left out. `widen`:
    whether the limits may allow for more spread than chance gives.
    """

    measure: Measure
    group: Group
    period: str
    first: date
    last: date
    found: Funnel
    left_out: int = 0
    widen: bool = True

    @property
    def kind(self) -> Kind:
        return KINDS[self.measure.unit]

    @property
    def schools(self) -> pd.DataFrame:
        return self.found.schools

    @property
    def above(self) -> "pd.Series[bool]":
        return self.schools["value"] > self.found.centre

    @property
    def small(self) -> "pd.Series[bool]":
        """Schools that are marked: so few in a usual period that one student weighs much."""
        return self.schools["usual"] < FEWEST_STUDENTS


def title(measure: Measure, group: Group) -> str:
    """The page's question."""
    asked = say("funnel.title", measure=measure.label)
    return asked if group.is_all else say("question.with_group", question=asked, group=group.label)


def why_not(measure: Measure) -> str:
    """Why no funnel can be made of a measure, whatever its values; "" where one can."""
    if measure.unit not in KINDS:
        return say("funnel.no_share", measure=measure.label)
    return say("funnel.cumulative", measure=measure.label) if measure.cumulative else ""


def not_a_part(measure: Measure, names: list[str]) -> str:
    """At these schools more was counted than there was to count."""
    return say("funnel.not_a_part", measure=measure.label, names=listed(names))


def sentence(one: OneStretch) -> str:
    """Who lies outside, by name."""
    outside, n = one.schools[one.schools["beyond"]], len(one.schools)
    if outside.empty:
        return say("funnel.none_outside_wide" if one.found.widened else "funnel.none_outside", schools=_all(n))
    names = zip(outside["name"], one.above[outside.index], strict=True)
    said = [say("funnel.named", name=name, way=say(f"way.{'up' if above else 'down'}")) for name, above in names]
    return say(f"funnel.outside.{'one' if len(outside) == 1 else 'many'}", k=len(outside), n=n, names=listed(said))


def _all(n: int) -> str:
    return counted("funnel.all", n)


def listed(names: list[str]) -> str:
    """Names in one sentence, the first of them where there are many."""
    more = len(names) - MOST_NAMES
    said = ", ".join(names[:MOST_NAMES])
    return say("board.more_names", names=said, n=number(more)) if more > 0 else said


def notes(one: OneStretch) -> list[str]:
    """When, what the lines are, whose level is moving, what the limits allow for, what luck gives, small schools."""
    return [text for text in (_stretch(one), _moving(one), _spread(one), _luck(one), *_small(one)) if text]


def _stretch(one: OneStretch) -> str:
    first, last = (period_label(day, one.period, year=True) for day in (one.first, one.last))
    return say("funnel.stretch", first=first, last=last, centre=middle_value(one.found.centre, one.measure.unit))


def _moving(one: OneStretch) -> str:
    names = one.schools.loc[one.schools["moving"], "name"].tolist()
    return say("funnel.moving", k=counted("schools", len(names)), names=listed(names)) if names else ""


def _spread(one: OneStretch) -> str:
    """Over-dispersion; phi is a ratio of variances, its root one of distances."""
    if len(one.schools) < FEWEST_SCHOOLS:
        return say("funnel.few_schools", n=FEWEST_SCHOOLS)
    if one.found.phi <= 1 + NOTEWORTHY_PHI * np.sqrt(2 / len(one.schools)):
        return ""
    times = number(float(np.sqrt(one.found.phi)), 1)
    return say("funnel.wider" if one.found.widened else "funnel.not_wider", times=times)


def _luck(one: OneStretch) -> str:
    """How many of many schools lie outside by luck; of few, how often equal ones have one outside. Limits that were
    widened are made so that few do."""
    beyond, n = 2 * LEVELS["998"][1], len(one.schools)
    if beyond * n >= 1:
        return say("funnel.luck_many", schools=counted("schools", n), n=number(beyond * n))
    if one.found.widened:
        return ""
    share = 1 - (1 - beyond) ** n
    return say("funnel.luck", share=share_text(share))


def _small(one: OneStretch) -> list[str]:
    n, points = int(one.small.sum()), one.left_out
    said = [say("funnel.small", schools=counted("schools", n), fewest=FEWEST_STUDENTS)] if n else []
    return said + ([say("funnel.left_out", points=counted("points", points))] if points else [])


def alt_text(one: OneStretch) -> str:
    """The chart for those who can't see it."""
    sizes = one.schools["denominator"]
    return say(
        "funnel.alt",
        measure=one.measure.name,
        group=one.group.label,
        schools=counted("schools", len(one.schools)),
        low=number(sizes.min()),
        high=number(sizes.max()),
        stretch=_stretch(one),
        said=sentence(one),
    )
