"""Which parameters the published patterns allow: history matching, then a posterior sample.

    z(x) = pattern - middle of its range, in standard deviations of the range
    e(x) = 3 asinh(z / 3), emulated: as z within the range, its logarithm far out
    S = I + .25 I + R        range, model discrepancy, luck and emulator's error together
    implausibility_k(x) = |e_k(x)| / S_kk^(1/2)      (Craig et al. 1997); ruled out above 3
    log L(x) = -e(x)' S^-1 e(x) / 2

With a Gaussian error model the likelihood on an emulator is approximate Bayesian computation
without a tolerance (Wilkinson 2013): there is nothing left that a regression adjustment could
repair. The prior is carried to the posterior by tempering (Del Moral et al. 2006), each step half
of the sample's weight, with moves that leave the normal prior as it is (preconditioned
Crank-Nicolson: Cotter et al. 2013).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.declared import Declaration
from sim.errors import UserError
from sim.evidence import IN_RANGE, Part
from sim.study import emulator
from sim.study.calibration import parameters_at

DISCREPANCY = 0.5  # sd of the model's own error, in sds of the range: judgement
BEND = 3.0  # sds from which a deviation counts by its logarithm: a runaway cascade is 600 off
RULED_OUT = 3.0  # Pukelsheim's three sigma rule (1994)
CALIBRATED = 0.7  # of the prior's sd: above it the patterns say too little of a parameter
RIDGE = 0.4  # correlation from which two parameters are told apart badly
N_DRAWS = 400  # of the posterior sample
PARTICLES = 1_600  # of each sample
CHAINS = 8  # samples drawn apart: by how much they differ is the sampler's luck
MOVES = 6  # of every particle at each temperature
MOST_STEPS = 60
FOCUS = 0.25  # of the log-likelihood: twice the posterior's width, where it is normal
Errors = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Scores of the posterior sample, what the emulator says of it and of the prior."""

    keys: Sequence[str]
    parts: Mapping[str, Part]
    emulator: emulator.Emulator
    prior_errors: np.ndarray
    scores: np.ndarray
    sds: np.ndarray  # float64[CHAINS, d]: of each parameter, in each of the samples drawn apart
    errors: np.ndarray
    covariance: np.ndarray
    runs_in_range: np.ndarray  # of each pattern, over the runs all over the prior


def calibrate(
    scores: np.ndarray, outcomes: np.ndarray, keys: Sequence[str], parts: Mapping[str, Part], *,
    seed: int, particles: int = PARTICLES, focused: np.ndarray | None = None,
) -> Calibration:  # fmt: skip
    """scores: float64[n, d] of the runs; outcomes: float64[n, K] in sds of the ranges; focused:
    bool[n], runs made where the patterns may be met, which say how far off the emulator is there.
    """
    focused = np.zeros(len(scores), bool) if focused is None else focused
    fitted = emulator.fit(scores, bent(outcomes), seed, focused)
    rng = np.random.default_rng([seed, len(keys)])
    open_sides = sides_of(parts)

    def errors(places: np.ndarray) -> np.ndarray:
        return clipped(fitted.at(places), open_sides)

    spread = total_covariance(fitted.residuals)
    starts = rng.standard_normal((CHAINS, particles, len(keys)))
    apart = np.stack([sample(errors, spread, start, rng) for start in starts])
    found = np.concatenate(apart)
    chosen = rng.choice(len(found), min(N_DRAWS, len(found)), replace=False)
    return Calibration(
        keys=keys, parts=parts, emulator=fitted, prior_errors=errors(starts[0]),
        scores=found[chosen],
        sds=apart.std(axis=1, ddof=1),
        errors=errors(found[chosen]), covariance=spread,
        runs_in_range=np.nanmean(
            np.abs(clipped(outcomes[~focused], open_sides)) <= IN_RANGE, axis=0),
    )  # fmt: skip


def focus(
    scores: np.ndarray, outcomes: np.ndarray, parts: Mapping[str, Part], n: int, seed: int,
    particles: int = PARTICLES,
) -> np.ndarray:  # fmt: skip
    """float64[n, d]: scores of further runs, from a posterior of the runs so far whose
    log-likelihood counts FOCUS: wide enough to be wrong about the emulator."""
    fitted = emulator.fit(scores, bent(outcomes), seed)
    sides, rng = sides_of(parts), np.random.default_rng([seed, len(scores)])
    start = rng.standard_normal((max(particles, n), scores.shape[1]))
    found = sample(lambda at: clipped(fitted.at(at), sides), total_covariance(fitted.residuals),
                   start, rng, until=FOCUS)  # fmt: skip
    return np.asarray(found[rng.choice(len(found), n, replace=False)])


def bent(z: np.ndarray) -> np.ndarray:
    """Deviations on the scale that is emulated."""
    return np.asarray(BEND * np.arcsinh(z / BEND))


def straight(e: float) -> float:
    """Back to standard deviations of the range."""
    return float(BEND * np.sinh(e / BEND))


def total_covariance(residuals: np.ndarray) -> np.ndarray:
    """Range, discrepancy, and what the emulator cannot say of one run."""
    return np.asarray((1 + DISCREPANCY**2) * np.eye(len(residuals)) + residuals)


def sides_of(parts: Mapping[str, Part]) -> np.ndarray:
    """int[K]: 1 where a range has no upper end, -1 where it has no lower one, else 0."""
    return np.array([
        1 if one.range[1] is None else -1 if one.range[0] is None else 0 for one in parts.values()
    ])  # fmt: skip


def clipped(errors: np.ndarray, sides: np.ndarray) -> np.ndarray:
    """Errors beyond an open side count as none."""
    errors = np.where(sides == 1, np.minimum(errors, 0.0), errors)
    return np.where(sides == -1, np.maximum(errors, 0.0), errors)


