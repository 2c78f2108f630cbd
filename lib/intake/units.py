"""In which unit the numbers of a measure are written, with the evidence."""

from dataclasses import dataclass

import numpy as np

from lib.intake.recipe import UnitInFile
from lib.intake.vocabulary import COUNT, HOURS, MINUTES, PERCENT, SAYS_SHARE, plain

LARGEST_FRACTION = 1.5
"""A column of fractions has hardly a value over this; a column of percent has hardly all values under it."""
USUAL_PERCENT, FAR_BELOW = 20, 0.3
"""Percents with such a median, none of them below that share of it, have no value of 1 or less among them."""
FEWEST_TO_SPOT_SLIPS, SHARE_OF_SLIPS = 4, 0.05
"""In so many numbers one or a twentieth may lie above 100 % without the unit being in doubt; they are refused later."""


@dataclass(frozen=True)
class UnitGuess:
    unit: UnitInFile
    evidence: str
    certain: bool = True


def guess_unit(names: str, numbers: "np.ndarray", signs: int = 0) -> UnitGuess:
    """`names`: header, measure and title words; `numbers` without NaN; `signs`: cells with a percent sign.

    >>> guess_unit("attendance", np.array([93.1, 88.0])).unit, guess_unit("rate", np.array([0.931, 1.13])).unit
    ('percent', 'fraction')
    >>> guess_unit("incidents", np.array([4.0, 12.0])).unit, guess_unit("", np.array([44.5, 91.0])).certain
    ('count', False)
    """
    words = plain(names)
    if not len(numbers):
        return UnitGuess("percent" if PERCENT.fullmatch(words) else "number", "no numbers", certain=False)
    if signs and signs >= 0.5 * len(numbers):
        return UnitGuess("percent", "the cells have percent signs")
    numbers = _without_negative_slips(numbers)
    low, whole = float(numbers.min()), bool((numbers == np.round(numbers)).all())
    if HOURS.fullmatch(words):
        return UnitGuess("hours", "the header says hours")
    if MINUTES.fullmatch(words):
        return UnitGuess("minutes", "the header says minutes")
    if COUNT.fullmatch(words) and whole and not SAYS_SHARE.fullmatch(words):
        return UnitGuess("count", "the header says a count and all numbers are whole")
    if PERCENT.fullmatch(words):
        return _share(numbers, low, whole, SAYS_SHARE.fullmatch(words) is not None)
    return _without_words(numbers, low, whole)


def _without_negative_slips(numbers: "np.ndarray") -> "np.ndarray":
    """The numbers without one or a twentieth below 0, which are refused later."""
    below = numbers < 0
    few = len(numbers) >= FEWEST_TO_SPOT_SLIPS and below.sum() <= max(1, SHARE_OF_SLIPS * len(numbers))
    return numbers[~below] if few else numbers


def _nearly_all_up_to(limit: float, numbers: "np.ndarray") -> bool:
    """Whether at most a slip or two lie above the limit."""
    above = int((numbers > limit).sum())
    return above == 0 or (len(numbers) >= FEWEST_TO_SPOT_SLIPS and above <= max(1, SHARE_OF_SLIPS * len(numbers)))


def _share(numbers: "np.ndarray", low: float, whole: bool, says_share: bool) -> UnitGuess:
    if low >= 0 and _nearly_all_up_to(LARGEST_FRACTION, numbers):
        surely = not (whole and float(numbers.max()) <= 1)
        return UnitGuess("fraction", "the header says a share and the numbers lie between 0 and 1", surely)
    if _nearly_all_up_to(100, numbers):
        if _are_of_two_scales(numbers):
            unit: UnitInFile = "fraction" if 2 * (numbers <= 1).sum() > len(numbers) else "percent"
            return UnitGuess(unit, "some numbers lie between 0 and 1, and the others far above", certain=False)
        if whole and not says_share:
            return UnitGuess("percent", "the numbers are whole and go up to 100: percent, or counts", certain=False)
        return UnitGuess("percent", "the header says a share and the numbers go up to 100")
    if says_share and 2 * (numbers <= 100).sum() > len(numbers):
        return UnitGuess("percent", "the header says a share, and some numbers are over 100", certain=False)
    return UnitGuess("count" if whole else "number", "the numbers are too large for a percent")


def _are_of_two_scales(numbers: "np.ndarray") -> bool:
    """Many numbers up to 1, and none between them and numbers that are usual for a percent."""
    small, above = numbers[(numbers > 0) & (numbers <= 1)], numbers[numbers > 1]
    many = len(small) > max(1, SHARE_OF_SLIPS * len(numbers))
    return bool(
        many and len(above) and above.min() > FAR_BELOW * np.median(above) and np.median(above) >= USUAL_PERCENT
    )


def _without_words(numbers: "np.ndarray", low: float, whole: bool) -> UnitGuess:
    high = float(numbers.max())
    if whole and low >= 0:
        return UnitGuess("count", "all numbers are whole")
    if low >= 0 and high <= 1:
        return UnitGuess("fraction", "all numbers lie between 0 and 1")
    if low >= 0 and _nearly_all_up_to(100, numbers) and high > LARGEST_FRACTION:
        return UnitGuess("percent", "the numbers lie between 0 and 100", certain=False)
    return UnitGuess("number", "the numbers are no share and no count", certain=low < 0 or high > 100)
