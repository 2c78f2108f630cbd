"""Files with slips in them, made by chance from a written seed: no crash, no hang, and every value is counted once."""

import csv
import io
import random
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import openpyxl
import pytest

from lib.intake import Recipe, Workbook, address, check, propose, read
from lib.intake.refusal import Refusal
from lib.problems import CannotContinue
from tests.intake.making import KNOWN, csv_of, read_here, xlsx_of
from tests.intake.workbooks_with_traps import ALL

SLIPS: list[Any] = [
    *("", "*", "snow", "abc", "#DIV/0!", "18/22", "1e400", "-5", "9/12", "TOTAL", "2031-01-01", "nan", "93%", '"', "٣"),
    *(
        "½",
        ",",
        "\n",
        "=",
        "Strongly agree",
        "x@y.zz",
        "Garcia, Ana",
        "Student ID",
        "School",
        "Week 99",
        "Q7",
        "<script>",
    ),
    *(
        "2025-26",
        "Total 2024",
        "0",
        "00",
        "-",
        " ",
        "9/31",
        "31/31/2025",
        "SY 99-00",
        "Sep 2025 | Oct 2025",
        "'",
        "=1+1",
    ),
]
TYPED_SLIPS: list[Any] = [None, 0, -1, 1e300, 45536, 0.5, True, "=A1", "#REF!", "x" * 300]
SECONDS = 10
"""A file takes at most so long of the processor, whatever is in it; the clock would say how busy the machine is."""
GRID = [["Attendance 2025-26"], ["School", "9/5", "9/12", "9/19"]] + [
    [f"School {n}", 90 + n / 7, 80.5, 85] for n in range(12)
]
TIDY = [["School ID", "School", "Date", "Grade", "Present", "Enrolled"]] + [
    [n % 7, f"School {n % 7}", f"2025-09-{n // 7 + 1:02d}", "All", 20 + n % 5, 30] for n in range(42)
]


def mutated(text: str, chance: random.Random) -> str:
    """Characters, pieces and lines of a text put in, taken out or moved."""
    for _ in range(chance.choice([1, 3, 10, 30])):
        place, kind = chance.randrange(len(text) + 1), chance.random()
        if kind < 0.5:
            text = text[:place] + chance.choice(SLIPS) + text[place:]
        elif kind < 0.7:
            text = text[:place] + text[place + chance.randrange(20) :]
        else:
            lines = text.split("\n")
            chance.shuffle(lines) if kind > 0.95 else lines.insert(chance.randrange(len(lines)), chance.choice(lines))
            text = "\n".join(lines)
    return text


def with_slips(rows: list[list[Any]], chance: random.Random) -> list[list[Any]]:
    """Cells replaced, headers swapped, rows repeated, rows and columns moved or blank."""
    for _ in range(chance.choice([1, 4, 12])):
        row, kind = chance.randrange(len(rows)), chance.random()
        if kind < 0.6:
            rows[row][chance.randrange(len(rows[row]))] = chance.choice(SLIPS + TYPED_SLIPS)
        elif kind < 0.7:
            place = chance.randrange(min(5, len(rows)))
            rows[place] = chance.sample(rows[place], len(rows[place]))
        elif kind < 0.85:
            rows.insert(row, list(chance.choice(rows)))
        else:
            rows[row] = [None] * len(rows[row])
    return rows


def somewhere(chance: random.Random) -> str:
    """A range of cells, inside the table or beside it."""
    row, place = chance.randrange(1, 30), chance.randrange(1, 12)
    return f"{address(row, place)}:{address(row + chance.randrange(4), place + chance.randrange(1, 6))}"


def cells_of(data: bytes) -> dict[str, list[list[Any]]]:
    if not data.startswith(b"PK"):
        separator = ";" if b";" in data[:200] else ","
        return {
            "Data": [
                list(row) or [""] for row in csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=separator)
            ]
        }
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}


def adds_up(workbook: Workbook) -> None:
    """Whatever is proposed is read by it: all values are counted once, none stands twice, all are numbers."""
    recipe = propose(workbook, KNOWN).recipe
    if recipe is None:
        return
    file = check(workbook, Recipe.from_json(recipe.to_json()), KNOWN)
    counts = file.counts
    assert counts.values == counts.kept + counts.suppressed + counts.refused + counts.left_out
    assert (len(file.refused), len(file.suppressed)) == (counts.refused, counts.suppressed)
    assert recipe.counts_people or len(file.observations) == counts.kept
    assert not file.observations[["school", "measure", "category", "group", "date"]].duplicated().any()
    assert np.isfinite(file.observations["value"]).all()


def quickly(read_it: Callable[[], Workbook]) -> None:
    begin = time.process_time()
    try:
        adds_up(read_it())
    except Refusal:
        pass
    except CannotContinue as refusal:
        assert all(problem.what for problem in refusal.problems)
    assert time.process_time() - begin < SECONDS


def seeds(short: int, long: int) -> list[Any]:
    return [*range(short), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(short, long))]


@pytest.mark.parametrize("seed", seeds(70, 700))
def test_a_csv_with_slips_is_read_rightly_or_refused_plainly(seed: int) -> None:
    chance = random.Random(seed)
    text = mutated(csv_of(chance.choice([GRID, TIDY])).decode(), chance)
    quickly(lambda: read_here(text.encode()))


@pytest.mark.parametrize("seed", seeds(72, 720))
def test_every_layout_with_slips_in_cells_and_headers(seed: int) -> None:
    """Each in turn, as a workbook; the first of its sheets also as a CSV."""
    chance = random.Random(seed)
    sheets = cells_of(ALL[seed % len(ALL)]().data)
    changed = {name: with_slips([list(row) for row in rows], chance) for name, rows in sheets.items() if rows}
    as_text = seed // len(ALL) % 2
    merged = {name: [somewhere(chance)] for name in changed} if chance.random() < 0.3 else {}
    data = csv_of(next(iter(changed.values()))) if as_text else xlsx_of(changed, merged)
    quickly(lambda: read_here(data, "mutated.csv" if as_text else "mutated.xlsx"))


@pytest.mark.parametrize("seed", seeds(40, 400))
def test_a_csv_with_broken_bytes_is_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(csv_of(chance.choice([GRID, TIDY]), encoding=chance.choice(["utf-8", "utf-16", "cp1252"])))
    for _ in range(chance.choice([1, 5, 40])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    quickly(lambda: read_here(bytes(data)))


@pytest.mark.parametrize("seed", seeds(18, 180))
def test_a_workbook_with_broken_bytes_is_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(xlsx_of({"Data": GRID}))
    for _ in range(chance.choice([1, 5, 40])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    quickly(lambda: read(bytes(data), "broken.xlsx"))
