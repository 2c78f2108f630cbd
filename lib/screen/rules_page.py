"""The page “How charts are read”: every number on it is taken from the constant that the code uses."""

from html import escape

import pandas as pd
import streamlit as st

from lib.analysis import RULE_SETS, aligning, bright_spots, chance, closing, noticeable_step, spreading
from lib.analysis.funnel import FEWEST_SCHOOLS, NOTEWORTHY_PHI
from lib.analysis.make_tables import NOTICED, STEPS
from lib.analysis.rules import (
    CROSSINGS_QUANTILE,
    LIMIT_OF_NHS,
    NEAR_OF_THREE,
    RUNS_TAIL,
    SHIFT_OF_EIGHT,
    SHIFT_OF_NHS,
    SHIFT_OF_PERLA,
    TREND_OF_NHS,
)
from lib.analysis.series import RATIO_TOLERANCE, WOBBLE_DIVISOR
from lib.analysis.states import (
    EARLY_HINT_RUN,
    FEWEST_AFTER_BASELINE,
    FEWEST_USEFUL,
    LONGEST_WINDOW,
    MOST_OF_WINDOW,
    SHORTEST_WINDOW,
)
from lib.analysis.suggesting import (
    ADVISED_TO_FREEZE,
    FEWEST_FOR_A_YEARS_LINE,
    FEWEST_IN_A_ROW,
    FEWEST_TO_FREEZE,
)
from lib.measures import CADENCES, COMPLETE_SHARE, FEWEST_A_YEAR_FOR_RUN_RULES
from lib.screen import words
from lib.wording import Mark, say

LENGTHS = (10, 12, 16, 20, 24, 30, 36, 52, 72)
"""Numbers of points that count for which the chances are printed."""

OFTEN_BY_LUCK = (
    "The trend rule flags about as often when nothing happens as when something does. It is read only in this set."
)
"""Source: Anhøj & Olesen 2014, who call the rule virtually useless."""


def show_states() -> None:
    part, whole = MOST_OF_WINDOW
    newest = (
        f"The newest side is up or down when at least {part} of {whole} of the newest points that count lie on it: "
        f"the newest half of them, but no fewer than {SHORTEST_WINDOW} and no more than {LONGEST_WINDOW}."
    )
    fewest_a_year = (
        f"The measure adds up over the year, or is taken fewer than {FEWEST_A_YEAR_FOR_RUN_RULES} times a year."
    )
    rows = (
        (Mark("square", "hollow", "neither"), "No run rules", fewest_a_year),
        (
            Mark("equals", "filled", "neither"),
            "Can't be split",
            "All points that count lie on one side, or none counts.",
        ),
        (
            Mark("dots", "filled", "neither"),
            "Too early to tell",
            f"Fewer than {FEWEST_USEFUL} points that count; "
            f"after a frozen middle line fewer than {FEWEST_AFTER_BASELINE}; "
            "or no rule of the set could speak yet.",
        ),
        (
            Mark("triangle up", "filled", "toward"),
            "A lasting change, wanted way",
            "The rule spoke, and the newest side is clear.",
        ),
        (Mark("triangle down", "filled", "away"), "A lasting change, other way", "The same, away from what is wanted."),
        (
            Mark("triangle up", "filled", "neither"),
            "A lasting change",
            "The same, for a measure with no wanted direction.",
        ),
        (Mark("wave", "filled", "neither"), "Not settled", "The rule spoke, but the newest points lie on both sides."),
        (
            Mark("triangle up", "hollow", "toward"),
            "An early hint",
            f"The rule did not speak, but the newest {EARLY_HINT_RUN} or more points that count lie on one side.",
        ),
        (
            Mark("dash", "filled", "neither"),
            "Usual ups and downs",
            "None of these. That is not “no effect”: see the fourth fact.",
        ),
    )
    body = "".join(
        f"<tr><td>{words.mark_image(found, name)}</td><th>{escape(name)}</th><td>{escape(when)}</td></tr>"
        for found, name, when in rows
    )
    st.html(
        "<style>.sb-states th {text-align: left; white-space: nowrap; font-weight: 600;} .sb-states td, .sb-states th "
        f'{{padding: .35rem .8rem .35rem 0; vertical-align: top;}}</style><table class="sb-states">{body}</table>'
    )
    st.text("The first that applies is shown, for the newest stretch of the chart. " + newest)
    st.text(
        "Shape tells the direction, fill how sure it is, color whether it is wanted: blue toward the goal, orange away."
    )


