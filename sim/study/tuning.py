"""Tuning a posture's own levers, so that neither side of a comparison is a straw man.

    trial 0   the usual settings             trial k   point k of a Halton sequence over the box
    score     mean over training worlds of the objective, in logs where it is heavy-tailed
    choice    the best trial, if it beats the usual settings by more than one standard error of
              the paired difference; else the usual settings

All trials of both sides run in the same training worlds, so that luck is shared; a coarse search on
purpose, since what is fitted closely to a few worlds does not hold in others (Halton 1960, "On the
efficiency of certain quasi-random sequences of points"). Scores of training are never reported as
results: the comparison itself runs in other worlds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.measures import Measure
from sim.study.verdict import wanted

DECIMALS = 3
Setting = Mapping[str, float]  # dotted key: value; empty: the usual settings


@dataclass(frozen=True, kw_only=True)
class Lever:
    """A key that may be tuned, and the range searched."""

    key: str
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What was chosen for one side, and all that was tried."""

    setting: Setting
    gain: float  # mean gain over the usual settings in training, as scored
    error: float  # its standard error
    trials: tuple[Setting, ...]
    scores: tuple[float, ...]  # mean over training worlds, by trial


def trials_of(levers: Sequence[Lever], n: int) -> tuple[Setting, ...]:
    """The usual settings and n - 1 others; only the usual ones where there is no lever."""
    if not levers or n < 2:
        return ({},)
    from scipy.stats import qmc  # here: every command would wait for it, and few tune

    points = qmc.Halton(len(levers), scramble=False)
    points.fast_forward(1)  # its first point is a corner
    others = [
        {
            one.key: round(one.low + (one.high - one.low) * float(part), DECIMALS)
            for one, part in zip(levers, point, strict=True)
        }
        for point in points.random(n - 1)
    ]
    return ({}, *others)


def scored(measure: Measure, values: np.ndarray) -> np.ndarray:
    """Outcomes on the scale on which they are compared, higher being wanted."""
    scaled = np.log1p(values) if measure.heavy_tailed else np.asarray(values, np.float64)
    return wanted(measure.better) * scaled


def choose(trials: Sequence[Setting], scores: np.ndarray) -> Choice:
    """scores: float64[trials, worlds], higher better. Ties go to the earlier trial."""
    means = scores.mean(axis=1)
    best = int(np.argmax(means))
    gains = scores[best] - scores[0]
    n = len(gains)
    error = float(gains.std(ddof=1) / np.sqrt(n)) if n > 1 else float("inf")
    if not gains.mean() > error:
        best, gains, error = 0, np.zeros(n), 0.0
    return Choice(
        setting=trials[best], gain=float(gains.mean()), error=error, trials=tuple(trials),
        scores=tuple(float(one) for one in means),
    )  # fmt: skip
