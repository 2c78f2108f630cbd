"""A spreadsheet's way into the store: read, propose, check, compare, save.

The page and the command line both call this.
"""

import getpass
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from pandas.api.typing import NaTType

from lib import intake
from lib.intake import (
    UNIT_OF_FILE,
    Candidate,
    Checked,
    Kept,
    Known,
    Near,
    Proposal,
    Recipe,
    Recognized,
    Workbook,
    near_schools,
)
from lib.measures import Measure
from lib.problems import CannotContinue, Problem
from lib.store import Database, definitions, recipes, schools, uploads
from lib.store.schools import Alias, Same
from lib.store.uploads import NewUpload

REFUSED_COLUMNS = ["sheet", "cell", "value", "reason", "fix"]


@dataclass(frozen=True)
class Suggestion:
    """How a file is probably read: by itself, and as another one of its kind was read before."""

    fresh: Proposal
    recognized: Recognized | None

    @property
    def proposal(self) -> Proposal:
        return self.recognized.proposal if self.recognized else self.fresh


@dataclass(frozen=True)
class Prepared:
    """A file that was read and checked, and may be saved. Without `suggestion` the recipe was given from outside."""

    workbook: Workbook
    recipe: Recipe
    checked: Checked
    suggestion: Suggestion | None = None


def known(database: Database, network: int) -> Known:
    """What the network knows already, for intake to recognize schools and measures by."""
    first_weeks = definitions.first_weeks(database, network)
    return Known(
        schools=schools.known(database, network),
        measures=tuple(definitions.measures(database, network)),
        measure_aliases=definitions.measure_aliases(database, network),
        today=date.today(),
        school_year_start=definitions.school_year_start(database, network),
        first_week=first_weeks[-1] if first_weeks else None,
    )


def prepare(
    database: Database, network: int, data: bytes, name: str, recipe: Recipe | None = None, password: str = ""
) -> Prepared:
    """Read and check one file; writes nothing. Without a recipe the proposal must be certain.

    Raises CannotContinue where the file can't be read, something must be told first, or no value could be kept;
    PasswordNeeded where the file opens only with another `password`, which is not kept.
    Refused cells don't stop the others: they are in `checked`.
    """
    knowledge = known(database, network)
    workbook = intake.read(data, name, password)
    suggestion = None if recipe else suggest(database, network, workbook, knowledge)
    chosen = recipe or certain(suggestion.proposal if suggestion else NOTHING, name)
    checked = intake.check(workbook, chosen, knowledge)
    if not checked.counts.kept:
        raise CannotContinue(*why_nothing_kept(checked, name))
    return Prepared(workbook, chosen, checked, suggestion)


NOTHING = Proposal(None, False)


def suggest(database: Database, network: int, workbook: Workbook, knowledge: Known) -> Suggestion:
    """How the workbook is probably read. Raises CannotContinue where every sheet lists students."""
    fresh = intake.propose(workbook, knowledge)
    return Suggestion(fresh, intake.recognize(workbook, fresh, kept_recipes(database, network), knowledge))


def kept_recipes(database: Database, network: int) -> list[Kept]:
    """The network's recipes, the newest used first."""
    return [
        Kept(
            name=one.name,
            recipe=Recipe.from_json(one.recipe),
            proposed=Recipe.from_json(one.proposed) if one.proposed else None,
            asked=one.asked,
            id=one.id,
        )
        for one in recipes.recipes(database, network)
    ]


def save(database: Database, upload: NewUpload, prepared: Prepared, step: Callable[[], None] = lambda: None) -> int:
    """Save an upload, and how it was read for the next file of its kind; returns the upload's number.

    `step` as in `uploads.save`.
    """
    number = uploads.save(database, upload, step)
    if prepared.suggestion is not None:
        fresh, found = prepared.suggestion.fresh, prepared.suggestion.recognized
        kept = recipes.NewRecipe(
            name=intake.name_for(prepared.workbook, prepared.recipe),
            recipe=prepared.recipe.to_json(),
            proposed=fresh.recipe.to_json() if fresh.recipe else "",
            asked=tuple(dict.fromkeys(question.where for question in fresh.questions)),
            who=upload.who,
        )
        recipes.keep(database, upload.network, kept, found.kept.id if found else 0)
    return number


def certain(proposal: Proposal, name: str) -> Recipe:
    """The proposed recipe, or CannotContinue with what must be told."""
    if proposal.recipe is None or not proposal.certain:
        raise CannotContinue(
            *proposal.questions or (Problem(name, "No table of school values was recognized.", "Give a recipe."),)
        )
    return proposal.recipe


def why_nothing_kept(checked: Checked, name: str) -> list[Problem]:
    """The first refused cells, or that every value is withheld, or that there was none at all."""
    if checked.counts.suppressed and not checked.counts.refused:
        what = f"All of its {checked.counts.suppressed:,} values are withheld by marks such as “*”."
        return [Problem(name, what, "Nothing can be kept of it; ask for a file with numbers if you may see them.")]
    if not checked.counts.refused:
        return [Problem(name, "No value was found in it.", "Check the header row and the columns, or the file itself.")]
    first = checked.refused[["sheet", "cell", "reason", "fix"]].head(3).itertuples(index=False, name=None)
    return [Problem(f"{sheet or name}, cell {cell}", reason, fix) for sheet, cell, reason, fix in first]


