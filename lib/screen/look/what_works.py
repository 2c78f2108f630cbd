"""Ideas by context: how many schools of each kind tried each idea, in which stages they are, and what a measure did.

Nothing here is a score: a cell counts, and opens the schools behind it.
"""

from datetime import date
from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from lib.analysis.aligning import after_starts
from lib.analysis.contexts import Cell, by_context, thirds
from lib.measures import Measure
from lib.screen import choices, data, words
from lib.screen.data import Network
from lib.screen.look import board, change_ideas, exploring, lined_up, opening, spread
from lib.screen.look.panels import luck
from lib.screen.look.works_table import EVERYWHERE, Asked, behind_table, cells_table, context_label, shown
from lib.store import Database, ideas
from lib.store.series import Choice
from lib.wording import say
from lib.wording.contexts import outcome_mark, outcome_name, outcome_of, possible
from lib.wording.spread import OVER, stage_key
from lib.wording.texts import counted

NAMES = ("asks", "measure", "context", "group", "idea", "where")
"""The choices that the page's address holds."""

QUESTIONS = {"ideas": "Ideas by kinds of schools", "visits": "Schools worth a visit"}
CONTEXTS = {"tags": "Tags", "districts": "Districts", "sizes": "Size, in thirds"}
THIRDS = ("small", "medium", "large")

FEWEST_SIZES = 3
"""Schools whose size is known that thirds need."""


def choose(network: Network) -> Asked:
    """The row of choices: question, measure, kinds of schools, group."""
    columns = st.columns([2, 2.2, 1.6, 1.6], vertical_alignment="bottom")
    with columns[0]:
        asks = choices.choose("Question", "asks", list(QUESTIONS), QUESTIONS.__getitem__)
    with columns[1]:
        measure = choices.choose("Measure", "measure", list(network.measures), lambda m: network.measures[m].label)
    with columns[2]:
        group = choices.choose("Group", "group", list(network.groups), lambda group: network.groups[group].label)
    context = choices.get("context")
    if asks == "ideas":
        with columns[3]:
            context = choices.choose("Kinds of schools", "context", possible_contexts(network), CONTEXTS.__getitem__)
    return Asked(asks, measure, context, group)


def offer_data(network: Network, what: Asked) -> None:
    """The way to the data of the measure."""
    exploring.offer(Choice(network.id, (what.measure,), groups=(what.group,)), choices.DEFAULTS["rules"])


def possible_contexts(network: Network) -> list[str]:
    """What the network's schools can be told apart by, sizes always among it."""
    every = network.schools.values()
    has = {"tags": any(one.tags for one in every), "districts": any(one.district for one in every), "sizes": True}
    return [name for name in CONTEXTS if has[name]]


def contexts(network: Network, what: Asked) -> pd.DataFrame:
    """Context and school, a row for each kind that a school is of: all schools first, then in order of name or size.
    What all schools are is no kind."""
    everywhere = [(EVERYWHERE, school) for school in network.schools]
    if what.context == "sizes":
        third = _sizes(network)
        kinds = [(name, school) for number, name in enumerate(THIRDS) for school in third if third[school] == number]
    elif what.context == "districts":
        kinds = sorted((one.district, school) for school, one in network.schools.items() if one.district)
    else:
        common = set.intersection(*(set(one.tags) for one in network.schools.values()))
        kinds = sorted((tag, school) for school, one in network.schools.items() for tag in set(one.tags) - common)
    return pd.DataFrame([*everywhere, *kinds], columns=["context", "school"])


