"""The texts of each language, read once from its file, and which of them is spoken."""

import tomllib
from collections.abc import Callable, Hashable
from contextvars import Context, ContextVar
from functools import cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

LANGUAGES = {"en": "Charts in English", "es": "Gráficas en español"}
"""Each language by the name of its file, and how it is offered. English is spoken unless told otherwise."""

_SPOKEN: ContextVar[str] = ContextVar("spoken", default="en")

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


def speak(language: str) -> None:
    """From here on everything is said in this language, in this thread only. KeyError where there is no such language.

    >>> speak("es"); say("way.up")
    'por encima'
    >>> speak("en"); say("way.up")
    'above'
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    _SPOKEN.set(language)


def spoken() -> str:
    """The language that is spoken in this thread."""
    return _SPOKEN.get()


def in_this_language(make: Callable[[], _Made]) -> Callable[[], _Made]:
    """`make` for another thread, later: what it says is in the language that is spoken here and now.

    >>> speak("es"); later = in_this_language(lambda: say("way.up"))
    >>> speak("en"); later(), say("way.up")
    ('por encima', 'above')
    """
    language = spoken()

    def made() -> _Made:
        speak(language)
        return make()

    return lambda: Context().run(made)


def kept_by_language(make: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
    """Like `functools.cache`, for what holds said text: it is made once in each language."""

    @cache
    def made(_language: str, *given: Hashable) -> _Made:
        return make(*given)  # type: ignore[call-arg, arg-type]

    @wraps(make)
    def kept(*given: _Given.args, **_none: _Given.kwargs) -> _Made:
        return made(spoken(), *given)

    return kept


@cache
def texts(language: str) -> dict[str, Any]:
    """All texts of a language, as nested tables."""
    return tomllib.loads(Path(__file__).with_name(f"{language}.toml").read_text(encoding="utf-8"))


def entry(key: str) -> Any:
    """What stands under a dotted key; a `KeyError` is a bug.

    >>> entry("way.up")
    'above'
    """
    found: Any = texts(spoken())
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
