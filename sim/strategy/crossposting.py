"""Copies of posts on further platforms, each a post of its own with the luck of its cause.

    key of a copy = subkey(key of the post, name of the platform)

so that the same message has the same name, and the same luck, wherever a policy puts it: a policy
that copies to Facebook meets there the readers' dice that any other copying policy meets. Topic,
tone, quality, time, blunders and claims are those of the post; a platform that does not carry its
medium gets no copy. Post and copies are one message: whoever meets it on two platforms has met it
twice (mechanisms/repetition). What a copy costs is in the price of every post of the account
(sim/mechanisms/work): the hours per copy, times the copies that a post of its mix of media has on
average.
Limit: where imitation changes the mix of media, copies keep the price of the mix before it.

Rivals, allies and media copy everything or nothing, as the world says (platforms.others_copy).
Replies and re-posts are not copied: each belongs to what it replies to or passes on. Accounts hear
a message once, and take up the first of its versions that stands where they are and may do so: an
answer to a message that they meet nowhere goes out on their own first platform, a re-post not at
all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim import streams
from sim.state import POST, joined, taken
from sim.vocabulary import COPY, MEDIA, OURS

if TYPE_CHECKING:
    from sim.mechanisms.work import Work
    from sim.strategy.policy import Policy
    from sim.world.accounts import Accounts

VIDEO = MEDIA.index("video")
RICHER = ((0, 1, 2), (1, 2), (2,), (3, 1, 2))  # by medium: what is posted where it is not carried


@dataclass(frozen=True, kw_only=True)
class Venues:
    """Where accounts may post: is_there: bool[n_accounts, n_platforms]; first: uint8[n_accounts],
    the platform on which each posts first; carries: bool[n_platforms, 4], by medium; reshares,
    replies: bool[n_platforms], what people may do there; words: names of the platforms;
    others_copy: whether accounts that are not ours copy their posts."""

    is_there: np.ndarray
    first: np.ndarray
    carries: np.ndarray
    reshares: np.ndarray
    replies: np.ndarray
    words: tuple[str, ...]
    others_copy: bool

    @classmethod
    def one(cls, n_accounts: int) -> Venues:
        """A world of one platform, which carries everything."""
        return cls(
            is_there=np.ones((n_accounts, 1), bool), first=np.zeros(n_accounts, np.uint8),
            carries=np.ones((1, len(MEDIA)), bool), reshares=np.ones(1, bool),
            replies=np.ones(1, bool), words=("",), others_copy=False,
        )  # fmt: skip

    @property
    def several(self) -> bool:
        """Whether there is more than one platform."""
        return len(self.words) > 1

    def fitting(self, posts: np.ndarray) -> np.ndarray:
        """uint8 per POST row: its medium, or the next richer one that its platform carries."""
        return np.asarray(self._richer[posts["platform"], posts["media"]])

    @cached_property
    def _richer(self) -> np.ndarray:
        """uint8[n_platforms, 4]: each medium, or the next richer one that the platform carries."""
        return np.array(
            [[next((m for m in richer if carried[m]), richer[0]) for richer in RICHER]
             for carried in self.carries], np.uint8)  # fmt: skip


class Said:
    """The posts of an hour as messages: each has versions, one a platform at most."""

    def __init__(self, posts: np.ndarray, venues: Venues) -> None:
        self._posts, self._venues = posts, venues
        names = np.where(posts["kind"] == COPY, posts["parent"], posts["key"])
        self._names, message = np.unique(names, return_inverse=True)
        self._rows = np.full((len(self._names), len(venues.words)), -1)
        self._rows[message, posts["platform"]] = np.arange(len(posts))

    def met_by(self, accounts: np.ndarray, messages: np.ndarray, allowed: np.ndarray
               ) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
        """(POST rows: the version of each message (POST rows) that this account takes up, bool:
        whether there is one); allowed: bool[n_platforms]."""
        versions = self._rows[np.searchsorted(self._names, messages["key"])]
        open_to = (versions >= 0) & self._venues.is_there[accounts] & allowed
        found, first = open_to.any(axis=1), open_to.argmax(axis=1)
        rows = versions[np.arange(len(accounts)), first]
        return taken(self._posts, np.where(found, rows, 0)), found


@dataclass(frozen=True, kw_only=True)
class Copies:
    """copied: bool[n_accounts, n_platforms, 4], whether a post of this medium is copied there;
    hours: float64[n_accounts] per copy; names: uint64[n_platforms]."""

    venues: Venues
    copied: np.ndarray
    hours: np.ndarray
    names: np.ndarray

    def cost(self, image: np.ndarray, video: np.ndarray, sticker: np.ndarray) -> np.ndarray:
        """float64[n_accounts]: hours that the copies of one post take on average."""
        if not self.copied.any():
            return np.zeros(len(image))
        shares = np.stack([1.0 - image - video - sticker, image, video, sticker], axis=-1)
        return np.asarray(self.hours * np.einsum("afm,am->a", self.copied, shares))

    def added_to(self, posts: np.ndarray) -> np.ndarray:
        """POST rows with their copies after them."""
        if not self.venues.several or not len(posts):
            return posts
        posts["media"] = self.venues.fitting(posts)
        rows, platforms = self.copied[posts["account"], :, posts["media"]].nonzero()
        if not len(rows):
            return posts
        said = np.unique(rows)
        silent = said[posts["message"][said] == 0]
        posts["message"][silent] = posts["key"][silent]
        copies = taken(posts, rows)
        copies["platform"], copies["kind"] = platforms, COPY
        copies["parent"] = copies["key"]
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
        hours=np.where(live, work.livestream_hours, work.crosspost_hours), venues=venues,
        names=np.array([streams.name_hash("platform", word) for word in venues.words], np.uint64),
    )  # fmt: skip
