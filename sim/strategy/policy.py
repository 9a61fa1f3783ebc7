"""A policy is what a ministry chooses: when and how its accounts post, and what that may cost.

    posture     when posts go out: rho of the posting hours are planned ahead (postures.py)
    tone        the mix over formal, informal, witty, sharp and cultural; shares add up to 1
    language    of the missions' posts: the table's mix, local, common or both (language.py)
    investment  staff hours per account and week, which may change during the run (investment.py)
    training, exchange   hours of these that go into skill instead of posts (training.py)
    clearance   who must agree before a post goes out (clearance.py)
    tone_cap    how sharp and how witty each rank may be (tone_cap.py)
    rebuttal, answering, sister_sharing, pre_emption   what it does about others' posts, and first
                (engagement.py)
    notification   whether a partner notifies citizens in a crisis (notification.py)
    repetition  messages said again and again (repeating.py)
    media, readability   stickers, plain words (wording.py)
    replies     hours for answering people who comment (commenters.py)
    crossposting   on which further platforms posts are copied (copying.py)
    tagging     whether posts join the tag that everybody uses, or launch one (tagging.py)

Each is a union of kinds, so that a further kind is one class here and one file in conf/. Everything
else in the configuration is the world, which is the same for every arm of a comparison.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field, field_validator, model_validator

from sim.errors import UserError
from sim.parameters import Parameters, Share
from sim.strategy.aspects import Aspect
from sim.strategy.clearance import Clearance
from sim.strategy.commenters import Replies
from sim.strategy.copying import Crossposting
from sim.strategy.engagement import (
    Answering,
    PreEmption,
    Rebuttal,
    SisterSharing,
    refuse_contradictions,
)
from sim.strategy.imitative import Imitate
from sim.strategy.investment import Investment
from sim.strategy.language import Language
from sim.strategy.notification import Notification
from sim.strategy.postures import Posture
from sim.strategy.repeating import Repetition
from sim.strategy.tagging import Tagging
from sim.strategy.tone_cap import ToneCap
from sim.strategy.training import Exchange, Training
from sim.strategy.wording import Media, Readability
from sim.vocabulary import TONES

MIX_TOLERANCE = 1e-6


class TableTone(Parameters):
    """Every account keeps the tone mix of its row in the network's table."""

    kind: Literal["table"]

    def mixes(self, table_mixes: np.ndarray) -> np.ndarray:
        """float64[n_accounts, 5]: the share of each tone, rows add up to 1."""
        return np.asarray(table_mixes, dtype=np.float64)


class MixTone(Parameters):
    """One mix for all accounts of the ministry, in the order of vocabulary.TONES."""

    kind: Literal["mix"]
    mix: tuple[Share, Share, Share, Share, Share]

    @field_validator("mix")
    @classmethod
    def _adds_up(cls, mix: tuple[float, ...]) -> tuple[float, ...]:
        if abs(sum(mix) - 1.0) > MIX_TOLERANCE:
            raise ValueError(f"the shares of {', '.join(TONES)} add up to {sum(mix):g}, not to 1")
        return mix

    def mixes(self, table_mixes: np.ndarray) -> np.ndarray:
        """float64[n_accounts, 5]: the share of each tone, rows add up to 1."""
        row = np.asarray(self.mix, dtype=np.float64) / sum(self.mix)
        return np.tile(row, (len(table_mixes), 1))


Tone = Annotated[TableTone | MixTone | Imitate, Field(discriminator="kind")]


class Policy(Parameters):
    """What one arm does; the only part of a configuration in which two arms may differ."""

    posture: Posture
    tone: Tone
    language: Language
    investment: Investment
    training: Training
    exchange: Exchange
    clearance: Clearance
    tone_cap: ToneCap
    rebuttal: Rebuttal
    answering: Answering
    sister_sharing: SisterSharing
    pre_emption: PreEmption
    notification: Notification
    repetition: Repetition
    media: Media
    readability: Readability
    replies: Replies
    crossposting: Crossposting
    tagging: Tagging
    hybrid: Hybrid | None = None  # no lever: set by task=why alone, never in a configuration

    @model_validator(mode="after")
    def _of_one_mind(self) -> Policy:
        refuse_contradictions(self)
        return self

    @model_validator(mode="after")
    def _says_something(self) -> Policy:
        if self.repetition.kind != "none" and self.posture.planned == 0.0:
            raise UserError(
                f"repetition={self.repetition.kind} repeats planned posts, and "
                f"posture={self.posture.kind} plans none: choose posture=table, mixed or "
                "proactive, or set repetition=none."
            )
        usual = {
            "media": "table", "readability": "table", "replies": "none", "crossposting": "none",
            "tagging": "none",
        }  # fmt: skip
        for name, neutral in usual.items():
            kind = getattr(self, name).kind
            if self.posture.is_silent and kind != neutral:
                raise UserError(
                    f"posture=silent publishes nothing, and {name}={kind} would need posts: choose "
                    f"another posture, or set {name}={neutral}."
                )
        return self


class Hybrid(Parameters):
    """What a policy takes from another one (aspects.py). alike: aspects in which they do not
    differ."""

    other: Policy
    taken: tuple[Aspect, ...]
    alike: tuple[Aspect, ...]


Policy.model_rebuild()
