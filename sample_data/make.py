"""Makes the sample network's files: `python -m sample_data.make [FOLDER]` (this folder, unless another is named)."""

import sys
from pathlib import Path

from sample_data import CALENDAR, FOLDER, SCHOOLS, TESTS_OF_CHANGE, TRUTHS, draws, invented, spreadsheets


def make(folder: Path) -> None:
    """Writes every spreadsheet and the truths into the folder; measures.toml and README.md are written by hand."""
    folder.mkdir(parents=True, exist_ok=True)
    spreadsheets.write_tidy(folder / "grades_and_survey.csv", draws.grades(), draws.survey())
    attendance, advisory, contacts = draws.attendance(), draws.advisory(), draws.contacts()
    for year in invented.YEARS:
        spreadsheets.write_attendance(folder / f"weekly_attendance_{year}.xlsx", attendance, year)
        spreadsheets.write_advisory(folder / f"advisory_meetings_{year}.xlsx", advisory, year)
        spreadsheets.write_contacts(folder / f"family_contacts_{year}.xlsx", contacts, year)
    spreadsheets.write_by_school(folder / "on_track_and_homework.xlsx", draws.on_track(), draws.homework())
    spreadsheets.write_log(folder / TESTS_OF_CHANGE)
    spreadsheets.write_calendar(folder / CALENDAR)
    spreadsheets.write_schools(folder / SCHOOLS)
    (folder / TRUTHS).write_text(truths(), encoding="utf-8", newline="\n")


def truths() -> str:
    """What is hidden in the numbers, as TOML."""
    gap = invented.GAP
    lines = [
        f"# {invented.INVENTED}",
        "# What was built into the numbers. Effects are in the measure's unit; percent as a fraction.",
        "",
        *(line for idea in invented.IDEAS for line in _idea(idea)),
        "[gap]",
        f'measure = "{gap.measure}"',
        f'category = "{gap.category}"',
        f'moved = "{gap.group}"',
        f'stayed = "{gap.other}"',
        f"first = {gap.first}",
        f"effect = {gap.effect}",
        "",
        "[schools]",
        f'at_ceiling = {{ school = "{invented.AT_CEILING[0]}", measure = "{invented.AT_CEILING[1]}" }}',
        f'joined_late = {{ school = "{invented.JOINED_LATE[0]}", first = {invented.JOINED_LATE[1]} }}',
        f'went_silent = {{ school = "{invented.WENT_SILENT[0]}", last = {invented.WENT_SILENT[1]} }}',
        f'small = "{invented.SMALL}"',
    ]
    return "\n".join(lines) + "\n"


def _idea(idea: invented.SampleIdea) -> list[str]:
    starts = ", ".join(f'"{school}" = {day}' for school, day in idea.starts.items())
    return [
        "[[ideas]]",
        f'name = "{idea.name}"',
        f'driver = "{idea.driver}"',
        f'hoped = "{idea.hoped}"  # the measure it was meant to move',
        f'moves = "{idea.moves}"  # the measure it really moves; empty: none',
        f"effect = {idea.effect}",
        f"starts = {{ {starts} }}",
        "",
    ]


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
