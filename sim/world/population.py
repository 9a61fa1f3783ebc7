"""A synthetic population: people as ranks, and who follows whom, drawn once and cached.

People are ordered by market and, inside a market, by favourability, so that a person's place is the
rank of his or her favourability and neighbours in the array hold like views. Everything else is a
rank in (0, 1), drawn by hash of (population seed, trait, person).

Who follows me: person j has about lognormal(mean, log-sd) followers among the modelled people, more
if j is active (rank correlation by `activity_tilt`). Of these a share `near` are neighbours in
favourability in the same market (homophily), a share `market` anybody there, the rest anybody at
all. Places are stratified, so that no follower is drawn twice within a part; duplicates across the
parts are removed. The list of j is drawn from j's own stream: row by row, in order, no scatter.

The files are columns of a few bytes a person, written once (temporary file, then rename) and
memory-mapped by every world and process.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numba import njit
from scipy.special import ndtri

from sim.errors import UserError
from sim.mechanisms.people import N_FEED_STRATA, N_VISIT_STRATA
from sim.parameters import NotNegative, Parameters, Positive, Share
from sim.paths import cache_dir
from sim.state import FRIEND, FRIEND_BITS
from sim.streams import (
    FOLLOWER_COUNT,
    TIE,
    TRAIT,
    U64,
    draw,
    high32,
    name_hash,
    subkey,
    uniform,
)

FORMAT = 1  # raise when the way of drawing changes: other people, other results
LAYOUT = 2  # raise when only the files change
MAX_FOLLOWERS = 3_000  # of one person among the modelled people: bounds one re-share's work

RANKS = np.dtype([
    ("propensity", "u2"), ("prone", "u2"), ("ranked", "u2"), ("second", "u2"),
    ("visit", "u1"), ("feed", "u1"), ("topics", "u8"), ("age", "u1"),
])  # fmt: skip


class Graph(Parameters):
    """Who follows whom among the people (units in conf/graph)."""

    mean_followers: Positive
    followers_log_sd: Positive
    activity_tilt: NotNegative
    share_near: Share
    share_market: Share


@dataclass(frozen=True)
class Population:
    """market_start: int64[n_markets + 1]; ranks: RANKS[n_people]; friends_start: int64[n_people+1];
    friends: uint32[n_ties], the followers of person j at friends[friends_start[j]:][:k_j], rising:
    who | visit stratum << FRIEND_BITS (state.py).
    """

    market_start: np.ndarray
    ranks: np.ndarray
    friends_start: np.ndarray
    friends: np.ndarray

    @property
    def n_people(self) -> int:
        """Number of people."""
        return len(self.ranks)

    @property
    def friend_ids(self) -> np.ndarray:
        """uint32[n_ties]: who follows, without the stratum."""
        return np.asarray(self.friends & np.uint32(FRIEND))


def market_starts(n_people: int, weights: np.ndarray) -> np.ndarray:
    """int64[n_markets + 1]: people shared out in proportion to weights (largest remainders)."""
    quotas = n_people * weights / weights.sum()
    sizes = np.floor(quotas).astype(np.int64)
    order = np.argsort(-(quotas - sizes), kind="stable")
    sizes[order[: n_people - int(sizes.sum())]] += 1
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def draw_ranks(n_people: int, seed: np.uint64) -> np.ndarray:
    """RANKS[n_people]: every trait of every person, by hash."""
    ranks = np.empty(n_people, RANKS)
    who = np.arange(n_people, dtype=np.uint64)
    trait = subkey(seed, TRAIT)
    for name in RANKS.names or ():
        bits = draw(subkey(trait, name_hash(name)), who)
        if name == "topics":
            ranks[name] = bits  # eight bytes, each the rank of the interest in one topic
        elif name == "visit":
            ranks[name] = high32(bits) * U64(N_VISIT_STRATA) >> U64(32)
        elif name == "feed":
            ranks[name] = high32(bits) * U64(N_FEED_STRATA) >> U64(32)
        elif name == "age":
            ranks[name] = bits >> U64(56)
        else:
            ranks[name] = bits >> U64(48)
    return ranks


def count_followers(ranks: np.ndarray, graph: Graph, seed: np.uint64) -> np.ndarray:
    """int64[n_people]: how many people follow each person, before duplicates are removed."""
    who = np.arange(len(ranks), dtype=np.uint64)
    z = ndtri((high32(draw(subkey(seed, FOLLOWER_COUNT), who)) + 0.5) / 2.0**32)
    activity = (ranks["visit"] + 0.5) / N_VISIT_STRATA
    tilt = graph.activity_tilt
    mixed = (z + tilt * ndtri(activity)) / np.sqrt(1.0 + tilt**2)
    mean_log = np.log(graph.mean_followers) - 0.5 * graph.followers_log_sd**2
    counts = np.floor(np.exp(mean_log + graph.followers_log_sd * mixed) + 0.5)
    most = max(1, min(MAX_FOLLOWERS, len(ranks) // 8))
    return np.minimum(counts, most).astype(np.int64)


@njit(cache=True)
def _place(low, size, k, n, u):
    """A place in [low, low + size): the k-th of n equal strata, at u inside it."""
    return low + np.int64(size * ((k + u) / n))


@njit(cache=True)
def draw_friends(market_start, visits, counts, share_near, share_market, seed, start, friends):
    """Fill start and friends row by row; returns the number of ties. All arrays are given."""
    n_people = len(counts)
    n_ties = 0
    market = 0
    stream = subkey(seed, TIE)
    for j in range(n_people):
        while j >= market_start[market + 1]:
            market += 1
        low, size = market_start[market], market_start[market + 1] - market_start[market]
        first = n_ties
        start[j] = first
        count = min(counts[j], n_people - 1)
        n_near = min(np.int64(count * share_near), size)
        n_market = min(np.int64(count * share_market), size)
        n_any = count - n_near - n_market
        reach = min(size, max(8 * n_near, size // 20))
        near_low = min(max(low, j - reach // 2), low + size - reach)
        own = draw(stream, np.uint64(j))
        for k in range(count):
            u = uniform(draw(own, np.uint64(k)))
            if k < n_near:
                who = _place(near_low, reach, k, n_near, u)
            elif k < n_near + n_market:
                who = _place(low, size, k - n_near, n_market, u)
            else:
                who = _place(0, n_people, k - n_near - n_market, n_any, u)
            if who != j:
                friends[n_ties] = who
                n_ties += 1
        row = friends[first:n_ties]
        row.sort()
        kept = first
        for k in range(first, n_ties):
            if k == first or friends[k] != friends[kept - 1]:
                friends[kept] = friends[k]
                kept += 1
        for k in range(first, kept):
            friends[k] |= np.uint32(visits[friends[k]]) << np.uint32(FRIEND_BITS)
        n_ties = kept
    start[n_people] = n_ties
    return n_ties


def build(n_people: int, weights: np.ndarray, graph: Graph, seed: np.uint64) -> Population:
    """Draw a population of n_people over markets with these weights."""
    starts = market_starts(n_people, weights)
    ranks = draw_ranks(n_people, seed)
    counts = count_followers(ranks, graph, seed)
    friends_start = np.empty(n_people + 1, np.int64)
    friends = np.empty(int(counts.sum()), np.uint32)
    n_ties = draw_friends(
        starts, np.ascontiguousarray(ranks["visit"]), counts, graph.share_near, graph.share_market,
        seed, friends_start, friends,
    )  # fmt: skip
    return Population(starts, ranks, friends_start, friends[:n_ties])


def cached(n_people: int, weights: np.ndarray, graph: Graph, number: int = 0) -> Population:
    """The population number `number` of this size and make-up: from the cache, or built into it."""
    recipe = {
        "format": FORMAT, "n_people": n_people, "number": number,
        "weights": [round(float(weight), 9) for weight in weights], "graph": graph.model_dump(),
    }  # fmt: skip
    seed = name_hash(json.dumps(recipe, sort_keys=True))
    folder = cache_dir() / "populations" / f"{n_people}-{int(seed):016x}-{LAYOUT}"
    if not (folder / "complete").exists():
        _store(build(n_people, weights, graph, seed), folder)
    arrays = [np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in _NAMES]
    return Population(*arrays)


_NAMES = ("market_start", "ranks", "friends_start", "friends")


def _store(population: Population, folder: Path) -> None:
    """Write beside the final place, then rename: a reader sees all of it or nothing."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix="building-"))
        for name in _NAMES:
            np.save(temporary / f"{name}.npy", getattr(population, name), allow_pickle=False)
        (temporary / "complete").touch()
        try:
            os.rename(temporary, folder)
        except OSError:  # another process was first: its files are the same
            for path in temporary.iterdir():
                path.unlink()
            temporary.rmdir()
    except OSError as error:
        raise UserError(
            f"The population cannot be cached in {folder.parent}: {error.strerror}. "
            "Free some space there, or name another folder in DEMARCHE_CACHE."
        ) from error
