"""What works where: what happened at which kinds of schools after they began an idea, and which are worth a visit?"""

import streamlit as st

from lib.screen import choices, sidebar, words
from lib.screen.look import chart, opening, visits, what_works

network = sidebar.network()
if not network.measures or network.span is None:
    chart.nothing_yet("Change ideas by kinds of schools: who tried what, and where did a measure change since?")
    st.stop()

opening.follow()
what = what_works.choose(network)
choices.write_address(what_works.NAMES)
if what.asks == "visits":
    found = visits.visits(network, what)
    visits.headline(network, what, found)
    visits.show(network, what, found)
    what_works.offer_data(network, what)
    st.stop()
if what_works.tried(network, what).empty:
    words.title("No change idea yet", "Here it is counted at which kinds of schools a measure changed since one began.")
    st.page_link("pages/look/change_ideas.py", label="Write down who tries what")
    st.stop()
what_works.headline(network, what)
what_works.show(network, what)
what_works.offer_data(network, what)
