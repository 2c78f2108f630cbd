"""What a run chart says: its question, its sentence, its four facts and its text for those who can't see it."""

import math
from collections.abc import Callable

import pandas as pd

from lib.measures import CADENCES, FEWEST_A_YEAR_FOR_RUN_RULES
from lib.wording.reading import PhaseStart, Reading
from lib.wording.texts import counted, entry, number, say
from lib.wording.values import (
    day,
    decimals_for,
    difference_text,
    middle_value,
    period_label,
    range_text,
    span,
    value_text,
    when,
)

ALIKE_NEIGHBORS = 0.2
"""Lag-1 correlation above which false alarms are said to be more frequent. Source: the project's rules on chance."""

OPENS = "¿"
"""A question that begins so is Spanish."""

RUN_SIGNALS = ("long_run", "shift")
"""Names in `fired` that mean a run beyond the limit."""

SIGNALS_OF_FEW_POINTS = {"beyond_limits", "two_of_three"}
"""Names in `fired` that say nothing about how long a change lasted."""


def question(reading: Reading) -> str:
    """The measure's plain question with the place in it, and the group unless it is all students.

    The question is a person's text: `{school}` is replaced, nothing else in it is read as a template. One that is
    written in another language than the one spoken gives way to a plain one.
    """
    place, measure = reading.place, reading.measure
    asked = measure.question
    if not asked or asked.startswith(OPENS) != (say("question.opens") == OPENS):
        asked = say("question.none", measure=measure.label, place="{school}")
    if "{school}" not in asked:
        asked = _ask_at(asked)
    if place.startswith("the "):
        asked = asked.replace(" at {school}", " in {school}")
    asked = asked.replace("{school}", place)
    if reading.group in ("", say("side.together_all")):
        return asked
    return say("question.with_group", question=asked, group=reading.group)


def _ask_at(asked: str) -> str:
    return asked.rstrip().removesuffix("?").rstrip() + say("question.at", place="{school}")


def sentence(reading: Reading) -> str:
    """The state of the newest phase in one or two sentences, from facts with their dates."""
    phase = reading.newest_phase
    if phase is None or (int(phase["n_points"]) == 0 and phase["state"] != "not for run rules"):
        return say("sentence.no_points")
    said = SENTENCES[str(phase["state"])](reading, phase)
    if not reading.incomplete:
        return said
    return f"{said} {say('sentence.incomplete', period=entry('periods.one')[reading.period])}"


def _not_for_run_rules(reading: Reading, phase: pd.Series) -> str:
    return f"{_why_not(reading)} {_newest_and_goal(reading)}".rstrip()


def _why_not(reading: Reading) -> str:
    if reading.measure.cumulative:
        return say("sentence.cumulative")
    per_year = min(CADENCES[reading.measure.cadence].per_year, CADENCES[reading.period].per_year)
    return say("sentence.cadence", per_year=counted("points", per_year), fewest=FEWEST_A_YEAR_FOR_RUN_RULES)


def _newest_and_goal(reading: Reading) -> str:
    values = reading.points["value"].dropna()
    if values.empty:
        return ""
    newest, goal = _said(reading, values.iloc[-1]), goal_text(reading)
    return say("sentence.newest_value_goal" if goal else "sentence.newest_value", value=newest, goal=goal)


def _cannot_split(reading: Reading, phase: pd.Series) -> str:
    median, n = middle_value(phase["median"], reading.measure.unit), int(phase["n_points"])
    if n == 1:
        return say("sentence.cannot_split_one", median=median)
    key = "cannot_split" if phase["n_useful"] else "cannot_split_all"
    return say(f"sentence.{key}", median=median, n=n)


def _too_early(reading: Reading, phase: pd.Series) -> str:
    frozen = phase["baseline_last"] >= 0
    n, more = int(phase["n_after"] if frozen else phase["n_useful"]), int(phase["needed"])
    points = counted("points_that_count", n)
    if more == 0:
        return say("sentence.too_early_no_rule", points=points)
    return say("sentence.too_early_after_baseline" if frozen else "sentence.too_early", points=points, needed=n + more)


