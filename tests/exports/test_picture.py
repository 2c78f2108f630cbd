"""A picture is exactly the chart, made without a network, and not blank."""

import io
from datetime import date
from xml.etree import ElementTree

import pytest
from PIL import Image

from lib.charts import SIZES, THEMES, run_chart
from lib.charts.looks import SizeName, ThemeName
from lib.exports.picture import picture, picture_of
from lib.wording import Break, IdeaStart
from tests.wording.made import made, oak_street, percents, with_measure

HOSTILE = '![x](http://e.test/i.png) <image href="http://e.test/i.png"/> & ]]> \x00\x1b مدرسة'


def words(svg: bytes) -> str:
    return " ".join(
        "".join(found.itertext()) for found in ElementTree.fromstring(svg).iter() if found.tag.endswith("text")
    )


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
def test_a_picture_is_not_blank(theme: ThemeName, size: SizeName) -> None:
    image = Image.open(io.BytesIO(picture(oak_street(), theme=theme, size=size, scale=1))).convert("RGB")
    assert image.width >= SIZES[size].width
    colors = {color for _, color in image.getcolors(1 << 24) or []}
    for name in ("background", "toward", "middle", "dot"):
        assert tuple(bytes.fromhex(getattr(THEMES[theme], name)[1:])) in colors


def test_question_sentence_and_footer_are_on_it() -> None:
    said = words(picture(oak_street(), "svg"))
    for part in (
        "Is weekly attendance getting better at Oak Street High?",
        "A lasting change: the last 12 points that count are above the middle line of 59\u00a0%.",
        "Anhøj rules · Weekly attendance · data to 23 Feb 2026",
        "Middle 59 %",
        "Goal 90 %",
        "1 Sep",
    ):
        assert part in said


def test_the_picture_is_the_chart_that_was_drawn() -> None:
    chart = run_chart(oak_street(), "dark", "present", zoomed=True)
    assert picture_of(chart, "svg") == picture(oak_street(), "svg", "dark", "present", zoomed=True)
    assert "zoomed" in words(picture_of(chart, "svg"))


def test_a_hostile_name_is_text() -> None:
    reading = oak_street(
        with_measure(name=HOSTILE, question=""),
        place=HOSTILE,
        breaks=(Break(HOSTILE, date(2025, 11, 3), date(2025, 11, 9)),),
        ideas=(IdeaStart(HOSTILE, date(2025, 12, 1)),),
    )
    svg = picture(reading, "svg")
    assert not [found for found in ElementTree.fromstring(svg).iter() if found.tag.endswith(("image", "script", "a"))]
    assert picture(reading, scale=1).startswith(b"\x89PNG")


def test_a_long_question_takes_two_lines_and_is_cut() -> None:
    reading = made(percents(50, 60), place="The School of " + "Everything and " * 20)
    lines = [found for found in ElementTree.fromstring(picture(reading, "svg")) if found.tag.endswith("text")]
    assert "".join(lines[1].itertext()).endswith("…")
