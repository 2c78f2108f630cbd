"""How long a large workbook takes from its bytes to the store, beside what reading it alone takes.

    python -m benchmarks.intake [FILE]

Without a file: 200,000 rows by 8 columns as xlsx, made with a written seed. "Alone" is calamine in a process of its
own: open, and walk over every row; the median of three times. CPU seconds are those of this process and of the reading
one together: the fairer ones where others use the machine too. The longest wait is the longest gap between two beats of
a thread that wants to beat every 5 milliseconds; it holds the wait for Python's lock and what the machine itself takes
away, of which the wait beside a query of DuckDB alone, which holds no lock, gives an idea. Memory is the most that this
process, which stands for the server, held at once; the reading process is counted apart. The store is a file, as a
user's is. Streamlit and what else a page needs isn't in this process.
"""

import io
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import xlsxwriter

from lib.loading import as_upload, prepare
from lib.store import Database, definitions, uploads

SEED = 20261124
SCHOOLS, WEEKS, GROUPS = 250, 80, 10
BEAT = 0.005
MOST_TIMES_ALONE, LONGEST_WAIT_MS, MOST_MB = 3, 50, 400
ALONE = """
import sys, time, python_calamine
begin, worked = time.perf_counter(), time.process_time()
book = python_calamine.load_workbook(sys.argv[1])
rows = sum(1 for name in book.sheet_names for _ in book.get_sheet_by_name(name).iter_rows())
print(time.perf_counter() - begin, time.process_time() - worked)
"""
TIMES_ALONE = 3
BUSY = "select sum(hash(number)) from range(50_000_000) as numbers(number)"


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


def weekly_attendance() -> bytes:
    """A tidy workbook: code, school, district, week, grade, present, enrolled, rate in percent."""
    random = np.random.default_rng(SEED)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet("Attendance")
    sheet.write_row(
        0, 0, ["School ID", "School", "District", "Week of", "Grade", "Present", "Enrolled", "Attendance %"]
    )
    first = np.datetime64("2023-09-04")
    row = 1
    for school in range(SCHOOLS):
        for week in range(WEEKS):
            day = str(first + np.timedelta64(7 * week, "D"))
            enrolled = random.integers(60, 120, GROUPS)
            present = random.binomial(enrolled, 0.9)
            for group in range(GROUPS):
                counts = [int(present[group]), int(enrolled[group]), round(100 * present[group] / enrolled[group], 1)]
                names = [f"S{school:04d}", f"School {school:03d}", f"District {school % 12}", day, f"{group + 3}"]
                sheet.write_row(row, 0, [*names, *counts])
                row += 1
    book.close()
    return out.getvalue()


def alone(data: bytes) -> tuple[float, float]:
    """Seconds and CPU seconds that calamine takes to read the file and walk over its rows."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(data)
        file.flush()
        command = [sys.executable, "-c", ALONE, file.name]
        said = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(TIMES_ALONE)]
    seconds, worked = np.median([list(map(float, one.split())) for one in said], axis=0).tolist()
    return seconds, worked


def worked_so_far() -> float:
    """CPU seconds of this process and of the ones it started and that have ended."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def wait_beside_a_query(database: Database) -> float:
    beat = Beat()
    beat.start()
    database.rows(BUSY)
    beat.stopped.set()
    return beat.longest


def memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(store: Path, path: Path | None) -> None:
    data, name = (path.read_bytes(), path.name) if path else (weekly_attendance(), "weekly_attendance.xlsx")
    by_itself, worked_by_itself = alone(data)
    before = memory_mb()
    database = Database(store)
    network = definitions.add_network(database, "Benchmark")
    beat = Beat()
    beat.start()
    begin, worked_before = time.perf_counter(), worked_so_far()
    prepared = prepare(database, network, data, name)
    checked = time.perf_counter()
    upload = as_upload(network, prepared, "benchmark")
    uploads.difference(database, upload)
    uploads.save(database, upload)
    end, worked = time.perf_counter(), worked_so_far() - worked_before
    beat.stopped.set()
    most_mb = memory_mb()
    counts = prepared.checked.counts
    print(f"{name}: {len(data) / 1e6:.1f} MB, {counts.values:,} values, {counts.kept:,} kept")
    print(f"| calamine alone | {by_itself:.2f} s | |")
    print(f"| read and checked | {checked - begin:.2f} s | |")
    print(f"| compared and saved | {end - checked:.2f} s | |")
    print(f"| all | {end - begin:.2f} s, {(end - begin) / by_itself:.1f} times | at most {MOST_TIMES_ALONE} times |")
    print(f"| CPU seconds | {worked:.2f} s, {worked / worked_by_itself:.1f} times {worked_by_itself:.2f} s | |")
    print(f"| longest wait of a thread | {1000 * beat.longest:.0f} ms | at most {LONGEST_WAIT_MS} ms |")
    print(f"| the same beside a query alone | {1000 * wait_beside_a_query(database):.0f} ms | |")
    print(f"| memory of the server | {most_mb:.0f} MB ({before:.0f} before) | under {MOST_MB} MB |")
    database.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(Path(folder) / "store.duckdb", Path(sys.argv[1]) if len(sys.argv) > 1 else None)
