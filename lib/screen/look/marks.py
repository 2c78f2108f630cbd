"""What a team marks on a chart: notes, points left out, frozen lines, phases; each with who, when and why."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pandas as pd
import streamlit as st

from lib.analysis import Suggestion, suggested_line
from lib.analysis.suggesting import ADVISED_TO_FREEZE, FEWEST_FOR_A_YEARS_LINE, FEWEST_TO_FREEZE
from lib.loading import this_person
from lib.marks import CONDITIONS, ChartMark, Event, Kind, Place, Standing, new_middle_line
from lib.screen import choices, data, words
from lib.store import marks as store
from lib.store.series import Choice
from lib.wording import Reading, day, period_label, plain, question, tone_of, value_text, when

KIND_WORDS: dict[Kind, str] = {
    "note": "Write a note",
    "leave out": "Leave a point out",
    "freeze": "Freeze the middle line",
    "phase": "Start a phase",
}

CONDITION_WORDS = {
    "sustained": "It is sustained: it has lasted, and there is no sign that it fades",
    "cause known": "The cause is known: we can say what we do differently",
    "wanted direction": "It goes the wanted way",
    "expected to last": "We expect it to last",
}

CHOSEN_POINTS = "Other points"


def point_was_clicked(reading: Reading, row: int) -> None:
    """A clicked point is the one that a mark is offered for; later it may be changed by hand."""
    clicked = (question(reading), row)
    if row < len(reading.points) and choices.get("clicked") != clicked:
        choices.put("clicked", clicked)
        choices.put("marked_point", reading.points["date"].iloc[row].date())


def show(choice: Choice, reading: Reading) -> None:
    """The marks of this chart, and, unless it is seen as of another day, what can be marked."""
    if choice.pooled and choice.schools:
        st.text("A line over some schools only has no marks of its own.")
        return
    place = Place(choice.measures[0], 0 if choice.pooled else choice.schools[0], choice.groups[0])
    left, right = st.columns([1.15, 1], gap="large")
    standing = [one for one in data.standing_marks(choice.network, choice.as_of) if one.mark.place == place]
    with left:
        if choice.as_of is None:
            what, name = st.columns(2)
            with what:
                kind = st.selectbox(
                    "Mark this chart", list(KIND_WORDS), format_func=KIND_WORDS.__getitem__, key="mark_kind"
                )
            with name:
                who = _ask_who()
            _make(choice, reading, place, who, kind)
            _offer(choice, reading, place, who)
        else:
            st.text("To mark something, empty “As we saw it on”.")
    with right:
        _list(choice, reading, standing)


def _ask_who() -> str:
    choices.put("who", choices.get("who") or this_person())
    return st.text_input("Your name", key="who", max_chars=80, persist_state="session")


def _save(choice: Choice, mark: ChartMark, who: str) -> None:
    """Write the mark and draw the page anew; what is missing is said where the form is."""
    with words.problems_in_words():
        store.make(data.database(), choice.network, mark, who)
        choices.put("marks_made", _round() + 1)
        st.rerun()


def _round() -> int:
    """How many marks this tab has made: a form's fields are empty again after each."""
    return int(choices.get("marks_made") or 0)


def _offer(choice: Choice, reading: Reading, place: Place, who: str) -> None:
    """A new middle line, or the question what changed, or a line for the new school year; where there is reason to."""
    phase = reading.newest_phase
    found = None if phase is None else suggested_line(reading.points, phase, wanted_way(reading))
    if found is not None and found.wanted:
        _offer_new_line(choice, reading, place, who, found)
    elif found is not None:
        _ask_what_changed(choice, reading, place, who, found)
    if phase is not None and reading.by_school_year and phase["n_after"] >= FEWEST_FOR_A_YEARS_LINE:
        _offer_years_line(choice, reading, place, who, int(phase["baseline_last"]) + 1)


def wanted_way(reading: Reading) -> int:
    """Which side of the newest middle line is wanted: 1 up, -1 down, 0 none, also inside a wanted range."""
    phase = reading.newest_phase
    median = None if phase is None else float(phase["median"])
    ways = {1: "up", -1: "down"}
    return next((way for way, said in ways.items() if tone_of(said, reading.measure, median) == "toward"), 0)


