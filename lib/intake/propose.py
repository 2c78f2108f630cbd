"""A first recipe for a workbook, with the evidence for it and what must still be told."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np

from lib.intake import values
from lib.intake.across import OfSchool, schools_across, tell_schools
from lib.intake.binding import period_of_tab, rest_of, why_skipped
from lib.intake.dates import MONTH_WEEKS, NEEDS, Dates, MonthWeeks, find_order, read_period
from lib.intake.dates_together import Alike, alike
from lib.intake.evidence import Seen, look_at
from lib.intake.groups_across import groups_across, with_groups
from lib.intake.header import Table, find_table
from lib.intake.known import Known
from lib.intake.propose_measures import NAMELESS, columns_of_values, measure_in_file, title_name
from lib.intake.propose_people import cadence_of_people, columns_of_people, is_survey, roles_of_people
from lib.intake.recipe import PEOPLE, Column, Layout, MeasureInFile, Recipe, Role, SchoolIn
from lib.intake.roles import (
    FEWEST_PERIODS,
    SHARE_TWICE,
    SHARE_TWICE_ACROSS,
    SHARE_WHERE_NAMED,
    Roles,
    ask_about_mixed,
    ask_about_totals,
    columns_of_numbers,
    could_hold_values,
    find_roles,
    is_all_marks,
    period_columns,
    say_what_is_not_used,
    tell_rows_apart,
    years_over,
)
from lib.intake.rosters import roster_problem, student_columns, student_headers
from lib.intake.sheets import Sheet, Workbook, address
from lib.intake.tabs import Tabs as MeaningOfTabs
from lib.intake.tabs import are_measures_of_schools, are_rivals, by_names, differ_in_periods, say_years
from lib.intake.template import template_recipe
from lib.intake.titles import (
    name_of_file_or_sheet,
    names_school,
    period_in,
    school_in_file_name,
    school_in_titles,
    titles_of,
    year_in,
)
from lib.intake.vocabulary import ABOVE, DATE, GENERIC_SHEET, plain, readable
from lib.problems import CannotContinue, Problem

MOST_ALIKE = 3
"""Questions of one kind; more become one."""
LONE_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


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
            workbook.name,
            "No table was found: a header row with rows of numbers below it.",
            "Choose the layout or the header row.",
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
    across = _across(seen, layout)
    names = [one.says for one, _ in tables]
    said = TABS_OF.get(layout, "") if layout else by_names(names, known)
    could_be_schools = said == "school" or (said == "" and len(tables) > 1)
    people, students = _people(workbook, sheet, table)
    if layout in PEOPLE:
        people = layout
    schools = [] if people or across or layout in TABS_OF else schools_across(seen, known)
    of_school = {one.position: one for one in schools}
    seen = [of_school.get(one.position, one) for one in seen]
    if people:
        roles = roles_of_people(seen, known, students)
        across = [one for one in roles.having("answer") if one.period_and_rest[0]]
    else:
        roles = find_roles(seen, across, known, could_be_schools, layout == "one tab per school", schools)
    tell_schools(schools, roles)
    tabs = _meaning_of_tabs(said, workbook, tables, roles, across or schools, layout)
    school, school_in = _one_school(workbook, sheet, table, roles, known, tabs)
    titles = said_above = titles_of(workbook, sheet, table, one_tab_each=bool(tabs))
    if school_in == "title":
        titles = [text for text in titles if not names_school(text, sheet, table, known.school_names())]
    periods = [period_of_tab(name, Dates()) for name in names] if tabs == "period" else []
    periods += _periods_of_months(workbook, tables, across, roles)
    dates = _dates(_titles_with_years(said_above, names), across, roles, known, periods)
    if people:
        columns, measures = columns_of_people(
            roles, people == "one row per student", title_name(titles, roles) or "Present"
        )
        dates = replace(dates, cadence=cadence_of_people(roles))
    else:
        columns, measures = _columns_of_rows(titles, across, schools, roles)
    if tabs == "measure" and not people:
        columns, measures = _measures_of_tabs(workbook, tables, columns, roles)
    if dates.fixed and len(tables) > 1 and tabs != "group" and not (dates.year_in_title and say_years(names)):
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


def _columns_of_rows(
    titles: Sequence[str], across: list[Seen], schools: list[OfSchool], roles: Roles
) -> tuple[list[Column], list[MeasureInFile]]:
    """The columns and measures of a sheet whose rows are no persons."""
    grouped = [] if schools else groups_across(across or columns_of_numbers(roles), roles)
    columns, measures = columns_of_values(titles, grouped or across or schools, roles)
    if grouped and any(one.name == NAMELESS for one in measures):
        roles.ask("Values", "Columns are student groups, and nothing says what is measured.", "Name the measure.")
    holders = {one.position for one in columns_of_numbers(roles)}
    tell_rows_apart(roles, lambda one: one.position in holders, SHARE_TWICE_ACROSS if across else SHARE_TWICE)
    if not across:
        ask_about_mixed(roles)
    say_what_is_not_used(roles, bool(across))
    school_of = {one.position: one.school for one in schools}
    columns = [
        replace(column, school=school_of.get(column.position, ""))
        if column.holds_values
        else replace(column, role=roles.of.get(column.position, column.role))
        for column in columns
    ]
    return with_groups(columns, grouped), measures


def _across(seen: list[Seen], layout: Layout | None) -> list[Seen]:
    """The columns under a period; under one alone where a person said so, or where it is all that says the date."""
    one_will_do = layout == "periods across" or (layout is None and _are_of_one_period(seen))
    return [] if layout == "tidy" else period_columns(seen, fewest=1 if one_will_do else FEWEST_PERIODS)


def _are_of_one_period(seen: Sequence[Seen]) -> bool:
    """Whether every column of values says its period, and no column has dates."""
    values_columns = [one for one in seen if could_hold_values(one)]
    has_dates = any(DATE.fullmatch(one.plain) and one.share_of_periods >= SHARE_WHERE_NAMED for one in seen)
    return bool(values_columns) and not has_dates and all(one.period_and_rest[0] for one in values_columns)


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
    "one tab per group": "group",
}
LAYOUT_OF: dict[MeaningOfTabs, Layout] = {tabs: layout for layout, tabs in TABS_OF.items()}


def _meaning_of_tabs(
    said: MeaningOfTabs, workbook: Workbook, tables: Tables, roles: Roles, across: Sequence[Seen], layout: Layout | None
) -> MeaningOfTabs:
    """What the name of a sheet says about its rows; what a person has chosen stands."""
    has_school = _has_school(roles)
    if layout:
        return said
    if said == "group":
        return "" if roles.having("group", "category") else "group"
    if said == "period":
        return "period" if not across and not roles.having("date") else ""
    if said == "school" or len(tables) == 1:
        return "school" if said == "school" and not has_school else ""
    if not has_school:
        generic = all(GENERIC_SHEET.fullmatch(plain(sheet.says)) for sheet, _ in tables)
        return said or ("" if generic else "school")
    return _tabs_beside_schools(said, workbook, tables, roles)


def _tabs_beside_schools(said: MeaningOfTabs, workbook: Workbook, tables: Tables, roles: Roles) -> MeaningOfTabs:
    names = [sheet.says for sheet, _ in tables]
    if say_years(names):
        return ""
    sheets = []
    for sheet, table in tables:
        seen = look_at(sheet, table, workbook.decimal)
        by_header = {one.header: roles.of[one.position] for one in roles.seen if one.position in roles.of}
        sheets.append((seen, period_columns(seen, 1), {one.position: by_header.get(one.header) for one in seen}))
    one_table = not are_rivals(sheets) and not differ_in_periods(sheets)  # type: ignore[arg-type]
    if one_table and not (said == "measure" and are_measures_of_schools(names, sheets)):  # type: ignore[arg-type]
        return ""
    if said != "measure":
        roles.ask(
            "Sheets",
            "They hold the same schools and dates, or different kinds of periods.",
            "Say whether each is a measure, or choose one.",
        )
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
        measures.append(measure_in_file(readable(sheet.says), role, places, "", [sheet.says], roles))
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


def _has_school(roles: Roles) -> bool:
    """Whether a column says the school, or the headers of the columns do."""
    return bool(roles.having("school id", "school name")) or any(isinstance(one, OfSchool) for one in roles.seen)


def _one_school(
    workbook: Workbook, sheet: Sheet, table: Table, roles: Roles, known: Known, tabs: MeaningOfTabs
) -> tuple[str, SchoolIn]:
    """The school of a file that has no column of schools, and where it is said."""
    if _has_school(roles) or tabs == "school":
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
    """`periods`: those that the sheets say by their names, or in columns under their month."""
    dates = Dates(school_year_start=known.school_year_start)
    texts = list(periods) or _period_texts(across, roles)
    if not texts:
        return _fixed_date(dates, titles, roles)
    order, why = find_order(texts, known.today)
    if order:
        roles.evidence.append(f"Dates are read {order}: {why}")
    dates = replace(dates, order=order)
    for need in NEEDS:
        if need in _needs(texts, replace(dates, first_week=known.first_week)):
            dates = _met_need(need, dates, titles, roles, known, texts)
    return dates


def _period_texts(across: Sequence[Seen], roles: Roles) -> list[str]:
    dates = roles.having("date")
    if across and dates:
        return [f"{year}{ABOVE}{one.period_and_rest[0]}" for year in dates[0].period_words for one in across]
    if len(dates) == 2:
        return years_over(*dates)
    return [one.period_and_rest[0] for one in across] or [word for one in dates for word in one.period_words]


def _periods_of_months(workbook: Workbook, tables: Tables, across: Sequence[Seen], roles: Roles) -> list[str]:
    """The periods of all sheets, where each is of a month: what one says alone isn't clear."""
    headers = {one.header for one in roles.having("date")}
    if len({table.month for _, table in tables}) == 1 or len(headers) + bool(across) != 1:
        return []
    seen = [one for sheet, table in tables for one in look_at(sheet, table, workbook.decimal)]
    if across:
        return [one.period_and_rest[0] for one in seen if one.period_and_rest[0]]
    return [word for one in seen if one.header in headers for word in one.period_words]


