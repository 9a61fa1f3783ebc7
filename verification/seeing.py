"""Being seen: competing exponentials, presence shared by a day, late views, the daily rhythm.

    P(seen | present, offered) = rho / (rho + beta),  delay ~ Exp(rho + beta)
    reach of n posts of one day   p (1 - (1 - q)^n);  of n posts of n days   1 - (1 - p q)^n
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from sim.mechanisms.people import N_FEED_STRATA, N_VISIT_STRATA, stratum_means
from sim.mechanisms.visibility import p_active_day, rate_when_active
from sim.state import COUNTER
from verification.check import Result, binomial, distribution, shape
from verification.worlds import (
    MEAN_DELAY,
    N_PEOPLE,
    P_PRESENT,
    P_SEEN,
    SELECTION,
    by_hand,
    n_looking,
    still,
)

RACE = "competing exponentials: Ross, Introduction to Probability Models, 5.2.3"
ENGINE = "engine, one mission, people alike"
N_DAYS = 80  # enough to see a rate that is off by 5 %


def views(seed: int) -> Iterator[Result]:
    """P(view), delay, half-life: one post a day."""
    model = still(seed=seed)
    model.engine.add(by_hand([24.0 * day for day in range(N_DAYS)], seed))
    model.engine.run(24 * (N_DAYS + 2))
    seen = int(model.engine.posts["n_impressions"].sum())
    p = P_PRESENT * SELECTION * P_SEEN
    yield binomial("P(view) of a chronological feed", RACE, ENGINE, seen,
                   N_DAYS * n_looking(model), p)  # fmt: skip
    lags = model.engine.logs()[0]["lag_hours"].astype(float)
    luck = np.random.default_rng(seed)
    lags = lags + luck.uniform(-1e-6, 1e-6, len(lags))  # ties of float32
    yield shape("delay of a view", RACE, ENGINE, lags,
                lambda x: -np.expm1(-np.maximum(x, 0) / MEAN_DELAY), "Exp(1 h)")  # fmt: skip
    half = MEAN_DELAY * math.log(2.0)
    yield binomial("half-life of impressions, people alike: 1 h x ln 2", RACE, ENGINE,
                   int((lags < half).sum()), len(lags), 0.5)  # fmt: skip


def mixture(seed: int) -> Iterator[Result]:
    """Delays where check-ins and feeds differ: a mixture of exponentials."""
    spread = {"people.visits_log_sd": 1.3, "people.findable_log_sd": 0.8}
    model = still(spread, seed=seed)
    model.engine.add(by_hand([24.0 * day for day in range(N_DAYS)], seed))
    model.engine.run(24 * (N_DAYS + 30))
    state = model.engine.state
    own = state.followers[state.f_start[0] : state.f_start[0] + state.f_n[0]]
    rho = stratum_means(0.25, 1.3, N_VISIT_STRATA)[own["visit"]]
    beta = 1.0 / stratum_means(2.0, 0.8, N_FEED_STRATA)[own["feed"] % N_FEED_STRATA]
    there, rate = p_active_day(rho, 6.0), rate_when_active(rho, 6.0)
    weight = there * rate / (rate + beta)
    seen = int(model.engine.posts["n_impressions"].sum())
    yield binomial("P(view) where people differ: its mean over them", RACE,
                   "engine, spread of check-ins 1.3, of feeds .8", seen, N_DAYS * len(own),
                   SELECTION * float(weight.mean()))  # fmt: skip
    lags = model.engine.logs()[0]["lag_hours"].astype(float)
    half = bisected(weight, rate + beta, 0.5)
    yield binomial("half-life of impressions where people differ", "mixture of exponentials",
                   f"engine, as above; {60 * half:.0f} min", int((lags < half).sum()), len(lags),
                   0.5)  # fmt: skip
    late = bisected(weight, rate + beta, 0.9)
    yield binomial("nine tenths of impressions where people differ", "mixture of exponentials",
                   f"engine, as above; {late:.1f} h", int((lags < late).sum()), len(lags), 0.9)


def bisected(weight: np.ndarray, rate: np.ndarray, share: float) -> float:
    """The time at which so much of a mixture of exponentials is over."""
    from scipy.optimize import brentq

    total = weight.sum()
    return float(brentq(lambda x: float((weight * -np.expm1(-rate * x)).sum() / total) - share, 0.0,
                        1e4))  # fmt: skip


def reach(seed: int) -> Iterator[Result]:
    """Unique people: posts of one day overlap, posts of different days are independent."""
    q = SELECTION * P_SEEN
    same = still(seed=seed)
    same.engine.add(by_hand([24.0 + k for k in range(5)], seed))
    same.engine.run(72)
    yield binomial("reach of five posts of one day: p (1 - (1 - q)^5)", "conditional independence",
                   ENGINE, int(same.engine.state.accounts["n_unique"][0]), n_looking(same),
                   P_PRESENT * (1 - (1 - q) ** 5))  # fmt: skip
    apart = still(seed=seed)
    apart.engine.add(by_hand([24.0 * k for k in range(5)], seed))
    apart.engine.run(24 * 7)
    yield binomial("reach with independent exposure: 1 - (1 - p q)^5", "independence", ENGINE,
                   int(apart.engine.state.accounts["n_unique"][0]), n_looking(apart),
                   1 - (1 - P_PRESENT * q) ** 5)  # fmt: skip
    seen = apart.engine.logs()[0]
    times = np.bincount(seen["who"], minlength=N_PEOPLE)
    counts = np.bincount(times[times > 0], minlength=6)[1:6]
    p = np.array([math.comb(5, k) * (P_PRESENT * q) ** k * (1 - P_PRESENT * q) ** (5 - k)
                  for k in range(1, 6)])  # fmt: skip
    yield distribution("times that a person is reached: binomial", "independence", ENGINE, counts,
                       p)  # fmt: skip


def accounts(seed: int) -> Iterator[Result]:
    """De-duplication over accounts: inclusion and exclusion, and its expectation."""
    model = still(n_accounts=3, seed=seed)
    hours = [24.0 * (1 + 2 * k) for k in range(3)]
    model.engine.add(by_hand(hours, seed, account=np.arange(3)))
    model.engine.run(24 * 8)
    log, posts = model.engine.logs()[0], model.engine.posts
    sets = [set(log["who"][posts["account"][log["post"]] == k].tolist()) for k in range(3)]
    a, b, c = sets
    union = (sum(len(one) for one in sets) - len(a & b) - len(a & c) - len(b & c)
             + len(a & b & c))  # fmt: skip
    reached = int((model.engine.state.people["reached"] > 0).sum())
    own = int(sum(model.engine.state.accounts["n_unique"][:3]))
    yield Result(
        name="people reached by three accounts: inclusion-exclusion", source="de Moivre 1718",
        setup="engine, three missions", expected=f"{union}", found=f"{reached}",
        error=abs(reached - union) + abs(own - sum(len(one) for one in sets)), tolerance=0.5,
    )  # fmt: skip
    state = model.engine.state
    ends = state.f_start + state.f_n
    lists = [set(state.followers["who"][state.f_start[k] : ends[k]].tolist()) for k in range(3)]
    both, p = lists[0] & lists[1], P_PRESENT * SELECTION * P_SEEN
    yield binomial("people whom two accounts reach: p^2 of those who follow both", "independence",
                   "engine, posts on different days", len(a & b), len(both), p * p)  # fmt: skip


def late(seed: int) -> Iterator[Result]:
    """A share of the views comes late, after an exponential with its own median."""
    late_by = {"visibility.late_median_hours": 30.0}
    model = still({"visibility.share_late": 0.4, **late_by}, seed=seed)
    model.engine.add(by_hand([24.0 * day for day in range(6)], seed))
    model.engine.run(24 * 60)
    n = int(model.engine.posts["n_impressions"].sum())
    found = int(model.engine.state.counters[COUNTER.late_impressions])
    yield binomial("share of late views", "definition", "engine, 40 % late", found, n, 0.4)
    one = still({"visibility.share_late": 1.0, **late_by}, seed=seed)
    one.engine.add(by_hand([0.0, 24.0, 48.0], seed))
    one.engine.run(24 * 60)
    lags = one.engine.logs()[0]["lag_hours"].astype(float)
    yield binomial("half of the late views by their median", "exponential", "engine, all late",
                   int((lags < 30.0).sum()), len(lags), 0.5)  # fmt: skip


def rhythm(seed: int) -> Iterator[Result]:
    """At the peak of the day the rate is 2 r / (r + 1) times its mean, six hours before the mean
    itself; France is at UTC + 1."""
    for hour, factor, told in ((19.0, 12.0 / 7.0, "at the evening's peak"),
                               (13.0, 1.0, "six hours before it")):  # fmt: skip
        model = still({"visibility.rhythm_ratio": 6.0}, seed=seed)
        model.engine.add(by_hand([24.0 * day + hour for day in range(N_DAYS // 2)], seed))
        model.engine.run(24 * (N_DAYS // 2 + 2))
        rate = 0.5 * factor
        yield binomial(f"P(view) {told}", RACE, "engine, peak over trough 6",
                       int(model.engine.posts["n_impressions"].sum()),
                       N_DAYS // 2 * n_looking(model),
                       P_PRESENT * SELECTION * rate / (rate + 0.5))  # fmt: skip
