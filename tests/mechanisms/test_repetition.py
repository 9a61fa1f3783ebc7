"""Wear-in and wear-out against numbers worked by hand."""

from __future__ import annotations

import math
from math import exp, log2

import pytest
from hypothesis import strategies as st

from sim.mechanisms import repetition as laws
from sim.mechanisms.opinion import repetition
from sim.mechanisms.repetition import again_factor, worn_factor
from tests.mechanisms.properties import SHARE, below, holds, same


def test_a_message_wears_in_up_to_n1_and_out_after() -> None:
    found = [worn_factor(float(n), 2.0, 0.1, 0.15) for n in range(5)]
    # by hand: 1, 1 + .1 / 2, 1.1, 1.1 e^-.15, 1.1 e^-.3
    assert found == pytest.approx([1.0, 1.05, 1.1, 1.1 * exp(-0.15), 1.1 * exp(-0.3)])
    assert max(found) == found[2]


def test_the_sign_of_wearing_in_is_free() -> None:
    assert worn_factor(2.0, 2.0, -0.3, 0.0) == pytest.approx(0.7)
    assert worn_factor(0.0, 2.0, -0.3, 9.0) == 1.0


def test_what_n_meetings_move_adds_up_like_a_logarithm() -> None:
    assert again_factor(0.0) == 1.0
    total = sum(again_factor(float(n)) for n in range(7))
    assert total == pytest.approx(log2(8.0))
    assert again_factor(3.0) == pytest.approx(repetition(3.0, 1.0))


@holds(met=st.integers(0, 255), familiar=st.integers(1, 20), gain=SHARE, wear=SHARE)
def test_a_message_wears_in_and_then_out(met: int, familiar: int, gain: float, wear: float) -> None:
    now, next_ = (laws.worn_factor(float(n), float(familiar), gain, wear) for n in (met, met + 1))
    assert now >= 0.0 and below(now, 1.0 + gain)
    assert below(now, next_) if met < familiar else below(next_, now)
    assert laws.worn_factor(0.0, float(familiar), gain, wear) == 1.0
    assert laws.worn_factor(float(met), float(familiar), 0.0, 0.0) == 1.0


@holds(met=st.integers(0, 254))
def test_each_meeting_moves_less_than_the_one_before(met: int) -> None:
    assert 0.0 < laws.again_factor(met + 1.0) < laws.again_factor(float(met)) <= 1.0
    summed = math.fsum(laws.again_factor(float(k)) for k in range(met))
    assert same(summed, math.log2(1.0 + met))
