"""Muting one account leaves everyone outside its causal cone bit-identical.

The cone of an account is whom its posts reached and, if minds move, whoever follows somebody in the
cone, and so on. Ranked feeds and pick-ups tie all viewers of a post together, so that the feed here
is chronological and nobody is picked up; presence, selection and every die are as always.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.model import DiplomacyModel
from sim.state import COUNTER
from sim.strategy.wrappers import Muted
from tests.scenarios import scenario

MUTED = 1  # Mission 1
DAYS = 6
CALM: dict[str, Any] = {"pickup.p": 0.0, "sharing.p0": 0.03, "following.follows_per_share": 3.0,
                        "sharing.hostile_ratio": 1.0}  # fmt: skip
MOVING = {"opinion.effect_formal": 0.06, "opinion.effect_informal": -0.06,
          "opinion.effect_witty": 0.06, "opinion.effect_cultural": 0.06}  # fmt: skip
PLANNED = ("key", "hour", "stance", "quality", "event", "account", "topic", "tone", "media",
           "language", "posture", "blunder")  # fmt: skip
OF_PEOPLE = ("favourability", "propensity", "transient", "durable", "n_friendly", "n_opposed",
             "hour_moved", "n_target", "reached", "ring")  # fmt: skip


def worlds(changes: dict[str, Any], **groups: str) -> tuple[DiplomacyModel, DiplomacyModel]:
    """The same world, with and without what one account says."""
    one = scenario(changes, platform="twitter_chronological", **groups)
    usual, muted = DiplomacyModel(one), DiplomacyModel(one)
    muted.strategy = Muted(muted.strategy, np.array([MUTED]))
    for model in (usual, muted):
        model.run_for(DAYS)
    return usual, muted


def reached_by(model: DiplomacyModel, row: int) -> np.ndarray:
    """bool[n_people]: who saw a post of this account."""
    bits = np.unpackbits(model.engine.state.reached[row], bitorder="little")
    return bits[: len(model.engine.state.people)].astype(bool)


def closure(model: DiplomacyModel, cone: np.ndarray) -> np.ndarray:
    """The cone, and all who follow somebody in it, directly or not."""
    start, friends = model.engine.friends_start, model.world.population.friend_ids
    found, new = cone.copy(), np.flatnonzero(cone)
    while len(new):
        listening = np.concatenate([friends[start[j] : start[j + 1]] for j in new])
        fresh = np.unique(listening[~found[listening]])
        found[fresh] = True
        new = fresh
    return found


def ties_of(model: DiplomacyModel, people: np.ndarray) -> np.ndarray:
    """Sorted rows (account, person, record) of the follows of these people, the muted account's
    left out."""
    state = model.engine.state
    rows = []
    for a in range(len(state.accounts)):
        records = state.followers[state.f_start[a] : state.f_start[a] + state.f_n[a]]
        chosen = np.sort(records[people[records["who"]]], order="who")
        if a != MUTED:
            rows.append((a, chosen.tobytes()))
    return np.array(rows, dtype=object)


def assert_same_outside(usual: DiplomacyModel, muted: DiplomacyModel, cone: np.ndarray) -> None:
    """People outside the cone, news and everybody else's plans are the same, bit by bit."""
    a, b = usual.engine.state, muted.engine.state
    outside = ~cone
    for name in OF_PEOPLE:
        assert np.array_equal(a.people[name][outside], b.people[name][outside]), name
    assert a.memory[outside].tobytes() == b.memory[outside].tobytes()
    for row in range(len(a.accounts)):
        if row != MUTED:
            met, meets = reached_by(usual, row), reached_by(muted, row)
            assert np.array_equal(met[outside], meets[outside])
    assert np.array_equal(ties_of(usual, outside), ties_of(muted, outside))
    assert a.attention.tobytes() == b.attention.tobytes()
    assert a.readiness.tobytes() == b.readiness.tobytes()
    plans = usual.engine.posts[usual.engine.posts["account"] != MUTED]
    for name in PLANNED:
        assert np.array_equal(plans[name], muted.engine.posts[name]), name


