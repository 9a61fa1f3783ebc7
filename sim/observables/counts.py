"""Re-shares a post: none at all, median and mean, a hundred or more; likes per re-share.

C3 = P(n = 0)    C4 = median n, mean n    C7 = sum likes / sum n    C8 = P(n >= 100)

C8 is so rare that most samples of 1,800 posts hold none: it is taken over all posts at hand, with
the exact interval of a share (Clopper & Pearson 1934; posts as independent).
"""

from __future__ import annotations

import numpy as np
from scipy.stats import beta

from sim.observables.observed import MissingError, Observed
from sim.observables.sample import Sample

MANY = 100


def zero_share(sample: Sample) -> dict[str, Observed]:
    """C3: originals without a re-share."""
    n = sample.column("retweets")
    return {"C3": Observed(value=float(np.mean(n == 0)), n=len(n))}


def level(sample: Sample) -> dict[str, Observed]:
    """C4: median and mean of re-shares per original."""
    n = sample.column("retweets")
    return {
        "C4.median": Observed(value=float(np.median(n)), n=len(n)),
        "C4.mean": Observed(value=float(np.mean(n)), n=len(n)),
    }


def likes_per_share(sample: Sample) -> dict[str, Observed]:
    """C7: all likes over all re-shares."""
    likes, n = sample.column("likes"), sample.column("retweets")
    if n.sum() == 0:
        raise MissingError("nothing was re-shared")
    return {"C7": Observed(value=float(likes.sum()) / float(n.sum()), n=len(n))}


def many(sample: Sample) -> dict[str, Observed]:
    """C8: originals with 100 re-shares or more."""
    n = sample.column("retweets")
    found = int((n >= MANY).sum())
    lo, hi = exact_interval(found, len(n))
    note = f"{found} of {len(n):,} posts"
    return {"C8": Observed(value=found / len(n), lo=lo, hi=hi, n=len(n), note=note)}


def exact_interval(found: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The interval of a share whose ends make what was found just too unlikely."""
    tail = (1.0 - confidence) / 2.0
    low = float(beta.ppf(tail, found, n - found + 1)) if found > 0 else 0.0
    high = float(beta.ppf(1.0 - tail, found + 1, n - found)) if found < n else 1.0
    return low, high
