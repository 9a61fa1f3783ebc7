"""Views beside the graph: the loyal core, pick-ups, searches. Compiled; see `reference.py`.

Whom they concern is looked for among the people on the post's platform (members.py).
"""

from __future__ import annotations

import numpy as np

from sim.engine.calendar import push
from sim.engine.kernel import inner, part
from sim.engine.members import find_member, presence_of
from sim.mechanisms.core import p_core_like, p_core_share
from sim.mechanisms.interest import n_searches
from sim.mechanisms.pickup import pickup_views
from sim.state import BY_CORE, BY_LATE, BY_PICKUP, COUNTER, TO_LIKE, TO_SHARE
from sim.streams import (
    CORE,
    CORE_DELAY,
    PICKUP_DELAY,
    PICKUP_SIZE,
    PICKUP_WHO,
    SEARCH_DELAY,
    SEARCH_SIZE,
    SEARCH_WHO,
    draw,
    exponential,
    mix,
    subkey,
    uniform,
)

HOUR = COUNTER.hour


@part
def broadcast_core(state, calendar, parameters, tables, i):
    """The loyal core decides, each member by his or her own die, and reacts when it finds time."""
    p, post = parameters[0], state.posts[i]
    f, account = np.int64(post["platform"]), state.accounts[post["account"]]
    core_mean = state.presences[presence_of(parameters, tables, post)]["core_mean"]
    market = np.int64(account["market"])
    low = tables.market_start[market]
    size = tables.market_start[market + 1] - low
    if size == 0:
        return
    members = subkey(account["hash"], CORE)
    stream = subkey(post["key"], CORE)
    quality = np.float64(post["quality"])
    p_share = p_core_share(core_mean, quality, p["n_core"])
    p_like = p_core_like(core_mean, quality, p["n_core"], p["likes_per_share"])
    for k in range(np.int64(p["n_core"])):
        bits = draw(stream, np.uint64(k))
        die = uniform(bits)
        does = np.int64(die < p_share) * TO_SHARE | np.int64(die < p_like) * TO_LIKE
        if does:
            found = draw(members, np.uint64(k))
            who = find_member(state, parameters, tables, f, found, low, size)
            when = post["hour"] + exponential(mix(bits ^ CORE_DELAY), p["core_mean_delay"])
            if who >= 0:
                push(calendar, state.counters, state.counters[HOUR], when, who, i, 0, BY_CORE, does)


@part
def broadcast_pickup(state, calendar, parameters, tables, item):
    """Media or a trend list show a post to people who do not follow the account."""
    p, i = parameters[0], item["post"]
    post = state.posts[i]
    f, market = np.int64(post["platform"]), np.int64(post["market"])
    low, high = tables.market_start[market], tables.market_start[market + 1]
    most = p["pickup_share"] * (high - low)
    if post["target"] == 1:
        low, high = 0, len(state.people)
    size = high - low
    u = uniform(subkey(post["key"], PICKUP_SIZE))
    n = np.int64(pickup_views(u, p["pickup_min"], p["pickup_tail"], most))
    viewers, delays = subkey(post["key"], PICKUP_WHO), subkey(post["key"], PICKUP_DELAY)
    for k in range(n):
        found = draw(viewers, np.uint64(k))
        who = find_member(state, parameters, tables, f, found, low, size)
        when = item["hour"] + exponential(draw(delays, np.uint64(k)), p["pickup_mean_delay"])
        if who >= 0:
            push(calendar, state.counters, state.counters[HOUR], when, who, i, 0, BY_PICKUP, 0)


@part
def broadcast_searches(state, calendar, parameters, tables, i, level):
    """People who need not follow the account look its post up, in their own time."""
    p, post = parameters[0], state.posts[i]
    low, size = public_of(state, tables, post)
    n = n_searches(level, p["search_views"], np.float64(size),
                   uniform(subkey(post["key"], SEARCH_SIZE)))  # fmt: skip
    viewers, delays = subkey(post["key"], SEARCH_WHO), subkey(post["key"], SEARCH_DELAY)
    f = np.int64(post["platform"])
    for k in range(np.int64(n)):
        found = draw(viewers, np.uint64(k))
        who = find_member(state, parameters, tables, f, found, low, size)
        when = post["hour"] + exponential(draw(delays, np.uint64(k)), p["late_mean_hours"])
        if who >= 0:
            push(calendar, state.counters, state.counters[HOUR], when, who, i, 0, BY_LATE, 0)


@inner
def public_of(state, tables, post):
    """(first person, number of people) of the public that the post's account speaks to."""
    if post["target"] == 1:
        return 0, len(state.people)
    market = np.int64(post["market"])
    low = np.int64(tables.market_start[market])
    return low, np.int64(tables.market_start[market + 1]) - low
