"""False reactions and followers against numbers worked by hand."""

from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

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
