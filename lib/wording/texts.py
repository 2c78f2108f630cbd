"""The texts of one language, read once from its file."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGE = "en"


@cache
def texts(language: str = LANGUAGE) -> dict[str, Any]:
    """All texts of a language, as nested tables."""
    return tomllib.loads(Path(__file__).with_name(f"{language}.toml").read_text(encoding="utf-8"))


def entry(key: str) -> Any:
    """What stands under a dotted key; a `KeyError` is a bug.

    >>> entry("way.up")
    'above'
    """
    found: Any = texts()
    for part in key.split("."):
        found = found[part]
    return found


def say(key: str, **fields: object) -> str:
    """The text under `key` with its fields filled in. Field values are never read as templates.

    >>> say("chart.middle", value="{59} %")
    'Middle {59} %'
    """
    return str(entry(key)).format(**fields)


def counted(key: str, n: int) -> str:
    """The text for one or for many.

    >>> counted("points_that_count", 1), counted("points_that_count", 7)
    ('1 point that counts', '7 points that count')
    """
    return say(f"{key}.{'one' if n == 1 else 'many'}", n=number(n))


def number(value: float, decimals: int = 0) -> str:
    """A number with thousands apart and no more decimals than needed; never "-0".

    >>> number(1234), number(2.5, 1), number(3.0, 1), number(-0.01, 1)
    ('1,234', '2.5', '3', '0')
    """
    said = f"{value:,.{decimals}f}"
    if "." in said:
        said = said.rstrip("0").rstrip(".")
    return "0" if said == "-0" else said.replace("-", "−")
