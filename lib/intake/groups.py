"""Student groups: one column, or a category and a name; words for everybody become the group of all students."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.intake.binding import Bound
from lib.intake.rows import words_of
from lib.intake.vocabulary import readable

EVERYBODY = re.compile(
    r"all|all \(.*\)|all (?:students?|pupils?|grades?|groups?|learners?|children|enrolled students)"
    r"|totals?|total (?:population|students?|pupils?)"
    r"|overall|everyone|everybody|school-?wide|district-?wide|todos|todas|todos los (?:estudiantes|alumnos)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Labels:
    """One text per row: codes into `words`; -1 is none."""

    codes: "np.ndarray"
    words: list[str]

    @staticmethod
    def constant(word: str, n_rows: int) -> "Labels":
        return Labels(np.zeros(n_rows, np.int64), [word])

    def take(self, rows: "np.ndarray") -> "Labels":
        return Labels(self.codes[rows], self.words)

    def texts(self, rows: "np.ndarray") -> Any:
        """The texts of these rows as a pandas array; "" for none."""
        words = pd.array([*self.words, ""], dtype="str")
        return words.take(np.where(self.codes[rows] < 0, len(self.words), self.codes[rows]))


def means_everybody(text: str) -> bool:
    """
    >>> means_everybody("All (Excludes Pre-K)"), means_everybody("All other races")
    (True, False)
    """
    return EVERYBODY.fullmatch(text.strip()) is not None


def read_groups(bound: Bound) -> tuple[Labels, Labels]:
    """Category and name per row under the header; both "" for all students."""
    categories, groups = bound.columns_as("category"), bound.columns_as("group")
    if not groups and not categories:
        return Labels.constant("", bound.n_rows), Labels.constant("", bound.n_rows)
    if not groups:
        category, name = [""] * bound.n_rows, _words(bound, categories[0])
        return _different([(a, b) for a, b in zip(category, _without_everybody(name), strict=True)])
    if len(groups) == 1 and not categories:
        header, names = readable(groups[0].header), _without_everybody(_words(bound, groups[0]))
        return _different([(header if name else "", name) for name in names])
    if categories:
        return _different(_pairs(_words(bound, categories[0]), _words(bound, groups[0]) if groups else []))
    return _different(_crossed(bound))


def _words(bound: Bound, column: "object") -> list[str]:
    codes, words = words_of(bound, column)  # type: ignore[arg-type]
    return np.array([*words, ""], dtype=object)[codes].tolist()


def _without_everybody(names: list[str]) -> list[str]:
    everybody = {name for name in set(names) if means_everybody(name)}
    return ["" if name in everybody else name for name in names]


def _pairs(categories: list[str], groups: list[str]) -> list[tuple[str, str]]:
    made = {pair: _pair(*pair) for pair in set(zip(categories, groups, strict=True))}
    return [made[pair] for pair in zip(categories, groups, strict=True)]


def _pair(category: str, group: str) -> tuple[str, str]:
    if means_everybody(category) or means_everybody(group):
        return "", ""
    return (category, group) if group else ("", category)


def _crossed(bound: Bound) -> list[tuple[str, str]]:
    """Several group columns: the ones that don't say "all", by header and by value."""
    columns = bound.columns_as("group")
    headers = [readable(column.header) for column in columns]
    rows = list(zip(*[_without_everybody(_words(bound, column)) for column in columns], strict=True))
    made = {row: _cross(headers, row) for row in set(rows)}
    return [made[row] for row in rows]


def _cross(headers: list[str], row: tuple[str, ...]) -> tuple[str, str]:
    said = [(header, name) for header, name in zip(headers, row, strict=True) if name]
    return " and ".join(header for header, _ in said), ", ".join(name for _, name in said)


def _different(pairs: list[tuple[str, str]]) -> tuple[Labels, Labels]:
    return _labels([category for category, _ in pairs]), _labels([name for _, name in pairs])


def _labels(texts: list[str]) -> Labels:
    place: dict[str, int] = {}
    codes = np.fromiter((place.setdefault(text, len(place)) for text in texts), dtype=np.int64, count=len(texts))
    return Labels(codes, list(place))