def _needs(texts: Sequence[str], dates: Dates) -> set[str]:
    """What is missing before all dates can be read."""
    among = alike(texts)
    return {period.needs for text in texts if (period := read_period(text, dates, among))}


def _met_need(
    need: str, dates: Dates, titles: Sequence[str], roles: Roles, known: Known, texts: Sequence[str]
) -> Dates:
    if need == "order":
        roles.ask(
            "Dates", "They can be read with the day or the month first.", "Say which comes first (for now the month)."
        )
        return replace(dates, order="month first")
    if need == "month weeks":
        return replace(dates, month_weeks=_first_weeks_of_months(texts, dates, roles))
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


def _first_weeks_of_months(texts: Sequence[str], dates: Dates, roles: Roles) -> MonthWeeks:
    """Where week 1 of a month begins: sure where it makes no difference, or where one way alone leaves no gap.

    Four weeks in every month may be a form with four columns, so that a fifth week decides.
    """
    among = alike(texts)
    days = {way: [_first(text, replace(dates, month_weeks=way), among) for text in texts] for way in MONTH_WEEKS if way}
    steady = [way for way, found in days.items() if _follow_weekly(found)]
    same = len({tuple(found) for found in days.values()}) == 1
    has_fifth = any(re.search(r"(?i)(?:week|wk|w|semana|sem)\.? ?#?5\b", text) for text in texts)
    way = steady[0] if len(steady) == 1 else "first Monday"
    if not (same or (len(steady) == 1 and has_fifth)):
        what = "Each month numbers its own weeks, and where week 1 begins isn't sure."
        said = "on its first Monday" if way == "first Monday" else "in the week of its first day"
        roles.ask("Weeks", what, f"Say where week 1 of a month begins (for now {said}).")
    return way


