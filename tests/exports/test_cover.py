"""Intervals over few accounts and few weeks hold the truth about as often as they say."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim.exports.backcast import skill_of
from sim.exports.estimate import posts_per_day
from sim.exports.jackknife import log_interval

N_TRIALS = 400


@pytest.mark.parametrize("n", [5, 8, 20])
def test_a_mean_over_accounts_is_missed_by_no_more_than_a_tenth(n: int) -> None:
    """Lognormal accounts, log sd .6; a percentile bootstrap missed a fifth of them at five."""
    luck = np.random.default_rng(n)
    rows = np.exp(0.6 * luck.standard_normal((N_TRIALS, n, 1)) - 0.18)  # mean 1
    found = [log_interval(one, lambda part: float(part.mean())) for one in rows]
    missed = np.mean([not one[0] <= 1.0 <= one[1] for one in found if one is not None])
    assert missed < 0.10 and None not in found


@pytest.mark.parametrize("n", [5, 8, 20])
def test_no_skill_is_seldom_called_one(n: int) -> None:
    luck = np.random.default_rng(n)
    wrong = 0
    for _ in range(N_TRIALS):
        level = np.exp(0.8 * luck.standard_normal(n))
        own, naive = (level * np.exp(0.3 * luck.standard_normal(n)) for _ in range(2))
        _, lo, hi = skill_of(own, naive)
        assert lo is not None and hi is not None
        wrong += lo > 0 or hi < 0
    assert wrong / N_TRIALS < 0.11


def test_what_one_account_alone_has_gets_no_interval() -> None:
    rows = np.array([[1.0], [0.0], [0.0], [0.0], [0.0]])
    assert log_interval(rows, lambda part: float(part.sum())) is None


@pytest.mark.parametrize("n_weeks", [4, 8, 26])
def test_a_bursty_account_s_rate_is_held_with_few_weeks(n_weeks: int) -> None:
    """Weekly counts of mean 7 and variance 8 times that (negative binomial)."""
    luck, inside = np.random.default_rng(n_weeks), 0
    for _ in range(N_TRIALS):
        counts = luck.negative_binomial(1, 1 / 8, n_weeks)
        days = np.concatenate([7.0 * week + 7.0 * luck.random(n) for week, n in enumerate(counts)])
        one = SimpleNamespace(account="a", platform="twitter", n_posts=int(counts.sum()),
                              n_days=7.0 * n_weeks, days=days)  # fmt: skip
        found = posts_per_day(one)  # type: ignore[arg-type]
        inside += found.lo is not None and found.hi is not None and found.lo <= 1.0 <= found.hi
    assert inside / N_TRIALS > 0.88
