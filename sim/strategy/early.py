"""Pre-emption: what is prepared for a foreseen event goes out before the event.

An early post is the first frame of its event for whoever sees it, before anybody else can answer
(mechanisms/framing decides what that is worth). Its price: whoever writes before the event cannot
know whether the post will fit, so that what would have been dropped goes out as a blunder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim import streams
from sim.strategy.engagement import OwnFrame
from sim.vocabulary import OURS

if TYPE_CHECKING:
    from sim.strategy.policy import Policy
    from sim.world.accounts import Accounts

_EARLY = np.array([streams.EARLY], np.uint64)


class Early:
    """Which prepared posts come first, and by how much."""

    def __init__(self, policy: Policy, accounts: Accounts) -> None:
        chosen = policy.pre_emption
        self._share, self._lead = 0.0, 0.0
        if isinstance(chosen, OwnFrame):
            self._share, self._lead = chosen.share, chosen.lead_hours
        self._ours = np.asarray(accounts.sides) == OURS

    def chosen(self, rows: np.ndarray, keys: np.ndarray) -> np.ndarray:
        """bool per post: whether it goes out before its event."""
        if self._share == 0.0:
            return np.zeros(len(rows), np.bool_)
        return self._ours[rows] & (streams.uniform(streams.mix(keys ^ _EARLY)) < self._share)

    def hours(self, chosen: np.ndarray, events: np.ndarray, now: float) -> np.ndarray:
        """When each post goes out, its event's hour given."""
        return np.where(chosen, np.maximum(events - self._lead, now), events)