def show_rules() -> None:
    st.text(
        "n is the number of points that count. A signal lies beyond the limit. Points on the middle line are skipped: "
        "they neither add to a run nor break it. A missing value is no point."
    )
    ihi = RULE_SETS["ihi"]
    quantile = CROSSINGS_QUANTILE[0] / CROSSINGS_QUANTILE[1]
    runs = 2 * RUNS_TAIL[0] / RUNS_TAIL[1]
    said = {
        "anhoej": "A run longer than round(log2 n) + 3, "
        f"or fewer crossings than the {quantile:.0%} quantile of Binomial(n - 1, 1/2).",
        "ihi": f"{SHIFT_OF_PERLA} or more in a row on one side; "
        f"{ihi.trend_points} or more all going up or all down; "
        f"a number of runs outside the two-sided {runs:.0%} limits. {OFTEN_BY_LUCK}",
        "shift8": f"{SHIFT_OF_EIGHT} or more in a row on one side.",
        "nhs": f"The middle line is the mean, limits lie {LIMIT_OF_NHS} mean moving ranges from it: a point outside "
        f"them; {TREND_OF_NHS} all going up or all down; {NEAR_OF_THREE} of 3 near a limit with all 3 on one side; "
        f"{SHIFT_OF_NHS} in a row on one side. A point on the line or equal to the one before breaks these.",
    }
    st.table(
        pd.DataFrame(
            [(rules.label, said[name], rules.source) for name, rules in RULE_SETS.items()],
            columns=["Rules", "A signal is", "Source"],
        ).set_index("Rules")
    )
    limits = RULE_SETS["anhoej"]
    st.text("The limits of the Anhøj rules:")
    st.dataframe(
        pd.DataFrame(
            {
                "Points that count": LENGTHS,
                "Longest usual run": [limits.longest_run_limit(n) for n in LENGTHS],
                "Fewest usual crossings": [
                    limits.fewest_crossings(n) if limits.fewest_crossings else None for n in LENGTHS
                ],
            }
        ),
        hide_index=True,
    )


def show_chance() -> None:
    st.text(
        "How many charts of 100 each set of rules would flag at least once if nothing had changed and the points were "
        "independent, with the median of all points as middle line. "
        "Neighboring days and weeks are often alike: then more. Points on the middle line can leave unequal sides, so "
        "that runs are longer, and equal neighbors make trends rarer: the figure beside a chart counts with both."
    )
    frame = pd.DataFrame({"Points that count": LENGTHS})
    for name, rules in RULE_SETS.items():
        frame[rules.label] = [f"{100 * chance(name, n):.1f}" for n in LENGTHS]
    st.dataframe(frame, hide_index=True)
    st.text(
        f"The smallest lasting step, halfway through the chart, that is noticed {NOTICED:.0%} of the time, in wobbles. "
        f"A wobble is the median difference between neighboring points divided by {WOBBLE_DIVISOR}."
    )
    steps = pd.DataFrame({"Points that count": LENGTHS})
    for name, rules in RULE_SETS.items():
        found = [noticeable_step(name, n) for n in LENGTHS]
        steps[rules.label] = [f"more than {STEPS.max():.0f}" if step != step else f"{step:.1f}" for step in found]
    st.dataframe(steps, hide_index=True)


