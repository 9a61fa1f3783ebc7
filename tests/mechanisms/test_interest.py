"""Rising interest, against numbers worked by hand."""

from __future__ import annotations

from pytest import approx

from sim.mechanisms import interest as laws
from sim.mechanisms.circumstance import first_week
from sim.mechanisms.interest import drawn_by, interest, n_searches
from tests.mechanisms.properties import (
    EXPONENT,
    POSITIVE,
    RANK,
    SHARE,
    SIZE,
    WHOLE,
    Two,
    below,
    holds,
    number,
    rising,
    same,
)


def test_interest_rises_along_the_ramp_and_halves_after_it() -> None:
    assert interest(-0.1, 2.0, 10.0, 30.0) == 1.0
    assert interest(0.0, 2.0, 10.0, 30.0) == 1.0
    assert interest(5.0, 2.0, 10.0, 30.0) == 2.0
    assert interest(10.0, 2.0, 10.0, 30.0) == 3.0
    assert interest(40.0, 2.0, 10.0, 30.0) == approx(2.0)
    assert interest(0.0, 2.0, 0.0, 30.0) == 3.0  # a step
    assert interest(5.0, 0.0, 10.0, 30.0) == 1.0


def test_at_rest_it_changes_no_bit() -> None:
    for elasticity in (0.0, 0.3, 1.0, 7.7):
        assert drawn_by(1.0, elasticity) == 1.0
    assert drawn_by(4.0, 0.5) == approx(2.0)


def test_searches_beyond_rest_grow_with_interest_and_public() -> None:
    assert n_searches(1.0, 0.01, 5_000.0, 0.99) == 0
    assert n_searches(2.0, 0.01, 5_000.0, 0.0) == 50
    assert n_searches(2.5, 0.001, 500.0, 0.2) == 0  # 0.75 of a view
    assert n_searches(2.5, 0.001, 500.0, 0.3) == 1


def test_desks_take_it_up_with_the_next_week() -> None:
    assert [first_week(2, day) for day in (0, 1, 7, 8)] == [2, 3, 3, 4]


@holds(day=number(0.0, 100.0), size=SIZE, ramp=POSITIVE, half=POSITIVE)
def test_interest_rises_to_its_size_and_returns(day: float, size: float, ramp: float,
                                                half: float) -> None:
    level = laws.interest(day, size, ramp, half)
    assert level >= 1.0 and below(level, 1.0 + size)
    assert laws.interest(-day - 1e-9, size, ramp, half) == 1.0
    assert same(laws.interest(ramp, size, ramp, half), 1.0 + size)
    assert same(laws.interest(ramp + half, size, ramp, half), 1.0 + size / 2.0)
    assert laws.interest(day, 0.0, ramp, half) == 1.0


@holds(levels=rising(number(1.0, 1e3)), elasticity=EXPONENT)
def test_interest_draws_more_the_more_there_is(levels: Two, elasticity: float) -> None:
    some, more = (laws.drawn_by(level, elasticity) for level in levels)
    assert some >= 1.0 and below(some, more)
    assert laws.drawn_by(1.0, elasticity) == laws.drawn_by(levels[1], 0.0) == 1.0


@holds(levels=rising(number(1.0, 1e3)), each=SHARE, people=WHOLE, die=RANK)
def test_searches_are_whole_and_none_without_interest(levels: Two, each: float, people: int,
                                                      die: float) -> None:
    some, more = (laws.n_searches(level, each, people, die) for level in levels)
    assert 0 <= some <= more == int(more)
    assert laws.n_searches(1.0, each, people, die) == 0
    assert abs(more - (levels[1] - 1.0) * each * people) <= 1.0
