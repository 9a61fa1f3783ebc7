"""Tags as a policy: join the tag that everybody uses on a topic, or launch one's own.

    join    a share of the posts on events carries the common tag of their topic, at no cost
    launch  a share s of all posts carries the ministry's own tag of their topic; the hours of a
            post grow by the factor 1 + s (work.rel_hours_tag - 1), which at equal hours is quality

Which posts carry a tag is decided by a die of the post's own, so that a larger share tags the same
posts and more. Others' posts on events carry the common tag at the world's share (tags.p_others).
What a tag does is in sim/mechanisms/tags; nothing here looks at people. Limits: replies and
re-posts carry no tag; a policy joins or launches, not both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from sim import streams
from sim.mechanisms.tags import Tags
from sim.parameters import Parameters, Share
from sim.vocabulary import COMMON_TAG, OURS, OWN_TAG

if TYPE_CHECKING:
    from sim.mechanisms.tags import NoTags
    from sim.mechanisms.work import Work
    from sim.world.accounts import Accounts


class NoTagging(Parameters):
    """Posts carry no tags."""

    kind: Literal["none"]

    def rel_hours(self, work: Work) -> float:
        """Hours of a post over one without a tag."""
        return 1.0


class JoinTag(Parameters):
    """Posts on events join the common tag of their topic."""

    kind: Literal["join"]
    share: Share

    def rel_hours(self, work: Work) -> float:
        """Hours of a post over one without a tag."""
        return 1.0


class LaunchTag(Parameters):
    """Posts carry a tag of the ministry's own."""

    kind: Literal["launch"]
    share: Share

    def rel_hours(self, work: Work) -> float:
        """Hours of a post over one without a tag, in the mean over posts."""
        return 1.0 + self.share * (work.rel_hours_tag - 1.0)


Tagging = Annotated[NoTagging | JoinTag | LaunchTag, Field(discriminator="kind")]


class Tagger:
    """Puts tags on the posts of all accounts, in a world in which people look at them."""

    def __init__(self, policy: NoTagging | JoinTag | LaunchTag, tags: NoTags | Tags,
                 accounts: Accounts) -> None:  # fmt: skip
        self._on = isinstance(tags, Tags)
        ours, n = np.asarray(accounts.sides) == OURS, len(accounts.sides)
        joins = policy.share if isinstance(policy, JoinTag) else 0.0
        launches = policy.share if isinstance(policy, LaunchTag) else 0.0
        others = tags.p_others if isinstance(tags, Tags) else 0.0
        self._common = np.where(ours, joins, np.full(n, others))
        self._own = np.where(ours, launches, 0.0)

    def tagged(self, posts: np.ndarray) -> np.ndarray:
        """The POST rows, some of them with tags."""
        if not self._on or not len(posts):
            return posts
        die, rows = streams.uniform(streams.subkey(posts["key"], streams.TAGGED)), posts["account"]
        joins = (posts["event"] >= 0) & (die < self._common[rows])
        posts["tag"] = np.where(die < self._own[rows], OWN_TAG, np.where(joins, COMMON_TAG, 0))
        return posts
