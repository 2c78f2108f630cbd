"""Student groups: is the gap between two of them closing, and which of them moved?"""

import streamlit as st

from lib.screen import choices, sidebar, words
from lib.screen.look import chart, gaps, groups

network = sidebar.network()
if not network.measures or network.span is None:
    chart.nothing_yet("Two student groups of one measure, and whether the gap between them is closing.")
    st.stop()
if not groups.real_groups(network):
    words.title(
        "No student group yet", "Here two groups of one measure are compared, and the gap between them is read."
    )
    st.text("Groups come from a column of a spreadsheet, such as “grade” or “language”.")
    st.page_link("pages/bring/spreadsheet.py", label="Bring in a spreadsheet with groups")
    st.stop()

what = groups.choose(network)
one = gaps.compare(network, what)
choices.write_address(groups.NAMES)
if one is None:
    groups.nothing_here(network, what)
    st.stop()
groups.headline(one)
groups.show(network, one, what)
groups.more(network, what, one)
