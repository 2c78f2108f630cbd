"""What was noticed in a sheet before a parser read it."""

from dataclasses import dataclass, field

Address = tuple[int, int]


@dataclass
class Noticed:
    """`silent`: error cells ("#DIV/0!") and formulas without a value ("="), which the parser passes over, by row and
    column from 1. `merged`: ranges from 0 that the parser doesn't tell: first row and column, last row and column.
    `hidden_rows` counts the hidden rows with cells; `hidden_columns` are first and last ones, from 1."""

    silent: dict[Address, str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
