"""Schools of a file that may be ones the network has: a person says which, and the answer is remembered when saving."""

from dataclasses import replace

import streamlit as st

from lib import loading
from lib.intake import Near
from lib.screen import data
from lib.store.uploads import NewUpload
from lib.wording import plain

UNDECIDED, NEW = -1, 0
MOST_HEIGHT = 300
FEW = 4
"""Questions that fit on the page without a box of their own."""


def ask(upload: NewUpload) -> tuple[NewUpload, int]:
    """The upload with what a person said of such schools, and how many are still to be told."""
    near = _unsure(upload)
    if not near:
        return upload, 0
    st.warning(
        f"{len(near):,} of the new schools {'is' if len(near) == 1 else 'are'} written almost like one you have. "
        "Say which is meant; it is remembered."
    )
    with st.container(height=MOST_HEIGHT if len(near) > FEW else "content", border=len(near) > FEW):
        answers = [_ask_one(upload, number, one) for number, one in enumerate(near)]
    if UNDECIDED in answers:
        st.button("All of these are new schools", on_click=_all_new, args=(upload, len(near)))
    pairs = zip(near, answers, strict=True)
    aliases = [alias for one, school in pairs if school > 0 for alias in loading.same_school(one, school)]
    return replace(upload, aliases=tuple(aliases)), answers.count(UNDECIDED)


def _unsure(upload: NewUpload) -> tuple[Near, ...]:
    """Found once for each check of a file, and again after something was written."""
    key = (st.session_state.get("checked_of"), data.database().version)
    if st.session_state.get("unsure_of") != key:
        st.session_state["unsure"] = loading.unsure_schools(data.database(), upload)
        st.session_state["unsure_of"] = key
    return st.session_state["unsure"]


def _ask_one(upload: NewUpload, number: int, near: Near) -> int:
    name, answer = st.columns([1, 1.6], vertical_alignment="center")
    name.text(_called(near.name, near.code, near.district))
    says = {UNDECIDED: "Choose", NEW: "a new school"}
    says |= {one.school: f"the same as {_called(one.name, one.code, one.district)}" for one in near.candidates}
    options = [UNDECIDED, *(one.school for one in near.candidates), NEW]
    with answer:
        return st.selectbox(
            f"“{plain(near.name)}” is",
            options,
            format_func=says.__getitem__,
            key=_key(upload, number),
            label_visibility="collapsed",
        )


def _called(name: str, code: str, district: str) -> str:
    more = ", ".join(part for part in (code if code != name else "", district) if part)
    return f"{name} ({more})" if more else name


def _key(upload: NewUpload, number: int) -> str:
    return f"school_{upload.sha256[:12]}_{number}"


def _all_new(upload: NewUpload, n: int) -> None:
    for number in range(n):
        if st.session_state.get(_key(upload, number), UNDECIDED) == UNDECIDED:
            st.session_state[_key(upload, number)] = NEW
