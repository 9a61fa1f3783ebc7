"""Posts under a tag are seen by people who look at it. Compiled; the same in plain Python is
`reference_tags.py`, the laws are in `sim/mechanisms/tags.py`.

The lookers of a tag in a market are a list that grows and shrinks with its use: number k of it is
always the same person, so that posts under one tag are seen by the same people.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.calendar import CHOICE, push
from sim.engine.finding import public_of
from sim.engine.kernel import inner, part
from sim.engine.members import is_on
from sim.engine.prefetch import prefetch
from sim.mechanisms.tags import n_lookers, p_hijack, p_shown, use_after, used_by_public
from sim.state import BY_TAG, COUNTER
from sim.streams import (
    HIJACK,
    LOOKER,
    TAG_DELAY,
    TAG_SHOWN,
    draw,
    exponential,
    mix,
    subkey,
    uniform,
)
from sim.vocabulary import COMMON_TAG, NO_TAG, OWN_TAG, RIVAL, TOPICS

HOUR, N_HIJACKED, N_TOPICS = COUNTER.hour, COUNTER.n_hijacked, len(TOPICS)


@inner
def recent_use(state, p, tag, topic, hour):
    """Recent use of a tag."""
    one = state.tags[(tag - 1) * N_TOPICS + topic]
    return use_after(one["use"], hour - one["hour"], p["tag_half_life"])


@part
def broadcast_tagged(state, calendar, parameters, tables, i):
    """A post goes out under its tag, or a rival's under ours, and is one more use of it."""
    p, post, speech = parameters[0], state.posts[i], state.speech[i]
    topic, hour = np.int64(post["topic"]), post["hour"]
    if post["side"] == RIVAL and post["stance"] < 0.0:
        used = recent_use(state, p, OWN_TAG, topic, hour)
        divided = tables.division[np.int64(post["market"])]
        takes = p_hijack(p["tag_hijack"], used, p["tag_prominent"], divided)
        if uniform(subkey(post["key"], HIJACK)) < takes:
            speech["tag"] = OWN_TAG
            state.counters[N_HIJACKED] += 1
    tag = np.int64(speech["tag"])
    if tag == NO_TAG:
        return
    used = recent_use(state, p, tag, topic, hour)
    if post["target"] == 1:
        for market in range(len(tables.market_start) - 1):
            show_lookers(state, calendar, parameters, tables, i, tag, used, market)
    else:
        show_lookers(state, calendar, parameters, tables, i, tag, used, np.int64(post["market"]))
    one = state.tags[(tag - 1) * N_TOPICS + topic]
    one["use"], one["hour"] = used + 1.0, hour


@part
def show_lookers(state, calendar, parameters, tables, i, tag, used, market):
    """Those of a market who look at the tag and come upon the post."""
    p, post = parameters[0], state.posts[i]
    topic, f = np.int64(post["topic"]), np.int64(post["platform"])
    low = np.int64(tables.market_start[market])
    size = np.int64(tables.market_start[market + 1]) - low
    if tag == COMMON_TAG:
        used += used_by_public(state.attention[market, topic], p["tag_public"])
    place = (tag - 1) * N_TOPICS + topic
    lookers = draw(tables.tag_keys[place], np.uint64(market))
    n = n_lookers(
        p["tag_share"], np.float64(size), used, p["tag_half_use"], uniform(subkey(lookers, LOOKER)))
    shown, viewers = p_shown(used, p["tag_room"]), draw(
        subkey(post["key"], TAG_SHOWN), np.uint64(market))
    for first in range(0, np.int64(n), CHOICE):
        last = min(np.int64(n), first + CHOICE)
        m = ask_for_shown(state, calendar, lookers, viewers, shown, low, size, first, last)
        for k in range(m):
            who, bits = np.int64(calendar.chosen[k]), calendar.dice[k]
            cares = np.int64(state.people[who]["topics"]) >> topic & 1
            if cares == 1 and is_on(state, parameters, tables, f, who):
                when = post["hour"] + exponential(mix(bits ^ TAG_DELAY), p["tag_delay"])
                push(calendar, state.counters, state.counters[HOUR], when, who, i, 0, BY_TAG, 0)


@inner
def ask_for_shown(state, calendar, lookers, viewers, shown, low, size, first, last):
    """Which of the lookers [first, last) come upon the post; have their records brought close.
    Returns how many."""
    m = 0
    for k in range(first, last):
        bits = draw(viewers, np.uint64(k))
        if uniform(bits) < shown:
            who = low + np.int64(np.float64(size) * uniform(draw(lookers, np.uint64(k))))
            calendar.chosen[m], calendar.dice[m] = np.uint64(who), bits
            prefetch(state.people, (who,))
            m += 1
    return m


@inner
def most_lookers(state, p, tables, post):
    """The most people who can come upon a post under a tag."""
    _, size = public_of(state, tables, post)
    return np.int64(math.ceil(p["tag_share"] * np.float64(size))) + len(tables.market_start)
