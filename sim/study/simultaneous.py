"""Many points at once: intervals that all hold together, and which points may be the best.

Draw means d[p, i] of the paired differences, p < P points, i < D parameter draws (independent
between draws, as dependent as may be between points, since all points live in the same worlds):

    T_p = (mean_i d[p, i] - mu_p) / sqrt(S_pp / D)      max-t:  c with P(max_p |T_p| <= c) = 1 - a

The law of the studentised maximum is computed for normal draw means with the correlations found,
each point with the variance estimate of its own (Hothorn, Bretz & Westfall 2008, one-sample form;
sample covariances after Bartlett 1933). The bootstrap over draws is not used: with 8 to 32 draws it
resamples too few values, and its quantile of max-t is far too small in their tails. Correlations
are shrunk towards none by the share that is noise (Schaefer & Strimmer 2005); independence has the
largest c of all (Sidak 1967), so that shrinking errs on the wide side. c then becomes the level
2 F_t(c) - 1 at which every single interval of an expected difference is made. Means of skewed draws
are reached out for on the side of the long tail (`mean_interval`).

The best: Hsu's multiple comparisons with the best, in the form for unequal variances (Edwards & Hsu
1983). Every point is taken once as a control for all others with one-sided max-t; a point stays in
the set while no other is surely better, and the set holds the best one with the declared
confidence.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.study.random_effects import student

SKEWED = 1.4  # times Hall's correction, and n / (n + NOISE): few draws show little of their
NOISE = 3  # skewness, and what very few show is mostly chance (tests/study/test_stopping.py)
MOST_TRIALS, FEWEST_TRIALS = 20_000, 4_000  # simulated maxima: levels known to 0.0015, 0.0035
MOST_WORK = 60_000_000  # products in one set of trials
MOST_NUMBERS = 4_000_000  # normal numbers held at a time
STEP = 0.02  # levels are rounded up to steps of this in log alpha, to reuse solved widths


@dataclass(frozen=True, kw_only=True)
class Best:
    """Each candidate's distance to the best of the others, in the wanted direction, and whether it
    may be the best itself. lo <= 0 <= hi; lo = 0 where it is surely the best, hi = 0 where surely
    another one is."""

    lo: np.ndarray
    hi: np.ndarray
    may_be_best: np.ndarray


def simultaneous_level(draws: np.ndarray, confidence: float) -> float:
    """The level at which single intervals must be made so that all points' hold together.

    draws: float64[P, D]. Points without any spread need no interval and are left out.
    """
    live = draws[draws.std(axis=1) > 0] if draws.size else draws
    n_points, n_draws = live.shape
    if n_points < 2 or n_draws < 3:
        return confidence
    c = critical(shrunk_correlations(live), n_draws, confidence)
    return rounded_up(2 * t_cdf(c, n_draws - 1) - 1)


def t_cdf(c: float, dof: int) -> float:
    from scipy.special import stdtr

    return float(stdtr(dof, c))


def rounded_up(level: float) -> float:
    """The next level of a grid in log(1 - level)."""
    alpha = max(1 - level, 1e-12)
    return 1 - math.exp(math.floor(math.log(alpha) / STEP) * STEP)


def critical(correlations: np.ndarray, n_draws: int, confidence: float, seed: int = 1) -> float:
    """c with P(max_p |T_p| <= c) = confidence; between Student's t and Sidak's bound."""
    n_points = len(correlations)
    least = student(n_draws - 1, confidence)
    most = student(n_draws - 1, confidence ** (1 / n_points))
    if n_points == 1:
        return least
    root = root_of(correlations)
    maxima = []
    for normal, factor in trials(n_points, n_draws, seed):
        squares = np.square(root @ factor.reshape(n_points, -1)).reshape(factor.shape).sum(-1)
        t_squared = np.square(root @ normal) / squares * (n_draws - 1)
        maxima.append(np.sqrt(t_squared.max(0)))
    found = float(np.quantile(np.concatenate(maxima), confidence))
    return min(max(found, least), most)


def trials(n_points: int, n_draws: int, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(standard normal means [P, n], factors [P, n, K]), set by set: with L L' the correlations,
    L z is a vector of draw means times sqrt(D), and L F (L F)' the sum of squares around them."""
    wide = max(1, min(n_points, n_draws - 1))
    work = n_points * n_points * wide
    n_trials = max(FEWEST_TRIALS, min(MOST_TRIALS, MOST_WORK // work))
    if n_trials * n_points * wide <= MOST_NUMBERS:
        yield from _kept_trials(n_points, n_draws, seed, n_trials)
        return
    chunk = max(1, MOST_NUMBERS // (n_points * max(wide, n_points)))
    for start in range(0, n_trials, chunk):
        rng = np.random.default_rng([seed, n_points, n_draws, start])
        yield _made(n_points, n_draws, rng, min(chunk, n_trials - start))


@functools.lru_cache(maxsize=8)
def _kept_trials(n_points: int, n_draws: int, seed: int, n_trials: int
                 ) -> tuple[tuple[np.ndarray, np.ndarray], ...]:  # fmt: skip
    return (_made(n_points, n_draws, np.random.default_rng([seed, n_points, n_draws]), n_trials),)


def _made(
    n_points: int, n_draws: int, rng: np.random.Generator, n: int
) -> tuple[np.ndarray, np.ndarray]:
    means = rng.standard_normal((n_points, n))
    dof = n_draws - 1
    if n_points > dof:  # more points than degrees of freedom: the deviations themselves
        return means, rng.standard_normal((n_points, n, dof))
    factor = rng.standard_normal((n_points, n, n_points))
    for one in range(n_points):
        factor[one, :, one] = np.sqrt(rng.chisquare(dof - one, n))
        factor[one, :, one + 1 :] = 0.0
    return means, factor


def shrunk_correlations(draws: np.ndarray) -> np.ndarray:
    """Correlations of the points over draws, shrunk towards 0 by the share of r^2 that is noise."""
    n_points, n_draws = draws.shape
    gaps = draws - draws.mean(1, keepdims=True)
    size = np.sqrt(np.square(gaps).mean(1, keepdims=True))
    x = np.divide(gaps, size, out=np.zeros_like(gaps), where=size > 0)
    r = np.clip(x @ x.T / n_draws, -1.0, 1.0)
    # sum over draws of (x_i x_j - r_ij)^2 = sum of x_i^2 x_j^2 - n r_ij^2
    spread = (np.square(x) @ np.square(x).T - n_draws * r * r) * n_draws / (n_draws - 1) ** 3
    off = ~np.eye(n_points, dtype=bool)
    found = float(np.square(r[off]).sum())
    noise = float(spread[off].sum())
    share = min(max(noise / found, 0.0), 1.0) if found > 0 else 1.0
    shrunk = (1 - share) * r
    np.fill_diagonal(shrunk, 1.0)
    return shrunk


def root_of(covariances: np.ndarray) -> np.ndarray:
    """An L with L L' = covariances, which may be singular."""
    values, vectors = np.linalg.eigh(covariances)
    return np.asarray(vectors * np.sqrt(np.clip(values, 0.0, None)))


def mean_interval(values: np.ndarray, c: float | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(lo, hi) of the mean over the last axis: |T| <= c, and on the side of the long tail at least
    as far as Hall's transformation of T reaches (Hall 1992), which knows the skewness."""
    n = values.shape[-1]
    mean = values.mean(-1)
    gaps = values - mean[..., None]
    size = np.max(np.abs(gaps), axis=-1, keepdims=True)  # against overflow of the third power
    gaps = np.divide(gaps, size, out=np.zeros_like(gaps), where=size > 0)
    square, cube = np.square(gaps).mean(-1), np.power(gaps, 3).mean(-1)
    error = size[..., 0] * np.sqrt(square / (n - 1))
    skewness = np.divide(cube, square**1.5, out=np.zeros_like(cube), where=square > 0)
    k = SKEWED * n / (n + NOISE) * skewness * math.sqrt(n * (n - 1)) / (n - 2) / math.sqrt(n)
    below, above = np.maximum(c, _hall(c, k)), np.maximum(c, -_hall(-c, k))
    return mean - error * below, mean + error * above


def _hall(x: float | np.ndarray, k: np.ndarray) -> np.ndarray:
    """The t whose transformation t + k t^2 / 3 + k^2 t^3 / 27 + k / 6 is x."""
    safe = np.where(np.abs(k) < 1e-6, 1e-6, k)
    return np.asarray(3 / safe * (np.cbrt(1 + safe * (x - safe / 6)) - 1))


def with_the_best(draws: np.ndarray, sign: int, confidence: float, seed: int = 2) -> Best:
    """draws: float64[P, D], one row a candidate (the control's own row is zero everywhere).

    sign: 1 if more is better, -1 if less is.
    """
    wanted = sign * draws
    n_points = len(wanted)
    gaps = wanted[:, None, :] - wanted[None, :, :]  # [p, q, D]: p over q
    _, ahead = mean_interval(gaps, one_sided(wanted, confidence, seed)[:, None])
    others = ~np.eye(n_points, dtype=bool)
    upper = np.where(others, ahead, np.inf).min(1)
    may = upper >= 0
    lower = np.zeros(n_points)
    for one in range(n_points):
        rivals = may & others[one]
        if rivals.any():  # mu_one - mu_rival >= -(upper end of the rival over this one)
            lower[one] = min(0.0, float(-ahead[rivals, one].max()))
    return Best(lo=lower, hi=np.maximum(upper, 0.0), may_be_best=may)


def one_sided(draws: np.ndarray, confidence: float, seed: int) -> np.ndarray:
    """For each candidate as control: c with P(T of all others against it <= c) = confidence."""
    n_points, n_draws = draws.shape
    if n_points < 2:
        return np.full(n_points, student(n_draws - 1, 2 * confidence - 1))
    size = draws.std(1, ddof=1)
    covariances = np.zeros((n_points, n_points))
    live = size > 0
    if live.any():
        part = shrunk_correlations(draws[live]) * np.outer(size[live], size[live])
        covariances[np.ix_(live, live)] = part / np.max(part.diagonal())
    root = root_of(covariances)
    maxima = [
        _maxima((root @ normal).T, _rooted(root, factor), n_draws - 1)
        for normal, factor in trials(n_points, n_draws, seed)
    ]
    found = np.quantile(np.concatenate(maxima), confidence, axis=0)
    least = student(n_draws - 1, 2 * confidence - 1)
    return np.asarray(np.maximum(found, least))


def _rooted(root: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """[n, P, K]: L F for every trial."""
    n_points = len(root)
    rooted = (root @ factor.reshape(n_points, -1)).reshape(factor.shape)
    return np.ascontiguousarray(rooted.transpose(1, 0, 2))


def _maxima(means: np.ndarray, factors: np.ndarray, dof: int) -> np.ndarray:
    """[n, P]: for each candidate the largest t by which another seems better, over the trials."""
    squares = np.matmul(factors, factors.transpose(0, 2, 1)) / dof
    size = squares.diagonal(axis1=1, axis2=2)
    spread = size[:, :, None] + size[:, None, :] - 2 * squares
    live = spread > 1e-9 * (size[:, :, None] + size[:, None, :])
    gaps = means[:, None, :] - means[:, :, None]
    t = np.divide(gaps, np.sqrt(spread, where=live, out=np.ones_like(spread)),
                  out=np.full_like(gaps, -np.inf), where=live)  # fmt: skip
    largest = t.max(2)
    return np.where(np.isfinite(largest), largest, 0.0)


def all_pairs(draws: np.ndarray, confidence: float) -> list[tuple[int, int, float, float, float]]:
    """[(p, q, mean, lo, hi)] of d_p - d_q for every pair p < q, all at once by max-t."""
    n_points, n_draws = draws.shape
    pairs = [(p, q) for p in range(n_points) for q in range(p + 1, n_points)]
    gaps = np.array([draws[p] - draws[q] for p, q in pairs])
    level = simultaneous_level(gaps, confidence)
    ends = zip(pairs, gaps.mean(1), *mean_interval(gaps, student(n_draws - 1, level)), strict=True)
    return [(p, q, float(m), float(lo), float(hi)) for (p, q), m, lo, hi in ends]
