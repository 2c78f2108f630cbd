"""The store as pages see it: one database a process, and what was computed from it, kept until the data change."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from lib.analysis import CONTROL_CHARTS, control_limits, run_charts, summarize
from lib.analysis.marking import by_school_year, school_years, with_marks
from lib.intake.sheets import address
from lib.marks import ChartMark, Place, Standing, in_force, replay
from lib.measures import CADENCES, COMPLETE_SHARE, Group, Measure, School
from lib.sample_network import fill, make_database, make_without, steps
from lib.screen import working
from lib.store import Database, default_path, definitions, marks, series
from lib.store.networks import none_ever
from lib.store.series import POOLED, Choice
from lib.wording import ROW_POSITIONS, Break, IdeaStart, Note, PhaseStart, Reading, day, say
from lib.wording.spans import transformed_text
from lib.wording.texts import spoken

FILLING = threading.Lock()
"""Held while a first start makes the database; who comes meanwhile waits for it."""


def database() -> Database:
    """The one database of this process. An empty one is filled with the sample network, unless the person cancels."""
    path = default_path()
    if not path.exists():
        working.finish()
    if not path.exists():
        working.run(
            steps(),
            lambda progress: _make_once(path, lambda: make_database(path, progress.step)),
            on_cancel=lambda: _make_once(path, lambda: make_without(path)),
            keep=True,
        )
    return _opened()


def _make_once(path: Path, make: Callable[[], None]) -> None:
    with FILLING:
        if not path.exists():
            make()


@st.cache_resource(show_spinner=False)
def _opened() -> Database:
    opened = Database(default_path())
    if none_ever(opened):
        fill(opened)
    return opened


@dataclass(frozen=True)
class Network:
    """What every page needs to know of a network: read together, kept until something is written.

    Retired schools and measures are in neither list; their values are still in the network's lines. `groups`: all
    students first, or last where only groups have values.
    """

    id: int
    name: str
    invented: bool
    schools: dict[int, School]
    measures: dict[int, Measure]
    groups: dict[int, Group]
    breaks: tuple[tuple[str, Break], ...]
    ideas: dict[int, tuple[IdeaStart, ...]]
    span: tuple[date, date] | None

    @property
    def key(self) -> tuple[int, str]:
        """What is kept of the network is kept by this: it holds text in the language that is spoken."""
        return self.id, spoken()

    @property
    def usual_group(self) -> int:
        """All students; where only groups have values the first of them."""
        return next(iter(self.groups))

    def school_label(self, number: int) -> str:
        """The school's name, with its code where another school has the same name."""
        if number == POOLED:
            return say("place.network", n=len(self.schools))
        school = self.schools[number]
        return f"{school.name} ({school.code})" if school.name in self.shared_names else school.name

    @cached_property
    def sets(self) -> dict[str, tuple[int, ...]]:
        """Schools that can be put together, by “district …” and “tag …” in order of name; sets of one are left out."""
        found: dict[str, tuple[int, ...]] = {}
        for school in self.schools.values():
            names = [f"tag {tag}" for tag in school.tags]
            for name in ([f"district {school.district}"] if school.district else []) + names:
                found[name] = (*found.get(name, ()), school.id)
        return {name: found[name] for name in sorted(found) if 1 < len(found[name]) < len(self.schools)}

    def together_label(self, schools: tuple[int, ...]) -> str:
        """What schools that are put together are called; none = all of the network."""
        name = next((name for name, members in self.sets.items() if members == schools), "")
        kind, _, of = name.partition(" ")
        return say(f"together.{kind}", n=len(schools), name=of) if name else say("together.all")

    def breaks_of(self, schools: tuple[int, ...]) -> tuple[Break, ...]:
        """The breaks that all of these schools have, none = all of the network."""
        districts = {self.schools[number].district for number in schools or self.schools}
        return tuple(gap for where, gap in self.breaks if where == "" or districts == {where})

    @cached_property
    def shared_names(self) -> set[str]:
        names = pd.Series([school.name for school in self.schools.values()], dtype="str")
        return set(names[names.duplicated()])


