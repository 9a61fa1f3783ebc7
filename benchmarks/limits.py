"""The machine's own limits, on one core, in the same run as what is compared with them.

Random reads take 32-byte records (one person) from a table far beyond the cache: one after
another (the next place is known only once the last has come), independently (the processor overlaps
what it sees coming), and asked for in advance as the engine does. Streaming sums an array; hashes
are the draws of `sim.streams`; fresh memory is written for the first time, zeroed pages included.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

from sim.engine.prefetch import AHEAD, prefetch
from sim.streams import draw, mix

N_RECORDS = 1 << 23  # of 32 bytes: 268 MB
N_READS = 1 << 22
N_STREAMED = 1 << 25  # of 8 bytes: 268 MB
N_HASHES = 1 << 28
ROUNDS = 5
ask: Any = prefetch


@njit
def read_in_a_chain(records, n):
    """The place of the next record depends on the last."""
    mask = np.uint64(len(records) - 1)
    place = np.uint64(0)
    for k in range(n):
        place = mix(records[place, 0] ^ np.uint64(k)) & mask
    return place


@njit
def read_apart(records, places):
    """Places are known; the processor overlaps what it can."""
    total = np.uint64(0)
    for place in places:
        total += records[place, 0] ^ records[place, 3]
    return total


@njit
def read_ahead(records, places):
    """The same, each record asked for AHEAD reads before."""
    total = np.uint64(0)
    last = len(places) - 1
    for k in range(len(places)):
        ask(records, (np.int64(places[min(k + AHEAD, last)]), 0))
        total += records[places[k], 0] ^ records[places[k], 3]
    return total


@njit
def stream(array):
    """Sum of an array."""
    total = np.uint64(0)
    for value in array:
        total += value
    return total


@njit
def hashes(seed, n):
    """So many draws of one stream."""
    total = np.uint64(0)
    for k in range(n):
        total ^= draw(seed, np.uint64(k))
    return total


def measure_limits() -> dict[str, list[float]]:
    """Operations a second, one value a round."""
    records = np.zeros((N_RECORDS, 4), np.uint64)
    records[:] = 1
    who = np.arange(N_READS, dtype=np.uint64)
    places = (draw(np.uint64(7), who) & np.uint64(N_RECORDS - 1)).astype(np.uint32)
    flat = records.reshape(-1)[:N_STREAMED]
    found = {
        "reads_chained": _rates(lambda: read_in_a_chain(records, N_READS // 4), N_READS // 4),
        "reads_apart": _rates(lambda: read_apart(records, places), N_READS),
        "reads_ahead": _rates(lambda: read_ahead(records, places), N_READS),
        "streamed_bytes": _rates(lambda: stream(flat), 8 * N_STREAMED),
        "hashes": _rates(lambda: hashes(np.uint64(7), N_HASHES), N_HASHES),
        "fresh_bytes": _rates(_write_fresh, 8 * N_STREAMED),
    }
    return found


def _write_fresh() -> np.ndarray:
    fresh = np.empty(N_STREAMED, np.uint64)
    fresh.fill(1)
    return fresh


def _rates(work: Callable[[], object], n: int) -> list[float]:
    """Operations a second in each round, after one that compiles."""
    work()
    rates = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        rates.append(n / (time.perf_counter() - began))
    return rates
