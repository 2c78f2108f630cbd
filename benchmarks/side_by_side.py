"""How long the board and the pages side by side take to run: `python -m benchmarks.side_by_side [database]`.

Without a database, one is made of invented numbers: 500 schools by 8 measures by 76 weeks. Each page is run without a
browser, once with nothing cached for the choice (the store itself is open) and once again from the cache.
"""

import os
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.testing.v1 import AppTest

from lib.measures import Measure
from lib.store import Database, definitions, uploads
from lib.store.uploads import NewUpload

ROOT = Path(__file__).resolve().parents[1]
SCHOOLS, MEASURES, WEEKS = 500, 8, 76
PAGES: list[tuple[str, dict[str, str]]] = [
    ("network", {}),
    ("network", {"page": "2"}),
    ("network", {"state": "shift"}),
    ("side_by_side", {}),
    ("side_by_side", {"side_page": "2"}),
    ("side_by_side", {"names": "hidden", "seed": "7", "zoom": "1"}),
    ("side_by_side", {"line": "district", "order": "size"}),
    ("side_by_side", {"by": "measure", "school": "7"}),
]


def invented(path: Path) -> None:
    """A database of invented weekly percentages, saved through the store's own door."""
    rng = np.random.default_rng(1)
    database = Database(path)
    network = definitions.add_network(database, "Invented", invented=True)
    codes = [f"S{i:04}" for i in range(SCHOOLS)]
    schools = pd.DataFrame(
        {
            "school_code": codes,
            "school_name": [f"School {i:04}" for i in range(SCHOOLS)],
            "district": [f"District {i % 20:02}" for i in range(SCHOOLS)],
        }
    )
    weeks = pd.to_datetime([date(2024, 8, 19) + timedelta(weeks=i) for i in range(WEEKS)])
    measures = tuple(
        Measure(0, f"Measure {i}", family="driver", unit="percent", wanted="up", cadence="week")
        for i in range(MEASURES)
    )
    empty = pd.DataFrame({name: pd.Series(dtype="str") for name in ("sheet", "cell", "value", "reason", "fix")})
    rows = pd.DataFrame({"sheet": pd.Series(dtype="str"), "row": pd.Series(dtype="int64"), "reason": empty["fix"]})
    for measure in measures:
        grid = schools.loc[np.repeat(np.arange(SCHOOLS), WEEKS)].reset_index(drop=True)
        denominator = np.repeat(rng.integers(60, 400, SCHOOLS), WEEKS).astype(float)
        numerator = rng.binomial(denominator.astype(int), 0.8).astype(float)
        grid = grid.assign(
            measure=measure.name,
            category="",
            group="",
            date=np.tile(weeks, SCHOOLS),
            numerator=numerator,
            denominator=denominator,
            value=numerator / denominator,
            sheet=0,
            row=np.arange(len(grid)) + 2,
            col=4,
        )
        upload = NewUpload(
            network=network,
            file=f"{measure.name}.csv",
            sha256=f"{measure.name:0>64}",
            who="benchmark",
            recipe="{}",
            sheets=("Data",),
            schools=schools,
            observations=grid,
            refused=empty,
            left_out_rows=rows,
            measures=(measure,),
            suppressed=0,
            left_out=0,
            blank=0,
        )
        uploads.save(database, upload)
    database.close()


def timed(page: str, address: dict[str, str]) -> float:
    """Milliseconds of one run of the page, after a first visit of another page."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    for name, value in address.items():
        app.query_params[name] = value
    app.switch_page("pages/help/how_charts_are_read.py").run()
    begin = time.perf_counter()
    app.switch_page(f"pages/look/{page}.py").run()
    if app.exception:
        raise RuntimeError(app.exception[0].message)
    return 1000 * (time.perf_counter() - begin)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "invented.duckdb"
        if not path.exists():
            invented(path)
        os.environ["STEPBACK_DATABASE"] = str(path)
        timed("run_chart", {})
        for page, address in PAGES:
            first, again = timed(page, address), timed(page, address)
            print(f"{page:14} {address!s:50} first {first:6.0f} ms   again {again:6.0f} ms")
        st.cache_resource.clear()


if __name__ == "__main__":
    main()
