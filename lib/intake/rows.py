"""Which rows are observations, and which are totals, notes or blank."""

import re
from dataclasses import dataclass

import numpy as np

from lib.intake.binding import Bound
from lib.intake.dates import are_years, told_by_sheet
from lib.intake.known import Known
from lib.intake.recipe import PARTS, Column, Recipe
from lib.intake.vocabulary import ABOVE, COMPARISON, GOAL, LEVEL, TOTAL

NOTE = re.compile(
    r"(?:[*†‡]|notes?\b|sources?\b|data (?:as of|source)"
    r"|footnotes?\b|end of |prepared by|last updated|nota\b|fuente\b|\d+\)).*",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"(?:\S+\s+){3,}.*[^.\s]{2}\.|.*\S = \S.*|(?:\S+\s+){9,}\S+")
"""Four words and a full stop, "x = y", or ten words."""
LONGEST_NAME = 90
SHARE_WITH_CODE = 0.98
"""A row without a code is no school where at least this share of the rows with values has one."""
SHARE_OF_DISTRICTS = 0.3
DISTRICT_WORDS = re.compile(r".*\b(?:district|dist|county|parish|re-?\d+\w?|isd|usd|schools)\b.*", re.IGNORECASE)
STATES = frozenset(
    "alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois "
    "indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri "
    "montana nebraska nevada new_hampshire new_jersey new_mexico new_york north_carolina north_dakota ohio oklahoma "
    "oregon pennsylvania rhode_island south_carolina south_dakota tennessee texas utah vermont virginia washington "
    "west_virginia wisconsin wyoming district_of_columbia puerto_rico england scotland wales northern_ireland".split()
)


@dataclass(frozen=True)
class RowFates:
    """One entry per row under the header: `reason` is an index into `reasons`; 0 is a row of data, -1 a blank one."""

    reason: "np.ndarray"
    reasons: tuple[str, ...]

    @property
    def is_data(self) -> "np.ndarray":
        return np.asarray(self.reason == 0)

    @property
    def is_left_out(self) -> "np.ndarray":
        return np.asarray(self.reason > 0)


def words_of(bound: Bound, column: Column) -> tuple["np.ndarray", list[str]]:
    """Codes (from the first row under the header on) and different texts of a column; merged cells filled downward.

    So are blank cells under a school or a date, where the recipe says that they mean it. The number of a week or a term
    is told with its header.
    """
    codes, words = bound.cells(column).spelled
    codes = codes[bound.first_row :]
    for top, left, bottom, right in bound.sheet.merged:
        if left <= column.position - 1 <= right and bottom > top >= bound.first_row:
            codes = codes.copy() if not codes.flags.writeable else codes
            codes[top - bound.first_row : bottom - bound.first_row + 1] = codes[top - bound.first_row]
    is_school, is_date = column.role in ("school id", "school name", "district"), column.role == "date"
    if (bound.schools_as_above and is_school) or (bound.dates_as_above and is_date):
        codes = _filled_downward(codes)
    return codes, told_by_sheet(words, column.header, bound.table.month) if is_date else words


def date_words(bound: Bound) -> tuple["np.ndarray", list[str]]:
    """Codes and texts of the rows' dates; a year in one column and the month or term in another are told together."""
    read = [words_of(bound, column) for column in bound.columns_as("date")[:2]]
    if len(read) == 1:
        return read[0]
    (year_codes, years), (codes, words) = sorted(read, key=lambda one: not are_years(_used(*one)))
    pairs = np.where((year_codes >= 0) & (codes >= 0), year_codes.astype(np.int64) * max(len(words), 1) + codes, -1)
    different, together = np.unique(np.append(pairs, -1), return_inverse=True)
    said = [f"{years[pair // len(words)]}{ABOVE}{words[pair % len(words)]}" for pair in different[1:].tolist()]
    return together[:-1] - 1, said


def _used(codes: "np.ndarray", words: list[str]) -> list[str]:
    return [words[code] for code in np.unique(codes[codes >= 0]).tolist()]


