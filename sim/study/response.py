"""A response curve: what so many staff hours bring, with a doubt that holds the parameters'.

    R(h) = R_max h^n / (K^n + h^n)                 h hours a week, K half-saturation   (Hill 1910)
    log R(h) by least squares on the typical outcomes of the levels that were run
    dR/dH = R n K^n / ((K^n + h^n) H)              what the next staff hour brings

The levels share worlds and parameters, so that their errors go together: intervals come from
leaving out one parameter draw at a time (delete-one jackknife, Efron & Stein 1981; Student's t),
which keeps that dependence, and are made for logarithms. They are those of the expected curve over
the parameters. Nothing is said outside the levels that were run; a ceiling is given only where half
of it was surely passed and its own doubt is below CERTAIN.

Where more hours buy nothing is read from the paired runs and not from the fit: of every level, what
the highest one brings beyond it, all levels at once (`simultaneous`), against the smallest
difference worth acting on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.study.comparison import Estimate
from sim.study.random_effects import MIN_DRAWS, student
from sim.study.simultaneous import mean_interval, simultaneous_level

FEWEST_LEVELS = 4  # three parameters are fitted
STEEPEST = (0.1, 6.0)  # exponents allowed
REACHES = 30.0  # K may lie so many times outside the levels before the fit is stopped
CERTAIN = 0.35  # standard error of log R_max above which no ceiling is told
N_GRID = 41  # points of the curve as drawn


@dataclass(frozen=True, kw_only=True)
class Response:
    """One curve. grid: {hours, outcome, lo, hi, cost, cost_lo, cost_hi} over the levels run."""

    hours: np.ndarray  # [L] a week
    typical: list[Estimate]  # [L] outcome
    next_hour: list[Estimate]  # [L] outcome per further staff hour
    cost: list[Estimate]  # [L] staff hours per 1,000 of the outcome
    ceiling: Estimate
    half: Estimate
    exponent: Estimate
    residual: float  # largest deviation of the fit, as a share
    beyond: list[Estimate]  # [L] what the highest level brings beyond this one, as a share
    buys: tuple[float | None, float | None]  # surely something up to here; surely nothing from here
    enough: Estimate  # hours from which the rest brings less than worth, by the fit
    grid: Mapping[str, list[float | None]]
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Part of summary.json."""
        spans = ("typical", "next_hour", "cost", "beyond")
        return {
            "hours_per_week": self.hours.tolist(),
            **{name: [one.as_dict() for one in getattr(self, name)] for name in spans},
            "ceiling": self.ceiling.as_dict(), "half_saturation": self.half.as_dict(),
            "exponent": self.exponent.as_dict(), "largest_residual": self.residual,
            "buys_something_up_to": self.buys[0], "buys_nothing_from": self.buys[1],
            "enough": self.enough.as_dict(), "grid": dict(self.grid), "note": self.note,
        }  # fmt: skip


def log_hill(theta: np.ndarray, log_hours: np.ndarray) -> np.ndarray:
    """log R at log hours; theta: log R_max, log K, log n."""
    n = math.exp(theta[2])
    return np.asarray(theta[0] - np.logaddexp(0.0, n * (theta[1] - log_hours)))


def slope(theta: np.ndarray, log_hours: np.ndarray) -> np.ndarray:
    """d log R / d log h = n K^n / (K^n + h^n)."""
    n = math.exp(theta[2])
    return np.asarray(n / (1 + np.exp(-n * (theta[1] - log_hours))))


def fitted(log_hours: np.ndarray, values: np.ndarray, start: np.ndarray | None = None
           ) -> np.ndarray:  # fmt: skip
    """theta by least squares, within bounds, from several beginnings."""
    from scipy.optimize import least_squares

    low, high, wide = log_hours.min(), log_hours.max(), math.log(REACHES)
    bounds = ([values.min() - 1, low - wide, math.log(STEEPEST[0])],
              [values.max() + 2 * wide, high + wide, math.log(STEEPEST[1])])  # fmt: skip
    begins = [start] if start is not None else [
        np.array([values.max() + 0.2, place, n])
        for place in (low, (low + high) / 2, high) for n in (-0.7, 0.0, 0.7)
    ]  # fmt: skip
    found = [
        least_squares(lambda theta: log_hill(theta, log_hours) - values,
                      np.clip(one, *(np.array(end) for end in bounds)), bounds=bounds)
        for one in begins
    ]  # fmt: skip
    return np.asarray(min(found, key=lambda one: one.cost).x)


