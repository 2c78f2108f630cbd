"""How long a large spreadsheet takes, and how long other threads of the server wait meanwhile.

    python -m benchmarks.bringing_in [FILE]

Without a file: daily attendance of 1,645 schools over 67 days, 110,215 rows, made with a written seed.
The longest wait is the longest gap between two beats of a thread that wants to beat every 5 milliseconds; it holds the
wait for Python's lock and what the machine itself takes away.
"""

import sys
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd

from lib.loading import as_upload, prepare
from lib.store import Database, definitions, uploads

SEED = 20261124
SCHOOLS, DAYS = 1645, 67
BEAT = 0.005


class Beat(threading.Thread):
    """Beats until stopped; `longest` is the longest gap in seconds."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.longest = 0.0
        self.stopped = threading.Event()

    def run(self) -> None:
        before = time.perf_counter()
        while not self.stopped.wait(BEAT):
            now = time.perf_counter()
            self.longest = max(self.longest, now - before)
            before = now


def daily_attendance() -> bytes:
    """A tidy CSV as a city publishes it: code, name, day as YYYYMMDD, percent."""
    random = np.random.default_rng(SEED)
    days = pd.bdate_range("2015-09-09", periods=DAYS).strftime("%Y%m%d")
    codes = [f"{school % 32 + 1:02}X{school:04}" for school in range(SCHOOLS)]
    frame = pd.DataFrame(
        {
            "date": np.tile(days, SCHOOLS),
            "school code": np.repeat(codes, DAYS),
            "school name": np.repeat([f"School {school}" for school in range(SCHOOLS)], DAYS),
            "attendance pct": random.normal(91, 4, SCHOOLS * DAYS).clip(0, 100).round(2).astype(str),
        }
    )
    frame.loc[random.random(len(frame)) < 0.025, "attendance pct"] = "NS"
    return frame.to_csv(index=False).encode()


def main(path: Path | None) -> None:
    data, name = (path.read_bytes(), path.name) if path else (daily_attendance(), "daily_attendance.csv")
    database = Database(":memory:")
    network = definitions.add_network(database, "Benchmark")
    beat = Beat()
    beat.start()
    begin = time.perf_counter()
    prepared = prepare(database, network, data, name)
    checked = time.perf_counter()
    upload = as_upload(network, prepared, "benchmark")
    uploads.difference(database, upload)
    uploads.save(database, upload)
    end = time.perf_counter()
    beat.stopped.set()
    counts = prepared.checked.counts
    print(f"{name}: {counts.values:,} values, {counts.kept:,} kept")
    print(f"read and checked {checked - begin:.2f} s, compared and saved {end - checked:.2f} s")
    print(f"longest wait of another thread {1000 * beat.longest:.0f} ms")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
