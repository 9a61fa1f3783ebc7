"""Every decision about a post has a die of its own: no two of them agree, or run together."""

from __future__ import annotations

import numpy as np

from sim import streams
from sim.strategy import causes

N = 20_000
FALSE_ALARM = 1e-3
ROWS = ("tone", "media", "language", "quality", "topic", "timing", "latency", "fit", "blunder")


def all_dice() -> dict[str, np.ndarray]:
    """{decision: die of each of N posts}."""
    stem = causes.stems(streams.world_seed(3, "0/0"), np.array([17], np.uint64))
    named = causes.cause(causes.DAY_CAUSE, 4, np.arange(N, dtype=np.uint64))
    keys = causes.post_keys(stem, named)
    dice = dict(zip(ROWS, causes.roll(keys), strict=True))
    return dice | {
        "answer": causes.answer_die(keys), "catch": causes.catch_die(keys),
        "clearance": causes.clearance_die(keys),
    }  # fmt: skip


def test_dice_of_different_decisions_are_independent() -> None:
    """Correlations of ranks over 20,000 posts, one family: normal with sd n^-1/2 if there are
    none."""
    dice = all_dice()
    r = np.corrcoef(np.array([one for one in dice.values()]))
    pairs = np.abs(r[np.triu_indices(len(dice), 1)])
    limit = 5.0  # a false alarm in 66 pairs: 4 in 100,000, below FALSE_ALARM
    assert pairs.max() * np.sqrt(N) < limit
    assert FALSE_ALARM > 66 * 5.7e-7


def test_dice_are_uniform() -> None:
    for name, die in all_dice().items():
        distance = np.abs(np.sort(die) - (np.arange(N) + 0.5) / N).max()
        assert distance * np.sqrt(N) < 2.2, name  # Kolmogorov: 1.2 in 10,000 each
