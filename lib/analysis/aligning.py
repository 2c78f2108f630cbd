"""Change ideas lined up: schools on the period in which they started, and those still waiting over the same dates.

Nothing here says that an idea caused anything. What a shared drift or season can do alone is told by shuffling: the
starts are dealt out anew among all schools, those still waiting included, and each deal is read in the same way.

Source: the project's rules on change ideas (rules, 7).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.analysis.reading import run_charts
from lib.analysis.series import Flags, Floats, Integers, values_of

FEWEST_POINTS = 8
"""Points on each side of the start that a school needs to be compared. Source: the project's rules, 7."""

FEWEST_SCHOOLS = 3
"""Schools with a value that the bold line needs. Source: the project's rules, 7."""

SHUFFLES = 1000
SEED = 20261124
"""How often the starts are dealt out, and the seed of it. Source: the project's rules, 7 (number)."""

WAYS = {"up": 1, "down": -1}
CELLS_AT_ONCE = 1 << 21


@dataclass(frozen=True)
class Aligned:
    """Schools lined up on their starts.

    `lines`: one row per school and period with a value: series, relative (0 = the first period at or after the start;
    of a school still waiting, after the middle start), date, value, waiting. `middle`: relative, waiting, value (the
    median of the schools, NaN under FEWEST_SCHOOLS) and n_schools. `schools`: one row per series: start, end, waiting,
    n_before, n_after, before and after (medians, NaN under FEWEST_POINTS points), difference, moved (1 the wanted way,
    0 not, 0.5 no difference, NaN not compared), waiting_moved (the share of the other schools' starts over which it
    moved while it had not started itself, NaN where it can't be compared over any), and of the points after the start
    on the line frozen before it: state, direction, signal.
    """

    lines: pd.DataFrame
    middle: pd.DataFrame
    schools: pd.DataFrame

    @property
    def compared(self) -> int:
        """Schools that started and can be compared."""
        return int(self.schools["moved"].notna().sum())

    @property
    def moved(self) -> float:
        """How many of them moved the wanted way; no difference counts half."""
        return float(self.schools["moved"].sum())

    @property
    def waiting(self) -> int:
        """Schools that had not started over the dates of some school that did, with points enough."""
        return int(self.schools["waiting_moved"].notna().sum())

    @property
    def waiting_moved(self) -> float:
        """How many of them moved over the same dates: each counts by its share of the starts it is compared over."""
        return float(self.schools["waiting_moved"].sum())


@dataclass(frozen=True)
class _Grid:
    """Values in a table of series by date (NaN = none), and for each series where its start and end lie in it."""

    dates: NDArray[np.datetime64]
    value: Floats
    start: Integers
    end: Integers
    starts: Flags

    @property
    def options(self) -> list[tuple[int, int]]:
        """The different starts and ends that schools have."""
        return sorted(set(zip(self.start[self.starts].tolist(), self.end[self.starts].tolist(), strict=True)))


def aligned(points: pd.DataFrame, starts: Sequence[object], wanted: str, ends: Sequence[object] = ()) -> Aligned:
    """Line up the series in `points` (as `run_charts` takes them, with `date`) on their starts.

    `starts`, `ends`: a day per series in the order of the series, None or NaT where a school hasn't started or stopped.
    `wanted`: "up" or "down"; with any other, `moved` is NaN. A school whose start lies before its network's first
    period is left out of the lines, since its period 0 isn't known. Raises ValueError where the lengths don't fit.
    """
    grid = _grid(points, starts, ends)
    lines = _lines(grid)
    return Aligned(lines, _middle(lines), _schools(grid, starts, ends, WAYS.get(wanted, 0)))


def _grid(points: pd.DataFrame, starts: Sequence[object], ends: Sequence[object]) -> _Grid:
    series = np.unique(points["series"].to_numpy())
    ends = ends or [None] * len(series)
    if len(starts) != len(series) or len(ends) != len(series):
        raise ValueError(f"{len(starts)} starts and {len(ends)} ends for {len(series)} series")
    dates, column = np.unique(_days(points["date"]), return_inverse=True)
    value = np.full((len(series), len(dates)), np.nan)
    found, _ = values_of(points)
    if "excluded" in points:
        found = np.where(points["excluded"].to_numpy(dtype=bool), np.nan, found)
    value[np.searchsorted(series, points["series"].to_numpy()), column] = found
    begun, ended = (_days(pd.Series(list(days), dtype="datetime64[s]")) for days in (starts, ends))
    last = np.where(np.isnat(ended), len(dates), np.searchsorted(dates, ended, side="right"))
    return _Grid(dates, value, np.searchsorted(dates, begun), last, ~np.isnat(begun))


