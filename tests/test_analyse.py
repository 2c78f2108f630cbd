"""The analyse command: a file in, two files out, and one plain line where it can't."""

from argparse import ArgumentParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib.analyse import add_arguments, run
from lib.problems import CannotContinue

REFERENCE = Path(__file__).parent / "reference"
RESULTS = [
    "phase", "first_date", "last_date", "n_points", "n_useful", "median", "longest_run", "longest_run_limit",
    "crossings", "crossings_limit", "signal", "fired", "run_first_date", "run_last_date", "newest_run", "newest_side",
    "state", "direction",
]  # fmt: skip
POINTS = ["date", "value", "phase", "median", "side", "run", "place", "in_signal"]
LIMITS = ["centre", "lower", "upper", "beyond"]


class Folder:
    """A folder with series.csv in it, and the command run there."""

    def __init__(self, path: Path) -> None:
        self.path, self.series = path, path / "series.csv"
        self.results, self.points = path / "results.csv", path / "points.csv"

    def holds(self, text: str) -> "Folder":
        self.series.write_text(text, encoding="utf-8")
        return self

    def analyse(self, *more: str, series: Path | None = None, by: str = "school") -> int:
        parser = ArgumentParser()
        add_arguments(parser)
        files = ["--output", str(self.results), "--points", str(self.points)]
        return run(parser.parse_args([str(series or self.series), "--by", by, *files, *more]))

    def refusal(self, *more: str, by: str = "school") -> str:
        """What is said when it can't continue; nothing may have been written."""
        with pytest.raises(CannotContinue) as refused:
            self.analyse(*more, by=by)
        assert sorted(path.name for path in self.path.iterdir()) in (["series.csv"], [])
        said = str(refused.value)
        assert "\n" not in said
        return said

    def read(self, path: Path) -> pd.DataFrame:
        return pd.read_csv(path, dtype={"school": str}, keep_default_na=False, na_values=[""])


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def weekly(values: list[object], school: str = "012", first: str = "2024-09-02", days: int = 7) -> str:
    dates = pd.date_range(first, periods=len(values), freq=f"{days}D").strftime("%Y-%m-%d")
    return "".join(f"{school},{date},{value}\n" for date, value in zip(dates, values, strict=True))


FIVE_LOW_FIVE_HIGH: list[object] = [1, 2, 3, 2, 1, 8, 9, 8, 9, 8]
HEADER = "school,date,value\n"


def test_a_series_becomes_one_row_of_results(folder: Folder) -> None:
    assert folder.holds(HEADER + weekly(FIVE_LOW_FIVE_HIGH)).analyse() == 0
    assert folder.results.read_text().splitlines() == [
        ",".join(["school", *RESULTS]),
        "012,1,2024-09-02,2024-11-04,10,10,5.5,5,6,1,2,True,few_crossings,,,5,up,shift,up",
    ]


def test_each_row_becomes_a_point(folder: Folder) -> None:
    folder.holds(HEADER + weekly([1, 2, "", 3, 2, 1, 2])).analyse()
    assert folder.points.read_text().splitlines() == [
        ",".join(["school", *POINTS]),
        "012,2024-09-02,1.0,1,2.0,-1,1,1,False",
        "012,2024-09-09,2.0,1,2.0,0,,,False",
        "012,2024-09-16,,1,2.0,,,,False",
        "012,2024-09-23,3.0,1,2.0,1,2,1,False",
        "012,2024-09-30,2.0,1,2.0,0,,,False",
        "012,2024-10-07,1.0,1,2.0,-1,3,1,False",
        "012,2024-10-14,2.0,1,2.0,0,,,False",
    ]


def test_a_control_chart_adds_its_limits_to_each_point(folder: Folder) -> None:
    """Counts of 4 on average: limits 4 ± 6, cut at 0."""
    folder.holds(HEADER + weekly([1, 2, 1, 12, ""])).analyse("--chart", "c")
    assert folder.points.read_text().splitlines() == [
        ",".join(["school", *POINTS, *LIMITS]),
        "012,2024-09-02,1.0,1,1.5,-1,1,1,False,4.0,0.0,10.0,False",
        "012,2024-09-09,2.0,1,1.5,1,2,1,False,4.0,0.0,10.0,False",
        "012,2024-09-16,1.0,1,1.5,-1,3,1,False,4.0,0.0,10.0,False",
        "012,2024-09-23,12.0,1,1.5,1,4,1,False,4.0,0.0,10.0,True",
        "012,2024-09-30,,1,1.5,,,,False,4.0,0.0,10.0,False",
    ]


