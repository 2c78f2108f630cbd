"""Where the table of a sheet begins: which row or rows are its header, and what they say over each column."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from lib.intake import values
from lib.intake.dates import Dates, read_period, split_period
from lib.intake.sheets import Sheet
from lib.intake.short_dates import days_in, in_full, month_of
from lib.intake.vocabulary import knows

LAST_HEADER_ROW = 30
ROWS_LOOKED_AT = 40
FEWEST_CELLS = 2
MOST_HEADER_ROWS = 3
PLAIN_DATES = Dates()
PLAIN_NUMBER = re.compile(r"-?(?:\d{1,3}(?:[.,]\d+)?|\d+\.\d+)%?")
"""Numbers that are surely no period; most cells are such."""
SHARE_OF_NUMBERS = 0.3
"""Under a period: with fewer numbers and marks below it is none."""
STUDENT_MARK = re.compile(r"[A-Za-z✓✔]{1,2}")
"""What stands under a day in a list of students, as P, A, T and UA; it counts like a number there."""


@dataclass(frozen=True)
class Table:
    """`header_row` counts from 1 and is the first of `header_rows`; `labels`: the header texts over each column.

    `month` is the one that the sheet's name or a title says, "" for none.
    """

    header_row: int
    header_rows: int
    labels: tuple[tuple[str, ...], ...]
    month: str = ""

    @property
    def first_data_row(self) -> int:
        return self.header_row + self.header_rows

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(join(label) for label in self.labels)


def join(label: tuple[str, ...]) -> str:
    """The different texts over a column, top first."""
    seen: list[str] = []
    for text in label:
        plain = " ".join(text.split())
        if plain and plain not in seen:
            seen.append(plain)
    return " | ".join(seen)


def find_table(sheet: Sheet) -> Table | None:
    """The table of a sheet, or None where no row looks like a header over data."""
    rows, first = _top_rows(sheet), sheet.first_filled_row - 1
    scored = [
        (score, -row)
        for row in range(first, min(first + LAST_HEADER_ROW, len(rows)))
        if (score := _header_score(sheet, rows, row)) > 0
    ]
    if not scored:
        return None
    last = -max(scored)[1]
    while last + 1 < len(rows) and _is_more_header(rows, last):
        last += 1
    first = last
    while first > 0 and last - first + 1 < MOST_HEADER_ROWS and _has_row_above(sheet, rows, first, last):
        first -= 1
    return table_at(sheet, first + 1, last - first + 1)


def table_at(sheet: Sheet, header_row: int, header_rows: int = 1) -> Table:
    """The table whose header stands in these rows (from 1)."""
    texts = [
        _filled(sheet, row, upper=row < header_row + header_rows - 1)
        for row in range(header_row, header_row + header_rows)
    ]
    month = month_of(sheet, header_row)
    return Table(header_row, header_rows, tuple(zip(*in_full(texts, month), strict=True)), month)


def header_rows_at(sheet: Sheet, header_row: int) -> int:
    """1 to 3: how many rows from the given one on belong to the header."""
    rows = _top_rows(sheet)
    last = header_row - 1
    while last + 1 < len(rows) and last - header_row + 2 < MOST_HEADER_ROWS and _is_more_header(rows, last):
        last += 1
    return last - header_row + 2


def _top_rows(sheet: Sheet) -> list[list[str]]:
    last = min(sheet.n_rows, sheet.first_filled_row - 1 + LAST_HEADER_ROW + ROWS_LOOKED_AT)
    columns = [cells.texts(0, last) for cells in sheet.columns]
    return [list(row) for row in zip(*columns, strict=True)]


@lru_cache(maxsize=50_000)
def look(text: str) -> str:
    """What a text looks like: "" blank, "n" number, "m" mark or word for no school, "d" period, "t" other text."""
    if not text:
        return ""
    if PLAIN_NUMBER.fullmatch(text):
        return "n"
    status = values.understand(text)[0]
    if status == values.NO_NUMBER:
        status = values.understand(text, decimal=",")[0]
    if status in (values.NUMBER, values.FRACTION):
        return "d" if read_period(text, PLAIN_DATES) and not re.fullmatch(r"\d{5,6}", text) else "n"
    if status in (values.SUPPRESSED, values.NO_SCHOOL, values.EXCEL_ERROR):
        return "m"
    if status == values.MARKED:
        return "d" if read_period(text, PLAIN_DATES) else "m"
    return "d" if read_period(text, PLAIN_DATES) else "t"


def names_period(label: str) -> bool:
    return bool(label) and (read_period(label, PLAIN_DATES) is not None or split_period(label, PLAIN_DATES) is not None)


def _header_score(sheet: Sheet, rows: list[list[str]], row: int) -> float:
    """How much a row looks like the last row of a header; 0 or less: not at all."""
    labels = rows[row]
    filled = [place for place, label in enumerate(labels) if label]
    body = [cells for cells in rows[row + 1 : row + 26] if sum(1 for cell in cells if cell) >= FEWEST_CELLS]
    if len(filled) < FEWEST_CELLS or not body:
        return 0.0
    score = 0.0
    days = _serial_days(labels) | _days_under_months(rows, row) | _days_of_month(sheet, labels, row)
    for place in range(len(labels)):
        texts = [cells[place] for cells in body if cells[place]]
        if place in days or names_period(labels[place]):
            texts = ["1" if STUDENT_MARK.fullmatch(text) else text for text in texts]
        score += _label_score(labels[place], [look(text) for text in texts], place in days)
    gap = next(distance for distance, cells in enumerate(rows[row + 1 :]) if any(cells))
    return score / len(labels) - 0.1 * gap


def _serial_days(labels: list[str]) -> set[int]:
    """Places of Excel's day numbers, where three or more of them rise from left to right by at most a month."""
    found = [place for place, label in enumerate(labels) if re.fullmatch(r"[345]\d{4}", label)]
    steps = [int(labels[two]) - int(labels[one]) for one, two in pairwise(found)]
    return set(found) if len(found) >= 3 and all(1 <= step <= 31 for step in steps) else set()


