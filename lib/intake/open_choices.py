"""Which settings of a recipe matter for a workbook: only these are shown to a person."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np

from lib.intake.binding import Bound, bind
from lib.intake.dates import MONTH_WEEKS, Dates, read_period
from lib.intake.dates_together import Alike, alike
from lib.intake.evidence import Seen, look_at
from lib.intake.known import Known
from lib.intake.propose_people import answers_of
from lib.intake.recipe import Recipe
from lib.intake.roles import could_be_total
from lib.intake.rosters import student_columns
from lib.intake.rows import date_words, row_fates, words_of
from lib.intake.sheets import Workbook
from lib.intake.titles import titles_of, year_in
from lib.problems import CannotContinue

WAYS: dict[str, tuple[Any, ...]] = {
    "order": ("day first", "month first"),
    "school_year": (2000, 2001),
    "first_week": (date(2001, 1, 1), date(2001, 1, 8)),
    "school_year_start": (1, 8),
    "month_weeks": MONTH_WEEKS[1:],
}
"""Two ways to read dates for each setting; it matters where they give different days."""
DATES_LOOKED_AT = 500
SIGN = re.compile(r"\d[.,]\d")


@dataclass(frozen=True)
class OpenChoices:
    """`dates`: the settings of dates that matter. `answers`: the words found for each measure that counts answers.

    `totals`: names in the column of schools that may be totals, and whether they are read as such. `title_year` is the
    school year that a title says.
    """

    school: bool = False
    one_date: bool = False
    counted_by: bool = False
    blanks: bool = False
    decimal: bool = False
    dates: frozenset[str] = frozenset()
    title_year: int | None = None
    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    totals: dict[str, bool] = field(default_factory=dict)


def open_choices(workbook: Workbook, recipe: Recipe, known: Known) -> OpenChoices:
    """What a person may still say of this workbook; nothing where the recipe doesn't fit it."""
    try:
        bound, _ = bind(workbook, replace(recipe, school_in=""), known)
    except CannotContinue:
        return OpenChoices()
    has_dates = bool(recipe.columns_as("date")) or any(column.period for column in recipe.columns)
    return OpenChoices(
        school=not recipe.columns_as("school id", "school name") and recipe.layout != "one tab per school",
        one_date=not has_dates and recipe.layout != "one tab per period",
        counted_by=recipe.counts_people and bool(recipe.columns_as("date")),
        blanks=_may_mean_something(bound, recipe),
        decimal=_has_signs(bound),
        dates=_settings_of_dates(bound, recipe),
        title_year=_title_year(workbook, bound),
        answers=_answers(bound, recipe),
        totals=_totals(bound, recipe, known),
    )


def _may_mean_something(bound: list[Bound], recipe: Recipe) -> bool:
    """Blank cells among marks of students, or among counts: “absent”, 0, or not collected."""
    counts = {one.name for one in recipe.measures if one.unit == "count"}
    role = "answer" if recipe.layout == "one row per student" else "value" if counts else ""
    return any(
        not one.cells(column).is_filled[one.first_row :].all()
        for one in bound
        for column in one.columns_as(role)
        if role == "answer" or not column.measure or column.measure in counts
    )


def _has_signs(bound: list[Bound]) -> bool:
    """Whether a text among the values has a point or a comma between digits."""
    texts = (one.cells(column).text.dictionary for one in bound for column in one.columns if column.holds_values)
    return any(SIGN.search(word) for words in texts for word in words.to_pylist())


def _settings_of_dates(bound: list[Bound], recipe: Recipe) -> frozenset[str]:
    """The settings with which a period that the file names would be another day."""
    texts = [column.period for one in bound for column in one.columns if column.period]
    texts += [one.period for one in bound if one.period]
    texts += [word for one in bound if one.columns_as("date") for word in date_words(one)[1]]
    some, among = texts[:: max(1, len(texts) // DATES_LOOKED_AT)], alike(texts)
    return frozenset(name for name in WAYS if any(_reads_differently(text, name, recipe.dates, among) for text in some))


def _reads_differently(text: str, name: str, dates: Dates, among: Alike) -> bool:
    one, other = (read_period(text, replace(dates, **{name: way}), among) for way in WAYS[name])
    return one != other


def _title_year(workbook: Workbook, bound: list[Bound]) -> int | None:
    found = year_in(titles_of(workbook, bound[0].sheet, bound[0].table))
    return found[0] if found else None


def _answers(bound: list[Bound], recipe: Recipe) -> dict[str, tuple[str, ...]]:
    """What stands in the columns of each measure, and what the recipe knows already."""
    found = {}
    for measure in recipe.measures if recipe.counts_people else ():
        told = {*measure.favorable, *measure.others}
        found[measure.name] = tuple(sorted(told | set(answers_of([*_columns_of(measure.name, bound, recipe)]))))
    return found


def _columns_of(measure: str, bound: list[Bound], recipe: Recipe) -> Iterator[Seen]:
    """The columns of answers, but none that tells who somebody is."""
    for one in bound:
        seen, who = look_at(one.sheet, one.table, recipe.decimal), student_columns(one.sheet, one.table)
        columns = (column for column in one.columns_as("answer") if column.position not in who)
        yield from (seen[column.position - 1] for column in columns if column.measure == measure)


def _totals(bound: list[Bound], recipe: Recipe, known: Known) -> dict[str, bool]:
    found = dict.fromkeys(recipe.not_totals, False) | dict.fromkeys(recipe.totals, True)
    for one in bound if not recipe.counts_people else ():
        fates = row_fates(one, _has_values(one), recipe, known)
        for column in (one.columns_as("school name") or one.columns_as("school id"))[:1]:
            codes, words = words_of(one, column)
            left_out = {words[code].strip() for code in np.unique(codes[fates.is_left_out & (codes >= 0)]).tolist()}
            kept = {words[code].strip() for code in np.unique(codes[fates.is_data & (codes >= 0)]).tolist()}
            found |= dict.fromkeys(sorted(left_out), True)
            found |= {name: False for name in sorted(kept) if could_be_total(name, known)}
    return found


def _has_values(bound: Bound) -> "np.ndarray":
    columns = [bound.cells(column).is_filled[bound.first_row :] for column in bound.columns if column.holds_values]
    return np.asarray(np.logical_or.reduce(columns)) if columns else np.zeros(bound.n_rows, bool)
