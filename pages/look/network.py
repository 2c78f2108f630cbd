"""The network at a glance: where does each school stand on each measure?"""

import streamlit as st

from lib.screen import board, chart, choices, data, sidebar, words
from lib.store.series import Choice

network = sidebar.network()
if not network.measures or network.span is None:
    chart.nothing_yet(
        "The network at a glance shows every school on every measure, with a mark where something has changed."
    )
    st.stop()

charts = data.charts(Choice(network.id, tuple(network.measures)))
words.title("Network at a glance", board.summary(network, charts))
schools = board.choose_schools(network)
choices.write_address(("search", "district", "page"))
board.legend()
board.show(network, charts, schools)
