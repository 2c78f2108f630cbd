"""What a cell that should hold a value says: a number, a suppression mark, a word for no school, or something wrong."""

import math
import re
from dataclasses import dataclass

import numpy as np

from lib.intake.kinds import DATE, ERROR, NO_VALUE
from lib.intake.sheets import Cells

BLANK, NUMBER, FRACTION, SUPPRESSED, NO_SCHOOL, EXCEL_ERROR, WITHOUT_VALUE, A_DATE, NO_NUMBER = range(9)

MARKS = frozenset(
    "* ** *** **** ***** - -- --- – — — . .. ... s ns sp c x z np ds ps lne n/a na n.a. n.a n/d nd n/r nr nan null "
    "none sup suppressed redacted masked withheld low tfc tnr # † ‡ not\xa0available".split(" ")
) | {
    "not available",
    "not reported",
    "not applicable",
    "too few",
    "too few students",
    "no data",
    "small n",
    "data suppressed",
}
"""Marks for a withheld, missing or not applicable value, in lower case. Sources: state report cards (*, <10, n<10, N/A,
NS, DS), NSW Department of Education (sp, na), Colorado (LNE), England's statistics (c, x, z, low)."""
BOUND = re.compile(r"(?:n\s*)?(?:[<>≤≥]\s*=?|[gl][te]\s*)\s*\d+(?:[.,]\d+)?\s*%?")
NO_SCHOOL_WORDS = re.compile(
    r".*\b(break|snow(?: ?day)?|no school|no classes|holidays?|closed|closure|vacations?|recess|pd day|in-?service"
    r"|thanksgiving|christmas|easter|cancell?ed|weather|asueto|vacaciones|no clases|feriado)\b.*"
)
ERRORS = re.compile(r"#(?:div/0!|n/a|name\?|null!|num!|ref!|value!|spill!|calc!|getting_data)", re.IGNORECASE)
RATIO = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(?:/|\bof\b|\bout of\b)\s*(\d[\d,]*(?:\.\d+)?)")
WITH_POINT = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][-+]?\d+)?")
WITH_COMMA = re.compile(r"[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+)?(?:,\d*)?(?:[eE][-+]?\d+)?")
Said = tuple[int, float, float, bool]
"""What one text says: status, number (or numerator), denominator, whether a percent sign was there."""
NOTHING = float("nan")


def understand(text: str, decimal: str = ".") -> Said:
    """Reads one text.

    >>> understand("93%")[:2], understand("1,234")[1], understand("1,5", decimal=",")[1]
    ((1, 93.0), 1234.0, 1.5)
    >>> understand("18/22")[:3], understand("n<10")[0] == SUPPRESSED, understand("Spring break")[0] == NO_SCHOOL
    ((2, 18.0, 22.0), True, True)
    """
    text = text.strip()
    number = _number(text, decimal)
    if number is not None:
        return NUMBER, number, NOTHING, text.endswith("%")
    ratio = RATIO.fullmatch(text)
    if ratio:
        return FRACTION, float(ratio.group(1).replace(",", "")), float(ratio.group(2).replace(",", "")), False
    return _word(text), NOTHING, NOTHING, False


def _number(text: str, decimal: str) -> float | None:
    bare = text.rstrip("%").rstrip() if text.endswith("%") else text
    pattern = WITH_COMMA if decimal == "," else WITH_POINT
    if not bare or not any(letter.isdecimal() for letter in bare) or not pattern.fullmatch(bare):
        return None
    plain = bare.replace(".", "").replace(",", ".") if decimal == "," else bare.replace(",", "")
    try:
        number = float(plain)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _word(text: str) -> int:
    low = text.lower()
    if not low:
        return BLANK
    if ERRORS.fullmatch(low):
        return EXCEL_ERROR
    if low in MARKS or BOUND.fullmatch(low):
        return SUPPRESSED
    return NO_SCHOOL if len(low) < 60 and NO_SCHOOL_WORDS.fullmatch(low) else NO_NUMBER


@dataclass(frozen=True)
class Values:
    """A column read as values, one entry per row: `status` (constants above), `number`, `denominator` (of "18/22"),
    `percent` (a percent sign was there)."""

    status: "np.ndarray"
    number: "np.ndarray"
    denominator: "np.ndarray"
    percent: "np.ndarray"


def read_values(cells: Cells, decimal: str = ".") -> Values:
    """Reads a whole column; only different texts are looked at one by one."""
    codes = np.asarray(cells.text.indices.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)
    said = [understand(word, decimal) for word in cells.text.dictionary.to_pylist()]
    said.append((BLANK, NOTHING, NOTHING, False))
    status = np.array([one[0] for one in said], dtype=np.uint8)[codes]
    number = np.array([one[1] for one in said])[codes]
    typed = cells.numbers
    is_typed = ~np.isnan(typed)
    status[is_typed], number = NUMBER, np.where(is_typed, typed, number)
    status[cells.kinds == DATE] = A_DATE
    status[cells.kinds == ERROR] = EXCEL_ERROR
    status[cells.kinds == NO_VALUE] = WITHOUT_VALUE
    return Values(status, number, np.array([one[2] for one in said])[codes], np.array([one[3] for one in said])[codes])