@st.cache_resource(max_entries=20, show_spinner=False)
def _network(_database: Database, path: str, version: int, number: int, name: str, invented: bool) -> Network:
    breaks = definitions.breaks(_database, number).itertuples(index=False, name=None)
    return Network(
        id=number,
        name=name,
        invented=invented,
        schools={school.id: school for school in definitions.schools(_database, number) if not school.retired},
        measures={one.id: one for one in definitions.measures(_database, number) if not one.retired},
        groups={group.id: group for group in definitions.groups(_database, number)},
        breaks=tuple((district, Break(called, first, last)) for called, first, last, district in breaks),
        ideas=_ideas_by_school(definitions.idea_starts(_database, number)),
        span=definitions.span(_database, number),
    )


def _ideas_by_school(starts: pd.DataFrame) -> dict[int, tuple[IdeaStart, ...]]:
    """Each school's change ideas, in the order in which they come."""
    ideas: dict[int, tuple[IdeaStart, ...]] = {}
    for school, idea, start in starts.itertuples(index=False, name=None):
        ideas[school] = (*ideas.get(school, ()), IdeaStart(idea, start))
    return ideas


def networks() -> pd.DataFrame:
    opened = database()
    return _networks(opened, opened.path, opened.version)


@st.cache_resource(max_entries=20, show_spinner=False)
def _networks(_database: Database, path: str, version: int) -> pd.DataFrame:
    return definitions.networks(_database)


def network(number: int) -> Network:
    opened = database()
    row = networks().set_index("id").loc[number]
    return _network(opened, opened.path, opened.version, number, str(row["name"]), bool(row["invented"]))


OWN_MEDIAN = -1
"""Instead of a number of points to freeze: the median of all points, whatever is frozen."""


@dataclass(frozen=True)
class Charts:
    """Every run chart of a choice, summed up at once; points are read only of the charts looked at.

    `keys` has one row per series: measure, school, student_group, first and last (row positions in `points`,
    inclusive). `points` as they go into the rules, `phases` as they come out of them; `reads` says of each series
    whether run rules may be read.
    """

    keys: pd.DataFrame
    points: pd.DataFrame
    phases: pd.DataFrame
    rules: str
    baseline: int | None
    reads: np.ndarray

    @cached_property
    def newest_phases(self) -> pd.DataFrame:
        """The newest phase of each series, in the order of `keys`."""
        return self.phases.drop_duplicates("series", keep="last").reset_index(drop=True)

    @cached_property
    def newest_points(self) -> pd.DataFrame:
        """Of each series the date, value, numerator and denominator of its newest value, in the order of `keys`.

        A series ends at its own last value, so that is its last row.
        """
        columns = ["date", "value", "numerator", "denominator"]
        return self.points[columns].iloc[self.keys["last"].to_numpy()].reset_index(drop=True)

    def points_of(self, rows: Sequence[int] | np.ndarray) -> pd.DataFrame:
        """What the rules say of each point of these series (rows of `keys`), one series after the other; `series`
        is numbered by the place in `rows`."""
        first, last = (self.keys[name].to_numpy()[rows] for name in ("first", "last"))
        length = last - first + 1
        at = np.arange(length.sum()) + np.repeat(first - (np.cumsum(length) - length), length)
        points = self.points.iloc[at].reset_index(drop=True).assign(series=np.repeat(np.arange(len(rows)), length))
        return run_charts(points, rules=self.rules, baseline=self.baseline, reads_runs=self.reads[rows]).points

    def phases_of(self, rows: Sequence[int] | np.ndarray) -> pd.DataFrame:
        """The phases of these series (rows of `keys`, ascending), numbered as `points_of` numbers them."""
        found = self.phases[self.phases["series"].isin(rows)]
        return found.assign(series=np.searchsorted(rows, found["series"].to_numpy()))


