"""Skill: every law against a number worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.mechanisms import skill


def test_hours_are_divided_among_heads() -> None:
    assert skill.hours_per_head(4.0, 76.0) == pytest.approx(2.0)
    assert skill.hours_per_head(0.5, 5.0) == 0.5  # a part of one head is still one head


def test_practice_is_zero_at_the_table_and_bounded() -> None:
    assert skill.practice(7.3, 7.3) == 0.0
    assert skill.practice(14.0, 7.0) == pytest.approx(1.0 / 3.0)
    assert skill.practice(0.0, 7.0) == -1.0


def test_half_of_the_stock_is_lost_in_a_half_life() -> None:
    stock = 0.4
    for _ in range(52):
        stock = skill.next_stock(stock, 0.0, 0.7, skill.decay(52.0))
    assert stock == pytest.approx(0.2)


def test_training_saturates_and_skill_has_a_ceiling() -> None:
    assert skill.training_gain(0.02, 2.0, 1.0, 2.0) == pytest.approx(0.01)
    assert skill.training_gain(0.02, 0.0, 1.0, 2.0) == 0.0
    assert skill.next_stock(0.0, 0.01, 0.7, 0.0) == pytest.approx(0.01)
    assert skill.next_stock(0.7, 0.01, 0.7, 0.0) == pytest.approx(0.7)
    assert skill.next_stock(-0.2, 0.01, 0.7, 0.0) == pytest.approx(-0.19)
    stock = 0.0
    for _ in range(2_000):
        stock = skill.next_stock(stock, 0.01, 0.7, 0.01)
    assert stock == pytest.approx(0.01 / (0.01 + 0.01 / 0.7))  # g / (d + g / S_max)


def test_exchange_moves_towards_the_better_and_never_back() -> None:
    assert skill.taught(0.1, 0.5, 0.2, 0.5, 0.5) == pytest.approx(0.2 * 0.5 * 0.4)
    assert skill.taught(0.5, 0.1, 0.2, 0.5, 0.5) == 0.0


def test_what_skill_does() -> None:
    assert skill.on_quality(0.0, 0.0) == 1.0 == skill.on_blunders(0.0, 0.5)
    assert skill.on_quality(math.log(2.0), 0.0) == pytest.approx(2.0)
    assert skill.on_blunders(0.4, 0.5) == pytest.approx(math.exp(-0.2))
    z = np.random.default_rng(1).standard_normal(400_000)
    assert skill.on_quality(0.3 * z, 0.3).mean() == pytest.approx(1.0, abs=0.003)


def test_hours_come_into_effect_over_weeks_and_steady_ones_exactly() -> None:
    assert skill.carried(4.0, 2.0, 0.3) == pytest.approx(3.4)
    assert skill.carried(2.7, 1.9, 0.0) == 2.7
    assert skill.carried(0.1 + 0.2, 0.1 + 0.2, 0.37) == 0.1 + 0.2
