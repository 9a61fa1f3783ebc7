"""Following: half-lives, joins and leaves by hand; columns and scalars draw alike."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pytest import approx
from scipy import stats

from sim.engine.ties import days_to_come
from sim.mechanisms import following as laws
from sim.mechanisms.following import (
    DAYS_PER_MONTH,
    NEVER,
    exit_days,
    join_base,
    last_day,
    mean_days_following,
    mean_days_interested,
    p_interested,
    p_join,
    p_leave,
)
from sim.streams import name_hash
from tests.mechanisms.properties import FACTOR, SHARE, SIZE, Two, below, holds, number, rising, same


def test_interest_halves_every_half_life() -> None:
    assert p_interested(0.0, 12.0) == 1.0
    assert p_interested(12.0, 12.0) == approx(0.5)
    assert p_interested(36.0, 12.0) == approx(0.125)
    days = 12.0 * DAYS_PER_MONTH
    assert math.exp(-days / mean_days_interested(12.0)) == approx(0.5)


def test_churn_is_a_share_per_month() -> None:
    assert mean_days_following(0.02) == approx(50.0 * DAYS_PER_MONTH)
    assert math.isfinite(mean_days_following(0.0))


def test_who_leaves_before_losing_interest_stops_on_that_day() -> None:
    assert last_day(10.0, 5.5, 99.0) == 15.0
    assert last_day(10.0, 99.0, 0.2) == 10.0
    assert last_day(10.0, 1e9, 1e9) == NEVER


def test_joining_grows_with_the_root_of_quality() -> None:
    assert join_base(0.01, 4.0) == approx(0.02)
    assert p_join(0.02, 1.5) == approx(0.03)
    assert p_join(0.9, 2.0) == 1.0


def test_leaving_grows_with_crowding_and_distance() -> None:
    assert p_leave(0.001, 2.0, 2.0, 1.0) == approx(0.001)
    assert p_leave(0.001, 8.0, 2.0, 2.0) == approx(0.006)
    assert p_leave(0.5, 9.0, 0.0, 4.0) == 1.0
    assert p_leave(0.0, 9.0, 0.0, 4.0) == 0.0


def test_exits_are_exponential_and_independent() -> None:
    ids = np.arange(20_000, dtype=np.uint64)
    with np.errstate(over="ignore"):
        bored, leave = exit_days(name_hash("account", "one"), ids, 500.0, 1_500.0)
    assert stats.kstest(bored, "expon", args=(0, 500.0)).pvalue > 1e-3
    assert stats.kstest(leave, "expon", args=(0, 1_500.0)).pvalue > 1e-3
    assert abs(stats.spearmanr(bored, leave).statistic) < 4 / math.sqrt(len(ids))


@pytest.mark.parametrize("who", [0, 7, 19_999])
def test_engines_draw_the_same_exits_as_columns(who: int) -> None:
    account = name_hash("account", "one")
    with np.errstate(over="ignore"):
        bored, leave = exit_days(account, np.array([who], dtype=np.uint64), 500.0, 1_500.0)
        one = days_to_come(account, who, 500.0, 1_500.0)
    assert one == approx((bored[0], leave[0]), rel=1e-12)


@holds(ages=rising(number(0.0, 200.0)), half=number(0.1, 100.0))
def test_a_cohort_only_shrinks_and_half_is_left_at_the_half_life(ages: Two, half: float) -> None:
    assert 1.0 >= laws.p_interested(ages[0], half) >= laws.p_interested(ages[1], half) >= 0.0
    assert laws.p_interested(0.0, half) == 1.0 and same(laws.p_interested(half, half), 0.5)
    months = laws.mean_days_interested(half) / laws.DAYS_PER_MONTH
    assert same(laws.p_interested(months, half), math.exp(-1.0))


@holds(churn=rising(SHARE))
def test_more_churn_shorter_following(churn: Two) -> None:
    assert laws.mean_days_following(churn[0]) >= laws.mean_days_following(churn[1]) > 0.0
    assert math.isfinite(laws.mean_days_following(0.0))
    months = laws.mean_days_following(churn[0] + 0.01) / laws.DAYS_PER_MONTH
    assert same(months * (churn[0] + 0.01), 1.0)


@holds(day=number(0.0, 500.0), bored=SIZE, leave=SIZE)
def test_whichever_comes_first_ends_it_on_a_day(day: float, bored: float, leave: float) -> None:
    last = laws.last_day(day, bored, leave)
    assert last == int(last) <= laws.NEVER and last <= day + min(bored, leave)
    assert last == laws.last_day(day, leave, bored)
    assert laws.last_day(day, 1e9, 1e9) == laws.NEVER


@holds(p=SHARE, quality=rising(FACTOR), agreement=FACTOR)
def test_chances_of_joining_are_chances(p: float, quality: Two, agreement: float) -> None:
    poor, good = (laws.join_base(p, one) for one in quality)
    assert poor >= 0.0 and below(poor, good)
    assert 0.0 <= laws.p_join(poor, agreement) <= laws.p_join(max(poor, good), agreement) <= 1.0
    assert same(laws.join_base(p, 4.0), 2.0 * p)
    assert same(laws.p_join(poor, 1.0), min(poor, 1.0))  # who agrees as the mean does


@holds(day=number(0.0, 2_000.0), lasts=number(1.0, 720.0), who=SIZE)
def test_a_mind_lasts_and_is_then_made_up_anew(day: float, lasts: float, who: float) -> None:
    one, person = name_hash("account", "one"), np.uint64(int(who))
    with np.errstate(over="ignore"):
        dice = [laws.die_of_mind(one, person, day + k * lasts / 50.0, lasts) for k in range(51)]
    assert all(0.0 <= die < 1.0 for die in dice)
    assert len(set(dice)) == 2  # once in that time, at a moment of the person's own
    assert sorted(dice, key=dice.index) == dice


def test_minds_are_uniform_and_of_one_account_and_one_person() -> None:
    with np.errstate(over="ignore"):
        here, there, later = (
            [laws.die_of_mind(name_hash("account", name), np.uint64(k), day, 180.0)
             for k in range(5_000)]
            for name, day in (("one", 1.0), ("two", 1.0), ("one", 181.0))
        )  # fmt: skip
        early = [laws.die_of_mind(name_hash("account", "one"), np.uint64(k), 91.0, 180.0)
                 for k in range(5_000)]  # fmt: skip
    assert stats.kstest(here, "uniform").pvalue > 1e-3
    for other in (there, later):
        assert abs(stats.spearmanr(here, other).statistic) < 4 / math.sqrt(5_000)
    changed = sum(a != b for a, b in zip(here, early, strict=True))
    assert abs(changed - 2_500) < 4 * math.sqrt(1_250)  # half a lifetime: half of them


@holds(rate=rising(SHARE), n=rising(SIZE), u=SHARE)
def test_recommendation_brings_more_to_those_who_have_more(rate: Two, n: Two, u: float) -> None:
    week = laws.found_per_week(rate[0])
    assert same(week * laws.DAYS_PER_MONTH / 7.0, rate[0]) and week <= laws.found_per_week(rate[1])
    few, many = (laws.n_found(week, one, u) for one in n)
    assert 0 <= few <= many and abs(many - week * n[1]) <= 1.0
    assert laws.n_found(0.0, n[1], u) == int(u)


@holds(n=rising(SIZE), capacity=number(0.1, 100.0))
def test_whoever_follows_more_has_less_room(n: Two, capacity: float) -> None:
    few, many = (laws.p_room(one, capacity) for one in n)
    assert 0.0 < many <= few <= 1.0 and laws.p_room(0.0, capacity) == 1.0
    assert same(laws.p_room(capacity, capacity), 0.5)


@holds(p=SHARE, recent=rising(SIZE), usual=SIZE, opposition=FACTOR)
def test_crowding_drives_away_and_the_usual_does_not(p: float, recent: Two, usual: float,
                                                     opposition: float) -> None:
    few, many = (laws.p_leave(p, one, usual, opposition) for one in recent)
    assert 0.0 <= few <= many <= 1.0
    assert same(laws.p_leave(p, usual, usual, 1.0), p)
