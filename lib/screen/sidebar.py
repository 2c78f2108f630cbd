"""The side of every page: which network this is, and starting one's own."""

import streamlit as st

from lib.screen import choices, data
from lib.store import definitions


def show() -> None:
    """Draw the sidebar and settle which network the tab looks at."""
    st.logo(f"static/logo_{st.context.theme.type or 'light'}.svg", size="large")
    networks = data.networks()
    names = dict(zip(networks["id"].tolist(), networks["name"].tolist(), strict=True))
    invented = set(networks.loc[networks["invented"], "id"].tolist())
    with st.sidebar:
        if len(names) > 1:
            chosen = choices.choose(
                "Network", "network", list(names), lambda number: names[number], on_change=_forget_places
            )
        else:
            chosen = next(iter(names))
            choices.put("network", chosen)
            st.text(names[chosen])
        if chosen in invented:
            st.info("Sample network: all schools and numbers here are invented.")
        if len(names) == 1:
            _offer_own_network()


def _offer_own_network() -> None:
    with st.popover("Start my own network", width="stretch"), st.form("own_network", border=False):
        name = st.text_input("Name of the network", max_chars=80)
        if st.form_submit_button("Start", type="primary") and name.strip():
            number = definitions.add_network(data.database(), name.strip())
            _forget_places()
            choices.put("network", number)
            st.switch_page("pages/bring/spreadsheet.py")


def _forget_places() -> None:
    """Another network has other measures and schools."""
    for name in ("measure", "school", "group", "first", "last", "search", "district", "page"):
        st.session_state.pop(name, None)


def network() -> data.Network:
    """The network this tab looks at."""
    return data.network(choices.get("network"))
