"""Ranked feeds: weights by hand, bounds that thinning relies on."""

from __future__ import annotations

import pytest
from pytest import approx

from sim.mechanisms.ranking import affinity, rank_weight, standing


def test_a_post_that_does_as_expected_stands_as_its_medium_does() -> None:
    assert standing(3.0, 100.0, 0.03, 0.5, 1.2) == approx(1.2)
    assert standing(0.0, 0.0, 0.03, 0.5, 1.0) == 1.0


def test_early_engagement_lifts_it() -> None:
    assert standing(15.0, 100.0, 0.03, 0.5, 1.0) == approx(2.0)  # (16 / 4)^.5
    assert standing(15.0, 100.0, 0.03, 0.0, 1.0) == 1.0


@pytest.mark.parametrize("n_reactions", [0.0, 10.0, 1e6])
@pytest.mark.parametrize("n_impressions", [0.0, 50.0, 1e7])
def test_the_weight_never_leaves_its_bounds(n_reactions: float, n_impressions: float) -> None:
    """Candidates are drawn at the upper one: beyond it, thinning would not be exact."""
    post = standing(n_reactions, n_impressions, 0.1, 0.6, 1.7)
    for liking in (0.4, 1.0, 1.6):
        assert 0.5 <= rank_weight(post, liking, 2.0) <= 2.0
    assert rank_weight(1.2, 1.5, 2.0) == approx(1.8)


def test_affinity_has_mean_one() -> None:
    for share in (0.2, 0.35, 0.5):
        for gain in (0.0, 0.5, 1.0):
            mean = share * affinity(True, share, gain) + (1 - share) * affinity(False, share, gain)
            assert mean == approx(1.0)
