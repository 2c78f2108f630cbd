"""A first recipe for a workbook, with the evidence for it and what must still be told."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from lib.intake import values
from lib.intake.binding import rest_of, why_skipped
from lib.intake.dates import ABOVE, Dates, are_school_years, find_order, read_period, split_period
from lib.intake.drafts import UNIT_OF_FILE
from lib.intake.evidence import Seen, look_at
from lib.intake.header import Table, find_table
from lib.intake.known import Known
from lib.intake.parts import Family, Numbers, find_families, part_of, stem_of
from lib.intake.propose_people import cadence_of_people, columns_of_people, is_survey, roles_of_people
from lib.intake.recipe import Column, Layout, MeasureInFile, Recipe, Role, SchoolIn, UnitInFile
from lib.intake.roles import (
    FEWEST_PERIODS,
    Roles,
    ask_about_mixed,
    ask_about_totals,
    could_hold_values,
    find_roles,
    is_all_marks,
    period_columns,
    tell_rows_apart,
)
from lib.intake.rosters import roster_problem, student_columns, student_headers
from lib.intake.rows import NOTE
from lib.intake.sheets import Sheet, Workbook, address
from lib.intake.tabs import Tabs as MeaningOfTabs
from lib.intake.tabs import are_rivals, by_names, say_years
from lib.intake.template import template_recipe
from lib.intake.titles import (
    name_of_file_or_sheet,
    names_school,
    school_in_file_name,
    school_in_titles,
    titles_of,
    year_in,
)
from lib.intake.units import guess_unit
from lib.intake.vocabulary import GENERIC_SHEET, plain, readable
from lib.problems import CannotContinue, Problem

MOST_MEASURES_UNASKED = 12
"""More columns of numbers than this are a table to choose from, not a set of measures."""
MOST_ALIKE = 3
"""Questions of one kind; more become one."""
LONE_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
GENERIC_NAMES = re.compile(
    r"(?:value|values|data|rate|percent|pct|percentage|number|n|score|result|results|count|total|%)?", re.IGNORECASE
)


@dataclass(frozen=True)
class Proposal:
    """`certain`: every role that is needed has clear evidence, so that the recipe may be used without a person."""

    recipe: Recipe | None
    certain: bool
    questions: tuple[Problem, ...] = ()
    evidence: tuple[str, ...] = ()


def propose(workbook: Workbook, known: Known) -> Proposal:
    """The likeliest recipe. Raises `CannotContinue` where every sheet lists students."""
    if made := template_recipe(workbook, known):
        recipe, doubts = made
        return Proposal(recipe, not doubts, tuple(doubts), ("It is the network's template, filled in",))
    found, evidence = _tables(workbook, known)
    if not found:
        return Proposal(None, False, (_nothing_found(workbook, known),), tuple(evidence))
    chosen, others = _chosen(found)
    recipe, roles = recipe_for(workbook, chosen, known)
    questions = (*_few(roles.questions), *_about_other_tables([sheet.name for sheet, _ in others]))
    return Proposal(recipe, not questions, questions, tuple(evidence + roles.evidence))


def _few(questions: list[Problem]) -> list[Problem]:
    """One question instead of many about the units of measures."""
    about_units = [one for one in questions if one.where.startswith("Measure ") and "unit isn't sure" in one.what]
    if len(about_units) <= MOST_ALIKE:
        return questions
    names = ", ".join(one.where.removeprefix("Measure ") for one in about_units[:MOST_ALIKE])
    others = [one for one in questions if one not in about_units]
    said = f"The units of {len(about_units)} measures aren't sure: {names} and more."
    return [*others, Problem("Measures", said, "Choose the units.")]


def _about_other_tables(names: list[str]) -> list[Problem]:
    if len(names) <= MOST_ALIKE:
        return [Problem(f"Sheet “{name}”", "It looks like another table.", "Bring it in on its own.") for name in names]
    named = ", ".join(f"“{name}”" for name in names[:MOST_ALIKE])
    said = f"{len(names)} sheets look like other tables: {named} and more."
    return [Problem("Sheets", said, "Choose the sheet to read, or bring them in one by one.")]


def _holds_marks(sheet: Sheet) -> bool:
    table = find_table(sheet)
    return table is not None and any(is_all_marks(one) for one in look_at(sheet, table))


Tables = list[tuple[Sheet, Table]]


def _tables(workbook: Workbook, known: Known) -> tuple[Tables, list[str]]:
    found: Tables = []
    evidence: list[str] = []
    rosters: list[Problem] = []
    for sheet in workbook.sheets:
        reason = why_skipped(sheet, known)
        table = None if reason else find_table(sheet)
        kind, students = _people(workbook, sheet, table) if table else (None, [])
        if table and students and kind is None:
            rosters.append(roster_problem(sheet.name or workbook.name, student_headers(sheet, table)))
        elif table and (kind or any(_has_numbers(one) for one in look_at(sheet, table, workbook.decimal))):
            found.append((sheet, table))
        elif sheet.name:
            evidence.append(f"Sheet “{sheet.name}” is left out: {reason or 'no table with numbers'}")
    if rosters and not found:
        raise CannotContinue(*rosters)
    return found, evidence + [str(problem) for problem in rosters]


def _has_numbers(one: Seen) -> bool:
    return one.is_numeric or one.is_partly_numeric


def _people(workbook: Workbook, sheet: Sheet, table: Table) -> tuple[Layout | None, list[int]]:
    """Whether each row is a person whose answers or marks can be counted, and the columns that tell who it is."""
    students = student_columns(sheet, table)
    seen = look_at(sheet, table, workbook.decimal)
    if not students and not is_survey(seen):
        return None, []
    can_be_counted = roles_of_people(seen, Known(), students).having("answer")
    if not can_be_counted:
        return None, students
    return ("one row per answer" if is_survey(seen) else "one row per student"), students


def _nothing_found(workbook: Workbook, known: Known) -> Problem:
    marked = next((sheet for sheet in workbook.sheets if not why_skipped(sheet, known) and _holds_marks(sheet)), None)
    if marked:
        return Problem(
            marked.name or workbook.name,
            "Its columns hold marks such as “X” and no numbers.",
            "Type numbers, or 1 and 0, in place of the marks and the blank cells.",
        )
    if any(sheet.n_rows > 1 and sheet.visible for sheet in workbook.sheets):
        return Problem(
            workbook.name, "No table was found: a header row with rows of numbers below it.", "Choose the header row."
        )
    return Problem(workbook.name, "There are no rows with data.", "Choose a file with a header row and rows below it.")


def _chosen(found: Tables) -> tuple[Tables, Tables]:
    """The sheets with one grid that hold most, and the other tables."""
    grids: dict[tuple[str, ...], Tables] = {}
    for sheet, table in found:
        grids.setdefault(_grid(table), []).append((sheet, table))
    best = max(grids.values(), key=lambda tables: sum(sheet.n_rows * sheet.n_columns for sheet, _ in tables))
    return best, [one for tables in grids.values() if tables is not best for one in tables]


def _grid(table: Table) -> tuple[str, ...]:
    """The headers, all periods being one."""
    said = []
    for header in table.headers:
        period, rest = rest_of(header, Dates())
        word = f"period {plain(rest)}" if period else plain(header)
        if word and word not in said:
            said.append(word)
    return tuple(said)


def recipe_for(workbook: Workbook, tables: Tables, known: Known, layout: Layout | None = None) -> tuple[Recipe, Roles]:
    """The recipe for sheets with one grid whose headers are found already; `layout` is what a person has chosen."""
    sheet, table = max(tables, key=lambda one: one[0].n_rows)
    seen = look_at(sheet, table, workbook.decimal)
    across = (
        [] if layout == "tidy" else period_columns(seen, fewest=1 if layout == "periods across" else FEWEST_PERIODS)
    )
    names = [one.says for one, _ in tables]
    said = TABS_OF.get(layout, "") if layout else by_names(names, known)
    could_be_schools = said == "school" or (said == "" and len(tables) > 1)
    people, students = _people(workbook, sheet, table)
    if people:
        roles = roles_of_people(seen, known, students)
        across = [one for one in roles.having("answer") if one.period_and_rest[0]]
    else:
        roles = find_roles(seen, across, known, could_be_schools, by_tab=layout == "one tab per school")
    tabs = _meaning_of_tabs(said, workbook, tables, roles, across, layout)
    school, school_in = _one_school(workbook, sheet, table, roles, known, tabs)
    titles = titles_of(workbook, sheet, table, one_tab_each=bool(tabs))
    if school_in == "title":
        titles = [text for text in titles if not names_school(text, sheet, table, known.school_names())]
    periods = [rest_of(name, Dates())[0] for name in names] if tabs == "period" else []
    dates = _dates(_titles_with_years(titles, names), across, roles, known, periods)
    if people:
        columns, measures = columns_of_people(
            roles, people == "one row per student", _title_name(titles, roles) or "Present"
        )
        dates = replace(dates, cadence=cadence_of_people(roles))
    else:
        columns, measures = _values(titles, across, roles)
    if not across and not people:
        tell_rows_apart(roles, could_hold_values)
        ask_about_mixed(roles)
        columns = [
            replace(column, role=roles.of.get(column.position, column.role)) if not column.holds_values else column
            for column in columns
        ]
    if tabs == "measure" and not people:
        columns, measures = _measures_of_tabs(workbook, tables, columns, roles)
    if dates.fixed and len(tables) > 1 and not (dates.year_in_title and say_years(names)):
        roles.ask("Dates", "Several sheets would be of one period.", "Choose one sheet, or the date column.")
    recipe = Recipe(
        layout=people or (LAYOUT_OF[tabs] if tabs else "periods across" if across else "tidy"),
        header_row=table.header_row,
        header_rows=table.header_rows,
        columns=tuple(columns),
        measures=tuple(measures),
        sheets=() if tabs else _names_of_sheets(workbook, tables),
        dates=dates,
        decimal=workbook.decimal,
        school=school,
        school_in=school_in,
    )
    _ask_about_dates_among_fractions(recipe, roles)
    ask_about_totals(roles)
    if not recipe.columns_as("value", "numerator", "answer"):
        roles.ask("Values", "No column holds the values.", "Choose the column of the values.")
    return recipe, roles


def _ask_about_dates_among_fractions(recipe: Recipe, roles: Roles) -> None:
    """Excel makes 12 September of the fraction 9/12."""
    for column in recipe.columns_as("value"):
        one = roles.seen[column.position - 1]
        dates = np.flatnonzero(one.values.status == values.A_DATE)
        if len(dates) and one.share(values.FRACTION) >= SHARE_OF_FRACTIONS:
            first = address(int(dates[0]) + one.first_row + 1, one.position)
            roles.ask(
                f"Column “{one.header}”",
                f"Cell {first} is a date among fractions: Excel may have made it of a fraction such as 9/12.",
                "Choose what such dates were; for now they are refused.",
            )
            return


SHARE_OF_FRACTIONS = 0.4
"""So many cells such as 18/22 make a column one of fractions."""
TABS_OF: dict[Layout, MeaningOfTabs] = {
    "one tab per school": "school",
    "one tab per period": "period",
    "one tab per measure": "measure",
}
LAYOUT_OF: dict[MeaningOfTabs, Layout] = {tabs: layout for layout, tabs in TABS_OF.items()}


def _meaning_of_tabs(
    said: MeaningOfTabs, workbook: Workbook, tables: Tables, roles: Roles, across: Sequence[Seen], layout: Layout | None
) -> MeaningOfTabs:
    """What the name of a sheet says about its rows; what a person has chosen stands."""
    has_school = bool(roles.having("school id", "school name"))
    if layout:
        return said
    if said == "period":
        return "period" if not across and not roles.having("date") else ""
    if said == "school" or len(tables) == 1:
        return "school" if said == "school" and not has_school else ""
    if not has_school:
        generic = all(GENERIC_SHEET.fullmatch(plain(sheet.says)) for sheet, _ in tables)
        return said or ("" if generic else "school")
    return _tabs_beside_schools(said, workbook, tables, roles)


def _tabs_beside_schools(said: MeaningOfTabs, workbook: Workbook, tables: Tables, roles: Roles) -> MeaningOfTabs:
    if say_years([sheet.says for sheet, _ in tables]):
        return ""
    sheets = []
    for sheet, table in tables:
        seen = look_at(sheet, table, workbook.decimal)
        by_header = {one.header: roles.of[one.position] for one in roles.seen if one.position in roles.of}
        sheets.append((seen, period_columns(seen, 1), {one.position: by_header.get(one.header) for one in seen}))
    if not are_rivals(sheets):  # type: ignore[arg-type]
        return ""
    if said != "measure":
        roles.ask("Sheets", "They hold the same schools and dates.", "Say whether each is a measure, or choose one.")
    return "measure"


def _measures_of_tabs(
    workbook: Workbook, tables: Tables, columns: list[Column], roles: Roles
) -> tuple[list[Column], list[MeasureInFile]]:
    """A measure for each sheet, its unit from the sheet's own numbers."""
    holders = {column.position: column.role for column in columns if column.holds_values}
    if len({column.measure for column in columns if column.holds_values}) > 1:
        roles.ask("Sheets", "Each sheet holds several measures.", "Choose one sheet, or one column of values.")
    roles.questions = [one for one in roles.questions if not one.where.startswith("Measure ")]
    role: Role = "numerator" if "numerator" in holders.values() else "value"
    measures = []
    for sheet, table in tables:
        seen = look_at(sheet, table, workbook.decimal)
        holding = [one for one in seen if one.is_numeric and (one.position in holders or one.period_and_rest[0])]
        places = [(one, slice(None)) for one in holding if holders.get(one.position, "value") == "value"]
        measures.append(_measure(readable(sheet.says), role, places, "", [sheet.says], roles))
    return [replace(column, measure="") if column.holds_values else column for column in columns], measures


