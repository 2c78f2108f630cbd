"""The parts of the page of definitions: the tables of measures and schools, with what is wrong in them by row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from lib import loading
from lib.measures import CADENCES, FAMILIES, UNITS, WANTED
from lib.problems import Problem
from lib.screen import choices, data, words
from lib.screen.bring import kept_recipes, mergers, school_year
from lib.screen.bring.definition_rows import measure_table, measures_in, school_table, schools_in
from lib.screen.data import Network
from lib.store import Database, edits, merging
from lib.wording import plain

MOST_PROBLEMS = 12
ROW_HEIGHT, MOST_HEIGHT = 35, 420

SECTIONS = {
    "measures": "Measures",
    "schools": "Schools",
    "recipes": "Recipes",
    "year": "New school year",
    "changes": "Changes",
}


def show(network: Network) -> None:
    """The page below its title: one of its sections."""
    chosen = choices.get("section")
    choices.put("section", chosen if chosen in SECTIONS else "measures")
    section = st.segmented_control(
        "Section",
        list(SECTIONS),
        format_func=SECTIONS.__getitem__,
        key="section",
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    _say_what_was_saved()
    if section == "recipes":
        kept_recipes.show(network)
    elif section == "year":
        school_year.show(network)
    elif section == "changes":
        _show_changes(network)
    else:
        _show_table(network, SCHOOLS if section == "schools" else MEASURES)


@dataclass(frozen=True)
class _Kind:
    """One of the two tables: how it is read, drawn, checked and saved."""

    name: str
    noun: merging.Kind
    rows: Callable[[Database, int], list[Any]]
    table: Callable[[Sequence[Any]], pd.DataFrame]
    rows_in: Callable[[pd.DataFrame], list[Any]]
    problems: Callable[[Sequence[Any], Sequence[Any]], list[Problem]]
    save: Callable[[Database, int, Sequence[Any], Sequence[Any], str], int]
    columns: Callable[[Sequence[Any]], dict[str, Any]]


def _show_table(network: Network, kind: _Kind) -> None:
    database = data.database()
    stored = _stored(database, database.path, database.version, network.id, kind.name)
    _start_table(network, kind, stored)
    save, merge, said = st.columns([1.1, 1.4, 5], vertical_alignment="center")
    with merge:
        mergers.offer(network, kind.noun, stored)
    edited = _edit(kind, stored)
    rows = kind.rows_in(edited)
    found = kind.problems(rows, stored)
    changed = _n_changed(rows, stored)
    with said:
        st.text(_counted(kind, rows, changed))
    with save:
        if st.button("Save", type="primary", width="stretch", disabled=bool(found) or not changed):
            _save(network, kind, rows, stored)
    _say_problems(found)
    st.caption("The empty row at the end adds one. Nothing is deleted here: what is no longer used is retired.")
    mergers.show(network, kind.noun)


@st.cache_resource(max_entries=20, show_spinner=False)
def _stored(_database: Database, path: str, version: int, network: int, kind: str) -> list[Any]:
    """Every edit of a cell runs the page again, and counting ten million values takes a third of a second."""
    return next(one for one in (MEASURES, SCHOOLS) if one.name == kind).rows(_database, network)


def _start_table(network: Network, kind: _Kind, stored: Sequence[Any]) -> None:
    """The table begins as what is stored. Edits that aren't saved stay when the person looks elsewhere meanwhile."""
    of = (network.id, tuple(stored))
    if st.session_state.get(f"{kind.name}_of") != of:
        st.session_state[f"{kind.name}_of"] = of
        _fill(kind, kind.table(stored))
    elif _key(kind) not in st.session_state:
        _fill(kind, st.session_state[f"{kind.name}_edited"])


def _fill(kind: _Kind, frame: pd.DataFrame) -> None:
    """A new key makes the widget start from the frame."""
    st.session_state[f"{kind.name}_table"] = st.session_state[f"{kind.name}_edited"] = frame
    st.session_state[f"{kind.name}_number"] = st.session_state.get(f"{kind.name}_number", 0) + 1


def _key(kind: _Kind) -> str:
    return f"{kind.name}_{st.session_state[f'{kind.name}_number']}"


def _edit(kind: _Kind, stored: Sequence[Any]) -> pd.DataFrame:
    frame = st.session_state[f"{kind.name}_table"]
    columns = kind.columns(stored)
    edited = st.data_editor(
        frame,
        key=_key(kind),
        num_rows="add",
        width="stretch",
        height=min(MOST_HEIGHT, ROW_HEIGHT * (len(frame) + 2) + 3),
        column_order=list(columns),
        column_config=columns,
        disabled=["row", "values", "last"],
        alt=f"The {kind.noun}s of this network",
    )
    st.session_state[f"{kind.name}_edited"] = edited
    return edited


def _n_changed(rows: Sequence[Any], stored: Sequence[Any]) -> int:
    before = {row.key for row in stored}
    return sum(row.key not in before for row in rows)