def charts(choice: Choice, rules: str = "anhoej", baseline: int = 0) -> Charts:
    """The run charts of a choice: one query, one call of the library for all; kept until the data change.

    What people marked is applied. `baseline`: 0 reads each chart as it was agreed, by marks and school years; a number
    freezes the middle line on so many points instead of last school year's; OWN_MEDIAN freezes nothing.
    """
    opened = database()
    return _charts(opened, opened.path, opened.version, choice, rules, baseline)


@st.cache_resource(max_entries=200, show_spinner=False)
def _charts(_database: Database, path: str, version: int, choice: Choice, rules: str, baseline: int) -> Charts:
    agreed = Agreed(standing_marks(choice.network, choice.as_of), school_year_start(choice.network))
    return read_charts(_database, choice, rules, baseline, agreed)


@dataclass(frozen=True)
class Agreed:
    """What charts need beside their values: the marks that stand, and the month in which the school year starts."""

    standing: list[Standing]
    school_year_start: int


def read_charts(database: Database, choice: Choice, rules: str, baseline: int, agreed: Agreed) -> Charts:
    """`charts`, read anew and not kept; for work in a thread of its own."""
    points = series.points(database, choice)
    keys = _keys(points)
    points["series"] = np.repeat(np.arange(len(keys)), keys["last"] - keys["first"] + 1)
    points["excluded"] = _incomplete(points, keys) if choice.pooled else False
    every = {one.id: series.as_shown(one, choice) for one in definitions.measures(database, choice.network)}
    readable = {n: replace(m, cadence=period_of(m, choice)).reads_runs for n, m in every.items()}
    numbers = keys["measure"].tolist()
    measures = [every[number] for number in numbers]
    periods = [period_of(measure, choice) for measure in measures]
    points = with_marks(points, _marks_by_series(agreed.standing, keys, periods, choice))
    reads = np.array([readable[number] for number in numbers], dtype=bool)
    if baseline == 0:
        points = _by_school_year(points, keys, measures, periods, reads, agreed.school_year_start)
    elif baseline == OWN_MEDIAN:
        points["baseline"] = False
    counted = baseline if baseline > 0 else None
    phases = summarize(points, rules=rules, baseline=counted, reads_runs=reads)
    return Charts(keys, points, phases, rules, counted, reads)


def period_of(measure: Measure, choice: Choice) -> str:
    """The period of a measure's charts in a choice."""
    return choice.period or series.usual_period(measure.cadence)


def school_year_start(network: int) -> int:
    """The month in which the network's school year starts."""
    found = networks()
    return int(found["school_year_start"][found["id"] == network].iloc[0])


def standing_marks(network: int, as_of: datetime | None = None) -> list[Standing]:
    """Every mark of the network in the order of making, as it stands now or stood at a moment."""
    opened = database()
    return _standing(opened, opened.path, opened.version, network, as_of)


@st.cache_resource(max_entries=50, show_spinner=False)
def _standing(_database: Database, path: str, version: int, network: int, as_of: datetime | None) -> list[Standing]:
    return replay(marks.events(_database, network), as_of)


def marks_on(choice: Choice, place: Place, period: str) -> list[Standing]:
    """The marks in force on one chart; a point that is left out or noted on is a point of the chart's own period.

    A line pooled over some schools only has no marks: they are of the whole network's.
    """
    if choice.pooled and choice.schools:
        return []
    standing = in_force(standing_marks(choice.network, choice.as_of), place)
    return [one for one in standing if one.mark.period in ("", period)]


