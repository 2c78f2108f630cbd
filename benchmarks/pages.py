"""How long a person waits for a page on 10 million observations: `python -m benchmarks.pages [--browser]`.

500 schools, 8 measures, 250 weeks, 10 student groups. The database is made once, in the system's folder for temporary
files, and used again by later runs.

Script time is what passes inside a run of the whole app from the first line of app.py to the end of the page, menu and
sidebar included. The app is run by Streamlit's AppTest, which needs no browser; the clock stands inside the script, so
that neither the test's own work nor the wire is counted. A choice is seen twice: with nothing kept for it, and again
from what is kept. What all choices share is kept: the open database, the names of schools and measures. With
`--browser` a choice is made by mouse in Chromium, and what passes until the new chart stands on the screen is measured.
"""

import argparse
import contextlib
import logging
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.testing.v1 import AppTest

from lib.improvement import TestOfChange
from lib.measures import Measure
from lib.store import Database, definitions

ROOT = Path(__file__).resolve().parents[1]
SEED = 20261124
SCHOOLS, MEASURES, WEEKS, GROUPS = 500, 8, 250, 10
CHOICES = 100
FIRST_WEEK = "2021-09-06"
DISTRICTS = 12
FORMAT = 2
"""Raised when the invented database is made differently, so that an old one isn't used."""


def place() -> Path:
    return Path(tempfile.gettempdir()) / f"stepback_benchmark_{FORMAT}.duckdb"


def ten_million() -> Path:
    """The invented database; made beside its place, so that a half-made one never counts."""
    path = place()
    if path.exists():
        return path
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    begin = time.perf_counter()
    database = Database(unfinished)
    _define(database)
    for measure in range(1, MEASURES + 1):
        _insert(database, measure)
    database.close()
    unfinished.replace(path)
    size = path.stat().st_size / 1e6
    print(f"made {path}: {SCHOOLS * MEASURES * WEEKS * GROUPS:,} observations, {size:.0f} MB", end=", ")
    print(f"{time.perf_counter() - begin:.0f} s")
    return path


def _define(database: Database) -> None:
    network = definitions.add_network(database, "Benchmark", invented=True)
    schools = pd.DataFrame(
        {
            "name": [f"School {number:03}" for number in range(1, SCHOOLS + 1)],
            "code": [f"S{number:03}" for number in range(1, SCHOOLS + 1)],
            "district": [f"District {number % DISTRICTS + 1}" for number in range(SCHOOLS)],
            "tags": [[]] * SCHOOLS,
        }
    )
    with database.writing() as cursor:
        definitions.save_schools(cursor, network, schools)
        definitions.save_tests(cursor, network, [_test(school) for school in range(1, SCHOOLS + 1, 2)])
        for number in range(1, MEASURES + 1):
            definitions.save_measure(
                cursor, network, Measure(0, f"Measure {number}", family="process", unit="percent", wanted="up")
            )
        groups = [(number, network, "Group", f"Group {number}") for number in range(1, GROUPS)]
        cursor.executemany("insert into student_group (id, network, category, name) values (?, ?, ?, ?)", groups)
        cursor.execute(
            """insert into upload
                   (id, network, file, sha256, who, recipe, sheets, kept, suppressed, refused, left_out, blank)
               values (1, ?, 'benchmark.csv', '', 'benchmark', '{}', ['Sheet1'], ?, 0, 0, 0, 0)""",
            [network, SCHOOLS * MEASURES * WEEKS * GROUPS],
        )


def _test(school: int) -> TestOfChange:
    """Every second school tried the one idea, in one of 100 weeks."""
    start = date.fromisoformat(FIRST_WEEK) + timedelta(weeks=80 + school % 100)
    return TestOfChange("Idea", school, start, None, "testing", "", "", "", "", "Driver")


def _insert(database: Database, measure: int) -> None:
    """A measure's observations in the order in which the store keeps them. Bringing them in as spreadsheets would take
    most of an hour, so they go straight into the table."""
    with database.writing() as cursor:
        cursor.register("made", _observations(measure))
        cursor.execute("insert into observation select * from made")
        cursor.unregister("made")


