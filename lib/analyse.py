"""The `analyse` command: a table of series in, the readings of their run charts out, without a database.

RESULTS has one row per series and phase, POINTS one per input row, both in the order of the by columns and dates.
"""

import csv
import difflib
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from lib.analysis import CONTROL_CHARTS, RULE_SETS, RunCharts, control_limits, run_charts, summarize
from lib.analysis.limits import impossible
from lib.analysis.series import medians_of, phases_of, values_of
from lib.measures import CADENCES, FEWEST_A_YEAR_FOR_RUN_RULES
from lib.problems import CannotContinue, Problem

LONGEST_GAP_DAYS = 365 / FEWEST_A_YEAR_FOR_RUN_RULES
"""A series whose dates are usually further apart than this is taken too seldom for run rules."""

MISSING_WORDS = ("NA", "NaN", "nan", "null")
"""Cells that stand for a missing value, as R, pandas and databases write them; so does an empty cell."""

YES, NO = ("yes", "true", "1", "1.0"), ("no", "false", "0", "0.0", "", *(word.lower() for word in MISSING_WORDS))
"""What a column of flags may say, in small letters."""

DATE_FORM = r"^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$"

NAMED_AT_MOST = 5
"""How many places of one kind of problem are named before "and N more"."""

RESULT_COLUMNS = (
    "phase", "first_date", "last_date", "n_points", "n_useful", "median", "longest_run", "longest_run_limit",
    "crossings", "crossings_limit", "signal", "fired", "run_first_date", "run_last_date", "newest_run", "newest_side",
    "state", "direction",
)  # fmt: skip
POINT_COLUMNS = ("date", "value", "phase", "median", "side", "run", "place", "in_signal")
LIMIT_COLUMNS = ("centre", "lower", "upper", "beyond")
"""Of the control chart, behind the others, where one was asked for; the XmR chart of the nhs rules has their limits."""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("series", metavar="SERIES", help="a .csv or .parquet file with one row per series and date")
    parser.add_argument("--by", required=True, metavar="COL[,COL]", help="the columns that tell the series apart")
    parser.add_argument("--date", default="date", metavar="COL", help="the column of dates (default: date)")
    parser.add_argument("--value", metavar="COL", help="the column of values (default: value)")
    parser.add_argument("--numerator", metavar="COL", help="with --denominator, instead of --value")
    parser.add_argument("--denominator", metavar="COL")
    parser.add_argument("--rules", default="anhoej", metavar="NAME", help=" or ".join(RULE_SETS) + " (default: anhoej)")
    parser.add_argument("--baseline", type=int, metavar="K", help="freeze the median of the first K points")
    parser.add_argument("--centre", type=float, metavar="X", help="a given middle line, in place of the points' own")
    parser.add_argument("--chart", metavar="NAME", help="add limits to POINTS: " + " or ".join(CONTROL_CHARTS))
    parser.add_argument("--screened", action="store_true", help="leave very large moving ranges out of the limits")
    parser.add_argument("--phase", metavar="COL", help="a new phase begins where this column's label changes")
    parser.add_argument("--excluded", metavar="COL", help="points are left out where this column says yes, true or 1")
    parser.add_argument("--cadence", metavar="NAME", help="how often it is measured; read from the dates if absent")
    parser.add_argument("--output", required=True, metavar="RESULTS.csv")
    parser.add_argument("--points", metavar="POINTS.csv")


def run(arguments: Namespace) -> int:
    """Reads, checks, analyses and writes; raises CannotContinue before anything is written. Returns 0."""
    wishes = wishes_of(arguments)
    table = read_table(wishes.path)
    series = series_of(table, wishes)
    reads_runs = runs_can_be_read(series.points, series.dates, wishes.cadence)
    read = (series.points, wishes.rules, wishes.baseline, reads_runs, wishes.screened, wishes.centre)
    if arguments.points is None:
        phases = summarize(*read)
        written = [(Path(arguments.output), results_of(phases, series))]
    else:
        chart = run_charts(*read)
        written = [
            (Path(arguments.output), results_of(chart.phases, series)),
            (Path(arguments.points), points_of(chart, series, wishes)),
        ]
    write_all(written)
    return 0


