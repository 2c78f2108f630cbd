"""Which columns hold values and what they measure: numerator, denominator and value together, a name, a unit."""

import re
from collections.abc import Sequence

import numpy as np

from lib.intake import values
from lib.intake.date_words import MONTH
from lib.intake.dates import split_period
from lib.intake.drafts import UNIT_OF_FILE
from lib.intake.evidence import Seen
from lib.intake.known import Known
from lib.intake.parts import Family, Numbers, find_families, is_part_of, part_of, stem_of
from lib.intake.recipe import Column, MeasureInFile, Role, UnitInFile
from lib.intake.roles import Roles, columns_of_numbers
from lib.intake.rows import NOTE
from lib.intake.short_dates import ANY_WEEKDAY, month_of_measure, weekday_and_day
from lib.intake.units import UnitGuess, guess_unit
from lib.intake.vocabulary import ABOVE, GENERIC_SHEET, SAYS_SHARE, plain, readable, says_value

MOST_MEASURES_UNASKED = 12
"""More columns of numbers than this are a table to choose from, not a set of measures."""
NAMELESS = "Measure"
"""What a measure is called of which nothing says the name."""
GENERIC_NAMES = re.compile(
    r"(?:value|values|data|rate|percent|pct|percentage|number|n|score|result|results|count|total|%|#)?", re.IGNORECASE
)


def columns_of_values(
    titles: Sequence[str], across: Sequence[Seen], roles: Roles
) -> tuple[list[Column], list[MeasureInFile]]:
    """Every column with its role, and the measures. `across`: columns under a period; `roles`: of all the others."""
    holders = list(across) or columns_of_numbers(roles)
    kinds = _kinds(holders, bool(across))
    wholes = _wholes_of_all(kinds, across, roles)
    families, alone, published = _families(kinds | wholes, roles)
    alone = [kind for kind in alone if kind not in wholes]
    named: dict[str, tuple[Role, str]] = {}
    for role, name, kind in _part_and_whole(kinds, alone, roles) or _named(families, alone, published, titles, roles):
        shared = kind in named and named[kind][1] != name
        named[kind] = (role, FOR_ALL_MEASURES if shared else name)
    columns = [_column(one, across, named, roles) for one in roles.seen]
    measures = _measures(kinds | wholes, named, titles, roles)
    if days := [one.name for one in measures if weekday_and_day(one.name)]:
        said = f"Columns such as “{days[0]}” name days, and no month is said in which they are such days."
        roles.ask("Dates", said, "Write the month in the sheet's name or a title, or days such as 9/8 in the header.")
    if len(measures) > MOST_MEASURES_UNASKED and not roles.having("measure"):
        roles.questions = [one for one in roles.questions if not one.where.startswith(("Measure ", "Values"))]
        roles.ask("Values", f"{len(measures)} columns hold numbers.", "Choose the ones that are measures.")
    return columns, measures


Kinds = dict[str, list[Seen]]


def _kinds(holders: Sequence[Seen], across: bool) -> Kinds:
    """Columns of one kind: the same words over many periods; else each column is its own kind."""
    kinds: Kinds = {}
    for one in holders:
        kinds.setdefault(one.period_and_rest[1] if across else _kind_of(one), []).append(one)
    filled = {kind: columns for kind, columns in kinds.items() if any(one.n_filled for one in columns)}
    return filled or kinds


def _kind_of(one: Seen) -> str:
    return f"{one.header}\n{one.position}"


def _wholes_of_all(kinds: Kinds, across: Sequence[Seen], roles: Roles) -> Kinds:
    """Columns without a period that may be the whole of every period's part: an enrollment beside the weeks."""
    if not any(one.period_and_rest[0] for one in across):
        return {}
    longest = max(len(columns) for columns in kinds.values())
    wholes = [one for one in columns_of_numbers(roles) if part_of(one.header, loose=True) == "denominator"]
    return {_kind_of(one): [one] * longest for one in wholes}


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


