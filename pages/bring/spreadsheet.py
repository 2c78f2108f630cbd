"""Bring in a spreadsheet: see how it is understood, correct it, see what will be kept, and confirm."""

import streamlit as st

from lib.screen import choices, sidebar, words
from lib.screen.bring import correcting, sheet, spreadsheet

network = sidebar.network()
choices.write_address(())
words.title(
    "Bring in a spreadsheet",
    "CSV or Excel, as schools keep it. Nothing is saved before you have seen what will be kept.",
)
spreadsheet.say_what_was_saved()
file = spreadsheet.choose_file(network)
if file is None:
    spreadsheet.say_what_can_be_read()
    st.stop()

answer, first, shown, second = (st.container() for _ in range(4))
with words.problems_in_words():
    workbook = spreadsheet.read(file)
    proposal = spreadsheet.propose(network, workbook)
    with answer:
        spreadsheet.say_how_recognized()
    with second if proposal.certain else first:
        recipe = correcting.correct(network, workbook, proposal)
    checked = spreadsheet.check(network, workbook, recipe)
    with answer, words.problems_in_words():
        spreadsheet.show_counts(network, workbook, recipe, checked)
    with shown:
        sheet.show(workbook, recipe, checked)
    with second:
        spreadsheet.show_left_out(checked)
        spreadsheet.offer_recipe(recipe)