def _filled_downward(codes: "np.ndarray") -> "np.ndarray":
    """
    >>> _filled_downward(np.array([-1, 4, -1, -1, 2, -1])).tolist()
    [-1, 4, 4, 4, 2, 2]
    """
    last = np.maximum.accumulate(np.where(codes >= 0, np.arange(len(codes)), -1))
    return np.asarray(np.where(last >= 0, codes[last], -1))


def row_fates(bound: Bound, has_values: "np.ndarray", recipe: Recipe, known: Known) -> RowFates:
    """`has_values`: per row, whether any cell that holds values is filled.

    A row of a known school is data, whatever its name reads like, and so is one that a person called a school.
    """
    n_rows = bound.n_rows
    filled = _any_filled(bound)
    reasons: list[str] = [""]
    reason = np.zeros(n_rows, dtype=np.int64)
    school, others = _school_and_other_words(bound)
    no_school = ~_filled_in(school, n_rows)
    unknown = ~_is_known(school, known.school_words() | {name.casefold() for name in recipe.not_totals}, n_rows)
    _say_told_totals(reason, reasons, school, recipe)
    _say_totals(reason, reasons, school, unknown)
    _say_totals(reason, reasons, school, unknown, GOAL, "a goal, not a school")
    _say_totals(reason, reasons, school, unknown, COMPARISON, "a comparison, not a school")
    alone = no_school if school else np.ones(n_rows, bool)
    _say_totals(reason, reasons, others, alone)
    if school:
        _say_totals(reason, reasons, others, no_school & has_values, LEVEL, "not of a school, by its level")
    _say_without_code(reason, reasons, bound, has_values, unknown)
    _say_states(reason, reasons, bound, unknown)
    is_note = (reason == 0) & ~has_values & filled & (no_school if school else _says_nothing_else(bound, n_rows))
    is_note |= (
        (reason == 0)
        & ~has_values
        & filled
        & (_reads_like_note(school, n_rows) | _is_below(reason, has_values, filled))
    )
    is_note |= (reason == 0) & ~has_values & filled & _after_first(is_note, has_values)
    reasons.append("a note")
    reason[is_note] = len(reasons) - 1
    reason[~filled] = -1
    return RowFates(reason, tuple(reasons))


Words = list[tuple["np.ndarray", list[str]]]


def _school_and_other_words(bound: Bound) -> tuple[Words, Words]:
    school = [words_of(bound, column) for column in bound.columns_as("school id", "school name")]
    taken = {
        column.position
        for column in bound.columns_as("school id", "school name", "category", "group", "measure", *PARTS)
    }
    rest = [Column(place, "") for place in range(1, bound.sheet.n_columns + 1) if place not in taken]
    return school, [words_of(bound, column) for column in rest]


def _any_filled(bound: Bound) -> "np.ndarray":
    filled = np.zeros(bound.n_rows, bool)
    for place in range(1, bound.sheet.n_columns + 1):
        filled |= bound.cells(Column(place, "")).spelled[0][bound.first_row :] >= 0
    return filled


def _filled_in(school: Words, n_rows: int) -> "np.ndarray":
    filled = np.zeros(n_rows, bool)
    for codes, _ in school:
        filled |= codes >= 0
    return filled


def _is_known(school: Words, known: set[str], n_rows: int) -> "np.ndarray":
    """Rows whose code or name is one of the network's."""
    met = np.zeros(n_rows, bool)
    for codes, words in school:
        met |= np.array([*(word.strip().casefold() in known for word in words), False])[codes]
    return met


def _says_nothing_else(bound: Bound, n_rows: int) -> "np.ndarray":
    """No date and no measure: in a sheet of one school such a row can only be a note."""
    named = [words_of(bound, column) for column in bound.columns_as("date", "measure")]
    return ~_filled_in(named, n_rows)


