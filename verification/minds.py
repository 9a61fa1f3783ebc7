"""Minds: consensus, fragments, forgetting, repetition, the order of frames.

    degroot       s_n = x - (x - s_0) prod_k (1 - mu g_k)       (DeGroot 1974: consensus at x)
    bounded       who is nearer than eps to a voice ends there, the others stay where they are
                  (Deffuant et al. 2000; Hegselmann and Krause 2002): fragments and their sizes
    forgetting    the passing part halves every half-life
    repetition    n exposures move by beta log2(1 + n)          (g = 1)
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.stats import norm

from sim.mechanisms.framing import frame_weight
from sim.mechanisms.opinion import repetition
from verification.check import Result, binomial, exact
from verification.worlds import ALIKE, ALWAYS, by_hand, n_looking, still

LASTING: dict[str, Any] = {**ALIKE, "opinion.durable_share": 1.0, "opinion.repetition_gain": 1.0}
STAYING = {**ALWAYS, "opinion.durable_share": 1.0, "opinion.repetition_gain": 1.0,
           "sharing.p0": 1e-12, "visibility.selection": 1.0}  # fmt: skip
SINGLE = 2e-5  # opinions are kept in single precision, and added to again and again


def followers_of(model: Any) -> np.ndarray:
    """The people who follow account 0."""
    state = model.engine.state
    own = state.followers["who"][state.f_start[0] : state.f_start[0] + state.f_n[0]]
    return state.people[np.sort(own)]


def now(people: np.ndarray) -> np.ndarray:
    """Favourability including what stays."""
    return people["favourability"].astype(float) + people["durable"] + people["transient"]


def consensus(seed: int) -> Iterator[Result]:
    """One voice at .6, heard by everybody some number of times."""
    mu, x = 0.2, 0.6
    model = still({**LASTING, "opinion.mu": mu}, opinion="degroot", seed=seed)
    model.engine.add(by_hand([24.0 * k for k in range(40)], seed, stance=x))
    model.engine.run(24 * 42)
    people = followers_of(model)
    n = people["n_friendly"].astype(int)
    left = np.cumprod([1.0, *(1 - mu * repetition(float(k), 1.0) for k in range(n.max()))])[n]
    expected = x - (x - people["favourability"].astype(float)) * left
    yield Result(
        name="every mind after n exposures (DeGroot)", source="DeGroot 1974",
        setup=f"engine, {len(people):,} people, 0 to {n.max()} exposures", expected="0 off",
        found=f"{np.abs(now(people) - expected).max():.1e} off",
        error=float(np.abs(now(people) - expected).max()), tolerance=SINGLE,
    )  # fmt: skip


def fragments(seed: int) -> Iterator[Result]:
    """Two voices at -.5 and .5, each heard by who is nearer than .3: three kinds of people."""
    eps, mu = 0.3, 0.5
    changes = {**STAYING, "opinion.mu": mu, "opinion.epsilon": eps,
               "people.favourability_market_sd": 1e-9, "people.favourability_sd": 0.4,
               "people.favourability_mean": 0.0, "following.favourable_tilt": 0.0}  # fmt: skip
    model = still(changes, opinion="bounded_confidence", seed=seed)
    posts = by_hand([12.0 * k for k in range(400)], seed)
    posts["stance"] = np.where(np.arange(400) % 2 == 0, 0.5, -0.5)
    model.engine.add(posts)
    model.engine.run(12 * 400 + 48)
    people = followers_of(model)
    start, end = people["favourability"].astype(float), now(people)
    near = {x: np.abs(start - x) < eps - 1e-6 for x in (-0.5, 0.5)}
    p = norm.cdf(0.8 / 0.4) - norm.cdf(0.2 / 0.4)
    for x, own in near.items():
        yield binomial(f"people within reach of the voice at {x:g}", "the normal distribution",
                       "engine, bounded confidence", int(own.sum()), n_looking(model), p)
    apart = ~near[-0.5] & ~near[0.5]
    off = np.concatenate([np.abs(end[near[x]] - x) for x in near] + [np.abs(end - start)[apart]])
    groups = len(np.unique(np.round(end[~apart], 2)))
    yield Result(
        name="fragments: two, and those whom no voice reaches", source="Deffuant et al. 2000",
        setup="engine, 400 posts, eps = .3", expected="2 fragments", found=f"{groups} fragments",
        error=abs(groups - 2) + float((off > 0.02).mean()), tolerance=1e-3,
    )  # fmt: skip


def forgetting(seed: int) -> Iterator[Result]:
    """One message that leaves nothing lasting: the sum of moves after some days."""
    half_life = 5.0
    changes = {**STAYING, "opinion.durable_share": 0.0, "opinion.half_life_days": half_life,
               "opinion.effect_formal": 0.05, "opinion.latitude": 2.0,
               "people.share_backlash_prone": 1e-6}  # fmt: skip
    model = still(changes, opinion="assimilation_contrast", seed=seed)
    model.engine.add(by_hand([1.0, 1.0 + 24 * half_life], seed, stance=1.0))
    model.engine.run(24)
    one = followers_of(model)
    model.engine.run(int(24 * half_life) + 24)
    two = followers_of(model)
    both = (one["n_friendly"] == 1) & (two["n_friendly"] == 2)
    gap = two["hour_moved"].astype(float) - one["hour_moved"]
    step = one["transient"].astype(float)
    expected = step * 2 ** (-gap / (24 * half_life)) + step * repetition(1.0, 1.0)
    error = float(np.abs(two["transient"] - expected)[both].max() / np.abs(step[both]).max())
    yield Result(
        name="what passes of an opinion halves every half-life", source="Hill et al. 2013",
        setup=f"engine, {int(both.sum()):,} people, two posts five days apart", expected="0 off",
        found=f"{error:.1e} off", error=error, tolerance=1e-5,
    )  # fmt: skip


def repeating(seed: int) -> Iterator[Result]:
    """The move of n exposures over that of one is log2(1 + n)."""
    changes = {**STAYING, "opinion.effect_formal": 0.02, "opinion.latitude": 3.0,
               "people.share_backlash_prone": 1e-6}  # fmt: skip
    model = still(changes, opinion="assimilation_contrast", seed=seed)
    model.engine.add(by_hand([24.0 * k for k in range(12)], seed, stance=1.0))
    model.engine.run(24 * 14)
    people = followers_of(model)
    n = people["n_friendly"].astype(float)
    unit = float(np.median(people["durable"][n == 12])) / math.log2(13)
    free = np.abs(people["favourability"]) < 0.8  # away from the ends of the scale
    off = np.abs(people["durable"] / unit - np.log2(1 + n))[free].max()
    yield Result(
        name="n exposures move by log2(1 + n)", source="Hassan and Barber 2021",
        setup=f"engine, up to {int(n.max())} exposures", expected="0 off", found=f"{off:.1e} off",
        error=float(off), tolerance=1e-4,
    )  # fmt: skip


def framing(seed: int) -> Iterator[Result]:
    """The weight of a later opposed frame returns to 1 as the first one is forgotten."""
    half = 48.0
    for gap in (1.0, 48.0, 480.0):
        expected = 1 / (1 + (1.5 - 1) * 2 ** (-gap / half))
        yield exact(f"weight of an opposed frame {gap:g} h later", "Chong and Druckman 2010",
                    "law", expected, float(frame_weight(True, gap, 1.5, half)))  # fmt: skip
