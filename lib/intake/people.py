"""One row per person: the answers of a survey, or a list of students. Only counts leave this module."""

import numpy as np
import pandas as pd

from lib.intake.binding import Bound
from lib.intake.group_names import means_everybody
from lib.intake.groups import Labels
from lib.intake.known import Known
from lib.intake.places import (
    KEPT,
    LABELS,
    LEFT_OUT,
    NO_SCHOOLS,
    SMALL,
    Places,
    days_of,
    no_places,
    refuse_by_row,
    row_labels,
    schools_of,
)
from lib.intake.recipe import UNITS_IN_FILE, Column, MeasureInFile, Recipe
from lib.intake.refusals import Why
from lib.intake.rows import words_of
from lib.intake.scales import NO_ANSWER, ROSTER, SCALES, Scale, bare
from lib.intake.vocabulary import ASKS_GROUP, plain, readable

FRACTION = UNITS_IN_FILE.index("fraction")
HIDDEN = "(not shown)"
"""What stands for the text of a cell that belongs to one person."""


def places_of_people(bound: Bound, recipe: Recipe, known: Known) -> tuple[Places, list[tuple[str, Labels]]]:
    """One place per answer, with 1 or 0 as its numerator and 1 as its denominator; and a label per row for each group.

    The day is the first of the week or month that answers are counted by.
    """
    everybody = Labels.constant("", bound.n_rows)
    by_row = row_labels(bound, (everybody, everybody))
    parts = [_places_of_answers(bound, column, recipe, known, by_row) for column in bound.columns_as("answer")]
    places = Places.joined(parts) if parts else no_places()
    filled = by_row["school"].codes >= 0
    places.schools = schools_of(by_row, np.flatnonzero(filled)) if filled.any() else NO_SCHOOLS
    return places, [(category_of(column.header), _labels(bound, column)) for column in bound.columns_as("group")]


def category_of(header: str) -> str:
    """
    >>> category_of("What grade are you in?"), category_of("Gender")
    ('Grade', 'Gender')
    """
    asked = ASKS_GROUP.fullmatch(plain(header))
    return readable(asked.group(1) if asked else header)


def _labels(bound: Bound, column: Column) -> Labels:
    codes, words = words_of(bound, column)
    return Labels(codes, ["" if means_everybody(word) else word for word in words])


def _places_of_answers(bound: Bound, column: Column, recipe: Recipe, known: Known, by_row: dict[str, Labels]) -> Places:
    codes, words = words_of(bound, column)
    measure = next((one for one in recipe.measures if one.name == column.measure), MeasureInFile(column.measure))
    sides = [*(_side(word, measure) for word in words), BLANK]
    side = np.array(sides)[codes]
    labels = by_row | {"measure": Labels.constant(column.measure, bound.n_rows)}
    days, whys, date_column = days_of(column.period, bound, known)
    if recipe.blanks == "counted":
        side = _with_blanks(side, labels["school"].codes, days, measure)
    rows = np.flatnonzero(side != BLANK)
    days = _first_of_period(days, recipe.dates.cadence)
    fate = np.full(bound.n_rows, KEPT, SMALL)
    fate[side == NONE] = LEFT_OUT
    why, bad_col = np.zeros(bound.n_rows, SMALL), np.full(bound.n_rows, column.position, np.int32)
    refuse_by_row(fate, why, bad_col, side == UNKNOWN, Why.NO_ANSWER_OF_SCALE, column.position)
    _refuse_without_place(fate, why, bad_col, labels, whys, date_column or column.position, column.position)
    return _gathered(bound, column, rows, {"fate": fate, "why": why, "bad_col": bad_col}, side, days, labels)


NO, YES, NONE, UNKNOWN, BLANK = range(5)


def _side(word: str, measure: MeasureInFile) -> int:
    if not word.strip():
        return BLANK
    text = " ".join(word.split())
    if text in measure.favorable or text in measure.others:
        return YES if text in measure.favorable else NO
    side = _scale_like(measure).side(bare(word))
    if side is None or not _follows_scale(measure):
        return NONE if bare(word) in NO_ANSWER else UNKNOWN
    return YES if side else NO


