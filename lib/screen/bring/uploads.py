"""The parts of the uploads page: the list, what one upload changed, undo and redo, and its cells that were refused."""

import hashlib
from collections.abc import Callable, Hashable, Sequence
from datetime import date
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from lib import intake
from lib.exports.table import value_said
from lib.intake.sheets import address
from lib.loading import this_person
from lib.marks import Place
from lib.problems import CannotContinue, Problem
from lib.screen import choices, data, passwords, words
from lib.screen.bring import sending_back, typed
from lib.screen.data import Network
from lib.store import Database, changes, undo
from lib.store.changes import Kind, Upload
from lib.wording import day, period_label

NAMES = ("upload",)
"""The choices that the page's address holds."""

LIST_HEIGHT = 318
MOST_CHANGES = 500
"""Observations of a kind that are listed."""

KIND_WORDS: dict[Kind, str] = {"changed": "Changed", "emptied": "Taken away", "new": "New", "vanished": "Not in it"}


def every(network: Network) -> list[Upload]:
    """The network's uploads, newest first."""
    return changes.uploads(data.database(), network.id)


def nothing_yet() -> None:
    """A network into which nothing was brought."""
    words.title("Uploads", "Each file that comes in is listed here, with what it changed. Any of them can be undone.")
    st.page_link("pages/bring/spreadsheet.py", label="Bring in a spreadsheet")


def summary(found: Sequence[Upload]) -> str:
    """How many there are, and the newest."""
    newest, undone = found[0], sum(one.undone for one in found)
    many = f"{len(found):,} upload{'' if len(found) == 1 else 's'}"
    away = f", {undone:,} of them undone" if undone else ""
    return f"{many}{away}. The newest: {newest.file}, by {newest.who} on {day(newest.at.date(), year=True)}."


def say_origin(said: str, number: int, place: Place, first: date) -> None:
    """Where a point comes from, who brought that in and when, and the ways to the upload and to a correction."""
    one = changes.about(data.database(), number)
    by = f" Brought in by {one.who} on {day(one.at.date(), year=True)}, {one.at:%H:%M}." if one else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(f"{said}{by}", width="stretch")
        if st.button(f"See upload {number}", on_click=choices.put, args=("upload", number)):
            st.switch_page("pages/bring/uploads.py")
        if st.button("Correct it", on_click=typed.correct, args=(place, first)):
            st.switch_page("pages/bring/typing_in.py")


def choose(found: Sequence[Upload]) -> Upload:
    """The list, and beside it the chosen upload: a row that is clicked, the box above it, or the address."""
    left, right = st.columns([1.45, 1], gap="medium")
    with left:
        _list(found)
    with right:
        labels = {one.id: f"{one.id} · {one.file}" for one in found}
        number = choices.choose("Upload", "upload", list(labels), labels.__getitem__, on_change=_forget_row)
        chosen = next(one for one in found if one.id == number)
        _about(chosen)
        _offer_turn(chosen)
    return chosen


def _list(found: Sequence[Upload]) -> None:
    frame = pd.DataFrame(
        {
            "upload": [one.id for one in found],
            "file": [one.file for one in found],
            **(
                {"state": ["undone" if one.undone else "" for one in found]} if any(one.undone for one in found) else {}
            ),
            "kept": [one.kept for one in found],
            "refused": [one.refused for one in found],
            "when": [f"{one.at:%Y-%m-%d %H:%M}" for one in found],
            "who": [one.who for one in found],
        }
    )
    key = f"uploads_{st.session_state.get('uploads_round', 0)}"
    st.dataframe(
        frame,
        hide_index=True,
        height=LIST_HEIGHT,
        key=key,
        on_select=_row_picker(key, found),
        selection_mode="single-row",
        column_config={
            name: st.column_config.Column(width=width)
            for name, width in (("upload", 55), ("file", 185), ("state", 62), ("kept", 58), ("refused", 62))
        },
        alt="Every upload: file, when, who, values kept and refused",
    )


def _row_picker(key: str, found: Sequence[Upload]) -> Callable[[], None]:
    def pick() -> None:
        if rows := st.session_state[key]["selection"]["rows"]:
            choices.put("upload", found[rows[0]].id)

    return pick


def _forget_row() -> None:
    """Another upload is chosen in the box, so no row of the list stays marked."""
    st.session_state["uploads_round"] = st.session_state.get("uploads_round", 0) + 1


