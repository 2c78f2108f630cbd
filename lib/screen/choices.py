"""What a tab remembers: the choices that survive a change of page, a reload and a shared link.

Each choice lives in the session under its own name and is shown in the address. A link is read once, when the session
starts; after that the session is the truth and the address follows it, until the browser goes back or forward.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import streamlit as st


def _day(text: str) -> date | None:
    return date.fromisoformat(text)


def _numbers(text: str) -> list[int]:
    return [] if text == EVERY else [int(number) for number in text.split(",")]


EVERY = "all"
"""How an empty list, which is a choice of all there are, stands in an address."""

READERS: dict[str, Callable[[str], Any]] = {
    "network": int,
    "measure": int,
    "school": int,
    "group": int,
    "period": str,
    "rules": str,
    "middle": int,
    "first": _day,
    "last": _day,
    "as_of": _day,
    "zoom": lambda text: text == "1",
    "axis": str,
    "limits": str,
    "relative": lambda text: text == "1",
    "per_period": lambda text: text == "1",
    "together": str,
    "search": str,
    "district": str,
    "tag": str,
    "page": int,
    "family": str,
    "state": str,
    "by": str,
    "order": str,
    "seed": int,
    "names": str,
    "mine": int,
    "line": str,
    "same": lambda text: text == "1",
    "view": str,
    "side_page": int,
    "seen_first": _day,
    "seen_last": _day,
    "idea": str,
    "process": int,
    "asks": str,
    "context": str,
    "where": str,
    "category": str,
    "one": int,
    "other": int,
    "upload": int,
    "on": _day,
    "section": str,
    "only": int,
    "typed_as": str,
    "language": str,
    "stretch_first": _day,
    "stretch_last": _day,
    "widen": lambda text: text == "1",
    "measures": _numbers,
    "schools": _numbers,
    "groups": _numbers,
    "pooled": lambda text: text == "1",
    "shown": str,
}
"""Every choice, and how its text in an address is read."""

DEFAULTS: dict[str, Any] = {
    "period": "",
    "rules": "anhoej",
    "middle": 0,
    "zoom": False,
    "axis": "",
    "limits": "",
    "relative": False,
    "per_period": False,
    "together": "",
    "search": "",
    "district": "",
    "tag": "",
    "family": "",
    "state": "",
    "by": "school",
    "order": "name",
    "names": "shown",
    "mine": 0,
    "line": "network",
    "same": False,
    "view": "",
    "asks": "ideas",
    "context": "",
    "where": "",
    "section": "measures",
    "only": 0,
    "language": "en",
    "widen": True,
    "schools": [],
    "groups": [0],
    "pooled": False,
    "shown": "table",
}


def read_address() -> None:
    """Take the choices out of the address: once a session, and whenever the browser went back or forward to another.

    What can't be read is left out. What the page had written in its address and is gone from it is at its default. An
    address that differs because somebody chose again before the browser had the one that was written is no going back.
    """
    address = dict(st.query_params)
    written, page, names = _written()
    again = bool(st.session_state.get("address_read"))
    late = again and address != written and page == _page() and in_address(names) != written
    st.session_state["address_read"], st.session_state["address_shown"] = True, written if late else address
    if again and (late or not address or address == written):
        return
    if page == _page():
        for name in written.keys() - address.keys():
            put(name, DEFAULTS.get(name))
    for name, read in READERS.items():
        if name in address:
            try:
                put(name, read(address[name]))
            except ValueError:
                continue


def write_address(names: Iterable[str]) -> None:
    """Show these choices in the address, so that it can be shared; the others leave it.

    Each writing is a step that the browser can go back. Where it went back to the page without an address nothing is
    written, or nobody could ever leave the page by going back.
    """
    names = tuple(names)
    wanted, shown = in_address(names), st.session_state["address_shown"]
    went_back = not shown and _written()[:2] == (wanted, _page())
    st.session_state["address_written"] = (wanted, _page(), names)
    if shown != wanted and not went_back:
        st.query_params.from_dict(wanted)


def _written() -> tuple[dict[str, str], str, tuple[str, ...]]:
    """What was last written in the address, on which page, and the choices that it is made of."""
    written: tuple[dict[str, str], str, tuple[str, ...]] = st.session_state.get("address_written", ({}, "", ()))
    return written


def _page() -> str:
    return urlsplit(st.context.url or "").path


def in_address(names: Iterable[str]) -> dict[str, str]:
    """The choices as an address has them; one that stands at its default is left out."""
    named = ("network", "language", *names)
    values = {name: st.session_state.get(name) for name in named}
    return {
        name: _as_text(value)
        for name, value in values.items()
        if value is not None and value != DEFAULTS.get(name) and value != ""
    }


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return ",".join(map(str, value)) or EVERY
    return value.isoformat() if isinstance(value, date) else str(value)


def get(name: str) -> Any:
    return st.session_state.get(name, DEFAULTS.get(name))


def put(name: str, value: Any) -> None:
    """Set a choice; only before its widget is drawn, or in a callback."""
    st.session_state[name] = value


def choose(label: str, name: str, options: list[Any], say: Callable[[Any], str], **more: Any) -> Any:
    """A select box for a choice.

    What no longer exists (another network's school, an old link) falls back to the default, else to the first option.
    """
    if get(name) not in options:
        put(name, DEFAULTS[name] if DEFAULTS.get(name) in options else (options[0] if options else None))
    else:
        put(name, get(name))
    return st.selectbox(label, options, format_func=say, key=name, persist_state="session", **more)


def choose_some(label: str, name: str, options: list[int], say: Callable[[int], str], all_said: str) -> list[int]:
    """A box for any number of these; none chosen is all of them. What no longer exists is left out."""
    put(name, [number for number in get(name) if number in options])
    return list(
        st.multiselect(label, options, format_func=say, key=name, placeholder=all_said, persist_state="session")
    )


def choose_dates(span: tuple[date, date] | None) -> None:
    """From and to: which observations are read at all, within the first and last that there are."""
    first, last = span or (date.today(), date.today())
    for label, name in (("From", "first"), ("To", "last")):
        if get(name) is not None and not first <= get(name) <= last:
            put(name, None)
        st.date_input(
            label, value=None, min_value=first, max_value=last, key=name, format="YYYY-MM-DD", persist_state="session"
        )
