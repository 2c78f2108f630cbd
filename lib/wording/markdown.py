"""Text of strangers in the few places where the screen reads markdown."""

import re

PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
LINK_OR_SHORTCODE = re.compile(r"(?<=:)(?=\S)|(?=@)|(?<=www)(?=\.)", re.IGNORECASE)
WORD_JOINER = "\u2060"
"""Invisible and of no width: parts an address or a ":name:", which would become a link, icon or emoji even escaped."""


def plain(text: str) -> str:
    r"""Text that markdown shows as it is: punctuation escaped, line ends made spaces, addresses and shortcodes parted.

    >>> plain("*a* [b](c)")
    '\\*a\\* \\[b\\]\\(c\\)'
    """
    parted = LINK_OR_SHORTCODE.sub(WORD_JOINER, " ".join(text.split()))
    return PUNCTUATION.sub(r"\\\1", parted)