def _part_and_whole(kinds: Kinds, alone: list[str], roles: Roles) -> "Named":
    """Two columns of counts and nothing else, where one header says that it is the part or the whole: asked about."""
    if len(kinds) != 2 or len(alone) != 2 or roles.having("measure"):
        return []
    stacked = [np.concatenate([one.numbers for one in kinds[kind]]) for kind in alone]
    for part, whole in ((0, 1), (1, 0)):
        said = part_of(_header_of(alone[part]), loose=True), part_of(_header_of(alone[whole]), loose=True)
        is_said = said in ((None, "denominator"), ("numerator", None))
        if is_said and len(stacked[0]) == len(stacked[1]) and is_part_of(stacked[part], stacked[whole]):
            names = [readable(_header_of(alone[place])) for place in (part, whole)]
            what = f"“{names[0]}” is never more than “{names[1]}”, and is read as a part of it."
            roles.ask("Values", what, "See whether they are two counts instead.")
            return [("numerator", names[0], alone[part]), ("denominator", names[0], alone[whole])]
    return []


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
    header = {role: f"“{_header_of(names[place])}”" for role, place in family.parts.items()}
    if "numerator" not in header:
        return f"{header['value']} is a share of {header['denominator']} in the rows compared"
    said = " / ".join(header[role] for role in ("numerator", "denominator") if role in header)
    if "value" in family.parts and family.by_arithmetic:
        return f"{header['value']} is {said} in the rows compared"
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
        name = "" if by_rows else _name_of(header, titles, several, roles)
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
    header = _header_of(family.get("numerator", family.get("value", "")))
    says_part, stem = part_of(header) is not None, stem_of(header)
    if says_part and stem:
        return readable(stem)
    return (title_name(titles, roles) if says_part or not several else "") or readable(header)


def _name_of(header: str, titles: Sequence[str], several: bool, roles: Roles) -> str:
    """The header, or what a title says where the header is no more than a sign or a word for any value."""
    header = header.strip()
    is_sign = re.fullmatch(r"[%#]?", header) is not None
    if (header and not GENERIC_NAMES.fullmatch(header)) or (several and not is_sign):
        return readable(header)
    title = title_name(titles, roles)
    return f"{title} ({header})" if title and several and header else title or readable(header) or NAMELESS


ONLY_WHEN = re.compile(rf"(?:month:? )?{MONTH}|{ANY_WEEKDAY.pattern}", re.IGNORECASE)
"""The name of a month or of a day of the week."""


def title_name(titles: Sequence[str], roles: Roles) -> str:
    """A measure's name from the title lines, the sheet's or the file's name, without years and filler."""
    for title in titles:
        name = roles.known.measure_in(title) or _without_years(title)
        says_what = not GENERIC_SHEET.fullmatch(plain(name)) and not ONLY_WHEN.fullmatch(name)
        if name and says_what and len(name) <= 80 and not NOTE.fullmatch(name):
            roles.evidence.append(f"The measure's name is taken from “{title}”")
            return name
    return ""


def _without_years(title: str) -> str:
    """
    >>> _without_years("Weekly attendance 2024-25"), _without_years("Attendance %, Q1"), _without_years("Sep tardy %")
    ('Weekly attendance', 'Attendance', 'Tardy')
    """
    period = split_period(title) or month_of_measure(title)
    title = (
        re.sub(r"[ ,]*\b(?:week|as|month)(?: of)?$|[ ,]*\b(?:for|in|on|through)(?: the)?$", "", period[1])
        if period
        else title
    )
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
    holder = next((other for other in across if other.position == one.position), None)
    kind = holder.period_and_rest[1] if holder else _kind_of(one)
    if kind in named and (holder or one.position not in roles.of):
        role, measure = named[kind]
        return Column(one.position, one.header, role, measure, holder.period_and_rest[0] if holder else "")
    return Column(one.position, one.header, "not used" if holder else roles.of.get(one.position, "not used"))


