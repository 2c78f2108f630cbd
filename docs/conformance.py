"""Makes docs/conformance.md: `python -m docs.conformance`. A test fails when the page isn't what this makes.

What other tools say stands in docs/peers.toml with how it is known; what Stepback says is computed here.
"""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lib.analysis import RULE_SETS, RunCharts, control_limits, run_charts

HERE = Path(__file__).parent
REFERENCE = HERE.parent / "tests" / "reference"
PAGE = HERE / "conformance.md"

WAYS = {"run": "ran it", "source": "its code", "issue": "its threads", "page": "its pages"}

INTRODUCTION = """# What Stepback says, and what others say

This page is made by a program (`python -m docs.conformance`) and is checked by the tests. Tools for run charts and
control charts don't agree on what a shift is. Below are eight short series on which they differ, then what Stepback is
compared with on every test run, and every difference that is left, with its reason.

How it is known what a tool says: ran it = the tool itself was run on this series or one of its kind; its code = read in
its source; its threads, its pages = what its users, makers or pages say.
"""

COMPARED: tuple[tuple[str, str, str], ...] = (
    (
        "qicharts2",
        "run_qicharts2.parquet",
        "charts: median, useful points, runs, crossings, limits and verdict are equal",
    ),
    (
        "qicharts2",
        "control_lines.parquet",
        "charts (I, MR, C): centre and limits equal to 1e-9, the same points beyond",
    ),
    ("qicharts2", "control_points.parquet", "points (P, P′, U, U′): centre and limits equal to 1e-9, the same beyond"),
    ("runchart", "ihi_points.parquet", "points in shifts and trends of the IHI rules: the same ones"),
    ("runchart", "ihi_rephased.parquet", "phases of its automatic rephasing: equal"),
    ("runcharter", "runcharter_lines.parquet", "medians of its automatic new baselines: equal"),
    ("NHSRplotthedots", "nhsr_lines.parquet", "groups: mean and limits equal to 1e-9, the same rule on every point"),
    ("FunnelPlotR", "funnelplotr_limits.parquet", "rows: phi, tau2 and limits, plain and widened, equal to 1e-9"),
)

NOT_OFFERED = "SR_CQC"
"""The one method of FunnelPlotR's results that isn't compared."""

DIFFERENCES = (
    (
        "qicharts2, NHSRplotthedots",
        "Where nothing varies and moving ranges are screened, they have no limits; P′ and U′ neither.",
        "Limits equal the mean. A constant series is the steadiest there is, not one without limits.",
    ),
    (
        "qicharts2, NHSRplotthedots",
        "A baseline of k counts rows, also those without a value or left out.",
        "It counts points: the first k that have a value and are not left out. A line said to rest on 12 points does.",
    ),
    (
        "NHSRplotthedots",
        "A missing value breaks a run and a trend, or stops the program.",
        "It is no point, as everywhere in Stepback. All series without missing values are equal.",
    ),
    (
        "runchart",
        "The points on the median inside a shift are listed with it.",
        "They are skipped and drawn as skipped; they are not numbered.",
    ),
    (
        "runcharter",
        "The last line is drawn to the last date of any group.",
        "A line ends with its own series: there are no points beyond.",
    ),
    (
        "qicharts2, runcharter",
        "Ratios are compared with the median exactly.",
        "With a tolerance of 1e-9, so that 3/10 and 30/100 are equal. Plain values are compared exactly.",
    ),
    (
        "qicharts2",
        "bestbox and cutbox, two further conventions for limits of runs.",
        "Not offered: experimental, and only their verdict differs.",
    ),
    (
        "qicharts2",
        "MR charts with points left out: there are no results to compare with.",
        "A point left out makes no moving range, and its neighbours are neighbours, as on the I chart.",
    ),
    (
        "FunnelPlotR",
        "SR with the CQC method adds variances on a root scale and takes them for those of the ratio.",
        "Not offered; SR with the SHMI method is.",
    ),
)
"""Whose, what they do, what Stepback does and why."""

