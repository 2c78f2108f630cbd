"""Bring in a spreadsheet: see how it is understood, correct it, see what will be kept, and confirm."""

import streamlit as st

from lib.screen import bring, choices, sheet, sidebar, words

network = sidebar.network()
choices.write_address(())
words.title(
    "Bring in a spreadsheet",
    "CSV or Excel, as schools keep it. Nothing is saved before you have seen what will be kept.",
)
bring.say_what_was_saved()
file = bring.choose_file(network)
if file is None:
    bring.say_what_can_be_read()
    st.stop()

answer, first, shown, second = (st.container() for _ in range(4))
with words.problems_in_words():
    workbook = bring.read(file)
    proposal = bring.propose(network, workbook)
    with answer:
        bring.say_how_recognized()
    with second if proposal.certain else first:
        recipe = bring.correct(network, workbook, proposal)
    checked = bring.check(network, workbook, recipe)
    with answer:
        bring.show_counts(network, workbook, recipe, checked)
    with shown:
        sheet.show(workbook, recipe, checked)
    with second:
        bring.show_left_out(checked)
        bring.offer_recipe(recipe)
