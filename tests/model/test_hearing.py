"""Accounts hear posts: the optional part of a strategy, proved by a dummy."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from sim.model import DiplomacyModel
from sim.state import POST
from sim.strategy import causes
from sim.strategy.view import NO_POSTS, View
from sim.strategy.wrappers import Delayed, Muted
from sim.vocabulary import AMPLIFICATION, ANSWER
from tests.engine.agreement import differences
from tests.scenarios import PROVOKED, scenario

ENGAGED = {
    **PROVOKED, "rivals.rival.p_answer_post": 0.5, "rivals.rival.p_rebut": 0.5,
    "rivals.ally.p_amplify": 0.3, "dispute.lift": 2.0, "dispute.depth": 3,
    "rivals.rival.share_inaccurate": 0.5, "rivals.rival.imitation": 0.2,
    "rivals.rival.answer_rate": 3.0,
}  # fmt: skip
GROUPS = {"claims": "contested", "rebuttal": "rebut", "answering": "posts",
          "sister_sharing": "share"}  # fmt: skip
DAYS = 3


@dataclass
class Echo:
    """The dummy: the first account posts at noon, the second answers every original, two hours
    later."""

    world_seed: np.uint64
    heard: list[tuple[float, np.ndarray]] = field(default_factory=list)

    def plan(self, view: View, week: int) -> np.ndarray:
        return NO_POSTS

    def daily(self, view: View, day: int) -> np.ndarray:
        return self._posts(view, 0, causes.cause(causes.DAY_CAUSE, day, causes.FIRST), 12.25)

    def answer(self, view: View, event: int) -> np.ndarray:
        return NO_POSTS

    def hear(self, view: View, posts: np.ndarray) -> np.ndarray:
        self.heard.append((view.hour, posts))
        asked = posts[posts["kind"] != ANSWER]
        if not len(asked):
            return NO_POSTS
        named = causes.cause(causes.REPLY_CAUSES[ANSWER], asked["key"], causes.FIRST)
        replies = self._posts(view, 1, named, 2.0)
        replies["kind"], replies["parent"] = ANSWER, asked["key"]
        return replies

    def _posts(self, view: View, row: int, named: np.ndarray, wait: float) -> np.ndarray:
        posts = np.zeros(len(named), POST)
        stem = causes.stems(self.world_seed, view.accounts.hashes[row : row + 1])
        posts["key"], posts["account"] = causes.post_keys(stem, named), row
        posts["hour"], posts["event"], posts["quality"] = view.hour + wait, -1, 1.0
        return posts


def dummy() -> tuple[DiplomacyModel, Echo]:
    one = scenario(PROVOKED)
    echo = Echo(DiplomacyModel(one).world.seed)
    return DiplomacyModel(one, strategy=echo), echo


def test_posts_are_heard_once_at_the_end_of_their_hour() -> None:
    model, echo = dummy()
    model.run_for(DAYS)
    noon = [24.0 * day + 12.25 for day in range(DAYS)]
    reply = [24.0 * day + 15.0 for day in range(DAYS)]
    assert model.engine.posts["hour"].tolist() == sorted(noon + reply)
    assert [hour for hour, _ in echo.heard] == sorted([np.floor(at) + 1.0 for at in noon + reply])
    for hour, posts in echo.heard:
        assert (posts["hour"] < hour).all() and (posts["hour"] >= hour - 1.0).all()
        with pytest.raises(ValueError, match="read-only"):
            posts["hour"] = 0.0
    live = model.engine.posts
    answers = np.flatnonzero(live["kind"] == ANSWER)
    assert (live["account"][live["parent"][answers]] == 0).all()
    assert (live["parent"][live["kind"] != ANSWER] == -1).all()


def test_wrappers_pass_hearing_on() -> None:
    one = scenario(PROVOKED)
    seed = DiplomacyModel(one).world.seed
    late = DiplomacyModel(one, strategy=Delayed(Echo(seed), hours=6.0, rows=np.array([1])))
    late.run_for(1)
    assert late.engine.posts["hour"].tolist() == [12.25, 21.0]
    muted = Echo(seed)
    silent = DiplomacyModel(one, strategy=Muted(muted, np.array([1])))
    silent.run_for(1)
    assert silent.engine.posts["hour"].tolist() == [12.25] and len(muted.heard) == 1
    deaf = DiplomacyModel(one, strategy=Muted(muted, np.array([0])))
    deaf.run_for(1)
    assert not len(deaf.engine.posts) and len(muted.heard) == 1  # who is muted is not heard either


def test_nobody_is_woken_where_nobody_listens() -> None:
    model = DiplomacyModel(scenario(PROVOKED))
    model.run_for(2)
    assert model.strategy.hear is None and not model._unheard  # type: ignore[attr-defined]


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_a_fork_goes_on_as_if_unforked_with_every_reply_on(engine: str) -> None:
    one = scenario({**ENGAGED, "engine": engine}, **GROUPS)
    whole, parent = DiplomacyModel(one), DiplomacyModel(one)
    whole.run_for(9)
    parent.run_for(7)
    twin = parent.fork(one)
    twin.run_for(2)
    assert differences(whole.engine, twin.engine) == []
    posts = whole.engine.posts
    late = posts["hour"] >= 168.0
    assert (posts["kind"][late] == ANSWER).any() and (posts["kind"][late] == AMPLIFICATION).any()


def test_no_two_posts_share_a_key_and_replies_follow_their_parents() -> None:
    model = DiplomacyModel(scenario(ENGAGED, **GROUPS))
    model.run_for(9)
    posts = model.engine.posts
    assert len(np.unique(posts["key"])) == len(posts)
    replies = np.flatnonzero(posts["kind"] > 0)
    parents = posts["parent"][replies]
    assert len(replies) > 50 and (parents >= 0).all()
    assert (posts["hour"][replies] >= np.floor(posts["hour"][parents]) + 1.0).all()
    assert model.strategy.ledger.check() >= 0.0  # type: ignore[attr-defined]
    shown = posts["kind"] == AMPLIFICATION
    assert not posts["n_impressions"][shown].any()  # credited to what was passed on
