"""The spread page: one change idea's way through the schools, beside a measure on the same dates."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from lib.analysis.spreading import Spread, spread
from lib.charts import Drawn, ThemeName
from lib.charts.spread import spread_chart
from lib.screen import choices, data, words
from lib.screen.data import Network
from lib.screen.look import exploring
from lib.store import Database, ideas
from lib.store.series import Choice
from lib.wording import Reading, day
from lib.wording.spread import alt_text, outcome_title, ready, sentence, stage_name, title
from lib.wording.texts import say

NAMES = ("idea", "measure", "group", "zoom")
"""The choices that the page's address holds."""


@dataclass(frozen=True)
class Asked:
    idea: str
    measure: int
    group: int


def stages(network: Network) -> pd.DataFrame:
    """Every stage of the network's tests at schools that are not retired, as `ideas.stages`."""
    opened = data.database()
    found = _stages(opened, opened.path, opened.version, network.id)
    return found[found["school"].isin(list(network.schools))]


@st.cache_resource(max_entries=20, show_spinner=False)
def _stages(_database: Database, path: str, version: int, network: int) -> pd.DataFrame:
    return ideas.stages(_database, network)


def spread_of(network: Network, told: pd.DataFrame, idea: str) -> Spread:
    """To the newest day of the data, or to the newest stage where that came later; never beyond today."""
    newest = pd.Timestamp(network.span[1] if network.span else date.today())
    began = told["began"][told["began"] <= pd.Timestamp(date.today())]
    return spread(told[told["idea"] == idea], max([newest, *began]))


def outcome(network: Network, what: Asked) -> Reading | None:
    """The measure over all schools; None where it has no value in this group."""
    return data.reading(network, pooled(network, what), choices.DEFAULTS["rules"], 0)


def pooled(network: Network, what: Asked) -> Choice:
    """The measure that is drawn on the same dates, of all schools together."""
    return Choice(network.id, (what.measure,), groups=(what.group,), pooled=True)


def show(network: Network, what: Asked, found: Spread, beside: Reading) -> None:
    """The three charts, and what to ask before the idea goes on."""
    _, state = words.mark_of(beside)
    named, said = outcome_title(beside.measure, beside.place, state), sentence(found, len(network.schools))
    opened = data.database()
    key = (opened.path, opened.version, network.key, what)
    names = {school: network.school_label(school) for school in network.schools}
    drawn = _drawn(key, names, found, beside, named, choices.get("zoom"), words.theme())
    st.vega_lite_chart(drawn.data, drawn.spec, key="spread", theme=None, alt=alt_text(what.idea, said, named))
    words.small_lines([say("spread.caution"), f"{say('spread.before')} {' '.join(ready())}"])


@st.cache_resource(max_entries=100, show_spinner=False)
def _drawn(
    key: tuple[Hashable, ...],
    _names: dict[int, str],
    _found: Spread,
    _beside: Reading,
    named: str,
    zoomed: bool,
    theme: ThemeName,
) -> Drawn:
    return spread_chart(_found, _names, _beside, named, zoomed, theme)


def headline(network: Network, what: Asked, found: Spread) -> None:
    words.title(title(what.idea), sentence(found, len(network.schools)))


def more(network: Network, what: Asked, found: Spread) -> None:
    """Every stage in words, and the way to the data of the measure."""
    exploring.offer(pooled(network, what), choices.DEFAULTS["rules"])
    with st.expander("Stage by stage"):
        st.dataframe(table(network, found), hide_index=True, width="stretch")


def table(network: Network, found: Spread) -> pd.DataFrame:
    """Every stretch in words, in order of the schools' names and the days."""
    place = {school: number for number, school in enumerate(network.schools)}
    rows = found.stretches.assign(place=found.stretches["school"].map(place)).sort_values(["place", "first"])
    return pd.DataFrame(
        {
            "school": [network.school_label(school) for school in rows["school"]],
            "stage": [stage_name(stage) for stage in rows["stage"]],
            "from": [day(when.date(), year=True) for when in rows["first"]],
            "to": ["" if pd.isna(when) else day(when.date(), year=True) for when in rows["last"]],
        }
    )
