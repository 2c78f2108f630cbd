"""A table that a person edits: it begins as what is stored, and what is typed stays until it is saved."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

ROW_HEIGHT, MOST_HEIGHT = 35, 420
UNSAVED = "unsaved"
"""In what a tab remembers: the pages that hold unsaved rows, by title."""


@dataclass(frozen=True)
class Draft:
    """The table of one page. `name` begins the keys of what the tab remembers of it."""

    name: str
    title: str
    page: str

    def begin(self, of: Hashable, frame: Callable[[], pd.DataFrame]) -> None:
        """The table begins anew when what is stored, `of`, has changed; until then a person's edits stay."""
        if st.session_state.get(f"{self.name}_of") != of:
            st.session_state[f"{self.name}_of"] = of
            self.fill(frame())

    def fill(self, frame: pd.DataFrame) -> None:
        """Put rows in the table; a new key makes the widget start from them."""
        st.session_state[f"{self.name}_table"] = frame
        st.session_state[f"{self.name}_typed"] = None
        st.session_state[f"{self.name}_number"] = st.session_state.get(f"{self.name}_number", 0) + 1

    @property
    def table(self) -> pd.DataFrame:
        """The rows that the table began with; with those typed since, where its page was left meanwhile.

        Streamlit forgets what was typed in a table when its page is left.
        """
        typed = st.session_state.get(f"{self.name}_typed")
        if self._key not in st.session_state and typed is not None:
            st.session_state[f"{self.name}_table"] = typed.reset_index(drop=True)
        frame: pd.DataFrame = st.session_state[f"{self.name}_table"]
        return frame

    @property
    def typed(self) -> pd.DataFrame:
        """The rows as they stand now."""
        typed: pd.DataFrame | None = st.session_state.get(f"{self.name}_typed")
        return self.table if typed is None else typed

    @property
    def _key(self) -> str:
        return f"{self.name}_{st.session_state[f'{self.name}_number']}"

    def edit(self, column_config: dict[str, Any]) -> pd.DataFrame:
        frame = self.table
        edited = st.data_editor(
            frame,
            key=self._key,
            num_rows="dynamic",
            hide_index=True,
            width="stretch",
            height=min(MOST_HEIGHT, ROW_HEIGHT * (len(frame) + 2) + 3),
            column_config=column_config,
        )
        st.session_state[f"{self.name}_typed"] = edited
        return edited

    def say(self, counted: str, now: Sequence[Hashable], stored: Sequence[Hashable]) -> bool:
        """How many rows there are, and how many of them aren't saved yet; whether there are such."""
        n = n_different(now, stored)
        unsaved = {**st.session_state.get(UNSAVED, {}), self.title: self.page}
        st.session_state[UNSAVED] = {title: page for title, page in unsaved.items() if n or title != self.title}
        rows = f"{n:,} row{'' if n == 1 else 's'}"
        also = f"<strong>Not saved yet: {rows}.</strong>" if n else "Nothing changes before you save."
        st.html(f"{escape(counted)} {also}")
        return n > 0


def n_different(now: Sequence[Hashable], stored: Sequence[Hashable]) -> int:
    """How many rows are new, changed or taken out.

    >>> n_different(["a", "b"], ["a"]), n_different(["a", "x"], ["a", "b"]), n_different([], ["a"])
    (1, 1, 1)
    """
    one, other = Counter(now), Counter(stored)
    return max((one - other).total(), (other - one).total())


def say_elsewhere(title: str) -> None:
    """At the side of every other page: where rows wait to be saved."""
    for where, page in st.session_state.get(UNSAVED, {}).items():
        if where != title:
            st.page_link(page, label=f"Unsaved rows: {where}")
