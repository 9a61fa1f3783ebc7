"""The fast loop: the hours of a world, compiled. Same order, names and draws as `reference.py`.

One hour:  1 news breaks   2 posts and shares go out   3 people look, react, share   4 ties change.
Accounts decide outside, in `model.py`, and hand over posts before their hour comes.
What is fast: a follower's record finds thresholds in small tables, so that two hashes reject most
without a look at the person; all of a person is one cache line, asked for while earlier views of
the hour are worked on; what half of the time would be guessed wrong is written without branches;
nobody polls.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.engine.attending import nobody_listed
from sim.engine.base import Engine
from sim.engine.broadcasting import broadcast_share, interest_in
from sim.engine.calendar import (
    RING,
    Calendar,
    blocks_wanted,
    empty_calendar,
    release,
    room_to_broadcast,
    room_to_look,
    set_is_full,
    sort_broadcasts,
)
from sim.engine.claiming import claims_fit, room_for_claims
from sim.engine.compiling import compile_together, compile_unless_taken, is_compiled
from sim.engine.finding import broadcast_pickup, public_of
from sim.engine.kernel import inner, kernel, part
from sim.engine.lingering import linger
from sim.engine.looking import look_at_hour
from sim.engine.meeting import more_room_to_speak, room_to_speak
from sim.engine.members import presence_of
from sim.engine.newcomers import newcomers_noted
from sim.engine.prefetch import AHEAD, prefetch_to_read
from sim.engine.replying import broadcast_post
from sim.engine.tagging import most_lookers
from sim.engine.ties import change_ties
from sim.mechanisms.interest import n_searches
from sim.mechanisms.sharing import attention_factor
from sim.state import COUNTER, PICKED_UP
from sim.vocabulary import AMPLIFICATION

READY, OUT, LOOKED = 0, 1, 2  # counters[STATUS]: how far this hour has come
DONE, ROOM_TO_BROADCAST, ROOM_TO_LOOK, ROOM_FOR_TIES = 0, 1, 2, 3  # what `advance` returns
HOUR, STATUS, N_POSTS = COUNTER.hour, COUNTER.status, COUNTER.n_posts
NEXT_POST, NEXT_EVENT = COUNTER.next_post, COUNTER.next_event
N_QUEUE = COUNTER.n_queue
N_FREE = COUNTER.n_free


@kernel
def advance(state, calendar, friends_start, friends, events, parameters, tables, until):
    """Run whole hours until counters[HOUR] == until; returns (DONE or what is lacking, bound)."""
    counters = state.counters
    while True:
        if counters[STATUS] == LOOKED:
            if not change_ties(state, calendar, parameters):
                return ROOM_FOR_TIES, 0
            counters[STATUS] = READY
            counters[HOUR] += 1
        if counters[HOUR] >= until and counters[STATUS] == READY:
            return DONE, 0
        if counters[STATUS] == READY:
            bound = bound_of_views(state, calendar, friends_start, parameters, tables)
            if counters[N_FREE] < blocks_wanted(bound):
                return ROOM_TO_BROADCAST, bound
            news_breaks(state, events, parameters, tables)
            broadcast_hour(state, calendar, friends_start, friends, parameters, tables)
            counters[STATUS] = OUT
        n_views = calendar.filled[counters[HOUR] % RING]
        if not all_fits(state, calendar, parameters, n_views):
            return ROOM_TO_LOOK, n_views
        look_at_hour(state, calendar, parameters, tables)
        release(calendar, counters, counters[HOUR] % RING)
        counters[STATUS] = LOOKED


@part
def all_fits(state, calendar, parameters, n_views):
    """Whether whatever n_views views may leave behind has a place."""
    if not room_to_react(calendar, state.counters, n_views, parameters[0]["keep"]):
        return False
    return claims_fit(state, parameters, n_views) and room_to_speak(state, calendar, n_views)


@part
def room_to_react(calendar, counters, n_views, keep):
    """Whether every reaction to n_views views has a place."""
    if set_is_full(counters[COUNTER.n_reacted], n_views, len(calendar.reacted)):
        return False
    if counters[N_QUEUE] + 3 * n_views > len(calendar.queue):
        return False
    if len(calendar.broadcasts) < len(calendar.queue):
        return False
    if counters[COUNTER.n_joins] + n_views > len(calendar.joins):
        return False
    if counters[COUNTER.n_leaves] + n_views > len(calendar.leaves):
        return False
    if keep == 0:
        return True
    if counters[COUNTER.n_logged_views] + n_views > len(calendar.logged_views):
        return False
    return counters[COUNTER.n_logged_shares] + 2 * n_views <= len(calendar.logged_shares)


@part
def bound_of_views(state, calendar, friends_start, parameters, tables):
    """The most views that the broadcasts of this hour can schedule."""
    counters, p = state.counters, parameters[0]
    bound = 0
    post = counters[NEXT_POST]
    while post < counters[N_POSTS] and state.posts[post]["hour"] < counters[HOUR] + 1:
        presence = presence_of(parameters, tables, state.posts[post])
        bound += state.f_n[presence] + np.int64(p["n_core"])
        level = interest_in(p, state.posts[post])
        if level > 1.0:
            _, size = public_of(state, tables, state.posts[post])
            bound += np.int64(n_searches(level, p["search_views"], np.float64(size), 1.0))
        if len(state.tags) > 0:
            bound += most_lookers(state, p, tables, state.posts[post])
        post += 1
    for k in range(counters[N_QUEUE]):
        item = calendar.queue[k]
        if item["who"] == PICKED_UP:
            post = state.posts[item["post"]]
            market = np.int64(post["market"])
            size = tables.market_start[market + 1] - tables.market_start[market]
            bound += np.int64(p["pickup_share"] * size) + 1
        else:
            bound += friends_start[item["who"] + 1] - friends_start[item["who"]]
    return bound


@part
def news_breaks(state, events, parameters, tables):
    """Attention to every topic decays towards 1 and jumps with the events of this hour."""
    counters, p = state.counters, parameters[0]
    attention = state.attention
    n_markets, n_topics = attention.shape
    if len(tables.linger_weight):
        linger(state, tables)
    else:
        for market in range(n_markets):
            for topic in range(n_topics):
                passing = attention[market, topic] - 1.0
                attention[market, topic] = 1.0 + passing * p["attention_decay"]
    k = counters[NEXT_EVENT]
    while k < len(events) and events[k]["hour"] < counters[HOUR] + 1:
        event = events[k]
        topic, home = np.int64(event["topic"]), np.int64(event["market"])
        severity = np.float64(event["severity"])
        attention[home, topic] += severity
        if event["scope"] > 0:
            for market in range(n_markets):
                same = tables.region[market] == tables.region[home]
                if market != home and (event["scope"] == 2 or same):
                    attention[market, topic] += severity * p["spill"]
        k += 1
    counters[NEXT_EVENT] = k
    for market in range(n_markets):
        for topic in range(n_topics):
            state.readiness[market, topic] = attention_factor(
                attention[market, topic], p["usual_attention"], p["share_elasticity"]
            )


@inner
def ask_for_friends(friends_start, friends, items, k, n):
    """Every AHEAD shares have the followers of sharers to come brought close, in two steps,
    many at once: a page of the file that was long unseen takes its time to be found."""
    for later in range(k + 2 * AHEAD, min(k + 3 * AHEAD, n)):
        if items[later]["who"] >= 0:
            prefetch_to_read(friends_start, (items[later]["who"],))
    for later in range(k + AHEAD if k else 0, min(k + 2 * AHEAD, n)):
        if items[later]["who"] >= 0:
            first = min(friends_start[items[later]["who"]], len(friends) - 1)
            prefetch_to_read(friends, (first,))
            prefetch_to_read(friends, (min(first + 16, len(friends) - 1),))


@kernel
def broadcast_hour(state, calendar, friends_start, friends, parameters, tables):
    """Everything that goes out in this hour, by (time, post key, who)."""
    counters = state.counters
    items = calendar.broadcasts
    n = counters[N_QUEUE]
    for k in range(n):
        items[k] = calendar.queue[k]
    counters[N_QUEUE] = 0
    sort_broadcasts(items, calendar.spare, n)
    k = 0
    while True:
        post = counters[NEXT_POST]
        is_root = post < counters[N_POSTS] and state.posts[post]["hour"] < counters[HOUR] + 1
        if is_root and k < n:
            root = state.posts[post]
            earlier = items[k]["hour"] < root["hour"]
            same = items[k]["hour"] == root["hour"]
            is_root = not (earlier or (same and items[k]["key"] < root["key"]))
        if is_root:
            counters[NEXT_POST] += 1
            broadcast_post(state, calendar, parameters, tables, post)
        elif k < n:
            if k % AHEAD == 0:
                ask_for_friends(friends_start, friends, items, k, n)
            if items[k]["who"] == PICKED_UP:
                broadcast_pickup(state, calendar, parameters, tables, items[k])
            else:
                broadcast_share(
                    state, calendar, friends_start, friends, parameters, tables, items[k]
                )
            k += 1
        else:
            return


class CompiledEngine(Engine):
    """The engine for real sizes."""

    def __init__(self, *world: Any, calendar: Calendar | None = None) -> None:
        super().__init__(*world)
        self.calendar = empty_calendar(self.state.counters) if calendar is None else calendar
        self.listed_for: np.ndarray | None = None  # the lists of followers that `listed` is of
        self.has_walked = False  # some hours went by in plain Python, since nothing was compiled

    def list_anew(self) -> None:
        """Lists of followers in another order, or elsewhere: nobody is listed as there today, and
        who has joined since the last order is found elsewhere."""
        if self.listed_for is not self.state.followers:
            self.listed_for = self.state.followers
            self.calendar = newcomers_noted(nobody_listed(self.calendar, self.state), self.state)

    def loop(self) -> Callable[..., tuple[int, int]]:
        """`advance`, compiled; or its text, from which Python calls the kernels of an hour. Where
        nothing is compiled yet the first hours go by like this, and more of them while another
        process is at the loop: it holds every kernel once more, which takes some four seconds."""
        if getattr(advance, "overloads", True):  # in this process already, or never (no compiler)
            return advance
        here = (self.state, self.calendar)
        friends, known = (self.friends_start, self.friends), (self.parameters, self.tables)
        whole = (advance, (*here, *friends, self.events, *known, 0))
        parts = (
            (look_at_hour, (*here, *known)), (broadcast_hour, (*here, *friends, *known)),
            (change_ties, (*here, self.parameters)),
        )  # fmt: skip
        if is_compiled(advance) or not compile_together(parts):
            return advance
        if self.has_walked and compile_unless_taken(*whole):
            return advance
        self.has_walked = True
        return advance.py_func

    def _advance(self, until: int) -> None:
        counters = self.state.counters
        self.list_anew()
        loop = self.loop()
        while True:
            self.list_anew()
            status, bound = loop(
                self.state, self.calendar, self.friends_start, self.friends, self.events,
                self.parameters, self.tables, until,
            )  # fmt: skip
            if status == DONE:
                return
            if status == ROOM_TO_BROADCAST:
                self.calendar = room_to_broadcast(self.calendar, counters, bound)
            elif status == ROOM_TO_LOOK:
                self.make_room_to_look(bound)
            else:
                self._more_places()

    def make_room_to_look(self, n_views: int) -> None:
        """Have a place for whatever so many views may leave behind."""
        keeps = bool(self.parameters[0]["keep"])
        shown, coming = self.shown_again(), self.waiting["message"]
        calendar = room_to_look(self.calendar, self.state.counters, keeps, shown)
        self.state, self.calendar = more_room_to_speak(
            self.state, calendar, n_views, shown, coming
        )
        self.state = room_for_claims(self.state, self.parameters, n_views)

    def shown_again(self) -> np.ndarray:
        """Rows of the posts that re-posts to come will show, once more or for the first time."""
        coming = self.posts[self.state.counters[NEXT_POST] :]
        rows = coming["parent"][coming["kind"] == AMPLIFICATION]
        named = self.waiting["parent"][self.waiting["kind"] == AMPLIFICATION]
        if len(named):
            rows = np.concatenate([rows, np.flatnonzero(np.isin(self.posts["key"], named))])
        return np.asarray(rows[rows >= 0])

    def fork(self) -> CompiledEngine:
        twin = CompiledEngine(
            self.state.copy(), self.friends_start, self.friends, self.events, self.parameters,
            self.tables, calendar=self.calendar.copy(),
        )  # fmt: skip
        twin.waiting = self.waiting.copy()
        return twin

    def logs(self) -> tuple[np.ndarray, np.ndarray]:
        counters = self.state.counters
        views = self.calendar.logged_views[: counters[COUNTER.n_logged_views]]
        return views, self.calendar.logged_shares[: counters[COUNTER.n_logged_shares]]
