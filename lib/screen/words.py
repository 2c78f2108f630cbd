"""Words on a page that hold text from data: put in as text, never as markdown or HTML."""

import base64
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from html import escape

import streamlit as st

from lib.charts import ThemeName, state_mark_svg
from lib.problems import CannotContinue
from lib.wording import Mark, Reading, four_facts, mark, plain, question, sentence, state_label

STYLE = """<style>
[data-testid="stMainBlockContainer"] {padding: 1.6rem 2rem 1.5rem 2rem;}
[data-testid="stHeader"] {background: transparent; height: 0;}
[data-testid="stSidebarHeader"] {margin-bottom: .25rem;}
[data-testid="stSidebarNavLinkContainer"] {height: 1.5rem;}
[data-testid="stSidebarNavLink"] {margin: 0; height: 1.5rem;}
[data-testid="stNavSectionHeader"] {margin: .1rem 0;}
[data-testid="stSidebarUserContent"] {padding-top: .75rem;}
.sb-question {font-size: 1.65rem; font-weight: 700; line-height: 1.25; margin: 0; padding: 0;}
.sb-sentence {
  font-size: 1.15rem; font-weight: 600; margin: .35rem 0 0 0;
  display: flex; gap: .6rem; align-items: center;
}
.sb-sentence img {flex: none;}
.sb-facts {
  display: grid; grid-template-columns: 1fr 1.25fr 1.75fr 1fr; gap: 1.25rem;
  margin: 0; padding: .5rem 0 0 0 !important; border-top: 1px solid #8884;
}
.sb-facts dt {font-size: .85rem; font-weight: 600; opacity: .75;}
.sb-facts dd {margin: 0; font-size: .9rem; line-height: 1.35;}
.sb-facts dt, .sb-facts dd {margin-left: 0; padding-left: 0;}
.sb-present .sb-question {font-size: 2.6rem;}
.sb-present .sb-sentence {font-size: 1.85rem; line-height: 1.2; margin: 0;}
@media (max-width: 900px) {.sb-facts {grid-template-columns: repeat(2, 1fr);}}
</style>"""


def theme() -> ThemeName:
    """The theme this tab is seen in."""
    return "dark" if st.context.theme.type == "dark" else "light"


def mark_image(state_mark: Mark, said: str, size: int = 22) -> str:
    """A state mark as an `<img>`, with its meaning as alternative text."""
    svg = state_mark_svg(state_mark, theme=theme(), size=size)
    data = base64.b64encode(svg.encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(said)}" width="{size}" height="{size}">'


def mark_of(reading: Reading) -> tuple[Mark, str]:
    """The mark of a reading's newest phase, and what it is called."""
    phase = reading.newest_phase
    if phase is None:
        raise ValueError("a reading without points has no state")
    found = mark(phase["state"], phase["direction"], reading.measure, phase["median"])
    return found, state_label(phase["state"], phase["direction"], reading.measure.wanted, found.tone)


def headline(reading: Reading) -> None:
    """The measure's question, then the state's mark and sentence."""
    found, said = mark_of(reading)
    st.html(
        f'{STYLE}<h1 class="sb-question">{escape(question(reading))}</h1>'
        f'<p class="sb-sentence">{mark_image(found, said)}<span>{escape(sentence(reading))}</span></p>'
    )


def presented(reading: Reading, chart_below: bool) -> None:
    """Question or sentence in the size of a projector."""
    if chart_below:
        st.html(f'{STYLE}<div class="sb-present"><h1 class="sb-question">{escape(question(reading))}</h1></div>')
        return
    found, said = mark_of(reading)
    st.html(
        f'<div class="sb-present"><p class="sb-sentence">{mark_image(found, said, 30)}'
        f"<span>{escape(sentence(reading))}</span></p></div>"
    )


def facts(reading: Reading) -> None:
    """The four facts under a chart."""
    st.html(facts_html(reading))


def facts_html(reading: Reading) -> str:
    """The four facts, for a page that has little room between what is above them and them."""
    return f'<dl class="sb-facts">{"".join(_fact(label, text) for label, text in four_facts(reading))}</dl>'


def _fact(label: str, text: str) -> str:
    return f"<div><dt>{escape(label)}</dt><dd>{escape(text)}</dd></div>"


def title(text: str, below: str = "") -> None:
    """A page's title and the line under it."""
    st.html(f'{STYLE}<h1 class="sb-question">{escape(text)}</h1>' + (f"<p>{escape(below)}</p>" if below else ""))


def heading(text: str) -> None:
    """A part of a page."""
    st.html(f'<h2 style="font-size:1.15rem; font-weight:600; margin:0; padding:0">{escape(text)}</h2>')


def lines(texts: Iterable[str]) -> None:
    """A plain list."""
    st.html("<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>")


def small_lines(texts: Iterable[str], size: str = ".85rem") -> None:
    """Lines under a chart, as small as its facts; nothing where there are none."""
    if lines := "".join(f'<div style="font-size:{size}; line-height:1.35">{escape(text)}</div>' for text in texts):
        st.html(lines)


@contextmanager
def problems_in_words() -> Iterator[None]:
    """Known problems are shown to the person, with where, what and how to fix; bugs are not caught."""
    try:
        yield
    except CannotContinue as error:
        for problem in error.problems:
            st.error(plain(str(problem)))
