"""Places: where a sheet holds or should hold one value (a cell, or the cells of a numerator, denominator and value)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import numpy as np
import pandas as pd

from lib.intake import values as said
from lib.intake.binding import Bound
from lib.intake.dates import NO_SUCH_DAY, Dates, Period, read_period
from lib.intake.dates_together import alike
from lib.intake.groups import Labels
from lib.intake.known import Known
from lib.intake.recipe import UNITS_IN_FILE, Column, Recipe
from lib.intake.refusals import Why
from lib.intake.rows import RowFates, date_words, words_of
from lib.intake.values import Values
from lib.intake.vocabulary import ABOVE

KEPT, SUPPRESSED, REFUSED, LEFT_OUT, LEFT_OUT_ROW = range(5)
"""What becomes of a place. `LEFT_OUT` is the cell alone, `LEFT_OUT_ROW` the whole row."""
LABELS = ("school", "school_code", "school_name", "district", "measure", "category", "group")
SCHOOL_LABELS = LABELS[:4]
NUMBERS = (
    "sheet",
    "row",
    "col",
    "bad_col",
    "fate",
    "why",
    "numerator",
    "denominator",
    "value",
    "file_value",
    "date",
    "date_col",
    "unit",
)
SMALL = np.int8
"""Fates, reasons and units, of which there are few."""
COUNT = UNITS_IN_FILE.index("count")
HAIR = 1e-9
"""Relative slack at 100 %, for values a program has computed."""
WRONG = {
    said.EXCEL_ERROR: Why.EXCEL_ERROR,
    said.WITHOUT_VALUE: Why.WITHOUT_VALUE,
    said.A_DATE: Why.A_DATE,
    said.NO_NUMBER: Why.NO_NUMBER,
    said.MARKED: Why.MARKED,
}
NO_SCHOOLS = pd.DataFrame({name: pd.array([], dtype="str") for name in SCHOOL_LABELS})
NO_DAY = np.datetime64("NaT", "D")


@dataclass
class Places:
    """One entry per filled place, as arrays. `sheet` indexes the sheets read, `row` and `col` count from 1.

    `bad_col` is the column of the cell that is named when the place is refused. Blank places are only counted.
    `date_col` is the column of the row's date, 0 where the header or the sheet says it. `clashes` and `beside` are of
    refused places: what they clash with, and what is said of the values beside them.
    """

    sheet: "np.ndarray"
    row: "np.ndarray"
    col: "np.ndarray"
    bad_col: "np.ndarray"
    fate: "np.ndarray"
    why: "np.ndarray"
    numerator: "np.ndarray"
    denominator: "np.ndarray"
    value: "np.ndarray"
    file_value: "np.ndarray"
    date: "np.ndarray"
    date_col: "np.ndarray"
    unit: "np.ndarray"
    labels: dict[str, Labels]
    schools: pd.DataFrame
    n_blank: int = 0
    clashes: dict[int, int] = field(default_factory=dict)
    beside: dict[int, str] = field(default_factory=dict)

    @staticmethod
    def joined(parts: list["Places"]) -> "Places":
        """All places in one; equal texts get one code."""
        arrays: dict[str, Any] = {name: _together([getattr(part, name) for part in parts]) for name in NUMBERS}
        labels = {name: _joined_labels([part.labels[name] for part in parts]) for name in LABELS}
        schools = pd.concat([part.schools for part in parts if len(part.schools)] or [NO_SCHOOLS]).drop_duplicates(
            "school", ignore_index=True
        )
        return Places(**arrays, labels=labels, schools=schools, n_blank=sum(part.n_blank for part in parts))

    def keys(self, rows: "np.ndarray") -> "np.ndarray":
        """One number per place for its school, measure, group and date."""
        key = pd.factorize(self.date[rows].astype("datetime64[D]").astype(np.int64))[0].astype(np.int64)
        for name in ("school", "measure", "category", "group"):
            labels = self.labels[name]
            key = pd.factorize(key * (len(labels.words) + 1) + labels.codes[rows] + 1)[0].astype(np.int64)
        return key


def _together(arrays: list["np.ndarray"]) -> "np.ndarray":
    """One by itself, the usual case of a large file, isn't copied."""
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)


