"""Ranked feeds: weights by hand, bounds that thinning relies on."""

from __future__ import annotations

import pytest
from pytest import approx

from sim.mechanisms.ranking import affinity, rank_weight


def test_a_post_that_does_as_expected_weighs_what_its_medium_does() -> None:
    assert rank_weight(3.0, 100.0, 0.03, 0.5, 1.2, 1.0, 2.0) == approx(1.2)
    assert rank_weight(0.0, 0.0, 0.03, 0.5, 1.0, 1.0, 2.0) == 1.0


def test_early_engagement_lifts_it() -> None:
    assert rank_weight(15.0, 100.0, 0.03, 0.5, 1.0, 1.0, 9.0) == approx(2.0)  # (16 / 4)^.5
    assert rank_weight(15.0, 100.0, 0.03, 0.0, 1.0, 1.0, 9.0) == 1.0


@pytest.mark.parametrize("n_reactions", [0.0, 10.0, 1e6])
@pytest.mark.parametrize("n_impressions", [0.0, 50.0, 1e7])
def test_the_weight_never_leaves_its_bounds(n_reactions: float, n_impressions: float) -> None:
    weight = rank_weight(n_reactions, n_impressions, 0.1, 0.6, 1.7, 1.5, 2.0)
    assert 0.5 <= weight <= 2.0


def test_affinity_has_mean_one() -> None:
    for share in (0.2, 0.35, 0.5):
        for gain in (0.0, 0.5, 1.0):
            mean = share * affinity(True, share, gain) + (1 - share) * affinity(False, share, gain)
            assert mean == approx(1.0)
