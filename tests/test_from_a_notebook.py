"""The examples of docs/from_a_notebook.md say what they say."""

import doctest
from pathlib import Path

GUIDE = Path(__file__).parents[1] / "docs" / "from_a_notebook.md"


def test_every_example_runs_as_written() -> None:
    """The fences of code end an example, as a blank line does."""
    text = GUIDE.read_text(encoding="utf-8").replace("```python\n", "\n").replace("```", "")
    examples = doctest.DocTestParser().get_doctest(text, {}, GUIDE.name, str(GUIDE), 0)
    assert len(examples.examples) > 15
    failed = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(examples).failed
    assert failed == 0