def _names_of_sheets(workbook: Workbook, tables: Tables) -> tuple[str, ...]:
    """Of a sheet whose tables are all read, the sheet's own name."""
    chosen = {sheet.name for sheet, _ in tables}
    whole = {
        sheet.base
        for sheet, _ in tables
        if sheet.base and all(one.name in chosen for one in workbook.sheets if one.base == sheet.base)
    }
    named = [sheet.base if sheet.base in whole else sheet.name for sheet, _ in tables]
    return tuple(dict.fromkeys(name for name in named if name))


def _one_school(
    workbook: Workbook, sheet: Sheet, table: Table, roles: Roles, known: Known, tabs: MeaningOfTabs
) -> tuple[str, SchoolIn]:
    """The school of a file that has no column of schools, and where it is said."""
    if roles.having("school id", "school name") or tabs == "school":
        return "", ""
    words = known.school_names()
    said: dict[SchoolIn, str] = {
        "title": school_in_titles(sheet, table, words),
        "file name": school_in_file_name(workbook.name, words),
    }
    for place, name in said.items():
        if name:
            roles.evidence.append(f"The school is “{name}”, by the {place}")
            return "", place
    name = name_of_file_or_sheet(workbook, sheet)
    roles.ask("School", "No column says the school.", f"Say the school (for now “{name}”), or choose its column.")
    return name, ""


