"""Pairing adds no bias: each arm alone is distributed as with fresh seeds.

Sixty tiny worlds run both arms; sixty other seeds run the second arm alone. The totals of that arm
are compared by a two-sample Kolmogorov-Smirnov test with a declared false-alarm rate, seeds fixed.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.scenario import Scenario
from sim.simulate import simulate_world
from tests.scenarios import scenario

N_WORLDS = 60
FALSE_ALARM = 1e-3
TINY = {"days": 4, "warmup_days": 0, "audience.n_people": 1_000, "keep": "summary",
        "sharing.p0": 0.02, "news.events_per_market_week": 6.0}  # fmt: skip
MEASURES = ("impressions", "shares", "target_reach", "favourability_shift")


def arms(seed: int) -> tuple[Scenario, Scenario, Scenario]:
    """(proactive, reactive, status quo) of one root seed."""
    changes = {**TINY, "seed": seed}
    return (scenario(changes, posture="proactive"), scenario(changes, posture="reactive"),
            scenario(changes))  # fmt: skip


@pytest.fixture(scope="module")
def paired() -> list[tuple[dict, dict]]:
    """The values of both arms in each paired world."""
    first, second, base = arms(1)
    runs = [simulate_world([first, second], base, 0, world) for world in range(N_WORLDS)]
    return [(a.values, b.values) for a, b in runs]


def test_an_arm_is_distributed_as_alone_with_fresh_seeds(paired: list[tuple[dict, dict]]) -> None:
    alone = []
    for world in range(N_WORLDS):
        _, second, base = arms(1_000 + world)
        alone.append(simulate_world([second], base, 0, 0)[0].values)
    for name in MEASURES:
        mine = [values[name, "all"] for _, values in paired]
        theirs = [values[name, "all"] for values in alone]
        assert stats.ks_2samp(mine, theirs).pvalue > FALSE_ALARM / len(MEASURES), name


def test_worlds_are_independent_of_each_other(paired: list[tuple[dict, dict]]) -> None:
    """No correlation between one world and the next."""
    totals = np.array([values["impressions", "all"] for _, values in paired])
    assert len(np.unique(totals)) > 0.7 * N_WORLDS
    r = stats.spearmanr(totals[:-1], totals[1:]).statistic
    assert abs(r) < stats.norm.isf(FALSE_ALARM / 2) / np.sqrt(N_WORLDS - 1)


def test_pairing_narrows_the_difference(paired: list[tuple[dict, dict]]) -> None:
    """What common luck is for: the variance of a difference is well below the sum of variances."""
    a, b = (np.array([pair[arm]["impressions", "all"] for pair in paired]) for arm in (0, 1))
    assert np.var(a - b) < 0.8 * (np.var(a) + np.var(b))
