"""The lists of followers: put in order however many have joined."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.ties import settle, sort_tail
from sim.loading.world import load_world
from sim.mechanisms.following import NEVER
from sim.state import COUNTER, FOLLOWER
from tests.scenarios import scenario

HOUR = COUNTER.hour


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


def test_whoever_still_looks_today_is_not_put_away() -> None:
    """The last day is one on which a follower still looks, and one on which the bored still
    follow."""
    _, state = load_world(
        scenario({"audience.n_people": 20_000, "following.churn_per_month": 0.0}, news="none"), 0, 0
    )
    day, q = 50, int(np.argmax(state.f_n))
    state.counters[HOUR] = 24 * day
    state.followers["last_day"], state.bored["last_day"] = NEVER, NEVER
    first, waiting = state.f_start[q], state.b_start[q]
    state.followers["last_day"][first : first + 3] = day - 1, day, day + 1
    state.bored["last_day"][waiting : waiting + 3] = day - 1, day, day + 1
    names = state.followers["who"][first : first + 3].copy()
    old = state.bored["who"][waiting : waiting + 3].copy()
    after = settle(state, 30.0, 1e9)
    looks = after.followers["who"][after.f_start[q] : after.f_start[q] + after.f_n[q]]
    bored = after.bored["who"][after.b_start[q] : after.b_start[q] + after.b_n[q]]
    assert np.isin(names, looks).tolist() == [False, True, True]
    assert np.isin(names, bored).tolist() == [True, False, False]
    assert np.isin(old, bored).tolist() == [False, True, True]
