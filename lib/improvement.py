"""The nouns of improving: change ideas and the tests of change that schools run."""

from dataclasses import dataclass
from datetime import date

STAGES = ("planned", "testing", "adapting", "adopted", "abandoned")
"""Stages of a test of change, in the order in which they come."""


@dataclass(frozen=True)
class ChangeIdea:
    id: int
    name: str
    driver: str = ""


@dataclass(frozen=True)
class TestOfChange:
    """One school trying one change idea (what the field also calls a PDSA). `driver` is its idea's; empty: not told."""

    __test__ = False

    idea: str
    school_id: int
    start: date
    end: date | None = None
    stage: str = "testing"
    prediction: str = ""
    result: str = ""
    learned: str = ""
    decision: str = ""
    driver: str = ""