def _joined_labels(parts: list[Labels]) -> Labels:
    words = [word for part in parts for word in [*part.words, ""]]
    codes, different = pd.factorize(np.array(words, dtype=object))
    starts = np.cumsum([0, *(len(part.words) + 1 for part in parts)])[:-1]
    moved = [
        np.where(part.codes < 0, len(part.words), part.codes) + start for part, start in zip(parts, starts, strict=True)
    ]
    return Labels(codes[np.concatenate(moved)].astype(np.int32), [str(word) for word in different])


@dataclass(frozen=True)
class _Judged:
    """What the cells of one slot say, per row."""

    filled: "np.ndarray"
    fate: "np.ndarray"
    why: "np.ndarray"
    bad_col: "np.ndarray"
    numerator: "np.ndarray"
    denominator: "np.ndarray"
    value: "np.ndarray"
    file_value: "np.ndarray"
    unit: "np.ndarray"


Slot = dict[str, Column]
Read = dict[int, Values]


def places_of(
    bound: Bound, recipe: Recipe, known: Known, columns: Read, fates: RowFates, groups: tuple[Labels, Labels]
) -> Places:
    """The places of one sheet. `columns`: what each value column says, by its position."""
    by_row = row_labels(bound, groups)
    parts = [
        _places_of_slot(said, slot, bound, recipe, known, columns, fates, by_row)
        for said, slot in slots_of(bound).items()
    ]
    places = Places.joined(parts) if parts else no_places()
    across = dict.fromkeys(column.school for column in bound.columns if column.holds_values and column.school)
    places.schools = _named_schools(across) if across else schools_of(by_row, np.flatnonzero(fates.is_data))
    return places


def _places_of_slot(
    says: "SlotKey",
    slot: Slot,
    bound: Bound,
    recipe: Recipe,
    known: Known,
    columns: Read,
    fates: RowFates,
    by_row: dict[str, Labels],
) -> Places:
    measure, period, school, group, _ = says
    labels = by_row | (_labels_of_school(school, bound.n_rows) if school else {})
    if group:
        said_group = {"category": next(iter(slot.values())).category, "group": group}
        labels |= {name: Labels.constant(word, bound.n_rows) for name, word in said_group.items()}
    if not bound.columns_as("measure"):
        labels["measure"] = Labels.constant(bound.measure or measure, bound.n_rows)
    units = _units(labels["measure"], recipe)
    days, whys, date_column = days_of(period, bound, known)
    said_in = {role: _from_row(columns[column.position], bound.first_row) for role, column in slot.items()}
    if recipe.blanks == "counted" and "value" in said_in:
        may = fates.is_data & (labels["school"].codes >= 0) & (whys == 0) & (units == COUNT)
        said_in["value"] = _with_zeros(said_in["value"], may, days, labels["measure"])
    judged = _judge(slot, said_in, units)
    bad = date_column if date_column or not period else (slot.get("numerator") or slot["value"]).position
    _settle(judged, whys, bad, labels, fates)
    return _gathered(judged, bound, slot, np.flatnonzero(fates.reason >= 0), days, date_column, labels)


def _labels_of_school(name: str, n_rows: int) -> dict[str, Labels]:
    """Every row of a column that is one school's."""
    none = Labels.none(n_rows)
    said = Labels.constant(name, n_rows)
    return {"school": said, "school_code": none, "school_name": said, "district": none}


def _named_schools(names: Iterable[str]) -> pd.DataFrame:
    found = pd.DataFrame({"school": pd.array(list(names), dtype="str")})
    return found.assign(school_code="", school_name=found["school"], district="")


