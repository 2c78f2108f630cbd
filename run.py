"""Starts Stepback, or tests it, with nothing but Python: makes .venv, installs the pinned packages, runs the job.

    python run.py [run | test | test-long | check | bench] [options passed on]

Uses the standard library only, because nothing else is there yet.
"""

from __future__ import annotations  # an older Python must get as far as being told that it is too old

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "installed.txt"
OLDEST_PYTHON = (3, 11)
"""The oldest Python that the pinned packages can be installed on."""

TO_RUN = ("requirements.txt",)
TO_TEST = ("requirements.txt", "requirements-dev.txt")
PINS = "constraints.txt"

CHROMIUM_SETTING = "STEPBACK_CHROMIUM"
CHROMIUM_COMMANDS = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "msedge")
CHROMIUM_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
CHROMIUM_PLACES_ON_WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)


class CannotStart(Exception):
    """Something outside the project is missing; the text is one plain line that says how to get it."""


# The environment


def python_of(environment: Path) -> Path:
    """Where a virtual environment keeps its Python."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def require_python(version: tuple[int, int]) -> None:
    if version < OLDEST_PYTHON:
        raise CannotStart(
            f"Stepback needs Python {OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]} or newer; this is {version[0]}.{version[1]}."
        )


def require_venv() -> None:
    """Debian keeps venv and ensurepip in a package of their own."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise CannotStart("Python's venv module is missing. Install it with: sudo apt install python3-venv") from None


def fingerprint(files: Sequence[str]) -> str:
    """Changes whenever one of the requirement files, the pins or the Python version does."""
    contents = b"".join((ROOT / name).read_bytes() for name in (*files, PINS))
    return hashlib.sha256(contents + sys.version.encode()).hexdigest()


def installed() -> set[str]:
    return set(STAMP.read_text(encoding="utf-8").split()) if STAMP.exists() else set()


def make_environment() -> None:
    if python_of(ENVIRONMENT).exists():
        return
    require_venv()
    print("Making .venv (once) ...", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=False)
    if made.returncode != 0:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        raise CannotStart("Could not make .venv. On Debian or Ubuntu: sudo apt install python3-venv")


def install(files: Sequence[str]) -> None:
    """Installs the pinned packages, unless exactly these are installed already."""
    stamp = fingerprint(files)
    if stamp in installed():
        return
    print("Installing the pinned packages (once; a minute or two) ...", flush=True)
    wanted = [part for name in files for part in ("-r", name)]
    pip = [str(python_of(ENVIRONMENT)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, *wanted, "-c", PINS], cwd=ROOT, check=False)
    if done.returncode != 0:
        raise CannotStart("The packages could not be installed; pip says why above. Is this computer online?")
    # What the tests need includes what the app needs.
    STAMP.write_text("\n".join({stamp, fingerprint(TO_RUN)}) + "\n", encoding="utf-8")


def prepare(files: Sequence[str]) -> None:
    make_environment()
    install(files)


def in_environment(*arguments: str, settings: dict[str, str] | None = None) -> int:
    """Runs the environment's Python with these arguments at the project's root and returns its exit code.

    Ctrl+C reaches the child as well, so it is waited for while it closes its files; being ended is passed on to it.
    """
    command = [str(python_of(ENVIRONMENT)), *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **(settings or {})})
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


# Chromium, for the browser suite


def chromium_places() -> list[Path]:
    on_windows = [
        Path(folder) / place
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
        if (folder := os.environ.get(variable))
        for place in CHROMIUM_PLACES_ON_WINDOWS
    ]
    return [*map(Path, CHROMIUM_PLACES), *on_windows]


def find_chromium() -> str:
    """The path of a browser that can run the browser suite, or "" where there is none.

    The setting STEPBACK_CHROMIUM comes first, then the usual commands, then the usual places on macOS and Windows.
    """
    if chosen := os.environ.get(CHROMIUM_SETTING):
        if not Path(chosen).exists():
            raise CannotStart(f"{CHROMIUM_SETTING} is set to {chosen}, but there is no such file.")
        return chosen
    for command in CHROMIUM_COMMANDS:
        if found := shutil.which(command):
            return found
    return next((str(place) for place in chromium_places() if place.exists()), "")


