"""Clearance: its laws by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.mechanisms import clearance
from sim.mechanisms import clearance as laws
from tests.mechanisms.properties import (
    FACTOR,
    HOURS,
    POSITIVE,
    RANK,
    SHARE,
    SIZE,
    Two,
    below,
    holds,
    rising,
    same,
)


def test_service() -> None:
    assert clearance.mean_service(1.2, 140.0) == pytest.approx(1.0)
    assert clearance.service(math.exp(-2.0), 0.5) == pytest.approx(1.0)
    dice = (np.arange(100_000) + 0.5) / 100_000
    assert clearance.service(dice, 0.7).mean() == pytest.approx(0.7, rel=1e-3)


def test_work_waits_and_is_worked_off() -> None:
    assert clearance.backlog(0.0, 3.5) == 2.5
    assert clearance.backlog(2.5, 0.0) == 1.5
    assert clearance.backlog(0.4, 0.2) == 0.0
    assert clearance.wait(1.5, 0.5, 0.25) == pytest.approx(1.75)
    assert clearance.wait(0.1, 0.2, 0.9) == 0.0


@holds(capacity=FACTOR, posts=POSITIVE)
def test_at_capacity_one_a_week_clears_the_usual_week(capacity: float, posts: float) -> None:
    assert same(laws.mean_service(1.0, posts) * posts, 168.0)
    assert same(laws.mean_service(2.0 * capacity, posts), laws.mean_service(capacity, posts) / 2.0)


@holds(dice=rising(RANK), mean=POSITIVE)
def test_service_takes_time_and_falls_with_the_die(dice: Two, mean: float) -> None:
    assert laws.service(dice[0], mean) >= laws.service(dice[1], mean) >= 0.0
    assert same(laws.service(0.5, mean), mean * math.log(2.0))


@holds(before=rising(SIZE), submitted=SIZE)
def test_what_waits_is_no_less_than_nothing_and_never_overtakes(before: Two, submitted: float
                                                                    ) -> None:
    less, more = (laws.backlog(one, submitted) for one in before)
    assert 0.0 <= less <= more <= before[1] + submitted
    assert below(more, less + (before[1] - before[0]))
    assert same(laws.backlog(before[0] + 1.0, submitted), before[0] + submitted)


@holds(waiting=SIZE, ahead=rising(HOURS), past=SHARE)
def test_those_ahead_make_the_wait_longer(waiting: float, ahead: Two, past: float) -> None:
    first, last = (laws.wait(waiting, one, past) for one in ahead)
    assert 0.0 <= first <= last <= waiting + ahead[1] == laws.wait(waiting, ahead[1], 0.0)
