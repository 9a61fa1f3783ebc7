"""Mechanisms that no kind of the model has, put in from outside and taken out again.

    few sharers    readiness ~ Pareto(1.5), mean 1, by the rank of .6 z(looking) + .5 z(|opinion|)
                   + .62 z(own)
    habituation    severity' = c severity 2^-load (x 1/2 if foreseen),
                   load = sum over the topic's earlier events there of 2^(-(t - t_j) / 72 h)
    saturation     P(share) = 1 - exp(-s (1 - exp(-h / s))),  s = .02
    demotion       burial' = burial (1 + n recent) / (1 + n usual), x 3 for sharp posts
    raw counters   shares and likes of a post, and its log of shares, with the false ones

Values are judgement: large enough to matter, none fitted. c keeps the mean severity. Saturation and
demotion change what is compiled, and need a process whose kernels are kept apart.
"""

from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtri

PARETO, MOST = 1.5, 1e-5  # exponent of readiness; the rank at which it is cut
LOOKING, EXTREME, OWN = 0.6, 0.5, 0.62
FORGET_HOURS, FORESEEN = 72.0, 0.5
SATURATION = 0.02
DEMOTED = 3.0


@contextmanager
def replaced(module: Any, name: str, make: Callable[[Any], Any]) -> Iterator[None]:
    """A function of a module changed for a while: make(the function) -> what stands for it."""
    usual = getattr(module, name)
    setattr(module, name, make(usual))
    try:
        yield
    finally:
        setattr(module, name, usual)


# --- who shares ---------------------------------------------------------------------------------


@contextmanager
def few_sharers() -> Iterator[None]:
    """People as they are, their readiness to share dealt out anew."""
    from sim.loading import world

    def make(usual: Any) -> Any:
        def load_people(*args: Any, **named: Any) -> np.ndarray:
            people: np.ndarray = usual(*args, **named)
            people["propensity"] = pareto_readiness(people)
            return people

        return load_people

    with replaced(world, "load_people", make):
        yield


def scores(values: np.ndarray) -> np.ndarray:
    """Normal scores by rank; the order of rows decides ties."""
    rank = np.empty(len(values))
    rank[np.argsort(values, kind="stable")] = (np.arange(len(values)) + 0.5) / len(values)
    return np.asarray(ndtri(rank))


def pareto_readiness(people: np.ndarray) -> np.ndarray:
    """float64[n_people], mean 1."""
    opinion = people["favourability"].astype(np.float64)
    tied = (
        LOOKING * scores(people["visit"]) + EXTREME * scores(np.abs(opinion - opinion.mean()))
        + OWN * scores(people["propensity"])
    )  # fmt: skip
    order = np.argsort(tied, kind="stable")
    rank = np.empty(len(people))
    rank[order] = (np.arange(len(people)) + 0.5) / len(people)
    readiness = np.maximum(1.0 - rank, MOST) ** (-1.0 / PARETO)
    return np.asarray(readiness / readiness.mean())


# --- what draws attention -----------------------------------------------------------------------


@contextmanager
def habituation() -> Iterator[None]:
    """The same events, of other severity."""
    from sim.loading import world

    def make(usual: Any) -> Any:
        def make_events(*args: Any, **named: Any) -> np.ndarray:
            events: np.ndarray = usual(*args, **named)
            events["severity"] = habituated(events)
            return events

        return make_events

    with replaced(world, "make_events", make):
        yield


def habituated(events: np.ndarray) -> np.ndarray:
    """float64[n]: severities, events being in order of time."""
    load: dict[tuple[int, int], tuple[float, float]] = {}  # (market, topic): (hour, load then)
    found = np.zeros(len(events))
    for k, one in enumerate(events):
        place, hour = (int(one["market"]), int(one["topic"])), float(one["hour"])
        before, level = load.get(place, (hour, 0.0))
        level *= 2.0 ** (-(hour - before) / FORGET_HOURS)
        known = FORESEEN if one["foreseeable"] else 1.0
        found[k] = float(one["severity"]) * 2.0**-level * known
        load[place] = (hour, level + 1.0)
    total = float(events["severity"].sum())
    return found * (total / found.sum()) if total > 0 else found


