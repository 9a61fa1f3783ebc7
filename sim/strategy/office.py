"""The office: what all postures share. Hours are banked, paid out and booked in one place.

    bank of answers and routine:  + reactive hours / 7 a day,  - hours per post,  at most the cap
    bank of planned work:         + proactive hours / 7 a day, - hours per post
    what overflows is polish:     next week's posts each get an equal part of it

One rule for all accounts and postures: a post costs the hours per post of its account and week.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from sim import streams
from sim.mechanisms import work as laws
from sim.mechanisms.clearance import Desk
from sim.mechanisms.rivals import stance
from sim.mechanisms.work import Work
from sim.state import taken
from sim.strategy import causes
from sim.strategy.budget import Budget
from sim.strategy.central_desk import CentralDesk
from sim.strategy.craft import Craft
from sim.strategy.hearing import Hearing
from sim.strategy.ledger import Ledger
from sim.strategy.repeating import Campaigns
from sim.vocabulary import MEDIA, TOPICS

ROUNDING = 1e-9
TEXT, STICKER = MEDIA.index("text"), MEDIA.index("sticker")


@dataclass
class Office:
    """Fixed columns, and the state that changes: banks, polish, books, posts already prepared."""

    one_by_one: ClassVar[bool] = False  # whether answers to one event must be written before the
    # next event is looked at
    work: Work
    budget: Budget
    hearing: Hearing
    ledger: Ledger
    stems: np.ndarray  # uint64[n_accounts]
    topics: np.ndarray  # u1[n_accounts, n_own_topics]
    interest: np.ndarray  # float64[8, n_accounts]: readiness to answer by topic, 1 on own topics
    languages: np.ndarray  # u1[n_accounts]
    offsets: np.ndarray  # float64[n_accounts], hours from UTC
    bank: np.ndarray  # hours for answers and routine
    planned_bank: np.ndarray  # hours for planned work
    polished: np.ndarray  # hours left over in this week
    quality: np.ndarray  # mean quality of this week's posts
    craft: Craft
    desk: Desk
    central: CentralDesk | None  # through which all posts of the ministry go, if through any
    risk: np.ndarray  # of a blunder in an answer, over the price list's
    worked: Budget | None = None  # that of the week under way, as its Monday saw it
    prepared: dict[int, np.ndarray] = field(default_factory=dict)  # event: rows with a post ready
    campaigns: Campaigns | None = None  # messages that are said again, if any are

    def fork(self, week: int, budget: Budget, hearing: Hearing, groups: np.ndarray,
             central: CentralDesk | None) -> Office:  # fmt: skip
        """The same desks under another budget, the banks as full of it as they were of this one.

        Banks are not handed on in hours: a desk with few answers to give keeps little back, and
        would have the old reserve to publish beside its own hours. What an arm gains or gives up
        here stands in the books (ledger.py, "reset")."""
        twin = copy(self)
        twin.craft, twin.central = self.craft.copy(groups), central
        twin.budget, twin.hearing, twin.ledger = budget, hearing, self.ledger.copy()
        twin.bank, twin.planned_bank = self.banks_under(budget)
        change = (twin.bank - self.bank) + (twin.planned_bank - self.planned_bank)
        twin.ledger.reset(week, change)
        twin.polished, twin.prepared = self.polished.copy(), dict(self.prepared)
        twin.quality = twin.mean_quality(0.0)
        twin.risk = budget.risk * twin.craft.on_blunders
        return twin

    def banks_under(self, budget: Budget) -> tuple[np.ndarray, np.ndarray]:
        """Both banks as a desk would have them that always worked under this budget: as full, over
        the opening banks of either budget, as they are now."""
        before, after = opening_banks(self.stems, self.budget), opening_banks(self.stems, budget)
        bank = as_full(self.bank, before[0], after[0])
        return np.minimum(bank, budget.cap), as_full(self.planned_bank, before[1], after[1])

    def mean_quality(self, bonus: np.ndarray | float) -> np.ndarray:
        """float64[n_accounts]: quality multiplier at the hours per post plus the polish on each."""
        writing = self.craft.hours_per_post(self.budget) + bonus
        bought = laws.quality(
            writing / self.budget.price, self.work.reference_hours, self.work.production_hours,
            self.work.hill_slope, self.work.half_saturation)  # fmt: skip
        return np.asarray(bought * self.craft.on_quality)

    def begin(self, budget: Budget) -> None:
        """A week begins: what the last one taught, then the hours of this one."""
        if self.worked is not None:
            self.craft.learn(self.worked)
        self.hearing.follow(budget)
        self.budget = self.worked = budget
        self.craft.carry(budget)
        self.risk = budget.risk * self.craft.on_blunders

    def turn(self, week: int) -> None:
        """Monday: close last week's books, move hours that no work waits for, spread the polish."""
        budget = self.budget
        if week > 0:
            self.ledger.close(week - 1, self.bank + self.planned_bank)
        unplanned = (budget.proactive <= 0) & budget.active
        self.bank[unplanned] += self.planned_bank[unplanned]
        self.planned_bank[unplanned] = 0.0
        posts = np.maximum(budget.n_posts, 1.0)  # with less than one post a week, all on that one
        self.quality = self.mean_quality(self.polished / posts)
        self.polished = np.zeros_like(self.polished)

    def work_a_day(self, week: int) -> None:
        """A day's hours: watching, planning, the rest into the banks; what overflows is polish."""
        budget, everybody = self.budget, slice(None)
        self.ledger.give(week, budget.hours / 7.0)
        self.ledger.book("monitoring", week, everybody, budget.monitoring / 7.0)
        self.ledger.book("planning", week, everybody, budget.planning / 7.0)
        self.ledger.book("training", week, everybody, budget.training / 7.0)
        self.ledger.book("exchange", week, everybody, budget.exchange / 7.0)
        self.ledger.book("replies", week, everybody, budget.replies / 7.0)
        self.ledger.book("unused", week, everybody, budget.unused / 7.0)
        self.planned_bank += budget.proactive / 7.0
        self.bank += budget.reactive / 7.0
        over = np.where(budget.active, np.maximum(self.bank - budget.cap, 0.0), 0.0)
        self.bank -= over
        polish = over + budget.idle / 7.0
        self.polished += polish
        self.ledger.book("polish", week, everybody, polish)

    def pay(self, bank: np.ndarray, use: str, week: int, rows: np.ndarray,
            parts: np.ndarray | None = None) -> None:  # fmt: skip
        """Take one post's hours, or a part of them, from a bank for each of `rows`, which may
        repeat, and book them."""
        hours = np.bincount(rows, parts, minlength=len(bank)) * self.budget.paid
        bank -= hours
        self.ledger.book(use, week, slice(None), hours)

    def repeat_parts(self) -> np.ndarray:
        """float64[n_accounts]: what one more post of a message costs, over a post's hours: writing
        it again takes a part, copying it to further platforms as long as ever."""
        rel, copying = self.work.rel_hours_repeat, self.budget.copying
        some = copying > 0.0
        of_copies = copying / np.where(some, self.budget.paid, 1.0)
        return np.where(some, rel + (1.0 - rel) * of_copies, rel)

    def affordable(self, hours: np.ndarray) -> np.ndarray:
        """int64[n_accounts]: whole posts that these hours pay for."""
        return np.maximum(np.floor(hours / self.budget.cost + ROUNDING), 0.0).astype(np.int64)

    def plannable(self) -> np.ndarray:
        """int64[n_accounts]: planned posts of the week that begins."""
        return self.affordable(self.planned_bank + self.budget.proactive)

    def routine(self, day: int) -> np.ndarray:
        """int64[n_accounts]: routine posts of a day, from what the bank holds above the reserve."""
        return self.affordable(self.bank - self.budget.reserve)

    def payable(self, rows: np.ndarray) -> np.ndarray:
        """float64 per row: answers that the account could pay for now."""
        return np.asarray(self.bank[rows] * self.budget.rate[rows] + ROUNDING)

    def admits(
        self, rows: np.ndarray, ordinals: np.ndarray, hours: np.ndarray, wanted: np.ndarray
    ) -> np.ndarray:
        """bool: which of the wanted answers may go out at these hours; here all."""
        return wanted

    def cleared(
        self, now: float, rows: np.ndarray, keys: np.ndarray, hours: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """(hours, bool): when planned and routine posts go out once cleared, and which are
        submitted at all, because clearing does not take too long."""
        assert self.central is not None
        mine, latest = self.craft.learners[rows], self.work.answer_horizon_hours
        ready = np.maximum(now, hours[mine] - self.desk.notice_hours)
        done, taken = self.central.clear(now, ready, keys[mine], ready + latest)
        later, kept = hours.copy(), np.ones(len(rows), np.bool_)
        later[mine], kept[mine] = np.maximum(done, hours[mine]), taken
        return later, kept

    def caught(self, rows: np.ndarray, keys: np.ndarray) -> np.ndarray:
        """bool: answers whose blunder, had they one, the central desk would see and mend."""
        return self.craft.learners[rows] & (causes.catch_die(keys) < self.desk.p_catch)

    def own_topics(self, rows: np.ndarray, die: np.ndarray) -> np.ndarray:
        """One of the account's own topics for each row."""
        n = self.topics.shape[1]
        return self.topics[rows, np.minimum((die * n).astype(np.int64), n - 1)]

    def local_to_utc(self, rows: np.ndarray, local: np.ndarray) -> np.ndarray:
        """Hour of the UTC day, in [0, 24), at which it is this hour where the account speaks."""
        return np.mod(local - self.offsets[rows], 24.0)

    def write(
        self, rows: np.ndarray, keys: np.ndarray, dice: np.ndarray, hours: np.ndarray,
        *, posture: int, topic: np.ndarray | int, event: np.ndarray | int = -1,
        blunder: np.ndarray | int = 0, valence: np.ndarray | float = 0.0,
    ) -> np.ndarray:  # fmt: skip
        """POST rows: tone, media, language and quality by the posts' own dice."""
        budget, sd = self.budget, self.work.quality_log_sd
        posts = taken(budget.blank_posts, rows)
        posts["key"], posts["hour"] = keys, hours
        posts["event"], posts["topic"], posts["posture"] = event, topic, posture
        posts["tone"] = _step(dice[causes.TONE], budget.tone_steps[rows])
        media = _step(dice[causes.MEDIA], budget.media_steps[rows])
        drawn = (media == TEXT) & (dice[causes.MEDIA] < budget.stickers[rows])
        posts["media"] = np.where(drawn, STICKER, media)
        local = dice[causes.LANGUAGE] < budget.local[rows]
        posts["language"] = np.where(local, self.languages[rows] | budget.both[rows], 0)
        spread = np.exp(sd * causes.normal(dice[causes.QUALITY]) - 0.5 * sd * sd)
        posts["quality"] = self.quality[rows] * spread
        posts["blunder"] = blunder
        posts["stance"] = stance(budget.lean[rows], budget.gain[rows], valence)
        return posts


def _step(die: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Which of the cumulated shares (float64[n, k]) each die falls into: int64[n], 0 to k."""
    return np.asarray(np.sum(die[:, None] >= steps, axis=1, dtype=np.int64))


def own_topics(hashes: np.ndarray, n_own: int) -> np.ndarray:
    """u1[n_accounts, n_own]: the topics with the lowest hashes of (account, topic); of no world."""
    names = np.array([streams.name_hash("topic", topic) for topic in TOPICS], np.uint64)
    lots = streams.draw(streams.subkey(hashes, streams.TOPIC)[:, None], names[None, :])
    return np.argsort(lots, axis=1)[:, :n_own].astype(np.uint8)


def opening_banks(stems: np.ndarray, budget: Budget) -> tuple[np.ndarray, np.ndarray]:
    """Banks as a desk that has always worked would have them: a post begun, the reserve full."""
    word = np.array([streams.name_hash("cause", "opening")], np.uint64)
    dice = causes.roll(causes.post_keys(stems, word))
    cost = budget.paid
    bank = np.minimum(budget.reserve + cost * dice[causes.TIMING], budget.cap)
    return bank, np.where(budget.proactive > 0, cost * dice[causes.FIT], 0.0)


def as_full(bank: np.ndarray, before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """float64[n_accounts]: the bank, of which `before` was the measure, by the measure `after`;
    `after` itself where there was none to be full of."""
    some = before > 0.0
    return np.where(some, bank * (after / np.where(some, before, 1.0)), after)
