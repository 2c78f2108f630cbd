"""How charts look: colors of both themes, sizes for the page and for the wall, and how wide a text is."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

import pandas as pd

ThemeName = Literal["light", "dark"]
SizeName = Literal["page", "present", "present low"]

FONT = '"Source Sans", "Source Sans Pro", "Liberation Sans", Arial, sans-serif'
"""The page's own font first; nothing is fetched."""


@dataclass(frozen=True)
class Drawn:
    """A chart ready to be shown: `st.vega_lite_chart(chart.data, chart.spec, theme=None)`.

    `alt` says it in words, where its page doesn't. A click on a funnel or small multiples selects `pick`, the place
    of the school (`point`) or of the panel (`panel`). A brush on these selects `brush`, with the range of `x`.
    """

    spec: dict[str, Any]
    data: pd.DataFrame
    alt: str = ""


@dataclass(frozen=True)
class Theme:
    """Colors by what they mean. Text has a contrast of 4.5:1 and marks of 3:1 to what lies under them."""

    background: str
    text: str
    faint_text: str
    grid: str
    line: str
    dot: str
    middle: str
    earlier: str
    goal: str
    band: str
    goal_band: str
    idea: str
    idea_text: str
    tag: str
    toward: str
    away: str
    neither: str
    on_toward: str
    on_away: str
    on_neither: str


THEMES: dict[ThemeName, Theme] = {
    "light": Theme(
        background="#ffffff",
        text="#1f2933",
        faint_text="#5b6874",
        grid="#e6eaee",
        line="#8a95a1",
        dot="#52606d",
        middle="#3e4c59",
        earlier="#8a95a1",
        goal="#52606d",
        band="#edf1f4",
        goal_band="#e3eef5",
        idea="#8549a0",
        idea_text="#7a3f96",
        tag="#f2ebf5",
        toward="#0072b2",
        away="#d55e00",
        neither="#52606d",
        on_toward="#ffffff",
        on_away="#14100c",
        on_neither="#ffffff",
    ),
    "dark": Theme(
        background="#14191f",
        text="#e8edf2",
        faint_text="#aab4be",
        grid="#29313b",
        line="#7d8894",
        dot="#c3cbd3",
        middle="#e4e8ec",
        earlier="#7d8894",
        goal="#b5bec8",
        band="#232b35",
        goal_band="#16283a",
        idea="#b98acb",
        idea_text="#d9b8e6",
        tag="#2c2134",
        toward="#56b4e9",
        away="#e69f00",
        neither="#c3cbd3",
        on_toward="#0e1117",
        on_away="#0e1117",
        on_neither="#0e1117",
    ),
}
"""Blue and orange are Okabe and Ito's (jfly.uni-koeln.de/color), their lighter pair on dark."""


@dataclass(frozen=True)
class Size:
    """Pixels. `width` and `height` are the whole chart; radii are of dots."""

    width: int
    height: int
    axis_font: int
    label_font: int
    tag_font: int
    break_font: int
    number_font: int
    data_line: float
    middle_line: float
    dot_radius: float
    signal_radius: float
    tag_height: int
    tag_longest: int
    band_width: int
    side_pad: int

    @property
    def tick_gap(self) -> int:
        return self.axis_font + 2


SIZES: dict[SizeName, Size] = {
    "page": Size(
        width=984,
        height=330,
        axis_font=13,
        label_font=13,
        tag_font=13,
        break_font=11,
        number_font=11,
        data_line=1.5,
        middle_line=2.25,
        dot_radius=4.5,
        signal_radius=9.5,
        tag_height=24,
        tag_longest=230,
        band_width=14,
        side_pad=16,
    ),
    "present": Size(
        width=1200,
        height=508,
        axis_font=22,
        label_font=22,
        tag_font=20,
        break_font=18,
        number_font=16,
        data_line=3,
        middle_line=4,
        dot_radius=9,
        signal_radius=14,
        tag_height=36,
        tag_longest=340,
        band_width=22,
        side_pad=24,
    ),
}
SIZES["present low"] = replace(SIZES["present"], height=400)
"""Lower, so that notes or a question of two lines fit on a screen of 720 lines with the steps."""

WIDE, NARROW = frozenset("MWmw@%—…"), frozenset("iljtfrI.,:;'|!()[] ’‘")
WIDTHS = {"wide": 0.9, "narrow": 0.33, "capital": 0.7, "usual": 0.57, "other script": 1.0}
"""Widths of letters as shares of the font size: those of Liberation Sans bold rounded up; Source Sans is narrower."""


@lru_cache(maxsize=4096)
def text_width(text: str, font: float) -> float:
    """About how many pixels a text is wide; rather too wide than too narrow.

    >>> text_width("", 13), text_width("ii", 10) < text_width("MM", 10)
    (0, True)
    """
    return font * sum(_letter_width(letter) for letter in text)


def _letter_width(letter: str) -> float:
    if letter in WIDE:
        return WIDTHS["wide"]
    if letter in NARROW:
        return WIDTHS["narrow"]
    if ord(letter) > 0x24F:
        return WIDTHS["other script"]
    return WIDTHS["capital" if letter.isupper() else "usual"]


def cut(text: str, font: float, widest: float) -> str:
    """The text, or as much of it as fits with "…" at its end.

    >>> cut("Check-in calls", 10, 200), cut("Check-in calls", 10, 50)
    ('Check-in calls', 'Check-i…')
    """
    if text_width(text, font) <= widest:
        return text
    while text and text_width(text + "…", font) > widest:
        text = text[:-1]
    return text.rstrip() + "…"
