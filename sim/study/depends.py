"""Does the answer hang on a parameter? The sign of the difference against every drawn parameter.

    z[p, j] = (sum of ranks of parameter j over the draws in which point p is ahead - expected) / sd

the rank-sum statistic (Mann & Whitney 1947) of the draws in which the difference is positive
against the others. Parameters are many and draws few, so the largest |z| of all points and
parameters is held against its own law when draws are shuffled (Westfall & Young 1993): a point is
said to depend on a parameter only if in at most ALARM of the shufflings any pair looks so strong.
ALARM is the chance of one or more false alarms in the whole study, if nothing hangs on anything; it
is kept whatever the parameters' or the differences' laws are.

Limits: parameters are looked at one by one; two that only matter together are not found. With 16
draws only a nearly perfect split is found, with 64 a moderate one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

ALARM = 0.05
N_SHUFFLES = 1_999
FEWEST = 0.1  # of the draws must be on the rarer side: else the sign does not turn


@dataclass(frozen=True, kw_only=True)
class Dependence:
    """The parameter with which a point's sign turns. rises: ahead where it is high."""

    parameter: str
    rises: bool
    z: float
    p_value: float

    def as_dict(self) -> dict[str, object]:
        where = "high" if self.rises else "low"
        return {"parameter": self.parameter, "positive_where": where, "z": self.z,
                "p_value": self.p_value}  # fmt: skip


def depends_on(
    draws: np.ndarray, parameters: Sequence[Mapping[str, np.ndarray]], seed: int = 3
) -> list[Dependence | None]:
    """draws: float64[P, D], draw means of the differences; parameters: for every point the values
    {name: float64[D]} drawn in its world. One answer a point, None where nothing is found."""
    found: list[Dependence | None] = [None] * len(draws)
    ahead = np.asarray(draws > 0)
    n_draws = draws.shape[1]
    rarer = np.minimum(ahead.sum(1), n_draws - ahead.sum(1))
    enough = max(2, math.ceil(FEWEST * n_draws))
    turning = [p for p in range(len(draws)) if rarer[p] >= enough and parameters[p]]
    if not turning:
        return found
    ranks = {id(parameters[p]): _ranks(parameters[p]) for p in turning}
    z = {p: _z(ahead[p][None], ranks[id(parameters[p])])[0] for p in turning}
    largest = _shuffled(ahead, turning, parameters, ranks, seed)
    for p in turning:
        best = int(np.abs(z[p]).argmax())
        value = float(z[p][best])
        p_value = (1 + int((largest >= abs(value) - 1e-12).sum())) / (1 + len(largest))
        if p_value <= ALARM:
            name = sorted(parameters[p])[best]
            found[p] = Dependence(parameter=name, rises=value > 0, z=value, p_value=p_value)
    return found


def _ranks(parameters: Mapping[str, np.ndarray]) -> np.ndarray:
    """float64[D, J]: ranks of every parameter over the draws, standardised; J by name."""
    from scipy.stats import rankdata

    ranks = np.array([rankdata(parameters[name]) for name in sorted(parameters)]).T
    gaps = ranks - ranks.mean(0)
    size = gaps.std(0, ddof=1)
    return np.asarray(np.divide(gaps, size, out=np.zeros_like(gaps), where=size > 0))


def _z(ahead: np.ndarray, ranks: np.ndarray) -> np.ndarray:
    """float64[n, J] for n rows of signs: the sum over the draws ahead, over its permutation sd."""
    n_draws = ahead.shape[1]
    n_ahead = ahead.sum(1, keepdims=True)
    sd = np.sqrt(n_ahead * (n_draws - n_ahead) / n_draws)
    return np.asarray((ahead.astype(np.float64) @ ranks) / sd)


def _shuffled(
    ahead: np.ndarray, turning: Sequence[int], parameters: Sequence[Mapping[str, np.ndarray]],
    ranks: Mapping[int, np.ndarray], seed: int,
) -> np.ndarray:  # fmt: skip
    """The largest |z| of all points and parameters in every shuffling, the same for all points."""
    rng = np.random.default_rng([seed, ahead.shape[1]])
    groups: dict[int, list[int]] = {}
    for p in turning:
        groups.setdefault(id(parameters[p]), []).append(p)
    largest = np.empty(N_SHUFFLES)
    for n in range(N_SHUFFLES):
        order = rng.permutation(ahead.shape[1])
        largest[n] = max(
            float(np.abs(_z(ahead[rows][:, order], ranks[one])).max())
            for one, rows in groups.items()
        )
    return largest
