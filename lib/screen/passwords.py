"""A workbook with a password: it is asked for where the file was chosen, used to open the file, and kept nowhere."""

from collections.abc import Callable

import streamlit as st

from lib.intake import Workbook
from lib.problems import PasswordNeeded

LOCKED = "locked"
"""In what a tab remembers: the file that doesn't open without a password."""


def is_locked(file_id: str) -> bool:
    """Whether the file was found to be locked, so that a password is asked for."""
    return st.session_state.get(LOCKED) == file_id


def opened(file_id: str, read: Callable[[str], Workbook]) -> Workbook | None:
    """What `read` makes of the file with a password, "" for none; None until a password was typed.

    Without a password, a locked workbook starts the page anew, which then asks. Raises PasswordNeeded for a wrong one.
    """
    password = _ask() if is_locked(file_id) else ""
    if is_locked(file_id) and not password:
        return None
    try:
        workbook = read(password)
    except PasswordNeeded:
        st.session_state[LOCKED] = file_id
        if not password:
            st.rerun()
        raise
    st.session_state.pop(LOCKED, None)
    return workbook


def _ask() -> str:
    """The password that was just typed."""
    with st.form("password", clear_on_submit=True):
        st.text("This workbook has a password. It is used to open the workbook now, and it is not kept.")
        password = st.text_input("Password", type="password", autocomplete="off")
        st.form_submit_button("Open the workbook", type="primary")
    return password
