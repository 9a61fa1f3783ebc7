"""Followers whom the platform brings: how many, who, and that a list always has room for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.mechanisms.following import DAYS_PER_MONTH
from sim.model import DiplomacyModel
from sim.state import FRIEND
from tests.scenarios import scenario

STILL = {"audience.n_people": 20_000, "following.churn_per_month": 0.0, "days": 7,
         "following.interest_half_life_months": 1e6, "warmup_days": 0}  # fmt: skip


def settled(engine: str = "compiled", **following: float) -> tuple[Any, Any, Any]:
    """(engine, state before, state after) of one weekly order, with nothing posted."""
    changes = {f"following.{name}": value for name, value in following.items()}
    one = DiplomacyModel(scenario({**STILL, **changes, "engine": engine}, news="none")).engine
    before = one.state.copy()
    one.settle()
    return one, before, one.state


def listed(state: Any, q: int) -> np.ndarray:
    return np.asarray(state.followers["who"][state.f_start[q] : state.f_start[q] + state.f_n[q]])


@pytest.mark.parametrize("rate", [0.05, 1.0])
def test_so_many_come_and_each_knows_a_follower(rate: float) -> None:
    engine, before, after = settled(found_per_month=rate)
    n = before.presences["n_followers"] * rate * 7 / DAYS_PER_MONTH
    joined = after.presences["n_joined"] - before.presences["n_joined"]
    assert (joined <= np.floor(n) + 1).all()
    assert 0.5 * n.sum() < joined.sum() < n.sum()  # some follow already, some know nobody
    assert np.array_equal(after.presences["n_followers"], before.presences["n_followers"] + joined)
    assert (after.f_n <= after.f_room).all()
    for q in np.flatnonzero(joined):
        old, new = listed(before, q), listed(after, q)
        assert len(np.unique(new)) == len(new) == len(old) + joined[q]
        friends = [engine.friends[engine.friends_start[one] : engine.friends_start[one + 1]]
                   for one in old]  # fmt: skip
        known = np.concatenate(friends).astype(np.uint64) & FRIEND
        assert np.isin(np.setdiff1d(new, old), known).all()


def test_nobody_comes_unless_it_is_on() -> None:
    _, before, after = settled(found_per_month=0.0)
    assert np.array_equal(after.presences["n_joined"], before.presences["n_joined"])


def test_luck_is_of_the_world_the_account_and_the_week() -> None:
    one = DiplomacyModel(scenario({**STILL, "following.found_per_month": 0.3}, news="none"))
    other = DiplomacyModel(
        scenario({**STILL, "following.found_per_month": 0.3}, news="none"), 0, 1)
    weeks = []
    for week in (1, 2):
        for model in (one, other):
            model.engine.run(168 * week)
            model.engine.settle()
        weeks.append([{int(who) for who in listed(model.engine.state, 0)}
                      for model in (one, other)])  # fmt: skip
    for here, there in weeks:
        assert here != there
    assert weeks[0][0] < weeks[1][0]