def _with_blanks(side: "np.ndarray", school: "np.ndarray", days: "np.ndarray", measure: MeasureInFile) -> "np.ndarray":
    """A blank is the mark that isn't written, on days on which somebody at the school has one."""
    table = pd.DataFrame({"school": school, "day": days, "marked": np.isin(side, (YES, NO))})
    held = table.groupby(["school", "day"], dropna=False)["marked"].transform("any").to_numpy(bool)
    unwritten = YES if measure.others and not measure.favorable else NO
    return np.where((side == BLANK) & held & (school >= 0), unwritten, side)


def _follows_scale(measure: MeasureInFile) -> bool:
    """Whether a person left the scale's own answers favorable; else it can't tell the side of another word."""
    scale = _scale_like(measure)
    told = [(answer, True) for answer in measure.favorable] + [(answer, False) for answer in measure.others]
    return all(scale.side(bare(answer)) in (None, side) for answer, side in told)


def _scale_like(measure: MeasureInFile) -> Scale:
    """The scale that the answers of a measure are of, for a word that was not among them before."""
    answers = {bare(answer) for answer in (*measure.favorable, *measure.others)}
    return max((*SCALES, ROSTER), key=lambda scale: sum(scale.side(answer) is not None for answer in answers))


def _first_of_period(days: "np.ndarray", cadence: str) -> "np.ndarray":
    """Mondays or firsts of months.

    >>> _first_of_period(np.array(["2025-09-12"], "datetime64[D]"), "week").astype(str).tolist()
    ['2025-09-08']
    """
    if cadence == "month":
        return days.astype("datetime64[M]").astype("datetime64[D]")
    if cadence == "week":
        return days - (days.astype(np.int64) + 3) % 7 * ~np.isnat(days)
    return days


def _refuse_without_place(
    fate: "np.ndarray",
    why: "np.ndarray",
    bad_col: "np.ndarray",
    labels: dict[str, Labels],
    whys: "np.ndarray",
    date_column: int,
    column: int,
) -> None:
    refuse_by_row(fate, why, bad_col, labels["school"].codes < 0, Why.NO_SCHOOL, column)
    for one in (Why.NO_DATE, Why.DATE_UNREADABLE, Why.DATE_UNDECIDED, Why.DATE_IN_FUTURE):
        refuse_by_row(fate, why, bad_col, whys == one, one, column if one == Why.NO_DATE else date_column)


def _gathered(
    bound: Bound,
    column: Column,
    rows: "np.ndarray",
    fates: dict[str, "np.ndarray"],
    side: "np.ndarray",
    days: "np.ndarray",
    labels: dict[str, Labels],
) -> Places:
    counted = (side[rows] == YES).astype(float)
    return Places(
        sheet=np.full(len(rows), bound.index, np.int32),
        row=(rows + bound.first_row + 1).astype(np.int32),
        col=np.full(len(rows), column.position, np.int32),
        **{name: array[rows] for name, array in fates.items()},
        numerator=counted,
        denominator=np.ones(len(rows)),
        value=counted,
        file_value=np.full(len(rows), np.nan),
        date=days[rows],
        date_col=np.zeros(len(rows), np.int32),
        unit=np.full(len(rows), FRACTION, SMALL),
        labels={name: labels[name].take(rows) for name in LABELS},
        schools=NO_SCHOOLS,
        n_blank=int((side == BLANK).sum()),
    )


def counted(kept: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """Answers added up by school, measure, period and group; the cell is that of the first answer.

    `kept` has one row per answer, in the columns of observations; `groups` beside it one column per group category.
    """
    parts = [_summed(kept, "", ""), *(_summed(kept, name, groups[name]) for name in groups.columns)]
    return pd.concat(parts, ignore_index=True)[list(kept.columns)]


def _summed(kept: pd.DataFrame, category: str, names: pd.Series | str) -> pd.DataFrame:
    """The answers of people with a name in this category, one row for each of their groups."""
    if not isinstance(names, str):
        kept, names = kept[names != ""], names[names != ""]
    kept = kept.assign(category=category, group=names)
    number = kept.groupby(["school", "measure", "group", "date"], sort=False).ngroup().to_numpy()
    sums = {name: np.bincount(number, kept[name]) for name in ("numerator", "denominator")}
    firsts = kept[~pd.Series(number).duplicated().to_numpy()]
    return firsts.assign(**sums, value=sums["numerator"] / sums["denominator"], file_value=np.nan)


def without_texts(refused: pd.DataFrame) -> pd.DataFrame:
    """Refused cells as they may be shown and stored: without what a person wrote."""
    return refused.assign(value=HIDDEN) if len(refused) else refused
