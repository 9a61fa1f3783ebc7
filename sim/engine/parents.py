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
    order = np.argsort(keys, kind="stable")
    places = np.searchsorted(keys[order], parents[asking])
    rows = order[np.minimum(places, len(order) - 1)]
    known = keys[rows] == parents[asking]
    found[asking[known]] = rows[known] + first
    return found
