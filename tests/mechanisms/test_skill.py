"""Skill: every law against a number worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.mechanisms import skill
from sim.mechanisms import skill as laws
from tests.mechanisms.properties import (
    EXPONENT,
    HOURS,
    POSITIVE,
    SHARE,
    SIGNED,
    SIZE,
    Two,
    below,
    holds,
    number,
    rising,
    same,
)


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


@holds(hours=SIZE, staff=rising(SIZE))
def test_hours_are_shared_by_whole_heads(hours: float, staff: Two) -> None:
    few, many = (laws.hours_per_head(hours, one) for one in staff)
    assert many <= few <= hours


@holds(posts=POSITIVE, usual=POSITIVE)
def test_practice_beyond_the_usual_and_below_it_mirror(posts: float, usual: float) -> None:
    found = laws.practice(posts, usual)
    assert -1.0 <= found <= 1.0 and found == -laws.practice(usual, posts)
    assert laws.practice(usual, usual) == 0.0 == laws.practice(posts, posts)


@holds(half=number(0.1, 1e4))
def test_half_of_a_skill_is_lost_in_its_half_life(half: float) -> None:
    assert 0.0 < laws.decay(half) < 1.0
    assert same((1.0 - laws.decay(half)) ** half, 0.5, rel=1e-6)


@holds(gain=SHARE, hours=rising(SIZE), slope=number(0.5, 3.0), half=POSITIVE)
def test_training_has_a_ceiling(gain: float, hours: Two, slope: float, half: float) -> None:
    less, more = (laws.training_gain(gain, one, slope, half) for one in hours)
    assert less >= 0.0 and below(less, more) and more <= gain
    assert laws.training_gain(gain, 0.0, slope, half) == 0.0
    assert same(laws.training_gain(gain, half, slope, half), gain / 2.0)


@holds(part=SHARE, learned=number(0.0, 0.5), ceiling=number(0.5, 3.0), lost=SHARE)
def test_a_stock_never_grows_beyond_its_ceiling(part: float, learned: float, ceiling: float,
                                                lost: float) -> None:
    stock = part * ceiling
    found = laws.next_stock(stock, learned, ceiling, lost)
    assert found >= -1e-12 and below(found, ceiling)
    assert laws.next_stock(stock, 0.0, ceiling, 0.0) == stock
    assert below(laws.next_stock(ceiling, learned, ceiling, lost), ceiling)


@holds(level=SIGNED, better=SIGNED, gain=SHARE, hours=SIZE, half=POSITIVE)
def test_one_learns_from_betters_only_and_never_past_them(level: float, better: float, gain: float,
                                                          hours: float, half: float) -> None:
    found = laws.taught(level, better, gain, hours, half)
    assert found >= 0.0 and below(found, max(better - level, 0.0))
    assert laws.taught(level, better, gain, 0.0, half) == 0.0


@holds(levels=rising(SIGNED), spread=SHARE, exponent=EXPONENT)
def test_skill_makes_better_posts_and_fewer_blunders(levels: Two, spread: float,
                                                     exponent: float) -> None:
    poor, good = (laws.on_quality(level, spread) for level in levels)
    assert poor > 0.0 and below(poor, good) and laws.on_quality(0.0, 0.0) == 1.0
    clumsy, deft = (laws.on_blunders(level, exponent) for level in levels)
    assert deft > 0.0 and below(deft, clumsy) and laws.on_blunders(0.0, exponent) == 1.0


@holds(now=HOURS, before=HOURS, carry=SHARE)
def test_an_effect_lies_between_then_and_now(now: float, before: float, carry: float) -> None:
    found = laws.carried(now, before, carry)
    assert below(min(now, before), found) and below(found, max(now, before))
    assert laws.carried(now, before, 0.0) == now and laws.carried(now, now, carry) == now
