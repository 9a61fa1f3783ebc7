"""Being seen: numbers worked by hand, and integrals over days, hours and people."""

from __future__ import annotations

import math

import pytest
from pytest import approx

from sim.mechanisms import visibility as laws
from sim.mechanisms.visibility import (
    inflow,
    intent,
    mean_delay,
    mean_late_delay,
    p_active_day,
    p_late,
    p_offered,
    p_seen,
    rate_factor,
    rate_when_active,
    rhythm,
)
from tests.mechanisms.properties import (
    EXPONENT,
    FACTOR,
    POSITIVE,
    SHARE,
    Two,
    below,
    holds,
    number,
    rising,
    same,
)


def test_seeing_is_a_race_between_a_visit_and_the_burial_of_the_post() -> None:
    assert p_seen(0.5, 0.5) == approx(0.5)  # visited as often as buried: an even race
    assert p_seen(0.15, 0.5) == approx(0.3 / 1.3)
    assert p_seen(0.0, 0.2) == 0.0
    assert p_offered(0.5, 1.4, 0.5, 0.5) == approx(0.35)


def test_the_delay_of_a_view_is_the_shorter_of_two_exponentials() -> None:
    assert mean_delay(0.5, 0.5) == approx(1.0)
    assert mean_delay(0.15, 0.1) == approx(4.0)


@pytest.mark.parametrize("ratio", [1.0, 3.0, 6.0, 15.0])
def test_rhythm_has_mean_one_and_the_stated_ratio(ratio: float) -> None:
    hours = [24.0 * k / 480 for k in range(480)]
    values = [rhythm(hour, ratio) for hour in hours]
    assert sum(values) / len(values) == approx(1.0)
    assert max(values) / min(values) == approx(ratio)
    assert rhythm(20.0, ratio) == approx(max(values))
    assert rhythm(8.0, ratio) == approx(min(values))


@pytest.mark.parametrize("rate", [0.01, 0.15, 2.0])
@pytest.mark.parametrize("per_active_day", [3.0, 8.0])
def test_bursts_of_presence_leave_the_mean_rate(rate: float, per_active_day: float) -> None:
    active = p_active_day(rate, per_active_day)
    assert active == approx(24 * rate / (24 * rate + per_active_day))
    assert active * rate_when_active(rate, per_active_day) == approx(rate)


def test_a_crowded_moment_draws_people_in_and_buries_posts() -> None:
    assert rate_factor(20.0, 1.0, 16.0, 0.5) == approx(4.0)
    assert inflow(8.0, 2.0 / 3.0) == approx(4.0)
    assert inflow(1.0, 0.6) == rate_factor(3.0, 1.0, 1.0, 0.2) == 1.0
    assert p_late(0.08, 4.0, 0.5) == approx(0.16)


def test_half_of_the_late_views_come_before_the_stated_median() -> None:
    assert 1 - math.exp(-60.0 / mean_late_delay(60.0)) == approx(0.5)


@pytest.mark.parametrize(("share", "late"), [(0.08, 3.0), (0.0, 3.0), (0.15, 6.0), (1.0, 2.0)])
def test_intent_has_mean_one_over_all_views(share: float, late: float) -> None:
    assert share * intent(True, share, late) + (1 - share) * intent(False, share, late) == approx(1)
    assert intent(True, share, late) / intent(False, share, late) == approx(late)


@holds(hour=number(0.0, 24.0), ratio=number(1.0, 50.0), attention=FACTOR, elasticity=EXPONENT)
def test_the_rhythm_of_a_day_has_its_ratio_and_its_mean(
    hour: float, ratio: float, attention: float, elasticity: float
) -> None:
    peak, trough = laws.rhythm(20.0, ratio), laws.rhythm(8.0, ratio)
    now = laws.rhythm(hour, ratio)
    assert trough - 1e-12 <= now <= peak + 1e-12 and same(peak / trough, ratio)
    assert same(now + laws.rhythm(hour + 12.0, ratio), 2.0)
    assert same(laws.rate_factor(hour, ratio, 1.0, elasticity), now)
    assert same(laws.rate_factor(hour, 1.0, attention, 1.0), attention)


@holds(visits=rising(number(1e-6, 10.0)), each=FACTOR)
def test_days_and_visits_make_the_mean_rate_again(visits: Two, each: float) -> None:
    seldom, often = (laws.p_active_day(one, each) for one in visits)
    assert 0.0 < seldom <= often < 1.0
    assert same(seldom * laws.rate_when_active(visits[0], each), visits[0])


@holds(attention=rising(FACTOR), exponent=EXPONENT, share=SHARE)
def test_attention_fills_feeds_and_searches(attention: Two, exponent: float, share: float) -> None:
    quiet, loud = (laws.inflow(one, exponent) for one in attention)
    assert quiet > 0.0 and below(quiet, loud) and laws.inflow(1.0, exponent) == 1.0
    few, many = (laws.p_late(share, one, exponent) for one in attention)
    assert below(few, many)
    assert laws.p_late(share, 1.0, exponent) == share


@holds(rate=rising(POSITIVE), burial=POSITIVE, selection=SHARE, rel=SHARE)
def test_two_clocks_compete(rate: Two, burial: float, selection: float, rel: float) -> None:
    seldom, often = (laws.p_seen(one, burial) for one in rate)
    assert seldom > 0.0 and below(seldom, often) and often < 1.0
    assert same(seldom + laws.p_seen(burial, rate[0]), 1.0)  # one of them is first
    assert same(laws.mean_delay(rate[0], burial) * rate[0], seldom)
    assert 0.0 <= laws.p_offered(selection, rel, rate[0], burial) <= min(selection, seldom)


@holds(median=POSITIVE)
def test_half_of_the_late_have_come_at_the_median(median: float) -> None:
    assert same(math.exp(-median / laws.mean_late_delay(median)), 0.5)


@holds(share=SHARE, late=number(0.1, 10.0))
def test_intent_has_mean_one_over_views(share: float, late: float) -> None:
    of_late, usual = laws.intent(True, share, late), laws.intent(False, share, late)
    assert same(share * of_late + (1.0 - share) * usual, 1.0)
    assert same(of_late / usual, late)
