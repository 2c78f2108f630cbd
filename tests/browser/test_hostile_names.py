"""Names made to harm, wherever a name can stand: each page shows them as text and asks nothing from elsewhere."""

import csv
import io
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, expect

from lib.marks import ChartMark, Place
from lib.store import Database, marks
from tests.browser.conftest import ROOT, Server, Visitor
from tests.hostile_names import NAMES

pytestmark = pytest.mark.browser

DOTS = "[data-testid=stVegaLiteChart] path[aria-label]"
LABELLED = {
    "network": ["name"],
    "school": ["name", "code", "district"],
    "measure": ["name", "question", "numerator_words", "denominator_words"],
    "student_group": ["category", "name"],
    "change_idea": ["name", "driver"],
    "calendar": ["name"],
    "upload": ["file", "who"],
    "school_tag": ["tag"],
    "test_of_change": ["prediction", "result", "learned", "decision"],
}
"""The columns of text that people fill."""


def hostile(path: Path) -> None:
    """Replaces every label of a database by a hostile name; each stays different from its neighbors."""
    database = Database(path)
    with database.writing() as cursor:
        tables = {name for (name,) in cursor.execute("select table_name from duckdb_tables()").fetchall()}
        for table in LABELLED.keys() & tables:
            for place, column in enumerate(LABELLED[table]):
                cursor.execute(
                    f"""update {table} set {column} = names[1 + (rank + $place) % len(names)]
                            || if(rank >= len(names), ' ' || rank, '')
                        from (select rowid as row, dense_rank() over (order by {column}) - 1 as rank,
                                     $names as names from {table})
                        where rowid = row and {column} <> ''""",
                    {"names": NAMES, "place": place},
                )
        cursor.execute(
            "update upload set sheets = list_transform(sheets, lambda name, i: $names[1 + i % len($names)])",
            {"names": NAMES},
        )
    database.close()


@pytest.fixture(scope="module")
def hostile_database(sample, tmp_path_factory):
    path = Path(shutil.copy(sample, tmp_path_factory.mktemp("hostile") / "made.duckdb"))
    mark_by_hand(path)
    hostile(path)
    return path


@pytest.fixture(scope="module")
def hostile_server(hostile_database, tmp_path_factory):
    running = Server(Path(shutil.copy(hostile_database, tmp_path_factory.mktemp("hostile_server") / "own.duckdb")))
    yield running
    running.stop()


def mark_by_hand(path: Path) -> None:
    """Marks whose names, reasons and notes are hostile, on the chart of the first measure at the first school."""
    database = Database(path)
    [(network, measure, school)] = database.rows(
        "select network, min(measure.id), (select min(id) from school) from measure group by 1 limit 1"
    )
    days = [
        day
        for (day,) in database.rows(
            """select distinct date_trunc('week', date)::date from observation
               where measure = ? and school = ? order by 1""",
            [measure, school],
        )
    ]
    place = Place(measure, school, 0)
    for mark in (
        ChartMark("note", place, days[12], NAMES[0], period="week"),
        ChartMark("note", place, days[16], NAMES[2]),
        ChartMark("leave out", place, days[20], NAMES[9], period="week"),
        ChartMark("phase", place, days[24], NAMES[1], name=NAMES[3]),
    ):
        marks.make(database, network, mark, NAMES[4])
    database.close()


def addresses() -> list[str]:
    """The address of each page in the menu's script."""
    pages = re.findall(r"st\.Page\(\s*\"pages/\w+/(\w+)\.py\"", (ROOT / "app.py").read_text(encoding="utf-8"))
    return ["" if page == "network" else page for page in pages]


MORE = [
    "run_chart?measure=1&school=1",
    "run_chart?measure=2&school=3&rules=ihi",
    "present?measure=1&school=1",
    "side_by_side?by=group&school=1",
    "side_by_side?by=measure&school=1",
    "side_by_side?names=hidden&seed=7",
]
WITH_CHART = ("run_chart", "present")


