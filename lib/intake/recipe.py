"""A recipe: how one kind of spreadsheet is read. Plain values, kept and exchanged as a readable JSON file."""

import difflib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Literal, get_args

from lib.intake.dates import MONTH_WEEKS, Dates
from lib.intake.values import FRACTION_ORDERS, FractionOrder
from lib.problems import CannotContinue, Problem

Layout = Literal[
    "tidy",
    "periods across",
    "one tab per school",
    "one tab per period",
    "one tab per measure",
    "one tab per group",
    "one row per answer",
    "one row per student",
]
PEOPLE: tuple[Layout, ...] = ("one row per answer", "one row per student")
"""Layouts with a row for each person: only counts are kept of them."""
Role = Literal[
    "school id",
    "school name",
    "district",
    "date",
    "measure",
    "category",
    "group",
    "value",
    "numerator",
    "denominator",
    "answer",
    "not used",
]
UnitInFile = Literal["percent", "fraction", "rate", "count", "number", "hours", "minutes"]
LAYOUTS: tuple[Layout, ...] = get_args(Layout)
ROLES: tuple[Role, ...] = get_args(Role)
UNITS_IN_FILE: tuple[UnitInFile, ...] = get_args(UnitInFile)
"""“percent” is 0 to 100 in the file, “fraction” is 0 to 1; both become the unit percent of a measure."""
PARTS: tuple[Role, ...] = ("value", "numerator", "denominator")
ORDERS = ("", "day first", "month first")
SchoolIn = Literal["", "title", "file name"]
SCHOOL_IN: tuple[SchoolIn, ...] = get_args(SchoolIn)
Zeros = Literal["", "counted"]
ZEROS: tuple[Zeros, ...] = get_args(Zeros)
Blanks = Literal["", "counted"]
BLANKS: tuple[Blanks, ...] = get_args(Blanks)
AsAbove = Literal["", "as above"]
AS_ABOVE: tuple[AsAbove, ...] = get_args(AsAbove)


@dataclass(frozen=True)
class Column:
    """What one column is. `period` is the text of the header that names the period, "" where rows have dates.

    `school` is the school that the column is of, where schools stand across; `category` and `group` are the student
    group that it is of, where groups do.
    `measure` is "" where a column of the rows names it; for a denominator "" means every measure that has no other.
    """

    position: int
    header: str
    role: Role = "not used"
    measure: str = ""
    period: str = ""
    school: str = ""
    category: str = ""
    group: str = ""

    @property
    def holds_values(self) -> bool:
        return self.role in (*PARTS, "answer")


