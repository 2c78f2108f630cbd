"""Making series for tests."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

VALUES = {"L": 1.0, "H": 2.0, "M": 1.5, ".": np.nan}


def letters(text: str) -> list[float]:
    """L low, H high, M on the median of as many L as H, a dot for a missing value; blanks are ignored."""
    return [VALUES[letter] for letter in text if letter != " "]


def one(values: Sequence[float | None], **columns: object) -> pd.DataFrame:
    """One series as run_charts takes it."""
    return pd.DataFrame({"series": np.int64(0), "value": np.array(values, dtype=np.float64), **columns})


def together(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Several series in one table, numbered from 0."""
    return pd.concat([part.assign(series=number) for number, part in enumerate(parts)], ignore_index=True)
