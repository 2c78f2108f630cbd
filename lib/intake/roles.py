"""What each column of a table is: school, date, group, measure, by its header's words and by what stands in it."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from lib.intake import values
from lib.intake.dates import are_years, read_period, told_by_header
from lib.intake.evidence import Seen
from lib.intake.group_names import means_everybody
from lib.intake.known import Known
from lib.intake.recipe import Role
from lib.intake.tabs import is_measure
from lib.intake.titles import SCHOOLISH
from lib.intake.vocabulary import (
    ABOVE,
    CATEGORY,
    DATE,
    DATE_OF_OBSERVATION,
    DATE_OF_PAPERWORK,
    DISTRICT,
    DISTRICT_ID,
    GOAL,
    GROUP,
    MEASURE,
    NO_VALUE,
    OTHER_ID,
    PERHAPS_TOTAL,
    SCHOOL_ID,
    SCHOOL_NAME,
    TOTAL,
    says_value,
)
from lib.problems import Problem

DISTRICTS_FIRST = (
    "district",
    "dist",
    "lea",
    "la",
    "authority",
    "system",
    "boces",
    "network",
    "trust",
    "cluster",
    "division",
    "county",
    "borough",
    "region",
)
MOST_GROUPS = 60
FEWEST_TO_COUNT = 4
MOST_NAMED = 3
"""Names in one question."""
FEWEST_PERIODS = 2
MOST_TOTALS = 2
"""Rows under a table, such as a total and an average, that have no date."""
SHARE_OF_PERIODS, SHARE_WHERE_NAMED = 0.9, 0.5
"""Of the texts of a column of dates: so many are dates, or so many where its header says dates."""
SHARE_TWICE, SHARE_TWICE_ACROSS = 0.02, 0.3
"""Rows with one school, date and group that are more than slips: another column must tell them apart. A sheet with
periods across has few rows, and one that stands twice is a slip."""


@dataclass
class Roles:
    """Decided step by step; `questions` are what must be told before the file can be read without a person."""

    seen: list[Seen]
    known: Known
    of: dict[int, Role] = field(default_factory=dict)
    evidence: list[str] = field(default_factory=list)
    questions: list[Problem] = field(default_factory=list)

    def give(self, one: Seen, role: Role, because: str) -> None:
        self.of[one.position] = role
        self.evidence.append(f"“{one.header or f'column {one.position}'}” is {_article(role)}: {because}")

    def free(self) -> list[Seen]:
        return [one for one in self.seen if one.position not in self.of and one.n_filled]

    def having(self, *roles: Role) -> list[Seen]:
        return [one for one in self.seen if self.of.get(one.position) in roles]

    def ask(self, where: str, what: str, fix: str) -> None:
        self.questions.append(Problem(where, what, fix))


def _article(role: Role) -> str:
    return {
        "school id": "the school's id",
        "school name": "the school's name",
        "district": "the district",
        "date": "the date",
    }.get(role, f"a {role}")


def period_columns(seen: list[Seen], fewest: int = FEWEST_PERIODS) -> list[Seen]:
    """Columns whose header names a period and whose kind holds numbers, or that hold nothing yet.

    A kind is what else the headers say. Where it has numbers all its columns are values, so that texts are refused.
    """
    named = [one for one in seen if one.period_and_rest[0]]
    with_numbers = [one for one in named if one.is_numeric or (one.is_partly_numeric and not one.period_and_rest[1])]
    kinds = {one.period_and_rest[1] for one in with_numbers}
    different = {one.period_and_rest[0] for one in with_numbers}
    found = [one for one in named if one.period_and_rest[1] in kinds or not one.n_filled or is_all_marks(one)]
    values_alone = [one for one in found if not TOTAL.fullmatch(one.period_and_rest[1])]
    found = values_alone or found
    if with_numbers:
        different |= {one.period_and_rest[0] for one in named if is_all_marks(one) and one.period_and_rest[1] in kinds}
    return found if len(different) >= fewest else []


def is_all_marks(one: Seen) -> bool:
    return one.share(values.SUPPRESSED, values.NO_SCHOOL) > 0.6


def find_roles(
    seen: list[Seen], across: list[Seen], known: Known, tabs: bool, by_tab: bool = False, schools: Sequence[Seen] = ()
) -> Roles:
    """Roles of all columns but the ones with values.

    `tabs`: whether each sheet may be one school; `by_tab`: a person has said that each is. `schools`: columns of
    values that are a school each.
    """
    roles = Roles(seen, known)
    for one in (*across, *schools):
        roles.of[one.position] = "value"
    if not across:
        find_date(roles)
    elif all(_needs_year(one.period_and_rest[0]) for one in across):
        _find_year(roles)
    if across:
        _find_measures_down(roles, known)
    if not by_tab and not schools:
        _find_school(roles, known, tabs)
    _find_measure(roles, tabs, bool(across))
    find_groups(roles)
    _find_district(roles)
    return roles


def _needs_year(text: str) -> bool:
    period = read_period(text)
    return period is not None and period.needs in ("year", "order")


def _find_year(roles: Roles) -> None:
    """Years down and months across."""
    years = [one for one in roles.free() if one.n_words > 1 and DATE.fullmatch(one.plain)]
    if years and are_years(years[0].words):
        roles.give(years[0], "date", "its cells are years, and the columns are months or terms of them")


def _best(candidates: Iterable[tuple[float, Seen]]) -> Seen | None:
    ranked = sorted(candidates, key=lambda pair: (-pair[0], pair[1].position))
    return ranked[0][1] if ranked and ranked[0][0] > 0 else None


def find_date(roles: Roles) -> None:
    candidates = [(_date_score(one), one) for one in roles.free()]
    best = _best(candidates)
    if best:
        roles.give(best, "date", _date_reason(best))
    for score, one in candidates:
        if score > 0 and best and one is not best and _go_together(one, best):
            roles.give(one, "date", f"“{best.header}” and it say the date together")
            return
    for score, one in candidates:
        if score > 0 and one is not best:
            roles.of[one.position] = "not used"
            roles.evidence.append(
                f"“{one.header}” holds dates too, but “{best.header if best else ''}” is nearer to the observation"
            )


def _go_together(one: Seen, two: Seen) -> bool:
    """Whether one holds years and the other months or terms of them."""
    years, parts = (one, two) if are_years(one.period_words) else (two, one)
    needs = [period.needs for word in parts.period_words if (period := read_period(word))]
    return are_years(years.period_words) and bool(needs) and set(needs) == {"year"}


def years_over(one: Seen, two: Seen) -> list[str]:
    """The dates that two columns say together, the year first."""
    years, parts = (one, two) if are_years(one.period_words) else (two, one)
    both = (years.codes >= 0) & (parts.codes >= 0)
    pairs = sorted(set(zip(years.codes[both].tolist(), parts.codes[both].tolist(), strict=True)))
    said = [cells.spelled[1] for cells in (years.cells, parts.cells)]
    return [f"{said[0][year]}{ABOVE}{told_by_header(said[1][part], parts.header)}" for year, part in pairs]


def _date_score(one: Seen) -> float:
    named = DATE.fullmatch(one.plain) is not None
    if one.share_of_periods < (SHARE_WHERE_NAMED if named else SHARE_OF_PERIODS):
        return 0.0
    full_dates = sum(1 for word in one.words if len(word) >= 6) >= 0.9 * len(one.words)
    if not named and (not full_dates or (one.is_numeric and len(one.words[0]) in (5, 6))):
        return 0.0
    score = 1.0 + named + 0.5 * (DATE_OF_OBSERVATION.fullmatch(one.plain) is not None)
    score -= 1.2 * (DATE_OF_PAPERWORK.fullmatch(one.plain) is not None)
    score -= 1.5 * (one.n_filled < SHARE_OF_PERIODS * len(one.codes) - MOST_TOTALS) + 0.5 * (
        one.share_of_periods < SHARE_OF_PERIODS
    )
    score -= 1.0 * (one.period_words != one.words)
    return max(score - 0.7 * (one.n_words == 1), 0.1)


def _date_reason(one: Seen) -> str:
    return f"all but a few of its cells are dates or periods, such as {one.words[0]}"


def find_schools_by_header(roles: Roles) -> None:
    """The school's id and name, where headers say so."""
    known = roles.known
    school_id = _best((_id_score(one), one) for one in roles.free())
    if school_id:
        roles.give(school_id, "school id", "its header says so")
    names = [one for one in roles.free() if not one.is_numeric and SCHOOL_NAME.fullmatch(one.plain)]
    name = _best((_name_score(one, known), one) for one in names)
    if name:
        roles.give(name, "school name", "its header says so")
    if not school_id and name:
        other = _best(
            (float(OTHER_ID.fullmatch(one.plain) is not None and one_to_one(one, name)), one) for one in roles.free()
        )
        if other:
            roles.give(other, "school id", "it differs for every school")


