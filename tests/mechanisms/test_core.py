"""The loyal core: its size by hand, its mean over accounts."""

from __future__ import annotations

import pytest
from pytest import approx
from scipy import integrate, stats

from sim.mechanisms import core as laws
from sim.mechanisms.core import mean_core_shares, p_core_like, p_core_share
from tests.mechanisms.properties import (
    FACTOR,
    POSITIVE,
    SHARE,
    SIZE,
    Two,
    below,
    holds,
    number,
    rising,
    same,
)


def test_the_core_of_the_reference_mission() -> None:
    assert mean_core_shares(699.0, 1.2, 0.2, 0.0, 0.0) == approx(1.2)
    assert mean_core_shares(699.0, 1.2, 0.2, 0.0, 2.0) == approx(1.2)  # no spread, no luck
    assert mean_core_shares(32 * 700.0 - 1, 1.2, 0.2, 0.0, 0.0) == approx(2.4)  # 32^.2 = 2


@pytest.mark.parametrize("log_sd", [0.4, 0.6])
def test_its_mean_over_accounts_is_the_stated_one(log_sd: float) -> None:
    mean = integrate.quad(
        lambda z: mean_core_shares(699.0, 1.2, 0.2, log_sd, z) * stats.norm.pdf(z), -9.0, 9.0
    )[0]
    assert mean == approx(1.2)


def test_members_share_in_proportion_to_quality_up_to_all_of_them() -> None:
    assert p_core_share(1.2, 1.0, 24) == approx(0.05)
    assert p_core_share(1.2, 4.0, 24) == approx(0.2)
    assert p_core_share(1.2, 100.0, 24) == 1.0
    assert p_core_share(0.0, 100.0, 24) == 0.0


def test_members_like_in_the_ratio_of_other_readers_up_to_all_of_them() -> None:
    assert p_core_like(1.2, 1.0, 24, 4.0) == approx(0.2)
    assert p_core_like(1.2, 1.0, 24, 0.5) == approx(0.025)  # a ratio below 1 is possible
    assert p_core_like(1.2, 10.0, 24, 4.0) == 1.0


@holds(followers=rising(SIZE), mean=FACTOR, exponent=SHARE, sd=SHARE, z=number(-5.0, 5.0))
def test_a_larger_account_has_no_smaller_core(followers: Two, mean: float, exponent: float,
                                              sd: float, z: float) -> None:
    small, large = (laws.mean_core_shares(one, mean, exponent, sd, z) for one in followers)
    assert small > 0.0 and below(small, large)
    assert same(laws.mean_core_shares(699.0, mean, exponent, 0.0, z), mean)


@holds(mean=POSITIVE, quality=FACTOR, members=number(1.0, 1e4), rel_likes=FACTOR)
def test_chances_of_the_core_are_chances(mean: float, quality: float, members: float,
                                         rel_likes: float) -> None:
    share = laws.p_core_share(mean, quality, members)
    like = laws.p_core_like(mean, quality, members, rel_likes)
    assert 0.0 <= share <= 1.0 and 0.0 <= like <= 1.0
    assert (like >= share) == (rel_likes >= 1.0) or same(like, share)
    assert laws.p_core_like(mean, quality, members, 1.0) == share
    assert same(share * members, min(mean * quality, members))
