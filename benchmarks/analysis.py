"""How fast series are read, store to summary: `python -m benchmarks.analysis [--qikit PYTHON] [--picture PNG]`.

The same invented series for everyone: of 40 points, and ragged of 8 to 72 with gaps and ties, in a store after a first
upload and 36 weekly ones, of which two are undone. Each contender runs in a process of its own, so that its peak memory
is known; each takes the rows out of the store itself.

- ours: rows as stored, put in order, marks (a phase in every third series, 1 % of points left out, given as the store
  would give them), summary; many rows two measures at a time, in as many threads as there are processors;
- loop: one series at a time in pandas and NumPy, the Anhøj rules, nothing else;
- sql: the same rules with window functions in DuckDB;
- qikit: `qic(y=..., chart="run")` for each series, with the Python given by --qikit, where clinical-qikit is installed;
- floor: the same rows taken out of DuckDB, by the fastest of four ways, and nothing done with them.

Seconds are those of the clock, CPU seconds those of all threads together. Rates and "times the floor" are made of the
clock's, so the machine must have nothing else to do. DuckDB uses all processors, for sql and floor too. The loop and
qikit read LOOPED series at most; their rate is that of these.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from math import log2
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from lib.analysis import summarize
from lib.analysis.arranging import arranged
from lib.analysis.marking import with_marks
from lib.analysis.rules import fewest_crossings_anhoej
from lib.store import Database

SEED = 20261124
SIZES = (10, 1_000, 100_000)
SHAPES = ("40 points", "8 to 72")
LONGEST, WEEKLY, UNDONE = 72, 36, (9, 27)
GROUPS, MEASURES = 25, 8
LOOPED = 1_000
MANY_ROWS = 500_000
ROUNDS = 5
DECADES = [10**power for power in range(1, 7)]
COLOURS = {"floor": "#666666", "ours": "#0072B2", "sql": "#009E73", "qikit": "#D55E00", "loop": "#CC79A7"}
ROWS = "select measure, school, student_group, date, numerator, denominator, value from observation"
MARKS: dict[str, pd.DataFrame] = {}
"""What people marked, by the rows that were read; made the first time, which isn't timed."""
FIRST_DAY = np.datetime64("2024-09-02")
ROOT = Path(__file__).resolve().parents[1]


def series_made(size: int, shape: str) -> pd.DataFrame:
    """Shares of 20 to 200 students around 80 %; 3 % of the weeks are missing. Weeks end together, `week` from 0."""
    random = np.random.default_rng([SEED, size])
    length = np.full(size, 40) if shape == "40 points" else random.integers(8, LONGEST + 1, size)
    series = np.repeat(np.arange(size), length)
    week = LONGEST - np.repeat(length, length) + np.arange(len(series)) - np.repeat(np.cumsum(length) - length, length)
    students = random.integers(20, 200, size)[series]
    met = random.binomial(students, 0.8)
    made = pd.DataFrame({"series": series, "week": week, "numerator": met, "denominator": students})
    return made[random.random(len(made)) >= (0.03 if shape == "8 to 72" else 0)]


def store_made(path: Path, size: int, shape: str) -> None:
    """A store as uploads leave it: each upload's rows in the order of the store's key, undone ones taken out again."""
    made = series_made(size, shape)
    database = Database(path)
    with database.writing() as cursor:
        for upload in range(WEEKLY + 1):
            first, after = LONGEST - WEEKLY + upload - 1, LONGEST - WEEKLY + upload
            rows = made[(made["week"] < after) & ((upload == 0) | (made["week"] >= first))]
            if len(rows):
                cursor.register("brought", _observations(rows, upload + 1))
                cursor.execute("insert into observation select * from brought")
                cursor.unregister("brought")
    for upload in UNDONE:
        with database.writing() as cursor:
            cursor.execute("delete from observation where upload = ?", [upload])
    database.close()


def _observations(rows: pd.DataFrame, upload: int) -> pa.Table:
    series, length = rows["series"].to_numpy(), len(rows)
    columns = {
        "measure": series % MEASURES + 1,
        "school": series // (MEASURES * GROUPS) + 1,
        "student_group": series // MEASURES % GROUPS,
        "date": FIRST_DAY + rows["week"].to_numpy() * np.timedelta64(7, "D"),
        "numerator": rows["numerator"].to_numpy(dtype=float),
        "denominator": rows["denominator"].to_numpy(dtype=float),
        "value": (rows["numerator"] / rows["denominator"]).to_numpy(),
        **{name: np.full(length, upload) for name in ("upload", "sheet", "row", "col")},
    }
    order = np.lexsort((columns["date"], columns["student_group"], columns["school"], columns["measure"]))
    return pa.table({name: column[order] for name, column in columns.items()})