def _offer_new_line(choice: Choice, reading: Reading, place: Place, who: str, found: Suggestion) -> None:
    with st.expander(f"A new middle line from {plain(when(reading, found.first))}?"), st.form("new_line", border=False):
        st.text(
            f"The {found.n} points that count from there on are on the wanted side. The old line stays as a gray ghost."
        )
        ticked = [name for name in CONDITIONS if st.checkbox(CONDITION_WORDS[name], key=f"new_line_{name}_{_round()}")]
        name = st.text_input("Name of the new line", key=f"new_line_name_{_round()}", max_chars=60)
        text = st.text_input("Reason", key=f"new_line_reason_{_round()}", max_chars=300)
        if st.form_submit_button("Start the new middle line"):
            with words.problems_in_words():
                _save(choice, new_middle_line(place, _day_of(reading, found.first), name, text, ticked), who)


def _ask_what_changed(choice: Choice, reading: Reading, place: Place, who: str, found: Suggestion) -> None:
    with (
        st.expander(f"What changed around {plain(when(reading, found.first))}?"),
        st.form("what_changed", border=False),
    ):
        st.text(f"The {found.n} points that count from there on are not on the wanted side.")
        text = st.text_input("What changed", key=f"what_changed_{_round()}", max_chars=300)
        if st.form_submit_button("Save as a note"):
            first = _day_of(reading, found.first)
            _save(choice, ChartMark("note", place, first, text, period=reading.period), who)


def _offer_years_line(choice: Choice, reading: Reading, place: Place, who: str, row: int) -> None:
    first = _day_of(reading, row)
    said = f"A line of its own for this school year, from {plain(when(reading, row))}?"
    with st.expander(said), st.form("years_line", border=False):
        st.text("It is read against last school year's middle line now, and has enough points for one of its own.")
        text = st.text_input("Reason", key=f"years_line_reason_{_round()}", max_chars=300)
        if st.form_submit_button("Start this year's line"):
            _save(choice, ChartMark("phase", place, first, text, name=_year_name(first)), who)


def _year_name(first: date) -> str:
    """
    >>> _year_name(date(2025, 8, 18))
    '2025–26'
    """
    return period_label(first, "year") if first.month > 1 else f"{first.year - 1}–{first.year % 100:02d}"


def _day_of(reading: Reading, row: int) -> date:
    day_of: date = reading.points["date"].iloc[row].date()
    return day_of


def _make(choice: Choice, reading: Reading, place: Place, who: str, kind: Kind) -> None:
    made = FORMS[kind](reading, place)
    text = st.text_input("Note" if kind == "note" else "Reason", key=f"mark_text_{_round()}", max_chars=300)
    if st.button(KIND_WORDS[kind], key="make_mark", disabled=made is None) and made is not None:
        _save(choice, replace(made, text=text), who)


def _note(reading: Reading, place: Place) -> ChartMark:
    if st.radio("On", ["a point", "a day"], key="note_on", horizontal=True, label_visibility="collapsed") == "a point":
        return ChartMark("note", place, _choose_point(reading), "", period=reading.period)
    first, last = _day_of(reading, 0), _day_of(reading, -1)
    return ChartMark("note", place, st.date_input("Day", value=last, min_value=first, key="note_day"), "")


def _leave_out(reading: Reading, place: Place) -> ChartMark:
    return ChartMark("leave out", place, _choose_point(reading), "", period=reading.period)


def _phase(reading: Reading, place: Place) -> ChartMark:
    first = _choose_point(reading, "First point of the phase")
    name = st.text_input("Name of the phase (may stay empty)", key=f"phase_name_{_round()}", max_chars=60)
    return ChartMark("phase", place, first, "", name=name)


def _freeze(reading: Reading, place: Place) -> ChartMark | None:
    offers = freeze_offers(reading)
    chosen = st.selectbox("Over which points", [*offers, CHOSEN_POINTS], key="freeze_over")
    if chosen in offers:
        first, last = offers[chosen]
    else:
        first = _choose_point(reading, "From", "freeze_from")
        last = _choose_point(reading, "To", "freeze_to")
    n = points_between(reading, first, last)
    st.text(f"{n} points with a value. At least {ADVISED_TO_FREEZE} are advised.")
    if n < FEWEST_TO_FREEZE:
        st.warning(f"Fewer than {FEWEST_TO_FREEZE} points make a middle line that one odd week can move.")
    return ChartMark("freeze", place, first, "", last=last) if n else None


