"""Following: memoryless leaving and boredom, and the stock at which joins and leaves balance.

    stays for t months with exp(-c t), interested with 2^(-t / H)
    arrivals at rate a from time 0, each staying Exp(mu):  stock ~ Poisson(a (1 - exp(-mu t)) / mu)
                                                   (M/G/infinity; Kingman 1993, Poisson Processes)
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from sim.mechanisms.following import exit_days
from sim.streams import name_hash
from verification.check import Result, binomial, mean, shape
from verification.worlds import N_FOLLOWERS, n_looking, still

CHURN, HALF_LIFE, WEEKS = 0.3, 1.0, 6
DAYS_PER_MONTH = 365.25 / 12  # our own: the model's would hide what is wrong with it
ENGINE = "engine, six weeks without posts"


def emptying(seed: int) -> Iterator[Result]:
    """A list of followers without posts."""
    changes = {"following.churn_per_month": CHURN,
               "following.interest_half_life_months": HALF_LIFE}  # fmt: skip
    model = still(changes, seed=seed)
    n = n_looking(model)
    months = 7 * WEEKS / DAYS_PER_MONTH
    for week in range(1, WEEKS + 1):
        model.engine.run(168 * week)
        model.engine.settle()
    state = model.engine.state
    stays, interested = math.exp(-CHURN * months), 2 ** (-months / HALF_LIFE)
    left = int(state.accounts["n_left"][0])
    stayed = int(state.accounts["n_followers"][0])
    yield binomial("followers who stay: exp(-c t)", "memoryless leaving", ENGINE, n - left, n,
                   stays)  # fmt: skip
    yield binomial("followers still interested: exp(-c t) 2^(-t / H)", "independent exponentials",
                   ENGINE, int(state.f_n[0]), n, stays * interested)  # fmt: skip
    yield Result(
        name="followers(t) = followers(0) - left", source="an identity", setup=ENGINE,
        expected=f"{N_FOLLOWERS - left}", found=f"{stayed}",
        error=abs(N_FOLLOWERS - left - stayed), tolerance=0.5,
    )  # fmt: skip


def equilibrium(seed: int) -> Iterator[Result]:
    """Stocks of many accounts that people join at a constant rate."""
    luck = np.random.default_rng(seed)
    a_day, leaving, days, n_accounts = 2.0, 20.0, 60.0, 800
    stocks = []
    exits = []
    for k in range(n_accounts):
        joined = np.sort(luck.uniform(0.0, days, luck.poisson(a_day * days)))
        who = np.arange(len(joined), dtype=np.uint64) + np.uint64(100_000 * seed)
        account = np.uint64(name_hash("verification", f"{seed} {k}"))
        _, stay = exit_days(account, who, 1e9, leaving)
        stocks.append(int((joined + stay > days).sum()))
        exits.append(stay)
    expected = a_day * leaving * (1 - math.exp(-days / leaving))
    setup = f"exit_days, {n_accounts} accounts, 2 joins a day, 60 days"
    yield mean("stock in equilibrium of joins and churn", "M/G/infinity", setup, np.array(stocks),
               expected)  # fmt: skip
    spread = (np.array(stocks) - expected) ** 2
    yield mean("its variance: that of a Poisson number", "M/G/infinity", setup, spread, expected)
    yield shape("time until a follower leaves", "exponential", "exit_days", np.concatenate(exits),
                lambda x: -np.expm1(-np.asarray(x) / leaving), "Exp(20 days)")  # fmt: skip
