"""Cells that are pasted instead of a file: they become a file of tab-separated text and go the same road."""

import hashlib
import re
from dataclasses import dataclass

import streamlit as st

UNNAMED = "Pasted cells"
LONGEST_NAME = 80


@dataclass(frozen=True)
class Pasted:
    """What the page for a spreadsheet needs of a file."""

    text: str
    title: str

    @property
    def name(self) -> str:
        """
        >>> Pasted("a\\tb", "Attendance 9/12").name, Pasted("a\\tb", "").name
        ('Attendance 9 12.tsv', 'Pasted cells.tsv')
        """
        allowed = re.sub(r"[^\w .,-]+", " ", self.title).strip()
        return f"{allowed or UNNAMED}.tsv"

    @property
    def file_id(self) -> str:
        return hashlib.sha256(f"{self.title}\n{self.text}".encode()).hexdigest()

    def getvalue(self) -> bytes:
        return self.text.encode()


def choose() -> Pasted | None:
    """A place to paste into, empty again after each saving; None while nothing is there."""
    number = st.session_state.get("file_number", 0)
    with st.expander("Or paste cells"), st.form(f"paste_{number}", border=False):
        text = st.text_area(
            "Cells with their header row, as copied from a spreadsheet", height=130, key=f"pasted_{number}"
        )
        title = st.text_input("What is it? Like a file's name, it can name the measure.", max_chars=LONGEST_NAME)
        st.form_submit_button("Read these cells")
    return Pasted(text, title) if text and text.strip() else None
