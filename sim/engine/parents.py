"""Which post a post replies to: from the name of its parent to a row."""

from __future__ import annotations

import numpy as np

LONGEST_WAIT = 1_000.0  # hours between a post and a reply to it; later ones find no parent


def parent_rows(posts: np.ndarray, n_new: int, parents: np.ndarray) -> np.ndarray:
    """int64[n_new]: rows of the parents of the last n_new posts, -1 where there is none.

    posts: LIVE, sorted by hour, the new ones included; parents: uint64[n_new] keys, 0 for none."""
    found = np.full(n_new, -1)
    asking = np.flatnonzero(parents)
    if not len(asking):
        return found
    earliest = float(posts["hour"][len(posts) - n_new]) - LONGEST_WAIT
    first = int(np.searchsorted(posts["hour"], earliest))
    keys = posts["key"][first:]
    named, which = np.unique(parents[asking], return_inverse=True)  # few: the others stay unsorted
    places = np.minimum(np.searchsorted(named, keys), len(named) - 1)
    is_parent = np.flatnonzero(named[places] == keys)[::-1]  # the first of a name is written last
    rows = np.full(len(named), -1)
    rows[places[is_parent]] = is_parent + first
    found[asking] = rows[which]
    return found