def _sizes(network: Network) -> dict[int, int]:
    """The third of each school by its newest denominator, of the first measure that tells it for enough schools."""
    found = board.charts(network)
    sizes = found.keys.assign(size=found.newest_points["denominator"].to_numpy()).dropna(subset="size")
    for measure in network.measures:
        own = sizes[sizes["measure"] == measure].set_index("school")["size"]
        if len(own) >= max(FEWEST_SIZES, len(network.schools) // 2):
            return dict(thirds(own))
    return {}


def tried(network: Network, what: Asked) -> pd.DataFrame:
    """One row per idea and school that began it: idea, school, start, end, stage (OVER where its test is), what
    `after_starts` says of the measure there, and outcome. Kept until the data change."""
    opened = data.database()
    return _tried(opened, opened.path, opened.version, network, what.measure, what.group)


@st.cache_resource(max_entries=50, show_spinner=False, hash_funcs={Network: lambda network: network.key})
def _tried(_database: Database, path: str, version: int, network: Network, measure: int, group: int) -> pd.DataFrame:
    begun = ideas.periods(lined_up.tests(network))
    shown = begun["school"].isin(list(network.schools)) & (begun["start"] <= pd.Timestamp(date.today()))
    begun = begun[shown].reset_index(drop=True)
    of = network.measures[measure]
    read = _read(network, begun, measure, group)
    if not of.reads_runs:
        read["state"] = ""
    told = zip(read["state"], read["direction"], read["after"], strict=True)
    outcomes = [outcome_of(state, direction, of, after) for state, direction, after in told]
    stage = stages_now(network).reindex(pd.MultiIndex.from_frame(begun[["idea", "school"]])).fillna(OVER)
    return begun.assign(stage=stage.to_numpy(), outcome=outcomes, **{str(name): read[name] for name in read})


def stages_now(network: Network) -> "pd.Series[str]":
    """The stage that each school is in, by idea and school."""
    told = spread.stages(network)
    parts = [spread.spread_of(network, told, idea).stretches.assign(idea=idea) for idea in told["idea"].unique()]
    if not parts:
        return pd.Series(dtype="str", index=pd.MultiIndex.from_arrays([[], []]))
    every = pd.concat(parts)
    return every[every["last"].isna()].set_index(["idea", "school"])["stage"]


def _read(network: Network, begun: pd.DataFrame, measure: int, group: int) -> pd.DataFrame:
    """What the measure did after each start, in the rows of `begun`; all starts are read at once."""
    charts = data.charts(Choice(network.id, (measure,), groups=(group,)))
    row = begun["school"].map(dict(zip(charts.keys["school"], charts.keys.index, strict=True)))
    known = row.notna().to_numpy()
    first, last = (charts.keys[name].to_numpy()[row[known].astype(int)] for name in ("first", "last"))
    length = last - first + 1
    at = np.arange(length.sum()) + np.repeat(first - (np.cumsum(length) - length), length)
    points = charts.points.iloc[at].assign(series=np.repeat(np.arange(len(first)), length))
    read = after_starts(points, begun["start"][known].tolist(), begun["end"][known].tolist())
    read = read.set_axis(begun.index[known], axis="index").reindex(begun.index)
    return read.assign(**{name: read[name].fillna("") for name in ("state", "direction")})


def cells(network: Network, what: Asked) -> dict[tuple[str, str], Cell]:
    return by_context(tried(network, what), contexts(network, what))


def headline(network: Network, what: Asked) -> None:
    """The question, what a cell counts, and how many of all these charts luck alone would flag."""
    found = tried(network, what)
    read = found[found["state"] != ""].astype({"signal": bool})
    words.title(say("works.title", measure=network.measures[what.measure].name), say("works.said", luck=luck(read)))


def show(network: Network, what: Asked) -> None:
    """The table; a click or Enter on a cell shows the schools behind it."""
    found = cells(network, what)
    rows = sorted({str(idea) for idea, _ in found})
    columns = list(dict.fromkeys(contexts(network, what)["context"]))
    chosen = (choices.get("idea"), choices.get("where"))
    table = cells_table(network, what, found, rows, columns, words.theme())
    if picked := shown(network, table, "cells", (what, chosen)):
        row, column = (int(part) for part in picked.split("-"))
        choices.put("idea", rows[row])
        choices.put("where", columns[column])
        st.rerun()
    _key(network.measures[what.measure], {stage for cell in found.values() for stage in cell.stages})
    words.small_lines([say("works.few")])
    if cell := found.get(chosen):
        behind(network, what, *chosen, cell)


def _key(measure: Measure, stages: set[str]) -> None:
    """What each mark means."""
    said = [(outcome_mark(one, measure), outcome_name(one)) for one in possible(measure)]
    parts = [f"<span>{words.mark_image(found, text, 14)} {escape(text)}</span>" for found, text in said]
    parts += [f"<span>{escape(text)}</span>" for text in stage_key(stages)]
    st.html(f'<div style="display:flex; flex-wrap:wrap; gap:.2rem 1.1rem; font-size:.85rem">{"".join(parts)}</div>')


def behind(network: Network, what: Asked, idea: str, context: str, cell: Cell) -> None:
    """The schools of a cell in order of name, with what their teams learned; a click opens a school's run chart."""
    place = context_label(context, what.context)
    words.heading(say("works.behind", idea=idea, context=place, schools=counted("schools", len(cell.schools))))
    order = [school for school in network.schools if school in cell.schools]
    found, tests = (every[every["idea"] == idea] for every in (tried(network, what), lined_up.tests(network)))
    table = behind_table(network, what, order, found, tests, words.theme())
    if picked := shown(network, table, "behind", (what, idea, context)):
        opening.ask(what.measure, int(picked), what.group)
    if st.button("Open this idea with all its tests"):
        st.session_state["idea_opened"] = "tests"
        st.switch_page("pages/look/change_ideas.py", query_params=choices.in_address(change_ideas.NAMES))
