"""Two measures or two schools made one."""

from collections.abc import Sequence
from typing import Any

from lib.screen.data import Network


def offer(network: Network, noun: str, stored: Sequence[Any]) -> None:
    """The way to it."""


def show(network: Network, noun: str) -> None:
    """What was made one."""
