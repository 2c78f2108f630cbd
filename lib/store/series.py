"""Observations as series of points: one query for a whole page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from lib.measures import CADENCES
from lib.store.database import Database

COLUMNS = "measure, school, student_group"
KEY = COLUMNS.split(", ")
POOLED = 0
"""The school id of a pooled series."""


@dataclass(frozen=True)
class Choice:
    """Which series: an empty tuple of schools or groups is all of them. `pooled` puts the schools together."""

    network: int
    measures: tuple[int, ...]
    schools: tuple[int, ...] = ()
    groups: tuple[int, ...] = (0,)
    period: str = ""
    first: date | None = None
    last: date | None = None
    pooled: bool = False


def period_sql(period: str, school_year_start: int) -> str:
    """SQL for the first day of the period that `date` lies in.

    Weeks start on Monday. Two, three and five weeks are counted from the Monday of the week in which the school year
    starts, so that no period lies in two school years.
    """
    weeks = CADENCES[period].weeks
    if period == "month":
        return "date_trunc('month', date)::date"
    if weeks == 1:
        return "date_trunc('week', date)::date"
    if not weeks:
        return "date"
    start = f"make_date(year(date) - (month(date) < {school_year_start})::int, {school_year_start}, 1)"
    monday = f"date_trunc('week', {start})::date"
    return f"({monday} + {7 * weeks} * (date_diff('day', {monday}, date) // {7 * weeks})::int)::date"


def points(database: Database, choice: Choice) -> pd.DataFrame:
    """The points of every chosen series, in order of measure, school, group and date.

    Columns: measure, school (0 where pooled), student_group, date (datetime64, first day of the period), numerator,
    denominator, value (NaN where the school has no value in a period in which the network has), n_schools, n_values
    (observations in the point), upload, sheet, row, col (of the newest observation in the point).

    Within a period and over schools: sum of numerators / sum of denominators, never a mean of percentages. Where only
    values exist: the mean within a school, the median over schools.
    """
    where, parameters = _where(choice)
    sql = f"""
        with chosen as (
            select {COLUMNS}, {_period(database, choice)} as period, date,
                   numerator, denominator, value, upload, sheet, row, col
            from observation where {where}),
        by_school as (
            select {COLUMNS}, period, sum(numerator) as numerator, sum(denominator) as denominator, avg(value) as value,
                   count(*) as n_values, count(numerator + denominator) = count(*) as is_ratio,
                   arg_max(struct_pack(upload, sheet, row, col), date) as place
            from chosen group by all),
        {_pooled() if choice.pooled else _apart()}
        select {COLUMNS}, period::timestamp as date, case when is_ratio then numerator end as numerator,
               case when is_ratio then denominator end as denominator,
               case when is_ratio then numerator / nullif(denominator, 0) else value end as value,
               coalesce(n_schools, 0)::integer as n_schools, coalesce(n_values, 0)::integer as n_values,
               place.upload, place.sheet, place.row, place.col
        from filled order by {COLUMNS}, period"""
    return database.frame(sql, parameters)


def _where(choice: Choice) -> tuple[str, dict[str, object]]:
    """The filter in SQL, and its parameters. Names from data are never part of the text."""
    wanted: dict[str, object] = {"measures": list(choice.measures), "groups": list(choice.groups)}
    parts = ["measure in (select unnest($measures))"]
    parts.append("student_group in (select unnest($groups))" if choice.groups else "$groups is not null")
    for name, sign, limit in (("first", ">=", choice.first), ("last", "<=", choice.last)):
        if limit:
            wanted[name] = limit
            parts.append(f"date {sign} ${name}")
    return " and ".join(parts), wanted | {"schools": list(choice.schools)}


def _period(database: Database, choice: Choice) -> str:
    """Each measure's period in one SQL expression: the chosen one, else the measure's own cadence (days by week)."""
    [(start,)] = database.rows("select school_year_start from network where id = ?", [choice.network])
    if choice.period:
        return period_sql(choice.period, start)
    rows = database.rows("select id, cadence from measure where id in (select unnest(?))", [list(choice.measures)])
    cases = (f"when {int(number)} then {period_sql(usual_period(cadence), start)}" for number, cadence in rows)
    return f"case measure {' '.join(cases)} else date end"


def usual_period(cadence: str) -> str:
    """The period that a measure is read by: its cadence; days by week, since neighboring days are alike."""
    return "week" if cadence == "day" else cadence


def _apart() -> str:
    """Each school's own series, with an empty place for each period in which others of the network have a value."""
    return f"""
        periods as (select distinct measure, period from by_school),
        own as (select * from by_school where len($schools) = 0 or school in (select unnest($schools))),
        span as (select {COLUMNS}, min(period) as first, max(period) as last from own group by all),
        filled as (
            select span.measure, span.school, span.student_group, periods.period,
                   own.numerator, own.denominator, own.value,
                   n_values, is_ratio, (own.value is not null)::int as n_schools, place
            from span
            join periods on periods.measure = span.measure and periods.period between span.first and span.last
            left join own on own.measure = span.measure and own.school = span.school
                         and own.student_group = span.student_group and own.period = periods.period)"""


def _pooled() -> str:
    return f"""
        filled as (
            select measure, {POOLED} as school, student_group, period, sum(numerator) as numerator,
                   sum(denominator) as denominator, median(value) as value, sum(n_values) as n_values,
                   bool_and(is_ratio) as is_ratio, count(*) as n_schools,
                   null::struct(upload int, sheet int, row int, col int) as place
            from by_school where len($schools) = 0 or school in (select unnest($schools)) group by all)"""


def places(database: Database, uploads: Sequence[int]) -> dict[int, tuple[str, list[str]]]:
    """File name and sheet names of each upload, to say where a point comes from."""
    rows = database.rows("select id, file, sheets from upload where id in (select unnest(?))", [list(uploads)])
    return {number: (file, sheets) for number, file, sheets in rows}