def _titles_with_years(titles: list[str], names: list[str]) -> list[str]:
    """Where each sheet is of its own school year, its name says the year before any title does."""
    return [*names, *titles] if say_years(names) else titles


def _dates(titles: Sequence[str], across: Sequence[Seen], roles: Roles, known: Known, periods: Sequence[str]) -> Dates:
    """`periods`: those that the sheets' names say."""
    dates = Dates(school_year_start=known.school_year_start)
    texts = _period_texts(across, roles) or list(periods)
    if not texts:
        return _fixed_date(dates, titles, roles)
    order, why = find_order(texts, known.today)
    if order:
        roles.evidence.append(f"Dates are read {order}: {why}")
    dates = replace(dates, order=order)
    for need in _needs(texts, replace(dates, first_week=known.first_week)):
        dates = _met_need(need, dates, titles, roles, known)
    return dates


def _period_texts(across: Sequence[Seen], roles: Roles) -> list[str]:
    years = [word for one in roles.having("date") for word in one.words]
    if across and years:
        return [f"{year}{ABOVE}{one.period_and_rest[0]}" for year in years for one in across]
    return [one.period_and_rest[0] for one in across] or years


def _needs(texts: Sequence[str], dates: Dates) -> list[str]:
    """What is missing before all dates can be read, the order first."""
    school_years = are_school_years(list(texts))
    periods = [read_period(text, dates, school_years) for text in texts]
    needs = {period.needs for period in periods if period and period.needs}
    if "order" in needs:
        needs |= {
            period.needs
            for text in texts
            if (period := read_period(text, replace(dates, order="month first"))) and period.needs
        }
    return [need for need in ("order", "year", "first week") if need in needs]