@pytest.mark.parametrize(("screened", "mean_move"), [((), 2), (("--screened",), 1)])
def test_large_moving_ranges_can_be_screened(folder: Folder, screened: tuple[str, ...], mean_move: int) -> None:
    """Twelve moves of 1 and one of 14, which is over 3.267 times their mean of 2."""
    folder.holds(HEADER + weekly([3, 2] * 4 + [16, 17] * 3)).analyse("--chart", "xmr", *screened)
    found = folder.read(folder.points)
    assert found["centre"].to_list() == pytest.approx([8.5] * 14)
    assert found["upper"].to_list() == pytest.approx([8.5 + 3 * mean_move / 1.128] * 14)


def test_limits_of_phases_and_of_a_baseline(folder: Folder) -> None:
    rows = [
        f"a,2024-09-{day:02},{x},10,{label}\n" for day, x, label in [(1, 2, "p"), (2, 4, "p"), (3, 9, "p"), (4, 7, "q")]
    ]
    folder.holds("school,date,of,all,phase\n" + "".join(rows))
    folder.analyse("--numerator", "of", "--denominator", "all", "--chart", "p", "--phase", "phase", "--baseline", "2")
    assert folder.read(folder.points)["centre"].to_list() == pytest.approx([0.3, 0.3, 0.3, 0.7])


@pytest.mark.parametrize(("yes", "no"), [("yes", ""), ("TRUE", "False"), ("1", "0")])
def test_points_can_be_left_out(folder: Folder, yes: str, no: str) -> None:
    """Of 1, 2, 3 and 90 the last is left out: median and mean are 2, and it is judged all the same."""
    rows = [f"a,2024-09-{day:02},{value},{no}\n" for day, value in [(1, 1), (2, 2), (3, 3)]]
    folder.holds("school,date,value,out\n" + "".join(rows) + f"a,2024-09-04,90,{yes}\n")
    folder.analyse("--excluded", "out", "--chart", "xmr")
    found = folder.read(folder.points)
    assert found["median"].to_list() == found["centre"].to_list() == [2] * 4
    assert found["side"].isna().to_list() == found["beyond"].to_list() == [False, False, False, True]
    assert folder.read(folder.results)["n_points"].to_list() == [3]


def test_a_given_middle_line(folder: Folder) -> None:
    """All ten lie above 0: against a given line that is a shift, not a chart that can't be split."""
    folder.holds(HEADER + weekly(FIVE_LOW_FIVE_HIGH)).analyse("--centre", "0")
    found = folder.read(folder.results).iloc[0]
    assert (found["median"], found["n_useful"], found["longest_run"]) == (0, 10, 10)
    assert (found["fired"], found["state"], found["direction"]) == ("long_run;few_crossings", "shift", "up")


def test_nhs_rules_say_what_flags_each_point(folder: Folder) -> None:
    folder.holds(HEADER + weekly([6, 4] * 4 + [9, 6, 9, 11])).analyse(
        "--rules", "nhs", "--baseline", "8", "--chart", "xmr"
    )
    points = folder.read(folder.points)
    assert points.columns.to_list() == ["school", *POINTS, "fired", *LIMITS]
    assert points["fired"].fillna("").to_list() == [""] * 8 + ["two_of_three", "", "two_of_three", "beyond_limits"]
    assert points["upper"].to_list() == pytest.approx([5 + 2 * 2.66] * 12)
    assert folder.read(folder.results)["fired"].to_list() == ["beyond_limits;two_of_three"]


def test_dates_of_the_newest_run_beyond_the_limit(folder: Folder) -> None:
    folder.holds(HEADER + weekly([1] * 9 + [2] * 9)).analyse()
    found = folder.read(folder.results).iloc[0]
    assert (found["run_first_date"], found["run_last_date"]) == ("2024-11-04", "2024-12-30")
    assert folder.read(folder.points)["in_signal"].all()


