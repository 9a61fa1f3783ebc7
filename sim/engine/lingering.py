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
def linger(state, tables, market, topic):
    """Attention to a topic an hour on."""
    before, after = 1.0, 1.0
    for k in range(len(tables.linger_weight)):
        before += state.lingering[k, market, topic]
    added = state.attention[market, topic] - before
    for k in range(len(tables.linger_weight)):
        state.lingering[k, market, topic] = part_after_an_hour(
            state.lingering[k, market, topic], added, tables.linger_weight[k], tables.linger_kept[k]
        )
        after += state.lingering[k, market, topic]
    return after


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
