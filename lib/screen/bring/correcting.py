"""How a spreadsheet is read, in boxes that correct it: what always matters, and what matters for this file only."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import streamlit as st

from lib import intake, loading
from lib.intake import LAYOUTS, ROLES, UNITS_IN_FILE, Known, OpenChoices, Proposal, Recipe, Workbook
from lib.intake.dates import MONTH_WEEKS
from lib.intake.recipe import BLANKS, ORDERS, SCHOOL_IN
from lib.intake.sheets import letters
from lib.measures import CADENCES
from lib.screen import data, words
from lib.screen.bring import unsaid
from lib.screen.data import Network
from lib.wording import plain, say

HEADER_ROWS = 30
"""The header may stand in any of the first rows up to this one."""

HEIGHTS = [1, 2, 3]
BOXES_IN_A_ROW = 4

LAYOUT_WORDS = {
    "tidy": "one row for each value",
    "periods across": "periods across",
    "one tab per school": "one tab for each school",
    "one tab per period": "one tab for each period",
    "one tab per measure": "one tab for each measure",
    "one tab per group": "one tab for each student group",
    "one row per answer": "one row for each answer to a survey",
    "one row per student": "one row for each student",
}

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
DECIMALS = {".": "point: 0.5", ",": "comma: 0,5"}

UNIT_WORDS = {
    "percent": "percent, 0 to 100",
    "fraction": "fraction, 0 to 1",
    "rate": "rate",
    "count": "count",
    "number": "number",
    "hours": "hours",
    "minutes": "minutes",
}
SCHOOL_WORDS = {"": "here", "title": "above the table", "file name": "in the file’s name"}
MARK_WORDS = {"": "not counted", "counted": "the other mark"}
COUNT_WORDS = {"": "not collected", "counted": "0"}
MONTH_WEEK_WORDS = {"first Monday": "on its first Monday", "first day": "in the week of its first day"}
COUNTED_BY = {"": "by day", "week": "by week", "month": "by month"}
MONTHS = {number: f"{pd.Timestamp(2001, number, 1):%B}" for number in range(1, 13)}


def correct(network: Network, workbook: Workbook, proposal: Proposal) -> Recipe:
    """The recipe, and the boxes that correct it. What is corrected stays while the file stays."""
    recipe: Recipe | None = st.session_state["recipe"]
    unsaid.ask(workbook, recipe, proposal, set_recipe)
    with st.expander("How it is read: correct it here", expanded=not proposal.certain):
        known = loading.known(data.database(), network.id)
        _correct_table(workbook, recipe, known)
        if recipe is None:
            st.stop()
        found = _open_choices(network, workbook, recipe, known)
        corrected = _correct_columns(workbook, _correct_rest(_correct_measures(recipe, found), found))
        _say_what_was_found(workbook, proposal)
    if corrected != recipe:
        set_recipe(corrected)
        st.rerun()
    return recipe


def set_proposal(proposal: Proposal) -> None:
    st.session_state["proposal"] = proposal
    set_recipe(proposal.recipe)


def set_recipe(recipe: Recipe | None) -> None:
    """A new recipe gives its widgets new keys, so that they start from it."""
    st.session_state["recipe"] = recipe
    st.session_state["recipe_number"] = st.session_state.get("recipe_number", 0) + 1


def _key(name: str) -> str:
    return f"{name}_{st.session_state['recipe_number']}"


def _say_what_was_found(workbook: Workbook, proposal: Proposal) -> None:
    """The evidence, in a line each."""
    written = []
    if workbook.separator:
        separator = SEPARATORS.get(workbook.separator, workbook.separator)
        mark = " with a byte order mark" if workbook.bom else ""
        written = [f"Text in {workbook.encoding}{mark}, parted by {separator}; decimal sign “{workbook.decimal}”."]
    words.lines([*workbook.notes, *written, *proposal.evidence])


def _correct_table(workbook: Workbook, recipe: Recipe | None, known: Known) -> None:
    """Which sheets, which row is the header, which layout: with another one, the rest is proposed anew."""
    several = len(workbook.sheets) > 1
    boxes = st.columns(4 if several else 3)
    row, height = (recipe.header_row, recipe.header_rows) if recipe else (1, 1)
    with boxes[0]:
        layout = st.selectbox(
            "Layout",
            LAYOUTS,
            index=LAYOUTS.index(recipe.layout) if recipe else None,
            format_func=LAYOUT_WORDS.__getitem__,
            key=_key("layout"),
            placeholder="Choose",
        )
    now = list(recipe.sheets) if recipe else []
    sheets = now
    if several:
        with boxes[1]:
            sheets = _choose_sheets(workbook, now)
    with boxes[-2]:
        rows = list(range(1, max(HEADER_ROWS, row) + 1))
        new_row = st.selectbox("Header row", rows, index=rows.index(row), key=_key("row"))
    with boxes[-1]:
        new_height = st.selectbox("Rows of headers", HEIGHTS, index=HEIGHTS.index(height), key=_key("height"))
    if (new_row, new_height) != (row, height):
        _propose_again(intake.with_header_row(recipe, workbook, known, new_row, new_height if new_row == row else 0))
    if sheets != now:
        _propose_again(intake.with_sheets(recipe, workbook, known, sheets))
    if layout and (recipe is None or layout != recipe.layout):
        _propose_again(intake.with_layout(recipe, workbook, known, layout))


def _choose_sheets(workbook: Workbook, now: list[str]) -> list[str]:
    names = list(dict.fromkeys([*now, *(sheet.name for sheet in workbook.sheets)]))
    return st.multiselect("Sheets", names, now, key=_key("sheets"), placeholder="all that look alike")


def _propose_again(proposal: Proposal) -> None:
    set_proposal(proposal)
    st.rerun()


def _open_choices(network: Network, workbook: Workbook, recipe: Recipe, known: Known) -> OpenChoices:
    """Found once for each recipe."""
    key = (workbook.sha256, network.id, recipe)
    if st.session_state.get("open_choices_of") != key:
        st.session_state["open_choices"] = intake.open_choices(workbook, recipe, known)
        st.session_state["open_choices_of"] = key
    found: OpenChoices = st.session_state["open_choices"]
    return found


def _correct_measures(recipe: Recipe, found: OpenChoices) -> Recipe:
    """What each measure is called, and how it is written in the file or which answers are favorable."""
    for number, measure in enumerate(recipe.measures):
        left, right = st.columns([2, 1] if not recipe.counts_people else [1, 2])
        with left:
            name = st.text_input("Measure", measure.name, key=_key(f"measure_{number}"))
        with right:
            if recipe.counts_people:
                changed = _choose_favorable(recipe, number, found.answers.get(measure.name, ()))
            else:
                unit = st.selectbox(
                    "In the file as",
                    UNITS_IN_FILE,
                    index=UNITS_IN_FILE.index(measure.unit),
                    format_func=UNIT_WORDS.__getitem__,
                    key=_key(f"unit_{number}"),
                )
                changed = recipe.with_measure(measure.name, unit=unit)
        changed = changed.with_measure(measure.name, name)
        if changed != recipe:
            return changed
    return recipe


def _choose_favorable(recipe: Recipe, number: int, answers: tuple[str, ...]) -> Recipe:
    measure = recipe.measures[number]
    favorable = st.multiselect(
        "Favorable answers",
        answers,
        list(measure.favorable),
        format_func=plain,
        key=_key(f"favorable_{number}"),
        help="The measure is their share of all answers. The answers that are not chosen count too.",
        placeholder="none yet: choose the answers that count for it",
    )
    if set(favorable) == set(measure.favorable):
        return recipe
    return recipe.with_favorable(measure.name, favorable, answers)


def _correct_rest(recipe: Recipe, found: OpenChoices) -> Recipe:
    """Dates, and what only some files leave open: a box for each that matters here."""
    matter: list[tuple[bool, Box]] = [
        ("order" in found.dates, _choose_order),
        ("school_year" in found.dates, _type_year),
        (found.title_year is not None, _tick_title_year),
        ("school_year_start" in found.dates, _choose_year_start),
        (found.one_date, _choose_date),
        ("first_week" in found.dates, _choose_first_week),
        ("month_weeks" in found.dates, _choose_month_weeks),
        (found.one_date, _choose_cadence),
        (found.counted_by, _choose_counted_by),
        (found.school, _choose_school_in),
        (found.school and not recipe.school_in, _type_school),
        (found.blanks, _choose_blanks),
        (found.decimal, _choose_decimal),
        (bool(found.totals), _choose_totals),
    ]
    boxes = [box for matters, box in matter if matters]
    for start in range(0, len(boxes), BOXES_IN_A_ROW):
        columns = st.columns(BOXES_IN_A_ROW, vertical_alignment="bottom")
        for column, box in zip(columns, boxes[start : start + BOXES_IN_A_ROW], strict=False):
            with column:
                changed = box(recipe, found)
            if changed != recipe:
                return changed
    return recipe


Box = Callable[[Recipe, OpenChoices], Recipe]
"""Draws a box and returns the recipe as a person wants it."""


def _choose_order(recipe: Recipe, _: OpenChoices) -> Recipe:
    order = st.selectbox(
        "Dates like 9/12",
        ORDERS,
        index=ORDERS.index(recipe.dates.order),
        format_func=lambda one: one or "not needed",
        key=_key("order"),
    )
    return recipe.with_dates(order=order)


def _type_year(recipe: Recipe, _: OpenChoices) -> Recipe:
    """A year that a person types counts from then on, whatever a title says."""
    now = recipe.dates.school_year
    label = "School year starts in (autumn)"
    year = st.number_input(label, 1950, 2100, now, key=_key("year"), placeholder="said in the dates")
    return recipe if year == now else recipe.with_dates(school_year=year, year_in_title=False)


def _tick_title_year(recipe: Recipe, found: OpenChoices) -> Recipe:
    now, year = recipe.dates.year_in_title, found.title_year
    ticked = st.checkbox("Each file’s title says its school year", now, key=_key("title_year"))
    if ticked == now or year is None:
        return recipe
    dates = recipe.dates.of_year(year) if ticked else recipe.dates
    return replace(recipe, dates=replace(dates, year_in_title=ticked))


def _choose_year_start(recipe: Recipe, _: OpenChoices) -> Recipe:
    now = recipe.dates.school_year_start
    month = st.selectbox(
        "School years begin in", list(MONTHS), index=now - 1, format_func=MONTHS.__getitem__, key=_key("year_start")
    )
    return recipe.with_dates(school_year_start=month)


def _choose_date(recipe: Recipe, _: OpenChoices) -> Recipe:
    now = recipe.dates.fixed
    day = st.date_input("All values are of", now, key=_key("day"), format="YYYY-MM-DD")
    return recipe if day == now else recipe.with_dates(fixed=day, year_in_title=False)


def _choose_first_week(recipe: Recipe, _: OpenChoices) -> Recipe:
    day = st.date_input("Monday of week 1", recipe.dates.first_week, key=_key("day"), format="YYYY-MM-DD")
    return recipe.with_dates(first_week=day)


def _choose_month_weeks(recipe: Recipe, _: OpenChoices) -> Recipe:
    way = st.selectbox(
        "Week 1 of a month begins",
        MONTH_WEEKS[1:],
        index=MONTH_WEEKS[1:].index(recipe.dates.month_weeks) if recipe.dates.month_weeks else None,
        format_func=MONTH_WEEK_WORDS.__getitem__,
        key=_key("month_weeks"),
    )
    return recipe.with_dates(month_weeks=way or "")


def _choose_cadence(recipe: Recipe, _: OpenChoices) -> Recipe:
    """One date doesn't tell how often a measure is taken."""
    options = ["", *CADENCES]
    cadence = st.selectbox(
        "New measures are taken",
        options,
        index=options.index(recipe.dates.cadence),
        format_func=lambda one: say(f"periods.by.{one}") if one else "by what is known of them",
        key=_key("cadence"),
    )
    return recipe.with_dates(cadence=cadence)