def _met_need(need: str, dates: Dates, titles: Sequence[str], roles: Roles, known: Known) -> Dates:
    if need == "order":
        roles.ask("Dates", "They can be read with the day or the month first.", "Say which comes first.")
        return replace(dates, order="month first")
    if need == "first week":
        roles.ask("Weeks", "They are numbered, and the first week isn't known.", "Say the Monday of week 1.")
        return dates
    found = year_in(titles)
    if found is not None:
        roles.evidence.append(
            f"The dates belong to the school year {found[0]}-{(found[0] + 1) % 100:02d}, by “{found[1]}”"
        )
        return replace(dates, school_year=found[0], year_in_title=True)
    year = known.today.year - (known.today.month < known.school_year_start)
    roles.ask("Dates", "They don't say the year.", f"Say the school year (for now {year}-{(year + 1) % 100:02d}).")
    return replace(dates, school_year=year)


def _fixed_date(dates: Dates, titles: Sequence[str], roles: Roles) -> Dates:
    """A file of one period: its school year from the title."""
    found = year_in(titles)
    if found is not None:
        roles.evidence.append(f"All rows are of {found[0]}-{(found[0] + 1) % 100:02d}, by “{found[1]}”")
        fixed = date(found[0], dates.school_year_start, 1)
        return replace(dates, fixed=fixed, cadence="year", year_in_title=True)
    years = {int(year) for title in titles for year in LONE_YEAR.findall(title)}
    if len(years) != 1:
        roles.ask("Dates", "No column and no title says the date.", "Choose the date column, or say the period.")
        return dates
    year = years.pop()
    roles.ask("Dates", f"Only a title or the file's name says {year}.", f"Say the period (for now the year {year}).")
    return replace(dates, fixed=date(year, 1, 1), cadence="year")


