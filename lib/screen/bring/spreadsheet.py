"""The parts of the page that brings in a spreadsheet."""

from collections.abc import Collection
from dataclasses import replace

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from lib import intake, loading
from lib.intake import LAYOUTS, MOST_BYTES, ROLES, UNITS_IN_FILE, Checked, Known, Proposal, Recipe, Why, Workbook
from lib.intake.recipe import ORDERS
from lib.intake.sheets import letters
from lib.intake.values import FractionOrder
from lib.loading import Prepared, Suggestion
from lib.problems import CannotContinue, PasswordNeeded
from lib.screen import data, words, working
from lib.screen.bring import new_schools, pasting, sending_back
from lib.screen.bring.pasting import Pasted
from lib.screen.data import Network
from lib.store import uploads
from lib.store.uploads import NewUpload
from lib.wording import plain, say

STEPS = ("Reading the file", "Looking for schools, dates and values", "Checking every value")

ENDINGS = ["csv", "tsv", "txt", "xlsx", "xlsm", "xls", "xlsb", "ods"]

HEADER_ROWS = 30
"""The header may stand in any of the first rows up to this one."""

HEIGHTS = [1, 2, 3]
ALIKE = ""

LAYOUT_WORDS = {
    "tidy": "one row for each value",
    "periods across": "periods across",
    "one tab per school": "one tab for each school",
    "one tab per period": "one tab for each period",
    "one tab per measure": "one tab for each measure",
    "one row per answer": "one row for each answer to a survey",
    "one row per student": "one row for each student",
}

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}

UNIT_WORDS = {
    "percent": "percent, 0 to 100",
    "fraction": "fraction, 0 to 1",
    "rate": "rate",
    "count": "count",
    "number": "number",
    "hours": "hours",
    "minutes": "minutes",
}


def say_what_was_saved() -> None:
    """After saving: how much, and the way to the chart; after a cancel, that nothing was."""
    working.finish()
    if st.session_state.pop("not_saved", False):
        st.info("Cancelled. Nothing was saved.")
    if saved := st.session_state.pop("saved", None):
        st.success(plain(saved))
        st.page_link("pages/look/network.py", label="See the network at a glance")


def choose_file(network: Network) -> UploadedFile | Pasted | None:
    if network.invented:
        st.warning(
            "This is the sample network. To keep your own numbers apart, choose “Start my own network” at the left."
        )
    file = st.file_uploader(
        "Spreadsheet",
        type=ENDINGS,
        key=f"file_{st.session_state.get('file_number', 0)}",
        max_upload_size=MOST_BYTES // 1_000_000,
    )
    return file or pasting.choose()


def say_what_can_be_read() -> None:
    """What an empty page says: the shapes that are understood."""
    st.text(
        "Understood: one row for each value; schools down and weeks, months or years across; one tab for each school, "
        "month or measure; several tables in one sheet; one school's measures; surveys and lists of students, of which "
        "only counts are kept. "
        "Title lines, notes and total rows are left out, and you see each of them. A cell that is no number is named "
        "and refused; it does not stop the others."
    )
    st.page_link("pages/bring/typing_in.py", label="Type values in, or get a template workbook for schools to fill in")


def read(file: UploadedFile | Pasted) -> Workbook:
    """The workbook, read once for each file that is chosen; a locked one after its password was typed."""
    if st.session_state.get("workbook_of") != file.file_id:
        password = _ask_password() if st.session_state.get("locked") == file.file_id else ""
        _forget_workbook()
        st.session_state["workbook"] = _opened(file, password)
        st.session_state["workbook_of"] = file.file_id
        if password:
            st.rerun()
    return st.session_state["workbook"]


def _opened(file: UploadedFile | Pasted, password: str) -> Workbook:
    """Without a password, a locked workbook starts the page anew, which then asks for it."""
    try:
        data_of_file = file.getvalue()
        return working.run(
            STEPS,
            lambda progress: intake.read(data_of_file, file.name, password, progress.wanted),
            on_cancel=_start_over,
        )
    except PasswordNeeded:
        st.session_state["locked"] = file.file_id
        if not password:
            st.rerun()
        raise


