"""Observations as series of points: one query for a whole page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pandas as pd
import pyarrow as pa

from lib.measures import CADENCES, COMPLETE_SHARE, Measure
from lib.store import by_school, definitions
from lib.store.database import Database
from lib.store.history import observations_sql

COLUMNS = "measure, school, student_group"
KEY = COLUMNS.split(", ")
COUNTS = f"{COLUMNS}, date, numerator, denominator, value"
PLACE = "upload, sheet, row, col"
NO_PLACE = "null::struct(upload int, sheet int, row int, col int)"
POOLED = 0
"""The school id of a pooled series."""

FEWEST_SCHOOLS_FOR_MEDIAN = 8
"""Schools with a value in a period that its median over schools needs, to be compared with.

Source: the project's rules, seasonal measures.
"""

SHARES = ("percent", "rate")
"""Units of values that are no amounts: what is new in a period can't be told from two of them."""


@dataclass(frozen=True)
class Choice:
    """Which series: an empty tuple of schools or groups is all of them. `pooled` puts the schools together.

    `places`: each point with the cell of its newest observation; always where one school by itself is asked for.
    `constant`: pooled over the same schools throughout. `relative`: how far above or below the median of the network's
    schools. `per_period`: what is new in each period of a cumulative measure. `as_of`: the observations as they were
    stored at that moment.
    """

    network: int
    measures: tuple[int, ...]
    schools: tuple[int, ...] = ()
    groups: tuple[int, ...] = (0,)
    period: str = ""
    first: date | None = None
    last: date | None = None
    pooled: bool = False
    constant: bool = False
    relative: bool = False
    per_period: bool = False
    as_of: datetime | None = None
    places: bool = False


def as_shown(measure: Measure, choice: Choice) -> Measure:
    """The measure as a choice's points hold it: differences have no goal and no season, new amounts no longer add up.

    What is new in a period of a percentage is a count: of its numerator.
    """
    if choice.per_period and measure.cumulative:
        unit = "count" if measure.unit in SHARES else measure.unit
        measure = replace(_without_goal(measure), cumulative=False, unit=unit)
    if choice.relative:
        wanted = "none" if measure.wanted == "in range" else measure.wanted
        unit = "percentage points" if measure.unit == "percent" else measure.unit
        measure = replace(_without_goal(measure), seasonal=False, wanted=wanted, unit=unit)
    return measure


def _without_goal(measure: Measure) -> Measure:
    return replace(measure, goal=None, goal_low=None, goal_high=None, goal_by=None)


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
    denominator, value (NaN where the school has no value in a period in which the network has), n_schools (with a
    value in the point), n_values (observations in the point), upload, sheet, row, col (of the newest observation in
    the point, where one school by itself or `places` was asked for).

    Within a period and over schools: sum of numerators / sum of denominators, never a mean of percentages. Where only
    values exist: the mean within a school, the median over schools. Of a cumulative measure a period has its newest
    value. Values of no-count days are in no point; see `left_out`.

    `per_period` changes only cumulative measures: the difference to the value one period before, counted from 0 at the
    start of each school year. Breaks of the school are no gap, but after a missing value the difference would be that
    of two periods, so there is none. It is made of counts and numerators only: the difference of two percentages that
    add up over the year says nothing about the percentage in the new part.

    `relative` is the value minus the median of all schools of the network in the same period, in periods with
    FEWEST_SCHOOLS_FOR_MEDIAN schools or more. Both have a value alone, neither numerator nor denominator.

    `constant` pools only schools that have a value in every period shown; periods that lack many of the usual schools
    (a break of one district, the newest before all have reported) are not shown.
    """
    measures = _measures(database, choice)
    if choice.pooled or choice.relative or choice.per_period:
        return _derived(database, choice, measures)
    return _own(database, choice, measures)


def _own(database: Database, choice: Choice, measures: "_Measures") -> pd.DataFrame:
    """What schools sent, by period; the rows come as they are stored, and are put in order where they aren't."""
    where, parameters = _where(choice, measures)
    columns = f"{COUNTS}, {PLACE}" if choice.places or len(choice.schools) == 1 else COUNTS

    def chosen(where: str, what: str) -> pa.Table:
        steps = (_no_count(measures), _chosen(measures, observations_sql(choice.as_of, where), columns))
        return database.table(f"with {', '.join(steps)} select {what} from chosen", parameters)

    periods = chosen(where, "distinct measure, period") if choice.schools else None
    rows = chosen(f"{where} and {_of_schools(choice)}", "*")
    return by_school.points(rows, periods, [row.id for row in measures.rows if row.cumulative])


