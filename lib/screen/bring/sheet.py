"""A sheet as it was understood: the role of each column above it, the header row, what becomes of its cells."""

from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd
import streamlit as st

from lib.intake import Checked, Recipe, Sheet, Workbook, address

SHOWN_ROWS = 11
"""Rows of the sheet that are shown: the header and some around it."""

SHOWN_COLUMNS = 40

ROLE_COLORS = {"value": "#0072B2", "numerator": "#0072B2", "denominator": "#0072B2", "not used": "#5b6874"}
OTHER_ROLE_COLOR = "#5b4a8a"

STYLE = """<style>
.sb-sheet {overflow-x: auto; border: 1px solid #8884; border-radius: 6px; font-size: .8rem;}
.sb-sheet table {border-collapse: collapse;}
.sb-sheet td, .sb-sheet th {
  padding: 2px 8px; border: 1px solid #8883; white-space: nowrap; max-width: 220px; overflow: hidden;
  text-overflow: ellipsis; font-weight: 400; text-align: left;
}
.sb-sheet .role {color: #fff; border-radius: 4px; padding: 0 6px; font-weight: 600; display: inline-block;}
.sb-sheet .header td {font-weight: 700; border-bottom: 2px solid #0072B2;}
.sb-sheet .out td {opacity: .6; font-style: italic;}
.sb-sheet .refused {outline: 2px solid #D55E00; outline-offset: -2px;}
.sb-sheet .number {opacity: .6; text-align: right;}
</style>"""


def show(workbook: Workbook, recipe: Recipe, checked: Checked) -> None:
    """The first sheet that the recipe reads."""
    names = recipe.sheets or tuple(sheet.name for sheet in workbook.sheets if sheet.visible)
    sheet = workbook.sheet(names[0]) if names else None
    if sheet is not None:
        st.html(STYLE + table_html(sheet, recipe, checked))


def table_html(sheet: Sheet, recipe: Recipe, checked: Checked) -> str:
    """Some rows of a sheet; every text is escaped. Rows left out are faint, refused cells are framed."""
    first = max(1, recipe.header_row - 2)
    rows = sheet.preview(first, first + SHOWN_ROWS - 1).iloc[:, :SHOWN_COLUMNS]
    roles = {column.position: column.role for column in recipe.columns}
    if recipe.counts_people:
        _hide_people(rows, roles, recipe.header_row + recipe.header_rows)
    chips = "".join(f"<th>{_chip(roles.get(place, 'not used'))}</th>" for place in range(1, rows.shape[1] + 1))
    names = "".join(f"<th>{name}</th>" for name in rows.columns)
    left_out = checked.left_out_rows[checked.left_out_rows["sheet"] == sheet.name]
    reasons = dict(zip(left_out["row"].tolist(), left_out["reason"].tolist(), strict=True))
    refused = set(checked.refused.loc[checked.refused["sheet"] == sheet.name, "cell"].tolist())
    header = range(recipe.header_row, recipe.header_row + recipe.header_rows)
    body = "".join(
        _row(number, texts, header, refused, reasons)
        for number, texts in enumerate(rows.to_numpy().tolist(), start=first)
    )
    heads = f"<tr><th></th>{chips}</tr><tr><th></th>{names}</tr>"
    return f'<div class="sb-sheet"><table>{heads}{body}</table></div>'


def _hide_people(rows: pd.DataFrame, roles: Mapping[int, str], first_data_row: int) -> None:
    """Names and whatever else is not counted of a person isn't shown either."""
    for place, column in enumerate(rows.columns, start=1):
        if roles.get(place, "not used") == "not used":
            rows.loc[rows.index >= first_data_row, column] = "•••"


def _chip(role: str) -> str:
    color = ROLE_COLORS.get(role, OTHER_ROLE_COLOR)
    return f'<span class="role" style="background:{color}">{escape(role)}</span>'


def _row(number: int, texts: Sequence[str], header: range, refused: set[str], reasons: dict[int, str]) -> str:
    kind = "header" if number in header else "out" if number in reasons or number < header.start else ""
    title = f' title="{escape(reasons[number])}"' if number in reasons else ""
    cells = "".join(
        f"<td{' class=refused' if address(number, place) in refused else ''}>{escape(str(text))}</td>"
        for place, text in enumerate(texts, start=1)
    )
    return f'<tr class="{kind}"{title}><td class="number">{number}</td>{cells}</tr>'