@dataclass(frozen=True)
class MeasureInFile:
    """`favorable` and `others`: the answers, as written, that count for and not for the measure."""

    name: str
    unit: UnitInFile = "number"
    favorable: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recipe:
    """`header_row` counts from 1 and is the first of `header_rows`. Empty `sheets`: every sheet with these headers.

    `school` is the school of a file that holds one school and doesn't say so in a column; `school_in` says where each
    file of the kind names its school, instead. `fractions`: which fraction a date in a column of fractions was before
    Excel changed it; "" refuses it. `zeros`: "counted" takes a 0 for a count also where it looks like "not collected".
    `blanks`: "counted" takes a blank cell for a 0, or for the mark of a list of students that isn't written, where its
    period was collected. `totals`: names of schools, in the file, that are totals; `not_totals`: names that read like a
    total's and are schools. `blank_schools`: "as above" takes a blank school cell for the school above it; "" refuses
    the row's values. `blank_dates`: the same for the date.
    """

    layout: Layout
    header_row: int
    columns: tuple[Column, ...]
    measures: tuple[MeasureInFile, ...] = ()
    header_rows: int = 1
    sheets: tuple[str, ...] = ()
    dates: Dates = field(default_factory=Dates)
    decimal: str = "."
    school: str = ""
    school_in: SchoolIn = ""
    fractions: FractionOrder = ""
    zeros: Zeros = ""
    blanks: Blanks = ""
    totals: tuple[str, ...] = ()
    not_totals: tuple[str, ...] = ()
    blank_schools: AsAbove = ""
    blank_dates: AsAbove = ""

    def with_group(self, position: int, group: str) -> "Recipe":
        """The recipe with another student group for one column (position from 1); "" is all students."""
        columns = (
            replace(one, group=group, category=one.category if group else "") if one.position == position else one
            for one in self.columns
        )
        return replace(self, columns=tuple(columns))

    @property
    def counts_people(self) -> bool:
        return self.layout in PEOPLE

    def unit_of(self, measure: str) -> UnitInFile | None:
        return next((one.unit for one in self.measures if one.name.casefold() == measure.casefold()), None)

    def columns_as(self, *roles: Role) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.role in roles)

    def with_column(self, position: int, role: Role, measure: str = "") -> "Recipe":
        """The recipe with another role for one column (position from 1); `measure` names what a value column holds."""
        columns = tuple(
            replace(column, role=role, measure=(measure or column.measure) if role in (*PARTS, "answer") else "")
            if column.position == position
            else column
            for column in self.columns
        )
        return replace(self, columns=columns)._with_measures_of_columns()

    def with_measure(self, old: str, name: str = "", unit: UnitInFile | None = None) -> "Recipe":
        """The recipe with another name or unit in the file for one measure."""
        name = name.strip() or old
        columns = tuple(replace(column, measure=name) if column.measure == old else column for column in self.columns)
        measures = tuple(
            replace(one, name=name, unit=unit or one.unit) if one.name == old else one for one in self.measures
        )
        if old not in {one.name for one in self.measures}:
            measures = (*measures, MeasureInFile(name, unit or "number"))
        return replace(self, columns=columns, measures=measures)

    def with_period(self, position: int, period: str) -> "Recipe":
        """The recipe with another period over one column (position from 1)."""
        columns = (replace(one, period=period) if one.position == position else one for one in self.columns)
        return replace(self, columns=tuple(columns))

    def with_favorable(self, name: str, favorable: Sequence[str], answers: Sequence[str]) -> "Recipe":
        """The recipe with other favorable answers of a measure; the others of `answers` count and are not favorable."""
        others = tuple(answer for answer in answers if answer not in favorable)
        measures = (
            replace(one, favorable=tuple(favorable), others=others) if one.name == name else one
            for one in self.measures
        )
        return replace(self, measures=tuple(measures))

    def with_dates(self, **changes: Any) -> "Recipe":
        """The recipe with other ways to read dates, for example `with_dates(order="day first")`."""
        return replace(self, dates=replace(self.dates, **changes))

    def _with_measures_of_columns(self) -> "Recipe":
        named = {column.measure for column in self.columns_as(*PARTS, "answer") if column.measure}
        known = tuple(one for one in self.measures if one.name in named or self.columns_as("measure"))
        new = tuple(MeasureInFile(name) for name in sorted(named - {one.name for one in known}))
        return replace(self, measures=known + new)

    def to_json(self) -> str:
        """Readable JSON: one line for each column and measure, defaults left out."""
        columns = [_without_defaults(column) for column in self.columns]
        whole: dict[str, Any] = {"recipe": 1, "layout": self.layout, "sheets": list(self.sheets)}
        whole |= {"header_row": self.header_row, "header_rows": self.header_rows, "columns": columns}
        whole |= {
            "measures": [_without_defaults(one) | {"unit": one.unit} for one in self.measures],
            "dates": _without_defaults(self.dates),
        }
        whole |= {"decimal": self.decimal, "school": self.school}
        rare: dict[str, Any] = {"school_in": self.school_in, "fractions": self.fractions, "zeros": self.zeros}
        rare |= {"blank_schools": self.blank_schools, "blank_dates": self.blank_dates}
        rare |= {"blanks": self.blanks, "totals": list(self.totals), "not_totals": list(self.not_totals)}
        whole |= {key: value for key, value in rare.items() if value}
        return "{\n" + ",\n".join(f'  "{key}": {_laid_out(value)}' for key, value in whole.items()) + "\n}\n"

    @staticmethod
    def from_json(text: str) -> "Recipe":
        """Reads what `to_json` wrote. Raises `CannotContinue` for an unknown key or word, naming the nearest."""
        whole = _as_dict(_parsed(text), "The recipe")
        allowed = ["recipe", *(one.name for one in fields(Recipe))]
        _refuse_unknown("The recipe", whole, allowed)
        _refuse_missing("The recipe", whole, ["layout", "header_row", "columns"])
        return Recipe(
            layout=_one_of("layout", whole["layout"], LAYOUTS),
            header_row=_count("header_row", whole["header_row"]),
            header_rows=_count("header_rows", whole.get("header_rows", 1)),
            columns=tuple(_column(one) for one in _as_list(whole["columns"], "columns")),
            measures=tuple(_measure(one) for one in _as_list(whole.get("measures", []), "measures")),
            sheets=_texts(whole.get("sheets", []), "sheets"),
            dates=_dates(whole.get("dates", {})),
            decimal=_one_of("decimal", whole.get("decimal", "."), (".", ",")),
            school=str(whole.get("school", "")),
            school_in=_one_of("school_in", whole.get("school_in", ""), SCHOOL_IN),
            fractions=_one_of("fractions", whole.get("fractions", ""), FRACTION_ORDERS),
            zeros=_one_of("zeros", whole.get("zeros", ""), ZEROS),
            blanks=_one_of("blanks", whole.get("blanks", ""), BLANKS),
            totals=_texts(whole.get("totals", []), "totals"),
            not_totals=_texts(whole.get("not_totals", []), "not_totals"),
            blank_schools=_one_of("blank_schools", whole.get("blank_schools", ""), AS_ABOVE),
            blank_dates=_one_of("blank_dates", whole.get("blank_dates", ""), AS_ABOVE),
        )


