"""Campaign tags: a way to be found beside the follower graph.

    U(t) = U(t0) 2^(-(t - t0) / half_life)       recent use of a tag; each post under it adds 1
    T    = U + public max(attention - 1, 0)      what a market sees of it: on the tag that everybody
                                                 uses on a topic, the public writes, too
    lookers  = share x people x T / (T + half_use)     of a market, those who care for the topic
    P(shown) = 1 / (1 + T / room)                of a looker: the newest posts of a tag come first
    P(hijack) = p x U / (U + prominent) x sd(favourability of the rival's market)

There are two tags for every topic: the *common* one, which trends with attention to the topic, and
the ministry's *own*, which has no public but the one that its use builds. Joining the common tag
lends attention in a crowd; launching one's own costs hours, and the first post under it is seen by
nobody. A tag is anybody's: a post of a rival on the topic that leans against the ministry may take
up the ministry's own tag, the sooner the more prominent the tag and the more divided the public;
whoever looks at the tag may then see it. Nobody's hours pay for that, and the post stays the same.

Sources: S0 (a tag launched and hijacked, a tag of others joined). Form and sizes are judgement: no
source counts people who look at tags. Limits: a tag has one use for the world, whatever the
language; on every platform a copy counts as one more use; replies and re-posts carry none, but for
hijacking answers; rivals launch no tags of their own.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field

from sim.law import law, power
from sim.parameters import NotNegative, Parameters, Positive, Share


class NoTags(Parameters):
    """`none`: nobody looks at tags."""

    kind: Literal["none"]


class Tags(Parameters):
    """`open`, `contested`: people look at tags (units in conf/tags)."""

    kind: Literal["open"]
    share_lookers: Share
    half_use: Positive
    room: Positive
    public_uses: NotNegative
    half_life_hours: Positive
    delay_hours: Positive
    p_others: Share
    p_hijack: Share
    prominent: Positive


WorldTags = Annotated[NoTags | Tags, Field(discriminator="kind")]


@law
def use_after(use, hours, half_life):
    """Recent use of a tag after so many hours without a post under it."""
    return use * power(2.0, -hours / half_life)


@law
def used_by_public(attention, public_uses):
    """Posts of the public under the common tag: none while attention rests at 1."""
    return public_uses * max(attention - 1.0, 0.0)


@law
def grown(use, half):
    """From 0 for an unused tag towards 1; one half at `half`."""
    return use / (use + half)


@law
def n_lookers(share, n_people, use, half, u):
    """People of a market who look at a tag, the fraction left over decided by a die."""
    return math.floor(share * n_people * grown(use, half) + u)


@law
def p_shown(use, room):
    """Chance that a looker comes upon one post among those under the tag."""
    return 1.0 / (1.0 + use / room)


@law
def p_hijack(p, use, prominent, polarisation):
    """Chance that a rival's post on the topic takes the tag up."""
    return p * grown(use, prominent) * polarisation
