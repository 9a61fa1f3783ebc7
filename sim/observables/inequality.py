"""How unequally a total is spread: shares of the top, and the Gini coefficient.

    top(p) = sum of the largest p n values / sum of all        (the last one counted in part)
    G = sum_i (2 i - n - 1) x_(i) / (n sum x),   x_(1) <= ... <= x_(n)          (Gini 1912)

G is that of the posts at hand, without a correction for their number: a few posts can at most reach
(n - 1) / n. That is why accounts with fewer than ten are left out.
"""

from __future__ import annotations

import numpy as np

from sim.observables.observed import MissingError, Observed
from sim.observables.sample import Sample

FEWEST_POSTS = 10


def top_share(values: np.ndarray, part: float) -> float:
    """What the largest `part` of all values hold of their sum."""
    total = float(np.sum(values))
    if total <= 0:
        raise MissingError("the total is zero: there is nothing to divide")
    ranked = np.sort(np.asarray(values, dtype=np.float64))[::-1]
    wanted = part * len(ranked)
    whole = int(wanted)
    rest = (wanted - whole) * ranked[whole] if whole < len(ranked) else 0.0
    return float((ranked[:whole].sum() + rest) / total)


def gini(values: np.ndarray) -> float:
    """The Gini coefficient of values that are not negative and not all zero."""
    ranked = np.sort(np.asarray(values, dtype=np.float64))
    n = len(ranked)
    weights = 2.0 * np.arange(1, n + 1) - n - 1.0
    return float(weights @ ranked / (n * ranked.sum()))


def concentration(sample: Sample) -> dict[str, Observed]:
    """C5: the share of re-shares that the top 1 % and 10 % of posts take, pooled."""
    n = sample.column("retweets")
    if n.sum() == 0:
        raise MissingError("nothing was re-shared")
    return {
        "C5.top_1": Observed(value=top_share(n, 0.01), n=len(n)),
        "C5.top_10": Observed(value=top_share(n, 0.10), n=len(n)),
    }


def within_accounts(sample: Sample) -> dict[str, Observed]:
    """C6: the median over accounts of the Gini coefficient of an account's re-shares."""
    if not sample.named:
        raise MissingError("the data do not say which account a post is from")
    enough = [n for n in sample.slices("retweets") if len(n) >= FEWEST_POSTS]
    found = [gini(n) for n in enough if n.sum() > 0]
    if not found:
        raise MissingError(f"no account has {FEWEST_POSTS} posts and a re-share")
    silent = len(enough) - len(found)
    note = f"{silent} accounts without any re-share left out" if silent else ""
    return {"C6": Observed(value=float(np.median(found)), n=len(found), note=note)}


def users(sample: Sample) -> dict[str, Observed]:
    """C17: the share of activity by the most active tenth of users."""
    if not len(sample.users):
        raise MissingError(sample.why_no_users)
    return {"C17": Observed(value=top_share(sample.users, 0.1), n=len(sample.users))}
