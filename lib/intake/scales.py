"""The words of surveys and of student lists, and which of them count as favorable."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lib.intake.vocabulary import plain

FEWEST_ANSWERS = 2
"""Different answers of a scale, before a column is one of answers."""
NUMBERED = re.compile(r"(\d{1,2})\s*[-–—.:=)]\s*(\S.*)")
"""An answer such as "4 - Agree"."""
DEGREES_UP = ("extremely", "very", "quite", "completely", "mostly", "a great deal", "a tremendous amount", "a lot")
DEGREES_DOWN = (
    "somewhat",
    "moderately",
    "slightly",
    "a little",
    "a little bit",
    "not at all",
    "not very",
    "not",
    "none",
)


@dataclass(frozen=True)
class Scale:
    """Answers of one kind, in lower case; `degrees` also take a word after them, as in "very confident"."""

    favorable: frozenset[str]
    others: frozenset[str]
    degrees: bool = False

    def side(self, answer: str) -> bool | None:
        """Whether an answer is favorable; None where it is none of the scale's."""
        if answer in self.favorable or (self.degrees and _begins(answer, DEGREES_UP)):
            return True
        if answer in self.others or (self.degrees and _begins(answer, DEGREES_DOWN)):
            return False
        return None


def _begins(answer: str, degrees: tuple[str, ...]) -> bool:
    return any(answer == degree or answer.startswith(f"{degree} ") for degree in degrees)


def _scale(favorable: str, others: str, degrees: bool = False) -> Scale:
    return Scale(frozenset(favorable.split("; ")), frozenset(others.split("; ")), degrees)


SCALES = (
    _scale(
        "strongly agree; agree; somewhat agree; slightly agree; agree strongly; agree somewhat; mostly agree; "
        "totalmente de acuerdo; muy de acuerdo; de acuerdo; algo de acuerdo",
        "neutral; undecided; neither agree nor disagree; neither; disagree; somewhat disagree; slightly disagree; "
        "strongly disagree; disagree strongly; disagree somewhat; mostly disagree; ni de acuerdo ni en desacuerdo; "
        "indeciso; en desacuerdo; algo en desacuerdo; muy en desacuerdo; totalmente en desacuerdo",
    ),
    _scale(
        "always; almost always; nearly always; often; very often; frequently; usually; most of the time; "
        "all of the time; almost all the time; siempre; casi siempre; a menudo; frecuentemente; muchas veces",
        "sometimes; occasionally; some of the time; once in a while; rarely; seldom; hardly ever; almost never; never; "
        "a veces; algunas veces; ocasionalmente; rara vez; pocas veces; casi nunca; nunca",
    ),
    _scale(
        "yes; mostly yes; sí; si",
        "no; mostly no; maybe; not sure; unsure; sort of; kind of; tal vez; no sé; más o menos",
    ),
    _scale(
        "true; very true; mostly true; mostly true of me; very true of me", "false; not true; a little true; untrue"
    ),
    _scale("excellent; very good; good; excelente; muy bueno; bueno", "fair; poor; very poor; average; regular; malo"),
    _scale("yes, a lot; definitely; probably", "probably not; definitely not; not really", degrees=True),
)
"""Favorable is the agreeing, frequent or strong half, as school surveys report it; the middle is not favorable.

Source: the percent favorable of Panorama and CORE student surveys (the top answers of a scale).
"""
NUMBERS_UP_TO = {
    str(top): Scale(
        frozenset(str(number) for number in range(1, top + 1) if number > top * 0.7),
        frozenset(str(number) for number in range(1, top + 1) if number <= top * 0.7),
    )
    for top in (4, 5, 6, 7, 10)
}
"""Scales of bare numbers by their top: about the top third is favorable (4 and 5 of 5). Which end is good is asked."""
ROSTER = _scale(
    "1; y; yes; p; present; true; t; tardy; late; l; met; pass; passed; on track; on-track; complete; "
    "completed; sí; si; x; ✓; ✔",
    "0; n; no; a; absent; false; not met; fail; failed; f; off track; off-track; incomplete; e; ea; ua; excused; "
    "unexcused",
)
"""Marks in lists of students. Somebody who came late was present. What a lone cross means is asked."""
NO_ANSWER = frozenset(
    "n/a; na; not applicable; don't know; dont know; i don't know; prefer not to say; prefer not to answer; skip; "
    "skipped; no answer; no response; -; --; no aplica; prefiero no responder".split("; ")
)
"""Words of somebody who gave no answer: neither favorable nor not."""
NEGATIVE = re.compile(
    r".*\b(?:not|never|n't|cannot|can't|don't|worr\w+|lonely|alone|bored|boring|bull\w+|unsafe|afraid|stress\w*|anxious"
    r"|sad|hopeless|confus\w+|give up|left out|unfair|hard for me|problems?|discriminat\w+|solo|miedo|preocup\w+)\b.*"
)
"""Statements with which agreeing may be no good sign."""


def bare(answer: str) -> str:
    """An answer in lower case without its number.

    >>> bare("4 - Agree"), bare(" Strongly  Agree."), bare("4")
    ('agree', 'strongly agree', '4')
    """
    text = " ".join(answer.lower().replace("’", "'").split()).rstrip(".")
    numbered = NUMBERED.fullmatch(text)
    return numbered.group(2) if numbered else text


SHARE_OF_SCALE = 0.8
"""So many of the people who answered gave an answer of the scale; the others wrote something of their own."""


def scale_of(answers: Mapping[str, int]) -> Scale | None:
    """The scale that nearly all of these answers are of; each with how many gave it."""
    given: Counter[str] = Counter()
    for answer, number in answers.items():
        if bare(answer) not in NO_ANSWER:
            given[bare(answer)] += number
    found = max(SCALES, key=lambda scale: sum(number for word, number in given.items() if scale.side(word) is not None))
    fit = [word for word in given if found.side(word) is not None]
    share = sum(given[word] for word in fit) / max(given.total(), 1)
    return found if len(fit) >= FEWEST_ANSWERS and share >= SHARE_OF_SCALE else None


def number_scale_of(answers: Iterable[str]) -> Scale | None:
    """The scale of bare numbers, such as 1 to 5, that these different answers are of."""
    words = {bare(answer) for answer in answers} - NO_ANSWER
    if len(words) < 2 or not all(word.isdecimal() and 1 <= int(word) <= 10 for word in words):
        return None
    return NUMBERS_UP_TO.get(max(words, key=int))


def favorable_of(answers: Iterable[str], scale: Scale) -> tuple[str, ...]:
    """The answers of a column, as written, that count as favorable."""
    return tuple(sorted({" ".join(answer.split()) for answer in answers if scale.side(bare(answer))}))


def other_answers_of(answers: Iterable[str], scale: Scale) -> tuple[str, ...]:
    return tuple(sorted({" ".join(answer.split()) for answer in answers if scale.side(bare(answer)) is False}))


def is_negative(question: str) -> bool:
    """Whether agreeing with a statement may be no good sign.

    >>> is_negative("I feel lonely at school"), is_negative("I know what to do when I'm stuck")
    (True, False)
    """
    return NEGATIVE.fullmatch(plain(question.replace("’", "'"))) is not None