def _values(titles: Sequence[str], across: Sequence[Seen], roles: Roles) -> tuple[list[Column], list[MeasureInFile]]:
    holders = list(across) or [one for one in roles.free() if could_hold_values(one)]
    kinds = _kinds(holders, bool(across))
    families, alone, published = _families(kinds, roles)
    named: dict[str, tuple[Role, str]] = {}
    for role, name, kind in _named(families, alone, published, titles, roles):
        shared = kind in named and named[kind][1] != name
        named[kind] = (role, FOR_ALL_MEASURES if shared else name)
    columns = [_column(one, across, named, roles) for one in roles.seen]
    measures = _measures(kinds, named, titles, roles)
    if len(measures) > MOST_MEASURES_UNASKED and not roles.having("measure"):
        roles.questions = [one for one in roles.questions if not one.where.startswith(("Measure ", "Values"))]
        roles.ask("Values", f"{len(measures)} columns hold numbers.", "Choose the ones that are measures.")
    return columns, measures


Kinds = dict[str, list[Seen]]


def _kinds(holders: Sequence[Seen], across: bool) -> Kinds:
    """Columns of one kind: the same words over many periods; else each column is its own kind."""
    kinds: Kinds = {}
    for one in holders:
        kinds.setdefault(one.period_and_rest[1] if across else f"{one.header}\n{one.position}", []).append(one)
    return kinds


