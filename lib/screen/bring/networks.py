"""The parts of the page of networks: what each holds; to open, make, rename and delete one."""

from collections.abc import Hashable
from html import escape
from typing import Any

import streamlit as st

from lib import loading
from lib.screen import choices, data, sidebar, words
from lib.store import networks
from lib.wording import day


def show() -> None:
    """One row for each network, and the way to a new one."""
    sidebar.say_what_was_done()
    rows = networks.sizes(data.database()).to_dict("records")
    for row in rows:
        _show_one(row)
    _offer_new(has_sample=any(row["invented"] for row in rows))


def _show_one(row: dict[Hashable, Any]) -> None:
    name, *buttons = st.columns([4, 0.9, 1.1, 1.1], vertical_alignment="center", border=False)
    number = int(row["id"])
    with name:
        st.html(f"<strong>{escape(str(row['name']))}</strong><br><small>{escape(holds(row))}</small>")
    here = number == choices.get("network")
    if buttons[0].button(
        "Open", key=f"open_{number}", disabled=here, width="stretch", help="Open now" if here else None
    ):
        sidebar.open_network(number)
        st.switch_page("pages/look/network.py")
    with buttons[1], st.popover("Rename", width="stretch"):
        _offer_name(number, str(row["name"]))
    with buttons[2], st.popover("Delete", width="stretch"):
        _offer_end(number, row)


def holds(row: dict[Hashable, Any]) -> str:
    """What a network holds, in words.

    >>> holds({"invented": False, "schools": 1, "measures": 0, "observations": 0, "last": None})
    '1 school · 0 measures · no values yet'
    """
    schools = f"{row['schools']:,} school{'' if row['schools'] == 1 else 's'}"
    measures = f"{row['measures']:,} measure{'' if row['measures'] == 1 else 's'}"
    values = (
        f"{row['observations']:,} values to {day(row['last'], year=True)}" if row["observations"] else "no values yet"
    )
    return " · ".join([schools, measures, values, *(["all invented"] if row["invented"] else [])])


def _offer_name(number: int, name: str) -> None:
    with st.form(f"rename_{number}", border=False):
        typed = st.text_input("New name", name, max_chars=networks.LONGEST_NAME)
        if st.form_submit_button("Rename"):
            with words.problems_in_words():
                networks.rename(data.database(), number, typed, loading.this_person())
                sidebar.remember_what_was_done(f"“{name}” has a new name.")
                st.rerun()


def _offer_end(number: int, row: dict[Hashable, Any]) -> None:
    st.text("Everything of this network goes, for everyone: " + holds(row) + ". It can't be undone.")
    if row["invented"]:
        st.text("The sample network can be brought back.")
    with st.form(f"delete_{number}", border=False):
        typed = st.text_input("Type its name to delete it", placeholder=str(row["name"]))
        if st.form_submit_button("Delete this network"):
            with words.problems_in_words():
                networks.delete(data.database(), number, typed, loading.this_person())
                sidebar.forget_network(number)
                sidebar.remember_what_was_done(f"“{row['name']}” is deleted.")
                st.rerun()


def _offer_new(has_sample: bool) -> None:
    st.space("small")
    left, right = st.columns([4, 3.1], vertical_alignment="bottom", gap="medium")
    with left, st.form("new_network", border=False):
        typed = st.text_input("Name of a new network", max_chars=networks.LONGEST_NAME)
        if st.form_submit_button("Make a network", type="primary"):
            with words.problems_in_words():
                sidebar.start_own(typed)
    with right:
        if not has_sample and st.button("Bring the sample network back", width="stretch"):
            sidebar.bring_sample()
