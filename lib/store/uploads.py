"""One upload is one transaction: schools, measures and groups it brings, its observations, and what it replaces."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import pandas as pd
import pyarrow as pa

from lib.measures import Group, Measure
from lib.problems import CannotContinue, Problem
from lib.store.database import Database
from lib.store.definitions import next_id, save_measure
from lib.store.schools import Alias, Same, as_one, remember, remember_same, stage

KEY = "measure, school, student_group, date"
COLUMNS = f"{KEY}, numerator, denominator, value, upload, sheet, row, col"
SAME_KEY = " and ".join(f"observation.{name.strip()} = incoming.{name.strip()}" for name in KEY.split(","))
SAME_REPLACED = SAME_KEY.replace("observation.", "replaced.")

SAME_VALUES = """observation.value = incoming.value
    and observation.numerator is not distinct from incoming.numerator
    and observation.denominator is not distinct from incoming.denominator"""


@dataclass(frozen=True)
class NewUpload:
    """What is to be saved.

    `schools` has one row per school in the file, in their order, also those with no value: school_code, school_name,
    district. `observations` has one row per kept value: school_code, school_name, district, measure (name), category,
    group ('' for all students), date, numerator, denominator, value, sheet (place in `sheets`), row, col (from 1).
    `refused`: sheet, cell, value, reason, fix. `left_out_rows`: sheet, row, reason.
    """

    network: int
    file: str
    sha256: str
    who: str
    recipe: str
    sheets: tuple[str, ...]
    schools: pd.DataFrame
    observations: pd.DataFrame
    refused: pd.DataFrame
    left_out_rows: pd.DataFrame
    measures: tuple[Measure, ...]
    suppressed: int
    left_out: int
    blank: int
    reason: str = ""
    """Why somebody typed it in; a file needs none."""
    aliases: tuple[Alias, ...] = ()
    """What a person said of schools that the network doesn't know by these names; remembered with the upload."""
    emptied: pd.DataFrame | None = None
    """Values that a person takes away: `observations` without numerator, denominator and value."""
    same: tuple[Same, ...] = ()
    """New schools of the file that a person called one; remembered too."""


@dataclass(frozen=True)
class Difference:
    """What an upload would do to what is stored, in observations."""

    new: int
    changed: int
    unchanged: int
    vanished: int
    new_schools: tuple[str, ...]
    new_measures: tuple[str, ...]
    new_groups: tuple[str, ...]


def difference(database: Database, upload: NewUpload) -> Difference:
    """Compare an upload with what is stored; writes nothing.

    `vanished`: stored values of the same measures, schools and groups, within the upload's dates, that it doesn't
    bring.
    """
    with database.cursor() as cursor, _staged(cursor, upload) as rows:
        _stage_observations(cursor, upload, rows)
        new, changed, unchanged = cursor.execute(
            f"""select count(*) filter (observation.value is null),
                       count(*) filter (observation.value is not null and not ({SAME_VALUES})),
                       count(*) filter (observation.value is not null and {SAME_VALUES})
                from incoming left join observation on {SAME_KEY}"""
        ).fetchall()[0]
        [(vanished,)] = cursor.execute(
            f"""with reach as (select measure, school, student_group, min(date) as first, max(date) as last
                               from incoming group by all)
                select count(*) from observation join reach using (measure, school, student_group)
                where date between first and last
                  and not exists (select 1 from incoming where {SAME_KEY})"""
        ).fetchall()
        new_schools = cursor.execute(
            "select arg_min(name, place) from file_school where is_new group by id order by id"
        ).fetchall()
        new_groups = cursor.execute(
            """select category, "group" from raw
               where "group" <> '' and not exists (
                   select 1 from student_group as g
                   where network = $network and g.category = raw.category and g.name = raw."group")
               group by all order by min(number)""",
            {"network": upload.network},
        ).fetchall()
        known = _measure_names(cursor, upload.network)
    new_measures = tuple(measure.name for measure in upload.measures if measure.name.lower() not in known)
    groups = tuple(Group(category=category, name=name).label for category, name in new_groups)
    return Difference(new, changed, unchanged, vanished, tuple(name for (name,) in new_schools), new_measures, groups)


def newcomers(database: Database, upload: NewUpload) -> pd.DataFrame:
    """The schools that the network would get: code, name, district, in the order of the file."""
    with database.cursor() as cursor, _staged(cursor, upload):
        return cursor.execute("select code, name, district from file_school where is_new order by place").df()


STEPS = ("Finding the schools", "Keeping what is replaced", "Writing the values", "Closing")


