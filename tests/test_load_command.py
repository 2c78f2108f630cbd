"""`python -m lib load`: a report of every cell, one plain line for bad input, and nothing changed by it."""

import json

import pytest

from lib.__main__ import main
from lib.store import Database
from tests.intake import locking

TIDY = "school,date,present,enrolled\n" + "".join(f"Birch High,2025-09-{day:02},{80 + day},100\n" for day in (1, 8, 15))
REFUSED = "Birch High,2025-09-22,abc,100\n"


@pytest.fixture
def run(tmp_path, capsys):
    """Runs the command in a folder of its own: exit code, what was printed, the complaint."""

    def call(*arguments):
        code = main(["load", *map(str, arguments), "--database", str(tmp_path / "own.duckdb")])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def write(tmp_path):
    def put(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return put


def stored(tmp_path):
    database = Database(tmp_path / "own.duckdb")
    found = database.rows("select (select count(*) from network), (select count(*) from observation)")
    database.close()
    return found


def test_a_file_is_saved_and_a_line_says_so(run, write, tmp_path):
    code, out, err = run(write("week.csv", TIDY))
    assert (code, err) == (0, "")
    assert out.startswith("week.csv: 3 of 3 values kept; 0 suppressed, 0 refused, 0 left out; 1 schools, 1 measures.")
    assert stored(tmp_path) == [(1, 3)]


def test_refused_cells_do_not_stop_the_others_and_stand_in_the_report(run, write, tmp_path):
    code, out, _ = run(write("week.csv", TIDY + REFUSED), "--report", tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert code == 0 and "1 refused" in out
    assert report["values"] == report["kept"] + report["suppressed"] + report["refused"] + report["left_out"] == 4
    [cell] = report["refused_cells"]
    assert (cell["cell"], cell["value"]) == ("C5", "abc") and cell["reason"] and cell["fix"]
    assert (report["numerator_sum"], report["denominator_sum"]) == (81 + 88 + 95, 300)
    assert (report["first_date"], report["last_date"]) == ("2025-09-01", "2025-09-15")


def test_a_dry_run_saves_nothing(run, write, tmp_path):
    code, out, _ = run(write("week.csv", TIDY), "--dry-run")
    assert code == 0 and "nothing saved" in out
    assert not (tmp_path / "own.duckdb").exists()


def test_the_recipe_of_the_report_reads_the_file_again(run, write, tmp_path):
    path = write("week.csv", TIDY)
    run(path, "--dry-run", "--report", tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    recipe = write("recipe.json", json.dumps(report["recipe"]))
    code, out, _ = run(path, "--recipe", recipe)
    assert code == 0 and "3 of 3 values kept" in out


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("empty.csv", ""),
        ("header.csv", "school,date,present,enrolled\n"),
        ("letter.csv", "Dear data lead,\nplease find nothing here.\n"),
        ("all_refused.csv", "school,date,attendance %\nBirch High,2025-09-22,120%\nBirch High,2025-09-29,abc\n"),
    ],
)
def test_bad_input_is_one_plain_line_exit_2_and_nothing_changed(run, write, tmp_path, name, text):
    run(write("week.csv", TIDY))
    before = stored(tmp_path)
    code, out, err = run(write(name, text))
    assert (code, out) == (2, "")
    assert err.count("\n") == 1 and "Traceback" not in err
    assert stored(tmp_path) == before


def test_one_bad_file_among_several_changes_nothing(run, write, tmp_path):
    code, _, err = run(write("week.csv", TIDY), write("empty.csv", ""))
    assert code == 2 and "empty.csv" in err
    assert stored(tmp_path) == [(0, 0)]


def test_a_file_that_is_not_there(run, tmp_path):
    code, _, err = run(tmp_path / "nowhere.csv")
    assert code == 2 and "nowhere.csv" in err


@pytest.fixture
def locked(tmp_path):
    path = tmp_path / "locked.xls"
    rows = [["school", "date", "present", "enrolled"], ["Birch High", "2025-09-01", 81, 100]]
    path.write_bytes(locking.xls_rc4(rows, "Schule 12"))
    return path


def test_a_password_file_opens_a_locked_workbook(run, write, locked):
    code, out, _ = run(locked, write("week.csv", TIDY), "--password-file", write("password.txt", "Schule 12\n"))
    assert code == 0 and "locked.xls: 1 of 1 values kept" in out


def test_at_a_terminal_the_password_is_asked_for(run, locked, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda question: "Schule 12")
    assert run(locked)[0] == 0


@pytest.mark.parametrize(
    ("password", "said"), [("", "It holds no password"), ("schule 12", "does not open the workbook")]
)
def test_a_wrong_password_is_a_plain_line_that_does_not_say_it(run, write, locked, password, said):
    code, out, err = run(locked, "--password-file", write("password.txt", password))
    assert (code, out) == (2, "") and said in err and "schule 12" not in err


def test_a_locked_workbook_without_a_password_says_so(run, locked, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    code, _, err = run(locked)
    assert code == 2 and "has a password" in err


def test_a_recipe_with_a_misspelt_key_says_what_was_meant(run, write):
    recipe = write("recipe.json", '{"recipe": 1, "layout": "tidy", "header_row": 1, "columns": [], "headerrows": 1}')
    code, _, err = run(write("week.csv", TIDY), "--recipe", recipe)
    assert code == 2 and "header_rows" in err


def test_a_database_that_another_program_holds_is_said_plainly(run, write, tmp_path):
    import subprocess
    import sys

    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import duckdb; c = duckdb.connect({str(tmp_path / 'own.duckdb')!r}); print('held', flush=True); input()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout.readline().strip() == b"held"
    code, _, err = run(write("week.csv", TIDY))
    holder.communicate(b"\n")
    assert code == 2 and "in use by another program" in err
