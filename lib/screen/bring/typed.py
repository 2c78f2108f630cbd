"""What is typed in: a period of a measure at some schools, what is stored of it, and what typing would change."""

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from lib import intake, loading, periods
from lib.exports.table import value_said
from lib.intake import Checked
from lib.intake.sheets import spell
from lib.intake.typed import FIRST_ROW, TypedRow, is_cleared, typed_workbook, with_schools
from lib.marks import Place
from lib.measures import CADENCES, Group, Measure, School
from lib.screen import choices, data
from lib.screen.data import Network
from lib.store import cells

PARTS = {"counts": ("Numerator", "Denominator"), "value": ("Value",)}
LONGEST_DAYS = 35
"""Days of the longest period with a fixed first day: five weeks."""


@dataclass(frozen=True)
class Typing:
    """What is typed: a measure, a student group, a period (its first day), at some schools, as counts or as values."""

    network: Network
    measure: Measure
    group: Group
    first: date
    schools: tuple[School, ...]
    typed_as: str
    year_start: int

    @cached_property
    def days(self) -> tuple[date, date]:
        """The first and last day of the period."""
        if not _is_regular(self.measure):
            return self.first, self.first
        later = (self.first + timedelta(days=n) for n in range(1, LONGEST_DAYS + 1))
        ends = (day for day in later if self._period_of(day) != self._period_of(self.first))
        return self._period_of(self.first), next(ends) - timedelta(days=1)

    def _period_of(self, day: date) -> date:
        return periods.first_day(day, self.measure.cadence, self.year_start)

    @cached_property
    def stored(self) -> pd.DataFrame:
        """What is stored in the period; see `cells.cells`."""
        return cells.cells(data.database(), self.measure.id, self.group.id, self.days)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """One row per school that has at most one value in the period: school, day, texts, said.

        `texts` are those of its stored value, empty where it has none or another kind.
        """
        found = self.stored.drop_duplicates("school", keep=False).set_index("school").to_dict("index")
        several = set(self.stored["school"]) - set(found)
        free = [school for school in self.schools if school.id not in several]
        usual = self._usual_day()
        return pd.DataFrame(
            {
                "school": [school.id for school in free],
                "day": [found[one.id]["date"] if one.id in found else usual for one in free],
                "texts": [self._texts(found.get(school.id)) for school in free],
                "said": [self._said(found.get(school.id)) for school in free],
            }
        )

    def _usual_day(self) -> date:
        """The day in the period on which the others' values stand, else its first."""
        usual = self.stored["date"].mode()
        return usual.iloc[0] if len(usual) else self.first

    def _texts(self, row: dict[Hashable, Any] | None) -> tuple[str, ...]:
        if row is None:
            return ("",) * len(PARTS[self.typed_as])
        if self.typed_as == "counts":
            return ("", "") if pd.isna(row["denominator"]) else (spell(row["numerator"]), spell(row["denominator"]))
        return (f"{row['value'] * (100 if self.measure.unit == 'percent' else 1):.10g}",)

    def _said(self, row: dict[Hashable, Any] | None) -> str:
        if row is None:
            return ""
        return value_said(self.measure.unit, row["value"], row["numerator"], row["denominator"])

    @property
    def n_several(self) -> int:
        return len(self.schools) - len(self.rows)


def correct(place: Place, day: date) -> None:
    """Choose the value that somebody wants to correct, before the page for typing in opens. For a button's click."""
    where = {"measure": place.measure, "group": place.group, "only": place.school, "on": day, "typed_as": ""}
    for name, value in where.items():
        choices.put(name, value)


def offered_periods(network: Network, measure: Measure, year_start: int) -> list[date]:
    """The periods that have a value, and the others of their newest school year up to today, newest first."""
    held = cells.days(data.database(), measure.id)
    since = periods.school_year_start(held[-1] if held else date.today(), year_start)
    terms = cells.terms(data.database(), network.id)
    made = {
        alike(day, measure, year_start): day
        for day in periods.between(measure.cadence, since, date.today(), year_start, terms)
    }
    known = {alike(day, measure, year_start): day for day in held}
    if _is_regular(measure):
        return sorted(({first: first for first in known} | made).values(), reverse=True)
    return sorted((made | known).values(), reverse=True)


def _is_regular(measure: Measure) -> bool:
    """Whether its periods have fixed first days, whatever days values stand on."""
    return bool(CADENCES[measure.cadence].weeks) or measure.cadence == "month"


def alike(day: date, measure: Measure, year_start: int) -> date:
    """The same for all days of one period; a quarter, term or year is told by the month in which it begins."""
    if _is_regular(measure) or measure.cadence == "day":
        return periods.first_day(day, measure.cadence, year_start)
    return day.replace(day=1)


def usual_period_of(offered: Sequence[date], measure: Measure) -> date:
    """The newest period that has a value; without any the newest."""
    held = cells.days(data.database(), measure.id)
    return next((day for day in offered if held and day <= held[-1]), offered[0])


def typed_rows(what: Typing, edited: pd.DataFrame) -> list[TypedRow]:
    """The rows in which something was typed that is not what is stored, or what is stored was cleared."""
    parts = list(PARTS[what.typed_as])
    found = []
    for number, day_, before, texts in zip(
        what.rows["school"], what.rows["day"], what.rows["texts"], edited[parts].itertuples(index=False), strict=True
    ):
        now = tuple("" if text is None or pd.isna(text) else str(text).strip() for text in texts)
        if now != before:
            found.append(TypedRow(what.network.schools[int(number)], day_, now))
    return found


def check_typed(what: Typing, rows: Sequence[TypedRow]) -> Checked:
    """What the rules for files say of what was typed."""
    workbook, recipe = typed_workbook(what.measure, what.group, rows)
    return with_schools(intake.check(workbook, recipe, loading.known(data.database(), what.network.id)), rows)


def wrong_cells(what: Typing, rows: Sequence[TypedRow], checked: Checked) -> list[str]:
    """Each refused value by its school, in words; and a percent value that looks like a fraction of 1."""
    refused = checked.refused[["row", "reason", "fix"]].itertuples(index=False, name=None)
    said = [f"{rows[row - FIRST_ROW].school.name}: {reason} {fix}" for row, reason, fix in refused]
    said += [
        f"{row.school.name}: there is no numerator. Type it, or clear both cells."
        for row in rows
        if not row.texts[0] and not is_cleared(row)
    ]
    if what.measure.unit == "percent" and what.typed_as == "value":
        said += [
            f"{row.school.name}: {row.texts[0]} is less than 1 %. Type {100 * float(row.texts[0]):.10g} for a share of "
            f"{row.texts[0]}, or {row.texts[0]}% if it is so small."
            for row in rows
            if _looks_like_a_fraction(row.texts[0])
        ]
    return said


def _looks_like_a_fraction(text: str) -> bool:
    """
    >>> [_looks_like_a_fraction(text) for text in ("0.93", ".5", "0.93%", "0", "93")]
    [True, True, False, False, False]
    """
    return re.fullmatch(r"0?\.\d*[1-9]\d*", text) is not None


def changed_schools(what: Typing, rows: Sequence[TypedRow], checked: Checked) -> set[int]:
    """The schools whose stored value would become another one."""
    kept = {rows[row - FIRST_ROW].school.id for row in checked.observations["row"].tolist()}
    return kept & set(what.stored["school"].tolist())


def cleared(rows: Sequence[TypedRow]) -> list[School]:
    """The schools whose stored value would be taken away."""
    return [row.school for row in rows if is_cleared(row)]
