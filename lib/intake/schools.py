"""Schools that a file spells almost like one the network has, or like another of its own: shown to a person, never made
one by themselves."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

import numpy as np
import pandas as pd
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from lib.intake.vocabulary import plain

LONG_FORMS = {
    **{"hs": "high", "h s": "high", "sr": "senior", "jr": "junior", "jhs": "junior high", "shs": "senior high"},
    **{"ms": "middle", "es": "elementary", "elem": "elementary", "el": "elementary", "ps": "public", "p s": "public"},
    **{"acad": "academy", "ctr": "center", "centre": "center", "prep": "preparatory", "intl": "international"},
    **{
        "tech": "technical",
        "street": "st",
        "saint": "st",
        "mt": "mount",
        "ft": "fort",
        "dr": "doctor",
        "univ": "university",
    },
    **{"n": "north", "s": "south", "e": "east", "w": "west", "no": "north", "so": "south", "hts": "heights"},
}
"""Forms of one word in names of schools. "St" may be a saint or a street, and stays."""

LEVELS = frozenset({"high", "middle", "elementary", "junior", "senior", "primary", "intermediate", "public", "academy"})
FILLERS = frozenset({"school", "schools", "the", "of", "at", "and", "for"})

TELLING = (
    frozenset({"north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest", "central"}),
    frozenset({"high", "middle", "elementary", "junior", "primary", "intermediate", "kindergarten", "public"}),
    frozenset({"girls", "boys"}),
    frozenset({"upper", "lower", "old", "new"}),
    frozenset({*ascii_lowercase, "ii", "iii", "iv"}),
)
"""Words that tell two schools of one name apart: names that have different ones of a row are different schools."""

CLOSEST = 0.8
"""How alike two names must be, without spaces and their level: one slip in five letters, two in ten."""
HAIR = 1e-6
"""Slack at that limit, at which RapidFuzz rounds the wrong way."""

MOST_CANDIDATES = 3
MOST_COMPARED = 20_000
"""New schools of one file that are compared with each other, which takes two seconds; a longer list is a country's."""
AT_ONCE = 2_000_000
"""Pairs of names compared at a time, so that memory stays small however many there are."""


@dataclass(frozen=True)
class Candidate:
    """A school that may be meant: one of the network, or 0 for one of the file itself that is new too.

    `likeness` is 1 for a name that differs in its spelling only.
    """

    school: int
    name: str
    code: str
    district: str
    likeness: float


@dataclass(frozen=True)
class Near:
    """A school of the file that the network doesn't know, and the ones that it may be, the likeliest first."""

    name: str
    code: str
    district: str
    candidates: tuple[Candidate, ...]


def near_schools(newcomers: pd.DataFrame, known: pd.DataFrame) -> tuple[Near, ...]:
    """The newcomers (code, name, district) that may be known schools (id, code, name, district, aliases).

    Names are alike in their letters, with the same numbers in them. Where both have codes, these decide: "007" and "7"
    may be one school, "7" and "8" are two, whatever their names. Each is also compared with the newcomers before it.
    """
    if not len(newcomers):
        return ()
    spelled = pd.concat([_spelled(known), _spelled(_as_known(newcomers))], ignore_index=True)
    near = _pairs(spelled, len(newcomers))
    near = near.join(spelled, on="other").sort_values(
        ["newcomer", "likeness", "name", "code"], ascending=[True, False, True, True]
    )
    near = near.drop_duplicates(["newcomer", "id"]).groupby("newcomer").head(MOST_CANDIDATES)
    near = near.assign(id=near["id"].clip(lower=0))
    written = [dict(zip(WRITTEN, row, strict=True)) for row in newcomers[WRITTEN].to_numpy().tolist()]
    found: dict[int, list[Candidate]] = {}
    for place, *one in near[["newcomer", *CANDIDATE]].itertuples(index=False, name=None):
        found.setdefault(place, []).append(Candidate(*one))
    return tuple(Near(**written[place], candidates=tuple(candidates)) for place, candidates in found.items())


def _as_known(newcomers: pd.DataFrame) -> pd.DataFrame:
    """The newcomers as schools of the file; negative numbers tell them apart."""
    return newcomers.assign(id=-1 - np.arange(len(newcomers)), aliases=pd.Series([()] * len(newcomers), dtype=object))


