"""The model from a notebook: agents, wake-ups, forks, and an extension proved by a dummy."""

from __future__ import annotations

import gc
import weakref
from dataclasses import dataclass

import mesa
import numpy as np
import pytest

from sim.model import Account, DiplomacyModel, engine_class
from sim.observe import start_measuring
from sim.simulate import simulate_world
from sim.state import COUNTER, POST
from sim.strategy import causes
from sim.strategy.view import View
from sim.vocabulary import OURS
from tests.engine.agreement import differences
from tests.scenarios import PROVOKED, scenario


@pytest.fixture(scope="module")
def model() -> DiplomacyModel:
    one = DiplomacyModel(scenario(PROVOKED))
    one.run_for(7)
    return one


def test_accounts_are_agents_with_a_view_of_their_rows(model: DiplomacyModel) -> None:
    assert isinstance(model, mesa.Model) and len(model.agents) == len(model.world.accounts)
    for agent in model.agents:
        assert isinstance(agent, Account)
        assert agent.name == model.world.accounts.names[agent.row]
        assert agent.n_followers == model.engine.state.accounts["n_followers"][agent.row]
    assert sum(len(agent.posts) for agent in model.agents) == len(model.engine.posts)
    assert {agent.side for agent in model.agents} == {"ours", "rival", "neutral"}
    assert {agent.kind for agent in model.agents} >= {"headquarters", "mission", "rival", "media"}


def test_nothing_is_left_of_a_model_that_was_closed() -> None:
    """Mesa keeps the model itself: a study of many runs must not grow with their number."""
    one = DiplomacyModel(scenario(PROVOKED))
    left = [weakref.ref(thing) for thing in (one.world, one.engine, *one.agents)]
    twin = one.fork(one.arm, last=True)
    for model in (one, twin):
        model.close()
        model.close()  # nothing more to give up
    gc.collect()
    assert len(left) > 10
    assert [ref() for ref in left if ref() is not None] == []


def test_a_step_is_a_day(model: DiplomacyModel) -> None:
    assert model.day == 7 and model.engine.hour == 168
    assert (model.engine.posts["hour"] < 168).all()
    assert (np.diff(model.engine.posts["hour"]) >= 0).all()


def test_no_two_posts_share_a_key(model: DiplomacyModel) -> None:
    keys = model.engine.posts["key"]
    assert len(np.unique(keys)) == len(keys)


def test_engines_go_by_their_names() -> None:
    assert engine_class("reference").__name__ == "ReferenceEngine"
    assert engine_class("compiled").__name__ == "CompiledEngine"


def test_a_fork_goes_on_where_its_parent_stands(model: DiplomacyModel) -> None:
    twin = model.fork(scenario(PROVOKED, posture="silent"))
    assert twin.day == model.day and len(twin.agents) == len(model.agents)
    twin.run_for(2)
    assert twin.day == 9 and model.day == 7
    new = twin.engine.posts[len(model.engine.posts) :]
    assert len(new) and not (new["side"] == OURS).any()


@dataclass
class Hourglass:
    """The dummy: the first account posts at noon every day, and nobody else does anything."""

    world_seed: np.uint64
    n_answers: int = 0

    def plan(self, view: View, week: int) -> np.ndarray:
        return np.zeros(0, POST)

    def daily(self, view: View, day: int) -> np.ndarray:
        posts = np.zeros(1, POST)
        stem = causes.stems(self.world_seed, view.accounts.hashes[:1])
        posts["key"] = causes.post_keys(stem, causes.cause(causes.DAY_CAUSE, day, causes.FIRST))
        posts["hour"], posts["event"], posts["quality"] = view.hour + 12.0, -1, 1.0
        return posts

    def answer(self, view: View, event: int) -> np.ndarray:
        self.n_answers += 1
        return np.zeros(0, POST)


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_a_strategy_of_ones_own_decides_for_all(engine: str) -> None:
    one = scenario({**PROVOKED, "engine": engine})
    seed = DiplomacyModel(one).world.seed
    model = DiplomacyModel(one, strategy=Hourglass(seed))
    model.run_for(7)
    assert model.engine.posts["hour"].tolist() == [24.0 * day + 12.0 for day in range(7)]
    assert (model.engine.posts["account"] == 0).all()
    assert model.engine.posts["n_impressions"].sum() > 0
    n_broken = int((model.world.events["hour"] < 168).sum())
    assert model.strategy.n_answers == n_broken > 0  # type: ignore[attr-defined]
    twin = model.fork(one)
    for each in (model, twin):
        each.run_for(2)
    assert twin.strategy is not model.strategy
    assert differences(model.engine, twin.engine) == []