def _days_under_months(rows: list[list[str]], row: int) -> set[int]:
    """Places of numbers of days, which rise under each of the months in the row above."""
    months = [text if read_period(text, PLAIN_DATES) else "" for text in rows[row - 1]] if row else []
    _fill_right(months)
    found = [
        place for place, month in enumerate(months) if month and re.fullmatch(r"[1-9]|[12]\d|3[01]", rows[row][place])
    ]
    rising = all(
        months[one] != months[two] or int(rows[row][one]) < int(rows[row][two]) for one, two in pairwise(found)
    )
    is_month = all(read_period(f"{months[place]} {rows[row][place]}", PLAIN_DATES) for place in found)
    return set(found) if len(found) >= 3 and rising and is_month else set()


def _days_of_month(sheet: Sheet, labels: list[str], row: int) -> set[int]:
    """Places of numbers of days in the month that the sheet's name or a title says."""
    found = days_in(labels)
    return found if found and month_of(sheet, row + 1) else set()


def _label_score(label: str, below: list[str], is_day: bool) -> float:
    if not label:
        return -0.7 if below else 0.0
    kind = "d" if is_day else look(label)
    if kind in ("n", "m"):
        return -1.0
    if not below:
        return 0.1
    numeric = sum(1 for one in below if one in "nm") / len(below)
    periods = sum(1 for one in below if one == "d") / len(below)
    known = 0.5 if knows(label) else 0.0
    if kind == "d":
        return -0.8 if periods >= 0.3 or numeric < SHARE_OF_NUMBERS else 1.3 if numeric >= 0.6 else 0.3
    return known + (1.0 if numeric >= 0.6 else 0.6 if periods >= 0.6 else 0.3)


