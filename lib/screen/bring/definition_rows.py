"""The tables of measures and schools as they stand on the page, and what their rows say."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from lib.measures import Measure, School
from lib.store.edits import MeasureRow, SchoolRow

MEASURE_COLUMNS = (
    *("row", "id", "name", "draft", "unit", "wanted", "cadence", "goal", "goal_low", "goal_high", "goal_by", "family"),
    *("question", "aliases", "cumulative", "seasonal", "new_line_each_year"),
    *("numerator_words", "denominator_words", "retired", "values"),
)
SCHOOL_COLUMNS = ("row", "id", "name", "code", "district", "tags", "aliases", "codes", "retired", "values", "last")
GOALS = ("goal", "goal_low", "goal_high")
YES_NO = ("draft", "cumulative", "seasonal", "new_line_each_year", "retired")
LISTS = ("tags", "aliases", "codes")
IN_PERCENT = 100
"""On the page a goal in percent is a number from 0 to 100."""

Cells = dict[Hashable, Any]


def measure_table(rows: Sequence[MeasureRow]) -> pd.DataFrame:
    """One line for each measure; columns as MEASURE_COLUMNS."""
    return _frame([_measure_cells(row) for row in rows], MEASURE_COLUMNS)


def _measure_cells(row: MeasureRow) -> Cells:
    one = row.measure
    cells: Cells = {name: getattr(one, name) for name in MEASURE_COLUMNS if hasattr(one, name)}
    for name in GOALS:
        cells[name] = _times(cells[name], IN_PERCENT if one.unit == "percent" else 1)
    return cells | {"aliases": list(row.aliases), "values": row.n_values}


def school_table(rows: Sequence[SchoolRow]) -> pd.DataFrame:
    """One line for each school; columns as SCHOOL_COLUMNS."""
    return _frame([_school_cells(row) for row in rows], SCHOOL_COLUMNS)


def _school_cells(row: SchoolRow) -> Cells:
    one = row.school
    cells: Cells = {name: getattr(one, name) for name in SCHOOL_COLUMNS if hasattr(one, name)}
    lists = {"tags": list(one.tags), "aliases": list(row.aliases), "codes": list(row.codes)}
    return cells | lists | {"values": row.n_values, "last": row.last}


def _frame(cells: list[Cells], columns: Sequence[str]) -> pd.DataFrame:
    frame = pd.DataFrame(cells, columns=list(columns)).astype("object")
    frame["row"] = range(1, len(frame) + 1)
    for name in set(columns) & {*GOALS, "values", "id", "row"}:
        frame[name] = pd.to_numeric(frame[name]).astype("float64" if name in GOALS else "Int64")
    for name in set(columns) & {"goal_by", "last"}:
        frame[name] = pd.to_datetime(frame[name])
    for name in set(columns) & set(YES_NO):
        frame[name] = frame[name].astype("boolean")
    return frame


def measures_in(frame: pd.DataFrame) -> list[MeasureRow]:
    """The measures of a table as a person has left it; a line that holds nothing is passed over."""
    lines = enumerate(frame.to_dict("records"), start=1)
    return [_measure_row(cells, f"Row {number}") for number, cells in lines if _is_begun(cells, ("name", "unit"))]


def _measure_row(cells: Cells, where: str) -> MeasureRow:
    said: dict[str, Any] = {
        name: _text(cells[name]) for name in MEASURE_COLUMNS if isinstance(getattr(EMPTY, name, None), str)
    }
    in_percent = IN_PERCENT if said["unit"] == "percent" else 1
    said |= {name: _times(_number(cells[name]), 1 / in_percent) for name in GOALS}
    said |= {name: _is_true(cells[name]) for name in YES_NO}
    measure = replace(EMPTY, id=int(_number(cells["id"]) or 0), goal_by=_day(cells["goal_by"]), **said)
    return MeasureRow(measure, _texts(cells["aliases"]), int(_number(cells["values"]) or 0), where)


EMPTY = Measure(0, "", unit="number", cadence="")


def schools_in(frame: pd.DataFrame) -> list[SchoolRow]:
    """The schools of a table as a person has left it; a line that holds nothing is passed over."""
    lines = enumerate(frame.to_dict("records"), start=1)
    return [_school_row(cells, f"Row {number}") for number, cells in lines if _is_begun(cells, ("name", "code"))]


def _school_row(cells: Cells, where: str) -> SchoolRow:
    name, code, district = (_text(cells[column]) for column in ("name", "code", "district"))
    number = int(_number(cells["id"]) or 0)
    school = School(number, name, code, district, _texts(cells["tags"]), _is_true(cells["retired"]))
    n, last = int(_number(cells["values"]) or 0), _day(cells["last"])
    return SchoolRow(school, _texts(cells["aliases"]), _texts(cells["codes"]), n, last, where)


def _is_begun(cells: Cells, names: Sequence[str]) -> bool:
    return _number(cells["id"]) is not None or any(_text(cells[name]) for name in names)


def _text(value: Any) -> str:
    return "" if _is_missing(value) else " ".join(str(value).split())


def _texts(value: Any) -> tuple[str, ...]:
    """Each text once, in order."""
    said = [] if _is_missing(value) else [_text(one) for one in value]
    return tuple(dict.fromkeys(text for text in said if text))


def _number(value: Any) -> float | None:
    return None if _is_missing(value) else float(value)


def _times(value: float | None, factor: float) -> float | None:
    """Rounded, so that 93 % is 0.93 and back again 93.

    >>> _times(0.07, 100), _times(7.0, 1 / 100), _times(None, 100)
    (7.0, 0.07, None)
    """
    return None if value is None or pd.isna(value) else round(value * factor, 10)


def _is_true(value: Any) -> bool:
    return not _is_missing(value) and bool(value)


def _day(value: Any) -> date | None:
    return None if _is_missing(value) else pd.Timestamp(value).date()


def _is_missing(value: Any) -> bool:
    return value is None or (not hasattr(value, "__len__") and bool(pd.isna(value)))