def _choose_counted_by(recipe: Recipe, _: OpenChoices) -> Recipe:
    options = list(dict.fromkeys([recipe.dates.cadence, *COUNTED_BY]))
    cadence = st.selectbox(
        "Answers are counted",
        options,
        format_func=lambda one: COUNTED_BY.get(one, one),
        key=_key("counted_by"),
    )
    return recipe.with_dates(cadence=cadence)


def _choose_school_in(recipe: Recipe, _: OpenChoices) -> Recipe:
    school_in = st.selectbox(
        "The school’s name stands",
        SCHOOL_IN,
        index=SCHOOL_IN.index(recipe.school_in),
        format_func=SCHOOL_WORDS.__getitem__,
        key=_key("school_in"),
    )
    return replace(recipe, school_in=school_in)


def _type_school(recipe: Recipe, _: OpenChoices) -> Recipe:
    school = st.text_input("School", recipe.school, key=_key("school"), max_chars=200)
    return replace(recipe, school=school.strip())


def _choose_blanks(recipe: Recipe, _: OpenChoices) -> Recipe:
    said = MARK_WORDS if recipe.counts_people else COUNT_WORDS
    blanks = st.selectbox(
        "A blank cell is",
        BLANKS,
        index=BLANKS.index(recipe.blanks),
        format_func=said.__getitem__,
        key=_key("blanks"),
        help="Only where others have a mark or a number at that time; a week that nobody filled in stays empty.",
    )
    return replace(recipe, blanks=blanks)