def _first(text: str, dates: Dates, among: Alike) -> date | None:
    period = read_period(text, dates, among)
    return period.first if period else None


def _follow_weekly(days: Sequence[date | None]) -> bool:
    found = sorted(day for day in days if day)
    return all((two - one).days == 7 for one, two in pairwise(found))


def _fixed_date(dates: Dates, titles: Sequence[str], roles: Roles) -> Dates:
    """A file of one period: its school year from the title."""
    found = year_in(titles)
    if found is not None:
        roles.evidence.append(f"All rows are of {found[0]}-{(found[0] + 1) % 100:02d}, by “{found[1]}”")
        fixed = date(found[0], dates.school_year_start, 1)
        return replace(dates, fixed=fixed, cadence="year", year_in_title=True)
    if day_and_text := period_in(titles):
        day, text = day_and_text
        roles.ask("Dates", f"Only a title or the file's name says “{text}”.", f"Say the period (for now {day}).")
        return replace(dates, fixed=day)
    years = {int(year) for title in titles for year in LONE_YEAR.findall(title)}
    if len(years) != 1:
        roles.ask("Dates", "No column and no title says the date.", "Choose the date column, or say the period.")
        return dates
    year = years.pop()
    roles.ask("Dates", f"Only a title or the file's name says {year}.", f"Say the period (for now the year {year}).")
    return replace(dates, fixed=date(year, 1, 1), cadence="year")
