"""How a number of the trust card does over parameter draws.

    miss(x) = 0 in range, else the distance to the nearer end: in standard deviations of the range
              (a published pattern), as |log| (a ratio), or in the number's own unit
    loss(x) = 0 in range, else 1 + miss / (1 + miss);      a row's score = its mean over draws

The loss counts first how often a forecast lies outside, then by how much: with the distance alone,
"nothing changes" could not be beaten wherever a fact is the sign of a change, since it stands on
the end of the range itself. It is bounded, so that one wild draw cannot decide. A draw in which a
number could not be worked out is not in range, and loses all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

COVERED = 0.9  # of the draws lie in the interval that is printed
SMALLEST = 1e-6  # of an end of a range: what has no logarithm is read as that
MOST = 2.0  # what loss tends to, far away
HALF = 0.5  # of the draws in range: what the short form counts

Test = Callable[[float], bool]
Distance = Callable[[float], float]


def miss_of(value: float, low: float | None, high: float | None, is_log: bool) -> float:
    """The distance to the nearer end, negative below the range, 0 inside or on an end."""
    for end, side in ((low, -1.0), (high, 1.0)):
        if end is not None and side * (value - end) > 0:
            if is_log:
                return math.log(max(value, SMALLEST * end) / end)
            return value - end
    return 0.0


def loss_of(in_range: bool, miss: float) -> float:
    """0 in range, else 1 to 2."""
    return 0.0 if in_range else 1.0 + abs(miss) / (1.0 + abs(miss))


def scored(values: Sequence[float | None], holds: Test, miss: Distance) -> dict[str, Any]:
    """The row over draws, as plain values."""
    known = [one for one in values if one is not None]
    inside = sum(holds(one) for one in known)
    centre = float(np.median(known)) if known else None
    losses = [loss_of(holds(one), miss(one)) for one in known]
    losses += [MOST] * (len(values) - len(known))
    return {
        "value": centre, "draws": list(values), "n_known": len(known), "n_in_range": inside,
        "share_in_range": inside / len(values) if values else None,
        "in_range": None if centre is None else holds(centre),
        "miss": None if centre is None else miss(centre),
        "interval": interval(known), "loss": float(np.mean(losses)) if known else None,
    }  # fmt: skip


def interval(known: Sequence[float]) -> list[float] | None:
    """Between what values nine draws in ten lie; None for fewer than two."""
    if len(known) < 2:
        return None
    tail = (1.0 - COVERED) / 2.0
    return [float(one) for one in np.quantile(np.asarray(known), [tail, 1.0 - tail])]


def half_in_range(row: Mapping[str, Any]) -> bool:
    """Whether a number lies in its range in at least half of the draws."""
    return row["share_in_range"] is not None and row["share_in_range"] >= HALF
