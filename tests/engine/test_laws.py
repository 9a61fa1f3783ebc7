"""Laws of the whole: nothing comes of nothing, counts add up, dice are thrown once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.invariants import check_identities
from sim.model import DiplomacyModel
from sim.observe import standing, start_measuring
from sim.state import COUNTER, GONE, POST, State
from sim.strategy.wrappers import Muted
from sim.vocabulary import OURS, RIVAL
from tests.engine.agreement import differences
from tests.scenarios import PROVOKED, scenario

ENGINES = ("compiled", "reference")
STILL = {"following.churn_per_month": 0.0, "following.interest_half_life_months": 1e6,
         "following.found_per_month": 0.0}  # fmt: skip


def run(days: int, changes: dict[str, Any], mute: bool = False, **groups: str) -> DiplomacyModel:
    model = DiplomacyModel(scenario({**PROVOKED, **changes}, **groups))
    if mute:
        model.strategy = Muted(model.strategy, np.arange(len(model.world.accounts)))
    model.run_for(days)
    return model


def followers(state: State, row: int) -> np.ndarray:
    """Persons in an account's list, gone or not, and the bored."""
    active = state.followers[state.f_start[row] : state.f_start[row] + state.f_n[row]]
    bored = state.bored[state.b_start[row] : state.b_start[row] + state.b_n[row]]
    return np.concatenate([active["who"][active["visit"] != GONE], bored["who"]])


@pytest.mark.parametrize("engine", ENGINES)
def test_no_posts_no_change(engine: str) -> None:
    model = run(7, {"engine": engine, **STILL}, mute=True)
    fresh = DiplomacyModel(model.arm)
    for name in ("people", "memory", "reached", "accounts", "voice", "posts", "f_n", "b_n"):
        assert getattr(model.engine.state, name).tobytes() == getattr(
            fresh.engine.state, name
        ).tobytes(), name
    for row in range(len(model.world.accounts)):
        now, then = (followers(one.engine.state, row) for one in (model, fresh))
        assert np.array_equal(now, then)
    moved = ("hour", "next_event", "status", "free_block", "n_free")
    for name, place in COUNTER._asdict().items():
        if name not in moved:
            assert model.engine.state.counters[place] == 0, name
    assert len(model.world.events) > 0, "the news went on all the same"
    assert model.engine.state.attention.tobytes() != fresh.engine.state.attention.tobytes()


def test_no_p0_no_shares() -> None:
    posts = run(5, {"sharing.p0": 1e-300, "core.mean_shares": 0.0}).engine.posts
    assert posts["n_impressions"].sum() > 100
    for name in ("n_shares", "n_core", "n_core_likes", "n_hostile", "n_likes", "max_depth",
                 "sum_depth"):  # fmt: skip
        assert not posts[name].any(), name


def test_no_core_no_core_shares() -> None:
    posts = run(5, {"core.mean_shares": 0.0}).engine.posts
    assert posts["n_shares"].sum() > 0 == posts["n_core"].sum()


def test_no_hostility_no_mockery() -> None:
    posts = run(5, {"sharing.hostile_ratio": 0.0}).engine.posts
    assert posts["n_shares"].sum() > 0 == posts["n_hostile"].sum()


def test_no_pickup_without_a_chance_or_below_the_threshold() -> None:
    for changes in ({"pickup.p": 0.0}, {"pickup.threshold": 1e6}):
        model = run(5, changes)
        assert model.engine.state.counters[COUNTER.pickup_impressions] == 0
        assert not (model.engine.posts["picked_up"] == 2).any()
    model = run(5, {"pickup.p": 1.0})
    posts = model.engine.posts
    assert ((posts["picked_up"] == 2) == (posts["n_shares"] >= 3)).all()
    assert model.engine.state.counters[COUNTER.pickup_impressions] > 0


def test_nobody_looks_at_nothing() -> None:
    model = run(5, {"visibility.selection": 1e-12, "visibility.selection_friends": 1e-12,
                    "pickup.p": 0.0})  # fmt: skip
    assert model.engine.posts["n_impressions"].sum() == 0
    assert model.engine.posts["n_core"].sum() > 0  # the core does not wait for its feed


def test_minds_at_rest_stay_there() -> None:
    model = run(5, {}, opinion="none")
    people = model.engine.state.people
    for name in ("transient", "durable", "n_friendly", "n_opposed", "hour_moved"):
        assert not people[name].any(), name
    assert people["reached"].any()


def test_a_passing_opinion_leaves_nothing_durable() -> None:
    people = run(5, {"opinion.durable_share": 0.0}, opinion="degroot").engine.state.people
    assert people["transient"].any() and not people["durable"].any()


def test_no_churn_and_no_offence_no_leaving() -> None:
    model = run(14, {**STILL, "following.leave_per_view": 0.0})
    assert not model.engine.state.accounts["n_left"].any()
    assert model.engine.state.accounts["n_joined"].any()


def test_nobody_joins_where_shares_bring_no_followers() -> None:
    none = {"following.follows_per_share": 0.0, "following.found_per_month": 0.0}
    assert not run(7, none).engine.state.accounts["n_joined"].any()


