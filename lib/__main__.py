"""The same jobs without a browser: python -m lib load FILE..., python -m lib analyse SERIES..."""

import argparse
import getpass
import json
import sys
from pathlib import Path
from typing import Any

from lib import analyse
from lib.intake import Recipe
from lib.loading import Prepared, as_upload, prepare, read_recipe, report, save, this_person, unsure_schools
from lib.problems import CannotContinue, PasswordNeeded, Problem
from lib.store import Database, default_path, definitions

REFUSED = 2
"""The exit code for input that can't be used; nothing has changed then."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m lib", description="Stepback without a browser.")
    commands = parser.add_subparsers(dest="command", required=True)
    _add_load(commands.add_parser("load", help="bring spreadsheets into the database"))
    analyse.add_arguments(commands.add_parser("analyse", help="read run charts from a table of series"))
    chosen = parser.parse_args(arguments)
    try:
        return _load(chosen) if chosen.command == "load" else analyse.run(chosen)
    except CannotContinue as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return REFUSED


def _add_load(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument(
        "--recipe", type=Path, help="how the spreadsheet is read (JSON); else the proposal, if it is certain"
    )
    parser.add_argument("--database", type=Path, help="the database file; else as the app finds it")
    parser.add_argument(
        "--network", help="the network's name; else the newest that isn't the sample, made if there is none"
    )
    parser.add_argument("--dry-run", action="store_true", help="check and report, save nothing")
    parser.add_argument(
        "--password-file", type=Path, help="a text file whose first line opens locked workbooks; else it is asked for"
    )
    parser.add_argument("--report", type=Path, help="write what became of every cell here, as JSON")


def _load(chosen: argparse.Namespace) -> int:
    """All files are read and checked before the first is saved, so that a bad one changes nothing."""
    recipe = read_recipe(chosen.recipe) if chosen.recipe else None
    if chosen.report and not chosen.report.parent.is_dir():
        raise CannotContinue(Problem(str(chosen.report), "The folder for the report isn't there.", "Make it first."))
    password = _password(chosen.password_file) if chosen.password_file else ""
    files = [(path.name, _bytes(path)) for path in chosen.files]
    path = Path(chosen.database or default_path())
    database = Database(":memory:" if chosen.dry_run and not path.exists() else path)
    try:
        network = _network(database, chosen.network)
        prepared = [_prepare(database, network or 0, file, recipe, password) for file in files]
        _say_unsure_schools(database, network or 0, prepared)
        if not chosen.dry_run:
            network = network or definitions.add_network(database, chosen.network or "My network")
            for file in prepared:
                save(database, as_upload(network, file, this_person()), file)
    finally:
        database.close()
    _tell([report(file) for file in prepared], chosen)
    return 0


def _prepare(
    database: Database, network: int, file: tuple[str, bytes], recipe: Recipe | None, password: str
) -> Prepared:
    """At a terminal, a locked workbook's password is asked for once."""
    name, data = file
    try:
        return prepare(database, network, data, name, recipe, password)
    except PasswordNeeded:
        if password or not sys.stdin.isatty():
            raise
        return prepare(database, network, data, name, recipe, getpass.getpass(f"Password of {name}: "))


def _password(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()[0]
    except OSError as error:
        raise CannotContinue(Problem(str(path), f"It can't be read ({error.strerror}).", "Check the name.")) from error
    except (UnicodeDecodeError, IndexError):
        raise CannotContinue(
            Problem(str(path), "It holds no password.", "Write it on the first line, as plain text in UTF-8.")
        ) from None


def _say_unsure_schools(database: Database, network: int, prepared: list[Prepared]) -> None:
    """Nobody can be asked here, so they become new schools."""
    for file in prepared:
        for near in unsure_schools(database, as_upload(network, file, this_person())):
            like = near.candidates[0].name
            print(
                f"{file.workbook.name}: “{near.name}” is a new school here. If it is “{like}”, make them one on the "
                "page “Definitions”.",
                file=sys.stderr,
            )


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CannotContinue(
            Problem(str(path), f"This file can't be read ({error.strerror}).", "Check the name.")
        ) from error


def _network(database: Database, name: str | None) -> int | None:
    """The network to load into: by name, else the newest of one's own; None where it is still to be made."""
    networks = definitions.networks(database)
    own = networks[~networks["invented"]] if name is None else networks[networks["name"] == name]
    return int(own["id"].iloc[-1]) if len(own) else None


def _tell(reports: list[dict[str, Any]], chosen: argparse.Namespace) -> None:
    for done in reports:
        print(_line(done, saved=not chosen.dry_run))
    if chosen.report:
        written = reports[0] if len(reports) == 1 else reports
        chosen.report.write_text(json.dumps(written, indent=1, ensure_ascii=False, default=str), encoding="utf-8")


def _line(done: dict[str, Any], saved: bool) -> str:
    verb = "kept" if saved else "would be kept (nothing saved)"
    return (
        f"{done['file']}: {done['kept']:,} of {done['values']:,} values {verb}; {done['suppressed']:,} suppressed, "
        f"{done['refused']:,} refused, {done['left_out']:,} left out; "
        f"{done['schools']:,} schools, {done['measures']:,} measures."
    )


if __name__ == "__main__":
    sys.exit(main())
