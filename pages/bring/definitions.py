"""Definitions: what is measured, and in which schools; how spreadsheets are read; a new school year; every change."""

from lib.screen import choices, sidebar, words
from lib.screen.bring import definitions

network = sidebar.network()
words.title("Definitions", "What is measured, and in which schools. A change here changes every page.")
definitions.show(network)
choices.write_address(("section",))