def test_no_useful_point_has_no_limits_and_no_signal(folder: Folder) -> None:
    folder.holds(HEADER + weekly([5] * 12)).analyse()
    found = folder.read(folder.results).iloc[0]
    assert np.isnan(found["longest_run_limit"])
    assert np.isnan(found["crossings_limit"])
    assert not found["signal"]
    assert (found["n_points"], found["n_useful"], found["state"]) == (12, 0, "can't be split")


def test_rows_in_any_order_give_the_same(folder: Folder) -> None:
    rows = (weekly(FIVE_LOW_FIVE_HIGH) + weekly([3, 1, 2], school="007")).splitlines(keepends=True)
    folder.holds(HEADER + "".join(rows)).analyse()
    first = folder.results.read_text(), folder.points.read_text()
    folder.holds(HEADER + "".join(rows[::-1])).analyse()
    assert (folder.results.read_text(), folder.points.read_text()) == first
    assert folder.read(folder.results)["school"].to_list() == ["007", "012"]


def test_several_columns_tell_series_apart(folder: Folder) -> None:
    folder.holds("school,group,date,value\na,9,2024-01-01,1\na,10,2024-01-01,2\nb,9,2024-01-01,3\n")
    folder.analyse(by="school,group")
    found = pd.read_csv(folder.results, dtype=str)
    assert found[["school", "group", "median"]].to_numpy().tolist() == [
        ["a", "10", "2.0"],
        ["a", "9", "1.0"],
        ["b", "9", "3.0"],
    ]


def test_ratios(folder: Folder) -> None:
    folder.holds("school,date,met,all\na,2024-01-01,3,10\na,2024-01-08,30,100\na,2024-01-15,1,0\na,2024-01-22,,5\n")
    folder.analyse("--numerator", "met", "--denominator", "all")
    assert folder.read(folder.points)["value"].fillna(-1).to_list() == [0.3, 0.3, -1, -1]


def test_a_baseline_and_phases(folder: Folder) -> None:
    rows = weekly([1, 2] * 6 + FIVE_LOW_FIVE_HIGH).splitlines()
    labelled = [f"{row},{'before' if place < 12 else 'after'}" for place, row in enumerate(rows)]
    folder.holds("school,date,value,stage\n" + "\n".join(labelled))
    folder.analyse("--baseline", "12", "--phase", "stage")
    found = folder.read(folder.results)
    assert found["phase"].to_list() == [1, 2]
    assert found["median"].to_list() == [1.5, 5.5]
    assert found["state"].to_list() == ["too early", "shift"]
    folder.analyse("--baseline", "12")
    assert folder.read(folder.results)["median"].to_list() == [1.5]


@pytest.mark.parametrize(
    ("days", "more", "state"),
    [
        (7, [], "shift"),
        (73, [], "shift"),
        (74, [], "not for run rules"),
        (91, [], "not for run rules"),
        (91, ["--cadence", "month"], "shift"),
        (7, ["--cadence", "quarter"], "not for run rules"),
    ],
)
def test_series_taken_too_seldom_are_not_for_run_rules(folder: Folder, days: int, more: list[str], state: str) -> None:
    folder.holds(HEADER + weekly(FIVE_LOW_FIVE_HIGH, days=days)).analyse(*more)
    assert folder.read(folder.results)["state"].to_list() == [state]


def test_other_rules(folder: Folder) -> None:
    folder.holds(HEADER + weekly([1] * 6 + [2] * 6)).analyse("--rules", "ihi")
    assert folder.read(folder.results)["fired"].to_list() == ["shift;few_runs"]


def test_numbers_keep_every_digit(folder: Folder) -> None:
    folder.holds(HEADER + weekly(["0.1", "0.30000000000000004", "2.2250738585072014e-308"])).analyse()
    cells = [line.split(",")[2] for line in folder.points.read_text().splitlines()[1:]]
    assert [float(cell) for cell in cells] == [0.1, 0.30000000000000004, 2.2250738585072014e-308]


