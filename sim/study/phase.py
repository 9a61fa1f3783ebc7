"""A phase map: where in a plane of circumstances one policy beats another, and how sure that is.

    d(x) = m(x) + GP          mean paired differences of the points run, on the unit square
    s^2(x) = GP variance + v(x) / D          v: variance of the difference over the D draws
    P(better at x) = T_{D-1}(m / s)

A Gaussian process (Rasmussen & Williams 2006; squared exponential, a length for each axis, noise)
carries the differences from the points that were run to the whole plane. All points share their
parameter draws, so that the part of the error that comes of the finite number of draws is the same
everywhere and no smoothing removes it: it is added. The luck of the worlds is counted in both,
which errs on the wide side.

The next points go where a wrong sign would cost most in expectation,
E[|d|; sign wrong] = s phi(m / s) - |m| Phi(-|m| / s) with s of the process alone, one after the
other, each as if it had come out as expected (after Bect et al. 2012, "Sequential design of
computer experiments for the estimation of a probability of failure").
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.errors import UserError

SHORTEST, LONGEST = 0.08, 10.0  # length scales on the unit square
N_SIDE = 41  # of the grid of the map
N_CANDIDATES = 1_024
SURE = 0.95  # probability from which the sign is told


@dataclass(frozen=True, kw_only=True)
class Surface:
    """The fitted plane. places: float64[n, 2] on the unit square; means, spreads: of the points."""

    places: np.ndarray
    means: np.ndarray  # [n] mean difference
    spreads: np.ndarray  # [n] variance of the difference over the draws
    n_draws: int
    process: Any

    def at(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(mean, standard deviation of the process) at places [k, 2]."""
        mean, deviation = self.process.predict(places, return_std=True)
        noise = self.process.kernel_.k2.noise_level * self.process.demarche_scale**2
        scaled = deviation * self.process.demarche_scale
        return mean * self.process.demarche_scale + self.process.demarche_centre, np.sqrt(
            np.maximum(scaled**2 - noise, 1e-18)
        )

    def doubt(self, places: np.ndarray) -> np.ndarray:
        """Variance of the mean over draws, which no smoothing removes, near the points of a
        place."""
        lengths = np.atleast_1d(self.process.kernel_.k1.k2.length_scale)
        near = ((places[:, None, :] - self.places[None, :, :]) / np.maximum(lengths, 0.2)) ** 2
        weights = np.exp(-0.5 * near.sum(-1))
        return np.asarray(weights @ self.spreads / weights.sum(1) / self.n_draws)

    def p_better(self, places: np.ndarray, sign: int = 1) -> np.ndarray:
        """The probability that the expected difference has the wanted sign."""
        from scipy.special import stdtr

        mean, deviation = self.at(places)
        total = np.sqrt(deviation**2 + self.doubt(places))
        return np.asarray(stdtr(self.n_draws - 1, sign * mean / total))

    def left_out(self) -> tuple[int, int]:
        """(points that lie inside the 95 % interval predicted from all others, points): whether
        the process describes what was run."""
        scaled = (self.means - self.process.demarche_centre) / self.process.demarche_scale
        inverse = np.linalg.inv(self.process.kernel_(self.places) + 1e-10 * np.eye(len(scaled)))
        error = inverse @ scaled / inverse.diagonal()
        z = np.abs(error) * np.sqrt(inverse.diagonal())
        return int((z <= 1.96).sum()), len(z)


def refuse_without_library() -> None:
    """Maps need scikit-learn."""
    import importlib

    try:
        importlib.import_module("sklearn.gaussian_process")
    except ImportError:
        raise UserError(
            'A map needs scikit-learn: pip install "demarche[maps]".'
        ) from None


def fit_surface(places: np.ndarray, draws: np.ndarray) -> Surface:
    """places: float64[n, 2] on the unit square; draws: float64[n, D] mean differences by draw."""
    return _surface(places, draws.mean(1), draws.var(1, ddof=1), draws.shape[1], None)


def _surface(
    places: np.ndarray, means: np.ndarray, spreads: np.ndarray, n_draws: int, kernel: Any
) -> Surface:
    """kernel: one whose parameters are kept; none: they are fitted."""
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

    centre = float(means.mean()) if kernel is None else kernel[1]
    scale = (float(means.std()) or 1.0) if kernel is None else kernel[2]
    start = (
        ConstantKernel(1.0, (0.01, 100.0)) * RBF([0.4, 0.4], (SHORTEST, LONGEST))
        + WhiteKernel(0.1, (1e-6, 10.0))
    ) if kernel is None else kernel[0]  # fmt: skip
    process = GaussianProcessRegressor(
        start, n_restarts_optimizer=0 if kernel else 4, random_state=1,
        optimizer=None if kernel else "fmin_l_bfgs_b",
    )  # fmt: skip
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1), warnings.catch_warnings():  # small matrices: threads only wait
        warnings.simplefilter("ignore")  # lengths at their bounds are told by left_out
        process.fit(places, (means - centre) / scale)
    process.demarche_centre, process.demarche_scale = centre, scale
    return Surface(places=places, means=means, spreads=spreads, n_draws=n_draws, process=process)


def first_places(n: int, seed: int) -> np.ndarray:
    """A space-filling beginning: scrambled Sobol points (n a power of two)."""
    from scipy.stats import qmc

    return np.asarray(qmc.Sobol(2, rng=np.random.default_rng([seed, n])).random(n))


def next_places(surface: Surface, n: int, seed: int) -> np.ndarray:
    """The n places where a wrong sign would cost most."""
    candidates = first_places(N_CANDIDATES, seed + 1 + len(surface.places))
    chosen: list[np.ndarray] = []
    for _ in range(n):
        loss = expected_loss(*surface.at(candidates))
        best = int(np.argmax(loss))
        place = candidates[best : best + 1]
        chosen.append(place[0])
        candidates = np.delete(candidates, best, axis=0)
        surface = _believed(surface, place)
    return np.array(chosen)


def expected_loss(mean: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    """E[|d|; the sign of d is not that of its mean] for d ~ N(mean, deviation^2)."""
    from scipy.special import ndtr

    z = np.abs(mean) / deviation
    density = np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)
    return np.asarray(deviation * (density - z * ndtr(-z)))


def _believed(surface: Surface, place: np.ndarray) -> Surface:
    """The surface as if one more point had come out as expected."""
    mean, _ = surface.at(place)
    process = surface.process
    kept = (process.kernel_, process.demarche_centre, process.demarche_scale)
    return _surface(
        np.vstack([surface.places, place]), np.append(surface.means, mean),
        np.append(surface.spreads, surface.doubt(place) * surface.n_draws), surface.n_draws, kept,
    )  # fmt: skip


def grid() -> tuple[np.ndarray, np.ndarray]:
    """(shares of an axis [N], places [N * N, 2], the first axis fastest)."""
    side = np.linspace(0, 1, N_SIDE)
    x, y = np.meshgrid(side, side)
    return side, np.column_stack([x.ravel(), y.ravel()])
