"""A workbook as it was read: sheets, and the cells of each column."""

import string
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa

from lib.intake.kinds import BLANK, ERROR, NO_VALUE, NUMBER

Merged = tuple[int, int, int, int]
"""First row, first column, last row, last column of a merged range, counted from 0."""


@dataclass(frozen=True)
class Cells:
    """One column of a sheet. A blank cell is null in `text`; a typed number is null in `text` and stands in `number`.

    `kind` (see `kinds`) is None where the file has no types, as in a CSV, `number` where no cell is a typed number.
    """

    text: pa.DictionaryArray
    number: pa.DoubleArray | None = None
    kind: pa.UInt8Array | None = None

    @cached_property
    def spelled(self) -> tuple["np.ndarray", list[str]]:
        """Every cell as a code into a list of different texts (stripped, numbers spelled out); -1 is a blank cell."""
        codes = codes_of(self.text)
        words = [word.strip() for word in self.text.dictionary.to_pylist()]
        if self.number is None:
            return codes, words
        numbers = self.numbers
        typed = np.flatnonzero(~np.isnan(numbers))
        different, inverse = np.unique(numbers[typed], return_inverse=True)
        codes = codes.copy()
        codes[typed] = inverse + len(words)
        return codes, [*words, *(spell(number) for number in different.tolist())]

    @cached_property
    def numbers(self) -> "np.ndarray":
        """Typed numbers as float64, NaN elsewhere."""
        if self.number is None:
            return np.broadcast_to(np.nan, len(self.text))
        return np.asarray(self.number.to_numpy(zero_copy_only=False), dtype=float)

    @cached_property
    def kinds(self) -> "np.ndarray":
        if self.kind is None:
            return np.broadcast_to(np.uint8(BLANK), len(self.text))
        return self.kind.to_numpy(zero_copy_only=False)

    @property
    def is_wrong(self) -> "np.ndarray":
        """Error cells and formulas without a value."""
        return (self.kinds == ERROR) | (self.kinds == NO_VALUE)

    @cached_property
    def is_filled(self) -> "np.ndarray":
        return np.asarray((codes_of(self.text) >= 0) | ~np.isnan(self.numbers))

    @property
    def is_number(self) -> "np.ndarray":
        return np.asarray(self.kinds == NUMBER)

    def at(self, row: int) -> str:
        """The text of one row (from 0), "" where blank."""
        codes, words = self.spelled
        return words[codes[row]] if codes[row] >= 0 else ""

    def texts(self, first: int = 0, last: int | None = None) -> list[str]:
        """The texts of rows `first` to `last` (from 0, last not included); blank is ""."""
        codes = codes_of(self.text.slice(first, None if last is None else last - first))
        words = self.text.dictionary
        numbers = self.numbers[first:last] if self.number is not None else None
        return [_said(place, code, words, numbers) for place, code in enumerate(codes.tolist())]


def _said(place: int, code: int, words: pa.StringArray, numbers: "np.ndarray | None") -> str:
    if code >= 0:
        return str(words[code].as_py()).strip()
    return "" if numbers is None or np.isnan(numbers[place]) else spell(float(numbers[place]))


def codes_of(text: pa.DictionaryArray) -> "np.ndarray":
    """Every cell as a code into the dictionary; -1 is a cell without text."""
    return np.asarray(text.indices.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int32)


def spell(number: float) -> str:
    """A number as a person would type it.

    >>> spell(610245.0), spell(0.93), spell(1e22)
    ('610245', '0.93', '1e+22')
    """
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)


@dataclass(frozen=True)
class Sheet:
    """One sheet. Rows and columns count from 1 in everything a person reads; arrays count from 0.

    Of a sheet that holds several tables each is a sheet here: `base` names the whole, `label` is the table's title.
    """

    name: str
    visible: bool
    n_rows: int
    columns: tuple[Cells, ...]
    merged: tuple[Merged, ...] = field(default=())
    base: str = ""
    label: str = ""

    @property
    def says(self) -> str:
        """What the sheet is called: its name, or the title of the table where a sheet holds several."""
        return self.label or self.name

    @cached_property
    def first_filled_row(self) -> int:
        """From 1; 1 for a sheet without any filled cell."""
        firsts = [int(np.argmax(cells.is_filled)) for cells in self.columns if cells.is_filled.any()]
        return min(firsts, default=0) + 1

    @property
    def n_columns(self) -> int:
        return len(self.columns)

    def row(self, number: int) -> list[str]:
        """Texts of one row (from 1), "" where blank or past the end."""
        if not 1 <= number <= self.n_rows:
            return [""] * self.n_columns
        return [cells.at(number - 1) for cells in self.columns]

    def preview(self, first_row: int = 1, last_row: int = 50) -> pd.DataFrame:
        """Texts of rows `first_row` to `last_row` (from 1, both included); index = row number, columns = letters.

        Rows after the sheet's last are none.
        """
        first, last = min(max(first_row, 1), self.n_rows + 1), min(last_row, self.n_rows)
        texts = {letters(place + 1): cells.texts(first - 1, last) for place, cells in enumerate(self.columns)}
        return pd.DataFrame(texts, index=range(first, last + 1), dtype="str")


@dataclass(frozen=True)
class Workbook:
    """A file as it was read. `encoding`, `separator`, `decimal` and `bom` say how a CSV is written, "" for Excel.

    `notes` are plain sentences on what was noticed while reading (a name that doesn't fit the content).
    """

    name: str
    sha256: str
    kind: str
    sheets: tuple[Sheet, ...]
    encoding: str = ""
    separator: str = ""
    decimal: str = "."
    bom: bool = False
    notes: tuple[str, ...] = ()

    def sheet(self, name: str) -> Sheet | None:
        """A sheet by its name, or the first of its tables."""
        return next((sheet for sheet in self.sheets if name in (sheet.name, sheet.base)), None)


def letters(column: int) -> str:
    """Column letters of a spreadsheet.

    >>> letters(1), letters(26), letters(27), letters(16384)
    ('A', 'Z', 'AA', 'XFD')
    """
    said = ""
    while column:
        column, rest = divmod(column - 1, 26)
        said = string.ascii_uppercase[rest] + said
    return said


def address(row: int, column: int) -> str:
    """
    >>> address(415, 14)
    'N415'
    """
    return f"{letters(column)}{row}"
