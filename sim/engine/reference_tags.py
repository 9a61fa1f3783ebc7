"""Posts under a tag, in plain Python: who looks at it and comes upon the post, and who takes it up.

The laws are in `sim/mechanisms/tags.py`; `tagging.py` does the same, compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.engine.reference_look import Diary, put_down
from sim.mechanisms.tags import n_lookers, p_hijack, p_shown, use_after, used_by_public
from sim.state import BY_TAG, COUNTER, State
from sim.streams import (
    HIJACK,
    LOOKER,
    TAG_DELAY,
    TAG_SHOWN,
    U64,
    draw,
    exponential,
    mix,
    subkey,
    uniform,
)
from sim.vocabulary import COMMON_TAG, NO_TAG, OWN_TAG, RIVAL, TOPICS


def show_under_tag(state: State, diary: Diary, parameters: Any, tables: Any, i: int,
                   is_on: Callable[[int, int], bool]) -> None:  # fmt: skip
    """A post goes out under its tag, or a rival's under ours; nothing where nobody looks at any."""
    if not len(state.tags):
        return
    p, post = parameters[0], state.posts[i]
    topic = int(post["topic"])
    if post["side"] == RIVAL and post["stance"] < 0:
        _, used = tag_of(state, p, OWN_TAG, topic, post["hour"])
        divided = tables.division[post["market"]]
        takes = p_hijack(p["tag_hijack"], used, p["tag_prominent"], divided)
        if uniform(subkey(post["key"], HIJACK)) < takes:
            state.speech[i]["tag"] = OWN_TAG
            state.counters[COUNTER.n_hijacked] += 1
    tag = int(state.speech[i]["tag"])
    if tag == NO_TAG:
        return
    place, used = tag_of(state, p, tag, topic, post["hour"])
    everywhere = range(len(tables.market_start) - 1)
    for market in everywhere if post["target"] else [int(post["market"])]:
        for who, when in finders(state, p, tables, i, tag, used, market):
            if is_on(int(post["platform"]), who):
                put_down(diary, int(state.counters[COUNTER.hour]), when, who, i, 0, BY_TAG, 0)
    state.tags[place] = used + 1.0, post["hour"]


def tag_of(state: State, p: Any, tag: int, topic: int, hour: float) -> tuple[int, float]:
    """The row of a tag, and its recent use at this hour."""
    place = (tag - 1) * len(TOPICS) + topic
    one = state.tags[place]
    return place, use_after(one["use"], hour - one["hour"], p["tag_half_life"])


def finders(state: State, p: Any, tables: Any, i: int, tag: int, used: float,
            market: int) -> list[tuple[int, float]]:  # fmt: skip
    """(who, when): people of a market who care for the topic, look at its tag and come upon the
    post."""
    post, low = state.posts[i], int(tables.market_start[market])
    size, topic = int(tables.market_start[market + 1]) - low, int(post["topic"])
    if tag == COMMON_TAG:
        used = used + used_by_public(state.attention[market, topic], p["tag_public"])
    list_of_lookers = draw(tables.tag_keys[(tag - 1) * len(TOPICS) + topic], U64(market))
    left_over = uniform(subkey(list_of_lookers, LOOKER))
    n = int(n_lookers(p["tag_share"], float(size), used, p["tag_half_use"], left_over))
    found = []
    for k in range(n):
        who = low + int(size * uniform(draw(list_of_lookers, U64(k))))
        cares = bool(state.people[who]["topics"] >> topic & 1)
        bits = draw(draw(subkey(post["key"], TAG_SHOWN), U64(market)), U64(k))
        if cares and uniform(bits) < p_shown(used, p["tag_room"]):
            wait = exponential(mix(bits ^ TAG_DELAY), p["tag_delay"])
            found.append((who, float(post["hour"]) + float(np.float64(wait))))
    return found
