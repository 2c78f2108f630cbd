"""What a cell that should hold a value says: a number, a suppression mark, a word for no school, or something wrong."""

import math
import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

import numpy as np

from lib.intake.date_words import MONTH
from lib.intake.dates import Dates, read_period
from lib.intake.kinds import DATE, ERROR, NO_VALUE
from lib.intake.sheets import Cells, codes_of

BLANK, NUMBER, FRACTION, SUPPRESSED, NO_SCHOOL, EXCEL_ERROR, WITHOUT_VALUE, A_DATE, NO_NUMBER, MARKED = range(10)

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
    "missing",
    "pending",
    "suprimido",
    "sin datos",
}
"""Marks for a withheld, missing or not applicable value, in lower case. Sources: state report cards (*, <10, n<10, N/A,
NS, DS), NSW Department of Education (sp, na), Colorado (LNE), England's statistics (c, x, z, low)."""
DASHES = re.compile(r"[-–—_ ]{2,}")
WITHHELD = re.compile(
    r"\*+|#|†|‡|s|sp|ps|ds|ns|lne|tfc|tnr|sup|suppressed|redacted|masked|withheld|low|too few(?: students)?|small n"
    r"|data suppressed"
)
"""Marks of values that are there and not told; the other marks may also stand in a column of texts."""
BOUND = re.compile(
    r"(?:n\s*)?(?:[<>≤≥]\s*=?|[gl][te]\s*|(?:fewer|less|more|greater) than|under|over|menos de|m[aá]s de)\s*"
    r"\d+(?:[.,]\d+)?\s*%?|\d+ or (?:fewer|less|more)"
)
NO_SCHOOL_WORDS = re.compile(
    r".*\b(break|snow(?: ?day)?|no school|no classes|holidays?|closed|closure|vacations?|recess|pd day|in-?service"
    r"|labor day|mlk day|presidents'? day|veterans'? day|memorial day"
    r"|thanksgiving|christmas|easter|cancell?ed|weather|no meetings?|not held|did not meet|work ?day|inclement"
    r"|asueto|vacaciones|no clases|sin clases|feriado|festivo|nieve|receso|cerrad[oa])\b.*"
)
ERRORS = re.compile(r"#(?:div/0!|n/a|name\?|null!|num!|ref!|value!|spill!|calc!|getting_data)", re.IGNORECASE)
NUMBER_IN_RATIO = r"\d[\d,]*(?:\.\d+)?"
RATIO = re.compile(rf"({NUMBER_IN_RATIO})\s*(?:/|\bof\b|\bout of\b)\s*({NUMBER_IN_RATIO})")
WITH_ITS_SHARE = re.compile(
    rf"(?P<a>{RATIO.pattern})\s*[(=,:]?\s*(?P<x>\d+(?:\.\d+)?)\s*%\)?"
    rf"|(?P<y>\d+(?:\.\d+)?)\s*%\s*[(=,:]?\s*(?P<b>{RATIO.pattern})\)?"
)
"""18/25 (72%), or 72% (18/25)."""
HALF_A_PERCENT = 0.5 + 1e-9
SAYS_PERCENT = re.compile(r"\s*(?:%|percent|per cent|pct\.?|por ciento)", re.IGNORECASE)
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")
WITH_POINT = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][-+]?\d+)?")
WITH_COMMA = re.compile(r"[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+)?(?:,\d*)?(?:[eE][-+]?\d+)?")
THOUSANDS_APART = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")
MARKED_NUMBER = re.compile(
    r"[*†‡§^~≈]+\s*([-+]?\d[\d.,]*)\s*%?|([-+]?\d[\d.,]*)\s*%?\s*(?:[*†‡§^#?!¹²³⁴⁵⁶⁷⁸⁹]+|[(\[][^()\[\]]*[)\]])"
)
"""A number with a mark for a footnote or a doubt: 85*, 85†, 85 (a), 85², ~85, 85?, 85 (snow on Tuesday)."""
LIKE_A_DAY = re.compile(
    rf"\d{{1,2}}[-/ ]{MONTH}|{MONTH}[-/ ]\d{{1,2}}|\d{{1,2}}/\d{{1,2}}/\d{{2,4}}|\d{{4}}-\d\d-\d\d(?: 00:00:00)?"
)
A_YEAR = 2023
"""Any school year with 29 February in it: only day and month are asked."""
FractionOrder = Literal["", "month/day", "day/month"]
FRACTION_ORDERS: tuple[FractionOrder, ...] = get_args(FractionOrder)
"""Whether the fraction 9/12 became 12 September or 9 December."""
Said = tuple[int, float, float, bool]
"""What one text says: status, number (or numerator), denominator, whether a percent sign was there."""
NOTHING = float("nan")


