"""One upload is one transaction: schools, measures and groups it brings, its observations, and what it replaces."""

from dataclasses import dataclass

import duckdb
import pandas as pd
import pyarrow as pa

from lib.measures import Measure
from lib.store.database import Database
from lib.store.definitions import next_id, save_measure

KEY = "measure, school, student_group, date"
COLUMNS = f"{KEY}, numerator, denominator, value, upload, sheet, row, col"
SAME_KEY = " and ".join(f"observation.{name.strip()} = incoming.{name.strip()}" for name in KEY.split(","))

SAME_VALUES = """observation.value = incoming.value
    and observation.numerator is not distinct from incoming.numerator
    and observation.denominator is not distinct from incoming.denominator"""


@dataclass(frozen=True)
class NewUpload:
    """What is to be saved.

    `observations` has one row per kept value: school_code, school_name, district, measure (name), category, group ('' for
    all students), date, numerator, denominator, value, sheet (place in `sheets`), row, col (from 1).
    `refused`: sheet, cell, value, reason, fix. `left_out_rows`: sheet, row, reason.
    """

    network: int
    file: str
    sha256: str
    who: str
    recipe: str
    sheets: tuple[str, ...]
    observations: pd.DataFrame
    refused: pd.DataFrame
    left_out_rows: pd.DataFrame
    measures: tuple[Measure, ...]
    suppressed: int
    left_out: int
    blank: int


@dataclass(frozen=True)
class Difference:
    """What an upload would do to what is stored, in observations."""

    new: int
    changed: int
    unchanged: int
    vanished: int
    new_schools: tuple[str, ...]
    new_measures: tuple[str, ...]


def difference(database: Database, upload: NewUpload) -> Difference:
    """Compare an upload with what is stored; writes nothing.

    `vanished`: stored values of the same measures, schools and groups, within the upload's dates, that it doesn't bring.
    """
    with database.cursor() as cursor:
        _stage(cursor, upload)
        new, changed, unchanged = cursor.execute(
            f"""select count(*) filter (observation.value is null),
                       count(*) filter (observation.value is not null and not ({SAME_VALUES})),
                       count(*) filter (observation.value is not null and {SAME_VALUES})
                from incoming left join observation on {SAME_KEY}"""
        ).fetchall()[0]
        [(vanished,)] = cursor.execute(
            f"""with reach as (select measure, school, student_group, min(date) as first, max(date) as last
                               from incoming where measure > 0 and school > 0 group by all)
                select count(*) from observation join reach using (measure, school, student_group)
                where date between first and last
                  and not exists (select 1 from incoming where {SAME_KEY})"""
        ).fetchall()
        new_schools = cursor.execute("select name from new_school order by place").fetchall()
        known = {
            name.lower()
            for (name,) in cursor.execute("select name from measure where network = ?", [upload.network]).fetchall()
        }
    new_measures = tuple(measure.name for measure in upload.measures if measure.name.lower() not in known)
    return Difference(new, changed, unchanged, vanished, tuple(name for (name,) in new_schools), new_measures)


def save(database: Database, upload: NewUpload) -> int:
    """Save all of it, or nothing; returns the upload's id."""
    with database.writing() as cursor:
        _add_definitions(cursor, upload)
        _stage(cursor, upload)
        number = next_id(cursor, "upload")
        _add_upload(cursor, number, upload)
        cursor.execute(
            f"insert into replaced select {COLUMNS}, ? from observation where exists (select 1 from incoming where {SAME_KEY})",
            [number],
        )
        cursor.execute(f"delete from observation using incoming where {SAME_KEY}")
        cursor.execute(
            f"""insert into observation select {KEY}, numerator, denominator, value, ?, sheet, row, col
                from incoming order by {KEY}""",
            [number],
        )
        cursor.execute(
            "insert into log (network, who, what) values (?, ?, ?)",
            [upload.network, upload.who, f"brought in {upload.file} as upload {number}"],
        )
        _unstage(cursor)
    return number