def log_likelihood(errors: np.ndarray, inverse: np.ndarray) -> np.ndarray:
    """float64[n]"""
    return np.asarray(-0.5 * np.einsum("ij,jk,ik->i", errors, inverse, errors))


def sample(
    errors: Errors, spread: np.ndarray, start: np.ndarray, rng: np.random.Generator,
    until: float = 1.0,
) -> np.ndarray:  # fmt: skip
    """Carry a sample of the standard normal prior to the posterior, or a part of the way."""
    inverse = np.linalg.inv(spread)
    x, heat, step = start, 0.0, 0.5
    fit = log_likelihood(errors(x), inverse)
    for _ in range(MOST_STEPS):
        rise = next_rise(fit, until - heat)
        heat += rise
        weights = np.exp(rise * (fit - fit.max()))
        rows = systematic(weights / weights.sum(), rng)
        x, fit = x[rows], fit[rows]
        for _ in range(MOVES):
            there = np.sqrt(1 - step**2) * x + step * rng.standard_normal(x.shape)
            fit_there = log_likelihood(errors(there), inverse)
            taken = np.log(rng.random(len(x))) < heat * (fit_there - fit)
            x, fit = np.where(taken[:, None], there, x), np.where(taken, fit_there, fit)
            step = float(np.clip(step * np.exp(taken.mean() - 0.3), 0.05, 1.0))
        if heat >= until - 1e-12:
            return x
    raise UserError(
        f"The posterior was not reached in {MOST_STEPS} steps: the patterns contradict one another "
        "beyond what the emulators can follow. More study.calibration_runs may help; calibration "
        "begun with fewer keeps its runs."
    )


def next_rise(fit: np.ndarray, most: float) -> float:
    """The step in temperature that leaves half of the effective sample."""
    def effective(rise: float) -> float:
        weights = np.exp(rise * (fit - fit.max()))
        return float(weights.sum() ** 2 / (weights**2).sum() / len(fit))

    if effective(most) >= 0.5:
        return most
    low, high = 0.0, most
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if effective(middle) >= 0.5 else (low, middle)
    return max(low, 1e-9)


def systematic(weights: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Rows resampled with one draw of luck."""
    n = len(weights)
    return np.minimum(np.searchsorted(np.cumsum(weights), (rng.random() + np.arange(n)) / n), n - 1)


# --- what is told -------------------------------------------------------------------------------


def report_of(found: Calibration) -> dict[str, Any]:
    """Plain values, fit for strict JSON."""
    prior = implausible(found.prior_errors, found.covariance)
    return {
        "parameters": {key: told_parameter(column, sds) for key, column, sds in
                       zip(found.keys, found.scores.T, found.sds.T, strict=True)},
        "patterns": {key: told_pattern(found, k) for k, key in enumerate(found.parts)},
        "ridges": ridges(found),
        "not_ruled_out": float((prior.max(1) < RULED_OUT).mean()),
        "least_worst": float(implausible(found.errors, found.covariance).max(1).min()),
        "draws": len(found.scores), "discrepancy": DISCREPANCY,
    }  # fmt: skip


def implausible(errors: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """float64[n, K]"""
    return np.asarray(np.abs(errors) / np.sqrt(np.diag(spread)))


def told_parameter(scores: np.ndarray, sds: np.ndarray) -> dict[str, Any]:
    """Where a parameter went, in sds of its prior. Calibrated: its sd is below the limit with
    95 %, by samples drawn apart (Student's t); that of the draws alone is known to some 4 %."""
    from scipy.stats import t

    sd, doubt = float(sds.mean()), float(sds.std(ddof=1)) / np.sqrt(len(sds))
    calibrated = bool(sd + t.ppf(0.95, len(sds) - 1) * doubt < CALIBRATED)
    return {"mean": float(scores.mean()), "sd": sd, "calibrated": calibrated}


def told_pattern(found: Calibration, k: int) -> dict[str, Any]:
    """In how many runs a pattern is met, and how far off it is together with all others."""
    key = list(found.parts)[k]
    width = float(np.sqrt(found.covariance[k, k]))
    together = abs(float(np.median(found.errors[:, k]))) / width
    return {
        "about": found.parts[key].about, "kind": found.parts[key].kind,
        "explained": float(found.emulator.explained[k]),
        "noise": float(np.sqrt(found.emulator.residuals[k, k])),
        "runs_in_range": float(found.runs_in_range[k]), "together": together,
        "deviation": straight(np.median(found.errors[:, k])),
        "prior_deviation": straight(np.median(found.prior_errors[:, k])),
        "in_range": abs(straight(np.median(found.errors[:, k]))) <= IN_RANGE,
    }  # fmt: skip


def ridges(found: Calibration) -> list[dict[str, Any]]:
    """Pairs of parameters that the patterns tell apart badly, strongest first."""
    matrix = np.corrcoef(found.scores.T)
    pairs = [
        {"one": found.keys[i], "other": found.keys[j], "correlation": float(matrix[i, j])}
        for i in range(len(found.keys)) for j in range(i)
        if abs(matrix[i, j]) >= RIDGE
    ]  # fmt: skip
    return sorted(pairs, key=lambda one: -abs(one["correlation"]))


def posterior_table(
    found: Calibration, catalogue: Mapping[str, Declaration]
) -> tuple[list[str], list[list[Any]]]:
    """posterior.csv: a row a draw, in the parameters' units."""
    rows = [list(parameters_at(one, found.keys, catalogue).values()) for one in found.scores]
    return ["draw", *found.keys], [[number, *row] for number, row in enumerate(rows)]
