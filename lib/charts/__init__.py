"""Results to charts: the only door to Altair, and thumbnails without it."""

from lib.charts.looks import SIZES, THEMES, SizeName, ThemeName
from lib.charts.run_chart import Chart, run_chart
from lib.charts.thumbnails import sparkline_svg, state_mark_svg

__all__ = ["SIZES", "THEMES", "Chart", "SizeName", "ThemeName", "run_chart", "sparkline_svg", "state_mark_svg"]
