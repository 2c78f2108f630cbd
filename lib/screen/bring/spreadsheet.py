"""The parts of the page that brings in a spreadsheet."""

from dataclasses import replace

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from lib import intake, loading
from lib.intake import MOST_BYTES, Checked, Proposal, Recipe, UnitInFile, Why, Workbook
from lib.intake.values import FractionOrder
from lib.loading import Prepared, Suggestion
from lib.screen import data, passwords, working
from lib.screen.bring import correcting, new_schools, pasting, sending_back
from lib.screen.bring.pasting import Pasted
from lib.screen.data import Network
from lib.store import uploads
from lib.store.uploads import NewUpload
from lib.wording import plain, say

STEPS = ("Reading the file", "Looking for schools, dates and values", "Checking every value")


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
    file = st.file_uploader(  # of any name: the first bytes tell the kind, and a wrong one is refused in plain words
        "Spreadsheet",
        key=f"file_{st.session_state.get('file_number', 0)}",
        max_upload_size=MOST_BYTES // 1_000_000,
    )
    return file or pasting.choose()


def say_what_can_be_read() -> None:
    """What an empty page says: the shapes that are understood."""
    st.text(
        "Understood: one row for each value; schools down and weeks, months or years across, or the other way "
        "round; one tab for each school, month, measure or grade; several tables in one sheet; one school's measures; "
        "surveys and lists of students, of which only counts are kept. Title lines, notes and total rows are left "
        "out, and you see each of them. A cell that is no number is named and refused; it does not stop the "
        "others."
    )
    st.page_link("pages/bring/typing_in.py", label="Type values in, or get a template workbook for schools to fill in")


def read(file: UploadedFile | Pasted) -> Workbook:
    """The workbook, read once for each file that is chosen; a locked one after its password was typed."""
    if st.session_state.get("workbook_of") != file.file_id:
        data_of_file, was_locked = file.getvalue(), passwords.is_locked(file.file_id)
        workbook = passwords.opened(file.file_id, lambda password: _read(data_of_file, file.name, password))
        if workbook is None:
            st.stop()
        _forget_workbook()
        st.session_state["workbook"] = workbook
        st.session_state["workbook_of"] = file.file_id
        if was_locked:
            st.rerun()
    return st.session_state["workbook"]


def _read(data_of_file: bytes, name: str, password: str) -> Workbook:
    return working.run(
        STEPS, lambda progress: intake.read(data_of_file, name, password, progress.wanted), on_cancel=_start_over
    )


def _forget_workbook() -> None:
    for name in ("workbook", "workbook_of", passwords.LOCKED, "recipe", "recipe_of", "checked", "checked_of"):
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
        correcting.set_proposal(found.proposal)
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
        "Read it anew" if as_before else "Read as last time",
        width="stretch",
        on_click=correcting.set_proposal,
        args=(other,),
    )


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
        _say_nothing_kept(workbook, recipe, checked)
        return
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
        _say_new("New student groups", difference.new_groups)
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
            _offer_choices(recipe, checked)


def _say_nothing_kept(workbook: Workbook, recipe: Recipe, checked: Checked) -> None:
    for problem in loading.why_nothing_kept(checked, workbook.name):
        st.error(plain(str(problem)))
    if checked.counts.refused:
        _offer_choices(recipe, checked)
        if st.session_state["proposal"].certain:
            sending_back.offer(workbook, checked.refused)


FRACTION_BUTTONS: dict[FractionOrder, str] = {
    "month/day": "Such dates were fractions: 12 September was 9/12",
    "day/month": "Such dates were fractions: 12 September was 12/9",
}


UNIT_BUTTONS: dict[UnitInFile, str] = {
    "percent": "“{measure}” is in percent, 0 to 100",
    "rate": "“{measure}” is a rate, not a percent",
    "count": "“{measure}” is a count, not a percent",
}


AS_ABOVE = "A blank school cell means the school above it"
DATES_AS_ABOVE = "A blank date cell means the date above it"


def _offer_choices(recipe: Recipe, checked: Checked) -> None:
    """What is refused for a doubt comes in when a person says what it is."""
    reasons = checked.refused_for
    for measure, why in checked.no_shares.items():
        _offer_units(recipe, measure, why)
    with st.container(horizontal=True):
        if Why.ODD_ZERO in reasons and st.button("These zeros are counts: keep them"):
            _choose(replace(recipe, zeros="counted"))
        if Why.NO_SCHOOL in reasons and recipe.columns_as("school id", "school name") and st.button(AS_ABOVE):
            _choose(replace(recipe, blank_schools="as above"))
        if Why.NO_DATE in reasons and recipe.columns_as("date") and st.button(DATES_AS_ABOVE):
            _choose(replace(recipe, blank_dates="as above"))
        for order, label in FRACTION_BUTTONS.items():
            if Why.A_DATE in reasons and st.button(label):
                _choose(replace(recipe, fractions=order))


def _offer_units(recipe: Recipe, measure: str, why: Why) -> None:
    """Most of the measure is more than 100 %, so it is probably no percent, or not written as a fraction of 1."""
    st.text(f"Most of “{measure}” is more than 100 %. What is it?")
    with st.container(horizontal=True):
        for unit, label in UNIT_BUTTONS.items():
            offered = unit != "percent" or why == Why.OVER_1
            if offered and st.button(label.format(measure=plain(measure)), key=f"{unit}_{measure}"):
                _choose(intake.with_no_share(recipe, measure, unit))


def _choose(recipe: Recipe) -> None:
    correcting.set_recipe(recipe)
    st.rerun()


def _say_drafts(upload: NewUpload) -> None:
    """What was guessed of new measures; everywhere they are shown as drafts until somebody confirms it."""
    drafts = [one for one in upload.measures if one.id == 0]
    if drafts:
        said = [f"{one.name}: {one.unit}, wanted {one.wanted}, {say(f'periods.by.{one.cadence}')}" for one in drafts]
        more = f"; and {len(said) - 3:,} more" if said[3:] else ""
        st.text(f"Drafts, to be confirmed under Definitions. {'; '.join(said[:3])}{more}.")


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
