"""What only a browser can see: links, keys, hovering, clicking, downloads, and that nothing is asked from elsewhere."""

import csv
import io
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

DOTS = "[data-testid=stVegaLiteChart] path[aria-label]"


def test_the_first_visitor_of_a_fresh_server_may_come_by_a_deep_link(fresh_server, visit):
    person = visit(fresh_server)
    person.open("run_chart?measure=1&school=15")
    assert "Page not found" not in person.page.inner_text("body")
    assert "at Oak Street High" in person.title()
    assert "invented" in person.page.inner_text("[data-testid=stSidebar]")


def test_an_upload_goes_from_file_to_chart(fresh_server, visit, tmp_path):
    path = tmp_path / "coaching_visits.csv"
    rows = ["school,date,visits held,visits planned"]
    rows += [f"Birch High,2025-{9 + week // 4:02}-{1 + 7 * (week % 4):02},{week % 5 + 3},10" for week in range(12)]
    rows += ["Birch High,2025-12-01,abc,10", "TOTAL,2025-12-01,55,120"]
    path.write_text("\n".join(rows), encoding="utf-8")
    person = visit(fresh_server)
    person.open("spreadsheet")
    person.upload(path)
    person.wait_for("Save 12 values")
    assert "1 refused" in person.text()
    person.page.get_by_role("button", name="Save 12 values").click()
    person.wait_for("Saved 12 values")
    person.page.goto(f"{person.address}/run_chart")
    person.page.wait_for_selector("h1")
    person.choose("School", "Birch High")
    person.settle()


def test_a_point_says_its_numbers_on_hover_and_its_cell_on_click(server, visit):
    person = visit(server)
    person.open("run_chart?measure=1&school=1")
    dot = person.page.locator(DOTS).nth(5)
    dot.hover()
    tip = person.page.locator("#vg-tooltip-element")
    tip.wait_for()
    assert " of " in tip.inner_text()
    assert "weekly_attendance_2024-25.xlsx" in tip.inner_text()
    dot.click()
    person.page.get_by_text("From weekly_attendance_2024-25.xlsx, sheet").wait_for()
    assert "Brought in by sample data on" in person.text()
    person.page.get_by_role("button", name="See upload").click()
    person.page.get_by_role("heading", name="Uploads").wait_for()
    person.wait_for("weekly_attendance_2024-25.xlsx by sample data")


def test_a_choice_survives_changing_page_reload_and_a_shared_link(server, visit):
    person = visit(server)
    person.open("run_chart")
    person.choose("School", "Oak Street High")
    person.wait_for("at Oak Street High")
    person.page.get_by_role("link", name="How charts are read").click()
    person.page.get_by_text("Marks and states").wait_for()
    person.page.get_by_role("link", name="Run chart").click()
    person.wait_for("at Oak Street High")
    person.page.reload()
    person.wait_for("at Oak Street High")
    other = visit(server)
    other.open(person.page.url.removeprefix(server.address + "/"))
    assert "Oak Street High" in other.title()


@pytest.mark.long
def test_going_back_goes_through_the_choices_and_out_of_the_page(server, visit):
    person = visit(server)
    person.open("")
    person.page.get_by_role("link", name="Run chart").click()
    person.wait_for("in the network")
    for school in ("Oak Street High", "Ash Grove High"):
        person.choose("School", school)
        person.wait_for(f"at {school}")
    for title in ("at Oak Street High", "in the network"):
        person.page.go_back()
        person.wait_for(title)
    for _ in range(2):
        person.page.go_back()
        person.page.wait_for_timeout(500)
        person.settle()
    assert "Network at a glance" in person.title()