def _say_totals(
    reason: "np.ndarray",
    reasons: list[str],
    columns: Words,
    rows: "np.ndarray",
    pattern: re.Pattern[str] = TOTAL,
    because: str = "a total or average, not a school",
) -> None:
    for codes, words in columns:
        for code, word in enumerate(words):
            if len(word) < LONGEST_NAME and pattern.fullmatch(word.strip()):
                hit = rows & (codes == code) & (reason == 0)
                if hit.any():
                    reasons.append(f"{because}: “{word}”")
                    reason[hit] = len(reasons) - 1


def _say_told_totals(reason: "np.ndarray", reasons: list[str], school: Words, recipe: Recipe) -> None:
    names = {name.casefold() for name in recipe.totals}
    for codes, words in school:
        for code in [code for code, word in enumerate(words) if word.strip().casefold() in names]:
            hit = (codes == code) & (reason == 0)
            if hit.any():
                reasons.append(f"a total, as you said: “{words[code]}”")
                reason[hit] = len(reasons) - 1


def _say_without_code(
    reason: "np.ndarray", reasons: list[str], bound: Bound, has_values: "np.ndarray", unknown: "np.ndarray"
) -> None:
    ids, names = bound.columns_as("school id"), bound.columns_as("school name")
    if not ids or not names:
        return
    (id_codes, _), (name_codes, words) = words_of(bound, ids[0]), words_of(bound, names[0])
    with_values = has_values & (reason == 0)
    lacks = with_values & unknown & (id_codes < 0) & (name_codes >= 0)
    if lacks.any() and lacks.sum() <= (1 - SHARE_WITH_CODE) * with_values.sum():
        for code in np.unique(name_codes[lacks]).tolist():
            reasons.append(f"no code where every other row has one: “{words[code]}”")
            reason[lacks & (name_codes == code)] = len(reasons) - 1


def _say_states(reason: "np.ndarray", reasons: list[str], bound: Bound, unknown: "np.ndarray") -> None:
    """The state itself beside its districts."""
    for column in bound.columns_as("school name"):
        codes, words = words_of(bound, column)
        seen = [words[code] for code in np.unique(codes[codes >= 0]).tolist()]
        districts = sum(1 for word in seen if DISTRICT_WORDS.fullmatch(word))
        if districts < SHARE_OF_DISTRICTS * len(seen):
            continue
        for code, word in enumerate(words):
            hit = (codes == code) & (reason == 0) & unknown
            if word.lower().replace(" ", "_") in STATES and hit.any():
                reasons.append(f"the state, beside its districts: “{word}”")
                reason[hit] = len(reasons) - 1


def _is_below(reason: "np.ndarray", has_values: "np.ndarray", filled: "np.ndarray") -> "np.ndarray":
    """Rows under the table: after its last row with values there is a total or a blank row, and then these."""
    below = np.zeros(len(filled), bool)
    if has_values.any():
        last = int(np.flatnonzero(has_values)[-1])
        blanks = np.flatnonzero(~filled[last:])
        start = last + 1 if reason[last] > 0 else last + int(blanks[0]) if len(blanks) else len(filled)
        below[start:] = True
    return below


def reads_like_note(text: str) -> bool:
    """
    >>> reads_like_note("Notes"), reads_like_note("Lincoln was closed on 12 Sep."), reads_like_note("St. Mary's")
    (True, True, False)
    """
    return NOTE.fullmatch(text) is not None or len(text) > LONGEST_NAME or SENTENCE.fullmatch(text) is not None


def _after_first(is_note: "np.ndarray", has_values: "np.ndarray") -> "np.ndarray":
    """Under the last row with values: the rows after the first note."""
    after = np.zeros(len(is_note), bool)
    last = int(np.flatnonzero(has_values)[-1]) if has_values.any() else len(is_note)
    notes = np.flatnonzero(is_note[last:])
    if len(notes):
        after[last + int(notes[0]) :] = True
    return after


def _reads_like_note(school: Words, n_rows: int) -> "np.ndarray":
    reads = np.zeros(n_rows, bool)
    for codes, words in school:
        notes = np.array([reads_like_note(word) for word in words] + [False])
        reads |= notes[codes]
    return reads
