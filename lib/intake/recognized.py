"""A workbook of a kind that was read before: what a person decided then is laid on what would be proposed now."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import PurePath
from typing import Any

from lib.intake.binding import Bound, bind
from lib.intake.dates import Dates
from lib.intake.known import Known
from lib.intake.propose import Proposal
from lib.intake.recipe import Column, MeasureInFile, Recipe
from lib.intake.sheets import Workbook
from lib.intake.vocabulary import plain, readable
from lib.problems import CannotContinue, Problem

MONTHS = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|january|february|march|april|june|july|august|september"
    r"|october|november|december|week|wk|term|quarter)\b"
)
LONGEST_YEAR = 330
"""Days after which the first week of a school year is another year's."""


@dataclass(frozen=True)
class Kept:
    """How a kind of spreadsheet is read, under a name.

    `proposed` is what was proposed before a person corrected it, None where nothing was; `asked` is where that
    proposal had questions. `id` is 0 before it is stored.
    """

    name: str
    recipe: Recipe
    proposed: Recipe | None = None
    asked: tuple[str, ...] = ()
    id: int = 0


@dataclass(frozen=True)
class Recognized:
    """A kept recipe that fits, and the proposal that follows from it for this workbook."""

    kept: Kept
    proposal: Proposal


def name_for(workbook: Workbook, recipe: Recipe) -> str:
    """What a kind of file is called: its own name without numbers, else its measures."""
    stem = " ".join(re.sub(r"[\d_]+", " ", PurePath(workbook.name).stem).split()).strip(" -–.")
    return readable(stem) or ", ".join(one.name for one in recipe.measures) or "A spreadsheet"


def recognize(workbook: Workbook, now: Proposal, kept: Sequence[Kept], known: Known) -> Recognized | None:
    """The first of the kept recipes that reads this workbook; `now` is what would be proposed without them.

    It asks only what was not asked before, or what an answer of last time can't be true for any more.
    """
    for one in kept:
        if _is_same_kind(one, now.recipe, workbook):
            recipe = _laid_on(one, now.recipe)
            try:
                bound, _ = bind(workbook, recipe, known)
            except CannotContinue:
                continue
            whole = _with_columns(recipe, bound[0], one, now.recipe)
            questions = tuple(_questions(one, whole, now, known))
            return Recognized(one, Proposal(whole, not questions, questions, now.evidence))
    return None


def _is_same_kind(kept: Kept, now: Recipe | None, workbook: Workbook) -> bool:
    """The same layout, and every measure said by its words; that its columns are there is found by binding it."""
    before = kept.proposed
    if before is None or now is None:
        return before is None and now is None
    said = {_words(one.name) for one in now.measures}
    missing = {_words(one.name) for one in before.measures} - said if not before.columns_as("measure") else set()
    titles = [_words(text) for text in _titles(workbook, now)] if missing else []
    return before.layout == now.layout and all(words and any(words in title for title in titles) for words in missing)


def _titles(workbook: Workbook, recipe: Recipe) -> Iterator[str]:
    """The file's name, the sheets' names and what stands above their headers."""
    yield PurePath(workbook.name).stem
    for sheet in workbook.sheets:
        yield sheet.name
        for row in range(1, min(recipe.header_row, sheet.n_rows + 1)):
            yield from (text for text in sheet.row(row) if text)


def _words(name: str) -> str:
    """A measure's name without numbers and months, which change from file to file.

    >>> _words("Attendance, Oct 2025"), _words("Wk 3 attendance")
    ('attendance', 'attendance')
    """
    return " ".join(re.sub(r"[\d\W]+", " ", MONTHS.sub(" ", plain(name))).split())


def _laid_on(kept: Kept, now: Recipe | None) -> Recipe:
    """The kept recipe; what nobody had corrected in it is as it would be proposed now."""
    recipe, before = kept.recipe, kept.proposed
    if before is None or now is None:
        return recipe
    return replace(
        recipe,
        dates=Dates(**_merged(recipe.dates, before.dates, now.dates)),
        **_merged(recipe, before, now, "sheets", "school", "school_in", "decimal"),
    )


