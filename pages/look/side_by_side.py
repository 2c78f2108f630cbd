"""Side by side: how does one measure go at every school, for every group, or one school on every measure?"""

import streamlit as st

from lib.screen import sidebar, words
from lib.screen.look import asked, chart, comparing, exploring, opening, side_by_side

network = sidebar.network()
if not network.measures or network.span is None:
    chart.nothing_yet("Side by side shows the charts of many schools, groups or measures on one scale.")
    st.stop()

opening.follow()
head = st.container()
what = asked.choose(network)
asked.write_address(what)
shown = comparing.side(network, what)
with head:
    words.title(comparing.title(network, what), shown.said if shown else "")
if shown is None:
    side_by_side.empty(network, what)
    st.stop()

side_by_side.choose_page(shown)
side_by_side.draw(network, what, shown)
if not what.hides:
    exploring.offer(comparing.data_of(network, what), what.rules)