def _derived(database: Database, choice: Choice, measures: "_Measures") -> pd.DataFrame:
    """Schools put together, or values that are made of several schools' or periods' values: in SQL."""
    where, parameters = _where(choice, measures)
    source = "new_by_school" if choice.per_period else "by_school"
    chosen = "same_schools" if choice.pooled and choice.constant else source
    observations = observations_sql(choice.as_of, where)
    steps = [_no_count(measures), _chosen(measures, observations, f"{COUNTS}, {PLACE}"), _by_school(measures, choice)]
    steps += [_new_by_school(measures, "period >= $first" if choice.first else "true")] if choice.per_period else []
    steps += [_middle(source)] if choice.relative else []
    steps += [_same_schools(source, choice)] if chosen == "same_schools" else []
    steps += [_pooled(chosen, choice) if choice.pooled else _apart(chosen, choice)]
    value = "case when is_ratio then numerator / nullif(denominator, 0) else value end"
    is_ratio = "false" if choice.relative else "is_ratio"
    sql = f"""
        with {", ".join(steps)}
        select {COLUMNS}, period::timestamp as date, case when {is_ratio} then numerator end as numerator,
               case when {is_ratio} then denominator end as denominator,
               {f"{value} - middle" if choice.relative else value} as value,
               coalesce(n_schools, 0)::integer as n_schools, coalesce(n_values, 0)::integer as n_values,
               place.upload, place.sheet, place.row, place.col
        from filled {"left join middle using (measure, student_group, period)" if choice.relative else ""}
        order by {COLUMNS}, period"""
    return database.frame(sql, parameters)


def last_year(database: Database, choice: Choice) -> pd.DataFrame:
    """The points of the same series a year earlier, with their dates moved to this year: columns as `points`.

    Weeks are moved by 52 weeks, so that Mondays stay Mondays; months and longer periods by a year.
    """
    measures = _measures(database, choice)
    earlier = replace(choice, first=_year_before(choice.first), last=_year_before(choice.last))
    found = points(database, earlier)
    period = found["measure"].map({one.id: choice.period or usual_period(one.cadence) for one in measures.rows})
    by_week = period.isin([name for name, cadence in CADENCES.items() if cadence.weeks or name == "day"])
    moved = (found["date"] + pd.Timedelta(weeks=52)).where(by_week, found["date"] + pd.DateOffset(years=1))
    return found.assign(date=moved.astype(found["date"].dtype))


def _year_before(day: date | None) -> date | None:
    return None if day is None else day - timedelta(weeks=52)


def left_out(database: Database, choice: Choice) -> pd.DataFrame:
    """How many values of no-count days are in no point of the chosen series: measure, school, student_group, n."""
    measures = _measures(database, choice)
    where, parameters = _where(choice, measures)
    school = f"{POOLED} as school" if choice.pooled else "school"
    sql = f"""
        with {_no_count(measures)}
        select measure, {school}, student_group, count(*)::integer as n
        from {observations_sql(choice.as_of, where)} as observation semi join no_count on {IS_NO_COUNT}
        where {_of_schools(choice)}
        group by all order by all"""
    return database.frame(sql, parameters)


def held(database: Database, choice: Choice) -> pd.DataFrame:
    """How many values are stored for each measure and group of the choice: measure, student_group, n, in this order.

    What has none is not in it.
    """
    where, parameters = _where(choice, _measures(database, choice))
    del parameters["network"]
    sql = f"""
        select measure, student_group, count(*) as n from {observations_sql(choice.as_of, where)} as observation
        where {_of_schools(choice)} group by all order by all"""
    return database.frame(sql, parameters)


def days(database: Database, measure: int, group: int) -> list[date]:
    """The days on which any school has a value of a measure and group, in order."""
    sql = "select distinct date from observation where measure = ? and student_group = ? order by 1"
    return [day for (day,) in database.rows(sql, [measure, group])]


def _of_schools(choice: Choice) -> str:
    return _among("school", choice.schools) if choice.schools else "true"


@dataclass(frozen=True)
class _Measures:
    """What the query must know of the chosen measures, and the month in which the school year starts."""

    start: int
    period: str
    rows: tuple["_Row", ...]

    def when(self, results: dict[int, str], otherwise: str) -> str:
        """SQL that differs by measure; the numbers are ours."""
        cases = " ".join(f"when {number} then {sql}" for number, sql in results.items())
        return f"case measure {cases} else {otherwise} end" if cases else otherwise

    @property
    def cumulative(self) -> str:
        return _among("measure", [row.id for row in self.rows if row.cumulative])

    @property
    def shares(self) -> str:
        return _among("months.measure", [row.id for row in self.rows if row.unit in SHARES])


