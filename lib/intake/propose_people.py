"""A recipe for a sheet with one row per person: a survey's answers or a list of students, counted and never kept."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lib.intake.dates import Dates, read_period
from lib.intake.evidence import Seen
from lib.intake.known import Known
from lib.intake.recipe import Column, MeasureInFile
from lib.intake.roles import Roles, could_be_school, find_date, find_groups, find_schools_by_header
from lib.intake.scales import (
    NO_ANSWER,
    NUMBERS_UP_TO,
    ROSTER,
    SCALES,
    Scale,
    bare,
    favorable_of,
    is_negative,
    number_scale_of,
    other_answers_of,
    scale_of,
)
from lib.intake.vocabulary import ASKS_GROUP, readable

MOST_ANSWERS = 12
"""Different answers to one question; more are free text."""
USUAL_ANSWERS = 10
"""Answers of one school in a usual week, below which they are counted by month."""
STAMP = re.compile(
    r"timestamp|time ?stamp|start time|completion time|(?:date )?submitted(?: at| on)?|submission (?:date|time)"
    r"|(?:recorded|response|end|start) ?date|marca temporal|hora de (?:inicio|finalizaci[oó]n)"
)
ASKS_SCHOOL = re.compile(r".*\b(?:what|which|your|cu[aá]l|tu|a qu[eé])\b.*\b(?:school|campus|escuela|plantel)\b.*")
ASKS_NUMBER = re.compile(r".*\b(?:how (?:many|much|long)|number of|cu[aá]nt[oa]s?)\b.*")
"""A question whose answers are counts and no scale."""
SHARE_OF_WRITE_INS = 0.03
"""An answer that so few gave was written in by hand and is none of the scale's."""
FEWEST_WRITERS = 2
ANY = (*SCALES, *NUMBERS_UP_TO.values(), ROSTER)
MOST_GROUPS = 20
LONE_MARKS = {"1", "0", "p", "a", "y", "n", "x", "✓", "✔"}
"""Marks that may stand alone in a column of a list of students."""
FEWEST_WORDS = 3
"""A question has so many words; a column of numbers with fewer is none of bare answers."""


def is_survey(seen: Sequence[Seen]) -> bool:
    """Whether each row is somebody's answers: a time stamp, and answers from a scale."""
    return any(STAMP.fullmatch(one.plain) for one in seen) and any(_survey_scale(one) for one in seen)


def roles_of_people(seen: list[Seen], known: Known, students: Sequence[int]) -> Roles:
    """Roles of all columns; `students` are the positions of those that tell who somebody is, and are never read."""
    roles = Roles(seen, known)
    for position in students:
        roles.of[position] = "not used"
    for one in roles.free():
        if _scale(one, bool(students)):
            roles.of[one.position] = "answer"
    _find_place_and_time(roles)
    return roles


def columns_of_people(roles: Roles, is_roster: bool, name: str) -> tuple[list[Column], list[MeasureInFile]]:
    """What is counted in each column of answers, and for each measure which answers are favorable.

    `name` is what columns are called whose header is a period and nothing else.
    """
    measures: dict[str, MeasureInFile] = {}
    together: dict[str, list[Seen]] = {}
    for one in roles.having("answer"):
        together.setdefault(_name(one, name), []).append(one)
    for said, columns in together.items():
        given: Counter[str] = Counter()
        for one in columns:
            given.update(_given(one))
        marks = is_roster and any(_is_marks(one) for one in columns)
        scale = ROSTER if marks else _scale_among(given)
        measures[said] = _measure(said, list(given), scale, roles)
        if marks:
            _ask_about_blanks(said, measures[said], columns, roles)
    return [_column(one, roles, name) for one in roles.seen], list(measures.values())


def _scale_among(given: Mapping[str, int]) -> Scale:
    return scale_of(given) or number_scale_of(given) or ROSTER


def _scale(one: Seen, is_roster: bool) -> Scale | None:
    if is_roster and _is_marks(one):
        return ROSTER
    return _survey_scale(one)


def _is_marks(one: Seen) -> bool:
    """0 and 1, P and A, yes and no: two kinds of mark at least, or one over a period."""
    words = {bare(word) for word in _usual_words(one)}
    sides = {ROSTER.side(word) for word in words}
    fit = sum(ROSTER.side(word) is not None for word in words)
    enough = len(sides - {None}) == 2 or (bool(one.period_and_rest[0]) and words <= LONE_MARKS)
    return bool(words) and len(words) <= MOST_ANSWERS and fit >= 0.6 * len(words) and enough


def _survey_scale(one: Seen) -> Scale | None:
    words = _usual_words(one)
    if not 1 <= len(words) <= MOST_ANSWERS or STAMP.fullmatch(one.plain):
        return None
    may_be_numbers = len(one.plain.split()) >= FEWEST_WORDS and not ASKS_NUMBER.fullmatch(one.plain)
    return scale_of(_given(one)) or (number_scale_of(words) if may_be_numbers else None)


