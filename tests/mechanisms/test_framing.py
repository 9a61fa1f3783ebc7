"""Frames on one event: order and distance in time, with a sign that is free."""

from __future__ import annotations

import pytest
from pytest import approx

from sim.mechanisms.framing import frame_weight


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
