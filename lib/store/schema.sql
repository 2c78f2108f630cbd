-- The store, as numbered migrations. A migration that has been released is never edited; a change is a new one.

-- migration 1: networks, schools, measures, uploads and what they hold

create table network (
    id integer primary key,
    name text not null,
    invented boolean not null default false,  -- the sample network says so on every page
    school_year_start tinyint not null default 8,  -- month
    created timestamp not null default current_timestamp
);

create table school (
    id integer primary key,
    network integer not null,
    code text not null default '',
    name text not null,
    district text not null default ''
);

create table school_alias (network integer not null, alias text not null, school integer not null);

create table measure (
    id integer primary key,
    network integer not null,
    name text not null,
    question text not null default '',
    family text not null,
    unit text not null,
    wanted text not null,
    goal double,
    goal_low double,
    goal_high double,
    goal_by date,
    cadence text not null,
    cumulative boolean not null default false,
    seasonal boolean not null default false,
    numerator_words text not null default '',
    denominator_words text not null default '',
    draft boolean not null default false,
    place integer not null default 0  -- order on screen
);

-- id 0 is all students, in every network
create table student_group (id integer primary key, network integer not null, category text not null, name text not null);

create table upload (
    id integer primary key,
    network integer not null,
    file text not null,
    sha256 text not null,
    saved_at timestamp not null default current_timestamp,
    who text not null,
    recipe json not null,
    sheets text[] not null,
    kept integer not null,
    suppressed integer not null,
    refused integer not null,
    left_out integer not null,
    blank integer not null
);

-- What is shown: the newest upload's word on each measure, school, group and date. `value` is in the measure's unit,
-- percent as a fraction. The cell is sheets[sheet], row, col (from 1) of the upload's file.
create table observation (
    measure integer not null,
    school integer not null,
    student_group integer not null,
    date date not null,
    numerator double,
    denominator double,
    value double not null,
    upload integer not null,
    sheet smallint not null,
    row integer not null,
    col integer not null
);

-- What a later upload took the place of, so that it can be put back.
create table replaced (
    measure integer not null,
    school integer not null,
    student_group integer not null,
    date date not null,
    numerator double,
    denominator double,
    value double not null,
    upload integer not null,
    sheet smallint not null,
    row integer not null,
    col integer not null,
    replaced_by integer not null
);

create table refused_cell (
    upload integer not null, sheet text not null, cell text not null, value text not null, reason text not null, fix text not null
);

create table left_out_row (upload integer not null, sheet text not null, row integer not null, reason text not null);

create table calendar (
    network integer not null,
    district text not null default '',  -- '' is every district
    kind text not null,  -- 'term' or 'break'
    name text not null,
    first date not null,
    last date not null
);

create table change_idea (id integer primary key, network integer not null, name text not null, driver text not null default '');

create table test_of_change (
    network integer not null,
    idea integer not null,
    school integer not null,
    start_date date not null,
    end_date date,
    stage text not null,
    prediction text not null default '',
    result text not null default '',
    learned text not null default '',
    decision text not null default ''
);

create table log (
    saved_at timestamp not null default current_timestamp, network integer not null, who text not null, what text not null
);

-- migration 2: what people mark on charts