def schools_of(labels: dict[str, Labels], rows: "np.ndarray") -> pd.DataFrame:
    """Every school that has a row, with or without values."""
    school = labels["school"].codes[rows]
    firsts = rows[(school >= 0) & ~pd.Series(school).duplicated().to_numpy()]
    return pd.DataFrame({name: labels[name].texts(firsts) for name in SCHOOL_LABELS})


SlotKey = tuple[str, str, str, str, int]
"""Measure, period, school, student group, and 0 for the first column that says so, 1 for a second one, such as a week
that stands twice."""


def slots_of(bound: Bound) -> dict[SlotKey, Slot]:
    """Columns that make one value together: same measure, and same period, school and group where these stand across.

    A denominator without a measure or without a period is that of every numerator that has none of its own.
    """
    slots: dict[SlotKey, Slot] = {}
    for column in bound.columns:
        if column.holds_values:
            said = column.measure, column.period, column.school, column.group
            turn = next(turn for turn in count() if column.role not in slots.get((*said, turn), {}))
            slots.setdefault((*said, turn), {})[column.role] = column
    found = {key: dict(slot) for key, slot in slots.items() if "numerator" in slot or "value" in slot}
    for (measure, period, school, group, _), slot in found.items():
        for of, when in (("", period), (measure, ""), ("", "")):
            shared = (of, when, school, group, 0)
            if "numerator" in slot and "denominator" not in slot and "denominator" in slots.get(shared, {}):
                slot["denominator"] = slots[shared]["denominator"]
    return found


def no_places() -> Places:
    numbers: dict[str, Any] = {name: np.zeros(0) for name in NUMBERS}
    whole = {
        name: np.zeros(0, np.int64) for name in ("sheet", "row", "col", "bad_col", "fate", "why", "date_col", "unit")
    }
    empty = {name: Labels(np.zeros(0, np.int64), []) for name in LABELS}
    return Places(**{**numbers, **whole, "date": np.zeros(0, "datetime64[D]")}, labels=empty, schools=NO_SCHOOLS)


def row_labels(bound: Bound, groups: tuple[Labels, Labels]) -> dict[str, Labels]:
    def first(*roles: str) -> Labels:
        columns = bound.columns_as(*roles)
        return Labels(*words_of(bound, columns[0])) if columns else Labels.none(bound.n_rows)

    code, name, district = first("school id"), first("school name"), first("district")
    if not bound.columns_as("school id", "school name"):
        name = Labels.constant(bound.school, bound.n_rows)
    if not bound.columns_as("school name") and bound.columns_as("school id"):
        name = code
    school = _school_keys(code, name, district)
    labels = {
        "school": school,
        "school_code": code,
        "school_name": name,
        "district": district,
        "measure": first("measure"),
    }
    return labels | {"category": groups[0], "group": groups[1]}


def _school_keys(code: Labels, name: Labels, district: Labels) -> Labels:
    """The code; without one the name, and where there are districts the district with it; -1 where neither is there."""
    no_code = code.codes < 0
    by_name = (name.codes.astype(np.int64) + 1) * (len(district.words) + 1) + district.codes + 1
    codes, _ = pd.factorize(np.where(no_code, -by_name - 1, code.codes.astype(np.int64)))
    firsts = np.flatnonzero(~pd.Series(codes).duplicated().to_numpy())
    triples = zip(code.codes[firsts], name.codes[firsts], district.codes[firsts], strict=True)
    words = [_school_key(code, name, district, *triple) for triple in triples]
    return Labels(np.where(no_code & (name.codes < 0), -1, codes).astype(np.int32), words)


def _school_key(code: Labels, name: Labels, district: Labels, c: int, n: int, d: int) -> str:
    if c >= 0:
        return code.words[c]
    if n < 0:
        return ""
    return f"{district.words[d]} / {name.words[n]}" if d >= 0 else name.words[n]


