"""What each column of a table looks like, before anything is decided about it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import numpy as np

from lib.intake import values
from lib.intake.binding import rest_of
from lib.intake.dates import Dates, read_period, told_by_sheet
from lib.intake.dates_together import alike
from lib.intake.header import PLAIN_NUMBER, Table
from lib.intake.sheets import Cells, Sheet
from lib.intake.values import Values, read_values
from lib.intake.vocabulary import COMPARISON, GOAL, PERHAPS_TOTAL, TOTAL, plain

WORDS_LOOKED_AT = 2_000
MOST_NAMED = 3
NO_DATES = Dates()
LONGEST_TOTAL = 90
SHARE_OF_NUMBERS = 0.3
"""With fewer numbers and marks among its cells a column is one of texts."""


@dataclass(frozen=True)
class Seen:
    """One column under its header. Shares are of the filled cells; `words` are (a sample of) the different texts."""

    position: int
    header: str
    cells: Cells
    first_row: int
    decimal: str
    is_total: "np.ndarray | None" = field(default=None, compare=False)
    """Per row under the header: whether it adds up or averages others, so that its numbers tell nothing of a unit."""
    month: str = ""
    """That of its sheet, by the sheet's name or a title."""

    @property
    def made_of(self) -> dict[str, Any]:
        """What a column is made of, for one that is more than a column."""
        return {one.name: getattr(self, one.name) for one in fields(Seen)}

    @cached_property
    def codes(self) -> "np.ndarray":
        return np.asarray(self.cells.spelled[0][self.first_row :])

    @cached_property
    def counts(self) -> "np.ndarray":
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.cells.spelled[1]))

    @cached_property
    def words(self) -> list[str]:
        present = np.flatnonzero(self.counts)
        step = max(1, len(present) // WORDS_LOOKED_AT)
        return [self.cells.spelled[1][code] for code in present[::step].tolist()]

    @cached_property
    def period_words(self) -> list[str]:
        """The words as periods are read from them: the number of a week with its header."""
        return told_by_sheet(self.words, self.header, self.month)

    @property
    def plain(self) -> str:
        return plain(self.header)

    @property
    def last_header(self) -> str:
        return self.header.split(" | ")[-1]

    @cached_property
    def n_filled(self) -> int:
        return int(self.counts.sum())

    @cached_property
    def n_words(self) -> int:
        return int((self.counts > 0).sum())

    @cached_property
    def values(self) -> Values:
        whole = read_values(self.cells, self.decimal)
        return Values(
            *(array[self.first_row :] for array in (whole.status, whole.number, whole.denominator, whole.percent))
        )

    def share(self, *statuses: int) -> float:
        return float(np.isin(self.values.status, statuses).sum()) / self.n_filled if self.n_filled else 0.0

    @cached_property
    def is_numeric(self) -> bool:
        """Numbers (or fractions such as 18/22) and marks, with at least a few numbers; few wrong texts don't matter."""
        numbers = self.share(values.NUMBER, values.FRACTION, values.MARKED)
        marks = self.share(values.SUPPRESSED, values.NO_SCHOOL, values.EXCEL_ERROR, values.WITHOUT_VALUE)
        dates = self.share(values.A_DATE) if self.share(values.FRACTION) > 0 else 0.0
        return numbers > 0 and numbers + marks + dates >= 0.6

    @cached_property
    def is_partly_numeric(self) -> bool:
        """Numbers beside about as many other texts: values with slips in them, or texts of which some are numbers."""
        numbers = self.share(values.NUMBER, values.FRACTION, values.MARKED)
        return not self.is_numeric and numbers + self.share(values.SUPPRESSED) >= SHARE_OF_NUMBERS and numbers > 0

    @cached_property
    def numbers(self) -> "np.ndarray":
        """The numbers, NaN where there is none."""
        numbers = np.where(self.values.status == values.NUMBER, self.values.number, np.nan)
        return numbers if self.is_total is None else np.where(self.is_total, np.nan, numbers)

    @cached_property
    def some_numbers(self) -> "np.ndarray":
        return self.numbers[~np.isnan(self.numbers)]

    @cached_property
    def is_whole(self) -> bool:
        return bool(len(self.some_numbers)) and bool((self.some_numbers == np.round(self.some_numbers)).all())

    @cached_property
    def has_leading_zeros(self) -> bool:
        return any(word.startswith("0") and word.isdecimal() and len(word) > 1 for word in self.words)

    @cached_property
    def share_of_periods(self) -> float:
        """Of the different texts, those of total rows apart."""
        words = [word for word in self.period_words if not TOTAL.fullmatch(word)]
        among = alike(words)
        likely = (word for word in words if not PLAIN_NUMBER.fullmatch(word))
        periods = sum(1 for word in likely if read_period(word, NO_DATES, among))
        return periods / len(words) if words else 0.0

    @cached_property
    def period_and_rest(self) -> tuple[str, str]:
        return rest_of(self.header, NO_DATES)


def look_at(sheet: Sheet, table: Table, decimal: str = ".") -> list[Seen]:
    totals = _total_rows(sheet, table.first_data_row - 1)
    return [
        Seen(place, header, cells, table.first_data_row - 1, decimal, totals, table.month)
        for place, (header, cells) in enumerate(zip(table.headers, sheet.columns, strict=True), 1)
    ]


def _total_rows(sheet: Sheet, first_row: int) -> "np.ndarray | None":
    """Rows with a text that says a total, a goal or a comparison; None where most rows are such, or none is."""
    found = np.zeros(max(sheet.n_rows - first_row, 0), bool)
    for cells in sheet.columns:
        words = cells.text.dictionary.to_pylist() if len(cells.text.dictionary) <= WORDS_LOOKED_AT else []
        codes = [code for code, word in enumerate(words) if _says_total(word.strip())]
        if codes:
            found |= np.isin(cells.spelled[0][first_row:], codes)
    return found if 0 < found.sum() <= 0.5 * len(found) else None


def _says_total(text: str) -> bool:
    return (
        any(pattern.fullmatch(text) for pattern in (TOTAL, PERHAPS_TOTAL, GOAL, COMPARISON))
        if len(text) < LONGEST_TOTAL
        else False
    )


def listed(names: Sequence[str]) -> str:
    """
    >>> listed(["Oak", "Elm"]), listed(["9", "10", "11", "12"])
    ('“Oak”, “Elm”', '“9”, “10”, “11” and 1 more')
    """
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return ", ".join(f"“{name}”" for name in names[:MOST_NAMED]) + more