-- Whether each school year of the measure has a middle line of its own, instead of being read against last year's.
-- (A column with "not null" can't be added to a table of DuckDB 1.5.)
alter table measure add column new_line_each_year boolean default false;

-- Append-only: a mark is made, undone, redone; nothing is ever changed or deleted here. `mark` is the number of the
-- event that made it; only that one has the columns after `who`.
create table mark_event (
    number integer primary key,  -- in the order in which it happened, over all networks
    network integer not null,
    mark integer not null,
    what text not null,  -- 'made', 'undone' or 'redone'
    saved_at timestamp not null default current_timestamp,
    who text not null,
    measure integer,
    school integer,  -- 0 is the pooled network
    student_group integer,
    kind text,  -- 'freeze', 'phase', 'leave out' or 'note'
    first date,
    last date,  -- of a freeze
    period text,  -- of the point that is left out or noted on; '' for a note on a date
    name text,  -- of a phase
    text text,  -- the reason, or the note
    agreed text[]  -- the conditions ticked for a suggested middle line
);

-- migration 3: what a change took the place of, and networks that are no more

alter table log add column before json;

-- Kinds of the calendar are 'term', 'break' and 'no-count' from here on. Numbers of deleted networks are never used
-- again, so that an old address can't open a new network.
create table deleted_network (id integer primary key, deleted_at timestamp not null default current_timestamp, who text not null);

-- migration 4: tags of schools (their level, setting, size ...), for filters

alter table school add column tags text[];

-- migration 5: uploads that are undone and redone, and what a file names besides values

-- Append-only, as mark_event is.
create table upload_event (
    number integer primary key,  -- in the order in which it happened, over all networks
    network integer not null,
    upload integer not null,
    what text not null,  -- 'undone' or 'redone'
    saved_at timestamp not null default current_timestamp,
    who text not null,
    reason text not null
);

-- From here on `replaced` holds every value that isn't shown: a later upload took its place, or its own is undone.
-- `replaced_by` is the upload whose value is shown instead, 0 where none is.
alter table upload add column undone boolean default false;

-- The schools, measures and groups that a file names; a school may have a row without a value.
-- `unit` is that of a measure when the file was read.
create table named (upload integer not null, what text not null, id integer not null, unit text);

insert into named
select distinct upload, unnest(['school', 'measure', 'student_group']), unnest([school, measure, student_group]), null
from (select upload, school, measure, student_group from observation
      union select upload, school, measure, student_group from replaced);

-- The upload that made the row, null where a person did; what only undone uploads name is hidden.
alter table school add column brought_by integer;
alter table school add column hidden boolean default false;
alter table measure add column brought_by integer;
alter table measure add column hidden boolean default false;
alter table student_group add column brought_by integer;
alter table student_group add column hidden boolean default false;

-- migration 6: why an upload was typed in; by itself, since DuckDB 1.5 can't add two columns to this table at once
-- (“another transaction has altered this table”, when the change is to be kept)

alter table upload add column reason text default '';

-- migration 7: definitions as people keep them: aliases, recipes, what is retired or merged

-- An alias may be a code that a file uses for a school.
alter table school_alias add column is_code boolean default false;

create table measure_alias (network integer not null, alias text not null, measure integer not null);

-- Retired: no longer offered anywhere; the values stay.
alter table school add column retired boolean default false;
alter table measure add column retired boolean default false;

-- How a kind of spreadsheet is read, under a name. `proposed` is what was proposed before people corrected it, '' for
-- nothing; `asked` is where that proposal had questions. Both tell whether another file is of the same kind.
create table recipe (
    id integer primary key,
    network integer not null,
    name text not null,
    recipe json not null,
    proposed text not null,
    asked text[] not null,
    who text not null,
    saved_at timestamp not null default current_timestamp,
    used_at timestamp not null default current_timestamp
);

-- Two measures or two schools made one: `gone` now counts as `stays`. `before` holds the rows of the one that is gone
-- and what pointed to it; its values are found by merged_value, one row for each value and each upload that brought it.
create table merger (
    id integer primary key,
    network integer not null,
    kind text not null,  -- 'school' or 'measure'
    gone integer not null,
    stays integer not null,
    gone_name text not null,
    stays_name text not null,
    before json not null,
    who text not null,
    saved_at timestamp not null default current_timestamp,
    undone_at timestamp,
    undone_by text
);

create table merged_value (
    merger integer not null,
    measure integer not null,
    school integer not null,
    student_group integer not null,
    date date not null,
    upload integer not null
);

-- migration 8: the stages that a test of change went through, each with the day it began; `stage` is the last of them

alter table test_of_change add column stages struct(stage text, began date)[];

-- A stage whose day nobody told counts from the start of the test, an abandoned one from its end.
update test_of_change set stages = case
    when stage = 'abandoned' and end_date > start_date
        then [{'stage': 'testing', 'began': start_date}, {'stage': stage, 'began': end_date}]
    else [{'stage': stage, 'began': start_date}] end;

-- migration 9: values that a person took away

-- A row of `replaced` without a value: its upload says that there is none. Where that is the newest word that stands,
-- nothing is shown, and `replaced_by` is its own upload.
alter table replaced alter column value drop not null;
