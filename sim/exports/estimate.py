"""What an account's own past says of its parameters, with how sure that is.

    posts_per_day         N / T; interval of a gamma, shape (N + 1/2) / phi (Jeffreys), phi >= 1 the
                          variance of weekly counts over their mean (quasi-Poisson), widened by
                          (t / z)^2 for what few weeks say of it
    hours_per_week        7 posts/day x hours per post: the price list, since no export knows hours;
                          log-variances of both add
    followers_per_day     mean of follows less unfollows; t interval over whole weeks
    growth_per_month      the same over the stock of followers
    churn_per_month       unfollows over the stock; t interval over whole weeks
    exposure              views per follower of a typical original: exp of the mean of
                          log(impressions / followers), t interval; posts without a view left out

Pure: no file is read here. `task=calibrate` may call `estimates` and take each row as a prior:
lognormal around `value` with `log_sd` where that is given.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import gamma, t

from sim.exports.histories import History

DAYS_PER_MONTH = 365.25 / 12.0
LEVEL = 0.95
FEWEST_WEEKS, FEWEST_POSTS = 4, 5
Z = 1.959963984540054


@dataclass(frozen=True, kw_only=True)
class HoursPerPost:
    """The price list's hours of one original: value, and sd of its logarithm (common to all
    accounts, and between accounts)."""

    value: float
    log_sd: float


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """One parameter of one account. value is None where the data cannot tell: `how` says why.
    log_sd: sd of the logarithm, None for what may be negative. kind: measured | inferred."""

    account: str
    platform: str
    name: str
    unit: str
    kind: str
    value: float | None
    lo: float | None = None
    hi: float | None = None
    log_sd: float | None = None
    n: int = 0
    how: str = ""


def estimates(histories: Iterable[History], price: HoursPerPost) -> list[Estimate]:
    """Every parameter of every account."""
    found = []
    for one in histories:
        rate = posts_per_day(one)
        found += [rate, hours_per_week(one, rate, price), followers_per_day(one),
                  growth_per_month(one), churn_per_month(one), exposure(one)]  # fmt: skip
    return found


def posts_per_day(one: History) -> Estimate:
    """Originals a day."""
    about: dict[str, Any] = dict(account=one.account, platform=one.platform, name="posts_per_day",
                 unit="originals per day", kind="measured", n=one.n_posts)  # fmt: skip
    if one.n_days < 7 or not one.n_posts:
        return Estimate(**about, value=None, how="fewer than seven days, or no originals")
    counts = weekly(one.days, one.n_days)
    phi = dispersion(counts)
    wide = phi * widening(len(counts)) if phi > 1 else 1.0
    shape = (one.n_posts + 0.5) / wide
    lo, hi = (float(gamma.ppf(p, shape)) * wide / one.n_days for p in tails())
    told = f"variance of weekly counts {phi:.1f} times their mean" if phi > 1 else ""
    return Estimate(**about, value=one.n_posts / one.n_days, lo=lo, hi=hi, how=told,
                    log_sd=1.0 / math.sqrt(shape))  # fmt: skip


def hours_per_week(one: History, rate: Estimate, price: HoursPerPost) -> Estimate:
    """Staff hours a week, from posts: inferred, never measured."""
    about: dict[str, Any] = dict(account=one.account, platform=one.platform, name="hours_per_week",
                 unit="hours per week", kind="inferred", n=rate.n)  # fmt: skip
    if rate.value is None or rate.log_sd is None:
        return Estimate(**about, value=None, how=rate.how)
    value, log_sd = 7.0 * rate.value * price.value, math.hypot(rate.log_sd, price.log_sd)
    return Estimate(**about, value=value, lo=value * math.exp(-Z * log_sd),
                    hi=value * math.exp(Z * log_sd), log_sd=log_sd,
                    how="posts times the price list: no export knows hours")  # fmt: skip


def followers_per_day(one: History) -> Estimate:
    """Net gain of followers."""
    return _flow(one, "followers_per_day", "followers per day", one.joined - one.left, 1.0)


def growth_per_month(one: History) -> Estimate:
    """Net gain over the stock."""
    return _flow(one, "growth_per_month", "share of followers per month", one.joined - one.left,
                 DAYS_PER_MONTH / one.followers)  # fmt: skip


def churn_per_month(one: History) -> Estimate:
    """Those who leave over the stock."""
    return _flow(one, "churn_per_month", "share of followers per month", one.left,
                 DAYS_PER_MONTH / one.followers)  # fmt: skip


def _flow(one: History, name: str, unit: str, a_day: np.ndarray, scale: float) -> Estimate:
    """A daily flow times a constant, its spread taken over whole weeks."""
    about: dict[str, Any] = dict(account=one.account, platform=one.platform, name=name, unit=unit,
                                kind="measured")  # fmt: skip
    known = a_day[~np.isnan(a_day)]
    n_weeks = len(known) // 7
    if n_weeks < FEWEST_WEEKS:
        return Estimate(**about, value=None, n=len(known), how="an overview of four weeks or more "
                        "is needed")  # fmt: skip
    if not math.isfinite(scale):
        return Estimate(**about, value=None, n=len(known), how="followers are not known")
    weeks = known[: 7 * n_weeks].reshape(n_weeks, 7).mean(axis=1) * scale
    middle, half = mean_and_half(weeks)
    return Estimate(**about, value=middle, lo=middle - half, hi=middle + half, n=len(known))


def exposure(one: History) -> Estimate:
    """Views per follower of a typical original."""
    about: dict[str, Any] = dict(account=one.account, platform=one.platform, name="exposure",
                 unit="views per follower and original", kind="measured")  # fmt: skip
    seen = one.counts.get("impressions", np.zeros(0))
    seen = seen[seen > 0]  # false for NaN
    if not one.followers > 0:
        return Estimate(**about, value=None, n=len(seen), how="followers are not known")
    if len(seen) < FEWEST_POSTS:
        return Estimate(**about, value=None, n=len(seen),
                        how=f"fewer than {FEWEST_POSTS} originals with impressions")  # fmt: skip
    middle, half = mean_and_half(np.log(seen / one.followers))
    sd = half / float(t.ppf(0.5 + LEVEL / 2, len(seen) - 1))
    return Estimate(**about, value=math.exp(middle), lo=math.exp(middle - half),
                    hi=math.exp(middle + half), log_sd=sd, n=len(seen))  # fmt: skip


def weekly(days: np.ndarray, n_days: float) -> np.ndarray:
    """Posts of each whole week."""
    n_weeks = int(n_days // 7)
    weeks = np.floor(days / 7.0).astype(np.int64)
    return np.bincount(weeks[weeks < n_weeks], minlength=n_weeks)


def dispersion(counts: np.ndarray) -> float:
    """Variance over mean, at least 1; 1 where there are too few weeks to tell."""
    if len(counts) < FEWEST_WEEKS or counts.sum() == 0:
        return 1.0
    return max(1.0, float(counts.var(ddof=1) / counts.mean()))


def widening(n_weeks: int) -> float:
    """What a variance from so few weeks is taken to be more, so that the interval is Student's."""
    return float(t.ppf(0.5 + LEVEL / 2, n_weeks - 1) / Z) ** 2


def tails() -> tuple[float, float]:
    return (1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0


def mean_and_half(values: np.ndarray) -> tuple[float, float]:
    """(mean, half of its t interval)."""
    n = len(values)
    se = float(values.std(ddof=1)) / math.sqrt(n)
    return float(values.mean()), float(t.ppf(0.5 + LEVEL / 2, n - 1)) * se


HEADER = ("account", "platform", "parameter", "value", "low", "high", "log_sd", "n", "unit", "kind",
          "how")  # fmt: skip


def rows(found: Sequence[Estimate]) -> list[list[object]]:
    """estimates.csv: a row an account and parameter."""
    return [[one.account, one.platform, one.name, one.value, one.lo, one.hi, one.log_sd, one.n,
             one.unit, one.kind, one.how] for one in found]  # fmt: skip
