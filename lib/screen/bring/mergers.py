"""Two measures or two schools made one on the page of definitions, what stands in the way, and the way back."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lib import loading
from lib.screen import data, words
from lib.screen.data import Network
from lib.store import merging
from lib.wording import day

MOST_HEIGHT = 220


def offer(network: Network, noun: merging.Kind, stored: Sequence[Any]) -> None:
    """The two to choose, what would happen, and the button; values that clash are shown, and then there is none."""
    with st.popover("Make two one", width="stretch", disabled=len(stored) < 2):
        items = {row.key[0].id: row for row in stored}
        gone = _choose(f"This {noun}", f"{noun}_gone", list(items), items)
        stays = _choose("is the same as", f"{noun}_stays", [one for one in items if one != gone], items)
        if gone is None or stays is None:
            return
        clashes = merging.conflicts(data.database(), noun, gone, stays)
        if len(clashes):
            _show_clashes(clashes)
            return
        st.text(
            f"{items[gone].n_values:,} values become values of {_called(items[stays])}. “{_called(items[gone])}” stays "
            "known as another name, so files may go on to use it. The two can be parted again."
        )
        if st.button("Make them one", type="primary", key=f"{noun}_merge"):
            _merge(network, noun, gone, stays)


def _choose(label: str, key: str, options: list[int], items: dict[int, Any]) -> int | None:
    if st.session_state.get(key) not in options:
        st.session_state.pop(key, None)
    return st.selectbox(
        label, options, index=None, format_func=lambda number: _called(items[number]), key=key, placeholder="Choose"
    )


def _called(row: Any) -> str:
    code = getattr(row.key[0], "code", "")
    return f"{row.key[0].name} ({code})" if code else row.key[0].name


def _show_clashes(clashes: pd.DataFrame) -> None:
    st.error(
        f"{len(clashes):,} values clash, so they can't be one. Undo the upload that is wrong, or correct its file."
    )
    st.dataframe(
        clashes,
        hide_index=True,
        height=MOST_HEIGHT,
        column_config={
            "measure": "Measure",
            "school": "School",
            "date": st.column_config.DateColumn("Date", format="YYYY-MM-DD"),
            "here": "The one that stays",
            "there": "The other one",
        },
    )


def _merge(network: Network, noun: merging.Kind, gone: int, stays: int) -> None:
    with words.problems_in_words():
        merging.merge(data.database(), network.id, noun, gone, stays, loading.this_person())
        for key in (f"{noun}_gone", f"{noun}_stays"):
            st.session_state.pop(key, None)
        st.session_state["definitions_said"] = f"The two {noun}s are one now. Below they can be parted again."
        st.rerun()


def show(network: Network, noun: merging.Kind) -> None:
    """What was made one, each with the way back."""
    found = merging.mergers(data.database(), network.id, noun)
    if not found:
        return
    with st.expander(f"Made one: {len(found)}"):
        for one in found:
            said, button = st.columns([5, 1.2], vertical_alignment="center")
            said.text(
                f"“{one.gone}” is “{one.stays}”: {one.n_values:,} values; {one.who}, {day(one.at.date(), year=True)}"
            )
            if button.button("Part them", key=f"part_{one.id}", width="stretch"):
                with words.problems_in_words():
                    merging.part(data.database(), network.id, one.id, loading.this_person())
                    st.session_state["definitions_said"] = f"“{one.gone}” is a {noun} of its own again."
                    st.rerun()
