"""Replies to posts: corrections, answers, re-posts. One call an hour, over columns.

    who hears a post        sim/strategy/ears            who replies    mechanisms/replies
    a reply is named by     hash(account, kind of reply, key of its parent, ordinal)

Whoever replies is paid from the bank of hours for answers, and never for more than an allowance: a
share of those hours, gathered day by day, at most a week's. Corrections come first, then answers,
then re-posts. A kind of account replies to what leans the other way and passes on what leans its
own way; sister accounts pass on one another's posts. Replies to replies go `dispute.depth` deep.

Where there are several platforms, a reply goes out on that of its parent
(sim/strategy/crossposting).

Limit: accounts hear that a post went out, not how it fares.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.mechanisms import replies as laws
from sim.mechanisms.work import p_blunder
from sim.state import POST, joined
from sim.strategy import causes
from sim.strategy.crossposting import Said, Venues
from sim.strategy.ears import Ears
from sim.strategy.office import ROUNDING, Office
from sim.strategy.view import NO_POSTS, View
from sim.streams import IN_KIND, mix, uniform
from sim.vocabulary import (
    AMPLIFICATION,
    ANSWER,
    COPY,
    CORRECTION,
    INACCURATE,
    NEUTRAL,
    NO_TAG,
    POSTURES,
)

REACTIVE = POSTURES.index("reactive")
_IN_KIND = np.array([IN_KIND], np.uint64)


# (bool[n_accounts]: whose posts, probability, whether only what leans their own way), ...
PassesOn = tuple[tuple[np.ndarray, float, bool], ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """The accounts of one kind that reply, and how."""

    ears: Ears
    lean: float
    p_answer: float
    p_rebut: float
    passes_on: PassesOn
    share_in_kind: float
    waits: dict[int, tuple[float, float]]  # kind of reply: mean hours, spread of their log


@dataclass
class Replies:
    """All groups, and the allowances that they draw on."""

    office: Office
    groups: tuple[Group, ...]
    places: np.ndarray  # int64[n_accounts]: where each account's posts are heard
    sides: np.ndarray
    depth: int
    hours_per_repost: float
    share: np.ndarray  # float64[n_accounts]: of the hours for answers
    venues: Venues
    said: Said | None = field(init=False, default=None)  # in the hour heard, on several platforms
    allowance: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.allowance = self._most()  # as desks have them that have always replied

    def _most(self) -> np.ndarray:
        """A week's share of the hours for answers, or one post's hours."""
        budget = self.office.budget
        most = np.maximum(self.share * budget.reactive, budget.paid)
        return np.where(self.share > 0, most, 0.0)

    def work_a_day(self) -> None:
        """A day's share of the hours for answers."""
        a_day = self.share * self.office.budget.reactive / 7.0
        self.allowance = np.minimum(self.allowance + a_day, self._most())

    def go_on_from(self, before: Replies) -> None:
        """Take over the allowances of a fork's parent, where the share has not changed."""
        same = self.share == before.share
        self.allowance = np.where(same, before.allowance, self.allowance)

    def hear(self, view: View, posts: np.ndarray) -> np.ndarray:
        """Replies to the posts of the hour that has just passed."""
        heard = posts[(posts["kind"] != AMPLIFICATION) & (posts["kind"] != COPY)]
        if not len(heard):
            return NO_POSTS
        if self.venues.several:
            self.said = Said(posts[posts["kind"] != AMPLIFICATION], self.venues)
        found: list[np.ndarray] = []
        for group in self.groups:
            against = heard["stance"] * group.lean < 0
            wrong = heard["claim"] == INACCURATE
            open_to = heard["generation"] < self.depth
            if group.p_rebut > 0:
                asked = np.flatnonzero(against & wrong & open_to)
                found.append(self._reply(view, group, heard[asked], CORRECTION, group.p_rebut))
            if group.p_answer > 0:
                asked = np.flatnonzero(
                    against & open_to & ~(wrong & (group.p_rebut > 0))
                    & (self.sides[heard["account"]] != NEUTRAL)
                )  # fmt: skip
                found.append(self._reply(view, group, heard[asked], ANSWER, group.p_answer))
            for whose, p, agreeing in group.passes_on:
                asked = whose[heard["account"]]
                if agreeing:
                    asked = asked & (heard["stance"] * group.lean > 0)
                found.append(self._reply(view, group, heard[asked], AMPLIFICATION, p))
        return joined(found, POST)

    def _reply(self, view: View, group: Group, parents: np.ndarray, kind: int,
               p_any: float) -> np.ndarray:  # fmt: skip
        """The replies of one kind by one group."""
        if not len(parents) or p_any <= 0.0:
            return NO_POSTS
        which, rows = group.ears.pairs(self.places[parents["account"]])
        other = rows != parents["account"][which]
        if kind == AMPLIFICATION and self.said is not None:
            other &= self.said.met_by(rows, parents[which], self.venues.reshares)[1]
        which, rows = which[other], rows[other]
        n = np.bincount(which, minlength=len(parents))[which]
        named = causes.cause(causes.REPLY_CAUSES[kind], parents["key"][which], causes.FIRST)
        keys = causes.post_keys(self.office.stems[rows], named)
        yes = np.flatnonzero(causes.answer_die(keys) < laws.p_reply(p_any, n))
        yes = yes[self._affordable(rows[yes], kind)]
        if not len(yes):
            return NO_POSTS
        parents, rows, keys = parents[which[yes]], rows[yes], keys[yes]
        z = causes.normal(causes.roll(keys)[causes.LATENCY])
        wait = laws.reply_latency(*group.waits[kind], z)
        hours = np.maximum(parents["hour"] + wait, view.hour)
        if kind != AMPLIFICATION and self.office.central is not None:
            hours, kept = self._cleared(view.hour, rows, keys, hours)
            parents, rows, keys, hours = parents[kept], rows[kept], keys[kept], hours[kept]
        self._pay(rows, kind, view.week)
        dice = causes.roll(keys)
        if kind == AMPLIFICATION:
            if self.said is not None:
                parents, _ = self.said.met_by(rows, parents, self.venues.reshares)
            return self._pass_on(parents, rows, keys, hours)
        return self._write(view, group, parents, rows, keys, dice, hours, kind)

    def _cleared(self, now: float, rows: np.ndarray, keys: np.ndarray, hours: np.ndarray
                 ) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
        """(hours, bool): when replies of the ministry go out, cleared centrally, and which are."""
        office = self.office
        assert office.central is not None
        mine = office.craft.learners[rows]
        latest = np.full(int(mine.sum()), now + office.work.answer_horizon_hours)
        done, taken = office.central.clear(now, hours[mine], keys[mine], latest)
        later, kept = hours.copy(), np.ones(len(rows), np.bool_)
        later[mine], kept[mine] = np.maximum(done, hours[mine]), taken
        return later, kept

    def _cost(self, kind: int) -> np.ndarray:
        """float64[n_accounts]: hours of one reply."""
        if kind == AMPLIFICATION:
            return np.full(len(self.share), self.hours_per_repost)
        return self.office.budget.paid - self.office.budget.copying  # replies are not copied

    def _pay(self, rows: np.ndarray, kind: int, week: int) -> None:
        """Take the hours of replies from bank and allowance, and book them."""
        hours = np.bincount(rows, minlength=len(self.share)) * self._cost(kind)
        self.office.bank -= hours
        self.allowance -= hours
        self.office.ledger.book("production", week, slice(None), hours)

    def _affordable(self, rows: np.ndarray, kind: int) -> np.ndarray:
        """bool: which of these replies their accounts have hours for, in their order."""
        cost = self._cost(kind)
        order = np.argsort(rows, kind="stable")
        ranks = np.empty(len(rows), np.int64)
        ranks[order] = np.arange(len(rows)) - np.searchsorted(rows[order], rows[order])
        purse = np.minimum(self.office.bank, self.allowance)
        return np.asarray((ranks + 1) * cost[rows] <= purse[rows] + ROUNDING)

    def _pass_on(self, parents: np.ndarray, rows: np.ndarray, keys: np.ndarray,
                 hours: np.ndarray) -> np.ndarray:  # fmt: skip
        """Re-posts: the parent once more, before the followers of another account."""
        posts = parents.copy()
        posts["key"], posts["account"], posts["hour"] = keys, rows, hours
        posts["kind"], posts["parent"] = AMPLIFICATION, parents["key"]
        posts["hours"], posts["posture"], posts["claim"] = self.hours_per_repost, REACTIVE, 0
        posts["tag"] = NO_TAG
        posts["generation"] = parents["generation"] + 1
        return posts

    def _write(
        self, view: View, group: Group, parents: np.ndarray, rows: np.ndarray, keys: np.ndarray,
        dice: np.ndarray, hours: np.ndarray, kind: int,
    ) -> np.ndarray:  # fmt: skip
        """Answers and corrections: the account's own post on the topic and event of the parent."""
        about = parents["event"] >= 0
        valence = np.zeros(len(parents))
        valence[about] = view.events(parents["event"][about])["valence"]
        work = self.office.work
        hasty = p_blunder(work.p_blunder, hours - parents["hour"], work.haste_hours)
        hasty *= self.office.risk[rows]
        blunder = dice[causes.BLUNDER] < hasty
        if self.office.central is not None:
            blunder &= ~self.office.caught(rows, keys)
        posts = self.office.write(
            rows, keys, dice, hours, posture=REACTIVE, topic=parents["topic"],
            event=parents["event"], blunder=blunder, valence=valence,
        )  # fmt: skip
        posts["kind"], posts["parent"] = kind, parents["key"]
        posts["generation"] = parents["generation"] + 1
        if self.said is not None:
            versions, met = self.said.met_by(rows, parents, self.venues.replies)
            posts["parent"] = np.where(met, versions["key"], posts["parent"])
            posts["platform"] = np.where(met, versions["platform"], posts["platform"])
            posts["media"] = self.venues.fitting(posts)
        if kind == ANSWER:
            alike = uniform(mix(keys ^ _IN_KIND)) < group.share_in_kind
            posts["tone"] = np.where(alike, parents["tone"], posts["tone"])
        return posts