def answers_of(seen: Sequence[Seen]) -> tuple[str, ...]:
    """The answers in columns of one question, without those that few wrote by hand; the words for none are not in it.

    What one person wrote may be about that person, so a word of no scale counts only where several wrote it.
    """
    given: Counter[str] = Counter()
    for one in seen:
        given.update({" ".join(word.split()): n for word, n in _given(one).items()})
    enough = max(FEWEST_WRITERS, SHARE_OF_WRITE_INS * given.total())
    usual = [word for word, n in given.items() if n >= enough or any(one.side(bare(word)) is not None for one in ANY)]
    return tuple(sorted(word for word in usual if bare(word) not in NO_ANSWER)[:MOST_ANSWERS])


def favorable_answers(seen: Sequence[Seen]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The favorable answers and the others in columns that a person called answers; none where no scale has them."""
    given: Counter[str] = Counter()
    for one in seen:
        given.update(_given(one))
    scale = _scale_among(given)
    return favorable_of(given, scale), other_answers_of(given, scale)


def _given(one: Seen) -> dict[str, int]:
    """Each answer and how many gave it."""
    present = np.flatnonzero(one.counts)
    return {one.cells.spelled[1][code]: int(one.counts[code]) for code in present.tolist()}


def _usual_words(one: Seen) -> list[str]:
    """The different texts without those that hardly anybody wrote."""
    enough = np.flatnonzero(one.counts > SHARE_OF_WRITE_INS * one.n_filled)
    return [one.cells.spelled[1][code] for code in enough.tolist()]


def _find_place_and_time(roles: Roles) -> None:
    stamps = [one for one in roles.free() if STAMP.fullmatch(one.plain)]
    if stamps:
        roles.give(stamps[0], "date", "its header says so")
    else:
        find_date(roles)
    find_schools_by_header(roles)
    asked = [one for one in roles.free() if ASKS_SCHOOL.fullmatch(one.plain) and not one.is_numeric]
    if asked and not roles.having("school id", "school name"):
        roles.give(asked[0], "school name", "its question asks for the school")
    if not roles.having("school id", "school name"):
        likely = [one for one in roles.free() if could_be_school(one, roles.known)]
        if likely:
            roles.give(likely[0], "school name", "its cells read like names of schools")
    find_groups(roles)
    for one in roles.free():
        if ASKS_GROUP.fullmatch(one.plain) and one.n_words <= MOST_GROUPS:
            roles.give(one, "group", "its question asks for it")


def _measure(name: str, words: Sequence[str], scale: Scale, roles: Roles) -> MeasureInFile:
    favorable, others = favorable_of(words, scale), other_answers_of(words, scale)
    roles.evidence.append(
        f"“{name}” counts {_listed(favorable) or 'no answer'} as favorable, and {_listed(others) or 'no answer'} not"
    )
    if scale in NUMBERS_UP_TO.values():
        roles.ask(f"Measure “{name}”", "Its answers are numbers.", "See which of them are counted as favorable.")
    elif scale is not ROSTER and is_negative(name):
        roles.ask(
            f"Measure “{name}”",
            "Agreeing may be no good sign here.",
            "See which answers are counted, and say so in the measure's name.",
        )
    return MeasureInFile(name, "fraction", favorable, others)


def _ask_about_blanks(name: str, measure: MeasureInFile, columns: Sequence[Seen], roles: Roles) -> None:
    """Where only one kind of mark is used, a blank cell may be the other one."""
    n_people = max(one.n_filled for one in roles.seen)
    if any(one.n_filled < n_people for one in columns) and not (measure.favorable and measure.others):
        mark = _listed(measure.favorable or measure.others)
        roles.ask(
            f"Measure “{name}”",
            f"Its only mark is {mark}, and blank cells are not counted.",
            "Say what the mark means, and whether a blank cell is the other mark.",
        )


def _listed(answers: Sequence[str]) -> str:
    return ", ".join(f"“{answer}”" for answer in answers)


def _name(one: Seen, otherwise: str) -> str:
    period, rest = one.period_and_rest
    return readable(rest if period else one.last_header) or otherwise


def _column(one: Seen, roles: Roles, name: str) -> Column:
    role = roles.of.get(one.position, "not used")
    if role != "answer":
        return Column(one.position, one.header, role)
    return Column(one.position, one.header, role, _name(one, name), one.period_and_rest[0])


def cadence_of_people(roles: Roles) -> str:
    """Answers to a survey come on many days: they are counted by week, or by month where weeks hold few."""
    dates = roles.having("date")
    if not dates or any(one.period_and_rest[0] for one in roles.having("answer")):
        return ""
    days = _days(dates[0])
    schools = roles.having("school id", "school name")
    table = pd.DataFrame({"week": days // 7, "school": schools[0].codes if schools else 0})
    sizes = table[days >= 0].groupby(["week", "school"]).size()
    cadence = "week" if len(sizes) and float(sizes.median()) >= USUAL_ANSWERS else "month"
    roles.evidence.append(f"Answers are counted by {cadence}")
    return cadence


def _days(one: Seen) -> "np.ndarray":
    words = one.cells.spelled[1]
    read = [read_period(word, Dates(order="month first", school_year=2000)) for word in words]
    days = [period.first.toordinal() if period and period.first else -1 for period in read]
    return np.array([*days, -1])[one.codes]
