"""Heads of mission: use of hours and rhythm, by hand."""

from __future__ import annotations

import pytest

from sim.mechanisms import heads


def test_only_added_hours_are_lost_on_the_disinterested() -> None:
    assert heads.used_hours(20.0, 10.0, 0.2) == pytest.approx(12.0)
    assert heads.used_hours(20.0, 10.0, 0.0) == 10.0
    assert heads.used_hours(6.0, 10.0, 0.2) == 6.0
    assert heads.used_hours(20.1, 10.0, 1.0) == 20.1


def test_irregular_weeks_make_up_for_each_other() -> None:
    p = 0.25
    assert heads.rhythm(1.0, p) == 0.0
    assert p * heads.rhythm(1.0, p) + (1 - p) * heads.rhythm(0.0, p) == pytest.approx(1.0)
    assert heads.rhythm(0.0, 0.0) == 1.0
