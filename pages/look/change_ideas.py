"""A change idea: did the schools that tried it move, and did the others move too?"""

import streamlit as st

from lib.screen import choices, sidebar, words
from lib.screen.look import change_idea_editor, change_ideas, chart, lined_up

network = sidebar.network()
tried = lined_up.tests(network)
if not network.measures or network.span is None:
    chart.nothing_yet(
        "Schools that tried a change idea, lined up on the week they started, beside those still waiting."
    )
    st.stop()
if tried.empty:
    words.title("No change idea yet", "Here schools that tried one are lined up on the week they started.")
    change_idea_editor.show(network)
    st.stop()

head = st.container()
idea, measure, group = change_ideas.choose(network, tried)
one = lined_up.compare(network, tried, idea, measure, group)
choices.write_address(change_ideas.NAMES)
change_ideas.title(one, idea)
if one is None:
    st.info("No values for this choice. Choose another measure or group.")
    st.stop()
change_ideas.show(network, one, idea)
change_ideas.more(network, tried, one, idea)
