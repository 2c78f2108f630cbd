"""The network at a glance: where does each school stand on each measure?"""

import streamlit as st

from lib.screen import choices, sidebar, words
from lib.screen.look import board, chart, exploring
from lib.wording import say

network = sidebar.network()
if not network.measures or network.span is None:
    chart.nothing_yet(
        "The network at a glance shows every school on every measure, with a mark where something has changed."
    )
    st.stop()

charts = board.charts(network, board.group_of(network))
head = st.container()
chosen = board.choose(network, charts)
choices.write_address(board.NAMES if board.asks_for_group(network) else board.NAMES[1:])
with head:
    words.title(say("board.title"), board.summary(network, charts, chosen))
board.legend()
board.who_is_missing(network, charts, chosen)
board.show(network, charts, chosen)
exploring.offer(board.data_of(network, chosen), charts.rules)
