"""The numbers of a run chart as a table: on screen and as CSV, from the reading that was drawn."""

import pandas as pd

from lib.wording import Reading, period_label, value_text

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet program would run as a formula. Source: OWASP, CSV injection."""


def points_table(reading: Reading) -> pd.DataFrame:
    """One row per period: what is drawn at it, in words and numbers, and where it comes from.

    Columns: period, said, value, numerator, denominator, middle, side, run, place, signal, excluded, schools, file, sheet,
    cell, upload, from.
    """
    points = reading.points
    unit = reading.measure.unit
    table = pd.DataFrame(
        {
            "period": [period_label(day, reading.period) for day in points["date"]],
            "date": points["date"].dt.date,
            "said": [_said(row, unit) for row in points.itertuples()],
            "value": points["value"],
            "numerator": points["numerator"],
            "denominator": points["denominator"],
            "middle": points["median"],
            "side": points["side"].map({1.0: "above", 0.0: "on the line", -1.0: "below"}),
            "run": points["run"],
            "place": points["place"],
            "signal": points["in_signal"],
            "excluded": points["excluded"],
            "schools": points["n_schools"],
        }
    )
    origin = {name: points[name] for name in ("file", "sheet", "cell", "upload")}
    return table.assign(**origin, **{"from": [_origin(row) for row in points.itertuples()]})


def _said(row: object, unit: str) -> str:
    value = value_text(row.value, unit)
    return value if pd.isna(row.denominator) else f"{value} ({row.numerator:,.10g} of {row.denominator:,.10g})"


def _origin(row: object) -> str:
    if not row.file:
        return f"From {row.n_schools} schools, {row.n_values} values." if row.n_values else "No value."
    return f"From {row.file}, sheet {row.sheet}, cell {row.cell}, upload {int(row.upload)}."


def points_csv(reading: Reading) -> bytes:
    """The table as CSV for Excel (UTF-8 with a mark), with measure, school and group in every row; no text is a formula."""
    table = points_table(reading).drop(columns=["from"])
    table.insert(0, "measure", reading.measure.name)
    table.insert(1, "school", reading.place)
    table.insert(2, "group", reading.group)
    table["rules"] = reading.rules
    texts = table.select_dtypes(include=["object", "str"]).columns
    for column in texts:
        table[column] = table[column].map(_harmless)
    return table.to_csv(index=False).encode("utf-8-sig")


def _harmless(text: object) -> object:
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA_STARTS) else text