MARKS_AND_SCHOOL_YEARS = (
    "A new school year is read against last school year's median: solid over last year, dashed over this one, where "
    f"last year has at least {FEWEST_TO_FREEZE} points and its median splits them. Years before that keep lines of "
    f"their own. With {FEWEST_FOR_A_YEARS_LINE} points that count in the new year a line of its own is offered. A "
    "measure can have a new line each school year instead; a chart of one school year has its own median.",
    "People mark charts: freeze the middle line over a stretch, start a phase, leave a point out, write a note. Each "
    "mark has who, when and why; it is listed under the chart, undone and redone, and never deleted.",
    f"A frozen stretch should have {ADVISED_TO_FREEZE} points, and at least {FEWEST_TO_FREEZE}. One stretch of a phase "
    "can be frozen; all points of the phase are judged against it, and it holds over school years. The newest points "
    "are those after it.",
    "A phase has a middle line of its own, and the rules start anew in it; the line before it stays as a gray ghost.",
    "A point that is left out counts neither for the middle line nor for the rules. It is left out of the chart of its "
    "own period: a week left out leaves no month out.",
    f"A new middle line is suggested when {FEWEST_IN_A_ROW} or more points that count in a row are on the wanted side, "
    "or the rules speak and the newest side is the wanted one. It takes a person who ticks four conditions, and gives "
    "a name and a reason. A change the other way asks what changed instead.",
    "As we saw it on a date: the values as they were brought in until the end of that day, and the marks of that day.",
)


GROUPS_IDEAS_AND_LIMITS = (
    "Control limits are drawn only for those who choose them; they change no state and no sentence of the run chart.",
    "The gap between two student groups is a chart of its own, with its own median and rules. Periods are put "
    f"together until each group has {closing.FEWEST_STUDENTS} in a point. With {closing.FEWEST_POINTS} points or more "
    "before and after a lasting change of the gap it is told which group moved: the one that made "
    f"{closing.MOST_OF_CHANGE:.0%} of the change or more, else both.",
    "Schools that tried a change idea are lined up on the first period at or after their start. A school is compared "
    f"with {aligning.FEWEST_POINTS} points or more on each side, median against median; no difference counts half. The "
    f"bold line is the median of {aligning.FEWEST_SCHOOLS} schools or more. The starts are dealt out "
    f"{aligning.SHUFFLES:,} times among all schools, those still waiting too: how often as large a share moves is what "
    "luck, drift and season give. A school waits until it starts itself.",
    "A test of change keeps each stage with the day it began; a stage without a day counts from the start of its test, "
    "an abandoned one from its end. A school that has begun goes on in its stage while it plans another test. New is "
    f"who began in the last {spreading.RECENT // spreading.WEEK} weeks.",
    "How much was done is the median of a process measure since the start, beside the difference of another measure, "
    f"from {aligning.FEWEST_SCHOOLS} schools on. No line is fitted: schools that do more are other schools too.",
    "What works where counts the schools of each kind that began an idea, and how many of their charts show a lasting "
    "change after the start, on the line frozen before it. Sizes are thirds by the newest denominator.",
    f"A school is worth a visit where a lasting wanted change has held for the newest {bright_spots.HELD} points that "
    "count or more, all on one side, and no balancing measure shows a lasting change, unless it is to the good.",
    "A funnel puts each school's counts of one stretch of time together: their share, against how many were counted. "
    f"Limits at 99.8 % and, faint, at 95 %. With {FEWEST_SCHOOLS} schools or more they are made wider where the "
    f"schools spread more than chance gives (phi more than {NOTEWORTHY_PHI:g} standard errors over 1; "
    "Spiegelhalter 2005), and it is said. A level is on the move where the stretch by itself shows a lasting change.",
)


def show_conventions() -> None:
    words.lines(
        (
            "A chart shows one measure at one school (or the network), for one student group, by date.",
            "Percent is numerator / denominator. Put together it is sum of numerators / sum of denominators, "
            "never a mean of percentages. Where a file holds only values: their mean within a period, "
            "the median over schools, and the chart says so.",
            "The middle line is the median; of an even number of points the mean of the middle two. "
            "It can be frozen on the first points: solid over them, dashed where it is extended.",
            f"Ratios count as equal to the middle line within {RATIO_TOLERANCE:g} of it; "
            "plain values only when they are exactly equal.",
            f"Days are read by week. Periods offered: {', '.join(say(f'periods.many.{name}') for name in CADENCES)}.",
            f"The newest pooled point with fewer than {COMPLETE_SHARE:.0%} of the usual schools is not complete "
            "and is not read.",
            "A break takes a narrow band and no alarm; the line is not drawn across it, nor across a missing value.",
            "A new middle line is never started by Stepback itself.",
            *MARKS_AND_SCHOOL_YEARS,
            *GROUPS_IDEAS_AND_LIMITS,
            "There is no ranking, no view sorted by value, and no claim that an idea caused a change.",
        )
    )
