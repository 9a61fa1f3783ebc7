"""When posts go out, worked again from their names: a post's cause fixes its dice, and its dice
its time."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms import work as laws
from sim.strategy import causes
from sim.vocabulary import POSTURES
from tests.strategy.conftest import SEED, Stage, policy

ROUTINE, REACTIVE, PROACTIVE = (POSTURES.index(name) for name in
                                ("routine", "reactive", "proactive"))  # fmt: skip
WEEKS = 8


@pytest.fixture(scope="module")
def posts(stage: Stage) -> np.ndarray:
    return stage.run(stage.desks(policy("mixed", rho=0.5)), stage.view(), last_week=WEEKS)


def keys_of(stage: Stage, accounts: np.ndarray, kind: np.ndarray, what: np.ndarray, ordinal: int
            ) -> np.ndarray:  # fmt: skip
    """Names of posts by account and cause."""
    stems = causes.stems(SEED, stage.accounts.hashes[accounts])
    return causes.post_keys(stems, causes.cause(kind, what, np.full(len(what), ordinal, np.uint64)))


def test_an_answer_comes_when_its_dice_say(stage: Stage, posts: np.ndarray) -> None:
    """The first after the law's latency, the k-th k times the hours of a follow-up later."""
    budget = stage.desks(policy("mixed", rho=0.5)).office.budget
    answers = posts[(posts["posture"] == REACTIVE) & (posts["event"] >= 0)]
    events, sd = stage.events[answers["event"]], stage.work.clearance_log_sd
    rows, dice = answers["account"], causes.roll(answers["key"])
    spread = np.exp(sd * causes.normal(dice[causes.TIMING]) - 0.5 * sd * sd)
    first = laws.latency(dice[causes.LATENCY], budget.between_looks[rows],
                         budget.clearance[rows] * spread, budget.cost[rows],
                         stage.work.production_hours)  # fmt: skip
    seen = np.zeros(len(answers), bool)
    for ordinal in range(stage.work.most_answers):
        mine = keys_of(stage, rows, causes.EVENT_CAUSE, events["key"], ordinal) == answers["key"]
        wanted = events["hour"] + first + ordinal * stage.work.follow_up_hours
        assert answers["hour"][mine] == pytest.approx(wanted[mine])
        assert mine.any() or ordinal > 1
        seen |= mine
    assert seen.all() and len(answers) > 100


def test_campaign_posts_fill_their_own_week(stage: Stage, posts: np.ndarray) -> None:
    """From Monday to Sunday of the week whose name they carry, a seventh of them on each day."""
    ahead = posts[(posts["posture"] == PROACTIVE) & (posts["event"] < 0)]
    named = np.full(len(ahead), -1)
    for week in range(WEEKS):
        for ordinal in range(40):
            key = keys_of(stage, ahead["account"], causes.WEEK_CAUSE,
                          np.full(len(ahead), week, np.uint64), ordinal)  # fmt: skip
            named[key == ahead["key"]] = week
    known = named >= 0
    assert known.mean() > 0.95
    hours = ahead["hour"][known] - 168.0 * named[known]
    assert hours.min() >= 0.0 and hours.max() < 168.0
    n = np.bincount((hours // 24).astype(int), minlength=7)
    assert len(n) == 7 and abs(n / n.sum() - 1 / 7).max() < 4 * np.sqrt(6 / 49 / n.sum())


def test_routine_goes_out_on_its_day_in_office_hours(stage: Stage, posts: np.ndarray) -> None:
    routine = posts[posts["posture"] == ROUTINE]
    offsets = stage.markets.utc_offsets[stage.accounts.markets[routine["account"]]]
    local = np.mod(routine["hour"] + offsets, 24.0)
    assert len(routine) > 500 and len(np.unique(offsets)) > 6
    assert local.min() >= stage.work.office_from - 1e-9
    assert local.max() <= stage.work.office_to + 1e-9
    days = (routine["hour"] // 24).astype(np.uint64)
    found = np.zeros(len(routine), bool)
    for ordinal in range(20):
        found |= keys_of(stage, routine["account"], causes.DAY_CAUSE, days, ordinal) == (
            routine["key"])  # fmt: skip
    assert found.mean() > 0.99