def test_measuring_starts_from_zero() -> None:
    one = DiplomacyModel(scenario(PROVOKED))
    one.run_for(3)
    assert one.engine.state.counters[COUNTER.ours_impressions] > 0
    before = one.engine.state.accounts["n_followers"].copy()
    start_measuring(one.engine)
    state = one.engine.state
    assert not state.voice.any() and not state.reached.any()
    assert not state.people["reached"].any() and not state.people["n_target"].any()
    assert state.counters[COUNTER.ours_impressions] == 0
    assert np.array_equal(state.accounts["n_followers"], before)
    assert len(one.engine.logs()[0]) == len(one.engine.logs()[1]) == 0


@pytest.mark.parametrize("warmup", [0, 7])
def test_a_run_counts_measured_days_only(warmup: int) -> None:
    one = scenario({**PROVOKED, "warmup_days": warmup, "days": 5})
    (run,) = simulate_world([one], one, 0, 0)
    assert all(len(series) == 5 for series in run.daily.values())
    assert run.daily["impressions"][-1] == run.values["impressions", "all"]
    for name in ("impressions", "shares", "unique_reach", "hostile_shares", "likes"):
        assert (np.diff(run.daily[name]) >= 0).all()
    ours = np.isin(run.accounts["kind"], ["headquarters", "mission", "multilateral", "official"])
    assert run.accounts["impressions"][ours].sum() == run.values["impressions", "all"]
    assert (run.posts["hour"] >= 0).all() and (run.posts["hour"] < 120).all()
    assert len(run.posts["post"]) == run.values["posts", "all"]
    # a post of the warm-up may still be seen and shared afterwards
    assert run.posts["impressions"].sum() <= run.values["impressions", "all"]
    if warmup == 0:
        assert run.posts["impressions"].sum() == run.values["impressions", "all"]
        n_shares = run.posts["shares"].sum() + run.posts["hostile_shares"].sum()
        assert len(run.shares["post"]) == n_shares
        for kind, column in (("hostile", "hostile_shares"), ("core", "core_shares")):
            assert (run.shares["kind"] == kind).sum() == run.posts[column].sum() > 0
    assert (run.shares["lag_hours"] > 0).all() and (run.shares["depth"] >= 1).all()
    assert (run.posts["unique_reach"] <= run.posts["impressions"]).all()
    assert (run.posts["impressions_24h"] <= run.posts["impressions"]).all()
    assert ((run.posts["half_life_hours"] > 0) == (run.posts["impressions"] > 0)).all()
    joined = run.accounts["followers_start"] + run.accounts["joined"] - run.accounts["left"]
    assert np.array_equal(run.accounts["followers_end"], joined)


def test_groups_add_up_to_the_whole() -> None:
    one = scenario(PROVOKED)
    (run,) = simulate_world([one], one, 0, 0)
    for measure, kinds in (("unique_reach", ("market", "age")), ("target_reach", ("market", "age")),
                           ("impressions", ("market",))):  # fmt: skip
        for kind in kinds:
            parts = [value for (name, group), value in run.values.items()
                     if name == measure and group.startswith(f"{kind}:")]  # fmt: skip
            assert sum(parts) == run.values[measure, "all"], (measure, kind)
