"""Who hears a post: the accounts of a group in its market, or the whole group.

What an account says that speaks to every public (headquarters, officials, multilateral missions) is
heard everywhere; what the others say is heard where they are.
"""

from __future__ import annotations

import numpy as np

from sim.vocabulary import KINDS

SPEAKS_TO_ALL = tuple(KINDS.index(kind) for kind in ("headquarters", "multilateral", "official"))


class Ears:
    """The accounts of one group, by market: rows market by market, then all rows once more."""

    def __init__(self, members: np.ndarray, markets: np.ndarray, n_markets: int) -> None:
        rows = np.flatnonzero(members)
        by_market = rows[np.argsort(markets[rows], kind="stable")]
        counts = np.bincount(markets[rows], minlength=n_markets)
        self._rows = np.concatenate([by_market, rows])
        self._n = np.append(counts, len(rows))
        self._start = np.append(np.cumsum(counts) - counts, len(rows))

    def pairs(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(which of the places, row of a hearer), one line a pair.

        places: int64[n], a market each, or n_markets for everywhere."""
        n = self._n[places]
        which = np.repeat(np.arange(len(places)), n)
        within = np.arange(len(which)) - np.repeat(np.cumsum(n) - n, n)
        return which, self._rows[self._start[places[which]] + within]


def places_of(kinds: np.ndarray, markets: np.ndarray, n_markets: int) -> np.ndarray:
    """int64[n_accounts]: where the posts of each account are heard."""
    everywhere = np.isin(kinds, SPEAKS_TO_ALL)
    return np.where(everywhere, n_markets, np.asarray(markets, np.int64))
