"""How sure a positive statistic of a few accounts is: the jackknife of its logarithm.

    se^2 = (n - 1) / n  sum_a (log s_(a) - mean)^2,      s_(a): without account a
    interval  log s +- t_(n-1) se                        (Tukey 1958; Efron and Tibshirani 1993)

A percentile bootstrap over five accounts misses the truth in 18 to 20 % of the cases where 5 are
declared, over twenty in 7 to 9 %; this one in 6 to 8 % from five accounts on (means and ratios of
lognormal accounts, log sd .6). Pure.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.stats import t

LEVEL = 0.95


def log_interval(
    rows: np.ndarray, statistic: Callable[[np.ndarray], float]
) -> tuple[float, float, float] | None:
    """(lo, hi, sd of the logarithm) of a statistic of rows, one an account (float64[n, ...]); None
    where it is not positive without one of them."""
    n = len(rows)
    with np.errstate(invalid="ignore", divide="ignore"):
        without = np.array([statistic(np.delete(rows, k, axis=0)) for k in range(n)])
    whole = statistic(rows)
    if not (np.isfinite(without).all() and without.min() > 0 and whole > 0):
        return None
    logs = np.log(without)
    se = math.sqrt((n - 1) / n * float(((logs - logs.mean()) ** 2).sum()))
    half = float(t.ppf(0.5 + LEVEL / 2, n - 1)) * se
    return whole * math.exp(-half), whole * math.exp(half), se
