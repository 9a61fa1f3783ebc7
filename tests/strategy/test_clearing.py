"""Clearance at work: the queue against theory, delay against load, blunders caught and made."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim import streams
from sim.mechanisms.clearance import Desk
from sim.strategy.central_desk import CentralDesk
from sim.vocabulary import OURS, POSTURES

from .conftest import Stage, policy, section

REACTIVE = POSTURES.index("reactive")
FOREVER = 1e9


def keys(n: int, salt: int = 0) -> np.ndarray:
    return streams.mix(np.arange(1, n + 1, dtype=np.uint64) + np.uint64(1_000_000 * salt))


def test_the_queue_is_that_of_lindley_post_by_post() -> None:
    """One at a time in a plain loop, and all in one decision, within the hour's resolution."""
    luck = np.random.default_rng(3)
    ready = np.sort(luck.uniform(0.0, 900.0, 60))
    names = keys(60)
    desk = CentralDesk(10.0, 2_000.0)
    times = desk._services(names)
    free, exact = 0.0, []
    for when, time in zip(ready, times, strict=True):
        free = max(free, when) + time
        exact.append(free)
    at_once, taken = desk.clear(0.0, ready, names, np.full(60, FOREVER))
    assert taken.all() and desk.n_cleared == 60
    assert np.abs(at_once - exact).max() < 1.0 and (np.array(exact) - ready).max() > 50.0
    other = CentralDesk(10.0, 2_000.0)
    singly = [other.clear(when, ready[k : k + 1], names[k : k + 1], np.full(1, FOREVER))[0][0]
              for k, when in enumerate(ready)]  # fmt: skip
    np.testing.assert_allclose(singly, at_once, atol=1e-9)


@pytest.mark.parametrize("load", [0.5, 0.7, 0.85])
def test_waiting_is_that_of_a_markov_queue(load: float) -> None:
    """M/M/1: mean wait = s rho / (1 - rho), for Poisson arrivals and exponential service."""
    luck = np.random.default_rng(int(100 * load))
    mean, n = 12.0, 60_000
    ready = np.cumsum(luck.exponential(mean / load, n))
    desk = CentralDesk(mean, float(ready[-1]) + 1.0)
    done, _ = desk.clear(0.0, ready, keys(n), np.full(n, FOREVER))
    waited = (done - desk._services(keys(n)) - ready).mean()
    assert waited == pytest.approx(mean * load / (1.0 - load), rel=0.15)


def test_what_would_come_too_late_takes_no_time_of_the_desk() -> None:
    desk = CentralDesk(5.0, 200.0)
    ready = np.zeros(50)
    done, taken = desk.clear(0.0, ready, keys(50), np.full(50, 40.0))
    assert 0 < taken.sum() < 50 and (done[taken] <= 40.0).all()
    assert desk.submitted.sum() == pytest.approx(desk._services(keys(50))[taken].sum())
    assert len(desk.clear(1.0, ready[:0], keys(0), ready[:0])[0]) == 0


def test_a_copied_desk_goes_its_own_way() -> None:
    desk = CentralDesk(5.0, 200.0)
    desk.clear(0.0, np.zeros(5), keys(5), np.full(5, FOREVER))
    twin = desk.copy()
    twin.clear(1.0, np.full(9, 1.5), keys(9, 1), np.full(9, FOREVER))
    late, early = (one.clear(2.0, np.full(1, 2.0), keys(1, 2), np.full(1, FOREVER))[0][0]
                   for one in (twin, desk))  # fmt: skip
    assert late > early + 1.0


CENTRAL: dict[str, Any] = {"clearance": {"kind": "central"}}
ALONE: dict[str, Any] = {"clearance": {"kind": "autonomous"}}


def run(stage: Stage, **sections: Any) -> np.ndarray:
    desks = stage.desks(policy(sections=sections))
    posts = stage.run(desks, stage.view())
    desks.office.turn(12)
    assert desks.ledger.check() < 1e-9 and len(np.unique(posts["key"])) == len(posts)
    return posts


def crowded(stage: Stage, **values: float) -> Stage:
    twin = Stage.__new__(Stage)
    vars(twin).update(vars(stage))
    twin.desk = Desk.model_validate(section("desk/default.yaml") | values)
    return twin


def answers(stage: Stage, posts: np.ndarray) -> np.ndarray:
    mine = (stage.accounts.sides == OURS)[posts["account"]]
    return posts[mine & (posts["posture"] == REACTIVE)]


def lag(stage: Stage, posts: np.ndarray) -> np.ndarray:
    found = answers(stage, posts)
    return found["hour"] - stage.events["hour"][found["event"]]


def test_central_is_slower_and_autonomous_faster_than_the_table(stage: Stage) -> None:
    arms: dict[str, dict[str, Any]] = {"table": {}, "central": CENTRAL, "alone": ALONE}
    found = {name: run(stage, **sections) for name, sections in arms.items()}
    medians = {name: np.median(lag(stage, posts)) for name, posts in found.items()}
    assert medians["alone"] < medians["table"] - 2.0 < medians["central"] - 4.0
    theirs = [np.sort(posts[(stage.accounts.sides != OURS)[posts["account"]]], order="key")
              for posts in found.values()]  # fmt: skip
    assert np.array_equal(theirs[0], theirs[1]) and np.array_equal(theirs[0], theirs[2])


def test_delay_grows_with_load_and_capacity_binds(stage: Stage) -> None:
    waits, volumes = [], []
    for capacity in (100.0, 1.3, 1.0, 0.6):
        small = crowded(stage, rel_capacity=capacity, rel_delay_central=1.0)
        posts = run(small, **CENTRAL)
        waits.append(np.mean(lag(small, posts)))
        volumes.append(int((stage.accounts.sides == OURS)[posts["account"]].sum()))
    assert waits[0] < waits[1] < waits[2] < waits[3]
    assert volumes[3] < 0.75 * volumes[0]  # what cannot be cleared is not written
    unbound = crowded(stage, rel_capacity=1e9, rel_delay_central=1.0)
    lags = [np.sort(lag(stage, posts)) for posts in (run(stage), run(unbound, **CENTRAL))]
    np.testing.assert_allclose(lags[0], lags[1], atol=1e-5)


def test_a_central_desk_catches_its_share_of_blunders(stage: Stage) -> None:
    hasty = crowded(stage, rel_capacity=1e9, rel_delay_central=1.0)
    hasty.work = stage.work.model_copy(update={"p_blunder": 0.3})
    caught = []
    for p_catch in (0.0, 0.6, 1.0):
        hasty.desk = hasty.desk.model_copy(update={"p_catch": p_catch})
        caught.append(int(answers(stage, run(hasty, **CENTRAL))["blunder"].sum()))
    n = caught[0]
    assert n > 50 and caught[2] == 0
    assert abs(caught[1] - 0.4 * n) < 3.9 * np.sqrt(0.24 * n)


def test_autonomy_raises_the_risk_beside_the_haste(stage: Stage) -> None:
    def risky(ratio: float) -> int:
        own = crowded(stage, rel_blunder_autonomous=ratio)
        own.work = stage.work.model_copy(update={"p_blunder": 0.1})
        return int(answers(stage, run(own, **ALONE))["blunder"].sum())

    same, more = risky(1.0), risky(2.0)
    assert same > 50 and 1.6 < more / same < 2.4