def _add_definitions(cursor: duckdb.DuckDBPyConnection, upload: NewUpload) -> None:
    """Schools, measures and groups that the upload brings and the network doesn't have."""
    known = {
        name.lower()
        for (name,) in cursor.execute("select name from measure where network = ?", [upload.network]).fetchall()
    }
    for measure in upload.measures:
        if measure.name.lower() not in known:
            save_measure(cursor, upload.network, measure)
    _stage(cursor, upload)
    cursor.execute(
        """insert into school (id, network, code, name, district)
           select (select coalesce(max(id), 0) from school) + place, ?, code, name, district from new_school""",
        [upload.network],
    )
    cursor.execute(
        """insert into student_group
           select (select coalesce(max(id), 0) from student_group) + row_number() over (order by category, name), ?, category, name
           from (select distinct category, "group" as name from raw
                 where "group" <> '' and not exists (select 1 from student_group as g
                       where g.network = ? and g.category = raw.category and g.name = raw."group"))""",
        [upload.network, upload.network],
    )
    _unstage(cursor)


def _stage(cursor: duckdb.DuckDBPyConnection, upload: NewUpload) -> None:
    """Lay the upload beside what is stored, in temporary tables of this cursor.

    `incoming` has the observations with our ids; a school, measure or group not in the network yet has id -1.
    A school is found by its code, then by its name (only where the name is one school's), then by an alias.
    `new_school` has the schools that were not found.
    """
    cursor.register("raw", pa.Table.from_pandas(upload.observations, preserve_index=False))
    cursor.execute(
        """create or replace temp table found_school as
        with given as (select distinct school_code as code, school_name as name from raw),
        named as (select lower(name) as name, min(id) as id, count(*) as number from school where network = $network group by 1),
        coded as (select code, min(id) as id from school where network = $network and code <> '' group by 1),
        other as (select lower(alias) as name, min(school) as id from school_alias where network = $network group by 1)
        select given.code, given.name, coalesce(
            coded.id,
            case when named.number = 1 and (given.code = '' or school.code = '') then named.id end,
            other.id, -1) as id
        from given
        left join coded on coded.code = given.code
        left join named on named.name = lower(given.name)
        left join school on school.id = named.id
        left join other on other.name = lower(given.name)""",
        {"network": upload.network},
    )
    cursor.execute(
        """create or replace temp table new_school as
        select row_number() over (order by min(first)) as place, code, any_value(name) as name, any_value(district) as district
        from (select school_code as code, arg_min(school_name, date) as name, arg_max(district, date) as district,
                     min(raw.row) as first, case when school_code = '' then lower(school_name) end as by_name
              from raw join found_school on school_code = found_school.code and school_name = found_school.name
              where found_school.id = -1 group by school_code, by_name)
        group by code, by_name"""
    )
    cursor.execute(
        """create or replace temp table incoming as
        select coalesce(measure.id, -1) as measure, found_school.id as school,
               case when raw."group" = '' then 0 else coalesce(student_group.id, -1) end as student_group,
               raw.date::date as date, raw.numerator, raw.denominator, raw.value, raw.sheet::smallint as sheet,
               raw.row::integer as row, raw.col::integer as col
        from raw
        join found_school on raw.school_code = found_school.code and raw.school_name = found_school.name
        left join measure on measure.network = $network and lower(measure.name) = lower(raw.measure)
        left join student_group on student_group.network = $network and student_group.category = raw.category
                                   and student_group.name = raw."group" """,
        {"network": upload.network},
    )


def _unstage(cursor: duckdb.DuckDBPyConnection) -> None:
    for table in ("incoming", "new_school", "found_school"):
        cursor.execute(f"drop table if exists temp.{table}")
    cursor.unregister("raw")


def _add_upload(cursor: duckdb.DuckDBPyConnection, number: int, upload: NewUpload) -> None:
    cursor.execute(
        """insert into upload (id, network, file, sha256, who, recipe, sheets, kept, suppressed, refused, left_out, blank)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
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
        ],
    )
    for table, frame in (("refused_cell", upload.refused), ("left_out_row", upload.left_out_rows)):
        if len(frame):
            cursor.register("frame", pa.Table.from_pandas(frame, preserve_index=False))
            cursor.execute(f"insert into {table} select ?, * from frame", [number])
            cursor.unregister("frame")
