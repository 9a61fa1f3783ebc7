"""Work: a queue with one server, diminishing returns, answers as a hazard, notices to citizens.

    M/M/1: mean wait s rho / (1 - rho)                                    (Kendall 1953); the desk
           keeps its time by the hour and waits rho / 2 hours less, which long services hide
    Hill:  elasticity x f'(x) / f(x) = s k^s / (x^s + k^s)
    read by t:  sum_j p (1 - p)^j Phi(ln((t - j e) / m) / sd)             (tries e hours apart)
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

from sim import streams
from sim.mechanisms.notification import Citizens
from sim.mechanisms.work import answer_hazard, hill, p_answer, quality
from sim.strategy.central_desk import CentralDesk
from sim.world.citizens import reachable, read_hours
from verification.check import Result, binomial, exact, mean, shape

SERVICE, N_POSTS, N_QUEUES, N_PARTS = 60.0, 2_000, 60, 20
P, EVERY, MEDIAN, LOG_SD = 0.5, 12.0, 2.0, 1.0


def queue(seed: int) -> Iterator[Result]:
    """The central desk under Poisson arrivals: many queues, each from the middle of its life."""
    luck = np.random.default_rng(seed)
    for load in (0.5, 0.8):
        waits, times = [], []
        for k in range(N_QUEUES):
            ready = np.cumsum(luck.exponential(SERVICE / load, N_POSTS))
            keys = streams.mix(np.arange(N_POSTS, dtype=np.uint64)
                               + np.uint64(10_000 * (k + N_QUEUES * seed) + 1))  # fmt: skip
            desk = CentralDesk(SERVICE, float(ready[-1]) + 1.0)
            done = np.concatenate([  # as desks decide: a few posts at a time, in order
                desk.clear(float(part[0]), part, name, np.full(len(part), 1e9))[0]
                for part, name in zip(np.split(ready, N_PARTS), np.split(keys, N_PARTS),
                                      strict=True)
            ])  # fmt: skip
            own = desk._services(keys)
            waits.append(float((done - own - ready)[200:].mean()))
            times.append(own)
        yield mean(f"wait for clearance at load {load:g}: s rho / (1 - rho)", "M/M/1; Lindley 1952",
                   f"central desk, {N_QUEUES} queues of {N_POSTS:,} posts", np.array(waits),
                   SERVICE * load / (1 - load))  # fmt: skip
    yield shape("time that a post takes the desk", "definition", "central desk",
                np.concatenate(times)[:20_000], lambda x: -np.expm1(-np.asarray(x) / SERVICE),
                "Exp(60 h)")  # fmt: skip


def returns(seed: int) -> Iterator[Result]:
    """Diminishing returns: the elasticity of the Hill curve, quality at the reference."""
    for x, slope, half in ((0.4, 1.0, 0.8), (1.7, 2.2, 0.8)):
        step = 1e-6
        found = (math.log(hill(x * (1 + step), slope, half))
                 - math.log(hill(x * (1 - step), slope, half))) / (2 * step)  # fmt: skip
        yield exact(f"elasticity of the Hill curve at {x:g}, slope {slope:g}", "Hill 1910", "law",
                    slope * half**slope / (x**slope + half**slope), found, 1e-6)  # fmt: skip
    yield exact("quality at the reference hours", "definition", "law", 1.0,
                float(quality(2.0, 2.0, 2.0, 1.3, 0.7)))  # fmt: skip
    yield exact("chance of an answer: 1 - exp(-hazard)", "a Poisson hazard", "law",
                1 - math.exp(-0.5 * 1.2 * 2.0 ** (1.5 / 0.75)),
                float(p_answer(answer_hazard(0.5, 1.2, 6.0, 3.0, 1.5, 0.25))))  # fmt: skip


def notices(seed: int) -> Iterator[Result]:
    """A push of tries: how many have read by the time at which nine in ten should have."""
    n = 20_000
    settings = Citizens(market="largest", share_of_public=0.1, share_with_partner=0.6,
                        p_delivered=P, median_delay_hours=MEDIAN, delay_log_sd=LOG_SD)  # fmt: skip
    who = np.arange(n, dtype=np.uint64)
    world = streams.world_seed(seed, "verification")
    hours = read_hours(settings, who, 100.0, 6.0, EVERY, 30, world) - 106.0

    def by(t: float) -> float:
        tries = range(int(t // EVERY) + 1)
        return sum(P * (1 - P) ** j * float(norm.cdf(math.log(max(t - j * EVERY, 1e-12) / MEDIAN)
                                                     / LOG_SD)) for j in tries)  # fmt: skip

    for share in (0.5, 0.9):
        t = brentq(lambda x, share=share: by(x) - share, 0.01, 500.0)
        yield binomial(f"notices read when {100 * share:.0f} % should be ({t:.1f} h)",
                       "geometric tries, lognormal delay", "read_hours, tries 12 h apart",
                       int((hours <= t).sum()), n, share)  # fmt: skip
    active = 0.05
    thresholds = np.full(n, streams.threshold32(active))
    known = reachable(settings, who, thresholds, world, 30)
    yield binomial("citizens within a partner's reach: .6 (1 - .95^14)", "independent days",
                   "reachable", int(known.sum()), n, 0.6 * (1 - (1 - active) ** 14))
