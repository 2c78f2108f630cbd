"""How long charts and thumbnails take: `python -m benchmarks.charts`. Times are the best of several rounds."""

import timeit
from collections.abc import Callable

import numpy as np
import pandas as pd

from lib.analysis import run_charts
from lib.charts import run_chart, sparkline_svg, state_mark_svg
from lib.exports.picture import picture
from lib.measures import Measure
from lib.wording import Mark, Reading, alt_text, four_facts, sentence

MEASURE = Measure(1, "Attendance", "Is attendance better at {school}?", unit="percent", wanted="up", goal=0.9)
ROUNDS = 5


def reading_of(n: int) -> Reading:
    """A reading of n weeks with a step halfway; the seed is fixed."""
    values = np.random.default_rng(7).normal(0.6, 0.05, n) + 0.1 * (np.arange(n) >= n // 2)
    points = pd.DataFrame({"series": np.zeros(n, dtype=np.int64), "value": values})
    points["date"] = pd.date_range("2024-09-02", periods=n, freq="7D")
    result = run_charts(points.assign(numerator=np.nan, denominator=np.nan, excluded=False))
    return Reading(MEASURE, "Oak Street High", "All students", "week", "anhoej", result.points, result.phases)


def best(work: Callable[[], object], times: int) -> float:
    """Seconds a call."""
    return min(timeit.repeat(work, number=times, repeat=ROUNDS)) / times


def main() -> None:
    values = np.random.default_rng(7).normal(0, 1, 36)
    for n in (26, 72, 200):
        reading = reading_of(n)
        print(f"run_chart, {n} points: {1000 * best(lambda r=reading: run_chart(r), 10):.1f} ms")  # type: ignore[misc]
    reading = reading_of(26)
    print(f"sentence, facts, alt text: {1000 * best(lambda: said(reading), 20):.2f} ms")
    print(f"picture, PNG at 2: {1000 * best(lambda: picture(reading), 1):.0f} ms")
    print(f"sparkline of 36: {1e6 * best(lambda: sparkline_svg(values, 0.0), 1000):.0f} µs")
    mark = Mark("triangle up", "filled", "toward")
    print(f"state mark: {1e6 * best(lambda: state_mark_svg(mark), 1000):.0f} µs")


def said(reading: Reading) -> tuple[object, ...]:
    return sentence(reading), four_facts(reading), alt_text(reading)


if __name__ == "__main__":
    main()