def _about(one: Upload) -> None:
    """Its file, who and when, and every value counted once."""
    found = _counts(*_opened(), one.id)
    sheets = ", ".join(one.sheets[:3]) + (f" and {len(one.sheets) - 3} more" if len(one.sheets) > 3 else "")
    gone = f" Taken away: {found['emptied']:,}." if found["emptied"] else ""
    why = f"<br>Reason: {escape(one.reason)}" if one.reason else ""
    st.html(
        f"<p><strong>{escape(one.file)}</strong> by {escape(one.who)}, {day(one.at.date(), year=True)} "
        f"{one.at:%H:%M}{f'; sheets: {escape(sheets)}' if sheets else ''}.{why}<br>"
        f"<strong>{one.values:,} values</strong> = {one.kept:,} kept + {one.suppressed:,} suppressed + "
        f"{one.refused:,} refused + {one.left_out:,} left out.<br>"
        f"Of those kept: {found['new']:,} new, {found['changed']:,} changed, {found['unchanged']:,} unchanged; "
        f"{found['vanished']:,} stored before are not in it and stayed.{gone}</p>"
    )


def _offer_turn(one: Upload) -> None:
    """Undo or redo, with what it would do to what is shown; who and why are asked."""
    label = "Redo this upload" if one.undone else "Undo this upload"
    if said := _last_turn(one):
        st.text(said)
    turn_key = f"turn_{one.id}_{one.undone}"
    with st.popover(label, key=f"{turn_key}_box"), st.form(turn_key, border=False):
        st.text(effect_said(_effect(*_opened(), one.id), one.undone))
        choices.put("who", choices.get("who") or this_person())
        who = st.text_input("Your name", key="who", max_chars=80, persist_state="session")
        reason = st.text_input("Reason", max_chars=300)
        if st.form_submit_button(label, type="primary"):
            with words.problems_in_words():
                turn = undo.redo if one.undone else undo.undo
                turn(data.database(), choices.get("network"), one.id, who, reason)
                st.rerun()


def _opened() -> tuple[Database, str, int]:
    """The database, and what a result that was kept is found by."""
    opened = data.database()
    return opened, opened.path, opened.version


@st.cache_resource(max_entries=200, show_spinner=False)
def _counts(_database: Database, path: str, version: int, upload: int) -> dict[Kind, int]:
    return changes.counts(_database, upload)


@st.cache_resource(max_entries=200, show_spinner=False)
def _effect(_database: Database, path: str, version: int, upload: int) -> undo.Effect:
    return undo.effect(_database, upload)


def _last_turn(one: Upload) -> str:
    found = [event for event in undo.events(data.database(), choices.get("network")) if event.upload == one.id]
    return "".join(f"{turn_said(event)}" for event in found[-1:])


def turn_said(event: undo.Event) -> str:
    return f"{event.what.capitalize()} by {event.who}, {day(event.at.date(), year=True)}: {event.reason}"


def effect_said(effect: undo.Effect, redone: bool) -> str:
    """What undoing or redoing does to what is shown, in words.

    >>> effect_said(undo.Effect(changed=2, new=0, gone=1, elsewhere=0), redone=False)
    'Goes back to what was stored before: 2 values. Goes away: 1 value.'
    >>> effect_said(undo.Effect(changed=0, new=3, gone=0, elsewhere=4), redone=True)
    'Comes back: 3 values. Stays, since a later upload says it: 4 values.'
    >>> effect_said(undo.Effect(changed=0, new=0, gone=0, elsewhere=0), redone=False)
    'No value on any chart changes.'
    """
    back = "Changes again" if redone else "Goes back to what was stored before"
    parts = {
        back: effect.changed,
        "Comes back": effect.new,
        "Goes away": effect.gone,
        "Stays, since a later upload says it": effect.elsewhere,
    }
    said = [f"{what}: {n:,} value{'' if n == 1 else 's'}." for what, n in parts.items() if n]
    return " ".join(said) or "No value on any chart changes."


