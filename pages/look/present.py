"""One chart alone, for a wall: arrow keys go through the schools, Esc goes back."""

import streamlit as st

from lib.screen import choices, data, sidebar, words
from lib.screen.look import chart, present
from lib.wording import say

network = sidebar.network()
if not network.measures or network.span is None:
    st.switch_page("pages/look/run_chart.py")

present.clear_the_screen()
choice, rules, baseline = chart.chosen(network)
reading = data.reading(network, choice, rules, baseline, choices.get("limits"))
choices.write_address(chart.NAMES)
if reading is None:
    words.title(say("present.empty"), say("present.choose"))
else:
    notes = chart.notes(reading, choice)
    words.presented(reading, chart_below=True)
    chart.draw(reading, network, choice, rules, baseline, size=present.size_of(reading, notes))
    words.presented(reading, chart_below=False)
    present.show_notes(notes)
present.steps(network)
