"""The law of learning, against numbers worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.mechanisms import learning as laws


def test_returns_are_drawn_towards_the_mean() -> None:
    assert laws.cautious_return(12.0, 2.0, 3.0, 10.0) == pytest.approx(42.0 / 12.0)
    assert laws.cautious_return(0.0, 0.0, 3.0, 10.0) == pytest.approx(3.0)  # nothing done: the mean


def test_the_advantage_is_relative_and_nought_without_returns() -> None:
    assert laws.advantage(3.0, 1.0) == pytest.approx(0.5)
    assert laws.advantage(1.0, 3.0) == pytest.approx(-0.5)
    assert laws.advantage(0.0, 0.0) == 0.0


def test_a_constant_advantage_settles_where_memory_says() -> None:
    lean = 0.0
    for _ in range(400):
        lean = laws.next_lean(lean, 0.9, 0.5, 0.2)
    assert lean == pytest.approx(0.5 * 0.2 / 0.1)
    share = laws.planned_share(lean, 0.1)
    assert share == pytest.approx(0.1 + 0.8 / (1.0 + math.exp(-1.0)))


def test_the_floor_holds_and_the_start_is_where_it_was_asked() -> None:
    assert laws.planned_share(np.array([-1e3, 1e3]), 0.1) == pytest.approx([0.1, 0.9])
    for rho in (0.15, 0.5, 0.8):
        assert laws.planned_share(laws.first_lean(rho, 0.1), 0.1) == pytest.approx(rho)
