"""What takes longer than a moment: done in a thread of its own, with its steps shown and a button that cancels it.

Whatever a person touches makes Streamlit end the run of the page that waits here, and begin another one beside it. So
the button's callback, which the next run calls first, is what stops the work and learns what became of it.
"""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, TypeVar

import streamlit as st

from lib.wording.texts import in_this_language

Result = TypeVar("Result")

SOON, EVERY = 0.5, 0.1
"""Seconds before anything is shown, and between two looks at the work."""

KEPT = "kept_work"


class Cancelled(Exception):
    """The person who waited for it has cancelled the work."""


@dataclass
class Progress:
    """How far a piece of work is. Its thread calls `step` when the next one of its steps begins.

    After the person has cancelled, `step` raises Cancelled.
    """

    at: int
    stopped: threading.Event = field(default_factory=threading.Event)

    def step(self) -> None:
        if not self.wanted():
            raise Cancelled
        self.at += 1

    def wanted(self) -> bool:
        return not self.stopped.is_set()


@dataclass(frozen=True)
class _Work:
    """Work that was begun; see `run`."""

    steps: Sequence[str]
    progress: Progress
    future: "Future[Any]"
    on_cancel: Callable[[], None]
    done: Callable[[Any], None]
    keep: bool
    began: float = field(default_factory=time.monotonic)


def run(
    steps: Sequence[str],
    work: Callable[[Progress], Result],
    on_cancel: Callable[[], None],
    done: Callable[[Result], None] = lambda _: None,
    first: int = 0,
    keep: bool = False,
) -> Result:
    """What `work` returns, or the exception that it raises.

    `work` must not use Streamlit. It does the steps from `first` on, and tells of each but its first. `on_cancel` is
    called before the page runs again. `done` gets the result, even where the button was pressed too late. Work that is
    to `keep` goes on when the person looks elsewhere meanwhile, and `finish` waits for it; other work ends then.
    """
    progress = Progress(first)
    threads = ThreadPoolExecutor(1)
    future = threads.submit(in_this_language(lambda: work(progress)))
    begun = _Work(steps, progress, future, on_cancel, done, keep)
    threads.shutdown(wait=False)
    if keep:
        st.session_state[KEPT] = begun
    result: Result = _waited(begun)
    return result


def finish() -> None:
    """Wait for work that was kept while the person looked elsewhere."""
    if KEPT in st.session_state:
        _waited(st.session_state[KEPT])


def _waited(work: _Work) -> Any:
    try:
        _show_until_done(work)
    finally:
        if not work.keep:
            work.progress.stopped.set()
    st.session_state.pop(KEPT, None)
    result = work.future.result()
    work.done(result)
    return result


def _show_until_done(work: _Work) -> None:
    if wait([work.future], SOON).done:
        return
    place = st.empty()
    with place.container():
        bar = st.progress(0.0)
        st.button("Cancel", on_click=_cancel, args=(work,), key=f"cancel_{work.began}")
    while not wait([work.future], EVERY).done:
        at, seconds = min(work.progress.at, len(work.steps) - 1), time.monotonic() - work.began
        bar.progress(at / len(work.steps), f"{work.steps[at]}, step {at + 1} of {len(work.steps)} ({seconds:.0f} s)")
    place.empty()


def _cancel(work: _Work) -> None:
    """Work that changes something is waited for, since it may be too late to stop it."""
    work.progress.stopped.set()
    st.session_state.pop(KEPT, None)
    if work.keep and not work.future.exception():
        work.done(work.future.result())
    else:
        work.on_cancel()