def understand(text: str, decimal: str = ".") -> Said:
    """Reads one text.

    >>> understand("93%")[:2], understand("1,234")[1], understand("1,5", decimal=",")[1]
    ((1, 93.0), 1234.0, 1.5)
    >>> understand("18/22")[:3], understand("n<10")[0] == SUPPRESSED, understand("Spring break")[0] == NO_SCHOOL
    ((2, 18.0, 22.0), True, True)
    >>> understand("12-Sep")[0] == A_DATE, understand("85 (a)")[0] == MARKED
    (True, True)
    """
    text = INVISIBLE.sub("", text.replace("％", "%")).strip()
    bare = SAYS_PERCENT.sub("%", text)
    number = _number(bare, decimal)
    if number is not None:
        return NUMBER, number, NOTHING, bare.endswith("%")
    ratio = _ratio(text)
    if ratio:
        return FRACTION, *ratio, False
    return _word(text), NOTHING, NOTHING, False


def _ratio(text: str) -> tuple[float, float] | None:
    """Numerator and denominator of "18/25"; a share beside them must agree to half a percent.

    >>> _ratio("18 of 25"), _ratio("18/25 (72%)"), _ratio("18/25 (80%)")
    ((18.0, 25.0), (18.0, 25.0), None)
    """
    if found := RATIO.fullmatch(text):
        return float(found[1].replace(",", "")), float(found[2].replace(",", ""))
    beside = WITH_ITS_SHARE.fullmatch(text)
    ratio = _ratio(beside["a"] or beside["b"]) if beside else None
    if beside is None or ratio is None or not ratio[1]:
        return None
    return ratio if abs(100 * ratio[0] / ratio[1] - float(beside["x"] or beside["y"])) <= HALF_A_PERCENT else None


def _number(text: str, decimal: str) -> float | None:
    bare = THOUSANDS_APART.sub("", text.rstrip("%").rstrip() if text.endswith("%") else text)
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
    if low in MARKS or DASHES.fullmatch(low) or BOUND.fullmatch(low):
        return SUPPRESSED
    if MARKED_NUMBER.fullmatch(low):
        return MARKED
    if len(low) < 60 and NO_SCHOOL_WORDS.fullmatch(low):
        return NO_SCHOOL
    return A_DATE if day_of(low) else NO_NUMBER


def is_withheld(text: str) -> bool:
    """
    >>> is_withheld("*"), is_withheld("n<10"), is_withheld("-"), is_withheld("n/a")
    (True, True, False, False)
    """
    low = text.strip().lower()
    return WITHHELD.fullmatch(low) is not None or BOUND.fullmatch(low) is not None


@dataclass(frozen=True)
class Values:
    """A column read as values, one entry per row: `status` (constants above), `number`, `denominator` (of "18/22"),
    `percent` (a percent sign was there)."""

    status: "np.ndarray"
    number: "np.ndarray"
    denominator: "np.ndarray"
    percent: "np.ndarray"


def day_of(text: str) -> date | None:
    """The day or month of a cell that Excel may have made of a fraction: "12-Sep", "9/12/2025", "2025-09-12"."""
    if not LIKE_A_DAY.fullmatch(text):
        return None
    if text[:4].isdecimal():
        return _iso_day(text[:10])
    period = read_period(text, Dates(order="month first", school_year=A_YEAR))
    return period.first if period else None


def _iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def as_fraction(text: str, order: FractionOrder) -> tuple[float, float] | None:
    """The fraction that Excel made this date of; a month of an odd year was one with more than 31 in it.

    >>> as_fraction("2025-09-12", "month/day"), as_fraction("1932-09-01", "month/day")
    ((9.0, 12.0), (9.0, 32.0))
    """
    day = day_of(text.lower()) if order else None
    if day is None:
        return None
    if day.day == 1 and day.year % 100 > monthrange(day.year, day.month)[1]:
        return float(day.month), float(day.year % 100)
    return (float(day.month), float(day.day)) if order == "month/day" else (float(day.day), float(day.month))


def read_values(cells: Cells, decimal: str = ".", fractions: FractionOrder = "") -> Values:
    """Reads a whole column; only different texts are looked at one by one.

    `fractions` says which fraction a date among them was.
    """
    codes = codes_of(cells.text)
    said = [_fraction(word, fractions) or understand(word, decimal) for word in cells.text.dictionary.to_pylist()]
    said.append((BLANK, NOTHING, NOTHING, False))
    statuses, numbers, denominators, percents = zip(*said, strict=True)
    status, number = np.array(statuses, dtype=np.uint8)[codes], _by_row(numbers, codes)
    is_typed = ~np.isnan(cells.numbers)
    if is_typed.any():
        status[is_typed], number = NUMBER, np.where(is_typed, cells.numbers, number)
    status[(cells.kinds == DATE) & (status != FRACTION)] = A_DATE
    status[cells.kinds == ERROR] = EXCEL_ERROR
    status[cells.kinds == NO_VALUE] = WITHOUT_VALUE
    return Values(status, number, _by_row(denominators, codes), _by_row(percents, codes))


def _fraction(word: str, order: FractionOrder) -> Said | None:
    made = as_fraction(word.strip(), order)
    return (FRACTION, *made, False) if made else None


def _by_row(said: Sequence[Any], codes: "np.ndarray") -> "np.ndarray":
    """What each row says; where all words say nothing of it, that takes no room."""
    if all(one is said[0] for one in said):
        return np.broadcast_to(said[0], len(codes))
    return np.asarray(said)[codes]
