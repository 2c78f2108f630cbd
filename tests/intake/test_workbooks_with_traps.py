"""Every layout with every value trap: no wrong value comes in, no right one is lost, every trap is named by address."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from lib.intake import Checked, Known, Recipe, check, propose
from tests.intake.making import read_here
from tests.intake.workbooks_with_traps import ALL, TODAY, Key, Made, Value


def read_as_a_person_would(made: Made) -> Checked:
    """The proposal, without a question or with the one that is expected, and what a person chooses."""
    workbook = read_here(made.data, made.name)
    known = Known(today=TODAY, first_week=made.first_week)
    proposal = propose(workbook, known)
    said = " ".join(map(str, proposal.questions))
    assert proposal.recipe is not None, said
    assert proposal.certain is (made.asks == ""), said
    assert made.asks in said
    recipe = Recipe.from_json(replace(proposal.recipe, **made.choose).to_json())  # type: ignore[arg-type]
    return check(workbook, recipe, known)


def as_truth(file: Checked) -> dict[Key, Value]:
    found: dict[Key, Value] = {}
    rows = file.observations
    for school, measure, group, day, numerator, denominator, value in zip(
        *(rows[name] for name in ("school_name", "measure", "group", "date", "numerator", "denominator", "value")),
        strict=True,
    ):
        said = value if np.isnan(denominator) else (numerator, denominator)
        found[(school, measure, group, day.date())] = said
    return found


def cells(table: object) -> set[tuple[str, str]]:
    """Sheets as a person sees them: the tables of one sheet are that sheet."""
    return {(sheet.split(", table ")[0], cell) for sheet, cell in zip(table["sheet"], table["cell"], strict=True)}  # type: ignore[index]


@pytest.mark.parametrize("make", ALL, ids=lambda make: make.__name__)
def test_no_wrong_value_no_lost_value_and_every_trap_by_address(make: Callable[[], Made]) -> None:
    made = make()
    file = read_as_a_person_would(made)
    found = as_truth(file)
    assert found.keys() == made.kept.keys()
    wrong = {key: (found[key], value) for key, value in made.kept.items() if found[key] != pytest.approx(value)}
    assert not wrong
    shares = file.observations.dropna(subset="denominator")
    assert shares["value"].to_numpy() == pytest.approx((shares["numerator"] / shares["denominator"]).to_numpy())
    assert cells(file.refused) == made.refused
    assert cells(file.suppressed_cells) == made.suppressed
    assert cells(file.left_out_cells) == made.left_out
    rows = {
        (sheet.split(", table ")[0], row) for sheet, row in file.left_out_rows[["sheet", "row"]].itertuples(index=False)
    }
    assert rows == made.left_out_rows
    assert {one.sheet for one in file.left_out_sheets} == made.left_out_sheets


@pytest.mark.parametrize("make", ALL, ids=lambda make: make.__name__)
def test_every_value_is_counted_once(make: Callable[[], Made]) -> None:
    made = make()
    counts = read_as_a_person_would(made).counts
    assert counts.values == counts.kept + counts.suppressed + counts.refused + counts.left_out
    assert counts.kept == (made.answers or len(made.kept))
    assert counts.suppressed == len(made.suppressed)
    assert counts.refused == len(made.refused)
    assert counts.left_out == len(made.left_out) + made.in_left_out_rows
