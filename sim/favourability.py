"""How favourable the host publics are at an hour: what they were, what stays, what is left of more.

    s(t) = clip(s_0 + durable + transient 2^(-gap / half-life), -1, 1)          (mechanisms/opinion)
"""

from __future__ import annotations

import numpy as np

from sim.state import COUNTER, TARGET, State

AT_ONCE = 1 << 14  # people whose records stay in the cache while their fields are read in turn


def target_favourability(state: State, half_life_hours: float) -> tuple[float, float]:
    """Mean and sd of favourability now over all host publics."""
    hour, half_life = state.counters[COUNTER.hour], half_life_hours
    s = np.concatenate([
        favourability_now(state.people[first : first + AT_ONCE], hour, half_life)
        for first in range(0, len(state.people), AT_ONCE)
    ])  # fmt: skip
    return (float(s.mean()), float(s.std())) if len(s) else (0.0, 0.0)


def favourability_now(people: np.ndarray, hour: int, half_life_hours: float) -> np.ndarray:
    """float64[...]: favourability of those of `people` who belong to a host public, in order."""
    chosen = people["flags"] & TARGET != 0
    gap = hour - people["hour_moved"][chosen].astype(np.float64)
    s = people["favourability"][chosen].astype(np.float64) + people["durable"][chosen]
    s += people["transient"][chosen] * np.exp2(-gap / half_life_hours)
    return np.clip(s, -1.0, 1.0)
