"""Frames on one event: who met which side first, and what it does to the second.

    weight of a frame = 1 / (1 + (e - 1) 2^(-gap / tau))   an hour or more after an opposed one

e > 1: an earlier frame weakens a later opposed one (pre-emption, inoculation); e < 1: it helps it.
Two frames met within the same hour count as simultaneous: both at full weight, so that they cancel
by their signs; after a long gap the first has faded, so the later one wins. Sources: Chong &
Druckman 2010 for the pattern, McGuire-type inoculation studies against Walter & Murphy 2018 for the
sign of e.

People remember the last four events they met a frame on; that bounds `first frame` measures too.
"""

from __future__ import annotations

import math

from sim.law import law
from sim.parameters import Parameters, Positive

N_REMEMBERED = 4


class Framing(Parameters):
    """How opposed frames on one event interact (units in conf/framing)."""

    preemption: Positive
    memory_half_life_days: Positive


@law
def frame_weight(is_opposed, gap_hours, preemption, half_life_hours):
    """Weight of a frame met gap_hours after the first frame on the same event."""
    if not is_opposed or gap_hours < 1.0:
        return 1.0
    left = math.exp(-math.log(2.0) * gap_hours / half_life_hours)
    return 1.0 / (1.0 + (preemption - 1.0) * left)
