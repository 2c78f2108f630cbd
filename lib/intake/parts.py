"""Which columns of numbers belong together (numerator, denominator, value), by arithmetic and by words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lib.intake.evidence import Seen
from lib.intake.recipe import Role
from lib.intake.vocabulary import DENOMINATOR, NUMERATOR, STRONG_DENOMINATOR, STRONG_NUMERATOR, VALUE, plain

ROWS_COMPARED = 300
FEWEST_ROWS = 5
SHARE_THAT_AGREES = 0.9
MANY_COLUMNS, FEWER_ROWS = 30, 40
"""With more columns of counts than that, fewer rows are compared."""
MOST_PERCENT = 400.0
"""A share with slips over 100 % in it stays under this; a larger number is a count."""
ROUNDING = 0.006
"""A share printed with no or two decimals of a percent lies this close to numerator / denominator."""
PART_WORDS = re.compile(
    r"\b(?:numerators?|num|denominators?|den|denom|pct|percent|percentage|perc|rate|value|count|number of|n|students"
    r"|enrolled|present|total|%)\b|[%#]"
)


@dataclass(frozen=True)
class Numbers:
    """One column of numbers, or one kind of column repeated over periods."""

    label: str
    numbers: "np.ndarray"


@dataclass(frozen=True)
class Family:
    """Columns that make one value, as places in the list given: `parts` is role to place."""

    parts: dict[Role, int]
    by_arithmetic: bool = False


def numbers_of(seen: Sequence[Seen]) -> list[Numbers]:
    return [Numbers(one.header, one.numbers) for one in seen]


def find_families(columns: Sequence[Numbers]) -> list[Family]:
    """Families of numerator, denominator and value; columns in none of them are not mentioned."""
    families = _by_arithmetic(columns)
    taken = {place for family in families for place in family.parts.values()}
    return families + _by_words(columns, taken)


def _by_arithmetic(columns: Sequence[Numbers]) -> list[Family]:
    table = _sample(columns)
    whole = [place for place in range(len(columns)) if _is_count(table[:, place])]
    found: dict[int, tuple[int, int]] = {}
    for value in range(len(columns)):
        if _is_count(table[:, value]) and not VALUE.fullmatch(plain(columns[value].label)):
            continue
        pair = _ratio_of(table, value, [place for place in whole if place != value])
        if pair and _are_free(value, pair, found):
            found[value] = pair
    wholes = {denominator for _, denominator in found.values()}
    return [_family(value, *pair, wholes) for value, pair in found.items()]


def _family(value: int, numerator: int, denominator: int, wholes: set[int]) -> Family:
    """What is the whole of another share stays that: tested of enrolled then is a rate without its counts."""
    parts: dict[Role, int] = {"numerator": numerator, "denominator": denominator, "value": value}
    return Family({role: place for role, place in parts.items() if role != "numerator" or place not in wholes}, True)


def _are_free(value: int, pair: tuple[int, int], found: dict[int, tuple[int, int]]) -> bool:
    """Whether the columns are no part of another value already; a whole may be shared, and be a part elsewhere."""
    numerators = {numerator for numerator, _ in found.values()}
    wholes = {whole for _, whole in found.values()}
    return value not in numerators | wholes and pair[0] not in numerators and not found.keys() & set(pair)


def _sample(columns: Sequence[Numbers]) -> "np.ndarray":
    """Rows where most columns hold a number, at most so many."""
    if not columns:
        return np.zeros((0, 0))
    there = sum((~np.isnan(column.numbers)).astype(np.int64) for column in columns)
    full = np.flatnonzero(there >= min(3, len(columns)))
    rows = full[:: max(1, len(full) // ROWS_COMPARED)]
    return np.column_stack([column.numbers[rows] for column in columns])


def _is_count(numbers: "np.ndarray") -> bool:
    there = numbers[~np.isnan(numbers)]
    return (
        len(there) >= FEWEST_ROWS
        and bool((there >= 0).all())
        and bool((there == np.round(there)).mean() > 0.98)
        and len(np.unique(there)) > 2
    )


def _ratio_of(table: "np.ndarray", value: int, counts: list[int]) -> tuple[int, int] | None:
    """The (numerator, denominator) whose ratio the column is, in percent or as a fraction."""
    said = table[:, value]
    rows = ~np.isnan(said) & (said > 0)
    if len(counts) < 2 or rows.sum() < FEWEST_ROWS or len(np.unique(said[rows])) <= 2 or np.nanmax(said) > MOST_PERCENT:
        return None
    if len(counts) > MANY_COLUMNS:
        rows = np.flatnonzero(rows)[:FEWER_ROWS]
    below = table[rows][:, counts]
    apart = np.minimum(_distance(said[rows], below), _distance(said[rows] / 100, below))
    numerator, denominator = np.unravel_index(int(apart.argmin()), apart.shape)
    return (counts[int(numerator)], counts[int(denominator)]) if np.isfinite(apart.min()) else None


def _distance(said: "np.ndarray", counts: "np.ndarray") -> "np.ndarray":
    """How far numerator / denominator usually is from the value, for every pair of columns in that order.

    Infinite where they don't agree in nearly all rows. Several pairs may agree within rounding; the nearest is the one.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.abs(counts[:, :, None] / counts[:, None, :] - said[:, None, None])
    compared = (~np.isnan(apart)).sum(axis=0)
    agree = (apart <= ROUNDING).sum(axis=0)
    fits = (compared >= FEWEST_ROWS) & (agree >= SHARE_THAT_AGREES * compared)
    np.fill_diagonal(fits, False)
    near = np.where(apart <= ROUNDING, apart, np.nan)
    mean = np.nansum(near, axis=0) / np.maximum(agree, 1)
    return np.asarray(np.where(fits, mean, np.inf))


