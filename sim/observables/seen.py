"""Being seen: the half-life of impressions, what is done in a day, and the followers reached.

C12 half-life = median over posts of the time until half of a post's impressions are made (Pfeffer,
    Matter & Sargsyan 2023), posts with 10 impressions or more; share = all within 24 h over all
C13 = median over accounts of the mean over posts of (followers who saw it as followers) / followers
"""

from __future__ import annotations

import numpy as np

from sim.observables.observed import MissingError, Observed
from sim.observables.sample import Sample

FEWEST_IMPRESSIONS = 10  # below it a half-life is the time of one or two views


def half_life(sample: Sample) -> dict[str, Observed]:
    """C12, first part, in minutes."""
    hours, seen = sample.column("half_life_hours"), sample.column("impressions")
    enough = seen >= FEWEST_IMPRESSIONS
    if not enough.any():
        raise MissingError(f"no post has {FEWEST_IMPRESSIONS} impressions")
    value = 60.0 * float(np.median(hours[enough]))
    return {"C12.half_life": Observed(value=value, n=int(enough.sum()))}


def done_in_a_day(sample: Sample) -> dict[str, Observed]:
    """C12, second part."""
    seen, day = sample.column("impressions"), sample.column("impressions_24h")
    if seen.sum() == 0:
        raise MissingError("nothing was seen")
    return {"C12.within_24h": Observed(value=float(day.sum()) / float(seen.sum()), n=len(seen))}


def reach(sample: Sample) -> dict[str, Observed]:
    """C13: the part of its followers that a post of the median account reaches."""
    means = [float(np.mean(one)) for one in sample.slices("reach_share") if len(one)]
    known = [one for one in means if np.isfinite(one)]
    if not known:
        raise MissingError("no account with known followers has posted")
    return {"C13": Observed(value=float(np.median(known)), n=len(known))}
