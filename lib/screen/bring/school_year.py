"""A new school year on the page of definitions: the calendar a year on, and what had no value any more."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from lib import loading
from lib.measures import CADENCES
from lib.screen import data, words
from lib.screen.bring import calendar
from lib.screen.data import Network
from lib.store import Database, edits, school_year
from lib.store import calendar as stored_calendar
from lib.store.school_year import year_of


def show(network: Network) -> None:
    """What a new school year needs, and what goes by itself."""
    start = data.school_year_start(network.id)
    st.text(
        "A new school year begins by itself: its points are read against last year's middle line until people agree on "
        "a new one. Nothing is retired by itself. These two things are yours to do."
    )
    left, right = st.columns(2, gap="large")
    with left:
        _offer_calendar(network, start)
    with right:
        _offer_retiring(network, start)


def _said(year: int) -> str:
    return f"{year}-{(year + 1) % 100:02d}"


def _offer_calendar(network: Network, start: int) -> None:
    words.heading("1. The calendar")
    entries = stored_calendar.entries(data.database(), network.id)
    newest = school_year.newest_year(entries, start)
    if newest is None:
        st.text("There are no terms in the calendar yet.")
        st.page_link("pages/bring/calendar.py", label="Write the calendar")
        return
    copies = school_year.copied(entries, start)
    st.text(
        f"It goes to {_said(newest)}. Its {len(copies)} terms and breaks can be copied 52 weeks on, to the same days "
        "of the week. You then see them in the calendar's table, mend the dates, and save."
    )
    if st.button(f"Copy them to {_said(newest + 1)}", type="primary"):
        calendar.put_in_table(
            network, [*entries, *copies], f"A draft of {_said(newest + 1)} is in the table. Mend its dates, then save."
        )
        st.switch_page("pages/bring/calendar.py")


def _offer_retiring(network: Network, start: int) -> None:
    """Schools and measures without a value in the newest school year with values."""
    words.heading("2. What is no longer used")
    if network.span is None:
        st.text("There are no values yet.")
        return
    year = year_of(network.span[1], start)
    since = date(year, start, 1)
    database = data.database()
    idle_schools, idle_measures = _idle(database, database.path, database.version, network.id, since)
    idle_measures = [one for one in idle_measures if CADENCES[network.measures[one].cadence].per_year > 1]
    if not idle_schools and not idle_measures:
        st.text(f"Every school and every measure has values in {_said(year)}.")
        return
    st.text(f"Without a value in {_said(year)}. What you retire is no longer offered; its values stay.")
    schools = _choose("Schools", idle_schools, network.school_label)
    measures = _choose("Measures", idle_measures, lambda number: network.measures[number].name)
    n = len(schools) + len(measures)
    if st.button(f"Retire {n}" if n else "Retire", disabled=not n):
        _retire(network, set(schools), set(measures))


@st.cache_resource(max_entries=20, show_spinner=False)
def _idle(_database: Database, path: str, version: int, network: int, since: date) -> tuple[list[int], list[int]]:
    """Schools and measures without a value from a day on."""
    schools = school_year.schools_without_values(_database, network, since)
    return schools, school_year.measures_without_values(_database, network, since)


def _choose(label: str, idle: Sequence[int], say: Callable[[int], str]) -> list[int]:
    if not idle:
        return []
    return st.multiselect(f"{label} without a value ({len(idle):,})", idle, format_func=say, placeholder="Choose")


def _retire(network: Network, schools: set[int], measures: set[int]) -> None:
    who, database = loading.this_person(), data.database()
    with words.problems_in_words():
        if schools:
            before = edits.school_rows(database, network.id)
            edits.save_schools(database, network.id, [_retired(row, schools) for row in before], before, who)
        if measures:
            rows = edits.measure_rows(database, network.id)
            edits.save_measures(database, network.id, [_retired(row, measures) for row in rows], rows, who)
        st.session_state["definitions_said"] = (
            f"{len(schools) + len(measures)} retired. In the tables they can be taken back by unticking Retired."
        )
        st.rerun()


def _retired(row: Any, numbers: set[int]) -> Any:
    noun = "measure" if hasattr(row, "measure") else "school"
    one = getattr(row, noun)
    return replace(row, **{noun: replace(one, retired=True)}) if one.id in numbers else row