def _units(measure: Labels, recipe: Recipe) -> "np.ndarray":
    """The unit in the file per row, as an index into UNITS_IN_FILE."""
    units = [UNITS_IN_FILE.index(recipe.unit_of(word) or "number") for word in measure.words]
    return np.array([*units, UNITS_IN_FILE.index("number")], SMALL)[measure.codes]


def days_of(period: str, bound: Bound, known: Known) -> tuple["np.ndarray", "np.ndarray", int]:
    """Day and trouble per row under a header that names a period, or none ("").

    The third is the column of the rows' dates, 0 where the header or the sheet says the period.
    """
    if not period or bound.columns_as("date"):
        return _days_of_rows(bound, bound.dates, known, inside=period)
    day, why = _day_and_trouble(read_period(period, bound.dates, bound.across), known)
    return np.full(bound.n_rows, day), np.full(bound.n_rows, why, SMALL), 0


def _days_of_rows(bound: Bound, dates: Dates, known: Known, inside: str = "") -> tuple["np.ndarray", "np.ndarray", int]:
    """Day and trouble per row, and the column that is to blame (0 where the file has no date column).

    `inside`: a month or term over the column, in the year that the row says.
    """
    columns = bound.columns_as("date")
    if not columns:
        return _days_of_sheet(bound, dates, known)
    codes, words = date_words(bound)
    among = alike(words)
    texts = [f"{word}{ABOVE}{inside}" for word in words] if inside else words
    read = [_day_and_trouble(read_period(text, dates, among), known) for text in texts]
    days = np.array([*(day for day, _ in read), NO_DAY], dtype="datetime64[D]")
    whys = np.array([*(why for _, why in read), Why.NO_DATE], SMALL)
    return days[codes], whys[codes], columns[0].position


def _days_of_sheet(bound: Bound, dates: Dates, known: Known) -> tuple["np.ndarray", "np.ndarray", int]:
    """All rows of a sheet are of one period: the one its name says, or the one of the recipe."""
    if bound.period:
        day, why = _day_and_trouble(read_period(bound.period, dates, alike([bound.period])), known)
    else:
        day, why = (np.datetime64(dates.fixed, "D"), 0) if dates.fixed else (NO_DAY, int(Why.NO_DATE))
    return np.full(bound.n_rows, day), np.full(bound.n_rows, why, SMALL), 0


def _day_and_trouble(period: Period | None, known: Known) -> tuple["np.datetime64", int]:
    if period is None or period.needs == NO_SUCH_DAY:
        return NO_DAY, Why.DATE_UNREADABLE
    if period.first is None:
        return NO_DAY, Why.DATE_UNDECIDED
    return np.datetime64(period.first, "D"), Why.DATE_IN_FUTURE if period.first > known.today else 0


def _with_zeros(values: Values, may: "np.ndarray", days: "np.ndarray", measure: Labels) -> Values:
    """A blank is a 0 in the rows that `may` have one, on days on which another row has a number of the measure."""
    when = days.astype(np.int64) * (len(measure.words) + 1) + measure.codes
    collected = np.isin(when, when[may & (values.status == said.NUMBER)])
    rows = may & collected & (values.status == said.BLANK)
    return replace(values, status=np.where(rows, said.NUMBER, values.status), number=np.where(rows, 0.0, values.number))


def _judge(slot: Slot, parts: dict[str, Values], units: "np.ndarray") -> _Judged:
    positions = {role: column.position for role, column in slot.items()}
    main = "numerator" if "numerator" in parts else "value"
    n_rows = len(units)
    judged = _Judged(
        filled=_filled(parts),
        fate=np.full(n_rows, KEPT, SMALL),
        why=np.zeros(n_rows, SMALL),
        bad_col=np.full(n_rows, positions[main], np.int32),
        unit=units,
        **_numbers(parts, units),
    )
    _refuse_shares_among_counts(judged, positions, parts, units)
    _judge_numbers(judged, positions, parts, units)
    _judge_texts(judged, positions, parts)
    return judged


