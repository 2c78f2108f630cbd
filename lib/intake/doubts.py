"""Values that are possible alone and odd among the others of their measure: refused, named and given back."""

import numpy as np

from lib.intake.places import KEPT, REFUSED, Places
from lib.intake.recipe import UNITS_IN_FILE, Recipe
from lib.intake.refusals import Why
from lib.intake.sheets import spell
from lib.intake.units import FAR_BELOW, USUAL_PERCENT

FEWEST_OTHERS = 8
"""Values of a measure before one of them can be odd."""
MOST_ODD = 0.1
"""More odd values than this share are no slips, but how the measure is."""
USUAL_COUNT = 10
"""Counts that are usually this large are hardly ever 0 by chance (for a Poisson count 1 in 20,000)."""
BY_CHANCE = 1e-3
LONGEST_STEP = 35
"""Days between two dates of a file that is taken at least monthly; only in such a file a date can stand apart."""
APART = 400
"""Days to the nearest other date: more than a year, so that one year's baseline beside the next year is none."""
FEWEST_DAYS = 5
SHARE = [UNITS_IN_FILE.index("percent"), UNITS_IN_FILE.index("fraction")]
PERCENT = UNITS_IN_FILE.index("percent")


def refuse_odd_ones(places: Places, recipe: Recipe) -> None:
    """Changes the fates of zeros, fractions among percents and dates that don't belong to the others."""
    _refuse_dates_apart(places)
    for code in range(len(places.labels["measure"].words)):
        of_measure = places.labels["measure"].codes == code
        _refuse_fractions(places, np.flatnonzero(of_measure & (places.fate == KEPT)))
        if "counted" not in (recipe.zeros, recipe.blanks):
            _refuse_zeros(places, np.flatnonzero(of_measure & (places.fate == KEPT)))


def _refuse(places: Places, rows: "np.ndarray", why: Why) -> None:
    places.fate[rows], places.why[rows] = REFUSED, why


def _refuse_zeros(places: Places, rows: "np.ndarray") -> None:
    value = places.value[rows]
    above = value[value > 0]
    zeros = rows[value == 0]
    if len(above) < FEWEST_OTHERS or not 0 < len(zeros) <= MOST_ODD * len(rows):
        return
    lowest = float(above.min())
    if lowest <= FAR_BELOW * float(np.median(above)):
        return
    odd = zeros[_hardly_by_chance(places, zeros, lowest)]
    _refuse(places, odd, Why.ODD_ZERO)
    places.beside |= {int(row): _as_written(places, row, lowest) for row in odd}


def _hardly_by_chance(places: Places, zeros: "np.ndarray", lowest: float) -> "np.ndarray":
    """Whether the zero would be a wonder: for a share by its denominator, for a count by its usual size."""
    is_share, of = np.isin(places.unit[zeros], SHARE), places.denominator[zeros]
    with np.errstate(invalid="ignore"):
        share_odd = np.isnan(of) | ((1 - min(lowest, 1.0)) ** of < BY_CHANCE)
    return np.asarray(np.where(is_share, share_odd, lowest >= USUAL_COUNT))


def _as_written(places: Places, row: int, value: float) -> str:
    """A value as the file writes that measure, to three digits."""
    in_percent = places.unit[row] == PERCENT
    return spell(float(f"{100 * value if in_percent else value:.3g}"))


def _refuse_fractions(places: Places, rows: "np.ndarray") -> None:
    """0.93 among 91, 88 and 95, where nothing lies between."""
    rows = rows[(places.unit[rows] == PERCENT) & ~np.isnan(places.file_value[rows])]
    value = places.file_value[rows]
    small, above = rows[(value > 0) & (value <= 1)], value[value > 1]
    if len(above) < FEWEST_OTHERS or not len(small):
        return
    usual = float(np.median(above))
    if usual >= USUAL_PERCENT and float(above.min()) > FAR_BELOW * usual:
        _refuse(places, small, Why.LIKE_A_FRACTION)


def _refuse_dates_apart(places: Places) -> None:
    """A day typed with a wrong year."""
    kept = np.flatnonzero((places.fate == KEPT) & ~np.isnat(places.date))
    days = np.unique(places.date[kept].astype("datetime64[D]"))
    if len(days) < FEWEST_DAYS:
        return
    gaps = np.diff(days).astype(int)
    if float(np.median(gaps)) > LONGEST_STEP:
        return
    before, after = np.array([APART + 1, *gaps]), np.array([*gaps, APART + 1])
    lone = days[(before > APART) & (after > APART)]
    rows = kept[np.isin(places.date[kept].astype("datetime64[D]"), lone)]
    _refuse(places, rows, Why.DATE_APART)
    places.bad_col[rows] = np.where(places.date_col[rows] > 0, places.date_col[rows], places.bad_col[rows])