def _among(column: str, numbers: Sequence[int]) -> str:
    return f"{column} in ({', '.join(map(str, numbers))})" if numbers else "false"


@dataclass(frozen=True)
class _Row:
    id: int
    cadence: str
    cumulative: bool
    unit: str


def _measures(database: Database, choice: Choice) -> _Measures:
    start = definitions.school_year_start(database, choice.network)
    rows = database.rows(
        "select id, cadence, cumulative, unit from measure where id in (select unnest(?)) and network = ?",
        [list(choice.measures), choice.network],
    )
    return _Measures(start, choice.period, tuple(_Row(*row) for row in rows))


def _where(choice: Choice, measures: _Measures) -> tuple[str, dict[str, object]]:
    """The filter in SQL, and its parameters. Only our own numbers are in the text: DuckDB skips what they rule out.

    What is new in a period needs the value before it, so there the first date is minded later.
    """
    wanted: dict[str, object] = {"network": choice.network}
    parts = [_among("measure", [row.id for row in measures.rows])]
    parts += [_among("student_group", choice.groups)] if choice.groups else []
    if choice.first:
        wanted["first"] = choice.first
        later = f" or {measures.cumulative}" if choice.per_period else ""
        parts.append(f"(date >= $first{later})")
    if choice.last:
        wanted["last"] = choice.last
        parts.append("date <= $last")
    if choice.as_of:
        wanted["as_of"] = choice.as_of
    return " and ".join(parts), wanted


def _no_count(measures: _Measures) -> str:
    """Each day on which the values of a measure and school don't count: off_measure, off_school, off_date.

    A value of a day lies on a no-count day. A value of a week or more lies on one day of its period, and is left out
    only where no school day of its weeks counts. Months and longer periods always have days that count.
    """
    monday = "date_trunc('week', off_date)::date"
    weeks = {row.id: CADENCES[row.cadence].weeks for row in measures.rows}
    whole = {n: f"{monday} >= first and {monday} + {7 * w - 3} <= last" for n, w in weeks.items() if w}
    days = {row.id: "true" for row in measures.rows if row.cadence == "day"}
    return f"""
        day_off as (
            select district, first, last,
                   unnest(generate_series(first, last, interval 1 day))::date as off_date
            from calendar where network = $network and kind = 'no-count'),
        no_count as (
            select distinct measure as off_measure, school.id as off_school, off_date
            from day_off join school on day_off.district in ('', school.district)
            cross join (select unnest({[row.id for row in measures.rows]}::integer[]) as measure)
            where school.network = $network and {measures.when(days | whole, "false")})"""


IS_NO_COUNT = "off_measure = measure and off_school = school and off_date = date"


def _chosen(measures: _Measures, source: str, columns: str) -> str:
    """Each measure's observations that count, with their period: the chosen one, else the measure's own cadence."""
    own = {row.id: period_sql(usual_period(row.cadence), measures.start) for row in measures.rows}
    period = period_sql(measures.period, measures.start) if measures.period else measures.when(own, "date")
    return f"""
        chosen as (
            select {columns}, {period} as period
            from {source} as observation anti join no_count on {IS_NO_COUNT})"""


def _by_school(measures: _Measures, choice: Choice) -> str:
    newest = measures.cumulative
    place = NO_PLACE if choice.pooled else f"arg_max(struct_pack({PLACE}), date)"
    numerator, denominator = (
        f"case when {newest} then arg_max({name}, date) else sum({name}) end as {name}"
        for name in ("numerator", "denominator")
    )
    return f"""
        summed as (
            select {COLUMNS}, period, {numerator}, {denominator},
                   case when {newest} then arg_max(value, date) else avg(value) end as plain,
                   count(*) as n_values,
                   case when {newest} then arg_max(numerator + denominator is not null, date)
                        else count(numerator + denominator) = count(*) end as is_ratio,
                   {place} as place
            from chosen group by {COLUMNS}, period),
        by_school as (
            select * exclude plain, case when is_ratio then numerator / nullif(denominator, 0) else plain end as value
            from summed)"""


