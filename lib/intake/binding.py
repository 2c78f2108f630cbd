"""A recipe laid on a workbook: which sheets it reads and where its columns are this time."""

import difflib
import re
from dataclasses import dataclass, field, replace
from functools import cached_property

from lib.intake.date_words import WEEKDAY
from lib.intake.dates import DASHED_DAY, Dates, read_period, split_period
from lib.intake.dates_together import Alike, alike
from lib.intake.group_names import group_of_tab
from lib.intake.header import LAST_HEADER_ROW, Table, table_at
from lib.intake.known import Known
from lib.intake.recipe import Column, Recipe
from lib.intake.sheets import Cells, Sheet, Workbook
from lib.intake.short_dates import month_of_measure
from lib.intake.titles import school_in_file_name, school_in_titles, titles_of, year_in
from lib.intake.vocabulary import ABOVE, SKIPPED_SHEET, TOTAL, plain, readable
from lib.problems import CannotContinue, Problem


@dataclass(frozen=True)
class Bound:
    """One sheet that a recipe reads. `columns` have the positions they have in this sheet; `index` counts from 0.

    `school`, `period`, `measure`, `category` and `group` are what the sheet's name, its title or the file's name says
    for all of its rows. With `schools_as_above` a blank school cell means the school above it, with `dates_as_above` a
    blank date the date above it.
    """

    index: int
    sheet: Sheet
    table: Table
    columns: tuple[Column, ...]
    dates: Dates = field(default_factory=Dates)
    school: str = ""
    period: str = ""
    measure: str = ""
    category: str = ""
    group: str = ""
    schools_as_above: bool = False
    dates_as_above: bool = False

    def cells(self, column: Column) -> Cells:
        return self.sheet.columns[column.position - 1]

    @property
    def first_row(self) -> int:
        """Index from 0 of the first row under the header."""
        return self.table.first_data_row - 1

    @property
    def n_rows(self) -> int:
        return max(self.sheet.n_rows - self.first_row, 0)

    @cached_property
    def across(self) -> Alike:
        """What the periods in headers say of one another."""
        return alike([column.period for column in self.columns if column.period])

    def columns_as(self, *roles: str) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.role in roles)


@dataclass(frozen=True)
class LeftOutSheet:
    sheet: str
    reason: str


def why_skipped(sheet: Sheet, known: Known) -> str:
    """Why a sheet is not read as data, "" where it may be. A sheet called as a known school may always be."""
    if not sheet.visible:
        return "a hidden sheet"
    if not sheet.n_rows or not sheet.n_columns:
        return "an empty sheet"
    if sheet.says.strip().casefold() in known.school_words():
        return ""
    if TOTAL.fullmatch(sheet.says.strip()):
        return "a total or average, by its name"
    return "a summary, instructions or list, by its name" if SKIPPED_SHEET.fullmatch(plain(sheet.says)) else ""


def bind(workbook: Workbook, recipe: Recipe, known: Known) -> tuple[list[Bound], list[LeftOutSheet]]:
    """Raises `CannotContinue` naming the headers that no sheet has, or the file that names no school."""
    bound: list[Bound] = []
    left_out: list[LeftOutSheet] = []
    missing: list[str] = []
    for index, sheet in _sheets_of(workbook, recipe):
        reason = "" if is_named(sheet, recipe) and sheet.visible else why_skipped(sheet, known)
        found, lacks = (None, []) if reason else _bind_sheet(index, sheet, recipe)
        if found:
            bound.append(_told(found, workbook, recipe, known))
        else:
            missing = missing or lacks
            left_out.append(LeftOutSheet(sheet.name, reason or f"no column “{lacks[0]}”, so it is another table"))
    chosen = {one.sheet.name for one in bound} | {one.sheet for one in left_out}
    left_out += [
        LeftOutSheet(sheet.name, why_skipped(sheet, known) or "not named in the recipe")
        for sheet in workbook.sheets
        if sheet.name not in chosen
    ]
    if not bound:
        raise CannotContinue(*_missing_problems(workbook, recipe, known, missing))
    return bound, left_out


