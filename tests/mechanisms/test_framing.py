"""Frames on one event: order and distance in time, with a sign that is free."""

from __future__ import annotations

import pytest
from pytest import approx

from sim.mechanisms import framing as laws
from sim.mechanisms.framing import frame_weight
from tests.mechanisms.properties import POSITIVE, Two, below, holds, number, rising, same


def test_an_earlier_frame_weakens_a_later_opposed_one() -> None:
    assert frame_weight(True, 1.0, 1.5, 1e9) == approx(1 / 1.5)
    assert frame_weight(True, 120.0, 1.5, 120.0) == approx(1 / 1.25)
    assert frame_weight(True, 1e5, 1.5, 120.0) == approx(1.0)


def test_it_may_also_help_it() -> None:
    assert frame_weight(True, 1.0, 0.5, 1e9) == approx(2.0)


def test_frames_of_one_hour_count_in_full_and_cancel_by_their_signs() -> None:
    assert frame_weight(True, 0.0, 2.5, 120.0) == frame_weight(True, 0.9, 0.5, 120.0) == 1.0


@pytest.mark.parametrize("gap", [0.0, 500.0])
def test_frames_that_agree_and_no_preemption_leave_the_weight(gap: float) -> None:
    assert frame_weight(False, gap, 1.5, 120.0) == 1.0
    assert frame_weight(True, gap, 1.0, 120.0) == 1.0


def test_the_weight_returns_to_one_with_time() -> None:
    weights = [frame_weight(True, float(gap), 2.5, 48.0) for gap in range(1, 500, 10)]
    assert weights == sorted(weights)
    assert weights[0] > 0 and weights[-1] <= 1.0


@holds(gaps=rising(number(1.0, 5e3)), preemption=number(1.0, 20.0), half=POSITIVE)
def test_a_later_frame_weighs_less_at_first_and_all_of_it_in_the_end(gaps: Two, preemption: float,
                                                                     half: float) -> None:
    soon, late = (laws.frame_weight(True, gap, preemption, half) for gap in gaps)
    assert 1.0 / preemption - 1e-12 <= soon and below(soon, late) and late <= 1.0
    assert laws.frame_weight(False, gaps[0], preemption, half) == 1.0
    assert laws.frame_weight(True, gaps[0], 1.0, half) == 1.0
    assert same(laws.frame_weight(True, 1e7, preemption, half), 1.0)
