"""The lists of followers: put in order however many have joined."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.ties import sort_tail
from sim.state import FOLLOWER


@pytest.mark.parametrize("n", [0, 1, 2, 57, 701, 25_000])
def test_newcomers_are_sorted_with_all_that_is_known_of_them(n: int) -> None:
    luck = np.random.default_rng(n)
    records = np.zeros(n + 20, FOLLOWER)
    records["who"] = luck.permutation(n + 20)
    for name in ("visit", "feed", "last_day"):
        records[name] = luck.integers(0, 200, n + 20)
    before = records.copy()
    sort_tail(records, 10, 10 + n)
    inside = slice(10, 10 + n)
    assert np.array_equal(records[inside], np.sort(before[inside], order="who"))
    assert np.array_equal(records[:10], before[:10])
    assert np.array_equal(records[10 + n :], before[10 + n :])
