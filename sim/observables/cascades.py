"""Re-shares one by one: how deep in their tree, how long after the post.

C10 = share at depth 1 (made directly from the root)      C11 = share within 1 h, within 24 h
"""

from __future__ import annotations

import numpy as np

from sim.observables.observed import MissingError, Observed
from sim.observables.sample import Sample


def of_shares(sample: Sample, name: str, what: str) -> np.ndarray:
    """A column of re-shares, or the reason why it is missed."""
    if not sample.shares:
        raise MissingError(sample.why_no_shares)
    if name not in sample.shares:
        raise MissingError(f"the data do not say {what} of each re-share")
    values = np.asarray(sample.shares[name])
    if not len(values):
        raise MissingError("nothing was re-shared")
    return values


def directness(sample: Sample) -> dict[str, Observed]:
    """C10: re-shares made directly from the root."""
    depth = of_shares(sample, "depth", "the depth")
    return {"C10": Observed(value=float(np.mean(depth == 1)), n=len(depth))}


def lags(sample: Sample) -> dict[str, Observed]:
    """C11: re-shares within an hour and within a day."""
    lag = of_shares(sample, "lag_hours", "the time")
    return {
        "C11.within_1h": Observed(value=float(np.mean(lag <= 1.0)), n=len(lag)),
        "C11.within_24h": Observed(value=float(np.mean(lag <= 24.0)), n=len(lag)),
    }
