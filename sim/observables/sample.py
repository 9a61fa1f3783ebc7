"""A sample: posts, their re-shares and their accounts, whether a run made them or the world did.

Posts stand sorted by account and re-shares by post, so that a sample of accounts is a list of
slices. An account drawn twice becomes two accounts. Columns that the data lack are simply absent:
whoever needs one says so (`Sample.column`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from sim.observables.observed import MissingError

Columns = Mapping[str, np.ndarray]
GIANT = 100_000  # followers from which a mission is the giant: one account outweighs the pool
STAR = 20_000  # followers above which an account is no ordinary mission
WORDS = {  # of a column, where it is missed
    "retweets": "the re-shares of each post",
    "likes": "the likes of each post",
    "followers": "the followers of the account of each post",
    "image": "whether a post has an image",
    "video": "whether a post has a video",
    "impressions": "the impressions of each post",
    "impressions_24h": "the impressions of each post within 24 hours",
    "half_life_hours": "the time until half of a post's impressions were made",
    "reach_share": "the part of the account's followers that a post reached",
}


@dataclass(frozen=True, kw_only=True)
class Sample:
    """account: int64[n_posts], rows of `accounts`, never falling
    posts: columns of equal length, re-shares called `retweets`
    shares: post (row of posts, never falling), lag_hours, depth; empty where not recorded
    accounts: followers (NaN: unknown), n_posts over all `days`, is_mission, is_ordinary, is_ours;
        followers before and after, and the days between (NaN: unknown; absent where no account's
        are known)
    users: activity of every user; empty where not recorded
    days: how long was looked, 0 where unknown;  named: whether posts are known by account
    controls: columns of posts that a regression holds constant
    caution: what limits every number, empty for data at one-to-one scale
    """

    account: np.ndarray
    posts: Columns
    accounts: Columns
    shares: Columns = field(default_factory=dict)
    users: np.ndarray = field(default_factory=lambda: np.zeros(0))
    days: float = 0.0
    named: bool = True
    controls: tuple[str, ...] = ()
    caution: str = ""
    why_no_shares: str = "re-shares are not recorded one by one"
    why_no_users: str = "no table of users' activity"

    @property
    def n_posts(self) -> int:
        return len(self.account)

    @property
    def n_accounts(self) -> int:
        return len(self.accounts["followers"])

    def column(self, name: str) -> np.ndarray:
        """A column of posts, or the reason why it is missed."""
        if self.n_posts == 0:
            raise MissingError("there are no original posts")
        if name not in self.posts:
            raise MissingError(f"the data do not say {WORDS.get(name, name)}")
        return np.asarray(self.posts[name])

    def slices(self, name: str) -> list[np.ndarray]:
        """A column of posts, account by account."""
        values = self.column(name)
        ends = np.cumsum(np.bincount(self.account, minlength=self.n_accounts))
        return np.split(values, ends[:-1])

    def only(self, column: str) -> Sample:
        """The accounts for which a column of `accounts` is true, and their posts."""
        return self.take(np.flatnonzero(self.accounts[column]))

    def take(self, rows: np.ndarray) -> Sample:
        """These accounts, repetitions included, with all their posts and re-shares."""
        n = np.bincount(self.account, minlength=self.n_accounts)
        start = np.cumsum(n) - n
        chosen = ranges(start[rows], n[rows])
        taken = self._posts(chosen)
        accounts = {name: values[rows] for name, values in self.accounts.items()}
        return replace(
            taken, account=np.repeat(np.arange(len(rows)), n[rows]), accounts=accounts
        )

    def thinned(self, chosen: np.ndarray) -> Sample:
        """Some of the posts, given by rising rows, with their re-shares; the accounts stay."""
        return replace(self._posts(chosen), account=self.account[chosen])

    def _posts(self, chosen: np.ndarray) -> Sample:
        posts = {name: values[chosen] for name, values in self.posts.items()}
        if not self.shares:
            return replace(self, posts=posts)
        n = np.bincount(self.shares["post"], minlength=self.n_posts)
        start = np.cumsum(n) - n
        rows = ranges(start[chosen], n[chosen])
        shares = {name: values[rows] for name, values in self.shares.items()}
        shares["post"] = np.repeat(np.arange(len(chosen)), n[chosen])
        return replace(self, posts=posts, shares=shares)


def ranges(starts: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """starts[0], starts[0] + 1, ... counts[0] of them, then those of the next."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(starts - (ends - counts), counts)
