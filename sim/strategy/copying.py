"""Which posts are copied to which further platforms: what a policy may choose.

    none         each account posts on its first platform only
    all          every post also on all its other platforms that carry its medium
    listed       every post also on the platforms named
    livestreams  videos only, live on all its platforms at once, at a price of their own

What a copy is, and what it costs, is in crossposting.py. Nothing here looks at people.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.parameters import Parameters


class _Crossposting(Parameters):
    """What ways of copying posts to further platforms have in common."""

    def named(self) -> tuple[str, ...]:
        """Platforms that the policy names."""
        return ()


class NoCrossposting(_Crossposting):
    """Each account posts on its first platform only."""

    kind: Literal["none"]


class CrosspostAll(_Crossposting):
    """Every post on every platform where the account is and that carries its medium."""

    kind: Literal["all"]


class CrosspostListed(_Crossposting):
    """Every post also on the platforms named, where the account is on them."""

    kind: Literal["listed"]
    platforms: str

    def named(self) -> tuple[str, ...]:
        return tuple(name.strip() for name in self.platforms.split("+"))


class Livestreams(_Crossposting):
    """Videos live on all platforms of the account at once; other posts on the first only."""

    kind: Literal["livestreams"]


Crossposting = Annotated[
    NoCrossposting | CrosspostAll | CrosspostListed | Livestreams, Field(discriminator="kind")
]