def _observations(measure: int) -> pa.Table:
    """A share around 70 % that wanders by school, and is 8 percentage points higher in the last year of every fifth
    school."""
    chance = np.random.default_rng(SEED + measure)
    shape = (SCHOOLS, GROUPS, WEEKS)
    lasting = np.zeros(shape)
    lasting[::5, :, -40:] = 0.08
    base = chance.normal(0.7, 0.06, (SCHOOLS, GROUPS, 1)).clip(0.4, 0.85)
    enrolled = np.broadcast_to(chance.integers(40, 400, (SCHOOLS, GROUPS, 1)), shape)
    counted = chance.binomial(enrolled, (base + lasting).clip(0, 1))
    school, group, week = (indices.ravel() for indices in np.indices(shape))
    days = np.datetime64(FIRST_WEEK) + week * np.timedelta64(7, "D")
    numerator, denominator = counted.ravel().astype(float), enrolled.ravel().astype(float)
    n = len(school)
    return pa.table(
        {
            "measure": np.full(n, measure, np.int32),
            "school": (school + 1).astype(np.int32),
            "student_group": group.astype(np.int32),
            "date": pa.array(days),
            "numerator": numerator,
            "denominator": denominator,
            "value": numerator / denominator,
            "upload": np.ones(n, np.int32),
            "sheet": np.zeros(n, np.int16),
            "row": np.arange(2, n + 2, dtype=np.int32),
            "col": np.full(n, 6, np.int32),
        }
    )


@dataclass
class Watch:
    """Milliseconds of the newest run: from the first line of app.py to the end of the page."""

    began: float = 0.0
    took: float = 0.0


@contextlib.contextmanager
def watched() -> Iterator[Watch]:
    """Times every run of the app: its first statement sets the page's configuration, its last runs the page."""
    watch, configure, run = Watch(), st.set_page_config, StreamlitPage.run

    def begin(*args: Any, **more: Any) -> None:
        watch.began = time.perf_counter()
        configure(*args, **more)

    def end(page: StreamlitPage) -> None:
        try:
            run(page)
        finally:
            watch.took = 1000 * (time.perf_counter() - watch.began)

    st.set_page_config, StreamlitPage.run = begin, end  # type: ignore[assignment, method-assign]
    try:
        yield watch
    finally:
        st.set_page_config, StreamlitPage.run = configure, run  # type: ignore[method-assign]


Choices = dict[str, Any]


def run_chart_choices(chance: random.Random) -> Choices:
    return {
        "measure": chance.randint(1, MEASURES),
        "school": chance.randint(1, SCHOOLS),
        "group": chance.randrange(GROUPS),
    }


def board_choices(chance: random.Random) -> Choices:
    return {
        "district": chance.choice(["", *(f"District {n}" for n in range(1, DISTRICTS + 1))]),
        "state": chance.choice(["", "shift", "steady"]),
        "page": chance.randint(1, 2),
    }


def side_by_side_choices(chance: random.Random) -> Choices:
    """Schools of a district beside one another, or all of them on pages; every second one by group or by measure."""
    by = chance.choice(["school", "school", "group", "measure"])
    return {
        "by": by,
        "measure": chance.randint(1, MEASURES),
        "school": 0 if by == "school" else chance.randint(1, SCHOOLS),
        "group": chance.randrange(GROUPS),
        "district": chance.choice(["", *(f"District {n}" for n in range(1, DISTRICTS + 1))]),
        "names": "shown",
    }


def change_idea_choices(chance: random.Random) -> Choices:
    return {"idea": "Idea", "measure": chance.randint(1, MEASURES), "group": chance.randrange(GROUPS)}


def funnel_choices(chance: random.Random) -> Choices:
    return {"measure": chance.randint(1, MEASURES), "group": chance.randrange(GROUPS), "stretch_first": None}


