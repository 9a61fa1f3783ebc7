"""Parameters of accounts fitted together: each account's own past, drawn towards what is usual.

    y_a = log estimate of account a,  s_a its standard error
    m_a = w_a y_a + (1 - w_a) mu,     w_a = tau^2 / (tau^2 + s_a^2)

mu and tau: between accounts, by the moments of Paule and Mandel (1982); each m_a with the error
(w_a s_a^2 + (1 - w_a)^2 (var mu + 2 / (n - 3) (y_a - mu)^2))^1/2, whose last term is for tau, which
is estimated as well (Morris 1983). An account with many posts keeps its own value, one with few is
drawn towards the others. Over all accounts:

    likes per re-share    sum of likes / sum of re-shares, in one ratio for all posts
    churn per month       mean over accounts

with intervals that leave out one account after the other (jackknife.py). Pure: no file is read.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import beta

from sim.exports.estimate import Estimate, Z
from sim.exports.histories import History
from sim.exports.jackknife import log_interval

FEWEST = 5  # accounts from which others are judged
MEDIA = {"image_share": "has_image", "video_share": "has_video"}
ENOUGH_KNOWN = 0.9  # of an account's originals, before a share of media is told


@dataclass(frozen=True, kw_only=True)
class Usual:
    """What is usual over accounts: the median of a lognormal, its spread, and how sure both are."""

    name: str
    median: float
    log_sd: float  # between accounts
    error: float  # sd of the logarithm of the median
    n: int


def between(logs: np.ndarray, errors: np.ndarray) -> tuple[float, float, float]:
    """(mu, tau, standard error of mu)."""
    def excess(tau2: float) -> float:
        weights = 1.0 / (errors**2 + tau2)
        middle = float((weights * logs).sum() / weights.sum())
        return float((weights * (logs - middle) ** 2).sum()) - (len(logs) - 1)

    low, high = 0.0, 1.0
    if excess(0.0) > 0:
        while excess(high) > 0:
            high *= 2.0
        for _ in range(60):
            middle = (low + high) / 2.0
            low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    tau2 = (low + high) / 2.0 if excess(0.0) > 0 else 0.0
    weights = 1.0 / (errors**2 + tau2)
    return (float((weights * logs).sum() / weights.sum()), math.sqrt(tau2),
            float(weights.sum()) ** -0.5)  # fmt: skip


def together(found: Sequence[Estimate], name: str) -> tuple[list[Estimate], Usual | None]:
    """Every account's estimate drawn towards what is usual; as it is with too few accounts."""
    own = [one for one in found if one.name == name]
    known = [one for one in own if one.value and one.value > 0 and one.log_sd]
    if len(known) < FEWEST:
        return own, None
    logs = np.log(np.array([one.value for one in known], np.float64))
    errors = np.array([one.log_sd for one in known], np.float64)
    mu, tau, doubt = between(logs, errors)
    weight = tau**2 / (tau**2 + errors**2)
    middle = weight * logs + (1 - weight) * mu
    spread = 2.0 / max(len(known) - 3, 1) * (logs - mu) ** 2
    sd = np.sqrt(weight * errors**2 + (1 - weight) ** 2 * (doubt**2 + spread))
    drawn = [
        Estimate(
            account=one.account, platform=one.platform, name=name, unit=one.unit, kind=one.kind,
            value=math.exp(m), lo=math.exp(m - Z * s), hi=math.exp(m + Z * s), log_sd=float(s),
            n=one.n, how=f"own weight {w:.2f}" + (f"; {one.how}" if one.how else ""),
        )
        for one, m, s, w in zip(known, middle, sd, weight, strict=True)
    ]  # fmt: skip
    silent = [one for one in own if one not in known]
    return [*drawn, *silent], Usual(name=name, median=math.exp(mu), log_sd=tau, error=doubt,
                                    n=len(known))  # fmt: skip


def media_shares(histories: Sequence[History]) -> list[Estimate]:
    """Shares of originals with an image and with a video, where the posts tell (Jeffreys)."""
    found = []
    for one in histories:
        for name, flag in MEDIA.items():
            known = one.counts.get(flag, np.zeros(0))
            known = known[~np.isnan(known)]
            about: dict[str, Any] = {"account": one.account, "platform": one.platform, "name": name,
                     "unit": "share of originals", "kind": "measured"}  # fmt: skip
            n, has = len(known), float((known > 0).sum())
            if not n or n < ENOUGH_KNOWN * one.n_posts:
                found.append(Estimate(**about, value=None, n=n,
                                      how="the export does not say"))  # fmt: skip
                continue
            lo, hi = (float(beta.ppf(p, has + 0.5, n - has + 0.5)) for p in (0.025, 0.975))
            found.append(Estimate(**about, value=has / n, lo=lo, hi=hi, n=n))
    return found


def likes_per_share(histories: Sequence[History]) -> Estimate:
    """One ratio over all posts of which both counts are known."""
    sums = []
    for one in histories:
        likes, shares = (one.counts.get(name, np.full(one.n_posts, np.nan))
                         for name in ("likes", "retweets"))  # fmt: skip
        both = ~np.isnan(likes) & ~np.isnan(shares)
        if both.any():
            sums.append((likes[both].sum(), shares[both].sum()))
    about: dict[str, Any] = {
        "account": "all", "platform": histories[0].platform, "name": "likes_per_share",
        "unit": "likes per re-share", "kind": "measured", "n": len(sums),
    }  # fmt: skip
    pairs = np.array(sums).reshape(-1, 2)
    if len(pairs) < FEWEST or pairs[:, 1].sum() == 0 or pairs[:, 0].sum() == 0:
        return Estimate(**about, value=None, how=f"fewer than {FEWEST} accounts with likes and "
                        "re-shares of the same posts")  # fmt: skip
    return _over_accounts(about, pairs, lambda part: float(part[:, 0].sum() / part[:, 1].sum()))


def churn(found: Sequence[Estimate], platform: str) -> Estimate:
    """The mean over accounts of those who leave."""
    own = [one.value for one in found if one.name == "churn_per_month" and one.value is not None]
    about: dict[str, Any] = {"account": "all", "platform": platform, "name": "churn_per_month",
             "unit": "share of followers per month", "kind": "measured", "n": len(own)}  # fmt: skip
    values = np.array(own).reshape(-1, 1)
    if len(own) < FEWEST or values.mean() <= 0:
        return Estimate(**about, value=None, how=f"fewer than {FEWEST} accounts with an overview "
                        "of four weeks or more")  # fmt: skip
    return _over_accounts(about, values, lambda part: float(part.mean()))


def _over_accounts(
    about: Mapping[str, Any], rows: np.ndarray, statistic: Callable[[np.ndarray], float]
) -> Estimate:
    """A statistic of accounts with its interval; none where one account is all that counts."""
    found = log_interval(rows, statistic)
    if found is None:
        return Estimate(**about, value=None, how="one account alone has what is counted")
    lo, hi, log_sd = found
    return Estimate(**about, value=statistic(rows), lo=lo, hi=hi, log_sd=log_sd)
