"""Heads of mission: use of hours and rhythm, by hand."""

from __future__ import annotations

import pytest

from sim.mechanisms import heads
from sim.mechanisms import heads as laws
from tests.mechanisms.properties import SHARE, SIZE, Two, below, holds, number, rising, same


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


@holds(given_=rising(SIZE), table=SIZE, use=SHARE)
def test_hours_beyond_the_table_reach_the_interested_only(
    given_: Two, table: float, use: float
) -> None:
    few, many = (laws.used_hours(one, table, use) for one in given_)
    assert few >= 0.0 and below(many, given_[1])
    assert few <= many + 1e-12 * given_[1]  # what is taken off is as large as what was given
    assert same(laws.used_hours(given_[0], table, 1.0), given_[0], rel=1e-6)
    assert same(laws.used_hours(table, table, use), table)


@holds(lapse=number(0.0, 0.99))
def test_weeks_that_lapse_are_made_up_for(lapse: float) -> None:
    assert laws.rhythm(1.0, lapse) == 0.0
    assert same((1.0 - lapse) * laws.rhythm(0.0, lapse) + lapse * laws.rhythm(1.0, lapse), 1.0)
