"""The projector's view: nothing but question, chart, sentence and steps."""

import streamlit as st

from lib.screen import chart, choices
from lib.screen.data import Network

HIDE_FRAME = """<style>
[data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stExpandSidebarButton"] {display: none;}
[data-testid="stMainBlockContainer"] {padding: 1.25rem 3.5rem 0 3.5rem;}
[data-testid="stVerticalBlock"] {gap: .6rem;}
</style>"""


def clear_the_screen() -> None:
    """No menu and no header while a chart is on the wall."""
    st.html(HIDE_FRAME)


def steps(network: Network) -> None:
    """Back and forth through the schools by button or arrow key; Esc closes."""
    places = list(chart.places(network))
    here = places.index(choices.get("school")) if choices.get("school") in places else 0
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="right"):
        st.text(f"{here + 1} of {len(places)}")
        st.button("Previous", shortcut="Left", on_click=_go, args=(places, here - 1))
        st.button("Next", shortcut="Right", on_click=_go, args=(places, here + 1))
        if st.button("Close", shortcut="Esc"):
            st.switch_page("pages/look/run_chart.py", query_params=choices.in_address(chart.NAMES))


def _go(places: list[int], to: int) -> None:
    choices.put("school", places[to % len(places)])
