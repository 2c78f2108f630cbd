"""The parts of the calendar's page: the table, a file that fills it, what must be mended, saving, what was before."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib import intake, loading
from lib.screen import data, passwords, words
from lib.screen.bring.calendar_rows import EVERYWHERE, from_file, from_table
from lib.screen.data import Network
from lib.screen.drafts import Draft
from lib.store import calendar
from lib.store.calendar import COLUMNS, KINDS, Earlier, Entry
from lib.wording import day, plain

MOST_PROBLEMS = 12
DRAFT = Draft("calendar", "Calendar", "pages/bring/calendar.py")
KIND_WORDS = {
    "term": ("term", "terms"),
    "break": ("break", "breaks"),
    "no-count": ("no-count entry", "no-count entries"),
}

TEMPLATE = (
    "district,kind,name,first,last\n,term,Fall,2026-08-17,2026-12-18\n,break,Winter break,2026-12-21,2027-01-01\n"
)


def show(network: Network) -> None:
    """The page below its title."""
    stored = calendar.entries(data.database(), network.id)
    districts = calendar.districts(data.database(), network.id)
    DRAFT.begin((network.id, tuple(stored)), lambda: _frame(stored))
    _say_what_was_saved()
    save, file, counts = st.columns([1.1, 1.4, 5], vertical_alignment="center")
    with file, st.popover("From a file", width="stretch"):
        _offer_file(districts)
    entries, problems = from_table(_edit(stored, districts), districts)
    with counts:
        unsaved = DRAFT.say(_counted(entries), [_bare(one) for one in entries], [_bare(one) for one in stored])
    with save:
        if st.button("Save", type="primary", width="stretch", disabled=bool(problems) or not unsaved):
            _save(network, entries)
    _say_problems([str(problem) for problem in problems])
    _say_outside(entries)
    st.caption("The empty row at the end adds an entry. To take one out, mark it at the left and press Delete.")
    _offer_earlier(network)


def put_in_table(network: Network, entries: Sequence[Entry], said: str) -> None:
    """What another page proposes: it is in the table when the page of the calendar is opened, and not saved yet."""
    stored = calendar.entries(data.database(), network.id)
    DRAFT.begin((network.id, tuple(stored)), lambda: _frame(stored))
    st.session_state["calendar_said"] = said
    DRAFT.fill(_frame(entries))


def _frame(entries: Sequence[Entry]) -> pd.DataFrame:
    rows = [[entry.district or EVERYWHERE[-1], entry.kind, entry.name, entry.first, entry.last] for entry in entries]
    frame = pd.DataFrame(rows, columns=COLUMNS).astype({"district": "object", "kind": "object", "name": "object"})
    for name in ("first", "last"):
        frame[name] = pd.to_datetime(frame[name])
    return frame


def _edit(stored: Sequence[Entry], districts: Sequence[str]) -> pd.DataFrame:
    options = [EVERYWHERE[-1], *dict.fromkeys([*districts, *(entry.district for entry in stored if entry.district)])]
    dates = {
        name: st.column_config.DateColumn(label, format="YYYY-MM-DD", width="small", help=hint)
        for name, label, hint in (("first", "First day", None), ("last", "Last day", "Empty: one day"))
    }
    return DRAFT.edit(
        {
            "district": st.column_config.SelectboxColumn("District", options=options, default=EVERYWHERE[-1]),
            "kind": st.column_config.SelectboxColumn("Kind", options=KINDS, default="break", width="small"),
            "name": st.column_config.TextColumn("Name", max_chars=80, width="large"),
            **dates,
        }
    )


def _counted(entries: Sequence[Entry]) -> str:
    """How many of each kind."""
    numbers = [sum(entry.kind == kind for entry in entries) for kind in KINDS]
    said = (f"{n} {KIND_WORDS[kind][n != 1]}" for kind, n in zip(KINDS, numbers, strict=True))
    return f"{', '.join(said)}."


def _bare(entry: Entry) -> tuple[object, ...]:
    return tuple(getattr(entry, name) for name in COLUMNS)


def _offer_file(districts: Sequence[str]) -> None:
    """A file takes the place of what is in the table; one with problems leaves the table as it is."""
    st.text("CSV or Excel; the first sheet counts. Its rows take the place of those in the table.")
    st.download_button("An example", TEMPLATE, file_name="calendar.csv", mime="text/csv")
    file = st.file_uploader("Calendar file", key="calendar_file")
    if file is None or st.session_state.get("calendar_file_seen") == file.file_id:
        return
    with words.problems_in_words():
        workbook = passwords.opened(file.file_id, lambda password: intake.read(file.getvalue(), file.name, password))
        if workbook is None:
            return
        entries, problems = from_file(workbook, districts)
        if problems:
            _say_problems([f"{file.name}, {problem}" for problem in problems])
            return
        st.session_state["calendar_file_seen"] = file.file_id
        st.session_state["calendar_said"] = _filled(len(entries), file.name)
        DRAFT.fill(_frame(entries))
        st.rerun()


def _filled(n: int, name: str) -> str:
    rows = "row is" if n == 1 else "rows are"
    return f"{n} {rows} in the table, from {name}. Save to keep them."


def _say_problems(said: Sequence[str]) -> None:
    for text in said[:MOST_PROBLEMS]:
        st.error(plain(text))
    if len(said) > MOST_PROBLEMS:
        st.error(f"And {len(said) - MOST_PROBLEMS:,} more.")


def _say_outside(entries: Sequence[Entry]) -> None:
    if outside := calendar.outside_terms(entries):
        names = dict.fromkeys(f"{entry.called} ({day(entry.first, year=True)})" for entry in outside)
        st.text(f"Outside every term, which is fine: {', '.join(names)}.")


def _save(network: Network, entries: Sequence[Entry]) -> None:
    calendar.save(data.database(), network.id, entries, loading.this_person())
    st.session_state["calendar_said"] = f"Saved {len(entries)} entries. Every chart follows them now."
    st.rerun()


def _say_what_was_saved() -> None:
    if said := st.session_state.pop("calendar_said", None):
        st.success(plain(said))


def _offer_earlier(network: Network) -> None:
    """Calendars that were changed can be put back in the table."""
    if not (before := calendar.earlier(data.database(), network.id)):
        return
    with st.expander(f"Earlier calendars: {len(before)}"):
        for place, one in enumerate(before):
            said, button = st.columns([5, 1.4], vertical_alignment="center")
            said.text(_earlier_said(one))
            if button.button("Put in the table", key=f"calendar_earlier_{place}", width="stretch"):
                st.session_state["calendar_said"] = "The earlier calendar is in the table. Save to keep it."
                DRAFT.fill(_frame(one.entries))
                st.rerun()


def _earlier_said(one: Earlier) -> str:
    return (
        f"Until {day(one.until.date(), year=True)}, {one.until:%H:%M}: {len(one.entries)} entries; changed by {one.who}"
    )
