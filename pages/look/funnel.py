"""The funnel: which schools differ by more than chance, in one stretch of time?"""

import streamlit as st

from lib.screen import choices, sidebar
from lib.screen.look import chart, funnel, opening

network = sidebar.network()
if not network.measures or network.span is None:
    chart.nothing_yet("A funnel shows which schools differ by more than chance over one stretch of time.")
    st.stop()

opening.follow()
what = funnel.choose(network)
one = funnel.compare(network, what)
choices.write_address(funnel.NAMES)
funnel.headline(network, what, one)
if isinstance(one, str):
    funnel.no_funnel(network)
    st.stop()
funnel.show(network, one, what)
funnel.more(network, one, what)
