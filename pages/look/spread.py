"""Spread: how many schools have taken up a change idea, and how far has each of them come?"""

import streamlit as st

from lib.screen import choices, sidebar, words
from lib.screen.look import change_ideas, chart, spread

network = sidebar.network()
told = spread.stages(network)
if not network.measures or network.span is None:
    chart.nothing_yet("How many schools have taken up a change idea, beside a measure on the same dates.")
    st.stop()
if told.empty:
    words.title("No change idea yet", "Here it is seen how many schools have taken one up, and how far they have come.")
    st.page_link("pages/look/change_ideas.py", label="Write down who tries what")
    st.stop()

what = spread.Asked(*change_ideas.choose(network, told))
found = spread.spread_of(network, told, what.idea)
choices.write_address(spread.NAMES)
spread.headline(network, what, found)
if (beside := spread.outcome(network, what)) is None or found.stretches.empty:
    st.info("Nothing to draw for this choice. Choose another change idea, measure or group.")
    st.stop()
spread.show(network, what, found, beside)
spread.more(network, what, found)
