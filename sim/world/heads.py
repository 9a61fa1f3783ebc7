"""Heads of mission: which missions have which of the typical problems (sim/mechanisms/heads).

Who has one is drawn by the account's name, the same in every world and under every policy; the
shares of the world say how many have it. The problems act on the columns of the table: tone mix,
shares of images and videos, share of posts in the local language, rhythm and use of hours.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim import streams
from sim.vocabulary import KINDS, TONES

if TYPE_CHECKING:
    from sim.mechanisms.heads import Heads
    from sim.world.accounts import Accounts

MISSIONS = (KINDS.index("mission"), KINDS.index("multilateral"))


def has(accounts: Accounts, problem: str, p: float) -> np.ndarray:
    """bool[n_accounts]: missions drawn to have a problem of this frequency; the more frequent, the
    more of the same ones."""
    stream = streams.subkey(np.asarray(accounts.hashes, np.uint64), streams.HEAD)
    who = np.full(len(stream), streams.name_hash("problem", problem), np.uint64)
    lots = streams.uniform(streams.draw(stream, who))
    return np.asarray(np.isin(accounts.kinds, MISSIONS) & (lots < p))


def disinterested(accounts: Accounts, heads: Heads) -> np.ndarray:
    """bool[n_accounts]: quiet missions whose head is not interested."""
    quiet = np.asarray(accounts.posts_per_week) <= heads.low_activity
    return has(accounts, "disinterest", heads.p_disinterested) & quiet


def with_problems(accounts: Accounts, heads: Heads) -> Accounts:
    """The accounts with the problems that their heads have; the same object where none has."""
    if heads.idle:
        return accounts
    formal = has(accounts, "formality", heads.p_formal)
    bare = has(accounts, "no visuals", heads.p_no_visuals)
    foreign = has(accounts, "wrong language", heads.p_common_language)
    only_formal = np.eye(len(TONES))[TONES.index("formal")]
    return replace(
        accounts,
        tone_mixes=np.where(formal[:, None], only_formal, accounts.tone_mixes),
        image_shares=np.where(bare, 0.0, accounts.image_shares),
        video_shares=np.where(bare, 0.0, accounts.video_shares),
        local_language_shares=np.where(foreign, 0.0, accounts.local_language_shares),
    )
