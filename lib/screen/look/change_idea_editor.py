"""The log of tests of change: edited in a table or brought in from a spreadsheet, checked by row and column, saved."""

import json
from collections.abc import Hashable, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd
import streamlit as st

from lib import idea_log, intake, loading
from lib.idea_log import COLUMNS, DATES, LONGEST, Row
from lib.improvement import STAGES, History, TestOfChange
from lib.measures import School
from lib.screen import data, passwords, words
from lib.screen.data import Network
from lib.screen.drafts import Draft
from lib.store import definitions, ideas
from lib.wording import plain, say

KEPT = "stages"
"""The hidden column of the table with the stages that a row has gone through, so that a change adds to them."""

MOST_PROBLEMS = 8
DRAFT = Draft("log", "Change ideas", "pages/look/change_ideas.py")
WORDS = {word: header for header, word in COLUMNS.items()}


def show(network: Network) -> None:
    """The table with everything that is stored, what must be mended, a file that adds to it, and saving."""
    every = definitions.schools(data.database(), network.id)
    schools = {label(school, every): school.id for school in every}
    stored = ideas.logged(data.database(), network.id)
    DRAFT.begin((network.id, tuple(stored)), lambda: _frame(stored, schools))
    if said := st.session_state.pop("log_said", None):
        st.success(plain(said))
    save, file, counts = st.columns([1.1, 1.8, 5], vertical_alignment="center")
    with file, st.popover("From a spreadsheet", width="stretch"):
        _offer_file(schools, {school.code: school.id for school in every if school.code})
    tests, problems = idea_log.checked(_rows(_edit(schools)), schools)
    with counts:
        unsaved = DRAFT.say(f"{len(tests):,} tests of change.", tests, stored)
    with save:
        if st.button("Save", type="primary", width="stretch", disabled=bool(problems) or not unsaved):
            _save(network, tests, stored)
    _say([str(problem) for problem in problems])
    st.caption(
        "The empty row at the end adds a test. To take one out, mark it at the left and press Delete. "
        + say("stages.how_kept")
    )


def label(school: School, every: Sequence[School]) -> str:
    """The school's name, with its code where another school of the network has the same name. Retired ones are in it,
    or their tests would be lost.

    >>> one, two = School(1, "Oak", "A1"), School(2, "Oak", "B2")
    >>> label(one, [one, two]), label(one, [one])
    ('Oak (A1)', 'Oak')
    """
    shared = sum(other.name == school.name for other in every) > 1
    return f"{school.name} ({school.code})" if shared else school.name


def _frame(tests: Sequence[TestOfChange], schools: dict[str, int]) -> pd.DataFrame:
    names = {number: name for name, number in schools.items()}
    frame = pd.DataFrame([_cells(test, names) for test in tests], columns=[*WORDS, KEPT], dtype=object)
    for name in DATES:
        frame[name] = pd.to_datetime(frame[name])
    return frame


def _cells(test: TestOfChange, schools: dict[int, str]) -> dict[str, object]:
    own = {"school": schools.get(test.school_id, ""), "since": test.stages[-1][1]}
    texts = {word: getattr(test, word) for word in WORDS if word not in own}
    return {**texts, **own, KEPT: json.dumps(test.stages, default=str)}


def _edit(schools: dict[str, int]) -> pd.DataFrame:
    config = {word: st.column_config.TextColumn(header, max_chars=LONGEST) for word, header in WORDS.items()}
    dates = {name: st.column_config.DateColumn(WORDS[name], format="YYYY-MM-DD") for name in DATES}
    chosen = {
        "school": st.column_config.SelectboxColumn(WORDS["school"], options=list(schools)),
        "stage": st.column_config.SelectboxColumn(WORDS["stage"], options=STAGES, default="testing"),
    }
    return DRAFT.edit({**config, **dates, **chosen, KEPT: None})


def _rows(frame: pd.DataFrame) -> list[Row]:
    """The rows of the table that say something; a stage alone is the table's own."""
    rows = []
    for number, cells in enumerate(frame.to_dict("records"), start=1):
        texts = {word: _text(cells[word]) for word in WORDS}
        if any(text for word, text in texts.items() if word != "stage"):
            places = {word: f"Row {number}, {header}" for word, header in WORDS.items()}
            rows.append(Row(texts, places, _kept(cells[KEPT])))
    return rows


