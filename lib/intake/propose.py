"""A first recipe for a workbook, with the evidence for it and what must still be told."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath

import numpy as np

from lib.intake import values
from lib.intake.binding import rest_of, why_skipped
from lib.intake.dates import Dates, are_school_years, find_order, find_school_year, read_period
from lib.intake.drafts import UNIT_OF_FILE
from lib.intake.evidence import Seen, look_at
from lib.intake.header import Table, find_table
from lib.intake.known import Known
from lib.intake.parts import Family, Numbers, find_families, part_of, stem_of
from lib.intake.recipe import Column, Layout, MeasureInFile, Recipe, Role, UnitInFile
from lib.intake.roles import FEWEST_PERIODS, Roles, could_hold_values, find_roles, period_columns, tell_rows_apart
from lib.intake.rosters import roster_problem, student_headers
from lib.intake.rows import NOTE
from lib.intake.sheets import Sheet, Workbook
from lib.intake.units import guess_unit
from lib.intake.vocabulary import GENERIC_SHEET, plain, readable
from lib.problems import CannotContinue, Problem

MOST_MEASURES_UNASKED = 12
"""More columns of numbers than this are a table to choose from, not a set of measures."""
LONGEST_TITLE = 150
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
    found, evidence = _tables(workbook)
    if not found:
        return Proposal(None, False, (_nothing_found(workbook),), tuple(evidence))
    chosen, others = _chosen(found)
    questions = [
        Problem(f"Sheet “{sheet.name}”", "It looks like another table.", "Bring it in on its own.")
        for sheet, _ in others
    ]
    recipe, roles = recipe_for(workbook, chosen, known)
    return Proposal(
        recipe, not (roles.questions or questions), tuple(roles.questions + questions), tuple(evidence + roles.evidence)
    )


Tables = list[tuple[Sheet, Table]]


def _tables(workbook: Workbook) -> tuple[Tables, list[str]]:
    found: Tables = []
    evidence: list[str] = []
    rosters: list[Problem] = []
    for sheet in workbook.sheets:
        reason = why_skipped(sheet)
        table = None if reason else find_table(sheet)
        if table and (headers := student_headers(sheet, table)):
            rosters.append(roster_problem(sheet.name or workbook.name, headers))
        elif table and any(one.is_numeric for one in look_at(sheet, table, workbook.decimal)):
            found.append((sheet, table))
        elif sheet.name:
            evidence.append(f"Sheet “{sheet.name}” is left out: {reason or 'no table with numbers'}")
    if rosters and not found:
        raise CannotContinue(*rosters)
    return found, evidence + [str(problem) for problem in rosters]


def _nothing_found(workbook: Workbook) -> Problem:
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
        if word not in said:
            said.append(word)
    return tuple(said)


def recipe_for(workbook: Workbook, tables: Tables, known: Known, layout: Layout | None = None) -> tuple[Recipe, Roles]:
    """The recipe for sheets with one grid whose headers are found already; `layout` is what a person has chosen."""
    sheet, table = max(tables, key=lambda one: one[0].n_rows)
    seen = look_at(sheet, table, workbook.decimal)
    across = (
        [] if layout == "tidy" else period_columns(seen, fewest=1 if layout == "periods across" else FEWEST_PERIODS)
    )
    tabs = [one.name for one, _ in tables] if len(tables) > 1 or layout == "one tab per school" else []
    roles = find_roles(seen, across, known, tabs, by_tab=layout == "one tab per school")
    one_tab_each = bool(tabs) and not roles.having("school id", "school name")
    dates = _dates(titles_of(workbook, sheet, table), across, roles, known)
    titles = titles_of(workbook, sheet, table, one_tab_each)
    columns, measures = _values(titles, across, roles)
    if not across:
        tell_rows_apart(roles, could_hold_values)
        columns = [
            replace(column, role=roles.of.get(column.position, column.role)) if not column.holds_values else column
            for column in columns
        ]
    if dates.fixed and len(tables) > 1:
        roles.ask("Dates", "Several sheets would be of one period.", "Choose one sheet, or the date column.")
    layout = "one tab per school" if one_tab_each else "periods across" if across else "tidy"
    recipe = Recipe(
        layout=layout,
        header_row=table.header_row,
        header_rows=table.header_rows,
        columns=tuple(columns),
        measures=tuple(measures),
        sheets=() if one_tab_each or not sheet.name else tuple(one.name for one, _ in tables),
        dates=dates,
        decimal=workbook.decimal,
        school=_one_school(workbook, sheet, roles, tabs),
    )
    if not recipe.columns_as("value", "numerator"):
        roles.ask("Values", "No column holds the values.", "Choose the column of the values.")
    return recipe, roles


def _one_school(workbook: Workbook, sheet: Sheet, roles: Roles, tabs: list[str]) -> str:
    if roles.having("school id", "school name") or tabs:
        return ""
    name = readable(_stem(workbook.name)) if GENERIC_SHEET.fullmatch(plain(sheet.name)) else sheet.name
    roles.ask("School", "No column says the school.", f"Say the school (for now “{name}”), or choose its column.")
    return name


def _stem(name: str) -> str:
    return PurePath(name).stem


def titles_of(workbook: Workbook, sheet: Sheet, table: Table, one_tab_each: bool = False) -> list[str]:
    """What is said about the table as a whole: title lines above it, the sheet's name, the file's name.

    With one tab per school the lines that name the school are none of these.
    """
    above = [text for row in range(1, min(table.header_row, 31)) for text in sheet.row(row) if text]
    titles = [
        *(text for text in above if len(text) <= LONGEST_TITLE and text.strip("# ")),
        sheet.name,
        _stem(workbook.name),
    ]
    return [text for text in titles if not (one_tab_each and sheet.name.casefold() in text.casefold())]


def _dates(titles: Sequence[str], across: Sequence[Seen], roles: Roles, known: Known) -> Dates:
    dates = Dates(school_year_start=known.school_year_start)
    texts = (
        [one.period_and_rest[0] for one in across]
        if across
        else [word for one in roles.having("date") for word in one.words]
    )
    if not texts:
        return _fixed_date(dates, titles, roles)
    order, why = find_order(texts, known.today)
    if order:
        roles.evidence.append(f"Dates are read {order}: {why}")
    dates = replace(dates, order=order)
    for need in _needs(texts, replace(dates, first_week=known.first_week)):
        dates = _met_need(need, dates, titles, roles, known)
    return dates


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
    found = _year_in(titles)
    if found is not None:
        roles.evidence.append(
            f"The dates belong to the school year {found[0]}-{(found[0] + 1) % 100:02d}, by “{found[1]}”"
        )
        return replace(dates, school_year=found[0])
    year = known.today.year - (known.today.month < known.school_year_start)
    roles.ask("Dates", "They don't say the year.", f"Say the school year (for now {year}-{(year + 1) % 100:02d}).")
    return replace(dates, school_year=year)


def _year_in(titles: Sequence[str]) -> tuple[int, str] | None:
    return next(((year, text) for text in titles if (year := find_school_year(text)) is not None), None)


def _fixed_date(dates: Dates, titles: Sequence[str], roles: Roles) -> Dates:
    """A file of one period: its school year from the title."""
    found = _year_in(titles)
    if found is None:
        roles.ask("Dates", "No column and no title says the date.", "Choose the date column, or say the period.")
        return dates
    roles.evidence.append(f"All rows are of {found[0]}-{(found[0] + 1) % 100:02d}, by “{found[1]}”")
    return replace(dates, fixed=date(found[0], dates.school_year_start, 1), cadence="year")


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
        roles.questions = [one for one in roles.questions if not one.where.startswith("Measure ")]
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
    """Kinds that make one value together, the kinds alone, and whether a rate was found beside its own two counts."""
    names = list(kinds)
    lengths = {len(columns) for columns in kinds.values()}
    if len(names) < 2 or (len(lengths) > 1 and max(lengths) > 1):
        return [], names, False
    stacked = [
        Numbers(_header_of(name).split(" | ")[-1], np.concatenate([one.numbers for one in kinds[name]]))
        for name in names
    ]
    families = find_families(stacked)
    for family in families:
        roles.evidence.append(_family_evidence(names, family))
    taken = {place for family in families for place in family.parts.values()}
    alone = [name for place, name in enumerate(names) if place not in taken]
    in_names = [{role: names[place] for role, place in family.parts.items()} for family in families]
    return in_names, alone, any(family.by_arithmetic for family in families)


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
        name = "" if by_rows else _name_of(_header_of(kind), [] if several else titles, roles)
        named.append(("value", name, kind))
    return named


def _family_name(family: dict[Role, str], titles: Sequence[str], several: bool, roles: Roles) -> str:
    for role in ("value", "numerator"):
        header = _header_of(family[role]) if role in family else ""
        upper = " | ".join(header.split(" | ")[:-1])
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
        name = _without_years(title)
        if name and not GENERIC_SHEET.fullmatch(plain(name)) and len(name) <= 80 and not NOTE.fullmatch(name):
            roles.evidence.append(f"The measure's name is taken from “{title}”")
            return name
    return ""


def _without_years(title: str) -> str:
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
            measures[name] = _measure(
                name, role, [(one, slice(None)) for one in kinds[kind]], _header_of(kind), titles, roles
            )
    return list(measures.values())


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
    places: "list[tuple[Seen, slice | np.ndarray]]",
    header: str,
    titles: Sequence[str],
    roles: Roles,
) -> MeasureInFile:
    if role != "value":
        return MeasureInFile(name, "fraction")
    status = np.concatenate([one.values.status[rows] for one, rows in places]) if places else np.zeros(0)
    numbers = np.concatenate([one.numbers[rows] for one, rows in places]) if places else np.zeros(0)
    signs = sum(int(one.values.percent[rows].sum()) for one, rows in places)
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