@pytest.mark.parametrize("page", [*addresses(), *(pytest.param(one, marks=pytest.mark.long) for one in MORE)])
def test_every_page_shows_hostile_names_as_text(hostile_server, visit, page):
    dialogs: list[str] = []
    person = visit(hostile_server)
    person.page.on("dialog", lambda dialog: refuse(dialog, dialogs))
    person.open(page)
    person.page.wait_for_timeout(500)
    assert dialogs == []
    assert not person.page.get_by_test_id("stException").is_visible()
    assert person.page.get_by_text("undefined", exact=True).count() == 0
    hosts = person.page.evaluate("[...document.querySelectorAll('a[href]')].map(link => link.host)")
    assert [host for host in hosts if host.startswith("elsewhere")] == []
    for selector in ("img[src*='elsewhere.test']", "svg image[href*='elsewhere']"):
        assert person.page.locator(selector).count() == 0, selector
    assert person.page.locator("[data-testid=stMain] strong", has_text="bold").count() == 0
    if page.split("?")[0] in WITH_CHART:
        expect(person.page.locator(DOTS).first).to_be_attached()
        assert person.page.locator(DOTS).count() > 10


def refuse(dialog: Dialog, seen: list[str]) -> None:
    seen.append(dialog.message)
    dialog.dismiss()


def test_hovering_a_point_asks_for_no_picture(hostile_server, visit):
    person = visit(hostile_server)
    person.open("run_chart?measure=1&school=1")
    for place in (3, 12, 20):
        person.page.locator(DOTS).nth(place).hover()
        person.page.locator("#vg-tooltip-element").wait_for()
    assert person.page.locator("#vg-tooltip-element img").count() == 0


OPENED = ["What would other rules say?", "Numbers behind the chart", "Where each point", "Marks"]


@pytest.mark.long
@pytest.mark.parametrize("opened", OPENED)
def test_what_opens_below_a_chart_shows_names_as_text(hostile_server, visit, opened):
    person = visit(hostile_server)
    person.open("run_chart?measure=1&school=1")
    person.page.get_by_role("radio", name=opened).or_(person.page.get_by_role("button", name=opened)).first.click()
    person.page.wait_for_timeout(800)
    person.settle()
    assert not person.page.get_by_test_id("stException").is_visible()
    assert person.page.locator("a[href*='elsewhere.test']").count() == 0


@pytest.mark.long
def test_a_name_is_shown_as_it_is(hostile_database, hostile_server, visit):
    database = Database(hostile_database)
    names = dict(database.rows("select id, name from school order by id"))
    questions = dict(database.rows("select id, question from measure"))
    database.close()
    person = visit(hostile_server)
    for school in (1, 2, 3, 4, 6, 14, 16):
        person.open(f"run_chart?measure=1&school={school}")
        title = " ".join(person.title().split())
        assert " ".join(names[school].split()) in title or " ".join(questions[1].split()) in title
        assert " ".join(names[school].split()) in " ".join(person.page.inner_text("body").split())


def downloaded(person: Visitor) -> Path:
    with person.page.expect_download() as download:
        person.page.get_by_role("button", name="CSV", exact=True).click()
    return Path(download.value.path())


@pytest.mark.long
def test_no_cell_of_the_csv_is_a_formula(hostile_server, visit):
    person = visit(hostile_server)
    for school in (1, 8, 10, 11, 12):
        person.open(f"run_chart?measure=1&school={school}")
        rows = csv.reader(io.StringIO(downloaded(person).read_text(encoding="utf-8-sig")))
        cells = [cell for row in rows for cell in row]
        assert cells
        assert [cell for cell in cells if cell.startswith(("=", "@", "+", "\t"))] == []


def test_an_uploaded_file_full_of_hostile_names_is_text(hostile_server, visit, tmp_path):
    path = tmp_path / "![x](elsewhere.test) =1+1.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["school", "date", NAMES[0], NAMES[3]])
        writer.writerows([[NAMES[row % len(NAMES)], f"2025-09-{row % 28 + 1:02}", row % 7, row] for row in range(48)])
    person = visit(hostile_server)
    person.open("spreadsheet")
    person.upload(path)
    person.page.get_by_role("button", name=re.compile("Save")).or_(
        person.page.get_by_test_id("stAlert")
    ).first.wait_for()
    person.settle()
    assert not person.page.get_by_test_id("stException").is_visible()
    assert person.page.locator("[data-testid=stMain] a[href*='elsewhere']").count() == 0
    assert person.page.locator("[data-testid=stMain] img[src*='elsewhere']").count() == 0
