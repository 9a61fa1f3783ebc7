"""Copies of posts on further platforms, each a post of its own with the luck of its cause.

    key of a copy = subkey(key of the post, name of the platform)

so that the same message has the same name, and the same luck, wherever a policy puts it: a policy
that copies to Facebook meets there the readers' dice that any other copying policy meets. Topic,
tone, quality, time and blunders are those of the post; a platform that does not carry its medium
gets no copy. What a copy costs is in the price of every post of the account (sim/mechanisms/work):
the hours per copy, times the copies that a post of its mix of media has on average.

Rivals, allies and media copy everything or nothing, as the world says (platforms.others_copy).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim import streams
from sim.state import POST, joined, taken
from sim.vocabulary import MEDIA, OURS

if TYPE_CHECKING:
    from sim.mechanisms.work import Work
    from sim.strategy.policy import Policy
    from sim.world.accounts import Accounts

VIDEO = MEDIA.index("video")


@dataclass(frozen=True, kw_only=True)
class Venues:
    """Where accounts may post: is_there: bool[n_accounts, n_platforms]; first: uint8[n_accounts],
    the platform on which each posts first; carries: bool[n_platforms, 3], by medium; words:
    names of the platforms; others_copy: whether accounts that are not ours copy their posts."""

    is_there: np.ndarray
    first: np.ndarray
    carries: np.ndarray
    words: tuple[str, ...]
    others_copy: bool

    @classmethod
    def one(cls, n_accounts: int) -> Venues:
        """A world of one platform, which carries everything."""
        return cls(
            is_there=np.ones((n_accounts, 1), bool), first=np.zeros(n_accounts, np.uint8),
            carries=np.ones((1, len(MEDIA)), bool), words=("",), others_copy=False,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Copies:
    """copied: bool[n_accounts, n_platforms, 3], whether a post of this medium is copied there;
    hours: float64[n_accounts] per copy; fitting: uint8[n_accounts, 3], the medium that the
    account's first platform takes instead of one it does not carry."""

    copied: np.ndarray
    hours: np.ndarray
    fitting: np.ndarray
    first: np.ndarray
    names: np.ndarray

    def cost(self, image: np.ndarray, video: np.ndarray) -> np.ndarray:
        """float64[n_accounts]: hours that the copies of one post take on average."""
        shares = np.stack([1.0 - image - video, image, video], axis=-1)
        return np.asarray(self.hours * np.einsum("afm,am->a", self.copied, shares))

    def added_to(self, posts: np.ndarray) -> np.ndarray:
        """POST rows with their copies after them."""
        if len(self.names) == 1 or not len(posts):
            return posts
        posts["media"] = self.fitting[posts["account"], posts["media"]]
        rows, platforms = self.copied[posts["account"], :, posts["media"]].nonzero()
        copies = taken(posts, rows)
        copies["platform"] = platforms
        copies["key"] = streams.subkey(copies["key"], self.names[platforms])
        copies["hours"] = self.hours[copies["account"]]
        return joined([posts, copies], POST)


def make_copies(policy: Policy, work: Work, accounts: Accounts, venues: Venues) -> Copies:
    """What is copied where under one policy."""
    ours = np.asarray(accounts.sides) == OURS
    kind, named = policy.crossposting.kind, policy.crossposting.named()
    chosen = np.zeros((len(venues.words), len(MEDIA)), bool)
    if kind == "all":
        chosen[:] = True
    elif kind == "listed":
        chosen[[word in named for word in venues.words]] = True
    elif kind == "livestreams":
        chosen[:, VIDEO] = True
    by_side = np.where(ours[:, None, None], chosen, venues.others_copy)
    further = venues.is_there.copy()
    further[np.arange(len(ours)), venues.first] = False
    live = ours & (kind == "livestreams")
    return Copies(
        copied=further[:, :, None] & venues.carries[None] & by_side,
        hours=np.where(live, work.livestream_hours, work.crosspost_hours),
        fitting=_fitting(venues)[venues.first], first=venues.first,
        names=np.array([streams.name_hash("platform", word) for word in venues.words], np.uint64),
    )  # fmt: skip


def _fitting(venues: Venues) -> np.ndarray:
    """uint8[n_platforms, 3]: each medium, or the next richer one that the platform carries."""
    n = len(MEDIA)
    return np.array(
        [[next((m for m in range(medium, n) if carried[m]), medium) for medium in range(n)]
         for carried in venues.carries], np.uint8)  # fmt: skip
