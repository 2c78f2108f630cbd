"""The projector's view: nothing but question, chart, sentence and steps."""

import streamlit as st

from lib.charts import SizeName
from lib.screen import choices, words
from lib.screen.data import Network
from lib.screen.look import chart
from lib.wording import Reading, question, say

HIDE_FRAME = """<style>
[data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stExpandSidebarButton"] {display: none;}
[data-testid="stMainBlockContainer"] {padding: 1rem 3.5rem 0 3.5rem;}
[data-testid="stVerticalBlock"] {gap: .5rem;}
[data-testid="stMainBlockContainer"] > [data-testid="stVerticalBlock"] {height: calc(100vh - 2rem);}
[data-testid="stLayoutWrapper"]:has(> .st-key-present_notes) {flex: 1 1 0; min-height: 0; overflow-y: auto;}
</style>"""


LONGEST_ON_A_LINE = 58
"""Letters of a question that fit beside each other at 1,280 pixels."""


def clear_the_screen() -> None:
    """No menu and no header while a chart is on the wall."""
    st.html(HIDE_FRAME)


def size_of(reading: Reading, notes: list[str]) -> SizeName:
    """A lower chart where something else needs the room."""
    return "present low" if notes or len(question(reading)) > LONGEST_ON_A_LINE else "present"


def show_notes(lines: list[str]) -> None:
    """What the run chart page says under the chart, in the room that is left above the steps."""
    with st.container(key="present_notes"):
        words.small_lines(lines, size="1.25rem")


def steps(network: Network) -> None:
    """Back and forth through the schools by button or arrow key; Esc closes."""
    places = list(chart.places(network))
    here = places.index(choices.get("school")) if choices.get("school") in places else 0
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="right"):
        st.text(say("present.step", n=here + 1, of=len(places)))
        st.button(say("present.previous"), shortcut="Left", on_click=_go, args=(places, here - 1))
        st.button(say("present.next"), shortcut="Right", on_click=_go, args=(places, here + 1))
        if st.button(say("present.close"), shortcut="Esc"):
            st.switch_page("pages/look/run_chart.py", query_params=choices.in_address(chart.NAMES))


def _go(places: list[int], to: int) -> None:
    choices.put("school", places[to % len(places)])
