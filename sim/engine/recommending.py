"""Followers whom the platform brings: once a week, people who know somebody who follows already.

    n = floor(g n_followers + u)     each: a follower by a die, one of his or her friends by another

Whoever is not on the platform, or follows already, is one of the n and changes nothing, so that a
public that is used up brings ever fewer. Both engines call it after the weekly order; positions in
a list are those of the order, the same in both. Limit: only followers who still look have friends
who hear of it. Form: Su, Sharma and Goel 2016; the law is in sim/mechanisms/following.py.
"""

from __future__ import annotations

import numpy as np

from sim.engine.kernel import kernel, part
from sim.engine.members import is_on
from sim.engine.ties import find, join
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
        n[q] = np.int64(n_found(p["found_per_week"], n_followers, u))


@kernel
def recommend(state, friends_start, friends, parameters, tables, n):
    """Have them join; every list has room for n more."""
    p = parameters[0]
    for q in range(len(state.presences)):
        stream = subkey(stream_of(state, p, q), RECOMMENDED_WHO)
        first, n_known = state.f_start[q], state.f_sorted[q]
        f = np.int64(state.presences[q]["platform"])
        for k in range(n[q] if n_known > 0 else 0):
            bits = draw(stream, np.uint64(k))
            knows = np.int64(state.followers[first + np.int64(n_known * uniform(bits))]["who"])
            start, end = friends_start[knows], friends_start[knows + 1]
            if end == start:
                continue
            friend = friends[start + np.int64((end - start) * uniform(mix(bits ^ RECOMMENDED)))]
            who = np.int64(np.uint64(friend) & FRIEND)
            if is_on(state, parameters, tables, f, who):
                place = find(state.followers, first, n_known, state.f_n[q], who)
                join(state, parameters, q, who, place)


@part
def stream_of(state, p, q):
    """The luck of a presence in this week of this world."""
    week = np.uint64(state.counters[HOUR] // 168)
    return draw(draw(p["joining"], state.presences[q]["hash"]), week)
