"""Cascades: branching processes on trees, percolation on random graphs, the core.

    total size T of a branching process with offspring Binomial(d, s):
        E T = 1 / (1 - d s)    P(T = n) = P(Bin(n d, s) = n - 1) / n       (Otter 1949; Dwass 1969)
        P(alive in generation g) = 1 - f(f(... f(0)))                      (Galton and Watson 1874)
    outbreaks on a random graph with degrees p_k, each edge passed with T    (Newman 2002):
        E size = 1 + T G0'(1) / (1 - T G1'(1))      P(size = 1) = G0(1 - T)
        v = G1(1 - T + T v),  P(large) = 1 - G0(1 - T + T v)
Everybody is always there and shares what he sees, so that an edge passes a post with probability s.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from scipy import stats
from scipy.optimize import brentq

from sim.mechanisms.sharing import quality_factor
from verification.check import Result, binomial, distribution, exact, mean
from verification.worlds import (
    ALIKE,
    ALONE,
    ALWAYS,
    ALWAYS_SEEN,
    N_PEOPLE,
    by_hand,
    root_of,
    set_graph,
    still,
    stubs,
    tree,
)

CHILDREN, N_POSTS = 3, 1_500
SIZES = 12
DEGREES, SHARES = np.array([1, 4]), np.array([0.7, 0.3])
N_GRAPHS, N_LARGE = 600, 200
N_DAYS = 150
TREE = "engine on a tree with three children each"
GRAPH = "engine on random graphs, degrees 1 (70 %) and 4"
BRANCHING = "Otter 1949; Dwass 1969"
NEWMAN = "Newman 2002, Phys. Rev. E 66, 016128"


def branching(seed: int) -> Iterator[Result]:
    """Subcritical cascades on a tree, their number of descendants per person 0.6."""
    s = 0.2
    changes = {**ALWAYS, "visibility.selection_friends": s / ALWAYS_SEEN}
    model = still(changes, n_followers=1, seed=seed)
    set_graph(model, *tree(root_of(model), N_PEOPLE, CHILDREN))
    model.engine.add(by_hand(np.arange(N_POSTS) / 4.0, seed))
    model.engine.run(N_POSTS // 4 + 200)
    posts = model.engine.posts[model.engine.posts["n_shares"] > 0]
    sizes, depths = posts["n_shares"].astype(int), posts["max_depth"].astype(int)
    m = CHILDREN * s
    depth = math.floor(math.log(N_PEOPLE * (CHILDREN - 1) + 1, CHILDREN)) - 1
    whole = sum(m**g for g in range(depth + 1))
    yield mean("mean size of a subcritical cascade: 1 / (1 - m), to the tree's end", BRANCHING,
               TREE, sizes, whole)  # fmt: skip
    n = np.arange(1, SIZES + 1)
    p = np.array([stats.binom.pmf(k - 1, k * CHILDREN, s) / k for k in n])
    counts = np.bincount(np.minimum(sizes, SIZES + 1), minlength=SIZES + 2)[1:]
    yield distribution("sizes of subcritical cascades", BRANCHING, TREE, counts,
                       [*p, 1 - p.sum()])  # fmt: skip
    shallow = int(depths.min())  # of a cascade of one: how deep a root's viewer counts
    for generation in (1, 2, 4):
        alive = survival(s, generation)
        yield binomial(f"P(a cascade reaches generation {generation})", "Galton and Watson 1874",
                       TREE, int((depths >= shallow + generation).sum()), len(posts), alive)


def survival(s: float, generation: int) -> float:
    """1 - the iterated generating function at 0."""
    q = 0.0
    for _ in range(generation):
        q = (1 - s + s * q) ** CHILDREN
    return 1 - q


def outbreaks(seed: int, passing: float, n_graphs: int) -> np.ndarray:
    """Sizes of cascades, each from a random root on a random graph of its own."""
    changes = {**ALWAYS, "visibility.selection_friends": passing / ALWAYS_SEEN}
    model = still(changes, n_followers=1, seed=seed)
    luck, root = np.random.default_rng(seed), root_of(model)
    posts = by_hand(np.zeros(n_graphs), seed)
    hour = 0
    for k in range(n_graphs):
        degrees = luck.choice(DEGREES, N_PEOPLE, p=SHARES)
        set_graph(model, *stubs(root, degrees, luck))
        posts["hour"][k] = hour
        model.engine.add(posts[k : k + 1])
        before = -1
        while before != (before := int(model.engine.posts["n_shares"].sum())) or hour % 24:
            hour += 4
            model.engine.run(hour)
    found = model.engine.posts["n_shares"].astype(int)
    return found[found > 0]


def g0(x: float) -> float:
    return float((SHARES * x**DEGREES).sum())


def g1(x: float) -> float:
    return float((SHARES * DEGREES * x ** (DEGREES - 1.0)).sum() / (SHARES * DEGREES).sum())


def percolation(seed: int) -> Iterator[Result]:
    """Below the threshold: the mean and the smallest sizes; above it: large outbreaks."""
    low = 0.3
    sizes = outbreaks(seed, low, N_GRAPHS)
    z = float((SHARES * DEGREES).sum())
    excess = float((SHARES * DEGREES * (DEGREES - 1)).sum() / z)
    yield mean("mean outbreak on a random graph below its threshold", NEWMAN, GRAPH, sizes,
               1 + low * z / (1 - low * excess))  # fmt: skip
    one = g0(1 - low)
    first = float((SHARES * DEGREES * low * (1 - low) ** (DEGREES - 1.0)).sum())
    two = first * g1(1 - low)
    counts = [(sizes == 1).sum(), (sizes == 2).sum(), (sizes > 2).sum()]
    yield distribution("small outbreaks on a random graph", NEWMAN, GRAPH, counts,
                       [one, two, 1 - one - two])  # fmt: skip
    high = 0.9
    sizes = outbreaks(seed + 1, high, N_LARGE)
    v = brentq(lambda x: g1(1 - high + high * x) - x, 0.0, 1.0 - 1e-6)
    large = 1 - g0(1 - high + high * v)
    is_large = sizes > 0.1 * N_PEOPLE
    yield binomial("P(large outbreak) above the threshold", NEWMAN, GRAPH, int(is_large.sum()),
                   len(sizes), large)  # fmt: skip
    yield mean("size of large outbreaks: the same share of all people", NEWMAN, GRAPH,
               sizes[is_large] / N_PEOPLE, large)  # fmt: skip


def qualities(seed: int) -> Iterator[Result]:
    """quality^kappa has mean 1 over lognormal quality of mean 1, whatever kappa (Gauss-Hermite),
    and grows with quality as that power."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    for kappa, sd in ((0.5, 1.1), (0.3, 0.8)):
        values = [quality_factor(math.exp(sd * z - 0.5 * sd * sd), kappa, sd) for z in nodes]
        found = float(weights @ np.array(values)) / math.sqrt(2 * math.pi)
        yield exact(f"mean of quality^{kappa:g} over posts", "lognormal moments", "law", 1.0, found)
    ratio = quality_factor(4.0, 0.5, 1.1) / quality_factor(1.0, 0.5, 1.1)
    yield exact("four times the quality in later generations, kappa .5", "definition", "law", 2.0,
                ratio)  # fmt: skip


