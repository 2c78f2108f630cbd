"""How much of a change idea was done, beside how much a measure differs: one pair of numbers per school.

Nothing is fitted, and nothing is concluded: schools that do more are other schools, too. Source: the project's rules on
change ideas (rules, 7: dose).
"""

from dataclasses import dataclass

import pandas as pd

from lib.analysis.aligning import FEWEST_SCHOOLS


@dataclass(frozen=True)
class Dosing:
    """`schools`: one row per school that has both, by its id: done (the median of the process measure after the
    start), difference and moved of the other measure, as `Aligned.schools` has them."""

    schools: pd.DataFrame

    @property
    def enough(self) -> bool:
        return len(self.schools) >= FEWEST_SCHOOLS

    @property
    def middle(self) -> float:
        """What the middle school did."""
        return float(self.schools["done"].median())

    @property
    def more(self) -> pd.DataFrame:
        """The schools that did more than the middle one."""
        return self.schools[self.schools["done"] > self.middle]

    @property
    def less(self) -> pd.DataFrame:
        return self.schools[self.schools["done"] < self.middle]


def dosing(differs: pd.DataFrame, done: pd.DataFrame) -> Dosing:
    """The schools that can be compared on both measures: `Aligned.schools` of either, by school id.

    >>> differs = pd.DataFrame({"difference": [0.1, 0.0], "moved": [1.0, 0.5]}, index=[7, 8])
    >>> dosing(differs, pd.DataFrame({"after": [0.9, None]}, index=[7, 8])).schools.index.tolist()
    [7]
    """
    pairs = differs[["difference", "moved"]].join(done["after"].rename("done"))
    return Dosing(pairs.dropna())
