"""A small network in memory, filled through the store's own door."""

import pandas as pd
import pytest

from lib.measures import Measure
from lib.store import Database, definitions, uploads
from lib.store.uploads import NewUpload

NO_CELLS = pd.DataFrame({name: pd.Series(dtype="str") for name in ("sheet", "cell", "value", "reason", "fix")})
NO_ROWS = pd.DataFrame(
    {"sheet": pd.Series(dtype="str"), "row": pd.Series(dtype="int64"), "reason": pd.Series(dtype="str")}
)


@pytest.fixture
def database():
    opened = Database(":memory:")
    yield opened
    opened.close()


@pytest.fixture
def network(database):
    return definitions.add_network(database, "Test network")


def observations(rows):
    """Rows of (school code, school name, group, date, numerator, denominator, value)."""
    frame = pd.DataFrame(
        rows, columns=["school_code", "school_name", "group", "date", "numerator", "denominator", "value"]
    )
    return frame.assign(
        date=pd.to_datetime(frame["date"]),
        numerator=frame["numerator"].astype(float),
        denominator=frame["denominator"].astype(float),
        district="",
        measure="Attendance",
        category=["Grade" if group else "" for group in frame["group"]],
        sheet=0,
        row=range(2, len(frame) + 2),
        col=4,
    )


def new_upload(network, rows, file="week.csv", measure=None, emptied=()):
    return NewUpload(
        emptied=observations(emptied) if emptied else None,
        network=network,
        file=file,
        sha256="0" * 64,
        who="test",
        recipe="{}",
        sheets=("Data",),
        schools=observations([*rows, *emptied])[["school_code", "school_name", "district"]].drop_duplicates(),
        observations=observations(rows),
        refused=NO_CELLS,
        left_out_rows=NO_ROWS,
        measures=(measure or Measure(0, "Attendance", unit="percent", cadence="week"),),
        suppressed=0,
        left_out=0,
        blank=0,
    )


@pytest.fixture
def save(database, network):
    return lambda rows, **more: uploads.save(database, new_upload(network, rows, **more))
