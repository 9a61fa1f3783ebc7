"""Laws of sim.mechanisms.news, whatever the values are."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms import news as laws
from tests.mechanisms.properties import (
    POSITIVE,
    RANK,
    SHARE,
    Two,
    below,
    holds,
    number,
    rising,
    same,
)


@holds(half=number(0.1, 1e3))
def test_half_the_attention_is_left_at_the_half_life(half: float) -> None:
    assert 0.0 < laws.decay_per_hour(half) < 1.0
    assert same(laws.decay_per_hour(half) ** half, 0.5)


@holds(severity=POSITIVE, weight=SHARE)
def test_a_bump_is_in_proportion_to_both(severity: float, weight: float) -> None:
    assert 0.0 <= laws.bump(severity, weight) <= severity
    assert same(laws.bump(2.0 * severity, weight), 2.0 * laws.bump(severity, weight))


@holds(rate=POSITIVE, branching=number(0.0, 0.95), share=SHARE)
def test_immigrants_and_their_offspring_are_all_events(rate: float, branching: float,
                                                       share: float) -> None:
    immigrants = laws.immigrant_rate(rate, branching)
    assert same(168.0 * immigrants / (1.0 - branching), rate)
    p = laws.p_foreseeable_immigrant(share, branching)
    assert share <= p <= 1.0
    assert p == 1.0 or same(p * immigrants, share * rate / 168.0)


@holds(ranks=rising(RANK), low=number(0.1, 10.0), times=number(1.01, 100.0),
       tail=number(1.05, 4.0))
def test_severities_lie_between_their_ends_and_so_does_their_mean(
    ranks: Two, low: float, times: float, tail: float
) -> None:
    high = low * times
    small, large = (laws.pareto(rank, low, high, tail) for rank in ranks)
    assert below(low, small) and below(small, large) and below(large, high)
    mean = laws.pareto_mean(low, high, tail)
    assert low * (1.0 - 1e-9) <= mean <= high * (1.0 + 1e-9)


@pytest.mark.parametrize("tail", [1.2, 2.0, 3.5])
def test_the_mean_severity_is_that_of_the_ranks(tail: float) -> None:
    ranks = (np.arange(200_000) + 0.5) / 200_000
    found = np.mean(laws.pareto(ranks, 1.0, 50.0, tail))
    assert found == pytest.approx(laws.pareto_mean(1.0, 50.0, tail), rel=1e-3)


@holds(p=SHARE, severities=rising(POSITIVE), mean=POSITIVE)
def test_what_is_severe_is_heard_further(p: float, severities: Two, mean: float) -> None:
    near, far = (laws.p_scope(p, one, mean) for one in severities)
    assert 0.0 <= near <= far <= 1.0
    assert same(laws.p_scope(p, mean, mean), p)