@dataclass(frozen=True)
class Wishes:
    """What was asked for, checked as far as it can be without the file. Either `value` or both ratio columns."""

    path: Path
    by: tuple[str, ...]
    date: str
    value: str | None
    numerator: str | None
    denominator: str | None
    rules: str
    baseline: int | None
    phase: str | None
    cadence: str | None
    excluded: str | None
    centre: float | None
    chart: str | None
    screened: bool

    @property
    def numbers(self) -> dict[str, str]:
        """What run_charts calls each column of numbers, and its name in the file."""
        if self.value is not None:
            return {"value": self.value}
        return {"numerator": str(self.numerator), "denominator": str(self.denominator)}


def wishes_of(arguments: Namespace) -> Wishes:
    numerator, denominator, value = arguments.numerator, arguments.denominator, arguments.value
    if (numerator is None) != (denominator is None):
        raise CannotContinue(Problem("", "--numerator and --denominator go together.", "Give both, or --value."))
    if numerator is not None and value is not None:
        raise CannotContinue(Problem("", "--value and --numerator can't be used together.", "Leave one of them out."))
    if value is None and numerator is None:
        value = "value"
    by = tuple(name.strip() for name in arguments.by.split(",") if name.strip())
    if not by:
        raise CannotContinue(Problem("--by", "no column is named.", "Give at least one, such as --by school."))
    if len({*by, arguments.date}) <= len(by):
        raise CannotContinue(Problem("--by", "a column is named twice, or is the column of dates."))
    if arguments.points is not None and Path(arguments.points) == Path(arguments.output):
        raise CannotContinue(Problem("--points", "is the same file as --output."))
    if arguments.baseline is not None and arguments.baseline < 1:
        raise CannotContinue(Problem("--baseline", "a baseline has at least one point.", "Leave it out for none."))
    _known(arguments.rules, list(RULE_SETS), "--rules", "rule set")
    _check_centre(arguments)
    _check_chart(arguments)
    if arguments.cadence is not None:
        _known(arguments.cadence, list(CADENCES), "--cadence", "cadence")
    path = Path(arguments.series)
    wishes = (path, by, arguments.date, value, numerator, denominator)
    chosen = (arguments.rules, arguments.baseline, arguments.phase, arguments.cadence)
    return Wishes(*wishes, *chosen, arguments.excluded, arguments.centre, arguments.chart, arguments.screened)


def _check_centre(arguments: Namespace) -> None:
    """A given line needs no baseline, and the limits of a control chart go with its own centre."""
    for other in ("baseline", "chart"):
        if arguments.centre is not None and getattr(arguments, other) is not None:
            said = f"--centre and --{other} can't be used together."
            raise CannotContinue(Problem("", said, "Leave one of them out."))
    if arguments.centre is not None and not np.isfinite(arguments.centre):
        raise CannotContinue(Problem("--centre", "isn't a number.", "Write it like 0.85."))


def _check_chart(arguments: Namespace) -> None:
    """Each chart is made of a value or of a numerator and denominator; its limits are written to POINTS alone."""
    if arguments.chart is None:
        return
    _known(arguments.chart, list(CONTROL_CHARTS), "--chart", "chart")
    where, reads = f"--chart {arguments.chart}", CONTROL_CHARTS[arguments.chart].reads
    if arguments.points is None:
        raise CannotContinue(Problem(where, "its limits are written to POINTS.", "Give --points POINTS.csv too."))
    if reads in ("proportion", "rate") and arguments.numerator is None:
        raise CannotContinue(Problem(where, "is made of ratios.", "Give --numerator and --denominator."))
    if reads == "count" and arguments.numerator is not None:
        raise CannotContinue(Problem(where, "is made of counts.", "Give the column of counts as --value."))


def _known(name: str, names: list[str], where: str, what: str) -> None:
    """Refuses a name that isn't among `names`, with the nearest one."""
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
        fix = f"Did you mean “{near[0]}”?" if near else "Known: " + ", ".join(names) + "."
        raise CannotContinue(Problem(where, f"there is no {what} “{name}”.", fix))


@dataclass(frozen=True)
class Table:
    """The rows of the file; `line` is the line of each row in a CSV file, its number from 1 in a Parquet file."""

    rows: pd.DataFrame
    line: NDArray[np.int64]
    line_word: str
    name: str

    def places(self, which: NDArray[np.int64]) -> str:
        """The lines of these rows in words.

        >>> table = Table(pd.DataFrame(), np.array([2, 3, 4]), "line", "a.csv")
        >>> table.places(np.array([1])), table.places(np.array([0, 2]))
        ('line 3', 'lines 2 and 4')
        """
        numbers = [str(number) for number in self.line[which]]
        if len(numbers) == 1:
            return f"{self.line_word} {numbers[0]}"
        return f"{self.line_word}s {', '.join(numbers[:-1])} and {numbers[-1]}"


