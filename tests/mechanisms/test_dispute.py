"""Laws of sim.mechanisms.dispute, whatever the values are."""

from __future__ import annotations

from sim.mechanisms import dispute as laws
from tests.mechanisms.properties import FACTOR, SIZE, Two, holds, rising


@holds(lift=FACTOR, followers=rising(SIZE), people=SIZE)
def test_a_larger_disputant_stirs_more_but_never_more_than_the_whole(lift: float, followers: Two,
                                                                     people: float) -> None:
    small, large = (laws.dispute_bump(lift, one, people) for one in followers)
    assert 0.0 <= small <= large <= lift
    assert laws.dispute_bump(lift, people + 1.0, people) == lift
    assert laws.dispute_bump(lift, 0.0, people) == 0.0
