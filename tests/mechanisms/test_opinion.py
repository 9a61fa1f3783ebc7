"""Opinion: each kind by hand, repetition as a logarithm, decay as a half-life."""

from __future__ import annotations

import math

import pytest
from hypothesis import strategies as st
from pytest import approx

from sim.mechanisms import opinion as laws
from sim.mechanisms.opinion import (
    ASSIMILATION_CONTRAST,
    BOUNDED_CONFIDENCE,
    DEGROOT,
    NONE,
    decayed,
    move,
    repetition,
    step,
)
from tests.mechanisms.properties import (
    BOOLEAN,
    FACTOR,
    HOURS,
    POSITIVE,
    SHARE,
    SIGNED,
    Two,
    below,
    holds,
    number,
    same,
)


@pytest.mark.parametrize("n", [1, 2, 10, 300])
def test_repetition_adds_up_to_a_logarithm(n: int) -> None:
    total = sum(repetition(float(k), 1.0) for k in range(n))
    assert total == approx(math.log(1 + n) / math.log(2))
    assert repetition(0.0, 0.7) == approx(0.7)  # the first exposure counts in full


def test_a_passing_opinion_halves() -> None:
    assert decayed(0.08, 120.0, 120.0) == approx(0.04)
    assert decayed(-0.08, 0.0, 120.0) == -0.08
    assert decayed(decayed(0.08, 30.0, 120.0), 90.0, 120.0) == approx(0.04)


@pytest.mark.parametrize(
    ("s", "x", "beta", "prone", "change"),
    [
        (0.0, 0.6, 0.02, False, 0.02),  # acceptable: towards the position
        (0.0, -0.6, 0.02, False, -0.02),
        (0.0, 0.6, -0.02, False, -0.02),  # a tone that repels
        (0.0, 0.0, 0.02, False, 0.0),  # nothing is said
        (-0.5, 0.6, 0.02, False, 0.0),  # beyond the latitude: nothing
        (-0.5, 0.6, 0.02, True, -0.01),  # but for the prone, who move away
        (-0.5, 0.6, -0.02, True, -0.01),  # whatever the sign of the tone
        (0.5, -0.6, 0.02, True, 0.01),
        (-0.2, 0.6, 0.02, True, 0.02),  # the edge belongs to what is acceptable
    ],
)  # fmt: skip
def test_assimilation_and_contrast(
    s: float, x: float, beta: float, prone: bool, change: float
) -> None:
    assert step(ASSIMILATION_CONTRAST, s, x, beta, prone, 0.8, 0.5) == approx(change)


def test_bounded_confidence_pulls_what_is_near() -> None:
    assert step(BOUNDED_CONFIDENCE, 0.1, 0.5, 9.0, True, 0.6, 0.01) == approx(0.004)
    assert step(BOUNDED_CONFIDENCE, -0.2, 0.5, 9.0, True, 0.6, 0.01) == 0.0


def test_degroot_pulls_everybody_and_ends_in_consensus() -> None:
    assert step(DEGROOT, -0.4, 0.6, 9.0, True, 0.0, 0.01) == approx(0.01)
    s = -0.9
    for _ in range(2_000):
        s += step(DEGROOT, s, 0.6, 0.0, False, 0.0, 0.01)
    assert s == approx(0.6, abs=1e-6)


def test_no_opinion_does_not_move() -> None:
    assert step(NONE, -0.4, 0.6, 9.0, True, 2.0, 1.0) == 0.0


def test_a_move_is_gain_times_weight_times_step() -> None:
    assert move(0.5, 0.8, DEGROOT, 0.0, 0.5, 0.0, False, 0.0, 0.1) == approx(0.02)


@holds(n=st.integers(0, 1_000), gain=FACTOR)
def test_repetition_wears_off_and_adds_up_to_a_logarithm(n: int, gain: float) -> None:
    assert 0.0 < laws.repetition(n + 1, gain) < laws.repetition(n, gain) <= gain * (1.0 + 1e-12)
    summed = math.fsum(laws.repetition(k, gain) for k in range(n % 50))
    assert same(summed, gain * math.log2(1.0 + n % 50))


KINDS_OF_MINDS = st.sampled_from([0, 1, 2, 3])


@holds(kind=KINDS_OF_MINDS, s=SIGNED, x=SIGNED, tone=number(-0.2, 0.2), prone=BOOLEAN,
       reach=number(0.01, 2.0), strength=SHARE)
def test_the_two_sides_of_opinion_mirror_each_other(kind: int, s: float, x: float, tone: float,
                                                    prone: bool, reach: float,
                                                    strength: float) -> None:
    found = laws.step(kind, s, x, tone, prone, reach, strength)
    assert found == -laws.step(kind, -s, -x, tone, prone, reach, strength)
    if kind == 1:
        assert abs(found) <= abs(tone)
    else:  # never beyond the position that pulls
        assert below(abs(found), abs(x - s)) and found * (x - s) >= 0.0


@holds(kind=KINDS_OF_MINDS, s=SIGNED, x=SIGNED, tone=number(-0.2, 0.2), gain=SHARE, weight=SHARE)
def test_a_move_is_a_part_of_the_step(kind: int, s: float, x: float, tone: float, gain: float,
                                      weight: float) -> None:
    step = laws.step(kind, s, x, tone, True, 0.5, 0.5)
    assert abs(laws.move(gain, weight, kind, s, x, tone, True, 0.5, 0.5)) <= abs(step)
    assert same(laws.move(1.0, 1.0, kind, s, x, tone, True, 0.5, 0.5), step)
    assert laws.move(0.0, weight, kind, s, x, tone, True, 0.5, 0.5) == 0.0


@holds(part=SIGNED, gaps=st.tuples(HOURS, HOURS), half=POSITIVE)
def test_what_passes_passes_alike_however_often_it_is_looked_at(part: float, gaps: Two,
                                                                half: float) -> None:
    twice = laws.decayed(laws.decayed(part, gaps[0], half), gaps[1], half)
    assert same(twice, laws.decayed(part, gaps[0] + gaps[1], half), rel=1e-6)
    assert abs(twice) <= abs(part) and laws.decayed(part, 0.0, half) == part
    assert same(laws.decayed(part, half, half), part / 2.0)
