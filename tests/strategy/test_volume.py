"""Equal volume: the same originals by account and week, whatever a posture does with them."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import UserError
from sim.strategy.desks import Desks
from sim.strategy.fairness import (
    check_fairness,
    originals,
    refuse_contradictions,
    same_originals,
    smaller_plans,
)
from sim.strategy.ledger import UnbalancedError
from sim.strategy.policy import Policy
from sim.strategy.volume import Slots
from sim.vocabulary import OURS, POSTURES

from .conftest import Stage, policy

WEEKS = 8
POLICIES = {
    "reactive": policy("reactive"), "proactive": policy("proactive"), "table": policy(),
    "rich": policy("mixed", factor=3.0), "adaptive": policy("adaptive"),
    "hasty": policy("reactive", reserve=0.0, answer_rate=9.0),
}  # fmt: skip
REACTIVE, PROACTIVE, ROUTINE = range(3)


def even(stage: Stage, chosen: Policy, *, same_quality: bool = False) -> Desks:
    desks = stage.desks(chosen)
    plans = smaller_plans([desks.plans(one) for one in POLICIES.values()])
    return desks.at_equal_volume(plans, same_quality=same_quality)


def ours(stage: Stage, posts: np.ndarray) -> np.ndarray:
    return posts[stage.accounts.sides[posts["account"]] == OURS]


def counts(stage: Stage, posts: np.ndarray) -> np.ndarray:
    """int64[n_accounts, WEEKS]: our originals by week of going out."""
    mine = ours(stage, posts)
    weeks = (mine["hour"] // 168).astype(int)
    found = np.zeros((len(stage.accounts.names), WEEKS + 2), int)
    np.add.at(found, (mine["account"], weeks), 1)
    return found[:, :WEEKS]


@pytest.fixture(scope="module")
def arms(stage: Stage) -> dict[str, tuple[Desks, np.ndarray]]:
    found = {}
    for name, chosen in POLICIES.items():
        desks = even(stage, chosen)
        found[name] = (desks, stage.run(desks, stage.view(), last_week=WEEKS))
        desks.office.turn(WEEKS)
    return found


def test_every_account_publishes_the_same_in_every_week(stage: Stage, arms: dict) -> None:
    first = counts(stage, arms["table"][1])
    assert first.sum() > 500
    for name, (_, posts) in arms.items():
        assert np.array_equal(counts(stage, posts), first), name


def test_the_volume_is_that_of_the_smaller_plan(stage: Stage, arms: dict) -> None:
    plans = stage.desks(policy()).plans(policy())[:, :WEEKS].sum(axis=1)
    found = counts(stage, arms["rich"][1]).sum(axis=1)
    mine = stage.accounts.sides == OURS
    assert (np.abs(found - plans)[mine] <= 1.0).all()


def test_postures_keep_their_manners(stage: Stage, arms: dict) -> None:
    def share(name: str, kind: int) -> float:
        return float((ours(stage, arms[name][1])["posture"] == kind).mean())

    assert share("reactive", PROACTIVE) == 0.0 < 0.1 < share("reactive", REACTIVE)
    assert share("proactive", PROACTIVE) > 0.6
    assert share("hasty", REACTIVE) > share("reactive", REACTIVE) > share("proactive", REACTIVE)
    assert len(POSTURES) == 3


def test_routine_is_spread_over_the_week(stage: Stage, arms: dict) -> None:
    posts = ours(stage, arms["table"][1])
    routine = posts[posts["posture"] == ROUTINE]
    days = np.bincount((routine["hour"] // 24 % 7).astype(int), minlength=7)
    assert (days > 0.05 * days.sum()).all() and days.max() < 0.35 * days.sum()


def test_media_and_languages_are_the_same_hand(stage: Stage, arms: dict) -> None:
    def hand(name: str, *columns: str) -> np.ndarray:
        posts = ours(stage, arms[name][1])
        posts = posts[posts["hour"] < 168 * WEEKS]
        weeks = (posts["hour"] // 168).astype(int)
        return np.sort(np.rec.fromarrays([posts["account"], weeks, *(posts[c] for c in columns)]))

    first = hand("reactive", "media", "language")
    assert len(np.unique(first)) > 300
    for name in POLICIES:
        assert np.array_equal(hand(name, "media", "language"), first), name
    assert not np.array_equal(hand("reactive", "quality"), hand("rich", "quality"))


def test_equal_quality_deals_quality_too_and_hours_do_not_buy_it(stage: Stage) -> None:
    hands = []
    for chosen in (policy("reactive"), policy("proactive", factor=3.0)):
        posts = stage.run(even(stage, chosen, same_quality=True), stage.view(), last_week=3)
        mine = ours(stage, posts)
        mine = mine[mine["hour"] < 168 * 3]
        weeks = (mine["hour"] // 168).astype(int)
        hands.append(np.sort(np.rec.fromarrays([mine["account"], weeks, mine["quality"]])))
    assert np.array_equal(*hands)
    assert 0.8 < hands[0]["f2"].mean() < 1.2


def test_hours_float_and_the_books_balance(stage: Stage, arms: dict) -> None:
    mine = stage.accounts.sides == OURS
    given = {}
    for name, (desks, posts) in arms.items():
        assert desks.ledger.check() < 1e-9 and desks.office.slots.check(range(WEEKS)) == 0.0
        assert len(np.unique(posts["key"])) == len(posts)
        given[name] = desks.ledger.given[mine].sum()
    lost = arms["proactive"][0].ledger.uses["lost"][mine].sum()
    assert lost > 0 and given["proactive"] > given["reactive"]  # lost work is paid all the same
    assert given["rich"] > 1.5 * given["table"]


def test_others_go_on_as_they_were(stage: Stage, arms: dict) -> None:
    usual = stage.run(stage.desks(policy()), stage.view(), last_week=WEEKS)
    theirs = stage.accounts.sides != OURS
    for _, posts in arms.values():
        assert np.array_equal(posts[theirs[posts["account"]]], usual[theirs[usual["account"]]])


def test_what_is_unknown_does_not_move_a_single_post(stage: Stage) -> None:
    """Another future from week 4 on, same past: all posts decided before are bit-identical."""
    known = np.minimum(stage.events["hour"], stage.events["hour_known"]) < 168.0 * 4
    for name in ("reactive", "proactive"):
        full = stage.run(even(stage, POLICIES[name]), stage.view(), last_week=4)
        blind = stage.run(even(stage, POLICIES[name]), stage.view(stage.events[known]), last_week=4)
        one, other = full.copy(), blind.copy()
        hit = one["event"] >= 0
        one["event"][hit] = np.searchsorted(np.flatnonzero(known), one["event"][hit])
        assert np.array_equal(one, other)


def test_volumes_follow_schedules_and_training(stage: Stage) -> None:
    """Hours that rise during the run, and hours that go into skill: the smaller plan by week."""
    sections = {"investment": {"kind": "schedule", "accounts": "all", "from_day": 14,
                               "from_date": None, "factor": 0.25, "weeks": 2, "ramp_weeks": 1},
                "training": {"kind": "share", "share": 0.2}}  # fmt: skip
    waning, usual = policy("proactive", sections=sections), policy("reactive")
    found = []
    for chosen in (waning, usual):
        desks = stage.desks(chosen)
        plans = smaller_plans([desks.plans(waning), desks.plans(usual)])
        desks = desks.at_equal_volume(plans, same_quality=False)
        found.append(counts(stage, stage.run(desks, stage.view(), last_week=WEEKS)))
        desks.office.turn(WEEKS)
        assert desks.ledger.check() < 1e-9 and desks.office.slots.check(range(WEEKS)) == 0.0
    assert np.array_equal(*found)
    by_week = found[0].sum(axis=0)
    assert by_week[2:4].max() < 0.8 * by_week[:2].min() and by_week[5] > 0.9 * by_week[0]


def test_a_fork_goes_on_with_its_slots(stage: Stage) -> None:
    whole, parent = even(stage, policy()), even(stage, policy())
    posts = stage.run(whole, stage.view(), last_week=4)
    stage.run(parent, stage.view(), last_week=2)
    twin = parent.fork(policy())
    rest = stage.run(twin, stage.view(), first_week=2, last_week=4)
    assert np.array_equal(rest, posts[-len(rest) :])


def test_slots_of_weeks_add_up() -> None:
    mine = np.array([True, True, False])
    plans = np.repeat([[0.4], [3.3], [9.0]], 50, axis=1)
    slots = Slots(mine, plans, np.arange(3, dtype=np.uint64), 50)
    found = sum(slots.of_week(week) for week in range(50))
    assert (np.abs(found - np.array([20.0, 165.0, 0.0])) <= 1.0).all()
    assert slots.take(np.array([1, 0, 1]), np.array([2, 2, 2])).tolist() == [0, 0, 1]
    assert slots.take(np.array([1, 1]), np.array([2, 3])).tolist() == [2, 0]
    slots.quota[0] = 0
    with pytest.raises(UnbalancedError, match="row 1 publishes 1 originals in week 3 instead of"):
        slots.check([3])
    assert slots.check([]) == 0.0


@pytest.mark.parametrize(
    ("days", "one", "other", "told"),
    [
        (90, policy(), policy("reactive"), "days=84 or days=91"),
        (14, policy("silent"), policy(), "policy.posture.kind=silent"),
        (14, policy(), policy("headquarters_only"), "headquarters_only"),
        (14, policy(), policy(language="local"), "policy.language differs"),
        (14, policy(), policy(sections={"clearance": {"kind": "central"}}), "a central desk"),
    ],
)
def test_contradictions_are_refused_by_name(
    days: int, one: Policy, other: Policy, told: str
) -> None:
    for fair in ("volume", "quality", "attention"):
        with pytest.raises(UserError, match=f"fair={fair}.*{told}"):
            refuse_contradictions(fair, days, [one, other])
    refuse_contradictions("hours", days, [one, other])


def test_unequal_arms_are_caught() -> None:
    posts = np.zeros(3, [("side", "u1"), ("hour", "f8"), ("account", "u2"), ("media", "u1"),
                         ("language", "u1"), ("quality", "f4")])  # fmt: skip
    posts["hour"] = [1.0, 170.0, 500.0]
    one = originals(posts, 0.0)
    better = one.copy()
    better["quality"] += 1.0
    same_originals("volume", one, better)
    with pytest.raises(UnbalancedError, match=r"fair=quality is broken.*differ in quality"):
        same_originals("quality", one, better)
    with pytest.raises(UnbalancedError, match="publish 3 and 2 originals"):
        same_originals("volume", one, one[:2])
    later = originals(posts, 100.0)
    assert later["week"].tolist() == [1, 2]
    check_fairness("volume", [], [])  # nothing to compare
