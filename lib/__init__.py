"""Stepback: spreadsheets of a school network, read as run charts."""
