"""Which school of the network a spreadsheet means, and the other names and codes by which each is known."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pandas as pd
import pyarrow as pa

from lib.store.database import Database


@dataclass(frozen=True)
class Alias:
    """Another name, or with `is_code` another code, by which files call a school."""

    text: str
    school: int
    is_code: bool = False


@dataclass(frozen=True)
class Same:
    """A new school of a file, by its code and name there, that is another new one of the file, `of_code`, `of_name`."""

    code: str
    name: str
    of_code: str
    of_name: str


def as_one(frame: pd.DataFrame, same: Sequence[Same]) -> pd.DataFrame:
    """Rows with school_code and school_name, those of such schools under the other's code and name."""
    stays = {(one.code, one.name): (one.of_code, one.of_name) for one in same}
    if not stays:
        return frame
    pairs = zip(frame["school_code"], frame["school_name"], strict=True)
    found = [stays.get(pair, pair) for pair in pairs]
    texts = {name: pd.array([pair[place] for pair in found], dtype="str") for place, name in enumerate(NAMED_BY)}
    return frame.assign(**texts)


NAMED_BY = ("school_code", "school_name")
ALIAS_COLUMNS = pa.schema([("text", pa.string()), ("school", pa.int32()), ("is_code", pa.bool_())])


def stage(cursor: duckdb.DuckDBPyConnection, network: int, schools: pd.DataFrame, aliases: Sequence[Alias]) -> None:
    """Temporary table `file_school`: each code and name in the file with the id of its school.

    `schools` has school_code, school_name, district; a table `raw` holds the observations. `is_new` where a school gets
    a new id. A school is found by its code. Without that, by its name, but only where the name is one school's: a name
    without a code belongs to the one school of that name that has no code, else to the only one of that name; a name
    with a new code belongs to a school that has no code yet, unless the file gives the name several codes. Then by an
    alias, in the same way.
    """
    cursor.register("raw_school", pa.Table.from_pandas(schools, preserve_index=False))
    said = [{"text": one.text, "school": one.school, "is_code": one.is_code} for one in aliases]
    cursor.register("said_alias", pa.Table.from_pylist(said, schema=ALIAS_COLUMNS))
    cursor.execute(
        """create or replace temp table file_school as
        with spelled as (
            select school_code, school_name, district, row_number() over () as place from raw_school
            union all
            select school_code, school_name, district, (select count(*) from raw_school) + row from raw),
        given as (
            select school_code as code, school_name as name, lower(school_name) as folded,
                   arg_min(district, place) as district, min(place) as place
            from spelled group by 1, 2),
        codes as (select folded, count(distinct code) filter (code <> '') as number from given group by 1),
        named as (
            select lower(name) as folded, count(*) as number, min(id) as id,
                   count(*) filter (code = '') as codeless, min(id) filter (code = '') as codeless_id
            from school where network = $network group by 1),
        alias as (
            select alias as text, school, is_code from school_alias where network = $network
            union all select text, school, is_code from said_alias),
        coded as (
            select code, min(id) as id from (
                select code, id from school where network = $network and code <> ''
                union all select text, school from alias where is_code) group by 1),
        other as (
            select lower(text) as folded, min(alias.school) as id, bool_and(school.code = '') as codeless
            from alias join school on school.id = alias.school where not is_code group by 1),
        found as (
            select given.*, if(given.code = '', folded, given.code) as key, coalesce(
                coded.id,
                case when given.code = '' and named.codeless = 1 then codeless_id
                     when given.code = '' and named.number = 1 then named.id
                     when named.number = 1 and named.codeless = 1 and codes.number = 1 then named.id end,
                case when given.code = '' or (other.codeless and codes.number = 1) then other.id end) as known
            from given join codes using (folded) left join coded using (code)
            left join named using (folded) left join other using (folded)),
        fresh as (
            select code = '' as codeless, key, row_number() over (order by min(place)) as number
            from found where known is null group by 1, 2)
        select code, name, district, place, known is null as is_new,
               coalesce(known, (select coalesce(max(id), 0) from school) + fresh.number) as id
        from found left join fresh on fresh.key = found.key and fresh.codeless = (code = '')""",
        {"network": network},
    )
    cursor.unregister("said_alias")


def remember(cursor: duckdb.DuckDBPyConnection, network: int, aliases: Sequence[Alias]) -> None:
    """Keep aliases that aren't kept yet."""
    for one in aliases:
        cursor.execute(
            """insert into school_alias (network, alias, school, is_code)
               select $network, $text, $school, $is_code where not exists (
                   select 1 from school_alias where network = $network and school = $school and is_code = $is_code
                   and lower(alias) = lower($text))""",
            {"network": network, "text": one.text, "school": one.school, "is_code": one.is_code},
        )


def remember_same(cursor: duckdb.DuckDBPyConnection, network: int, same: Sequence[Same]) -> None:
    """Keep names and codes of schools that are another one of the file, which `file_school` has."""
    for one in same:
        [(school,)] = cursor.execute(
            "select id from file_school where code = ? and name = ?", [one.of_code, one.of_name]
        ).fetchall()
        code = [Alias(one.code, school, is_code=True)] if one.code else []
        remember(cursor, network, [Alias(one.name, school), *code])


def known(database: Database, network: int) -> pd.DataFrame:
    """What files may call each school: id, code, name, district, aliases (a list, without codes)."""
    return database.frame(
        """select id, code, name, district, coalesce(list(alias) filter (not is_code), []) as aliases
           from school left join school_alias on school_alias.school = school.id
           where school.network = ? group by all order by id""",
        [network],
    )
