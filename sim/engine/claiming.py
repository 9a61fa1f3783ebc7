"""What an inaccurate claim did to whom, and what a correction takes back. Compiled; the same in
plain Python is `reference_replies.py`.

A table (lookup.py), one place for each (claim, person): room for an hour is secured before
people look, as for every pool of this engine.
"""

from __future__ import annotations

import numpy as np

from sim.engine.kernel import inner, part
from sim.engine.lookup import NOBODY, copy_entries, entry_of
from sim.engine.tables import N_KNOWN
from sim.mechanisms.opinion import decayed
from sim.state import COUNTER, State, aligned_zeros
from sim.streams import CLAIM, draw, subkey
from sim.vocabulary import COPY, CORRECTION, INACCURATE

HOUR, N_CLAIMS = COUNTER.hour, COUNTER.n_claims
ODD = np.uint64(1)  # a name is never 0


@inner
def known_of(state, claim, who):
    """What is known of one claim and one person, entered if it is the first time."""
    if state.posts[claim]["kind"] == COPY and state.posts[claim]["parent"] >= 0:
        claim = np.int64(state.posts[claim]["parent"])  # a copy claims what its original does
    name = draw(subkey(state.posts[claim]["key"], CLAIM), np.uint64(who)) | ODD
    entry = state.claims[entry_of(state.claims, name)]
    if entry["name"] == NOBODY:
        entry["name"] = name
        entry["hour"] = state.counters[HOUR]
        state.counters[N_CLAIMS] += 1
    return entry


@inner
def left_after(parameters, tables, gap):
    """What is left of the passing part of an opinion after whole hours."""
    if gap < N_KNOWN:
        return tables.decay[gap]
    return decayed(1.0, np.float64(gap), parameters[0]["opinion_half_life"])


@inner
def weigh_claim(state, parameters, tables, who, i, stance, weight):
    """Before a mind moves: the weight of a claim of which one was warned; what a correction takes
    back of a claim met before."""
    p, post = parameters[0], state.posts[i]
    if p["claims_on"] == 0 or stance * np.float64(post["stance"]) <= 0.0:
        return weight
    if post["kind"] == CORRECTION and post["parent"] >= 0:
        if state.posts[post["parent"]]["claim"] == INACCURATE:
            take_back(state, parameters, tables, who, np.int64(post["parent"]))
    elif post["claim"] == INACCURATE and known_of(state, i, who)["corrected"] == 1:
        return weight * (1.0 - p["claim_taken_off"])
    return weight


@part
def take_back(state, parameters, tables, who, claim):
    """The first correction of a claim that a person meets."""
    person, entry, share = state.people[who], known_of(state, claim, who), parameters[0][
        "claim_taken_back"
    ]
    if entry["corrected"] == 1:
        return
    entry["corrected"] = 1
    if entry["transient"] == 0.0 and entry["durable"] == 0.0:
        return
    left = left_after(parameters, tables, np.int64(person["hour_moved"]) - np.int64(entry["hour"]))
    passing = np.float64(entry["transient"]) * left
    person["transient"] = np.float32(np.float64(person["transient"]) - share * passing)
    lasting = np.float64(person["durable"]) - share * np.float64(entry["durable"])
    person["durable"] = np.float32(lasting)


@inner
def record_claim(state, parameters, tables, who, i, stance, change):
    """After a mind has moved: what the claim did, for a correction to come."""
    p, post = parameters[0], state.posts[i]
    if p["claims_on"] == 0 or post["claim"] != INACCURATE:
        return
    if stance * np.float64(post["stance"]) <= 0.0:
        return
    entry = known_of(state, i, who)
    if entry["corrected"] == 1:
        return
    left = left_after(parameters, tables, state.counters[HOUR] - np.int64(entry["hour"]))
    before = np.float64(entry["transient"]) * left
    entry["transient"] = np.float32(before + (1.0 - p["durable"]) * change)
    entry["durable"] = np.float32(np.float64(entry["durable"]) + p["durable"] * change)
    entry["hour"] = state.counters[HOUR]


@part
def claims_fit(state, parameters, n_views):
    """Whether the claims that n_views views could enter fill the table to a half at most."""
    if parameters[0]["claims_on"] == 0:
        return True
    return 2 * (state.counters[N_CLAIMS] + n_views) <= len(state.claims)


def room_for_claims(state: State, parameters: np.ndarray, n_views: int) -> State:
    """A state whose table of claims has room for the views of an hour."""
    if claims_fit(state, parameters, n_views):
        return state
    size = 1 << int(3 * (int(state.counters[N_CLAIMS]) + n_views)).bit_length()
    larger = aligned_zeros(size, state.claims.dtype)
    copy_entries(state.claims, larger)
    return state._replace(claims=larger)
