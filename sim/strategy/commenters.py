"""Replies: a share of the hours kept for answering people who comment.

What an hour of it buys is work.hours_per_answer; whom answers move, and how long people wait for
them, is in sim/mechanisms/comments. The hours are spent whether or not anybody comments.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.parameters import Parameters

PartOfHours = Annotated[float, Field(ge=0.0, le=0.15)]  # beside training and exchange


class NoReplies(Parameters):
    """Nobody who comments is answered."""

    kind: Literal["none"]

    @property
    def share(self) -> float:
        """Share of the hours."""
        return 0.0


class ShareReplies(Parameters):
    """A share of every account's hours goes into answering people who comment."""

    kind: Literal["share"]
    share: PartOfHours


Replies = Annotated[NoReplies | ShareReplies, Field(discriminator="kind")]