def show(network: Network, one: Upload) -> None:
    """What opens below: what changed, the refused cells, what was left out, who undid it, and how it was read."""
    found = _counts(*_opened(), one.id)
    names: dict[str, str] = {kind: f"{label} ({found[kind]:,})" for kind, label in KIND_WORDS.items() if found[kind]}
    names |= {"refused": f"Refused cells ({one.refused:,})"} if one.refused else {}
    names |= {"left out": "Left out"} if one.left_out else {}
    names |= {"history": "Undone and redone", "recipe": "How it was read"}
    if choices.get("upload_opened") not in names:
        choices.put("upload_opened", next(iter(names)))
    opened = st.segmented_control(
        "More of this upload",
        list(names),
        format_func=names.__getitem__,
        key="upload_opened",
        label_visibility="collapsed",
        required=True,
    )
    for kind in KIND_WORDS:
        if opened == kind:
            _show_changes(network, one, kind)
    if opened == "refused":
        _show_refused(one)
    elif opened == "left out":
        _show_table(changes.left_out(data.database(), one.id))
    elif opened == "history":
        _show_history(network, one)
    elif opened == "recipe":
        st.code(one.recipe, language="json")


def _show_changes(network: Network, one: Upload, kind: Kind) -> None:
    """The observations of a kind; one that is marked can be corrected."""
    found = changes.changes(data.database(), one.id, kind, MOST_CHANGES)
    key = f"changes_{one.id}_{kind}"
    rows = (st.session_state.get(key) or {"selection": {"rows": []}})["selection"]["rows"]
    place = _place_of(found.iloc[rows[0]].to_dict()) if rows and rows[0] < len(found) else None
    if st.button("Correct the marked value", disabled=place is None, on_click=typed.correct, args=place or ()):
        st.switch_page("pages/bring/typing_in.py")
    _show_table(change_table(network, one, found), key=key, on_select="rerun", selection_mode="single-row")
    if len(found) == MOST_CHANGES:
        st.caption(f"The first {MOST_CHANGES:,} are shown.")


def _place_of(row: dict[Hashable, Any]) -> tuple[Place, date]:
    return Place(int(row["measure"]), int(row["school"]), int(row["student_group"])), row["date"]


def change_table(network: Network, one: Upload, found: pd.DataFrame) -> pd.DataFrame:
    """Changes in words: measure, school, group, period, before, in this upload, sheet, cell."""
    rows = [_change(network, one, row) for row in found.to_dict("records")]
    return pd.DataFrame(rows, columns=["measure", "school", "group", "period", "before", "here", "sheet", "cell"])


def _change(network: Network, one: Upload, row: dict[Hashable, Any]) -> tuple[str, ...]:
    measure = network.measures.get(row["measure"])
    unit = measure.unit if measure else "number"
    before, here = (
        value_said(unit, row[f"value{when}"], row[f"numerator{when}"], row[f"denominator{when}"])
        for when in ("_before", "")
    )
    is_here = not pd.isna(row["value"])
    return (
        measure.name if measure else "",
        network.school_label(row["school"]) if row["school"] in network.schools else "",
        network.groups[row["student_group"]].label if row["student_group"] in network.groups else "",
        period_label(row["date"], measure.cadence if measure else "day", year=True),
        before,
        here,
        one.sheets[int(row["sheet"])] if is_here else "",
        address(int(row["row"]), int(row["col"])) if is_here else "",
    )


def _show_refused(one: Upload) -> None:
    """The list; and, since files are not kept, the file once more for a workbook to send back."""
    found = changes.refused(data.database(), one.id)
    _show_table(found)
    file = st.file_uploader(
        "Choose the file again to get it with these cells marked, to send back. Files are not kept.",
        key=f"again_{one.id}",
    )
    if file is None:
        return
    with words.problems_in_words():
        if hashlib.sha256(file.getvalue()).hexdigest() != one.sha256:
            raise CannotContinue(Problem(file.name, f"It is not the file of upload {one.id}.", f"Choose {one.file}."))
        workbook = passwords.opened(file.file_id, lambda password: intake.read(file.getvalue(), one.file, password))
        if workbook is not None:
            sending_back.offer(workbook, found)


def _show_history(network: Network, one: Upload) -> None:
    found = [event for event in undo.events(data.database(), network.id) if event.upload == one.id]
    if not found:
        st.text("It was never undone.")
    words.small_lines(turn_said(event) for event in reversed(found))


def _show_table(frame: pd.DataFrame, **more: Any) -> None:
    st.dataframe(frame, hide_index=True, width="stretch", height=min(360, 36 * (len(frame) + 1)), **more)
