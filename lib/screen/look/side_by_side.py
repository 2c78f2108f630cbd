"""The parts of the page side by side that are seen: the interactive chart, the pictures, opening one."""

from html import escape

import streamlit as st

from lib.charts import (
    MOST_PANELS,
    Drawn,
    ThemeName,
    panel_svgs,
    period_of,
    small_multiples,
    state_mark_svg,
)
from lib.screen import choices, data, words
from lib.screen.data import Network
from lib.screen.look import opening
from lib.screen.look.asked import Asked
from lib.screen.look.comparing import Side
from lib.wording import period_label, plain

CSS = """
.place {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(var(--panel), 1fr)); gap: 6px 10px;
  font-family: var(--st-font); color: var(--st-text-color); font-size: 0.8rem; padding: 2px;
}
.place .foot {grid-column: 1 / -1; margin: 4px; opacity: .75;}
.place .panel {color: inherit; text-decoration: none; display: block; min-width: 0;
  padding: 3px 4px; border-radius: 4px;}
.place a.panel:hover, .place a.panel:focus-visible {outline: 2px solid var(--st-primary-color);}
.place .mine {background: color-mix(in srgb, var(--st-primary-color) 14%, transparent); outline: 1.5px solid;}
.place .head {display: flex; gap: 5px; align-items: center; height: 18px;}
.place .head svg {flex: none;}
.place .head span {overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 600;}
.place .body {display: flex; align-items: center; gap: 5px;}
.place .body svg {flex: 1; min-width: 0; height: 44px; display: block;}
.place .body b {font-weight: 600; font-variant-numeric: tabular-nums; min-width: 2.7em; text-align: right;}
"""

JS = """
export default function ({ parentElement, data, setTriggerValue }) {
  const place = parentElement.querySelector(".place");
  place.style.setProperty("--panel", data.width);
  place.innerHTML = data.panels;
  place.onclick = (event) => {
    const link = event.target.closest("a[data-panel]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setTriggerValue("opened", link.dataset.panel);
  };
}
"""

component = st.components.v2.component("thumbnails", html="<div class='place'>\n</div>", css=CSS, js=JS)


def choose_page(shown: Side) -> None:
    """Which page, and the way back from a period that was zoomed in on."""
    if shown.pages > 1:
        with st.columns([1, 6])[0]:
            choices.choose("Page", "side_page", list(range(1, shown.pages + 1)), lambda n: f"{n} of {shown.pages}")
    if choices.get("seen_first") is not None:
        first, last = (period_label(choices.get(name), "day", year=True) for name in ("seen_first", "seen_last"))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"Shown: {first} to {last}. Middle lines and marks are those of all periods.")
            st.button("Show all periods", on_click=_show_all)


def _show_all() -> None:
    for name in ("seen_first", "seen_last"):
        choices.put(name, None)


def draw(network: Network, what: Asked, shown: Side) -> None:
    """The panels; a click opens the run chart, a brush shows a period of all panels."""
    if len(shown.panels.panels) <= MOST_PANELS and what.view != "pictures":
        _draw_chart(network, what, shown)
    else:
        _draw_pictures(network, what, shown)


@st.cache_resource(max_entries=60, show_spinner=False)
def _chart(path: str, version: int, network: tuple[int, str], what: Asked, theme: ThemeName, _shown: Side) -> Drawn:
    return small_multiples(_shown.panels, theme)


def _draw_chart(network: Network, what: Asked, shown: Side) -> None:
    opened = data.database()
    drawn = _chart(opened.path, opened.version, network.key, what, words.theme(), shown)
    picked = opening.picked(drawn, f"side_{what.by}_{what.seen}")
    if panels := picked.get("pick"):
        _open(shown, int(panels[0]["panel"]))
    if "x" in (brush := picked.get("brush") or {}):
        _zoom(shown, *brush["x"])
    _open_by_name(shown)


def _open_by_name(shown: Side) -> None:
    """What a click on a panel does, for those who use no mouse."""
    named = [place for place, panel in enumerate(shown.panels.panels) if panel.opens]
    if named and (chosen := opening.choose([shown.panels.panels[place].label for place in named])) is not None:
        _open(shown, named[chosen])


def _zoom(shown: Side, low: float, high: float) -> None:
    found = period_of(shown.panels, low, high)
    if found is not None and len(shown.panels.days) > 2:
        for name, day in zip(("seen_first", "seen_last"), found, strict=True):
            choices.put(name, day.item())
        st.rerun()


def _open(shown: Side, panel: int) -> None:
    """Ask for the run chart of a panel; a school whose name is hidden has none."""
    if 0 <= panel < len(shown.opens) and shown.panels.panels[panel].opens:
        opening.ask(*shown.opens[panel])


@st.cache_resource(max_entries=60, show_spinner=False)
def _pictures(path: str, version: int, network: tuple[int, str], what: Asked, theme: ThemeName, _shown: Side) -> str:
    return pictures_html(network[0], _shown, theme)


def _draw_pictures(network: Network, what: Asked, shown: Side) -> None:
    opened = data.database()
    html = _pictures(opened.path, opened.version, network.key, what, words.theme(), shown)
    width = "150px" if len(shown.panels.panels) > MOST_PANELS else "220px"
    opens = component(data={"panels": html, "width": width}, key="thumbnails", on_opened_change=lambda: None).opened
    if opens:
        _open(shown, int(opens))


def pictures_html(network: int, shown: Side, theme: ThemeName) -> str:
    """The thumbnails. Every text from data is escaped; a panel whose name is hidden is no link and names no school."""
    shared, svgs = panel_svgs(shown.panels, theme)
    parts = [shared]
    for i, (panel, svg) in enumerate(zip(shown.panels.panels, svgs, strict=True)):
        inside = (
            f'<div class="head">{state_mark_svg(panel.mark, theme=theme, size=14)}'
            f"<span>{escape(panel.label)}</span></div>"
            f'<div class="body">{svg}<b>{escape(panel.newest_text)}</b></div>'
        )
        about = f'title="{escape(panel.description)}" aria-label="{escape(panel.description)}"'
        mine = " mine" if panel.mine else ""
        if panel.opens:
            measure, school, group = shown.opens[i]
            address = f"run_chart?network={network}&amp;measure={measure}&amp;school={school}&amp;group={group}"
            parts.append(f'<a class="panel{mine}" href="{address}" data-panel="{i}" {about}>{inside}</a>')
        else:
            parts.append(f'<div class="panel{mine}" role="img" {about}>{inside}</div>')
    parts.append(f'<p class="foot">{escape(shown.panels.alt)}</p>')
    return "".join(parts)


def empty(network: Network, what: Asked) -> None:
    """Nothing to show for a choice: which one to change."""
    name = plain(network.measures[what.measure].label)
    st.info(f"No values of {name} for this choice. Choose another measure, group, school or district.")