def read_table(path: Path) -> Table:
    """Cells of a CSV file are kept as text, columns of a Parquet file as they are typed."""
    try:
        return _read_parquet(path) if path.suffix.lower() == ".parquet" else _read_csv(path)
    except OSError as error:
        raise CannotContinue(Problem(str(path), f"can't be read ({error.strerror or error}).")) from error


def _read_parquet(path: Path) -> Table:
    with path.open("rb") as file:
        try:
            rows = pq.read_table(file).to_pandas(ignore_metadata=True)
        except pa.ArrowInvalid as error:
            raise CannotContinue(Problem(path.name, "isn't a Parquet file.")) from error
    return Table(rows, np.arange(1, len(rows) + 1), "row", path.name)


def _read_csv(path: Path) -> Table:
    """Blank lines are skipped; a cell over several lines moves the line numbers after it."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
        rows = pd.read_csv(path, dtype=str, keep_default_na=False, skip_blank_lines=False, encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CannotContinue(Problem(path.name, "isn't UTF-8 text.", "Save it as CSV UTF-8.")) from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise CannotContinue(Problem(path.name, f"can't be read as CSV ({str(error).strip()}).")) from error
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise CannotContinue(Problem(path.name, f"two columns are called “{twice[0]}”.", "Rename one of them."))
    rows = rows.fillna("")
    if not isinstance(rows.index, pd.RangeIndex):
        raise CannotContinue(Problem(path.name, "its rows have more cells than its header.", "Name every column."))
    breaks = np.zeros(len(rows), dtype=np.int64)
    for column in rows:
        breaks += rows[column].str.count("\n").to_numpy(dtype=np.int64)
    line = 2 + np.arange(len(rows)) + np.cumsum(breaks) - breaks
    filled = (rows != "").any(axis=1).to_numpy()
    return Table(rows[filled].reset_index(drop=True), line[filled], "line", path.name)


@dataclass(frozen=True)
class Series:
    """`points` as run_charts takes them; `dates` and `by` have a row for each, `keys` one for each series."""

    points: pd.DataFrame
    dates: NDArray[np.datetime64]
    keys: pd.DataFrame


def series_of(table: Table, wishes: Wishes) -> Series:
    """The rows sorted by series and date; raises CannotContinue naming lines of cells that can't be read."""
    wanted = [*wishes.by, wishes.date, *wishes.numbers.values(), wishes.phase, wishes.excluded]
    for column in [name for name in wanted if name is not None]:
        _known(column, [str(name) for name in table.rows.columns], table.name, "column")
    if not len(table.rows):
        raise CannotContinue(Problem(table.name, "has no rows."))
    problems: list[Problem] = []
    dates = dates_of(table, wishes.date, problems)
    numbers = {name: numbers_of(table, column, problems) for name, column in wishes.numbers.items()}
    _refuse_impossible(table, wishes, numbers, problems)
    excluded = None if wishes.excluded is None else flags_of(table, wishes.excluded, problems)
    if problems:
        raise CannotContinue(*problems)
    code, keys = _series_codes(table, wishes.by)
    order = np.lexsort((dates, code))
    _refuse_two_on_a_date(table, code[order], dates[order], order, wishes)
    found = pd.DataFrame({"series": code, **numbers})
    if wishes.phase is not None:
        found["phase"] = _texts(table.rows[wishes.phase])
    if excluded is not None:
        found["excluded"] = excluded
    return Series(found.iloc[order].reset_index(drop=True), dates[order], keys)


def _refuse_impossible(
    table: Table, wishes: Wishes, numbers: dict[str, NDArray[np.float64]], problems: list[Problem]
) -> None:
    """Numbers that can be read but that the control chart can't be made of."""
    if wishes.chart is None or problems:
        return
    value, _ = values_of(pd.DataFrame(numbers))
    chart = CONTROL_CHARTS[wishes.chart]
    wrong = np.flatnonzero(impossible(value, chart))
    if len(wrong):
        said = f"can't be a {chart.reads}: {chart.bounds}."
        where = f"{table.name}, {table.places(wrong[:NAMED_AT_MOST])}"
        more = f", like {len(wrong) - NAMED_AT_MOST:,} more" if len(wrong) > NAMED_AT_MOST else ""
        problems.append(Problem(f"{where}{more}", said, "Correct the file, or choose another --chart."))


