"""Room for one more account: whoever follows many follows fewer anew, and the count is right."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.engine.base import lists_of
from sim.engine.ties import change_ties_of, count_follows, place_lists
from sim.loading.world import load_world
from sim.model import DiplomacyModel
from sim.state import State
from tests.scenarios import scenario

PEOPLE = 1_500


def loaded(capacity: float) -> tuple[State, Any]:
    """(state, parameters) of a world whose accounts hold half of its people."""
    world, state = load_world(
        scenario({"audience.n_people": PEOPLE, "following.capacity": capacity}, news="none"), 0, 0
    )
    return state, world.parameters


def listed(state: State, q: int) -> np.ndarray:
    """bool[n_people]: who is in the list of presence q and looks."""
    inside = np.zeros(len(state.people), bool)
    inside[state.followers["who"][state.f_start[q] : state.f_start[q] + state.f_n[q]]] = True
    return inside


def counted(state: State) -> np.ndarray:
    """int64[n_people]: the accounts that everybody follows, counted list by list."""
    n = np.zeros(len(state.people), np.int64)
    for q in range(len(state.presences)):
        for records, start, k in ((state.followers, state.f_start, state.f_n),
                                  (state.bored, state.b_start, state.b_n)):  # fmt: skip
            who = records["who"][start[q] : start[q] + k[q]]
            assert len(np.unique(who)) == len(who)
            n[who] += 1
    return n


def test_all_that_somebody_follows_is_counted_at_the_weekly_order() -> None:
    model = DiplomacyModel(scenario({"audience.n_people": PEOPLE, "following.capacity": 2.0,
                                     "following.found_per_month": 1.0, "days": 16}))  # fmt: skip
    assert np.array_equal(model.engine.state.follows, counted(model.engine.state))
    model.engine.run(24 * 7)
    before = model.engine.state.follows.copy()
    model.engine.settle()
    after = model.engine.state
    assert after.presences["n_joined"].sum() > 100  # recommended just now, not yet counted
    there = after._replace(follows=np.zeros(PEOPLE, np.uint16))
    count_follows(there)
    assert there.follows.sum() > after.follows.sum()
    model.engine.settle()
    assert not np.array_equal(before, model.engine.state.follows)


@pytest.mark.parametrize("capacity", [1.0, 4.0])
def test_one_in_so_many_has_room(capacity: float) -> None:
    state, parameters = loaded(capacity)
    state.follows[:] = np.arange(PEOPLE) % 9
    q = int(np.argmin(state.f_n))
    bored = state.bored["who"][state.b_start[q] : state.b_start[q] + state.b_n[q]]
    new = np.setdiff1d(np.flatnonzero(~listed(state, q)), bored)
    state = with_places(state, q)
    assert change_ties_of(state, [(q, int(who)) for who in new], [], parameters)
    for m in range(9):
        asked = new[new % 9 == m]
        joined = int(listed(state, q)[asked].sum())
        p, n = capacity / (capacity + m), len(asked)
        assert abs(joined - n * p) <= 4.0 * np.sqrt(n * p * (1.0 - p))


def test_without_a_bound_nobody_is_counted_and_everybody_has_room() -> None:
    state, parameters = loaded(0.0)
    assert len(state.follows) == 0
    q = int(np.argmin(state.f_n))
    new = np.flatnonzero(~listed(state, q))
    bored = int(state.b_n[q])
    state = with_places(state, q)
    assert change_ties_of(state, [(q, int(who)) for who in new], [], parameters)
    assert listed(state, q).sum() == PEOPLE - bored


def test_the_die_is_of_an_account_and_a_person() -> None:
    state, parameters = loaded(5.0)
    state.follows[:] = 5
    joined = []
    for q in np.argsort(state.f_n)[:2]:
        one = with_places(state.copy(), int(q))
        assert change_ties_of(one, [(int(q), who) for who in range(PEOPLE)], [], parameters)
        joined.append(listed(one, int(q)))
    both = np.corrcoef(*joined)[0, 1]
    assert abs(both) < 4.0 / np.sqrt(PEOPLE)


def with_places(state: State, q: int) -> State:
    """The same with places for everybody in the list of presence q."""
    n = np.zeros(len(state.presences), np.int64)
    n[q] = PEOPLE
    return place_lists(state, lists_of(state.followers, state.f_start, state.f_n),
                       lists_of(state.bored, state.b_start, state.b_n), n)  # fmt: skip