def _shift(reading: Reading, phase: pd.Series) -> str:
    if not _has_run(phase):
        key = "signal" if set(str(phase["fired"]).split(";")) <= SIGNALS_OF_FEW_POINTS else "lasting_without_run"
        return say(f"sentence.{key}", fired=fired_text(reading, phase), newest=_newest_side(phase))
    if run_goes_on(reading, phase):
        return say("sentence.lasting", n=_length_of_run(reading, phase), **_way_and_median(reading, phase))
    return say("sentence.earlier_run", newest=_newest_side(phase), **_run_facts(reading, phase))


def _unsettled(reading: Reading, phase: pd.Series) -> str:
    if not _has_run(phase):
        return say("sentence.unsettled_without_run", fired=fired_text(reading, phase))
    return say("sentence.unsettled_run", **_run_facts(reading, phase))


def _early_hint(reading: Reading, phase: pd.Series) -> str:
    return say("sentence.early_hint", n=int(phase["newest_run"]), **_way_and_median(reading, phase))


def _steady(reading: Reading, phase: pd.Series) -> str:
    if not phase["noticeable"] > 0:
        return say("sentence.steady")
    return say("sentence.steady_noticeable", step=difference_text(phase["noticeable"], reading.measure.unit))


SENTENCES: dict[str, Callable[[Reading, pd.Series], str]] = {
    "not for run rules": _not_for_run_rules,
    "can't be split": _cannot_split,
    "too early": _too_early,
    "shift": _shift,
    "unsettled": _unsettled,
    "early hint": _early_hint,
    "steady": _steady,
}


def _has_run(phase: pd.Series) -> bool:
    return bool(phase["run_first"] >= 0)


def run_goes_on(reading: Reading, phase: pd.Series) -> bool:
    """Whether the newest run beyond the limit is also the newest run of the phase."""
    if not _has_run(phase):
        return False
    side = reading.points["side"].iloc[int(phase["first"]) : int(phase["last"]) + 1]
    useful = side.index[side.fillna(0) != 0]
    return bool(reading.points.index.get_loc(useful[-1]) <= phase["run_last"])


def _length_of_run(reading: Reading, phase: pd.Series) -> int:
    """Points that count in the newest run beyond the limit, as numbered on the chart: those in the baseline too."""
    side = reading.points["side"].iloc[int(phase["run_first"]) : int(phase["run_last"]) + 1]
    return int((side.fillna(0) != 0).sum())


def _run_facts(reading: Reading, phase: pd.Series) -> dict[str, object]:
    first, last = int(phase["run_first"]), int(phase["run_last"])
    way = say("way.up" if reading.points["side"].iloc[first] > 0 else "way.down")
    begin, end = span(reading, first, last)
    return {"n": _length_of_run(reading, phase), "way": way, "first": begin, "last": end}


def _way_and_median(reading: Reading, phase: pd.Series) -> dict[str, object]:
    return {"way": say(f"way.{phase['direction']}"), "median": middle_value(phase["median"], reading.measure.unit)}


def _newest_side(phase: pd.Series) -> str:
    up, window = phase["direction"] == "up", int(phase["newest_window"])
    on_side = int(phase["newest_above"]) if up else window - int(phase["newest_above"])
    return say("sentence.newest", k=on_side, w=window, way=say(f"way.{phase['direction']}"))


def fired_text(reading: Reading, phase: pd.Series) -> str:
    """What spoke, in words: each name of `fired`, joined by "; "."""
    names = [name for name in str(phase["fired"]).split(";") if name]
    return "; ".join(dict.fromkeys(_fired_one(name, reading, phase) for name in names))


def _fired_one(name: str, reading: Reading, phase: pd.Series) -> str:
    if name == "trend":
        return _trend_text(reading, int(phase["trend_first"]), int(phase["trend_last"]))
    if name != "few_crossings":
        return say(f"fired.{name}")
    n = int(phase["crossings"])
    crossings = say(f"crossings.{'none' if n == 0 else 'one' if n == 1 else 'many'}", n=n)
    return say("fired.few_crossings", crossings=crossings, limit=int(phase["crossings_limit"]))


def _trend_text(reading: Reading, first: int, last: int) -> str:
    value = reading.points["value"]
    way = say(f"state_direction.{'up' if value.iloc[last] > value.iloc[first] else 'down'}")
    begin, end = span(reading, first, last)
    return say("fired.trend", way=way, first=begin, last=end)


def _said(reading: Reading, value: float) -> str:
    return value_text(value, reading.measure.unit, decimals_for(reading))


