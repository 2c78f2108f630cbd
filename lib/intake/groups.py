"""Student groups: one column, or a category and a name; words for everybody become the group of all students."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.intake.binding import Bound, Column
from lib.intake.group_names import means_everybody
from lib.intake.rows import words_of
from lib.intake.vocabulary import readable


@dataclass(frozen=True)
class Labels:
    """One text per row: codes into `words`; -1 is none."""

    codes: "np.ndarray"
    words: list[str]

    @staticmethod
    def constant(word: str, n_rows: int) -> "Labels":
        return Labels(np.zeros(n_rows, np.int32), [word])

    @staticmethod
    def none(n_rows: int) -> "Labels":
        return Labels(np.full(n_rows, -1, np.int32), [])

    def take(self, rows: "np.ndarray") -> "Labels":
        return Labels(self.codes[rows], self.words)

    def texts(self, rows: "np.ndarray") -> Any:
        """The texts of these rows as a pandas array; "" for none."""
        words = pd.array([*self.words, ""], dtype="str")
        return words.take(np.where(self.codes[rows] < 0, len(self.words), self.codes[rows]))

    def categories(self, rows: "np.ndarray") -> pd.Categorical:
        """The same in a tenth of the memory; categories in order of their texts, so that they sort like texts."""
        words = pd.Categorical(pd.array([*self.words, ""], dtype="str"))
        return words[self.codes[rows]].remove_unused_categories()


Texts = tuple[str, ...]
Meaning = Callable[[Texts], tuple[str, str]]
"""Category and name of the texts that the group columns of a row hold."""


def read_groups(bound: Bound) -> tuple[Labels, Labels]:
    """Category and name per row under the header; both "" for all students."""
    if bound.group:
        return Labels.constant(bound.category, bound.n_rows), Labels.constant(bound.group, bound.n_rows)
    categories, groups = bound.columns_as("category"), bound.columns_as("group")
    if categories and groups:
        return _said_by(bound, [categories[0], groups[0]], lambda texts: _pair(*texts))
    if categories:
        return _said_by(bound, categories[:1], lambda texts: ("", _unless_everybody(texts[0])))
    headers = [readable(column.header) for column in groups]
    return _said_by(bound, groups, lambda texts: _cross(headers, texts))


def _said_by(bound: Bound, columns: Sequence[Column], meaning: Meaning) -> tuple[Labels, Labels]:
    """What the texts of these columns mean; only different rows are looked at."""
    read = [words_of(bound, column) for column in columns]
    number = np.zeros(bound.n_rows, np.int64)
    for codes, words in read:
        number = pd.factorize(number * (len(words) + 1) + codes + 1)[0]
    first = np.unique(number, return_index=True)[1].tolist()
    texts = [tuple("" if codes[row] < 0 else words[codes[row]] for codes, words in read) for row in first]
    meant = [meaning(one) for one in texts]
    return _labels([category for category, _ in meant], number), _labels([name for _, name in meant], number)


def _labels(texts: list[str], number: "np.ndarray") -> Labels:
    """The text of each row by its number; equal texts get one code."""
    codes, words = pd.factorize(np.array(texts, dtype=object))
    return Labels(codes.astype(np.int32)[number], [str(word) for word in words])


def _unless_everybody(name: str) -> str:
    return "" if means_everybody(name) else name


def _pair(category: str, group: str) -> tuple[str, str]:
    if means_everybody(category) or means_everybody(group):
        return "", ""
    return (category, group) if group else ("", category)


def _cross(headers: list[str], texts: Texts) -> tuple[str, str]:
    """One or several group columns: the ones that don't say "all", by header and by value."""
    said = [(header, name) for header, name in zip(headers, map(_unless_everybody, texts), strict=True) if name]
    return " and ".join(header for header, _ in said), ", ".join(name for _, name in said)
