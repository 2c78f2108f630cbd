"""The tables of what works where, as HTML whose links open what is behind them. Every text from data is escaped."""

from collections.abc import Hashable
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

import pandas as pd
import streamlit as st

from lib.analysis.contexts import Cell
from lib.charts import ThemeName, state_mark_svg
from lib.measures import Measure
from lib.screen import choices, data, words
from lib.screen.data import Network
from lib.screen.look import board
from lib.wording import middle_value, say
from lib.wording.contexts import OUTCOMES, cell_text, outcome_mark, outcome_name
from lib.wording.spread import stage_marks, stages_text
from lib.wording.texts import counted

EVERYWHERE = "\n"
"""Instead of a tag, district or third: all schools. No tag or district is called like this."""

CSS = (
    board.CSS
    + """
.cells td, .cells tbody th {vertical-align: top; padding: 4px 5px;}
.cells tbody th {font-weight: 600; white-space: normal;}
.cells td {padding: 0;}
.cells a {display: block; line-height: 1.35; min-width: 84px;}
.cells a[aria-current] {outline: 2px solid var(--st-primary-color); outline-offset: -2px;}
.cells b {text-align: left; min-width: 0; display: block; line-height: 1.35;}
.cells small {display: block; font-size: .78rem; opacity: .85;}
.cells .marks {display: flex; gap: 8px; font-size: .85rem;}
.cells .marks span {display: inline-flex; gap: 3px; align-items: center;}
.cells .said {padding: 4px 5px; max-width: 260px; font-size: .85rem;}
.cells .wide {max-width: none;}
"""
)

component = st.components.v2.component("cells", html="<div class='place'>\n</div>", css=CSS, js=board.JS)


@dataclass(frozen=True)
class Asked:
    asks: str
    measure: int
    context: str
    group: int


def shown(network: Network, table: str, key: str, of: Hashable) -> str | None:
    """Draw a table; what the link stands for that was clicked in it. `of` is all that the table depends on."""
    name = f"{key}-{network.key}-{data.database().version}-{of}-{words.theme()}"
    picked: str | None = component(data={"table": table, "name": name}, key=key, on_opened_change=lambda: None).opened
    return picked


def context_label(context: str, kind: str) -> str:
    """What a context is called on screen; a tag or district is text from the data."""
    if context == EVERYWHERE:
        return say("works.all")
    return say(f"works.third.{context}") if kind == "sizes" else context


def cells_table(
    network: Network,
    what: Asked,
    found: dict[tuple[str, str], Cell],
    rows: list[str],
    columns: list[str],
    theme: ThemeName,
) -> str:
    """Every text from data is escaped."""
    head = "".join(f"<th>{escape(context_label(column, what.context))}</th>" for column in columns)
    body = "".join(
        f"<tr><th>{escape(idea)}</th>"
        + "".join(
            _cell_html(network, what, idea, column, found.get((idea, column)), f"{i}-{j}", theme)
            for j, column in enumerate(columns)
        )
        + "</tr>"
        for i, idea in enumerate(rows)
    )
    return (
        f'<table class="board cells"><thead><tr><th>{escape(say("works.idea"))}</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _cell_html(
    network: Network, what: Asked, idea: str, context: str, cell: Cell | None, place: str, theme: ThemeName
) -> str:
    if cell is None:
        return "<td></td>"
    measure = network.measures[what.measure]
    here = {"asks": "ideas", "measure": what.measure, "context": what.context, "group": what.group}
    address = "&amp;".join(
        f"{name}={escape(quote(str(value)))}" for name, value in {**here, "idea": idea, "where": context}.items()
    )
    current = ' aria-current="true"' if (idea, context) == (choices.get("idea"), choices.get("where")) else ""
    outcomes = "".join(
        f"<span>{state_mark_svg(outcome_mark(one, measure), theme=theme, size=14)}{cell.outcomes[one]}</span>"
        for one in OUTCOMES
        if one in cell.outcomes
    )
    stages = "".join(f"<span>{escape(text)}</span>" for text in stage_marks(cell.stages))
    label = escape(cell_text(idea, context_label(context, what.context), cell, measure))
    return (
        f'<td><a href="what_works?network={network.id}&amp;{address}" data-chart="{place}" title="{label}" '
        f'aria-label="{label}"{current}><b>{escape(counted("schools", len(cell.schools)))}</b>'
        f'<span class="marks">{stages}</span><span class="marks">{outcomes}</span></a></td>'
    )


def behind_table(
    network: Network, what: Asked, schools: list[int], found: pd.DataFrame, tests: pd.DataFrame, theme: ThemeName
) -> str:
    """The schools of a cell: what the measure did there, and what their teams wrote. `found` and `tests` are of one
    idea."""
    names = [say(key) for key in ("board.school", "works.change", "works.stages", "works.learned", "works.decision")]
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    own = found.set_index("school").to_dict("index")
    rows = [_behind_row(network, what, one, own[one], tests[tests["school"] == one], theme) for one in schools]
    return f'<table class="board cells"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _behind_row(
    network: Network, what: Asked, school: int, own: dict[Hashable, Any], tests: pd.DataFrame, theme: ThemeName
) -> str:
    measure = network.measures[what.measure]
    label, said = network.school_label(school), outcome_name(own["outcome"])
    address = f"run_chart?network={network.id}&amp;measure={what.measure}&amp;school={school}&amp;group={what.group}"
    mark = state_mark_svg(outcome_mark(own["outcome"], measure), theme=theme, size=14)
    stages = "; ".join(stages_text((one["stage"], one["began"]) for one in test) for test in tests["stages"])
    told = ["\n".join(text for text in tests[name] if text) for name in ("learned", "decision")]
    return (
        f"<tr><th>{escape(label)}</th>"
        f'<td><a href="{address}" data-chart="{school}" aria-label="{escape(f"{label}: {said}")}">'
        f'<span class="marks"><span>{mark}{escape(said)}</span></span>'
        f"<small>{escape(_values(own, measure))}</small></a></td>"
        + "".join(f'<td class="said">{escape(text)}</td>' for text in (stages, *told))
        + "</tr>"
    )


def _values(own: dict[Hashable, Any], measure: Measure) -> str:
    """Both medians, where there are points enough on each side."""
    if own["difference"] != own["difference"]:
        return ""
    before, after = (middle_value(own[name], measure.unit) for name in ("before", "after"))
    return say("works.before_after", before=before, after=after)
