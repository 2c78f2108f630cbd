"""Change ideas as schools try them: several tests of one idea at a school are one period."""

from datetime import date

import pandas as pd
import pytest

from lib.improvement import TestOfChange
from lib.problems import CannotContinue
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


def test_the_log_is_saved_with_who_and_what_was_before(database, network):
    before = [TestOfChange("Calls", 1, SEP, OCT, driver="Every day")]
    saved(database, network, *before)
    assert ideas.logged(database, network) == before
    after = [TestOfChange("Calls", 1, SEP, NOV, "adopted", driver="Every day"), TestOfChange("Cards", 2, OCT)]
    ideas.save(database, network, after, before, "Kim")
    assert ideas.logged(database, network) == after
    [(who, what, was)] = database.rows("select who, what, before from log where network = ?", [network])
    assert who == "Kim" and what == "Tests of change changed: 2 in the log, 1 before" and '"end": "2025-10-01"' in was


def test_a_log_that_somebody_else_has_changed_is_not_overwritten(database, network):
    saved(database, network, TestOfChange("Calls", 1, SEP))
    with pytest.raises(CannotContinue):
        ideas.save(database, network, [], [], "Kim")
    assert len(ideas.logged(database, network)) == 1


def test_a_driver_that_is_not_told_stays(database, network):
    saved(database, network, TestOfChange("Calls", 1, SEP, driver="Every day"))
    saved(database, network, TestOfChange("Calls", 2, SEP))
    assert {test.driver for test in ideas.logged(database, network)} == {"Every day"}


def test_the_stages_of_a_test_are_kept_with_their_days(database, network):
    told = TestOfChange(
        "Calls", 1, SEP, stage="adopted", stages=(("testing", SEP), ("adapting", OCT), ("adopted", NOV))
    )
    saved(database, network, told, TestOfChange("Calls", 1, DEC, stage="abandoned"))
    assert ideas.logged(database, network)[0] == told
    found = ideas.stages(database, network)
    assert found["stage"].tolist() == ["testing", "adapting", "adopted", "abandoned"]
    assert found["began"].dt.date.tolist() == [SEP, OCT, NOV, DEC]
