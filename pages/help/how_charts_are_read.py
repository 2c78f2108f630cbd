"""How charts are read: printed from the constants that the code uses."""

import streamlit as st

from lib.screen import choices, rules_page, words

choices.write_address(())
words.title("How charts are read", "What each mark means, which rules are read, and how often they cry wolf.")
states, rules, chance, conventions = st.tabs(["Marks and states", "Rules", "How often by luck", "Points and lines"])
with states:
    rules_page.show_states()
with rules:
    rules_page.show_rules()
with chance:
    rules_page.show_chance()
with conventions:
    rules_page.show_conventions()