def _header_of(kind: str) -> str:
    return kind.split("\n")[0]


def _families(kinds: Kinds, roles: Roles) -> tuple[list[dict[Role, str]], list[str], bool]:
    """Kinds that make one value together, the kinds alone, and whether a rate was found beside its own two counts.

    Under headers of two rows the kinds under one label go together before others do.
    """
    names = list(kinds)
    lengths = {len(columns) for columns in kinds.values()}
    if len(names) < 2 or (len(lengths) > 1 and max(lengths) > 1):
        return [], names, False
    stacked = [
        Numbers(_header_of(name).split(ABOVE)[-1], np.concatenate([one.numbers for one in kinds[name]]))
        for name in names
    ]
    families = [family for places in _under_one_label(names) for family in _families_of(stacked, places)]
    if not families:
        families = find_families(stacked)
    for family in families:
        roles.evidence.append(_family_evidence(names, family))
    taken = {place for family in families for place in family.parts.values()}
    alone = [name for place, name in enumerate(names) if place not in taken]
    in_names = [{role: names[place] for role, place in family.parts.items()} for family in families]
    return in_names, alone, any(family.by_arithmetic for family in families)


def _under_one_label(names: list[str]) -> list[list[int]]:
    """Places of the kinds under each label of an upper header row; none where there is one label or no such row."""
    under: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        under.setdefault(ABOVE.join(_header_of(name).split(ABOVE)[:-1]), []).append(place)
    return list(under.values()) if len(under) > 1 else []


def _families_of(stacked: list[Numbers], places: list[int]) -> list[Family]:
    found = find_families([stacked[place] for place in places]) if len(places) > 1 else []
    return [
        Family({role: places[place] for role, place in family.parts.items()}, family.by_arithmetic) for family in found
    ]


def _family_evidence(names: list[str], family: Family) -> str:
    said = " / ".join(
        f"“{_header_of(names[family.parts[role]])}”" for role in ("numerator", "denominator") if role in family.parts
    )
    if "value" in family.parts and family.by_arithmetic:
        return f"“{_header_of(names[family.parts['value']])}” is {said} in the rows compared"
    return f"{said} are numerator and denominator, by their headers"


Named = list[tuple[Role, str, str]]
FOR_ALL_MEASURES = ""
"""The measure of a denominator that several measures share."""


def _named(
    families: list[dict[Role, str]], alone: list[str], published: bool, titles: Sequence[str], roles: Roles
) -> Named:
    """Role and measure for each kind of column. Beside a `published` rate others are measures only if chosen."""
    named: Named = []
    by_rows = bool(roles.having("measure"))
    several = len(families) + (0 if published else len(alone)) > 1
    for family in families:
        name = "" if by_rows else _family_name(family, titles, several, roles)
        named += [(role, name, kind) for role, kind in family.items()]
    if published and len(alone) > MOST_MEASURES_UNASKED:
        roles.ask("Values", f"{len(alone)} more columns hold numbers.", "Choose the ones that are measures.")
    if published and alone:
        left = ", ".join(f"“{_header_of(kind)}”" for kind in alone)
        roles.evidence.append(
            f"Not used, since they are no part of that value: {left}. Choose value for a column to bring it in"
        )
        return named
    for kind in alone:
        header = _alone_under(kind, [*alone, *(other for family in families for other in family.values())])
        name = "" if by_rows else _name_of(header, [] if several else titles, roles)
        named.append(("value", name, kind))
    return named


