"""People comment, and accounts that have hours for it answer. Compiled; the same in plain Python is
`reference_manner.py`."""

from __future__ import annotations

import numpy as np

from sim.engine.calendar import push
from sim.engine.kernel import inner, part
from sim.engine.members import presence_of
from sim.engine.passing_on import COMMENTED_KIND, SHARED_KIND, remember, share
from sim.mechanisms.comments import answer_hour, next_free
from sim.mechanisms.sharing import congruence, p_react, share_hazard
from sim.state import AGE_SHIFT, BY_ANSWER, BY_LATE, COUNTER, FRIENDLY_SHARE
from sim.streams import (
    ANSWERED_FOLLOW,
    ANSWERED_SHARE,
    COMMENT,
    COMMENT_NOTICED,
    exponential,
    mix,
    uniform,
)

HOUR = COUNTER.hour


@inner
def hazard_of(state, tables, view, post, person, interested, agreement, reading):
    """The hazard of sharing at this agreement, in full."""
    age = (np.int64(person["flags"]) >> AGE_SHIFT) & 3
    return share_hazard(
        post["h_first"] if view["depth"] == 0 else post["h_later"],
        np.float64(person["propensity"]), reading, agreement,
        tables.tone_age[np.int64(post["tone"]) * 4 + age], tables.topic[interested],
        state.readiness[person["market"], post["topic"]],
        tables.intent[1 if view["route"] == BY_LATE else 0],
    )  # fmt: skip


@part
def comment(state, calendar, parameters, tables, view, who, i, bits, interested, distance, reading):
    """A viewer may comment on a post whose account answers, where the platform takes comments; the
    answer waits for its turn."""
    p, per_hour = parameters[0], np.float64(state.speech[i]["answering"])
    if per_hour <= 0.0:
        return
    post, person, counters = state.posts[i], state.people[who], state.counters
    if parameters[np.int64(post["platform"])]["replies"] == 0:
        return
    die, mean = uniform(mix(bits ^ COMMENT)), p["congruence_mean"]
    most = 1.000001 * hazard_of(state, tables, view, post, person, interested, 1.0 / mean, reading)
    if die >= most * p["comments_per_share"]:
        return  # not even at full agreement
    agreement = congruence(distance, p["width"]) / mean
    h = hazard_of(state, tables, view, post, person, interested, agreement, reading)
    if die >= p_react(h * p["comments_per_share"]):
        return
    if not remember(calendar, counters, i, COMMENTED_KIND, who):
        return
    desk = state.reply_desks[post["account"]]
    desk["n_comments"] += 1
    hour = counters[HOUR] + np.float64(view["at"])
    noticed = exponential(mix(bits ^ COMMENT_NOTICED), p["answer_notice"])
    when = answer_hour(hour, noticed, desk["free"])
    if when - hour > p["answer_horizon"]:
        return
    desk["free"] = next_free(hour, desk["free"], per_hour)
    desk["n_answered"] += 1
    desk["seconds"] += np.int64(3600.0 * (when - hour))
    later, depth = max(when, np.float64(counters[HOUR] + 1)), np.int64(view["depth"])
    push(calendar, counters, counters[HOUR], later, who, i, depth, BY_ANSWER, 0)


@part
def answered(state, calendar, parameters, tables, view, who, i, hour, bits):
    """Somebody whose comment was answered may follow, and pass the post on."""
    post, counters = state.posts[i], state.counters
    p = parameters[np.int64(post["platform"])]
    if uniform(mix(bits ^ ANSWERED_FOLLOW)) < p["answer_join"]:
        tie = calendar.joins[counters[COUNTER.n_joins]]
        tie["presence"], tie["who"] = presence_of(parameters, tables, post), who
        counters[COUNTER.n_joins] += 1
    passes_on = uniform(mix(bits ^ ANSWERED_SHARE)) < p["answer_share"] and p["resharing"] == 1
    if passes_on and remember(calendar, counters, i, SHARED_KIND, who):
        depth = np.int64(view["depth"]) + 1
        share(state, calendar, parameters, tables, i, who, hour, depth, FRIENDLY_SHARE)
