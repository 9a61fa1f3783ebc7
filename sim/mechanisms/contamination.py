"""Contamination: inauthentic accounts inflate the counts of somebody's posts and followers.

    boosted            with probability p, a post gets n = floor(m E) false shares, E ~ Exp(1), and
                       l times as many false likes; each comes Exp(d) hours after the post
    found, taken down  a share q (recall) of the false accounts, each Exp(r) hours after it acted
    there at age t     n ((1 - q) a + q b)
                       a = 1 - e^(-t/d)            b = (e^(-t/r) - e^(-t/d)) r / (r - d)
    false followers    n0 ((1 - q) + q e^(-t/r)) + s ((1 - q) t + q r (1 - e^(-t/r)))

b is the middle member of a chain of two decays (Bateman 1910): come, not yet taken down. Both are
expectations, rounded down: a farm's accounts are many and alike. Prevalence: Varol et al. 2017
(9 to 15 % of active accounts); every other number is assumed.

False accounts are not people. They look at nothing, hold no opinion and have no readers, so they
add neither views nor reach; they act on people only where a machine reads counts: the ranking of
feeds (mechanisms/ranking) and the threshold of a pick-up (mechanisms/pickup). Their counts stand
apart from the authentic ones from the start, and taking them down touches nothing else. They belong
to the world, the same in every arm: no policy can buy them (sim/door/overt.py).
"""

from __future__ import annotations

import math
from typing import Literal

from pydantic import field_validator

from sim.errors import NOT_OURS
from sim.law import law
from sim.parameters import NotNegative, Parameters, Positive, Share

SERVED = {  # kinds of accounts whose counts are inflated, by the word for them
    "rivals": ("rival",), "allies": ("ally",), "media": ("media",),
    "others": ("rival", "ally", "media"),
    "any": ("headquarters", "mission", "multilateral", "official", "rival", "ally", "media"),
}  # fmt: skip

class Clean(Parameters):
    """No inauthentic account acts."""

    kind: Literal["none"]


class Inflated(Parameters):
    """Who is inflated, by how much, and what the platform finds (units in conf/contamination)."""

    kind: Literal["inflated"]
    beneficiary: str
    share_served: Share
    p_boosted: Share
    shares_per_boost: NotNegative
    likes_per_share: NotNegative
    arrival_hours: Positive
    rel_followers: NotNegative
    rel_followers_per_month: NotNegative
    recall: Share
    precision: Positive
    removal_days: Positive

    @field_validator("beneficiary")
    @classmethod
    def _somebody(cls, value: str) -> str:
        if value == "ours":
            raise ValueError(NOT_OURS)
        if value not in SERVED:
            raise ValueError(f"use one of {', '.join(SERVED)}")
        return value

    @field_validator("precision")
    @classmethod
    def _a_share(cls, value: float) -> float:
        if value > 1.0:
            raise ValueError("precision is a share: above 0, at most 1")
        return value


@law
def arrived(age, arrival_hours):
    """Part of the false reactions that have come by this age of a post (hours)."""
    return -math.expm1(-age / arrival_hours)


@law
def not_yet_removed(age, arrival_hours, removal_hours):
    """Part of those that are found in the end which has come and is still there at this age."""
    gap = removal_hours - arrival_hours
    if math.fabs(gap) < 1e-6 * removal_hours:
        return age / arrival_hours * math.exp(-age / arrival_hours)
    left = math.exp(-age / removal_hours) - math.exp(-age / arrival_hours)
    return max(0.0, left * removal_hours / gap)


@law
def still_there(age, arrival_hours, removal_hours, recall):
    """Part of the false reactions that stands in a post's counts at this age."""
    never_found = (1.0 - recall) * arrived(age, arrival_hours)
    return never_found + recall * not_yet_removed(age, arrival_hours, removal_hours)


@law
def removed(age, arrival_hours, removal_hours, recall):
    """Part of the false reactions that has been taken down by this age."""
    gone = arrived(age, arrival_hours) - not_yet_removed(age, arrival_hours, removal_hours)
    return max(0.0, recall * gone)


@law
def false_count(n_bought, times, part):
    """Whole false reactions of one kind: `times` for each false share bought, the part there."""
    return math.floor(n_bought * times * part)


@law
def false_followers(n_authentic, rel_stock, rel_per_month, months, removal_months, recall):
    """False followers shown `months` after measuring began: the stock of then, dwindling, and
    those bought since."""
    kept = math.exp(-months / removal_months)
    old = rel_stock * ((1.0 - recall) + recall * kept)
    new = rel_per_month * ((1.0 - recall) * months + recall * removal_months * (1.0 - kept))
    return math.floor(n_authentic * (old + new))


@law
def wrongly_flagged(n_removed, precision):
    """Authentic accounts that a detector of this precision flags beside so many false ones. They
    are counted here and given back on appeal: authentic counts never change."""
    return math.floor(n_removed * (1.0 - precision) / precision)


def hours_until_half_removed(arrival_hours: float, removal_hours: float) -> float:
    """Age of a post at which half of what the detector ever finds has been taken down."""
    low, high = 0.0, 64.0 * (arrival_hours + removal_hours)
    for _ in range(80):
        middle = 0.5 * (low + high)
        is_early = removed(middle, arrival_hours, removal_hours, 1.0) < 0.5
        low, high = (middle, high) if is_early else (low, middle)
    return high
