"""Shares pass on, and somebody notices how many there are: pick-ups, false reactions. Compiled.

Where a platform has no shares nobody buys any; false likes there may be.
"""

from __future__ import annotations

import numpy as np

from sim.engine.kernel import inner, part
from sim.mechanisms.contamination import false_count, still_there
from sim.state import COUNTER, PICKED_UP
from sim.streams import PICKUP, subkey, uniform

HOUR, N_QUEUE = COUNTER.hour, COUNTER.n_queue


@part
def enqueue(state, calendar, i, who, hour, depth, hostile):
    """Put a broadcast into the queue of the next hour."""
    item = calendar.queue[state.counters[N_QUEUE]]
    item["hour"], item["key"], item["post"] = hour, state.posts[i]["key"], i
    item["who"], item["depth"], item["hostile"] = who, depth, hostile
    state.counters[N_QUEUE] += 1


@inner
def notice(state, calendar, parameters, tables, i, hour):
    """Media and trend lists take notice once the shares that they see pass the threshold."""
    post, p = state.posts[i], parameters[0]
    if post["picked_up"] == 0:
        shown = np.int64(post["n_shares"])
        if p["contaminated"] == 1:
            shown += np.int64(state.false[i]["shares"])
        if shown >= p["pickup_threshold"]:
            post["picked_up"] = 1
            famous = tables.status_pickup[post["account"]]
            if uniform(subkey(post["key"], PICKUP)) < p["pickup_p"] * famous:
                post["picked_up"] = 2
                enqueue(state, calendar, i, PICKED_UP, hour, 0, 0)


@part
def count_false(state, calendar, parameters, tables, view):
    """False reactions beside a post as an hour begins; they too can have it picked up."""
    p, i, counters = parameters[0], np.int64(view["post"]), state.counters
    false = state.false[i]
    if false["bought"] == 0:
        return 0
    age = max(np.float64(counters[HOUR]) - state.posts[i]["hour"], 0.0)
    part = still_there(age, p["false_arrival"], p["false_removal"], p["false_recall"])
    bought = np.float64(false["bought"])
    if parameters[np.int64(state.posts[i]["platform"])]["resharing"] == 1:
        false["shares"] = false_count(bought, 1.0, part)
    false["likes"] = false_count(bought, p["false_likes"], part)
    notice(state, calendar, parameters, tables, i, counters[HOUR] + np.float64(view["at"]))
    return np.int64(false["shares"]) + np.int64(false["likes"])
