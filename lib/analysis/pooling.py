"""Schools put together, many sets of them at once, from points that are already at hand.

The store pools one set of schools in SQL; here every district is pooled in one pass. Both follow the project's rules
on points: sum of numerators / sum of denominators, never a mean of percentages; the median where only values exist.
"""

import numpy as np
import pandas as pd

from lib.measures import COMPLETE_SHARE


def pooled(points: pd.DataFrame, of: "pd.Series[int]") -> pd.DataFrame:
    """One line for each number in `of` (one per row of `points`; negative = in none): columns `line`, `date`, `value`,
    `n_schools`, in order of line and date.

    `points`: one row per school and period: `date`, `numerator`, `denominator` (NaN where only a value exists),
    `value` (NaN = none). A newest period that isn't complete is left out.

    >>> points = pd.DataFrame({"date": 1, "numerator": [1.0, 9.0], "denominator": [2.0, 18.0], "value": [0.5, 0.5]})
    >>> pooled(points.assign(denominator=[2.0, 10.0]), pd.Series([0, 0]))["value"].round(4).tolist()
    [0.8333]
    """
    kept = points["value"].notna() & (of.to_numpy() >= 0)
    rows = points.loc[kept, ["date", "numerator", "denominator", "value"]].assign(line=of.to_numpy()[kept])
    ratio = rows["numerator"].notna() & rows["denominator"].notna()
    grouped = rows.assign(ratio=ratio).groupby(["line", "date"], sort=True)
    found = grouped.agg(
        numerator=("numerator", "sum"),
        denominator=("denominator", "sum"),
        middle=("value", "median"),
        ratio=("ratio", "all"),
        n_schools=("value", "size"),
    ).reset_index()
    share = found["numerator"] / found["denominator"]
    value = share.where(found["ratio"], found["middle"])
    lines = found[["line", "date", "n_schools"]].assign(value=value)[["line", "date", "value", "n_schools"]]
    return lines[~_incomplete(lines)].reset_index(drop=True)


def _incomplete(lines: pd.DataFrame) -> np.ndarray:
    """Marks the newest point of a line where too few of its usual schools are in it yet."""
    newest = ~lines["line"].duplicated(keep="last")
    usual = lines[~newest].groupby("line")["n_schools"].median()
    few = lines["n_schools"] < COMPLETE_SHARE * lines["line"].map(usual)
    return (newest & few).to_numpy()
