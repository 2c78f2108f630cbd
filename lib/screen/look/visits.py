"""Schools worth a visit: a wanted change has held there, and no balancing measure has changed for the worse."""

from collections.abc import Hashable
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from lib.analysis.bright_spots import HELD, held, held_since
from lib.charts import state_mark_svg
from lib.screen import data, words
from lib.screen.data import Network
from lib.screen.look import board, opening
from lib.screen.look.panels import luck
from lib.screen.look.works_table import Asked, shown
from lib.store.series import Choice
from lib.wording import day, middle_value, say, state_label
from lib.wording.contexts import questions
from lib.wording.states import Mark, Shape, tone_of
from lib.wording.texts import counted

SHAPES: dict[str, Shape] = {"up": "triangle up", "down": "triangle down"}


@dataclass(frozen=True)
class Visits:
    """`spots`: by school the newest phase of the measure, and since when its newest points have been on one side.
    `changed_too`: schools where it has held as well, with what balancing measures did there."""

    spots: pd.DataFrame
    changed_too: dict[int, list[str]]
    luck: str


def visits(network: Network, what: Asked) -> Visits:
    """The schools of one measure and group, in the order of the network's schools."""
    charts = data.charts(Choice(network.id, (what.measure,), groups=(what.group,)))
    measure = network.measures[what.measure]
    phases = charts.newest_phases.assign(school=charts.keys["school"].to_numpy())
    shown = phases[phases["school"].isin(list(network.schools))]
    told = zip(shown["direction"], shown["median"], strict=True)
    wanted = pd.Series(
        [tone_of(way, measure, median) == "toward" for way, median in told], index=shown.index, dtype=bool
    )
    found = shown[held(shown) & wanted]
    found = found.assign(since=_since(charts, found))
    costs = balancing(network, what.measure)
    order = {school: place for place, school in enumerate(network.schools)}
    found = found.sort_values("school", key=lambda schools: schools.map(order)).set_index("school")
    too = {school: costs[school] for school in found.index if school in costs}
    return Visits(found.drop(index=list(too)), too, luck(phases))


def _since(charts: data.Charts, found: pd.DataFrame) -> "pd.Series[pd.Timestamp]":
    if found.empty:
        return pd.Series(dtype="datetime64[us]")
    return held_since(charts.points_of(found.index.to_numpy()), found).set_axis(found.index)


def balancing(network: Network, measure: int) -> dict[int, list[str]]:
    """By school the lasting changes of balancing measures that are not to the good, read for all students: those the
    other way, and any change where no way is wanted."""
    found = board.charts(network)
    phases = found.newest_phases.assign(school=found.keys["school"], measure=found.keys["measure"])
    costs: dict[int, list[str]] = {}
    for phase in phases[(phases["state"] == "shift") & (phases["measure"] != measure)].to_dict("records"):
        of = network.measures[phase["measure"]]
        tone = tone_of(phase["direction"], of, phase["median"])
        if of.family == "balancing" and tone != "toward":
            state = state_label("shift", phase["direction"], of.wanted, tone)
            costs.setdefault(int(phase["school"]), []).append(f"{of.name}: {state}")
    return costs


def headline(network: Network, what: Asked, found: Visits) -> None:
    measure = network.measures[what.measure]
    if measure.wanted == "none":
        said = say("visits.unwanted")
    elif found.spots.empty:
        said = say("visits.none", n=HELD, luck=found.luck)
    else:
        said = say("visits.some", schools=counted("schools", len(found.spots)), n=HELD, luck=found.luck)
    words.title(say("visits.title", measure=measure.name), said)


def show(network: Network, what: Asked, found: Visits) -> None:
    """The schools with what has held there; a click opens the run chart. Then what to ask there."""
    if not found.spots.empty:
        if picked := shown(network, _table(network, what, found), "visits", what):
            opening.ask(what.measure, int(picked), what.group)
        words.small_lines([say("visits.order")])
    if found.changed_too:
        names = [f"{network.school_label(school)} ({', '.join(costs)})" for school, costs in found.changed_too.items()]
        words.small_lines([say("visits.changed_too", names="; ".join(names))])
    words.heading(say("visits.before"))
    words.lines(questions())


def _table(network: Network, what: Asked, found: Visits) -> str:
    """Every text from data is escaped."""
    names = [say(key) for key in ("board.school", "visits.held", "visits.middle", "visits.tried")]
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    rows = "".join(_row(network, what, phase) for phase in found.spots.reset_index().to_dict("records"))
    return f'<table class="board cells"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _row(network: Network, what: Asked, phase: dict[Hashable, Any]) -> str:
    school, measure = int(phase["school"]), network.measures[what.measure]
    label = network.school_label(school)
    address = f"run_chart?network={network.id}&amp;measure={what.measure}&amp;school={school}&amp;group={what.group}"
    points = counted("points_that_count", int(phase["newest_run"]))
    since = say("visits.since", day=day(phase["since"].date(), year=True))
    mark = state_mark_svg(Mark(SHAPES[phase["direction"]], "filled", "toward"), theme=words.theme(), size=14)
    tried = [f"{one.name} ({day(one.date, year=True)})" for one in network.ideas.get(school, ())]
    return (
        f"<tr><th>{escape(label)}</th>"
        f'<td><a href="{address}" data-chart="{school}" aria-label="{escape(f"{label}: {points}, {since}")}">'
        f'<span class="marks"><span>{mark}{escape(points)}</span></span><small>{escape(since)}</small></a></td>'
        f'<td class="said">{escape(middle_value(phase["median"], measure.unit))}</td>'
        f'<td class="said wide">{escape(", ".join(tried) or say("visits.nothing_tried"))}</td></tr>'
    )