def _ask_password() -> str:
    """The password that was just typed, which is kept nowhere; without one the page ends here."""
    with st.form("password", clear_on_submit=True):
        st.text("This workbook has a password. It is used to open the workbook now, and it is not kept.")
        password = st.text_input("Password", type="password", autocomplete="off")
        st.form_submit_button("Open the workbook", type="primary")
    if not password:
        st.stop()
    return password


def _forget_workbook() -> None:
    for name in ("workbook", "workbook_of", "locked", "recipe", "recipe_of", "checked", "checked_of"):
        st.session_state.pop(name, None)


def propose(network: Network, workbook: Workbook) -> Proposal:
    """How the workbook is probably read; found once for each file."""
    if st.session_state.get("recipe_of") != (workbook.sha256, network.id):
        database = data.database()
        found = working.run(
            STEPS,
            lambda _: loading.suggest(database, network.id, workbook, loading.known(database, network.id)),
            on_cancel=_start_over,
            first=1,
        )
        st.session_state["suggestion"] = found
        _set_proposal(found.proposal)
        st.session_state["recipe_of"] = (workbook.sha256, network.id)
    return st.session_state["proposal"]


def say_how_recognized() -> None:
    """That the file is read as one before it, and the way to have it read anew, or as last time again."""
    suggestion: Suggestion = st.session_state["suggestion"]
    if suggestion.recognized is None:
        return
    as_before = st.session_state["proposal"] == suggestion.proposal
    name, other = suggestion.recognized.kept.name, suggestion.fresh if as_before else suggestion.proposal
    said, button = st.columns([4, 1.2], vertical_alignment="center")
    said.text(f"Read as last time: {name}." if as_before else f"Read anew. Last time it was read as {name}.")
    button.button(
        "Read it anew" if as_before else "Read as last time", width="stretch", on_click=_set_proposal, args=(other,)
    )


def correct(network: Network, workbook: Workbook, proposal: Proposal) -> Recipe:
    """The recipe, and the select boxes that correct it. What is corrected stays while the file stays."""
    recipe: Recipe | None = st.session_state["recipe"]
    for question in proposal.questions:
        st.warning(plain(str(question)))
    with st.expander("How it is read: correct it here", expanded=not proposal.certain):
        _say_what_was_found(workbook, proposal)
        _correct_table(workbook, recipe, loading.known(data.database(), network.id))
        if recipe is None:
            raise CannotContinue(*proposal.questions)
        corrected = _correct_columns(workbook, _correct_dates(_correct_measures(recipe)))
    if corrected != recipe:
        _set_recipe(corrected)
        st.rerun()
    return recipe


def _set_proposal(proposal: Proposal) -> None:
    st.session_state["proposal"] = proposal
    _set_recipe(proposal.recipe)


def _set_recipe(recipe: Recipe | None) -> None:
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
    boxes = st.columns(4)
    names = [sheet.name for sheet in workbook.sheets]
    row, height = (recipe.header_row, recipe.header_rows) if recipe else (1, 1)
    with boxes[0]:
        layout = st.selectbox(
            "Layout",
            LAYOUTS,
            index=LAYOUTS.index(recipe.layout) if recipe else 0,
            format_func=LAYOUT_WORDS.__getitem__,
            key=_key("layout"),
        )
    with boxes[1]:
        now = recipe.sheets[0] if recipe and recipe.sheets else ALIKE
        options = [now, *(name for name in names if name != now)]
        sheet = st.selectbox(
            "Sheet", options, format_func=lambda name: name or "all that look alike", key=_key("sheet")
        )
    with boxes[2]:
        rows = list(range(1, max(HEADER_ROWS, row) + 1))
        new_row = st.selectbox("Header row", rows, index=rows.index(row), key=_key("row"))
    with boxes[3]:
        new_height = st.selectbox("Rows of headers", HEIGHTS, index=HEIGHTS.index(height), key=_key("height"))
    if (new_row, new_height) != (row, height):
        _propose_again(intake.with_header_row(recipe, workbook, known, new_row, new_height if new_row == row else 0))
    if sheet != now:
        _propose_again(intake.with_sheets(recipe, workbook, known, [sheet]))
    if recipe and layout != recipe.layout:
        _propose_again(intake.with_layout(recipe, workbook, known, layout))


