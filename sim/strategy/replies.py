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

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from sim.mechanisms import replies as laws
from sim.mechanisms.work import p_blunder
from sim.state import POST, joined, taken
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


class Asked(NamedTuple):
    """Posts to which one group may reply in one way; parents: rows of the posts heard."""

    group: Group
    kind: int
    p_any: float
    parents: np.ndarray


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
        own = posts["kind"] != AMPLIFICATION
        heard = taken(posts, own & (posts["kind"] != COPY))
        if not len(heard):
            return NO_POSTS
        if self.venues.several:
            self.said = Said(taken(posts, own), self.venues)
        asked = [one for group in self.groups for one in self._asked(group, heard)]
        asked = [one for one in asked if len(one.parents) and one.p_any > 0.0]
        if not asked:
            return NO_POSTS
        whom, parents, rows, keys = self._willing(heard, asked)
        found = []
        for k in np.unique(whom).tolist():
            theirs = whom == k
            found.append(self._reply(
                view, asked[k].group, asked[k].kind, taken(heard, parents[theirs]), rows[theirs],
                keys[theirs],
            ))  # fmt: skip
        return joined(found, POST)

    def _asked(self, group: Group, heard: np.ndarray) -> Iterator[Asked]:
        """To which posts one group may reply, kind by kind."""
        leaning = heard["stance"] * group.lean
        against = (leaning < 0) & (heard["generation"] < self.depth)
        wrong = (heard["claim"] == INACCURATE) & (group.p_rebut > 0)
        yield Asked(group, CORRECTION, group.p_rebut, np.flatnonzero(against & wrong))
        sided = self.sides[heard["account"]] != NEUTRAL
        yield Asked(group, ANSWER, group.p_answer, np.flatnonzero(against & ~wrong & sided))
        for whose, p, agreeing in group.passes_on:
            heeded = whose[heard["account"]]
            if agreeing:
                heeded = heeded & (leaning > 0)
            yield Asked(group, AMPLIFICATION, p, np.flatnonzero(heeded))

    def _willing(self, heard: np.ndarray, asked: Sequence[Asked]
                 ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
        """Who would reply to what, had he or she the hours: place in `asked`, row of the parent in
        `heard`, row of the account, key. All groups and kinds at once, since an hour has few of
        each."""
        pairs = [one.group.ears.pairs(self.places[heard["account"][one.parents]]) for one in asked]
        whom = np.repeat(np.arange(len(asked)), [len(rows) for _, rows in pairs])
        parents = np.concatenate(
            [one.parents[which] for one, (which, _) in zip(asked, pairs, strict=True)]
        )
        rows = np.concatenate([rows for _, rows in pairs])
        other = rows != heard["account"][parents]
        if self.said is not None:
            passing = np.flatnonzero(np.array([one.kind == AMPLIFICATION for one in asked])[whom])
            other[passing] &= self.said.met_by(
                rows[passing], taken(heard, parents[passing]), self.venues.reshares
            )[1]
        whom, parents, rows = whom[other], parents[other], rows[other]
        n = np.bincount(whom * len(heard) + parents)[whom * len(heard) + parents]
        words = np.concatenate([causes.REPLY_CAUSES[one.kind] for one in asked])[whom]
        named = causes.cause(words, heard["key"][parents], causes.FIRST)
        keys = causes.post_keys(self.office.stems[rows], named)
        p_any = np.array([one.p_any for one in asked])[whom]
        yes = np.flatnonzero(causes.answer_die(keys) < laws.p_reply(p_any, n))
        return whom[yes], parents[yes], rows[yes], keys[yes]

    def _reply(self, view: View, group: Group, kind: int, parents: np.ndarray, rows: np.ndarray,
               keys: np.ndarray) -> np.ndarray:  # fmt: skip
        """The replies of one kind by those of one group that would and have the hours."""
        yes = self._affordable(rows, kind)
        if not yes.any():
            return NO_POSTS
        parents, rows, keys = taken(parents, yes), rows[yes], keys[yes]
        dice = causes.roll(keys)
        wait = laws.reply_latency(*group.waits[kind], causes.normal(dice[causes.LATENCY]))
        hours = np.maximum(parents["hour"] + wait, view.hour)
        if kind != AMPLIFICATION and self.office.central is not None:
            hours, kept = self._cleared(view.hour, rows, keys, hours)
            parents, rows, keys, hours = parents[kept], rows[kept], keys[kept], hours[kept]
            dice = dice[:, kept]
        self._pay(rows, kind, view.week)
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
