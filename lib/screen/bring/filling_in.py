"""The template workbook, offered: which measures, from when to when."""

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from lib.exports.template import Wanted, template_workbook
from lib.measures import Measure
from lib.periods import between, first_day, school_year_start
from lib.screen import data
from lib.screen.bring.sending_back import EXCEL
from lib.screen.data import Network
from lib.store import calendar, cells
from lib.store.calendar import Entry

SHARES = ("percent", "rate")
WEEKS_WITHOUT_CALENDAR = 18
"""Weeks of a template where the calendar has no terms: about half a school year."""


def offer(network: Network) -> None:
    """A workbook for schools to fill in, that is read without a question when it comes back."""
    entries = calendar.entries(data.database(), network.id)
    year_start = data.school_year_start(network.id)
    first, last = usual_span(entries, date.today(), year_start)
    with st.popover("Template workbook"):
        st.text("A sheet for each measure, with your schools and weeks. Filled in, it is read without a question.")
        chosen = st.multiselect(
            "Measures",
            list(network.measures),
            default=list(network.measures),
            format_func=lambda number: network.measures[number].name,
            key=f"template_measures_{network.id}",
        )
        left, right = st.columns(2)
        since = left.date_input("First day", first, format="YYYY-MM-DD", key=f"template_first_{network.id}")
        until = right.date_input("Last day", last, format="YYYY-MM-DD", key=f"template_last_{network.id}")
        if not chosen or since > until:
            st.text("Choose a measure, and a first day that is not after the last.")
            return
        terms = [entry.first for entry in entries if entry.kind == "term"]
        span = (since, until, year_start, terms)
        wanted = [
            _wanted(one, between(one.cadence, *span), year_start) for one in map(network.measures.__getitem__, chosen)
        ]
        st.download_button(
            "Get the workbook",
            lambda: template_workbook(network.name, list(network.schools.values()), wanted, entries),
            file_name="template.xlsx",
            mime=EXCEL,
            type="primary",
            on_click="ignore",
        )


def usual_span(entries: Sequence[Entry], today: date, year_start: int) -> tuple[date, date]:
    """From the first day of the terms of this school year to their last; of the newest year that has terms else.

    >>> year = [Entry("", "term", "Fall", date(2025, 8, 18), date(2025, 12, 19))]
    >>> usual_span(year, date(2026, 9, 1), 8)
    (datetime.date(2025, 8, 18), datetime.date(2025, 12, 19))
    """
    terms = [entry for entry in entries if entry.kind == "term"]
    if not terms:
        monday = today - timedelta(days=today.weekday())
        return monday, monday + timedelta(weeks=WEEKS_WITHOUT_CALENDAR)
    years = {school_year_start(term.first, year_start) for term in terms}
    this = school_year_start(today, year_start)
    year = this if this in years else max(years)
    of_year = [term for term in terms if school_year_start(term.first, year_start) == year]
    return min(term.first for term in of_year), max(term.last for term in of_year)


def _wanted(measure: Measure, days: Sequence[date], year_start: int) -> Wanted:
    """A period that has values already keeps their day, so that one that is filled in again takes their place."""
    held = {
        first_day(day, measure.cadence, year_start): day for day in reversed(cells.days(data.database(), measure.id))
    }
    kept = (held.get(first_day(day, measure.cadence, year_start), day) for day in days)
    return Wanted(measure, tuple(kept), comes_in_counts(measure))


def comes_in_counts(measure: Measure) -> bool:
    """Whether a share is told as numerator and denominator: its definition says so, or its newest values do."""
    told = measure.denominator_words or cells.has_counts(data.database(), measure.id)
    return measure.unit in SHARES and bool(told)