@pytest.mark.parametrize("missing", ["", " ", "NA", "NaN"])
def test_what_stands_for_a_missing_value(folder: Folder, missing: str) -> None:
    folder.holds(HEADER + weekly([1, missing, 3])).analyse()
    assert folder.read(folder.results)["n_points"].to_list() == [2]


def test_parquet_gives_the_same_as_csv(folder: Folder) -> None:
    table = pd.read_parquet(REFERENCE / "run_series.parquet")
    table["date"] = pd.Timestamp("2020-01-06") + pd.to_timedelta(7 * table["index"].astype("int64"), unit="D")
    table = table.rename(columns={"case_id": "school"})
    table.to_parquet(folder.path / "series.parquet")
    table.to_csv(folder.series, index=False, date_format="%Y-%m-%d")
    folder.analyse()
    first = folder.results.read_bytes(), folder.points.read_bytes()
    folder.analyse(series=folder.path / "series.parquet")
    assert (folder.results.read_bytes(), folder.points.read_bytes()) == first


def test_the_command_equals_qicharts2_in_all_310_cases(folder: Folder) -> None:
    table = pd.read_parquet(REFERENCE / "run_series.parquet")
    table["date"] = pd.Timestamp("2020-01-06") + pd.to_timedelta(7 * table["index"].astype("int64"), unit="D")
    table.to_csv(folder.series, index=False, date_format="%Y-%m-%d")
    folder.analyse(by="case_id")
    peer = pd.read_parquet(REFERENCE / "run_qicharts2.parquet").query("variant == 'base'").set_index("case_id")
    found = pd.read_csv(folder.results).set_index("case_id").loc[peer.index]
    useful = found["n_useful"] > 0
    assert len(found) == 310
    assert (found["n_useful"] == peer["n_useful"]).all()
    assert (found["signal"] == peer["runs_signal"]).all()
    assert found["median"].equals(peer["cl"])
    for ours, theirs in (("longest_run", "longest_run"), ("crossings", "n_crossings")):
        assert (found.loc[useful, ours] == peer.loc[useful, theirs]).all()
    for ours, theirs in (("longest_run_limit", "longest_run_max"), ("crossings_limit", "n_crossings_min")):
        assert found[ours].astype("float64").equals(peer[theirs])


def test_two_rows_with_one_date_are_refused_with_their_lines(folder: Folder) -> None:
    folder.holds(HEADER + "a,2024-01-01,1\nb,2024-01-01,2\n\na,2024-01-01,3\n")
    assert "lines 2 and 5: “a” has two rows for 2024-01-01." in folder.refusal()


def test_a_cell_over_two_lines_moves_the_lines_after_it(folder: Folder) -> None:
    folder.holds('school,date,value,note\na,2024-01-01,1,"two\nlines"\na,2024-01-08,x,\n')
    assert "line 4, column “value”: “x” is not a number." in folder.refusal()


