"""The parts of the page Explore: how much there is, the first of it as table and as charts, and files of all of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode, urlsplit

import numpy as np
import pandas as pd
import pyarrow as pa
import streamlit as st

from lib.analysis import RULE_SETS
from lib.charts import MOST_PANELS, Drawn, ThemeName, small_multiples
from lib.exports.points import FORMATS, About, Format, Names, every_point
from lib.exports.table import origin_said, value_said
from lib.marks import Place
from lib.screen import choices, data, words, working
from lib.screen.bring import uploads
from lib.screen.data import Agreed, Charts, Network
from lib.screen.look import opening
from lib.screen.look.exploring import NAMES, Asked, middle_said, one_of
from lib.screen.look.panels import Shown, panels_of
from lib.store import Database, series
from lib.store.series import POOLED, Choice
from lib.wording import period_label, plain, say
from lib.wording.spans import transformed_text
from lib.wording.texts import counted, in_this_language, number

MOST_ROWS = 1000
"""Rows of the table; a download has them all."""

MOST_OF_UNITS = 8
"""Charts of several units: each has an axis of its own, which needs room."""

AT_ONCE = 50_000
"""A file of more values is made step by step, with a button that cancels it."""

Step = Callable[[], None]


@dataclass(frozen=True)
class Explored:
    """How many values there are of each measure and group (`held`, as the store has it), and the first of them.

    `drawn`: the series of `charts` that are drawn. `points`: the rows of the table, as `every_point` makes them;
    `origins`: measure, school, student_group, date and upload of each. `all_points`: none is left out of the table;
    `all_charts`: `charts` has them all.
    """

    what: Asked
    held: pd.DataFrame
    charts: Charts
    drawn: np.ndarray
    points: pd.DataFrame
    origins: pd.DataFrame
    all_points: bool
    all_charts: bool

    @property
    def n_values(self) -> int:
        return int(self.held["n"].sum())

    @property
    def keys(self) -> pd.DataFrame:
        """Measure, school and student_group of the charts that are drawn."""
        return self.charts.keys.iloc[self.drawn]


def found(network: Network, what: Asked) -> Explored:
    """What there is; kept until the data or the choices change."""
    opened = data.database()
    return _found(opened, opened.path, opened.version, network, what)


@st.cache_resource(max_entries=50, show_spinner=False, hash_funcs={Network: lambda network: network.key})
def _found(_database: Database, path: str, version: int, network: Network, what: Asked) -> Explored:
    held = series.held(_database, _of_offered(network, what.choice))
    charts = data.charts(_first_part(network, what.choice, held), what.rules, what.baseline)
    if not len(charts.keys) and len(held):
        first = one_of(what, *held[["measure", "student_group"]].iloc[0].tolist())
        charts = data.charts(first, what.rules, what.baseline)
    offered = _offered(network, charts)
    rows = offered[:MOST_PANELS]
    most = MOST_PANELS if _units(network, charts.keys) == 1 else MOST_OF_UNITS
    drawn = _by_school(network, charts.keys.iloc[offered])[:most]
    read = charts.points_of(rows)
    read = read[read["value"].notna()]
    shown = read.head(MOST_ROWS)
    table = every_point(shown, charts.phases_of(rows), names(network, what.choice, _database, shown)).to_pandas()
    origins = shown[[*series.KEY, "date", "upload"]].reset_index(drop=True)
    every = len(offered) <= MOST_PANELS and _hold(network, what.choice, charts, held)
    return Explored(what, held, charts, drawn, table, origins, every and len(read) <= MOST_ROWS, every)


def _of_offered(network: Network, choice: Choice) -> Choice:
    """Schools that are retired have values still: they are in lines of all schools together, and nowhere else."""
    return choice if choice.pooled else replace(choice, schools=choice.schools or tuple(network.schools))


def _by_school(network: Network, keys: pd.DataFrame) -> np.ndarray:
    """The series school by school in order of name: what one did on all measures stands together."""
    order = {number: place for place, number in enumerate([POOLED, *network.schools])}
    return (
        keys.assign(school=keys["school"].map(order))
        .sort_values(["school", "student_group", "measure"])
        .index.to_numpy()
    )


def _hold(network: Network, choice: Choice, charts: Charts, held: pd.DataFrame) -> bool:
    """Whether the charts are of every school, and of every measure and group that has values."""
    if not choice.pooled and len(choice.schools or network.schools) > MOST_PANELS:
        return False
    pairs = set(charts.keys[["measure", "student_group"]].itertuples(index=False, name=None))
    return set(held[["measure", "student_group"]].itertuples(index=False, name=None)) <= pairs


def _first_part(network: Network, choice: Choice, held: pd.DataFrame) -> Choice:
    """As much of a choice as is shown: so many schools, measures and groups as make MOST_PANELS charts."""
    schools = choice.schools or tuple(network.schools)
    if not choice.pooled:
        choice = replace(choice, schools=schools[:MOST_PANELS])
    pairs = held.head(-(-MOST_PANELS // (1 if choice.pooled else max(len(choice.schools), 1))))
    return replace(
        choice,
        measures=tuple(dict.fromkeys(pairs["measure"].tolist())) or choice.measures[:1],
        groups=tuple(dict.fromkeys(pairs["student_group"].tolist())) or choice.groups[:1],
    )


def _offered(network: Network, charts: Charts) -> np.ndarray:
    """The series of schools that are offered; retired ones are not."""
    return np.flatnonzero(charts.keys["school"].isin([POOLED, *network.schools]))


def names(network: Network, choice: Choice, database: Database, points: pd.DataFrame) -> Names:
    """What the numbers in these points stand for."""
    found = [int(one) for one in points["upload"].dropna().unique()]
    return Names(
        measures={one.id: one.label for one in network.measures.values()},
        schools={POOLED: network.together_label(choice.schools)}
        | {one: network.school_label(one) for one in network.schools},
        codes={one.id: one.code for one in network.schools.values()},
        groups={one.id: one.label for one in network.groups.values()},
        periods={one.id: data.period_of(one, choice) for one in network.measures.values()},
        uploads=series.places(database, found),
    )


def headline(network: Network, one: Explored) -> None:
    """The title, and how much there is."""
    choice = one.what.choice
    if choice.first and choice.last and choice.first > choice.last:
        said = say("explore.no_dates")
    elif one.points.empty:
        said = say("explore.nothing")
    else:
        said = _summary(network, one)
    words.title(say("explore.title"), said)


def _summary(network: Network, one: Explored) -> str:
    choice = one.what.choice
    first = say("explore.table_some", points=counted("points", len(one.points)))
    table = say("explore.table_all") if one.all_points else first
    return say(
        "explore.summary_pooled" if choice.pooled else "explore.summary",
        values=counted("explore.values", one.n_values),
        measures=counted("explore.measures", one.held["measure"].nunique()),
        schools=counted("schools", len(choice.schools or network.schools)),
        table=table,
    )


def show(network: Network, one: Explored) -> None:
    """Table or charts, the downloads beside their names, and where a marked row comes from."""
    left, right = st.columns([1.2, 3], vertical_alignment="bottom")
    with left:
        labels = {"table": say("explore.table"), "lines": say("explore.lines")}
        choices.put("shown", choices.get("shown") if choices.get("shown") in labels else "table")
        shown = st.segmented_control(
            "Shown as", list(labels), format_func=labels.__getitem__, key="shown", label_visibility="collapsed",
            required=True, persist_state="session",
        )  # fmt: skip
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        _downloads(network, one)
    if shown == "lines":
        _show_lines(network, one)
    else:
        _show_table(network, one)


def _show_table(network: Network, one: Explored) -> None:
    place = st.container()
    picked = st.dataframe(
        one.points,
        hide_index=True,
        width="stretch",
        height=440,
        on_select="rerun",
        selection_mode="single-row",
        key=f"points_{abs(hash(one.what))}",
        alt=say("explore.title"),
    )
    if rows := picked["selection"]["rows"]:
        with place:
            _say_origin(network, one, rows[0])


def _say_origin(network: Network, one: Explored, row: int) -> None:
    """The upload and cell that a marked row comes from; points of schools put together have none."""
    if row >= len(one.points):
        return
    point, origin = one.points.iloc[row], one.origins.iloc[row]
    measure = network.measures[int(origin["measure"])]
    when = period_label(origin["date"].date(), data.period_of(measure, one.what.choice), year=True)
    shown = series.as_shown(measure, one.what.choice)
    value = value_said(shown.unit, point["value"], point["numerator"], point["denominator"])
    counts = (origin["upload"], int(point["schools"]), int(point["values"]))
    said = f"{when}: {value}. {origin_said(point['file'], point['sheet'], point['cell'], *counts)}"
    if point["file"]:
        place = Place(*(int(origin[name]) for name in series.KEY))
        uploads.say_origin(said, int(origin["upload"]), place, origin["date"].date())
    else:
        st.text(said)


def _show_lines(network: Network, one: Explored) -> None:
    """Up to MOST_PANELS small charts; a click opens the run chart."""
    opened = data.database()
    drawn = _drawn(opened.path, opened.version, network, one.what, choices.get("zoom"), words.theme(), one)
    if not one.all_charts or len(one.drawn) < len(one.charts.keys):
        words.small_lines([say("explore.lines_some", n=number(len(one.drawn)))])
    if panels := opening.picked(drawn, "explored").get("pick"):
        _open(one, int(panels[0]["panel"]))
    if (panel := opening.choose(_labels(network, one))) is not None:
        _open(one, panel)


def _open(one: Explored, panel: int) -> None:
    if 0 <= panel < len(one.drawn):
        key = one.keys.iloc[panel]
        opening.ask(*(int(key[name]) for name in series.KEY))


@st.cache_resource(max_entries=50, show_spinner=False, hash_funcs={Network: lambda network: network.key})
def _drawn(
    path: str, version: int, network: Network, what: Asked, zoomed: bool, theme: ThemeName, _one: Explored
) -> Drawn:
    choice, charts = what.choice, _one.charts
    measures = {number: series.as_shown(one, choice) for number, one in network.measures.items()}
    shown = [Shown(row, label) for row, label in zip(_one.drawn.tolist(), _labels(network, _one), strict=True)]
    panels = panels_of(
        replace(network, measures=measures),
        charts,
        shown,
        period=choice.period,
        what=say("explore.title"),
        zoomed=zoomed,
        one_scale=_units(network, _one.keys) == 1,
    )
    return small_multiples(panels, theme)


def _units(network: Network, keys: pd.DataFrame) -> int:
    return len({network.measures[number].unit for number in keys["measure"]})


def _labels(network: Network, one: Explored) -> list[str]:
    """Names of the first charts: of measure, school and group what differs among them."""
    keys = one.keys
    said = {
        "school": [_place(network, one.what.choice, number) for number in keys["school"].tolist()],
        "measure": [network.measures[number].label for number in keys["measure"].tolist()],
        "student_group": [network.groups[number].label for number in keys["student_group"].tolist()],
    }
    told = [texts for name, texts in said.items() if keys[name].nunique() > 1] or [said["school"]]
    return [" · ".join(parts) for parts in zip(*told, strict=True)]


def _place(network: Network, choice: Choice, school: int) -> str:
    return network.together_label(choice.schools) if school == POOLED else network.school_label(school)


def _downloads(network: Network, one: Explored) -> None:
    """A button for each kind of file: made when it is clicked, or first step by step where there is much."""
    about, agreed = about_of(network, one), agreed_in(one.what)
    for name, kind in FORMATS.items():
        if kind.most and one.n_values > kind.most:
            st.button(kind.label, disabled=True, help=say("explore.too_many", most=number(kind.most)))
        elif one.n_values <= AT_ONCE:
            make = _made(network, one, about, agreed, kind)
            st.download_button(kind.label, make, kind.file, kind.mime, on_click="ignore", key=f"file_{name}")
        elif st.button(kind.label, key=f"make_{name}"):
            _make(network, one, about, agreed, kind)
    _offer_made(one.what)


def _made(network: Network, one: Explored, about: About, agreed: Agreed, kind: Format) -> Callable[[], bytes]:
    opened = data.database()
    return in_this_language(lambda: kind.made(tables(opened, network, one, agreed, lambda: None), about))


def _make(network: Network, one: Explored, about: About, agreed: Agreed, kind: Format) -> None:
    """The file step by step; it is kept until something else is chosen."""
    opened = data.database()
    pairs = one.held[["measure", "student_group"]].itertuples(index=False, name=None)
    steps = [
        say("explore.making", measure=plain(network.measures[m].label), group=plain(network.groups[g].label))
        for m, g in pairs
    ]
    made = working.run(
        steps,
        lambda progress: kind.made(tables(opened, network, one, agreed, progress.step), about),
        on_cancel=lambda: None,
    )
    st.session_state["made_file"] = (one.what, opened.version, kind, made)


def _offer_made(what: Asked) -> None:
    """The file that was made for these choices; that of others is forgotten."""
    asked, version, kind, made = st.session_state.get("made_file", (None, 0, None, b""))
    if asked != what or version != data.database().version:
        st.session_state.pop("made_file", None)
        return
    label = say("explore.save", file=kind.file, size=number(len(made) / 1e6, 1))
    st.download_button(label, lambda: made, kind.file, kind.mime, on_click="ignore", type="primary", key="save_file")


def tables(database: Database, network: Network, one: Explored, agreed: Agreed, step: Step) -> Iterator[pa.Table]:
    """Every point of the choice, one measure and group at a time; `step` is told when the next one begins."""
    for place, (measure, group, _) in enumerate(one.held.itertuples(index=False, name=None)):
        if place:
            step()
        choice = one_of(one.what, measure, group)
        charts = data.read_charts(database, choice, one.what.rules, one.what.baseline, agreed)
        rows = _offered(network, charts)
        points = charts.points_of(rows)
        yield every_point(points, charts.phases_of(rows), names(network, choice, database, points))


def agreed_in(what: Asked) -> Agreed:
    choice = what.choice
    return Agreed(data.standing_marks(choice.network, choice.as_of), data.school_year_start(choice.network))


def about_of(network: Network, one: Explored) -> About:
    """What must be known beside the points."""
    what, choice = one.what, one.what.choice
    measures = [network.measures[number] for number in dict.fromkeys(one.held["measure"].tolist())]
    period = data.period_of(measures[0], choice) if measures else ""
    how = transformed_text(period, choice.relative, choice.per_period)
    return About(
        network=network.name,
        made=datetime.now(),
        address=address(),
        rules=RULE_SETS[what.rules].label,
        source=RULE_SETS[what.rules].source,
        middle=middle_said(what.baseline),
        how=how,
        measures=tuple(measures),
    )


def address() -> str:
    """The address that opens this view again."""
    here = urlsplit(st.context.url or "http://localhost:8501/explore")
    return f"{here.scheme}://{here.netloc}{here.path}?{urlencode(choices.in_address(NAMES))}"
