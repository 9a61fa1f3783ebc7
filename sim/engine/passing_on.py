"""Reacting for the first time, and passing on: a share is counted and goes out in the next hour."""

from __future__ import annotations

import numpy as np

from sim.engine.calendar import (
    POST_BITS,
    WHO_BITS,
    ask_for_place,
    insert,
    reaction_name,
)
from sim.engine.kernel import inner, part
from sim.engine.noticing import enqueue, notice
from sim.state import CORE_SHARE, COUNTER, HOSTILE_SHARE, TARGET, TO_LIKE, TO_SHARE
from sim.vocabulary import OURS

SHARED_KIND, LIKED_KIND, HOSTILE_KIND, COMMENTED_KIND = 1, 2, 3, 4
N_REACTED, N_LIKED = COUNTER.n_reacted, COUNTER.n_liked


@inner
def is_target(person, post):
    """1 if the person belongs to the public that this post's account is there for, else 0."""
    near = np.int64(post["target"]) | np.int64(person["market"] == post["market"])
    return near & np.int64(person["flags"] & TARGET != 0)


@inner
def at_home(parameters, person):
    """1 if the person lives in the ministry's home market, else 0."""
    return np.int64(person["market"] == parameters[0]["home"])


@inner
def remember(calendar, counters, i, kind, who):
    """True the first time that this person reacts to this post in this way."""
    if insert(calendar.reacted, reaction_name(i, kind, who)):
        counters[N_REACTED] += 1
        return True
    return False


@inner
def will_like(calendar, counters, i, who, by_core):
    """Note a like, and have its place among the reactions brought close; it is counted with the
    others of its block (`count_likes`), since waiting for that place took 5 % of a run. Within a
    block nobody asks how many likes there are."""
    k, name = counters[N_LIKED], reaction_name(i, LIKED_KIND, who)
    calendar.liked[k], calendar.liked_by_core[k] = name, by_core
    counters[N_LIKED] += 1
    ask_for_place(calendar.reacted, name)


@part
def count_likes(state, calendar, parameters):
    """Count the likes noted in a block: each person's first of a post."""
    counters = state.counters
    for k in range(counters[N_LIKED]):
        name = calendar.liked[k]
        if insert(calendar.reacted, name):
            counters[N_REACTED] += 1
            i = np.int64(name >> POST_BITS)
            like(state, parameters, i, np.int64(name & WHO_BITS))
            state.posts[i]["n_core_likes"] += calendar.liked_by_core[k]
    counters[N_LIKED] = 0


@inner
def like(state, parameters, i, who):
    """Count a like."""
    post = state.posts[i]
    post["n_likes"] += 1
    state.accounts[post["account"]]["n_likes"] += 1
    if post["side"] == OURS:
        state.counters[COUNTER.ours_likes] += 1
        state.counters[COUNTER.home_friendly] += at_home(parameters, state.people[who])


@part
def share(state, calendar, parameters, tables, i, who, hour, depth, kind):
    """Count a share and have it broadcast in the next hour; it keeps its own time. A mocking
    comment, where nothing is re-shared, goes to nobody's feed."""
    post, counters, p = state.posts[i], state.counters, parameters[0]
    account = state.accounts[post["account"]]
    ours = post["side"] == OURS
    if kind == HOSTILE_SHARE:
        post["n_hostile"] += 1
        account["n_hostile"] += 1
        if ours:
            counters[COUNTER.ours_hostile] += 1
            counters[COUNTER.target_hostile] += is_target(state.people[who], post)
            counters[COUNTER.home_hostile] += at_home(parameters, state.people[who])
    else:
        post["n_shares"] += 1
        if kind == CORE_SHARE:
            post["n_core"] += 1
        account["n_shares"] += 1
        if ours:
            counters[COUNTER.ours_shares] += 1
            counters[COUNTER.home_friendly] += at_home(parameters, state.people[who])
        post["sum_depth"] += depth
        post["max_depth"] = max(post["max_depth"], depth)
    if parameters[np.int64(post["platform"])]["resharing"] == 1:
        enqueue(state, calendar, i, who, hour, depth, 1 if kind == HOSTILE_SHARE else 0)
    notice(state, calendar, parameters, tables, i, hour)
    if p["keep"] == 1 and ours:
        log = calendar.logged_shares[counters[COUNTER.n_logged_shares]]
        log["post"], log["hour"], log["depth"], log["kind"] = i, hour, depth, kind
        counters[COUNTER.n_logged_shares] += 1


@inner
def core_reacts(state, calendar, parameters, tables, decided, who, i, hour):
    """A member of the loyal core does what was decided when the post went out."""
    counters = state.counters
    if decided & TO_SHARE and remember(calendar, counters, i, SHARED_KIND, who):
        share(state, calendar, parameters, tables, i, who, hour, 1, CORE_SHARE)
    if decided & TO_LIKE:
        will_like(calendar, counters, i, who, 1)
