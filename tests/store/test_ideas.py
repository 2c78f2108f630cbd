"""Change ideas as schools try them: several tests of one idea at a school are one period."""

from datetime import date

import pandas as pd

from lib.improvement import TestOfChange
from lib.store import definitions, ideas

SEP, OCT, NOV, DEC = (date(2025, month, 1) for month in (9, 10, 11, 12))


def saved(database, network, *tests):
    with database.writing() as cursor:
        definitions.save_tests(cursor, network, list(tests))
    return ideas.periods(ideas.tests(database, network))


def test_tests_of_one_idea_are_one_period_from_the_first_start_to_the_last_end(database, network):
    found = saved(
        database,
        network,
        TestOfChange("Calls", 1, SEP, OCT),
        TestOfChange("Calls", 1, NOV, DEC, stage="adapting"),
        TestOfChange("Calls", 2, OCT, NOV),
        TestOfChange("Calls", 2, DEC, stage="adopted"),
    )
    assert found["start"].dt.date.tolist() == [SEP, OCT]
    assert found["end"][0].date() == DEC and pd.isna(found["end"][1])


def test_what_is_only_planned_has_not_started(database, network):
    found = saved(database, network, TestOfChange("Calls", 1, SEP, stage="planned"), TestOfChange("Cards", 1, OCT))
    assert found["idea"].tolist() == ["Cards"]
