"""Rising interest, against numbers worked by hand."""

from __future__ import annotations

from pytest import approx

from sim.mechanisms.circumstance import first_week
from sim.mechanisms.interest import drawn_by, interest, n_searches


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