def may_install_packages() -> list[str] | None:
    """What to put before apt-get: nothing for root, sudo where it asks no password; None where neither works."""
    if shutil.which("apt-get") is None:
        return None
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def install_chromium() -> None:
    before = may_install_packages()
    if before is None:
        return
    print("Installing Chromium for the browser suite (once) ...", flush=True)
    for step in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
        subprocess.run([*before, *step], stdout=subprocess.DEVNULL, check=False)


def chromium_for_tests() -> str:
    """Finds or installs Chromium. Without it the browser suite is skipped on a person's computer and fails in CI."""
    if not find_chromium():
        install_chromium()
    found = find_chromium()
    if not found:
        needed = (
            f"The browser suite needs Chromium, Chrome or Edge: install one, or set {CHROMIUM_SETTING} to its path."
        )
        if os.environ.get("CI"):
            raise CannotStart(needed)
        print(f"{needed} Skipping the browser suite.", flush=True)
    return found


# The jobs


def run(options: Sequence[str]) -> int:
    prepare(TO_RUN)
    return in_environment("-m", "lib.screen.serve", *options)


CHECKS = {
    "ruff": ("-m", "ruff", "check", "."),
    "ruff format": ("-m", "ruff", "format", "--check", "."),
    "mypy": ("-m", "mypy"),
    # import-linter can't be started with -m.
    "import-linter": ("-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-logo"),
}


def failed_checks() -> list[str]:
    """Runs every check, so that one round shows everything there is to mend."""
    failed = []
    for name, command in CHECKS.items():
        print(f"{name} ...", flush=True)
        if in_environment(*command) != 0:
            failed.append(name)
    return failed


def check(options: Sequence[str]) -> int:
    prepare(TO_TEST)
    failed = failed_checks()
    print(f"Failed: {', '.join(failed)}." if failed else "All checks passed.", flush=True)
    return 1 if failed else 0


SIDE_BY_SIDE = ("-n", "2", "--dist", "loadfile")
"""Two processes of tests; the tests of one file stay together, since they share a server or a database."""


def pytest(options: Sequence[str]) -> int:
    chromium = chromium_for_tests()
    if not chromium:
        return in_environment("-m", "pytest", *SIDE_BY_SIDE, "--ignore=tests/browser", *options)
    return in_environment("-m", "pytest", *SIDE_BY_SIDE, *options, settings={CHROMIUM_SETTING: chromium})


def test(options: Sequence[str]) -> int:
    prepare(TO_TEST)
    failed = failed_checks()
    if failed:
        print(f"Failed: {', '.join(failed)}. The tests run all the same:", flush=True)
    return pytest(options) or (1 if failed else 0)


def test_long(options: Sequence[str]) -> int:
    """All tests, also those that take minutes."""
    return test(["-m", "", *options])


def bench(options: Sequence[str]) -> int:
    prepare(TO_TEST)
    programs = sorted(path.stem for path in (ROOT / "benchmarks").glob("[!_]*.py"))
    results = [in_environment("-m", f"benchmarks.{name}", *options) for name in programs]
    return max(results, default=0)


JOBS: dict[str, Callable[[Sequence[str]], int]] = {
    "run": run,
    "test": test,
    "test-long": test_long,
    "check": check,
    "bench": bench,
}


def main(arguments: Sequence[str]) -> int:
    job, options = (arguments[0], arguments[1:]) if arguments else ("run", [])
    if job.startswith("-"):
        job, options = "run", arguments
    if job not in JOBS:
        print(f"There is no job “{job}”. The jobs are: {', '.join(JOBS)}.", file=sys.stderr)
        return 2
    try:
        require_python(sys.version_info[:2])
        return JOBS[job](options)
    except CannotStart as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
