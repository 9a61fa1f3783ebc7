"""Laws of sim.mechanisms.imitation, whatever the values are."""

from __future__ import annotations

from sim.mechanisms import imitation as laws
from tests.mechanisms.properties import FACTOR, SHARE, SIZE, Two, below, holds, number, rising, same


@holds(shares=rising(SIZE), posts=SIZE)
def test_more_shares_of_as_many_posts_earn_more(shares: Two, posts: float) -> None:
    assert 0.0 < laws.earned(shares[0], posts) <= laws.earned(shares[1], posts)
    assert laws.earned(posts, posts) == 1.0


@holds(share=SHARE, rate=SHARE, earns=rising(FACTOR), average=FACTOR, floor=number(0.0, 0.2))
def test_what_earns_more_is_copied_more_and_nothing_dies_out(share: float, rate: float, earns: Two,
                                                             average: float, floor: float) -> None:
    poor, rich = (laws.copied(share, rate, one, average, floor) for one in earns)
    assert floor <= poor and below(poor, rich)
    assert same(laws.copied(share, rate, average, average, 0.0), share)
    assert laws.copied(share, 0.0, earns[0], average, 0.0) == share
