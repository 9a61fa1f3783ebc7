"""What one would say of the facts held out without a model: the naive forecasts to beat.

Every account repeats its own past, so nothing changes: a ratio is 1, a change is 0. Where an
account's past is the fact itself (D1), all followers count alike: the mean post of an ordinary
mission, per follower of the typical one, both as published (C4; 700 followers). The best post of a
year would lie above its mean, so this errs on the naive side's behalf.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.evidence import Target as Pattern
from sim.evidence import parts_of
from sim.mechanisms.core import REFERENCE_FOLLOWERS
from sim.trust import allies, frames, giant, star, switch, tones

MEAN = "C4.mean"


def naive_forecasts(targets: Mapping[str, Pattern]) -> dict[str, float]:
    """{key: value}, of every number that some experiment gives."""
    middle, _ = parts_of(targets)[MEAN].middle_and_sd
    return {
        giant.OVER_FOLLOWERS: middle / REFERENCE_FOLLOWERS, giant.OVER_GIANT: 1.0,
        star.KEY: 1.0, switch.KEY: 1.0, f"{switch.KEY}.switch": 1.0, f"{switch.KEY}.interest": 1.0,
        allies.KEY: 1.0, tones.ENGAGEMENT: 0.0, tones.SHARP: 0.0, tones.POSITIVE: 0.0,
        frames.SIMULTANEOUS: 0.0, frames.SEPARATED: 0.0,
    }  # fmt: skip