def _new_by_school(measures: _Measures, since: str) -> str:
    """What is new in each period: `gaps` counts missing values since the school year began, breaks aside."""
    year = f"year(period + 6) - (month(period + 6) < {measures.start})::int"
    return f"""
        months as (select distinct measure, period, {year} as year from by_school),
        away as (
            select distinct school.id as school, period
            from months join calendar on period between calendar.first and calendar.last
            join school on school.network = calendar.network and calendar.district in ('', school.district)
            where calendar.network = $network and calendar.kind = 'break'),
        amounts as (
            select months.measure, one.school, one.student_group, months.period, year,
                   case when is_ratio then numerator when {measures.shares} then null
                        else value end as amount,
                   is_ratio, n_values, place, away.period is not null as is_away
            from (select distinct {COLUMNS} from by_school) as one join months on months.measure = one.measure
            left join by_school on by_school.measure = one.measure and by_school.school = one.school
                 and by_school.student_group = one.student_group and by_school.period = months.period
            left join away on away.school = one.school and away.period = months.period),
        with_gaps as (
            select *, sum((amount is null and not is_away)::int) over (
                          partition by {COLUMNS}, year order by period) as gaps
            from amounts),
        with_before as (
            select *, lag(case when amount is not null then struct_pack(amount, gaps, is_ratio) end ignore nulls) over (
                          partition by {COLUMNS}, year order by period) as before
            from with_gaps),
        new_by_school as (
            select {COLUMNS}, period, null::double as numerator, null::double as denominator, n_values,
                   false as is_ratio, place,
                   case when before is null and gaps = 0 then amount
                        when before.gaps = gaps and before.is_ratio = is_ratio then amount - before.amount end as value
            from with_before where amount is not null and {measures.cumulative} and {since}
            union all by name select * from by_school where not {measures.cumulative})"""


def _middle(source: str) -> str:
    return f"""
        middle as (
            select measure, student_group, period, median(value) as middle
            from {source} group by all having count(value) >= {FEWEST_SCHOOLS_FOR_MEDIAN})"""


def _same_schools(source: str, choice: Choice) -> str:
    """Periods in which enough of the usual schools have a value, and the schools that have one in all of these."""
    return f"""
        wanted as (
            select * from {source}
            where value is not null and {_of_schools(choice)}),
        in_period as (select measure, student_group, period, count(*) as n from wanted group by all),
        shown as (
            select * from in_period
            qualify n >= {COMPLETE_SHARE} * median(n) over (partition by measure, student_group)),
        in_shown as (select * from wanted semi join shown using (measure, student_group, period)),
        needed as (select measure, student_group, count(*) as n from shown group by all),
        held as (select {COLUMNS}, count(*) as n from in_shown group by all),
        steady as (select * from held semi join needed using (measure, student_group, n)),
        same_schools as (select * from in_shown semi join steady using ({COLUMNS}))"""


def usual_period(cadence: str) -> str:
    """The period that a measure is read by: its cadence; days by week, since neighboring days are alike."""
    return "week" if cadence == "day" else cadence


def _apart(source: str, choice: Choice) -> str:
    """Each school's own series, with an empty place for each period in which others of the network have a value."""
    return f"""
        periods as (select distinct measure, period from {source}),
        own as (select * from {source} where {_of_schools(choice)}),
        span as (select {COLUMNS}, min(period) as first, max(period) as last from own group by all),
        filled as (
            select span.measure, span.school, span.student_group, periods.period,
                   own.numerator, own.denominator, own.value,
                   n_values, is_ratio, (own.value is not null)::int as n_schools, place
            from span
            join periods on periods.measure = span.measure and periods.period between span.first and span.last
            left join own on own.measure = span.measure and own.school = span.school
                         and own.student_group = span.student_group and own.period = periods.period)"""


def _pooled(source: str, choice: Choice) -> str:
    """One series for all schools; a school without a value (a denominator of 0) is not counted among them."""
    return f"""
        filled as (
            select measure, {POOLED} as school, student_group, period, sum(numerator) as numerator,
                   sum(denominator) as denominator, median(value) as value, sum(n_values) as n_values,
                   bool_and(is_ratio) as is_ratio, count(value) as n_schools,
                   {NO_PLACE} as place
            from {source} where {_of_schools(choice)} group by all)"""


def places(database: Database, uploads: Sequence[int]) -> dict[int, tuple[str, list[str]]]:
    """File name and sheet names of each upload, to say where a point comes from."""
    rows = database.rows("select id, file, sheets from upload where id in (select unnest(?))", [list(uploads)])
    return {number: (file, sheets) for number, file, sheets in rows}
