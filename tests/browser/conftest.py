"""A real server and a real browser. `make test` finds Chromium and hands its path over in STEPBACK_CHROMIUM."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_OPTIONS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-default-apps"
).split()
LONGEST_START = 60
"""Seconds until a new server answers; usually three."""

SETTLED = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  return app && app.getAttribute('data-test-script-state') === 'notRunning'
    && app.getAttribute('data-test-connection-state') === 'CONNECTED' && !document.querySelector('[data-stale=true]');
}"""
"""The app has run and nothing on the page is old. True also just before a run starts: wait for a changed text first."""


class Server:
    """The app on a port of its own, with a database of its own."""

    def __init__(self, database: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://localhost:{self.port}"
        options = ["--server.port", str(self.port), "--server.headless", "true"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lib.screen.serve", *options],
            cwd=ROOT,
            env=os.environ | {"STEPBACK_DATABASE": str(database)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.wait_until_it_answers()

    def wait_until_it_answers(self) -> None:
        last = time.monotonic() + LONGEST_START
        while time.monotonic() < last:
            if self.process.poll() is not None:
                raise RuntimeError("the server ended at its start")
            if self.answers():
                return
            time.sleep(0.1)  # nothing else tells when a server begins to answer
        raise RuntimeError("the server never answered")

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=5) as reply:
                return bool(reply.status == 200)
        except OSError:
            return False

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


@pytest.fixture
def fresh_server(sample: Path, tmp_path: Path) -> Iterator[Server]:
    """A server that nobody has visited yet."""
    server = Server(Path(shutil.copy(sample, tmp_path / "own.duckdb")))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def server(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(Path(shutil.copy(sample, tmp_path_factory.mktemp("server") / "own.duckdb")))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = os.environ.get("STEPBACK_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        if os.environ.get("CI"):
            pytest.fail("No Chromium: the browser suite must run in CI. Install it: apt-get install chromium")
        pytest.skip("No Chromium. Install it, or set STEPBACK_CHROMIUM to its path.")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        yield running
        running.close()


class Visitor:
    """One person at the app; remembers every host that the browser asked and every error that it met."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.hosts: set[str] = set()
        self.errors: list[str] = []
        page.on("request", lambda request: self.hosts.add(urlparse(request.url).hostname or ""))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, path: str = "") -> None:
        self.page.goto(f"{self.address}/{path}")
        self.page.wait_for_selector("h1", timeout=60_000)
        self.settle()

    def settle(self) -> None:
        self.page.wait_for_function(SETTLED, timeout=60_000)

    def text(self) -> str:
        return self.page.inner_text("[data-testid=stMain]")

    def title(self) -> str:
        return self.page.inner_text("h1")

    def wait_for(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for(timeout=60_000)
        self.settle()

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_role("combobox", name=label).click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def upload(self, path: Path) -> None:
        self.page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)


@pytest.fixture
def visit(browser: Browser) -> Iterator[object]:
    """Opens a new person's browser at a server; fails the test where the browser met an error or asked another host."""
    visitors: list[Visitor] = []
    contexts = []

    def start(server: Server, **options: object) -> Visitor:
        context = browser.new_context(viewport={"width": 1280, "height": 720}, **options)
        contexts.append(context)
        visitors.append(Visitor(context.new_page(), server.address))
        return visitors[-1]

    yield start
    for context in contexts:
        context.close()
    for visitor in visitors:
        assert visitor.errors == []
        assert visitor.hosts <= {"localhost", ""}
