"""The parts of the page for typing in: one period of a measure at every school, checked as a file is, then saved."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pandas as pd
import streamlit as st

from lib import loading
from lib.intake import Checked
from lib.intake.typed import TypedRow, emptied_cells, typed_workbook
from lib.loading import Prepared
from lib.measures import Measure, School
from lib.problems import CannotContinue, Problem
from lib.screen import choices, data, words
from lib.screen.bring import filling_in
from lib.screen.bring.typed import (
    PARTS,
    Typing,
    alike,
    changed_schools,
    check_typed,
    cleared,
    offered_periods,
    typed_rows,
    usual_period_of,
    wrong_cells,
)
from lib.screen.data import Network
from lib.store import uploads
from lib.wording import period_label, plain

NAMES = ("measure", "group", "on", "only", "typed_as")
"""The choices that the page's address holds."""

AS_WORDS = {"counts": "Counts", "value": "Value only"}
ROW_HEIGHT, MOST_HEIGHT = 35, 400
MOST_PROBLEMS = MOST_NAMED = 6
IN_WORDS = {"percent": "in percent, 0 to 100", "hours": "in hours", "minutes": "in minutes"}


def nothing_yet() -> None:
    """A network without schools or measures."""
    words.title(
        "Typing in", "Here you type one period of a measure, one row for each school. Both come with a first file."
    )
    st.page_link("pages/bring/spreadsheet.py", label="Bring in a spreadsheet")


def choose(network: Network) -> Typing:
    """The row of choices at the top."""
    columns = st.columns([2.2, 1.5, 1.4, 1.8, 1.7], vertical_alignment="bottom")
    with columns[0]:
        number = choices.choose("Measure", "measure", list(network.measures), lambda m: network.measures[m].name)
    measure = network.measures[number]
    with columns[1]:
        group = choices.choose("Group", "group", list(network.groups), lambda g: network.groups[g].label)
    year_start = data.school_year_start(network.id)
    with columns[2]:
        first = _choose_period(network, measure, year_start)
    with columns[3]:
        every = {0: f"All {len(network.schools)}", **{n: network.school_label(n) for n in network.schools}}
        only = choices.choose("Schools", "only", list(every), every.__getitem__)
    with columns[4]:
        typed_as = _choose_parts(measure)
    schools = tuple(network.schools.values()) if not only else (network.schools[only],)
    return Typing(network, measure, network.groups[group], first, schools, typed_as, year_start)


def _choose_period(network: Network, measure: Measure, year_start: int) -> date:
    """Newest first; a day in the middle of a period, from a link, is that period."""
    offered = offered_periods(network, measure, year_start)
    asked = choices.get("on")
    if asked not in offered:
        found = (
            day for day in offered if asked and alike(day, measure, year_start) == alike(asked, measure, year_start)
        )
        choices.put("on", next(found, usual_period_of(offered, measure)))
    chosen: date = choices.choose("Period", "on", offered, lambda day: period_label(day, measure.cadence, year=True))
    return chosen


def _choose_parts(measure: Measure) -> str:
    if measure.unit not in filling_in.SHARES:
        return "value"
    usual = "counts" if filling_in.comes_in_counts(measure) else "value"
    if choices.get("typed_as") not in PARTS:
        choices.put("typed_as", usual)
    return str(choices.choose("Type", "typed_as", list(PARTS), AS_WORDS.__getitem__))


def title(what: Typing) -> str:
    return f"{what.measure.name}, {period_label(what.first, what.measure.cadence, year=True)}"


def summary(what: Typing) -> str:
    """How many schools have a value already, and how to type."""
    held = what.stored["school"].isin([school.id for school in what.schools])
    n = what.stored.loc[held, "school"].nunique()
    several = f" {what.n_several} have several values in this period and are not shown." if what.n_several else ""
    unit = IN_WORDS.get(what.measure.unit, "") if what.typed_as == "value" else ""
    said = f"{n} of {len(what.schools)} schools have a value.{several}"
    return f"{said} Type the others{f', {unit}' if unit else ''}, or paste a column of cells."


def show(what: Typing) -> None:
    """The grid, what it would change, and the button that saves."""
    say_what_was_saved()
    answer = st.container()
    edited = _edit(what)
    with answer, words.problems_in_words():
        _offer_save(what, typed_rows(what, edited))
    said, template = st.columns([4, 1.15], vertical_alignment="center")
    said.caption(
        "Clear the cells of a school to take its stored value away, with a reason. It can be undone as an upload."
    )
    with template:
        filling_in.offer(what.network)


