"""What the page Explore is asked for, and the way to it from the other pages: the data of this chart."""

from dataclasses import dataclass, replace
from datetime import datetime, time

import streamlit as st

from lib.analysis import RULE_SETS
from lib.measures import CADENCES
from lib.screen import choices, data
from lib.screen.data import Network
from lib.screen.look.asked import coarser
from lib.store.series import Choice, usual_period
from lib.wording import say

NAMES = (
    *("measures", "schools", "groups", "period", "rules", "middle", "first", "last", "as_of"),
    *("pooled", "same", "relative", "per_period", "shown", "zoom"),
)
"""The choices that the page's address holds."""

FROZEN = (0, data.OWN_MEDIAN, 8, 10, 12, 16)
"""Offered middle lines, as on the run chart's page."""


@dataclass(frozen=True)
class Asked:
    """Which points, read how; `choice` has no measure or group empty."""

    choice: Choice
    rules: str
    baseline: int


def choose(network: Network) -> Asked:
    """The row of choices: measures, schools, groups, period, and what else decides which numbers there are."""
    if choices.get("measures") is None:
        first = choices.get("measure")
        choices.put("measures", [first if first in network.measures else next(iter(network.measures))])
    columns = st.columns([2.6, 2.6, 2.0, 1.2, 0.9], vertical_alignment="bottom")
    with columns[0]:
        labels = {number: measure.label for number, measure in network.measures.items()}
        choices.choose_some("Measures", "measures", list(labels), labels.__getitem__, "All measures")
    with columns[1]:
        choices.choose_some("Schools", "schools", list(network.schools), network.school_label, "All schools")
    with columns[2]:
        names = {number: group.label for number, group in network.groups.items()}
        if choices.get("groups") == choices.DEFAULTS["groups"]:
            choices.put("groups", [network.usual_group])
        choices.choose_some("Groups", "groups", list(names), names.__getitem__, "All groups")
    with columns[3]:
        choices.choose("Period", "period", ["", *_periods(network)], lambda name: name or "usual")
    with columns[4], st.popover("More", width="stretch"):
        _choose_more(network)
    return asked(network)


def _periods(network: Network) -> list[str]:
    """Periods by which every chosen measure can be shown."""
    chosen = [network.measures[number] for number in choices.get("measures") or network.measures]
    offered = [coarser(usual_period(measure.cadence)) for measure in chosen]
    return [name for name in CADENCES if all(name in some for some in offered)]


def _choose_more(network: Network) -> None:
    choices.choose("Rules", "rules", list(RULE_SETS), lambda name: RULE_SETS[name].label)
    lines = {baseline: middle_said(baseline) for baseline in FROZEN}
    choices.choose("Middle line", "middle", list(lines), lines.__getitem__)
    choices.choose_dates(network.span)
    choices.put("as_of", choices.get("as_of"))
    st.date_input(
        "As we saw it on", value=None, max_value="today", key="as_of", format="YYYY-MM-DD", persist_state="session"
    )
    _toggle("Schools put together", "pooled")
    if choices.get("pooled"):
        _toggle("Same schools throughout", "same")
    else:
        _toggle("Difference from the network median", "relative")
    _toggle("New in each period, where amounts add up", "per_period")
    _toggle("Zoom in on the values", "zoom")


def _toggle(label: str, name: str) -> None:
    choices.put(name, choices.get(name))
    st.toggle(label, key=name, persist_state="session")


def middle_said(baseline: int) -> str:
    """How middle lines are made."""
    if baseline == data.OWN_MEDIAN:
        return say("explore.middle_own")
    return say("explore.middle_first", n=baseline) if baseline else say("explore.middle_agreed")


def asked(network: Network) -> Asked:
    """What the tab's choices ask for, once their boxes are drawn: these leave out what doesn't exist here."""
    seen = choices.get("as_of")
    pooled = bool(choices.get("pooled"))
    choice = Choice(
        network=network.id,
        measures=tuple(choices.get("measures")) or tuple(network.measures),
        schools=tuple(choices.get("schools")),
        groups=tuple(choices.get("groups")) or tuple(network.groups),
        period=choices.get("period") or "",
        first=choices.get("first"),
        last=choices.get("last"),
        pooled=pooled,
        constant=pooled and bool(choices.get("same")),
        relative=not pooled and bool(choices.get("relative")),
        per_period=bool(choices.get("per_period")),
        as_of=datetime.combine(seen, time.max) if seen else None,
        places=True,
    )
    rules = choices.get("rules") if choices.get("rules") in RULE_SETS else choices.DEFAULTS["rules"]
    return Asked(choice, rules, choices.get("middle") if choices.get("middle") in FROZEN else 0)


def offer(choice: Choice, rules: str, baseline: int = 0) -> None:
    """The way from a chart to its data: a button that opens Explore on the same points, read in the same way."""
    if st.button(say("explore.way"), type="tertiary", on_click=_ask, args=(choice, rules, baseline)):
        st.switch_page("pages/look/explore.py", query_params=choices.in_address(NAMES))


def _ask(choice: Choice, rules: str, baseline: int) -> None:
    wanted = {
        "measures": list(choice.measures),
        "schools": list(choice.schools),
        "groups": list(choice.groups),
        "period": choice.period,
        "rules": rules,
        "middle": baseline,
        "first": choice.first,
        "last": choice.last,
        "as_of": choice.as_of.date() if choice.as_of else None,
        "pooled": choice.pooled,
        "same": choice.constant,
        "relative": choice.relative,
        "per_period": choice.per_period,
        "shown": "table",
    }
    for name, value in wanted.items():
        choices.put(name, value)


def one_of(what: Asked, measure: int, group: int) -> Choice:
    """The part of a choice that is read at once: one measure and one group."""
    return replace(what.choice, measures=(measure,), groups=(group,))
