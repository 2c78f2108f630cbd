"""Results to sentences. Everything said on screen comes from here; the texts themselves are in en.toml."""

from lib.wording.markdown import plain
from lib.wording.reading import ROW_POSITIONS, Break, IdeaStart, Note, PhaseStart, Reading
from lib.wording.sentences import alt_text, four_facts, goal_text, question, rule_set_name, sentence, share_text
from lib.wording.states import Mark, Tone, mark, state_label, tone, tone_of
from lib.wording.texts import say
from lib.wording.values import (
    bare_text,
    day,
    decimals_for,
    difference_text,
    middle_value,
    period_label,
    range_text,
    value_text,
    when,
)

__all__ = [
    "ROW_POSITIONS",
    "Break",
    "IdeaStart",
    "Mark",
    "Note",
    "PhaseStart",
    "Reading",
    "Tone",
    "alt_text",
    "bare_text",
    "day",
    "decimals_for",
    "difference_text",
    "four_facts",
    "goal_text",
    "mark",
    "middle_value",
    "period_label",
    "plain",
    "question",
    "range_text",
    "rule_set_name",
    "say",
    "sentence",
    "share_text",
    "state_label",
    "tone",
    "tone_of",
    "value_text",
    "when",
]