def _texts(column: "pd.Series[str]") -> "pd.Series[str]":
    """Labels as text, so that codes keep their leading zeros; missing labels are empty."""
    return column.astype("str").fillna("")


def _series_codes(table: Table, by: tuple[str, ...]) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """A code per row, ascending in the order of the by columns, and the labels of each code."""
    labels = pd.DataFrame({column: _texts(table.rows[column]) for column in by})
    groups = labels.groupby(list(by), sort=True)
    code = np.asarray(groups.ngroup(), dtype=np.int64)
    first = np.unique(code, return_index=True)[1].astype(np.int64)
    return code, labels.iloc[first].reset_index(drop=True)


def dates_of(table: Table, name: str, problems: list[Problem]) -> NDArray[np.datetime64]:
    """Days. Text must be written as 2026-09-14, with or without a time; a year alone is no date."""
    column = table.rows[name]
    fix = "Write dates as 2026-09-14."
    if pd.api.types.is_datetime64_any_dtype(column):
        days = column.dt.tz_localize(None) if column.dt.tz is not None else column
    elif pd.api.types.is_numeric_dtype(column):
        problems.append(Problem(table.name, f"column “{name}” holds numbers, not dates.", fix))
        return np.full(len(column), np.datetime64("NaT", "D"))
    else:
        text = _texts(column).str.strip()
        days = pd.to_datetime(text.where(text.str.match(DATE_FORM)), format="ISO8601", errors="coerce")
    _refuse_cells(table, name, days.isna().to_numpy(), "date", fix, problems)
    return days.to_numpy().astype("datetime64[D]")


def numbers_of(table: Table, name: str, problems: list[Problem]) -> NDArray[np.float64]:
    """Numbers with a decimal point; NaN where a cell is empty or says that the value is missing."""
    column = table.rows[name]
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
        wrong = np.isinf(numbers)
    else:
        text = _texts(column).str.strip()
        text = text.where(~text.isin(["", *MISSING_WORDS]))
        numbers = _parsed(text)
        wrong = ~np.isfinite(numbers) & text.notna().to_numpy()
    _refuse_cells(table, name, wrong, "number", "Write numbers like 0.85, or leave the cell empty.", problems)
    return numbers


def flags_of(table: Table, name: str, problems: list[Problem]) -> NDArray[np.bool_]:
    """Yes where a cell says yes, no where it says no or is empty; columns of flags as they are."""
    said = _texts(table.rows[name]).str.strip().str.lower()
    wrong = ~said.isin([*YES, *NO]).to_numpy()
    _refuse_cells(table, name, wrong, "yes or no", "Write yes, or leave the cell empty.", problems)
    return said.isin(YES).to_numpy()


def _parsed(text: "pd.Series[str]") -> NDArray[np.float64]:
    """Every double exactly as written, NaN where the text isn't a number. Arrow reads all at once if all are."""
    arrow = pa.array(text, type=pa.large_string(), from_pandas=True)
    try:
        numbers = pc.cast(arrow, pa.float64())
    except pa.ArrowInvalid:
        numbers = pa.array([_number(cell) for cell in arrow.to_pylist()], type=pa.float64())
    return np.asarray(numbers.to_numpy(zero_copy_only=False), dtype=np.float64)


def _number(cell: str | None) -> float | None:
    """
    >>> _number("8.5e1"), _number("8,5"), _number("1_000"), _number(None)
    (85.0, None, None, None)
    """
    try:
        return None if cell is None or "_" in cell else float(cell)
    except ValueError:
        return None


def _refuse_cells(
    table: Table, column: str, wrong: NDArray[np.bool_], kind: str, fix: str, problems: list[Problem]
) -> None:
    which = np.flatnonzero(wrong)
    for row in which[:NAMED_AT_MOST]:
        cell = _texts(table.rows[column].iloc[[row]]).iloc[0].strip()
        said = f"“{cell}” is not a {kind}." if cell else f"a {kind} is missing."
        where = f"{table.name}, {table.places(np.array([row]))}, column “{column}”"
        problems.append(Problem(where, said, fix if row == which[0] else ""))
    if len(which) > NAMED_AT_MOST:
        more = f"and {len(which) - NAMED_AT_MOST:,} more cells that are not a {kind}."
        problems.append(Problem(f"{table.name}, column “{column}”", more))


