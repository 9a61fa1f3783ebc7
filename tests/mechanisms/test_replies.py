"""Replies, exchanges, claims, imitation: the laws against numbers worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import strategies as st
from pytest import approx

from sim.mechanisms import replies as laws
from sim.mechanisms.claims import taken_back, taken_off
from sim.mechanisms.dispute import dispute_bump
from sim.mechanisms.imitation import copied, earned
from sim.mechanisms.replies import p_reply, reply_latency
from tests.mechanisms.properties import POSITIVE, Two, below, holds, number, rising, same


@pytest.mark.parametrize("n", [1, 2, 7, 100])
@pytest.mark.parametrize("p", [0.0, 0.2, 0.8, 1.0])
def test_somebody_replies_with_the_stated_chance_however_many_hear(p: float, n: int) -> None:
    assert 1.0 - (1.0 - p_reply(p, n)) ** n == approx(p)


def test_a_latency_has_the_stated_mean() -> None:
    assert reply_latency(6.0, 0.0, 1.7) == approx(6.0)
    assert reply_latency(6.0, 1.0, 0.5) == approx(6.0)  # exp(.5 - .5)
    assert reply_latency(6.0, 1.0, 1.5) == approx(6.0 * np.e)
    z = np.random.default_rng(1).standard_normal(200_000)
    assert reply_latency(6.0, 0.8, z).mean() == approx(6.0, rel=0.01)


def test_an_exchange_draws_attention_by_its_parties_public() -> None:
    assert dispute_bump(3.0, 500.0, 2_000.0) == approx(0.75)
    assert dispute_bump(3.0, 5_000.0, 2_000.0) == 3.0  # no more than everybody follows
    assert dispute_bump(0.0, 5_000.0, 2_000.0) == 0.0
    assert dispute_bump(3.0, 1.0, 0.0) == 3.0  # a market without people divides by nothing


def test_a_correction_leaves_the_continued_influence() -> None:
    assert taken_back(0.4) == approx(0.6)
    assert taken_back(1.0) == 0.0


def test_warning_and_rebuttal_stand_in_the_stated_ratio_either_way() -> None:
    assert taken_off(0.4, 1.5) == approx(0.4)
    assert taken_back(0.4) / taken_off(0.4, 1.5) == approx(1.5)
    assert taken_back(0.7) / taken_off(0.7, 0.5) == approx(0.5)
    assert taken_off(0.2, 0.5) == 1.0  # nothing more than all can be taken off


def test_earnings_shrink_towards_one_share() -> None:
    assert earned(0.0, 0.0) == 1.0
    assert earned(9.0, 4.0) == 2.0
    assert earned(2e6, 1e6) == approx(2.0, rel=1e-5)


def test_a_mix_moves_towards_what_earned_more() -> None:
    mix, earns = np.array([0.8, 0.2]), np.array([1.0, 2.0])
    average = mix @ earns
    assert average == approx(1.2)
    moved = copied(mix, 0.5, earns, average, 0.0)
    assert moved == approx([0.8 * (0.5 + 0.5 / 1.2), 0.2 * (0.5 + 1.0 / 1.2)])
    assert moved.sum() == approx(1.0)  # the replicator equation keeps the sum
    assert copied(mix, 0.0, earns, average, 0.0) == approx(mix)  # nobody imitates
    assert copied(mix, 1.0, np.ones(2), 1.0, 0.0) == approx(mix)  # nothing earns more


def test_nothing_is_given_up_for_good() -> None:
    assert copied(0.0, 0.5, 3.0, 1.0, 0.01) == 0.01
    assert copied(0.5, 0.5, 3.0, 1.0, 0.01) == approx(1.0)


@holds(anybody=number(0.0, 0.999), hearers=st.integers(1, 10_000))
def test_anybody_replies_with_the_chance_asked_for(anybody: float, hearers: int) -> None:
    each = laws.p_reply(anybody, hearers)
    assert each >= 0.0 and below(each, anybody)
    assert math.isclose(1.0 - (1.0 - each) ** hearers, anybody, rel_tol=1e-6, abs_tol=1e-9)


@holds(mean=POSITIVE, sd=number(0.0, 2.0), z=rising(number(-5.0, 5.0)))
def test_replies_come_after_the_post(mean: float, sd: float, z: Two) -> None:
    soon, late = (laws.reply_latency(mean, sd, one) for one in z)
    assert soon > 0.0 and below(soon, late)
    assert same(laws.reply_latency(mean, 0.0, z[0]), mean)
    assert same(laws.reply_latency(mean, sd, sd / 2.0), mean)
