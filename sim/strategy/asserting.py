"""What posts assert: an accuracy that is declared, by the key of the post and nothing else.

Posts on events assert something. The ministry's are accurate, but for those written in haste and
wrong; of the others a share is inaccurate (rivals.*.share_inaccurate). Corrections are accurate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.streams import CLAIM, mix, uniform
from sim.vocabulary import (
    ACCURATE,
    AMPLIFICATION,
    CORRECTION,
    INACCURATE,
    KINDS,
    POSTURES,
)

if TYPE_CHECKING:
    from sim.mechanisms.rivals import Rivals
    from sim.world.accounts import Accounts

REACTIVE = POSTURES.index("reactive")
_CLAIM = np.array([CLAIM], np.uint64)


def shares_inaccurate(rivals: Rivals, accounts: Accounts) -> np.ndarray:
    """float64[n_accounts]: the share of the posts on events that assert what is not so."""
    by_kind = [getattr(getattr(rivals, kind, None), "share_inaccurate", 0.0) for kind in KINDS]
    return np.array(by_kind)[np.asarray(accounts.kinds)]


def with_claims(posts: np.ndarray, share_inaccurate: np.ndarray) -> np.ndarray:
    """The same posts with the accuracy of what they assert."""
    asserts = (posts["event"] >= 0) & (posts["kind"] != AMPLIFICATION)
    slip = (posts["blunder"] == 1) & (posts["posture"] == REACTIVE)
    dice = uniform(mix(posts["key"] ^ _CLAIM))
    wrong = (dice < share_inaccurate[posts["account"]]) | slip
    wrong &= posts["kind"] != CORRECTION
    marked = posts.copy()
    marked["claim"] = np.where(asserts, np.where(wrong, INACCURATE, ACCURATE), 0)
    return marked