def _find_school(roles: Roles, known: Known, tabs: bool) -> None:
    find_schools_by_header(roles)
    if not roles.having("school id", "school name"):
        _districts_as_schools(roles)
    if not roles.having("school id", "school name", "measure") and not tabs:
        _school_by_content(roles, known)


def one_to_one(code: Seen, name: Seen) -> bool:
    """Whether a code differs for (nearly) every school, among the rows that have both."""
    both = (code.codes >= 0) & (name.codes >= 0)
    pairs = pd.DataFrame({"code": code.codes[both], "name": name.codes[both]}).drop_duplicates()
    codes, names = pairs["code"].nunique(), pairs["name"].nunique()
    return codes > 1 and len(pairs) <= 1.05 * codes and codes >= 0.9 * names


def _id_score(one: Seen) -> float:
    if not SCHOOL_ID.fullmatch(one.plain):
        return 0.0
    return 1.0 + 0.2 * (one.n_filled >= 0.9 * len(one.codes)) + 0.001 * min(one.n_words, 900) / 9


def _name_score(one: Seen, known: Known) -> float:
    words = known.school_words()
    met = sum(1 for word in one.words if word.casefold() in words) / max(len(one.words), 1)
    says_school = one.plain.startswith(("school", "campus", "name of", "escuela"))
    return 0.5 + met + 0.3 * says_school