def as_upload(network: int, prepared: Prepared, who: str) -> NewUpload:
    """What was checked, in the form in which the store takes it; a measure goes by the name that the network has.

    Raises CannotContinue where the file has a measure in percent that isn't in percent here, or the other way round.
    """
    workbook, checked = prepared.workbook, prepared.checked
    in_file = pd.unique(checked.observations["measure"]).tolist()
    meant = dict(zip(in_file, checked.measures, strict=True))
    _stop_at_other_units(meant, checked)
    return NewUpload(
        network=network,
        file=workbook.name,
        sha256=workbook.sha256,
        who=who,
        recipe=prepared.recipe.to_json(),
        sheets=tuple(sheet.name for sheet in workbook.sheets),
        schools=checked.schools,
        observations=checked.observations.assign(
            measure=checked.observations["measure"].map({name: one.name for name, one in meant.items()})
        ),
        refused=checked.refused[REFUSED_COLUMNS],
        left_out_rows=checked.left_out_rows,
        measures=tuple(dict.fromkeys(checked.measures)),
        suppressed=checked.counts.suppressed,
        left_out=checked.counts.left_out,
        blank=checked.counts.blank,
    )


def _stop_at_other_units(meant: dict[str, Measure], checked: Checked) -> None:
    """A percentage is kept as a fraction, so a value of 93 would be one of 9,300 %."""
    problems = []
    for name, measure in meant.items():
        unit = checked.units[name]
        if (measure.unit == "percent") != (UNIT_OF_FILE[unit] == "percent"):
            what = f"It is in {measure.unit} here, and this file is read as {unit}."
            problems.append(Problem(f"Measure “{name}”", what, "Choose how it is written, or give it another name."))
    if problems:
        raise CannotContinue(*problems)


def unsure_schools(database: Database, upload: NewUpload) -> tuple[Near, ...]:
    """Schools that the network would get, and that may be ones it has, or the file has, under another spelling."""
    return near_schools(uploads.newcomers(database, upload), schools.known(database, upload.network))


Answer = tuple[Near, Candidate]
"""A person's answer that a school of the file is one of the network's, or another one of the file."""


def with_same_schools(upload: NewUpload, answers: Sequence[Answer]) -> NewUpload:
    """The upload with these answers, which are remembered with it."""
    stays = _one_in_file(answers)
    known_ones = [(near, one.school) for near, one in answers if one.school]
    named = [((near.code, near.name), school) for near, school in known_ones]
    named += [(_end(stays, pair), school) for pair, school in named if pair in stays]
    aliases = [Alias(name, school) for (_, name), school in named]
    aliases += [Alias(code, school, is_code=True) for (code, _), school in named if code]
    same = tuple(Same(*pair, *_end(stays, pair)) for pair in stays)
    return replace(upload, aliases=tuple(aliases), same=same)


Pair = tuple[str, str]
"""Code and name of a school in the file."""


def _one_in_file(answers: Sequence[Answer]) -> dict[Pair, Pair]:
    """Which school of the file is another one of it; of two the one with a code stays, else the first."""
    stays: dict[Pair, Pair] = {}
    for near, one in answers:
        if not one.school:
            gone, kept = _end(stays, (near.code, near.name)), _end(stays, (one.code, one.name))
            if gone[0] and not kept[0]:
                gone, kept = kept, gone
            if gone != kept:
                stays[gone] = kept
    return stays


def _end(stays: dict[Pair, Pair], school: Pair) -> Pair:
    while school in stays:
        school = stays[school]
    return school


def report(prepared: Prepared) -> dict[str, Any]:
    """Everything that became of the file, ready for JSON. Sums are in the file's own unit."""
    workbook, recipe, checked = prepared.workbook, prepared.recipe, prepared.checked
    kept = checked.observations
    units = dict(checked.units)
    return {
        "file": workbook.name,
        "sheets": [sheet.name for sheet in workbook.sheets],
        "recipe": json.loads(recipe.to_json()),
        "observations": len(kept),
        "schools": int(checked.schools["school"].nunique()),
        "measures": int(kept["measure"].nunique()),
        "groups": len(kept[["category", "group"]].drop_duplicates()),
        "first_date": _iso(kept["date"].min()),
        "last_date": _iso(kept["date"].max()),
        "unit": next(iter(units.values())) if len(set(units.values())) == 1 else units,
        **_sums(kept),
        **asdict(checked.counts),
        "refused_cells": checked.refused[REFUSED_COLUMNS].to_dict("records"),
        "left_out_rows": checked.left_out_rows.to_dict("records"),
        "by_measure": [
            {"measure": measure, "group": "all students" if group == "" else group, "kept": len(part), **_sums(part)}
            for (measure, group), part in kept.groupby(["measure", "group"], sort=True)
        ],
    }


def _sums(kept: pd.DataFrame) -> dict[str, float | None]:
    """The sums of value, numerator and denominator; None where the file gives none."""
    columns = {"value_sum": "file_value", "numerator_sum": "numerator", "denominator_sum": "denominator"}
    return {name: float(kept[column].sum()) if kept[column].notna().any() else None for name, column in columns.items()}


def _iso(day: pd.Timestamp | NaTType) -> str | None:
    return None if isinstance(day, NaTType) else day.date().isoformat()


def read_recipe(path: Path) -> Recipe:
    """The recipe in a JSON file; raises CannotContinue where it is none."""
    try:
        return Recipe.from_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CannotContinue(Problem(str(path), f"It can't be read ({error.strerror}).", "Check the name.")) from error
    except UnicodeDecodeError as error:
        raise CannotContinue(Problem(str(path), "A recipe is JSON text in UTF-8; this file isn't.")) from error


def this_person() -> str:
    """Who uses this computer, as uploads remember it; the app has no sign-in yet."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
