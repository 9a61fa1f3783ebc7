"""The laws of the posterior, by hand."""

from __future__ import annotations

import numpy as np
from pytest import approx
from scipy.stats import multivariate_normal

from sim.study.posterior import (
    DISCREPANCY,
    implausible,
    log_likelihood,
    told_parameter,
    total_covariance,
)

ROUGH = np.array([[0.5, 0.2], [0.2, 1.0]])  # of the emulators, in sds of the ranges


def test_variances_of_range_model_and_emulator_add_up() -> None:
    total = total_covariance(ROUGH)
    assert DISCREPANCY == 0.5
    assert total == approx(np.array([[1.75, 0.2], [0.2, 2.25]]))


def test_implausibility_is_in_sds() -> None:
    spread = np.array([[4.0, 1.0], [1.0, 9.0]])
    assert implausible(np.array([[2.0, -3.0], [-6.0, 0.0]]), spread) == approx(
        np.array([[1.0, 1.0], [3.0, 0.0]])
    )


def test_the_likelihood_is_that_of_a_normal_law() -> None:
    errors, total = np.array([[0.0, 0.0], [1.0, -2.0], [3.0, 0.5]]), total_covariance(ROUGH)
    density = multivariate_normal(mean=np.zeros(2), cov=total).logpdf(errors)
    found = log_likelihood(errors, np.linalg.inv(total))
    assert found - found[0] == approx(density - density[0])


def test_calibrated_is_what_is_so_beyond_the_sampler_s_luck() -> None:
    scores = np.zeros(400)
    told = [told_parameter(scores, np.array(sds))["calibrated"]
            for sds in ([0.60, 0.61, 0.62, 0.60], [0.67, 0.69, 0.73, 0.66], [0.9, 0.91, 0.9, 0.9])]
    assert told == [True, False, False]
