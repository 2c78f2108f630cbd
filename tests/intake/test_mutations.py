"""Files with slips in them, made by chance from a written seed: no crash, and every value is counted once."""

import random

import numpy as np
import pytest

from lib.intake import Recipe, check, propose, read
from lib.intake.refusal import Refusal
from lib.problems import CannotContinue
from tests.intake.making import KNOWN, csv_of, read_here, xlsx_of

SLIPS = [
    "",
    "*",
    "snow",
    "abc",
    "#DIV/0!",
    "18/22",
    "1e400",
    "-5",
    "9/12",
    "TOTAL",
    "2031-01-01",
    "nan",
    "93%",
    '"',
    "٣",
    "½",
    ",",
    "\n",
    "=",
]
GRID = [["Attendance 2025-26"], ["School", "9/5", "9/12", "9/19"]] + [
    [f"School {n}", 90 + n / 7, 80.5, 85] for n in range(12)
]
TIDY = [["School ID", "School", "Date", "Grade", "Present", "Enrolled"]] + [
    [n % 7, f"School {n % 7}", f"2025-09-{n // 7 + 1:02d}", "All", 20 + n % 5, 30] for n in range(42)
]


def mutated(text: str, chance: random.Random) -> str:
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


LONG_RUN = [pytest.param(seed, marks=pytest.mark.long) for seed in range(100, 2000)]


@pytest.mark.parametrize("seed", [*range(100), *LONG_RUN])
def test_a_csv_with_slips_is_read_rightly_or_refused_plainly(seed: int) -> None:
    chance = random.Random(seed)
    text = mutated(csv_of(chance.choice([GRID, TIDY])).decode(), chance)
    try:
        workbook = read_here(text.encode())
        recipe = propose(workbook, KNOWN).recipe
        if recipe is None:
            return
        file = check(workbook, Recipe.from_json(recipe.to_json()), KNOWN)
    except (Refusal, CannotContinue):
        return
    counts = file.counts
    assert counts.values == counts.kept + counts.suppressed + counts.refused + counts.left_out
    assert (len(file.observations), len(file.refused), len(file.suppressed)) == (
        counts.kept,
        counts.refused,
        counts.suppressed,
    )
    assert not file.observations[["school", "measure", "category", "group", "date"]].duplicated().any()
    assert np.isfinite(file.observations["value"]).all()


@pytest.mark.parametrize("seed", [*range(8), *LONG_RUN[:200]])
def test_a_workbook_with_broken_bytes_is_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(xlsx_of({"Data": GRID}))
    for _ in range(chance.choice([1, 5, 40])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    try:
        workbook = read(bytes(data), "broken.xlsx")
    except CannotContinue as refusal:
        assert len(refusal.problems) == 1
        return
    assert workbook.sheets
