"""The upper tail of counts: a discrete power law by maximum likelihood, against a lognormal.

    P(n) = n^-alpha / zeta(alpha, n_min),  n >= n_min;   n_min: where Kolmogorov-Smirnov is smallest
    (Clauset, Shalizi & Newman 2009, "Power-law distributions in empirical data", SIAM Review 51)

n_min is sought among the counts that leave at least 50 posts above; with fewer there is no tail to
speak of. The lognormal is rounded to whole numbers and cut at the same n_min; Vuong's (1989) ratio
says which of the two fits better, positive for the power law:

    R = sum_i [log p_power(n_i) - log p_lognormal(n_i)],   z = R / (sd sqrt(n))
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_ndtr, zeta

from sim.observables.observed import MissingError, Observed
from sim.observables.sample import Sample

FEWEST = 50
LOW, HIGH = 1.05, 8.0  # exponents looked at
SIGNIFICANT = 0.05
FARTHEST, WIDEST, LARGE = 100.0, 3.0, 1e15  # |mu|, |log sigma| of the lognormals looked at
NARROW = 1e-3  # of a step in z, below which its density is as good as its mass, and safer
HALF_LOG_TWO_PI = 0.5 * math.log(2.0 * math.pi)


@dataclass(frozen=True, kw_only=True)
class Tail:
    """A fitted tail: exponent of the density, its standard error, where it begins."""

    alpha: float
    se: float
    n_min: int
    n: int
    distance: float


def exponent(counts: np.ndarray, n_min: int) -> float:
    """The exponent of greatest likelihood for counts of n_min and more."""
    tail = counts[counts >= n_min]
    logs, n = float(np.log(tail).sum()), len(tail)
    found = minimize_scalar(
        lambda a: n * math.log(zeta(a, n_min)) + a * logs, bounds=(LOW, HIGH), method="bounded",
        options={"xatol": 1e-5},
    )  # fmt: skip
    return float(found.x)


def distance(counts: np.ndarray, n_min: int, alpha: float) -> float:
    """Kolmogorov-Smirnov: the largest gap between the two distribution functions."""
    values, n = np.unique(counts[counts >= n_min], return_counts=True)
    seen = np.cumsum(n) / n.sum()
    expected = 1.0 - zeta(alpha, values + 1.0) / zeta(alpha, n_min)
    before = 1.0 - zeta(alpha, values.astype(np.float64)) / zeta(alpha, n_min)
    above = np.abs(seen - expected)
    below = np.abs(np.concatenate([[0.0], seen[:-1]]) - before)
    return float(max(above.max(), below.max()))


def fit(counts: np.ndarray) -> Tail:
    """The tail that fits best, over all places where it may begin."""
    positive = np.asarray(counts)[np.asarray(counts) > 0].astype(np.int64)
    values, n = np.unique(positive, return_counts=True)
    above = np.cumsum(n[::-1])[::-1]
    candidates = values[above >= FEWEST]
    candidates = candidates[candidates < values[-1]] if len(values) else candidates
    if not len(candidates):
        raise MissingError(
            f"fewer than {FEWEST} posts with re-shares of different numbers: no tail to fit"
        )
    fits = [(one, exponent(positive, int(one))) for one in candidates]
    gaps = [distance(positive, int(one), alpha) for one, alpha in fits]
    best = int(np.argmin(gaps))
    n_min, alpha = int(fits[best][0]), fits[best][1]
    n_tail = int((positive >= n_min).sum())
    return Tail(
        alpha=alpha, se=standard_error(alpha, n_min, n_tail), n_min=n_min, n=n_tail,
        distance=gaps[best],
    )  # fmt: skip


def standard_error(alpha: float, n_min: int, n: int) -> float:
    """From the curvature of the log likelihood: 1 / sqrt(n (log zeta)'')."""
    step = 1e-3
    three = [math.log(zeta(alpha + k * step, n_min)) for k in (-1, 0, 1)]
    curvature = (three[0] - 2 * three[1] + three[2]) / step**2
    return 1.0 / math.sqrt(n * curvature) if curvature > 0 else math.inf


def lognormal_log_p(tail: np.ndarray, n_min: int, mu: float, sigma: float) -> np.ndarray:
    """log P of whole numbers from a lognormal, rounded and cut at n_min: the logarithm of
    N(high) - N(low) by way of log N, where a difference of small numbers would lose its digits."""
    high = (np.log(tail + 0.5) - mu) / sigma
    low = (np.log(tail - 0.5) - mu) / sigma
    upper = np.where(low > 0, log_ndtr(-low), log_ndtr(high))  # the larger of the two
    lower = np.where(low > 0, log_ndtr(-high), log_ndtr(low))
    step = (np.log(tail + 0.5) - np.log(tail - 0.5)) / sigma
    middle = (low + high) / 2
    density = np.log(step) - 0.5 * middle**2 - HALF_LOG_TWO_PI
    gap = np.minimum(lower - upper, -1e-300)
    mass = np.where(step < NARROW, density, upper + np.log(-np.expm1(gap)))
    left = log_ndtr(-(math.log(n_min - 0.5) - mu) / sigma)
    return np.asarray(mass - left)


def against_lognormal(counts: np.ndarray, tail: Tail) -> tuple[float, float]:
    """(Vuong's z, two-sided p): positive z where the power law fits better."""
    values = np.asarray(counts)[np.asarray(counts) >= tail.n_min].astype(np.float64)
    logs = np.log(values)

    def loss(theta: np.ndarray) -> float:
        if abs(theta[0]) > FARTHEST or abs(theta[1]) > WIDEST:
            return LARGE  # there it is a power law by another name
        sigma = math.exp(theta[1])
        return -float(lognormal_log_p(values, tail.n_min, theta[0], sigma).sum())

    start = np.array([float(logs.mean()) - 1.0, math.log(max(float(logs.std()), 0.3) * 1.5)])
    found = minimize(loss, start, method="Nelder-Mead", options={"maxiter": 2_000})
    log_power = -tail.alpha * logs - math.log(zeta(tail.alpha, tail.n_min))
    gaps = log_power - lognormal_log_p(values, tail.n_min, found.x[0], math.exp(found.x[1]))
    sd = float(gaps.std())
    if sd == 0.0:
        return 0.0, 1.0
    z = float(gaps.sum()) / (sd * math.sqrt(len(gaps)))
    return z, math.erfc(abs(z) / math.sqrt(2.0))


def words(counts: np.ndarray, tail: Tail) -> str:
    """Where the tail begins, and whether a lognormal would do as well."""
    z, p = against_lognormal(counts, tail)
    told = f"from {tail.n_min} re-shares on, {tail.n} posts; against a lognormal z = {z:+.1f}"
    if p >= SIGNIFICANT:
        return f"{told}: the two cannot be told apart"
    return f"{told}: the {'power law' if z > 0 else 'lognormal'} fits better"


def upper_tail(sample: Sample) -> dict[str, Observed]:
    """C9: the tail exponent of re-shares."""
    found = fit(sample.column("retweets"))
    return {
        "C9": Observed(
            value=found.alpha, se=found.se, lo=found.alpha - 1.96 * found.se,
            hi=found.alpha + 1.96 * found.se, n=found.n,
        )
    }  # fmt: skip
