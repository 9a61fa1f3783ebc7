"""The Shapley split: a known game by hand, and the four laws that no other split keeps."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sim.study.shapley import first_and_last, shapley, weight


def test_the_glove_game_by_hand() -> None:
    """Player 0 has a left glove, 1 and 2 have right ones, a pair is worth 1: 2/3, 1/6, 1/6."""
    values = [1.0 if mask & 1 and mask & 6 else 0.0 for mask in range(8)]
    assert shapley(values, 3) == pytest.approx([2 / 3, 1 / 6, 1 / 6], abs=1e-15)


def test_two_players_by_hand() -> None:
    """v = 0, 3, 5, 10: the first adds (3 + 5) / 2, the second (5 + 7) / 2."""
    assert shapley([0.0, 3.0, 5.0, 10.0], 2).tolist() == [4.0, 6.0]
    first, last = first_and_last([0.0, 3.0, 5.0, 10.0], 2)
    assert first.tolist() == [3.0, 5.0] and last.tolist() == [5.0, 7.0]


def game(n: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((1 << n, 6, 2))


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_in_every_world_the_parts_add_up_to_the_whole(n: int) -> None:
    values = game(n)
    assert shapley(values, n).sum(0) == pytest.approx(values[-1] - values[0], abs=1e-12)


def test_it_is_the_mean_over_all_orders() -> None:
    values, n = game(4), 4
    found = np.zeros((n, *values.shape[1:]))
    orders = list(itertools.permutations(range(n)))
    for order in orders:
        mask = 0
        for i in order:
            found[i] += (values[mask | 1 << i] - values[mask]) / len(orders)
            mask |= 1 << i
    assert shapley(values, n) == pytest.approx(found, abs=1e-12)


def test_players_that_do_the_same_get_the_same() -> None:
    """By size of the set alone: all players are alike."""
    values = [float(mask.bit_count()) ** 2 for mask in range(16)]
    assert shapley(values, 4).tolist() == pytest.approx([4.0] * 4)


def test_who_never_changes_anything_gets_exactly_nothing() -> None:
    values = game(3)
    for mask in range(8):
        values[mask | 2] = values[mask & ~2]
    assert (shapley(values, 3)[1] == 0.0).all()


def test_splits_add_over_games() -> None:
    one, other = game(3, 1), game(3, 2)
    assert shapley(one + other, 3) == pytest.approx(shapley(one, 3) + shapley(other, 3), abs=1e-12)


def test_weights_cover_all_orders() -> None:
    assert sum(weight(mask.bit_count(), 5) for mask in range(16)) == pytest.approx(1.0)


def test_a_game_with_missing_sets_is_refused() -> None:
    with pytest.raises(ValueError, match="8 sets"):
        shapley([0.0] * 7, 3)