def _choose_decimal(recipe: Recipe, _: OpenChoices) -> Recipe:
    decimal = st.selectbox(
        "Decimal sign",
        list(DECIMALS),
        index=list(DECIMALS).index(recipe.decimal),
        format_func=DECIMALS.__getitem__,
        key=_key("decimal"),
    )
    return replace(recipe, decimal=decimal)


def _choose_totals(recipe: Recipe, found: OpenChoices) -> Recipe:
    """Names that may be totals: those that are chosen are left out, the others are schools."""
    now = [name for name, is_total in found.totals.items() if is_total]
    chosen = st.multiselect(
        "Totals, not schools",
        list(found.totals),
        now,
        format_func=plain,
        key=_key("totals"),
        placeholder=f"none of {len(found.totals)}",
        help="Rows of these names are left out. Those that are not chosen are schools.",
    )
    return recipe if set(chosen) == set(now) else intake.with_totals(recipe, found.totals, chosen)


def _correct_columns(workbook: Workbook, recipe: Recipe) -> Recipe:
    """A row for each column of the file: its role, which measure it holds, and where the header is one, its period."""
    across = recipe.layout == "periods across" or any(column.period for column in recipe.columns)
    grouped = any(column.group for column in recipe.columns)
    frame = pd.DataFrame(
        {
            "Column": [letters(column.position) for column in recipe.columns],
            "Header": [column.header for column in recipe.columns],
            "Is": [column.role for column in recipe.columns],
            "Measure": [column.measure for column in recipe.columns],
            **({"Group": [column.group for column in recipe.columns]} if grouped else {}),
            **({"Period": [column.period for column in recipe.columns]} if across else {}),
        }
    )
    edited = st.data_editor(
        frame,
        hide_index=True,
        height=min(420, 38 * (len(frame) + 1)),
        disabled=["Column", "Header"],
        column_config={"Is": st.column_config.SelectboxColumn(options=list(ROLES), required=True)},
        key=_key("columns"),
    )
    for column, row in zip(recipe.columns, edited.to_dict("records"), strict=True):
        role, measure, period = row["Is"], row["Measure"] or "", (row.get("Period") or "").strip()
        if (role, measure) != (column.role, column.measure):
            return intake.with_role(recipe, workbook, column.position, role, measure)
        if across and period != column.period:
            return recipe.with_period(column.position, period)
        if grouped and (group := (row["Group"] or "").strip()) != column.group:
            return recipe.with_group(column.position, group)
    return recipe
