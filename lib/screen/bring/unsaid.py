"""What a file leaves open on the page that brings it in: its questions, and the answers that take a click."""

from collections.abc import Callable

import streamlit as st

from lib import intake
from lib.intake import Column, Proposal, Recipe, Workbook
from lib.problems import Problem
from lib.wording import plain

Choose = Callable[[Recipe], None]
"""Takes a corrected recipe for the one of this tab."""


def ask(workbook: Workbook, recipe: Recipe | None, proposal: Proposal, choose: Choose) -> None:
    """The questions that nobody has answered yet, each with what answers it at once."""
    abouts = [_about(question) for question in proposal.questions]
    for number, question in enumerate(proposal.questions):
        alone = abouts.count(abouts[number]) == 1
        if recipe is None or not (alone and _is_answered(question, recipe, proposal.recipe)):
            _ask(question, f"settled_{workbook.sha256[:12]}_{number}")
    if recipe is not None and proposal.recipe is not None:
        asked = any(one.where == "Values" for one in proposal.questions)
        if asked and len(proposal.recipe.measures) > 1:
            _choose_measures(workbook, recipe, proposal.recipe, choose)
        if counts := intake.perhaps_share(recipe, workbook):
            _offer(f"Read as one share: {_names(counts)}", intake.as_share(recipe, *counts), choose)
        elif asked and (share := _share_of_counts(recipe)):
            _offer(f"Read as two counts, not as one share: {_names(share)}", intake.as_counts(recipe), choose)


def _ask(question: Problem, key: str) -> None:
    """The question, until it is answered or a person says that what is taken for now is right."""
    if "(for now" not in question.fix:
        st.warning(plain(str(question)))
    elif not st.session_state.get(key):
        said, right = st.columns([4, 1], vertical_alignment="center")
        said.warning(plain(str(question)))
        right.button("That is right", key=f"{key}_button", on_click=st.session_state.update, args=({key: True},))


def _about(question: Problem) -> str:
    """What a question is about: its place, and of several about dates which one it is."""
    return next((name for word, name in ABOUT_DATES.items() if word in question.fix), question.where)


def _is_answered(question: Problem, recipe: Recipe, proposed: Recipe | None) -> bool:
    """Whether a person has changed what the question is about."""
    if proposed is None:
        return False
    if question.where.startswith("Measure "):
        told = set(recipe.measures) ^ set(proposed.measures)
        return recipe.blanks != proposed.blanks or any(question.where == f"Measure “{one.name}”" for one in told)
    return any(of(recipe) != of(proposed) for of in ABOUT.get(_about(question), ()))


ABOUT: dict[str, tuple[Callable[[Recipe], object], ...]] = {
    "Values": (lambda recipe: recipe.columns,),
    "Measures": (lambda recipe: recipe.measures,),
    "School": (lambda recipe: (recipe.school, recipe.school_in, recipe.columns_as("school id", "school name")),),
    "Rows": (lambda recipe: (recipe.totals, recipe.not_totals, recipe.columns_as("school id", "school name")),),
    "Dates": (lambda recipe: (recipe.dates, recipe.columns_as("date")),),
    "Order": (lambda recipe: (recipe.dates.order, recipe.columns_as("date")),),
    "Year": (lambda recipe: (recipe.dates.school_year, recipe.dates.year_in_title, recipe.columns_as("date")),),
    "Period": (lambda recipe: (recipe.dates.fixed, recipe.columns_as("date"), recipe.layout),),
    "Weeks": (lambda recipe: (recipe.dates.first_week, recipe.dates.month_weeks),),
}
"""What the questions about a whole file are about, by where they are."""
ABOUT_DATES = {"which comes first": "Order", "the school year": "Year", "the period": "Period"}


def _choose_measures(workbook: Workbook, recipe: Recipe, proposed: Recipe, choose: Choose) -> None:
    """A table of many numbers: some of them may be all that is wanted."""
    key = f"measures_of_{workbook.sha256[:12]}"
    st.session_state[key] = list(intake.measures_left(recipe, proposed))
    st.multiselect(
        "Measures to bring in",
        [one.name for one in proposed.measures],
        key=key,
        format_func=plain,
        placeholder=f"All {len(proposed.measures)}, or choose some",
        on_change=lambda: choose(intake.with_measures(recipe, proposed, st.session_state[key])),
    )


def _share_of_counts(recipe: Recipe) -> tuple[Column, ...]:
    """The numerator and the denominator, where they are all that is read."""
    pair = recipe.columns_as("numerator", "denominator")
    return pair if len(pair) == 2 and len([one for one in recipe.columns if one.holds_values]) == 2 else ()


def _names(pair: tuple[Column, ...]) -> str:
    ordered = sorted(pair, key=lambda one: one.role == "denominator")
    return plain(" of ".join(f"“{one.header}”" for one in ordered))


def _offer(label: str, recipe: Recipe, choose: Choose) -> None:
    st.button(label, on_click=choose, args=(recipe,))