def _edit(what: Typing) -> pd.DataFrame:
    parts = PARTS[what.typed_as]
    frame = pd.DataFrame(
        {
            "School": [what.network.school_label(number) for number in what.rows["school"].tolist()],
            **{part: [texts[place] for texts in what.rows["texts"]] for place, part in enumerate(parts)},
            "Stored": what.rows["said"].tolist(),
        }
    ).astype("object")
    labels = {
        "Numerator": what.measure.numerator_words,
        "Denominator": what.measure.denominator_words,
        "Value": IN_WORDS.get(what.measure.unit, ""),
    }
    return st.data_editor(
        frame,
        key="_".join(map(str, ("typed", *_place(what), _round()))),
        hide_index=True,
        disabled=["School", "Stored"],
        height=min(MOST_HEIGHT, ROW_HEIGHT * (len(frame) + 1) + 3),
        column_config={
            part: st.column_config.TextColumn(part, help=labels[part] or None, max_chars=40) for part in parts
        },
        alt="One row for each school; type in the columns between its name and what is stored",
    )


def _place(what: Typing) -> tuple[object, ...]:
    only = what.schools[0].id if len(what.schools) == 1 else 0
    return (what.network.id, what.measure.id, what.group.id, what.first, only, what.typed_as)


def _offer_save(what: Typing, rows: Sequence[TypedRow]) -> None:
    """What is wrong; or what would be new and changed, who types and why, and the button."""
    if not rows:
        st.button("Save", type="primary", disabled=True, help="Nothing is typed yet.")
        return
    checked = check_typed(what, rows)
    wrong = wrong_cells(what, rows, checked)
    for said in wrong[:MOST_PROBLEMS]:
        st.error(plain(said))
    if wrong[MOST_PROBLEMS:]:
        st.error(f"And {len(wrong) - MOST_PROBLEMS:,} more.")
    n_changed, n, gone = len(changed_schools(what, rows, checked)), checked.counts.kept, cleared(rows)
    if gone:
        st.warning(plain(_gone_said(gone)))
    button, name, why = st.columns([1, 1, 2], vertical_alignment="bottom")
    with name:
        choices.put("who", choices.get("who") or loading.this_person())
        who = st.text_input("Your name", key="who", max_chars=80, persist_state="session")
    with why:
        reason = st.text_input(_why(n_changed, len(gone)), max_chars=300, key=f"why_{_round()}")
    if button.button(_does(n, len(gone)), type="primary", disabled=bool(wrong) or not (n or gone), width="stretch"):
        save(what, checked, rows, who, reason)


def _does(n: int, n_gone: int) -> str:
    """
    >>> _does(2, 1), _does(0, 1), _does(0, 0)
    ('Save 2 values', 'Take 1 value away', 'Save')
    """
    return f"Save {_values(n)}" if n else f"Take {_values(n_gone)} away" if n_gone else "Save"


def _gone_said(gone: Sequence[School]) -> str:
    names = ", ".join(school.name for school in gone[:MOST_NAMED]) + (" and more" if len(gone) > MOST_NAMED else "")
    return f"{_values(len(gone))} that {'is' if len(gone) == 1 else 'are'} stored would be taken away: {names}."


def _why(n_changed: int, n_gone: int) -> str:
    """
    >>> _why(1, 0), _why(0, 2), _why(0, 0)
    ('Why 1 stored value should change', 'Why 2 stored values should go', 'Reason (may stay empty)')
    """
    parts = [
        f"{n} stored value{'' if n == 1 else 's'} should {what}"
        for n, what in ((n_changed, "change"), (n_gone, "go"))
        if n
    ]
    return f"Why {' and '.join(parts)}" if parts else "Reason (may stay empty)"


def _values(n: int) -> str:
    return f"{n:,} value{'' if n == 1 else 's'}"


def _round() -> int:
    """How often this tab has saved: the grid and the reason are empty again after each."""
    return int(st.session_state.get("typed_round", 0))


def save(what: Typing, checked: Checked, rows: Sequence[TypedRow], who: str, reason: str) -> None:
    """Keep what was typed as an upload. Raises CannotContinue without a name, or without a reason for a change."""
    if not who.strip():
        raise CannotContinue(Problem("", "Nobody is named.", "Type your name."))
    if (changed_schools(what, rows, checked) or cleared(rows)) and not reason.strip():
        raise CannotContinue(Problem("", "A value that is stored would change without a reason.", "Say why."))
    prepared = Prepared(*typed_workbook(what.measure, what.group, rows), checked)
    upload = replace(
        loading.as_upload(what.network.id, prepared, who.strip()),
        reason=reason.strip(),
        emptied=emptied_cells(what.measure, what.group, rows),
    )
    number, gone = uploads.save(data.database(), upload), len(cleared(rows))
    took = f" and took {_values(gone)} away" if gone else ""
    st.session_state["typed_said"] = f"Saved {_values(checked.counts.kept)}{took} as upload {number}."
    st.session_state["typed_round"] = _round() + 1
    st.rerun()


def say_what_was_saved() -> None:
    if said := st.session_state.pop("typed_said", None):
        st.success(plain(said))
        st.page_link("pages/look/run_chart.py", label="See the run chart")
