"""What somebody types as a workbook of its own, so that typing and files are checked by the same rules."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
import pyarrow as pa

from lib.intake.check import Checked
from lib.intake.recipe import Column, MeasureInFile, Recipe, Role, UnitInFile
from lib.intake.sheets import Cells, Sheet, Workbook
from lib.measures import Group, Measure, School, Unit

SHEET = "Typed in"
FILE = "typed in"
FIRST_ROW = 2
"""Row 1 is the header, so that a message can name the row of a typed value."""

FIRST_PART = 5
"""The column of the value, or of its numerator; before it stand school, day, category and group."""

UNIT_IN_FILE: dict[Unit, UnitInFile] = {
    "percent": "percent",
    "percentage points": "number",
    "rate": "rate",
    "count": "count",
    "number": "number",
    "hours": "hours",
    "minutes": "minutes",
}


@dataclass(frozen=True)
class TypedRow:
    """One value at one school: its text, or the texts of numerator and denominator; empty ones take a value away."""

    school: School
    day: date
    texts: tuple[str, ...]


def is_cleared(row: TypedRow) -> bool:
    return not any(row.texts)


def emptied_cells(measure: Measure, group: Group, rows: Sequence[TypedRow]) -> pd.DataFrame:
    """The values that such rows take away: the observations of their cells, without a value."""
    cells = [(number, row) for number, row in enumerate(rows, start=FIRST_ROW) if is_cleared(row)]
    schools = [row.school for _, row in cells]
    texts = {
        "school_code": [school.code for school in schools],
        "school_name": [school.name for school in schools],
        "district": [school.district for school in schools],
        "measure": [measure.name] * len(cells),
        "category": [group.category] * len(cells),
        "group": [group.name] * len(cells),
    }
    frame = pd.DataFrame({name: pd.array(column, dtype="str") for name, column in texts.items()})
    return frame.assign(
        date=pd.to_datetime([row.day for _, row in cells]),
        numerator=float("nan"),
        denominator=float("nan"),
        value=float("nan"),
        sheet=0,
        row=[number for number, _ in cells],
        col=FIRST_PART,
    )


def typed_workbook(measure: Measure, group: Group, rows: Sequence[TypedRow]) -> tuple[Workbook, Recipe]:
    """The workbook and how it is read. Schools stand in it as numbers: a name could read like a total's.

    `with_schools` puts them back after the check.
    """
    parts: tuple[Role, ...] = ("value",) if len(rows[0].texts) == 1 else ("numerator", "denominator")
    columns: list[tuple[Role, list[str]]] = [
        ("school name", [f"school {place}" for place in range(len(rows))]),
        ("date", [row.day.isoformat() for row in rows]),
        ("category", [group.category] * len(rows)),
        ("group", [group.name] * len(rows)),
        *((part, [row.texts[place] for row in rows]) for place, part in enumerate(parts)),
    ]
    texts = [[role, *cells] for role, cells in columns]
    workbook = Workbook(
        name=FILE,
        sha256=hashlib.sha256(repr((measure.name, group.label, rows)).encode()).hexdigest(),
        kind="typed",
        sheets=(Sheet(SHEET, True, len(rows) + 1, tuple(_cells(column) for column in texts)),),
    )
    unit = "fraction" if measure.unit == "percent" and len(parts) > 1 else UNIT_IN_FILE[measure.unit]
    recipe = Recipe(
        layout="tidy",
        header_row=1,
        columns=tuple(
            Column(place, role, role, measure.name if role in parts else "")
            for place, (role, _) in enumerate(columns, start=1)
        ),
        measures=(MeasureInFile(measure.name, unit),),
        sheets=(SHEET,),
        zeros="counted",
    )
    return workbook, recipe


def _cells(texts: Sequence[str]) -> Cells:
    return Cells(pa.array([text.strip() or None for text in texts], pa.string()).dictionary_encode())


def with_schools(checked: Checked, rows: Sequence[TypedRow]) -> Checked:
    """What was checked, with the schools that stand for the numbers."""
    schools = [row.school for row in rows]
    named = {"school_code": "code", "school_name": "name", "district": "district"}
    kept = [schools[row - FIRST_ROW] for row in checked.observations["row"].tolist()]
    observations = checked.observations.assign(
        **{column: pd.array([getattr(one, name) for one in kept], dtype="str") for column, name in named.items()}
    )
    listed = pd.DataFrame(
        {column: pd.array([getattr(one, name) for one in schools], dtype="str") for column, name in named.items()}
    )
    return replace(checked, observations=observations, schools=listed.assign(school=listed["school_name"]))