def _counted(kind: _Kind, rows: Sequence[Any], changed: int) -> str:
    items = [row.key[0] for row in rows]
    retired = sum(item.retired for item in items)
    drafts = sum(getattr(item, "draft", False) for item in items)
    parts = [f"{len(items):,} {kind.noun}{'' if len(items) == 1 else 's'}"]
    parts += [f"{retired:,} retired"] if retired else []
    parts += [f"{drafts:,} to confirm: check unit, wanted and how often, then untick Draft"] if drafts else []
    return f"{', '.join(parts)}. " + (f"{changed:,} changed, not saved yet." if changed else "All is saved.")


def _save(network: Network, kind: _Kind, rows: Sequence[Any], stored: Sequence[Any]) -> None:
    with words.problems_in_words():
        n = kind.save(data.database(), network.id, rows, stored, loading.this_person())
        remember(f"Saved: {n:,} {kind.noun}{'' if n == 1 else 's'} changed. Every page follows.")
        st.rerun()


def remember(said: str) -> None:
    """What is said at the top of the page after its next run begins."""
    st.session_state["definitions_said"] = said


def _say_what_was_saved() -> None:
    if said := st.session_state.pop("definitions_said", None):
        st.success(plain(said))


def _say_problems(found: Sequence[Problem]) -> None:
    for problem in found[:MOST_PROBLEMS]:
        st.error(plain(str(problem)))
    if len(found) > MOST_PROBLEMS:
        st.error(f"And {len(found) - MOST_PROBLEMS:,} more.")


def _show_changes(network: Network) -> None:
    """Who changed what, and when."""
    log = edits.log(data.database(), network.id)
    if log.empty:
        st.info("Nothing was changed in this network yet. Uploads, marks, the calendar and definitions are told here.")
        return
    st.dataframe(
        log,
        hide_index=True,
        width="stretch",
        height=min(MOST_HEIGHT, ROW_HEIGHT * (len(log) + 1) + 3),
        column_config={
            "saved_at": st.column_config.DatetimeColumn("When", format="YYYY-MM-DD HH:mm", width="small"),
            "who": st.column_config.TextColumn("Who", width="small"),
            "what": st.column_config.TextColumn("What", width="large"),
        },
        alt="Every change of this network, the newest first",
    )


def _measure_columns(stored: Sequence[Any]) -> dict[str, Any]:
    column = st.column_config
    percent = "In percent: 0 to 100"
    return {
        "row": column.NumberColumn("Row", pinned=True, width=45),
        "name": column.TextColumn("Name", pinned=True, width=170, required=True, max_chars=edits.LONGEST_NAME),
        "draft": column.CheckboxColumn("Draft", width=75, help="Guessed from a file; untick it when all is right"),
        "unit": column.SelectboxColumn("Unit", options=UNITS, width=85, default="percent"),
        "wanted": column.SelectboxColumn("Wanted", options=WANTED, width=95, default="none"),
        "cadence": column.SelectboxColumn("How often", options=list(CADENCES), width=100, default="week"),
        "goal": column.NumberColumn("Goal", width=75, help=percent),
        "goal_low": column.NumberColumn("Goal from", width=105, help=percent),
        "goal_high": column.NumberColumn("Goal to", width=90, help=percent),
        "goal_by": column.DateColumn("Goal by", format="YYYY-MM-DD", width=100),
        "family": column.SelectboxColumn("Family", options=FAMILIES, width=90, default="driver"),
        "question": column.TextColumn("Plain question", width=260, help="{school} stands for the school"),
        "aliases": column.ListColumn("Other names in files", width=160),
        "cumulative": column.CheckboxColumn("Adds up over the year", width=150),
        "seasonal": column.CheckboxColumn("Has a season", width=100),
        "new_line_each_year": column.CheckboxColumn("New line each year", width=130),
        "numerator_words": column.TextColumn("Counted", width=130),
        "denominator_words": column.TextColumn("Out of", width=130),
        "retired": column.CheckboxColumn("Retired", width=85, help="No longer offered; its values stay"),
        "values": column.NumberColumn("Values", width=70),
    }


def _school_columns(stored: Sequence[Any]) -> dict[str, Any]:
    column = st.column_config
    tags = sorted({tag for row in stored for tag in row.school.tags})
    return {
        "row": column.NumberColumn("Row", pinned=True, width=45),
        "name": column.TextColumn("Name", pinned=True, width=190, required=True, max_chars=edits.LONGEST_NAME),
        "code": column.TextColumn("Code", width=80),
        "district": column.TextColumn("District", width=100),
        "tags": column.MultiselectColumn("Tags", options=tags, accept_new_options=True, width=235),
        "aliases": column.ListColumn("Other names in files", width=150),
        "codes": column.ListColumn("Other codes", width=115),
        "retired": column.CheckboxColumn("Retired", width=85, help="No longer offered; its values stay"),
        "values": column.NumberColumn("Values", width=70),
        "last": column.DateColumn("Newest", format="YYYY-MM-DD", width=90),
    }


MEASURES = _Kind(
    "measures",
    "measure",
    edits.measure_rows,
    measure_table,
    measures_in,
    edits.measure_problems,
    edits.save_measures,
    _measure_columns,
)
SCHOOLS = _Kind(
    "schools",
    "school",
    edits.school_rows,
    school_table,
    schools_in,
    lambda rows, _: edits.school_problems(rows),
    edits.save_schools,
    _school_columns,
)
