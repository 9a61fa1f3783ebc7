"""Wear-in and wear-out against numbers worked by hand."""

from __future__ import annotations

from math import exp, log2

import pytest

from sim.mechanisms.opinion import repetition
from sim.mechanisms.repetition import again_factor, worn_factor


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