def ours(database: Database) -> int:
    """Few rows at once; many two measures at a time, which needs less memory than all of them."""
    [(rows,)] = database.rows("select count(*) from observation")
    if rows <= MANY_ROWS:
        return len(summary_of(database, "true"))
    pairs = [f"measure between {measure} and {measure + 1}" for measure in range(1, MEASURES + 1, 2)]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return sum(threads.map(lambda pair: len(summary_of(database, pair)), pairs))


def summary_of(database: Database, where: str) -> pd.DataFrame:
    table = database.table(f"{ROWS} where {where}")
    keys = tuple(table[name].to_numpy() for name in ("measure", "school", "student_group"))
    day = table["date"].cast(pa.int32()).to_numpy()
    numbers = {name: table[name].to_numpy() for name in ("numerator", "denominator", "value")}
    points = arranged(keys, day, numbers)
    if where not in MARKS:
        MARKS[where] = marks_of(points)
    return summarize(with_marks(points, MARKS[where]), brief=True)


def marks_of(points: pd.DataFrame) -> pd.DataFrame:
    """As the store gives them: a phase in every third series at its middle, one point of a hundred left out."""
    series, day = points["series"].to_numpy(), points["day"].to_numpy().astype("datetime64[D]")
    first = np.flatnonzero(np.diff(series, prepend=-1))
    middle = (first + np.append(first[1:], len(series))) // 2
    begins, out = middle[::3], np.arange(37, len(series), 100)
    rows = np.concatenate([begins, out])
    kind = np.repeat(["phase", "leave out"], [len(begins), len(out)])
    return pd.DataFrame({"series": series[rows], "kind": kind, "first": day[rows], "last": day[rows]})


def loop(database: Database) -> int:
    frame = database.frame(f"{ROWS} order by measure, school, student_group, date")
    groups = frame.groupby(["measure", "school", "student_group"])
    return sum(1 for number, (_, one) in zip(range(LOOPED), groups, strict=False) if read_one(one) is not None)


def read_one(one: pd.DataFrame) -> tuple[float, int, int, bool]:
    """Median, longest run, crossings and the verdict of the Anhøj rules of one series."""
    value = one["numerator"] / one["denominator"]
    median = value.median()
    side = np.sign(value - median)
    side = side[side != 0]
    run = (side != side.shift()).cumsum()
    longest, crossings, n = int(run.value_counts().max()), int(run.nunique()) - 1, len(side)
    return median, longest, crossings, longest > round(log2(n)) + 3 or crossings < fewest_crossings_anhoej(n)


SQL = f"""
    with points as (
        select measure, school, student_group, date, numerator / denominator as value,
               median(numerator / denominator) over one as middle
        from ({ROWS}) window one as (partition by measure, school, student_group)),
    useful as (
        select *, sign(value - middle) as side,
               sign(value - middle) <> lag(sign(value - middle)) over one as crosses
        from points where value <> middle
        window one as (partition by measure, school, student_group order by date)),
    numbered as (
        select *, sum(coalesce(crosses, false)::int) over (
            partition by measure, school, student_group order by date) as run
        from useful),
    runs as (select measure, school, student_group, run, count(*) as length, any_value(middle) as middle
             from numbered group by all)
    select measure, school, student_group, any_value(middle), max(length), max(run), sum(length)
    from runs group by all"""


def sql(database: Database) -> int:
    return database.table(SQL).num_rows


def floor(database: Database) -> int:
    """The fastest of four ways, tried once each before it is timed."""
    with database.cursor() as cursor:
        FLOORS[FASTEST[0]](cursor.execute(ROWS))
    return 0


FLOORS: dict[str, Callable[[duckdb.DuckDBPyConnection], object]] = {
    "to_arrow_table": lambda result: result.to_arrow_table(),
    "arrow batches": lambda result: sum(batch.num_rows for batch in result.to_arrow_reader()),
    "fetchnumpy": lambda result: result.fetchnumpy(),
    "df": lambda result: result.df(),
}
FASTEST = ["to_arrow_table"]


def choose_floor(database: Database) -> None:
    def seconds(name: str) -> float:
        begin = time.perf_counter()
        with database.cursor() as cursor:
            FLOORS[name](cursor.execute(ROWS))
        return time.perf_counter() - begin

    FASTEST[0] = min(FLOORS, key=lambda name: min(seconds(name) for _ in range(3)))


CONTENDERS: dict[str, Callable[[Database], int]] = {"ours": ours, "loop": loop, "sql": sql, "floor": floor}

QIKIT = """
import json, sys, time
import pandas as pd
from qikit import qic
frame = pd.read_csv(sys.argv[1])
groups = [one["value"].to_numpy() for _, one in frame.groupby("series")][: int(sys.argv[2])]
qic(y=groups[0], chart="run")
begin, worked = time.perf_counter(), time.process_time()
for values in groups:
    qic(y=values, chart="run")
seconds, worked = time.perf_counter() - begin, time.process_time() - worked
peak = [int(line.split()[1]) / 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(json.dumps({"seconds": seconds, "worked": worked, "series": len(groups), "megabytes": peak[0]}))
"""


