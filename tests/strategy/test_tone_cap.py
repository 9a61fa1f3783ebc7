"""The tone cap: bounds by rank, on any mix, where the excess goes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.strategy.tone_cap import ByRank, NoCap
from sim.vocabulary import KINDS, TONES

from .conftest import Stage, policy

CAP: dict[str, Any] = {
    "kind": "by_rank", "sharp_headquarters": 0.0, "sharp_official": 0.1, "sharp_mission": 0.3,
    "witty_headquarters": 0.05, "witty_official": 0.2, "witty_mission": 1.0, "excess_to": "formal",
}  # fmt: skip
RANKS = np.array([KINDS.index(kind) for kind in
                  ("headquarters", "official", "mission", "multilateral", "rival")])  # fmt: skip
SHARP = {"kind": "mix", "mix": [0.2, 0.1, 0.1, 0.6, 0.0]}


@pytest.mark.parametrize("excess", ["formal", "informal"])
def test_the_higher_the_rank_the_calmer(excess: str) -> None:
    mixes = np.tile(SHARP["mix"], (5, 1))
    found = ByRank.model_validate({**CAP, "excess_to": excess}).capped(mixes, RANKS)
    assert found[:, TONES.index("sharp")].tolist() == pytest.approx([0.0, 0.1, 0.3, 0.3, 0.6])
    assert found[:, TONES.index("witty")].tolist() == pytest.approx([0.05, 0.1, 0.1, 0.1, 0.1])
    np.testing.assert_allclose(found.sum(axis=1), 1.0)
    other = "informal" if excess == "formal" else "formal"
    assert (found[:, TONES.index(other)] == mixes[:, TONES.index(other)]).all()
    assert mixes[0].tolist() == SHARP["mix"]  # the policy's own mix is left alone


def test_no_cap_is_no_change_and_a_wide_one_neither() -> None:
    mixes = np.tile(SHARP["mix"], (5, 1))
    assert NoCap(kind="none").capped(mixes, RANKS) is mixes
    wide = ByRank.model_validate({name: 1.0 if isinstance(value, float) else value
                                  for name, value in CAP.items()})  # fmt: skip
    assert np.array_equal(wide.capped(mixes, RANKS), mixes)


def test_capped_posts_change_their_tone_and_nothing_else(stage: Stage) -> None:
    free, capped = (
        stage.run(stage.desks(policy(sections={"tone": SHARP, **more})), stage.view(), last_week=6)
        for more in ({}, {"tone_cap": CAP})
    )
    assert np.array_equal(free["key"], capped["key"])
    for column in ("hour", "quality", "media", "language", "stance", "topic"):
        assert np.array_equal(free[column], capped[column]), column
    sharp = TONES.index("sharp")
    kinds = stage.accounts.kinds[capped["account"]]
    assert not (capped["tone"][kinds == KINDS.index("headquarters")] == sharp).any()
    missions = kinds == KINDS.index("mission")
    assert (free["tone"][missions] == sharp).mean() == pytest.approx(0.6, abs=0.05)
    assert (capped["tone"][missions] == sharp).mean() == pytest.approx(0.3, abs=0.05)
