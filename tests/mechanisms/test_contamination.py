"""False reactions and followers against numbers worked by hand."""

from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from sim.mechanisms import contamination as laws
from sim.mechanisms.contamination import (
    Inflated,
    arrived,
    false_count,
    false_followers,
    hours_until_half_removed,
    not_yet_removed,
    removed,
    still_there,
    wrongly_flagged,
)
from tests.mechanisms.properties import (
    FACTOR,
    HOURS,
    POSITIVE,
    SHARE,
    WHOLE,
    Two,
    holds,
    number,
    rising,
)

LN2 = math.log(2.0)


def test_arrivals_and_survivors() -> None:
    # by hand: half has come after d ln 2; with d = 2, r = 4 and t = 4 ln 2 the chain of two decays
    # leaves (e^-t/4 - e^-t/2) 4 / 2 = (1/2 - 1/4) 2 = 1/2
    assert arrived(2 * LN2, 2.0) == pytest.approx(0.5)
    assert not_yet_removed(4 * LN2, 2.0, 4.0) == pytest.approx(0.5)
    # with equal times: t/d e^(-t/d) = 1/e at t = d, as the limit of the formula
    assert not_yet_removed(3.0, 3.0, 3.0) == pytest.approx(math.exp(-1.0))
    assert not_yet_removed(3.0, 3.0, 3.001) == pytest.approx(math.exp(-1.0), rel=1e-3)
    # recall .5: of the 3/4 that have come, half is never found, of the found half 1/2 is left
    assert still_there(4 * LN2, 2.0, 4.0, 0.5) == pytest.approx(0.5 * 0.75 + 0.5 * 0.5)
    assert removed(4 * LN2, 2.0, 4.0, 0.5) == pytest.approx(0.5 * (0.75 - 0.5))


@pytest.mark.parametrize("age", [0.0, 0.1, 1.0, 7.0, 100.0, 5_000.0])
@pytest.mark.parametrize("recall", [0.0, 0.4, 1.0])
def test_nothing_is_lost_between_there_and_removed(age: float, recall: float) -> None:
    there, gone = still_there(age, 1.5, 30.0, recall), removed(age, 1.5, 30.0, recall)
    assert 0.0 <= there <= 1.0 and 0.0 <= gone <= recall + 1e-12
    assert there + gone == pytest.approx(arrived(age, 1.5), abs=1e-12)


def test_a_perfect_detector_leaves_nothing_in_the_end() -> None:
    assert still_there(1e5, 1.0, 50.0, 1.0) == pytest.approx(0.0, abs=1e-12)
    assert still_there(1e5, 1.0, 50.0, 0.0) == pytest.approx(1.0)


def test_counts_are_whole_and_rounded_down() -> None:
    assert false_count(10.0, 2.0, 0.37) == 7  # 7.4
    assert false_count(1.0, 1.0, 0.99) == 0


def test_false_followers() -> None:
    # by hand: 1,000 real; .4 false when it began; after a mean survival (t = r) of the found half
    # 1/e is left: 400 (.5 + .5/e) = 273.6; bought .1 a month for 2 months: 1,000 x .1 x
    # (.5 x 2 + .5 x 2 (1 - 1/e)) = 163.2
    assert false_followers(1_000.0, 0.4, 0.0, 0.0, 2.0, 0.5) == 400
    assert false_followers(1_000.0, 0.4, 0.0, 2.0, 2.0, 0.5) == 273
    assert false_followers(1_000.0, 0.0, 0.1, 2.0, 2.0, 0.5) == 163


def test_precision_says_how_many_are_flagged_by_mistake() -> None:
    assert wrongly_flagged(90.0, 0.75) == 30 and wrongly_flagged(90.0, 1.0) == 0


def test_time_to_half_removal() -> None:
    # without a wait for arrival it is the median of the survival
    assert hours_until_half_removed(1e-6, 100.0) == pytest.approx(100.0 * LN2, rel=1e-4)
    later = hours_until_half_removed(10.0, 100.0)
    assert removed(later, 10.0, 100.0, 1.0) == pytest.approx(0.5)


VALUES = dict(
    kind="inflated", beneficiary="rivals", share_served=0.5, p_boosted=0.5, shares_per_boost=10,
    likes_per_share=2, arrival_hours=1, rel_followers=0.1, rel_followers_per_month=0.01,
    recall=0.5, precision=0.9, removal_days=20,
)  # fmt: skip


@pytest.mark.parametrize("beneficiary", ["ours", "friends"])
def test_only_third_parties_benefit(beneficiary: str) -> None:
    with pytest.raises(ValidationError, match="beneficiary"):
        Inflated(**{**VALUES, "beneficiary": beneficiary})


@holds(ages=rising(HOURS), arrival=POSITIVE, removal=POSITIVE, recall=SHARE)
def test_what_came_is_there_or_has_been_removed(ages: Two, arrival: float, removal: float,
                                                recall: float) -> None:
    for age in ages:
        came = laws.arrived(age, arrival)
        there = laws.still_there(age, arrival, removal, recall)
        gone = laws.removed(age, arrival, removal, recall)
        assert 0.0 <= came <= 1.0 and 0.0 <= there <= 1.0 + 1e-6 and 0.0 <= gone <= 1.0
        assert math.isclose(there + gone, came, rel_tol=1e-6, abs_tol=1e-6)
        assert laws.not_yet_removed(age, arrival, removal) >= 0.0
    assert laws.arrived(ages[0], arrival) <= laws.arrived(ages[1], arrival)
    never = laws.not_yet_removed(ages[0], arrival, 1e12)
    assert math.isclose(never, laws.arrived(ages[0], arrival), rel_tol=1e-6, abs_tol=1e-6)
    assert laws.still_there(ages[0], arrival, removal, 0.0) == laws.arrived(ages[0], arrival)


@holds(bought=WHOLE, times=FACTOR, parts=rising(SHARE))
def test_false_reactions_are_whole_and_grow_with_the_part_there(bought: int, times: float,
                                                                parts: Two) -> None:
    few, many = (laws.false_count(bought, times, part) for part in parts)
    assert 0 <= few <= many <= bought * times and few == int(few)
    assert laws.false_count(0, times, parts[1]) == 0


@holds(people=WHOLE, stock=SHARE, monthly=SHARE, months=HOURS.map(lambda h: h / 200.0),
       removal=FACTOR, recall=rising(SHARE))
def test_a_better_detector_leaves_no_more_false_followers(
    people: int, stock: float, monthly: float, months: float, removal: float, recall: Two
) -> None:
    poor, good = (laws.false_followers(people, stock, monthly, months, removal, one)
                  for one in recall)
    assert 0 <= good <= poor + 1  # rounding down, twice
    assert laws.false_followers(people, 0.0, 0.0, months, removal, recall[0]) == 0
    at_once = laws.false_followers(people, stock, monthly, 0.0, removal, recall[0])
    assert people * stock - 1.0 <= at_once <= people * stock + 1e-6


@holds(removed=WHOLE, precision=rising(number(0.01, 1.0)))
def test_a_precise_detector_flags_fewer_who_are_authentic(removed: int, precision: Two) -> None:
    crude, fine = (laws.wrongly_flagged(removed, one) for one in precision)
    assert 0 <= fine <= crude
    assert laws.wrongly_flagged(removed, 1.0) == 0
    assert laws.wrongly_flagged(removed, 0.5) == removed