def explore_choices(chance: random.Random) -> Choices:
    """One measure, some or all of them; some schools or all; all students, some groups or all."""
    return {
        "measures": chance.sample(range(1, MEASURES + 1), chance.choice([1, 1, 3, MEASURES])),
        "schools": chance.choice([[], chance.sample(range(1, SCHOOLS + 1), 20)]),
        "groups": chance.choice([[0], [0], chance.sample(range(GROUPS), 3), []]),
        "shown": chance.choice(["table", "lines"]),
    }


NOT_OF_A_CHOICE = ("database", "_network", "_standing")
"""What is kept for every page alike: the database, what a network consists of, its marks."""
Page = tuple[str, Callable[[random.Random], Choices], tuple[str, ...]]
PAGES: dict[str, Page] = {
    "run chart": ("pages/look/run_chart.py", run_chart_choices, NOT_OF_A_CHOICE),
    "board": ("pages/look/network.py", board_choices, NOT_OF_A_CHOICE),
    "board, another filter or page": ("pages/look/network.py", board_choices, (*NOT_OF_A_CHOICE, "_charts")),
    "side by side": ("pages/look/side_by_side.py", side_by_side_choices, NOT_OF_A_CHOICE),
    "change idea, 1,000 shuffles": ("pages/look/change_ideas.py", change_idea_choices, NOT_OF_A_CHOICE),
    "funnel": ("pages/look/funnel.py", funnel_choices, NOT_OF_A_CHOICE),
    "explore": ("pages/look/explore.py", explore_choices, NOT_OF_A_CHOICE),
}
"""Script, choices, and what is not forgotten before each choice. A filter of the board needs no new chart."""


def forget_choices(keep: tuple[str, ...] = NOT_OF_A_CHOICE) -> None:
    """Forgets everything that the pages keep for a choice, by the names of the functions that keep it."""
    for name, module in list(sys.modules.items()):
        if name.startswith("lib.screen."):
            for function, value in vars(module).items():
                if hasattr(value, "clear") and hasattr(value, "__wrapped__") and function not in keep:
                    value.clear()


def script_times(page: Page, n: int) -> tuple[list[float], list[float]]:
    """Milliseconds of the script for n choices, each with nothing kept for it, then each again from what is kept."""
    path, choose, keep = page
    chance = random.Random(SEED)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
    app.run()
    app.switch_page(path).run()
    fresh: list[float] = []
    cached: list[float] = []
    with watched() as watch:
        for _ in range(n):
            for name, value in choose(chance).items():
                app.session_state[name] = value
            forget_choices(keep)
            for times in (fresh, cached):
                app.run()
                if app.exception:
                    raise RuntimeError(app.exception[0].message)
                times.append(watch.took)
    return fresh, cached