def _districts_as_schools(roles: Roles) -> None:
    """A file whose units are districts: they stand where schools would."""
    several = [one for one in roles.free() if one.n_words > 1]
    name = _best((_district_score(one, DISTRICT), one) for one in several if not one.is_numeric)
    if not name:
        numbered = _best((_district_score(one, DISTRICT), one) for one in several)
        if numbered:
            roles.give(numbered, "school id", "there are no schools in this file; its units are these")
        return
    roles.give(name, "school name", "there are no schools in this file; its units are these")
    word = _district_word(name)
    code = _best(
        (float(word is not None and word in one.plain.split()), one)
        for one in roles.free()
        if DISTRICT_ID.fullmatch(one.plain)
    )
    if code:
        roles.give(code, "school id", "it is the code that goes with that name")


def _district_word(one: Seen) -> str | None:
    return next((word for word in DISTRICTS_FIRST if word in one.plain.split()), None)


def _district_score(one: Seen, pattern: "re.Pattern[str]") -> float:
    word = _district_word(one)
    if word is None or not pattern.fullmatch(one.plain):
        return 0.0
    return len(DISTRICTS_FIRST) - DISTRICTS_FIRST.index(word) + 0.5


def _school_by_content(roles: Roles, known: Known) -> None:
    texts = [
        one
        for one in roles.free()
        if not one.is_numeric
        and one.share_of_periods < 0.5
        and not MEASURE.fullmatch(one.plain)
        and not GROUP.fullmatch(one.plain)
    ]
    words = known.school_words()
    scored = [(_school_share(one, words), one) for one in texts if one.n_words > 1]
    best = _best((share if share >= 0.3 else 0.0, one) for share, one in scored)
    if best:
        roles.give(best, "school name", "its cells read like names of schools")
        return
    if scored:
        one = scored[0][1]
        roles.give(one, "school name", "it is the first column of texts")
        roles.ask(
            f"Column “{one.header or one.position}”",
            "It may hold the schools, but nothing says so.",
            "Choose the column of the schools.",
        )


