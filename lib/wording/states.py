"""What a state is called and which mark stands for it. What happened is kept apart from whether it is wanted."""

from dataclasses import dataclass
from typing import Literal

from lib.measures import Measure
from lib.wording.texts import say

Tone = Literal["toward", "away", "neither"]
Shape = Literal["triangle up", "triangle down", "dash", "dots", "wave", "square", "equals"]
Fill = Literal["filled", "hollow"]

KEYS = {
    "not for run rules": "not_for_run_rules",
    "can't be split": "cannot_split",
    "too early": "too_early",
    "shift": "shift",
    "unsettled": "unsettled",
    "early hint": "early_hint",
    "steady": "steady",
}

SHAPES: dict[str, Shape] = {
    "not for run rules": "square",
    "can't be split": "equals",
    "too early": "dots",
    "unsettled": "wave",
    "steady": "dash",
}
"""Marks of the states without a direction. Shape tells the direction, fill how sure, color whether it is wanted."""

STATES_WITH_DIRECTION = ("shift", "early hint")


@dataclass(frozen=True)
class Mark:
    """A state mark: drawn by charts, never by a font's glyph."""

    shape: Shape
    fill: Fill
    tone: Tone


def tone(
    direction: str, wanted: str, median: float | None = None, low: float | None = None, high: float | None = None
) -> Tone:
    """Whether a direction is toward the goal. In range: by where the phase's median lies to the band.

    >>> tone("up", "up"), tone("up", "down"), tone("down", "none"), tone("", "up")
    ('toward', 'away', 'neither', 'neither')
    >>> tone("up", "in range", median=2, low=3, high=5), tone("up", "in range", median=6, low=3, high=5)
    ('toward', 'away')
    >>> tone("up", "in range", median=4, low=3, high=5)
    'neither'
    """
    if wanted == "in range":
        wanted = _way_to_band(median, low, high)
    if direction == "" or wanted not in ("up", "down"):
        return "neither"
    return "toward" if direction == wanted else "away"


def _way_to_band(median: float | None, low: float | None, high: float | None) -> str:
    if median is None:
        return "none"
    if low is not None and median < low:
        return "up"
    return "down" if high is not None and median > high else "none"


def tone_of(direction: str, measure: Measure, median: float | None = None) -> Tone:
    """`tone` with the band of a measure."""
    return tone(direction, measure.wanted, median, measure.goal_low, measure.goal_high)


def mark(state: str, direction: str, measure: Measure, median: float | None = None) -> Mark:
    """The mark of a state; `median` (of the phase) counts for measures wanted in range."""
    if state not in STATES_WITH_DIRECTION:
        return Mark(SHAPES[state], "hollow" if state == "not for run rules" else "filled", "neither")
    shape: Shape = "triangle down" if direction == "down" else "triangle up"
    return Mark(shape, "filled" if state == "shift" else "hollow", tone_of(direction, measure, median))


def state_label(state: str, direction: str, wanted: str, known_tone: Tone | None = None) -> str:
    """A state in a few words; give `known_tone` for measures wanted in range.

    >>> state_label("shift", "down", "down"), state_label("early hint", "up", "none"), state_label("steady", "", "up")
    ('lasting change down, wanted way', 'early hint up', 'usual ups and downs')
    """
    if state not in STATES_WITH_DIRECTION:
        return say(f"state.{KEYS[state]}")
    way = say(f"state_way.{known_tone or tone(direction, wanted)}")
    return say(f"state.{KEYS[state]}", direction=say(f"state_direction.{direction}"), way=way)
