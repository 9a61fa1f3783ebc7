"""The map of a finished study: its points, the plane through them, and the shares of its area.

The difference is that of the expected outcomes over the parameters, as a share of the other arm
(through logs where totals are compared), so that a map of any measure reads alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from sim.errors import UserError
from sim.measures import BY_NAME, Measure
from sim.study.phase import SURE, fit_surface, grid
from sim.study.plan import CONTROL
from sim.study.points import scaled
from sim.study.random_effects import MIN_DRAWS
from sim.study.summary import Judge
from sim.study.verdict import wanted


class Axis(Protocol):
    """An interval of one number of the world."""

    @property
    def key(self) -> str: ...

    @property
    def interval(self) -> tuple[float, float] | None: ...

    @property
    def log(self) -> bool: ...


def share_of(axis: Axis, value: float) -> float:
    """Where on the axis, from 0 to 1."""
    low, high = axis.interval or (0.0, 1.0)
    if axis.log:
        return (math.log(value) - math.log(low)) / (math.log(high) - math.log(low))
    return (value - low) / (high - low)


def value_at(axis: Axis, share: float) -> float:
    """What stands there."""
    low, high = axis.interval or (0.0, 1.0)
    if axis.log:
        return math.exp(math.log(low) + share * (math.log(high) - math.log(low)))
    return low + share * (high - low)


def differences(
    judge: Judge, measure: Measure, axes: Sequence[Axis]
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """(places [n, 2], differences by draw [n, D], points) of the points that came through."""
    places, rows, names = [], [], []
    for one in judge.points:
        tested, control = (
            judge.found.outcomes(measure.name, one.world, arm, judge.kept)
            for arm in (one.id, CONTROL)
        )
        gap = scaled(measure, tested) - scaled(measure, control)
        if not measure.heavy_tailed:
            level = abs(float(control.mean()))
            gap = gap / level if level > 0 else gap
        draws = gap[0] if gap.shape[0] == 1 else gap.mean(-1)
        if not np.isfinite(draws).all():
            continue
        settings = judge.found.plan.worlds[one.world]
        places.append([share_of(axis, float(settings[axis.key])) for axis in axes])
        rows.append(draws)
        names.append(one.id)
    if len(rows) < 6:
        raise UserError(f"Only {len(rows)} points of the map came through: too few for a plane.")
    if len(rows[0]) < MIN_DRAWS:
        raise UserError(
            f"A map needs {MIN_DRAWS} parameter draws or more, and these are {len(rows[0])}: raise "
            "worlds=."
        )
    return np.array(places), np.array(rows), names


def map_of(judge: Judge, axes: Sequence[Axis]) -> dict[str, Any]:
    """Part of summary.json: the grid of the map, its points, and what part is sure."""
    measure = BY_NAME[judge.rules.settings.objective]
    places, draws, names = differences(judge, measure, axes)
    surface = fit_surface(places, draws)
    side, everywhere = grid()
    mean, _ = surface.at(everywhere)
    p = surface.p_better(everywhere, wanted(measure.better))
    shape = (len(side), len(side))
    told = np.expm1(mean) if measure.heavy_tailed else mean
    inside, n = surface.left_out()
    return {
        "axes": [
            {"key": axis.key, "log": axis.log, "values": [value_at(axis, one) for one in side]}
            for axis in axes
        ],
        "difference": told.reshape(shape).tolist(), "p_better": p.reshape(shape).tolist(),
        "points": [
            {"point": name, "place": [value_at(axis, share) for axis, share in
                                      zip(axes, place, strict=True)],
             "difference": float(np.expm1(row.mean()) if measure.heavy_tailed else row.mean())}
            for name, place, row in zip(names, places, draws, strict=True)
        ],
        "area": {
            "better": float((p >= SURE).mean()), "worse": float((p <= 1 - SURE).mean()),
            "unsure": float(((p > 1 - SURE) & (p < SURE)).mean()),
            "worth_it": float((p >= SURE)[np.abs(told) >= judge.rules.settings.worth].sum()
                              / p.size),
        },
        "sure": SURE, "left_out_inside": inside, "left_out": n,
    }  # fmt: skip