def reacting(seed: int) -> Iterator[Result]:
    """P(share | view) = 1 - exp(-p0 quality); the core is binomial."""
    model = still({**ALIKE, **ALONE, "sharing.p0": 0.05}, seed=seed)
    model.engine.add(by_hand([24.0 * day for day in range(N_DAYS)], seed, quality=3.0))
    model.engine.run(24 * (N_DAYS + 2))
    posts = model.engine.posts
    yield binomial("P(share | view) = 1 - exp(-p0 q)", "a Poisson hazard", "engine, quality 3",
                   int(posts["n_shares"].sum()), int(posts["n_impressions"].sum()),
                   1 - math.exp(-0.15))  # fmt: skip
    core = {"core.mean_shares": 2.0, "core.log_sd": 0.0, "core.follower_exponent": 0.0,
            "core.n_members": 20, **ALONE}  # fmt: skip
    model = still(core, seed=seed)
    model.engine.add(by_hand([6.0 * k for k in range(300)], seed, quality=1.5))
    model.engine.run(24 * 100)
    counts = np.bincount(model.engine.posts["n_core"], minlength=21)
    yield distribution("shares of the loyal core: Binomial(20, .15)", "definition", "engine",
                       counts, stats.binom.pmf(np.arange(21), 20, 0.15))  # fmt: skip
