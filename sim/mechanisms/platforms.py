"""Platforms: who is on them, and what one lets people do.

    P(on platform | market, age) = min(1, a(platform, market) x f(platform, age) x r(platform))
    die of a person = common draw with probability `overlap`, else a draw of the platform's own

a is a table (conf/platforms/adoption.csv), f a factor by age with mean near 1, r a level in doubt.
The die is uniform either way, so that every platform keeps its adoption, while people who are on
one are likelier to be on another: with overlap o two dice are the same draw with probability o^2.
Of online adults in the United States 79 % were on Facebook, but of those on Twitter 93 % (Pew
Research Center 2016, "Social Media Update 2016"). A die never changes with the parameters: raising
adoption adds people and removes nobody.

On a platform without re-sharing nobody passes a post on, and the loyal core has nothing to press;
likes are given, and a mocking answer is a comment that reaches nobody else's feed. Without replies
(a channel) there is no mocking answer either. The same message on two platforms is two posts of one
cause: luck is thrown anew on each (sim/strategy/crossposting.py), while people remember that they
have met the message (mechanisms/repetition).

Numbers over "the main platform's" are factors on what conf/people, conf/visibility and conf/sharing
say, which are Twitter's.

Limits: people keep their rank of activity on every platform; adoption does not move within a run;
re-shares need both ends of a tie on the platform and run over one graph for all platforms.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, field_validator, model_validator

from sim.law import law
from sim.mechanisms.ranking import BroadcastFeed, ChronologicalFeed, RankedFeed
from sim.parameters import NotNegative, Parameters, Positive, Share
from sim.streams import high32

MAX_PLATFORMS = 8  # what a person saw is one bit a platform in one byte: the main one and seven
TRIES = 16  # dice to find somebody on a platform that few are on; then nobody is found
NAMES_PARTED_BY = "+"
_LOW = np.uint64(0xFFFFFFFF)

Feed = Annotated[ChronologicalFeed | RankedFeed | BroadcastFeed, Field(discriminator="kind")]
ByMedium = tuple[NotNegative, NotNegative, NotNegative, NotNegative]  # vocabulary.MEDIA
ByAge = tuple[NotNegative, NotNegative, NotNegative, NotNegative]  # vocabulary.AGE_BANDS


@law
def membership_die(own, common, overlap):
    """The upper 32 bits of the draw that decides; overlap is a 32-bit threshold (uint64)."""
    return high32(common) if own & _LOW < overlap else high32(own)


class Platform(Parameters):
    """One platform: its name, the era it stands for, its feed, what it allows (conf/platform)."""

    name: str
    era: str
    feed: Feed
    resharing: bool
    replies_allowed: bool
    rel_visits: Positive
    rel_hours_findable: Positive
    rel_offered: Positive
    rel_sharing: Positive
    rel_media: ByMedium
    rel_adoption: Positive
    rel_ages: ByAge

    @model_validator(mode="before")
    @classmethod
    def _drop_question(cls, data: Any) -> Any:
        """The one-line question of a file is for the reader."""
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if key != "question"}

    def carries(self) -> np.ndarray:
        """bool[4]: whether a text, an image, a video, a sticker can be posted there at all."""
        return np.array(self.rel_media) > 0.0


class OnePlatform(Parameters):
    """Everybody is on the main platform, and there is no other."""

    kind: Literal["one"]
    others_copy: Literal[False] = False  # there is nowhere to copy to

    def beside(self, main: Platform) -> tuple[Platform, ...]:
        """The other platforms of the world."""
        return ()


class SeveralPlatforms(Parameters):
    """The main platform and others, each with the people who are on it."""

    kind: Literal["several"]
    used: str
    adoption: str
    overlap: Share
    others_copy: bool
    facebook: Platform
    instagram: Platform
    youtube: Platform
    telegram: Platform
    vk: Platform
    weibo: Platform
    generic: Platform

    def beside(self, main: Platform) -> tuple[Platform, ...]:
        """The other platforms of the world, in the order in which `used` names them."""
        return tuple(getattr(self, name) for name in self.used.split(NAMES_PARTED_BY))

    @field_validator("used")
    @classmethod
    def _known(cls, used: str) -> str:
        known = [name for name, one in cls.model_fields.items() if one.annotation is Platform]
        names = [name.strip().lower() for name in used.split(NAMES_PARTED_BY)]
        for name in names:
            if name not in known:
                raise ValueError(f"'{name}' is no platform here; name some of "
                                 f"{', '.join(known)}, joined by +")  # fmt: skip
        if len(set(names)) < len(names):
            raise ValueError("name each platform once")
        return NAMES_PARTED_BY.join(names)


Platforms = Annotated[OnePlatform | SeveralPlatforms, Field(discriminator="kind")]