def _marks_by_series(
    standing: Sequence[Standing], keys: pd.DataFrame, periods: Sequence[str], choice: Choice
) -> pd.DataFrame:
    """The marks in force on these charts: series, kind, first, last."""
    found = [] if choice.pooled and choice.schools else [one.mark for one in in_force(standing)]
    marked = keys[series.KEY] if found else keys[series.KEY].iloc[:0]
    places = {Place(*key): number for number, key in enumerate(marked.itertuples(index=False, name=None))}
    rows = [(places[mark.place], mark) for mark in found if mark.place in places]
    rows = [(number, mark) for number, mark in rows if mark.period in ("", periods[number])]
    return pd.DataFrame(
        {
            "series": np.array([number for number, _ in rows], dtype=np.int64),
            "kind": np.array([mark.kind for _, mark in rows], dtype=object),
            "first": np.array([mark.first for _, mark in rows], dtype="datetime64[D]"),
            "last": np.array([mark.last for _, mark in rows], dtype="datetime64[D]"),
        }
    )


def _by_school_year(
    points: pd.DataFrame,
    keys: pd.DataFrame,
    measures: Sequence[Measure],
    periods: Sequence[str],
    reads: np.ndarray,
    start: int,
) -> pd.DataFrame:
    length = keys["last"] - keys["first"] + 1
    by_week = np.array([CADENCES[period].weeks > 0 for period in periods], dtype=bool)
    new_line = np.array([measure.new_line_each_year for measure in measures], dtype=bool)
    year = school_years(points["date"], start, np.repeat(by_week, length))
    return by_school_year(points, year, np.repeat(new_line, length), np.repeat(reads, length))


def _keys(points: pd.DataFrame) -> pd.DataFrame:
    """Where each series starts and ends; points come in order of their series."""
    columns = points[series.KEY].to_numpy()
    first = (
        np.flatnonzero(np.r_[True, (columns[1:] != columns[:-1]).any(axis=1)])
        if len(points)
        else np.array([], dtype=int)
    )
    keys = points[series.KEY].iloc[first].reset_index(drop=True)
    return keys.assign(first=first, last=np.r_[first[1:], len(points)][: len(first)] - 1)


def _incomplete(points: pd.DataFrame, keys: pd.DataFrame) -> np.ndarray:
    """Marks the newest point of a pooled series where too few of the usual schools are in it yet."""
    marked = np.zeros(len(points), dtype=bool)
    for first, last in zip(keys["first"], keys["last"], strict=True):
        schools = points["n_schools"].to_numpy()[first : last + 1]
        if len(schools) > 1 and schools[-1] < COMPLETE_SHARE * np.median(schools[:-1]):
            marked[last] = True
    return marked


def reading(
    of: Network, choice: Choice, rules: str, baseline: int, limits: str = "", number: int = 0
) -> Reading | None:
    """The reading of one series of a choice, with everything that is drawn and said about it; kept like `charts`.

    `limits`: a control chart whose limits are added, "" for none. None where the choice has no point.
    """
    opened = database()
    return _reading(opened, opened.path, opened.version, of, choice, rules, baseline, limits, number)


@st.cache_resource(max_entries=200, show_spinner=False, hash_funcs={Network: lambda network: network.key})
def _reading(
    _database: Database,
    path: str,
    version: int,
    of: Network,
    choice: Choice,
    rules: str,
    baseline: int,
    limits: str,
    number: int,
) -> Reading | None:
    found = charts(choice, rules, baseline)
    if not len(found.keys):
        return None
    key = found.keys.iloc[number]
    measure = series.as_shown(of.measures[int(key["measure"])], choice)
    school, group = int(key["school"]), int(key["student_group"])
    period = period_of(measure, choice)
    on_it = marks_on(choice, Place(measure.id, school, group), period)
    points = found.points_of([number])
    if measure.cumulative:
        points["last_year"] = _last_year(choice, points)
    if limits in charts_with_limits(measure, points):
        points = points.assign(**_limits(points, limits))
    phases = found.phases[found.phases["series"] == number].copy()
    for column in ROW_POSITIONS:
        phases[column] = np.where(phases[column] >= 0, phases[column] - key["first"], -1)
    return Reading(
        measure=measure,
        place=of.together_label(choice.schools) if choice.pooled else of.school_label(school),
        group=of.groups[group].label if group else say("side.together_all"),
        period=period,
        rules=rules,
        points=with_reasons(with_places(points), on_it),
        phases=phases.reset_index(drop=True),
        breaks=_breaks_within(of.breaks_of(choice.schools if choice.pooled else (school,)), points),
        ideas=() if choice.pooled else _ideas_within(of.ideas.get(school, ()), points),
        aggregated=_how_made(points, measure, period, choice),
        incomplete=bool(choice.pooled and found.points["excluded"].iloc[key["last"]] and not _left_out(on_it, points)),
        notes=_notes(on_it, points),
        starts=_starts(on_it, points),
        by_school_year=_is_by_school_year(points),
        as_of=choice.as_of.date() if choice.as_of else None,
    )


