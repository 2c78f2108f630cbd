"""Starts the app's server: `python -m lib.screen.serve [options of streamlit run]`.

Streamlit takes a folder called `pages` beside app.py for its old way of finding pages, until a first visitor has run
app.py. Until then a link to a page inside is answered with “Page not found”. Switching the old way off beforehand makes
the first visitor's link work like every other's.
"""

import sys
from pathlib import Path

from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import cli

APP = Path(__file__).resolve().parent.parent.parent / "app.py"


def main(options: list[str]) -> None:
    PagesManager.uses_pages_directory = False
    cli.main(["run", str(APP), *options])


if __name__ == "__main__":
    main(sys.argv[1:])