def test_where_minds_do_not_move_only_the_reached_notice() -> None:
    """The strongest form: shares, joins and mockery at work, and every other account's tally and
    each of its posts' tallies the same."""
    usual, muted = worlds(CALM, opinion="none")
    cone = reached_by(usual, MUTED)
    assert 20 < cone.sum() < len(cone) - 20
    assert_same_outside(usual, muted, cone)
    posts = usual.engine.posts
    others = posts[posts["account"] != MUTED]
    assert posts["n_shares"][posts["account"] == MUTED].sum() > 10
    assert others.tobytes() == muted.engine.posts.tobytes()
    rest = np.arange(len(usual.world.accounts)) != MUTED
    mine, theirs = usual.engine.state.accounts, muted.engine.state.accounts
    assert mine[rest].tobytes() == theirs[rest].tobytes()
    assert theirs["n_impressions"][MUTED] == 0 < mine["n_impressions"][MUTED]


def test_where_nobody_shares_only_the_reached_change_their_minds() -> None:
    changes = {**CALM, **MOVING, "sharing.p0": 1e-12, "core.mean_shares": 0.0}
    usual, muted = worlds(changes)
    cone = reached_by(usual, MUTED)
    assert_same_outside(usual, muted, cone)
    moved = usual.engine.state.people["transient"] != muted.engine.state.people["transient"]
    assert moved.sum() > 20
    assert not (moved & ~cone).any()


def test_where_minds_move_and_people_share_the_cone_is_closed_over_who_follows_whom() -> None:
    sparse = {"graph.mean_followers": 0.6, "graph.followers_log_sd": 0.5, "sharing.p0": 0.3}
    usual, muted = worlds({**CALM, **MOVING, **sparse})
    start = reached_by(usual, MUTED) | reached_by(muted, MUTED)
    cone = closure(usual, start)
    assert start.sum() < cone.sum() < 0.8 * len(cone), "the cone must leave somebody outside"
    assert_same_outside(usual, muted, cone)
    assert usual.engine.state.counters[COUNTER.friend_impressions] > 5


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_rivals_without_hours_leave_our_plans_as_they_were(engine: str) -> None:
    """Zero hours instead of a wrapper: our posts and, minds at rest, all their tallies agree."""
    both = [
        DiplomacyModel(scenario({**CALM, "engine": engine, "rivals.rival.rel_hours": hours},
                                opinion="none", platform="twitter_chronological"))
        for hours in (1.0, 0.0)
    ]  # fmt: skip
    for model in both:
        model.run_for(DAYS - 2)
    loud, still = (model.engine.posts for model in both)
    assert len(still) < len(loud)
    assert loud[loud["side"] != 1].tobytes() == still.tobytes()
    assert both[0].world.events.tobytes() == both[1].world.events.tobytes()


def test_replies_widen_the_cone_to_who_hears_and_no_further() -> None:
    """With every reply on, accounts of other markets than the muted one's post as before: neither
    it nor whoever hears it, or hears those, speaks to all."""
    changes = {**CALM, "rivals.rival.p_answer_post": 0.8, "rivals.rival.p_rebut": 0.8,
               "rivals.rival.p_amplify": 0.5, "rivals.rival.share_inaccurate": 0.5,
               "rivals.rival.answer_rate": 3.0, "rivals.ally.p_amplify": 0.5,
               "dispute.depth": 3}  # fmt: skip
    usual, muted = worlds(changes, opinion="none", claims="contested", rebuttal="rebut",
                          answering="posts", sister_sharing="share")  # fmt: skip
    here = usual.world.accounts.markets[MUTED]

    def posts_of(model: DiplomacyModel, near: bool) -> np.ndarray:
        posts = model.engine.posts
        at_home = model.world.accounts.markets[posts["account"]] == here
        return posts[(at_home == near) & (posts["account"] != MUTED)]

    outside = [posts_of(model, False) for model in (usual, muted)]
    assert (outside[0]["kind"] > 0).sum() > 10
    for name in (*PLANNED, "kind", "claim"):
        assert np.array_equal(outside[0][name], outside[1][name]), name
    inside = [posts_of(model, True) for model in (usual, muted)]
    assert len(inside[0]) != len(inside[1])  # those who heard it did something about it
