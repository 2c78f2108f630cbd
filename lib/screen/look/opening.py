"""Opening one run chart from a page that shows many."""

from collections.abc import Sequence
from typing import Any, Never

import streamlit as st

from lib.charts import Drawn
from lib.screen import choices
from lib.screen.look import chart


def run_chart(measure: int, school: int, group: int) -> Never:
    """Leave for this run chart; before any widget of these choices is drawn.

    The address is the one that the run chart's page will show: another would put a second entry into the browser's
    history, and its Back button would lead to the run chart again.
    """
    for name, value in (("measure", measure), ("school", school), ("group", group)):
        choices.put(name, value)
    st.switch_page("pages/look/run_chart.py", query_params=choices.in_address(chart.NAMES))


def ask(measure: int, school: int, group: int) -> Never:
    """Have this run chart opened where the choices have widgets on the page already: they can't be set any more in
    this run, so the next one begins with it."""
    st.session_state["opening"] = (measure, school, group)
    st.rerun()


def picked(charts: Drawn, key: str) -> dict[str, Any]:
    """Shows small charts; what was clicked (`pick`) or brushed (`brush`) in them."""
    found: dict[str, Any] = st.vega_lite_chart(
        charts.data,
        charts.spec,
        key=key,
        on_select="rerun",
        selection_mode=["pick", "brush"],
        theme=None,
        alt=charts.alt,
    )["selection"]
    return found


def choose(labels: Sequence[str]) -> int | None:
    """A box that opens one of these run charts, for those who use no mouse; the place of the one that was chosen."""
    with st.columns([2, 5])[0]:
        chosen: int | None = st.selectbox(
            "Open the run chart of",
            list(range(len(labels))),
            index=None,
            format_func=lambda place: labels[place],
            placeholder="choose one",
            key="open_by_name",
        )
    return chosen


def follow() -> None:
    """Open the run chart that was asked for; before any widget is drawn."""
    if wanted := st.session_state.pop("opening", None):
        run_chart(*wanted)
