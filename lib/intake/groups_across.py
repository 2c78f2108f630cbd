"""Student groups that stand across: a column of the same value for each grade, gender, race or program."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from lib.intake.evidence import Seen, listed
from lib.intake.group_names import group_in, means_everybody
from lib.intake.recipe import Column
from lib.intake.roles import Roles
from lib.intake.vocabulary import ABOVE, plain

LOW_ORDINAL = re.compile(r"1st|2nd|3rd|4th", re.IGNORECASE)
"""Such headers alone may be quarters."""
FEWEST_GROUPS = 2
SHARE_THAT_ADDS_UP = 0.8


@dataclass(frozen=True, kw_only=True)
class OfGroup(Seen):
    """A column of one group's values; `rest` is what its header says besides the group and the period."""

    category: str
    group: str
    rest: str

    @cached_property
    def period_and_rest(self) -> tuple[str, str]:
        return super().period_and_rest[0], self.rest


def groups_across(holders: Sequence[Seen], roles: Roles) -> list[Seen]:
    """The columns of values, those of a group among them as such; none where the headers name no groups.

    Two groups or more must share all other words of their headers. Shares that add up to 100 % are how many belong to
    each group, and no value of the groups.
    """
    if roles.having("group", "category"):
        return []
    named = [one for one in map(_of_group, holders) if one]
    kinds: dict[str, list[OfGroup]] = {}
    for one in named:
        kinds.setdefault(plain(one.rest), []).append(one)
    accepted = [columns for columns in kinds.values() if _are_groups(columns)]
    if not accepted:
        return []
    found = {one.position: one for columns in accepted for one in columns}
    rests = {plain(columns[0].rest): columns[0].rest for columns in accepted}
    names = listed(list(dict.fromkeys(one.group for one in found.values())))
    roles.evidence.append(f"Student groups stand across: {names}, each with its own values")
    return [found.get(one.position) or _of_everybody(one, rests) or one for one in holders]


def with_groups(columns: Sequence[Column], grouped: Sequence[Seen]) -> list[Column]:
    """The columns with the groups that were found."""
    found = {one.position: one for one in grouped if isinstance(one, OfGroup)}
    return [
        replace(column, category=found[column.position].category, group=found[column.position].group)
        if column.position in found and column.holds_values
        else column
        for column in columns
    ]


def _of_group(one: Seen) -> OfGroup | None:
    """The column with the one group that a part of its header names."""
    parts = one.period_and_rest[1].split(ABOVE)
    for place, part in enumerate(parts):
        if found := group_in(part):
            category, group, rest = found
            return _made(one, category, group, [*parts[:place], rest, *parts[place + 1 :]])
    return None


def _of_everybody(one: Seen, rests: dict[str, str]) -> OfGroup | None:
    """The column of all students beside those of groups."""
    parts = one.period_and_rest[1].split(ABOVE)
    others = [part for part in parts if not means_everybody(part)]
    rest = re.sub(r"[ (]*\b(?:all(?: students| grades)?|overall)\)?$", "", ABOVE.join(others), flags=re.IGNORECASE)
    return _made(one, "", "", [rests[plain(rest)]]) if plain(rest) in rests else None


def _made(one: Seen, category: str, group: str, rest: list[str]) -> OfGroup:
    said = ABOVE.join(part for part in rest if part)
    return OfGroup(**one.made_of, category=category, group=group, rest=said)


def _are_groups(columns: Sequence[OfGroup]) -> bool:
    names = {one.group.casefold() for one in columns}
    return len(names) >= FEWEST_GROUPS and not all(map(LOW_ORDINAL.fullmatch, names)) and not _add_up(columns)


def _add_up(columns: Sequence[OfGroup]) -> bool:
    """Whether the groups of one category make 100 % in nearly every row."""
    for category in {one.category for one in columns}:
        numbers = [one.numbers for one in columns if one.category == category]
        total = np.nansum(numbers, axis=0) if len(numbers) >= FEWEST_GROUPS else np.zeros(0)
        total = total[total > 0]
        whole = (np.abs(total - 100) <= 1.5) | (np.abs(total - 1) <= 0.015)
        if len(total) and whole.mean() >= SHARE_THAT_ADDS_UP:
            return True
    return False