def run_alone(name: str, path: Path, size: int) -> dict[str, float]:
    """In this process: the median time of ROUNDS rounds, and the peak memory of it all."""
    database = Database(path)
    if name == "floor":
        choose_floor(database)
    contender = CONTENDERS[name]
    contender(database)
    rounds = 1 if name == "loop" else ROUNDS
    seconds, worked = [], []
    for _ in range(rounds):
        begin, worked_before = time.perf_counter(), time.process_time()
        contender(database)
        seconds.append(time.perf_counter() - begin)
        worked.append(time.process_time() - worked_before)
    read = min(size, LOOPED) if name == "loop" else size
    middle = {"seconds": statistics.median(seconds), "worked": statistics.median(worked)}
    return {**middle, "series": read, "megabytes": peak_megabytes()}


def peak_megabytes() -> float:
    """Of this process alone, on Linux; elsewhere it isn't known (NaN). What getrusage says includes the parent's."""
    status = Path("/proc/self/status")
    said = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")] if status.exists() else []
    return int(said[0].split()[1]) / 1024 if said else float("nan")


def run_apart(name: str, path: Path, size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.analysis", "--alone", name, str(path), str(size)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def run_qikit(python: str, size: int, shape: str, folder: Path) -> dict[str, float]:
    made = series_made(min(size, LOOPED), shape)
    file = folder / "series.csv"
    made.assign(value=made["numerator"] / made["denominator"]).to_csv(file, index=False)
    done = subprocess.run(
        [python, "-c", QIKIT, str(file), str(LOOPED)], check=True, capture_output=True, text=True, cwd=folder
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def measured(size: int, shape: str, qikit: str) -> list[dict[str, object]]:
    """One row for each contender."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.duckdb"
        store_made(path, size, shape)
        found = {name: run_apart(name, path, size) for name in CONTENDERS}
        if qikit:
            found["qikit"] = run_qikit(qikit, size, shape, Path(folder))
    floor_seconds = found["floor"]["seconds"]
    return [
        {"size": size, "shape": shape, "who": who, "rate": one["series"] / one["seconds"], **one}
        | {"times": one["seconds"] / floor_seconds if one["series"] == size else None}
        for who, one in found.items()
    ]


def print_row(row: dict[str, object]) -> None:
    said = f"({row['series']:,} read)" if row["times"] is None else f"{row['times']:.1f}"
    clock = f"{row['seconds']:.3f} | {row['worked']:.4f} | {row['rate']:,.0f}"
    print(
        f"| {row['size']:,} | {row['shape']} | {row['who']} | {clock} | {said} | {row['megabytes']:.0f} |", flush=True
    )


def drawn(rows: list[dict[str, object]]) -> bytes:
    """Series a second by how many are read, both in steps of ten times, as PNG."""
    import altair as alt  # not in the memory of those that are measured
    import vl_convert

    who = list(COLOURS)
    lines = (
        alt.Chart(alt.Data(values=rows))
        .mark_line(point=alt.OverlayMarkDef(size=70))
        .encode(
            x=alt.X(
                "size:Q", title="series", scale=alt.Scale(type="log"), axis=alt.Axis(values=list(SIZES), format=",")
            ),
            y=alt.Y(
                "rate:Q",
                title="series a second",
                scale=alt.Scale(type="log"),
                axis=alt.Axis(values=DECADES, format=","),
            ),
            color=alt.Color("who:N", title=None, scale=alt.Scale(domain=who, range=list(COLOURS.values()))),
            shape=alt.Shape("who:N", title=None, scale=alt.Scale(domain=who)),
        )
    )
    chart = (
        lines.properties(width=340, height=260).facet(alt.Column("shape:N", title=None)).properties(background="white")
    )
    return vl_convert.vegalite_to_png(chart.to_dict(), scale=2)


def main(sizes: list[int], qikit: str, picture: Path | None) -> None:
    print("| series | shape | who | seconds | CPU seconds | series a second | times the floor | peak MB |")
    print("|---|---|---|---|---|---|---|---|")
    rows = []
    for shape in SHAPES:
        for size in sizes:
            for row in measured(size, shape, qikit):
                print_row(row)
                rows.append(row)
    if picture:
        picture.write_bytes(drawn(rows))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--qikit", default="", metavar="PYTHON")
    parser.add_argument("--picture", type=Path, metavar="PNG", help="where to draw the rates")
    parser.add_argument("--alone", nargs=3, metavar=("WHO", "STORE", "SIZE"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.alone:
        who, store, number = chosen.alone
        print(json.dumps(run_alone(who, Path(store), int(number))))
    else:
        main(chosen.sizes, chosen.qikit, chosen.picture)
