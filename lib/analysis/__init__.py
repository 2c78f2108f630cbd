"""Numbers in, numbers out: reading run charts."""

from lib.analysis.by_chance import (
    chance,
    chance_after_baseline,
    expected_flags,
    noticeable_step,
    noticeable_step_after_baseline,
)
from lib.analysis.limits import CONTROL_CHARTS, control_limits
from lib.analysis.reading import RunCharts, run_charts, summarize
from lib.analysis.rules import RULE_SETS, RuleSet
from lib.analysis.states import STATES, State
from lib.analysis.suggesting import Suggestion, suggested_line

__all__ = [
    "CONTROL_CHARTS",
    "RULE_SETS",
    "STATES",
    "RuleSet",
    "RunCharts",
    "State",
    "Suggestion",
    "chance",
    "chance_after_baseline",
    "control_limits",
    "expected_flags",
    "noticeable_step",
    "noticeable_step_after_baseline",
    "run_charts",
    "suggested_line",
    "summarize",
]