def after_starts(points: pd.DataFrame, starts: Sequence[object], ends: Sequence[object] = ()) -> pd.DataFrame:
    """Of series that all started, what `Aligned.schools` says of each by itself: n_before, n_after, before, after,
    difference, state, direction, signal, and chance (how often the rules speak when nothing changed)."""
    grid = _grid(points, starts, ends)
    own = _sides(grid.value, grid.start, grid.end)
    sides = {name: getattr(own, name) for name in ("n_before", "n_after", "before", "after")}
    return pd.DataFrame({**sides, "difference": own.after - own.before, **_states_after(grid, own, ("chance",))})


def _days(days: "pd.Series[pd.Timestamp]") -> NDArray[np.datetime64]:
    return days.to_numpy().astype("datetime64[D]")


def _lines(grid: _Grid) -> pd.DataFrame:
    known = grid.starts & (grid.start > 0)
    zero = np.where(known, grid.start, 0)
    if known.any():
        zero[~grid.starts] = int(np.median(grid.start[known]))
    shown = ~np.isnan(grid.value) & (known | ~grid.starts)[:, None]
    shown &= np.arange(len(grid.dates)) < grid.end[:, None]
    series, column = np.nonzero(shown)
    return pd.DataFrame(
        {
            "series": series,
            "relative": column - zero[series],
            "date": grid.dates[column].astype("datetime64[s]"),
            "value": grid.value[series, column],
            "waiting": ~grid.starts[series],
        }
    )


def _middle(lines: pd.DataFrame) -> pd.DataFrame:
    found = lines.groupby(["waiting", "relative"], sort=True)["value"].agg(["median", "size"]).reset_index()
    enough = found["size"] >= FEWEST_SCHOOLS
    return found.assign(value=found["median"].where(enough), n_schools=found["size"]).drop(columns=["median", "size"])


def _schools(grid: _Grid, starts: Sequence[object], ends: Sequence[object], way: int) -> pd.DataFrame:
    own = _sides(grid.value, np.where(grid.starts, grid.start, 0), grid.end)
    moved = np.where(grid.starts, _moved(own, way), np.nan)
    n_schools = len(grid.value)
    table = pd.DataFrame(
        {
            "start": pd.Series(list(starts), dtype="datetime64[s]"),
            "end": pd.Series(list(ends) or [None] * n_schools, dtype="datetime64[s]"),
            "waiting": ~grid.starts,
            "n_before": np.where(grid.starts, own.n_before, 0),
            "n_after": np.where(grid.starts, own.n_after, 0),
            "before": np.where(grid.starts, own.before, np.nan),
            "after": np.where(grid.starts, own.after, np.nan),
        }
    )
    table["difference"] = table["after"] - table["before"]
    return table.assign(moved=moved, waiting_moved=_waiting_moved(grid, way), **_states_after(grid, own))


@dataclass(frozen=True)
class _Sides:
    """Points and medians before and after a column of the grid, one entry per series."""

    n_before: Integers
    n_after: Integers
    before: Floats
    after: Floats


def _sides(value: Floats, start: Integers, end: Integers) -> _Sides:
    column = np.arange(value.shape[1])
    (n_before, before), (n_after, after) = (
        _medians(np.where(part, value, np.nan))
        for part in (column < start[:, None], (column >= start[:, None]) & (column < end[:, None]))
    )
    return _Sides(n_before, n_after, before, after)