def _alone_under(kind: str, kinds: list[str]) -> str:
    """What names a kind: the upper label where it alone stands under it, else its whole header."""
    upper = ABOVE.join(_header_of(kind).split(ABOVE)[:-1])
    beside = [other for other in kinds if ABOVE.join(_header_of(other).split(ABOVE)[:-1]) == upper]
    return upper if upper and len(beside) == 1 else _header_of(kind)


def _family_name(family: dict[Role, str], titles: Sequence[str], several: bool, roles: Roles) -> str:
    for role in ("value", "numerator"):
        header = _header_of(family[role]) if role in family else ""
        upper = ABOVE.join(header.split(ABOVE)[:-1])
        if upper:
            return readable(upper)
        if role == "value" and not GENERIC_NAMES.fullmatch(header.strip()) and header:
            return readable(header)
    header = _header_of(family["numerator"])
    says_part, stem = part_of(header) is not None, stem_of(header)
    if says_part and stem:
        return readable(stem)
    return (_title_name(titles, roles) if says_part or not several else "") or readable(header)


def _name_of(header: str, titles: Sequence[str], roles: Roles) -> str:
    if header.strip() and not GENERIC_NAMES.fullmatch(header.strip()):
        return readable(header)
    return _title_name(titles, roles) or readable(header) or "Measure"


def _title_name(titles: Sequence[str], roles: Roles) -> str:
    """A measure's name from the title lines, the sheet's or the file's name, without years and filler."""
    for title in titles:
        name = roles.known.measure_in(title) or _without_years(title)
        if name and not GENERIC_SHEET.fullmatch(plain(name)) and len(name) <= 80 and not NOTE.fullmatch(name):
            roles.evidence.append(f"The measure's name is taken from “{title}”")
            return name
    return ""


def _without_years(title: str) -> str:
    """
    >>> _without_years("Weekly attendance 2024-25"), _without_years("Attendance %, Q1")
    ('Weekly attendance', 'Attendance')
    """
    period = split_period(title)
    title = period[1] if period else title
    text = re.sub(
        r"(?<!\d)(?:19|20)\d{2}(?: ?[-–/_] ?\d{2,4})?(?!\d)|\bSY ?\d{2}[-–/]?\d{2}\b", " ", title.replace("_", " ")
    )
    text = re.sub(
        r"\bby (?:school|district|campus|site|grade|week|month)\b.*$|\b(?:final|data|copy|export|version|v\d+)\b",
        " ",
        text,
        flags=re.IGNORECASE,
    )
    return readable(" ".join(re.sub(r"[-–—,.:#]+(?=\s|$)|(?<=\s)[-–—,.:#]+|^[-–—,.:#]+", " ", text).split()))


def _column(one: Seen, across: Sequence[Seen], named: dict[str, tuple[Role, str]], roles: Roles) -> Column:
    is_across = any(one is other for other in across)
    kind = one.period_and_rest[1] if is_across else f"{one.header}\n{one.position}"
    if kind in named and (is_across or one.position not in roles.of):
        role, measure = named[kind]
        return Column(one.position, one.header, role, measure, one.period_and_rest[0] if is_across else "")
    return Column(one.position, one.header, "not used" if is_across else roles.of.get(one.position, "not used"))


