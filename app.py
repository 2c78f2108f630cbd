"""The frame: page settings, network, menu; nothing else."""

import streamlit as st

from lib.screen import choices, sidebar, words

SIDEBAR_WIDTH = 232

st.set_page_config(
    page_title="Stepback", page_icon="static/icon.svg", layout="wide", initial_sidebar_state=SIDEBAR_WIDTH
)

NETWORK = st.Page("pages/look/network.py", title="Network at a glance", default=True)
SIDE_BY_SIDE = st.Page("pages/look/side_by_side.py", title="Schools side by side")
RUN_CHART = st.Page("pages/look/run_chart.py", title="Run chart")
CHANGE_IDEAS = st.Page("pages/look/change_ideas.py", title="Change ideas")
SPREAD = st.Page("pages/look/spread.py", title="Spread")
WHAT_WORKS = st.Page("pages/look/what_works.py", title="What works where")
GROUPS = st.Page("pages/look/groups.py", title="Student groups")
FUNNEL = st.Page("pages/look/funnel.py", title="Funnel")
EXPLORE = st.Page("pages/look/explore.py", title="Explore")
PRESENT = st.Page("pages/look/present.py", title="Present", visibility="hidden")
SPREADSHEET = st.Page("pages/bring/spreadsheet.py", title="A spreadsheet")
TYPING_IN = st.Page("pages/bring/typing_in.py", title="Typing in")
UPLOADS = st.Page("pages/bring/uploads.py", title="Uploads")
DEFINITIONS = st.Page("pages/bring/definitions.py", title="Definitions")
CALENDAR = st.Page("pages/bring/calendar.py", title="Calendar")
NETWORKS = st.Page("pages/bring/networks.py", title="Networks")
READING = st.Page("pages/help/how_charts_are_read.py", title="How charts are read")

choices.read_address()
page = st.navigation(
    {
        "Look": [NETWORK, SIDE_BY_SIDE, RUN_CHART, CHANGE_IDEAS, SPREAD, WHAT_WORKS, GROUPS, FUNNEL, EXPLORE, PRESENT],
        "Bring in": [SPREADSHEET, TYPING_IN, UPLOADS, DEFINITIONS, CALENDAR, NETWORKS],
        "Help": [READING],
    },
    expanded=True,
)
with words.problems_in_words():
    sidebar.show(page.title)
    page.run()