def goal_text(reading: Reading) -> str:
    """The goal or the band of the measure, or nothing."""
    measure = reading.measure
    if measure.wanted == "in range" and measure.goal_low is not None and measure.goal_high is not None:
        return range_text(measure.goal_low, measure.goal_high, measure.unit)
    return "" if measure.goal is None else middle_value(measure.goal, measure.unit)


def four_facts(reading: Reading) -> list[tuple[str, str]]:
    """Points that count, rule, chance, and what could have been noticed: (label, text), for the newest phase."""
    phase = reading.newest_phase
    if phase is None:
        none = say("fact_points.none")
        return [(say(f"facts.{key}"), none) for key in ("points", "rule", "chance", "noticed")]
    return [
        (say("facts.points"), _fact_points(reading, phase)),
        (say("facts.rule"), _fact_rule(reading, phase)),
        (say("facts.chance"), _fact_chance(reading, phase)),
        (say("facts.noticed"), _fact_noticed(reading, phase)),
    ]


def _fact_points(reading: Reading, phase: pd.Series) -> str:
    rows = reading.points.iloc[int(phase["first"]) : int(phase["last"]) + 1]
    on_line, excluded = int((rows["side"] == 0).sum()), int(rows["excluded"].sum())
    said = [say("fact_points.counted", useful=int(phase["n_useful"]), points=int(phase["n_points"]))]
    if phase["state"] not in ("not for run rules", "can't be split") and phase["newest_run"] > 0:
        goes_on = run_goes_on(reading, phase)
        n = _length_of_run(reading, phase) if goes_on else int(phase["newest_run"])
        said.append(say(f"fact_points.{'this_run' if goes_on else 'newest_run'}", n=n))
    said += [say("fact_points.on_line", n=on_line)] if on_line else []
    said += [say("fact_points.excluded", n=excluded)] if excluded else []
    return "; ".join(said)


def rule_set_name(rules: str) -> str:
    """The name of a rule set as the screen says it."""
    return str(entry("rules").get(rules, rules))


def _fact_rule(reading: Reading, phase: pd.Series) -> str:
    if phase["state"] == "not for run rules":
        return say("fact_rule.none")
    rules = rule_set_name(reading.rules)
    other = [name for name in str(phase["fired"]).split(";") if name and name not in RUN_SIGNALS]
    said = [_run_against_limit(rules, phase), *_crossings_against_limit(phase)]
    said += [_fired_one(name, reading, phase) for name in other if name != "few_crossings"]
    return "; ".join(part for part in said if part)


def _run_against_limit(rules: str, phase: pd.Series) -> str:
    longest = int(phase["longest_run"])
    if pd.isna(phase["longest_run_limit"]):
        return say("fact_rule.run_only" if longest else "fact_rule.too_short", rules=rules, n=longest)
    return say("fact_rule.run", rules=rules, n=longest, limit=int(phase["longest_run_limit"]))


def _crossings_against_limit(phase: pd.Series) -> list[str]:
    """Said where crossings spoke, or where nothing did; a run that spoke is enough."""
    spoke = "few_crossings" in str(phase["fired"]).split(";")
    if pd.isna(phase["crossings_limit"]) or int(phase["crossings_limit"]) == 0 or (phase["signal"] and not spoke):
        return []
    n, limit = int(phase["crossings"]), int(phase["crossings_limit"])
    return [say("fact_rule.crossings_one" if n == 1 else "fact_rule.crossings", n=n, limit=limit)]


def _fact_chance(reading: Reading, phase: pd.Series) -> str:
    if phase["state"] == "not for run rules":
        return say("fact_chance.none")
    if reading.measure.seasonal:
        return say("fact_chance.seasonal")
    if reading.period == "day":
        return say("fact_chance.daily")
    if math.isnan(phase["chance"]):
        return say("fact_chance.too_early" if phase["state"] == "too early" else "fact_chance.unknown")
    periods = entry("periods.many")[reading.period]
    said = say("fact_chance.said", periods=periods, share=share_text(phase["chance"]))
    return f"{said}. {say('fact_chance.alike', periods=periods)}" if phase["lag1"] > ALIKE_NEIGHBORS else said


