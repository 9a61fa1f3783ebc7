"""Reacting: every factor has mean 1 over baseline views, so that p0 keeps its meaning."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import strategies as st
from pytest import approx
from scipy import integrate, stats

from sim.mechanisms import sharing as laws
from sim.mechanisms.sharing import (
    age_factor,
    attention_factor,
    base_hazard,
    congruence,
    distance_factor,
    hostile_base,
    hostile_hazard,
    language_factor,
    mean_congruence,
    p_react,
    quality_factor,
    recent_after,
    share_hazard,
    topic_factor,
    wear,
)
from tests.mechanisms.properties import (
    BOOLEAN,
    EXPONENT,
    FACTOR,
    HOURS,
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


def test_probability_of_a_hazard() -> None:
    assert p_react(0.0) == 0.0
    assert p_react(math.log(2.0)) == approx(0.5)
    assert p_react(1e-12) == approx(1e-12, rel=1e-9)  # no cancellation in small hazards
    assert p_react(800.0) == 1.0


@pytest.mark.parametrize("kappa", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("log_sd", [0.6, 1.1])
def test_quality_counts_with_mean_one_in_every_generation(kappa: float, log_sd: float) -> None:
    law = stats.norm(-log_sd * log_sd / 2, log_sd)  # the logarithm of a quality of mean 1
    mean = integrate.quad(lambda x: quality_factor(math.exp(x), kappa, log_sd) * law.pdf(x),
                          -12.0, 12.0)[0]  # fmt: skip
    assert mean == approx(1.0)
    assert quality_factor(2.5, 1.0, log_sd) == approx(2.5)
    assert quality_factor(2.5, 0.0, log_sd) == 1.0
    assert quality_factor(4.0, 0.5, 0.0) == approx(2.0)


@pytest.mark.parametrize(
    ("mean", "sd", "width"), [(0.6, 0.4, 0.5), (0.0, 0.35, 0.8), (1.2, 0.2, 0.3)]
)
def test_mean_congruence_is_an_integral(mean: float, sd: float, width: float) -> None:
    law = stats.norm(mean, sd)
    integral = integrate.quad(lambda d: congruence(d, width) * law.pdf(d), -8.0, 8.0)[0]
    assert mean_congruence(mean, sd, width) == approx(integral)
    assert congruence(0.0, width) == 1.0
    assert congruence(width, width) == approx(math.exp(-0.5))


@pytest.mark.parametrize("share", [0.2, 0.35, 0.5])
def test_interest_in_a_topic_has_mean_one(share: float) -> None:
    mean = share * topic_factor(True, share, 0.4) + (1 - share) * topic_factor(False, share, 0.4)
    assert mean == approx(1.0)
    assert topic_factor(False, share, 0.4) == approx(0.6)


def test_language_has_mean_one_over_usual_views() -> None:
    """A share `local` of posts in the reader's language, the rest in English, read by some."""
    local, common, rel = 0.5, 0.3, 1.3
    mean = local * rel + (1 - local) * common
    both = [language_factor(False, True, reads, rel, mean) for reads in (True, False)]
    first = language_factor(True, False, True, rel, mean)
    assert local * first + (1 - local) * (common * both[0] + (1 - common) * both[1]) == approx(1.0)
    assert both[1] == 0.0
    assert language_factor(False, False, True, rel, mean) == 0.0  # a third language


def test_wear_is_one_at_the_usual_rate_and_falls_with_crowding() -> None:
    assert wear(2.0, 2.0, 0.3) == 1.0
    assert wear(5.0, 2.0, 0.2) == approx(1.4 / 2.0)
    assert wear(5.0, 2.0, 0.0) == 1.0


def test_posts_are_forgotten_in_a_day() -> None:
    assert recent_after(3.0, 24.0) == approx(3.0 / math.e)
    n = 0.0
    for _ in range(200):  # one post every 12 h: 1 + e^-.5 + e^-1 + ... before the new one counts
        n = recent_after(n, 12.0) + 1.0
    assert n == approx(1.0 / (1.0 - math.exp(-0.5)))


def test_opposition_has_mean_one() -> None:
    distances = np.random.default_rng(1).normal(0.6, 0.4, 1_000)
    mean_square = float((distances**2).mean())
    assert np.mean([distance_factor(d, mean_square) for d in distances]) == approx(1.0)


def test_age_and_attention() -> None:
    assert age_factor(0, 0.2) * age_factor(3, 0.2) == approx(1.0)
    assert age_factor(2, 0.2) == approx(math.exp(0.1))
    assert attention_factor(1.44, 1.44, 0.7) == 1.0
    assert attention_factor(4.0, 1.0, 0.5) == approx(2.0)


def test_hazards_are_plain_products() -> None:
    assert base_hazard(0.01, 2.0, 1.5, 1.25, 0.8) == approx(0.03)
    assert share_hazard(0.03, 2.0, 1.5, 0.5, 1.0, 2.0, 1.0, 3.0) == approx(0.27)
    assert hostile_base(0.01, 0.2, 2.0, 0.5, 3.0, 4.0) == approx(0.006)
    assert hostile_hazard(0.006, 2.0, 1.5, 3.0) == approx(0.054)
    for k in range(8):  # any factor at zero, and nobody shares
        factors = [1.0] * 8
        factors[k] = 0.0
        assert p_react(share_hazard(*factors)) == 0.0


@holds(hazards=rising(number(0.0, 50.0)))
def test_a_hazard_makes_a_chance(hazards: Two) -> None:
    less, more = (laws.p_react(hazard) for hazard in hazards)
    assert 0.0 <= less <= more <= 1.0 and below(more, hazards[1])
    both = 1.0 - (1.0 - less) * (1.0 - more)  # hazards add up
    assert math.isclose(laws.p_react(sum(hazards)), both, rel_tol=1e-9, abs_tol=1e-9)


