"""How sure: sub-samples of a large pool, or accounts drawn with replacement from a small one.

A pool of more than 42 ordinary accounts (a run, as a rule) is measured as the data were: many times
42 accounts at random, without replacement, and of their originals about 1,800 at random. The value
is the median over these sub-samples, [lo, hi] holds 95 % of them: what a data set of that size
would show, not what is known of the pool. A smaller pool is measured once, as it stands; its
interval is the percentile bootstrap over accounts (Efron & Tibshirani 1993; Cameron, Gelbach &
Miller 2008 on clusters), over posts where accounts are not known.

Draws are keyed by their number and by the place of an account in the order of names: the order of
rows in a file changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from sim import streams
from sim.observables import tail
from sim.observables.observed import MissingError, Observed, missing
from sim.observables.registry import (
    EVERYBODY,
    KEYS,
    MISSIONS,
    ORDINARY,
    POOL,
    WHOLE,
    compute_all,
)
from sim.observables.sample import Sample

N_ACCOUNTS, N_POSTS = 42, 1_800  # the published data: 42 embassy accounts, about 1,800 originals
N_SAMPLES, N_BOOTSTRAPS = 200, 200
ENDS = (2.5, 97.5)
ENOUGH = 0.5  # share of sub-samples that must give a value
FEWEST_CLUSTERS = 5  # accounts below which a bootstrap over accounts says nothing
SUBSAMPLE, BOOTSTRAP, THINNING = (
    streams.name_hash("observables", name) for name in ("sub-sample", "bootstrap", "thinning")
)


def observables(sample: Sample, n_samples: int = N_SAMPLES) -> dict[str, Observed]:
    """{C1: ..., C2.above_5k: ..., ...}: every observable of a sample, in the order of the codes.

    n_samples: sub-samples, or bootstraps where the pool is small."""
    ordinary = sample.only("is_ordinary")
    found = bootstrapped(sample.only("is_mission"), (MISSIONS,), n_samples)
    found |= bootstrapped(sample.only("is_ours"), (WHOLE,), n_samples)
    found |= compute_all(ordinary, (POOL,)) | compute_all(sample, (EVERYBODY,))
    if int((ordinary.accounts["n_posts"] > 0).sum()) > N_ACCOUNTS and ordinary.named:
        found |= subsampled(ordinary, n_samples)
    else:
        found |= bootstrapped(ordinary, (ORDINARY,), n_samples)
    found["C9"] = with_alternative(found["C9"], ordinary)
    return {key: _cautious(found[key], sample.caution) for key in KEYS}


def subsampled(pool: Sample, n_samples: int) -> dict[str, Observed]:
    """Median and spread over sub-samples of 42 accounts and about 1,800 originals."""
    active = pool.take(np.flatnonzero(pool.accounts["n_posts"] > 0))
    draws = [compute_all(subsample(active, k), (ORDINARY,)) for k in range(n_samples)]
    return {key: over_samples([one[key] for one in draws]) for key in draws[0]}


def subsample(pool: Sample, number: int) -> Sample:
    """Sub-sample `number`: 42 accounts, and at most 1,800 of their originals."""
    chosen = np.sort(_first(N_ACCOUNTS, pool.n_accounts, SUBSAMPLE, number))
    taken = pool.take(chosen)
    if taken.n_posts <= N_POSTS:
        return taken
    return taken.thinned(np.sort(_first(N_POSTS, taken.n_posts, THINNING, number)))


def over_samples(found: Sequence[Observed]) -> Observed:
    """One number from those of all sub-samples."""
    values = np.array([one.value for one in found if one.value is not None])
    if len(values) < max(1, ENOUGH * len(found)):
        return missing(next(one.why for one in found if one.why))
    lo, hi = np.percentile(values, ENDS)
    left_out = len(found) - len(values)
    note = f"{left_out} of {len(found)} sub-samples give no value" if left_out else ""
    return Observed(
        value=float(np.median(values)), se=float(values.std(ddof=1)) if len(values) > 1 else None,
        lo=float(lo), hi=float(hi), n=round(float(np.median([one.n for one in found]))), note=note,
    )  # fmt: skip


def bootstrapped(sample: Sample, over: Sequence[str], n_samples: int) -> dict[str, Observed]:
    """The sample as it stands, with intervals by drawing its accounts (or posts) again."""
    found = compute_all(sample, over)
    redraw = again(sample)
    if redraw is None or all(one.value is None or one.lo is not None for one in found.values()):
        return found
    draws = [compute_all(redraw(k), over) for k in range(n_samples)]
    return {key: _with_interval(one, [draw[key] for draw in draws]) for key, one in found.items()}


def again(sample: Sample) -> Callable[[int], Sample] | None:
    """What gives bootstrap sample k; None where there is too little to draw from."""
    n_accounts, n_posts = sample.n_accounts, sample.n_posts
    if sample.named:
        if n_accounts < FEWEST_CLUSTERS:
            return None
        return lambda k: sample.take(_with_replacement(n_accounts, k))
    if n_posts < FEWEST_CLUSTERS:
        return None
    return lambda k: sample.thinned(np.sort(_with_replacement(n_posts, k)))


def _with_interval(one: Observed, draws: Sequence[Observed]) -> Observed:
    """The bootstrap's spread, where the observable has no interval of its own."""
    values = np.array([draw.value for draw in draws if draw.value is not None])
    if one.value is None or one.lo is not None or len(values) < max(2, ENOUGH * len(draws)):
        return one
    lo, hi = np.percentile(values, ENDS)
    return replace(one, se=float(values.std(ddof=1)), lo=float(lo), hi=float(hi))


def with_alternative(one: Observed, ordinary: Sample) -> Observed:
    """C9 with what the whole pool says of a lognormal tail."""
    if one.value is None:
        return one
    try:
        counts = ordinary.column("retweets")
        told = tail.words(counts, tail.fit(counts))
    except MissingError:
        return one
    return replace(one, note="; ".join(part for part in (one.note, f"all posts: {told}") if part))


def _cautious(one: Observed, caution: str) -> Observed:
    """The observable with what limits every number of this sample."""
    if not caution or one.value is None:
        return one
    return replace(one, note="; ".join(part for part in (one.note, caution) if part))


def _bits(n: int, purpose: np.uint64, number: int) -> np.ndarray:
    """uint64[n] of draw `number`."""
    with np.errstate(over="ignore"):
        stream = streams.subkey(streams.draw(purpose, np.uint64(number)), purpose)
        return np.asarray(streams.draw(stream, np.arange(n, dtype=np.uint64)))


def _first(wanted: int, n: int, purpose: np.uint64, number: int) -> np.ndarray:
    """`wanted` different places out of n."""
    return np.argsort(_bits(n, purpose, number), kind="stable")[:wanted]


def _with_replacement(n: int, number: int) -> np.ndarray:
    """n places out of n, repetitions allowed."""
    return (streams.uniform(_bits(n, BOOTSTRAP, number)) * n).astype(np.int64)


def values_of(found: Mapping[str, Observed]) -> dict[str, float | None]:
    """{C1: value, ...}."""
    return {key: one.value for key, one in found.items()}
