"""Learning from one's own results: exponential weights over two kinds of work, with a floor.

    x_k   = (R_k + c m) / (H_k + c)          m = (R_p + R_r) / (H_p + H_r)
    g     = (x_p - x_r) / (x_p + x_r)        in [-1, 1]; 0 while nothing has been earned
    lean  <- memory lean + rate g            log-odds of planned work
    rho   = floor + (1 - 2 floor) (1 + tanh(lean / 2)) / 2         the logistic curve of lean

R_k, H_k: what a week brought to posts of one kind, and the hours that went into it (p planned,
r answers and routine). Multiplicative weights for two actions (Freund and Schapire 1997, "A
decision-theoretic generalization of on-line learning"), mixed with a floor so that neither action
stops being observed (Auer et al. 2002, "The nonstochastic multiarmed bandit problem"). `memory`
below 1 forgets, since what earns may change; c hours of caution draw both returns to their common
mean, since a few posts say little. Limit: returns are averages, not what the next hour would earn.
"""

from __future__ import annotations

import numpy as np

from sim.law import law


@law
def cautious_return(earned, hours, mean, caution):
    """(R + c m) / (H + c): earned per hour, drawn towards the mean."""
    return (earned + caution * mean) / (hours + caution)


@law
def advantage(planned, reactive):
    """(x_p - x_r) / (x_p + x_r), 0 where both are 0."""
    total = planned + reactive
    return (planned - reactive) / np.where(total > 0.0, total, 1.0)


@law
def next_lean(lean, memory, rate, gained):
    """memory lean + rate g."""
    return memory * lean + rate * gained


@law
def planned_share(lean, floor):
    """floor + (1 - 2 floor) (1 + tanh(lean / 2)) / 2, which no lean overflows."""
    return floor + (1.0 - 2.0 * floor) * 0.5 * (1.0 + np.tanh(0.5 * lean))


@law
def first_lean(rho, floor):
    """The lean at which the planned share is rho."""
    return np.log((rho - floor) / (1.0 - floor - rho))