def could_be_school(one: Seen, known: Known) -> bool:
    """Whether most cells are known schools or read like one."""
    return not one.is_numeric and _school_share(one, known.school_words()) >= 0.5


def _school_share(one: Seen, known: set[str]) -> float:
    return sum(1 for word in one.words if word.casefold() in known or SCHOOLISH.fullmatch(word)) / max(
        len(one.words), 1
    )


def _find_measures_down(roles: Roles, known: Known) -> None:
    """A measure in every row and periods across: the sheet or the file is of one school."""
    for one in roles.free():
        like = sum(1 for word in one.words if is_measure(word, known)) >= 0.5 * len(one.words)
        if like and not one.is_numeric and 1 < one.n_words == one.n_filled and not SCHOOL_NAME.fullmatch(one.plain):
            roles.give(one, "measure", "every row of it reads like another measure")
            return


def _find_measure(roles: Roles, tabs: bool, across: bool) -> None:
    if roles.having("measure"):
        return
    named = [one for one in roles.free() if MEASURE.fullmatch(one.plain) and not one.is_numeric]
    if named:
        roles.give(named[0], "measure", "its header says so")
        return
    if tabs and across and not roles.having("school id", "school name"):
        texts = [one for one in roles.free() if not one.is_numeric and one.n_words == one.n_filled]
        if texts:
            roles.give(texts[0], "measure", "each tab is one school, and every row of it says something else here")


def find_groups(roles: Roles) -> None:
    _leave_grade_spans(roles)
    groups = [one for one in roles.free() if GROUP.fullmatch(one.plain) and one.n_words <= MOST_GROUPS]
    categories = [one for one in roles.free() if CATEGORY.fullmatch(one.plain) and one.n_words <= MOST_GROUPS]
    if not categories:
        categories = [one for one in groups if any(other is not one and _is_kind_of(one, other) for other in groups)]
    for one in categories[:1]:
        others = [group for group in groups if group is not one]
        if others and all(_goes_with_one(name, one) for name in others):
            roles.give(one, "category", "its cells say what kind of group stands beside them")
        elif one not in groups:
            roles.give(one, "group", "its header says so")
    for one in groups:
        if one.position not in roles.of:
            roles.give(one, "group", "its header says so")


GRADE_SPAN = re.compile(r"(?:pre-?k|pk|k|tk|\d{1,2})(?:th)? ?(?:[-–—/]|to) ?\d{1,2}(?:th)?", re.IGNORECASE)


def _leave_grade_spans(roles: Roles) -> None:
    """ "9-12" and "K-5" beside schools say which grades each school has, and no group of its students."""
    schools = roles.having("school id", "school name")
    for one in roles.free():
        spans = sum(1 for word in one.words if GRADE_SPAN.fullmatch(word))
        if GROUP.fullmatch(one.plain) and spans >= 0.5 * one.n_words and schools and _goes_with_one(schools[0], one):
            roles.of[one.position] = "not used"
            roles.evidence.append(f"“{one.header}” is not used: it says which grades each school has")


