"""The recipes of a network on the page of definitions: what each reads; renamed, taken along as a file, deleted."""

from html import escape

import streamlit as st

from lib import loading
from lib.intake import Recipe
from lib.screen import data, words
from lib.screen.data import Network
from lib.store import recipes
from lib.store.recipes import StoredRecipe
from lib.wording import day


def show(network: Network) -> None:
    """One row for each recipe, the newest used first."""
    found = recipes.recipes(data.database(), network.id)
    if not found:
        st.info(
            "No recipes yet. When a spreadsheet is saved, how it was read is kept here. The next one of its kind is "
            "then read without a question."
        )
        st.page_link("pages/bring/spreadsheet.py", label="Bring in a spreadsheet")
        return
    st.text("A spreadsheet of one of these kinds is read as last time. The newest used comes first.")
    for one in found:
        _show_one(network, one)


def _show_one(network: Network, one: StoredRecipe) -> None:
    name, *buttons = st.columns([4, 1.1, 1.3, 1.1], vertical_alignment="center")
    with name:
        st.html(f"<strong>{escape(one.name)}</strong><br><small>{escape(reads(one))}</small>")
    with buttons[0], st.popover("Rename", width="stretch"), st.form(f"rename_recipe_{one.id}", border=False):
        typed = st.text_input("New name", one.name, max_chars=recipes.LONGEST_NAME)
        if st.form_submit_button("Rename"):
            with words.problems_in_words():
                recipes.rename(data.database(), network.id, one.id, typed, loading.this_person())
                st.rerun()
    buttons[1].download_button(
        "Download",
        one.recipe,
        file_name=f"{''.join(letter if letter.isalnum() else '_' for letter in one.name)}.json",
        mime="application/json",
        key=f"download_recipe_{one.id}",
        on_click="ignore",
        width="stretch",
        help="JSON, for python -m lib load --recipe",
    )
    with buttons[2], st.popover("Delete", width="stretch"):
        st.text("What was read by it stays. The next file of its kind is read anew.")
        if st.button("Delete this recipe", key=f"delete_recipe_{one.id}"):
            with words.problems_in_words():
                recipes.delete(data.database(), network.id, one.id, loading.this_person())
                st.rerun()


def reads(one: StoredRecipe) -> str:
    """What a recipe reads, and when it was used last."""
    recipe = Recipe.from_json(one.recipe)
    measures = ", ".join(measure.name for measure in recipe.measures) or "measures named in a column"
    return f"{measures} · {recipe.layout} · last used {day(one.used_at.date(), year=True)} · kept by {one.who}"