def charts_with_limits(measure: Measure, points: pd.DataFrame | None = None) -> list[str]:
    """The control charts that are made of such values; with points, those that can be made of these."""
    reads = {"percent": ("value", "proportion"), "rate": ("value", "rate"), "count": ("value", "count")}
    kinds: tuple[str, ...] = reads.get(measure.unit, ("value",))
    if points is not None and points.loc[points["value"].notna(), "denominator"].isna().any():
        kinds = tuple(kind for kind in kinds if kind in ("value", "count"))
    return [chart.name for chart in CONTROL_CHARTS.values() if chart.reads in kinds and chart.name not in ("nhs", "mr")]


def _limits(points: pd.DataFrame, chart: str) -> pd.DataFrame:
    """Lower and upper limit, and whether the point lies beyond: with the phases, baselines and left out points that
    the run chart has."""
    return control_limits(points.assign(baseline=points["in_baseline"]), chart)[["lower", "upper", "beyond"]]


def _last_year(choice: Choice, points: pd.DataFrame) -> np.ndarray:
    """The value at the same time last year for each point, NaN where there is none."""
    key = points[series.KEY].iloc[0]
    earlier = series.last_year(database(), choice)
    own = earlier[(earlier[series.KEY] == key).all(axis=1)].set_index("date")["value"]
    return points["date"].map(own).to_numpy(dtype=float)


def _is_by_school_year(points: pd.DataFrame) -> bool:
    """Whether the newest phase's baseline is a school year's."""
    newest = points["phase"] == points["phase"].iloc[-1]
    return "by_year" in points and bool(points.loc[newest, "by_year"].any())


def _left_out(standing: Sequence[Standing], points: pd.DataFrame) -> bool:
    """Whether a person left out the newest point."""
    newest = points["date"].iloc[-1].date()
    return any(one.mark.kind == "leave out" and one.mark.first == newest for one in standing)


def with_reasons(points: pd.DataFrame, standing: Sequence[Standing]) -> pd.DataFrame:
    """Adds `why`: what people said about each point, empty where nobody did; a note on a day is told at the point
    whose period holds it."""
    said: list[list[str]] = [[] for _ in range(len(points))]
    days = points["date"].to_numpy().astype("datetime64[D]")
    for one in standing:
        row = int(np.searchsorted(days, np.datetime64(one.mark.first), side="right")) - 1
        if one.mark.kind in SAID and row >= 0 and (not one.mark.period or days[row] == np.datetime64(one.mark.first)):
            about = {"text": one.mark.text, "who": one.who, "when": day(one.at, year=True)}
            said[row].append(say(f"marks.{SAID[one.mark.kind]}", **about))
    return points.assign(why=[" ".join(texts) for texts in said])


SAID = {"leave out": "left_out", "note": "note"}
"""Keys of what is said at a point."""