def _is_more_header(rows: list[list[str]], row: int) -> bool:
    """Whether the row below is a header too: labels, where rows further down hold numbers."""
    body = [cells for cells in rows[row + 2 : row + 22] if sum(1 for cell in cells if cell) >= FEWEST_CELLS]
    over_numbers = [place for place in range(len(rows[row])) if _is_numeric(body, place)]
    looks = [look(rows[row + 1][place]) for place in over_numbers]
    labels = sum(1 for one in looks if one in ("t", "d"))
    return bool(looks) and "n" not in looks and labels >= 0.6 * len(looks) and labels >= FEWEST_CELLS


def _is_numeric(body: list[list[str]], place: int) -> bool:
    looks = [look(cells[place]) for cells in body if cells[place]]
    return len(looks) > 0 and sum(1 for one in looks if one == "n") >= 0.5 * len(looks)


def _has_row_above(sheet: Sheet, rows: list[list[str]], first: int, last: int) -> bool:
    """Whether the row above `first` is part of the header too: labels over the columns of values that end at `last`."""
    above, width = rows[first - 1], len(rows[last])
    body = [cells for cells in rows[last + 1 : last + 21] if sum(1 for cell in cells if cell) >= FEWEST_CELLS]
    places = [place for place in range(width) if rows[last][place] and _is_numeric(body, place)]
    over = [above[place] for place in places if above[place]]
    if not over or any(look(text) == "n" for text in over) or _is_title(sheet, rows, first - 1):
        return bool(_days_of_month(sheet, above, first - 1))
    labels = [
        tuple(_filled(sheet, row + 1, upper=row < last)[place] for row in range(first, last + 1)) for place in places
    ]
    folded = [tuple(text.casefold() for text in label) for label in labels]
    if len(set(folded)) < len(folded):
        return True
    periods_above = sum(1 for text in over if names_period(text)) >= 0.5 * len(over)
    periods_below = sum(1 for label in labels if any(map(names_period, label))) >= 0.5 * len(labels)
    return periods_above != periods_below or periods_below or _groups_columns(sheet, rows, first - 1, places)


def _groups_columns(sheet: Sheet, rows: list[list[str]], row: int, places: list[int]) -> bool:
    """Different labels over the columns of values, one of them merged over several, and none over the other columns."""
    over = {rows[row][place] for place in places if rows[row][place]}
    elsewhere = any(text for place, text in enumerate(rows[row]) if place not in places)
    merged = any(top == row and left in places and right > left for top, left, _, right in sheet.merged)
    return len(over) > 1 and merged and not elsewhere


def _is_title(sheet: Sheet, rows: list[list[str]], row: int) -> bool:
    """One text at the left edge, or one merged over the whole width."""
    filled = [place for place, text in enumerate(rows[row]) if text]
    if len(filled) != 1:
        return False
    wide = any(
        top == row and left == filled[0] and right - left + 1 >= 0.9 * sheet.n_columns
        for top, left, _, right in sheet.merged
    )
    return filled[0] == 0 or wide


def _filled(sheet: Sheet, row: int, upper: bool) -> list[str]:
    """Texts of a header row; merged cells are filled, and an upper row reaches to its next label."""
    texts = [" ".join(text.split()) for text in sheet.row(row)]
    mine = [(left, right, top) for top, left, bottom, right in sheet.merged if top <= row - 1 <= bottom]
    for left, right, top in mine:
        said = texts[left] if top == row - 1 else ""
        for place in range(left, min(right + 1, len(texts))):
            texts[place] = texts[place] or said
    if upper and not any(right > left for left, right, _ in mine):
        _fill_right(texts)
    return texts


def _fill_right(texts: list[str]) -> None:
    """Unmerged: "Week 1" stands over its own column and the blank ones after it."""
    said = ""
    for place, text in enumerate(texts):
        said = text or said
        texts[place] = said if place else text
