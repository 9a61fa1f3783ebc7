"""What must hold in every run holds, and what breaks it is noticed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.engine.base import Engine
from sim.invariants import BrokenIdentityError, check_identities, check_thoroughly
from sim.model import DiplomacyModel
from sim.observe import Start, standing, start_measuring
from sim.simulate import simulate_world
from sim.state import COUNTER
from tests.scenarios import PROVOKED, scenario

Break = Callable[[Engine], None]


def counter(name: str) -> Break:
    def change(engine: Engine) -> None:
        engine.state.counters[getattr(COUNTER, name)] += 1

    return change


def cell(table: str, field: str, value: Any) -> Break:
    """Another value in the first record of a table of the state that has seen something."""

    def change(engine: Engine) -> None:
        records = engine.posts if table == "posts" else getattr(engine.state, table)
        records[field][0] = value

    return change


def one_more(table: str, field: str) -> Break:
    def change(engine: Engine) -> None:
        getattr(engine.state, table)[field][0] += 1

    return change


def unmark(engine: Engine) -> None:
    row = int(np.argmax(engine.state.accounts["n_unique"]))
    byte = int(np.flatnonzero(engine.state.reached[row])[0])
    engine.state.reached[row, byte] = 0


def twice(engine: Engine) -> None:
    state = engine.state
    q = int(np.argmax(state.f_n))
    first = int(state.f_start[q])
    state.followers[first + 1] = state.followers[first]


def silence(engine: Engine) -> None:
    engine.state.attention[0, 0] = np.nan


BROKEN: dict[str, Break] = {
    "people reached": counter("reached"), "target public": counter("target_reached"),
    "reached often": counter("target_frequent"), "by route": counter("late_impressions"),
    "unique reach = marks": unmark, "of accounts": one_more("accounts", "n_impressions"),
    "active + bored": one_more("presences", "n_followers"), "nobody twice": twice,
    "people are numbers": cell("people", "favourability", np.nan),
    "posts are numbers": cell("posts", "stance", np.inf),
    "within -1 and 1": cell("people", "favourability", 1.5),
    "hazards": cell("posts", "p_join", -0.1), "attention": silence,
    "n_core <=": cell("posts", "n_core", 255), "n_follower_views <=":
    cell("posts", "n_follower_views", 2**30),
}  # fmt: skip
AT_THE_END: dict[str, Break] = {
    "joined - left": one_more("accounts", "n_joined"),
    "market and topic": counter("ours_impressions"),
    "unique reach <=": cell("accounts", "n_unique", 10**9),
    "opinions": cell("people", "transient", np.nan),
}  # fmt: skip


def measured(engine: str) -> tuple[DiplomacyModel, Start]:
    model = DiplomacyModel(scenario({**PROVOKED, "engine": engine}))
    model.run_for(7)
    start_measuring(model.engine)
    start = standing(model.engine, 120.0)
    model.run_for(3)
    return model, start


@pytest.fixture(scope="module")
def model() -> tuple[DiplomacyModel, Start]:
    return measured("compiled")


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_all_of_it_holds_in_the_middle_of_a_week(engine: str) -> None:
    model, start = measured(engine)
    found = check_thoroughly(model.engine)
    assert len(found) > 15
    assert model.engine.state.counters[COUNTER.ours_joined] > 0
    assert len(check_identities(model.engine, start.followers, start.impressions)) == 5


@pytest.mark.parametrize("name", BROKEN)
def test_what_breaks_it_is_noticed(name: str, model: tuple[DiplomacyModel, Start]) -> None:
    engine = model[0].engine.fork()
    check_thoroughly(engine)
    BROKEN[name](engine)
    with pytest.raises(BrokenIdentityError, match=name.replace("+", r"\+")):
        check_thoroughly(engine)


@pytest.mark.parametrize("name", AT_THE_END)
def test_and_so_it_is_at_the_end_of_every_run(
    name: str, model: tuple[DiplomacyModel, Start]
) -> None:
    engine, start = model[0].engine.fork(), model[1]
    check_identities(engine, start.followers, start.impressions)
    AT_THE_END[name](engine)
    with pytest.raises(BrokenIdentityError, match=name):
        check_identities(engine, start.followers, start.impressions)


def test_looking_every_evening_changes_nothing() -> None:
    asked = {"days": 3, "warmup_days": 7}
    usual, daily = scenario(asked), scenario({**asked, "checks": "daily"})
    one, two = (simulate_world([arm], arm, 0, 0)[0] for arm in (usual, daily))
    assert one.values == two.values
