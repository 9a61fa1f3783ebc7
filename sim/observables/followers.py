"""Followers: their spread over missions, the large ones, what they do to re-shares, their growth.

C1 = sd of log followers, the giant left out     C2 = share of missions above 5,000 and 10,000
C14 = Spearman's rank correlation of followers and re-shares over posts, and the slope of
      log(1 + re-shares) on log followers (ordinary least squares)
C18 = growth a month, (after / before)^(month / time) - 1: of the sums over accounts (time: their
      mean, weighted by followers before), and the median account's
"""

from __future__ import annotations

import numpy as np
from scipy.stats import rankdata

from sim.mechanisms.following import DAYS_PER_MONTH
from sim.observables.observed import MissingError, Observed
from sim.observables.sample import GIANT, Sample

GROWN = ("before", "after", "between")  # followers, followers, days
LARGE = {"C2.above_5k": 5_000, "C2.above_10k": 10_000}


def stocks(sample: Sample) -> np.ndarray:
    """Followers of the accounts that are missions, where known."""
    if not sample.named:
        raise MissingError("the data do not say which account a post is from")
    followers = sample.accounts["followers"]
    known = followers[sample.accounts["is_mission"] & np.isfinite(followers)]
    if not len(known):
        raise MissingError("the data do not say how many followers an account has")
    return np.asarray(known)


def spread(sample: Sample) -> dict[str, Observed]:
    """C1: standard deviation of log followers, the giant and empty accounts left out."""
    known = stocks(sample)
    usual = known[(known > 0) & (known < GIANT)]
    if len(usual) < 2:
        raise MissingError("fewer than two accounts with followers")
    return {"C1": Observed(value=float(np.log(usual).std(ddof=1)), n=len(usual))}


def large(sample: Sample) -> dict[str, Observed]:
    """C2: missions above 5,000 and above 10,000 followers."""
    known = stocks(sample)
    return {
        key: Observed(value=float(np.mean(known > limit)), n=len(known))
        for key, limit in LARGE.items()
    }


def pairs(sample: Sample) -> tuple[np.ndarray, np.ndarray]:
    """(log followers, log(1 + re-shares)) of posts whose account's followers are known."""
    followers, n = sample.column("followers"), sample.column("retweets")
    known = np.isfinite(followers) & (followers > 0)
    if len(np.unique(followers[known])) < 2:
        raise MissingError("followers are not known, or the same for all posts")
    return np.log(followers[known]), np.log1p(n[known])


def correlation(sample: Sample) -> dict[str, Observed]:
    """C14, first part: ranks, ties at their mean."""
    x, y = pairs(sample)
    if np.ptp(y) == 0:
        raise MissingError("every post has the same number of re-shares")
    value = float(np.corrcoef(rankdata(x), rankdata(y))[0, 1])
    return {"C14.spearman": Observed(value=value, n=len(x))}


def slope(sample: Sample) -> dict[str, Observed]:
    """C14, second part."""
    x, y = pairs(sample)
    centred = x - x.mean()
    return {"C14.slope": Observed(value=float(centred @ y / (centred @ centred)), n=len(x))}


def per_month(
    before: np.ndarray | float, after: np.ndarray | float, days: np.ndarray | float
) -> np.ndarray:
    """float64: growth a month, NaN where it is not known or began from nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.divide(after, before) ** np.divide(DAYS_PER_MONTH, days) - 1.0
    return np.where(np.isfinite(found), found, np.nan)


def growth(sample: Sample) -> dict[str, Observed]:
    """C18, accounts together. Sums first: a month's growth out of a shorter time is convex, so that
    the mean of accounts' own would follow the one that grew most."""
    before, after, days = grown(sample)
    time = np.average(days, weights=before)
    total = float(per_month(before.sum(), after.sum(), time))
    return {"C18.total": Observed(value=total, n=len(before))}


def usual_growth(sample: Sample) -> dict[str, Observed]:
    """C18, the median account."""
    found = per_month(*grown(sample))
    return {"C18.median": Observed(value=float(np.median(found)), n=len(found))}


def grown(sample: Sample) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Followers before and after, and the days between, of accounts that had followers."""
    before, after, days = (sample.accounts.get(name, np.zeros(0)) for name in GROWN)
    known = np.isfinite(per_month(before, after, days))
    if not known.any():
        raise MissingError("the data do not say how many followers an account had before and after")
    return before[known], after[known], days[known]