def _medians(rows: Floats) -> tuple[Integers, Floats]:
    """How many values each row has, and their median, NaN under FEWEST_POINTS."""
    n = (~np.isnan(rows)).sum(axis=1)
    ordered = np.sort(rows, axis=1)
    row, last = np.arange(len(rows)), max(rows.shape[1] - 1, 0)
    low, high = ordered[row, np.maximum(n - 1, 0) // 2], ordered[row, np.minimum(n // 2, last)]
    return n, np.where(n >= FEWEST_POINTS, np.where(n % 2 == 1, low, (low + high) / 2), np.nan)


def _moved(sides: _Sides, way: int) -> Floats:
    difference = sides.after - sides.before
    return np.where(np.isnan(difference) | (way == 0), np.nan, (np.sign(difference) * way + 1) / 2)


def _by_option(grid: _Grid, way: int, until: Integers) -> Floats:
    """Whether each series moved, for each of the different starts and ends, up to a column of its own: series by
    option."""
    n = len(grid.value)
    columns = [
        _moved(_sides(grid.value, np.full(n, start), np.minimum(end, until)), way) for start, end in grid.options
    ]
    return np.column_stack(columns) if columns else np.zeros((n, 0))


def _waiting_moved(grid: _Grid, way: int) -> Floats:
    """Of each school the share of the others' starts over which it moved before it started itself."""
    found = _by_option(grid, way, np.where(grid.starts, grid.start, len(grid.dates)))
    known, times = ~np.isnan(found), _times(grid)
    weight = np.where(known, times, 0).sum(axis=1)
    moved = np.where(known, np.nan_to_num(found) * times, 0).sum(axis=1)
    return np.divide(moved, weight, out=np.full(len(found), np.nan), where=weight > 0)


def _times(grid: _Grid) -> Integers:
    """How many schools have each of the different starts and ends."""
    own = list(zip(grid.start[grid.starts].tolist(), grid.end[grid.starts].tolist(), strict=True))
    return np.array([own.count(option) for option in grid.options], dtype=np.int64)


def _states_after(grid: _Grid, own: _Sides, numbers: Sequence[str] = ()) -> dict[str, NDArray[Any]]:
    """What the rules say of the points after the start, on the line frozen on those before it; `numbers`: which of
    their numbers besides."""
    found: dict[str, NDArray[Any]] = {
        name: np.full(len(grid.value), "", dtype=object) for name in ("state", "direction")
    }
    found["signal"] = np.full(len(grid.value), False, dtype=object)
    found |= {name: np.full(len(grid.value), np.nan) for name in numbers}
    rows = np.flatnonzero(grid.starts & (own.n_before >= FEWEST_POINTS))
    if not len(rows):
        return found
    series, column = np.nonzero(~np.isnan(grid.value[rows]) & (np.arange(len(grid.dates)) < grid.end[rows, None]))
    table = pd.DataFrame({"series": series, "value": grid.value[rows[series], column]})
    phases = run_charts(table.assign(baseline=column < grid.start[rows][series])).phases
    for name in found:
        found[name][rows] = phases[name].to_numpy(dtype=found[name].dtype)
    return found


def by_luck(
    points: pd.DataFrame, starts: Sequence[object], wanted: str, ends: Sequence[object] = (), seed: int = SEED
) -> float:
    """How often as large a share of the compared schools moves when the starts are dealt out among all schools.

    A share of SHUFFLES deals, 0 to 1; NaN where no school can be compared or `wanted` is no direction. Waiting schools
    take part, so a drift or a season that all share comes up as often in the deals as in what was seen. Where it is so
    strong that nearly every school moves anyway, no idea can be told from it (of true steps of 2 wobbles 87 % are found
    without any drift, 68 % beside a season of 2 wobbles and a drift of 0.3 a week).
    """
    grid = _grid(points, starts, ends)
    moved = _by_option(grid, WAYS.get(wanted, 0), np.full(len(grid.value), len(grid.dates)))
    option = {one: number for number, one in enumerate(grid.options)}
    pairs = zip(grid.start.tolist(), grid.end.tolist(), grid.starts.tolist(), strict=True)
    dealt = np.array([option[start, end] if started else -1 for start, end, started in pairs], dtype=np.int64)
    seen = _share(moved, dealt[None, :])[0] if len(option) else np.nan
    if np.isnan(seen):
        return float("nan")
    chance = np.random.default_rng(seed)
    deals = chance.permuted(np.tile(dealt, (SHUFFLES, 1)), axis=1)
    shares = np.concatenate([_share(moved, part) for part in np.array_split(deals, _blocks(deals))])
    return float(np.mean(np.nan_to_num(shares, nan=1.0) >= seen - 1e-12))


def _blocks(deals: Integers) -> int:
    return max(deals.size // CELLS_AT_ONCE, 1)


def _share(moved: Floats, dealt: Integers) -> Floats:
    """The share of compared schools that moved, for each deal (a row: the option of each school, -1 none)."""
    found = np.where(dealt >= 0, moved[np.arange(len(moved)), dealt], np.nan)
    known = ~np.isnan(found)
    n = known.sum(axis=1)
    return np.divide(np.where(known, found, 0).sum(axis=1), n, out=np.full(len(dealt), np.nan), where=n > 0)
