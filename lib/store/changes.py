"""What came in: every upload of a network, and what each changed in what was stored before it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import pandas as pd

from lib.store.database import Database
from lib.store.history import EVERY_VALUE, KEY

Kind = Literal["new", "changed", "emptied", "vanished", "unchanged"]


@dataclass(frozen=True)
class Upload:
    """One upload as it is listed. `kept` and the counts after it are those of its file when it came in."""

    id: int
    file: str
    sha256: str
    at: datetime
    who: str
    reason: str
    recipe: str
    sheets: tuple[str, ...]
    kept: int
    suppressed: int
    refused: int
    left_out: int
    blank: int
    undone: bool

    @property
    def values(self) -> int:
        return self.kept + self.suppressed + self.refused + self.left_out


COLUMNS = "id, file, sha256, saved_at, who, reason, recipe, sheets, kept, suppressed, refused, left_out, blank, undone"


def uploads(database: Database, network: int) -> list[Upload]:
    """Every upload of the network, the newest first; undone ones are in it."""
    rows = database.rows(f"select {COLUMNS} from upload where network = ? order by id desc", [network])
    return [_upload(*row) for row in rows]


def about(database: Database, number: int) -> Upload | None:
    """One upload, None where there is none of this number."""
    rows = database.rows(f"select {COLUMNS} from upload where id = ?", [number])
    return next((_upload(*row) for row in rows), None)


def _upload(
    number: int, file: str, sha256: str, at: datetime, who: str, reason: str, recipe: str, *counted: Any
) -> Upload:
    sheets, *counts_and_state = counted
    return Upload(number, file, sha256, at, who, reason, recipe, tuple(sheets), *counts_and_state)


COMPARED = f"""
    mine as (select * from {EVERY_VALUE} where upload = $upload),
    reach as (select measure, school, student_group, min(date) as first, max(date) as last from mine group by all),
    earlier as (
        select every.* from {EVERY_VALUE} as every join upload on upload.id = every.upload and not undone
        join reach using (measure, school, student_group)
        where every.upload < $upload and date between first and last
        qualify row_number() over (partition by {KEY} order by every.upload desc) = 1),
    compared as (
        select {KEY}, mine.value, mine.numerator, mine.denominator, mine.sheet, mine.row, mine.col,
               earlier.value as value_before, earlier.numerator as numerator_before,
               earlier.denominator as denominator_before,
               case when mine.upload is null then if(earlier.value is null, null, 'vanished')
                    when mine.value is null then if(earlier.value is null, 'unchanged', 'emptied')
                    when earlier.value is null then 'new'
                    when mine.value = earlier.value and mine.numerator is not distinct from earlier.numerator
                         and mine.denominator is not distinct from earlier.denominator then 'unchanged'
                    else 'changed' end as kind
        from mine full join earlier using ({KEY}))"""
"""SQL steps that compare an upload with the newest standing value before it, within its own reach: the same measures,
schools and groups, from its first date to its last."""


def counts(database: Database, upload: int) -> dict[Kind, int]:
    """How many observations of each kind; `vanished` were stored before, are not in the upload, and stay; `emptied` a
    person took away."""
    rows = database.rows(
        f"with {COMPARED} select kind, count(*) from compared where kind is not null group by 1", {"upload": upload}
    )
    found: dict[Kind, int] = {"new": 0, "changed": 0, "emptied": 0, "vanished": 0, "unchanged": 0}
    return found | dict(rows)


def changes(database: Database, upload: int, kind: Kind, most: int) -> pd.DataFrame:
    """Observations of one kind, `most` at most, in order of measure, school, group and date.

    Columns: measure, school, student_group (ids), date, value, numerator, denominator and the same with `_before`,
    sheet (place in the upload's sheets), row, col. What one side doesn't say is NaN.
    """
    return database.frame(
        f"with {COMPARED} select * exclude (kind) from compared where kind = $kind order by {KEY} limit $most",
        {"upload": upload, "kind": kind, "most": most},
    )


def refused(database: Database, upload: int) -> pd.DataFrame:
    """The cells that were refused: sheet, cell, value, reason, fix, in the order of the file."""
    return database.frame(
        "select sheet, cell, value, reason, fix from refused_cell where upload = ? order by rowid", [upload]
    )


def left_out(database: Database, upload: int) -> pd.DataFrame:
    """The rows that were left out: sheet, row, reason."""
    return database.frame("select sheet, row, reason from left_out_row where upload = ? order by rowid", [upload])