def _from_row(column: Values, first_row: int) -> Values:
    return Values(
        column.status[first_row:], column.number[first_row:], column.denominator[first_row:], column.percent[first_row:]
    )


def _filled(parts: dict[str, Values]) -> "np.ndarray":
    """A denominator alone makes no place: an enrollment is there before anything is counted."""
    return np.asarray(
        np.logical_or.reduce([values.status != said.BLANK for role, values in parts.items() if role != "denominator"])
    )


def _numbers(parts: dict[str, Values], units: "np.ndarray") -> dict[str, "np.ndarray"]:
    nothing = np.full(len(units), np.nan)
    numerator = parts["numerator"].number.copy() if "numerator" in parts else nothing.copy()
    denominator = parts["denominator"].number.copy() if "denominator" in parts else nothing.copy()
    file_value = parts["value"].number.copy() if "value" in parts else nothing.copy()
    for values in (parts.get("numerator"), parts.get("value")):
        if values is not None:
            ratio = values.status == said.FRACTION
            numerator[ratio], denominator[ratio] = values.number[ratio], values.denominator[ratio]
            file_value[ratio] = np.nan
    alone = ~np.isnan(file_value) & np.isnan(numerator)
    denominator = np.where(alone & ("numerator" in parts), np.nan, denominator)
    percent = _in_percent(parts, units)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(
            ~np.isnan(numerator) & ~np.isnan(denominator),
            numerator / denominator,
            np.where(percent, file_value / 100, file_value),
        )
    if "denominator" not in parts and "numerator" in parts:
        value = np.where(np.isnan(value), numerator, value)
    return {"numerator": numerator, "denominator": denominator, "value": value, "file_value": file_value}


def _in_percent(parts: dict[str, Values], units: "np.ndarray") -> "np.ndarray":
    """Whether the value of a row is in percent: by the measure's unit, or because the cell has a percent sign."""
    percent = units == UNITS_IN_FILE.index("percent")
    if "value" in parts:
        percent = percent | (parts["value"].percent & (units == UNITS_IN_FILE.index("fraction")))
    return np.asarray(percent)


def _blame(judged: _Judged, rows: "np.ndarray", why: Why, position: int) -> None:
    refuse_by_row(judged.fate, judged.why, judged.bad_col, rows, why, position)


def _refuse_shares_among_counts(
    judged: _Judged, positions: dict[str, int], parts: dict[str, Values], units: "np.ndarray"
) -> None:
    """ "12/3" among counts is no 4."""
    for role in ("numerator", "value"):
        if role in parts:
            alone = (units == COUNT) | ("denominator" in parts)
            _blame(judged, alone & (parts[role].status == said.FRACTION), Why.NO_NUMBER, positions[role])


def _judge_numbers(judged: _Judged, positions: dict[str, int], parts: dict[str, Values], units: "np.ndarray") -> None:
    n, d, v = judged.numerator, judged.denominator, judged.file_value
    at_value = positions.get("value", positions.get("numerator", 0))
    at_numerator, at_denominator = positions.get("numerator", at_value), positions.get("denominator", at_value)
    share = np.isin(units, [UNITS_IN_FILE.index("percent"), UNITS_IN_FILE.index("fraction")])
    _blame(judged, n < 0, Why.NEGATIVE, at_numerator)
    _blame(judged, d < 0, Why.NEGATIVE, at_denominator)
    _blame(judged, (d == 0) & ~np.isnan(n), Why.DENOMINATOR_ZERO, at_denominator)
    _blame(judged, share & (n > d * (1 + HAIR)), Why.ABOVE_DENOMINATOR, at_value)
    if "denominator" in parts:
        _blame(
            judged,
            ~np.isnan(n) & np.isnan(d) & np.isnan(v) & (parts["denominator"].status == said.BLANK),
            Why.NO_DENOMINATOR,
            at_denominator,
        )
    _blame(judged, (v < 0) & (units != UNITS_IN_FILE.index("number")), Why.NEGATIVE, at_value)
    percent = _in_percent(parts, units)
    _blame(judged, percent & (v > 100 * (1 + HAIR)), Why.OVER_100, at_value)
    _blame(judged, share & ~percent & (v > 1 + HAIR), Why.OVER_1, at_value)