def _goes_with_one(name: Seen, category: Seen) -> bool:
    """Whether (nearly) every group stands beside one category only; else the two columns are crossed."""
    both = (name.codes >= 0) & (category.codes >= 0)
    pairs = pd.DataFrame({"name": name.codes[both], "category": category.codes[both]}).drop_duplicates()
    return len(pairs) <= 1.05 * max(pairs["name"].nunique(), 1)


def _is_kind_of(one: Seen, other: Seen) -> bool:
    """ "Group" with the cells "All" and "Grade" beside a column "Grade"."""
    words = {word.casefold() for word in one.words}
    return other.plain in words and any(means_everybody(word) for word in one.words)


def _find_district(roles: Roles) -> None:
    if roles.having("district"):
        return
    fit = [one for one in roles.free() if not one.is_numeric]
    best = _best((_district_score(one, DISTRICT), one) for one in fit)
    if best:
        roles.give(best, "district", "its header says so")


def tell_rows_apart(roles: Roles, holds: Callable[[Seen], bool], slips: float) -> None:
    """Where more than a few rows share school, date and group, the column that tells them apart becomes a group."""
    if _share_twice(roles, None) <= slips:
        return
    for one in roles.free():
        if _mixes_units(one) and not roles.having("measure"):
            roles.give(one, "measure", "its rows are in different units")
            roles.ask(
                f"Column “{one.header}”", "Its rows are in different units.", "Name the measures, or leave rows out."
            )
            return
        if (
            not holds(one)
            and 1 < one.n_words <= MOST_GROUPS
            and not one.is_numeric
            and _share_twice(roles, one) <= SHARE_TWICE
        ):
            roles.give(one, "group", "without it several rows would be the same school and date")
            return
    roles.ask(
        "Rows",
        "Many rows are of one school and date, and no column tells them apart.",
        "Choose the group or measure column.",
    )


def _mixes_units(one: Seen) -> bool:
    """Percent in some rows and counts in others."""
    words = {word.casefold() for word in one.words[:20]}
    return bool(words & {"percent", "percentage", "rate", "%"}) and bool(words & {"number", "count", "n", "#"})


def _share_twice(roles: Roles, extra: Seen | None) -> float:
    """Share of rows that repeat school, date, measure and group; a code and a name count as one school."""
    ids = roles.having("school id") or roles.having("school name")
    keys = [*ids, *roles.having("date", "measure", "category", "group"), *([extra] if extra else [])]
    if not ids:
        keys = roles.having("date", "measure", "category", "group") + ([extra] if extra else [])
    if not roles.having("school id"):
        keys += roles.having("district")
    if not keys:
        return 0.0
    table = pd.DataFrame({one.position: one.codes for one in keys})
    needed = [*ids, *roles.having("date")]
    table = table[np.logical_and.reduce([one.codes >= 0 for one in needed]) if needed else (table >= 0).any(axis=1)]
    return float(table.duplicated().mean()) if len(table) else 0.0


def could_hold_values(one: Seen) -> bool:
    """Numbers that are no codes, years or coordinates; among as many other texts only where the header says a value."""
    is_values = one.is_numeric or (one.is_partly_numeric and says_value(one.header))
    is_none = NO_VALUE.fullmatch(one.plain) or GOAL.fullmatch(one.last_header)
    return is_values and not one.has_leading_zeros and not is_none and not _counts_rows(one)


def columns_of_numbers(roles: Roles) -> list[Seen]:
    """The free columns that hold values, those of which every value is withheld among them."""
    return [one for one in roles.free() if could_hold_values(one) or is_all_withheld(one, roles)]


def is_all_withheld(one: Seen, roles: Roles) -> bool:
    """Nothing but marks, under a header that says a value; or marks of withheld values beside a column of values."""
    if one.share(values.SUPPRESSED) < 1 or not one.plain or NO_VALUE.fullmatch(one.plain):
        return False
    return says_value(one.header) or (all(map(values.is_withheld, one.words)) and _is_beside_values(one, roles))


