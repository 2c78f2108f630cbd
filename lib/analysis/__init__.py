"""Numbers in, numbers out: reading run charts."""

from lib.analysis.by_chance import (
    chance,
    chance_after_baseline,
    expected_flags,
    noticeable_step,
    noticeable_step_after_baseline,
)
from lib.analysis.funnel import Funnel, funnel
from lib.analysis.groups import gap, pool_small
from lib.analysis.limits import CONTROL_CHARTS, control_limits
from lib.analysis.reading import RunCharts, run_charts, summarize
from lib.analysis.rebasing import rebase_runs
from lib.analysis.rules import RULE_SETS, RuleSet
from lib.analysis.states import STATES, State
from lib.analysis.suggesting import Suggestion, suggested_line

__all__ = [
    "CONTROL_CHARTS",
    "RULE_SETS",
    "STATES",
    "Funnel",
    "RuleSet",
    "RunCharts",
    "State",
    "Suggestion",
    "chance",
    "chance_after_baseline",
    "control_limits",
    "expected_flags",
    "funnel",
    "gap",
    "noticeable_step",
    "noticeable_step_after_baseline",
    "pool_small",
    "rebase_runs",
    "run_charts",
    "suggested_line",
    "summarize",
]