def _measures(
    kinds: Kinds, named: dict[str, tuple[Role, str]], titles: Sequence[str], roles: Roles
) -> list[MeasureInFile]:
    measures: dict[str, MeasureInFile] = {}
    if roles.having("measure"):
        return _measures_of_rows(kinds, named, roles)
    for kind, (role, name) in named.items():
        if role == "value" or (role == "numerator" and name not in measures):
            places = [(one, slice(None)) for one in kinds[kind]]
            scale = _scale(kinds, named, kind) if role == "value" else None
            measures[name] = _measure(name, role, places, _header_of(kind), titles, roles, scale)
    return list(measures.values())


def _scale(kinds: Kinds, named: dict[str, tuple[Role, str]], value: str) -> UnitInFile | None:
    """The unit of a rate beside its own counts: 12 of 100 is written 12 or 0.12."""
    measure = named[value][1]
    shared = {role: kind for kind, (role, name) in named.items() if name == FOR_ALL_MEASURES}
    parts = shared | {role: kind for kind, (role, name) in named.items() if name == measure}
    if parts.get("value") != value or "numerator" not in parts or "denominator" not in parts:
        return None
    of, counted, said = (
        np.concatenate([one.numbers for one in kinds[parts[role]]]) for role in ("denominator", "numerator", "value")
    )
    if len({len(of), len(counted), len(said)}) > 1:
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = said * of / counted
    ratio = ratio[np.isfinite(ratio) & (ratio > 0)]
    times = float(np.median(ratio)) if len(ratio) >= FEWEST_RATIOS else 0.0
    return "percent" if 95 <= times <= 105 else "fraction" if 0.95 <= times <= 1.05 else None


FEWEST_RATIOS = 3


def _measures_of_rows(kinds: Kinds, named: dict[str, tuple[Role, str]], roles: Roles) -> list[MeasureInFile]:
    """Measures named by a column: the unit of each from its own rows."""
    column = roles.having("measure")[0]
    parts = {role: kind for kind, (role, _) in named.items()}
    kind = parts.get("value", parts.get("numerator"))
    measures = []
    for code in np.flatnonzero(column.counts).tolist():
        rows, name = column.codes == code, column.cells.spelled[1][code]
        role: Role = "value" if "value" in parts else "numerator"
        measures.append(
            _measure(name, role, [(one, rows) for one in kinds[kind]] if kind is not None else [], "", [], roles)
        )
    return measures


def _measure(
    name: str,
    role: Role,
    places: "Sequence[tuple[Seen, slice | np.ndarray]]",
    header: str,
    titles: Sequence[str],
    roles: Roles,
    scale: UnitInFile | None = None,
) -> MeasureInFile:
    if role != "value":
        return MeasureInFile(name, "fraction")
    status = np.concatenate([one.values.status[rows] for one, rows in places]) if places else np.zeros(0)
    numbers = np.concatenate([one.numbers[rows] for one, rows in places]) if places else np.zeros(0)
    signs = sum(int(one.values.percent[rows].sum()) for one, rows in places)
    if scale:
        roles.evidence.append(f"“{name}” is in {scale}: that is what its numerators and denominators give")
        return MeasureInFile(name, scale)
    if (status == values.FRACTION).sum() > 0.5 * max((status != values.BLANK).sum(), 1):
        return MeasureInFile(name, "fraction")
    guess = guess_unit(" ".join([name, header, *([] if header else titles)]), numbers[~np.isnan(numbers)], signs)
    roles.evidence.append(f"“{name}” is in {guess.unit}: {guess.evidence}")
    if not guess.certain and not _agrees(roles.known, name, guess.unit):
        roles.ask(
            f"Measure “{name}”", f"Its unit isn't sure: {guess.evidence}.", f"Choose the unit (for now {guess.unit})."
        )
    return MeasureInFile(name, guess.unit)


def _agrees(known: Known, name: str, unit: UnitInFile) -> bool:
    """Whether the network has this measure already, in the unit that was guessed."""
    measure = known.measure(name)
    return measure is not None and measure.unit == UNIT_OF_FILE[unit]