def test_silence_silences_ours_and_nobody_else() -> None:
    silent = run(5, {}, posture="silent").engine.posts
    assert not (silent["side"] == OURS).any() and (silent["side"] == RIVAL).any()


@pytest.mark.parametrize("engine", ENGINES)
def test_counts_add_up(engine: str) -> None:
    model = run(9, {"engine": engine})
    state, posts, n = model.engine.state, model.engine.posts, model.engine.state.counters
    table = state.accounts
    for tally, column in (("n_impressions", "n_impressions"), ("n_shares", "n_shares"),
                          ("n_hostile", "n_hostile"), ("n_likes", "n_likes")):  # fmt: skip
        by_account = np.bincount(posts["account"], posts[column], minlength=len(table))
        assert np.array_equal(table[tally], by_account.astype(int)), tally
    assert state.voice.sum() == posts["n_impressions"].sum()
    reached = np.unpackbits(state.reached, axis=1).sum(axis=1)
    assert np.array_equal(table["n_unique"], reached)
    ours = posts["side"] == OURS
    routes = [n[COUNTER.friend_impressions], n[COUNTER.late_impressions],
              n[COUNTER.pickup_impressions]]  # fmt: skip
    assert posts["n_impressions"][ours].sum() == n[COUNTER.ours_impressions] >= sum(routes)
    assert (posts["n_core"] <= posts["n_shares"]).all()
    assert (posts["n_follower_views"] <= posts["n_impressions"]).all()
    assert (posts["max_depth"] <= posts["sum_depth"]).all()
    people = state.people
    assert people["reached"].sum() == n[COUNTER.reached]
    assert (people["n_target"] > 0).sum() == n[COUNTER.target_reached]
    assert (people["n_target"] > 2).sum() == n[COUNTER.target_frequent]
    assert n[COUNTER.frames_ours] <= n[COUNTER.frames]
    moved = people["favourability"].astype(float) + people["transient"] + people["durable"]
    assert np.isfinite(moved).all()


@pytest.mark.parametrize("engine", ENGINES)
def test_followers_are_those_before_and_joined_less_left(engine: str) -> None:
    changes = {"engine": engine, "following.churn_per_month": 0.5,
               "following.interest_half_life_months": 0.5}  # fmt: skip
    model = DiplomacyModel(scenario({**PROVOKED, **changes}))
    start_measuring(model.engine)
    start = standing(model.engine, 120.0)
    for week in range(1, 4):
        model.run_for(7)
        assert model.engine.hour == 168 * week
        check_identities(model.engine, start.followers, start.impressions)
        state = model.engine.state
        for row in range(len(state.accounts)):
            listed = followers(state, row)
            assert len(np.unique(listed)) == len(listed), "somebody follows twice"
            counted = int(state.accounts["n_followers"][row] - state.accounts["n_dormant"][row])
            assert len(listed) == counted, "just settled: lists hold exactly the followers"
            first, n_in_order = state.f_start[row], state.f_sorted[row]  # then who was recommended
            active = state.followers[first : first + n_in_order]
            assert (np.diff(active["who"].astype(int)) > 0).all()
    assert state.accounts["n_left"].sum() > 50 and state.accounts["n_joined"].sum() > 50


@pytest.mark.parametrize("engine", ENGINES)
def test_nobody_reacts_twice_to_one_post(engine: str) -> None:
    """Where everybody would share whatever is seen, again and again."""
    changes = {"sharing.p0": 3.0, "audience.n_people": 1_000, "pickup.p": 1.0, "engine": engine}
    model = run(4, changes)
    views, shares = model.engine.logs()
    n_views = np.bincount(views["post"], minlength=len(model.engine.posts))
    seen = np.unique(views[["post", "who"]])
    n_people = np.bincount(seen["post"], minlength=len(n_views))
    assert (views["lag_hours"] > 0).all()
    assert (n_views > 1.3 * n_people + 50).any(), "nobody met a post twice: nothing was tested"
    ours = model.engine.posts["side"] == OURS
    posts, n_people = model.engine.posts[ours], n_people[ours]
    assert (posts["n_shares"] - posts["n_core"] <= n_people).all()
    assert (posts["n_likes"] - posts["n_core_likes"] <= n_people).all()
    assert (posts["n_hostile"] <= n_people).all()
    assert len(shares) == posts["n_shares"].sum() + posts["n_hostile"].sum()


def test_posts_of_hours_that_have_run_are_refused() -> None:
    model = run(2, {})
    posts = np.zeros(1, POST)
    posts["hour"] = 47.9
    with pytest.raises(ValueError, match="already run"):
        model.engine.add(posts)


@pytest.mark.parametrize("engine", ENGINES)
def test_running_in_steps_changes_nothing(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day at once, or the same posts an hour at a time."""
    whole, steps = (DiplomacyModel(scenario({**PROVOKED, "engine": engine})) for _ in range(2))
    added: list[np.ndarray] = []
    add = whole.engine.add

    def note(posts: np.ndarray) -> None:
        added.append(posts)
        add(posts)

    monkeypatch.setattr(whole.engine, "add", note)
    whole.run_for(3)
    for hour in range(72):
        if hour % 24 == 0:
            steps.engine.add(added[hour // 24])
        steps.engine.run(hour + 1)
    assert differences(whole.engine, steps.engine) == []