FORMS: dict[Kind, Callable[[Reading, Place], ChartMark | None]] = {
    "note": _note,
    "leave out": _leave_out,
    "freeze": _freeze,
    "phase": _phase,
}


def freeze_offers(reading: Reading) -> dict[str, tuple[date, date]]:
    """“At the start of” each change idea that enough points of its phase lie before: their first and last day."""
    offers: dict[str, tuple[date, date]] = {}
    days = reading.points["date"].dt.date
    phase_of = reading.points["phase"]
    for idea in reading.ideas:
        before = reading.points.index[days < idea.date]
        if not len(before):
            continue
        same = before[phase_of[before] == phase_of[before[-1]]]
        first, last = days[same[0]], days[same[-1]]
        if points_between(reading, first, last) >= FEWEST_TO_FREEZE:
            offers[f"At the start of {idea.name}"] = (first, last)
    return offers


def points_between(reading: Reading, first: date, last: date) -> int:
    """How many points with a value that aren't left out lie between two days, both included."""
    days, points = reading.points["date"].dt.date, reading.points
    return int(((days >= first) & (days <= last) & points["value"].notna() & ~points["excluded"].astype(bool)).sum())


def _choose_point(reading: Reading, label: str = "Point", key: str = "marked_point") -> date:
    """One of the points with a value; the clicked one, else the newest, stands first."""
    shown = reading.points[reading.points["value"].notna()]
    names = {
        when_.date(): f"{period_label(when_, reading.period, year=True)}: {value_text(value, reading.measure.unit)}"
        for when_, value in zip(shown["date"], shown["value"], strict=True)
    }
    if choices.get(key) not in names:
        choices.put(key, next(reversed(names)))
    else:
        choices.put(key, choices.get(key))
    chosen: date = st.selectbox(label, list(names), format_func=names.__getitem__, key=key)
    return chosen


def _list(choice: Choice, reading: Reading, standing: list[Standing]) -> None:
    """Every mark of this chart, the newest first, with undo and redo; and all that was ever done to them."""
    if not standing:
        st.text("Nothing is marked on this chart yet.")
        return
    for one in reversed(standing):
        text, button = st.columns([4, 1], vertical_alignment="center")
        with text:
            words.small_lines(said_of(one, reading.period))
        if choice.as_of is None and button.button("Undo" if one.in_force else "Redo", key=f"mark_{one.number}"):
            _turn(choice, one)
    with st.expander("History"):
        st.dataframe(history(standing), hide_index=True, width="stretch")


def _turn(choice: Choice, one: Standing) -> None:
    with words.problems_in_words():
        turn = store.undo if one.in_force else store.redo
        turn(data.database(), choice.network, one.number, choices.get("who") or this_person())
        st.rerun()


def said_of(one: Standing, period: str) -> list[str]:
    """A mark in two lines: what and why, then who and when."""
    mark = one.mark
    when_ = day(mark.first, year=True)
    what = {
        "note": f"Note on {when_}",
        "leave out": f"{when_} left out",
        "freeze": f"Middle line frozen from {when_} to {day(mark.last or mark.first, year=True)}",
        "phase": f"{f'“{mark.name}”: a' if mark.name else 'A'} phase begins on {when_}",
    }[mark.kind]
    elsewhere = f" (on the chart by {mark.period})" if mark.period not in ("", period) else ""
    newest = one.history[-1]
    undone = "" if one.in_force else f" · undone by {newest.who}, {day(newest.at, year=True)}"
    return [f"{what}{elsewhere}: {mark.text}", f"{one.who}, {day(one.at, year=True)}{undone}"]


def history(standing: list[Standing]) -> pd.DataFrame:
    """Everything that was done to these marks, in its order: when, who, what, mark."""
    events: list[tuple[Event, ChartMark]] = [(event, one.mark) for one in standing for event in one.history]
    events.sort(key=lambda pair: pair[0].number)
    return pd.DataFrame(
        {
            "when": [event.at.strftime("%Y-%m-%d %H:%M") for event, _ in events],
            "who": [event.who for event, _ in events],
            "what": [event.what for event, _ in events],
            "mark": [f"{mark.kind}, {day(mark.first, year=True)}: {mark.text}" for _, mark in events],
        }
    )
