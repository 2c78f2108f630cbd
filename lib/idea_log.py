"""A log of tests of change, from a table on a page or a spreadsheet: rows checked and read, each problem by its place.

A log's header has the names of COLUMNS, in any order and with others between them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches

from lib.improvement import STAGES, History, TestOfChange, told_again
from lib.intake import Sheet, Workbook, address
from lib.intake.dates import Dates, find_order, read_period
from lib.problems import CannotContinue, Problem

COLUMNS = {
    "Change idea": "idea",
    "Driver": "driver",
    "School": "school",
    "Start": "start",
    "End": "end",
    "Stage": "stage",
    "Stage since": "since",
    "Prediction": "prediction",
    "What happened": "result",
    "What was learned": "learned",
    "Decision": "decision",
}
"""The headers of a log, and the words of `TestOfChange` for them."""

NEEDED = ("Change idea", "School", "Start")
HEADER_ROWS = 30
"""Rows of a sheet among which the header is looked for."""

MOST_TESTS = 5000
LONGEST = 2000
"""Letters of one cell."""

DATE_FIX = "Write dates as 2026-09-14."
DATES = ("start", "end", "since")
TEXTS = ("prediction", "result", "learned", "decision")


@dataclass(frozen=True)
class Row:
    """One row of a log: its texts by the words of COLUMNS, where each of them stands, and the stages already kept."""

    texts: dict[str, str]
    places: dict[str, str]
    stages: History = ()


Found = tuple[list[TestOfChange], list[Problem]]


def from_log(workbook: Workbook, schools: dict[str, int]) -> Found:
    """The tests in the first sheet with a log's header. Raises CannotContinue where there is none.

    `schools`: the id of each school by its name, code or other name.
    """
    for sheet in workbook.sheets:
        cells = sheet.preview(1, sheet.n_rows).to_numpy().tolist()
        if (header := _header(cells[:HEADER_ROWS])) is not None:
            rows = list(_rows(sheet, cells, header))
            if len(rows) > MOST_TESTS:
                raise CannotContinue(Problem(sheet.name, f"It has {len(rows):,} rows.", f"{MOST_TESTS:,} at most."))
            return checked(rows, schools)
    what = "No sheet has the header of a log."
    raise CannotContinue(Problem(workbook.name, what, f"Name its columns {', '.join(COLUMNS)}."))


def _header(cells: Sequence[Sequence[str]]) -> int | None:
    """The place of the first row that holds the names which a log needs."""
    needed = {name.lower() for name in NEEDED}
    return next((place for place, row in enumerate(cells) if needed <= {_key(text) for text in row}), None)


def _key(text: str) -> str:
    return " ".join(text.split()).lower()


def _rows(sheet: Sheet, cells: Sequence[Sequence[str]], header: int) -> Iterator[Row]:
    words = {name.lower(): word for name, word in COLUMNS.items()}
    columns = {place: words[_key(text)] for place, text in enumerate(cells[header]) if _key(text) in words}
    for number, row in enumerate(cells[header + 1 :], start=header + 2):
        if any(row[place].strip() for place in columns):
            cells_of = {word: f"cell {address(number, place + 1)}" for place, word in columns.items()}
            places = {word: f"{sheet.name}, {cell}" if sheet.name else cell for word, cell in cells_of.items()}
            yield Row({word: row[place] for place, word in columns.items()}, places)


def checked(rows: Sequence[Row], schools: dict[str, int]) -> Found:
    """The tests of change of rows that can be read, and what must be mended in the others."""
    order, _ = find_order([row.texts.get(name, "") for row in rows for name in DATES], date.today())
    known = {_key(name): number for name, number in schools.items()}
    tests: dict[tuple[str, int, date], TestOfChange] = {}
    problems: list[Problem] = []
    seen: dict[tuple[str, int, date], Row] = {}
    for row in rows:
        found = _problems(row, known, list(schools), order)
        if not found:
            test = _test(row, known, order)
            key = (_key(test.idea), test.school_id, test.start)
            found = _repeated(row, seen.setdefault(key, row))
            if not found:
                tests[key] = _joined(tests[key], test) if key in tests else test
        problems += found
    return _same_spelling(list(tests.values())), [*problems, *_two_drivers(rows)]


def _joined(first: TestOfChange, then: TestOfChange) -> TestOfChange:
    """One test of two rows that tell of two stages; what the second one says besides counts."""
    stages = tuple(sorted({*first.stages, *then.stages}, key=lambda one: one[1]))
    told = {name: getattr(then, name) for name in ("end", "driver", *TEXTS) if getattr(then, name)}
    return replace(first, **told, stage=stages[-1][0], stages=stages)


def _two_drivers(rows: Sequence[Row]) -> Iterator[Problem]:
    """An idea has one driver; rows that leave it empty have that of the others."""
    first: dict[str, Row] = {}
    for row in rows:
        if _said(row, "driver"):
            other = first.setdefault(_key(_said(row, "idea")), row)
            if _said(other, "driver") != _said(row, "driver"):
                what = f"This idea has another driver at {_where(other, 'driver')}: “{_said(other, 'driver')}”."
                yield Problem(_where(row, "driver"), what, "Write the same driver in both, or leave one empty.")


def _problems(row: Row, known: dict[str, int], names: Sequence[str], order: str) -> list[Problem]:
    found = []
    if not _said(row, "idea"):
        found.append(Problem(_where(row, "idea"), "The change idea is missing.", "Name it."))
    if (school := _said(row, "school")) == "":
        found.append(Problem(_where(row, "school"), "The school is missing.", "Name it."))
    elif _key(school) not in known:
        found.append(Problem(_where(row, "school"), f"There is no school “{school}”.", _nearest(school, names)))
    if _said(row, "stage") and _key(_said(row, "stage")) not in STAGES:
        what = f"“{_said(row, 'stage')}” is no stage."
        found.append(Problem(_where(row, "stage"), what, f"Write {', '.join(STAGES[:-1])} or {STAGES[-1]}."))
    long = [name for name in ("idea", "driver", *TEXTS) if len(_said(row, name)) > LONGEST]
    found += [Problem(_where(row, name), f"It has more than {LONGEST:,} letters.", "Shorten it.") for name in long]
    return [*found, *_problems_of_dates(row, order)]


def _problems_of_dates(row: Row, order: str) -> list[Problem]:
    found = []
    for name in DATES:
        text = _said(row, name)
        if text and _day(text, order) is None:
            period = read_period(text, Dates(order=order))
            what = "can be two dates" if period and period.needs == "order" else "is not a date"
            found.append(Problem(_where(row, name), f"“{text}” {what}.", DATE_FIX))
    if not _said(row, "start"):
        found.append(
            Problem(_where(row, "start"), "The start is missing.", "For a planned test write the planned day.")
        )
    first, last, since = (_day(_said(row, name), order) for name in DATES)
    if first and last and last < first:
        found.append(Problem(_where(row, "end"), "The end lies before the start.", "Correct one of the two days."))
    known = bool(row.stages) and since == row.stages[-1][1]
    if first and since and since < first and _key(_said(row, "stage")) != "planned" and not known:
        what = "The stage began before the start of the test."
        found.append(Problem(_where(row, "since"), what, "Correct one of the two days."))
    return found


def _repeated(row: Row, first: Row) -> list[Problem]:
    """Rows of one test are its stages, each with its day."""
    if first is row or (_said(row, "since") and _key(_said(row, "stage")) != _key(_said(first, "stage"))):
        return []
    what = f"The same idea, school and start stand at {_where(first, 'idea')}."
    fix = "Take one of them out, correct its start, or give each its own stage and the day since when."
    return [Problem(_where(row, "idea"), what, fix)]


def _test(row: Row, known: dict[str, int], order: str) -> TestOfChange:
    start = _day(_said(row, "start"), order)
    if start is None:
        raise ValueError("only rows without problems are tests of change")
    stage = _key(_said(row, "stage")) or "testing"
    since = _day(_said(row, "since"), order)
    if stage == "planned" and not row.stages:
        since = since or min(start, date.today())
    return TestOfChange(
        idea=_said(row, "idea"),
        school_id=known[_key(_said(row, "school"))],
        start=start,
        end=_day(_said(row, "end"), order),
        stage=stage,
        stages=told_again(row.stages, stage, since, date.today()),
        driver=_said(row, "driver"),
        **{name: row.texts.get(name, "").strip() for name in TEXTS},
    )


def _same_spelling(tests: list[TestOfChange]) -> list[TestOfChange]:
    """One idea has one name, whatever its capitals: the first one written."""
    names: dict[str, str] = {}
    return [replace(test, idea=names.setdefault(_key(test.idea), test.idea)) for test in tests]


def _said(row: Row, name: str) -> str:
    return " ".join(row.texts.get(name, "").split())


def _where(row: Row, name: str) -> str:
    return row.places.get(name) or next(iter(row.places.values()), "")


def _day(text: str, order: str) -> date | None:
    period = read_period(text, Dates(order=order))
    return period.first if period and period.kind == "day" else None


def _nearest(school: str, names: Sequence[str]) -> str:
    near = get_close_matches(school, names, n=1)
    return f"Did you mean “{near[0]}”?" if near else "Add it on the page Definitions first, or correct its name."
