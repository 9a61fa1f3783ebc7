"""Who is on a platform, and how a feed there comes to a person: drawn from keys, never stored.

    on platform f:   die < adoption[f, market, age],   die = common or own draw (world/members.py)
    feed on f > 0:   the person's own stratum, ranked if a draw falls below the share of f

On the main platform the feed is the one in the person's record; in a world of one platform
everybody is on it. The column forms, for loading a world, are in sim/world/members.py.
"""

from __future__ import annotations

import numpy as np

from sim.engine.kernel import inner, part
from sim.mechanisms.platforms import TRIES, membership_die
from sim.state import AGE_SHIFT
from sim.streams import MEMBER, draw, high32, mix, uniform

AGES, OWN_STRATUM, RANKED_FEED = 4, 15, 16


@inner
def is_on(state, parameters, tables, f, who):
    """Whether a person is on platform f."""
    if len(parameters) == 1:
        return True
    p, person = parameters[f], state.people[who]
    age = (np.int64(person["flags"]) >> AGE_SHIFT) & 3
    place = (f * (len(tables.market_start) - 1) + np.int64(person["market"])) * AGES + age
    own, common = draw(p["member"], np.uint64(who)), draw(p["member_common"], np.uint64(who))
    return membership_die(own, common, p["overlap"]) < tables.adoption[place]


@inner
def feed_on(parameters, f, person, who):
    """Stratum of a person's feed on platform f; who is uint64."""
    if f == 0:
        return np.int64(person["feed"])
    p = parameters[f]
    ranked = high32(draw(p["ranked"], who)) < p["ranked_below"]
    return (np.int64(person["feed"]) & OWN_STRATUM) | (RANKED_FEED if ranked else 0)


@part
def find_member(state, parameters, tables, f, bits, low, size):
    """The person whom these dice find in [low, low + size) on platform f; -1: nobody."""
    for _ in range(TRIES):
        who = low + np.int64(size * uniform(bits))
        if is_on(state, parameters, tables, f, who):
            return who
        bits = mix(bits ^ MEMBER)
    return -1


@inner
def presence_of(parameters, tables, post):
    """The row of the presence on which a post goes out."""
    return tables.presence[np.int64(post["account"]) * len(parameters) + np.int64(post["platform"])]