# --- what a view leads to -----------------------------------------------------------------------


def saturating(hazard):  # type: ignore[no-untyped-def]
    """P(share) where the hazard levels off at SATURATION."""
    return -math.expm1(-SATURATION * -math.expm1(-hazard / SATURATION))


def use_saturation(folder: Path) -> None:
    """The law put in place for good."""
    from sim.law import law
    from sim.mechanisms import sharing

    refuse_late()
    sharing.p_react = law(saturating)


def refuse_late() -> None:
    """What is compiled once is compiled."""
    if any(name.startswith("sim.engine") for name in sys.modules):
        raise RuntimeError("the engine already stands on the usual laws")


# --- what a feed offers -------------------------------------------------------------------------

MODULE = "sim.engine.broadcasting"
ANCHOR = """    stream = subkey(subkey(post["key"], SELECTION), state.accounts[post["account"]]"""
DEMOTION = f"""    usual = state.accounts[post["account"]]["usual"]
    crowd *= (1.0 + state.presences[q]["recent"]) / (1.0 + usual + 1.0)
    if post["tone"] == SHARP:
        crowd *= {DEMOTED}
"""


def use_demotion(folder: Path) -> None:
    """The module that broadcasts, with a few lines more: feeds bury faster what comes from an
    account that posts more than it usually does, and what is sharp."""
    refuse_late()
    import sim.engine

    usual = Path(sim.engine.__path__[0]) / "broadcasting.py"
    own = folder / "broadcasting.py"
    own.write_text(demoting(usual.read_text(encoding="utf-8")), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(MODULE, own)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[MODULE] = sim.engine.broadcasting = module  # type: ignore[attr-defined]
    spec.loader.exec_module(module)


def demoting(source: str) -> str:
    """The source with demotion put in."""
    if source.count(ANCHOR) != 1:
        raise RuntimeError(f"{MODULE} is not as the trial knows it: put demotion in anew")
    return source.replace(ANCHOR, DEMOTION + ANCHOR)


# --- what is counted ----------------------------------------------------------------------------


@contextmanager
def raw_counters() -> Iterator[None]:
    """Posts and shares as the platform's own counters show them."""
    from sim import simulate

    def make(usual: Any) -> Any:
        def post_tables(engine: Any, world: Any, start: Any) -> Any:
            posts, shares = usual(engine, world, start)
            return with_false(posts, shares, engine, int(start.hour))

        return post_tables

    with replaced(simulate, "post_tables", make):
        yield


def with_false(posts: dict[str, np.ndarray], shares: dict[str, np.ndarray], engine: Any, since: int
               ) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:  # fmt: skip
    """Both tables with the false reactions that stand when the run ends. False shares come straight
    from the root, after the quantiles of an exponential delay."""
    from sim.inauthentic import _of_posts

    by_row, likes_by_row, _ = _of_posts(engine, since)
    row_of = {f"{key:016x}": row for row, key in enumerate(engine.posts["key"])}
    rows = np.array([row_of[str(name)] for name in posts["post"]], np.int64)
    n = by_row[rows].astype(np.int64)
    mean = float(engine.parameters[0]["false_arrival"])
    lags = [-mean * np.log1p(-(np.arange(k) + 0.5) / k) for k in n if k]
    kind = next((one for one in np.unique(shares["kind"]) if one != "hostile"), "friendly")
    false = {
        "post": np.repeat(posts["post"], n), "depth": np.ones(int(n.sum())),
        "lag_hours": np.concatenate([np.zeros(0), *lags]), "kind": np.full(int(n.sum()), kind),
    }  # fmt: skip
    counted = {**posts, "shares": posts["shares"] + n, "likes": posts["likes"] + likes_by_row[rows]}
    return counted, {name: np.concatenate([shares[name], false[name]]) for name in shares}
