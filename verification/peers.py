"""The same question to other people's programs: cascades on one graph, fragments of opinion.

    cynetdiff, NDlib   independent cascade on the same graph from the same root: sizes agree
    NDlib              Deffuant's pairs with our law of bounded confidence: numbers of groups agree

Needs the extra `verify`; without it the checks are left out, and that is said. Programs are asked
through their public interfaces, their random numbers seeded.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import stats

from sim.mechanisms.opinion import BOUNDED_CONFIDENCE, step
from verification.check import Result
from verification.worlds import ALWAYS, ALWAYS_SEEN, by_hand, root_of, set_graph, still, stubs

N_NODES, PASSING = 2_000, 0.3
N_RUNS, N_NDLIB = 1_500, 400
EDGES = (1, 2, 3, 5, 10, 30, 100, 400)  # sizes are compared in these classes
EPS, N_MINDS, N_WORLDS, STEPS = 0.2, 100, 60, 60
SETUP = "2,000 people, degrees 1, 2, 4 and 12; an edge passes 30 %"


def available(name: str) -> bool:
    """Whether a program is there."""
    from importlib.util import find_spec

    return find_spec(name) is not None


def cascades(seed: int) -> Iterator[Result]:
    """Sizes of cascades in the engine and in the others."""
    luck = np.random.default_rng(seed)
    changes = {**ALWAYS, "visibility.selection_friends": PASSING / ALWAYS_SEEN,
               "audience.n_people": N_NODES}  # fmt: skip
    model = still(changes, n_followers=1, seed=seed)
    root = root_of(model)
    degrees = luck.choice([1, 2, 4, 12], N_NODES, p=[0.4, 0.3, 0.2, 0.1])
    sources, targets = stubs(root, degrees, luck)
    set_graph(model, sources, targets)
    model.engine.add(by_hand(np.arange(N_RUNS) / 2.0, seed))
    model.engine.run(N_RUNS // 2 + 300)
    own = model.engine.posts["n_shares"].astype(int)
    own = own[own > 0]
    if available("cynetdiff"):
        yield agree("cascade sizes against cynetdiff", "cynetdiff, independent cascade", own,
                    of_cynetdiff(sources, targets, root, seed))  # fmt: skip
    if available("ndlib"):
        yield agree("cascade sizes against NDlib", "NDlib, independent cascades", own,
                    of_ndlib(sources, targets, root, seed))  # fmt: skip


def of_cynetdiff(sources: np.ndarray, targets: np.ndarray, root: int, seed: int) -> np.ndarray:
    """Sizes of N_RUNS cascades."""
    from cynetdiff.utils import networkx_to_ic_model

    model, _ = networkx_to_ic_model(directed(sources, targets), activation_prob=PASSING,
                                    rng=seed)  # fmt: skip
    model.set_seeds({root})
    sizes = []
    for _ in range(N_RUNS):
        model.reset_model()
        model.advance_until_completion()
        sizes.append(model.get_num_activated_nodes())
    return np.array(sizes)


def of_ndlib(sources: np.ndarray, targets: np.ndarray, root: int, seed: int) -> np.ndarray:
    """Sizes of N_NDLIB cascades."""
    from ndlib.models import ModelConfig
    from ndlib.models.epidemics import IndependentCascadesModel

    random.seed(seed)
    np.random.seed(seed)
    graph = directed(sources, targets)
    sizes = []
    for _ in range(N_NDLIB):
        model = IndependentCascadesModel(graph)
        config = ModelConfig.Configuration()
        config.add_model_initial_configuration("Infected", [root])
        for edge in graph.edges():
            config.add_edge_configuration("threshold", edge, PASSING)
        model.set_initial_status(config)
        active = True
        while active:
            counts = model.iteration(node_status=False)["node_count"]
            active = counts[1] > 0
        sizes.append(counts[1] + counts[2])
    return np.array(sizes)


def directed(sources: np.ndarray, targets: np.ndarray) -> Any:
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(range(N_NODES))
    graph.add_edges_from(zip(sources.tolist(), targets.tolist(), strict=True))
    return graph


def agree(name: str, source: str, own: np.ndarray, other: np.ndarray) -> Result:
    """Whether two samples of sizes come from one distribution (chi-square of their classes)."""
    table = np.stack([np.bincount(np.digitize(one, EDGES), minlength=len(EDGES) + 1)
                      for one in (own, other)])  # fmt: skip
    table = table[:, table.sum(axis=0) >= 20]
    return Result(
        name=name, source=source, setup=SETUP,
        expected=f"mean {other.mean():.3g}, n = {len(other):,}",
        found=f"mean {own.mean():.3g}, n = {len(own):,}",
        p=float(stats.chi2_contingency(table).pvalue),
    )  # fmt: skip


def opinions(seed: int) -> Iterator[Result]:
    """Deffuant's pairs on a complete graph: how many groups remain."""
    if not available("ndlib"):
        return
    own = np.array([groups(of_law(1_000 * seed + k)) for k in range(N_WORLDS)])
    other = np.array([groups(of_bias(1_000 * seed + k)) for k in range(N_WORLDS)])
    highest = max(own.max(), other.max())
    table = np.stack([np.bincount(one, minlength=highest + 1) for one in (own, other)])
    yield Result(
        name="groups of Deffuant's pairs against NDlib", source="NDlib, algorithmic bias, gamma 0",
        setup=f"our law in pairs, {N_MINDS} minds, eps {EPS:g}, {N_WORLDS} worlds",
        expected=f"mean {other.mean():.2f}", found=f"mean {own.mean():.2f}",
        p=float(stats.chi2_contingency(table[:, table.sum(axis=0) > 0]).pvalue),
    )  # fmt: skip


def of_law(seed: int) -> np.ndarray:
    """Pairs meet and move towards each other by sim.mechanisms.opinion; opinions in [0, 1]."""
    luck = np.random.default_rng(seed)
    s = 2 * luck.random(N_MINDS) - 1  # the law's scale is [-1, 1]
    for i, j in luck.integers(0, N_MINDS, (STEPS * N_MINDS, 2)):
        if i != j:
            a = step(BOUNDED_CONFIDENCE, s[i], s[j], 0.0, False, 2 * EPS, 0.5)
            b = step(BOUNDED_CONFIDENCE, s[j], s[i], 0.0, False, 2 * EPS, 0.5)
            s[i], s[j] = s[i] + a, s[j] + b
    return (s + 1) / 2


def of_bias(seed: int) -> np.ndarray:
    """The same in NDlib."""
    import networkx as nx
    from ndlib.models import ModelConfig
    from ndlib.models.opinions import AlgorithmicBiasModel

    random.seed(seed)
    np.random.seed(seed % 2**32)
    model = AlgorithmicBiasModel(nx.complete_graph(N_MINDS))
    config = ModelConfig.Configuration()
    config.add_model_parameter("epsilon", EPS)
    config.add_model_parameter("gamma", 0)
    model.set_initial_status(config)
    for _ in range(STEPS):
        model.iteration(node_status=False)
    return np.array(list(model.status.values()), float)


def groups(opinions: np.ndarray) -> int:
    """Groups of five or more that lie apart."""
    ordered = np.sort(opinions)
    parts = np.split(ordered, np.flatnonzero(np.diff(ordered) > EPS / 4) + 1)
    return sum(len(one) >= 5 for one in parts)
