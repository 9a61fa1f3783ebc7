"""The Shapley split of a whole among players (Shapley 1953).

    phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! (v(S and i) - v(S))

The one split that adds up to v(all) - v(none) (efficiency), gives the same to players that do the
same (symmetry), nothing to one that never changes anything (null player), and adds over games
(linearity). In words: what a player adds on joining, averaged over all orders of joining.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


def weight(size: int, n: int) -> float:
    """The share of all orders in which a player joins right after `size` given others."""
    return math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)


def shapley(values: Sequence[np.ndarray] | np.ndarray, n: int) -> np.ndarray:
    """float64[n, ...] from values[2^n, ...]: the outcome of every set of players, player i being
    bit i of its place."""
    game = np.asarray(values, np.float64)
    if len(game) != 1 << n:
        raise ValueError(f"{n} players have {1 << n} sets, not {len(game)}")
    found = np.zeros((n, *game.shape[1:]))
    for mask in range(len(game)):
        for i in range(n):
            if not mask >> i & 1:
                found[i] += weight(mask.bit_count(), n) * (game[mask | 1 << i] - game[mask])
    return found


def first_and_last(values: Sequence[np.ndarray] | np.ndarray, n: int
                   ) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(what each player adds alone, what is lost without it): their gap is interaction."""
    game = np.asarray(values, np.float64)
    full = (1 << n) - 1
    return (
        np.array([game[1 << i] - game[0] for i in range(n)]),
        np.array([game[full] - game[full ^ 1 << i] for i in range(n)]),
    )
