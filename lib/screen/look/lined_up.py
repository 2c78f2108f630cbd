"""Change ideas read from the store: an idea's schools lined up on their start, and what shuffled starts give."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lib.analysis.aligning import Aligned, aligned, by_luck
from lib.measures import Measure
from lib.screen import data
from lib.screen.data import Network
from lib.store import Database, ideas
from lib.store.series import Choice, as_shown, usual_period
from lib.wording.spans import transformed_text


@dataclass(frozen=True)
class Compared:
    """One idea on one measure: the schools lined up, and what shuffled starts give.

    A measure that adds up over the year is compared by what is new in each period; `how_made` says so.
    """

    measure: Measure
    group: int
    schools: tuple[int, ...]
    found: Aligned
    luck: float
    how_made: str = ""

    @property
    def period(self) -> str:
        return usual_period(self.measure.cadence)


def tests(network: Network) -> pd.DataFrame:
    """Every test of change of the network, as `ideas.tests`."""
    opened = data.database()
    return _tests(opened, opened.path, opened.version, network.id)


@st.cache_resource(max_entries=20, show_spinner=False)
def _tests(_database: Database, path: str, version: int, network: int) -> pd.DataFrame:
    return ideas.tests(_database, network)


def compare(network: Network, tried: pd.DataFrame, idea: str, measure: int, group: int) -> Compared | None:
    """None where no school has a value; kept until the data change."""
    opened = data.database()
    return _compare(opened, opened.path, opened.version, network, idea, measure, group, tried)


@st.cache_resource(max_entries=200, show_spinner=False, hash_funcs={Network: lambda network: network.key})
def _compare(
    _database: Database,
    path: str,
    version: int,
    network: Network,
    idea: str,
    measure: int,
    group: int,
    _tried: pd.DataFrame,
) -> Compared | None:
    adds_up = network.measures[measure].cumulative
    choice = Choice(network.id, (measure,), groups=(group,), per_period=adds_up)
    charts = data.charts(choice)
    if not len(charts.keys):
        return None
    schools = tuple(charts.keys["school"].tolist())
    own = ideas.periods(_tried)
    own = own[own["idea"] == idea].set_index("school")
    starts, ends = (own[name].reindex(schools).tolist() for name in ("start", "end"))
    of = as_shown(network.measures[measure], choice)
    wanted = of.wanted if of.wanted in ("up", "down") else "up"
    found = aligned(charts.points, starts, wanted, ends)
    how_made = transformed_text(usual_period(of.cadence), per_period=adds_up)
    return Compared(of, group, schools, found, by_luck(charts.points, starts, wanted, ends), how_made)
