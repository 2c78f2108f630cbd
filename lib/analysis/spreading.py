"""How far a change idea has spread: which school was in which stage when, and how many schools were in each.

Source: the Institute for Healthcare Improvement's advice on spread: follow how many have begun beside the outcome, at
least every month.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lib.improvement import STAGES

RECENT = pd.Timedelta(weeks=8)
"""What began so short before the newest day is new: the weeks between two step-backs. Source: the project's rules."""

OUTCOMES = ("adopted", "abandoned")
"""Stages that say what came of a test."""

WEEK, DAY = pd.Timedelta(weeks=1), pd.Timedelta(days=1)


@dataclass(frozen=True)
class Spread:
    """One idea's way through the schools, to the day `until`.

    `stretches`: school, stage, first, last (NaT where it goes on), in order of school and day. `counts`: one row per
    week, the last of them ends on `until`; day, and a column for each of STAGES with how many schools are in it.
    """

    stretches: pd.DataFrame
    counts: pd.DataFrame
    until: pd.Timestamp

    @property
    def now(self) -> dict[str, int]:
        """How many schools are in each stage on the last day."""
        return {stage: int(self.counts[stage].iloc[-1]) for stage in STAGES}

    @property
    def began(self) -> "pd.Series[pd.Timestamp]":
        """The first day of each school that has done more than plan, by school."""
        return self.stretches[self.stretches["stage"] != "planned"].groupby("school")["first"].min()

    @property
    def new(self) -> int:
        """Schools that began within RECENT before the last day."""
        return int((self.began > self.until - RECENT).sum())

    @property
    def ended(self) -> int:
        """Schools that began and are in no stage on the last day: the test is over, and nobody said what came of it."""
        return len(self.began) - sum(n for stage, n in self.now.items() if stage != "planned")


def spread(stages: pd.DataFrame, until: pd.Timestamp) -> Spread:
    """The spread of one idea: `stages` as the store has them (school, start, end, stage, began), in any order."""
    found = stretches(stages, until)
    return Spread(found, _counts(found, until), until)


def stretches(stages: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """From when to when each school was in each stage; what begins after `until` isn't in it.

    A stage lasts until the school's next one, or until its test ends; what came of the test (adopted, abandoned), and
    what began after its end, stays. A school that has begun goes on in its stage while it plans another test.
    """
    known = stages[stages["began"] <= until].sort_values(["school", "began", "start"], kind="stable")
    begun = (known["stage"] != "planned").groupby(known["school"]).cummax()
    known = known[(known["stage"] != "planned") | ~begun]
    next_one = known.groupby("school")["began"].shift(-1) - DAY
    stays = known["stage"].isin(OUTCOMES) | (known["began"] > known["end"])
    ends = known["end"].where(~stays & (known["end"] <= until))
    found = pd.DataFrame(
        {
            "school": known["school"],
            "stage": known["stage"],
            "first": known["began"],
            "last": pd.concat([next_one, ends], axis=1).min(axis=1),
        }
    )
    return found[~(found["last"] < found["first"])].reset_index(drop=True)


def _counts(found: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    first = found["first"].min() if len(found) else until
    n_weeks = -(-(until - first) // WEEK)
    days = until - WEEK * np.arange(n_weeks, -1, -1)
    begins = np.searchsorted(days, found["first"])
    ends = np.searchsorted(days, found["last"].fillna(until), side="right")
    counts = {"day": days}
    for stage in STAGES:
        of = (found["stage"] == stage).to_numpy()
        steps = np.zeros(len(days) + 1, dtype=np.int64)
        np.add.at(steps, begins[of], 1)
        np.add.at(steps, ends[of], -1)
        counts[stage] = steps.cumsum()[:-1]
    return pd.DataFrame(counts)