def _merged(mine: Any, before: Any, now: Any, *names: str) -> dict[str, Any]:
    """Of each field what a person changed, else what is so now."""
    return {
        name: getattr(now if getattr(mine, name) == getattr(before, name) else mine, name)
        for name in names or [field.name for field in fields(mine)]
    }


def _with_columns(recipe: Recipe, bound: Bound, kept: Kept, now: Recipe | None) -> Recipe:
    """The recipe with every column of this workbook; one that is new is as it would be proposed."""
    known_headers = {plain(column.header) for column in (*kept.recipe.columns, *(kept.proposed or recipe).columns)}
    found = {column.position: column for column in bound.columns}
    same_header = now is not None and now.header_row == bound.table.header_row
    fresh = {column.position: column for column in now.columns} if now and same_header else {}
    columns = []
    for place, header in enumerate(bound.table.headers, 1):
        new = fresh.get(place, Column(place, header))
        columns.append(found.get(place) or (Column(place, header) if plain(header) in known_headers else new))
    whole = replace(
        recipe, header_row=bound.table.header_row, header_rows=bound.table.header_rows, columns=tuple(columns)
    )
    return replace(whole, measures=whole.measures + tuple(_new_measures(whole, kept, now)))


def _new_measures(recipe: Recipe, kept: Kept, now: Recipe | None) -> Iterator[MeasureInFile]:
    """Measures that new columns hold, or that new rows or tabs name."""
    before = {one.name for one in (kept.proposed.measures if kept.proposed else ())}
    named = {column.measure for column in recipe.columns if column.holds_values}
    by_rows_or_tabs = bool(recipe.columns_as("measure")) or recipe.layout == "one tab per measure"
    for one in now.measures if now else ():
        is_named = one.name in named or (one.name not in before and by_rows_or_tabs)
        if is_named and recipe.unit_of(one.name) is None:
            yield one


def _questions(kept: Kept, recipe: Recipe, now: Proposal, known: Known) -> Iterator[Problem]:
    """What is new, and answers of last time that may be wrong this time."""
    asked = {one.where for one in now.questions}
    yield from (one for one in now.questions if one.where not in kept.asked and _is_about(one, recipe))
    if now.recipe is not None and kept.proposed is not None:
        yield from _other_units(kept.proposed, now.recipe, asked)
        yield from _other_dates(kept, now.recipe, asked, known)
        if "School" in asked and kept.proposed.school != now.recipe.school:
            fix = f"Say the school (for now “{recipe.school}”)."
            yield Problem("School", "No column says the school, and it isn't the file of last time.", fix)


def _is_about(question: Problem, recipe: Recipe) -> bool:
    """A measure's unit matters where the recipe reads the measure as it is named now."""
    found = re.fullmatch(r"Measure “(.*)”", question.where)
    return found is None or recipe.unit_of(found[1]) is not None


def _other_units(before: Recipe, now: Recipe, asked: set[str]) -> Iterator[Problem]:
    """A column that was in percent and looks like a fraction now would be wrong a hundredfold."""
    for one in now.measures:
        unit = before.unit_of(one.name)
        if unit not in (None, one.unit) and f"Measure “{one.name}”" not in asked:
            what = f"It was read as {unit} last time, and looks like {one.unit} in this file."
            yield Problem(f"Measure “{one.name}”", what, "Choose how it is written.")


def _other_dates(kept: Kept, now: Recipe, asked: set[str], known: Known) -> Iterator[Problem]:
    mine = kept.recipe.dates
    if "Dates" not in asked and now.dates.order and mine.order not in ("", now.dates.order):
        what = f"They were read {mine.order} last time, and this file says {now.dates.order}."
        yield Problem("Dates", what, "Say which comes first.")
    if "Dates" in asked and mine.school_year is not None and mine.school_year != now.dates.school_year:
        year = f"{mine.school_year}-{(mine.school_year + 1) % 100:02d}"
        yield Problem("Dates", "They don't say the year.", f"Say the school year (last time {year}).")
    if "Dates" in asked and mine.fixed is not None:
        yield Problem("Dates", "No column and no title says the date.", f"Say the period (last time {mine.fixed}).")
    if mine.first_week is not None and (known.today - mine.first_week).days > LONGEST_YEAR:
        yield Problem("Weeks", "They are numbered, and may be another year's.", "Say the Monday of week 1.")
