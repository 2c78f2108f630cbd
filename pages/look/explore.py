"""Explore: the data behind the charts, as a table, as charts, and as files for other programs."""

import streamlit as st

from lib.screen import choices, sidebar
from lib.screen.look import chart, explore, exploring, opening

network = sidebar.network()
if not network.measures or network.span is None:
    chart.nothing_yet("Every point of every chart as a table, and as files for other programs.")
    st.stop()

opening.follow()
what = exploring.choose(network)
choices.write_address(exploring.NAMES)
one = explore.found(network, what)
explore.headline(network, one)
if one.points.empty:
    st.stop()
explore.show(network, one)
