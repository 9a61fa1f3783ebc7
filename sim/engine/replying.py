"""Replies go out: what passes a post on, and what an exchange draws. Compiled; the same in plain
Python is `reference_replies.py`."""

from __future__ import annotations

import numpy as np

from sim.engine.broadcasting import LIMITS, RANKED_FEEDS, broadcast_root, interest_in, moment
from sim.engine.calendar import push
from sim.engine.kernel import inner, part
from sim.engine.members import presence_of
from sim.mechanisms.dispute import dispute_bump
from sim.mechanisms.visibility import mean_delay, p_offered
from sim.state import BY_FRIEND, BY_LATE, COUNTER, GONE, OF_CANDIDATE
from sim.streams import (
    DELAY,
    LATE,
    SELECTION,
    draw,
    exponential,
    high32,
    mix,
    subkey,
    threshold32,
)
from sim.vocabulary import AMPLIFICATION

HOUR = COUNTER.hour


@inner
def broadcast_post(state, calendar, parameters, tables, i):
    """A post goes out: its own, or another's that it passes on."""
    post = state.posts[i]
    if post["parent"] >= 0:
        if post["kind"] == AMPLIFICATION:
            broadcast_amplified(state, calendar, parameters, tables, i)
            return
        lift_attention(state, parameters, tables, i)
    broadcast_root(state, calendar, parameters, tables, i)


@part
def lift_attention(state, parameters, tables, i):
    """An exchange between two sides draws attention to its topic (mechanisms/dispute)."""
    lift, post = parameters[0]["dispute_lift"], state.posts[i]
    other = state.posts[post["parent"]]
    if lift == 0.0 or other["side"] == post["side"]:
        return
    here, there, topic = np.int64(post["market"]), np.int64(other["market"]), post["topic"]
    accounts = state.accounts
    n_followers = np.float64(
        accounts[post["account"]]["n_followers"] + accounts[other["account"]]["n_followers"]
    )
    n_people = np.float64(tables.market_start[here + 1] - tables.market_start[here])
    state.attention[here, topic] += dispute_bump(lift, n_followers, n_people)
    if there != here:
        n_people = np.float64(tables.market_start[there + 1] - tables.market_start[there])
        state.attention[there, topic] += dispute_bump(lift, n_followers, n_people)


@part
def broadcast_amplified(state, calendar, parameters, tables, i):
    """The followers of an account are offered the post that it passes on, credited to that post;
    both stand on one platform."""
    post, now, late_mean = state.posts[i], state.counters[HOUR], parameters[0]["late_mean_hours"]
    f, q = np.int64(post["platform"]), presence_of(parameters, tables, post)
    root, own = np.int64(post["parent"]), f * 2 * RANKED_FEEDS
    level = interest_in(parameters[f], state.posts[root])
    factor, crowd, late, presence = moment(
        state, parameters, tables, f, np.int64(post["market"]), np.int64(post["topic"]),
        post["hour"], level,
    )  # fmt: skip
    whose = state.accounts[post["account"]]["hash"]
    stream = subkey(subkey(state.posts[root]["key"], SELECTION), whose)
    for j in range(state.f_start[q], state.f_start[q] + state.f_n[q]):
        one = state.followers[j]
        who, feed, visit = np.uint64(one["who"]), np.int64(one["feed"]), np.int64(one["visit"])
        if visit == GONE or np.int64(one["last_day"]) < now // 24:
            continue
        bits = draw(stream, who)
        rate, burial = tables.visit_rates[own + visit] * factor, tables.burial[own + feed] * crowd
        if high32(bits) >= threshold32(p_offered(tables.selection[own + feed], 1.0, rate, burial)):
            continue
        if high32(draw(presence, who)) >= tables.p_present[f * LIMITS + visit]:
            continue
        is_late = high32(mix(bits ^ LATE)) < late
        mean = late_mean if is_late else mean_delay(rate, burial)
        when = post["hour"] + exponential(mix(bits ^ DELAY), mean)
        route = BY_LATE if is_late else BY_FRIEND
        flags = OF_CANDIDATE if feed >= RANKED_FEEDS else 0
        push(calendar, state.counters, now, when, np.int64(who), root, 1, route, flags)
