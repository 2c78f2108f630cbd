"""What a person corrects in a proposed recipe; what follows from it is proposed again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from lib.intake.binding import is_named, why_skipped
from lib.intake.evidence import look_at
from lib.intake.header import header_rows_at, table_at
from lib.intake.known import Known
from lib.intake.parts import is_part_of
from lib.intake.propose import TABS_OF, Proposal, propose, recipe_for
from lib.intake.propose_people import favorable_answers
from lib.intake.recipe import PARTS, Column, Layout, MeasureInFile, Recipe, Role, UnitInFile
from lib.intake.sheets import Sheet, Workbook
from lib.intake.units import guess_unit
from lib.intake.vocabulary import readable
from lib.problems import CannotContinue, Problem


def with_header_row(
    recipe: Recipe | None, workbook: Workbook, known: Known, header_row: int, header_rows: int = 0
) -> Proposal:
    """A new proposal with the header in this row (from 1); `header_rows` 0 finds out whether it has one row or two.

    `recipe` may be None where nothing could be proposed. Raises `CannotContinue` for a row outside the sheet.
    """
    return _proposed(workbook, _sheets(recipe, workbook, known), known, header_row, header_rows, None)


def with_layout(recipe: Recipe | None, workbook: Workbook, known: Known, layout: Layout) -> Proposal:
    """A new proposal for the same header rows in another layout; without a recipe for the first row with texts."""
    sheets = _sheets(recipe, workbook, known)
    row, rows = (recipe.header_row, recipe.header_rows) if recipe else (sheets[0].first_filled_row if sheets else 1, 0)
    return _proposed(workbook, sheets, known, row, rows, layout)


def with_sheets(
    recipe: Recipe | None, workbook: Workbook, known: Known, names: list[str], header_row: int = 1
) -> Proposal:
    """A new proposal for other sheets, which share one grid; without names for all that may hold data."""
    if not names:
        return propose(workbook, known)
    row = recipe.header_row if recipe else header_row
    return _proposed(workbook, [sheet for sheet in workbook.sheets if sheet.name in names], known, row, 0, None)


def with_role(recipe: Recipe, workbook: Workbook, position: int, role: Role, measure: str = "") -> Recipe:
    """The recipe with another role for one column (from 1). A measure that is new gets the unit its numbers suggest."""
    column = next(column for column in recipe.columns if column.position == position)
    name = (
        ""
        if recipe.columns_as("measure")
        else measure or column.measure or _measure_for(recipe, role) or readable(column.header)
    )
    changed = recipe.with_column(position, role, name)
    if role not in ("value", "answer") or recipe.unit_of(name) or not name:
        return changed
    sheet = _sheets(recipe, workbook, Known())[0]
    seen = look_at(sheet, table_at(sheet, recipe.header_row, recipe.header_rows), recipe.decimal)[position - 1]
    if role == "answer":
        favorable, others = favorable_answers([seen])
        return changed.with_measure(name, unit="fraction").with_favorable(name, favorable, (*favorable, *others))
    return changed.with_measure(
        name, unit=guess_unit(f"{name} {column.header}", seen.some_numbers, int(seen.values.percent.sum())).unit
    )


def with_no_share(recipe: Recipe, measure: str, unit: UnitInFile) -> Recipe:
    """The recipe that reads a measure as a rate or a count instead of a share; a count has no denominator."""
    changed = recipe.with_measure(measure, unit=unit)
    if unit != "count":
        return changed
    mine = [column for column in recipe.columns_as(*PARTS) if column.measure == measure]
    counts = [column for column in mine if column.role == "numerator"] or mine
    for column in mine:
        changed = changed.with_column(column.position, "value" if column in counts else "not used")
    return changed


def with_totals(recipe: Recipe, now: Mapping[str, bool], totals: Sequence[str]) -> Recipe:
    """The recipe that takes these names for totals and the other names of `now` for schools.

    `now` says how each is read by `recipe`; what its own words say already is not told again.
    """
    told = (name for name in totals if name in recipe.totals or not (now[name] or name in recipe.not_totals))
    rest = (name for name in now if name not in totals)
    schools = (name for name in rest if name in recipe.not_totals or (now[name] and name not in recipe.totals))
    return replace(recipe, totals=tuple(told), not_totals=tuple(schools))


def _measure_for(recipe: Recipe, role: Role) -> str:
    """A numerator or denominator joins the one measure there is."""
    names = {column.measure for column in recipe.columns if column.holds_values}
    return names.pop() if len(names) == 1 and role in ("numerator", "denominator") else ""


def with_measures(recipe: Recipe, proposed: Recipe, names: Collection[str]) -> Recipe:
    """The recipe with these of the proposed measures and no others; with all of them where none is named."""
    wanted = {one.name for one in proposed.measures if not names or one.name in names}
    pairs = zip(recipe.columns, proposed.columns, strict=True)
    columns = tuple(_column_of(now, before, wanted) for now, before in pairs)
    kept = {column.measure for column in columns if column.holds_values}
    known = {one.name: one for one in (*proposed.measures, *recipe.measures)}
    return replace(recipe, columns=columns, measures=tuple(one for name, one in known.items() if name in kept))


def _column_of(now: Column, before: Column, wanted: set[str]) -> Column:
    """A column that holds a proposed measure: as it was corrected, as it was proposed, or not used."""
    if not before.holds_values or not before.measure:
        return now
    if before.measure not in wanted:
        return Column(now.position, now.header)
    return now if now.holds_values else before


def measures_left(recipe: Recipe, proposed: Recipe) -> tuple[str, ...]:
    """The proposed measures that the recipe still reads; () where it reads them all."""
    used = {column.position for column in recipe.columns if column.holds_values}
    left = {column.measure for column in proposed.columns if column.holds_values and column.position in used}
    names = [one.name for one in proposed.measures]
    return () if left.issuperset(names) else tuple(name for name in names if name in left)


def perhaps_share(recipe: Recipe, workbook: Workbook) -> tuple[Column, Column] | None:
    """The part and the whole, where a recipe reads two columns of counts and no more, one never above the other."""
    held = [column for column in recipe.columns if column.holds_values]
    counts = [one for one in held if one.role == "value" and recipe.unit_of(one.measure) == "count"]
    if len(held) != 2 or len(counts) != 2 or recipe.columns_as("measure"):
        return None
    sheet = _sheets(recipe, workbook, Known())[0]
    seen = look_at(sheet, table_at(sheet, recipe.header_row, recipe.header_rows), recipe.decimal)
    for part, whole in (counts, reversed(counts)):
        if is_part_of(seen[part.position - 1].numbers, seen[whole.position - 1].numbers):
            return part, whole
    return None


def as_share(recipe: Recipe, part: Column, whole: Column) -> Recipe:
    """The recipe with two columns of counts read as one share, called as the part."""
    roles: dict[int, Role] = {part.position: "numerator", whole.position: "denominator"}
    columns = tuple(
        replace(one, role=roles[one.position], measure=part.measure) if one.position in roles else one
        for one in recipe.columns
    )
    return replace(recipe, columns=columns, measures=(MeasureInFile(part.measure, "fraction"),))


def as_counts(recipe: Recipe) -> Recipe:
    """The recipe with the numerator and the denominator of its share read as a count each."""
    names = {one.position: readable(one.header) for one in recipe.columns_as("numerator", "denominator")}
    columns = tuple(
        replace(one, role="value", measure=names[one.position]) if one.position in names else one
        for one in recipe.columns
    )
    return replace(recipe, columns=columns, measures=tuple(MeasureInFile(name, "count") for name in names.values()))


def _sheets(recipe: Recipe | None, workbook: Workbook, known: Known) -> list[Sheet]:
    named = [sheet for sheet in workbook.sheets if recipe and is_named(sheet, recipe)]
    return named or [sheet for sheet in workbook.sheets if not why_skipped(sheet, known)]


def _proposed(
    workbook: Workbook, sheets: list[Sheet], known: Known, header_row: int, header_rows: int, layout: Layout | None
) -> Proposal:
    fit = [sheet for sheet in sheets if header_row < sheet.n_rows]
    if not fit:
        raise CannotContinue(
            Problem(workbook.name, f"No sheet has rows below row {header_row}.", "Choose a row further up.")
        )
    tables = [(sheet, table_at(sheet, header_row, header_rows or header_rows_at(sheet, header_row))) for sheet in fit]
    if layout not in TABS_OF and len({table.headers for _, table in tables}) > 1:
        tables = tables[:1]
    recipe, roles = recipe_for(workbook, tables, known, layout)
    return Proposal(recipe, not roles.questions, tuple(roles.questions), tuple(roles.evidence))
