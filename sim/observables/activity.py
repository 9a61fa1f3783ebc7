"""How often accounts post: C15 = originals a day, the median account; share under one a week.

Accounts that posted nothing at all while they were looked at do not stand in an export of posts;
in a run they do, and are left out here as well, so that both are measured alike.
"""

from __future__ import annotations

import numpy as np

from sim.observables.observed import MissingError, Observed
from sim.observables.sample import Sample

SHORTEST = 7.0  # days below which "less than one a week" cannot be seen


def posting(sample: Sample) -> dict[str, Observed]:
    """C15: posts a day of the median account, and the share with less than one a week."""
    if not sample.named:
        raise MissingError("the data do not say which account a post is from")
    if sample.days < SHORTEST:
        raise MissingError(f"the data span fewer than {SHORTEST:g} days, or have no times")
    n = sample.accounts["n_posts"]
    a_day = n[n > 0] / sample.days
    if not len(a_day):
        raise MissingError("no account has posted")
    return {
        "C15.posts_per_day": Observed(value=float(np.median(a_day)), n=len(a_day)),
        "C15.under_one_a_week": Observed(value=float(np.mean(7.0 * a_day < 1.0)), n=len(a_day)),
    }
