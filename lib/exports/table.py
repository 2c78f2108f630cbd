"""The numbers of a run chart as a table: on screen and as CSV, from the reading that was drawn."""

import math

import pandas as pd

from lib.wording import Reading, period_label, say, value_text

ORIGIN = ["file", "sheet", "cell", "upload"]

BESIDE = {
    "last_year": "last year",
    "lower": "lower limit",
    "upper": "upper limit",
    "beyond": "beyond the limits",
}
"""Columns of a reading that only some have, and what they are called in the table."""

FORMULA_STARTS = ("=", "+", "-", "@")
"""What a spreadsheet program would run as a formula. Source: OWASP, CSV injection."""


def points_table(reading: Reading) -> pd.DataFrame:
    """One row per period: what is drawn at it, in words and numbers, and where it comes from.

    Columns: period, date, said, value, numerator, denominator, middle, side, run, place, signal, excluded, phase,
    baseline (whether the middle line is made of it), note (what people said about it), schools, those of BESIDE that
    the reading has, file, sheet, cell, upload, from.
    """
    points = reading.points
    counts = (points["value"], points["numerator"], points["denominator"])
    table = pd.DataFrame(
        {
            "period": [period_label(day, reading.period) for day in points["date"]],
            "date": points["date"].dt.date,
            "said": [value_said(reading.measure.unit, *row) for row in zip(*counts, strict=True)],
            "value": points["value"],
            "numerator": points["numerator"],
            "denominator": points["denominator"],
            "middle": points["median"],
            "side": points["side"].map({1.0: "above", 0.0: "on the line", -1.0: "below"}),
            "run": points["run"],
            "place": points["place"],
            "signal": points["in_signal"],
            "excluded": points["excluded"],
            "phase": points["phase"],
            "baseline": points["in_baseline"],
            "note": points.get("why", ""),
            "schools": points["n_schools"],
        }
    )
    for name in [name for name in BESIDE if name in points]:
        table[BESIDE[name]] = points[name]
    table[ORIGIN] = points[ORIGIN]
    return table.assign(**{"from": _origins(points)})


def value_said(unit: str, value: float, numerator: float, denominator: float) -> str:
    """A value as people read it, with its counts where it has them.

    >>> value_said("percent", 0.72, 18, 25), value_said("count", 3, math.nan, math.nan)
    ('72 % (18 of 25)', '3')
    """
    said = value_text(value, unit)
    if math.isnan(denominator):
        return said
    of = say("chart.of", numerator=f"{numerator:,.10g}", denominator=f"{denominator:,.10g}")
    return f"{said} ({of})"


def _origins(points: pd.DataFrame) -> list[str]:
    """A sentence for each point: its cell, or for a pooled one how many schools and values are in it."""
    columns = (points[name] for name in (*ORIGIN, "n_schools", "n_values"))
    return [origin_said(*row) for row in zip(*columns, strict=True)]


def origin_said(file: str, sheet: str, cell: str, upload: float, n_schools: int, n_values: int) -> str:
    """Where a point comes from: its cell, or of one put together how many schools and values are in it."""
    if not file:
        return say("origin.values", n=n_values, schools=n_schools) if n_values else say("origin.none")
    return say("origin.cell", file=file, sheet=sheet, cell=cell, upload=int(upload))


def points_csv(reading: Reading) -> bytes:
    """The table as CSV for Excel (UTF-8 with a mark), with measure, school and group in every row.

    No text in it is a formula.
    """
    table = points_table(reading).drop(columns=["from"])
    table.insert(0, "measure", reading.measure.label)
    table.insert(1, "school", reading.place)
    table.insert(2, "group", reading.group)
    table["rules"] = reading.rules
    texts = table.select_dtypes(include=["object", "str"]).columns
    for column in texts:
        table[column] = table[column].map(harmless)
    return table.to_csv(index=False).encode("utf-8-sig")


def harmless(text: object) -> object:
    """Text on one line that no spreadsheet program runs.

    >>> harmless("=1+1"), harmless("\\t=1+1"), harmless("Ash\\r\\nGrove"), harmless(0.5)
    ("'=1+1", "'=1+1", 'Ash Grove', 0.5)
    """
    if not isinstance(text, str):
        return text
    line = " ".join(text.split())
    return f"'{line}" if line.startswith(FORMULA_STARTS) else line
