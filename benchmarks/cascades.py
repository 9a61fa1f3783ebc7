"""Plain cascades, ours and cynetdiff's, on one graph: independent cascades from the same seeds.

    an activated person passes a post to each of his or her followers once, with probability p
    seed s is activated with P_SEED; sizes count activated people, seeds included

Ours is the model with everything else off (`verification/worlds.py`): everybody is always there,
sees what his feed offers (with probability p) and shares what he sees; each view still gets its
time, its person and its tally. The graph is that of the model's own people, whom both find on the
disk: we memory-mapped in the cache, cynetdiff as two arrays, or as a networkx graph built from them
edge by edge, which is how its manual says to build a model. Every program runs in a process of its
own, which imports nothing of the other.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

Figures = dict[str, list[float]]
P_PASS = 0.03  # of an edge: on average a person activates about half another
N_ACCOUNTS, N_SEEDS = 100, 10  # posts come from so many accounts, each with its own seeds
PER_HOUR = 100  # posts: ours needs a time for each
SAMPLED = 20  # one post in so many is run again, untimed, to count the exposures of the other
GRAPH, SEEDS, SIZES = "graph.npz", "seeds.npz", "sizes_{}.npy"


def world_of(n_people: int, p: float) -> Any:
    """Everybody is there and shares; an edge passes a post with probability p."""
    from verification.worlds import ALWAYS, ALWAYS_SEEN, still

    changes = {**ALWAYS, "visibility.selection_friends": p / ALWAYS_SEEN, "keep": "summary",
               "audience.n_people": n_people}  # fmt: skip
    return still(changes, n_followers=N_SEEDS, n_accounts=N_ACCOUNTS)


def prepare(folder: str, n_people: int) -> Figures:
    """Writes graph and seeds for the other program; our people are in the cache from then on."""
    from verification.worlds import ALWAYS_SEEN

    model = world_of(n_people, P_PASS)
    state, engine = model.engine.state, model.engine
    seeds = [state.followers["who"][first : first + n]
             for first, n in zip(state.f_start, state.f_n, strict=True)]  # fmt: skip
    starts = engine.friends_start[:-1].astype(np.uint32)
    edges = np.ascontiguousarray(model.world.population.friend_ids, np.uint32)
    np.savez(Path(folder) / GRAPH, starts=starts, edges=edges)
    np.savez(Path(folder) / SEEDS, who=np.concatenate(seeds), p=ALWAYS_SEEN,
             n=[len(one) for one in seeds])  # fmt: skip
    return {"nodes": [float(n_people)], "edges": [float(len(edges))],
            "seeds": [float(np.mean([len(one) for one in seeds]))]}  # fmt: skip


def of_ours(folder: str, n_people: int, n_posts: int) -> Figures:
    """The engine: posts of all accounts in turn, PER_HOUR an hour, until nobody passes any on."""
    from sim.state import COUNTER
    from verification.worlds import by_hand

    began = time.perf_counter()
    model = world_of(n_people, P_PASS)
    built = time.perf_counter()
    account = np.arange(n_posts) % N_ACCOUNTS
    engine = model.engine
    engine.add(by_hand(np.arange(n_posts) / PER_HOUR, account=account))
    engine.run(n_posts // PER_HOUR + 1)
    while engine.state.counters[COUNTER.n_queue] or engine.calendar.filled.any():
        engine.run(engine.hour + 1)
    done = time.perf_counter()
    views = float(engine.state.counters[COUNTER.friend_impressions])
    sizes = engine.posts["n_shares"].astype(np.int64)  # posts stand in the order of their times
    np.save(Path(folder) / SIZES.format("ours"), sizes)
    return {"build": [built - began], "cascades": [done - built],
            "exposures": [views / P_PASS]}  # fmt: skip


def of_cynetdiff(folder: str, n_posts: int, door: str) -> Figures:
    """cynetdiff; `door`: "arrays" gives it the graph as it keeps it, "networkx" as its manual."""
    began = time.perf_counter()
    graph, seeds = np.load(Path(folder) / GRAPH), np.load(Path(folder) / SEEDS)
    starts, edges, p_seed = graph["starts"], graph["edges"], float(seeds["p"])
    model = _of_arrays(starts, edges) if door == "arrays" else _of_networkx(starts, edges)
    lists = np.split(seeds["who"], np.cumsum(seeds["n"])[:-1])
    each = -(-n_posts // N_ACCOUNTS)
    sizes = np.empty((each, N_ACCOUNTS), np.int64)
    built = time.perf_counter()
    for account, who in enumerate(lists):
        model.set_seeds(who.tolist(), [p_seed] * len(who))
        for k in range(each):
            model.reset_model()
            model.advance_until_completion()
            sizes[k, account] = model.get_num_activated_nodes()
    done = time.perf_counter()
    np.save(Path(folder) / SIZES.format(door), sizes.reshape(-1)[:n_posts])
    exposures = _exposures(model, lists, p_seed, np.diff(np.append(starts, len(edges))), each)
    return {"build": [built - began], "cascades": [done - built], "exposures": [exposures]}


def _of_arrays(starts: np.ndarray, edges: np.ndarray) -> Any:
    from cynetdiff.models import IndependentCascadeModel

    build: Any = IndependentCascadeModel  # any buffer of unsigned integers, whatever its stub says
    return build(starts, edges, activation_prob=P_PASS, rng=1)


def _of_networkx(starts: np.ndarray, edges: np.ndarray) -> Any:
    import networkx as nx
    from cynetdiff.utils import networkx_to_ic_model

    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(starts)))
    sources = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(edges))))
    graph.add_edges_from(zip(sources.tolist(), edges.tolist(), strict=True))
    return networkx_to_ic_model(graph, activation_prob=P_PASS, rng=1)[0]


def _exposures(model: Any, lists: list[np.ndarray], p_seed: float, n_followers: np.ndarray,
               each: int) -> float:  # fmt: skip
    """Edges tried in as many posts, from a part of them run again: it keeps no count itself."""
    total, again = 0.0, max(1, each // SAMPLED)
    for who in lists:
        model.set_seeds(who.tolist(), [p_seed] * len(who))
        for _ in range(again):
            model.reset_model()
            model.advance_until_completion()
            total += float(n_followers[list(model.get_activated_nodes())].sum())
    return total * each / again


def agreement(folder: str | Path) -> dict[str, float]:
    """Mean sizes of both, and the chance of so large a difference by luck alone: posts of one
    account share their seeds, so that accounts are compared pair by pair, each by its own posts."""
    from scipy import stats

    ours, other = (np.load(Path(folder) / SIZES.format(name)) for name in ("ours", "arrays"))
    account = np.arange(len(ours)) % N_ACCOUNTS
    gaps = np.zeros(N_ACCOUNTS)
    errors = np.zeros(N_ACCOUNTS)
    for k in range(N_ACCOUNTS):
        a, b = ours[account == k], other[account == k]
        gaps[k] = a.mean() - b.mean()
        errors[k] = a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b)
    z = gaps.sum() / np.sqrt(errors.sum())
    return {"ours": float(ours.mean()), "other": float(other.mean()),
            "p": float(2 * stats.norm.sf(abs(z)))}  # fmt: skip
