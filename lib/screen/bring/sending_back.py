"""The refused cells of a file as a workbook to send back, while the file is at hand: it is not kept."""

from pathlib import PurePath

import pandas as pd
import streamlit as st

from lib.exports.refused import MOST_CELLS, refused_workbook
from lib.intake import Workbook

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def offer(workbook: Workbook, refused: pd.DataFrame) -> None:
    """A button for the workbook; for a very large file the list has to do."""
    if sum(sheet.n_rows * sheet.n_columns for sheet in workbook.sheets) > MOST_CELLS:
        st.caption("The file is too large to mark. The list can be downloaded at its top right.")
        return
    st.download_button(
        "Workbook to send back, these cells marked",
        lambda: refused_workbook(workbook, refused),
        file_name=f"{PurePath(workbook.name).stem} - to correct.xlsx",
        mime=EXCEL,
        help="Like the file, with a comment at each refused cell. The file itself is not kept after this page.",
        on_click="ignore",
    )
