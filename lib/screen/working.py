"""What takes longer than a moment: done in a thread of its own, with its steps shown and a button that cancels it.

A click on the button makes Streamlit end the run of the page that waits here; the work is told to stop, and its next
step does.
"""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

import streamlit as st

Result = TypeVar("Result")

SOON, EVERY = 0.5, 0.1
"""Seconds before anything is shown, and between two looks at the work."""


class Cancelled(Exception):
    """The person who waited for it has cancelled the work."""


class Progress:
    """How far a piece of work is. Its thread calls `step` when the next one of its steps begins.

    After the person has cancelled, `step` raises Cancelled.
    """

    def __init__(self, first: int) -> None:
        self.at = first - 1
        self.stopped = threading.Event()

    def step(self) -> None:
        if not self.wanted():
            raise Cancelled
        self.at += 1

    def wanted(self) -> bool:
        return not self.stopped.is_set()


def run(
    steps: Sequence[str],
    work: Callable[[Progress], Result],
    on_cancel: Callable[[], None],
    done: Callable[[Result], None] = lambda _: None,
    first: int = 0,
) -> Result:
    """What `work` returns, or the exception that it raises.

    `work` must not use Streamlit. It does the steps from `first` on, and tells of each but its first. `on_cancel` is
    called before the page runs again. `done` gets the result, even where the button was pressed too late.
    """
    progress = Progress(first)
    with ThreadPoolExecutor(1) as threads:
        future = threads.submit(_begun, work, progress)
        try:
            _show_until_done(steps, progress, future, on_cancel)
        finally:
            progress.stopped.set()
            if not future.exception():
                done(future.result())
    return future.result()


def _begun(work: Callable[[Progress], Result], progress: Progress) -> Result:
    progress.step()
    return work(progress)


def _show_until_done(
    steps: Sequence[str], progress: Progress, future: "Future[Result]", on_cancel: Callable[[], None]
) -> None:
    began = time.monotonic()
    if wait([future], SOON).done:
        return
    place = st.empty()
    with place.container():
        bar = st.progress(0.0)
        st.button("Cancel", on_click=on_cancel, key=f"cancel_{began}")
    while not wait([future], EVERY).done:
        at, seconds = min(progress.at, len(steps) - 1), time.monotonic() - began
        bar.progress(at / len(steps), f"{steps[at]}, step {at + 1} of {len(steps)} ({seconds:.0f} s)")
    place.empty()
