"""Schools that a file spells almost like one the network has, or like another of its own: shown to a person, never made
one by themselves."""

import re
import unicodedata
from collections.abc import Sequence
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
MOST_COMPARED = 2_000
"""New schools of one file that are compared with each other; a longer list is a published one."""


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
    likeness = np.hstack([_compared(newcomers, _spelled(known)), _among(newcomers)])
    return tuple(
        Near(name, code, district, candidates)
        for (name, code, district), row in zip(newcomers[WRITTEN].to_numpy().tolist(), likeness, strict=True)
        if (candidates := _candidates(spelled, row))
    )


def _compared(new: pd.DataFrame, spelled: pd.DataFrame) -> "np.ndarray":
    """How alike each newcomer and each spelling of a school are."""
    likeness = _likeness(new["name"].tolist(), spelled["text"].tolist())
    codes = np.array([code_of(code) for code in new["code"]], dtype=object)[:, None]
    others = np.array([code_of(code) for code in spelled["code"]], dtype=object)[None, :]
    return np.asarray(np.where((codes != "") & (others != ""), codes == others, likeness), dtype=float)


def _as_known(newcomers: pd.DataFrame) -> pd.DataFrame:
    """The newcomers as schools of the file; negative numbers tell them apart."""
    return newcomers.assign(id=-1 - np.arange(len(newcomers)), aliases=pd.Series([()] * len(newcomers), dtype=object))


def _among(newcomers: pd.DataFrame) -> "np.ndarray":
    """How alike each newcomer and the ones before it are; those with one code or one name are one school already."""
    n = len(newcomers)
    if n > MOST_COMPARED:
        return np.zeros((n, n))
    key = pd.factorize(newcomers["code"].where(newcomers["code"] != "", newcomers["name"].str.casefold() + "\n"))[0]
    alike = _compared(newcomers, newcomers.assign(text=newcomers["name"]))
    return np.asarray(np.tril(alike, -1) * (key[:, None] != key[None, :]))


def _candidates(spelled: pd.DataFrame, likeness: "np.ndarray") -> tuple[Candidate, ...]:
    """The closest schools, each once."""
    places = np.flatnonzero(likeness)
    if not len(places):
        return ()
    near = spelled.iloc[places].assign(likeness=likeness[places])
    near = near.sort_values(["likeness", "name", "code"], ascending=[False, True, True]).drop_duplicates("id")
    near = near.assign(id=near["id"].clip(lower=0))
    return tuple(Candidate(*row) for row in near[CANDIDATE].head(MOST_CANDIDATES).itertuples(index=False, name=None))


WRITTEN = ["name", "code", "district"]
CANDIDATE = ["id", "name", "code", "district", "likeness"]


def _spelled(known: pd.DataFrame) -> pd.DataFrame:
    """One row for each name and alias of each school."""
    texts = [[name, *aliases] for name, aliases in zip(known["name"], known["aliases"], strict=True)]
    return known.assign(text=pd.Series(texts, index=known.index)).explode("text", ignore_index=True)


def _likeness(new: Sequence[str], old: Sequence[str]) -> "np.ndarray":
    """How alike each two names are, 0 where a number or a telling word says that they are two schools."""
    words = [[words_of(name) for name in names] for names in (new, old)]
    sides = [[core(one) for one in side] for side in words]
    likeness = cdist(*sides, scorer=OSA.normalized_similarity, score_cutoff=CLOSEST - HAIR)
    numbers = pd.factorize(pd.Series([frozenset(filter(str.isdigit, one)) for side in words for one in side]))[0]
    likeness[numbers[: len(new), None] != numbers[None, len(new) :]] = 0
    for row, column in np.argwhere(likeness > 0).tolist():
        if apart(words[0][row], words[1][column]):
            likeness[row, column] = 0
    return np.asarray(likeness, dtype=float)


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


def apart(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two names, in words, must be two schools.

    >>> apart(["north", "high"], ["south", "high"]), apart(["lee", "j"], ["lee", "k"]), apart(["ash"], ["ash"])
    (True, True, False)
    """
    return any((mine := row & set(one)) and (theirs := row & set(other)) and mine != theirs for row in TELLING)
