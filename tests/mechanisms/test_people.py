"""How people differ: strata keep the mean of their part, ranks become values."""

from __future__ import annotations

import numpy as np
import pytest
from pytest import approx
from scipy import integrate, stats

from sim.mechanisms.people import favourability_of_rank, lognormal_of_rank, stratum_means

MIDDLES = (np.arange(200_000) + 0.5) / 200_000


@pytest.mark.parametrize(
    ("median", "log_sd", "n"), [(0.15, 1.3, 32), (2.0, 0.8, 16), (1.0, 0.5, 2)]
)
def test_strata_have_the_means_of_their_parts(median: float, log_sd: float, n: int) -> None:
    means = stratum_means(median, log_sd, n)
    assert (np.diff(means) > 0).all() and len(means) == n
    assert means.mean() == approx(median * np.exp(log_sd**2 / 2))
    law = stats.lognorm(log_sd, scale=median)
    first, last = law.ppf(1 / n), law.ppf(1 - 1 / n)
    by_quadrature = n * integrate.quad(lambda x: x * law.pdf(x), 0.0, first)[0]
    assert means[0] == approx(by_quadrature, rel=1e-6)
    by_quadrature = n * integrate.quad(lambda x: x * law.pdf(x), last, np.inf)[0]
    assert means[-1] == approx(by_quadrature, rel=1e-6)


def test_two_strata_worked_by_hand() -> None:
    """Half of a lognormal's mass lies in z > 0, with mean 2 e^(s^2 / 2) Phi(s)."""
    assert stratum_means(1.0, 1.0, 2)[1] == approx(2 * np.exp(0.5) * 0.8413447460685429)


def test_propensity_has_mean_one() -> None:
    values = lognormal_of_rank(MIDDLES, 1.4)
    assert values.mean() == approx(1.0, rel=2e-3)
    assert np.median(values) == approx(np.exp(-0.98), rel=1e-4)
    assert (np.diff(values) > 0).all()


def test_favourability_stays_on_its_scale() -> None:
    values = favourability_of_rank(MIDDLES, 0.1, 0.3)
    assert values.min() == -1.0 and values.max() == 1.0
    assert np.median(values) == approx(0.1, abs=1e-5)
    assert np.quantile(values, 0.84134) == approx(0.4, abs=1e-3)