@pytest.mark.parametrize(
    ("what", "text", "more", "said"),
    [
        ("a date in another order", HEADER + "a,1/9/2024,1\n", [], "line 2, column “date”: “1/9/2024” is not a date."),
        ("a date that isn't one", HEADER + "a,2024-02-30,1\n", [], "line 2, column “date”: “2024-02-30” is not a date"),
        ("a number for a date", HEADER + "a,2024,1\n", [], "line 2, column “date”: “2024” is not a date."),
        ("an empty date", HEADER + "a,,1\n", [], "line 2, column “date”: a date is missing."),
        ("a word for a value", HEADER + "a,2024-01-01,many\n", [], "line 2, column “value”: “many” is not a number."),
        ("a percent sign", HEADER + "a,2024-01-01,93%\n", [], "“93%” is not a number. Write numbers like 0.85"),
        ("infinity", HEADER + "a,2024-01-01,inf\n", [], "“inf” is not a number."),
        ("an unknown column", HEADER + "a,2024-01-01,1\n", ["--value", "valeu"], "Did you mean “value”?"),
        ("an unknown phase", HEADER + "a,2024-01-01,1\n", ["--phase", "x"], "there is no column “x”. Known: school"),
        ("unknown rules", HEADER + "a,2024-01-01,1\n", ["--rules", "anhoj"], "Did you mean “anhoej”?"),
        ("an unknown cadence", HEADER + "a,2024-01-01,1\n", ["--cadence", "weak"], "Did you mean “week”?"),
        ("a baseline of none", HEADER + "a,2024-01-01,1\n", ["--baseline", "0"], "has at least one point."),
        ("a line and a baseline", HEADER + "a,2024-01-01,1\n", ["--centre", "1", "--baseline", "3"], "used together."),
        (
            "a line and limits",
            HEADER + "a,2024-01-01,1\n",
            ["--centre", "1", "--chart", "c"],
            "can't be used together.",
        ),
        ("a line at infinity", HEADER + "a,2024-01-01,1\n", ["--centre", "inf"], "--centre: isn't a number."),
        ("half a ratio", HEADER + "a,2024-01-01,1\n", ["--numerator", "value"], "go together."),
        ("an unknown chart", HEADER + "a,2024-01-01,1\n", ["--chart", "xrm"], "Did you mean “xmr”?"),
        ("a P chart of values", HEADER + "a,2024-01-01,1\n", ["--chart", "p"], "Give --numerator and --denominator."),
        ("a negative count", HEADER + "a,2024-01-01,-1\n", ["--chart", "c"], "line 2: can't be a count"),
        (
            "more than all",
            "school,date,n,d\na,2024-01-01,3,4\na,2024-01-02,5,4\n",
            ["--chart", "pp", "--numerator", "n", "--denominator", "d"],
            "series.csv, line 3: can't be a proportion: it goes from 0 to 1.",
        ),
        (
            "a C chart of ratios",
            "school,date,n,d\na,2024-01-01,3,4\n",
            ["--chart", "c", "--numerator", "n", "--denominator", "d"],
            "Give the column of counts as --value.",
        ),
        (
            "half left out",
            "school,date,value,x\na,2024-01-01,1,maybe\n",
            ["--excluded", "x"],
            "“maybe” is not a yes or",
        ),
        ("no rows", HEADER, [], "has no rows."),
        ("nothing", "", [], "can't be read as CSV"),
        ("a row that is too long", HEADER + "a,2024-01-01,1\na,2024-01-08,1,2,3\n", [], "can't be read as CSV"),
        ("rows longer than the header", HEADER + "a,2024-01-01,1,2\n", [], "more cells than its header."),
        ("a column twice", "school,date,value,value\na,2024-01-01,1,2\n", [], "two columns are called “value”."),
    ],
)
def test_bad_input_is_refused_in_one_plain_line(
    folder: Folder, what: str, text: str, more: list[str], said: str
) -> None:
    assert said in folder.holds(text).refusal(*more), what


def test_many_bad_cells_are_counted(folder: Folder) -> None:
    said = folder.holds(HEADER + weekly(["x"] * 1_007)).refusal()
    assert said.count("is not a number") == 5
    assert "and 1,002 more cells that are not a number." in said


def test_a_file_that_is_not_there(folder: Folder) -> None:
    assert "series.csv: can't be read (No such file or directory)." in folder.refusal()


def test_a_file_that_is_not_text(folder: Folder) -> None:
    folder.series.write_bytes(b"school,date,value\n\xff\xfe,2024-01-01,1\n")
    assert "isn't UTF-8 text." in folder.refusal()


def test_a_file_that_is_not_parquet(folder: Folder) -> None:
    wrong = folder.path / "series.parquet"
    wrong.write_bytes(b"school,date,value\n")
    with pytest.raises(CannotContinue, match=r"series\.parquet: isn't a Parquet file\."):
        folder.analyse(series=wrong)


def test_an_output_that_can_not_be_written_leaves_the_other_one_as_it_was(folder: Folder) -> None:
    folder.holds(HEADER + weekly([1, 2, 3])).results.write_text("what was there\n")
    with pytest.raises(CannotContinue, match="can't be written"):
        folder.analyse("--points", str(folder.path / "no_such_folder" / "points.csv"))
    assert folder.results.read_text() == "what was there\n"
    assert sorted(path.name for path in folder.path.iterdir()) == ["results.csv", "series.csv"]
