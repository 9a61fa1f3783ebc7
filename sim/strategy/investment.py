"""Investment: staff hours per account and week, and how they change during a run.

    scaled          H = factor x H_table                    hours, fte    the same for every account
    schedule        H = H_table (1 + (factor - 1) w(t))     for the accounts named
    schedule_hours  H = H_table + (hours - H_table) w(t)    likewise
    concentrate     the hours of the accounts named, all on the N of them with most followers, in
                    proportion to the hours these have: the total stays
    floor           max(H, floor); paid by cuts: what lies above the floor shrinks by one factor, so
                    that the total stays; or extra: the hours come on top

    w(t) = 0 before from_day or from_date, then (t + 1) / ramp_weeks up to 1, and 0 again after
    `weeks`; t counts weeks, since a week is what an account plans. The table's hours hold before.

Serious investment, a switch of hours to some missions, and minimum staffing for all (S0: "the head
of each mission decides how much to invest"). Hours count, not posts: what they buy is in
sim/mechanisms/work, what becomes of them in the mission in sim/mechanisms/heads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from sim.errors import UserError
from sim.parameters import Date, NotNegative, Parameters
from sim.strategy.roster import Roster, Timeline
from sim.vocabulary import HOURS_PER_FTE_WEEK, HOURS_PER_WEEK

SECTION = "policy.investment"
WeeklyHours = Annotated[float, Field(ge=0.0, le=HOURS_PER_WEEK * 10)]
Weeks = Annotated[int, Field(ge=1)]


class _Steady(Parameters):
    """Investments that are the same in every week."""

    def weekly_hours(self, table_hours: np.ndarray) -> np.ndarray:
        """float64[n_accounts]: staff hours per account and week."""
        raise NotImplementedError

    def in_week(self, roster: Roster, timeline: Timeline, week: int) -> np.ndarray:
        """float64[n_accounts]: staff hours in one week of the run."""
        return self.weekly_hours(roster.table_hours)

    @property
    def moves(self) -> bool:
        """Whether hours only move between accounts, and their total stays."""
        return False


class Scaled(_Steady):
    """The hours of the table, times a factor."""

    kind: Literal["scaled"]
    factor: NotNegative

    def weekly_hours(self, table_hours: np.ndarray) -> np.ndarray:
        return np.asarray(table_hours, dtype=np.float64) * self.factor


class Hours(_Steady):
    """The same staff hours per week for every account."""

    kind: Literal["hours"]
    hours_per_week: WeeklyHours

    def weekly_hours(self, table_hours: np.ndarray) -> np.ndarray:
        return np.full(len(table_hours), self.hours_per_week, dtype=np.float64)


class Staff(_Steady):
    """The same full-time equivalents for every account."""

    kind: Literal["fte"]
    fte: Annotated[float, Field(ge=0.0, le=40.0)]

    def weekly_hours(self, table_hours: np.ndarray) -> np.ndarray:
        return np.full(len(table_hours), self.fte * HOURS_PER_FTE_WEEK, dtype=np.float64)


class _Since(Parameters):
    """Investments that begin in some week, for some accounts; the table holds before."""

    accounts: Annotated[str, Field(min_length=1)]
    from_day: Annotated[int, Field(ge=0)] | None
    from_date: Date | None

    @model_validator(mode="after")
    def _one_beginning(self) -> _Since:
        if self.from_day is not None and self.from_date is not None:
            raise ValueError("from_day and from_date both say when it begins: give one of them")
        return self

    @property
    def moves(self) -> bool:
        """Whether hours only move between accounts, and their total stays."""
        return False

    def in_week(self, roster: Roster, timeline: Timeline, week: int) -> np.ndarray:
        """float64[n_accounts]: staff hours in one week of the run."""
        first = timeline.week_from(self.from_day, self.from_date, SECTION)
        part = self._part(week - first) if week >= first else 0.0
        table = roster.table_hours.copy()
        if part == 0.0:
            return table
        chosen = roster.chosen(self.accounts, f"{SECTION}.accounts")
        table[chosen] = self._hours(table[chosen], roster.n_followers[chosen], part)
        return table

    def _part(self, n_weeks: int) -> float:
        """How much of the change is in force, so many weeks after its beginning: 0 to 1."""
        return 1.0

    def _hours(self, table: np.ndarray, followers: np.ndarray, part: float) -> np.ndarray:
        """Hours of the accounts concerned."""
        raise NotImplementedError


class _Ramped(_Since):
    """Changes that may come step by step and end again."""

    ramp_weeks: Annotated[int, Field(ge=0)]
    weeks: Weeks | None

    def _part(self, n_weeks: int) -> float:
        if self.weeks is not None and n_weeks >= self.weeks:
            return 0.0
        return min(1.0, (n_weeks + 1) / max(self.ramp_weeks, 1))


class Schedule(_Ramped):
    """From a day on, the table's hours times a factor."""

    kind: Literal["schedule"]
    factor: NotNegative

    def _hours(self, table: np.ndarray, followers: np.ndarray, part: float) -> np.ndarray:
        return table * (1.0 + (self.factor - 1.0) * part)


