"""An adaptive posture: it moves hours to what earned more, and sees nothing but tallies."""

from __future__ import annotations

import numpy as np
import pytest

from sim.state import LIVE
from sim.strategy.ledger import worst_difference
from sim.strategy.policy import Policy
from sim.strategy.view import View
from sim.vocabulary import OURS, POSTURES

from .conftest import Stage, policy

PROACTIVE = POSTURES.index("proactive")


class Echo:
    """What has gone out so far, with made-up tallies: planned posts earn `planned` shares each."""

    def __init__(self, planned: int, others: int) -> None:
        self.earns = (others, planned)
        self.out = np.zeros(0, LIVE)
        self.hour = 0.0

    def seen(self, hour: float, posts: np.ndarray) -> None:
        new = np.zeros(len(posts), LIVE)
        for name in ("key", "hour", "account", "posture"):
            new[name] = posts[name]
        ahead = posts["posture"] == PROACTIVE
        new["n_shares"] = np.where(ahead, self.earns[1], self.earns[0])
        self.out = np.concatenate([self.out, new])
        self.hour = hour

    def __call__(self) -> np.ndarray:
        return self.out[self.out["hour"] < self.hour]


def planned_after(stage: Stage, chosen: Policy, echo: Echo, weeks: int = 8) -> np.ndarray:
    desks = stage.desks(chosen)
    view = View(
        accounts=stage.accounts, markets=stage.markets, work=stage.work, events=stage.events,
        posts=echo,
    )  # fmt: skip
    stage.run(desks, view, last_week=weeks, seen=echo.seen)
    desks.office.turn(weeks)
    assert desks.ledger.check() < 1e-9
    return desks.office.budget.planned


@pytest.mark.parametrize("per", ["account", "network"])
@pytest.mark.parametrize(("planned", "others"), [(9, 1), (1, 9)])
def test_hours_move_to_what_earned_more(stage: Stage, per: str, planned: int, others: int) -> None:
    share = planned_after(stage, policy("adaptive", per=per), Echo(planned, others))
    busy = (stage.accounts.sides == OURS) & (stage.accounts.posts_per_week > 10)
    gained = share[busy] - 0.5
    assert (np.sign(planned - others) * gained > 0.1).all()
    if per == "network":
        assert len(np.unique(share[stage.accounts.sides == OURS])) == 1


def test_the_floor_keeps_both_kinds_of_work(stage: Stage) -> None:
    share = planned_after(stage, policy("adaptive", rate=50.0), Echo(1000, 0))
    ours = stage.accounts.sides == OURS
    assert share[ours] == pytest.approx(0.9)
    share = planned_after(stage, policy("adaptive", rate=50.0, floor=0.2), Echo(0, 1000))
    assert share[ours] == pytest.approx(0.2)


def test_without_returns_or_without_a_rate_nothing_moves(stage: Stage) -> None:
    ours = stage.accounts.sides == OURS
    for chosen, echo in ((policy("adaptive"), Echo(0, 0)),
                         (policy("adaptive", rate=0.0), Echo(9, 1))):  # fmt: skip
        assert planned_after(stage, chosen, echo, weeks=4)[ours] == pytest.approx(0.5)


def test_others_do_not_learn(stage: Stage) -> None:
    theirs = stage.accounts.sides != OURS
    learnt = planned_after(stage, policy("adaptive"), Echo(9, 1))
    usual = planned_after(stage, policy("mixed"), Echo(9, 1))
    assert np.array_equal(learnt[theirs], usual[theirs])


def test_learning_spends_the_same_hours(stage: Stage) -> None:
    books = []
    for chosen in (policy("adaptive"), policy()):
        desks = stage.desks(chosen)
        echo = Echo(5, 1)
        view = View(accounts=stage.accounts, markets=stage.markets, work=stage.work,
                    events=stage.events, posts=echo)  # fmt: skip
        stage.run(desks, view, last_week=5, seen=echo.seen)
        desks.office.turn(5)
        books.append(desks.ledger)
    assert worst_difference(*books) < 1e-9


def test_experience_goes_along_under_the_same_posture_only(stage: Stage) -> None:
    desks = stage.desks(policy("adaptive"))
    echo = Echo(9, 1)
    view = View(accounts=stage.accounts, markets=stage.markets, work=stage.work,
                events=stage.events, posts=echo)  # fmt: skip
    stage.run(desks, view, last_week=5, seen=echo.seen)
    same, other = desks.fork(policy("adaptive")), desks.fork(policy("adaptive", rate=1.0))
    assert np.array_equal(same.learner.lean, desks.learner.lean)
    assert same.learner.lean is not desks.learner.lean
    assert np.array_equal(same.office.budget.planned, desks.office.budget.planned)
    assert other.learner.planned == pytest.approx(0.5) and other.learner.seen is None
    assert desks.fork(policy()).learner is None


def test_tallies_are_read_only(stage: Stage) -> None:
    echo = Echo(1, 1)
    echo.out, echo.hour = np.zeros(3, LIVE), 1.0
    view = View(accounts=stage.accounts, markets=stage.markets, work=stage.work,
                events=stage.events, posts=echo)  # fmt: skip
    with pytest.raises(ValueError, match="read-only"):
        view.posts["n_shares"] = 5
    assert "quality" not in view.posts.dtype.names and len(view.posts) == 3


@pytest.mark.parametrize("per", ["account", "network"])
@pytest.mark.parametrize("ahead", [0.1, 0.5, 0.8])
@pytest.mark.parametrize("better", [0.5, 1.0, 2.0])
def test_what_is_learnt_is_the_return_of_an_hour(
    stage: Stage, per: str, ahead: float, better: float
) -> None:
    """Two weeks of posts whose planned ones earn `better` times as much an hour, whatever part of
    the hours went into them: the lean moves by the rate times (better - 1) / (better + 1)."""
    chosen = policy("adaptive", per=per, caution_hours=1e-6, memory=1.0, rate=1.0)
    learner = stage.desks(chosen).learner
    assert learner is not None
    n = len(stage.accounts.names)
    posts = np.zeros(2 * n, LIVE)
    posts["account"], posts["posture"] = np.repeat(np.arange(n), 2), PROACTIVE
    posts["posture"][::2] = POSTURES.index("reactive")
    view = View(accounts=stage.accounts, markets=stage.markets, work=stage.work,
                events=stage.events, posts=lambda: posts)  # fmt: skip
    hours, planned = np.full(n, 100.0), np.full(n, ahead)
    learner.look_back(view, hours, planned)  # what was there before is nobody's return
    before = learner.lean.copy()
    posts["n_shares"][1::2] = round(10_000 * better * ahead)
    posts["n_shares"][::2] = round(10_000 * (1.0 - ahead))
    learner.look_back(view, hours, planned)
    ours = np.asarray(stage.accounts.sides) == OURS
    moved = (learner.lean - before)[ours]
    assert moved == pytest.approx((better - 1.0) / (better + 1.0), abs=1e-3)
