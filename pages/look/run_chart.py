"""One run chart: is this measure getting better at this school?"""

import streamlit as st

from lib.screen import choices, data, sidebar, words
from lib.screen.look import chart

network = sidebar.network()
if not network.measures or network.span is None:
    chart.nothing_yet("A run chart shows one measure at one school, week by week, and says whether it has changed.")
    st.stop()

choice, rules, baseline = chart.choose_chart(network)
reading = data.reading(network, choice, rules, baseline, choices.get("limits"))
choices.write_address(chart.NAMES)
if reading is None:
    chart.no_values(network, choice)
    st.stop()

words.headline(reading)
chart.draw(reading, network, choice, rules, baseline)
words.small_lines(chart.notes(reading, choice))
words.facts(reading)
chart.more(network, choice, reading, baseline)
