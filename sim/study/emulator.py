"""What a pattern would be at parameters that were never run: a Gaussian process each.

    outcome(x) = a'x + h(x) + noise,   a normal, h smooth, noise the luck of one run

x are standard normal scores of the priors. How far the process is off where it has not looked is
measured by leaving each run out in turn (closed form: Sundararajan and Keerthi 2001), and counts as
error beside the luck; both together are the covariance of these residuals over patterns.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.errors import UserError

FEWEST = 32  # runs in which a pattern must be known before it is emulated
SHORTEST, LONGEST = 0.5, 50.0  # lengths of the smooth part, in scores


@dataclass(frozen=True, kw_only=True)
class Emulator:
    """One process for each outcome. explained: share of its variance that leaving out predicts."""

    processes: Sequence[Any]
    centres: np.ndarray
    scales: np.ndarray
    residuals: np.ndarray  # float64[K, K], covariance of left-out residuals
    explained: np.ndarray

    def at(self, scores: np.ndarray) -> np.ndarray:
        """float64[n, K]: expected outcomes."""
        columns = [one.predict(scores) for one in self.processes]
        return np.column_stack(columns) * self.scales + self.centres


def refuse_without_library() -> None:
    """Emulators need scikit-learn."""
    import importlib

    try:
        importlib.import_module("sklearn.gaussian_process")
    except ImportError:
        raise UserError(
            'Calibration needs scikit-learn: pip install "demarche[maps]".'
        ) from None


def fit(scores: np.ndarray, outcomes: np.ndarray, seed: int,
        near: np.ndarray | None = None) -> Emulator:  # fmt: skip
    """scores: float64[n, d]; outcomes: float64[n, K], NaN where a run does not know one. near:
    bool[n], the runs whose residuals say how far off the processes are where it matters."""
    from threadpoolctl import threadpool_limits

    known = np.isfinite(outcomes)
    if known.sum(0).min() < FEWEST:
        raise UserError(
            f"A pattern is known in {int(known.sum(0).min())} runs only, and an emulator needs "
            f"{FEWEST}: raise study.calibration_runs."
        )
    centres = np.array([column[here].mean() for column, here in zip(outcomes.T, known.T,
                                                                    strict=True)])  # fmt: skip
    scales = np.array([column[here].std() or 1.0 for column, here in zip(outcomes.T, known.T,
                                                                         strict=True)])  # fmt: skip
    processes, left = [], np.full(outcomes.shape, np.nan)
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lengths at their bounds: a direction without effect
        for k, here in enumerate(known.T):
            values = (outcomes[here, k] - centres[k]) / scales[k]
            process = one_process(scores[here], values, seed)
            processes.append(process)
            left[here, k] = left_out(process, scores[here], values)
    judged = left if near is None or near.sum() < FEWEST else left[near]
    return Emulator(
        processes=processes, centres=centres, scales=scales, residuals=covariance(judged * scales),
        explained=1 - np.nanvar(left, axis=0),
    )  # fmt: skip


def one_process(scores: np.ndarray, values: np.ndarray, seed: int) -> Any:
    """The process of one outcome; its kernel's parameters by maximum likelihood."""
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct, WhiteKernel

    kernel = (
        ConstantKernel(0.1, (1e-4, 10.0)) * DotProduct(1.0, "fixed")
        + ConstantKernel(0.3, (1e-4, 10.0)) * RBF([4.0] * scores.shape[1], (SHORTEST, LONGEST))
        + WhiteKernel(0.3, (1e-5, 2.0))
    )
    return GaussianProcessRegressor(kernel, random_state=seed).fit(scores, values)


def left_out(process: Any, scores: np.ndarray, values: np.ndarray) -> np.ndarray:
    """What each run is off from the prediction of all others."""
    inverse = np.linalg.inv(process.kernel_(scores) + 1e-10 * np.eye(len(values)))
    return np.asarray(inverse @ values / inverse.diagonal())


def covariance(left: np.ndarray) -> np.ndarray:
    """float64[K, K] over the runs that know all outcomes, variances over all that know one."""
    whole = left[np.isfinite(left).all(1)]
    n = left.shape[1]
    sd = np.nanstd(left, axis=0)
    if len(whole) <= n + 1:
        return np.diag(sd**2)
    with np.errstate(invalid="ignore", divide="ignore"):  # an outcome that never moves
        matrix = np.nan_to_num(np.corrcoef(whole.T).reshape(n, n))
    np.fill_diagonal(matrix, 1.0)
    return np.asarray(matrix * np.outer(sd, sd))
