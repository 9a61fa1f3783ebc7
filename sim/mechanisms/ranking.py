"""The feed: chronological, ranked, a mix of people with one and the other, or a broadcast.

In a ranked feed a post stays findable longer (`rel_findable`), and is offered in proportion to

    weight = media x affinity x ((reactions + 1) / (reactions expected by now + 1)) ^ gamma

cut to [1 / max_boost, max_boost]; engagement of viewers (the core apart) is taken as an hour
begins and holds for that hour. The engine draws candidates with the largest weight at broadcast and
decides at the moment of the view, when the early engagement is known (thinning: exact, since the
weight never exceeds its bound).

`feed` gives all platforms one kind of feed in place of their own; broadcasts stay what they are,
since a channel has no feed to rank.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.law import law, power
from sim.parameters import NotNegative, Parameters, Positive, Share


class ChronologicalFeed(Parameters):
    """Newest first, for everybody."""

    kind: Literal["chronological"]


class BroadcastFeed(Parameters):
    """A channel: every post is pushed to every subscriber, newest first."""

    kind: Literal["broadcast"]


class RankedFeed(Parameters):
    """Engagement first, for a share of the people (1: everybody)."""

    kind: Literal["ranked"]
    share_ranked: Share
    rel_findable: Positive
    gamma: NotNegative
    max_boost: Positive
    rel_image: Positive
    rel_video: Positive
    affinity_gain: NotNegative


class OwnFeed(Parameters):
    """Every platform has its own feed."""

    kind: Literal["platform"]


OneFeed = Annotated[OwnFeed | ChronologicalFeed | RankedFeed, Field(discriminator="kind")]


@law
def standing(n_reactions, n_impressions, p_react, gamma, media):
    """How a ranked feed rates a post, whoever reads; reactions are compared with p_react a view."""
    surprise = (n_reactions + 1.0) / (n_impressions * p_react + 1.0)
    return media * power(surprise, gamma)


@law
def rank_weight(post_standing, affinity, max_boost):
    """How a ranked feed weighs a post for one reader."""
    return min(max(post_standing * affinity, 1.0 / max_boost), max_boost)


@law
def affinity(is_interested, share_interested, gain):
    """More of what one cares about; mean 1 over people."""
    if is_interested:
        return 1.0 + gain * (1.0 - share_interested)
    return 1.0 - gain * share_interested
