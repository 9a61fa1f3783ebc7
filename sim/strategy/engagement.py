"""What the ministry does about the posts of others: correct, answer, pass on, come first.

    rebuttal         corrects inaccurate claims, from a share of the hours for answers
    answering        answers posts of the other side, in kind or in its own tone
    sister_sharing   passes posts of sister accounts and of allies on to its own followers
    pre_emption      says its own view of a foreseen event before it happens

The tested policy says what is accurate and corrects what is not. Anything else is no lever here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, field_validator

from sim.errors import UserError
from sim.parameters import NotNegative, Parameters, Positive, Share

if TYPE_CHECKING:
    from sim.strategy.policy import Policy

ONLY_INACCURATE = (
    "the policy rebuts inaccurate claims only: correcting accurate reporting would be publishing "
    "something false, which is no lever of an overt, attributed account. Set it to inaccurate"
)
ONLY_ACCURATE = (
    "the policy publishes accurate claims only: what misleads the public is no lever here, "
    "whatever it might reach. Set it to accurate"
)
FreeHours = Annotated[float, Field(gt=0.0, le=168.0)]


class NoRebuttal(Parameters):
    """Claims of others stand uncorrected."""

    kind: Literal["none"]


class Rebut(Parameters):
    """Inaccurate claims of others are corrected."""

    kind: Literal["rebut"]
    share: Share
    p: Share
    reply_hours: Positive
    reply_log_sd: NotNegative
    rebuts: str
    publishes: str

    @field_validator("rebuts")
    @classmethod
    def _no_attack_on_facts(cls, value: str) -> str:
        if value != "inaccurate":
            raise ValueError(ONLY_INACCURATE)
        return value

    @field_validator("publishes")
    @classmethod
    def _no_falsehood(cls, value: str) -> str:
        if value != "accurate":
            raise ValueError(ONLY_ACCURATE)
        return value


class NoAnswering(Parameters):
    """Events are answered, posts of others are not."""

    kind: Literal["none"]


class AnswerPosts(Parameters):
    """Posts of the other side are answered."""

    kind: Literal["posts"]
    share: Share
    p: Share
    reply_hours: Positive
    reply_log_sd: NotNegative
    share_in_kind: Share


class NoSharing(Parameters):
    """Nobody passes on what a sister account or an ally posted."""

    kind: Literal["none"]


class ShareSisters(Parameters):
    """Accounts pass posts of sister accounts and of allies on to their own followers."""

    kind: Literal["share"]
    share: Share
    p_sister: Share
    p_ally: Share
    reply_hours: Positive
    reply_log_sd: NotNegative


class NoPreEmption(Parameters):
    """What is prepared goes out when its event happens."""

    kind: Literal["none"]


class OwnFrame(Parameters):
    """What is prepared goes out before its event, as far as its date is known."""

    kind: Literal["own_frame"]
    share: Share
    lead_hours: FreeHours


Rebuttal = Annotated[NoRebuttal | Rebut, Field(discriminator="kind")]
Answering = Annotated[NoAnswering | AnswerPosts, Field(discriminator="kind")]
SisterSharing = Annotated[NoSharing | ShareSisters, Field(discriminator="kind")]
PreEmption = Annotated[NoPreEmption | OwnFrame, Field(discriminator="kind")]


def refuse_contradictions(policy: Policy) -> None:
    """A policy that asks for what its posture rules out is refused by name."""
    names = ("rebuttal", "answering", "sister_sharing", "pre_emption")
    asked = [f"{name}={getattr(policy, name).kind}" for name in names
             if getattr(policy, name).kind != "none"]  # fmt: skip
    if asked and policy.posture.is_silent:
        raise UserError(
            f"posture=silent publishes nothing, and {', '.join(asked)} would: choose another "
            f"posture, or set {asked[0].partition('=')[0]}=none."
        )
    if policy.pre_emption.kind != "none" and policy.posture.planned == 0.0:
        raise UserError(
            f"pre_emption={policy.pre_emption.kind} sends prepared posts ahead of their events, "
            f"and posture={policy.posture.kind} prepares none: choose posture=table, mixed or "
            "proactive, or set pre_emption=none."
        )