class ScheduleHours(_Ramped):
    """From a day on, so many hours a week for each of the accounts."""

    kind: Literal["schedule_hours"]
    hours_per_week: WeeklyHours

    def _hours(self, table: np.ndarray, followers: np.ndarray, part: float) -> np.ndarray:
        return table + (self.hours_per_week - table) * part


class Concentrate(_Since):
    """From a day on, all hours of the accounts on those with most followers."""

    kind: Literal["concentrate"]
    top_n: Annotated[int, Field(ge=1)]

    @property
    def moves(self) -> bool:
        return True

    def _hours(self, table: np.ndarray, followers: np.ndarray, part: float) -> np.ndarray:
        if self.top_n > len(table):
            raise UserError(
                f"'{SECTION}.top_n={self.top_n}' is more than the {len(table)} accounts of "
                f"{SECTION}.accounts={self.accounts}. Lower it."
            )
        top = np.argsort(-np.asarray(followers, np.float64), kind="stable")[: self.top_n]
        weights = table[top] if table[top].sum() > 0 else np.ones(self.top_n)
        gathered = np.zeros_like(table)
        gathered[top] = table.sum() * weights / weights.sum()
        return gathered


class Floor(_Since):
    """From a day on, at least so many hours for each of the accounts."""

    kind: Literal["floor"]
    hours_per_week: WeeklyHours
    paid_by: Literal["cuts", "extra"]

    @property
    def moves(self) -> bool:
        return self.paid_by == "cuts"

    def _hours(self, table: np.ndarray, followers: np.ndarray, part: float) -> np.ndarray:
        raised = np.maximum(table, self.hours_per_week)
        if self.paid_by == "extra":
            return raised
        lacking, above = (raised - table).sum(), (raised - self.hours_per_week).sum()
        if lacking > above:
            raise UserError(
                f"'{SECTION}.hours_per_week={self.hours_per_week:g}' for each of {len(table)} "
                f"accounts is more than the {table.sum():,.0f} hours they have together. Lower it, "
                f"to at most {table.mean():.1f}, or set {SECTION}.paid_by=extra."
            )
        kept = 1.0 - lacking / above if above > 0 else 1.0
        return self.hours_per_week + (raised - self.hours_per_week) * kept


Investment = Annotated[
    Scaled | Hours | Staff | Schedule | ScheduleHours | Concentrate | Floor,
    Field(discriminator="kind"),
]


def mean_hours(
    investment: Investment, roster: Roster, timeline: Timeline,
    allotted: Callable[[np.ndarray, np.ndarray], np.ndarray] = lambda hours, kinds: hours,
) -> float:
    """Staff hours a week of all accounts together, in the mean over the measured days; refuses
    accounts that do not exist and beginnings that never come. `allotted`: what a posture makes of
    the hours (postures.py)."""
    days = [min(7, timeline.n_days - 7 * k) for k in range(len(timeline.weeks))]
    totals = [
        allotted(investment.in_week(roster, timeline, week), roster.kinds).sum()
        for week in timeline.weeks
    ]
    return float(np.dot(totals, days) / timeline.n_days)
