"""Replies in plain Python: passing on, exchanges, claims and corrections.

The reference for `replying.py` and `claiming.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.mechanisms.dispute import dispute_bump
from sim.mechanisms.opinion import decayed
from sim.state import COUNTER, State
from sim.vocabulary import ANSWER, COPY, CORRECTION, INACCURATE

Claims = dict[tuple[int, int], dict[str, Any]]  # (claim, person): what it did


def lift_attention(state: State, p: Any, market_start: np.ndarray, i: int) -> None:
    """An exchange between two sides draws attention to its topic, in both accounts' markets."""
    post = state.posts[i]
    if post["parent"] < 0 or post["kind"] not in (ANSWER, CORRECTION):
        return
    other = state.posts[post["parent"]]
    if other["side"] == post["side"]:
        return
    parties = state.accounts[[post["account"], other["account"]]]
    for market in dict.fromkeys([int(post["market"]), int(other["market"])]):
        n_people = float(market_start[market + 1] - market_start[market])
        n_followers = float(parties["n_followers"].sum())
        state.attention[market, post["topic"]] += dispute_bump(
            p["dispute_lift"], n_followers, n_people
        )


def weigh_claim(state: State, claims: Claims, p: Any, view: Any, stance: float,
                weight: float) -> float:  # fmt: skip
    """Before a mind moves: a claim of which one was warned weighs less; a correction takes back."""
    post = state.posts[view.post]
    if not p["claims_on"] or stance * np.float64(post["stance"]) <= 0.0:
        return weight
    if post["kind"] == CORRECTION and post["parent"] >= 0:
        if state.posts[post["parent"]]["claim"] == INACCURATE:
            take_back(state, claims, p, int(post["parent"]), view.who)
    elif post["claim"] == INACCURATE and _entry(state, claims, view.post, view.who)["corrected"]:
        return weight * (1.0 - p["claim_taken_off"])
    return weight


def take_back(state: State, claims: Claims, p: Any, claim: int, who: int) -> None:
    """The first correction of a claim that a person meets."""
    entry, person = _entry(state, claims, claim, who), state.people[who]
    if entry["corrected"]:
        return
    entry["corrected"] = True
    if entry["transient"] == 0.0 and entry["durable"] == 0.0:
        return
    gap = float(int(person["hour_moved"]) - entry["hour"])
    passing = np.float64(entry["transient"]) * decayed(1.0, gap, p["opinion_half_life"])
    share = p["claim_taken_back"]
    person["transient"] = np.float32(np.float64(person["transient"]) - share * passing)
    lasting = np.float64(person["durable"]) - share * np.float64(entry["durable"])
    person["durable"] = np.float32(lasting)


def record_claim(state: State, claims: Claims, p: Any, view: Any, stance: float,
                 change: float) -> None:  # fmt: skip
    """After a mind has moved: what the claim did, for a correction to come."""
    post, hour = state.posts[view.post], int(state.counters[COUNTER.hour])
    if not p["claims_on"] or post["claim"] != INACCURATE:
        return
    if stance * np.float64(post["stance"]) <= 0.0:
        return
    entry = _entry(state, claims, view.post, view.who)
    if entry["corrected"]:
        return
    left = decayed(1.0, float(hour - entry["hour"]), p["opinion_half_life"])
    before = np.float64(entry["transient"]) * left
    entry["transient"] = np.float32(before + (1.0 - p["durable"]) * change)
    entry["durable"] = np.float32(np.float64(entry["durable"]) + p["durable"] * change)
    entry["hour"] = hour


def _entry(state: State, claims: Claims, claim: int, who: int) -> dict[str, Any]:
    """What is known of one claim and one person, entered if it is the first time; what a copy
    claims is the claim of its original."""
    if state.posts[claim]["kind"] == COPY and state.posts[claim]["parent"] >= 0:
        claim = int(state.posts[claim]["parent"])
    if (claim, who) not in claims:
        state.counters[COUNTER.n_claims] += 1
        claims[claim, who] = {"transient": np.float32(0.0), "durable": np.float32(0.0),
                              "hour": int(state.counters[COUNTER.hour]),
                              "corrected": False}  # fmt: skip
    return claims[claim, who]
