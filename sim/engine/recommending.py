"""Followers whom the platform brings: once a week, people who know somebody who follows already.

    n = floor(g n_followers + u)     each: a follower by a die, one of his or her friends by another

Whoever is not on the platform, follows already, or has no room (ties.py), is one of the n and
changes nothing, so that a public that is used up brings ever fewer. An account that has never
posted is recommended to nobody. Both engines call it after the weekly order; positions in
a list are those of the order, the same in both. Limit: only followers who still look have friends
who hear of it. Form: Su, Sharma and Goel 2016; the law is in sim/mechanisms/following.py.
"""

from __future__ import annotations

import numpy as np

from sim.engine.kernel import kernel, part
from sim.engine.lookup import NOBODY, entry_of, place_in_order
from sim.engine.members import is_on
from sim.engine.newcomers import newcomer_name
from sim.engine.ties import join, posts_at_all
from sim.mechanisms.following import n_found
from sim.state import COUNTER, FRIEND
from sim.streams import RECOMMENDED, RECOMMENDED_WHO, draw, mix, subkey, uniform

HOUR = COUNTER.hour


@kernel
def count_recommended(state, parameters, n):
    """Fill n: int64[n_presences], who comes to each by recommendation this week."""
    p = parameters[0]
    for q in range(len(state.presences)):
        u = uniform(subkey(stream_of(state, p, q), RECOMMENDED))
        n_followers = np.float64(state.presences[q]["n_followers"])
        found = np.int64(n_found(p["found_per_week"], n_followers, u))
        n[q] = found if posts_at_all(state, q) else 0


@kernel
def recommend(state, friends_start, friends, parameters, tables, n, whom, joined):
    """Have them join; every list has room for n more. Scratch: whom, int64 of the most of n, and
    joined, an empty table of twice all of n or more (NEWCOMER, lookup.py): without it a list would
    be looked through for every newcomer, which is quadratic where thousands come in a week."""
    for q in range(len(state.presences)):
        first, n_known = state.f_start[q], state.f_sorted[q]
        if n_known == 0:
            continue
        choose(state, friends_start, friends, parameters, q, n[q], whom)
        f = np.int64(state.presences[q]["platform"])
        for k in range(n[q]):
            who = whom[k]
            if who < 0 or not is_on(state, parameters, tables, f, who):
                continue
            entry = joined[entry_of(joined, newcomer_name(q, who))]
            if entry["name"] != NOBODY:
                continue
            place = place_in_order(state.followers, first, first + n_known, who)
            join(state, parameters, q, who, place)
            entry["name"] = newcomer_name(q, who)


@part
def choose(state, friends_start, friends, parameters, q, n, whom):
    """Fill whom[:n]: a friend of a follower, or -1 where that one has none. One kind of memory a
    loop, so that many are waited for at once."""
    stream = subkey(stream_of(state, parameters[0], q), RECOMMENDED_WHO)
    first, n_known = state.f_start[q], state.f_sorted[q]
    for k in range(n):
        place = first + np.int64(n_known * uniform(draw(stream, np.uint64(k))))
        whom[k] = np.int64(state.followers[place]["who"])
    for k in range(n):
        start, end = friends_start[whom[k]], friends_start[whom[k] + 1]
        u = uniform(mix(draw(stream, np.uint64(k)) ^ RECOMMENDED))
        whom[k] = start + np.int64((end - start) * u) if end > start else -1
    for k in range(n):
        if whom[k] >= 0:
            whom[k] = np.int64(np.uint64(friends[whom[k]]) & FRIEND)


@part
def stream_of(state, p, q):
    """The luck of a presence in this week of this world."""
    week = np.uint64(state.counters[HOUR] // 168)
    return draw(draw(p["joining"], state.presences[q]["hash"]), week)