def _propose_again(proposal: Proposal) -> None:
    _set_proposal(proposal)
    st.rerun()


def _correct_measures(recipe: Recipe) -> Recipe:
    """What each measure is called and how it is written in the file."""
    for number, measure in enumerate(recipe.measures):
        left, right = st.columns([2, 1])
        with left:
            name = st.text_input("Measure", measure.name, key=_key(f"measure_{number}"))
        with right:
            unit = st.selectbox(
                "In the file as",
                UNITS_IN_FILE,
                index=UNITS_IN_FILE.index(measure.unit),
                format_func=UNIT_WORDS.__getitem__,
                key=_key(f"unit_{number}"),
            )
        if (name.strip(), unit) != (measure.name, measure.unit):
            return recipe.with_measure(measure.name, name, unit)
    return recipe


def _correct_dates(recipe: Recipe) -> Recipe:
    """How dates are read, where the file doesn't say it itself."""
    first, second, third = st.columns(3)
    dates = recipe.dates
    with first:
        order = st.selectbox(
            "Dates like 9/12",
            ORDERS,
            index=ORDERS.index(dates.order),
            format_func=lambda o: o or "not needed",
            key=_key("order"),
        )
    with second:
        year = st.number_input(
            "School year starts in (autumn)",
            1950,
            2100,
            dates.school_year,
            key=_key("year"),
            placeholder="said in the dates",
        )
    with third:
        no_dates = not recipe.columns_as("date") and recipe.layout == "tidy"
        label = "All values are of" if no_dates else "Monday of week 1"
        now = dates.fixed if no_dates else dates.first_week
        day = st.date_input(label, now, key=_key("day"), format="YYYY-MM-DD")
    if (order, year, day) == (dates.order, dates.school_year, now):
        return recipe
    return recipe.with_dates(order=order, school_year=year, **{"fixed" if no_dates else "first_week": day})


