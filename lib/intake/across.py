"""Schools that stand across: dates down, and a column of values for each school."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from lib.intake.evidence import Seen, listed
from lib.intake.known import Known
from lib.intake.roles import Roles, could_hold_values
from lib.intake.tabs import is_measure
from lib.intake.titles import reads_like_school
from lib.intake.vocabulary import ABOVE, DATE, GOAL, TOTAL

FEWEST_SCHOOLS = 2
SHARE_OF_SCHOOLS = 0.5
"""Of the headers over numbers: so many are known schools or read like one before the others are taken for schools."""


@dataclass(frozen=True, kw_only=True)
class OfSchool(Seen):
    """A column of one school's values; `rest` is what its header says besides."""

    school: str
    rest: str

    @cached_property
    def period_and_rest(self) -> tuple[str, str]:
        return "", self.rest


def schools_across(seen: Sequence[Seen], known: Known) -> list[OfSchool]:
    """The columns of numbers that are a school each; none where they aren't schools. Totals and measures are none."""
    words = known.school_words()
    columns = [one for one in seen if _could_be_of_school(one)]
    row = max(range(3), key=lambda row: sum(_is_school(_part(one, row), words) for one in columns))
    columns = [one for one in columns if _names_school(_part(one, row), known)]
    schools = {_part(one, row) for one in columns}
    like = sum(_is_school(school, words) for school in schools)
    if len(schools) < FEWEST_SCHOOLS or like < SHARE_OF_SCHOOLS * len(schools):
        return []
    return [_of_school(one, row) for one in columns]


def tell_schools(schools: Sequence[OfSchool], roles: Roles) -> None:
    """Says which columns are schools, and asks about names that alone would not be taken for one."""
    if not schools:
        return
    names = list(dict.fromkeys(one.school for one in schools))
    roles.evidence.append(f"Schools stand across: {listed(names)}, each with a column of its values")
    words = roles.known.school_words()
    if unsure := [name for name in names if not _is_school(name, words)]:
        fix = "Choose not used for a column that is no school."
        roles.ask("Schools", f"Columns beside those of schools are read as schools too: {listed(unsure)}.", fix)


def _could_be_of_school(one: Seen) -> bool:
    return bool(one.header) and could_hold_values(one) and not DATE.fullmatch(one.plain) and not one.period_and_rest[0]


def _is_school(text: str, words: set[str]) -> bool:
    return text.casefold() in words or reads_like_school(text)


def _names_school(text: str, known: Known) -> bool:
    is_known = text.casefold() in known.school_words()
    is_other = TOTAL.fullmatch(text) or GOAL.fullmatch(text) or is_measure(text, known)
    return is_known or (bool(text) and not is_other)


def _of_school(one: Seen, row: int) -> OfSchool:
    parts = one.header.split(ABOVE)
    rest = ABOVE.join(part for place, part in enumerate(parts) if place != row)
    return OfSchool(**one.made_of, school=parts[row], rest=rest)


def _part(one: Seen, row: int) -> str:
    """The header's text in one of its rows."""
    parts = one.header.split(ABOVE)
    return parts[row] if row < len(parts) else ""
