"""Attention that passes by a power law, in both engines: the parts of its sum, an hour on.

What was added since the last hour, by events and exchanges, is the difference between attention and
1 + the sum of its parts; each part takes up its share of it (mechanisms/decay).
"""

from __future__ import annotations

from sim.engine.kernel import inner
from sim.engine.tables import Tables
from sim.mechanisms.decay import part_after_an_hour
from sim.state import State


@inner
def linger(state, tables):
    """Attention to every topic an hour on. Part by part, since topics are worked on several at
    once; sums stand where readiness will, which is worked out anew after it."""
    attention, sums, parts = state.attention, state.readiness, state.lingering
    n_parts, n_markets, n_topics = parts.shape
    for market in range(n_markets):
        for topic in range(n_topics):
            sums[market, topic] = 1.0
    for k in range(n_parts):
        for market in range(n_markets):
            for topic in range(n_topics):
                sums[market, topic] += parts[k, market, topic]
    for market in range(n_markets):
        for topic in range(n_topics):
            attention[market, topic] -= sums[market, topic]  # what was added
            sums[market, topic] = 1.0
    for k in range(n_parts):
        weight, kept = tables.linger_weight[k], tables.linger_kept[k]
        for market in range(n_markets):
            for topic in range(n_topics):
                part = part_after_an_hour(
                    parts[k, market, topic], attention[market, topic], weight, kept
                )
                parts[k, market, topic] = part
                sums[market, topic] += part
    for market in range(n_markets):
        for topic in range(n_topics):
            attention[market, topic] = sums[market, topic]


def linger_of(state: State, tables: Tables, market: int, topic: int) -> float:
    """The same in plain Python. Added up one by one: the built-in sum rounds otherwise."""
    parts = state.lingering[:, market, topic].tolist()
    before = 1.0
    for part in parts:
        before += part
    added = float(state.attention[market, topic]) - before
    after = 1.0
    for k, part in enumerate(parts):
        left = part_after_an_hour(
            part, added, float(tables.linger_weight[k]), float(tables.linger_kept[k])
        )
        state.lingering[k, market, topic] = left
        after += left
    return after
