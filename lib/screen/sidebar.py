"""The side of every page: which network this is; and the first start, where there is none."""

import streamlit as st

from lib import loading, sample_network
from lib.screen import choices, data, drafts, words, working
from lib.store import networks as store
from lib.wording import plain
from lib.wording.texts import LANGUAGES, speak

OF_A_NETWORK = (
    *("measure", "school", "group", "mine", "idea", "process", "context", "where", "category", "one", "other"),
    *("first", "last", "as_of", "seen_first", "seen_last", "upload", "on", "only"),
    *("stretch_first", "stretch_last", "measures", "schools", "groups"),
    *("together", "search", "district", "tag", "family", "state", "page", "side_page"),
)
"""Choices that mean nothing in another network: it has other measures and schools."""


def show(title: str) -> None:
    """Draw the sidebar of the page with this title and settle which network the tab looks at.

    Where there is none, the page ends here.
    """
    speak(choices.get("language") if choices.get("language") in LANGUAGES else choices.DEFAULTS["language"])
    st.logo(f"static/logo_{st.context.theme.type or 'light'}.svg", size="large")
    networks = data.networks()
    if networks.empty:
        _first_start()
        st.stop()
    names = dict(zip(networks["id"].tolist(), networks["name"].tolist(), strict=True))
    invented = set(networks.loc[networks["invented"], "id"].tolist())
    _open_what_was_chosen()
    _leave_deleted(names)
    with st.sidebar:
        drafts.say_elsewhere(title)
        chosen = _choose(names)
        choices.choose(
            "Language of charts", "language", list(LANGUAGES), LANGUAGES.__getitem__, label_visibility="collapsed"
        )
        if chosen in invented:
            st.info("Sample network: all schools and numbers here are invented.")
        if set(names) <= invented:
            _offer_own_network()


def _open_what_was_chosen() -> None:
    """A choice of the run before; the select box is drawn already when such a choice is made."""
    if "network_to_open" in st.session_state:
        choices.put("network", st.session_state.pop("network_to_open"))


def _choose(names: dict[int, str]) -> int:
    if len(names) > 1:
        return int(choices.choose("Network", "network", list(names), lambda n: names[n], on_change=_forget_places))
    only = next(iter(names))
    choices.put("network", only)
    st.text(names[only])
    return only


def _leave_deleted(names: dict[int, str]) -> None:
    """A link or another tab may name a network that is no more: the first one is opened, and that is said."""
    asked = choices.get("network")
    if asked is None or asked in names:
        return
    _forget_places()
    first = next(iter(names))
    choices.put("network", first)
    st.info(f"The network of this address is not here any more. This is “{plain(names[first])}”.")


def _first_start() -> None:
    """No network at all: the sample again, or one's own."""
    words.title("No network here yet", "Look around in the sample network, or start your own.")
    say_what_was_done()
    left, right = st.columns(2, gap="large")
    with left:
        st.text("An invented network of 24 schools with its measures, change ideas and spreadsheets.")
        if st.button("Show me the sample network"):
            bring_sample()
    with right, st.form("first_network", border=False):
        name = st.text_input("Name of your network", max_chars=store.LONGEST_NAME)
        if st.form_submit_button("Start my own network", type="primary"):
            with words.problems_in_words():
                start_own(name)


def _offer_own_network() -> None:
    with st.popover("Start my own network", width="stretch"), st.form("own_network", border=False):
        name = st.text_input("Name of the network", max_chars=store.LONGEST_NAME)
        if st.form_submit_button("Start", type="primary"):
            with words.problems_in_words():
                start_own(name)


def start_own(name: str) -> None:
    """Make a network, open it, and go to where its first spreadsheet is brought in. Raises CannotContinue."""
    open_network(store.create(data.database(), name, loading.this_person()))
    st.switch_page("pages/bring/spreadsheet.py")


def bring_sample() -> None:
    """Add the sample network and open it."""
    database = data.database()
    working.run(
        sample_network.steps(),
        lambda progress: sample_network.fill(database, progress.step),
        on_cancel=lambda: remember_what_was_done("Cancelled. There is no sample network."),
        done=open_network,
        keep=True,
    )
    st.switch_page("pages/look/network.py")


def open_network(number: int) -> None:
    """The tab looks at this network from its next run on."""
    _forget_places()
    st.session_state["network_to_open"] = number


def forget_network(number: int) -> None:
    """The network is no more; if the tab looked at it, the next run opens the first one without a word."""
    if choices.get("network") == number:
        _forget_places()
        st.session_state["network_to_open"] = None


def remember_what_was_done(said: str) -> None:
    st.session_state["network_said"] = said


def say_what_was_done() -> None:
    """After a change of networks: what became of it."""
    if said := st.session_state.pop("network_said", None):
        st.success(plain(said))


def _forget_places() -> None:
    for name in (*OF_A_NETWORK, drafts.UNSAVED):
        st.session_state.pop(name, None)


def network() -> data.Network:
    """The network this tab looks at."""
    return data.network(choices.get("network"))
