"""Networks: create, rename, delete; each has its own schools, measures and values."""

from lib.screen import choices, words
from lib.screen.bring import networks

choices.write_address(())
words.title("Networks", "Each network has its own schools, measures, calendar and values.")
networks.show()