SIMILAR_PYTHON = (
    "qikit 0.5.0 signals at a run of floor(log2 n) + 3 and differs from the published limits at 54 of the 55 numbers "
    "of points from 6 to 60; pyqicharts 2.0.0 rounds up and differs at 24 of 55 for runs and at all 55 for crossings "
    "(both were run). Stepback's limits are those of qicharts2 for n = 1 to 200 and the printed critical runs."
)


def chart_of(probe: dict[str, Any], rules: str) -> RunCharts:
    values = np.array(probe["values"], dtype=np.float64)
    points = pd.DataFrame({"series": np.zeros(len(values), dtype=np.int64), "value": values})
    if "of" in probe:
        points = pd.DataFrame({"series": 0, "numerator": values * probe["of"], "denominator": float(probe["of"])})
    return run_charts(points, rules)


def verdict(probe: dict[str, Any], rules: str) -> str:
    """What one rule set says: what fired and on how many points, and the state."""
    chart = chart_of(probe, rules)
    phase, marked = chart.phases.iloc[0], int(chart.points["in_signal"].sum())
    fired = ", ".join(str(phase["fired"]).split(";")).replace("_", " ")
    said = f"{fired} ({marked} points)" if fired and marked else fired or "no signal"
    useful = f"{phase['n_useful']} useful points, longest run {phase['longest_run']}"
    return f"{said}; {useful}; state: {phase['state']}"


def limits_said(probe: dict[str, Any]) -> str:
    found = control_limits(chart_of(probe, "nhs").points[["series", "value"]], "xmr").iloc[0]
    if np.isnan(found["upper"]):
        return "XmR: no limits"
    return f"XmR: {found['lower']:.4g} to {found['upper']:.4g}"


def shown(values: list[float]) -> str:
    return ", ".join("–" if value != value else f"{value:g}" for value in values)


def probe_part(probe: dict[str, Any]) -> list[str]:
    part = f" of {probe['of']} each" if "of" in probe else ""
    lines = [f"### {probe['name']}", "", f"{probe['asks']} `{shown(probe['values'])}`{part}", ""]
    lines += ["| who | says | how known |", "|---|---|---|"]
    lines += [
        f"| **Stepback**, {rules.label} | {verdict(probe, name)} | computed |" for name, rules in RULE_SETS.items()
    ]
    lines += [f"| **Stepback** | {limits_said(probe)} | computed |"]
    lines += [f"| {tool} | {says} | {WAYS[how]} |" for tool, says, how in probe["says"]]
    return [*lines, "", f"Source of ours: {probe['source']}", ""]


def compared_part() -> list[str]:
    lines = ["## What is compared on every test run", "", "| with | how many | what |", "|---|---|---|"]
    for tool, file, what in COMPARED:
        rows = pd.read_parquet(REFERENCE / file)
        n = int((rows["method"] != NOT_OFFERED).sum()) if tool == "FunnelPlotR" else len(rows)
        lines.append(f"| {tool} | {n:,} | {what} |")
    return [*lines, "", f"Sources and versions of these files: tests/reference/README.md. {SIMILAR_PYTHON}", ""]


def differences_part() -> list[str]:
    lines = ["## Every difference that is left", "", "| with | they | Stepback, and why |", "|---|---|---|"]
    return [*lines, *(f"| {whose} | {they} | {ours} |" for whose, they, ours in DIFFERENCES), ""]


def page() -> str:
    """The whole page as text."""
    told = tomllib.loads((HERE / "peers.toml").read_text(encoding="utf-8"))
    lines = [INTRODUCTION, "## Eight series", ""]
    for probe in told["probe"]:
        lines += probe_part(probe)
    lines += [*compared_part(), *differences_part(), "## Versions", ""]
    lines += [f"- {tool}: {version}" for tool, version in told["tools"].items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