def in_the_browser(database: Path, n: int) -> None:
    """Milliseconds from the click on an option to the new page, painted: first and second visit of each choice."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("STEPBACK_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with running(database) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, page, label, options in (
            ("run chart", "run_chart?measure=1&school=1", "School", [f"School {n:03}" for n in range(2, n + 2)]),
            (
                "side by side",
                "side_by_side?measure=1&district=District 1",
                "Measure",
                [f"Measure {n}" for n in range(2, 9)],
            ),
        ):
            tab = browser.new_page(viewport={"width": 1280, "height": 720})
            tab.goto(f"{address}/{page}")
            tab.wait_for_selector("h1", timeout=120_000)
            tab.wait_for_function(SETTLED, timeout=120_000)
            tab.evaluate(REMEMBER_CLICK)
            fresh = [clicked(tab, label, option) for option in options]
            cached = [clicked(tab, label, option) for option in options]
            print(f"| {name}, click to painted | {said(fresh)} | {said(cached)} |", flush=True)
            tab.close()
        print(f"| 200 thumbnails, more than an empty page | {thumbnails(browser, address)} | |", flush=True)
        browser.close()


def thumbnails(browser: Any, address: str) -> str:
    """How much longer a visit to 200 thumbnails takes than one to a page with hardly anything on it: median of five."""
    times = {
        page: statistics.median(visited(browser, f"{address}/{page}") for _ in range(5))
        for page in ("networks", "side_by_side?measure=1&view=pictures")
    }
    empty, full = times.values()
    return f"{full - empty:.0f} ms ({full:.0f} and {empty:.0f})"


def visited(browser: Any, address: str) -> float:
    tab = browser.new_page(viewport={"width": 1280, "height": 720})
    try:
        tab.goto(address)
        tab.wait_for_selector("h1", timeout=60_000)
        tab.wait_for_function(SETTLED, timeout=60_000, polling="raf")
        if "pictures" in address:
            tab.locator(".panel").nth(199).wait_for(state="attached")
        return float(tab.evaluate("new Promise((done) => requestAnimationFrame(() => done(performance.now())))"))
    finally:
        tab.close()


SETTLED = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  return app && app.getAttribute('data-test-script-state') === 'notRunning'
    && !document.querySelector('[data-stale=true]') && performance.now();
}"""
REMEMBER_CLICK = """() => document.addEventListener('click', (event) => {
  if (event.target.closest('[role=option]')) window.clicked = performance.now();
}, true)"""
PAINTED = """(before) => {
  const app = document.querySelector('[data-testid=stApp]');
  const main = document.querySelector('[data-testid=stMain]');
  const dots = [...main.querySelectorAll('path[aria-label]')].map((dot) => dot.getAttribute('aria-label')).join();
  const now = document.querySelector('h1').innerText;
  const done = now !== before.title && dots !== before.dots && !document.querySelector('[data-stale=true]')
    && app.getAttribute('data-test-script-state') === 'notRunning';
  return done ? performance.now() - window.clicked : 0;
}"""
NOW = """() => ({
  title: document.querySelector('h1').innerText,
  dots: [...document.querySelectorAll('[data-testid=stMain] path[aria-label]')]
    .map((dot) => dot.getAttribute('aria-label')).join() || 'none',
})"""


def clicked(tab: Any, label: str, option: str) -> float:
    before = tab.evaluate(NOW)
    tab.get_by_role("combobox", name=label).first.click()
    tab.get_by_role("combobox", name=label).first.fill(option)
    tab.get_by_role("option", name=option, exact=True).click()
    return float(tab.wait_for_function(PAINTED, arg=before, timeout=60_000, polling="raf").json_value())


@contextlib.contextmanager
def running(database: Path) -> Iterator[str]:
    """A server on the database, at the address given."""
    port = 8899
    process = subprocess.Popen(
        [sys.executable, "-m", "lib.screen.serve", "--server.port", str(port), "--server.headless", "true"],
        cwd=ROOT,
        env=os.environ | {"STEPBACK_DATABASE": str(database)},
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://localhost:{port}/_stcore/health"):
                break
            time.sleep(0.2)  # it starts in a second or two; nothing else tells that it answers
        else:
            raise RuntimeError("the server doesn't answer")
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def said(times: list[float]) -> str:
    """Median, and the time that nine of ten are under."""
    return f"{statistics.median(times):.0f} ms ({np.quantile(times, 0.9):.0f})"


def main(arguments: list[str]) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--browser", action="store_true", help="also from click to painted, in Chromium")
    options.add_argument("--choices", type=int, default=CHOICES)
    options.add_argument("--only", choices=[*PAGES, "browser"])
    chosen = options.parse_args(arguments)
    logging.getLogger("streamlit").setLevel(logging.ERROR)  # without a browser it warns at every run
    database = ten_million()
    os.environ["STEPBACK_DATABASE"] = str(database)
    print("| page | nothing cached, median (9 of 10 under) | from the cache |\n|---|---|---|", flush=True)
    for name, page in PAGES.items():
        if chosen.only in (None, name) and (ROOT / page[0]).exists():
            fresh, cached = script_times(page, chosen.choices)
            print(f"| {name}, script | {said(fresh)} | {said(cached)} |", flush=True)
    if chosen.browser or chosen.only == "browser":
        st.cache_resource.clear()
        in_the_browser(database, min(chosen.choices, 20))


if __name__ == "__main__":
    main(sys.argv[1:])