@holds(quality=rising(FACTOR), kappa=number(0.0, 2.0), sd=SHARE)
def test_quality_counts_by_kappa(quality: Two, kappa: float, sd: float) -> None:
    poor, good = (laws.quality_factor(one, kappa, sd) for one in quality)
    assert poor > 0.0 and below(poor, good)
    assert same(laws.quality_factor(quality[0], 1.0, sd), quality[0])
    assert laws.quality_factor(quality[0], 0.0, sd) == 1.0


@holds(band=number(0.0, 3.0), tilt=SIGNED)
def test_a_tilt_mirrors_the_ages(band: float, tilt: float) -> None:
    assert same(laws.age_factor(band, tilt) * laws.age_factor(3.0 - band, tilt), 1.0)
    assert laws.age_factor(band, 0.0) == laws.age_factor(1.5, tilt) == 1.0


@holds(share=number(0.01, 1.0), gain=SHARE)
def test_the_interested_and_the_others_have_mean_one(share: float, gain: float) -> None:
    with_, without = laws.topic_factor(True, share, gain), laws.topic_factor(False, share, gain)
    assert 0.0 <= without <= 1.0 <= with_
    assert same(share * with_ + (1.0 - share) * without, 1.0)


@holds(attention=rising(FACTOR), usual=FACTOR, elasticity=EXPONENT)
def test_attention_never_shares_less(attention: Two, usual: float, elasticity: float) -> None:
    quiet, loud = (laws.attention_factor(one, usual, elasticity) for one in attention)
    assert quiet > 0.0 and below(quiet, loud)
    assert laws.attention_factor(usual, usual, elasticity) == 1.0


@holds(distances=rising(number(0.0, 2.0)), width=number(0.05, 5.0), sd=SHARE)
def test_agreement_falls_with_distance(distances: Two, width: float, sd: float) -> None:
    near, far = (laws.congruence(one, width) for one in distances)
    assert 1.0 >= near >= far >= 0.0 and near == laws.congruence(-distances[0], width)
    assert laws.congruence(0.0, width) == 1.0
    assert same(laws.mean_congruence(distances[0], 0.0, width), near)
    assert 0.0 <= laws.mean_congruence(distances[0], sd, width) <= 1.0


@holds(recent=rising(SIZE), usual=SIZE, fatigue=SHARE)
def test_the_usual_rate_does_not_wear(recent: Two, usual: float, fatigue: float) -> None:
    assert laws.wear(recent[0], usual, fatigue) >= laws.wear(recent[1], usual, fatigue) > 0.0
    assert laws.wear(usual, usual, fatigue) == laws.wear(recent[0], usual, 0.0) == 1.0


@holds(n=SIZE, hours=st.tuples(HOURS, HOURS))
def test_posts_are_forgotten_alike_however_often_counted(n: float, hours: Two) -> None:
    twice = laws.recent_after(laws.recent_after(n, hours[0]), hours[1])
    assert 0.0 <= twice <= n and laws.recent_after(n, 0.0) == n
    assert same(twice, laws.recent_after(n, sum(hours)), rel=1e-6)


@holds(distance=number(-2.0, 2.0), mean=FACTOR)
def test_opposition_has_no_direction(distance: float, mean: float) -> None:
    found = laws.distance_factor(distance, mean)
    assert 0.0 <= found == laws.distance_factor(-distance, mean)
    assert same(laws.distance_factor(2.0 * distance, mean), 4.0 * found)
    assert same(laws.distance_factor(math.sqrt(mean), mean), 1.0)


FACTORS = st.lists(number(0.1, 10.0), min_size=8, max_size=8)


@holds(of=FACTORS, place=st.integers(0, 7), times=number(0.0, 10.0))
def test_every_factor_of_a_hazard_is_a_factor(of: list[float], place: int, times: float) -> None:
    """In proportion to each of them, so that none of it is left where one is zero; 1 is neutral."""
    more = [*of[:place], of[place] * times, *of[place + 1 :]]
    for hazard, n in ((laws.base_hazard, 5), (laws.share_hazard, 8), (laws.hostile_hazard, 4)):
        assert hazard(*[1.0] * n) == 1.0 and hazard(*of[:n]) > 0.0
        if place < n:
            assert same(hazard(*more[:n]), times * hazard(*of[:n]))


@holds(p0=SHARE, ratio=rising(SHARE), mean=FACTOR, worn=FACTOR, tone=FACTOR, blunder=FACTOR)
def test_hostility_is_in_proportion_to_its_ratio(p0: float, ratio: Two, mean: float, worn: float,
                                                 tone: float, blunder: float) -> None:
    less, more = (laws.hostile_base(p0, one, mean, worn, tone, blunder) for one in ratio)
    assert less >= 0.0 and below(less, more)
    assert laws.hostile_base(p0, 0.0, mean, worn, tone, blunder) == 0.0
    assert same(less * mean, laws.hostile_base(p0, ratio[0], 1.0, worn, tone, blunder))


@holds(is_first=BOOLEAN, is_common=BOOLEAN, reads=BOOLEAN, local=number(1.0, 5.0), mean=FACTOR)
def test_nothing_from_who_cannot_read_it(is_first: bool, is_common: bool, reads: bool,
                                         local: float, mean: float) -> None:
    found = laws.language_factor(is_first, is_common, reads, local, mean)
    assert (found > 0.0) == (is_first or (is_common and reads))
    assert below(found, laws.language_factor(True, is_common, reads, local, mean))
