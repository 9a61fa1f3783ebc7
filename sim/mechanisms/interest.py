"""Rising interest: for some weeks, what the ministry says is looked for.

    I(t) = 1 + size min(1, t / ramp)              until the ramp ends, t in days
         = 1 + size 2^(-(t - ramp) / half_life)   afterwards

For posts of the ministry, attention to their topic counts I times: shares x I^epsilon_s, late views
(profile, search) x I^epsilon_v, with the elasticities of attention itself; followers won per view
x I^epsilon_f; and each post is looked up by people who follow nobody: (I - 1) s n of them, n being
the market, or everybody where the account speaks to all publics. Interest rose while an embassy
began to take its account seriously (S0): here it can rise alone, with the same work, so that the
two can be told apart. Attention itself, and with it feeds and rivals, stays as it is. I is constant
within a day; at rest it is exactly 1 and changes no bit.
"""

from __future__ import annotations

import math

from sim.law import law, power


@law
def interest(days, size, ramp_days, half_life_days):
    """I after so many days; 1 before it begins."""
    if days < 0.0:
        return 1.0
    if days < ramp_days:
        return 1.0 + size * days / ramp_days
    return 1.0 + size * math.exp(-math.log(2.0) * (days - ramp_days) / half_life_days)


@law
def drawn_by(level, elasticity):
    """The factor that interest puts on a hazard or a probability: I^elasticity."""
    return power(level, elasticity)


@law
def n_searches(level, per_person, n_people, u):
    """People who look one post up: (I - 1) s n, the fraction left over decided by a die."""
    return math.floor((level - 1.0) * per_person * n_people + u)