def _pairs(spelled: pd.DataFrame, n_new: int) -> pd.DataFrame:
    """Newcomers, the last of the schools, and the ones before each that may be the same: newcomer, other, likeness."""
    first, together = len(spelled) - n_new, n_new <= MOST_COMPARED
    looked_at = _looked_at(spelled)
    step = max(1, AT_ONCE // len(spelled))
    rows = [np.arange(start, min(start + step, len(spelled))) for start in range(first, len(spelled), step)]
    parts = [_alike(looked_at, some, int(some[-1]) if together else first) for some in rows]
    pairs = pd.concat(parts, ignore_index=True)
    same = looked_at.one_in_file[pairs["newcomer"]] == looked_at.one_in_file[pairs["other"]]
    pairs = pairs[(pairs["other"] < first) | ((pairs["other"] < pairs["newcomer"]) & ~same)]
    return pairs.assign(newcomer=pairs["newcomer"] - first)


@dataclass(frozen=True)
class _LookedAt:
    """Names as they are compared. Numbers stand for texts that are equal or not; 0 is none.

    `telling` has a column for each row of TELLING. Schools of a file with one number in `one_in_file` are one already.
    """

    cores: list[str]
    digits: "np.ndarray"
    telling: "np.ndarray"
    codes: "np.ndarray"
    one_in_file: "np.ndarray"


def _looked_at(spelled: pd.DataFrame) -> _LookedAt:
    words = [words_of(name) for name in spelled["text"]]
    cores = [core(one) for one in words]
    in_file = spelled["code"].where(spelled["code"] != "", spelled["name"].str.casefold() + "\n")
    return _LookedAt(
        cores,
        _numbered(frozenset(filter(str.isdigit, one)) for one in cores),
        np.column_stack([_numbered(row & set(one) for one in words) for row in TELLING]),
        _numbered(map(code_of, spelled["code"])),
        pd.factorize(in_file)[0],
    )


def _numbered(texts: Iterable[str | frozenset[str]]) -> "np.ndarray":
    """Equal ones have one number, from 1 on; empty ones 0."""
    numbers: dict[str | frozenset[str], int] = {}
    return np.array([numbers.setdefault(text, len(numbers) + 1) if text else 0 for text in texts], dtype=np.int32)


def _alike(all_of: _LookedAt, rows: "np.ndarray", end: int) -> pd.DataFrame:
    """Pairs of these schools and the first `end` ones, as far as they are alike."""
    cores = all_of.cores
    scorer, cutoff = OSA.normalized_similarity, CLOSEST - HAIR
    likeness = cdist([cores[row] for row in rows.tolist()], cores[:end], scorer=scorer, score_cutoff=cutoff)
    codes, others = all_of.codes[rows, None], all_of.codes[None, :end]
    likeness = np.where((codes > 0) & (others > 0), codes == others, likeness)
    places, other = np.nonzero(likeness)
    pairs = pd.DataFrame({"newcomer": rows[places], "other": other, "likeness": likeness[places, other].astype(float)})
    return pairs[~_apart(all_of, rows[places], other)]


def _apart(all_of: _LookedAt, one: "np.ndarray", other: "np.ndarray") -> "np.ndarray":
    """Whether a number or a telling word says that they are two schools, where codes don't say."""
    mine, theirs = all_of.telling[one], all_of.telling[other]
    differ = ((mine > 0) & (theirs > 0) & (mine != theirs)).any(axis=1)
    by_code = (all_of.codes[one] > 0) & (all_of.codes[other] > 0)
    return np.asarray(~by_code & (differ | (all_of.digits[one] != all_of.digits[other])))


WRITTEN = ["name", "code", "district"]
CANDIDATE = ["id", "name", "code", "district", "likeness"]


def _spelled(known: pd.DataFrame) -> pd.DataFrame:
    """One row for each name and alias of each school."""
    texts = [[name, *aliases] for name, aliases in zip(known["name"], known["aliases"], strict=True)]
    return known.assign(text=pd.Series(texts, index=known.index)).explode("text", ignore_index=True)


def code_of(code: str) -> str:
    """A code without what programs drop or add.

    >>> code_of("007"), code_of("A-12"), code_of("a 12")
    ('7', 'a12', 'a12')
    """
    return re.sub(r"[\W_]+", "", code.casefold()).lstrip("0")


def words_of(name: str) -> list[str]:
    """The words of a school's name in one spelling, without fillers.

    >>> words_of("Saint Mary's H.S."), words_of("Peña MS"), words_of("P.S. 253")
    (['st', 'marys', 'high'], ['pena', 'middle'], ['public', '253'])
    """
    bare = unicodedata.normalize("NFKD", name)
    letters = "".join(letter for letter in bare if not unicodedata.combining(letter))
    text = re.sub(r"\b(\w)\.(?=\w\b)", r"\1", letters.replace("'", "").replace("’", ""))
    long = [word for short in plain(text.casefold()).split() for word in LONG_FORMS.get(short, short).split()]
    return [word for word in long if word not in FILLERS] or long


def core(words: Sequence[str]) -> str:
    """What is compared of a name, so that "Bay View HS" and "Bayview" are one.

    >>> core(words_of("Bay View HS")), core(words_of("The High School"))
    ('bayview', 'high')
    """
    return "".join([word for word in words if word not in LEVELS] or words)
