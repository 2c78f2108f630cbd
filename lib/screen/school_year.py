"""A new school year."""

from lib.screen.data import Network


def show(network: Network) -> None:
    """The section."""
