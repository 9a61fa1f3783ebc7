"""What is switched off changes nothing, and what is switched on changes what it touches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.run import Run
from sim.scenario import Scenario
from sim.simulate import simulate_world
from tests.scenarios import PROVOKED, scenario
from tests.worlds.test_paired import digest

SETTINGS: dict[str, Any] = {**PROVOKED, "days": 14, "warmup_days": 7, "keep": "posts"}
NULL: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "a factor of one": ({"policy.investment.factor": 1.0}, {"investment": "schedule"}),
    "a schedule that begins next week and is over before":
        ({"policy.investment.factor": 1.0, "policy.investment.from_day": 7,
          "policy.investment.weeks": 1}, {"investment": "schedule"}),
    "no training at all": ({"policy.training.share": 0.0}, {"training": "share"}),
    "no exchange at all": ({"policy.exchange.share": 0.0}, {"exchange": "network"}),
    "a cap that binds nobody": (
        {f"policy.tone_cap.{tone}_{rank}": 1.0 for tone in ("sharp", "witty")
         for rank in ("headquarters", "official", "mission")}, {"tone_cap": "by_rank"}),
    "nothing said again": ({"policy.repetition.share": 0.0}, {"repetition": "campaign"}),
    "no stickers": ({"policy.media.share": 0.0}, {"media": "stickers"}),
    "no hours for replies": ({"policy.replies.share": 0.0}, {"replies": "share"}),
    "a floor of nothing": ({"policy.investment.hours_per_week": 0.0}, {"investment": "floor"}),
}  # fmt: skip
REAL: dict[str, dict[str, str]] = {
    "schedule": {"investment": "schedule"}, "concentrate": {"investment": "concentrate"},
    "training": {"training": "share"}, "central": {"clearance": "central"},
    "autonomous": {"clearance": "autonomous"}, "cap": {"tone_cap": "by_rank"},
    "exchange": {"exchange": "region"}, "repetition": {"repetition": "campaign"},
    "stickers": {"media": "stickers"}, "plain": {"readability": "plain"},
    "replies": {"replies": "share"},
}  # fmt: skip
FEW = {"policy.investment.top_n": 2}  # of the twelve accounts of the small table


def run(arms: list[Scenario], base: Scenario) -> list[Run]:
    return simulate_world(arms, base, 0, 0)


@pytest.mark.parametrize("what", NULL)
def test_a_null_change_gives_exactly_zero(what: str) -> None:
    changes, groups = NULL[what]
    base = scenario(SETTINGS)
    tested, against = run([scenario({**SETTINGS, **changes}, **groups), base], base)
    assert digest(tested) == digest(against)


@pytest.mark.parametrize("what", REAL)
def test_a_real_change_changes_our_posts_and_nobody_elses_plans(what: str) -> None:
    base = scenario(SETTINGS)
    changes = FEW if what == "concentrate" else {}
    tested, against = run([scenario({**SETTINGS, **changes}, **REAL[what]), base], base)
    assert digest(tested) != digest(against)
    others = ~np.isin(tested.accounts["kind"], ["headquarters", "mission", "multilateral",
                                                "official"])  # fmt: skip
    assert others.any()
    for column in ("posts", "hours"):
        assert np.array_equal(tested.accounts[column][others], against.accounts[column][others])
    assert tested.checks["hours spent = hours given"] < 1e-6


def test_worlds_with_irregular_heads_and_learning_pair_as_well() -> None:
    groups = {"heads": "mixed", "skill": "learning"}
    base, plain = scenario(SETTINGS, **groups), scenario(SETTINGS)
    twice = run([base, base], base)
    assert digest(twice[0]) == digest(twice[1])
    assert digest(run([plain], plain)[0]) != digest(twice[0])
