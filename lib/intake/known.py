"""What the network knows already and a file is read against."""

import re
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from lib.measures import Measure


def _no_schools() -> pd.DataFrame:
    return pd.DataFrame({"id": [], "code": [], "name": []})


@dataclass(frozen=True)
class Known:
    """`schools` has the columns id, code and name, and may have aliases (lists).

    `first_week` is the Monday of week 1 of the school year.
    `measure_aliases`: other names of measures in lower case, and the names they stand for.
    """

    schools: pd.DataFrame = field(default_factory=_no_schools)
    measures: tuple[Measure, ...] | list[Measure] = ()
    measure_aliases: dict[str, str] = field(default_factory=dict)
    today: date = field(default_factory=date.today)
    school_year_start: int = 8
    first_week: date | None = None

    def measure(self, name: str) -> Measure | None:
        """The known measure of this name or other name, upper and lower case being one."""
        said = name.strip().casefold()
        meant = self.measure_aliases.get(said, said).casefold()
        return next((one for one in self.measures if one.name.casefold() == meant), None)

    def measure_in(self, title: str) -> str:
        """The known measure that a title names, the longest where it names several; "" where it names none.

        >>> Known(measures=[Measure(1, "Weekly attendance")]).measure_in("Weekly attendance 2024-25, ninth grade")
        'Weekly attendance'
        """
        named = [
            one.name for one in self.measures if re.search(rf"(?<!\w){re.escape(one.name)}(?!\w)", title, re.IGNORECASE)
        ]
        return max(named, key=len, default="")

    def school_names(self) -> list[str]:
        return [str(name) for name in self.schools["name"].tolist()] if "name" in self.schools.columns else []

    def school_words(self) -> set[str]:
        """Codes, names and aliases, upper and lower case being one."""
        columns = [self.schools[key] for key in ("code", "name") if key in self.schools.columns]
        words = [str(word) for column in columns for word in column.tolist()]
        if "aliases" in self.schools.columns:
            words += [str(alias) for aliases in self.schools["aliases"].tolist() for alias in aliases]
        return {word.casefold() for word in words if word}