def save(database: Database, upload: NewUpload, step: Callable[[], None] = lambda: None) -> int:
    """Save all of it, or nothing; returns the upload's id.

    `step` is called when each of STEPS but the first begins; what it raises undoes all. Raises CannotContinue where two
    values of the file would be one school's on one date.
    """
    with database.writing() as cursor, _staged(cursor, upload) as rows:
        number = next_id(cursor, "upload")
        _add_definitions(cursor, number, upload)
        _stage_observations(cursor, upload, rows)
        _refuse_clashes(cursor, upload)
        _add_upload(cursor, number, upload)
        _add_named(cursor, number)
        hide_what_nobody_names(cursor, upload.network)
        step()
        cursor.execute(
            f"""insert into replaced select {COLUMNS}, ?
                from observation where exists (select 1 from incoming where {SAME_KEY})""",
            [number],
        )
        cursor.execute(f"update replaced set replaced_by = ? from incoming where {SAME_REPLACED}", [number])
        cursor.execute(f"delete from observation using incoming where {SAME_KEY}")
        step()
        cursor.execute(
            f"""insert into observation select {KEY}, numerator, denominator, value, ?, sheet, row, col
                from incoming where not emptied order by {KEY}""",
            [number],
        )
        cursor.execute(
            f"""insert into replaced select {KEY}, null, null, null, $number, sheet, row, col, $number
                from incoming where emptied""",
            {"number": number},
        )
        cursor.execute(
            "insert into log (network, who, what) values (?, ?, ?)",
            [upload.network, upload.who, f"brought in {upload.file} as upload {number}"],
        )
        step()
    return number


def _add_definitions(cursor: duckdb.DuckDBPyConnection, number: int, upload: NewUpload) -> None:
    """Measures, schools and groups that the upload brings and the network doesn't have."""
    known = _measure_names(cursor, upload.network)
    for measure in upload.measures:
        if measure.name.lower() not in known:
            made = save_measure(cursor, upload.network, measure)
            cursor.execute("update measure set brought_by = ? where id = ?", [number, made])
    cursor.execute(
        """insert into school (id, network, code, name, district, brought_by)
           select id, ?, code, arg_min(name, place), arg_min(district, place), ?
           from file_school where is_new group by id, code""",
        [upload.network, number],
    )
    cursor.execute(
        """update school set code = file_school.code from file_school
           where school.id = file_school.id and school.code = '' and file_school.code <> ''"""
    )
    remember(cursor, upload.network, upload.aliases)
    remember_same(cursor, upload.network, upload.same)
    cursor.execute(
        """insert into student_group (id, network, category, name, brought_by)
           select (select coalesce(max(id), 0) from student_group) + row_number() over (order by category, name),
                  ?, category, name, ?
           from (select distinct category, "group" as name from raw
                 where "group" <> '' and not exists (select 1 from student_group as g
                       where g.network = ? and g.category = raw.category and g.name = raw."group"))""",
        [upload.network, number, upload.network],
    )


def _add_named(cursor: duckdb.DuckDBPyConnection, number: int) -> None:
    """What an upload names; a group of which it only takes values away is none that it brings."""
    cursor.execute(
        """insert into named
           select distinct ?, 'school', id, null from file_school
           union select distinct ?, 'measure', measure, unit from incoming join measure on measure.id = measure
           union select distinct ?, 'student_group', student_group, null from incoming where not emptied""",
        [number, number, number],
    )


def hide_what_nobody_names(cursor: duckdb.DuckDBPyConnection, network: int) -> None:
    """Hide what an upload made and only undone uploads name; show again what another one names.

    A school that a person tagged or tests a change idea in, and a measure that a person confirmed, is theirs and stays.
    """
    theirs = {
        "school": "len(coalesce(tags, [])) > 0 or id in (select school from test_of_change)",
        "measure": "not draft",
        "student_group": "false",
    }
    for table, by_hand in theirs.items():
        cursor.execute(
            f"""update {table} set hidden = not hidden where network = ? and brought_by is not null
                and hidden = ({by_hand} or id in (
                    select named.id from named join upload on upload.id = named.upload
                    where what = '{table}' and not undone))""",
            [network],
        )


def _measure_names(cursor: duckdb.DuckDBPyConnection, network: int) -> set[str]:
    """Names of the measures that there are; one that only undone uploads name is brought in as if it were new."""
    rows = cursor.execute("select name from measure where network = ? and not hidden", [network]).fetchall()
    return {name.lower() for (name,) in rows}


