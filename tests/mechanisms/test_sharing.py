"""Reacting: every factor has mean 1 over baseline views, so that p0 keeps its meaning."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pytest import approx
from scipy import integrate, stats

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