def jackknifed(
    statistic: Callable[[np.ndarray], np.ndarray], draws: np.ndarray, confidence: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(value, lo, hi) of a statistic of the draw means [L, D]; no ends with too few draws."""
    value, n = statistic(draws), draws.shape[1]
    if n < MIN_DRAWS:
        nothing = np.full_like(value, np.nan)
        return value, nothing, nothing
    left_out = np.array([statistic(np.delete(draws, one, axis=1)) for one in range(n)])
    error = np.sqrt((n - 1) / n * np.square(left_out - left_out.mean(0)).sum(0))
    half = student(n - 1, confidence) * error
    return value, value - half, value + half


def respond(
    hours: np.ndarray, outcomes: np.ndarray, weeks: float, *, worth: float, confidence: float
) -> Response:
    """hours: float64[L] a week, rising; outcomes: float64[L, D, R], totals of the same worlds."""
    if len(hours) < FEWEST_LEVELS or outcomes.shape[0] != len(hours):
        raise ValueError(f"a response curve needs {FEWEST_LEVELS} levels or more")
    place = np.log(hours)
    draws = np.log1p(outcomes).mean(-1)
    if draws.shape[1] == 1:  # central parameters: luck is all there is
        draws = np.log1p(outcomes)[:, 0, :]
    whole = fitted(place, draws.mean(1))
    grid = np.linspace(place[0], place[-1], N_GRID)
    top = math.log1p(worth)

    def parts(some: np.ndarray) -> np.ndarray:
        theta = whole if some is draws else fitted(place, some.mean(1), whole)
        curve, at = log_hill(theta, grid), log_hill(theta, place)
        brings = at + np.log(slope(theta, place)) - place - math.log(weeks)
        return np.concatenate([theta, curve, brings, [_enough(theta, grid, top)]])

    value, lo, hi = jackknifed(parts, draws, confidence)
    n_grid, n = len(grid), len(place)
    curve, brings = slice(3, 3 + n_grid), slice(3 + n_grid, 3 + n_grid + n)
    level, level_lo, level_hi = jackknifed(lambda some: some.mean(1), draws, confidence)
    beyond, buys = _beyond(hours, draws, confidence, worth)
    told = [_ratio(*ends) for ends in zip(value[:3], lo[:3], hi[:3], strict=True)]
    ceiling, half, note = _honest(told, whole, (lo, hi), place)
    return Response(
        hours=hours,
        typical=[_total(*ends) for ends in zip(level, level_lo, level_hi, strict=True)],
        next_hour=[_ratio(*ends) for ends in zip(value[brings], lo[brings], hi[brings],
                                                 strict=True)],
        cost=[_ratio(*ends) for ends in _cost(place, weeks, level, level_lo, level_hi)],
        ceiling=ceiling, half=half, exponent=told[2],
        residual=math.expm1(float(np.abs(log_hill(whole, place) - draws.mean(1)).max())),
        beyond=beyond, buys=buys, note=note,
        enough=_ratio(value[-1], lo[-1], hi[-1]) if value[-1] < place[-1] - 1e-9 else
        Estimate(mean=None),
        grid=_drawn(grid, weeks, value[curve], lo[curve], hi[curve]),
    )  # fmt: skip


def _enough(theta: np.ndarray, grid: np.ndarray, top: float) -> float:
    """log hours from which all further ones that were run bring less than worth."""
    gap = log_hill(theta, grid[-1:])[0] - log_hill(theta, grid) - top
    after = np.flatnonzero(gap <= 0)
    first = int(after[0])
    if first == 0:
        return float(grid[0])
    share = gap[first - 1] / (gap[first - 1] - gap[first])
    return float(grid[first - 1] + share * (grid[first] - grid[first - 1]))


def _honest(
    told: list[Estimate], theta: np.ndarray, ends: tuple[np.ndarray, np.ndarray], place: np.ndarray
) -> tuple[Estimate, Estimate, str]:
    """Ceiling and half-saturation, where the levels that were run know them."""
    lo, hi = ends
    doubt = (hi[0] - lo[0]) / 4
    if theta[1] > place[-1]:
        return Estimate(mean=None), Estimate(mean=None), (
            "No ceiling in sight: half of it lies beyond the hours that were run."
        )
    if not math.isfinite(doubt) or doubt > CERTAIN or hi[1] > place[-1]:
        return Estimate(mean=None), Estimate(mean=None), (
            "The ceiling is not known: half of it may lie beyond the hours that were run."
        )
    return told[0], told[1], ""


def _beyond(
    hours: np.ndarray, draws: np.ndarray, confidence: float, worth: float
) -> tuple[list[Estimate], tuple[float | None, float | None]]:
    """What the highest level brings beyond every other, paired, all levels at once; then up to
    which level, from the lowest on, that is surely worth something, and from which it is not."""
    gaps = draws[-1] - draws[:-1]
    n = gaps.shape[1]
    if n < MIN_DRAWS:
        alone = [Estimate(mean=math.expm1(float(one))) for one in gaps.mean(1)]
        return [*alone, Estimate(mean=0.0)], (None, None)
    lo, hi = mean_interval(gaps, student(n - 1, simultaneous_level(gaps, confidence)))
    spans = [Estimate(mean=math.expm1(m), lo=math.expm1(a), hi=math.expm1(b))
             for m, a, b in zip(gaps.mean(1), lo, hi, strict=True)]  # fmt: skip
    something: float | None = None
    for h, one in zip(hours, spans, strict=False):
        if (one.lo or 0.0) <= worth:
            break
        something = float(h)
    nothing: float | None = None
    for h, one in reversed(list(zip(hours, spans, strict=False))):
        if one.hi is None or one.hi >= worth:
            break
        nothing = float(h)
    return [*spans, Estimate(mean=0.0, lo=0.0, hi=0.0)], (
        something, nothing
    )


def _cost(
    place: np.ndarray, weeks: float, level: np.ndarray, lo: np.ndarray, hi: np.ndarray
) -> list[tuple[float, float, float]]:
    """log staff hours per 1,000; dear where little is reached."""
    spent = place + math.log(1_000 * weeks)
    return [(float(h - m), float(h - b), float(h - a))
            for h, m, a, b in zip(spent, level, lo, hi, strict=True)]  # fmt: skip


def _drawn(grid: np.ndarray, weeks: float, value: np.ndarray, lo: np.ndarray, hi: np.ndarray
           ) -> dict[str, list[float | None]]:  # fmt: skip
    """The curve and its cost, point by point."""
    spent = grid + math.log(1_000 * weeks)
    columns = {"hours": grid, "outcome": value, "lo": lo, "hi": hi, "cost": spent - value,
               "cost_lo": spent - hi, "cost_hi": spent - lo}  # fmt: skip
    return {name: [_exp(float(one)) for one in column] for name, column in columns.items()}


def _exp(value: float) -> float | None:
    return math.exp(value) if math.isfinite(value) and abs(value) < 700 else None


def _ratio(mean: float, lo: float, hi: float) -> Estimate:
    """Back from logarithms."""
    return Estimate(mean=_exp(float(mean)), lo=_exp(float(lo)), hi=_exp(float(hi)))


def _total(mean: float, lo: float, hi: float) -> Estimate:
    """Back from log(total + 1)."""
    ends = [_exp(float(one)) for one in (mean, lo, hi)]
    m, a, b = (None if one is None else max(one - 1.0, 0.0) for one in ends)
    return Estimate(mean=m, lo=a, hi=b)
