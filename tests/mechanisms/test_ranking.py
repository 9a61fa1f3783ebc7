"""Ranked feeds: weights by hand, bounds that thinning relies on."""

from __future__ import annotations

import pytest
from pytest import approx

from sim.mechanisms import ranking as laws
from sim.mechanisms.ranking import affinity, rank_weight, standing
from sim.model import DiplomacyModel
from tests.mechanisms.properties import (
    EXPONENT,
    FACTOR,
    SHARE,
    SIZE,
    Two,
    below,
    holds,
    number,
    rising,
    same,
)
from tests.scenarios import scenario


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


def test_one_kind_of_feed_may_take_the_place_of_all_but_broadcasts() -> None:
    own, newest, ranked = (scenario(feed=name) for name in ("platform", "chronological", "ranked"))
    assert own.all_platforms == (own.platform,)
    assert newest.all_platforms[0].feed.kind == "chronological"
    assert ranked.all_platforms[0].feed.share_ranked == 1.0  # type: ignore[union-attr]
    some = scenario({"platforms.used": "telegram+vk"}, feed="chronological", platforms="several")
    kinds = [one.feed.kind for one in some.all_platforms]
    assert kinds == ["chronological", "broadcast", "chronological"]


def test_with_a_chronological_feed_nobody_reads_a_ranked_one() -> None:
    for feed, share in (("chronological", 0.0), ("ranked", 1.0)):
        people = DiplomacyModel(scenario(feed=feed)).engine.state.people
        assert float((people["feed"] >= 16).mean()) == share


@holds(reactions=rising(SIZE), views=SIZE, p=SHARE, gamma=EXPONENT, media=FACTOR)
def test_more_reactions_never_rank_lower(reactions: Two, views: float, p: float, gamma: float,
                                         media: float) -> None:
    low, high = (laws.standing(one, views, p, gamma, media) for one in reactions)
    assert low >= 0.0 and below(low, high)
    assert same(laws.standing(views * p, views, p, gamma, media), media)


@holds(standing=rising(number(0.0, 1e6)), affinity=SIZE, most=number(1.0, 100.0))
def test_a_feed_boosts_within_bounds(standing: Two, affinity: float, most: float) -> None:
    low, high = (laws.rank_weight(one, affinity, most) for one in standing)
    assert 1.0 / most <= low <= high <= most
    assert laws.rank_weight(1.0, 1.0, most) == 1.0


@holds(share=SHARE, gain=SHARE)
def test_affinity_has_mean_one_over_people(share: float, gain: float) -> None:
    with_, without = laws.affinity(True, share, gain), laws.affinity(False, share, gain)
    assert 0.0 <= without <= 1.0 <= with_
    assert same(share * with_ + (1.0 - share) * without, 1.0)
