"""Change ideas as schools try them: where, from when to when, in which stage."""

import pandas as pd

from lib.store.database import Database


def tests(database: Database, network: int) -> pd.DataFrame:
    """Every test of change, planned ones too, in order of idea and start: idea (its name), school, start, end (dates,
    NaT where it goes on), stage, prediction, result, learned, decision."""
    return database.frame(
        """select change_idea.name as idea, school, start_date::timestamp as start, end_date::timestamp as end, stage,
                  prediction, result, learned, decision
           from test_of_change join change_idea on change_idea.id = idea
           where test_of_change.network = ? order by change_idea.name, start_date, school""",
        [network],
    )


def periods(tried: pd.DataFrame) -> pd.DataFrame:
    """From when to when each school has an idea: idea, school, start (of the first test that isn't only planned), end
    (of the last, NaT where one goes on)."""
    begun = tried[(tried["stage"] != "planned") & tried["start"].notna()]
    goes_on = begun["end"].isna().groupby([begun["idea"], begun["school"]]).any()
    found = begun.groupby(["idea", "school"], sort=True).agg(start=("start", "min"), end=("end", "max"))
    return found.assign(end=found["end"].mask(goes_on)).reset_index()
