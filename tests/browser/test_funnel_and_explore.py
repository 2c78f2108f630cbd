"""The funnel and Explore as a hand meets them: hovering, clicking, marking a row, saving files."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from pyarrow import parquet

pytestmark = pytest.mark.browser

DOTS = "[data-testid=stVegaLiteChart] path[aria-label]"


def save(person, label):
    with person.page.expect_download() as download:
        person.page.get_by_role("button", name=label, exact=True).click()
    return Path(download.value.path()).read_bytes()


def test_a_school_in_the_funnel_says_its_numbers_and_opens_its_run_chart(server, visit):
    person = visit(server)
    person.open("funnel?measure=5")
    dot = person.page.locator(f"{DOTS}[aria-label^='Harbor High']")
    dot.hover()
    tip = person.page.locator("#vg-tooltip-element")
    tip.get_by_text("99.8 % limits").wait_for()
    assert "Harbor High" in tip.inner_text() and " of " in tip.inner_text()
    dot.click()
    person.wait_for("at Harbor High?")
    person.page.go_back()
    person.wait_for("which schools differ by more than chance?")


@pytest.mark.long
def test_the_funnel_answers_above_the_fold(server, visit):
    person = visit(server)
    person.open("funnel?measure=5")
    notes = person.page.get_by_text("With a ring:").bounding_box()
    assert notes["y"] + notes["height"] < 720
    assert person.page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.long
def test_three_kinds_of_files_hold_the_points_of_the_view(server, visit):
    person = visit(server)
    person.open("explore?measures=2&schools=3,5")
    person.page.get_by_role("button", name="Parquet").wait_for()
    table = parquet.read_table(io.BytesIO(save(person, "Parquet")))
    rows = zipfile.ZipFile(io.BytesIO(save(person, "CSV"))).read("points.csv").decode().splitlines()
    book = openpyxl.load_workbook(io.BytesIO(save(person, "XLSX")))
    assert table.num_rows == len(rows) - 1 == book["Points"].max_row - 1 > 30
    address = person.page.url.split("?")[1].replace(",", "%2C")
    assert any(address in str(cell.value or "") for cell in book["Definitions"]["B"])


@pytest.mark.long
def test_a_chart_leads_to_its_data_and_a_row_to_its_cell(server, visit):
    person = visit(server)
    person.open("run_chart?measure=1&school=3")
    person.page.get_by_role("button", name="The data of this chart").click()
    person.wait_for("The data behind the charts")
    assert "measures=1" in person.page.url and "schools=3" in person.page.url
    frame = person.page.get_by_test_id("stDataFrame").bounding_box()
    person.page.mouse.click(frame["x"] + 18, frame["y"] + 52)
    person.page.get_by_text("From weekly_attendance_2024-25.xlsx, sheet").wait_for()
    assert "Brought in by sample data on" in person.text()
    person.page.get_by_role("button", name="See upload").click()
    person.page.get_by_role("heading", name="Uploads").wait_for()
