"""How much was done: a process measure against what the schools of a change idea moved, on the page of change ideas."""

import pandas as pd
import streamlit as st

from lib.analysis.dosing import Dosing, dosing
from lib.charts.dose import dose_chart
from lib.measures import Measure
from lib.screen import choices, words
from lib.screen.data import Network
from lib.screen.look.lined_up import Compared, compare
from lib.wording.dose import alt_text, sentence
from lib.wording.texts import say

ALL_STUDENTS = 0
"""A process measure counts what adults do, so it is read for all students, whatever group the other one is read for."""


def show(network: Network, tried: pd.DataFrame, one: Compared, idea: str) -> None:
    """The choice of a process measure, what is said, and a dot per school."""
    processes = process_measures(network, one.measure)
    if not processes:
        st.text(say("dose.none"))
        return
    with st.columns([2.2, 5])[0]:
        process = choices.choose("Process measure", "process", list(processes), lambda m: processes[m].label)
    found = dose_of(network, tried, one, idea, process)
    words.small_lines([sentence(found, processes[process], one.measure), say("dose.caution")], "1rem")
    if found.enough:
        names = {school: network.school_label(school) for school in found.schools.index}
        drawn = dose_chart(found, names, processes[process], one.measure, choices.get("zoom"), words.theme())
        alt = alt_text(found, processes[process], one.measure)
        st.vega_lite_chart(drawn.data, drawn.spec, key="dose", theme=None, alt=alt, width="content")


def process_measures(network: Network, measure: Measure) -> dict[int, Measure]:
    """The process measures but for the one that is looked at."""
    every = network.measures.items()
    return {number: one for number, one in every if one.family == "process" and number != measure.id}


def dose_of(network: Network, tried: pd.DataFrame, one: Compared, idea: str, process: int) -> Dosing:
    done = compare(network, tried, idea, process, ALL_STUDENTS)
    differs = _by_school(one)
    return dosing(differs, _by_school(done) if done else differs.iloc[:0])


def _by_school(one: Compared) -> pd.DataFrame:
    return one.found.schools.set_axis(list(one.schools), axis="index")
