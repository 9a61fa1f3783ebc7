"""How people differ: traits are ranks, a world's parameters map ranks to values.

    visits per hour   rho   ~ lognormal(median, log-sd)      heavy: few people make most visits
    hours findable    theta ~ lognormal(median, log-sd)      attention / inflow of the person's feed
    sharing propensity      ~ lognormal(mean 1, log-sd)      heavy
    favourability     s     ~ normal(market mean, sd), cut to [-1, 1]

Visits and feeds come in strata of equal size, each with the exact mean of its part of the
distribution, so that one byte of a follower's record finds its rate in a table of a few dozen rows.
A rank never changes: the same person is the same person under every draw of the parameters.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from sim.parameters import Parameters, Positive, Share, Signed

N_VISIT_STRATA = 32
N_FEED_STRATA = 16


class People(Parameters):
    """Distributions of personal traits (units in conf/people)."""

    visits_per_hour: Positive
    visits_log_sd: Positive
    visits_per_active_day: Positive
    hours_findable: Positive
    findable_log_sd: Positive
    propensity_log_sd: Positive
    favourability_mean: Signed
    favourability_sd: Positive
    favourability_market_sd: Positive
    share_backlash_prone: Share
    share_topic_interest: Share
    share_second_language: Share


def stratum_means(median: float, log_sd: float, n_strata: int) -> np.ndarray:
    """float64[n_strata]: mean of each equal-probability stratum of a lognormal, rising."""
    edges = ndtri(np.linspace(0.0, 1.0, n_strata + 1))
    mass = ndtr(edges[1:] - log_sd) - ndtr(edges[:-1] - log_sd)
    return np.asarray(median * np.exp(0.5 * log_sd**2) * mass * n_strata)


def lognormal_of_rank(rank: np.ndarray, log_sd: float) -> np.ndarray:
    """Values with mean 1 for ranks in (0, 1)."""
    return np.asarray(np.exp(log_sd * ndtri(rank) - 0.5 * log_sd**2))


def favourability_of_rank(rank: np.ndarray, mean: float, sd: float) -> np.ndarray:
    """Favourability in [-1, 1] for ranks in (0, 1) inside one market."""
    return np.asarray(np.clip(mean + sd * ndtri(rank), -1.0, 1.0))
