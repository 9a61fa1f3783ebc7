"""Heads of mission: who has which problem, and what it does to accounts and hours."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
import pytest

from sim.mechanisms.heads import Heads
from sim.mechanisms.news import News
from sim.model import rules_of
from sim.strategy.desks import Desks, make_desks
from sim.strategy.ledger import worst_difference
from sim.strategy.view import View
from sim.streams import world_seed
from sim.vocabulary import KINDS, OURS, TONES
from sim.world.accounts import Accounts, load_network
from sim.world.heads import disinterested, has, with_problems
from sim.world.markets import Markets
from sim.world.news import make_events
from tests.scenarios import scenario

NETWORK: dict[str, Any] = {"network.table": "network/default.csv", "days": 56, "warmup_days": 0}
MISSIONS = [KINDS.index("mission"), KINDS.index("multilateral")]


@pytest.fixture(scope="module")
def network() -> tuple[Markets, Accounts]:
    return load_network(scenario(NETWORK).network)


def heads(**values: float) -> Heads:
    return scenario(NETWORK, heads="mixed").heads.model_copy(update=values)


def test_by_default_nobody_has_a_problem(network: tuple[Markets, Accounts]) -> None:
    usual = scenario(NETWORK).heads
    assert with_problems(network[1], usual) is network[1]
    assert not disinterested(network[1], usual).any()


def test_problems_are_drawn_by_name_in_their_shares(network: tuple[Markets, Accounts]) -> None:
    accounts = network[1]
    missions = np.isin(accounts.kinds, MISSIONS)
    some, more = has(accounts, "formality", 0.2), has(accounts, "formality", 0.5)
    assert not some[~missions].any() and (more | ~some).all()  # the same ones, and others
    n = missions.sum()
    assert abs(some.sum() - 0.2 * n) < 3.9 * np.sqrt(0.16 * n)
    both = (some & has(accounts, "no visuals", 0.2)).sum()
    assert abs(both - 0.04 * n) < 3.9 * np.sqrt(0.04 * n)
    shuffled = dataclasses.replace(
        accounts, hashes=accounts.hashes[::-1], kinds=accounts.kinds[::-1])  # fmt: skip
    assert np.array_equal(has(shuffled, "formality", 0.2)[::-1], some)


def test_the_four_typical_problems(network: tuple[Markets, Accounts]) -> None:
    accounts, chosen = network[1], heads()
    found = with_problems(accounts, chosen)
    formal = has(accounts, "formality", chosen.p_formal)
    bare = has(accounts, "no visuals", chosen.p_no_visuals)
    foreign = has(accounts, "wrong language", chosen.p_common_language)
    assert (found.tone_mixes[formal, TONES.index("formal")] == 1.0).all()
    np.testing.assert_allclose(found.tone_mixes.sum(axis=1), 1.0)
    assert not found.image_shares[bare].any() and not found.video_shares[bare].any()
    assert not found.local_language_shares[foreign].any()
    for column, rows in (("tone_mixes", formal), ("image_shares", bare),
                         ("local_language_shares", foreign)):  # fmt: skip
        assert np.array_equal(getattr(found, column)[~rows], getattr(accounts, column)[~rows])
    assert np.array_equal(found.hours_per_week, accounts.hours_per_week)


def desks(network: tuple[Markets, Accounts], chosen: Heads, **groups: str) -> Desks:
    one = scenario(NETWORK, **groups)
    rules = dataclasses.replace(rules_of(one, network[1]), heads=chosen)
    return make_desks(
        one.policy, rules, network[1], network[0], world_seed=world_seed(3, "0/0"),
        n_hours=24.0 * 56, spill=one.news.spill,
    )  # fmt: skip


def run(network: tuple[Markets, Accounts], made: Desks, news: News) -> np.ndarray:
    """Eight weeks of posts, answers included."""
    markets, accounts = network
    events = make_events(news, markets, world_seed(3, "0/0"), 24 * 56)
    view = View(accounts=accounts, markets=markets, events=events, work=made.office.work)
    found, event = [], 0
    for day in range(56):
        view.advance(24.0 * day)
        found += [made.plan(view, day // 7)] if day % 7 == 0 else []
        found.append(made.daily(view, day))
        while event < len(events) and events["hour"][event] < 24.0 * (day + 1):
            view.advance(float(events["hour"][event]))
            found.append(made.answer(view, event))
            event += 1
    made.office.turn(8)
    return np.concatenate(found)


def test_an_investment_helps_the_under_resourced_only(network: tuple[Markets, Accounts]) -> None:
    news, accounts = scenario(NETWORK).news, network[1]
    chosen = heads(p_lapse=0.0, p_disinterested=0.5, rel_use=0.0)
    idle = disinterested(accounts, chosen)
    quiet = np.isin(accounts.kinds, MISSIONS) & (accounts.posts_per_week <= chosen.low_activity)
    assert 10 < idle.sum() < quiet.sum() - 10 and not idle[~quiet].any()
    usual, rich = desks(network, chosen), desks(network, chosen, investment="high")
    counts = [np.bincount(run(network, one, news)["account"], minlength=len(accounts))
              for one in (usual, rich)]  # fmt: skip
    helped = quiet & ~idle
    assert counts[1][idle].sum() == pytest.approx(counts[0][idle].sum(), rel=0.02)
    assert counts[1][helped].sum() > 1.3 * counts[0][helped].sum()
    assert rich.ledger.check() < 1e-9
    np.testing.assert_allclose(
        rich.ledger.uses["unused"][idle, :8], rich.ledger.given[idle, :8] / 2)  # fmt: skip
    assert not rich.ledger.uses["unused"][~idle].any()


def test_irregular_missions_rest_for_weeks_and_make_up_for_it(
    network: tuple[Markets, Accounts],
) -> None:
    news, accounts = scenario(NETWORK).news, network[1]
    chosen = heads(p_lapse=0.5, p_disinterested=1.0)
    idle = disinterested(accounts, chosen)
    irregular, regular = desks(network, chosen), desks(network, scenario(NETWORK).heads)
    other = desks(network, chosen, posture="proactive")
    posts, usual = run(network, irregular, news), run(network, regular, news)
    run(network, other, news)
    assert worst_difference(irregular.ledger, other.ledger) < 1e-9  # the same weeks in every arm
    given = irregular.ledger.given[idle, :8]
    n = given.size
    assert abs((given == 0).mean() - 0.5) < 3.9 * np.sqrt(0.25 / n)
    np.testing.assert_allclose(given.max(axis=1), 2 * accounts.hours_per_week[idle], rtol=1e-9)
    in_week = np.unique(np.stack([posts["account"], posts["hour"] // 168], axis=1), axis=0)
    before = np.unique(np.stack([usual["account"], usual["hour"] // 168], axis=1), axis=0)
    active, actives = (idle[rows[:, 0].astype(int)].sum() for rows in (in_week, before))
    assert active < 0.8 * actives
    ours = accounts.sides == OURS
    keys, same = (np.sort(found["key"][ours[found["account"]] & ~idle[found["account"]]])
                  for found in (posts, usual))  # fmt: skip
    assert np.array_equal(keys, same)


def test_dates_are_those_of_the_scenario() -> None:
    one = scenario({"warmup_days": 14, "days": 30})
    accounts = load_network(one.network, *one.platform_names)[1]
    timeline = rules_of(one, accounts).timeline
    assert (timeline.first_week, timeline.n_days) == (2, 30)
    assert timeline.start == dt.date(2016, 1, 4)
