"""Planted truths for intervals that must hold together, also when the width decides when to stop.

Points share the control's luck and the worlds, so that their differences are correlated. What is
declared: every point's expected difference over the parameters lies in its interval.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.study.points import expected
from sim.study.random_effects import student
from sim.study.simultaneous import mean_interval, simultaneous_level
from sim.study.stopping import look_of, spent

TAU, SIGMA = 0.4, 0.25  # of the logs: true differences between draws, luck inside a draw
ALPHA = 2.3
FRESH: dict[str, Any] = {  # true differences between draws: mean 0, sd 1
    "uniform": lambda rng, size: rng.uniform(-(3**0.5), 3**0.5, size),
    "student, 5 df": lambda rng, size: rng.standard_t(5, size) * (3 / 5) ** 0.5,
    "gamma, shape 1/2": lambda rng, size: (rng.gamma(0.5, 1.0, size) - 0.5) / 0.5**0.5,
}


def outcomes(plant: str, rng: np.random.Generator, n_points: int, draws: int, replicates: int
             ) -> tuple[np.ndarray, float]:  # fmt: skip
    """(differences [P, D, R] on the scale of the comparison, their true mean).

    normal: of the differences themselves; lognormal, alpha: of totals, compared through logs, with
    effects and luck that multiply; raw alpha: of totals compared as they are; FRESH: of the
    differences, in shapes on which no constant of the rule was chosen.
    """
    shape = (n_points, draws, replicates)
    if plant == "normal":
        own, shared = rng.standard_normal((2, *shape[:2], 1))
        luck = rng.standard_normal(shape) - rng.standard_normal((1, *shape[1:]))
        return TAU * (own + shared[:1]) / np.sqrt(2) + SIGMA * luck, 0.0
    if plant in FRESH:
        luck = rng.standard_normal(shape) - rng.standard_normal((1, *shape[1:]))
        return TAU * FRESH[plant](rng, (*shape[:2], 1)) + SIGMA * luck, 0.0
    if plant == "raw alpha":
        draw = 1 + rng.pareto(ALPHA, shape[:2])[..., None]
        luck = rng.pareto(ALPHA, shape) - rng.pareto(ALPHA, (1, *shape[1:]))
        return TAU * draw + SIGMA * luck, TAU * ALPHA / (ALPHA - 1)

    def factor(size: tuple[int, ...], scale: float) -> np.ndarray:
        if plant == "lognormal":
            return np.exp(scale * rng.standard_normal(size))
        return (1 + rng.pareto(ALPHA, size)) ** (ALPHA * scale)  # log: exponential, sd `scale`

    level = 3_000 * factor((1, draws, 1), 1.0)
    effect = factor((n_points, draws, 1), TAU)
    tested = level * effect * factor(shape, SIGMA)
    control = level * factor((1, *shape[1:]), SIGMA)
    return np.log1p(tested) - np.log1p(control), 0.0 if plant == "lognormal" else TAU


def looked_at(
    plant: str, *, n: int, n_points: int, looks: tuple[int, ...], confidence: float,
    replicates: int = 2, seed: int = 5, sequential: bool = True,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(widest half-width [n, looks], whether any interval misses [n, looks]) of n repetitions."""
    rng = np.random.default_rng(seed)
    width, missed = np.empty((n, len(looks))), np.empty((n, len(looks)), dtype=bool)
    for one in range(n):
        y, truth = outcomes(plant, rng, n_points, looks[-1], replicates)
        for place, draws in enumerate(looks):
            part = y[:, :draws]
            look = look_of(place, len(looks)) if sequential else ""
            level = simultaneous_level(part.mean(-1), spent(confidence, look, n_points))
            _, lo, hi = expected(part.mean(-1), level)
            width[one, place] = ((hi - lo) / 2).max()
            missed[one, place] = ((lo > truth) | (hi < truth)).any()
    return width, missed


def one_looked_at(
    plant: str, *, n: int, looks: tuple[int, ...], confidence: float, replicates: int = 2,
    seed: int = 5,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """The same for one point, all repetitions at once."""
    width, missed = np.empty((n, len(looks))), np.empty((n, len(looks)), dtype=bool)
    for start in range(0, n, 4_000):
        some = slice(start, min(n, start + 4_000))
        rng = np.random.default_rng([seed, start])
        ys, truths = zip(*(outcomes(plant, rng, 1, looks[-1], replicates)
                           for _ in range(some.stop - some.start)), strict=True)  # fmt: skip
        draws, truth = np.array(ys)[:, 0].mean(-1), truths[0]
        for place, count in enumerate(looks):
            level = spent(confidence, look_of(place, len(looks)), 1)
            lo, hi = mean_interval(draws[:, :count], student(count - 1, level))
            width[some, place] = (hi - lo) / 2
            missed[some, place] = (lo > truth) | (hi < truth)
    return width, missed


def covered(width: np.ndarray, missed: np.ndarray, precision: float) -> float:
    """Share of repetitions without a miss at the look at which the widths end it."""
    enough = width <= precision
    enough[:, -1] = True
    stop = enough.argmax(1)
    return float(1 - missed[np.arange(len(stop)), stop].mean())
