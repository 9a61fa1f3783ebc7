"""What befalls one arm during its measured days: the circumstance at work.

    at its Monday   others' budgets change (sim/strategy/others)
    at a day's start   interest in the ministry is set; a star post is handed over; rivals
                       begin to take up tags
    at every decision  posts of leaders may start an event (sim/world/leaders)

A star post is named by its cause, like every post, and nobody's hours pay for it: it is a thing
that happens. Nothing here looks ahead, and strategies see none of it before it is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.errors import unknown
from sim.mechanisms.circumstance import (
    LateEntrants,
    LeadersNews,
    RisingInterest,
    StarPost,
    TagHijack,
)
from sim.mechanisms.interest import interest
from sim.state import EVENT, POST
from sim.strategy import causes
from sim.strategy.desks import Desks
from sim.strategy.others import make_others
from sim.strategy.view import NO_POSTS
from sim.vocabulary import KINDS, MEDIA, OURS, POSTURES, TONES
from sim.world.leaders import events_of

if TYPE_CHECKING:
    from sim.engine.base import Engine
    from sim.mechanisms.circumstance import Circumstance
    from sim.strategy.view import Strategy
    from sim.world.accounts import Accounts

HOURS_PER_DAY, DAYS_PER_WEEK = 24, 7
ROUTINE = POSTURES.index("routine")
MISSION = KINDS.index("mission")
LARGEST = "largest"
NO_NEWS = np.zeros(0, EVENT)


class Happenings:
    """A circumstance in one arm of one world."""

    def __init__(self, circumstance: Circumstance, accounts: Accounts, stance: float,
                 world_seed: np.uint64, warmup_days: int) -> None:  # fmt: skip
        self.circumstance, self._accounts, self._stance = circumstance, accounts, stance
        self._seed, self._warmup_days = world_seed, warmup_days

    def begin(self, strategy: Strategy, engine: Engine) -> None:
        """Set an arm up: who works otherwise, and what its engine knows of interest."""
        one = self.circumstance
        if isinstance(strategy, Desks):
            others = make_others(one, strategy.staffing, self._warmup_days // DAYS_PER_WEEK)
            strategy.staffing.others = others
            if others is not None:
                strategy.ledger.leave_out(others.rows)
        if isinstance(one, RisingInterest):
            engine.set_parameters(
                interest=1.0, search_views=one.search_views, join_elasticity=one.join_elasticity
            )
        elif float(engine.parameters["interest"][0]) != 1.0:
            engine.set_parameters(interest=1.0)

    def posts_of(self, engine: Engine) -> np.ndarray:
        """A day begins: what goes out of itself."""
        one, day = self.circumstance, engine.hour // HOURS_PER_DAY - self._warmup_days
        if isinstance(one, RisingInterest) and day >= one.from_day:
            now = interest(
                day + 0.5 - one.from_day, one.size, one.ramp_days, one.half_life_days)  # fmt: skip
            engine.set_parameters(interest=now)
        if isinstance(one, TagHijack) and day == one.from_day:
            engine.set_parameters(tag_hijack=one.p)
        if isinstance(one, LateEntrants) and day == one.from_day:  # from now on they are followed
            engine.state.accounts["usual"][-one.n_accounts :] = one.posts_per_day
        if isinstance(one, StarPost) and day == one.from_day:
            return self._star(one, float(engine.hour))
        return NO_POSTS

    @property
    def breaks_news(self) -> bool:
        """Whether posts may start an event."""
        return isinstance(self.circumstance, LeadersNews)

    def news_of(self, posts: np.ndarray, hour: float, n_listed: int) -> np.ndarray:
        """EVENT rows that these posts start, decided at this hour."""
        one = self.circumstance
        if not isinstance(one, LeadersNews) or not len(posts):
            return NO_NEWS
        if hour < HOURS_PER_DAY * (self._warmup_days + one.from_day):
            return NO_NEWS
        return events_of(posts, one, self._accounts, n_listed)

    def _star(self, one: StarPost, midnight: float) -> np.ndarray:
        """The star post: POST[1]."""
        accounts = self._accounts
        row = star_account(one.account, accounts)
        stem = causes.stems(self._seed, accounts.hashes[row : row + 1])
        key = causes.post_keys(stem, causes.cause(causes.STAR_CAUSE, one.from_day, causes.FIRST))
        post = np.zeros(1, POST)
        post["key"], post["account"], post["hour"] = key, row, midnight + one.hour
        post["event"], post["posture"] = -1, ROUTINE
        post["platform"] = self._accounts.presences.platforms[row]
        post["quality"], post["stance"] = one.quality, self._stance
        post["media"], post["tone"] = MEDIA.index(one.media), TONES.index(one.tone)
        return post


def star_account(name: str, accounts: Accounts) -> int:
    """The row of the account that posts the star; refuses a name that is none of the ministry's."""
    ours = np.flatnonzero(accounts.sides == OURS)
    if name == LARGEST:
        missions = ours[accounts.kinds[ours] == MISSION]
        among = missions if len(missions) else ours
        return int(among[np.argmax(accounts.n_followers[among])])
    known = {accounts.names[row]: int(row) for row in ours}
    if name not in known:
        raise unknown("circumstance.account: the ministry's account", name, [*known, LARGEST])
    return known[name]
