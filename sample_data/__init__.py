"""Spreadsheets of an invented network, in the shapes in which teams keep them, and the program that makes them.

Nothing here is about a real school. `README.md` in this folder tells what is hidden in the numbers.
"""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent

NETWORK = "Ninth-grade on-track (sample)"
"""The name of the network; every page that shows it says that it is invented."""

MEASURES = "measures.toml"
SCHOOLS = "schools.csv"
CALENDAR = "calendar.csv"
TESTS_OF_CHANGE = "tests_of_change.xlsx"
TRUTHS = "truths.toml"

SPREADSHEETS = (
    "grades_and_survey.csv",
    "weekly_attendance_2024-25.xlsx",
    "weekly_attendance_2025-26.xlsx",
    "advisory_meetings_2024-25.xlsx",
    "advisory_meetings_2025-26.xlsx",
    "family_contacts_2024-25.xlsx",
    "family_contacts_2025-26.xlsx",
    "on_track_and_homework.xlsx",
)
"""The files with observations, in the order in which they were brought in."""