def _correct_columns(workbook: Workbook, recipe: Recipe) -> Recipe:
    """A row for each column of the file: its role, and which measure it holds."""
    frame = pd.DataFrame(
        {
            "Column": [letters(column.position) for column in recipe.columns],
            "Header": [column.header for column in recipe.columns],
            "Is": [column.role for column in recipe.columns],
            "Measure": [column.measure for column in recipe.columns],
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
    for column, (role, measure) in zip(recipe.columns, edited[["Is", "Measure"]].itertuples(index=False), strict=True):
        if (role, measure or "") != (column.role, column.measure):
            return intake.with_role(recipe, workbook, column.position, role, measure or "")
    return recipe


def check(network: Network, workbook: Workbook, recipe: Recipe) -> Checked:
    """What would be kept; computed once for each recipe."""
    key = (workbook.sha256, network.id, recipe)
    if st.session_state.get("checked_of") != key:
        database = data.database()
        st.session_state["checked"] = working.run(
            STEPS,
            lambda _: intake.check(workbook, recipe, loading.known(database, network.id)),
            on_cancel=_start_over,
            first=2,
        )
        st.session_state["checked_of"] = key
    return st.session_state["checked"]


def show_counts(network: Network, workbook: Workbook, recipe: Recipe, checked: Checked) -> None:
    """Every value counted once, what saving would change, the button that does it, and each refused cell."""
    counts = checked.counts
    if not counts.kept:
        if counts.refused:
            sending_back.offer(workbook, checked.refused)
        raise CannotContinue(*loading.why_nothing_kept(checked, workbook.name))
    what = "answers" if recipe.counts_people else "values"
    made = f" (they make {len(checked.observations):,} values)" if recipe.counts_people else ""
    left, right = st.columns([4, 1.2], vertical_alignment="top")
    prepared = Prepared(workbook, recipe, checked, st.session_state["suggestion"])
    upload, undecided = new_schools.ask(loading.as_upload(network.id, prepared, loading.this_person()))
    difference = uploads.difference(data.database(), upload)
    with left:
        st.html(
            f"<p><strong>{counts.values:,} {what}</strong> = {counts.kept:,} kept{made} + "
            f"{counts.suppressed:,} suppressed + {counts.refused:,} refused + {counts.left_out:,} left out. "
            f"Blank cells: {counts.blank:,}.<br>"
            f"Compared with what is stored: {difference.new:,} new, {difference.changed:,} changed, "
            f"{difference.unchanged:,} unchanged, {difference.vanished:,} not in this file (they stay).</p>"
        )
        _say_new("New schools", difference.new_schools)
        _say_new("New measures", difference.new_measures)
        _say_drafts(upload)
    with right:
        said = f"First say of {undecided} below which school is meant." if undecided else None
        label = f"Save {len(checked.observations):,} values"
        if st.button(label, type="primary", width="stretch", disabled=bool(undecided), help=said):
            _save(upload, prepared)
    if counts.refused:
        with st.expander(f"Refused cells: {counts.refused:,}", expanded=True):
            st.dataframe(
                checked.refused[loading.REFUSED_COLUMNS],
                hide_index=True,
                width="stretch",
                height=min(260, 36 * (counts.refused + 1)),
            )
            sending_back.offer(workbook, checked.refused)
            _offer_choices(recipe, checked.refused_for)


FRACTION_BUTTONS: dict[FractionOrder, str] = {
    "month/day": "Such dates were fractions: 12 September was 9/12",
    "day/month": "Such dates were fractions: 12 September was 12/9",
}


def _offer_choices(recipe: Recipe, reasons: Collection[Why]) -> None:
    """What is refused for a doubt comes in when a person says what it is."""
    with st.container(horizontal=True):
        if Why.ODD_ZERO in reasons and st.button("These zeros are counts: keep them"):
            _choose(replace(recipe, zeros="counted"))
        for order, label in FRACTION_BUTTONS.items():
            if Why.A_DATE in reasons and st.button(label):
                _choose(replace(recipe, fractions=order))


def _choose(recipe: Recipe) -> None:
    _set_recipe(recipe)
    st.rerun()


def _say_drafts(upload: NewUpload) -> None:
    """What was guessed of new measures; everywhere they are shown as drafts until somebody confirms it."""
    drafts = [one for one in upload.measures if one.id == 0]
    if drafts:
        said = [f"{one.name}: {one.unit}, wanted {one.wanted}, {say(f'periods.by.{one.cadence}')}" for one in drafts]
        st.text(f"Drafts, to be confirmed under Definitions. {'; '.join(said[:3])}{'; ...' if said[3:] else ''}.")


def _save(upload: NewUpload, prepared: Prepared) -> None:
    database = data.database()

    def saved(_: int) -> None:
        st.session_state["saved"] = f"Saved {len(upload.observations):,} values from {upload.file}."
        _forget_file()

    working.run(
        uploads.STEPS,
        lambda progress: loading.save(database, upload, prepared, progress.step),
        on_cancel=_say_not_saved,
        done=saved,
        keep=True,
    )
    st.rerun()


def _forget_file() -> None:
    st.session_state["file_number"] = st.session_state.get("file_number", 0) + 1
    _forget_workbook()


def _start_over() -> None:
    _forget_file()
    st.session_state["not_saved"] = True


def _say_not_saved() -> None:
    st.session_state["not_saved"] = True


def show_left_out(checked: Checked) -> None:
    """What is left out, each row and cell with its reason."""
    for sheet in checked.left_out_sheets:
        st.text(f"Sheet “{sheet.sheet}” is left out: {sheet.reason}")
    if len(checked.left_out_rows) or len(checked.left_out_cells):
        with st.expander(
            f"Left out: {len(checked.left_out_rows):,} rows, {len(checked.left_out_cells):,} single cells"
        ):
            st.dataframe(checked.left_out_rows, hide_index=True, width="stretch")
            if len(checked.left_out_cells):
                st.dataframe(checked.left_out_cells, hide_index=True, width="stretch")


def offer_recipe(recipe: Recipe) -> None:
    """The recipe as a file, for the command line."""
    st.download_button("Keep this recipe (JSON)", recipe.to_json(), file_name="recipe.json", mime="application/json")


def _say_new(label: str, names: tuple[str, ...]) -> None:
    if names:
        more = f" and {len(names) - 6:,} more" if len(names) > 6 else ""
        st.text(f"{label} ({len(names):,}): {', '.join(names[:6])}{more}")
