"""Laws of sim.mechanisms.claims, whatever the values are."""

from __future__ import annotations

from sim.mechanisms import claims as laws
from tests.mechanisms.properties import SHARE, Two, holds, number, rising, same


@holds(stays=SHARE)
def test_what_is_taken_back_and_what_stays_are_the_whole(stays: float) -> None:
    assert 0.0 <= laws.taken_back(stays) <= 1.0
    assert same(laws.taken_back(stays) + stays, 1.0)


@holds(stays=rising(SHARE), rebuttal=number(0.1, 10.0))
def test_a_claim_that_clings_loses_less_and_none_loses_more_than_all(
    stays: Two, rebuttal: float
) -> None:
    clean, clinging = (laws.taken_off(one, rebuttal) for one in stays)
    assert 0.0 <= clinging <= clean <= 1.0
    assert same(laws.taken_off(stays[0], 1.0), laws.taken_back(stays[0]))