def _told(bound: Bound, workbook: Workbook, recipe: Recipe, known: Known) -> Bound:
    """With what is said outside the table."""
    name = bound.sheet.says
    category, group = group_of_tab(name) if recipe.layout == "one tab per group" else ("", "")
    return replace(
        bound,
        dates=_dates_of(bound, workbook, recipe, known),
        school=_school_of(bound, workbook, recipe, known),
        period=period_of_tab(name, recipe.dates) if recipe.layout == "one tab per period" else "",
        measure=readable(name) if recipe.layout == "one tab per measure" else "",
        category=category,
        group=group,
        schools_as_above=recipe.blank_schools == "as above",
        dates_as_above=recipe.blank_dates == "as above",
    )


def period_of_tab(name: str, dates: Dates) -> str:
    """The period that a tab's name says; it can't have the slash of 9/8."""
    return rest_of(DASHED_DAY.sub(r"\1/\2", name.strip()), dates)[0]


def _dates_of(bound: Bound, workbook: Workbook, recipe: Recipe, known: Known) -> Dates:
    dates = replace(recipe.dates, first_week=recipe.dates.first_week or known.first_week)
    said = year_in(titles_of(workbook, bound.sheet, bound.table)) if dates.year_in_title else None
    return dates.of_year(said[0]) if said else dates


def _school_of(bound: Bound, workbook: Workbook, recipe: Recipe, known: Known) -> str:
    if bound.columns_as("school id", "school name") or not recipe.school_in:
        return recipe.school or bound.sheet.says
    words = known.school_names()
    in_title = recipe.school_in == "title"
    said = school_in_titles(bound.sheet, bound.table, words) if in_title else school_in_file_name(workbook.name, words)
    if not said:
        raise CannotContinue(
            Problem(
                bound.sheet.name or workbook.name,
                "No title line names a school." if in_title else "The file's name names no school.",
                "Write “School: ” and its name above the table." if in_title else "Name the file after the school.",
            )
        )
    return said


def is_named(sheet: Sheet, recipe: Recipe) -> bool:
    """Whether the recipe names this sheet, or the one that it is a table of."""
    return sheet.name in recipe.sheets or (bool(sheet.base) and sheet.base in recipe.sheets)


def _sheets_of(workbook: Workbook, recipe: Recipe) -> list[tuple[int, Sheet]]:
    """The named sheets; where none of the names is there, all of them."""
    everything = list(enumerate(workbook.sheets))
    named = [(index, sheet) for index, sheet in everything if is_named(sheet, recipe)]
    return named or everything


def _missing_problems(workbook: Workbook, recipe: Recipe, known: Known, missing: list[str]) -> list[Problem]:
    sheet = next((sheet for _, sheet in _sheets_of(workbook, recipe) if not why_skipped(sheet, known)), None)
    if sheet is None:
        return [
            Problem(
                workbook.name, "No sheet with data was found.", "Choose a file with a header row and rows below it."
            )
        ]
    near = _near(missing[0], _table_for(sheet, recipe).headers)
    return [
        Problem(
            workbook.name,
            f"The recipe needs a column “{header}”, and no sheet has it.",
            near if header == missing[0] else "",
        )
        for header in missing
    ]


