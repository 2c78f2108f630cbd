"""The template workbook as its reader and its writer know it: one sheet per measure, schools down, periods across.

A filled template needs no question: its measures are the network's own, so their units are known.
"""

import numpy as np

from lib.intake import values
from lib.intake.binding import rest_of
from lib.intake.dates import Dates
from lib.intake.header import table_at
from lib.intake.known import Known
from lib.intake.recipe import Column, MeasureInFile, Recipe, Role
from lib.intake.sheets import Sheet, Workbook
from lib.intake.typed import UNIT_IN_FILE
from lib.intake.values import read_values
from lib.measures import Measure
from lib.problems import Problem

GUIDE, LISTS = "How to fill in", "Lists"
"""Tabs that are no data, by their names."""

CODE, SCHOOL, MEASURE = "School code", "School", "Measure"
HEADER_ROW, HEADER_ROWS = 2, 2
PART_WORDS: dict[Role, str] = {"numerator": "Numerator", "denominator": "Denominator", "value": "Value"}
LABELS: dict[str, Role] = {CODE: "school id", SCHOOL: "school name", MEASURE: "measure"}
PARTS: dict[str, Role] = {word: part for part, word in PART_WORDS.items()}
FEWEST_TO_DOUBT = 2


def template_recipe(workbook: Workbook, known: Known) -> tuple[Recipe, list[Problem]] | None:
    """How a filled template is read, and what must be asked all the same; None for any other workbook."""
    sheets = [(sheet, headers) for sheet in workbook.sheets if (headers := _headers(sheet))]
    if workbook.sheet(GUIDE) is None or not sheets:
        return None
    measures = [known.measure(_measure_of(sheet, headers)) for sheet, headers in sheets]
    if not all(measures):
        return None
    columns: dict[str, Column] = {}
    for _, headers in sheets:
        for position, header in enumerate(headers, start=1):
            columns.setdefault(header, _column(position, header))
    recipe = Recipe(
        layout="periods across",
        header_row=HEADER_ROW,
        header_rows=HEADER_ROWS,
        columns=tuple(columns.values()),
        measures=tuple(_in_file(one, headers) for one, (_, headers) in zip(measures, sheets, strict=True) if one),
        sheets=tuple(sheet.name for sheet, _ in sheets),
        zeros="counted",
    )
    doubted = (_doubt(sheet, headers, one) for one, (sheet, headers) in zip(measures, sheets, strict=True) if one)
    return recipe, [problem for problem in doubted if problem]


def _headers(sheet: Sheet) -> tuple[str, ...]:
    """The headers of a sheet of the template, () for another sheet."""
    if sheet.n_rows < HEADER_ROW + HEADER_ROWS:
        return ()
    headers = table_at(sheet, HEADER_ROW, HEADER_ROWS).headers
    n_labels = sum(header in LABELS for header in headers)
    is_one = {SCHOOL, MEASURE} <= set(headers[:n_labels]) and len(headers) > n_labels
    return headers if is_one and all(_part(header) for header in headers[n_labels:]) else ()


def _part(header: str) -> Role | None:
    return PARTS.get(header.split(" | ")[-1])


def _measure_of(sheet: Sheet, headers: tuple[str, ...]) -> str:
    return sheet.columns[headers.index(MEASURE)].texts(HEADER_ROW + HEADER_ROWS - 1, HEADER_ROW + HEADER_ROWS)[0]


def _column(position: int, header: str) -> Column:
    part = _part(header)
    if part is None:
        return Column(position, header, LABELS[header])
    return Column(position, header, part, "", rest_of(header, Dates())[0])


def _in_file(measure: Measure, headers: tuple[str, ...]) -> MeasureInFile:
    by_counts = any(_part(header) == "numerator" for header in headers)
    is_share = measure.unit == "percent" and by_counts
    return MeasureInFile(measure.name, "fraction" if is_share else UNIT_IN_FILE[measure.unit])


def _doubt(sheet: Sheet, headers: tuple[str, ...], measure: Measure) -> Problem | None:
    """Percents that are all 1 or less may be fractions of 1."""
    if measure.unit != "percent" or any(_part(header) == "numerator" for header in headers):
        return None
    read = [read_values(sheet.columns[place]) for place, header in enumerate(headers) if _part(header) == "value"]
    numbers = np.concatenate([one.number[(one.status == values.NUMBER) & ~one.percent] for one in read])
    numbers = numbers[numbers > 0]
    if len(numbers) < FEWEST_TO_DOUBT or numbers.max() > 1:
        return None
    return Problem(
        f"“{measure.name}”", "All its values are 1 or less.", "Say whether they are percents or fractions of 1."
    )
