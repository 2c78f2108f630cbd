"""Tags never overlap, whatever they say and wherever they begin."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.charts.looks import SIZES, Size, cut, text_width
from lib.charts.tags import MOST_ROWS, Tag, apart, place_tags

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)
STARTS = st.lists(st.tuples(st.floats(0, 830), NAMES), max_size=14)


def placed(starts: list[tuple[float, str]], size: Size) -> list[Tag]:
    starts = sorted(starts)
    return place_tags([name for _, name in starts], [x for x, _ in starts], 960, size)


def overlap(a: Tag, b: Tag) -> bool:
    return a.row == b.row and a.x < b.x + b.width and b.x < a.x + a.width


def line_through(line: Tag, tag: Tag) -> bool:
    """Whether the line that hangs from one tag crosses another tag below it."""
    return line.row > tag.row and tag.x < line.x < tag.x + tag.width


@given(STARTS)
def test_tags_never_overlap(starts: list[tuple[float, str]]) -> None:
    for size in SIZES.values():
        tags = placed(starts, size)
        assert not any(overlap(a, b) for a, b in combinations(tags, 2))


@given(STARTS)
def test_no_line_goes_through_a_tag(starts: list[tuple[float, str]]) -> None:
    tags = placed(starts, SIZES["page"])
    assert not any(line_through(a, b) or line_through(b, a) for a, b in combinations(tags, 2))


@given(STARTS)
def test_tags_stay_in_their_rows_and_on_the_picture(starts: list[tuple[float, str]]) -> None:
    tags = placed(starts, SIZES["page"])
    assert all(tag.row < MOST_ROWS for tag in tags)
    assert all(tag.x + tag.width <= 960 + 1e-6 for tag in tags)
    assert all(text_width(tag.text, SIZES["page"].tag_font) <= tag.width for tag in tags)


@given(STARTS)
def test_names_without_a_tag_are_counted(starts: list[tuple[float, str]]) -> None:
    starts = [(x, name.replace("+", "")) for x, name in starts]
    tags = placed(starts, SIZES["page"])
    more = [tag.text.rpartition(" +")[2].split()[0] for tag in tags if tag.text.endswith(" more")]
    counted = sum(int(n) for n in more if n.isascii() and n.isdigit())
    assert len(tags) + counted == len(starts)


def test_far_apart_tags_share_a_row() -> None:
    assert [tag.row for tag in placed([(0, "Check-in calls"), (400, "Peer tutoring")], SIZES["page"])] == [0, 0]


def test_close_tags_stagger_with_the_first_on_top() -> None:
    tags = placed([(100, "Check-in calls"), (130, "Peer tutoring"), (160, "Homework club")], SIZES["page"])
    assert [tag.row for tag in tags] == [2, 1, 0]


def test_the_fourth_is_counted() -> None:
    tags = placed([(100 + 20 * i, f"Idea {i}") for i in range(5)], SIZES["page"])
    assert [tag.text for tag in tags] == ["Idea 2 +2 more", "Idea 3", "Idea 4"]


@pytest.mark.parametrize("text", ["", "A", "Check-in calls for every ninth grader", "مدرسة", "校" * 30])
def test_a_cut_text_fits(text: str) -> None:
    assert text_width(cut(text, 13, 100), 13) <= 100


@given(st.lists(st.floats(0, 300), max_size=4))
def test_labels_at_the_end_are_moved_apart(places: list[float]) -> None:
    moved = sorted(apart(places, 16, 0, 300))
    assert all(b - a >= 16 - 1e-6 for a, b in pairwise(moved))
    assert all(0 <= place <= 300 for place in moved)


@given(st.floats(0, 300), st.floats(0, 300))
def test_labels_keep_their_order(a: float, b: float) -> None:
    moved = apart([a, b], 16, 0, 300)
    assert (moved[0] <= moved[1]) == (a <= b)