def _stage_observations(cursor: duckdb.DuckDBPyConnection, upload: NewUpload, rows: pd.DataFrame) -> None:
    """`incoming`: the observations with our ids; a measure or group that isn't in the network yet has id -1.

    Ids are found once for each row of `raw`: DuckDB 1.5 takes a registered table for one row, and would keep all
    observations in memory to join them.
    """
    ids = cursor.execute(
        """select coalesce((select id from measure where network = $network and lower(name) = lower(raw.measure)), -1)
                      as measure,
                  (select id from file_school where code = raw.school_code and name = raw.school_name) as school,
                  case when raw."group" = '' then 0 else coalesce(
                      (select id from student_group as g
                       where network = $network and g.category = raw.category and g.name = raw."group"), -1) end
                      as student_group
           from raw order by number""",
        {"network": upload.network},
    ).to_arrow_table()
    found = ids.take(pa.array(rows["number"]))
    numbers = pa.Table.from_pandas(rows[NUMBERS], preserve_index=False)
    cursor.register("numbers", pa.table([*found.columns, *numbers.columns], [*found.column_names, *NUMBERS]))
    cursor.execute(
        """create or replace temp table incoming as
           select * replace (date::date as date, sheet::smallint as sheet, row::integer as row, col::integer as col)
           from numbers"""
    )
    cursor.unregister("numbers")


def _refuse_clashes(cursor: duckdb.DuckDBPyConnection, upload: NewUpload) -> None:
    """Two names of a file may turn out to be one school here; then no value is silently preferred."""
    clashes = cursor.execute(
        f"""with twice as (select hash({KEY}) as key from incoming group by 1 having count(*) > 1)
            select any_value(school.name), min(date)::text, list(row order by row)
            from incoming join school on school.id = incoming.school
            where hash({KEY.replace("school,", "incoming.school,")}) in (from twice)
            group by {KEY.replace("school,", "incoming.school,")} having count(*) > 1 order by all limit 3"""
    ).fetchall()
    if clashes:
        raise CannotContinue(
            *(
                Problem(
                    f"{upload.file}, rows {' and '.join(map(str, rows))}",
                    f"Both are “{name}” on {day} here.",
                    "Keep one of the rows, or give the schools different codes.",
                )
                for name, day, rows in clashes
            )
        )


NAMES = ["school_code", "school_name", "district", "measure", "category", "group"]
NUMBERS = ["date", "numerator", "denominator", "value", "sheet", "row", "col", "emptied"]


@contextmanager
def _staged(cursor: duckdb.DuckDBPyConnection, upload: NewUpload) -> Iterator[pd.DataFrame]:
    """Temporary tables of this cursor: `raw`, the different names of the observations, and `file_school`.

    Gives the observations and what a person takes away; `number` is that of its names in `raw`.
    """
    rows = _with_emptied(upload)
    rows["number"] = rows.groupby(NAMES, sort=False, dropna=False).ngroup().astype("int32")
    names = rows.loc[~rows["number"].duplicated(), [*NAMES, "row", "number"]]
    cursor.register("raw", pa.Table.from_pandas(as_one(names, upload.same), preserve_index=False))
    stage(cursor, upload.network, as_one(upload.schools, upload.same), upload.aliases)
    yield rows
    cursor.execute("drop table if exists temp.incoming")
    cursor.execute("drop table if exists temp.file_school")
    for name in ("raw_school", "raw"):
        cursor.unregister(name)


def _with_emptied(upload: NewUpload) -> pd.DataFrame:
    rows = upload.observations.assign(emptied=False)
    if upload.emptied is None:
        return rows
    return pd.concat([rows, upload.emptied.assign(emptied=True)], ignore_index=True)


def _add_upload(cursor: duckdb.DuckDBPyConnection, number: int, upload: NewUpload) -> None:
    cursor.execute(
        """insert into upload
               (id, network, file, sha256, who, recipe, sheets, kept, suppressed, refused, left_out, blank, reason)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            number,
            upload.network,
            upload.file,
            upload.sha256,
            upload.who,
            upload.recipe,
            list(upload.sheets),
            len(upload.observations),
            upload.suppressed,
            len(upload.refused),
            upload.left_out,
            upload.blank,
            upload.reason,
        ],
    )
    for table, frame in (("refused_cell", upload.refused), ("left_out_row", upload.left_out_rows)):
        if len(frame):
            cursor.register("frame", pa.Table.from_pandas(frame, preserve_index=False))
            cursor.execute(f"insert into {table} select ?, * from frame", [number])
            cursor.unregister("frame")