def _notes(standing: Sequence[Standing], points: pd.DataFrame) -> tuple[Note, ...]:
    """The notes on this chart, numbered in the order of their days."""
    rows = {when: row for row, when in enumerate(points["date"].dt.date.tolist())}
    found = sorted((one for one in standing if one.mark.kind == "note"), key=lambda one: (one.mark.first, one.number))
    shown = [one for one in found if _is_shown(one.mark, rows)]
    return tuple(
        Note(number, one.mark.first, rows[one.mark.first] if one.mark.period else -1, one.mark.text, one.who)
        for number, one in enumerate(shown, start=1)
    )


def _is_shown(mark: ChartMark, rows: dict[date, int]) -> bool:
    return mark.first in rows if mark.period else min(rows) <= mark.first


def _starts(standing: Sequence[Standing], points: pd.DataFrame) -> tuple[PhaseStart, ...]:
    """The phases that people began on this chart, in order, but for one that begins with its first point."""
    days = points["date"].to_numpy().astype("datetime64[D]")
    begun = sorted((one for one in standing if one.mark.kind == "phase"), key=lambda one: one.mark.first)
    rows = [(int(np.searchsorted(days, np.datetime64(one.mark.first))), one) for one in begun]
    return tuple(PhaseStart(row, one.mark.name, one.mark.text, one.who) for row, one in rows if 0 < row < len(days))


def _breaks_within(breaks: Sequence[Break], points: pd.DataFrame) -> tuple[Break, ...]:
    first, last = points["date"].iloc[0].date(), points["date"].iloc[-1].date()
    return tuple(gap for gap in breaks if gap.last >= first and gap.first <= last)


def _ideas_within(ideas: Sequence[IdeaStart], points: pd.DataFrame) -> tuple[IdeaStart, ...]:
    first, last = points["date"].iloc[0].date(), points["date"].iloc[-1].date()
    return tuple(idea for idea in ideas if first <= idea.date <= last)


def _how_made(points: pd.DataFrame, measure: Measure, period: str, choice: Choice) -> str:
    """What was done to the values before they were drawn, where something was."""
    changed = transformed_text(period, choice.relative, choice.per_period)
    same = say("together.same", n=points["n_schools"].max()) if choice.constant else ""
    return ", ".join(text for text in (changed, _how_combined(points, measure, period, choice.pooled), same) if text)


def values_left_out(choice: Choice) -> int:
    """How many values of the chosen series are in no point, because their days don't count."""
    opened = database()
    return _values_left_out(opened, opened.path, opened.version, choice)


@st.cache_resource(max_entries=200, show_spinner=False)
def _values_left_out(_database: Database, path: str, version: int, choice: Choice) -> int:
    return int(series.left_out(_database, choice)["n"].sum())


def _how_combined(points: pd.DataFrame, measure: Measure, period: str, pooled: bool) -> str:
    """Says so where only values exist and several were put together."""
    if points["denominator"].notna().any() or not (points["n_values"] > 1).any():
        return ""
    if pooled:
        return say("combined.schools")
    return say("combined.days" if measure.cadence == "day" else "combined.values")


def with_places(points: pd.DataFrame) -> pd.DataFrame:
    """Adds where each point comes from: file, sheet, cell, upload; a point of several cells says how many."""
    uploads = [int(number) for number in points["upload"].dropna().unique()]
    names = series.places(database(), uploads)
    rows = points[["upload", "sheet", "row", "col", "n_values"]].itertuples(index=False, name=None)
    said = [_place(names, *row) for row in rows]
    columns = ["file", "sheet", "cell"]
    return points.drop(columns=["sheet"]).assign(
        **{name: [place[i] for place in said] for i, name in enumerate(columns)}
    )


def _place(
    names: dict[int, tuple[str, list[str]]], upload: float, sheet: float, row: float, col: float, n_values: int
) -> tuple[str, str, str]:
    if np.isnan(upload):
        return ("", "", say("place.cells", n=n_values) if n_values > 1 else "")
    file, sheets = names[int(upload)]
    cell = address(int(row), int(col))
    return (file, sheets[int(sheet)], cell if n_values <= 1 else say("board.more_names", names=cell, n=n_values - 1))
