"""Discovery beside the graph: a Pareto tail, cut at the size of the public."""

from __future__ import annotations

import numpy as np
from pytest import approx
from scipy import stats

from sim.mechanisms import pickup as laws
from sim.mechanisms.pickup import pickup_views
from tests.mechanisms.properties import POSITIVE, Two, below, holds, number, rising, same

RANKS = (np.arange(20_000) + 0.5) / 20_000


def test_the_smallest_and_the_largest() -> None:
    assert pickup_views(0.0, 6_000.0, 2.2, 1e9) == approx(6_000.0)
    assert pickup_views(1.0 - 2.0**-53, 6_000.0, 2.2, 1e5) == 1e5
    assert pickup_views(0.75, 100.0, 3.0, 1e9) == approx(200.0)  # (1/4)^(-1/2)
    assert pickup_views(0.5, 100.0, 2.0, 150.0) == 150.0


def test_the_tail_has_the_stated_exponent() -> None:
    """Density exponent 2.2: the survival function falls with 1.2."""
    views = [pickup_views(u, 10.0, 2.2, 1e12) for u in RANKS]
    assert stats.kstest(views, stats.pareto(1.2, scale=10.0).cdf).statistic < 1e-3
    assert np.median(views) == approx(10.0 * 2 ** (1 / 1.2), rel=1e-3)


@holds(dice=rising(number(0.0, 1.0 - 1e-9)), least=POSITIVE, tail=number(1.1, 4.0),
       times=number(1.0, 1e4))
def test_views_of_a_pickup_lie_between_their_ends(dice: Two, least: float, tail: float,
                                                  times: float) -> None:
    few, many = (laws.pickup_views(die, least, tail, least * times) for die in dice)
    assert below(least, few) and below(few, many) and many <= least * times
    assert same(laws.pickup_views(0.0, least, tail, least * times), least)
