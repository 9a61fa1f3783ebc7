"""News: a Hawkes process built as a branching process; severity; attention.

    mean rate mu / (1 - b)                                   (Hawkes 1971)
    variance of counts over their mean, long windows:  1 / (1 - b)^2      (Hawkes and Oakes 1974)
    attention to one event halves every half-life
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np

from sim import streams
from sim.compose import compose
from sim.state import EVENT
from sim.world.news import make_events
from verification.check import Result, binomial, exact, mean, shape
from verification.worlds import still

N_MARKETS, N_WEEKS, RATE = 400, 52, 3.0
N_FIRST = 80  # of the 156 events of a market: a window that ends cuts long gaps off
BRANCHING, DELAY = 0.5, 6.0
OF_ALL = "make_events, 400 markets, a year, b = .5"


def markets(n: int = N_MARKETS) -> Any:
    """Publics that differ in nothing but their names."""
    return SimpleNamespace(
        names=[f"Market {i}" for i in range(n)], codes=[f"M{i}" for i in range(n)],
        regions=np.arange(n, dtype=np.uint8) % 6, region_names=[f"Region {i}" for i in range(6)],
        utc_offsets=np.zeros(n), home=0,
    )  # fmt: skip


def settings(kind: str, **changes: Any) -> Any:
    """The news of conf/, with a steady day and no neighbours."""
    flat = {"news.rhythm_ratio": 1.0, "news.events_per_market_week": RATE}
    if kind == "bursts":
        flat |= {"news.branching": BRANCHING, "news.delay_hours": DELAY, "news.p_elsewhere": 0.0}
    return compose({**flat, **{f"news.{key}": one for key, one in changes.items()}}, news=kind).news


def seed_of(seed: int) -> np.uint64:
    return streams.world_seed(seed, "verification")


def hawkes(seed: int) -> Iterator[Result]:
    """Counts of a year, market by market: independent copies of one process."""
    found = make_events(settings("bursts"), markets(), seed_of(seed), 168.0 * N_WEEKS)
    per_market = np.bincount(found["market"].astype(int), minlength=N_MARKETS)
    yield mean("mean rate of a self-exciting process", "Hawkes 1971", OF_ALL, per_market,
               RATE * N_WEEKS)  # fmt: skip
    windows = 168.0 * 4  # against a delay of 6 h: long
    cells = (found["market"].astype(int) * (N_WEEKS // 4)
             + (found["hour"] // windows).astype(int))  # fmt: skip
    counts = np.bincount(cells, minlength=N_MARKETS * (N_WEEKS // 4)).astype(float)
    expected = 4 * RATE
    yield mean("clustering: variance over mean of four-week counts",
               "Hawkes and Oakes 1974", OF_ALL, (counts - expected) ** 2 / expected,
               dispersion(windows))  # fmt: skip


def dispersion(window: float) -> float:
    """Variance over mean of a Hawkes count in a window w, exponential kernel: the integral of the
    covariance density over the rate, b (2 - b) / (2 delay (1 - b)) exp(-r t), r = (1 - b) / delay;
    1 / (1 - b)^2 as w grows."""
    b, r = BRANCHING, (1 - BRANCHING) / DELAY
    height = b * (2 - b) / (2 * DELAY * (1 - b))
    return 1 + 2 * height / r * (1 + math.expm1(-r * window) / (r * window))


def steady(seed: int) -> Iterator[Result]:
    """Without self-excitation: exponential gaps."""
    found = make_events(settings("steady"), markets(), seed_of(seed), 168.0 * N_WEEKS)
    hours = [found["hour"][found["market"] == k] for k in range(N_MARKETS)]
    gaps = np.concatenate([np.diff(one[:N_FIRST]) for one in hours])
    yield shape("gaps between events of a Poisson process", "Kingman 1993",
                "make_events, steady, a year", gaps,
                lambda x: -np.expm1(-np.asarray(x) * RATE / 168.0), "Exp(56 h)")  # fmt: skip


def severity(seed: int) -> Iterator[Result]:
    """A Pareto tail that is cut; foreseen events; who hears them."""
    chosen = settings("steady")
    found = make_events(chosen, markets(), seed_of(seed + 1), 168.0 * N_WEEKS)
    low, high, tail = chosen.severity_min, chosen.severity_max, chosen.severity_tail
    cut = 1 - (low / high) ** tail

    def cdf(x: np.ndarray) -> np.ndarray:
        return np.clip((1 - (low / np.maximum(x, low)) ** tail) / cut, 0, 1)

    yield shape("severity of events", "Pareto, cut", "make_events, a year",
                found["severity"].astype(float), cdf, f"exponent {tail:g}")  # fmt: skip
    yield binomial("share of foreseen events", "definition", "make_events, steady",
                   int(found["foreseeable"].sum()), len(found), chosen.share_foreseeable)


def attention(seed: int) -> Iterator[Result]:
    """One event in a still world: what it draws halves every half-life."""
    half_life = 9.0
    model = still({"news.attention_half_life": half_life}, seed=seed)
    event = np.zeros(1, EVENT)
    event["key"], event["hour"], event["hour_known"] = 77, 5.2, 5.2
    event["market"] = int(model.world.accounts.markets[0])
    event["topic"], event["severity"] = 3, 4.0
    model.engine.hear_of(event)
    model.engine.run(6)
    peak = float(model.engine.state.attention.max()) - 1.0
    model.engine.run(6 + 30)
    left = float(model.engine.state.attention.max()) - 1.0
    yield exact("attention after an event: severity", "definition", "engine, severity 4", 4.0, peak,
                1e-6)  # fmt: skip
    yield exact("attention 30 h later: 2^(-30 / 9)", "Lorenz-Spreen et al. 2019", "engine",
                peak * 2 ** (-30 / half_life), left, 1e-6)  # fmt: skip
