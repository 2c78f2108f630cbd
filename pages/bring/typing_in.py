"""Typing in: what is the value of this measure at each school in this period?"""

import streamlit as st

from lib.screen import choices, sidebar, words
from lib.screen.bring import typing_in

network = sidebar.network()
if not network.measures or not network.schools:
    typing_in.nothing_yet()
    st.stop()

head = st.container()
what = typing_in.choose(network)
choices.write_address(typing_in.NAMES)
with head:
    words.title(typing_in.title(what), typing_in.summary(what))
typing_in.show(what)