def _by_words(columns: Sequence[Numbers], taken: set[int]) -> list[Family]:
    free = [place for place in range(len(columns)) if place not in taken]
    stems: dict[str, dict[Role, int]] = {}
    for place in free:
        part = part_of(columns[place].label)
        if part:
            stems.setdefault(stem_of(columns[place].label), {}).setdefault(part, place)
    families = [Family(parts) for parts in stems.values() if _holds_together(columns, parts)]
    if families:
        return families
    loose = [place for place in free if part_of(columns[place].label, loose=True)]
    parts = {part_of(columns[place].label, loose=True): place for place in loose}
    if len(loose) == len(parts) and _holds_together(columns, parts):  # type: ignore[arg-type]
        return [Family(parts)]  # type: ignore[arg-type]
    return []


def part_of(label: str, loose: bool = False) -> Role | None:
    """What a header says of its part in a ratio; `loose` also takes words such as present and enrolled.

    >>> part_of("Attendance num"), part_of("Students present"), part_of("Students present", loose=True)
    ('numerator', None, 'numerator')
    """
    words = plain(label)
    if STRONG_DENOMINATOR.fullmatch(words):
        return "denominator"
    if STRONG_NUMERATOR.fullmatch(words):
        return "numerator"
    if not loose:
        return "value" if VALUE.fullmatch(words) else None
    if NUMERATOR.fullmatch(words):
        return "numerator"
    if DENOMINATOR.fullmatch(words):
        return "denominator"
    return "value" if VALUE.fullmatch(words) else None


def stem_of(label: str) -> str:
    """A header without the words of its part.

    >>> stem_of("attendance_num") == stem_of("Attendance denominator") == "attendance"
    True
    """
    return " ".join(PART_WORDS.sub(" ", plain(label)).split())


def is_part_of(part: "np.ndarray", whole: "np.ndarray") -> bool:
    """Whether both are counts and the first is never above the second, and not always the same."""
    both = ~np.isnan(part) & ~np.isnan(whole)
    counts = _is_count(part) and _is_count(whole) and both.sum() >= FEWEST_ROWS
    return bool(counts and (part[both] <= whole[both]).all() and (part[both] < whole[both]).any())


def _holds_together(columns: Sequence[Numbers], parts: dict[Role, int]) -> bool:
    """A numerator and a denominator, the first hardly ever above the second."""
    if "numerator" not in parts or "denominator" not in parts:
        return False
    numerator, denominator = columns[parts["numerator"]].numbers, columns[parts["denominator"]].numbers
    both = ~np.isnan(numerator) & ~np.isnan(denominator)
    return not both.any() or bool((numerator[both] <= denominator[both]).mean() >= 0.9)
