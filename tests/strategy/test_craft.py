"""Skill at work: training costs posts at once and pays later; exchange evens out; time wears."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sim.mechanisms.skill import Skill
from sim.strategy.desks import Desks
from sim.strategy.ledger import worst_difference
from sim.vocabulary import OURS

from .conftest import Stage, policy, section

TRAINED: dict[str, Any] = {"training": {"kind": "share", "share": 0.2}}
N_WEEKS = 52


@pytest.fixture(scope="module")
def year() -> Stage:
    return Stage(N_WEEKS)


def with_skill(stage: Stage, name: str, **values: float) -> Stage:
    """The same stage with another file of skill and some values of its own."""
    twin = Stage.__new__(Stage)
    vars(twin).update(vars(stage))
    twin.skill = Skill.model_validate(section(f"skill/{name}.yaml") | values)
    return twin


def run(stage: Stage, n_weeks: int, **sections: Any) -> tuple[Desks, np.ndarray]:
    desks = stage.desks(policy(sections=sections))
    posts = stage.run(desks, stage.view(), last_week=n_weeks)
    desks.office.turn(n_weeks)
    return desks, posts


def test_training_costs_posts_now_and_pays_in_months(year: Stage) -> None:
    plain, posts = run(year, N_WEEKS)
    trained, others = run(year, N_WEEKS, **TRAINED)
    ours = year.accounts.sides == OURS
    assert worst_difference(plain.ledger, trained.ledger) < 1e-9  # the same hours, spent otherwise
    assert trained.ledger.check() < 1e-9
    given = trained.ledger.given[ours, :N_WEEKS]
    np.testing.assert_allclose(trained.ledger.uses["training"][ours, :N_WEEKS], 0.2 * given)
    assert not trained.ledger.uses["training"][~ours].any()

    def worth(found: np.ndarray) -> np.ndarray:
        """Posts x quality of the ministry by quarter."""
        mine = found[ours[found["account"]]]
        quarter = np.minimum(mine["hour"] // (13 * 168), 3).astype(int)
        return np.bincount(quarter, mine["quality"], 4)

    gain = worth(others) / worth(posts) - 1.0
    assert gain[0] < -0.05 and gain[3] > 0.05  # in the first quarter a loss, in the last a gain
    assert (np.diff(gain) > 0).all()
    stock = trained.office.craft.stock
    assert (stock[ours] > 0).all() and (stock[~ours] == 0).all()


def test_skill_is_lost_slowly_when_training_ends(year: Stage) -> None:
    desks, _ = run(year, 20, **TRAINED)
    before = desks.office.craft.stock.copy()
    tired = desks.fork(policy())
    year.run(tired, year.view(), first_week=20, last_week=33)
    ours = year.accounts.sides == OURS
    learned = before[ours].max()
    assert 0 < tired.office.craft.stock[ours].max() < learned
    # the last week of training counts, then twelve weeks of wear
    kept = tired.office.craft.stock[ours] / before[ours]
    assert kept.min() > 0.5 ** (12 / year.skill.half_life_weeks) - 1e-9
    assert np.array_equal(desks.office.craft.stock, before)  # the parent is another arm


def test_nobody_learns_where_nobody_trains(year: Stage) -> None:
    desks, _ = run(year, 4, investment={"kind": "scaled", "factor": 2.0})
    assert not desks.office.craft.stock.any()
    assert (desks.office.craft.on_quality == 1.0).all()
    assert (desks.office.risk == 1.0).all()


def test_practice_keeps_skill_up_and_its_lack_wears_it_down(year: Stage) -> None:
    busy = with_skill(year, "learning", usual_log_sd=0.0)
    more, _ = run(busy, 8, investment={"kind": "scaled", "factor": 4.0})
    same, _ = run(busy, 8)
    less, _ = run(busy, 8, investment={"kind": "scaled", "factor": 0.25})
    ours = year.accounts.sides == OURS
    stocks = [desks.office.craft.stock[ours] for desks in (more, same, less)]
    assert (stocks[0] > 0.01).all() and (stocks[2] < -0.01).all()
    assert np.abs(stocks[1]).max() == 0.0


@pytest.mark.parametrize("kind", ["network", "region"])
def test_practice_spreads_inside_the_exchange_group_only(year: Stage, kind: str) -> None:
    unlike = with_skill(year, "learning", gain_practice=0.0, gain_exchange=0.4)
    desks, _ = run(unlike, 26, exchange={"kind": kind, "share": 0.05})
    craft, ours = desks.office.craft, year.accounts.sides == OURS
    assert np.ptp(craft.level[ours]) < 0.9 * np.ptp(craft.usual[ours])
    assert (craft.stock[ours] >= 0).all()
    regions = year.markets.regions[year.accounts.markets]
    for group in [ours] if kind == "network" else [ours & (regions == r) for r in range(3)]:
        best = np.flatnonzero(group)[craft.usual[group].argmax()]
        assert craft.stock[best] == 0.0  # nobody there to learn from
    np.testing.assert_allclose(
        desks.ledger.uses["exchange"][ours, :26], 0.05 * desks.ledger.given[ours, :26])  # fmt: skip


def test_the_mean_of_the_better_ones_by_hand(stage: Stage) -> None:
    together = {"exchange": {"kind": "network", "share": 0.1}}
    craft = stage.desks(policy(sections=together)).office.craft
    craft.usual[:] = 0.0
    rows = np.flatnonzero(craft.learners)[:4]
    craft.stock[:] = np.where(craft.learners, -1.0, 5.0)  # rivals' skill is nobody's example
    craft.stock[rows] = [0.1, 0.5, 0.5, 0.2]
    better = craft._better()
    np.testing.assert_allclose(better[rows], [0.4, 0.5, 0.5, 0.5])
    assert better[np.flatnonzero(craft.learners)[10]] == pytest.approx(1.3 / 4)


def test_quality_follows_a_change_of_hours_with_its_carry_over(year: Stage) -> None:
    slow = with_skill(year, "default", carry_over=0.5)
    at_once, late = year.desks(policy()), slow.desks(policy())
    for stage, desks in ((year, at_once), (slow, late)):
        stage.run(desks, stage.view(), last_week=3)
    assert np.array_equal(at_once.office.quality, late.office.quality)
    rich = policy(factor=4.0)
    twins = at_once.fork(rich), late.fork(rich)
    ours = year.accounts.sides == OURS
    means = []
    for week in range(3, 9):
        for stage, desks in zip((year, slow), twins, strict=True):
            stage.run(desks, stage.view(), first_week=week, last_week=week + 1)
        means.append([desks.office.mean_quality(0.0)[ours].mean() for desks in twins])
    gaps = [quick - slow_one for quick, slow_one in means]
    assert gaps[0] > 0.05 and all(a > 1.5 * b > 0 for a, b in pairwise(gaps))
