"""Uploads: what came in, what did each change, and what should be undone?"""

import streamlit as st

from lib.screen import choices, sidebar, words
from lib.screen.bring import uploads

network = sidebar.network()
found = uploads.every(network)
if not found:
    uploads.nothing_yet()
    st.stop()

words.title("Uploads", uploads.summary(found))
chosen = uploads.choose(found)
choices.write_address(uploads.NAMES)
uploads.show(network, chosen)
