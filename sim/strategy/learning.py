"""An adaptive posture's memory: what planned and reactive work have earned, as anybody could count.

Each Monday the tallies of all posts so far are added up by account and kind of work; what they
gained since last Monday is the week's return, whichever week the post is of. Nothing else is seen.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

import numpy as np

from sim.mechanisms import learning as laws
from sim.strategy.postures import Adaptive
from sim.strategy.view import View
from sim.vocabulary import POSTURES

PLANNED = POSTURES.index("proactive")
TALLY = {"shares": "n_shares", "views": "n_impressions"}


@dataclass
class Learner:
    """float64[n_accounts] leans, and the totals [n_accounts, 2] (reactive, planned) last seen."""

    posture: Adaptive
    ours: np.ndarray  # bool[n_accounts]: who learns
    lean: np.ndarray
    seen: np.ndarray | None = None  # None: nothing has been looked at yet

    def copy(self) -> Learner:
        """The same experience, for an arm that goes its own way from here."""
        twin = copy(self)
        twin.lean = self.lean.copy()
        return twin

    @property
    def planned(self) -> np.ndarray:
        """float64[n_accounts]: the planned share of the hours, as learnt so far."""
        return np.asarray(laws.planned_share(self.lean, self.posture.floor))

    def look_back(self, view: View, hours: np.ndarray, planned: np.ndarray) -> None:
        """Learn from the week that has ended, in which `planned` of the `hours` was planned."""
        totals = self._totals(view)
        gained = None if self.seen is None else totals - self.seen
        self.seen = totals
        if gained is None:
            return
        spent = np.column_stack([(1.0 - planned) * hours, planned * hours])
        if self.posture.per == "network":
            gained = np.broadcast_to(gained[self.ours].sum(axis=0), gained.shape)
            spent = np.broadcast_to(spent[self.ours].sum(axis=0), spent.shape)
        worked = spent.sum(axis=1)
        mean = gained.sum(axis=1) / np.where(worked > 0.0, worked, 1.0)
        reactive, ahead = (
            laws.cautious_return(gained[:, k], spent[:, k], mean, self.posture.caution_hours)
            for k in range(2)
        )
        self.lean = laws.next_lean(
            self.lean, self.posture.memory, self.posture.rate, laws.advantage(ahead, reactive)
        )

    def _totals(self, view: View) -> np.ndarray:
        """float64[n_accounts, 2]: what posts have earned so far, reactive and planned."""
        posts, n = view.posts, len(self.lean)
        kind = (posts["posture"] == PLANNED).astype(np.int64)
        place = 2 * posts["account"].astype(np.int64) + kind
        earned = posts[TALLY[self.posture.earns]].astype(np.float64)
        return np.bincount(place, earned, minlength=2 * n).reshape(n, 2)


def make_learner(posture: object, ours: np.ndarray) -> Learner | None:
    """A learner without experience, for a posture that learns."""
    if not isinstance(posture, Adaptive):
        return None
    lean = np.full(len(ours), laws.first_lean(posture.rho, posture.floor))
    return Learner(posture=posture, ours=ours, lean=lean)
