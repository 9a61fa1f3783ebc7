"""What an engine is: it takes posts, runs hours, and can be forked.

Two engines give the same results, draw for draw: `compiled.py` (fast) and `reference.py` (the text
to read). Both change one `State` and keep on their own what is on its way.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from sim.engine.parents import parent_rows
from sim.engine.recommending import count_recommended, recommend
from sim.engine.speaking import with_speech
from sim.engine.tables import Tables
from sim.engine.ties import place_lists, settle
from sim.state import (
    COUNTER,
    EVENT,
    NEWCOMER,
    POST,
    State,
    aligned_zeros,
    enlarged,
    joined,
    taken,
)

POSTS_PER_GROWTH, GROWTH = 4_096, 4  # room that no post has taken yet costs no memory


class Engine(ABC):
    """A world at some hour, able to go on."""

    def __init__(self, state: State, friends_start: np.ndarray, friends: np.ndarray,
                 events: np.ndarray, parameters: np.ndarray, tables: Tables) -> None:  # fmt: skip
        self.state = state
        self.friends_start, self.friends = friends_start, friends
        self.events, self.parameters, self.tables = events, parameters, tables
        self.waiting = np.zeros(0, POST)  # posts whose day has not come

    @property
    def hour(self) -> int:
        """The hour that runs next."""
        return int(self.state.counters[COUNTER.hour])

    @property
    def posts(self) -> np.ndarray:
        """LIVE[n]: all posts that have gone out or wait in this day, oldest first."""
        return self.state.posts[: self.state.counters[COUNTER.n_posts]]

    def add(self, posts: np.ndarray) -> None:
        """Take POST records for hours that have not run yet."""
        if len(posts) and float(posts["hour"].min()) < self.hour:
            raise ValueError("a post cannot go out in an hour that has already run")
        if len(posts) and self.tables.presence[presence_places(posts, self.parameters)].min() < 0:
            raise ValueError("a post cannot go out on a platform where its account is not")
        self.waiting = joined([self.waiting, posts], POST)

    def hear_of(self, news: np.ndarray) -> None:
        """Take one more event (EVENT[1]) for an hour that has not run yet. Posts name events by
        their row in the world's list, which this is not: here only hours and attention count."""
        if float(news["hour"][0]) < self.hour:
            raise ValueError("news cannot break in an hour that has already run")
        place = int(np.searchsorted(self.events["hour"], news["hour"][0], side="right"))
        self.events = joined([self.events[:place], news, self.events[place:]], EVENT)

    def set_parameters(self, **values: float) -> None:
        """Other numbers from the next hour on, in this engine alone."""
        self.parameters = self.parameters.copy()
        for name, value in values.items():
            self.parameters[name] = value

    def watch(self, event: int) -> None:
        """From now on remember who saw a post of ours about this event, and when first."""
        self.set_parameters(watched_event=event)
        noticed = np.full(len(self.state.people), np.inf, np.float32)
        self.state = self.state._replace(noticed=noticed)

    def run(self, until: int) -> None:
        """Run whole hours up to `until`; posts due before it go out in their order."""
        self._take_posts(until)
        self._advance(until)

    def settle(self) -> None:
        """The weekly order in the lists of followers."""
        p = self.parameters[0]
        self.state = settle(self.state, float(p["days_interested"]), float(p["days_following"]))
        if p["found_per_week"] > 0.0:
            self._recommend()

    def _recommend(self) -> None:
        """Those whom the platform brings within a week."""
        n = np.zeros(len(self.state.presences), np.int64)
        count_recommended(self.state, self.parameters, n)
        if (self.state.f_n + n > self.state.f_room).any():
            self._more_places(n)
        known = (self.friends_start, self.friends, self.parameters, self.tables)
        noted = aligned_zeros(1 << int(2 * n.sum()).bit_length(), NEWCOMER)
        recommend(self.state, *known, n, np.zeros(n.max(), np.int64), noted)

    @abstractmethod
    def _advance(self, until: int) -> None:
        """Run whole hours."""

    @abstractmethod
    def fork(self) -> Engine:
        """An independent engine at the same point."""

    @abstractmethod
    def logs(self) -> tuple[np.ndarray, np.ndarray]:
        """(VIEWED of every view, SHARED of every share) of our posts; empty unless kept."""

    def _take_posts(self, until: int) -> None:
        due = self.waiting["hour"] < until
        batch, self.waiting = taken(self.waiting, due), taken(self.waiting, ~due)
        batch = taken(batch, np.lexsort((batch["key"], batch["hour"])))
        counters = self.state.counters
        n = int(counters[COUNTER.n_posts])
        if n + len(batch) > len(self.state.posts):
            room = max(GROWTH * len(self.state.posts), n + len(batch) + POSTS_PER_GROWTH)
            self.state = self.state._replace(posts=enlarged(self.state.posts, n, room))
        self.state = with_speech(self.state, n, batch)
        if len(self.tables.p_boosted) and len(self.state.false) < len(self.state.posts):
            room = len(self.state.posts)
            self.state = self.state._replace(false=enlarged(self.state.false, n, room))
        new = self.state.posts[n : n + len(batch)]
        for name in ("key", "hour", "stance", "quality", "event", "account", "topic", "tone",
                     "media", "language", "posture", "blunder", "kind", "claim",
                     "platform"):  # fmt: skip
            new[name] = batch[name]
        new["hour_ranked"] = -1
        new["parent"] = parent_rows(self.state.posts[: n + len(batch)], len(batch), batch["parent"])
        for name in ("market", "side", "target"):
            new[name] = self.state.accounts[name][batch["account"]]
        counters[COUNTER.n_posts] = n + len(batch)

    def _more_places(self, n_more: np.ndarray | int = 0) -> None:
        """Lay the lists of followers out anew, with more spare places (for n_more to come, beside
        the usual ones), keeping their order."""
        state = self.state
        actives = lists_of(state.followers, state.f_start, state.f_n)
        boreds = lists_of(state.bored, state.b_start, state.b_n)
        larger = place_lists(state, actives, boreds, state.f_n - state.f_sorted + n_more)
        self.state = larger._replace(f_sorted=state.f_sorted)


def presence_places(posts: np.ndarray, parameters: np.ndarray) -> np.ndarray:
    """Places of the posts' accounts on their platforms in Tables.presence."""
    return posts["account"].astype(np.int64) * len(parameters) + posts["platform"]


def lists_of(records: np.ndarray, start: np.ndarray, n: np.ndarray) -> list[np.ndarray]:
    """The part of `records` that belongs to each presence."""
    return [records[first : first + k] for first, k in zip(start, n, strict=True)]