def share_text(chance: float) -> str:
    """A chance as "about 1 in N", N in two figures.

    >>> share_text(0.031), share_text(0.0833), share_text(0.371), share_text(0.7), share_text(0.0)
    ('about 1 in 32', 'about 1 in 12', 'about 1 in 3', 'most', 'fewer than 1 in 1,000')
    """
    if chance > 2 / 3:
        return say("fact_chance.most")
    if chance < 0.001:
        return say("fact_chance.fewer", n=number(1000))
    one_in = 1 / chance
    return say("fact_chance.about", n=number(float(f"{one_in:.2g}") if one_in >= 10 else round(one_in)))


def _fact_noticed(reading: Reading, phase: pd.Series) -> str:
    state = phase["state"]
    if state == "not for run rules":
        return say("fact_noticed.none")
    if state == "can't be split":
        return say("fact_noticed.cannot_split")
    if not phase["noticeable"] > 0:
        return say("fact_noticed.too_early" if state == "too early" else "fact_noticed.unknown")
    return say("fact_noticed.step", step=difference_text(phase["noticeable"], reading.measure.unit))


def alt_text(reading: Reading) -> str:
    """The chart in words, for those who can't see it: what and when, the sentence, lines, newest value, events."""
    place_and_group = {"place": reading.place, "group": reading.group or say("side.together_all")}
    by = entry("periods.by")[reading.period]
    said = [
        say("alt.chart", measure=reading.measure.label, by=by, **place_and_group),
        *_alt_span(reading),
        sentence(reading),
    ]
    return " ".join([*said, *_alt_lines(reading), *_alt_events(reading)])


def _alt_span(reading: Reading) -> list[str]:
    dates = reading.points.loc[reading.points["value"].notna(), "date"]
    if dates.empty:
        return []
    first, last = (period_label(end.date(), reading.period, year=True) for end in (dates.iloc[0], dates.iloc[-1]))
    return [say("alt.span", points=counted("points", len(dates)), first=first, last=last)]


def _alt_lines(reading: Reading) -> list[str]:
    medians = [middle_value(median, reading.measure.unit) for median in reading.phases["median"].dropna()]
    values, goal = reading.points["value"].dropna(), goal_text(reading)
    said = [say("alt.middle", value=medians[-1])] if medians else []
    said += [say("alt.earlier", values=", ".join(medians[:-1]))] if len(medians) > 1 else []
    said += _alt_frozen(reading)
    said += [say("alt.goal", value=goal)] if goal else []
    said += [say("alt.newest", value=_said(reading, values.iloc[-1]))] if len(values) else []
    return said + ([say("alt.aggregated", how=reading.aggregated)] if reading.aggregated else [])


def _alt_events(reading: Reading) -> list[str]:
    ideas = [say("alt.idea", name=idea.name, date=day(idea.date, year=True)) for idea in reading.ideas]
    said = _alt_marks(reading)
    said += [say("alt.breaks", names=", ".join(b.name for b in reading.breaks))] if reading.breaks else []
    return said + ([say("alt.ideas", names=", ".join(ideas))] if ideas else [])


def _alt_frozen(reading: Reading) -> list[str]:
    """Whose median the newest middle line is, where it is frozen by school year or on a stretch."""
    phase = reading.newest_phase
    if phase is None or phase["baseline_last"] < 0:
        return []
    if reading.by_school_year:
        return [say("marks.alt_last_year")]
    begin, end = span(reading, int(phase["baseline_first"]), int(phase["baseline_last"]))
    return [say("marks.alt_frozen", first=begin, last=end)]


def _alt_marks(reading: Reading) -> list[str]:
    """The phases that people began, what they left out, and their notes."""
    names = [_alt_phase(reading, start) for start in reading.starts]
    out = reading.points["excluded"].to_numpy(dtype=bool).nonzero()[0].tolist()
    out = out[:-1] if reading.incomplete else out
    notes = [say("marks.alt_note", when=day(note.date, year=True), text=note.text) for note in reading.notes]
    said = [say("marks.alt_phases", names=", ".join(names))] if names else []
    said += [say("marks.alt_left_out", points=", ".join(when(reading, row) for row in out))] if out else []
    said += [say("marks.alt_notes", notes="; ".join(notes))] if notes else []
    return said + ([say("marks.as_of", when=day(reading.as_of, year=True))] if reading.as_of else [])


def _alt_phase(reading: Reading, start: PhaseStart) -> str:
    key = "marks.alt_phase" if start.name else "marks.alt_unnamed_phase"
    return say(key, name=start.name, when=when(reading, start.row))
