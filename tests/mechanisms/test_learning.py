"""The law of learning, against numbers worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.mechanisms import learning as laws
from tests.mechanisms.properties import (
    FACTOR,
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


@holds(earned=SIZE, hours=POSITIVE, mean=FACTOR, caution=POSITIVE)
def test_caution_draws_a_return_towards_the_mean(earned: float, hours: float, mean: float,
                                                 caution: float) -> None:
    found, own = laws.cautious_return(earned, hours, mean, caution), earned / hours
    assert below(min(own, mean), found) and below(found, max(own, mean))
    assert same(laws.cautious_return(earned, hours, mean, 0.0), own)


@holds(planned=SIZE, reactive=SIZE)
def test_an_advantage_changes_its_sign_with_the_sides(planned: float, reactive: float) -> None:
    found = laws.advantage(planned, reactive)
    assert -1.0 <= found <= 1.0 and found == -laws.advantage(reactive, planned)
    assert laws.advantage(0.0, 0.0) == 0.0


@holds(lean=SIGNED, memory=SHARE, rate=SHARE, gained=rising(SIGNED))
def test_a_lean_follows_what_was_gained(lean: float, memory: float, rate: float, gained: Two
                                        ) -> None:
    less, more = (laws.next_lean(lean, memory, rate, one) for one in gained)
    assert less <= more and abs(more) <= abs(lean) + 1.0
    assert laws.next_lean(lean, 1.0, 0.0, gained[0]) == lean


@holds(leans=rising(number(-1e3, 1e3)), floor=number(0.0, 0.49), part=number(0.01, 0.99))
def test_shares_stay_between_their_floors_and_the_first_lean_is_undone(leans: Two, floor: float,
                                                                       part: float) -> None:
    low, high = (laws.planned_share(lean, floor) for lean in leans)
    assert below(floor, low) and below(low, high) and below(high, 1.0 - floor)
    assert same(low + laws.planned_share(-leans[0], floor), 1.0)
    rho = floor + part * (1.0 - 2.0 * floor)
    assert same(laws.planned_share(laws.first_lean(rho, floor), floor), rho, rel=1e-7)
