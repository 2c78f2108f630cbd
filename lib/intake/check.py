"""A workbook read by a recipe: every value is kept, suppressed, refused or left out, and counted once."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from lib.intake import values as said
from lib.intake.binding import Bound, LeftOutSheet, bind
from lib.intake.doubts import refuse_odd_ones
from lib.intake.drafts import draft_measures
from lib.intake.groups import Labels, read_groups
from lib.intake.known import Known
from lib.intake.people import HIDDEN, counted, places_of_people, without_texts
from lib.intake.places import KEPT, LABELS, LEFT_OUT, LEFT_OUT_ROW, REFUSED, SUPPRESSED, Places, places_of
from lib.intake.recipe import Recipe, UnitInFile
from lib.intake.refusals import Why, reason_and_fix
from lib.intake.rosters import refuse_rosters
from lib.intake.rows import RowFates, row_fates
from lib.intake.sheets import Workbook, address
from lib.intake.values import read_values
from lib.measures import Measure

OBSERVATION_COLUMNS = tuple(
    "school school_code school_name district measure category group date numerator denominator "
    "value file_value sheet row col".split()
)


@dataclass(frozen=True)
class Counts:
    """`values = kept + suppressed + refused + left_out`; blank cells stand apart."""

    values: int
    kept: int
    suppressed: int
    refused: int
    left_out: int
    blank: int


@dataclass(frozen=True)
class Checked:
    """What a file holds. Percent values are fractions 0 to 1 in `value` and as written in `file_value`.

    `observations`: school (key in the file), school_code, school_name, district, measure, category, group ("" for all
    students), date, numerator, denominator, value, file_value, sheet (index from 0), row, col (from 1; the
    numerator's cell where there is one); texts are categorical, where rows aren't people. `refused`: sheet, cell,
    value, reason, fix, row, col. `left_out_rows`: sheet, row, reason. `left_out_cells`: sheet, cell, value, reason
    (words for no school, repeated rows).
    `suppressed_cells`: sheet, cell, value.
    `schools`: school, school_code, school_name, district of every school that has a row, with or without a value.
    `units` says how each measure is written in the file; `refused_for` are the reasons there are. `no_shares` are the
    measures of which most numbers are more than 100 %, each with the commonest reason for which they are refused.

    Where a row is a person, `counts` counts the answers and `observations` what they add up to, for all students and
    for each group; no cell's text is told.
    """

    observations: pd.DataFrame
    refused: pd.DataFrame
    suppressed_cells: pd.DataFrame
    left_out_rows: pd.DataFrame
    left_out_cells: pd.DataFrame
    left_out_sheets: tuple[LeftOutSheet, ...]
    counts: Counts
    schools: pd.DataFrame
    measures: tuple[Measure, ...] = ()
    units: dict[str, UnitInFile] = field(default_factory=dict)
    refused_for: frozenset[Why] = frozenset()
    no_shares: dict[str, Why] = field(default_factory=dict)

    @property
    def suppressed(self) -> pd.DataFrame:
        """The suppressed cells under their short name."""
        return self.suppressed_cells


def check(workbook: Workbook, recipe: Recipe, known: Known) -> Checked:
    """Reads a workbook by a recipe. Raises `CannotContinue` where a header is missing or a sheet lists students."""
    bound, left_out_sheets = bind(workbook, recipe, known)
    if recipe.counts_people:
        return _check_people(bound, left_out_sheets, recipe, known)
    refuse_rosters(workbook.name, bound)
    read = [_read_sheet(one, recipe, known) for one in bound]
    places = Places.joined([places for places, _ in read])
    refuse_odd_ones(places, recipe)
    _settle_duplicates(places)
    observations = _observations(places)
    return Checked(
        observations=observations,
        refused=_refused(places, bound),
        suppressed_cells=_cells(places, bound, places.fate == SUPPRESSED),
        left_out_rows=_left_out_rows(bound, [fates for _, fates in read]),
        left_out_cells=_left_out_cells(places, bound),
        left_out_sheets=tuple(left_out_sheets),
        counts=_counts(places),
        schools=places.schools,
        measures=draft_measures(observations, recipe, known),
        units={name: recipe.unit_of(name) or "number" for name in pd.unique(observations["measure"]).tolist()},
        refused_for=frozenset(Why(why) for why in np.unique(places.why[places.fate == REFUSED]).tolist()),
        no_shares=_no_shares(places),
    )


OVER = (Why.OVER_100, Why.OVER_1, Why.ABOVE_DENOMINATOR)


def _no_shares(places: Places) -> dict[str, Why]:
    found = {}
    for code, name in enumerate(places.labels["measure"].words):
        rows = (places.labels["measure"].codes == code) & np.isin(places.fate, (KEPT, REFUSED))
        over = places.why[rows & np.isin(places.why, OVER)]
        if 2 * len(over) > rows.sum():
            found[name] = Why(int(np.bincount(over).argmax()))
    return found


def _check_people(bound: list[Bound], left_out_sheets: list[LeftOutSheet], recipe: Recipe, known: Known) -> Checked:
    """Answers are judged one by one and kept as counts; no text of a person's row goes further than this."""
    read = [places_of_people(one, recipe, known) for one in bound]
    places = Places.joined([places for places, _ in read])
    cells = _observations(places)
    observations = counted(cells, _groups_of(cells, bound, [groups for _, groups in read]))
    left_out = _cells(places, bound, places.fate == LEFT_OUT).assign(value=HIDDEN, reason="no answer, by its word")
    return Checked(
        observations=observations,
        refused=without_texts(_refused(places, bound, hidden=True)),
        suppressed_cells=_cells(places, bound, places.fate == SUPPRESSED),
        left_out_rows=_left_out_rows([], []),
        left_out_cells=left_out,
        left_out_sheets=tuple(left_out_sheets),
        counts=_counts(places),
        schools=places.schools,
        measures=draft_measures(observations, recipe, known),
        units=dict.fromkeys(pd.unique(observations["measure"]).tolist(), "fraction"),
    )


def _groups_of(cells: pd.DataFrame, bound: list[Bound], groups: list[list[tuple[str, Labels]]]) -> pd.DataFrame:
    """The groups of the person in each row of `cells`, a column for each category."""
    table = pd.DataFrame(index=cells.index)
    for one, named in zip(bound, groups, strict=True):
        mine = (cells["sheet"] == one.index).to_numpy()
        for category, labels in named:
            texts = labels.texts(cells.loc[mine, "row"].to_numpy() - one.first_row - 1)
            table.loc[mine, category] = texts
    return table.fillna("")


def _read_sheet(bound: Bound, recipe: Recipe, known: Known) -> tuple[Places, RowFates]:
    columns = {
        column.position: read_values(bound.cells(column), recipe.decimal, recipe.fractions)
        for column in bound.columns
        if column.holds_values
    }
    filled = np.zeros(bound.n_rows, bool)
    for column in columns.values():
        filled |= column.status[bound.first_row :] != said.BLANK
    fates = row_fates(bound, filled, recipe, known)
    return places_of(bound, recipe, known, columns, fates, read_groups(bound)), fates


def _settle_duplicates(places: Places) -> None:
    """Two values for one school, measure, group and date: equal ones are kept once, different ones all refused."""
    kept = np.flatnonzero(places.fate == KEPT)
    keys = places.keys(kept)
    twice = pd.Series(keys).duplicated(keep=False).to_numpy()
    if not twice.any():
        return
    rows = kept[twice]
    table = pd.DataFrame(
        {"key": keys[twice], "n": places.numerator[rows], "d": places.denominator[rows], "v": places.value[rows]}
    )
    table = table.fillna({"n": -1e300, "d": -1e300, "v": -1e300})
    firsts = table.groupby("key")[["n", "d", "v"]].transform("first")
    same = (table[["n", "d", "v"]] == firsts).all(axis=1).groupby(table["key"]).transform("all").to_numpy()
    repeated = table["key"].duplicated().to_numpy()
    places.fate[rows[same & repeated]] = LEFT_OUT
    places.fate[rows[~same]] = REFUSED
    places.why[rows[~same]] = Why.TWO_VALUES
    places.clashes = {int(row): key for row, key in zip(rows[~same], table["key"][~same], strict=True)}


def _observations(places: Places) -> pd.DataFrame:
    rows = np.flatnonzero(places.fate == KEPT)
    labels = {name: places.labels[name].categories(rows) for name in LABELS}
    numbers = {name: getattr(places, name)[rows] for name in OBSERVATION_COLUMNS if name not in LABELS}
    numbers["date"] = numbers["date"].astype("datetime64[us]")
    return pd.DataFrame(labels | numbers, columns=OBSERVATION_COLUMNS, copy=False)


def _refused(places: Places, bound: list[Bound], hidden: bool = False) -> pd.DataFrame:
    cells, mates = _Cells(bound), _clashing_cells(places)
    return _listed(
        np.flatnonzero(places.fate == REFUSED),
        lambda row: _refusal(places, row, cells, mates, hidden),
        ["sheet", "cell", "value", "reason", "fix", "row", "col"],
    )


LISTED_AT_ONCE = 20_000


def _listed(rows: "np.ndarray", line: Callable[[int], tuple[object, ...]], columns: list[str]) -> pd.DataFrame:
    """A line for each row; made a part at a time, since lines take five times the memory that columns do."""
    starts = range(0, max(len(rows), 1), LISTED_AT_ONCE)
    parts = (map(line, rows[start : start + LISTED_AT_ONCE].tolist()) for start in starts)
    return pd.concat([pd.DataFrame(part, columns=columns) for part in parts], ignore_index=True)


def _refusal(
    places: Places, row: int, cells: "_Cells", mates: dict[int, list[str]], hidden: bool
) -> tuple[object, ...]:
    index, line, column = int(places.sheet[row]), int(places.row[row]), int(places.bad_col[row])
    value, mine = HIDDEN if hidden else cells.text(index, line, column), address(line, column)
    others = places.beside.get(row, "")
    others = others or ", ".join(one for one in mates.get(places.clashes.get(row, -1), []) if one != mine)
    why, numerator, denominator = int(places.why[row]), float(places.numerator[row]), float(places.denominator[row])
    over = why in ABOUT_DATES and column == int(places.col[row])
    said_value = (cells.period(index, column) if over else "") or value
    reason, fix = reason_and_fix(why, _short(said_value), numerator, denominator, others)
    return cells.names[index], mine, value, reason, fix, line, column


ABOUT_DATES = (Why.DATE_IN_FUTURE, Why.DATE_UNDECIDED, Why.DATE_UNREADABLE, Why.DATE_APART)
MOST_MATES = 4
"""Cells of a clash that are named; a file without its group column has hundreds."""


def _clashing_cells(places: Places) -> dict[int, list[str]]:
    mates: dict[int, list[str]] = {}
    for row, key in places.clashes.items():
        named = mates.setdefault(key, [])
        if len(named) < MOST_MATES:
            named.append(address(int(places.row[row]), int(places.bad_col[row])))
    return mates


class _Cells:
    """Texts of single cells, by sheet, row and column (from 1)."""

    def __init__(self, bound: list[Bound]) -> None:
        self.sheets = {one.index: one.sheet for one in bound}
        self.names = {index: sheet.name for index, sheet in self.sheets.items()}
        self.periods = {(one.index, column.position): column.period for one in bound for column in one.columns}

    def text(self, index: int, row: int, column: int) -> str:
        codes, words = self.sheets[index].columns[column - 1].spelled
        code = int(codes[row - 1])
        return words[code] if code >= 0 else ""

    def period(self, index: int, column: int) -> str:
        """The period in the header of a column."""
        return self.periods.get((index, column), "")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def _cells(places: Places, bound: list[Bound], which: "np.ndarray") -> pd.DataFrame:
    cells = _Cells(bound)

    def line(place: int) -> tuple[object, ...]:
        index, row, column = int(places.sheet[place]), int(places.row[place]), int(places.bad_col[place])
        return cells.names[index], address(row, column), cells.text(index, row, column)

    return _listed(np.flatnonzero(which), line, ["sheet", "cell", "value"])


def _left_out_cells(places: Places, bound: list[Bound]) -> pd.DataFrame:
    which = places.fate == LEFT_OUT
    table = _cells(places, bound, which)
    repeated = ~np.isnan(places.value[which])
    table["reason"] = np.where(
        repeated, "the same value again for one school, group and date", "no school, by its word"
    )
    return table


def _left_out_rows(bound: list[Bound], fates: list[RowFates]) -> pd.DataFrame:
    found = []
    for one, fate in zip(bound, fates, strict=True):
        for row in np.flatnonzero(fate.is_left_out).tolist():
            found.append((one.sheet.name, row + one.first_row + 1, fate.reasons[int(fate.reason[row])]))
    return pd.DataFrame(found, columns=["sheet", "row", "reason"])


def _counts(places: Places) -> Counts:
    found = {fate: int((places.fate == fate).sum()) for fate in (KEPT, SUPPRESSED, REFUSED, LEFT_OUT, LEFT_OUT_ROW)}
    left_out = found[LEFT_OUT] + found[LEFT_OUT_ROW]
    return Counts(len(places.fate), found[KEPT], found[SUPPRESSED], found[REFUSED], left_out, places.n_blank)
