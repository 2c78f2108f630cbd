"""The calendar: terms, breaks and days that don't count, edited in a table or brought in from a file."""

from lib.screen import choices, sidebar, words
from lib.screen.bring import calendar

network = sidebar.network()
choices.write_address(())
words.title(
    "Calendar",
    "Breaks take no space on a chart and raise no alarm. Values of no-count days are left out of every point.",
)
calendar.show(network)
