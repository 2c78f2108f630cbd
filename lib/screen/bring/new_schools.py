"""Schools of a file that may be ones the network has, or one school twice: a person says which, and the answer is
remembered when saving."""

from collections.abc import Sequence

import streamlit as st

from lib import loading
from lib.intake import Candidate, Near
from lib.screen import data
from lib.store.uploads import NewUpload
from lib.wording import plain

UNDECIDED, NEW = -1, 0
MOST_HEIGHT = 300
MOST_ASKED = 100
FEW = 4
"""Questions that fit on the page without a box of their own."""


def ask(upload: NewUpload) -> tuple[NewUpload, int]:
    """The upload with what a person said of such schools, and how many are still to be told."""
    every = _unsure(upload)
    if not every:
        return upload, 0
    near = _likeliest(every)
    more = f" The {len(near)} likeliest are asked about; the others come in as new." if len(near) < len(every) else ""
    st.warning(
        f"{len(every):,} of the new schools {'is' if len(every) == 1 else 'are'} written almost like "
        f"{_like_what(every)}. Say which is meant; it is remembered.{more}"
    )
    with st.container(height=MOST_HEIGHT if len(near) > FEW else "content", border=len(near) > FEW):
        answers = [_ask_one(upload, number, one) for number, one in enumerate(near)]
    if UNDECIDED in answers:
        st.button("All of these are new schools", on_click=_all_new, args=(upload, len(near)))
    told = [(one, one.candidates[n - 1]) for one, n in zip(near, answers, strict=True) if n > 0]
    return loading.with_same_schools(upload, told), answers.count(UNDECIDED)


def _likeliest(near: Sequence[Near]) -> list[Near]:
    """So many as a person can be asked about, in the order of the file."""
    first = sorted(range(len(near)), key=lambda place: -near[place].candidates[0].likeness)[:MOST_ASKED]
    return [near[place] for place in sorted(first)]


def _like_what(near: Sequence[Near]) -> str:
    """
    >>> _like_what([Near("Oak HS", "", "", (Candidate(0, "Oak High", "", "", 1),))])
    'another one in this file'
    """
    in_file = {not candidate.school for one in near for candidate in one.candidates}
    said = {False: "one you have", True: "another one in this file"}
    return " or ".join(said[kind] for kind in sorted(in_file))


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
    says |= {number: _same_as(one) for number, one in enumerate(near.candidates, 1)}
    options = [UNDECIDED, *range(1, len(near.candidates) + 1), NEW]
    with answer:
        return st.selectbox(
            f"“{plain(near.name)}” is",
            options,
            format_func=says.__getitem__,
            key=_key(upload, number),
            label_visibility="collapsed",
        )


def _same_as(one: Candidate) -> str:
    where = "" if one.school else ", in this file"
    return f"the same as {_called(one.name, one.code, one.district)}{where}"


def _called(name: str, code: str, district: str) -> str:
    more = ", ".join(part for part in (code if code != name else "", district) if part)
    return f"{name} ({more})" if more else name


def _key(upload: NewUpload, number: int) -> str:
    return f"school_{upload.sha256[:12]}_{number}"


def _all_new(upload: NewUpload, n: int) -> None:
    for number in range(n):
        if st.session_state.get(_key(upload, number), UNDECIDED) == UNDECIDED:
            st.session_state[_key(upload, number)] = NEW
