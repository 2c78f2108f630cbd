"""Names of tabs as Excel allows them."""

import re
from collections.abc import Sequence

LONGEST = 31
"""Source: Microsoft, Excel specifications and limits."""

FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
RESERVED = ("history",)


def sheet_names(texts: Sequence[str]) -> list[str]:
    """A tab's name for each text, all different whatever their capitals; a name that Excel allows stays as it is.

    >>> sheet_names(["Oct", "D/F grades", "oct", "", "'History'"])
    ['Oct', 'D F grades', 'oct 2', 'Sheet', 'History 2']
    """
    taken: set[str] = set(RESERVED)
    names = []
    for text in texts:
        name = _free(FORBIDDEN.sub(" ", text).strip(" '") or "Sheet", taken)
        taken.add(name.casefold())
        names.append(name)
    return names


def _free(name: str, taken: set[str]) -> str:
    """The name, shortened; with a number where it is taken."""
    short, number = name[:LONGEST].rstrip(" '"), 1
    while short.casefold() in taken:
        number += 1
        short = f"{name[: LONGEST - len(str(number)) - 1]} {number}"
    return short
