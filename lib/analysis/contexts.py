"""What schools in different contexts did with change ideas: counted by idea and context, and nothing but counted.

Source: the project's notes on “what works, for whom, under what conditions”: schools tried, stages, moved, flat, other
way; never one score.
"""

from collections import Counter
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Cell:
    """The schools of one context that have to do with one idea, and how many there are of each stage and outcome."""

    schools: tuple[int, ...]
    stages: dict[str, int]
    outcomes: dict[str, int]


def by_context(tried: pd.DataFrame, contexts: pd.DataFrame) -> dict[tuple[str, str], Cell]:
    """A cell for each idea and context that have a school in common.

    `tried`: idea, school, stage, outcome, one row per idea and school. `contexts`: context, school; a school may be in
    several, and is counted in each.
    """
    both = tried.merge(contexts, on="school").sort_values(["idea", "context", "school"])
    parts = both.groupby(["idea", "context"], sort=False)
    return {(str(idea), str(context)): _cell(rows) for (idea, context), rows in parts}


def _cell(rows: pd.DataFrame) -> Cell:
    return Cell(tuple(rows["school"].tolist()), Counter(rows["stage"]), Counter(rows["outcome"]))


def thirds(sizes: "pd.Series[float]") -> "pd.Series[int]":
    """0 for the smallest third, 1, and 2 for the largest; schools of one size are in the same third.

    >>> thirds(pd.Series([10, 20, 30, 40, 50, 60])).tolist(), thirds(pd.Series([7, 7, 7])).tolist()
    ([0, 0, 1, 1, 2, 2], [0, 0, 0])
    """
    low, high = sizes.quantile(1 / 3), sizes.quantile(2 / 3)
    return (sizes > low).astype(int) + (sizes > high).astype(int)
