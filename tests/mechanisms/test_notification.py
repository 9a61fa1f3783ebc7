"""Notices to citizens: the laws, and who is concerned, reached and when."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import strategies as st
from pytest import approx

from sim import streams
from sim.errors import UserError
from sim.mechanisms import notification as laws
from sim.mechanisms.notification import Citizens, attempt_hour, rank_of_share, read_after
from sim.world.citizens import citizens_in, market_of_crisis, reachable, read_hours
from tests.mechanisms.properties import (
    EXPONENT,
    HOURS,
    POSITIVE,
    SHARE,
    Two,
    holds,
    number,
    rising,
    same,
)

SEED = streams.world_seed(1, "0/0")
USUAL = {"market": "largest", "share_of_public": 0.1, "share_with_partner": 0.6,
         "p_delivered": 0.5, "median_delay_hours": 2.0, "delay_log_sd": 1.0}  # fmt: skip
ALWAYS = np.uint64(2**32)


def citizens(**changes: float | str) -> Citizens:
    return Citizens(**{**USUAL, **changes})


def test_laws_by_hand() -> None:
    assert [attempt_hour(100.0, 6.0, 12.0, k) for k in range(3)] == [106.0, 118.0, 130.0]
    assert read_after(2.0, 0.5, 0.0) == 2.0
    assert read_after(2.0, 0.5, 2.0) == approx(2.0 * np.e)
    assert [rank_of_share(0.5, n) for n in (1, 2, 3, 10)] == [1, 1, 2, 5]
    assert [rank_of_share(0.9, n) for n in (10, 11)] == [9, 10]


def test_citizens_are_the_same_share_and_people_in_every_world() -> None:
    few, more = (citizens_in(citizens(share_of_public=s), 1_000, 6_000) for s in (0.01, 0.02))
    assert (len(few), len(more)) == (50, 100)
    assert np.isin(few, more).all() and few.min() >= 1_000 and more.max() < 6_000
    assert len(citizens_in(citizens(share_of_public=0.0), 0, 10)) == 1  # whom else to time?
    assert len(citizens_in(citizens(), 5, 5)) == 0


def test_reached_is_whom_the_partner_saw_in_two_weeks() -> None:
    who = np.arange(20_000, dtype=np.uint64)
    share = 0.03  # of days active: present on one of 14 with probability 1 - .97^14 = .347
    thresholds = np.full(len(who), streams.threshold32(share))
    all_known = reachable(citizens(share_with_partner=1.0), who, thresholds, SEED, 30)
    assert all_known.mean() == approx(1 - 0.97**14, abs=0.012)
    known = reachable(citizens(), who, np.full(len(who), ALWAYS), SEED, 30)
    assert known.mean() == approx(0.6, abs=0.012)
    both = reachable(citizens(), who, thresholds, SEED, 30)
    assert np.array_equal(both, known & all_known)


def test_a_notice_is_read_after_its_delay_and_tried_again_where_it_was_not_delivered() -> None:
    who, settings = np.arange(20_000, dtype=np.uint64), citizens()
    once = read_hours(settings, who, 100.0, 6.0, 12.0, 1, SEED)
    assert np.isfinite(once).mean() == approx(0.5, abs=0.012)
    assert np.median(once[np.isfinite(once)]) == approx(108.0, abs=0.15)
    twice = read_hours(settings, who, 100.0, 6.0, 12.0, 2, SEED)
    assert np.isfinite(twice).mean() == approx(0.75, abs=0.012)
    assert np.array_equal(once[np.isfinite(once)], twice[np.isfinite(once)])
    later = twice[np.isinf(once) & np.isfinite(twice)]
    assert later.min() > 118.0 and np.median(later) == approx(120.0, abs=0.2)
    assert np.isinf(read_hours(citizens(p_delivered=0.0), who, 0.0, 0.0, 1.0, 5, SEED)).all()


def test_the_market_is_named_or_the_largest_host() -> None:
    markets = SimpleNamespace(names=["Home", "A", "B"], weights=np.array([9.0, 1.0, 2.0]),
                              row=lambda name: {"A": 1}.get(name))  # fmt: skip
    hosts = np.array([False, True, True])
    assert market_of_crisis(citizens(), markets, hosts) == 2
    assert market_of_crisis(citizens(market="A"), markets, hosts) == 1
    with pytest.raises(UserError, match=r"citizens\.market"):
        market_of_crisis(citizens(market="C"), markets, hosts)


@holds(crisis=HOURS, after=HOURS, every=HOURS, attempt=st.integers(0, 20))
def test_attempts_go_out_in_turn_and_none_before_the_crisis(crisis: float, after: float,
                                                            every: float, attempt: int) -> None:
    hour = laws.attempt_hour(crisis, after, every, attempt)
    assert crisis <= hour <= laws.attempt_hour(crisis, after, every, attempt + 1)
    assert laws.attempt_hour(crisis, after, every, 0) == crisis + after


@holds(median=POSITIVE, sd=EXPONENT, z=number(-5.0, 5.0))
def test_half_have_read_at_the_median(median: float, sd: float, z: float) -> None:
    assert laws.read_after(median, sd, 0.0) == median
    assert same(laws.read_after(median, sd, z) * laws.read_after(median, sd, -z), median**2)


@holds(shares=rising(SHARE), n=st.integers(1, 100_000))
def test_the_rank_of_a_share_is_somebody(shares: Two, n: int) -> None:
    few, many = (laws.rank_of_share(share, n) for share in shares)
    assert 1 <= few <= many <= n and many == int(many)
    assert many >= shares[1] * n - 1e-6 and laws.rank_of_share(1.0, n) == n