def _is_beside_values(one: Seen, roles: Roles) -> bool:
    others = [other for other in roles.seen if other.n_filled and other.share(values.SUPPRESSED) < 1]
    before = [other for other in others if other.position < one.position][-1:]
    after = [other for other in others if other.position > one.position][:1]
    return any(other.position not in roles.of and could_hold_values(other) for other in before + after)


def say_what_is_not_used(roles: Roles, across: bool) -> None:
    """A column that is left out for its marks, because it holds goals or because it names no period, is named."""
    for one in roles.free():
        if one.is_numeric and GOAL.fullmatch(one.last_header):
            roles.evidence.append(f"“{one.header}” is not used: it holds goals")
        elif across and could_hold_values(one):
            roles.evidence.append(f"“{one.header}” is not used: it names no period, as the others do")
        if one.share(values.SUPPRESSED) == 1 and not is_all_withheld(one, roles):
            roles.evidence.append(f"“{one.header}” is not used: it holds only marks such as “{one.words[0]}”")


def ask_about_totals(roles: Roles) -> None:
    """Names such as “Total Prep”, of no known school and without a code like the others: schools, unless told."""
    names = [name for one in roles.having("school name") for name in _perhaps_totals(one, roles)]
    if names:
        listed = ", ".join(f"“{name}”" for name in names[:MOST_NAMED]) + " and more" * (len(names) > MOST_NAMED)
        roles.ask("Rows", f"These may be schools or totals: {listed}.", "Say which of them are totals.")


def _perhaps_totals(one: Seen, roles: Roles) -> list[str]:
    ids, found = roles.having("school id"), []
    for code in np.flatnonzero(one.counts).tolist():
        name = one.cells.spelled[1][code].strip()
        in_doubt = could_be_total(name, roles.known)
        if in_doubt and not any(_has_code_like_others(other, one.codes == code) for other in ids):
            found.append(name)
    return found


def could_be_total(name: str, known: Known) -> bool:
    """Whether an unknown name has a word of a total in it, and others beside it.

    >>> could_be_total("Total Prep", Known()), could_be_total("Total", Known()), could_be_total("Oak", Known())
    (True, False, False)
    """
    unsure = PERHAPS_TOTAL.fullmatch(name) and not TOTAL.fullmatch(name)
    return bool(unsure) and name.casefold() not in known.school_words()


def _has_code_like_others(ids: Seen, rows: "np.ndarray") -> bool:
    """Whether a code of these rows is spelled like one of another row; only zeros or nines stand for no school."""
    words = ids.cells.spelled[1]
    mine = {words[code] for code in np.unique(ids.codes[rows]).tolist() if code >= 0}
    others = {_shape(words[code]) for code in np.flatnonzero(ids.counts).tolist() if words[code] not in mine}
    return any(_shape(word) in others and set(word) not in ({"0"}, {"9"}) for word in mine)


def _shape(code: str) -> str:
    """
    >>> _shape("15K418"), _shape("0042"), _shape("TOTAL")
    ('9A9', '9', 'A')
    """
    return re.sub(r"\d+", "9", re.sub(r"[^\W\d]+", "A", code))


def ask_about_mixed(roles: Roles) -> None:
    """A column of numbers and texts under a header that says neither: not left unread without a word."""
    for one in roles.free():
        unsure = one.is_partly_numeric and not one.has_leading_zeros and not NO_VALUE.fullmatch(one.plain)
        if unsure and not could_hold_values(one):
            roles.ask(
                f"Column “{one.header or one.position}”",
                "Some of its cells are numbers and others are texts.",
                "Choose value to bring it in, or not used.",
            )


def _counts_rows(one: Seen) -> bool:
    """1, 2, 3 ... down the sheet: numbers of the rows."""
    numbers = one.some_numbers
    return len(numbers) >= FEWEST_TO_COUNT and bool((np.diff(numbers) == 1).all()) and float(numbers[0]) in (0.0, 1.0)