def _measures(
    kinds: Kinds, named: dict[str, tuple[Role, str]], titles: Sequence[str], roles: Roles
) -> list[MeasureInFile]:
    measures: dict[str, MeasureInFile] = {}
    if roles.having("measure"):
        return _measures_of_rows(kinds, named, roles)
    for kind, (said, name) in named.items():
        # A rate of which every value is withheld tells nothing of its unit; its counts do.
        role: Role = said if _has_numbers(kinds[kind]) or ("numerator", name) not in named.values() else "numerator"
        if role == "value" or (role == "numerator" and name not in measures):
            places = [(one, slice(None)) for one in kinds[kind]]
            scale = _scale(kinds, named, kind) if role == "value" else None
            measures[name] = measure_in_file(name, role, places, _header_of(kind), titles, roles, scale)
    return list(measures.values())


def _has_numbers(columns: Sequence[Seen]) -> bool:
    return any(one.is_numeric or one.is_partly_numeric for one in columns)


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
            measure_in_file(name, role, [(one, rows) for one in kinds[kind]] if kind is not None else [], "", [], roles)
        )
    return measures


def measure_in_file(
    name: str,
    role: Role,
    places: "Sequence[tuple[Seen, slice | np.ndarray]]",
    header: str,
    titles: Sequence[str],
    roles: Roles,
    scale: UnitInFile | None = None,
) -> MeasureInFile:
    """One measure with the unit that its words and numbers say. `places`: the columns and rows that hold it."""
    if role != "value":
        return MeasureInFile(name, "fraction")
    status = np.concatenate([one.values.status[rows] for one, rows in places]) if places else np.zeros(0)
    numbers = np.concatenate([one.numbers[rows] for one, rows in places]) if places else np.zeros(0)
    with_sign = np.concatenate([one.values.percent[rows] for one, rows in places]) if places else np.zeros(0, bool)
    if scale:
        roles.evidence.append(f"“{name}” is in {scale}: that is what its numerators and denominators give")
        return MeasureInFile(name, scale)
    if (status == values.FRACTION).sum() > 0.5 * max((status != values.BLANK).sum(), 1):
        return MeasureInFile(name, "fraction")
    words = " ".join([name, header, *([] if header else titles)])
    guess = _guess(words, numbers[~np.isnan(numbers)], with_sign[~np.isnan(numbers)])
    if header and guess.unit == "count" and not says_value(f"{name} {header}") and (numbers <= 100).all():
        guess = _unless_titles_say_share(guess, titles)
    roles.evidence.append(f"“{name}” is in {guess.unit}: {guess.evidence}")
    in_doubt = not guess.certain and bool(np.isin(status, (values.NUMBER, values.FRACTION, values.MARKED)).any())
    if in_doubt and not _agrees(roles.known, name, guess.unit):
        roles.ask(
            f"Measure “{name}”", f"Its unit isn't sure: {guess.evidence}.", f"Choose the unit (for now {guess.unit})."
        )
    return MeasureInFile(name, guess.unit)


def _guess(words: str, numbers: "np.ndarray", with_sign: "np.ndarray") -> UnitGuess:
    """A percent sign says that all are shares; where few have one, the others say how shares are written without it."""
    signs = int(with_sign.sum())
    if 0 < signs < 0.5 * len(numbers):
        return guess_unit(f"{words} %", numbers[~with_sign])
    return guess_unit(words, numbers, signs)


def _unless_titles_say_share(guess: UnitGuess, titles: Sequence[str]) -> UnitGuess:
    """Whole numbers under headers that say nothing, and a title that says a share: percent, or counts."""
    said = next((title for title in titles if SAYS_SHARE.fullmatch(plain(title))), "")
    return UnitGuess("percent", f"“{said}” says a share, and the numbers are whole", certain=False) if said else guess


def _agrees(known: Known, name: str, unit: UnitInFile) -> bool:
    """Whether the network has this measure already, in the unit that was guessed."""
    measure = known.measure(name)
    return measure is not None and measure.unit == UNIT_OF_FILE[unit]
