"""A stranger's file becomes checked observations: read, propose a recipe, check.

`read` runs parsers in a child process with limits; `propose` finds a recipe by evidence; `check` reads a workbook by a
recipe and says what becomes of every value.
"""

from lib.intake.binding import LeftOutSheet
from lib.intake.check import Checked, Counts, check
from lib.intake.corrections import (
    as_counts,
    as_share,
    measures_left,
    perhaps_share,
    with_header_row,
    with_layout,
    with_measures,
    with_no_share,
    with_role,
    with_sheets,
    with_totals,
)
from lib.intake.dates import Dates
from lib.intake.drafts import UNIT_OF_FILE
from lib.intake.known import Known
from lib.intake.open_choices import OpenChoices, open_choices
from lib.intake.propose import Proposal, propose
from lib.intake.reader import MOST_BYTES, read
from lib.intake.recipe import LAYOUTS, ROLES, UNITS_IN_FILE, Column, MeasureInFile, Recipe, UnitInFile
from lib.intake.recognized import Kept, Recognized, name_for, recognize
from lib.intake.refusals import Why
from lib.intake.schools import Candidate, Near, near_schools
from lib.intake.sheets import Sheet, Workbook, address

__all__ = [
    "LAYOUTS",
    "MOST_BYTES",
    "ROLES",
    "UNITS_IN_FILE",
    "UNIT_OF_FILE",
    "Candidate",
    "Checked",
    "Column",
    "Counts",
    "Dates",
    "Kept",
    "Known",
    "LeftOutSheet",
    "MeasureInFile",
    "Near",
    "OpenChoices",
    "Proposal",
    "Recipe",
    "Recognized",
    "Sheet",
    "UnitInFile",
    "Why",
    "Workbook",
    "address",
    "as_counts",
    "as_share",
    "check",
    "measures_left",
    "name_for",
    "near_schools",
    "open_choices",
    "perhaps_share",
    "propose",
    "read",
    "recognize",
    "with_header_row",
    "with_layout",
    "with_measures",
    "with_no_share",
    "with_role",
    "with_sheets",
    "with_totals",
]
