"""Where tags and labels go so that none lies on another."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lib.charts.looks import Size, cut, text_width
from lib.wording import say

MOST_ROWS = 3
"""Rows of tags above the plot; more would push the chart down."""

TAG_PADDING = 8
TAG_GAP = 6


@dataclass(frozen=True)
class Tag:
    """One tag: it begins at its line `x` (pixels from the plot's left end) and reaches `width` to the right."""

    x: float
    text: str
    width: float
    row: int


@dataclass
class _Waiting:
    x: float
    name: str
    more: int = field(default=0)


def place_tags(names: Sequence[str], at: Sequence[float], right: float, size: Size) -> list[Tag]:
    """Tags for starts at the pixels `at` (ascending), none beyond `right`, none on another, no line through a text.

    Row 0 is nearest to the plot. A tag lies above every tag whose line begins under it. Names that find no row are
    counted in the next tag to the right as "+n more".
    """
    waiting = [_Waiting(x, name) for x, name in zip(at, names, strict=True)]
    while True:
        placed = _from_the_right(waiting, right, size)
        crowded = next((i for i, tag in reversed(list(enumerate(placed))) if tag.row >= MOST_ROWS), None)
        if crowded is None:
            return placed
        waiting[crowded + 1].more += 1 + waiting[crowded].more
        del waiting[crowded]


def _from_the_right(waiting: list[_Waiting], right: float, size: Size) -> list[Tag]:
    placed: list[Tag] = []
    for one in reversed(waiting):
        text = _text(one, min(size.tag_longest, right - one.x) - 2 * TAG_PADDING, size)
        width = text_width(text, size.tag_font) + 2 * TAG_PADDING
        under = [tag.row for tag in placed if tag.x < one.x + width + TAG_GAP]
        placed.append(Tag(one.x, text, width, max(under, default=-1) + 1))
    return placed[::-1]


def _text(one: _Waiting, widest: float, size: Size) -> str:
    if not one.more:
        return cut(one.name, size.tag_font, widest)
    more = " " + say("chart.more_ideas", n=one.more)
    return cut(one.name, size.tag_font, widest - text_width(more, size.tag_font)) + more


def apart(places: Sequence[float], distance: float, top: float, bottom: float) -> list[float]:
    """Places (pixels from the top) moved as little as needed to be `distance` apart, between `top` and `bottom`.

    >>> apart([100, 104], 20, 0, 300), apart([2, 4], 20, 0, 300), apart([10, 299, 300], 20, 0, 300)
    ([92.0, 112.0], [0, 20], [10.0, 280, 300])
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = [float(places[i]) for i in order]
    for i in range(len(moved) - 1):
        lack = max(distance - (moved[i + 1] - moved[i]), 0.0)
        moved[i], moved[i + 1] = moved[i] - lack / 2, moved[i + 1] + lack / 2
    below = top - distance
    for i, place in enumerate(moved):
        moved[i] = below = max(place, below + distance)
    above = bottom + distance
    for i in reversed(range(len(moved))):
        moved[i] = above = min(moved[i], above - distance)
    return [moved[order.index(i)] for i in range(len(places))]
