"""What is stored of one measure and student group, value by value, for those who type in."""

from datetime import date

import pandas as pd

from lib.store.database import Database


def cells(database: Database, measure: int, group: int, days: tuple[date, date]) -> pd.DataFrame:
    """The stored values from the first to the last of two days: school, date, numerator, denominator, value, upload."""
    return database.frame(
        """select school, date, numerator, denominator, value, upload from observation
           where measure = ? and student_group = ? and date between ? and ? order by school, date""",
        [measure, group, *days],
    )


def days(database: Database, measure: int) -> list[date]:
    """Every day on which the measure has a value, in order."""
    return [
        day for (day,) in database.rows("select distinct date from observation where measure = ? order by 1", [measure])
    ]


def has_counts(database: Database, measure: int) -> bool:
    """Whether the measure's newest values come as numerator and denominator."""
    rows = database.rows(
        """select count(denominator) > 0 from observation
           where measure = $measure and date = (select max(date) from observation where measure = $measure)""",
        {"measure": measure},
    )
    return bool(rows[0][0])


def terms(database: Database, network: int) -> list[date]:
    """The first days of the terms in the network's calendar."""
    rows = database.rows(
        "select distinct first from calendar where network = ? and kind = 'term' order by 1", [network]
    )
    return [day for (day,) in rows]
