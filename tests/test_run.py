"""What run.py does before there is an environment."""

import builtins
import subprocess
import sys
from pathlib import Path

import pytest

import run


def test_an_older_python_is_told_so_in_one_line():
    with pytest.raises(run.CannotStart, match=r"^Stepback needs Python 3\.11 or newer; this is 3\.10\.$"):
        run.require_python((3, 10))


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (4, 0)])
def test_a_newer_python_will_do(version):
    run.require_python(version)


def test_a_missing_venv_module_is_one_line_with_the_command_to_get_it(monkeypatch):
    real = builtins.__import__

    def without_ensurepip(name, *rest, **more):
        if name == "ensurepip":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without_ensurepip)
    with pytest.raises(run.CannotStart, match=r"Install it with: sudo apt install python3-venv$"):
        run.require_venv()


def test_an_unknown_job_names_the_jobs():
    done = subprocess.run([sys.executable, "run.py", "rnu"], cwd=run.ROOT, capture_output=True, check=False)
    assert done.returncode == 2
    said = done.stderr.decode("utf-8", errors="replace")
    assert "run, test, test-long, check, bench" in said
    assert len(said.splitlines()) == 1


def test_options_without_a_job_go_to_run(monkeypatch):
    given = []
    monkeypatch.setitem(run.JOBS, "run", lambda options: given.extend(options) or 0)
    assert run.main(["--server.port", "8600"]) == 0
    assert given == ["--server.port", "8600"]


def test_packages_are_installed_again_only_when_the_requirements_changed(monkeypatch, tmp_path):
    for name in (*run.TO_TEST, run.PINS):
        (tmp_path / name).write_text(name, encoding="utf-8")
    (tmp_path / ".venv").mkdir()
    installs = []

    def pip(command, **_):
        installs.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "STAMP", tmp_path / ".venv/installed.txt")
    monkeypatch.setattr(run.subprocess, "run", pip)
    run.install(run.TO_TEST)
    run.install(run.TO_TEST)
    run.install(run.TO_RUN)
    assert len(installs) == 1
    (tmp_path / run.PINS).write_text("changed", encoding="utf-8")
    run.install(run.TO_RUN)
    run.install(run.TO_RUN)
    assert len(installs) == 2
    run.install(run.TO_TEST)
    assert len(installs) == 3


def test_the_browser_that_is_set_comes_first(monkeypatch, tmp_path):
    browser = tmp_path / "browser"
    browser.touch()
    monkeypatch.setenv(run.CHROMIUM_SETTING, str(browser))
    assert run.find_chromium() == str(browser)
    monkeypatch.setenv(run.CHROMIUM_SETTING, str(tmp_path / "gone"))
    with pytest.raises(run.CannotStart, match="there is no such file"):
        run.find_chromium()


def _without_a_browser(monkeypatch):
    monkeypatch.setattr(run, "find_chromium", lambda: "")
    monkeypatch.setattr(run, "install_chromium", lambda: None)


def test_without_a_browser_its_suite_is_skipped_at_home(monkeypatch, capsys):
    _without_a_browser(monkeypatch)
    monkeypatch.delenv("CI", raising=False)
    assert run.chromium_for_tests() == ""
    assert "Skipping the browser suite" in capsys.readouterr().out


def test_without_a_browser_the_build_fails(monkeypatch):
    _without_a_browser(monkeypatch)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(run.CannotStart, match="needs Chromium"):
        run.chromium_for_tests()


def test_every_package_is_pinned_exactly_and_no_index_is_named():
    for name in (*run.TO_TEST, run.PINS):
        lines = Path(run.ROOT / name).read_text(encoding="utf-8").splitlines()
        wanted = [line for line in lines if line and not line.startswith(("#", "-r "))]
        assert all(line.count("==") == 1 for line in wanted), name
        assert not any("://" in line or "--index" in line for line in lines)