def _kept(cell: object) -> History:
    stages = json.loads(cell) if isinstance(cell, str) else []
    return tuple((stage, date.fromisoformat(began)) for stage, began in stages)


def _text(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value if isinstance(value, str) else ""


def _offer_file(schools: dict[str, int], codes: dict[str, int]) -> None:
    """The tests of a file are added to the table; one with problems leaves it as it is."""
    st.text(f"CSV or Excel with the columns {', '.join(COLUMNS)}. Its rows are added to the table.")
    file = st.file_uploader("Log of tests of change", key="log_file")
    if file is None or st.session_state.get("log_file_seen") == file.file_id:
        return
    with words.problems_in_words():
        workbook = passwords.opened(file.file_id, lambda password: intake.read(file.getvalue(), file.name, password))
        if workbook is None:
            return
        tests, problems = idea_log.from_log(workbook, {**codes, **schools})
        if problems:
            _say([f"{file.name}, {problem}" for problem in problems])
            return
        st.session_state["log_file_seen"] = file.file_id
        _add(tests, schools, file.name)


def _add(tests: Sequence[TestOfChange], schools: dict[str, int], name: str) -> None:
    frame, new, changed = added(DRAFT.typed, _frame(tests, schools), [_is_dated(one) for one in tests])
    said = f"{new:,} of {len(tests):,} rows of {name} are new in the table, {changed:,} change a row of it."
    st.session_state["log_said"] = f"{said} Save to keep them."
    DRAFT.fill(frame)
    st.rerun()


def _is_dated(test: TestOfChange) -> bool:
    """Whether its log tells since when it is in its stage."""
    return test.stages != replace(test, stages=()).stages


def added(table: pd.DataFrame, new: pd.DataFrame, dated: Sequence[bool]) -> tuple[pd.DataFrame, int, int]:
    """The table with the rows of a file: one with the idea, school and start of a row of the table changes what it
    tells and keeps the stages gone through, any other is put at the end. And how many rows are new, and changed."""
    rows: list[dict[Hashable, object]] = table.to_dict("records")
    known = {_test_of(row): place for place, row in enumerate(rows)}
    changed = 0
    for row, is_dated in zip(new.to_dict("records"), dated, strict=True):
        if (place := known.get(_test_of(row))) is None:
            rows.append(row)
            continue
        told = {
            word: cell for word, cell in row.items() if _text(cell) and word != KEPT and (is_dated or word != "since")
        }
        told[KEPT] = _both(rows[place][KEPT], row[KEPT]) if is_dated else rows[place][KEPT]
        changed += any(_text(rows[place][word]) != _text(cell) for word, cell in told.items())
        rows[place] = {**rows[place], **told}
    frame = pd.DataFrame(rows, columns=list(table.columns), dtype=object)
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in DATES}), len(rows) - len(table), changed


def _both(kept: object, told: object) -> str:
    """The stages kept and those that a file tells of besides; its newest one is told in the row itself."""
    return json.dumps(sorted({*_kept(kept), *_kept(told)[:-1]}, key=lambda one: one[1]), default=str)


def _test_of(row: dict[Hashable, object]) -> tuple[str, str, str]:
    return _text(row["idea"]).casefold(), _text(row["school"]), _text(row["start"])


def _say(said: Sequence[str]) -> None:
    for text in said[:MOST_PROBLEMS]:
        st.error(plain(text))
    if len(said) > MOST_PROBLEMS:
        st.error(f"And {len(said) - MOST_PROBLEMS:,} more.")


def _save(network: Network, tests: Sequence[TestOfChange], stored: Sequence[TestOfChange]) -> None:
    with words.problems_in_words():
        ideas.save(data.database(), network.id, tests, stored, loading.this_person())
        st.session_state["log_said"] = f"Saved {len(tests):,} tests of change. Every chart follows them now."
        st.rerun()
