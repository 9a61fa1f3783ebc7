"""What the kernels need of inauthentic accounts: whose posts they boost, and five numbers."""

from __future__ import annotations

import numpy as np

from sim.mechanisms.contamination import SERVED, Clean, Inflated
from sim.streams import SERVED as SERVED_PURPOSE
from sim.streams import subkey, uniform
from sim.vocabulary import KINDS
from sim.world.accounts import Accounts

HOURS_PER_DAY = 24.0


def served(contamination: Clean | Inflated, accounts: Accounts) -> np.ndarray:
    """bool[n_accounts]: whose counts false accounts inflate, each by its name alone."""
    if isinstance(contamination, Clean):
        return np.zeros(len(accounts), bool)
    kinds = [KINDS.index(kind) for kind in SERVED[contamination.beneficiary]]
    with np.errstate(over="ignore"):  # hashes wrap round
        ranks = uniform(subkey(accounts.hashes, SERVED_PURPOSE))
    chosen = np.isin(accounts.kinds, kinds) & (ranks < contamination.share_served)
    return np.asarray(chosen, dtype=bool)


def p_boosted(contamination: Clean | Inflated, accounts: Accounts) -> np.ndarray:
    """float64[n_accounts]: the chance that a post is boosted; empty in a clean world."""
    if isinstance(contamination, Clean):
        return np.zeros(0)
    return np.where(served(contamination, accounts), contamination.p_boosted, 0.0)


def of_contamination(contamination: Clean | Inflated) -> dict[str, float]:
    """Numbers of the record that kernels read; neutral in a clean world."""
    some = contamination if isinstance(contamination, Inflated) else None
    return {
        "false_mean": some.shares_per_boost if some else 0.0,
        "false_likes": some.likes_per_share if some else 0.0,
        "false_arrival": some.arrival_hours if some else 1.0,
        "false_removal": some.removal_days * HOURS_PER_DAY if some else 1.0,
        "false_recall": some.recall if some else 0.0,
        "contaminated": 1 if some else 0,
    }
