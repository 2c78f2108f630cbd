"""Text of strangers stays text where the screen reads markdown."""

import re
import string

from hypothesis import given
from hypothesis import strategies as st

from lib.wording import plain
from lib.wording.markdown import WORD_JOINER


@given(st.text())
def test_nothing_is_lost_and_all_punctuation_is_escaped(text: str) -> None:
    said = plain(text)
    punctuation = re.escape(string.punctuation)
    assert re.fullmatch(rf"(\\[{punctuation}]|[^{punctuation}])*", said, re.DOTALL)
    shown = re.sub(r"\\(.)", r"\1", said, flags=re.DOTALL)
    assert shown.replace(WORD_JOINER, "") == " ".join(text.split()).replace(WORD_JOINER, "")


def test_an_image_a_link_and_a_shortcode_are_taken_apart() -> None:
    said = plain("![x](http://e.test/i.png) www.e.test a@b.test :material/home: :smile: $x$")
    bare = said.replace("\\", "")
    assert "http://" not in bare
    assert "www." not in bare
    assert "a@b" not in bare
    assert ":smile:" not in bare
    assert "](" not in said
    assert "\\$x\\$" in said


def test_line_ends_become_spaces() -> None:
    assert plain("a\n\n# b\r\n- c") == "a \\# b \\- c"
