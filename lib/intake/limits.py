"""How much a workbook may hold, whatever its format, and the budget from which each look into it is paid."""

from dataclasses import dataclass

from lib.intake.refusal import Refusal

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
"""Rows and columns of an Excel sheet (Microsoft, “Excel specifications and limits”)."""
MOST_CELLS = 5_000_000
"""Cells of a workbook, and of the rectangle a sheet's cells span: 25 times a year of daily data of 1,600 schools would
not fit on one sheet either, and at 32 bytes a cell the parser stays well under the child's memory."""
MOST_FILLED_COLUMNS = 2_000
"""Columns of a sheet that hold something: ten school years of school days side by side (180 a year) take 1,800. Each
column is looked at on its own, so many thousand would take a minute."""
MOST_BYTES = 400_000_000
"""Inflated XML of a workbook: 1.6 million ordinary cells take about 80 MB."""
MOST_STRINGS = 2_000_000
MOST_MERGED = 50_000
MOST_SILENT = 500_000
"""Error cells and formulas without a value: each is named, by its address."""
MOST_UNFOLDED = 500_000_000
"""Cells that an OpenDocument sheet's repetitions stand for, blank ones too: a parser writes out each row. 30,000 rows
that are blank up to the last column take two seconds."""
LONGEST_ROW = 8 << 20
"""Bytes of XML in one row, or the chunk that holds it; 16,384 ordinary cells take under 2 MB."""
UNREADABLE = "Open it in Excel and save it again."
DANGER = "The workbook holds {what}, which no ordinary workbook has, so it was not opened."
SPLIT = "Split it into several files."


@dataclass
class Budget:
    bytes_left: int = MOST_BYTES
    cells_left: int = MOST_CELLS
    strings_left: int = MOST_STRINGS
    merged_left: int = MOST_MERGED
    unfolded_left: int = MOST_UNFOLDED
    silent_left: int = MOST_SILENT

    def spend_bytes(self, number: int) -> None:
        self.bytes_left -= number
        if self.bytes_left < 0:
            raise Refusal(f"Unpacked, the workbook is over {MOST_BYTES // 1_000_000} MB.", SPLIT)

    def spend_cells(self, number: int) -> None:
        self.cells_left -= number
        if self.cells_left < 0:
            raise Refusal(f"The workbook has more than {MOST_CELLS:,} cells.", SPLIT)

    def spend_strings(self, number: int) -> None:
        self.strings_left -= number
        if self.strings_left < 0:
            raise Refusal(f"The workbook has more than {MOST_STRINGS:,} different texts.", SPLIT)

    def spend_merged(self, number: int) -> None:
        self.merged_left -= number
        if self.merged_left < 0:
            raise Refusal(
                f"The workbook has more than {MOST_MERGED:,} merged cells.", "Undo the merging, and save again."
            )

    def spend_unfolded(self, number: int) -> None:
        self.unfolded_left -= number
        if self.unfolded_left < 0:
            raise Refusal(
                "The workbook has too many rows that are blank up to the last column.",
                "Delete the empty rows and columns, and save again.",
            )

    def spend_silent(self, number: int) -> None:
        self.silent_left -= number
        if self.silent_left < 0:
            raise Refusal(
                f"The workbook has more than {MOST_SILENT:,} error cells and formulas without a value.",
                "Open it in Excel, let it calculate, and save it again.",
            )


def refuse_far_cells(last_row: int, last_column: int, rows_there: int = 0) -> None:
    """The rectangle up to the farthest cell with content is what a parser makes room for.

    `rows_there`: how many rows there are, to tell a sheet that is too long from a cell far away.
    """
    if last_row > MOST_ROWS or last_column > MOST_COLUMNS:
        raise Refusal("A cell lies outside the sheet.", UNREADABLE)
    if last_row * last_column <= 4 * MOST_CELLS:
        return
    if rows_there > last_row // 2:
        raise Refusal(f"A sheet with {rows_there:,} rows is too large to be read.", SPLIT)
    raise Refusal(
        f"A cell far away (row {last_row:,}, column {last_column:,}) makes the sheet too large.",
        "Delete the far cell, or the empty rows and columns, and save again.",
    )
