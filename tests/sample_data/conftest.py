"""The sample's spreadsheets as plain frames, read with pandas alone, not with the code that the app reads them with."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest

import sample_data
from sample_data.invented import YEARS

HEADER = 4


def grid(path: Path, header_rows: int) -> pd.DataFrame:
    """One row per school and week: school, date, cell (first of the week), second (of a pair)."""
    raw = pd.read_excel(path, header=None, engine="openpyxl")
    weeks = raw.iloc[HEADER].ffill()
    schools = raw[raw[1].astype("str").str.fullmatch(r"[LV]\d\d")]
    step = header_rows
    columns = range(2, raw.shape[1], step)
    return pd.DataFrame(
        [
            (row[0], pd.Timestamp(weeks[column]), row[column], row[column + step - 1])
            for _, row in schools.iterrows()
            for column in columns
        ],
        columns=["school", "date", "cell", "second"],
    )


def both_years(name: str, header_rows: int = 1) -> pd.DataFrame:
    paths = [sample_data.FOLDER / f"{name}_{year}.xlsx" for year in YEARS]
    return pd.concat([grid(path, header_rows) for path in paths], ignore_index=True)


@pytest.fixture(scope="session")
def tidy() -> pd.DataFrame:
    frame = pd.read_csv(
        sample_data.FOLDER / "grades_and_survey.csv", skiprows=1, parse_dates=["date"], keep_default_na=False
    )
    for column in ("numerator", "denominator"):
        frame[column] = pd.to_numeric(frame[column].replace({"*": "", "": ""}), errors="coerce")
    return frame


@pytest.fixture(scope="session")
def attendance() -> pd.DataFrame:
    frame = both_years("weekly_attendance", 2).rename(columns={"cell": "numerator", "second": "denominator"})
    for column in ("numerator", "denominator"):
        frame[column] = pd.to_numeric(frame[column], errors="coerce")
    return frame.dropna()


@pytest.fixture(scope="session")
def advisory() -> pd.DataFrame:
    frame = both_years("advisory_meetings")
    parts = frame["cell"].astype("str").str.extract(r"^(\d+)/(\d+)$").astype("float")
    return frame.assign(numerator=parts[0], denominator=parts[1]).dropna(subset=["numerator"])


@pytest.fixture(scope="session")
def contacts() -> pd.DataFrame:
    frame = both_years("family_contacts")
    return frame.assign(value=pd.to_numeric(frame["cell"], errors="coerce")).dropna(subset=["value"])


@pytest.fixture(scope="session")
def by_school() -> pd.DataFrame:
    """Columns school, date, numerator, denominator (interim on-track), hours."""
    tabs = pd.read_excel(
        sample_data.FOLDER / "on_track_and_homework.xlsx",
        sheet_name=None,
        header=None,
        skiprows=HEADER + 1,
        engine="openpyxl",
    )
    names = ["date", "numerator", "denominator", "hours"]
    return pd.concat(
        [tab.set_axis(names, axis=1).assign(school=name) for name, tab in tabs.items() if name.endswith("High")],
        ignore_index=True,
    )


@pytest.fixture(scope="session")
def series(tidy, attendance, advisory, contacts, by_school) -> dict[str, pd.DataFrame]:
    """Every measure for all students: school, date, value."""
    everyone = tidy[tidy["group"] == ""].dropna(subset=["numerator"])
    shares = {
        "Weekly attendance": attendance,
        "Advisory meetings held": advisory,
        "Interim on-track": by_school.dropna(subset=["numerator"]),
        **dict(iter(everyone.groupby("measure"))),
    }
    made = {name: rows.assign(value=rows["numerator"] / rows["denominator"]) for name, rows in shares.items()}
    made["Family contacts"] = contacts
    made["Homework hours"] = by_school.dropna(subset=["hours"]).assign(value=lambda rows: rows["hours"])
    return {name: rows[["school", "date", "value"]].sort_values(["school", "date"]) for name, rows in made.items()}


@pytest.fixture(scope="session")
def truths() -> dict:
    return tomllib.loads((sample_data.FOLDER / sample_data.TRUTHS).read_text(encoding="utf-8"))
