"""Results to charts: the only door to Altair, and thumbnails without it."""

from lib.charts.funnel import funnel_chart
from lib.charts.lined_up import lined_up
from lib.charts.looks import SIZES, THEMES, Drawn, SizeName, ThemeName
from lib.charts.panels import Panel, Panels
from lib.charts.run_chart import Chart, run_chart
from lib.charts.small_multiples import MOST_PANELS, period_of, small_multiples
from lib.charts.thumbnails import panel_svgs, sparkline_svg, state_mark_svg

__all__ = [
    "MOST_PANELS",
    "SIZES",
    "THEMES",
    "Chart",
    "Drawn",
    "Panel",
    "Panels",
    "SizeName",
    "ThemeName",
    "funnel_chart",
    "lined_up",
    "panel_svgs",
    "period_of",
    "run_chart",
    "small_multiples",
    "sparkline_svg",
    "state_mark_svg",
]