def _without_defaults(thing: Any) -> dict[str, Any]:
    said = {}
    for one in fields(thing):
        value = getattr(thing, one.name)
        if value != one.default:
            said[one.name] = value.isoformat() if isinstance(value, date) else value
    return said


def _laid_out(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join("    " + json.dumps(one, ensure_ascii=False) for one in value) + "\n  ]"
    return json.dumps(value, ensure_ascii=False)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise _wrong(
            f"Line {error.lineno} is not JSON ({error.msg}).", "Check commas, quotes and brackets there."
        ) from None


def _wrong(what: str, fix: str = "") -> CannotContinue:
    return CannotContinue(Problem("Recipe", what, fix))


def _as_dict(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(f"{where} should be written in braces {{}}.")
    return value


def _as_list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise _wrong(f"“{where}” should be a list in brackets [].")
    return value


def _texts(value: Any, where: str) -> tuple[str, ...]:
    return tuple(str(one) for one in _as_list(value, where))


def _refuse_unknown(where: str, given: dict[str, Any], allowed: list[str]) -> None:
    for key in given:
        if key not in allowed:
            raise _wrong(f"{where} has an unknown key “{key}”.", _did_you_mean(key, allowed))


def _refuse_missing(where: str, given: dict[str, Any], needed: list[str]) -> None:
    for key in needed:
        if key not in given:
            raise _wrong(f"{where} has no “{key}”.", "Add it.")


def _did_you_mean(word: str, allowed: list[str]) -> str:
    near = difflib.get_close_matches(word, allowed, n=1, cutoff=0.5)
    return f"Did you mean “{near[0]}”?" if near else f"Known are: {', '.join(one or 'empty' for one in allowed)}."


def _one_of(key: str, value: Any, allowed: tuple[Any, ...]) -> Any:
    if value not in allowed:
        raise _wrong(
            f"“{value}” is no {key.replace('_', ' ')}.", _did_you_mean(str(value), [str(one) for one in allowed])
        )
    return value


def _count(key: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _wrong(f"“{key}” should be a whole number from 1.")
    return value


def _column(given: Any) -> Column:
    given = _as_dict(given, "A column")
    _refuse_unknown("A column", given, [one.name for one in fields(Column)])
    _refuse_missing("A column", given, ["position", "header"])
    return Column(
        _count("position", given["position"]),
        str(given["header"]),
        _one_of("role", given.get("role", "not used"), ROLES),
        str(given.get("measure", "")),
        *(str(given.get(name, "")) for name in ("period", "school", "category", "group")),
    )


def _measure(given: Any) -> MeasureInFile:
    given = _as_dict(given, "A measure")
    _refuse_unknown("A measure", given, [one.name for one in fields(MeasureInFile)])
    _refuse_missing("A measure", given, ["name"])
    return MeasureInFile(
        str(given["name"]),
        _one_of("unit", given.get("unit", "number"), UNITS_IN_FILE),
        _texts(given.get("favorable", []), "favorable"),
        _texts(given.get("others", []), "others"),
    )


def _dates(given: Any) -> Dates:
    given = _as_dict(given, "“dates”")
    _refuse_unknown("“dates”", given, [one.name for one in fields(Dates)])
    start = _count("school_year_start", given.get("school_year_start", 8))
    if start > 12:
        raise _wrong("“school_year_start” should be a month, 1 to 12.")
    year = given.get("school_year")
    return Dates(
        order=_one_of("order", given.get("order", ""), ORDERS),
        school_year_start=start,
        school_year=None if year is None else _count("school_year", year),
        first_week=_day("first_week", given.get("first_week")),
        fixed=_day("fixed", given.get("fixed")),
        cadence=str(given.get("cadence", "")),
        year_in_title=given.get("year_in_title", False) is True,
        month_weeks=_one_of("month_weeks", given.get("month_weeks", ""), MONTH_WEEKS),
    )


def _day(key: str, value: Any) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise _wrong(f"“{key}” should be a date like 2025-09-01.") from None
