"""Ideas by context are counted, and each cell knows its schools. Counted by hand."""

import pandas as pd

from lib.analysis.contexts import Cell, by_context, thirds

TRIED = pd.DataFrame(
    [
        ("Calls", 1, "adopted", "toward"),
        ("Calls", 2, "testing", "flat"),
        ("Calls", 3, "testing", "toward"),
        ("Cards", 2, "abandoned", "unread"),
    ],
    columns=["idea", "school", "stage", "outcome"],
)
CONTEXTS = pd.DataFrame(
    [("all", 1), ("all", 2), ("all", 3), ("all", 4), ("city", 1), ("city", 3), ("small", 3), ("town", 4)],
    columns=["context", "school"],
)


def test_each_cell_counts_its_schools_their_stages_and_outcomes():
    found = by_context(TRIED, CONTEXTS)
    assert found["Calls", "all"] == Cell((1, 2, 3), {"adopted": 1, "testing": 2}, {"toward": 2, "flat": 1})
    assert found["Calls", "city"] == Cell((1, 3), {"adopted": 1, "testing": 1}, {"toward": 2})
    assert found["Calls", "small"] == Cell((3,), {"testing": 1}, {"toward": 1})
    assert found["Cards", "all"] == Cell((2,), {"abandoned": 1}, {"unread": 1})


def test_where_nobody_tried_it_there_is_no_cell():
    found = by_context(TRIED, CONTEXTS)
    assert ("Calls", "town") not in found and ("Cards", "city") not in found and len(found) == 4
    assert by_context(TRIED.iloc[:0], CONTEXTS) == {}


def test_schools_of_one_size_are_in_one_third():
    assert thirds(pd.Series([10, 20, 20, 20, 30, 40])).tolist() == [0, 0, 0, 0, 2, 2]
    assert thirds(pd.Series([1, 2, 3, 4, 5, 6, 7, 8, 9])).tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