def _judge_texts(judged: _Judged, positions: dict[str, int], parts: dict[str, Values]) -> None:
    """Marks and wrong texts win over numbers: a suppressed part suppresses the place, a wrong one refuses it."""
    order = [role for role in ("numerator", "value", "denominator") if role in parts]
    settled = np.zeros(len(judged.fate), bool)
    for fate, status in ((SUPPRESSED, said.SUPPRESSED), (LEFT_OUT, said.NO_SCHOOL)):
        for role in order:
            rows = (parts[role].status == status) & ~settled
            judged.fate[rows], judged.why[rows], judged.bad_col[rows] = fate, 0, positions[role]
            settled |= rows
    for role in order:
        for status, why in WRONG.items():
            rows = (parts[role].status == status) & ~settled
            judged.fate[rows], judged.why[rows], judged.bad_col[rows] = REFUSED, why, positions[role]
            settled |= rows


def refuse_by_row(
    fate: "np.ndarray", why: "np.ndarray", bad_col: "np.ndarray", rows: "np.ndarray", reason: Why, position: int
) -> None:
    """Refuses these rows, where they are still kept, for a reason and in the name of a column."""
    rows = rows & (fate == KEPT)
    fate[rows], why[rows], bad_col[rows] = REFUSED, reason, position


def _settle(
    judged: _Judged,
    whys: "np.ndarray",
    date_column: int,
    labels: dict[str, Labels],
    fates: RowFates,
) -> None:
    """What the row says besides its values: school, measure, date, and whether it is left out as a whole."""
    _blame(judged, labels["school"].codes < 0, Why.NO_SCHOOL, -1)
    _blame(judged, labels["measure"].codes < 0, Why.NO_MEASURE, -1)
    for why in (Why.NO_DATE, Why.DATE_UNREADABLE, Why.DATE_UNDECIDED, Why.DATE_IN_FUTURE):
        _blame(judged, whys == why, why, date_column if date_column and why != Why.NO_DATE else -1)
    judged.fate[fates.is_left_out] = LEFT_OUT_ROW


def _gathered(
    judged: _Judged,
    bound: Bound,
    slot: Slot,
    rows: "np.ndarray",
    days: "np.ndarray",
    date_column: int,
    labels: dict[str, Labels],
) -> Places:
    """The filled places of one slot."""
    filled = rows[judged.filled[rows]]
    column = slot.get("numerator") or slot["value"]
    is_blank = rows[~judged.filled[rows]]
    bad_col = np.where(judged.bad_col[filled] < 0, column.position, judged.bad_col[filled])
    return Places(
        sheet=np.full(len(filled), bound.index, np.int32),
        row=(filled + bound.first_row + 1).astype(np.int32),
        col=np.full(len(filled), column.position, np.int32),
        bad_col=bad_col,
        fate=judged.fate[filled],
        why=judged.why[filled],
        numerator=judged.numerator[filled],
        denominator=judged.denominator[filled],
        value=judged.value[filled],
        file_value=judged.file_value[filled],
        date=days[filled],
        date_col=np.full(len(filled), date_column, np.int32),
        unit=judged.unit[filled],
        labels={name: labels[name].take(filled) for name in LABELS},
        schools=NO_SCHOOLS,
        n_blank=int((judged.fate[is_blank] != LEFT_OUT_ROW).sum()),
    )
