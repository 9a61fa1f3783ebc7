"""C1-C18 in one list: which function works each out, over which accounts.

    missions    every mission of the ministry (C1, C2: what the network's table says)
    ordinary    missions but the giant, headquarters, accounts above 20,000 followers and rivals:
                one star account outweighs the whole pool otherwise
    pool        the same accounts, but all of their posts at once, never a sub-sample (C8)
    whole       all accounts of the ministry together, stars included (C18's total: so were the
                published brands)
    everybody   users, whatever the accounts (C17)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sim.observables import activity, cascades, counts, followers, inequality, media, seen, tail
from sim.observables.observed import MissingError, Observed, missing
from sim.observables.sample import Sample

MISSIONS, ORDINARY, POOL = "missions", "ordinary", "pool"
WHOLE, EVERYBODY = "whole", "everybody"
Compute = Callable[[Sample], dict[str, Observed]]


@dataclass(frozen=True, kw_only=True)
class Observable:
    """One or more numbers that one function gives."""

    keys: tuple[str, ...]
    over: str
    compute: Compute


def _one(over: str, compute: Compute, *keys: str) -> Observable:
    return Observable(keys=keys, over=over, compute=compute)


OBSERVABLES = (
    _one(MISSIONS, followers.spread, "C1"),
    _one(MISSIONS, followers.large, "C2.above_5k", "C2.above_10k"),
    _one(ORDINARY, counts.zero_share, "C3"),
    _one(ORDINARY, counts.level, "C4.median", "C4.mean"),
    _one(ORDINARY, inequality.concentration, "C5.top_1", "C5.top_10"),
    _one(ORDINARY, inequality.within_accounts, "C6"),
    _one(ORDINARY, counts.likes_per_share, "C7"),
    _one(POOL, counts.many, "C8"),
    _one(ORDINARY, tail.upper_tail, "C9"),
    _one(ORDINARY, cascades.directness, "C10"),
    _one(ORDINARY, cascades.lags, "C11.within_1h", "C11.within_24h"),
    _one(ORDINARY, seen.half_life, "C12.half_life"),
    _one(ORDINARY, seen.done_in_a_day, "C12.within_24h"),
    _one(ORDINARY, seen.reach, "C13"),
    _one(ORDINARY, followers.correlation, "C14.spearman"),
    _one(ORDINARY, followers.slope, "C14.slope"),
    _one(ORDINARY, activity.posting, "C15.posts_per_day", "C15.under_one_a_week"),
    _one(ORDINARY, media.multipliers, "C16.image", "C16.video"),
    _one(EVERYBODY, inequality.users, "C17"),
    _one(WHOLE, followers.growth, "C18.total"),
    _one(ORDINARY, followers.usual_growth, "C18.median"),
)
KEYS = tuple(key for one in OBSERVABLES for key in one.keys)


def compute(one: Observable, sample: Sample) -> dict[str, Observed]:
    """What one function gives, or for each of its numbers the reason why there is none."""
    try:
        return one.compute(sample)
    except MissingError as error:
        return dict.fromkeys(one.keys, missing(str(error)))


def compute_all(sample: Sample, over: Iterable[str]) -> dict[str, Observed]:
    """Every observable over these sets of accounts; the sample is already that set."""
    wanted = set(over)
    found: dict[str, Observed] = {}
    for one in OBSERVABLES:
        if one.over in wanted:
            found |= compute(one, sample)
    return found
