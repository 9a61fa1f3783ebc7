"""Equal volume: an account of the ministry publishes the same number of originals in both arms.

    n_w     = the smaller of the arms' plans: posts that their budgets pay for in week w
    Q_w     = floor(N_w + u) - floor(N_(w-1) + u)           N_w = n_0 + ... + n_w, u by account
    P_w     = floor of what is due of (planned share) Q, never more than are free
    on day d routine leaves floor(R ((6 - d) / 7)^(1 - reserve) + v) of the R slots not planned

Neither arm needs to know what the other will do: budgets are known beforehand. A slot belongs to
the week in which the post goes out. Who gets it is settled when a post is decided, in this order:
prepared and campaign posts on Monday, then answers as events break (what finds no slot is dropped),
and routine with what is left, spread over the week, so that on Sunday all slots are taken: both
arms publish exactly Q. An answer may take a slot of the next week, if that is when it goes out.

Media and language, and with `same_quality` also quality, are dealt by (account, week, ordinal of
the slot), not by cause: both arms get the same hand, whatever they do with it. Media are those of
the table. Hours float: given = watching + planning + what the posts cost, lost ones included.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, fields, replace
from typing import ClassVar

import numpy as np

from sim.strategy import causes
from sim.strategy.budget import Budget
from sim.strategy.central_desk import CentralDesk
from sim.strategy.hearing import Hearing
from sim.strategy.ledger import UnbalancedError
from sim.strategy.office import ROUNDING, Office
from sim.vocabulary import HOURS_PER_WEEK

LAST_DAY = 6
OF_ACCOUNT, OF_WEEK = 2**32, 2**33  # ordinals that no slot has
DEALT = (causes.MEDIA, causes.LANGUAGE)


class Slots:
    """The slots of each account and week, and how many are taken."""

    def __init__(self, ours: np.ndarray, n_posts: np.ndarray, stems: np.ndarray,
                 n_weeks: int) -> None:  # fmt: skip
        self.ours, self.stems = ours, stems
        first = self.dice(np.arange(len(ours)), 0, np.full(len(ours), OF_ACCOUNT))
        self.due = first[causes.LATENCY]
        planned = np.where(ours[:, None], n_posts, 0.0)
        planned = np.pad(planned, ((0, 0), (0, n_weeks - planned.shape[1])), mode="edge")
        whole = np.floor(np.cumsum(planned, axis=1) + first[causes.TIMING][:, None])
        self.quota = np.diff(whole, axis=1, prepend=0.0).astype(np.int64)
        self.taken = np.zeros((len(ours), n_weeks), np.int64)  # by week of going out
        self.planned = np.zeros(len(ours), np.int64)  # of this week, on Monday
        self.open = np.zeros(len(ours), np.int64)  # of this week, after planning

    def copy(self) -> Slots:
        """The same slots, for an arm that goes its own way from here."""
        twin = copy(self)
        twin.due, twin.taken = self.due.copy(), self.taken.copy()
        return twin

    def of_week(self, week: int) -> np.ndarray:
        """int64[n_accounts]: originals of a week."""
        return np.asarray(self.quota[:, week])

    def free(self, week: int) -> np.ndarray:
        """int64[n_accounts]: slots of a week that are not taken."""
        return np.asarray(self.of_week(week) - self.taken[:, week])

    def begin(self, week: int, planned: np.ndarray) -> None:
        """Monday: how many slots go to planned work."""
        self.due = self.due + planned * self.of_week(week)
        whole = np.floor(self.due + ROUNDING)
        self.due = self.due - whole
        self.planned = np.minimum(whole.astype(np.int64), np.maximum(self.free(week), 0))

    def take(self, rows: np.ndarray, weeks: np.ndarray) -> np.ndarray:
        """Take a slot for each post; returns its ordinal in its week, from 0."""
        n_weeks = self.taken.shape[1]
        place = rows.astype(np.int64) * n_weeks + weeks
        order = np.argsort(place, kind="stable")
        ordered = place[order]
        rank = np.empty(len(rows), np.int64)
        rank[order] = np.arange(len(rows)) - np.searchsorted(ordered, ordered, side="left")
        found = self.taken.ravel()[place] + rank
        np.add.at(self.taken.ravel(), place, 1)
        return found

    def check(self, weeks: Iterable[int]) -> float:
        """The worst deviation of posts from slots, which is 0; else UnbalancedError."""
        for week in weeks:
            wrong = np.flatnonzero(self.ours & (self.free(week) != 0))
            if len(wrong):
                raise UnbalancedError(
                    f"the account in row {wrong[0]} publishes {self.taken[wrong[0], week]} "
                    f"originals in week {week} instead of {self.of_week(week)[wrong[0]]}"
                )
        return 0.0

    def dice(self, rows: np.ndarray, weeks: np.ndarray | int, ordinals: np.ndarray) -> np.ndarray:
        """float64[9, n]: the dice dealt to slots."""
        week = np.asarray(weeks, np.uint64)
        named = causes.cause(causes.SLOT_CAUSE, week, ordinals.astype(np.uint64))
        return causes.roll(causes.post_keys(self.stems[rows], named))


@dataclass(kw_only=True)
class EvenOffice(Office):
    """An office in which slots, not hours, ration the posts of the ministry's accounts."""

    one_by_one: ClassVar[bool] = True  # a post takes its slot when it is written
    slots: Slots
    same_quality: bool
    share: np.ndarray  # float64[n_accounts]: planned work's share of the slots
    keep: np.ndarray  # float64[n_accounts]: 1 - reserve
    week: int = 0

    def fork(self, week: int, budget: Budget, hearing: Hearing, groups: np.ndarray,
             central: CentralDesk | None) -> EvenOffice:  # fmt: skip
        twin = super().fork(week, budget, hearing, groups, central)
        assert isinstance(twin, EvenOffice)
        twin.slots = self.slots.copy()
        twin.ration(budget)
        return twin

    def begin(self, budget: Budget) -> None:
        super().begin(budget)
        self.ration(budget)

    def ration(self, budget: Budget) -> None:
        """Slots instead of the hours for posts; what staff learns by stays the whole budget."""
        self.share, self.keep = shares(budget)
        self.budget = by_slots(budget, self.slots.ours)

    def mean_quality(self, bonus: np.ndarray | float) -> np.ndarray:
        usual = super().mean_quality(bonus)
        return np.where(self.slots.ours, 1.0, usual) if self.same_quality else usual

    def turn(self, week: int) -> None:
        super().turn(week)
        self.week = week
        if week < self.slots.taken.shape[1]:
            self.slots.begin(week, self.share)

    def pay(self, bank: np.ndarray, use: str, week: int, rows: np.ndarray,
            parts: np.ndarray | None = None) -> None:  # fmt: skip
        """Ours are given the hours that they need; the banks they had stay as they were."""
        mine, whole = self.slots.ours[rows], np.ones(len(rows)) if parts is None else parts
        super().pay(bank, use, week, rows[~mine], whole[~mine])
        hours = np.bincount(rows[mine], whole[mine], minlength=len(bank)) * self.budget.paid
        self.ledger.give(week, hours)
        self.ledger.book(use, week, slice(None), hours)

    def plannable(self) -> np.ndarray:
        return np.where(self.slots.ours, self.slots.planned, super().plannable())

    def routine(self, day: int) -> np.ndarray:
        free = self.slots.free(self.week)
        if day % 7 == 0:
            self.slots.open = free
        left = ((LAST_DAY - day % 7) / 7.0) ** self.keep if day % 7 < LAST_DAY else 0.0
        spread = self.slots.dice(np.arange(len(free)), self.week, np.full(len(free), OF_WEEK))
        kept = np.floor(self.slots.open * left + spread[causes.TIMING]).astype(np.int64)
        return np.where(self.slots.ours, np.maximum(free - kept, 0), super().routine(day))

    def payable(self, rows: np.ndarray) -> np.ndarray:
        room = self._room().sum(axis=1)[rows] + ROUNDING
        return np.where(self.slots.ours[rows], room, super().payable(rows))

    def admits(self, rows: np.ndarray, ordinals: np.ndarray, hours: np.ndarray,
               wanted: np.ndarray) -> np.ndarray:  # fmt: skip
        """Which answers find a slot in the week in which they go out; an answer needs the ones
        before it."""
        room, found = self._room(), wanted.copy()
        ahead = (hours // HOURS_PER_WEEK).astype(np.int64) - self.week
        before = np.ones(len(room), bool)
        for ordinal in range(int(ordinals.max(initial=-1)) + 1):
            turn = np.flatnonzero((ordinals == ordinal) & self.slots.ours[rows])
            account, week = rows[turn], np.minimum(ahead[turn], 1)  # no answer waits two weeks
            fits = wanted[turn] & before[account] & (room[account, week] > 0) & (ahead[turn] < 2)
            room[account[fits], week[fits]] -= 1  # an account has one answer of each ordinal
            before[account] = found[turn] = fits
        return found

    def _room(self) -> np.ndarray:
        """int64[n_accounts, 2]: slots for answers that go out this week, and next week."""
        after = self.week + 1
        meant = np.ceil(self.share * self.slots.of_week(after) - ROUNDING).astype(np.int64)
        room = np.column_stack([self.slots.free(self.week), self.slots.free(after) - meant])
        return np.maximum(room, 0)

    def write(self, rows: np.ndarray, keys: np.ndarray, dice: np.ndarray, hours: np.ndarray,
              **about: object) -> np.ndarray:  # fmt: skip
        """POST rows, with what is dealt to their slots."""
        mine = np.flatnonzero(self.slots.ours[rows])
        weeks = (hours[mine] // HOURS_PER_WEEK).astype(np.int64)
        slots = self.slots.take(rows[mine], weeks)
        dealt = self.slots.dice(rows[mine], weeks, slots)
        dice = dice.copy()
        for row in (*DEALT, causes.QUALITY) if self.same_quality else DEALT:
            dice[row, mine] = dealt[row]
        return super().write(rows, keys, dice, hours, **about)  # type: ignore[arg-type]


def shares(budget: Budget) -> tuple[np.ndarray, np.ndarray]:
    """Planned work's share of an account's posts, and 1 - the share of a week's reactive hours that
    it keeps for events."""
    work = budget.proactive + budget.reactive
    planned = budget.proactive / np.where(work > 0.0, work, 1.0)
    return planned, 1.0 - budget.kept


def by_slots(budget: Budget, ours: np.ndarray) -> Budget:
    """The budget of an office that gives ours hours for everything but posts, and for these when
    they are made."""
    none = {
        name: np.where(ours, 0.0, getattr(budget, name))
        for name in ("proactive", "reactive", "idle")
    }
    beside = budget.monitoring + budget.planning + budget.training + budget.exchange + budget.unused
    return replace(
        budget, **none, hours=np.where(ours, beside, budget.hours),
        cap=np.where(ours, np.inf, budget.cap),
    )  # fmt: skip


def even_office(office: Office, budget: Budget, n_posts: np.ndarray, *, ours: np.ndarray,
                same_quality: bool) -> EvenOffice:  # fmt: skip
    """The office from here on at equal volume: `n_posts` by week, as the smaller plan has it."""
    n_weeks = office.ledger.given.shape[1] + 1
    share, keep = shares(budget)
    old = {one.name: getattr(office, one.name) for one in fields(Office)}
    even = EvenOffice(
        **old, slots=Slots(ours, n_posts, office.stems, n_weeks), same_quality=same_quality,
        share=share, keep=keep,
    )  # fmt: skip
    even.ration(budget)
    even.quality = even.mean_quality(0.0)
    even.polished = np.where(ours, 0.0, office.polished)
    return even
