"""How the attention to an event passes: exponentially, or by a power law.

    exponential   D(age) = 2^(-age / half_life)
    power         D(age) = (1 + age / tau)^-p,   tau = half_life / (2^(1 / p) - 1)

Both halve after `news.attention_half_life`; the power law goes on where the exponential is gone.
Collective attention after a shock from outside relaxes like age^-1.4, and like age^-0.6 where
people also set one another off (Crane & Sornette 2008). An engine keeps no list of past events: a
power law is the sum of exponentials whose rates are gamma-distributed,

    (1 + age / tau)^-p = sum_k w_k exp(-age exp(u_k) / tau),   w_k ~ exp(p u_k - exp(u_k))

on an even grid of u (Beylkin & Monzon 2005), the weights made to add up to 1; within 2 in 1,000 of
the power law up to an age of 10,000 hours. Limit: whatever raises attention, an event or an
exchange, passes by the same law.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from sim.law import law
from sim.parameters import Parameters

STEP, LOWEST, HIGHEST = 0.75, -24.0, 3.75  # the grid of u
Exponent = Annotated[float, Field(ge=0.3, le=3.0)]


class Exponential(Parameters):
    """Attention halves again and again."""

    kind: Literal["exponential"]


class PowerLaw(Parameters):
    """Attention halves once in the half-life, and ever more slowly after."""

    kind: Literal["power"]
    exponent: Exponent


Decay = Annotated[Exponential | PowerLaw, Field(discriminator="kind")]


@law
def part_after_an_hour(part, added, weight, kept):
    """One exponential of the sum: what it had and its weight's share of what came, an hour on."""
    return (part + weight * added) * kept


def parts_of(decay: Exponential | PowerLaw, half_life: float) -> tuple[np.ndarray, np.ndarray]:
    """(weights, rates per hour) of the exponentials of a power law; none of a single one."""
    if isinstance(decay, Exponential):
        return np.zeros(0), np.zeros(0)
    p = decay.exponent
    tau = half_life / (2.0 ** (1.0 / p) - 1.0)
    u = np.arange(LOWEST, HIGHEST + STEP / 2, STEP)
    weights = np.exp(p * u - np.exp(u))
    return weights / weights.sum(), np.exp(u) / tau


def lasting_hours(decay: Exponential | PowerLaw, half_life: float, n_hours: float) -> float:
    """Hours of full attention that one event amounts to. Of a power law the mean over events at
    any hour of a run, since most of its tail lies beyond the run's end: the sum over k of
    w_k / r_k (1 - (1 - exp(-r_k n)) / (r_k n))."""
    if isinstance(decay, Exponential):
        return float(half_life / np.log(2.0))
    weights, rates = parts_of(decay, half_life)
    reach = rates * n_hours
    return math.fsum(weights / rates * (1.0 + np.expm1(-reach) / reach))
