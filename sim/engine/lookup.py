"""How a record is found by its name or its place in an order. Compiled.

By name: tables with open addressing (linear probing; Knuth 1973, 6.4), at most half full, whose
length is a power of two and whose records bear a `name` that is 0 where nobody stands. By order:
bisection in records that rise by person.
"""

from __future__ import annotations

import numpy as np

from sim.engine.kernel import inner, kernel
from sim.engine.prefetch import prefetch
from sim.streams import mix

NOBODY, ONE = np.uint64(0), np.uint64(1)


@inner
def entry_of(table, name):
    """Where a name stands in the table, or the free entry where it belongs."""
    mask = np.uint64(len(table) - 1)
    k = mix(name) & mask
    while table[k]["name"] != NOBODY and table[k]["name"] != name:
        k = (k + ONE) & mask
    return k


@inner
def ask_for_entry(table, name):
    """Have the entry of a name brought close."""
    prefetch(table, (mix(name) & np.uint64(len(table) - 1),))


@kernel
def copy_entries(old, new):
    """Enter everything in `old` into a larger, empty table."""
    for k in range(len(old)):
        if old[k]["name"] != NOBODY:
            new[entry_of(new, old[k]["name"])] = old[k]


@inner
def place_in_order(records, first, last, who):
    """Place of a person in records [first, last) that rise by person, or -1."""
    low, high = first, last
    while low < high:
        middle = (low + high) // 2
        if np.int64(records[middle]["who"]) < who:
            low = middle + 1
        else:
            high = middle
    return low if low < last and np.int64(records[low]["who"]) == who else -1
