"""What the page side by side is asked for: its choices, as one value."""

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from lib.analysis import RULE_SETS
from lib.measures import CADENCES
from lib.screen import choices
from lib.screen.data import Network
from lib.store.series import POOLED, usual_period

NAMES = (
    "by",
    "measure",
    "school",
    "group",
    "period",
    "rules",
    "first",
    "last",
    "zoom",
    "district",
    "order",
    "seed",
    "names",
    "mine",
    "line",
    "same",
    "view",
    "side_page",
    "seen_first",
    "seen_last",
)
"""The choices that the page's address holds."""
SEEDS = 10_000

NOBODY = 0
"""No school is picked as mine."""

BY = {"school": "Schools", "group": "Groups", "measure": "Measures"}
ORDERS = {"name": "Name", "size": "Size", "random": "Random"}
NAMES_SHOWN = {"shown": "Shown", "hidden": "Hidden", "mine": "Only mine"}
LINES = {"network": "Network", "district": "District", "none": "None"}
VIEWS = {"": "Interactive up to 30", "pictures": "Pictures (also by keyboard)"}


@dataclass(frozen=True)
class Asked:
    """Everything that decides what the page shows."""

    measure: int
    by: str = "school"
    school: int = POOLED
    group: int = 0
    period: str = ""
    first: date | None = None
    last: date | None = None
    rules: str = "anhoej"
    district: str = ""
    order: str = "name"
    seed: int = 0
    names: str = "shown"
    mine: int = NOBODY
    line: str = "network"
    same: bool = False
    zoom: bool = False
    seen: tuple[date, date] | None = None
    page: int = 1
    view: str = ""

    @property
    def hides(self) -> bool:
        return self.by == "school" and self.names != "shown"


def choose(network: Network) -> Asked:
    """The row of choices at the top."""
    by = _one_of("by", BY)
    names, order = _one_of("names", NAMES_SHOWN), _one_of("order", ORDERS)
    shuffles = by == "school" and names == "shown" and order == "random"
    widths = [1.2, 1.8, 1.3, 1.0, 1.1, *([0.9] if shuffles else []), 1.0, 0.9]
    columns = iter(st.columns(widths, vertical_alignment="bottom"))
    with next(columns):
        by = choices.choose("Side by side", "by", list(BY), BY.__getitem__)
    with next(columns):
        if by == "measure":
            _choose_school(network, "School")
        else:
            choices.choose("Measure", "measure", list(network.measures), lambda m: network.measures[m].label)
    with next(columns):
        if by == "group":
            _choose_school(network, "School")
        else:
            choices.choose("Group", "group", list(network.groups), lambda group: network.groups[group].label)
    _choose_order(by, [next(columns), next(columns), *([next(columns)] if shuffles else [])])
    with next(columns):
        choices.put("zoom", choices.get("zoom"))
        st.toggle("Zoom in", key="zoom", persist_state="session")
    with next(columns), st.popover("More", width="stretch"):
        _choose_more(network, by)
    return asked(network)


def _choose_school(network: Network, label: str) -> None:
    choices.choose(label, "school", [POOLED, *network.schools], network.school_label)


def _choose_mine(network: Network) -> None:
    names = {number: network.school_label(number) for number in network.schools}
    choices.choose("My school", "mine", [NOBODY, *names], lambda number: names.get(number, "None"))


def _choose_order(by: str, columns: list[Any]) -> None:
    """Order and names. Hidden names come in a random order: any other would tell which school is which."""
    if by != "school":
        return
    with columns[1]:
        names = choices.choose("Names", "names", list(NAMES_SHOWN), NAMES_SHOWN.__getitem__)
    with columns[0]:
        order = "random"
        if names == "shown":
            order = choices.choose("Order", "order", list(ORDERS), ORDERS.__getitem__)
    if order == "random":
        if choices.get("seed") is None:
            _shuffle()
        with columns[-1] if names == "shown" else columns[0]:
            st.button("Shuffle", on_click=_shuffle, width="stretch", help="Another random order")


def _shuffle() -> None:
    """Another random order; it stays, in the address too, until somebody asks for another."""
    choices.put("seed", secrets.randbelow(SEEDS))


def _choose_more(network: Network, by: str) -> None:
    if by == "school":
        if choices.get("names") != "hidden":
            _choose_mine(network)
        districts = sorted({school.district for school in network.schools.values()} - {""})
        if districts:
            choices.choose("District", "district", ["", *districts], lambda name: name or "All districts")
        lines = [name for name in LINES if name != "district" or (districts and choices.get("names") == "shown")]
        choices.choose("Faint line", "line", lines, LINES.__getitem__)
        choices.put("same", choices.get("same"))
        st.toggle("Faint line: same schools throughout", key="same", persist_state="session")
    if by != "measure":
        cadence = network.measures[choices.get("measure")].cadence
        usual = usual_period(cadence)
        choices.choose("Period", "period", ["", *coarser(cadence)], lambda name: name or f"usual ({usual})")
    choices.choose_dates(network.span)
    choices.choose("Rules", "rules", list(RULE_SETS), lambda name: RULE_SETS[name].label)
    choices.choose("Drawn as", "view", list(VIEWS), VIEWS.__getitem__)


def coarser(cadence: str) -> list[str]:
    """The periods that a measure can be shown by: its cadence and longer ones.

    >>> coarser("three weeks"), coarser("year")
    (['three weeks', 'month'], [])
    """
    names = list(CADENCES)
    if cadence not in names[: names.index("month") + 1]:
        return []
    own = max(CADENCES[cadence].weeks, 1)
    return [name for name in names[names.index(cadence) : names.index("month") + 1] if CADENCES[name].weeks % own == 0]


def asked(network: Network) -> Asked:
    """What the tab's choices ask for; what doesn't exist here falls back to the first."""
    by = _one_of("by", BY)
    measure = choices.get("measure") if choices.get("measure") in network.measures else next(iter(network.measures))
    names = _one_of("names", NAMES_SHOWN)
    hidden = by == "school" and names != "shown"
    period = choices.get("period") or ""
    seen = (choices.get("seen_first"), choices.get("seen_last"))
    return Asked(
        by=by,
        measure=measure,
        school=choices.get("school") if choices.get("school") in network.schools else POOLED,
        group=choices.get("group") if choices.get("group") in network.groups else network.usual_group,
        period=period if by != "measure" and period in coarser(network.measures[measure].cadence) else "",
        first=choices.get("first"),
        last=choices.get("last"),
        rules=_one_of("rules", RULE_SETS),
        district=choices.get("district"),
        order="random" if hidden else _one_of("order", ORDERS),
        seed=choices.get("seed") or 0,
        names=names,
        mine=(choices.get("mine") or NOBODY) if names != "hidden" else NOBODY,
        line="network" if hidden and choices.get("line") == "district" else _one_of("line", LINES),
        same=bool(choices.get("same")),
        zoom=bool(choices.get("zoom")),
        seen=seen if all(seen) else None,
        page=choices.get("side_page") or 1,
        view=_one_of("view", VIEWS),
    )


def _one_of(name: str, known: Any) -> str:
    return str(choices.get(name) if choices.get(name) in known else choices.DEFAULTS[name])


def write_address(what: Asked) -> None:
    """The choices in the address; where all names are hidden, no school is named there either."""
    left_out = {"school"} if what.by == "school" else {"mine"}
    if what.names == "hidden":
        left_out.add("mine")
    choices.write_address(name for name in NAMES if name not in left_out)