def _near(header: str, headers: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(header, [one for one in headers if one], n=1, cutoff=0.5)
    return f"Did you mean “{near[0]}”?" if near else "Choose the header row, or another recipe."


def _table_for(sheet: Sheet, recipe: Recipe) -> Table:
    last = sheet.n_rows - recipe.header_rows + 1
    return table_at(sheet, min(recipe.header_row, max(last, 1)), min(recipe.header_rows, sheet.n_rows))


def _bind_sheet(index: int, sheet: Sheet, recipe: Recipe) -> tuple[Bound | None, list[str]]:
    """The recipe on one sheet, with the header where the recipe says or else in another of the first rows."""
    first_lacks: list[str] = []
    first = sheet.first_filled_row
    for row in [recipe.header_row, *range(first, first + LAST_HEADER_ROW)]:
        if row + recipe.header_rows - 1 > sheet.n_rows:
            continue
        table = table_at(sheet, row, recipe.header_rows)
        columns, lacks = match_columns(recipe, table.headers)
        if not lacks:
            return Bound(index, sheet, table, columns), []
        first_lacks = first_lacks or lacks
    return None, first_lacks or ["header"]


def match_columns(recipe: Recipe, headers: tuple[str, ...]) -> tuple[tuple[Column, ...], list[str]]:
    """The recipe's columns where their headers stand now, and the headers that are needed and missing.

    Of several columns with one header the first takes the first. A column that names a period may be missing, and a
    new one that reads like the others is taken along.
    """
    free = _places(headers)
    found, lacks = [], []
    for column in recipe.columns:
        places = free.get(plain(column.header), [])
        if places and not (not plain(column.header) and column.position not in places):
            place = column.position if column.position in places else places[0]
            places.remove(place)
            found.append(replace(column, position=place))
        elif column.role != "not used" and not column.period:
            lacks.append(column.header or f"column {column.position}")
    found += _new_periods(recipe, headers, {column.position for column in found})
    if any(column.period for column in recipe.columns) and not any(
        column.period and column.holds_values for column in found
    ):
        lacks += [next(column.header for column in recipe.columns if column.period)]
    return tuple(found), lacks


def _places(headers: tuple[str, ...]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, header in enumerate(headers, 1):
        places.setdefault(plain(header), []).append(place)
    return places


def _new_periods(recipe: Recipe, headers: tuple[str, ...], taken: set[int]) -> list[Column]:
    like = {
        plain(rest_of(column.header, recipe.dates)[1]): column
        for column in recipe.columns
        if column.period and column.holds_values
    }
    new = []
    for place, header in enumerate(headers, 1):
        period, rest = rest_of(header, recipe.dates) if place not in taken else ("", "")
        if period and plain(rest) in like:
            new.append(replace(like[plain(rest)], position=place, header=header, period=period))
    return new


def _exactness(text: str, dates: Dates) -> int:
    """2 for a day or a week by its day, 1 for a numbered week, 0 for longer periods."""
    period = read_period(text, dates)
    return 0 if period is None or period.kind not in ("day", "week") else 2 - (period.needs == "first week")


def rest_of(header: str, dates: Dates) -> tuple[str, str]:
    """The period in a header and what else it says; ("", header) where it names no period.

    A day of the week under its week is that day; over or under a date it says nothing more.

    A year over a month or term is said with it: "2024-25 | Sep". Of other periods over one another the most exact
    one counts.

    >>> rest_of("2024-25 | Sep | Present", Dates()), rest_of("September | 9/15", Dates())
    (('2024-25 | Sep', 'Present'), ('9/15', ''))
    """
    parts = _without_weekdays(header.split(ABOVE), dates)
    whole = [place for place in range(len(parts)) if _is_period(parts, place, dates)]
    if whole:
        period = ABOVE.join(parts[place] for place in whole[:2])
        if not read_period(period, dates):
            period = max((parts[place] for place in reversed(whole)), key=lambda part: _exactness(part, dates))
        return period, ABOVE.join(part for place, part in enumerate(parts) if place not in whole)
    for place, part in enumerate(parts):
        split = split_period(part, dates) or month_of_measure(part)
        if split:
            return split[0], ABOVE.join([*parts[:place], *([split[1]] if split[1] else []), *parts[place + 1 :]])
    return "", header


def _without_weekdays(parts: list[str], dates: Dates) -> list[str]:
    """The parts of a header without the days of the week that stand beside a date."""
    periods = [period for part in parts if (period := read_period(part, dates))]
    has_day = any(period.kind == "day" for period in periods)
    return [part for part in parts if not (has_day and re.fullmatch(WEEKDAY, part, re.IGNORECASE))]


def _is_period(parts: list[str], place: int, dates: Dates) -> bool:
    """Whether a part of a header is one, be it a day's number under its month or a day of the week under its week."""
    may_be_day = parts[place].isdecimal() or re.fullmatch(WEEKDAY, parts[place], re.IGNORECASE)
    is_day = may_be_day and place > 0 and read_period(ABOVE.join(parts[place - 1 : place + 1]), dates)
    return bool(is_day or read_period(parts[place], dates))