def test_a_clicked_point_is_the_one_that_is_marked(server, visit):
    person = visit(server)
    person.open("run_chart?measure=1&school=1")
    person.page.get_by_role("radio", name="Marks").or_(person.page.get_by_role("button", name="Marks")).first.click()
    person.page.get_by_role("combobox", name="Mark this chart").wait_for()
    person.settle()
    dot = person.page.locator(DOTS).nth(5)
    dot.hover()
    when = person.page.locator("#vg-tooltip-element")
    when.wait_for()
    dot.click()
    person.wait_for("From weekly_attendance_2024-25.xlsx, sheet")
    said = person.page.get_by_text("From weekly_attendance_2024-25.xlsx, sheet").inner_text().split(":")[0]
    assert person.page.get_by_role("combobox", name="Point").input_value().startswith(said)


def test_present_by_keyboard(server, visit):
    person = visit(server)
    person.open("run_chart?measure=1&school=1")
    first = person.title()
    person.page.locator("h1").click()
    person.page.keyboard.press("p")
    person.page.get_by_text("2 of 25").wait_for()
    assert not person.page.get_by_test_id("stSidebar").is_visible()
    assert person.title() == first
    person.page.keyboard.press("ArrowRight")
    person.page.get_by_text("3 of 25").wait_for()
    person.settle()
    second = person.title()
    assert second != first
    person.page.keyboard.press("Escape")
    person.page.get_by_role("button", name="Present").wait_for()
    person.settle()
    assert person.title() == second


ON_ONE_SCREEN = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  const close = [...document.querySelectorAll('button')].find(one => one.innerText.startsWith('Close'));
  return main.scrollHeight <= main.clientHeight && close.getBoundingClientRect().bottom <= window.innerHeight;
}"""


@pytest.mark.parametrize("chart", ["measure=1&school=15", "measure=1&school=3", "measure=4&school=21"])
def test_present_fits_on_one_screen(server, visit, chart):
    """With a break in the run, with a sentence of two lines, with a question of two lines."""
    person = visit(server)
    person.open(f"present?{chart}")
    person.page.locator(DOTS).first.wait_for()
    person.page.get_by_role("button", name="Close").wait_for()
    assert person.page.evaluate(ON_ONE_SCREEN)


def test_present_says_what_the_run_chart_page_says_under_the_chart(server, visit):
    person = visit(server)
    person.open("present?measure=1&school=15")
    person.page.get_by_text("This run spans Thanksgiving break and Winter break").wait_for()


def test_the_board_opens_a_chart_by_mouse_and_by_keyboard(server, visit):
    person = visit(server)
    person.open("")
    cell = person.page.locator("a[data-chart]").nth(3)
    cell.focus()
    person.page.keyboard.press("Enter")
    person.page.get_by_role("button", name="Present").wait_for()
    person.settle()
    assert "Ash Grove High" in person.title()


def test_the_csv_holds_the_points_of_the_chart(server, visit):
    person = visit(server)
    person.open("run_chart?measure=1&school=1")
    person.page.locator(DOTS).first.wait_for(state="attached", timeout=60_000)
    drawn = person.page.locator(DOTS).count()
    with person.page.expect_download() as download:
        person.page.get_by_role("button", name="CSV", exact=True).click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8-sig"))))
    assert sum(row["value"] != "" for row in rows) == drawn
    assert {row["school"] for row in rows} == {"Ash Grove High"}


@pytest.mark.long
def test_the_picture_is_a_png(server, visit):
    person = visit(server)
    person.open("run_chart?measure=1&school=1")
    with person.page.expect_download() as download:
        person.page.get_by_role("button", name="PNG", exact=True).click()
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", ["", "run_chart?school=1", "present?school=1", "spreadsheet", "how_charts_are_read"])
def test_every_page_opens_without_error_or_outside_request(server, visit, page, scheme):
    person = visit(server, color_scheme=scheme)
    person.open(page)
    assert not person.page.get_by_test_id("stException").is_visible()


def test_a_hostile_file_is_refused_in_words_and_the_server_lives(server, visit, tmp_path):
    path = tmp_path / "broken.xlsx"
    path.write_bytes(b"PK\x03\x04" + b"\0" * 4000)
    person = visit(server)
    person.open("spreadsheet")
    person.upload(path)
    person.page.get_by_test_id("stAlert").filter(has_text="broken.xlsx").wait_for(timeout=15_000)
    assert server.answers()