def _refuse_two_on_a_date(
    table: Table,
    code: NDArray[np.int64],
    dates: NDArray[np.datetime64],
    order: NDArray[np.int64],
    wishes: Wishes,
) -> None:
    again = np.flatnonzero((code[1:] == code[:-1]) & (dates[1:] == dates[:-1])) + 1
    problems = []
    for place in again[:NAMED_AT_MOST]:
        rows = order[place - 1 : place + 1]
        label = ", ".join(_texts(table.rows[column].iloc[[rows[0]]]).iloc[0] for column in wishes.by)
        said = f"“{label}” has two rows for {dates[place]}."
        problems.append(Problem(f"{table.name}, {table.places(rows)}", said))
    if len(again) > NAMED_AT_MOST:
        problems.append(Problem(table.name, f"and {len(again) - NAMED_AT_MOST:,} more rows on a date that is taken."))
    if problems:
        raise CannotContinue(*problems, Problem("", "A series has one row for each date; is a column missing in --by?"))


def runs_can_be_read(
    points: pd.DataFrame, dates: NDArray[np.datetime64], cadence: str | None
) -> bool | NDArray[np.bool_]:
    """By the cadence that is told; else series by series from the dates: seldom is a median gap over 73 days."""
    if cadence is not None:
        return CADENCES[cadence].per_year >= FEWEST_A_YEAR_FOR_RUN_RULES
    phases = phases_of(points[["series"]])
    gap = np.full(len(dates), np.nan)
    gap[1:] = np.diff(dates).astype(np.float64)
    gap[phases.first] = np.nan
    return ~(medians_of(gap, phases) > LONGEST_GAP_DAYS)


def results_of(phases: pd.DataFrame, series: Series) -> pd.DataFrame:
    days = np.datetime_as_string(series.dates, unit="D").astype(object)

    def day(column: str) -> NDArray[np.object_]:
        row = phases[column].to_numpy()
        return np.where(row >= 0, days[row], "")

    table = phases.assign(
        first_date=day("first"), last_date=day("last"), run_first_date=day("run_first"), run_last_date=day("run_last")
    )
    return _with_keys(table, series, RESULT_COLUMNS)


def points_of(chart: RunCharts, series: Series, wishes: Wishes) -> pd.DataFrame:
    days = np.datetime_as_string(series.dates, unit="D").astype(object)
    table = chart.points.assign(date=days, side=chart.points["side"].astype("Int64"))
    columns = POINT_COLUMNS + (("fired",) if RULE_SETS[wishes.rules].has_limits else ())
    if wishes.chart is None:
        return _with_keys(table, series, columns)
    kind = "nhs" if (wishes.rules, wishes.chart) == ("nhs", "xmr") else wishes.chart
    limits = control_limits(series.points, kind, wishes.baseline, wishes.screened)
    table[list(LIMIT_COLUMNS)] = limits[list(LIMIT_COLUMNS)]
    return _with_keys(table, series, columns + LIMIT_COLUMNS)


def _with_keys(table: pd.DataFrame, series: Series, columns: tuple[str, ...]) -> pd.DataFrame:
    """The by columns first, whatever they are called."""
    keys = series.keys.iloc[table["series"].to_numpy()].reset_index(drop=True)
    return pd.concat([keys, table[list(columns)]], axis=1)


def write_all(tables: list[tuple[Path, pd.DataFrame]]) -> None:
    """Each file is written beside its place first, so that a failure leaves what was there."""
    waiting: list[tuple[Path, Path]] = []
    try:
        for path, table in tables:
            beside = path.with_name(path.name + ".part")
            with beside.open("w", encoding="utf-8", newline="") as file:
                waiting.append((beside, path))
                table.to_csv(file, index=False, lineterminator="\n")
        for beside, path in waiting:
            beside.replace(path)
    except OSError as error:
        raise CannotContinue(Problem(str(error.filename or ""), f"can't be written ({error.strerror}).")) from error
    finally:
        for beside, _ in waiting:
            beside.unlink(missing_ok=True)
